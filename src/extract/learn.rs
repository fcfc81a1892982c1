//! Trains the weights from annotated articles: the same corpus gives the same bytes.
//!
//! The stages are trained in order, and each learns from what the stages before it say of articles that they were not
//! trained on (cross-fitting over [`FOLDS`] parts, article by article), so that a later stage learns how far it may
//! trust an earlier one. The same parts give the honest figures on the training corpus and the calibration.

use super::args::{Context, FirmFacts, Reach, Side, sides};
use super::claims::decide;
use super::doc::Doc;
use super::events::{self, STATUS_CLASSES, Telling};
use super::gazetteer::Gazetteer;
use super::linear::{Example, FeatureId, Features, Training, Weights, train};
use super::names::{self, NameType, for_class};
use super::positions::{Holding, firm_candidates, holdings, tense_features};
use super::{Extractor, Options, claims, read};
use crate::lang::{Class, Sense};
use crate::model::{Article, ArticleClaims, PartialDate, Status};
use crate::text::fold;
use indexmap::IndexMap;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Parts of the corpus that take turns in being left out.
pub const FOLDS: usize = 5;

/// An annotated article.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The text.
    pub article: Article,
    /// Its gold.
    pub gold: Gold,
    /// Names with their types (`PER`, `ORG`, `LOC`, `MISC`), as written; empty where they were not annotated.
    pub names: Vec<(String, String)>,
}

/// The gold of an article, as far as training reads it.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Gold {
    #[serde(default)]
    moves: Vec<GoldMove>,
    #[serde(default)]
    positions: Vec<GoldPosition>,
}

/// One answer or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Answers {
    None(()),
    One(String),
    Many(Vec<Option<String>>),
}

impl Default for Answers {
    fn default() -> Self {
        Answers::None(())
    }
}

impl Answers {
    fn all(&self) -> Vec<&str> {
        match self {
            Answers::None(()) => Vec::new(),
            Answers::One(word) => vec![word],
            Answers::Many(words) => words.iter().flatten().map(String::as_str).collect(),
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
struct GoldMove {
    person: String,
    #[serde(default)]
    kind: Answers,
    #[serde(default)]
    from_firm: Answers,
    #[serde(default)]
    from_role: Answers,
    #[serde(default)]
    to_firm: Answers,
    #[serde(default)]
    to_role: Answers,
    #[serde(default)]
    date: Answers,
    #[serde(default)]
    status: Answers,
    #[serde(default)]
    optional: bool,
}

#[derive(Clone, Debug, Deserialize)]
struct GoldPosition {
    person: String,
    #[serde(default)]
    firm: Answers,
    #[serde(default)]
    role: Answers,
    #[serde(default)]
    tense: Answers,
    #[serde(default)]
    optional: bool,
}

const LEGAL: [&str; 27] = [
    "inc",
    "incorporated",
    "ltd",
    "limited",
    "spa",
    "plc",
    "gmbh",
    "corp",
    "corporation",
    "co",
    "company",
    "llc",
    "llp",
    "lp",
    "srl",
    "sa",
    "sas",
    "ag",
    "nv",
    "bv",
    "se",
    "ab",
    "asa",
    "oyj",
    "kgaa",
    "pty",
    "and",
];

fn fold_firm(text: &str) -> String {
    let folded = fold(text);
    let mut words: Vec<&str> = folded.split(' ').collect();
    if words.len() > 1 && words[0] == "the" {
        words.remove(0);
    }
    while words.len() > 1 && words.last().is_some_and(|w| LEGAL.contains(w)) {
        words.pop();
    }
    words.join(" ")
}

/// An article with what the gold says of its entities.
struct Matched<'g> {
    gold: &'g Gold,
    /// Gold person → entity.
    person: BTreeMap<&'g str, usize>,
}

impl<'g> Matched<'g> {
    fn new(context: &Context<'_>, gold: &'g Gold) -> Self {
        let mut person = BTreeMap::new();
        let names = gold
            .moves
            .iter()
            .map(|m| m.person.as_str())
            .chain(gold.positions.iter().map(|p| p.person.as_str()));
        for name in names {
            let words: Vec<String> = fold(name).split(' ').map(str::to_owned).collect();
            let found = context.entities.list.iter().position(|e| {
                e.is_person
                    && e.forms.iter().any(|form| {
                        *form == words
                            || (form.len() > 1
                                && words.len() > 1
                                && form.first() == words.first()
                                && form.last() == words.last())
                    })
            });
            if let Some(entity) = found {
                person.insert(name, entity);
            }
        }
        Matched { gold, person }
    }

    fn moves_of(&self, entity: usize) -> Vec<&'g GoldMove> {
        self.gold
            .moves
            .iter()
            .filter(|m| self.person.get(m.person.as_str()) == Some(&entity))
            .collect()
    }
}

/// Returns the entities that one of the answers names.
fn firms(context: &Context<'_>, answers: &Answers) -> Vec<usize> {
    let folded: Vec<String> = answers.all().into_iter().map(fold_firm).collect();
    (0..context.entities.list.len())
        .filter(|i| {
            let e = &context.entities.list[*i];
            !e.is_person
                && (folded.contains(&fold_firm(&e.name))
                    || e.forms.iter().any(|f| folded.contains(&f.join(" "))))
        })
        .collect()
}

fn fold_role(text: &str) -> String {
    let folded = fold(text);
    let mut words: Vec<&str> = folded.split(' ').collect();
    while words.len() > 1
        && matches!(
            words[0],
            "the" | "a" | "an" | "its" | "il" | "lo" | "la" | "l" | "un" | "una" | "uno"
        )
    {
        words.remove(0);
    }
    words.join(" ")
}

/// Returns how well a title fits the answers: 3 the same, 2 its head is that of an answer, 0 not.
fn role_fit(context: &Context<'_>, role: usize, answers: &Answers) -> u8 {
    let span = &context.roles[role];
    let text = fold_role(context.doc.words(&span.tokens));
    let head = fold(context.doc.words(&span.head));
    let mut best = 0;
    for answer in answers.all() {
        let answer = fold_role(answer);
        if answer == text {
            return 3;
        }
        let inside = |a: &str, b: &str| format!(" {b} ").contains(&format!(" {a} "));
        if inside(&head, &answer) || inside(&answer, &text) {
            best = 2;
        }
    }
    best
}

fn has(answers: &Answers) -> bool {
    !answers.all().is_empty()
}

/// What the gold lets one say of a trigger and a person.
#[derive(Clone, Copy, Debug)]
enum Label<'g> {
    /// It tells this move.
    Yes(&'g GoldMove),
    /// It tells no move of this person.
    No,
    /// The gold does not decide.
    Unknown,
}

/// The labels of an article's triggers and people.
struct Labels<'g> {
    by_pair: BTreeMap<(usize, &'static str, usize), Label<'g>>,
}

impl<'g> Labels<'g> {
    /// Gold says what happened, not which words tell it. So of the triggers that could tell a move those are taken for
    /// its tellings whose sentences hold most of its slots; those without any are left undecided.
    fn new(context: &Context<'_>, matched: &Matched<'g>) -> Self {
        let mut by_pair = BTreeMap::new();
        let mut open: Vec<((usize, &'static str, usize), i32, &'g GoldMove)> = Vec::new();
        for (number, trigger) in context.doc.triggers.iter().enumerate() {
            for (suffix, side) in sides(trigger.class) {
                let people = context.people_near(&trigger.tokens);
                let here = people.iter().filter(|p| p.2 == Reach::Sentence).count();
                for (person, _, reach) in people {
                    let key = (number, *suffix, person);
                    let mut fits: Vec<(i32, &GoldMove)> = matched
                        .moves_of(person)
                        .into_iter()
                        .filter_map(|g| evidence(context, number, *side, g).map(|e| (e, g)))
                        .collect();
                    fits.sort_by_key(|(e, g)| (-e, g.optional));
                    match fits.as_slice() {
                        [] => {
                            by_pair.insert(key, Label::No);
                        }
                        [(a, _), (b, _), ..] if a == b => {
                            by_pair.insert(key, Label::Unknown);
                        }
                        [(e, g), ..] => {
                            let far = reach != Reach::Sentence;
                            // A person told of elsewhere is not meant while others stand beside the trigger.
                            if far && here > 0 {
                                by_pair.insert(key, Label::No);
                            } else {
                                open.push((key, e - i32::from(far), g));
                            }
                        }
                    }
                }
            }
        }
        for (key, score, g) in &open {
            let best = open
                .iter()
                .filter(|(_, _, o)| std::ptr::eq(*o, *g))
                .map(|(_, s, _)| *s)
                .max()
                .unwrap_or(0);
            let sense = context.doc.triggers[key.0].sense;
            let label = match () {
                () if *score >= 4 && *score + 3 >= best => Label::Yes(g),
                () if *score >= 2 && (*score == best || sense == Sense::Sure) => Label::Yes(g),
                () if sense == Sense::Weak && *score < 2 => Label::No,
                () => Label::Unknown,
            };
            by_pair.insert(*key, label);
        }
        Labels { by_pair }
    }

    fn of(&self, trigger: usize, suffix: &'static str, person: usize) -> Label<'g> {
        self.by_pair.get(&(trigger, suffix, person)).copied().unwrap_or(Label::Unknown)
    }

    fn told(&self, telling: &Telling) -> Option<&'g GoldMove> {
        match self.of(telling.trigger, telling.suffix, telling.person) {
            Label::Yes(g) => Some(g),
            _ => None,
        }
    }
}

/// Returns how much of a gold move the sentence of a trigger holds, or `None` where the trigger cannot tell it.
fn evidence(context: &Context<'_>, trigger: usize, side: Side, g: &GoldMove) -> Option<i32> {
    let anchor = &context.doc.triggers[trigger];
    let n = context.doc.sentence_of[anchor.tokens.start] as usize;
    let range = &context.doc.sentences[n].tokens;
    let here: Vec<usize> = context.refs_in(n).iter().map(|r| r.entity).collect();
    let kinds = g.kind.all();
    let statuses = g.status.all();
    let fits = match side {
        Side::Leave => has(&g.from_firm) || has(&g.from_role) || kinds.contains(&"departure"),
        Side::Join => {
            has(&g.to_firm)
                || has(&g.to_role)
                || kinds
                    .iter()
                    .any(|k| matches!(*k, "hire" | "founding" | "return" | "role_change"))
        }
    };
    let founding = kinds.first() == Some(&"founding");
    let class_fits = match anchor.class {
        Class::Die => kinds.first() == Some(&"departure"),
        Class::Found => kinds.contains(&"founding"),
        Class::Return => kinds.contains(&"return"),
        Class::Candidate | Class::Decline => {
            statuses.iter().any(|s| matches!(*s, "rumoured" | "failed" | "denied"))
        }
        Class::Appoint | Class::Promote | Class::Replace | Class::Swap if side == Side::Join => {
            !founding
        }
        _ => true,
    };
    if !fits || !class_fits {
        return None;
    }
    let (own, other) =
        if side == Side::Join { (&g.to_firm, &g.from_firm) } else { (&g.from_firm, &g.to_firm) };
    let mut score = match anchor.sense {
        Sense::Sure => 2,
        Sense::Usual => 1,
        Sense::Weak => 0,
    };
    if firms(context, own).iter().any(|e| here.contains(e)) {
        score += 3;
    }
    if firms(context, other).iter().any(|e| here.contains(e)) {
        score += 1;
    }
    let (own_role, other_role) =
        if side == Side::Join { (&g.to_role, &g.from_role) } else { (&g.from_role, &g.to_role) };
    let roles_here: Vec<usize> = (0..context.roles.len())
        .filter(|r| range.contains(&context.roles[*r].tokens.start))
        .collect();
    let fit = |answers: &Answers| {
        roles_here.iter().map(|r| role_fit(context, *r, answers)).max().unwrap_or(0)
    };
    score += i32::from(fit(own_role)) + i32::from(fit(other_role) > 0);
    let month = |d: &str| d.chars().take(7).collect::<String>();
    let days: Vec<String> = g.date.all().into_iter().map(month).collect();
    if context
        .dates
        .iter()
        .any(|d| range.contains(&d.tokens.start) && days.contains(&month(&d.date.to_string())))
    {
        score += 2;
    }
    if matches!(anchor.class, Class::Return | Class::Found) {
        score += 1;
    }
    Some(score)
}

struct Trainer<'s> {
    samples: &'s [Sample],
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
                &self.weights[i % FOLDS],
                &mut self.features,
            ));
        }
        for fold in 0..=FOLDS {
            let part: Vec<Example> = all
                .iter()
                .enumerate()
                .filter(|(i, _)| fold == FOLDS || i % FOLDS != fold)
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
                let scores: Vec<f32> =
                    example.candidates.iter().map(|c| self.weights[i % FOLDS].score(c)).collect();
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

/// The result of training.
pub struct Trained {
    /// The table of weights, as `src/extract/weights.tsv` holds it.
    pub table: String,
    /// Claims on each sample by weights that were not trained on it.
    pub held_out: Vec<ArticleClaims>,
}

/// Trains all stages on `samples`; `report` is told how each went.
pub fn learn(samples: &[Sample], options: &Options, report: &mut dyn FnMut(&str)) -> Trained {
    let mut trainer = Trainer {
        samples,
        gazetteer: Gazetteer::new(options.knowledge),
        features: Features::new(true),
        weights: (0..=FOLDS).map(|_| Weights::default()).collect(),
        table: BTreeMap::new(),
    };
    let light = Training { epochs: 15, rate: 0.05, min_count: 3, ..Training::default() };
    trainer.stage("name", light, report, |sample, gazetteer, _, f| {
        let doc = Doc::new(&sample.article, gazetteer);
        match gold_names(&doc, sample) {
            Some(gold) => names::learn::first_pass(&doc, &gold, f),
            None => Vec::new(),
        }
    });
    trainer.stage("name2", light, report, |sample, gazetteer, weights, f| {
        let doc = Doc::new(&sample.article, gazetteer);
        match gold_names(&doc, sample) {
            Some(gold) => names::learn::second_pass(&doc, &gold, weights, f),
            None => Vec::new(),
        }
    });
    trainer.stage("positions", Training::default(), report, position_examples);
    trainer.stage("tellings", Training::default(), report, telling_examples);
    trainer.stage("events", Training::default(), report, merge_examples);
    trainer.stage("readings", Training::default(), report, reading_examples);
    trainer.stage("keep", Training { decay: 0.01, ..Training::default() }, report, keep_examples);
    let held_out = samples
        .iter()
        .enumerate()
        .map(|(i, sample)| {
            let context = read(
                &sample.article,
                &trainer.gazetteer,
                &trainer.weights[i % FOLDS],
                &mut trainer.features,
            );
            claims::claims(
                &sample.article,
                &context,
                &trainer.weights[i % FOLDS],
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
    Trained { table: lines.concat(), held_out }
}

impl Extractor {
    /// Returns an extractor with weights of its own table.
    pub fn with_table(options: &Options, table: &str) -> Self {
        Extractor {
            gazetteer: Gazetteer::new(options.knowledge),
            weights: Weights::parse(table),
            options: options.clone(),
        }
    }
}

/// Returns the true spans of an article with their types: every place where an annotated name stands, longest first.
fn gold_names(doc: &Doc<'_>, sample: &Sample) -> Option<IndexMap<(usize, usize), NameType>> {
    if sample.names.is_empty() {
        return None;
    }
    let mut surfaces: Vec<(Vec<String>, NameType)> = sample
        .names
        .iter()
        .filter_map(|(kind, surface)| {
            let name_type = match kind.as_str() {
                "PER" => NameType::Person,
                "ORG" => NameType::Organisation,
                "LOC" => NameType::Place,
                _ => NameType::Other,
            };
            let words: Vec<String> =
                doc.packs.first()?.tokenize(surface).into_iter().map(|t| t.lower).collect();
            Some((words, name_type))
        })
        .filter(|(words, _)| !words.is_empty())
        .collect();
    surfaces.sort_by_key(|(words, _)| usize::MAX - words.len());
    let mut taken = vec![false; doc.tokens.len()];
    let mut out = IndexMap::new();
    for (words, name_type) in surfaces {
        for at in 0..doc.tokens.len() {
            let end = at + words.len();
            if end > doc.tokens.len()
                || taken[at..end].iter().any(|t| *t)
                || !doc.tokens[at..end].iter().zip(&words).all(|(t, w)| t.lower == *w)
            {
                continue;
            }
            if doc.tokens[at..end].iter().any(super::super::text::Token::is_capitalised)
                || words.len() > 1 && doc.tokens[end - 1].is_capitalised()
            {
                taken[at..end].fill(true);
                out.insert((at, end), name_type);
            }
        }
    }
    Some(out)
}

fn position_examples(
    sample: &Sample,
    gazetteer: &Gazetteer,
    weights: &Weights,
    f: &mut Features,
) -> Vec<Example> {
    let context = read(&sample.article, gazetteer, weights, f);
    let matched = Matched::new(&context, &sample.gold);
    let mut out = Vec::new();
    for role in 0..context.roles.len() {
        let anchor = context.role_anchor(role);
        for (person, mention, reach) in context.people_near(&anchor.tokens) {
            // Positions of this person whose title this is; moves count as positions of their two sides.
            let mut right: Vec<(&Answers, Option<bool>, u8)> = Vec::new();
            let mut optional = false;
            for p in matched
                .gold
                .positions
                .iter()
                .filter(|p| matched.person.get(p.person.as_str()) == Some(&person))
            {
                let fit = role_fit(&context, role, &p.role);
                if fit > 0 {
                    right.push((&p.firm, Some(p.tense.all().first() == Some(&"former")), fit));
                    optional |= p.optional;
                }
            }
            for m in matched.moves_of(person) {
                for (r, firm) in [(&m.from_role, &m.from_firm), (&m.to_role, &m.to_firm)] {
                    let fit = role_fit(&context, role, r);
                    if fit > 0 && !right.iter().any(|(a, ..)| a.all() == firm.all()) {
                        right.push((firm, None, fit.saturating_sub(1)));
                    }
                }
            }
            let best = right.iter().map(|r| r.2).max().unwrap_or(0);
            right.retain(|r| r.2 == best);
            context.person_features("rp", &anchor, person, mention.as_ref(), reach, f);
            // A person of the position in another sentence than the title is told elsewhere as a rule.
            let far = reach != Reach::Sentence;
            let lone = !context
                .people_near(&anchor.tokens)
                .iter()
                .any(|(o, _, r)| *o != person && *r == Reach::Sentence);
            if !right.is_empty() && far && !lone {
                f.take();
                continue;
            }
            out.push(Example::binary(
                f.take(),
                !right.is_empty(),
                if optional { 0.3 } else { 1.0 },
            ));
            if right.is_empty() {
                continue;
            }
            // The organisation: of several positions with this title, the one whose firm stands nearest.
            let candidates: Vec<Option<usize>> =
                context.firms_near(&anchor.tokens).into_iter().map(Some).chain([None]).collect();
            let n = context.doc.sentence_of[anchor.tokens.start] as usize;
            let here: Vec<usize> = context.refs_in(n).iter().map(|r| r.entity).collect();
            let mut options: Vec<(Vec<usize>, Option<bool>)> =
                right.iter().map(|(a, t, _)| (firms(&context, a), *t)).collect();
            if options.iter().any(|(e, _)| e.iter().any(|x| here.contains(x))) {
                options.retain(|(e, _)| e.iter().any(|x| here.contains(x)));
            }
            let none_right = right.iter().all(|(a, ..)| !has(a));
            let right_firms: Vec<usize> =
                options.iter().flat_map(|(e, _)| e.iter().copied()).collect();
            let right_index: Vec<usize> = (0..candidates.len())
                .filter(|i| candidates[*i].map_or(none_right, |c| right_firms.contains(&c)))
                .collect();
            let others = here.iter().any(|e| !context.entities.list[*e].is_person);
            let told_here = none_right || !others || right_firms.iter().any(|e| here.contains(e));
            if !right_index.is_empty() && told_here {
                let facts = FirmFacts::default();
                let features = candidates
                    .iter()
                    .map(|c| {
                        context.firm_features("rf", &anchor, person, *c, &facts, f);
                        f.take()
                    })
                    .collect();
                out.push(Example { candidates: features, right: right_index, weight: 1.0 });
            }
            let tenses: Vec<bool> = options.iter().filter_map(|(_, t)| *t).collect();
            if let Some(first) = tenses
                .first()
                .filter(|t| tenses.iter().all(|o| o == *t))
                .filter(|t| !(**t && left(&context, &matched, person, &right_firms)))
            {
                tense_features(
                    &context,
                    &anchor,
                    person,
                    mention.as_ref(),
                    right_firms.first().copied(),
                    f,
                );
                out.push(Example::binary(f.take(), *first, 1.0));
            }
        }
    }
    for number in 0..context.doc.triggers.len() {
        let trigger = &context.doc.triggers[number];
        if !matches!(trigger.class, Class::Work | Class::Lead) || trigger.negated {
            continue;
        }
        let anchor = context.trigger_anchor(trigger, "");
        let n = context.doc.sentence_of[anchor.tokens.start] as usize;
        let here: Vec<usize> = context.refs_in(n).iter().map(|r| r.entity).collect();
        for (person, mention, reach) in context.people_near(&anchor.tokens) {
            let held: Vec<&GoldPosition> = matched
                .gold
                .positions
                .iter()
                .filter(|p| {
                    matched.person.get(p.person.as_str()) == Some(&person)
                        && firms(&context, &p.firm).iter().any(|e| here.contains(e))
                })
                .collect();
            context.person_features("wp", &anchor, person, mention.as_ref(), reach, f);
            out.push(Example::binary(f.take(), !held.is_empty(), 1.0));
            if held.is_empty() {
                continue;
            }
            let candidates: Vec<Option<usize>> =
                context.firms_near(&anchor.tokens).into_iter().map(Some).chain([None]).collect();
            let wanted: Vec<usize> = held.iter().flat_map(|p| firms(&context, &p.firm)).collect();
            let right: Vec<usize> = (0..candidates.len())
                .filter(|i| candidates[*i].is_some_and(|c| wanted.contains(&c)))
                .collect();
            let facts = FirmFacts::default();
            let features = candidates
                .iter()
                .map(|c| {
                    context.firm_features("wf", &anchor, person, *c, &facts, f);
                    f.take()
                })
                .collect();
            out.push(Example { candidates: features, right, weight: 1.0 });
            if let [one] = held.as_slice()
                && !left(&context, &matched, person, &wanted)
            {
                tense_features(
                    &context,
                    &anchor,
                    person,
                    mention.as_ref(),
                    wanted.first().copied(),
                    f,
                );
                out.push(Example::binary(
                    f.take(),
                    one.tense.all().first() == Some(&"former"),
                    1.0,
                ));
            }
        }
    }
    out
}

/// Returns whether the gold has the person leave one of the organisations: what the text tells of the position is then
/// overtaken by the move.
fn left(context: &Context<'_>, matched: &Matched<'_>, person: usize, held_at: &[usize]) -> bool {
    matched
        .moves_of(person)
        .iter()
        .any(|m| firms(context, &m.from_firm).iter().any(|e| held_at.contains(e)))
}

/// Returns the examples of choosing for one side: the gold's firms, or none.
#[allow(clippy::too_many_arguments, reason = "two call sites beside each other")]
fn firm_example(
    context: &Context<'_>,
    model: &str,
    anchor: &super::args::Anchor<'_>,
    person: usize,
    gold: &Answers,
    facts: &FirmFacts,
    primary: bool,
    f: &mut Features,
) -> Option<Example> {
    let candidates = firm_candidates(context, anchor, facts);
    let wanted: Vec<usize> =
        firms(context, gold).into_iter().filter(|w| facts.other_side != Some(*w)).collect();
    let internal = has(gold) && wanted.is_empty() && facts.other_side.is_some();
    let n = context.doc.sentence_of[anchor.tokens.start] as usize;
    let near: Vec<usize> = context.refs_in(n).iter().map(|r| r.entity).collect();
    let nullable = !has(gold)
        || internal
        || matches!(gold, Answers::Many(words) if words.iter().any(Option::is_none));
    let here = wanted.iter().any(|w| near.contains(w));
    // The far side of an event that this sentence does not speak of is none here: another telling gives it.
    let unsaid = !primary && !here && !wanted.iter().any(|w| facts.current.contains(w));
    // Where the sentence names others only, the gold's organisation was told by another trigger.
    let others =
        near.iter().any(|e| !context.entities.list[*e].is_person && facts.other_side != Some(*e));
    if primary && !wanted.is_empty() && !here && others {
        return None;
    }
    let right: Vec<usize> = (0..candidates.len())
        .filter(|i| candidates[*i].map_or(nullable || unsaid, |c| wanted.contains(&c) && !unsaid))
        .collect();
    if right.is_empty() {
        return None;
    }
    let features = candidates
        .iter()
        .map(|c| {
            context.firm_features(model, anchor, person, *c, facts, f);
            f.take()
        })
        .collect();
    Some(Example { candidates: features, right, weight: 1.0 })
}

#[allow(clippy::too_many_arguments, reason = "two call sites beside each other")]
fn role_example(
    context: &Context<'_>,
    held: &[Holding],
    model: &str,
    anchor: &super::args::Anchor<'_>,
    person: usize,
    gold: &Answers,
    firms: (Option<usize>, Option<usize>),
    f: &mut Features,
) -> Option<Example> {
    let candidates: Vec<Option<usize>> = events::role_candidates(context, held, anchor, person)
        .into_iter()
        .map(Some)
        .chain([None])
        .collect();
    let fits: Vec<u8> =
        candidates.iter().map(|c| c.map_or(0, |r| role_fit(context, r, gold))).collect();
    let best = fits.iter().copied().max().unwrap_or(0);
    let right: Vec<usize> = (0..candidates.len())
        .filter(|i| if best == 0 { candidates[*i].is_none() } else { fits[*i] == best })
        .collect();
    let features = candidates
        .iter()
        .map(|c| {
            let facts = events::role_facts(held, c.unwrap_or(usize::MAX), person, firms.0, firms.1);
            context.role_features(model, anchor, *c, &facts, f);
            f.take()
        })
        .collect();
    Some(Example { candidates: features, right, weight: 1.0 })
}

/// Returns the features of each class for a softmax over classes; names of new features are registered.
fn classed(f: &mut Features, classes: &[&str]) -> Vec<Vec<FeatureId>> {
    let ids = f.take();
    classes
        .iter()
        .map(|class| {
            let mixed: Vec<FeatureId> = ids.iter().map(|id| for_class(*id, class)).collect();
            if let Some(names) = &mut f.names {
                for (id, new) in ids.iter().zip(&mixed) {
                    if !names.contains_key(new) {
                        let name = format!("{}{class}", names[id]);
                        names.insert(*new, name);
                    }
                }
            }
            mixed
        })
        .collect()
}

fn telling_examples(
    sample: &Sample,
    gazetteer: &Gazetteer,
    weights: &Weights,
    f: &mut Features,
) -> Vec<Example> {
    let context = read(&sample.article, gazetteer, weights, f);
    let held = holdings(&context, weights, f);
    let matched = Matched::new(&context, &sample.gold);
    let mut out = Vec::new();
    let labels = Labels::new(&context, &matched);
    for (number, trigger) in context.doc.triggers.iter().enumerate() {
        for (suffix, side) in sides(trigger.class) {
            let anchor = context.trigger_anchor(trigger, suffix);
            for (person, mention, reach) in &context.people_near(&anchor.tokens) {
                let gold = match labels.of(number, suffix, *person) {
                    Label::Yes(gold) => Some(gold),
                    Label::No => None,
                    Label::Unknown => continue,
                };
                context.person_features("tp", &anchor, *person, mention.as_ref(), *reach, f);
                let weight = if gold.is_some_and(|g| g.optional) { 0.3 } else { 1.0 };
                out.push(Example::binary(f.take(), gold.is_some(), weight));
                let Some(gold) = gold else { continue };
                let person = *person;
                let (near, far) = if *side == Side::Join {
                    (&gold.to_firm, &gold.from_firm)
                } else {
                    (&gold.from_firm, &gold.to_firm)
                };
                let (first, second) = if *side == Side::Join { ("tt", "tf") } else { ("tf", "tt") };
                out.extend(firm_example(
                    &context,
                    first,
                    &anchor,
                    person,
                    near,
                    &events::firm_facts(&held, person, None),
                    true,
                    f,
                ));
                let near_firm = firms(&context, near).first().copied();
                out.extend(firm_example(
                    &context,
                    second,
                    &anchor,
                    person,
                    far,
                    &events::firm_facts(&held, person, near_firm),
                    false,
                    f,
                ));
                let from = firms(&context, &gold.from_firm).first().copied();
                let to = firms(&context, &gold.to_firm).first().copied();
                out.extend(role_example(
                    &context,
                    &held,
                    "rolefrom",
                    &anchor,
                    person,
                    &gold.from_role,
                    (from, to),
                    f,
                ));
                out.extend(role_example(
                    &context,
                    &held,
                    "roleto",
                    &anchor,
                    person,
                    &gold.to_role,
                    (to, from),
                    f,
                ));
                // Days.
                let days: Vec<String> =
                    gold.date.all().into_iter().map(|d| d.chars().take(7).collect()).collect();
                let candidates = events::date_candidates(&context, &anchor);
                let month = |d: usize| {
                    context.dates[d].date.to_string().chars().take(7).collect::<String>()
                };
                let mut right: Vec<usize> = (0..candidates.len())
                    .filter(|i| candidates[*i].is_some_and(|d| days.contains(&month(d))))
                    .collect();
                if right.is_empty() {
                    right = vec![candidates.len() - 1];
                }
                let features = candidates
                    .iter()
                    .map(|c| {
                        context.date_features(&anchor, *c, f);
                        f.take()
                    })
                    .collect();
                let date: Option<PartialDate> =
                    right.first().and_then(|i| candidates[*i]).map(|d| context.dates[d].date);
                out.push(Example { candidates: features, right, weight: 1.0 });
                context.status_features(&anchor, date, f);
                let right: Vec<usize> = gold
                    .status
                    .all()
                    .iter()
                    .filter_map(|s| Status::parse(s))
                    .map(|s| s as usize)
                    .collect();
                out.push(Example { candidates: classed(f, &STATUS_CLASSES), right, weight: 1.0 });
            }
        }
    }
    out
}

/// An article read up to its tellings.
fn told_of<'a>(
    sample: &'a Sample,
    gazetteer: &Gazetteer,
    weights: &Weights,
    f: &mut Features,
) -> (Context<'a>, Vec<Holding>, Vec<Telling>) {
    let context = read(&sample.article, gazetteer, weights, f);
    let held = holdings(&context, weights, f);
    let tellings = events::tellings(&context, &held, weights, f);
    (context, held, tellings)
}

fn merge_examples(
    sample: &Sample,
    gazetteer: &Gazetteer,
    weights: &Weights,
    f: &mut Features,
) -> Vec<Example> {
    let (context, _, tellings) = told_of(sample, gazetteer, weights, f);
    let matched = Matched::new(&context, &sample.gold);
    let labels = Labels::new(&context, &matched);
    let gold: Vec<Option<&GoldMove>> = tellings.iter().map(|t| labels.told(t)).collect();
    let mut out = Vec::new();
    for i in 0..tellings.len() {
        for j in i + 1..tellings.len().min(i + 60) {
            if tellings[i].person == tellings[j].person
                && let (Some(a), Some(b)) = (gold[i], gold[j])
            {
                events::merge_features(&context, &tellings[i], &tellings[j], f);
                out.push(Example::binary(f.take(), std::ptr::eq(a, b), 1.0));
            }
        }
    }
    out
}

fn side_right(context: &Context<'_>, answers: &Answers, firm: Option<usize>) -> bool {
    let nullable = matches!(answers, Answers::Many(words) if words.iter().any(Option::is_none));
    match firm {
        Some(f) => firms(context, answers).contains(&f),
        None => !has(answers) || nullable,
    }
}

/// Returns the gold move that most of a group's tellings tell.
fn group_gold<'g>(
    labels: &Labels<'g>,
    tellings: &[Telling],
    group: &[usize],
) -> Option<&'g GoldMove> {
    let mut sums: Vec<(f32, &GoldMove)> = Vec::new();
    for t in group.iter().map(|i| &tellings[*i]) {
        let Some(g) = labels.told(t) else { continue };
        match sums.iter_mut().find(|(_, o)| std::ptr::eq(*o, g)) {
            Some((sum, _)) => *sum += t.p,
            None => sums.push((t.p, g)),
        }
    }
    sums.into_iter().max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, g)| g)
}

fn reading_examples(
    sample: &Sample,
    gazetteer: &Gazetteer,
    weights: &Weights,
    f: &mut Features,
) -> Vec<Example> {
    let (context, held, tellings) = told_of(sample, gazetteer, weights, f);
    let matched = Matched::new(&context, &sample.gold);
    let labels = Labels::new(&context, &matched);
    let mut out = Vec::new();
    for group in events::groups(&context, &tellings, weights, f) {
        let event = events::fuse(&context, &tellings, &group);
        let Some(gold) = group_gold(&labels, &tellings, &group) else { continue };
        let readings = events::readings(&tellings, &event);
        let right: Vec<usize> =
            (0..readings.len()).filter(|i| reading_right(&context, gold, &readings[*i])).collect();
        if right.is_empty() {
            continue;
        }
        let candidates = readings
            .iter()
            .map(|r| {
                events::reading_features(&context, &tellings, &held, &event, r, f);
                f.take()
            })
            .collect();
        out.push(Example { candidates, right, weight: 1.0 });
    }
    out
}

fn reading_right(context: &Context<'_>, gold: &GoldMove, reading: &events::Reading) -> bool {
    let (kind, from, to) = *reading;
    gold.kind.all().contains(&kind.as_str())
        && side_right(context, &gold.from_firm, from)
        && side_right(context, &gold.to_firm, to)
}

fn keep_examples(
    sample: &Sample,
    gazetteer: &Gazetteer,
    weights: &Weights,
    f: &mut Features,
) -> Vec<Example> {
    let (context, held, tellings) = told_of(sample, gazetteer, weights, f);
    let matched = Matched::new(&context, &sample.gold);
    let mut out = Vec::new();
    for event in decide(&context, &held, &tellings, weights, f) {
        let reading = (event.kind, event.from, event.to);
        let gold = matched
            .moves_of(event.person)
            .into_iter()
            .find(|g| reading_right(&context, g, &reading));
        events::keep_features(&context, &tellings, &held, &event, f);
        if gold.is_some_and(|g| g.optional) {
            f.take();
            continue;
        }
        out.push(Example::binary(f.take(), gold.is_some(), 1.0));
    }
    out
}
