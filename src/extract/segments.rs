//! A semi-Markov conditional random field (Sarawagi & Cohen 2004): which spans of a sentence are names, and of which
//! type, chosen together, so that "Dallas Museum", "Museum of Art" and "Dallas Museum of Art" compete with each other.
//!
//! A segmentation takes spans that do not overlap; its score is the sum of the scores of its spans, a token outside
//! them adds nothing.

use super::linear::{AdaGrad, FeatureId, Training, shuffle};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use std::ops::Range;

/// Types that a span may have.
pub(crate) const TYPES: usize = 4;

/// Scores of a span by type.
pub(crate) type Scores = [f32; TYPES];

fn log_sum(values: &[f32]) -> f32 {
    let top = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if top == f32::NEG_INFINITY {
        return top;
    }
    top + values.iter().map(|v| (v - top).exp()).sum::<f32>().ln()
}

/// Returns the logarithm of the summed weight of all segmentations of the first tokens, by how many these are; `totals` are the
/// summed scores of the spans.
fn forward(tokens: &Range<usize>, spans: &[Range<usize>], totals: &[f32]) -> Vec<f32> {
    let mut by_end: Vec<Vec<usize>> = vec![Vec::new(); tokens.len() + 1];
    for (i, span) in spans.iter().enumerate() {
        by_end[span.end - tokens.start].push(i);
    }
    let mut forward = vec![0f32; tokens.len() + 1];
    let mut ways = Vec::new();
    for at in 1..=tokens.len() {
        ways.clear();
        ways.push(forward[at - 1]);
        ways.extend(
            by_end[at].iter().map(|i| forward[spans[*i].start - tokens.start] + totals[*i]),
        );
        forward[at] = log_sum(&ways);
    }
    forward
}

/// Returns how unlikely a segmentation is, as minus the logarithm of its probability; `types` are those of its spans.
pub(crate) fn surprise(
    tokens: &Range<usize>,
    spans: &[Range<usize>],
    scores: &[Scores],
    types: &[Option<usize>],
) -> f32 {
    let totals: Vec<f32> = scores.iter().map(|s| log_sum(s)).collect();
    let own: f32 = scores.iter().zip(types).filter_map(|(s, t)| t.map(|t| s[t])).sum();
    forward(tokens, spans, &totals)[tokens.len()] - own
}

/// Returns the probability of each span and type, over all segmentations of `tokens`.
pub(crate) fn marginals(
    tokens: &Range<usize>,
    spans: &[Range<usize>],
    scores: &[Scores],
) -> Vec<Scores> {
    let n = tokens.len();
    let totals: Vec<f32> = scores.iter().map(|s| log_sum(s)).collect();
    let mut by_start: Vec<Vec<usize>> = vec![Vec::new(); n + 1];
    for (i, span) in spans.iter().enumerate() {
        by_start[span.start - tokens.start].push(i);
    }
    let forward = forward(tokens, spans, &totals);
    let mut ways = Vec::new();
    let mut backward = vec![0f32; n + 1];
    for at in (0..n).rev() {
        ways.clear();
        ways.push(backward[at + 1]);
        ways.extend(
            by_start[at].iter().map(|i| backward[spans[*i].end - tokens.start] + totals[*i]),
        );
        backward[at] = log_sum(&ways);
    }
    spans
        .iter()
        .zip(scores)
        .map(|(span, scores)| {
            let around = forward[span.start - tokens.start] + backward[span.end - tokens.start];
            scores.map(|s| (around + s - forward[n]).exp().min(1.0))
        })
        .collect()
}

/// Returns the best segmentation: numbers of spans with their types, in order.
pub(crate) fn best(
    tokens: &Range<usize>,
    spans: &[Range<usize>],
    scores: &[Scores],
) -> Vec<(usize, usize)> {
    let n = tokens.len();
    let mut by_end: Vec<Vec<usize>> = vec![Vec::new(); n + 1];
    for (i, span) in spans.iter().enumerate() {
        by_end[span.end - tokens.start].push(i);
    }
    let mut best = vec![(0f32, None); n + 1];
    for at in 1..=n {
        best[at] = (best[at - 1].0, None);
        for &i in &by_end[at] {
            let before = best[spans[i].start - tokens.start].0;
            for (t, score) in scores[i].iter().enumerate() {
                if before + score > best[at].0 {
                    best[at] = (before + score, Some((i, t)));
                }
            }
        }
    }
    let mut out = Vec::new();
    let mut at = n;
    while at > 0 {
        match best[at].1 {
            Some((i, t)) => {
                out.push((i, t));
                at = spans[i].start - tokens.start;
            }
            None => at -= 1,
        }
    }
    out.reverse();
    out
}

/// A sentence to learn from.
#[derive(Clone, Debug)]
pub(crate) struct Segmented {
    pub(crate) tokens: Range<usize>,
    pub(crate) spans: Vec<Range<usize>>,
    /// Features of each span, one set for each type.
    pub(crate) features: Vec<[Vec<FeatureId>; TYPES]>,
    /// True type of each span.
    pub(crate) gold: Vec<Option<usize>>,
}

/// Returns the weights that make the true segmentations likely, trained as [`super::linear::train`] does.
pub(crate) fn train(sentences: &[&Segmented], how: Training) -> Vec<(FeatureId, f32)> {
    let mut counts: IndexMap<FeatureId, u32, FxBuildHasher> = IndexMap::default();
    for id in sentences.iter().flat_map(|s| &s.features).flatten().flatten() {
        *counts.entry(*id).or_insert(0) += 1;
    }
    let mut model = AdaGrad::new(&counts, how);
    let dense: Vec<Vec<[Vec<u32>; TYPES]>> = sentences
        .iter()
        .map(|s| {
            s.features.iter().map(|types| std::array::from_fn(|t| model.dense(&types[t]))).collect()
        })
        .collect();
    let mut order: Vec<usize> = (0..sentences.len()).collect();
    let mut random = 0x9e37_79b9_7f4a_7c15u64;
    for _ in 0..how.epochs {
        shuffle(&mut order, &mut random);
        for &i in &order {
            let sentence = sentences[i];
            let scores: Vec<Scores> = dense[i]
                .iter()
                .map(|types| std::array::from_fn(|t| model.score(&types[t])))
                .collect();
            let p = marginals(&sentence.tokens, &sentence.spans, &scores);
            for (span, types) in dense[i].iter().enumerate() {
                for (t, features) in types.iter().enumerate() {
                    let target = f32::from(u8::from(sentence.gold[span] == Some(t)));
                    let gradient = p[span][t] - target;
                    if gradient.abs() < 1e-4 {
                        continue;
                    }
                    model.step(features, gradient);
                }
            }
        }
        model.end_epoch();
    }
    model.finish()
}

#[cfg(test)]
mod tests {
    use super::{best, marginals};

    #[test]
    fn overlapping_spans_share_the_probability() {
        let spans = [0..1, 0..2, 1..2];
        let scores = [[1.0, 0.0, 0.0, 0.0], [3.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]];
        let p = marginals(&(0..2), &spans, &scores);
        let first: f32 = p[0].iter().chain(&p[1]).sum();
        assert!(first < 1.0 && p[1][0] > p[0][0]);
        assert_eq!(best(&(0..2), &spans, &scores), [(1, 0)]);
    }
}
