/// Returns the one-to-one matching of `n` rows and `m` columns with the greatest total weight, as pairs (row, column).
///
/// A pair whose weight is not above 0 is never made. The Hungarian method on a square padded so that every row and
/// column may stay alone; O((n+m)³), a few dozen rows in practice. Ties fall as in the reference scorer.
pub(super) fn assign(
    n: usize,
    m: usize,
    weight: impl Fn(usize, usize) -> f64,
) -> Vec<(usize, usize)> {
    if n == 0 || m == 0 {
        return Vec::new();
    }
    let size = n + m;
    let cost = |i: usize, j: usize| if i < n && j < m { -weight(i, j) } else { 0.0 };
    let costs: Vec<Vec<f64>> = (0..size).map(|i| (0..size).map(|j| cost(i, j)).collect()).collect();
    let mut row_potential = vec![0.0f64; size + 1];
    let mut column_potential = vec![0.0f64; size + 1];
    let mut way = vec![0usize; size + 1];
    let mut row_of = vec![0usize; size + 1];
    // Rows and columns count from 1; 0 stands for "none yet".
    for i in 1..=size {
        row_of[0] = i;
        let mut column = 0;
        let mut least = vec![f64::INFINITY; size + 1];
        let mut used = vec![false; size + 1];
        loop {
            used[column] = true;
            let row = row_of[column];
            let mut delta = f64::INFINITY;
            let mut next = 0;
            for j in 1..=size {
                if used[j] {
                    continue;
                }
                let reduced = costs[row - 1][j - 1] - row_potential[row] - column_potential[j];
                if reduced < least[j] {
                    least[j] = reduced;
                    way[j] = column;
                }
                if least[j] < delta {
                    delta = least[j];
                    next = j;
                }
            }
            for j in 0..=size {
                if used[j] {
                    row_potential[row_of[j]] += delta;
                    column_potential[j] -= delta;
                } else {
                    least[j] -= delta;
                }
            }
            column = next;
            if row_of[column] == 0 {
                break;
            }
        }
        while column != 0 {
            row_of[column] = row_of[way[column]];
            column = way[column];
        }
    }
    (1..=m)
        .filter(|&j| row_of[j] >= 1 && row_of[j] - 1 < n && weight(row_of[j] - 1, j - 1) > 0.0)
        .map(|j| (row_of[j] - 1, j - 1))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::assign;

    #[test]
    fn the_total_counts_not_the_best_pair() {
        let weights = [[3.0, 2.0], [2.0, 0.0]];
        assert_eq!(assign(2, 2, |i, j| weights[i][j]), [(1, 0), (0, 1)]);
        assert_eq!(assign(1, 2, |_, j| [0.0, -1.0][j]), []);
    }
}
