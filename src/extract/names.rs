//! Capitalised spans and what they name: untyped candidates first, then a choice by many votes.
//!
//! Every run of capitals with its linkers ("di", "of", "&") gives candidate spans; a log-linear model weighs each as
//! person, organisation, place or other name, from its words, its company and the word lists; the spans of a sentence are
//! chosen together ([`segments`]). A second pass adds what the rest of the article says of the same words.

use super::candidates::{candidates, is_legal_form};
use super::classes::NAME_CLASSES as CLASSES;
use super::doc::Doc;
use super::features::Letters;
pub(crate) use super::linear::for_class;
use super::linear::{Features, Weights, feat};
use super::net::grade;
use super::segments::{self, Scores};
use crate::lang::List;
use crate::text::Shape;
use indexmap::{IndexMap, IndexSet};
use rustc_hash::FxBuildHasher;
use std::ops::Range;

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NameType {
    Person,
    Organisation,
    Place,
    Other,
}

impl NameType {
    pub(crate) const ALL: [NameType; 4] =
        [NameType::Person, NameType::Organisation, NameType::Place, NameType::Other];
}

/// A typed name in the text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Name {
    pub(crate) tokens: Range<usize>,
    pub(crate) name_type: NameType,
    /// Probability that the span is a name of this type.
    pub(crate) p: f32,
}

/// Facts about the words of an article that its name candidates share.
pub(crate) struct Vocabulary {
    /// For each token, how often its word stands in lower case, in capitals inside a sentence, at a sentence's start.
    counts: Vec<[u32; 3]>,
}

impl Vocabulary {
    pub(crate) fn new(doc: &Doc<'_>) -> Self {
        let mut words: IndexMap<&str, [u32; 3], FxBuildHasher> = IndexMap::default();
        for sentence in &doc.sentences {
            for i in sentence.tokens.clone() {
                let token = &doc.tokens[i];
                if !token.is_word() {
                    continue;
                }
                let column = match () {
                    () if !token.is_capitalised() => 0,
                    () if i == sentence.tokens.start || doc.tokens[i - 1].shape == Shape::Punct => {
                        2
                    }
                    () => 1,
                };
                words.entry(&token.lower).or_insert([0; 3])[column] += 1;
            }
        }
        let counts = |word: &str| words.get(word).copied().unwrap_or_default();
        Vocabulary { counts: doc.tokens.iter().map(|t| counts(&t.lower)).collect() }
    }
}

/// Short names of the lists that speak for or against a name, in the features.
pub(super) const VOTES: [(List, &str); 22] = [
    (List::FunctionWord, "fn"),
    (List::SentenceStarter, "start"),
    (List::CommonWord, "common"),
    (List::Honorific, "hon"),
    (List::Month, "month"),
    (List::Weekday, "day"),
    (List::PersonNoun, "pnoun"),
    (List::FirmNoun, "fnoun"),
    (List::OrgHead, "ohead"),
    (List::OrgTail, "otail"),
    (List::Place, "place"),
    (List::Demonym, "demonym"),
    (List::NotName, "notname"),
    (List::Media, "media"),
    (List::RoleHead, "rhead"),
    (List::RoleAcronym, "racro"),
    (List::RolePre, "rpre"),
    (List::RolePost, "rpost"),
    (List::Field, "field"),
    (List::GivenName, "given"),
    (List::Surname, "surname"),
    (List::KnownFirm, "known"),
];

/// Returns the last `n` letters of a word, or all of it.
pub(super) fn suffix(word: &str, n: usize) -> &str {
    let at = word.char_indices().rev().nth(n - 1).map_or(0, |(i, _)| i);
    &word[at..]
}

/// Fills `f` with the features of the candidate `span` in sentence `n`; `seen` is what the neural spotter says of it.
fn span_features(
    doc: &Doc<'_>,
    vocabulary: &Vocabulary,
    n: usize,
    span: &Range<usize>,
    seen: Option<&Scores>,
    f: &mut Features,
) {
    let sentence = &doc.sentences[n];
    let range = &sentence.tokens;
    f.begin("name");
    feat!(f, "bias");
    let length = span.len();
    feat!(f, "len=", length.min(5));
    let (first, last) = (&doc.tokens[span.start], &doc.tokens[span.end - 1]);
    feat!(f, "first=", first.lower);
    feat!(f, "last=", last.lower);
    feat!(f, "last3=", suffix(&last.lower, 3));
    feat!(f, "last4=", suffix(&last.lower, 4));
    feat!(f, "first3=", suffix(&first.lower, 3), "/", length.min(3));
    if length > 2 {
        for i in span.start + 1..span.end - 1 {
            feat!(f, "inside=", doc.tokens[i].lower);
        }
    }
    if length == 1 {
        feat!(f, "only3=", suffix(&last.lower, 3));
        feat!(f, "onlyshape=", format_args!("{:?}", first.shape), "/", first.lower.len().min(6));
    }
    let mut shape = Letters::default();
    for i in span.clone() {
        let token = &doc.tokens[i];
        shape.push(match token.shape {
            Shape::Capital if token.lower.ends_with('.') && token.lower.len() <= 3 => b'I',
            Shape::Capital => b'C',
            Shape::Upper => b'U',
            Shape::Mixed => b'M',
            Shape::Number => b'9',
            Shape::Lower => b'l',
            Shape::Punct => b'-',
        });
        if token.shape == Shape::Lower || token.shape == Shape::Punct {
            feat!(f, "link=", token.lower);
        }
    }
    feat!(f, "shape=", shape);
    class_features(doc, n, span, f);
    let listed = doc.lists[span.clone()].iter().fold(0, |all, lists| all | lists);
    for (list, name) in VOTES {
        let bit = list.bit();
        if listed & bit == 0 {
            continue;
        }
        let (a, z) = (doc.lists[span.start] & bit != 0, doc.lists[span.end - 1] & bit != 0);
        if length == 1 {
            if a {
                feat!(f, "only:", name);
            }
        } else {
            if a {
                feat!(f, "first:", name);
            }
            if z {
                feat!(f, "last:", name);
            }
            if !a && !z {
                feat!(f, "in:", name);
            }
        }
    }
    let given = doc.is(span.start, List::GivenName);
    let surname = doc.is(span.end - 1, List::Surname);
    if length > 1 {
        feat!(f, "gs=", given, surname, "/", shape);
    }
    if is_legal_form(&last.lower) {
        feat!(f, "legal");
    }
    for hit in doc.hits_at(span.start) {
        if hit.end == span.end {
            feat!(f, "whole:", format_args!("{:?}", hit.tag.list));
        } else if hit.end < span.end && hit.end - hit.start > 1 {
            feat!(f, "head:", format_args!("{:?}", hit.tag.list));
        }
    }
    // Left and right neighbours.
    let at_start = span.start == range.start;
    let before = doc.lower_in(range, span.start as isize - 1);
    let before2 = doc.lower_in(range, span.start as isize - 2);
    let after = doc.lower_in(range, span.end as isize);
    let after2 = doc.lower_in(range, span.end as isize + 1);
    feat!(f, "b=", before);
    feat!(f, "a=", after);
    feat!(f, "b2=", before2, "_", before);
    feat!(f, "a2=", after, "_", after2);
    feat!(f, "b=", before, "/", length.min(3));
    feat!(f, "a=", after, "/", length.min(3));
    if span.start > range.start {
        let token = &doc.tokens[span.start - 1];
        if token.is_capitalised() {
            feat!(f, "leftcap/", span.start - 1 == range.start);
            feat!(f, "leftcap/rhead", doc.is(span.start - 1, List::RoleHead));
        }
        for (list, name) in [
            (List::RoleHead, "rhead"),
            (List::RoleAcronym, "racro"),
            (List::Honorific, "hon"),
            (List::FirmNoun, "fnoun"),
            (List::PersonNoun, "pnoun"),
            (List::OfWord, "of"),
            (List::FromWord, "from"),
            (List::ToWord, "to"),
            (List::RolePost, "rpost"),
            (List::OrgHead, "ohead"),
            (List::Field, "field"),
        ] {
            if doc.is(span.start - 1, list) {
                feat!(f, "b:", name, "/", length.min(3));
            }
        }
        if doc.is(span.start - 1, List::OfWord)
            && span.start >= range.start + 2
            && (doc.is(span.start - 2, List::RoleHead)
                || doc.is(span.start - 2, List::RoleAcronym)
                || doc.is(span.start - 2, List::RolePost))
        {
            feat!(f, "b:role-of");
        }
    }
    if span.end < range.end {
        let token = &doc.tokens[span.end];
        if token.is_capitalised() && token.spaced {
            feat!(f, "rightcap");
        }
        for (list, name) in
            [(List::RoleHead, "rhead"), (List::RoleAcronym, "racro"), (List::RolePre, "rpre")]
        {
            if doc.is(span.end, list) {
                feat!(f, "a:", name, "/", length.min(3));
            }
            if after == ","
                && span.end + 1 < range.end
                && (doc.is(span.end + 1, list)
                    || (span.end + 2 < range.end && doc.is(span.end + 2, list)))
            {
                feat!(f, "a,:", name, "/", length.min(3));
            }
        }
        if let Some(reading) = doc.packs[n].readings(&token.lower).next() {
            feat!(f, "averb=", doc.packs[n].lemma(reading), "/", length.min(2));
            feat!(f, "averb/", length.min(2));
        }
    }
    if span.start > range.start
        && let Some(reading) = doc.packs[n].readings(&doc.tokens[span.start - 1].lower).next()
    {
        feat!(f, "bverb=", doc.packs[n].lemma(reading));
    }
    if at_start {
        feat!(
            f,
            "atstart/",
            length.min(3),
            "/",
            doc.is(span.start, List::SentenceStarter) || doc.is(span.start, List::CommonWord)
        );
    }
    if sentence.is_line {
        feat!(f, "line/", length.min(3));
    }
    let capitals = range.clone().filter(|i| doc.tokens[*i].is_capitalised()).count();
    if capitals * 10 > range.len() * 6 && range.len() > 3 {
        feat!(f, "titlecase/", length.min(3), "/", doc.is(span.start, List::CommonWord));
    }
    // What the rest of the article does with these words.
    let (mut lowered, mut inner) = (0, 0);
    for i in span.clone() {
        let [low, middle, _] = vocabulary.counts[i];
        lowered += u32::from(low > 0 && doc.tokens[i].is_capitalised());
        inner += u32::from(middle > 0);
    }
    feat!(f, "lowered=", lowered.min(2), "/", length.min(3));
    if at_start || span.start > range.start && doc.tokens[span.start - 1].shape == Shape::Punct {
        let [low, middle, start] = vocabulary.counts[span.start];
        feat!(f, "firstseen=", low.min(2), middle.min(2), start.min(2), "/", length.min(2));
    }
    feat!(f, "inner=", inner.min(3), "/", length.min(3));
    if let Some(seen) = seen {
        let any: f32 = seen.iter().sum();
        feat!(f, "seen=", grade(any));
        for (p, class) in seen.iter().zip(CLASSES) {
            feat!(f, "seen", class, "=", grade(*p));
            feat!(f, "seen", class, "=", grade(*p), "/", length.min(3));
        }
    }
}

/// Adds what the words of a span and its neighbours mean, roughly.
fn class_features(doc: &Doc<'_>, n: usize, span: &Range<usize>, f: &mut Features) {
    let range = &doc.sentences[n].tokens;
    let length = span.len().min(3);
    for bits in [5, 8, 11] {
        if span.len() == 1 {
            if let Some(c) = doc.class(span.start, bits) {
                feat!(f, "only~", bits, "=", c);
            }
            continue;
        }
        if let Some(c) = doc.class(span.start, bits) {
            feat!(f, "first~", bits, "=", c);
            feat!(f, "first~", bits, "=", c, "/", length);
        }
        if let Some(c) = doc.class(span.end - 1, bits) {
            feat!(f, "last~", bits, "=", c);
            feat!(f, "last~", bits, "=", c, "/", length);
        }
        if bits < 11 {
            for i in span.start + 1..span.end - 1 {
                if let Some(c) = doc.class(i, bits) {
                    feat!(f, "inside~", bits, "=", c);
                }
            }
        }
    }
    let mut sequence = Letters::default();
    for i in span.clone().take(4) {
        sequence.push(doc.class(i, 5).map_or(b'?', |class| b'A' + class as u8));
    }
    feat!(f, "classes=", sequence);
    for bits in [5, 8] {
        for back in 1..=2 {
            if span.start >= range.start + back
                && let Some(c) = doc.class(span.start - back, bits)
            {
                feat!(f, "b", back, "~", bits, "=", c, "/", length);
            }
            if span.end + back <= range.end
                && let Some(c) = doc.class(span.end + back - 1, bits)
            {
                feat!(f, "a", back, "~", bits, "=", c, "/", length);
            }
        }
    }
}

/// A sentence's candidates with their scores.
struct Scored {
    spans: Vec<Range<usize>>,
    scores: Vec<Scores>,
}

impl Scored {
    fn marginals(&self, doc: &Doc<'_>, n: usize) -> Vec<Scores> {
        segments::marginals(&doc.sentences[n].tokens, &self.spans, &self.scores)
    }

    /// Returns the names of the best segmentation.
    fn best(&self, doc: &Doc<'_>, n: usize, p: &[Scores]) -> Vec<Name> {
        segments::best(&doc.sentences[n].tokens, &self.spans, &self.scores)
            .into_iter()
            .map(|(i, t)| Name {
                tokens: self.spans[i].clone(),
                name_type: NameType::ALL[t],
                p: p[i][t],
            })
            .collect()
    }
}

/// Votes of the first pass on the words of the article's names.
#[derive(Default)]
struct Votes {
    /// Hash of each token's word in lower case.
    words: Vec<u64>,
    /// By the [`words_hash`] of the name.
    whole: IndexMap<u64, [f32; 4], FxBuildHasher>,
    last_of_person: IndexSet<u64, FxBuildHasher>,
    first_of_person: IndexSet<u64, FxBuildHasher>,
    word_of_firm: IndexSet<u64, FxBuildHasher>,
}

impl Votes {
    /// Returns a hash of the words of a span, whatever their capitals.
    fn words_hash(&self, span: &Range<usize>) -> u64 {
        self.words[span.clone()]
            .iter()
            .fold(0, |h: u64, word| (h.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }
}

fn votes(doc: &Doc<'_>, names: &[Name]) -> Votes {
    let words = doc.tokens.iter().map(|t| crate::text::hash(t.lower.as_bytes())).collect();
    let mut votes = Votes { words, ..Votes::default() };
    for name in names {
        let whole = votes.words_hash(&name.tokens);
        votes.whole.entry(whole).or_default()[name.name_type as usize] += name.p;
        if name.tokens.len() > 1 {
            match name.name_type {
                NameType::Person => {
                    votes.last_of_person.insert(votes.words[name.tokens.end - 1]);
                    votes.first_of_person.insert(votes.words[name.tokens.start]);
                }
                NameType::Organisation => {
                    for i in name
                        .tokens
                        .clone()
                        .filter(|i| doc.tokens[*i].is_capitalised() && !doc.is(*i, List::OrgHead))
                    {
                        votes.word_of_firm.insert(votes.words[i]);
                    }
                }
                _ => {}
            }
        }
    }
    votes
}

fn vote_features(doc: &Doc<'_>, votes: &Votes, span: &Range<usize>, p: &Scores, f: &mut Features) {
    f.begin("name2");
    feat!(f, "bias");
    let single = u8::from(span.len() == 1);
    // The first pass's log odds in steps.
    let odds = |p: f32| ((p.max(1e-4) / (1.0 - p).max(1e-4)).ln() * 1.2).round();
    for (p, class) in p.iter().zip(CLASSES) {
        feat!(f, "p", class, "=", odds(*p));
    }
    let top = (0..CLASSES.len()).max_by(|a, b| p[*a].total_cmp(&p[*b])).unwrap_or(0);
    feat!(f, "best=", CLASSES[top], "/", odds(p[top]));
    feat!(f, "any=", odds(p.iter().sum()));
    if let Some(whole) = votes.whole.get(&votes.words_hash(span)) {
        for (vote, class) in whole.iter().zip(CLASSES) {
            if *vote > 0.0 {
                feat!(f, "whole", class, "=", vote.round().min(4.0), "/", single);
            }
        }
    } else {
        feat!(f, "whole-never/", single);
    }
    // Whether a part of it, or it and its neighbours, are a name in another place.
    let known = |part: Range<usize>| {
        let votes = votes.whole.get(&votes.words_hash(&part))?;
        (0..CLASSES.len()).max_by(|a, b| votes[*a].total_cmp(&votes[*b])).map(|t| CLASSES[t])
    };
    let capital = |i: usize| doc.tokens[i].is_capitalised();
    for cut in span.start + 1..span.end {
        if let Some(class) = known(span.start..cut).filter(|_| capital(cut - 1)) {
            feat!(f, "prefix", class, "/", doc.tokens[cut].lower);
            feat!(f, "prefix", class, "/capital=", capital(cut));
        }
        if let Some(class) = known(cut..span.end).filter(|_| capital(cut)) {
            feat!(f, "suffix", class, "/", doc.tokens[cut - 1].lower);
            feat!(f, "suffix", class, "/capital=", capital(cut - 1));
        }
    }
    let sentence = &doc.sentence(span.start).tokens;
    for longer in 1..=3 {
        if span.end + longer <= sentence.end
            && let Some(class) = known(span.start..span.end + longer)
        {
            feat!(f, "longer-right", class);
        }
        if span.start >= sentence.start + longer
            && let Some(class) = known(span.start - longer..span.end)
        {
            feat!(f, "longer-left", class);
        }
    }
    let (first, last) = (&votes.words[span.start], &votes.words[span.end - 1]);
    if votes.last_of_person.contains(last) {
        feat!(f, "last-of-person/", span.len().min(3));
    }
    if votes.first_of_person.contains(first) {
        feat!(f, "first-of-person/", span.len().min(3));
    }
    if votes.word_of_firm.contains(first) {
        feat!(f, "word-of-firm/", span.len().min(3));
    }
}

/// The candidates of a sentence with their probabilities.
type Weighed = (Vec<Range<usize>>, Vec<Scores>);

/// Candidates of each sentence with what the neural spotter says of them.
struct Spotted {
    spans: Vec<Range<usize>>,
    seen: Option<Vec<Scores>>,
}

impl Spotted {
    fn seen(&self, span: usize) -> Option<&Scores> {
        self.seen.as_ref().map(|seen| &seen[span])
    }
}

fn spotted(doc: &Doc<'_>, weights: &Weights) -> Vec<Spotted> {
    let spans: Vec<_> = (0..doc.sentences.len()).map(|n| candidates(doc, n)).collect();
    let seen = weights.spotter.as_ref().map(|net| net.spot(doc, &spans));
    let mut seen = seen.into_iter().flatten();
    spans.into_iter().map(|spans| Spotted { spans, seen: seen.next() }).collect()
}

/// What the first pass says of every sentence: its candidates and their probabilities, and the votes of its names.
fn first_pass(doc: &Doc<'_>, weights: &Weights, f: &mut Features) -> (Vec<Weighed>, Votes) {
    let vocabulary = Vocabulary::new(doc);
    let mut names = Vec::new();
    let sentences = spotted(doc, weights)
        .into_iter()
        .enumerate()
        .map(|(n, spotted)| {
            let scores = (0..spotted.spans.len())
                .map(|i| {
                    let span = &spotted.spans[i];
                    span_features(doc, &vocabulary, n, span, spotted.seen(i), f);
                    weights.class_scores(&f.ids, &CLASSES)
                })
                .collect();
            let spans = spotted.spans;
            let scored = Scored { spans, scores };
            let p = scored.marginals(doc, n);
            names.extend(scored.best(doc, n, &p));
            (scored.spans, p)
        })
        .collect();
    (sentences, votes(doc, &names))
}

/// Returns the names of an article in order.
pub(crate) fn names(doc: &Doc<'_>, weights: &Weights, f: &mut Features) -> Vec<Name> {
    let (sentences, votes) = first_pass(doc, weights, f);
    let mut out = Vec::new();
    for (n, (spans, first)) in sentences.into_iter().enumerate() {
        let scores = spans
            .iter()
            .zip(&first)
            .map(|(span, p)| {
                vote_features(doc, &votes, span, p, f);
                weights.class_scores(&f.ids, &CLASSES)
            })
            .collect();
        let scored = Scored { spans, scores };
        let p = scored.marginals(doc, n);
        out.extend(scored.best(doc, n, &p));
    }
    out
}

/// Training examples of the two passes; `gold` types the true spans.
pub(crate) mod learn {
    use super::{
        CLASSES, Doc, Features, NameType, Vocabulary, Weights, first_pass as run, for_class,
        span_features, spotted, vote_features,
    };
    use crate::extract::linear::FeatureId;
    use crate::extract::segments::{Segmented, TYPES};
    use indexmap::IndexMap;
    use std::ops::Range;

    pub(crate) type GoldNames = IndexMap<(usize, usize), NameType>;

    /// Returns the features of each class; names of new features are registered.
    fn per_class(f: &mut Features) -> [Vec<FeatureId>; TYPES] {
        let ids = f.take();
        CLASSES.map(|class| {
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
    }

    /// Returns the type of each span that is a name.
    pub(crate) fn types(gold: &GoldNames, spans: &[Range<usize>]) -> Vec<Option<usize>> {
        spans.iter().map(|s| gold.get(&(s.start, s.end)).map(|t| *t as usize)).collect()
    }

    /// Returns the examples of the first pass.
    pub(crate) fn first_pass(
        doc: &Doc<'_>,
        gold: &GoldNames,
        weights: &Weights,
        f: &mut Features,
    ) -> Vec<Segmented> {
        let vocabulary = Vocabulary::new(doc);
        spotted(doc, weights)
            .into_iter()
            .enumerate()
            .map(|(n, spotted)| {
                let features = (0..spotted.spans.len())
                    .map(|i| {
                        let span = &spotted.spans[i];
                        span_features(doc, &vocabulary, n, span, spotted.seen(i), f);
                        per_class(f)
                    })
                    .collect();
                let spans = spotted.spans;
                let gold = types(gold, &spans);
                Segmented { tokens: doc.sentences[n].tokens.clone(), spans, features, gold }
            })
            .collect()
    }

    /// Returns the examples of the second pass, the first one done with `weights`.
    pub(crate) fn second_pass(
        doc: &Doc<'_>,
        gold: &GoldNames,
        weights: &Weights,
        f: &mut Features,
    ) -> Vec<Segmented> {
        let (sentences, votes) = run(doc, weights, f);
        sentences
            .into_iter()
            .enumerate()
            .map(|(n, (spans, first))| {
                let features = spans
                    .iter()
                    .zip(&first)
                    .map(|(span, p)| {
                        vote_features(doc, &votes, span, p, f);
                        per_class(f)
                    })
                    .collect();
                let gold = types(gold, &spans);
                Segmented { tokens: doc.sentences[n].tokens.clone(), spans, features, gold }
            })
            .collect()
    }
}
