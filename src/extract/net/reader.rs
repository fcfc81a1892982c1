//! Tokens, read from both ends: embeddings and two LSTMs.

use super::layout::{
    BRANCH_MARKS, Block, CELLS, CLASS_MARKS, ENDING_MARKS, ENDINGS, HEADLINE_MARK, INPUT,
    LANGUAGE_MARKS, READ, SHAPE_MARKS, TITLE_MARK,
};
use super::lstm::{Pass, pass};
use super::sums::{Rows, add, add_product};
use crate::extract::context::Context;
use crate::extract::doc::Doc;
use crate::extract::names::{NameType, suffix};
use crate::lang::{WORD_VECTOR, word_vector};
use crate::model::Language;
use crate::text::hash;
use std::ops::Range;

/// What a token is, as the reader takes it in.
pub(in crate::extract) struct TokenInput {
    /// What its word means, where that is known.
    pub(in crate::extract) meaning: Option<Meaning>,
    /// Rows of the table of marks.
    pub(in crate::extract) marks: Vec<usize>,
}

/// What a word means: its vector, and its branch of the tree of words as a row of the table of marks.
pub(in crate::extract) struct Meaning {
    pub(in crate::extract) vector: [f32; WORD_VECTOR],
    pub(in crate::extract) branch: usize,
}

impl Meaning {
    /// Returns the meaning of a token's word; the branches' rows begin at `first`.
    pub(super) fn of(doc: &Doc<'_>, token: usize, first: usize) -> Option<Meaning> {
        let vector = word_vector(&doc.tokens[token].lower)?;
        Some(Meaning { vector, branch: first + usize::from(doc.class(token, 8)?) })
    }
}

impl TokenInput {
    /// Returns the token's rows of the table of marks; `known` says whether its word's meaning counts.
    pub(in crate::extract) fn rows(&self, known: bool) -> impl Iterator<Item = usize> {
        let branch = self.meaning.as_ref().filter(|_| known).map(|m| m.branch);
        self.marks.iter().copied().chain(branch)
    }
}

/// Returns a hash of the last three letters of a word, which tell tense, mood and number.
pub(super) fn ending(word: &str) -> usize {
    (hash(suffix(word, 3).as_bytes()) % ENDINGS as u64) as usize
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
                ENDING_MARKS + ending(&token.lower),
            ];
            if n < doc.title {
                marks.push(HEADLINE_MARK);
            }
            TokenInput { meaning: Meaning::of(doc, i, BRANCH_MARKS), marks }
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

/// Returns what stands for each token before the article is read, by the tables of words and of marks.
///
/// `known` says of which tokens the word's meaning counts.
#[inline(always)]
pub(in crate::extract) fn embed(
    parameters: &[f32],
    [word, mark]: [Block; 2],
    tokens: &[TokenInput],
    known: &dyn Fn(usize) -> bool,
) -> Vec<f32> {
    let mut out = vec![0f32; tokens.len() * INPUT];
    let vectors = vectors(tokens, known);
    add_product(Rows::new(&vectors, WORD_VECTOR), word.of(parameters), &mut out);
    for (t, (token, out)) in tokens.iter().zip(out.chunks_exact_mut(INPUT)).enumerate() {
        for row in token.rows(known(t)) {
            add(out, mark.row(parameters, row));
        }
    }
    out
}

/// Returns the vectors of the tokens' words, zero where the meaning is not known.
pub(in crate::extract) fn vectors(
    tokens: &[TokenInput],
    known: &dyn Fn(usize) -> bool,
) -> Vec<f32> {
    let mut out = vec![0f32; tokens.len() * WORD_VECTOR];
    for (t, (token, out)) in tokens.iter().zip(out.chunks_exact_mut(WORD_VECTOR)).enumerate() {
        if let Some(meaning) = token.meaning.as_ref().filter(|_| known(t)) {
            out.copy_from_slice(&meaning.vector);
        }
    }
    out
}

/// Reads tokens that [`embed`] stands for from both ends.
#[inline(always)]
pub(in crate::extract) fn read(
    parameters: &[f32],
    [forth, back]: [[Block; 3]; 2],
    inputs: &[f32],
) -> [Pass; 2] {
    [pass(parameters, forth, false, inputs), pass(parameters, back, true, inputs)]
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
