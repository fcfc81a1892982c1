//! Trains the weights from annotated articles: the same corpus gives the same bytes.
//!
//! The stages are trained in order, and each learns from what the stages before it say of articles that they were not
//! trained on (cross-fitting over [`FOLDS`] parts, article by article), so that a later stage learns how far it may
//! trust an earlier one. The same parts give the honest figures on the training corpus and the calibration.

mod descent;
mod examples;
mod funnel;
mod gold;
mod marks;
mod net;
mod spotter;

use super::doc::Doc;
use super::gazetteer::Gazetteer;
use super::linear::{Example, FeatureId, Features, Training, Weights, train};
use super::net::Net;
use super::segments::{self, Scores, Segmented};
use super::{Extractor, Options, claims, names, read};
use crate::model::{ArticleClaims, Language};
use crate::text::fold;
use examples::{
    alias_examples, keep_examples, kind_examples, merge_examples, position_examples,
    reading_examples, real_examples, reference_examples, telling_examples, title_examples,
};
use funnel::Funnel;
use gold::gold_names;
pub use gold::{Gold, Sample};
pub use marks::Marks;
use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Parts of the corpus that take turns in being left out.
pub const FOLDS: usize = 5;

struct Trainer<'s> {
    samples: &'s [Sample],
    /// The part of each sample.
    folds: Vec<usize>,
    gazetteer: Gazetteer,
    features: Features,
    /// Weights trained without each fold, and last those of the whole corpus.
    weights: Vec<Weights>,
    table: BTreeMap<FeatureId, f32>,
}

type Collected = Vec<Vec<Example>>;

impl<'s> Trainer<'s> {
    /// Trains one stage on what `collect` finds in each article, cross-fitted.
    fn stage(
        &mut self,
        name: &str,
        how: Training,
        report: &mut dyn FnMut(&str),
        collect: impl Fn(&Sample, &Gazetteer, &Weights, &mut Features) -> Vec<Example>,
    ) {
        let mut all: Collected = Vec::with_capacity(self.samples.len());
        for (i, sample) in self.samples.iter().enumerate() {
            all.push(collect(
                sample,
                &self.gazetteer,
                &self.weights[self.folds[i]],
                &mut self.features,
            ));
        }
        for fold in 0..=FOLDS {
            let part: Vec<Example> = all
                .iter()
                .enumerate()
                .filter(|(i, _)| fold == FOLDS || self.folds[*i] != fold)
                .flat_map(|(_, e)| e.iter().cloned())
                .collect();
            let pairs = train(&part, how);
            if fold == FOLDS {
                let yes = part
                    .iter()
                    .filter(|e| {
                        e.candidates.len() == 2 && e.candidates[1].is_empty() && e.right == [0]
                    })
                    .count();
                report(&format!(
                    "{name}: {} examples ({yes} yes), {} weights",
                    part.len(),
                    pairs.len()
                ));
                self.table.extend(pairs.iter().copied());
            }
            self.weights[fold].merge(Weights::from_pairs(pairs));
        }
        // How often the held-out choice is right, for each model of the stage.
        let mut right: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for (i, examples) in all.iter().enumerate() {
            for example in examples {
                let Some(id) = example.candidates.iter().flatten().next() else { continue };
                let name = self
                    .features
                    .names
                    .as_ref()
                    .and_then(|n| n.get(id))
                    .map_or("", |n| n.split(' ').next().unwrap_or(""));
                let scores: Vec<f32> = example
                    .candidates
                    .iter()
                    .map(|c| self.weights[self.folds[i]].score(c))
                    .collect();
                let best =
                    (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(0);
                let entry = right.entry(name.to_owned()).or_default();
                entry.0 += usize::from(example.right.contains(&best));
                entry.1 += 1;
            }
        }
        for (model, (right, of)) in right {
            report(&format!("  {model}: {right} of {of} right, held out"));
        }
    }
}

impl Trainer<'_> {
    /// Trains one pass over the names, cross-fitted.
    fn name_stage(
        &mut self,
        name: &str,
        report: &mut dyn FnMut(&str),
        collect: impl Fn(&Sample, &Gazetteer, &Weights, &mut Features) -> Vec<Segmented>,
    ) {
        let how = Training { epochs: 15, rate: 0.1, min_count: 5, ..Training::default() };
        let mut all: Vec<Vec<Segmented>> = Vec::with_capacity(self.samples.len());
        for (i, sample) in self.samples.iter().enumerate() {
            let weights = &self.weights[self.folds[i]];
            all.push(collect(sample, &self.gazetteer, weights, &mut self.features));
        }
        for fold in 0..=FOLDS {
            let part: Vec<&Segmented> = all
                .iter()
                .enumerate()
                .filter(|(i, _)| fold == FOLDS || self.folds[*i] != fold)
                .flat_map(|(_, sentences)| sentences)
                .collect();
            let pairs = segments::train(&part, how);
            if fold == FOLDS {
                self.table.extend(pairs.iter().copied());
            }
            self.weights[fold].merge(Weights::from_pairs(pairs));
        }
        let (mut right, mut found, mut gold) = (0, 0, 0);
        for (i, sentences) in all.iter().enumerate() {
            let weights = &self.weights[self.folds[i]];
            for s in sentences {
                let scores: Vec<Scores> = s
                    .features
                    .iter()
                    .map(|t| std::array::from_fn(|k| weights.score(&t[k])))
                    .collect();
                let best = segments::best(&s.tokens, &s.spans, &scores);
                let counted = |t: &usize| *t <= names::NameType::Organisation as usize;
                right += best.iter().filter(|(x, t)| counted(t) && s.gold[*x] == Some(*t)).count();
                found += best.iter().filter(|(_, t)| counted(t)).count();
                gold += s.gold.iter().flatten().filter(|t| counted(t)).count();
            }
        }
        report(&format!(
            "  {name}: {right} people and firms right of {found} found and {gold} there, held out"
        ));
    }
}

impl Trainer<'_> {
    /// Trains the neural spotter of names, cross-fitted.
    fn spotter_stage(&mut self) {
        let lesson = |sample: &Sample| {
            let doc = Doc::new(&sample.article, &self.gazetteer);
            spotter::lesson(&doc, &gold_names(&doc, sample))
        };
        let lessons: Vec<spotter::Lesson> = self.samples.iter().map(lesson).collect();
        let nets: Vec<Net> = (0..=FOLDS)
            .into_par_iter()
            .map(|fold| {
                let own = lessons.iter().zip(&self.folds).filter(|(_, f)| **f != fold);
                let own: Vec<&spotter::Lesson> = own.map(|(l, _)| l).collect();
                spotter::train(&own)
            })
            .collect();
        for (weights, net) in self.weights.iter_mut().zip(nets) {
            weights.spotter = Some(Arc::new(net));
        }
    }

    /// Trains the neural reader, cross-fitted.
    fn net_stage(&mut self, report: &mut dyn FnMut(&str)) {
        let mut lessons = Vec::with_capacity(self.samples.len());
        for (i, sample) in self.samples.iter().enumerate() {
            let weights = &self.weights[self.folds[i]];
            let context = read(&sample.article, &self.gazetteer, weights, &mut self.features);
            lessons.push(net::lesson(&context, sample));
        }
        let nets: Vec<(Net, String)> = (0..=FOLDS)
            .into_par_iter()
            .map(|fold| {
                let (out, own): (Vec<_>, Vec<_>) =
                    lessons.iter().zip(&self.folds).partition(|(_, f)| **f == fold);
                let own: Vec<&net::Lesson> = own.into_iter().map(|(l, _)| l).collect();
                let out: Vec<&net::Lesson> = out.into_iter().map(|(l, _)| l).collect();
                let spotter = self.weights[fold].spotter.as_ref();
                net::train(spotter.expect("its stage came before"), &own, &out)
            })
            .collect();
        for (fold, (net, line)) in nets.into_iter().enumerate() {
            if fold < FOLDS {
                report(&line);
            }
            self.weights[fold].net = Some(Arc::new(net));
        }
    }
}

/// Returns the part of each sample: articles that share a person who moves tell one story and stay together, so that
/// no part is judged by weights that have seen its stories; the parts are as even as the stories allow.
fn folds(samples: &[Sample]) -> Vec<usize> {
    let mut story: Vec<usize> = (0..samples.len()).collect();
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    for (i, sample) in samples.iter().enumerate() {
        for person in sample.gold.movers().filter(|p| p.contains(' ')) {
            let old = story[*told.entry(fold(person)).or_insert(i)];
            let own = story[i];
            for s in story[..=i].iter_mut().filter(|s| **s == own) {
                *s = old;
            }
        }
    }
    let mut of_story: BTreeMap<usize, usize> = BTreeMap::new();
    let mut sizes = [0; FOLDS];
    for s in &story {
        *of_story.entry(*s).or_insert(0) += 1;
    }
    for size in of_story.values_mut() {
        let smallest = (0..FOLDS).min_by_key(|f| sizes[*f]).unwrap_or(0);
        sizes[smallest] += *size;
        *size = smallest;
    }
    story.iter().map(|s| of_story[s]).collect()
}

/// The result of training.
pub struct Trained {
    /// The table of weights, as `src/extract/weights.tsv` holds it.
    pub table: String,
    net: Arc<Net>,
    /// Claims on each sample by weights that were not trained on it.
    pub held_out: Vec<ArticleClaims>,
}

/// Trains all stages on `samples`; `report` is told how each went.
pub fn learn(samples: &[Sample], options: &Options, report: &mut dyn FnMut(&str)) -> Trained {
    let mut trainer = Trainer {
        samples,
        folds: folds(samples),
        gazetteer: Gazetteer::new(options.knowledge),
        features: Features::new(true),
        weights: (0..=FOLDS).map(|_| Weights::default()).collect(),
        table: BTreeMap::new(),
    };
    trainer.spotter_stage();
    trainer.name_stage("name", report, |sample, gazetteer, weights, f| {
        let doc = Doc::new(&sample.article, gazetteer);
        names::learn::first_pass(&doc, &gold_names(&doc, sample), weights, f)
    });
    trainer.name_stage("name2", report, |sample, gazetteer, weights, f| {
        let doc = Doc::new(&sample.article, gazetteer);
        names::learn::second_pass(&doc, &gold_names(&doc, sample), weights, f)
    });
    trainer.stage("aliases", Training::default(), report, alias_examples);
    trainer.stage("references", Training::default(), report, reference_examples);
    trainer.stage("titles", Training::default(), report, title_examples);
    trainer.net_stage(report);
    trainer.stage("positions", Training::default(), report, position_examples);
    trainer.stage("tellings", Training::default(), report, telling_examples);
    trainer.stage("kinds", Training::default(), report, kind_examples);
    trainer.stage("events", Training::default(), report, merge_examples);
    trainer.stage("readings", Training::default(), report, reading_examples);
    trainer.stage("keep", Training { decay: 0.01, ..Training::default() }, report, keep_examples);
    trainer.stage("real", Training { decay: 0.01, ..Training::default() }, report, real_examples);
    for language in [Language::Italian, Language::English] {
        let mut funnel = Funnel::default();
        let own = samples.iter().enumerate().filter(|(_, s)| s.article.language == language);
        for (i, sample) in own {
            let weights = &trainer.weights[trainer.folds[i]];
            funnel.add(sample, &trainer.gazetteer, weights, &mut trainer.features);
        }
        report(&format!("{}: {}", language.as_str(), funnel.line()));
    }
    let held_out = samples
        .iter()
        .enumerate()
        .map(|(i, sample)| {
            let context = read(
                &sample.article,
                &trainer.gazetteer,
                &trainer.weights[trainer.folds[i]],
                &mut trainer.features,
            );
            claims::claims(
                &sample.article,
                &context,
                &trainer.weights[trainer.folds[i]],
                options,
                Vec::new(),
                &mut trainer.features,
            )
        })
        .collect();
    let names = trainer.features.names.take().unwrap_or_default();
    let mut lines: Vec<String> = trainer
        .table
        .iter()
        .filter_map(|(id, weight)| {
            names
                .get(id)
                .map(|name| format!("{}\t{weight:.3}\n", name.replace(['\t', '\n', '\r'], " ")))
        })
        .collect();
    lines.sort();
    let net = trainer.weights[FOLDS].net.clone().expect("its stage has trained it");
    Trained { table: lines.concat(), net, held_out }
}

impl Trained {
    /// Returns the parameters of the neural reader, as `src/extract/net.tsv` holds them.
    pub fn net(&self) -> String {
        self.net.to_table()
    }
}

impl Extractor {
    /// Returns an extractor that goes by what was just learnt.
    pub fn trained(options: &Options, trained: &Trained) -> Self {
        Extractor {
            gazetteer: Gazetteer::new(options.knowledge),
            weights: Weights::parse(&trained.table).with_net(trained.net.clone()),
            options: options.clone(),
        }
    }
}
