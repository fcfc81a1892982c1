//! Tokens, read from both ends: embeddings and two LSTMs.

use super::layout::{
    BRANCH_MARKS, CELLS, CLASS_MARKS, HEADLINE_MARK, INPUT, LANGUAGE_MARKS, LSTM, MARK, READ,
    SHAPE_MARKS, TITLE_MARK, WORD,
};
use crate::extract::context::Context;
use crate::extract::names::NameType;
use crate::lang::{WORD_VECTOR, word_vector};
use crate::model::Language;
use std::ops::Range;

/// What a token is, as the reader takes it in.
pub(in crate::extract) struct TokenInput {
    pub(in crate::extract) vector: Option<[f32; WORD_VECTOR]>,
    /// Rows of [`MARK`].
    pub(in crate::extract) marks: Vec<usize>,
}

/// Returns what the tokens of an article are.
pub(in crate::extract) fn inputs(context: &Context<'_>) -> Vec<TokenInput> {
    let doc = &context.doc;
    let mut mention = vec![0; doc.tokens.len()];
    for name in &context.names {
        match name.name_type {
            NameType::Place => mention[name.tokens.clone()].fill(9),
            NameType::Other => mention[name.tokens.clone()].fill(10),
            NameType::Person | NameType::Organisation => {}
        }
    }
    for r in &context.entities.refs {
        let side = if context.entities.list[r.entity].is_person { 1 } else { 5 };
        mention[r.tokens.clone()].fill(side + r.form as usize);
    }
    let mut out: Vec<TokenInput> = doc
        .tokens
        .iter()
        .enumerate()
        .map(|(i, token)| {
            let n = doc.sentence_of[i] as usize;
            let italian = doc.packs[n].language == Language::Italian;
            let mut marks = vec![
                mention[i],
                SHAPE_MARKS + token.shape as usize,
                LANGUAGE_MARKS + usize::from(italian),
            ];
            if n < doc.title {
                marks.push(HEADLINE_MARK);
            }
            if let Some(branch) = doc.class(i, 8) {
                marks.push(BRANCH_MARKS + usize::from(branch));
            }
            TokenInput { vector: word_vector(&token.lower), marks }
        })
        .collect();
    for role in &context.roles {
        out[role.tokens.clone()].iter_mut().for_each(|t| t.marks.push(TITLE_MARK));
    }
    for trigger in &doc.triggers {
        let mark = CLASS_MARKS + trigger.class as usize;
        out[trigger.tokens.clone()].iter_mut().for_each(|t| t.marks.push(mark));
    }
    out
}

/// Numbers that one step of [`add_times`] sums side by side; every table has a multiple of them as columns.
pub(in crate::extract) const LANES: usize = 32;

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
                sums[lane] += x * row[0][lane];
            }
        }
        *part = sums;
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
fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

#[inline(always)]
pub(in crate::extract) fn tanh(x: f32) -> f32 {
    2.0 * sigmoid(2.0 * x) - 1.0
}

/// What one LSTM did at each token, by token: its gates, its cells and what it showed.
#[derive(Default)]
pub(in crate::extract) struct Pass {
    pub(in crate::extract) gates: Vec<f32>,
    pub(in crate::extract) cells: Vec<f32>,
    pub(in crate::extract) shown: Vec<f32>,
}

/// Reads an article from one end; `inputs` has [`INPUT`] numbers a token.
#[inline(always)]
pub(in crate::extract) fn pass(parameters: &[f32], backwards: bool, inputs: &[f32]) -> Pass {
    let [input, recurrence, bias] = LSTM[usize::from(backwards)];
    let tokens = inputs.len() / INPUT;
    let mut out = Pass {
        gates: vec![0.0; tokens * 4 * CELLS],
        cells: vec![0.0; tokens * CELLS],
        shown: vec![0.0; tokens * CELLS],
    };
    let mut shown = [0f32; CELLS];
    let mut cells = [0f32; CELLS];
    for step in 0..tokens {
        let t = if backwards { tokens - 1 - step } else { step };
        let gates = &mut out.gates[t * 4 * CELLS..][..4 * CELLS];
        gates.copy_from_slice(bias.of(parameters));
        add_times(&inputs[t * INPUT..][..INPUT], input.of(parameters), gates);
        add_times(&shown, recurrence.of(parameters), gates);
        let (sigmoids, new) = gates.split_at_mut(3 * CELLS);
        sigmoids.iter_mut().for_each(|g| *g = sigmoid(*g));
        new.iter_mut().for_each(|g| *g = tanh(*g));
        for i in 0..CELLS {
            cells[i] = sigmoids[CELLS + i] * cells[i] + sigmoids[i] * new[i];
            shown[i] = sigmoids[2 * CELLS + i] * tanh(cells[i]);
        }
        out.cells[t * CELLS..][..CELLS].copy_from_slice(&cells);
        out.shown[t * CELLS..][..CELLS].copy_from_slice(&shown);
    }
    out
}

/// Returns what stands for each token before the article is read.
///
/// `known` says of which tokens the word's meaning counts.
#[inline(always)]
pub(in crate::extract) fn embed(
    parameters: &[f32],
    tokens: &[TokenInput],
    known: &dyn Fn(usize) -> bool,
) -> Vec<f32> {
    let mut out = vec![0f32; tokens.len() * INPUT];
    for (t, (token, out)) in tokens.iter().zip(out.chunks_exact_mut(INPUT)).enumerate() {
        if let Some(vector) = token.vector.as_ref().filter(|_| known(t)) {
            add_times(vector, WORD.of(parameters), out);
        }
        for mark in &token.marks {
            add(out, MARK.row(parameters, *mark));
        }
    }
    out
}

/// Returns what stands for some words once the article is read: the mean over their tokens.
#[inline(always)]
pub(in crate::extract) fn mean(
    inputs: &[f32],
    passes: &[Pass; 2],
    tokens: &Range<usize>,
) -> [f32; READ] {
    let mut out = [0f32; READ];
    for t in tokens.clone() {
        add(&mut out[..CELLS], &passes[0].shown[t * CELLS..][..CELLS]);
        add(&mut out[CELLS..2 * CELLS], &passes[1].shown[t * CELLS..][..CELLS]);
        add(&mut out[2 * CELLS..], &inputs[t * INPUT..][..INPUT]);
    }
    let n = tokens.len().max(1) as f32;
    out.iter_mut().for_each(|x| *x /= n);
    out
}

#[cfg(test)]
mod tests {
    use super::{exp, pass};
    use crate::extract::net::layout::{INPUT, PARAMETERS};

    #[test]
    fn the_exponential_is_right_to_a_few_millionths() {
        for n in -800..=800 {
            let x = n as f32 / 10.0;
            let error = (exp(x) / x.exp() - 1.0).abs();
            assert!(error < 4e-6 + 2e-7 * x.abs(), "{x}: {error}");
        }
    }

    #[test]
    fn wide_and_narrow_registers_give_the_same_bits() {
        let number = |i: usize| ((i * 7_919) % 1_009) as f32 / 1_009.0 - 0.5;
        let parameters: Vec<f32> = (0..PARAMETERS).map(number).collect();
        let inputs: Vec<f32> = (0..50 * INPUT).map(number).collect();
        let narrow = pass(&parameters, true, &inputs).shown;
        let wide = pulp::Arch::new().dispatch(
            #[inline(always)]
            || pass(&parameters, true, &inputs).shown,
        );
        assert_eq!(narrow, wide);
    }
}
