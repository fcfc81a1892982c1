//! An article as far as it has been read, and what stands where around a title or a trigger: the lookups that the
//! features of [`args`](super::args) and [`slots`](super::slots) are made of.

use super::dates::DateSpan;
use super::doc::{Doc, Trigger, VerbTense, Voice};
use super::entities::{Entities, Form, Ref};
use super::features::Letters;
use super::names::{Name, NameType};
use super::net::{Answers, Question, Seen};
use super::roles::{RoleKind, RoleSpan};
use crate::lang::{Class, List, Part, Sense};
use crate::model::PartialDate;
use crate::text::Shape;
use std::ops::Range;

/// Everything that the earlier stages found in an article.
pub(crate) struct Context<'a> {
    pub(crate) doc: Doc<'a>,
    pub(crate) names: Vec<Name>,
    pub(crate) entities: Entities,
    pub(crate) roles: Vec<RoleSpan>,
    pub(crate) dates: Vec<DateSpan>,
    pub(crate) published: Option<PartialDate>,
    /// One symbol a token: what the path between two places looks like.
    pub(super) symbols: Vec<u8>,
    /// Entities by falling number of mentions, people and organisations apart; rank of each entity.
    pub(crate) rank: Vec<usize>,
    /// For each entity, in how many places a title stands with it ("direttore di Acme"), at most 9.
    pub(super) titled: Vec<u8>,
    /// Organisations, those spoken of most first.
    pub(super) firms_by_rank: Vec<usize>,
    /// References by sentence, and by entity.
    sentence_refs: Vec<Range<usize>>,
    entity_refs: Vec<Vec<usize>>,
    /// For each entity, in which of the first sixty sentences it stands, a bit each.
    opening: Vec<u64>,
    /// Date of the sentence's paragraph: last date before each sentence.
    pub(crate) date_context: Vec<Option<usize>>,
    /// The article as the neural reader sees it.
    pub(super) seen: Option<Seen>,
}

/// The frame of an item of a list.
const ITEM: &str = "appoint/item";
/// Longest item of a list in tokens.
const MAX_ITEM: usize = 45;

/// A title or trigger whose arguments are sought.
pub(crate) struct Anchor<'t> {
    pub(crate) tokens: Range<usize>,
    /// Sort of anchor: class, part of speech and side ("leave.verb", "role.title").
    pub(crate) sort: String,
    /// Sort with voice.
    pub(crate) voiced: String,
    /// The word itself.
    pub(crate) word: &'t str,
    pub(crate) trigger: Option<&'t Trigger>,
    pub(crate) role: Option<&'t RoleSpan>,
    /// Its number among the words that the neural reader is asked about.
    pub(super) span: usize,
    /// What the reader says of whom it speaks.
    pub(super) whom: Answers,
    /// What the reader is asked of its organisations.
    pub(super) firms: Question,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        doc: Doc<'a>,
        names: Vec<Name>,
        entities: Entities,
        roles: Vec<RoleSpan>,
        dates: Vec<DateSpan>,
        published: Option<PartialDate>,
    ) -> Self {
        let mut order: Vec<usize> = (0..entities.list.len()).collect();
        order.sort_by_key(|i| (usize::MAX - entities.list[*i].count, entities.list[*i].first));
        let mut rank = vec![0; order.len()];
        let firms_by_rank =
            order.iter().copied().filter(|i| !entities.list[*i].is_person).collect();
        let (mut people, mut firms) = (0, 0);
        for i in order {
            let counter = if entities.list[i].is_person { &mut people } else { &mut firms };
            rank[i] = *counter;
            *counter += 1;
        }
        let sentence_refs = doc
            .sentences
            .iter()
            .map(|s| {
                let a = entities.refs.partition_point(|r| r.tokens.start < s.tokens.start);
                let z = entities.refs.partition_point(|r| r.tokens.start < s.tokens.end);
                a..z
            })
            .collect();
        let mut entity_refs = vec![Vec::new(); entities.list.len()];
        for (i, r) in entities.refs.iter().enumerate() {
            entity_refs[r.entity].push(i);
        }
        let mut date_context = Vec::with_capacity(doc.sentences.len());
        let mut last = None;
        for s in &doc.sentences {
            date_context.push(last);
            let z = dates.partition_point(|d| d.tokens.start < s.tokens.end);
            if z > 0 && dates[z - 1].tokens.start >= s.tokens.start {
                last = Some(z - 1);
            }
        }
        let mut doc = doc;
        drop_inner_triggers(&mut doc, &names, &roles);
        let mut context = Context {
            doc,
            names,
            entities,
            roles,
            dates,
            published,
            symbols: Vec::new(),
            titled: Vec::new(),
            rank,
            firms_by_rank,
            sentence_refs,
            entity_refs,
            opening: Vec::new(),
            date_context,
            seen: None,
        };
        let mut opening = vec![0; context.entities.list.len()];
        for n in 0..context.doc.sentences.len().min(60) {
            context.refs_in(n).iter().for_each(|r| opening[r.entity] |= 1 << n);
        }
        context.opening = opening;
        context.add_items();
        context.symbols = context.symbolise();
        let mut titled = vec![0u8; context.entities.list.len()];
        for r in &context.entities.refs {
            if !context.entities.list[r.entity].is_person && context.role_of_firm(r).is_some() {
                titled[r.entity] = (titled[r.entity] + 1).min(9);
            }
        }
        context.titled = titled;
        context
    }

    /// Adds a trigger to every sentence that tells nothing by its words but has a person with an organisation or title: an
    /// item of a list, of which a sentence before says what happened to those in it.
    pub(super) fn add_items(&mut self) {
        let mut items = Vec::new();
        for n in 0..self.doc.sentences.len() {
            let range = self.doc.sentences[n].tokens.clone();
            let Some(frame) = self.doc.packs[n].frames.iter().position(|f| f.id == ITEM) else {
                continue;
            };
            let tells = |t: &Trigger| !sides(t.class).is_empty();
            let has = |person: bool| {
                self.refs_in(n).iter().any(|r| {
                    r.form == Form::Name && self.entities.list[r.entity].is_person == person
                })
            };
            let next = self.roles.partition_point(|r| r.tokens.start < range.start);
            let titled = self.roles.get(next).is_some_and(|r| range.contains(&r.tokens.start));
            if range.len() <= MAX_ITEM
                && has(true)
                && (has(false) || titled)
                && !self.triggers_in(n).iter().any(tells)
            {
                items.push(Trigger {
                    tokens: range.start..range.start + 1,
                    frame,
                    class: Class::Appoint,
                    part: Part::Phrase,
                    sense: Sense::Weak,
                    lemma: "(item)".to_owned(),
                    voice: Voice::None,
                    tense: VerbTense::None,
                    negated: false,
                });
            }
        }
        self.doc.triggers.extend(items);
        self.doc.triggers.sort_by_key(|t| t.tokens.start);
    }

    pub(super) fn symbolise(&self) -> Vec<u8> {
        let doc = &self.doc;
        let mut out: Vec<u8> = (0..doc.tokens.len())
            .map(|i| {
                let token = &doc.tokens[i];
                match token.lower.as_str() {
                    "," => return b',',
                    ";" | ":" => return b';',
                    "(" | ")" | "[" | "]" => return b'(',
                    "-" | "–" | "—" => return b'-',
                    "\"" | "“" | "”" | "«" | "»" => return b'"',
                    "by" => return b'y',
                    "'s" => return b'g',
                    "è" | "sono" | "era" | "is" | "was" | "are" | "were" | "been" | "stato"
                    | "stata" => return b'b',
                    "with" | "con" => return b'h',
                    _ => {}
                }
                for (list, symbol) in [
                    (List::RelativePronoun, b'w'),
                    (List::Coordinator, b'&'),
                    (List::FromWord, b'f'),
                    (List::OfWord, b'o'),
                    (List::AsWord, b'a'),
                    (List::AfterWord, b'z'),
                    (List::ToWord, b't'),
                    (List::ForWord, b'r'),
                    (List::Subordinator, b's'),
                    (List::FunctionWord, b'.'),
                ] {
                    if doc.is(i, list) {
                        return symbol;
                    }
                }
                if token.shape == Shape::Punct { b'.' } else { b'x' }
            })
            .collect();
        for d in &self.dates {
            out[d.tokens.clone()].fill(b'D');
        }
        for t in &doc.triggers {
            out[t.tokens.start] = if t.part == Part::Verb {
                b'V'
            } else if t.part == Part::Noun {
                b'N'
            } else {
                out[t.tokens.start]
            };
        }
        for r in &self.roles {
            out[r.tokens.clone()].fill(b'R');
        }
        for n in &self.names {
            let symbol = match n.name_type {
                NameType::Person => b'P',
                NameType::Organisation => b'O',
                NameType::Place => b'L',
                NameType::Other => b'M',
            };
            out[n.tokens.clone()].fill(symbol);
        }
        for r in &self.entities.refs {
            if r.form != Form::Name {
                out[r.tokens.clone()].fill(if self.entities.list[r.entity].is_person {
                    b'p'
                } else {
                    b'q'
                });
            }
        }
        out
    }

    /// Returns the symbols between two places, runs collapsed and function words left out.
    pub(crate) fn path(&self, from: usize, to: usize) -> Letters {
        let mut out = Letters::default();
        if to > from + 40 {
            b"far".iter().for_each(|letter| out.push(*letter));
            return out;
        }
        let mut last = 0;
        for &symbol in &self.symbols[from..to] {
            if symbol == b'.' || (symbol == last && symbol != b',') {
                continue;
            }
            last = symbol;
            out.push(symbol);
            if out.len() > 7 {
                out.push(b'+');
                break;
            }
        }
        out
    }

    /// Returns how many tokens with `symbol` begin between two places.
    pub(super) fn count(&self, symbol: u8, from: usize, to: usize) -> usize {
        let part = &self.symbols[from.min(to)..to.max(from)];
        part.iter()
            .enumerate()
            .filter(|(i, s)| **s == symbol && (*i == 0 || part[i - 1] != symbol))
            .count()
    }

    /// Returns whether `mention` stands before `anchor`, and the tokens between the two.
    pub(super) fn gap(mention: &Range<usize>, anchor: &Range<usize>) -> (bool, usize, usize) {
        let before = mention.end <= anchor.start;
        let (a, z) = if before { (mention.end, anchor.start) } else { (anchor.end, mention.start) };
        (before, a.min(z), a.max(z))
    }

    /// Returns the symbol of the preposition before a noun phrase that ends in the mention at `start`: articles, titles,
    /// honorifics and small words between are passed over. A dot where there is none.
    pub(crate) fn preposition(&self, start: usize) -> u8 {
        let range = &self.doc.sentence(start).tokens;
        let mut at = start;
        for _ in 0..6 {
            if at <= range.start {
                return b'^';
            }
            at -= 1;
            match self.symbols[at] {
                s @ (b'f' | b'o' | b't' | b'a' | b'r' | b'z' | b'y' | b'h' | b'g') => return s,
                b'R' | b'x'
                    if self.symbols[at] == b'R'
                        || self.doc.is(at, List::Honorific)
                        || self.doc.is(at, List::FirmNoun)
                        || self.doc.is(at, List::RolePre) => {}
                b'.' => {
                    let word = self.doc.tokens[at].lower.as_str();
                    if self.doc.tokens[at].shape == Shape::Punct
                        || !matches!(
                            word,
                            "il" | "lo"
                                | "la"
                                | "l'"
                                | "i"
                                | "gli"
                                | "le"
                                | "the"
                                | "a"
                                | "an"
                                | "un"
                                | "una"
                                | "uno"
                                | "its"
                                | "his"
                                | "her"
                                | "their"
                                | "ex"
                                | "former"
                        )
                    {
                        return b'.';
                    }
                }
                s => return s,
            }
        }
        b'.'
    }

    /// Returns the last reference to an entity before token `at`.
    pub(super) fn last_before(&self, entity: usize, at: usize) -> Option<&Ref> {
        let refs = &self.entity_refs[entity];
        let upto = refs.partition_point(|i| self.entities.refs[*i].tokens.start < at);
        Some(&self.entities.refs[refs[upto.checked_sub(1)?]])
    }

    /// Returns the triggers in sentence `n`.
    pub(super) fn triggers_in(&self, n: usize) -> &[Trigger] {
        let range = &self.doc.sentences[n].tokens;
        let first = self.doc.triggers.partition_point(|t| t.tokens.start < range.start);
        let end = self.doc.triggers.partition_point(|t| t.tokens.start < range.end);
        &self.doc.triggers[first..end]
    }

    /// Returns the numbers of the references to an entity, in the order of the text.
    pub(super) fn refs_of(&self, entity: usize) -> &[usize] {
        &self.entity_refs[entity]
    }

    /// Returns the references in sentence `n`.
    pub(crate) fn refs_in(&self, n: usize) -> &[Ref] {
        &self.entities.refs[self.sentence_refs[n].clone()]
    }

    /// Returns the mention of `entity` in sentence `n` that stands nearest to token `at`.
    pub(crate) fn nearest(&self, n: usize, entity: usize, at: &Range<usize>) -> Option<&Ref> {
        self.refs_in(n).iter().filter(|r| r.entity == entity).min_by_key(|r| {
            let gap = if r.tokens.end <= at.start {
                at.start - r.tokens.end
            } else {
                r.tokens.start.saturating_sub(at.end)
            };
            // A name counts before a possessive at the same distance.
            gap * 2 + usize::from(r.form == Form::Possessive)
        })
    }

    /// Returns the lists of people in the sentence of a token: names with nothing but commas and "and" between them.
    pub(crate) fn listed_people(&self, at: usize) -> Vec<Vec<usize>> {
        let n = self.doc.sentence_of[at] as usize;
        let mut out: Vec<Vec<usize>> = Vec::new();
        let mut last: Option<&Ref> = None;
        for r in self.refs_in(n) {
            if !self.entities.list[r.entity].is_person || r.form != Form::Name {
                continue;
            }
            let joined = last.is_some_and(|l| {
                let between = &self.symbols[l.tokens.end.min(r.tokens.start)..r.tokens.start];
                !between.is_empty() && between.iter().all(|s| matches!(s, b',' | b'&'))
            });
            match out.last_mut() {
                Some(group) if joined => group.push(r.entity),
                _ => out.push(vec![r.entity]),
            }
            last = Some(r);
        }
        out.retain(|group| group.len() > 1);
        out
    }

    /// Returns the people whom an anchor may speak of: those of its sentence, then whom the text spoke of before.
    pub(crate) fn people_near(&self, anchor: &Range<usize>) -> Vec<(usize, Option<Ref>, Reach)> {
        let n = self.doc.sentence_of[anchor.start] as usize;
        let mut out: Vec<(usize, Option<Ref>, Reach)> = Vec::new();
        for r in self.refs_in(n) {
            if self.entities.list[r.entity].is_person && !out.iter().any(|(e, ..)| *e == r.entity) {
                out.push((r.entity, self.nearest(n, r.entity, anchor).cloned(), Reach::Sentence));
            }
            if out.len() >= 24 {
                break;
            }
        }
        // Whom the sentences before spoke of: first and last person of the nearest one with people.
        for back in 1..=3 {
            let Some(m) = n.checked_sub(back) else { break };
            let people: Vec<&Ref> =
                self.refs_in(m).iter().filter(|r| self.entities.list[r.entity].is_person).collect();
            let (Some(first), Some(last)) = (people.first(), people.last()) else { continue };
            for (r, reach) in [(first, Reach::First), (last, Reach::Last)] {
                if !out.iter().any(|(e, ..)| *e == r.entity) {
                    out.push((r.entity, Some((*r).clone()), reach));
                }
            }
            break;
        }
        if let Some(top) = (0..self.entities.list.len())
            .find(|i| self.entities.list[*i].is_person && self.rank[*i] == 0)
            && !out.iter().any(|(e, ..)| *e == top)
        {
            out.push((top, None, Reach::Top));
        }
        // A headline speaks of whom the text names first.
        if n < self.doc.title || self.doc.sentences[n].is_line {
            let next = self
                .entities
                .refs
                .partition_point(|r| r.tokens.start < self.doc.sentences[n].tokens.end);
            if let Some(r) = self.entities.refs[next..]
                .iter()
                .find(|r| self.entities.list[r.entity].is_person && r.form == Form::Name)
                && !out.iter().any(|(e, ..)| *e == r.entity)
            {
                out.push((r.entity, Some(r.clone()), Reach::Next));
            }
        }
        out
    }

    /// Returns the mention before a verb that an insertion between commas parts from it: the first name in "Ada Neri, who
    /// answers to Ugo Berti, head of sales, joins".
    pub(super) fn distant_subject(&self, anchor: &Range<usize>, start: usize) -> Option<&Ref> {
        let last_comma = (start..anchor.start).rev().find(|i| self.symbols[*i] == b',')?;
        // Nothing that could be a subject of its own may stand between the last comma and the verb.
        let rest = &self.symbols[last_comma + 1..anchor.start];
        if rest.iter().any(|s| matches!(s, b'P' | b'p' | b'O' | b'q' | b'V' | b'w' | b's' | b'N')) {
            return None;
        }
        let n = self.doc.sentence_of[anchor.start] as usize;
        self.refs_in(n).iter().take_while(|r| r.tokens.end <= last_comma).find(|r| {
            let opens = r.tokens.start == start
                || matches!(
                    self.symbols[r.tokens.start - 1],
                    b';' | b's' | b'"' | b'-' | b'&' | b','
                )
                || (start..r.tokens.start)
                    .all(|i| matches!(self.symbols[i], b'.' | b'x' | b'R' | b'D'));
            opens && r.tokens.end < last_comma && self.symbols[r.tokens.end] == b','
        })
    }

    /// Returns the organisations that an anchor may mean: at most 24, those near it first.
    pub(crate) fn firms_near(&self, anchor: &Range<usize>) -> Vec<usize> {
        let n = self.doc.sentence_of[anchor.start] as usize;
        let mut out: Vec<usize> = Vec::new();
        for m in [Some(n), n.checked_sub(1), Some(n + 1), n.checked_sub(2)]
            .into_iter()
            .flatten()
            .filter(|m| *m < self.doc.sentences.len())
        {
            for r in self.refs_in(m) {
                if !self.entities.list[r.entity].is_person && !out.contains(&r.entity) {
                    out.push(r.entity);
                }
            }
        }
        out.truncate(18);
        for firm in &self.firms_by_rank {
            if out.len() == 24 {
                break;
            }
            if !out.contains(firm) {
                out.push(*firm);
            }
        }
        out
    }

    /// Returns the title whose complement the mention is: "direttore di Acme", "Acme's director", "Acme director".
    pub(super) fn role_of_firm(&self, mention: &Ref) -> Option<usize> {
        let after = self.roles.partition_point(|r| r.tokens.start < mention.tokens.start);
        let left = after.checked_sub(1).filter(|i| {
            let r = &self.roles[*i];
            let gap = mention.tokens.start.saturating_sub(r.tokens.end);
            gap <= 3
                && self.symbols[r.tokens.end.min(mention.tokens.start)..mention.tokens.start]
                    .iter()
                    .all(|s| matches!(s, b'o' | b'.' | b't' | b'r' | b'x'))
        });
        left.or_else(|| {
            let r = self.roles.get(after)?;
            let gap = r.tokens.start.checked_sub(mention.tokens.end)?;
            (gap <= 2
                && self.symbols[mention.tokens.end..r.tokens.start]
                    .iter()
                    .all(|s| matches!(s, b'g' | b'.')))
            .then_some(after)
        })
    }

    /// Returns whether the two stand together in some sentence of the first sixty.
    pub(super) fn together(&self, person: usize, firm: usize) -> bool {
        self.opening[person] & self.opening[firm] != 0
    }

    /// Returns whether a firm without a name stands near: "una start-up", "a rival", "un altro gruppo".
    pub(crate) fn unnamed_firm(&self, anchor: &Range<usize>) -> bool {
        let range = &self.doc.sentence(anchor.start).tokens;
        range.clone().any(|i| {
            self.doc.is(i, List::FirmNoun)
                && self.symbols[i] != b'q'
                && (1..=3).filter_map(|b| i.checked_sub(b)).take_while(|j| *j >= range.start).any(
                    |j| {
                        matches!(
                            self.doc.tokens[j].lower.as_str(),
                            "una"
                                | "un"
                                | "un'"
                                | "a"
                                | "an"
                                | "own"
                                | "propria"
                                | "proprio"
                                | "another"
                                | "new"
                                | "altra"
                                | "altro"
                        )
                    },
                )
        })
    }

    /// Returns the stretch between the clause boundaries around a trigger.
    pub(crate) fn clause(&self, anchor: &Range<usize>) -> Range<usize> {
        let range = &self.doc.sentence(anchor.start).tokens;
        let boundary = |i: usize| {
            matches!(self.symbols[i], b';' | b'w' | b's' | b'"')
                || (self.symbols[i] == b'&' && i + 1 < range.end && self.symbols[i + 1] == b'V')
        };
        let start =
            (range.start..anchor.start).rev().find(|i| boundary(*i)).map_or(range.start, |i| i + 1);
        let end = (anchor.end..range.end).find(|i| boundary(*i)).unwrap_or(range.end);
        start..end
    }

    /// Returns the anchor of a trigger; `side` tells the two people of "X succeeds Y" apart.
    pub(crate) fn trigger_anchor<'t>(&self, trigger: &'t Trigger, side: &str) -> Anchor<'t> {
        let part = match trigger.part {
            Part::Verb => "verb",
            Part::Noun => "noun",
            Part::Phrase => "phrase",
        };
        let sort = format!("{}{side}.{part}", trigger.class.as_str());
        let voiced = format!("{sort}.{}", trigger.voice.as_str());
        let order = sides(trigger.class).iter().position(|(suffix, _)| *suffix == side);
        let (people, firms) = match order.map(|n| (n, sides(trigger.class)[n].1)) {
            None => (Question::Holder, Question::Post),
            Some((n, side)) => (
                if n == 0 { Question::Mover } else { Question::Replaced },
                if side == Side::Join { Question::Joining } else { Question::Leaving },
            ),
        };
        let span = self.entities.refs.len() + self.doc.number_of(trigger);
        Anchor {
            tokens: trigger.tokens.clone(),
            sort,
            voiced,
            word: &trigger.lemma,
            trigger: Some(trigger),
            role: None,
            span,
            whom: self.people_seen(people, span),
            firms,
        }
    }

    /// Returns the anchor of a title.
    pub(crate) fn role_anchor<'t>(&'t self, role: usize) -> Anchor<'t> {
        let span = &self.roles[role];
        let sort = format!("role.{}", span.kind.as_str());
        let voiced = format!("{sort}.{}", span.prefix.as_str());
        let number = self.entities.refs.len() + self.doc.triggers.len() + role;
        Anchor {
            tokens: span.tokens.clone(),
            sort,
            voiced,
            word: &self.doc.tokens[span.head.start].lower,
            trigger: None,
            role: Some(span),
            span: number,
            whom: self.people_seen(Question::Holder, number),
            firms: Question::Post,
        }
    }
}

/// How the text reaches a person from an anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    Sentence,
    First,
    Last,
    Top,
    Next,
}

impl Reach {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Reach::Sentence => "sentence",
            Reach::First => "first",
            Reach::Last => "last",
            Reach::Top => "top",
            Reach::Next => "next",
        }
    }
}

/// Classes whose person begins something, ends something, or both for two people.
pub(crate) fn sides(class: Class) -> &'static [(&'static str, Side)] {
    match class {
        Class::Leave | Class::Remove | Class::Die | Class::End => &[("", Side::Leave)],
        Class::Appoint
        | Class::Join
        | Class::Promote
        | Class::Return
        | Class::Found
        | Class::Candidate
        | Class::Decline
        | Class::Swap => &[("", Side::Join)],
        Class::Replace => &[(".new", Side::Join), (".old", Side::Leave)],
        Class::Replaced => &[(".old", Side::Leave), (".new", Side::Join)],
        Class::Stay | Class::Lead | Class::Work => &[],
    }
}

/// Whether the person of an event leaves or joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    Leave,
    Join,
}

/// Returns a distance in tokens as one of eight steps.
pub(crate) fn bucket(distance: usize) -> usize {
    match distance {
        0..=3 => distance,
        4..=5 => 4,
        6..=8 => 6,
        9..=13 => 9,
        14..=22 => 14,
        _ => 23,
    }
}

/// Drops triggers that are part of a name or of a title ("delegato" in "amministratore delegato").
fn drop_inner_triggers(doc: &mut Doc<'_>, names: &[Name], roles: &[RoleSpan]) {
    let mut taken = vec![false; doc.tokens.len()];
    for tokens in names
        .iter()
        .map(|n| &n.tokens)
        .chain(roles.iter().filter(|r| r.kind != RoleKind::Helm).map(|r| &r.tokens))
    {
        taken[tokens.clone()].fill(true);
    }
    doc.triggers.retain(|t| !t.tokens.clone().all(|i| taken[i]));
}
