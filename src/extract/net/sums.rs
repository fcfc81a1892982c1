//! The sums that reading is made of, each in one fixed order, so that processors with wide registers and narrow ones give the
//! same bits.

/// Numbers that one step of [`add_times`] sums side by side; every table has a multiple of them as columns. Fewer wait for one
/// another: a fused sum takes four steps of the processor, and it begins two of eight numbers in each.
pub(in crate::extract) const LANES: usize = 64;

/// Adds `x` times a table (as many rows as `x` has numbers) to `out`.
#[inline(always)]
pub(in crate::extract) fn add_times(x: &[f32], table: &[f32], out: &mut [f32]) {
    let columns = out.len();
    let (parts, _) = out.as_chunks_mut::<LANES>();
    for (n, part) in parts.iter_mut().enumerate() {
        let mut sums = *part;
        for (i, x) in x.iter().enumerate() {
            let (row, _) = table[i * columns + n * LANES..].as_chunks::<LANES>();
            for lane in 0..LANES {
                sums[lane] = x.mul_add(row[0][lane], sums[lane]);
            }
        }
        *part = sums;
    }
}

/// A table read row by row or, turned round, column by column: `rows` rows of which the numbers to be multiplied stand `step`
/// apart.
#[derive(Clone, Copy)]
pub(in crate::extract) struct Rows<'a> {
    numbers: &'a [f32],
    apart: usize,
    step: usize,
    rows: usize,
    inner: usize,
}

impl<'a> Rows<'a> {
    /// Rows of `inner` numbers, one after the other.
    pub(in crate::extract) fn new(numbers: &'a [f32], inner: usize) -> Self {
        Rows { numbers, apart: inner, step: 1, rows: numbers.len() / inner, inner }
    }

    /// The columns of rows of `columns` numbers.
    pub(in crate::extract) fn turned(numbers: &'a [f32], columns: usize) -> Self {
        Rows { numbers, apart: 1, step: columns, rows: columns, inner: numbers.len() / columns }
    }

    #[inline(always)]
    fn at(&self, row: usize, i: usize) -> f32 {
        self.numbers[row * self.apart + i * self.step]
    }
}

/// Numbers of a row that are summed side by side in [`add_product`].
const WIDE: usize = 16;

/// Adds the product of two tables to `out`, each number's terms in the order of the rows of `table`.
///
/// Four rows are multiplied at once, so that a row of the table is fetched once for all of them.
#[inline(always)]
pub(in crate::extract) fn add_product(left: Rows<'_>, table: &[f32], out: &mut [f32]) {
    if left.rows == 0 {
        return;
    }
    let columns = out.len() / left.rows;
    for at in (0..columns).step_by(WIDE) {
        for first in (0..left.rows).step_by(4) {
            // What is left over of fewer than four rows is summed more than once and kept once.
            let last = left.rows - 1;
            let rows = [first, (first + 1).min(last), (first + 2).min(last), (first + 3).min(last)];
            let mut a = lanes(out, rows[0] * columns + at);
            let mut b = lanes(out, rows[1] * columns + at);
            let mut c = lanes(out, rows[2] * columns + at);
            let mut d = lanes(out, rows[3] * columns + at);
            for i in 0..left.inner {
                let row = lanes(table, i * columns + at);
                step(&mut a, left.at(rows[0], i), &row);
                step(&mut b, left.at(rows[1], i), &row);
                step(&mut c, left.at(rows[2], i), &row);
                step(&mut d, left.at(rows[3], i), &row);
            }
            keep(&a, out, rows[0] * columns + at);
            keep(&b, out, rows[1] * columns + at);
            keep(&c, out, rows[2] * columns + at);
            keep(&d, out, rows[3] * columns + at);
        }
    }
}

#[inline(always)]
fn lanes(numbers: &[f32], at: usize) -> [f32; WIDE] {
    let mut out = [0f32; WIDE];
    out.copy_from_slice(&numbers[at..at + WIDE]);
    out
}

#[inline(always)]
fn keep(sums: &[f32; WIDE], out: &mut [f32], at: usize) {
    out[at..at + WIDE].copy_from_slice(sums);
}

#[inline(always)]
fn step(sums: &mut [f32; WIDE], x: f32, row: &[f32; WIDE]) {
    for lane in 0..WIDE {
        sums[lane] = x.mul_add(row[lane], sums[lane]);
    }
}

#[inline(always)]
pub(in crate::extract) fn add(out: &mut [f32], x: &[f32]) {
    for (out, x) in out.iter_mut().zip(x) {
        *out += x;
    }
}

/// Returns e to the power of `x`, within a few millionths of it: 2 to the power of a whole number times a polynomial over the
/// rest. The standard library's differs between machines in the last bit and goes number by number.
#[inline(always)]
fn exp(x: f32) -> f32 {
    // Added, it leaves the whole part in the lowest bits.
    const WHOLE: f32 = 12_582_912.0;
    let x = x.clamp(-80.0, 80.0) * std::f32::consts::LOG2_E;
    let shifted = x + WHOLE;
    let rest = x - (shifted - WHOLE);
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(127 << 23));
    let fifth = 0.009_618_129 + rest * 0.001_333_355_8;
    let fourth = 0.055_504_11 + rest * fifth;
    let third = 0.240_226_5 + rest * fourth;
    power * (1.0 + rest * (std::f32::consts::LN_2 + rest * third))
}

#[inline(always)]
pub(super) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

#[inline(always)]
pub(in crate::extract) fn tanh(x: f32) -> f32 {
    2.0 * sigmoid(2.0 * x) - 1.0
}

#[cfg(test)]
mod tests {
    use super::{Rows, add_product, add_times, exp};

    #[test]
    fn the_exponential_is_right_to_a_few_millionths() {
        for n in -800..=800 {
            let x = n as f32 / 10.0;
            let error = (exp(x) / x.exp() - 1.0).abs();
            assert!(error < 4e-6 + 2e-7 * x.abs(), "{x}: {error}");
        }
    }

    #[test]
    fn a_product_of_tables_is_that_of_their_rows() {
        let number = |i: usize| ((i * 7_919) % 1_009) as f32 / 1_009.0 - 0.5;
        let left: Vec<f32> = (0..8 * 5).map(number).collect();
        let table: Vec<f32> = (0..5 * 64).map(|i| number(i + 3)).collect();
        let mut by_row = vec![0.25; 8 * 64];
        for (row, out) in left.chunks(5).zip(by_row.chunks_mut(64)) {
            add_times(row, &table, out);
        }
        let mut at_once = vec![0.25; 8 * 64];
        add_product(Rows::new(&left, 5), &table, &mut at_once);
        assert_eq!(at_once, by_row);
        let columns: Vec<f32> = (0..5 * 8).map(|i| left[i % 8 * 5 + i / 8]).collect();
        at_once.fill(0.25);
        add_product(Rows::turned(&columns, 8), &table, &mut at_once);
        assert_eq!(at_once, by_row);
    }
}
