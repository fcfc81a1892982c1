//! Gradient descent for the nets: Adam (Kingma & Ba 2015) with decoupled decay (Loshchilov & Hutter 2019), lessons in a fixed
//! pseudo-random order, every sum in a fixed order.

use crate::extract::linear::shuffle;
use crate::extract::net::layout::{
    ANCHOR, BLOCKS, Block, CELLS, INPUT, LSTM, MARK, MENTION, NEAR_PERSON, NO_ANCHOR, NO_PERSON,
    PARAMETERS, PERSON, PLACE, READ, SPOT_FIRST, SPOT_LAST, SPOT_LENGTH, SPOT_LSTM, SPOT_MARK,
};
use crate::extract::net::lstm::Pass;
#[cfg(test)]
use crate::extract::net::reader::Meaning;
use crate::extract::net::reader::{TokenInput, embed, mean, read, vectors};
use crate::extract::net::sums::{Rows, add, add_product, add_times, tanh};
use crate::lang::WORD_VECTOR;
use pulp::{Simd, WithSimd};
use std::ops::Range;

/// Lessons between two steps.
const BATCH: usize = 4;
const RATE: f32 = 2e-3;
const DECAY: f32 = 0.01;
/// Share of numbers left out at random while training.
const DROPOUT: f32 = 0.3;
/// Share of words whose meaning is left out: in other articles there are words that are in no list.
const UNKNOWN: f32 = 0.15;

/// Xorshift64.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 40) as f32 / (1u64 << 24) as f32
    }

    /// Leaves numbers out at random; returns by how much each was multiplied.
    pub(super) fn drop_out(&mut self, numbers: &mut [f32]) -> Vec<f32> {
        let kept = 1.0 / (1.0 - DROPOUT);
        let mask: Vec<f32> =
            numbers.iter().map(|_| if self.next() < DROPOUT { 0.0 } else { kept }).collect();
        multiply(numbers, &mask);
        mask
    }
}

pub(super) fn multiply(numbers: &mut [f32], by: &[f32]) {
    for (x, by) in numbers.iter_mut().zip(by) {
        *x *= by;
    }
}

/// Adds the product of a column and a row to a table.
#[inline(always)]
pub(super) fn add_outer(column: &[f32], row: &[f32], table: &mut [f32]) {
    let columns = row.len();
    for (i, x) in column.iter().enumerate() {
        let line = &mut table[i * columns..(i + 1) * columns];
        for j in 0..columns {
            line[j] += x * row[j];
        }
    }
}

/// The parameters with every table that gradients pass through turned round.
pub(super) struct Turned(Vec<f32>);

impl Turned {
    pub(super) fn new(parameters: &[f32], range: &Range<usize>) -> Self {
        let mut out = Turned(vec![0.0; PARAMETERS]);
        out.turn(parameters, range);
        out
    }

    /// Turns the tables of `range` anew.
    fn turn(&mut self, parameters: &[f32], range: &Range<usize>) {
        let out = &mut self.0;
        let inner = LSTM.iter().chain(&SPOT_LSTM).flat_map(|l| &l[..2]);
        let outer =
            [ANCHOR, PERSON, MENTION, NO_ANCHOR, NO_PERSON, NEAR_PERSON, SPOT_FIRST, SPOT_LAST];
        for block in inner.chain(&outer).filter(|b| range.contains(&b.at)) {
            let table = block.of(parameters);
            for r in 0..block.rows {
                for c in 0..block.columns {
                    out[block.at + c * block.rows + r] = table[r * block.columns + c];
                }
            }
        }
    }

    /// Adds the gradient of what went into a table, given that of what came out.
    #[inline(always)]
    pub(super) fn add(&self, block: Block, gradient: &[f32], out: &mut [f32]) {
        add_times(gradient, block.of(&self.0), out);
    }

    /// Adds the gradients of the rows that went into a table, given those of the rows that came out.
    #[inline(always)]
    pub(super) fn add_rows(&self, block: Block, gradients: &[f32], out: &mut [f32]) {
        add_product(Rows::new(gradients, block.columns), block.of(&self.0), out);
    }
}

/// Adds the gradients of one LSTM's tables and of its inputs, given those of what it showed.
#[inline(always)]
fn pass_back(
    ([input, recurrence, bias], backwards): ([Block; 3], bool),
    turned: &Turned,
    inputs: &[f32],
    pass: &Pass,
    shown: &[f32],
    gradients: &mut [f32],
    dx: &mut [f32],
) {
    let tokens = inputs.len() / INPUT;
    let mut all = vec![0f32; tokens * 4 * CELLS];
    let mut dh = [0f32; CELLS];
    let mut dc = [0f32; CELLS];
    for step in (0..tokens).rev() {
        let t = if backwards { tokens - 1 - step } else { step };
        let before = (step > 0).then(|| if backwards { t + 1 } else { t - 1 });
        add(&mut dh, &shown[t * CELLS..][..CELLS]);
        let g = &pass.gates[t * 4 * CELLS..][..4 * CELLS];
        let d = &mut all[t * 4 * CELLS..][..4 * CELLS];
        for i in 0..CELLS {
            let (enter, forget, out, new) =
                (g[i], g[CELLS + i], g[2 * CELLS + i], g[3 * CELLS + i]);
            let cell = tanh(pass.cells[t * CELLS + i]);
            let old = before.map_or(0.0, |b| pass.cells[b * CELLS + i]);
            let dcell = dc[i] + dh[i] * out * (1.0 - cell * cell);
            d[i] = dcell * new * enter * (1.0 - enter);
            d[CELLS + i] = dcell * old * forget * (1.0 - forget);
            d[2 * CELLS + i] = dh[i] * cell * out * (1.0 - out);
            d[3 * CELLS + i] = dcell * enter * (1.0 - new * new);
            dc[i] = dcell * forget;
        }
        dh = [0.0; CELLS];
        if before.is_some() {
            turned.add(recurrence, d, &mut dh);
        }
    }
    for d in all.chunks_exact(4 * CELLS) {
        add(bias.of_mut(gradients), d);
    }
    add_product(Rows::turned(inputs, INPUT), &all, input.of_mut(gradients));
    turned.add_rows(input, &all, dx);
    // What each token found shown, beside its own gradients.
    let (last, width) = (tokens.saturating_sub(1), 4 * CELLS);
    let (found, own) = if backwards {
        (&pass.shown[tokens.min(1) * CELLS..], &all[..last * width])
    } else {
        (&pass.shown[..last * CELLS], &all[tokens.min(1) * width..])
    };
    add_product(Rows::turned(found, CELLS), own, recurrence.of_mut(gradients));
}

/// The tables through which a net reads tokens: those of words and of marks, then its LSTMs.
#[derive(Clone, Copy)]
pub(super) struct Tables {
    pub(super) embedding: [Block; 2],
    pub(super) lstm: [[Block; 3]; 2],
}

/// An article read while learning: as by the net itself, some of it left out at random.
pub(super) struct Study<'l> {
    tables: Tables,
    tokens: &'l [TokenInput],
    known: Vec<bool>,
    inputs: Vec<f32>,
    mask: Vec<f32>,
    passes: [Pass; 2],
    /// Gradients of the inputs, and of what each LSTM showed.
    back: Vec<f32>,
    back_shown: [Vec<f32>; 2],
}

impl<'l> Study<'l> {
    #[inline(always)]
    pub(super) fn new(
        tables: Tables,
        tokens: &'l [TokenInput],
        parameters: &[f32],
        random: &mut Random,
    ) -> Self {
        let known: Vec<bool> = tokens.iter().map(|_| random.next() >= UNKNOWN).collect();
        let mut inputs = embed(parameters, tables.embedding, tokens, &|t| known[t]);
        let mask = random.drop_out(&mut inputs);
        let passes = read(parameters, tables.lstm, &inputs);
        let back = vec![0.0; inputs.len()];
        let back_shown = [vec![0.0; tokens.len() * CELLS], vec![0.0; tokens.len() * CELLS]];
        Study { tables, tokens, known, inputs, mask, passes, back, back_shown }
    }

    /// Returns what stands for some words, as [`mean`] does.
    #[inline(always)]
    pub(super) fn mean(&self, words: &Range<usize>) -> [f32; READ] {
        mean(&self.inputs, &self.passes, words)
    }

    /// Takes the gradient of what stands for one token, or its share in that of some words.
    #[inline(always)]
    pub(super) fn add_back(&mut self, token: usize, gradient: &[f32]) {
        let [forth, back] = &mut self.back_shown;
        add(&mut forth[token * CELLS..][..CELLS], &gradient[..CELLS]);
        add(&mut back[token * CELLS..][..CELLS], &gradient[CELLS..2 * CELLS]);
        add(&mut self.back[token * INPUT..][..INPUT], &gradient[2 * CELLS..]);
    }

    /// Adds the gradients of the tables, all those of what stands for tokens having been taken.
    #[inline(always)]
    pub(super) fn finish(mut self, turned: &Turned, gradients: &mut [f32]) {
        for n in 0..2 {
            let lstm = (self.tables.lstm[n], n == 1);
            let (pass, shown) = (&self.passes[n], &self.back_shown[n]);
            pass_back(lstm, turned, &self.inputs, pass, shown, gradients, &mut self.back);
        }
        multiply(&mut self.back, &self.mask);
        let [word, mark] = self.tables.embedding;
        let vectors = vectors(self.tokens, &|t| self.known[t]);
        add_product(Rows::turned(&vectors, WORD_VECTOR), &self.back, word.of_mut(gradients));
        let rows = self.tokens.iter().zip(&self.known).map(|(token, known)| token.rows(*known));
        for (rows, d) in rows.zip(self.back.chunks_exact(INPUT)) {
            for row in rows {
                add(&mut gradients[mark.at + row * INPUT..][..INPUT], d);
            }
        }
    }
}

/// Returns the parameters that training starts from.
pub(super) fn start(random: &mut Random) -> Vec<f32> {
    let mut out = vec![0f32; PARAMETERS];
    for (_, block) in BLOCKS {
        // Tables of rows that are looked up start small, tables that are multiplied by as Glorot & Bengio (2010) say.
        let looked_up = [MARK, PLACE, SPOT_MARK, SPOT_LENGTH].iter().any(|b| b.at == block.at);
        let reach =
            if looked_up { 0.1 } else { (6.0 / (block.rows + block.columns) as f32).sqrt() };
        block.of_mut(&mut out).iter_mut().for_each(|p| *p = (2.0 * random.next() - 1.0) * reach);
    }
    for [_, _, bias] in LSTM.into_iter().chain(SPOT_LSTM) {
        let gates = bias.of_mut(&mut out);
        gates.fill(0.0);
        // What an LSTM has seen it keeps at first.
        gates[CELLS..2 * CELLS].fill(1.0);
    }
    out
}

/// What can be learnt from.
pub(super) trait Teaches {
    /// How many questions its loss is made of.
    fn n_tasks(&self) -> usize;

    /// Adds the gradient of its loss to `gradients`; returns the loss.
    ///
    /// To be inlined whole, as all that it calls and that multiplies: only then is it compiled for wide registers too.
    fn teach(
        &self,
        parameters: &[f32],
        turned: &Turned,
        random: &mut Random,
        gradients: &mut [f32],
    ) -> f32;
}

struct Teaching<'a, L> {
    lesson: &'a L,
    parameters: &'a [f32],
    turned: &'a Turned,
    random: &'a mut Random,
    gradients: &'a mut [f32],
}

impl<L: Teaches> WithSimd for Teaching<'_, L> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.lesson.teach(self.parameters, self.turned, self.random, self.gradients);
    }
}

/// Learns the parameters of `range` from lessons.
pub(super) fn descend<L: Teaches>(
    parameters: &mut [f32],
    range: Range<usize>,
    epochs: usize,
    lessons: &[&L],
    random: &mut Random,
) {
    let (mut first, mut second) = (vec![0f32; PARAMETERS], vec![0f32; PARAMETERS]);
    let arch = pulp::Arch::new();
    let mut order: Vec<usize> = (0..lessons.len()).filter(|n| lessons[*n].n_tasks() > 0).collect();
    let steps = epochs * order.len().div_ceil(BATCH);
    let mut step = 0;
    let mut turned = Turned::new(parameters, &range);
    let mut gradients = vec![0f32; PARAMETERS];
    for _ in 0..epochs {
        shuffle(&mut order, &mut random.0);
        for batch in order.chunks(BATCH) {
            turned.turn(parameters, &range);
            gradients[range.clone()].fill(0.0);
            for n in batch {
                let (random, gradients) = (&mut *random, &mut gradients[..]);
                let lesson = lessons[*n];
                arch.dispatch(Teaching { lesson, parameters, turned: &turned, random, gradients });
            }
            let tasks: usize = batch.iter().map(|n| lessons[*n].n_tasks()).sum();
            let own = &mut gradients[range.clone()];
            own.iter_mut().for_each(|g| *g /= tasks as f32);
            let norm = own.iter().map(|g| g * g).sum::<f32>().sqrt();
            let clip = if norm > 1.0 { 1.0 / norm } else { 1.0 };
            step += 1;
            // The rate rises over the first tenth and falls to nothing over the rest.
            let gone = step as f32 / steps as f32;
            let rate = RATE * (gone / 0.1).min((1.0 - gone) / 0.9);
            let (fade1, fade2) = (1.0 - 0.9f32.powi(step), 1.0 - 0.999f32.powi(step));
            for i in range.clone() {
                let g = gradients[i] * clip;
                first[i] = 0.9 * first[i] + 0.1 * g;
                second[i] = 0.999 * second[i] + 0.001 * g * g;
                let toward = first[i] / fade1 / ((second[i] / fade2).sqrt() + 1e-8);
                parameters[i] -= rate * (toward + DECAY * parameters[i]);
            }
        }
    }
}

/// A made-up token; the fourth has no meaning.
#[cfg(test)]
pub(super) fn a_token(n: usize) -> TokenInput {
    let number = |i: usize| ((i * 7 + n * 5) % 11) as f32 / 11.0;
    let meaning = Meaning { vector: std::array::from_fn(number), branch: 40 + n };
    TokenInput { meaning: (n != 3).then_some(meaning), marks: vec![n, 20 + n] }
}

/// Holds the gradients of a lesson against the slopes of its loss, each table's at the parameter that matters most.
#[cfg(test)]
pub(super) fn check_gradients(lesson: &impl Teaches, range: Range<usize>, tables: &[Block]) {
    let mut parameters = start(&mut Random(7));
    let mut gradients = vec![0f32; PARAMETERS];
    let loss = |parameters: &[f32], gradients: &mut [f32]| {
        // The same numbers are left out each time.
        lesson.teach(parameters, &Turned::new(parameters, &range), &mut Random(3), gradients)
    };
    loss(&parameters, &mut gradients);
    for block in tables {
        let most = (block.at..block.end())
            .max_by(|a, b| gradients[*a].abs().total_cmp(&gradients[*b].abs()))
            .expect("a table has parameters");
        let (old, step) = (parameters[most], 0.01);
        let mut ignored = vec![0f32; PARAMETERS];
        parameters[most] = old + step;
        let above = loss(&parameters, &mut ignored);
        parameters[most] = old - step;
        let below = loss(&parameters, &mut ignored);
        parameters[most] = old;
        let slope = (above - below) / (2.0 * step);
        let error = (slope - gradients[most]).abs();
        assert!(error < 0.03 * slope.abs() + 2e-3, "{block:?}: {slope} {}", gradients[most]);
        assert!(slope.abs() > 1e-3, "{block:?} does not bear on the loss");
    }
}
