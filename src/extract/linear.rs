//! The one kind of model in the extractor: a log-linear choice among candidates over named features.
//!
//! Every decision (the type of a name, the person of a trigger, a status) is a choice among a few candidates, each with
//! a set of named features; the candidate with the highest sum of weights wins, and a softmax of the sums is its
//! probability. Trained with AdaGrad on the negative log-likelihood (Duchi, Hazan & Singer 2011), examples in a fixed
//! pseudo-random order, so that the same corpus gives the same weights to the last bit.

pub(crate) use super::features::{FeatureId, Features, feat, for_class};
use super::net::Net;
use crate::text::{hash, place};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use std::sync::Arc;

/// Trained weights by feature.
#[derive(Debug, Default)]
pub(crate) struct Weights {
    by_feature: IndexMap<FeatureId, f32, FxBuildHasher>,
    embedded: Option<Embedded>,
    /// The neural spotter of names, and the reader; what they say are features.
    pub(crate) spotter: Option<Arc<Net>>,
    pub(crate) net: Option<Arc<Net>>,
}

/// Weights that the build wrote, read in place.
#[derive(Clone, Copy, Debug)]
struct Embedded {
    plain: Table<8>,
    /// Of the models of [`classes`](super::classes): a feature's weights for all classes stand together.
    classed: Table<4>,
}

/// So many bytes that the processor fetches them at once: to look a feature up costs little but the wait for them.
type Line = [[u8; 8]; 8];

/// Features of `SLOTS` a line, by [`place`]; one that finds its line full stands in the next.
///
/// Numbers are little-endian. A line has one `u64` for each feature, first come first: the lower 48 bits of its hash, and
/// its weight (or that for the first class) in thousandths as `i16`; 0 where there is none. Where half of the line is left
/// over, it has another `u64` for each feature: the weights for the second to the fifth class.
#[derive(Clone, Copy, Debug)]
struct Table<const SLOTS: usize> {
    lines: &'static [Line],
}

impl<const SLOTS: usize> Table<SLOTS> {
    /// Returns the two numbers of a feature, zeros where it has none.
    #[inline]
    fn get(self, feature: FeatureId) -> [u64; 2] {
        let mut at = place(feature, self.lines.len());
        loop {
            let line = &self.lines[at];
            let number = |n: usize| u64::from_le_bytes(line[n]);
            if let Some(slot) = (0..SLOTS).find(|n| number(*n) >> 16 == feature << 16 >> 16) {
                return [number(slot), number((slot + SLOTS) % 8)];
            }
            if number(SLOTS - 1) == 0 {
                return [0, 0];
            }
            at = (at + 1) % self.lines.len();
        }
    }
}

/// Returns the weight that the lowest bits of a number are.
fn weight(number: u64) -> f32 {
    f32::from(number as i16) / 1000.0
}

impl Weights {
    /// Returns the weights of `weights.tsv`.
    pub(crate) fn embedded() -> Self {
        /// Begins where a line of the processor's cache does.
        #[repr(align(64))]
        struct Aligned<T: ?Sized>(T);
        static PLAIN: &Aligned<[u8]> =
            &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/weights.bin")));
        static CLASSED: &Aligned<[u8]> =
            &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/class_weights.bin")));
        let embedded = Embedded {
            plain: Table { lines: PLAIN.0.as_chunks().0.as_chunks().0 },
            classed: Table { lines: CLASSED.0.as_chunks().0.as_chunks().0 },
        };
        let weights = Weights { embedded: Some(embedded), ..Weights::default() };
        weights.with_net(Arc::new(Net::embedded()))
    }

    /// Returns the weights of a table of `feature<TAB>weight` lines; lines that are none of these are passed over.
    pub(crate) fn parse(table: &str) -> Self {
        let mut by_feature = IndexMap::with_capacity_and_hasher(table.len() / 30, FxBuildHasher);
        for line in table.lines() {
            if let Some((name, weight)) = line.rsplit_once('\t')
                && let Ok(weight) = weight.parse()
            {
                by_feature.insert(hash(name.as_bytes()), weight);
            }
        }
        Weights { by_feature, ..Weights::default() }
    }

    /// Returns the weights beside a neural spotter and reader.
    pub(crate) fn with_net(self, net: Arc<Net>) -> Self {
        Weights { spotter: Some(net.clone()), net: Some(net), ..self }
    }

    /// Returns weights from pairs, as training yields them.
    pub(crate) fn from_pairs(pairs: impl IntoIterator<Item = (FeatureId, f32)>) -> Self {
        Weights { by_feature: pairs.into_iter().collect(), ..Weights::default() }
    }

    /// Adds another model's weights.
    pub(crate) fn merge(&mut self, other: Weights) {
        self.by_feature.extend(other.by_feature);
    }

    /// Returns a candidate's score.
    pub(crate) fn score(&self, features: &[FeatureId]) -> f32 {
        // What has no weight adds nothing: x + -0.0 is x whatever x is.
        features.iter().map(|f| self.get(*f).unwrap_or(-0.0)).sum()
    }

    /// Returns one feature's weight, 0 where it was never trained.
    pub(crate) fn weight(&self, feature: FeatureId) -> f32 {
        self.get(feature).unwrap_or(0.0)
    }

    /// Returns one feature's weight, if it has one.
    pub(super) fn get(&self, feature: FeatureId) -> Option<f32> {
        match self.embedded {
            Some(embedded) => {
                let [entry, _] = embedded.plain.get(feature);
                (entry != 0).then(|| weight(entry))
            }
            None => self.by_feature.get(&feature).copied(),
        }
    }

    /// Returns the score of each class of a model of [`classes`](super::classes) that has these.
    pub(crate) fn class_scores<const N: usize>(
        &self,
        features: &[FeatureId],
        classes: &[&str; N],
    ) -> [f32; N] {
        let mut scores = [0.0; N];
        for feature in features {
            let weights = self.class_weights(*feature, classes);
            scores.iter_mut().zip(weights).for_each(|(score, weight)| *score += weight);
        }
        scores
    }

    /// Returns a feature's weight for each class, as [`class_scores`](Self::class_scores) adds them.
    pub(crate) fn class_weights<const N: usize>(
        &self,
        feature: FeatureId,
        classes: &[&str; N],
    ) -> [f32; N] {
        let Some(embedded) = self.embedded else {
            return classes.map(|class| self.weight(for_class(feature, class)));
        };
        let [first, second] = embedded.classed.get(feature);
        std::array::from_fn(|n| weight(if n == 0 { first } else { second >> (16 * (n - 1)) }))
    }
}

/// Returns the softmax of scores.
pub(crate) fn softmax(scores: &[f32]) -> Vec<f32> {
    let top = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let exp: Vec<f32> = scores.iter().map(|s| (s - top).exp()).collect();
    let sum: f32 = exp.iter().sum();
    exp.into_iter().map(|e| e / sum).collect()
}

/// Returns the probability of one yes against a no of score 0.
pub(crate) fn logistic(score: f32) -> f32 {
    1.0 / (1.0 + (-score).exp())
}

/// A decision to learn from: candidates and which of them are right.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    pub(crate) candidates: Vec<Vec<FeatureId>>,
    pub(crate) right: Vec<usize>,
    pub(crate) weight: f32,
}

impl Example {
    /// Returns a yes-or-no decision: the candidate against an empty one of score 0.
    pub(crate) fn binary(features: Vec<FeatureId>, yes: bool, weight: f32) -> Self {
        Example { candidates: vec![features, Vec::new()], right: vec![usize::from(!yes)], weight }
    }
}

/// How to train.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Training {
    pub(crate) epochs: usize,
    pub(crate) rate: f32,
    /// L2 penalty per update of a weight.
    pub(crate) decay: f32,
    /// Features seen in fewer examples are left out.
    pub(crate) min_count: u32,
}

impl Default for Training {
    fn default() -> Self {
        Training { epochs: 15, rate: 0.05, decay: 0.01, min_count: 3 }
    }
}

/// AdaGrad over the features that were seen often enough; the weights it ends with are averaged over the epochs.
pub(crate) struct AdaGrad {
    index: IndexMap<FeatureId, (), FxBuildHasher>,
    weights: Vec<f32>,
    squares: Vec<f32>,
    sums: Vec<f64>,
    how: Training,
}

impl AdaGrad {
    /// Starts with weights of 0 for the features that `counts` has often enough.
    pub(crate) fn new(counts: &IndexMap<FeatureId, u32, FxBuildHasher>, how: Training) -> Self {
        let index: IndexMap<FeatureId, (), FxBuildHasher> =
            counts.iter().filter(|(_, n)| **n >= how.min_count).map(|(id, _)| (*id, ())).collect();
        let n = index.len();
        AdaGrad { index, weights: vec![0.0; n], squares: vec![1e-6; n], sums: vec![0.0; n], how }
    }

    /// Returns the features that have a weight as numbers.
    pub(crate) fn dense(&self, features: &[FeatureId]) -> Vec<u32> {
        features.iter().filter_map(|f| self.index.get_index_of(f)).map(|i| i as u32).collect()
    }

    pub(crate) fn score(&self, features: &[u32]) -> f32 {
        features.iter().map(|f| self.weights[*f as usize]).sum()
    }

    /// Goes one step down the gradient of a candidate's score.
    pub(crate) fn step(&mut self, features: &[u32], gradient: f32) {
        for &f in features {
            let f = f as usize;
            let g = gradient + self.how.decay * self.weights[f];
            self.squares[f] += g * g;
            self.weights[f] -= self.how.rate * g / self.squares[f].sqrt();
        }
    }

    pub(crate) fn end_epoch(&mut self) {
        for (sum, weight) in self.sums.iter_mut().zip(&self.weights) {
            *sum += f64::from(*weight);
        }
    }

    /// Returns the averaged weights, those near 0 left out.
    pub(crate) fn finish(self) -> Vec<(FeatureId, f32)> {
        let epochs = self.how.epochs as f64;
        self.index
            .keys()
            .zip(&self.sums)
            .map(|(id, sum)| (*id, (sum / epochs) as f32))
            .filter(|(_, w)| w.abs() >= 0.05)
            .collect()
    }
}

/// Returns the weights that make the right candidates of `examples` likely; averaged over the updates.
pub(crate) fn train(examples: &[Example], how: Training) -> Vec<(FeatureId, f32)> {
    let mut counts: IndexMap<FeatureId, u32, FxBuildHasher> = IndexMap::default();
    for example in examples {
        let mut seen: Vec<FeatureId> = example.candidates.iter().flatten().copied().collect();
        seen.sort_unstable();
        seen.dedup();
        for id in seen {
            *counts.entry(id).or_insert(0) += 1;
        }
    }
    let mut model = AdaGrad::new(&counts, how);
    let dense: Vec<Vec<Vec<u32>>> =
        examples.iter().map(|e| e.candidates.iter().map(|c| model.dense(c)).collect()).collect();
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut random = 0x9e37_79b9_7f4a_7c15u64;
    for _ in 0..how.epochs {
        shuffle(&mut order, &mut random);
        for &i in &order {
            let example = &examples[i];
            let candidates = &dense[i];
            if example.right.is_empty() || candidates.len() < 2 {
                continue;
            }
            let scores: Vec<f32> = candidates.iter().map(|c| model.score(c)).collect();
            let p = softmax(&scores);
            let right: f32 = example.right.iter().map(|r| p[*r]).sum::<f32>().max(1e-9);
            for (c, features) in candidates.iter().enumerate() {
                let target = if example.right.contains(&c) { p[c] / right } else { 0.0 };
                let gradient = (p[c] - target) * example.weight;
                if gradient.abs() < 1e-5 {
                    continue;
                }
                model.step(features, gradient);
            }
        }
        model.end_epoch();
    }
    model.finish()
}

/// Fisher-Yates with xorshift64: the order depends on nothing but the seed.
pub(crate) fn shuffle(order: &mut [usize], random: &mut u64) {
    for i in (1..order.len()).rev() {
        *random ^= *random << 13;
        *random ^= *random >> 7;
        *random ^= *random << 17;
        order.swap(i, (*random % (i as u64 + 1)) as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::{Example, Features, Training, Weights, feat, train};
    use crate::extract::classes::NAME_CLASSES;
    use crate::text::hash;

    #[test]
    fn every_weight_is_found_where_the_build_put_it() {
        let weights = Weights::embedded();
        for line in include_str!("weights.tsv").lines() {
            let (name, weight) = line.rsplit_once('\t').expect("a name and its weight");
            let class = NAME_CLASSES.iter().position(|class| name.ends_with(class));
            let found = if let Some(class) = class.filter(|_| name.starts_with("name")) {
                let feature = name.strip_suffix(NAME_CLASSES[class]).expect("it ends in it");
                weights.class_weights(hash(feature.as_bytes()), &NAME_CLASSES)[class]
            } else if name.contains('#') {
                continue;
            } else {
                weights.weight(hash(name.as_bytes()))
            };
            assert_eq!(Ok(found), weight.parse(), "{name}");
        }
        assert_eq!(weights.weight(hash(b"no such feature")), 0.0);
    }

    #[test]
    fn training_learns_what_tells_candidates_apart() {
        let mut f = Features::new(true);
        let mut candidate = |word: &str| {
            f.begin("m");
            feat!(f, "w=", word);
            f.take()
        };
        let examples: Vec<Example> = (0..20)
            .map(|_| Example {
                candidates: vec![candidate("good"), candidate("bad")],
                right: vec![0],
                weight: 1.0,
            })
            .collect();
        let weights = Weights::from_pairs(train(&examples, Training::default()));
        assert!(weights.score(&candidate("good")) > weights.score(&candidate("bad")) + 0.5);
    }
}
