//! The spotter of names: an article read by LSTMs of its own before anything is known of it, each candidate span seen by
//! its first and its last token (Lample et al. 2016 read so; spans are weighed as in [`segments`]).

use super::Net;
use super::layout::{
    READ, SPOT_BRANCHES, SPOT_ENDINGS, SPOT_FIRST, SPOT_HEADLINE, SPOT_HIDDEN, SPOT_LANGUAGES,
    SPOT_LAST, SPOT_LENGTH, SPOT_LINE, SPOT_LISTS, SPOT_LSTM, SPOT_MARK, SPOT_STARTS, SPOT_TYPE,
    SPOT_WORD,
};
use super::questions::score;
use super::reader::{Meaning, TokenInput, embed, ending, mean, read};
use super::sums::{Rows, add, add_product};
use crate::extract::doc::Doc;
use crate::extract::names::VOTES;
use crate::extract::segments::{self, Scores};
use crate::model::Language;
use pulp::{Simd, WithSimd};
use std::ops::Range;

/// Returns what the tokens of an article are, as the spotter takes them in.
pub(in crate::extract) fn inputs(doc: &Doc<'_>) -> Vec<TokenInput> {
    let mut out = Vec::with_capacity(doc.tokens.len());
    for (n, sentence) in doc.sentences.iter().enumerate() {
        let italian = doc.packs[n].language == Language::Italian;
        for i in sentence.tokens.clone() {
            let token = &doc.tokens[i];
            let mut marks = vec![
                token.shape as usize,
                SPOT_LANGUAGES + usize::from(italian),
                SPOT_ENDINGS + ending(&token.lower),
            ];
            let mut mark = |applies: bool, row: usize| {
                if applies {
                    marks.push(row);
                }
            };
            mark(i == sentence.tokens.start, SPOT_STARTS);
            mark(n < doc.title, SPOT_HEADLINE);
            mark(sentence.is_line, SPOT_LINE);
            for (row, (list, _)) in VOTES.iter().enumerate() {
                mark(doc.is(i, *list), SPOT_LISTS + row);
            }
            out.push(TokenInput { meaning: Meaning::of(doc, i, SPOT_BRANCHES), marks });
        }
    }
    out
}

/// The tokens that begin or end a candidate, in order, each with its number among them.
pub(in crate::extract) struct Edges {
    pub(in crate::extract) tokens: Vec<usize>,
}

impl Edges {
    pub(in crate::extract) fn new<'s>(spans: impl Iterator<Item = &'s Range<usize>>) -> Self {
        let mut tokens: Vec<usize> = spans.flat_map(|s| [s.start, s.end - 1]).collect();
        tokens.sort_unstable();
        tokens.dedup();
        Edges { tokens }
    }

    /// Returns the numbers of the first and of the last token of a span.
    pub(in crate::extract) fn of(&self, span: &Range<usize>) -> [usize; 2] {
        [span.start, span.end - 1].map(|t| self.tokens.partition_point(|edge| *edge < t))
    }
}

/// Returns the hidden numbers of a span, given what its edges look like through the tables of first and last tokens.
pub(in crate::extract) fn hidden(
    parameters: &[f32],
    span: &Range<usize>,
    [first, last]: [usize; 2],
    firsts: &[f32],
    lasts: &[f32],
) -> [f32; SPOT_HIDDEN] {
    let mut out = [0f32; SPOT_HIDDEN];
    out.copy_from_slice(SPOT_LENGTH.row(parameters, length(span)));
    add(&mut out, &firsts[first * SPOT_HIDDEN..][..SPOT_HIDDEN]);
    add(&mut out, &lasts[last * SPOT_HIDDEN..][..SPOT_HIDDEN]);
    out.map(|x| x.max(0.0))
}

/// Row of [`SPOT_LENGTH`] of a span.
pub(in crate::extract) fn length(span: &Range<usize>) -> usize {
    span.len().min(SPOT_LENGTH.rows - 1)
}

/// Returns the scores of a span by type.
pub(in crate::extract) fn scores(parameters: &[f32], hidden: &[f32; SPOT_HIDDEN]) -> Scores {
    std::array::from_fn(|t| score(parameters, SPOT_TYPE, t, hidden))
}

impl Net {
    /// Returns the probability of each candidate span of each sentence of an article as a name of each type.
    pub(in crate::extract) fn spot(
        &self,
        doc: &Doc<'_>,
        candidates: &[Vec<Range<usize>>],
    ) -> Vec<Vec<Scores>> {
        let scores = self.spans_scored(&inputs(doc), candidates);
        let sentences = doc.sentences.iter().zip(candidates).zip(&scores);
        sentences.map(|((s, spans), own)| segments::marginals(&s.tokens, spans, own)).collect()
    }

    /// Returns the scores of the candidate spans of each sentence.
    pub(in crate::extract) fn spans_scored(
        &self,
        tokens: &[TokenInput],
        candidates: &[Vec<Range<usize>>],
    ) -> Vec<Vec<Scores>> {
        pulp::Arch::new().dispatch(Spotting { parameters: &self.parameters, tokens, candidates })
    }
}

/// An article whose candidates are to be scored, compiled as [`super::Reading`] is.
struct Spotting<'a> {
    parameters: &'a [f32],
    tokens: &'a [TokenInput],
    candidates: &'a [Vec<Range<usize>>],
}

impl WithSimd for Spotting<'_> {
    type Output = Vec<Vec<Scores>>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Vec<Vec<Scores>> {
        let parameters = self.parameters;
        let edges = Edges::new(self.candidates.iter().flatten());
        let inputs = embed(parameters, [SPOT_WORD, SPOT_MARK], self.tokens, &|_| true);
        let passes = read(parameters, SPOT_LSTM, &inputs);
        let mut seen = Vec::with_capacity(edges.tokens.len() * READ);
        for t in &edges.tokens {
            seen.extend(mean(&inputs, &passes, &(*t..t + 1)));
        }
        let mut views =
            [SPOT_FIRST, SPOT_LAST].map(|_| vec![0f32; edges.tokens.len() * SPOT_HIDDEN]);
        for (view, table) in views.iter_mut().zip([SPOT_FIRST, SPOT_LAST]) {
            add_product(Rows::new(&seen, READ), table.of(parameters), view);
        }
        let own = |span: &Range<usize>| {
            scores(parameters, &hidden(parameters, span, edges.of(span), &views[0], &views[1]))
        };
        self.candidates.iter().map(|spans| spans.iter().map(own).collect()).collect()
    }
}
