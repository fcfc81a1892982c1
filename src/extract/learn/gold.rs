//! What the gold and the marks of an article say, in the terms of the extractor's own reading of it.

use super::marks::{HeldMark, Marks, Placed};
use crate::extract::candidates::is_courtesy_title;
use crate::extract::context::{Context, Side, sides};
use crate::extract::doc::Doc;
use crate::extract::entities::{Entities, Form};
use crate::extract::events::Telling;
use crate::extract::gazetteer::Gazetteer;
use crate::extract::names::NameType;
use crate::lang::List;
use crate::model::Article;
use crate::text::fold;
use indexmap::IndexMap;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;

/// An annotated article.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The text.
    pub article: Article,
    /// Its gold.
    pub gold: Gold,
    /// Where the gold stands in the text.
    pub marks: Marks,
    /// Names with their types (`PER`, `ORG`, `LOC`, `MISC`), as written; those of people and organisations are read
    /// from the marks.
    pub names: Vec<(String, String)>,
}

impl Sample {
    /// Checks that the marks belong to the article and tell every move of the gold that is not optional.
    ///
    /// # Errors
    /// Says in a sentence what is wrong.
    pub fn check(&self) -> Result<(), String> {
        let doc = Doc::new(&self.article, &Gazetteer::new(false));
        let placed = self.marks.place(&doc)?;
        let told: Vec<usize> = placed.told.iter().flat_map(|(_, moves)| moves).copied().collect();
        for (number, g) in self.gold.moves.iter().enumerate() {
            if !g.optional && !told.contains(&number) {
                return Err(format!("move {number} ({}) has no mark", g.person));
            }
            if !placed.entities.iter().any(|e| e.is_person && e.name == g.person) && !g.optional {
                return Err(format!("{} of move {number} is not marked", g.person));
            }
        }
        match told.iter().find(|m| **m >= self.gold.moves.len()) {
            Some(m) => Err(format!("the gold has no move {m}")),
            None => Ok(()),
        }
    }
}

/// The gold of an article, as far as training reads it.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Gold {
    #[serde(default)]
    pub(super) moves: Vec<GoldMove>,
}

impl Gold {
    /// Returns the people of its moves, each as often as they move.
    pub(super) fn movers(&self) -> impl Iterator<Item = &str> {
        self.moves.iter().map(|m| m.person.as_str())
    }
}

/// One answer or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Answers {
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
    pub(super) fn all(&self) -> Vec<&str> {
        match self {
            Answers::None(()) => Vec::new(),
            Answers::One(word) => vec![word],
            Answers::Many(words) => words.iter().flatten().map(String::as_str).collect(),
        }
    }

    /// Returns whether there is an answer.
    pub(super) fn any(&self) -> bool {
        !self.all().is_empty()
    }

    /// Returns whether no answer is right too.
    pub(super) fn nullable(&self) -> bool {
        !self.any() || matches!(self, Answers::Many(words) if words.iter().any(Option::is_none))
    }
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct GoldMove {
    pub(super) person: String,
    #[serde(default)]
    pub(super) kind: Answers,
    #[serde(default)]
    pub(super) from_firm: Answers,
    #[serde(default)]
    pub(super) from_role: Answers,
    #[serde(default)]
    pub(super) to_firm: Answers,
    #[serde(default)]
    pub(super) to_role: Answers,
    #[serde(default)]
    pub(super) date: Answers,
    #[serde(default)]
    pub(super) status: Answers,
    #[serde(default)]
    pub(super) optional: bool,
}

impl GoldMove {
    /// Returns whether the move has the side: a departure has none to join, a hire from nowhere none to leave.
    fn has_side(&self, side: Side) -> bool {
        let kinds = self.kind.all();
        match side {
            Side::Leave => {
                self.from_firm.any() || self.from_role.any() || kinds.contains(&"departure")
            }
            Side::Join => {
                self.to_firm.any() || self.to_role.any() || kinds.iter().any(|k| *k != "departure")
            }
        }
    }
}

impl GoldMove {
    /// Returns whether the person is the successor among those of whom a trigger like "succeeds" tells `moves`.
    fn succeeds(&self, moves: &[&GoldMove]) -> bool {
        let leaves = |m: &GoldMove| m.kind.all().contains(&"departure");
        let comes = |m: &GoldMove| {
            matches!(m.kind.all().first(), Some(&("hire" | "return" | "founding"))) && !leaves(m)
        };
        let others = || moves.iter().filter(|m| m.person != self.person);
        comes(self) || !leaves(self) && !others().any(|m| comes(m))
    }
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
pub(super) fn role_fit(context: &Context<'_>, role: usize, answers: &Answers) -> u8 {
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

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// An article as read, with what gold and marks say of its entities, titles and triggers.
pub(super) struct Matched<'g> {
    pub(super) gold: &'g Gold,
    pub(super) placed: Placed,
    /// The marked entity of each entity that was read.
    marked: Vec<Option<usize>>,
}

impl<'g> Matched<'g> {
    pub(super) fn new(context: &Context<'_>, sample: &'g Sample) -> Self {
        Self::of_entities(&context.doc, &context.entities, sample)
    }

    pub(super) fn of_entities(doc: &Doc<'_>, entities: &Entities, sample: &'g Sample) -> Self {
        let placed = sample.marks.place(doc).unwrap_or_default();
        let marked = (0..entities.list.len())
            .map(|e| {
                let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
                for r in entities.refs.iter().filter(|r| r.entity == e && r.form == Form::Name) {
                    for (tokens, entity) in &placed.mentions {
                        let same = placed.entities[*entity].is_person == entities.list[e].is_person;
                        if same && overlap(tokens, &r.tokens) {
                            *votes.entry(*entity).or_default() +=
                                1 + 3 * usize::from(*tokens == r.tokens);
                        }
                    }
                }
                votes.into_iter().max_by_key(|(e, n)| (*n, usize::MAX - e)).map(|(e, _)| e)
            })
            .collect();
        Matched { gold: &sample.gold, placed, marked }
    }

    /// Returns whether entity `read` is the marked one.
    pub(super) fn is(&self, read: usize, marked: Option<usize>) -> bool {
        marked.is_some() && self.marked[read] == marked
    }

    /// Returns the marked entity that words refer to.
    pub(super) fn referent(&self, tokens: &Range<usize>) -> Option<usize> {
        self.placed
            .mentions
            .iter()
            .filter(|(m, _)| m.start <= tokens.start && tokens.end <= m.end)
            .min_by_key(|(m, _)| m.len())
            .map(|(_, entity)| *entity)
    }

    fn names(&self, marked: usize, person: &str) -> bool {
        self.placed.entities[marked].is_person && self.placed.entities[marked].name == person
    }

    /// Returns the moves of a person.
    pub(super) fn moves_of(&self, read: usize) -> Vec<&'g GoldMove> {
        let Some(marked) = self.marked[read] else { return Vec::new() };
        self.gold.moves.iter().filter(|m| self.names(marked, &m.person)).collect()
    }

    /// Returns the entities that one of the answers names.
    pub(super) fn firms(&self, context: &Context<'_>, answers: &Answers) -> Vec<usize> {
        let folded: Vec<String> = answers.all().into_iter().map(fold_firm).collect();
        if folded.is_empty() {
            return Vec::new();
        }
        let marked: Vec<usize> = (0..self.placed.entities.len())
            .filter(|m| {
                let e = &self.placed.entities[*m];
                !e.is_person
                    && (folded.contains(&fold_firm(&e.name))
                        || self.placed.mentions.iter().any(|(tokens, x)| {
                            x == m
                                && !tokens.is_empty()
                                && folded.contains(&fold_firm(context.doc.words(tokens)))
                        }))
            })
            .collect();
        (0..context.entities.list.len())
            .filter(|i| match self.marked[*i] {
                Some(m) => marked.contains(&m),
                None => {
                    let e = &context.entities.list[*i];
                    !e.is_person && folded.contains(&fold_firm(&e.name))
                }
            })
            .collect()
    }

    /// Returns the mark of a title that was read.
    pub(super) fn role_mark(&self, context: &Context<'_>, role: usize) -> Vec<&HeldMark> {
        let head = &context.roles[role].head;
        self.placed.roles.iter().filter(|m| overlap(&m.tokens, head)).collect()
    }

    /// Returns the marks of words that tell a job which lie on a trigger.
    pub(super) fn held_marks(&self, tokens: &Range<usize>) -> Vec<&HeldMark> {
        self.placed.held.iter().filter(|m| overlap(&m.tokens, tokens)).collect()
    }

    /// Returns the move of a person that a trigger tells on one of its sides.
    pub(super) fn told(
        &self,
        context: &Context<'_>,
        trigger: usize,
        suffix: &str,
        side: Side,
        person: usize,
    ) -> Option<&'g GoldMove> {
        let marked = self.marked[person]?;
        let trigger = &context.doc.triggers[trigger];
        let item = trigger.lemma == "(item)";
        let told: Vec<&GoldMove> = self
            .placed
            .told
            .iter()
            .filter(|(tokens, moves)| {
                overlap(tokens, &trigger.tokens)
                    || item && self.in_item(context, tokens, moves, trigger.tokens.start, marked)
            })
            .flat_map(|(_, moves)| moves)
            .filter_map(|m| self.gold.moves.get(*m))
            .collect();
        let two_sided = sides(trigger.class).len() > 1;
        let mut found: Vec<&GoldMove> = told
            .iter()
            .copied()
            .filter(|m| self.names(marked, &m.person))
            .filter(|m| !two_sided || m.succeeds(&told) == (suffix == ".new"))
            .collect();
        found.sort_by_key(|m| (m.optional, !m.has_side(side)));
        found.first().copied()
    }

    /// Returns whether a mark tells of a person in an item of a list: it stands in the item, or in a sentence that does not
    /// name the person.
    fn in_item(
        &self,
        context: &Context<'_>,
        tokens: &Range<usize>,
        moves: &[usize],
        item: usize,
        marked: usize,
    ) -> bool {
        let sentence_of = |at: usize| context.doc.sentence_of[at.min(context.doc.tokens.len() - 1)];
        let names = |at: usize| {
            self.placed.mentions.iter().any(|(m, e)| {
                *e == marked && !m.is_empty() && sentence_of(m.start) == sentence_of(at)
            })
        };
        let own = moves
            .iter()
            .filter_map(|m| self.gold.moves.get(*m))
            .any(|m| self.names(marked, &m.person));
        own && names(item)
            && (sentence_of(tokens.start) == sentence_of(item) || !names(tokens.start))
    }

    /// Returns the move that a telling tells.
    pub(super) fn told_by(&self, context: &Context<'_>, t: &Telling) -> Option<&'g GoldMove> {
        self.told(context, t.trigger, t.suffix, t.side, t.person)
    }
}

/// Returns the true spans of an article with their types: names of people and organisations by the marks, those of
/// places and other things wherever an annotated name stands.
pub(super) fn gold_names(doc: &Doc<'_>, sample: &Sample) -> IndexMap<(usize, usize), NameType> {
    let mut out = IndexMap::new();
    let mut taken = vec![false; doc.tokens.len()];
    let placed = sample.marks.place(doc).unwrap_or_default();
    for (tokens, entity) in &placed.mentions {
        let entity = &placed.entities[*entity];
        if let Some(span) = name_span(doc, &bare(doc, tokens), &entity.name) {
            taken[span.clone()].fill(true);
            let kind = if entity.is_person { NameType::Person } else { NameType::Organisation };
            out.insert((span.start, span.end), kind);
        }
    }
    // Where nobody annotated places, those that are widely known stand in.
    if sample.names.is_empty() {
        for hit in doc.hits.iter().filter(|h| h.tag.list == List::Place) {
            let span = hit.start..hit.end;
            if doc.tokens[hit.start].is_capitalised() && !taken[span.clone()].iter().any(|t| *t) {
                out.insert((span.start, span.end), NameType::Place);
            }
        }
    }
    let mut surfaces: Vec<(Vec<String>, NameType)> = sample
        .names
        .iter()
        .filter_map(|(kind, surface)| {
            let name_type = match kind.as_str() {
                "LOC" => NameType::Place,
                "MISC" => NameType::Other,
                _ => return None,
            };
            let words: Vec<String> =
                doc.packs.first()?.tokenize(surface).into_iter().map(|t| t.lower).collect();
            Some((words, name_type))
        })
        .filter(|(words, _)| !words.is_empty())
        .collect();
    surfaces.sort_by_key(|(words, _)| usize::MAX - words.len());
    for (words, name_type) in surfaces {
        for at in 0..doc.tokens.len() {
            let end = at + words.len();
            if end > doc.tokens.len()
                || taken[at..end].iter().any(|t| *t)
                || !doc.tokens[at..end].iter().zip(&words).all(|(t, w)| t.lower == *w)
            {
                continue;
            }
            if doc.tokens[at..end].iter().any(crate::text::Token::is_capitalised) {
                taken[at..end].fill(true);
                out.insert((at, end), name_type);
            }
        }
    }
    out
}

/// Returns a mention without quotation marks around it and without a genitive's "'s".
fn bare(doc: &Doc<'_>, tokens: &Range<usize>) -> Range<usize> {
    let mut out = tokens.clone();
    let quote = |i: usize| matches!(doc.tokens[i].lower.as_str(), "\"" | "“" | "”" | "«" | "»");
    if out.len() > 2 && quote(out.start) && quote(out.end - 1) {
        out = out.start + 1..out.end - 1;
    }
    if out.len() > 1 && doc.tokens[out.end - 1].lower == "'s" {
        out.end -= 1;
    }
    out
}

/// Lists of words that refer to what was named elsewhere, also where they have a capital ("la Società", "the Company").
const COMMON: [List; 4] = [List::PersonPronoun, List::Possessive, List::FirmNoun, List::PersonNoun];

/// Returns the part of a mention that is a name, or `None` where it is a common noun or a pronoun ("la banca", "she").
fn name_span(doc: &Doc<'_>, tokens: &Range<usize>, name: &str) -> Option<Range<usize>> {
    let words = fold(name);
    let words: Vec<&str> = words.split(' ').collect();
    let of_name = |i: usize| {
        let token = &doc.tokens[i];
        let folded = fold(&token.lower);
        !folded.is_empty() && folded.split(' ').all(|w| words.contains(&w))
    };
    let article = |i: usize| {
        matches!(
            doc.tokens[i].lower.as_str(),
            "the" | "il" | "lo" | "la" | "l'" | "i" | "gli" | "le" | "a" | "an" | "un" | "una"
        )
    };
    let mut start = tokens.start;
    while start < tokens.end
        && article(start)
        && !(of_name(start)
            && words.first().is_some_and(|w| fold(&doc.tokens[start].lower) == *w)
            && doc.tokens[start].is_capitalised())
    {
        start += 1;
    }
    while start + 1 < tokens.end && is_courtesy_title(doc, start) {
        start += 1;
    }
    let rest = start..tokens.end;
    let named = rest.clone().any(|i| doc.tokens[i].is_capitalised() && of_name(i));
    let whole = start == tokens.start
        && rest.clone().all(|i| !doc.tokens[i].is_word() || doc.tokens[i].is_capitalised())
        && !rest.is_empty()
        && (rest.start > doc.sentences[doc.sentence_of[rest.start] as usize].tokens.start
            || rest.len() > 1)
        && !rest.clone().all(|i| COMMON.iter().any(|list| doc.is(i, *list)));
    let first_capital =
        rest.clone().next().is_some_and(|i| doc.tokens[i].is_capitalised() || of_name(i));
    ((named && first_capital) || whole).then_some(rest)
}
