//! What stands around a title or a trigger: the features by which people, organisations, titles and dates are chosen for it.

use super::dates::DateSpan;
use super::doc::{Doc, Trigger, VerbTense, Voice};
use super::entities::{Entities, Form, Ref};
use super::linear::{Features, feat};
use super::names::{Name, NameType};
use super::roles::{RoleKind, RoleSpan};
use crate::lang::{Class, CueClass, List, Part, Scope, Sense};
use crate::model::{Language, PartialDate};
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
    symbols: Vec<u8>,
    /// Entities by falling number of mentions, people and organisations apart; rank of each entity.
    pub(crate) rank: Vec<usize>,
    /// For each entity, in how many places a title stands with it ("direttore di Acme"), at most 9.
    titled: Vec<u8>,
    /// Best mention-index lookups: references by sentence.
    sentence_refs: Vec<Range<usize>>,
    /// Date of the sentence's paragraph: last date before each sentence.
    pub(crate) date_context: Vec<Option<usize>>,
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
            sentence_refs,
            date_context,
        };
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
    fn add_items(&mut self) {
        let mut items = Vec::new();
        for n in 0..self.doc.sentences.len() {
            let range = self.doc.sentences[n].tokens.clone();
            let Some(frame) = self.doc.packs[n].frames.iter().position(|f| f.id == ITEM) else {
                continue;
            };
            let inside = |tokens: &Range<usize>| range.contains(&tokens.start);
            let tells = |t: &Trigger| inside(&t.tokens) && !sides(t.class).is_empty();
            let has = |person: bool| {
                self.refs_in(n).iter().any(|r| {
                    r.form == Form::Name && self.entities.list[r.entity].is_person == person
                })
            };
            let titled = self.roles.iter().any(|r| inside(&r.tokens));
            if range.len() <= MAX_ITEM
                && has(true)
                && (has(false) || titled)
                && !self.doc.triggers.iter().any(tells)
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

    /// Adds what tells whether a sentence is an item of a list, and of what list.
    fn item_features(&self, n: usize, sort: &str, f: &mut Features) {
        let doc = &self.doc;
        let plain = |m: usize| {
            !doc.triggers
                .iter()
                .any(|t| t.lemma == "(item)" && doc.sentences[m].tokens.contains(&t.tokens.start))
        };
        let lead = (n.saturating_sub(14)..n).rev().find(|m| plain(*m));
        let neighbours = (n.saturating_sub(3)..(n + 4).min(doc.sentences.len()))
            .filter(|m| *m != n && !plain(*m))
            .count();
        feat!(f, "item/neighbours={}", neighbours.min(3));
        feat!(f, "item/line={}", u8::from(doc.sentences[n].is_line));
        let range = &doc.sentences[n].tokens;
        feat!(f, "item/opens={}", doc.tokens[range.start].shape as u8);
        feat!(f, "item/closes={}", doc.tokens[range.end - 1].lower);
        feat!(f, "item/length={}", bucket(range.len()));
        let Some(lead) = lead else {
            feat!(f, "item/no-lead");
            return;
        };
        let range = &doc.sentences[lead].tokens;
        let colon = doc.tokens[range.end - 1].lower == ":";
        feat!(f, "item/colon={}/{sort}", u8::from(colon));
        for t in doc.triggers.iter().filter(|t| range.contains(&t.tokens.start)) {
            feat!(f, "item/lead={}", t.class.as_str());
            feat!(f, "item/lead={}/colon={}", t.class.as_str(), u8::from(colon));
            feat!(f, "item/lead-word={}", t.lemma);
        }
    }

    fn symbolise(&self) -> Vec<u8> {
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

    /// Writes the symbols between two places, runs collapsed and function words left out, into `out`.
    pub(crate) fn path(&self, from: usize, to: usize, out: &mut String) {
        out.clear();
        if to > from + 40 {
            out.push_str("far");
            return;
        }
        let mut last = 0;
        for &symbol in &self.symbols[from..to] {
            if symbol == b'.' || (symbol == last && symbol != b',') {
                continue;
            }
            last = symbol;
            out.push(symbol as char);
            if out.len() > 7 {
                out.push('+');
                return;
            }
        }
    }

    /// Returns how many tokens with `symbol` begin between two places.
    fn count(&self, symbol: u8, from: usize, to: usize) -> usize {
        let part = &self.symbols[from.min(to)..to.max(from)];
        part.iter()
            .enumerate()
            .filter(|(i, s)| **s == symbol && (*i == 0 || part[i - 1] != symbol))
            .count()
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

    /// Fills `f` with the features of `entity` as the person of `anchor`.
    pub(crate) fn person_features(
        &self,
        model: &str,
        anchor: &Anchor<'_>,
        entity: usize,
        mention: Option<&Ref>,
        reach: Reach,
        f: &mut Features,
    ) {
        let doc = &self.doc;
        let sentence = doc.sentence(anchor.tokens.start);
        let n = doc.sentence_of[anchor.tokens.start] as usize;
        let italian = doc.packs[n].language == Language::Italian;
        let (sort, voiced) = (&anchor.sort, &anchor.voiced);
        f.begin(model);
        feat!(f, "bias");
        feat!(f, "{sort}");
        feat!(f, "{voiced}");
        self.anchor_features(anchor, f);
        feat!(f, "reach={}", reach.as_str());
        feat!(f, "{sort}/reach={}", reach.as_str());
        let person = &self.entities.list[entity];
        feat!(f, "rank={}", self.rank[entity].min(4));
        feat!(f, "{sort}/rank={}", self.rank[entity].min(2));
        feat!(f, "count={}", person.count.min(5));
        feat!(f, "words={}", person.forms.first().map_or(1, Vec::len).min(3));
        feat!(f, "p={}", (person.p * 5.0).floor());
        let people_here = self.count(b'P', sentence.tokens.start, sentence.tokens.end);
        feat!(f, "here={}/reach={}", people_here.min(3), reach.as_str());
        if n < doc.title {
            feat!(f, "title/{}", reach.as_str());
        }
        let Some(mention) = mention.filter(|_| reach == Reach::Sentence) else {
            let left = self.count(b'P', sentence.tokens.start, anchor.tokens.start);
            feat!(f, "far/{sort}/left={}/it={}", left.min(2), u8::from(italian));
            feat!(f, "far/{voiced}/left={}", left.min(2));
            if let Some(m) = mention {
                let distance = n as i64 - i64::from(doc.sentence_of[m.tokens.start]);
                feat!(f, "far/distance={}/{}", distance.clamp(-1, 3), reach.as_str());
                let same = doc.sentence(m.tokens.start).paragraph == sentence.paragraph;
                feat!(f, "far/paragraph={}", u8::from(same));
            }
            let at_start = anchor.tokens.start - sentence.tokens.start;
            feat!(f, "far/start={}/it={}", at_start.min(4), u8::from(italian));
            return;
        };
        let before = mention.tokens.end <= anchor.tokens.start;
        let (a, z) = if before {
            (mention.tokens.end, anchor.tokens.start)
        } else {
            (anchor.tokens.end, mention.tokens.start)
        };
        let (a, z) = (a.min(z), a.max(z));
        let side = if mention.tokens.start >= anchor.tokens.start
            && mention.tokens.end <= anchor.tokens.end
        {
            "in"
        } else if before {
            "left"
        } else {
            "right"
        };
        let gap = bucket(z - a);
        let form = mention.form.as_str();
        feat!(f, "side={side}");
        feat!(f, "{voiced}/side={side}");
        feat!(f, "form={form}/{side}");
        feat!(f, "gap={gap}/{side}");
        feat!(f, "{sort}/gap={gap}/{side}");
        let between = self.count(b'P', a, z) + self.count(b'p', a, z);
        feat!(f, "between={}/{side}", between.min(3));
        feat!(f, "{voiced}/between={}/{side}", between.min(2));
        let verbs = self.count(b'V', a, z);
        feat!(f, "verbs={}/{side}", verbs.min(3));
        feat!(f, "{voiced}/verbs={}/{side}/between={}", verbs.min(2), between.min(2));
        let mut path = String::new();
        self.path(a, z, &mut path);
        feat!(f, "path={path}/{side}");
        feat!(f, "{sort}/path={path}/{side}");
        feat!(f, "{voiced}/path={path}/{side}");
        if z - a <= 3 {
            let mut words = String::new();
            for i in a..z {
                words.push_str(&doc.tokens[i].lower);
                words.push('_');
            }
            feat!(f, "words={words}/{side}");
            feat!(f, "{sort}/words={words}/{side}");
        }
        let preposition = self.preposition(mention.tokens.start) as char;
        feat!(f, "prep={preposition}/{side}");
        feat!(f, "{voiced}/prep={preposition}/{side}");
        feat!(f, "{sort}/prep={preposition}/{side}/between={}", between.min(1));
        let relatives = self.count(b'w', a, z) + self.count(b's', a, z);
        feat!(f, "relatives={}/{side}/{sort}", relatives.min(2));
        feat!(f, "commas={}/{side}", self.count(b',', a, z).min(3));
        if before {
            let first = mention.tokens.start == sentence.tokens.start
                || self.count(b'P', sentence.tokens.start, mention.tokens.start) == 0;
            feat!(f, "first={}/{voiced}", u8::from(first));
        }
        let after = doc.lower_in(&sentence.tokens, mention.tokens.end as isize);
        feat!(f, "after={after}/{side}");
        feat!(f, "quote={}", u8::from(self.count(b'"', a, z) % 2 == 1));
        if before && anchor.trigger.is_some() {
            let subject = self.distant_subject(&anchor.tokens, sentence.tokens.start);
            let is = subject.is_some_and(|r| r.entity == entity && r.tokens == mention.tokens);
            let state = if is {
                "yes"
            } else if subject.is_some() {
                "other"
            } else {
                "none"
            };
            feat!(f, "subject={state}");
            feat!(f, "subject={state}/{voiced}");
            feat!(f, "subject={state}/{voiced}/between={}", between.min(2));
        }
        // A list of people shares its verb: "nomina A, B e C".
        let listed = after == "," || after == "e" || after == "and";
        if listed && between > 0 {
            let mut tail = String::new();
            self.path(a, z, &mut tail);
            let only = tail
                .chars()
                .all(|c| matches!(c, 'P' | ',' | '&' | 'R' | 'o' | 'O' | 'a' | 'b' | 'x'));
            feat!(f, "list={}/{sort}/{side}", u8::from(only));
        }
        if let Some(role) = anchor.role {
            let capital = doc.tokens[role.head.start].is_capitalised();
            feat!(f, "capital={}/{side}/{gap}", u8::from(capital));
        }
    }

    /// Returns the mention before a verb that an insertion between commas parts from it: the first name in "Ada Neri, who
    /// answers to Ugo Berti, head of sales, joins".
    fn distant_subject(&self, anchor: &Range<usize>, start: usize) -> Option<&Ref> {
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

    /// Adds what the anchor itself tells.
    fn anchor_features(&self, anchor: &Anchor<'_>, f: &mut Features) {
        let sort = &anchor.sort;
        feat!(f, "word={}/{sort}", anchor.word);
        if let Some(trigger) = anchor.trigger {
            if trigger.lemma == "(item)" {
                let n = self.doc.sentence_of[anchor.tokens.start] as usize;
                self.item_features(n, sort, f);
            }
            feat!(f, "sense={:?}", trigger.sense);
            feat!(f, "sense={:?}/{sort}", trigger.sense);
            let mut words = String::new();
            for i in trigger.tokens.clone().skip(1).take(2) {
                words.push_str(&self.doc.tokens[i].lower);
                words.push('_');
            }
            feat!(f, "multi={}/{sort}", trigger.tokens.len().min(3));
            feat!(f, "phrase={}_{words}", anchor.word);
            feat!(f, "tense={}/{sort}", trigger.tense.as_str());
            if trigger.negated {
                feat!(f, "negated/{sort}");
            }
            let range = &self.doc.sentence(anchor.tokens.start).tokens;
            let after = self.doc.lower_in(range, anchor.tokens.end as isize);
            let before = self.doc.lower_in(range, anchor.tokens.start as isize - 1);
            feat!(f, "next={after}/{sort}");
            feat!(f, "prev={before}/{sort}");
            if anchor.tokens.end < range.end {
                let symbol = self.symbols[anchor.tokens.end] as char;
                feat!(f, "nextsym={symbol}/{sort}");
                let mut path = String::new();
                self.path(anchor.tokens.end, (anchor.tokens.end + 6).min(range.end), &mut path);
                feat!(f, "ahead={}/{sort}", &path[..path.len().min(4)]);
            }
            let has =
                |symbols: &[u8]| symbols.iter().any(|s| self.symbols[range.clone()].contains(s));
            feat!(
                f,
                "company={}{}{}/{sort}",
                u8::from(has(b"O")),
                u8::from(has(b"R")),
                u8::from(has(b"Pp"))
            );
            feat!(
                f,
                "company={}{}/{sort}/{}",
                u8::from(has(b"O")),
                u8::from(has(b"R")),
                anchor.word
            );
        }
        if let Some(role) = anchor.role {
            feat!(f, "plural={}", u8::from(role.plural));
            feat!(f, "staff={}", u8::from(role.staff));
            feat!(f, "prefix={}", role.prefix.as_str());
            feat!(f, "long={}", role.tokens.len().min(5));
            let range = &self.doc.sentence(anchor.tokens.start).tokens;
            let before = self.doc.lower_in(range, anchor.tokens.start as isize - 1);
            feat!(f, "prev={before}");
            feat!(f, "prep={}", self.preposition(anchor.tokens.start) as char);
        }
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
        let mut by_rank: Vec<usize> = (0..self.entities.list.len())
            .filter(|i| !self.entities.list[*i].is_person && !out.contains(i))
            .collect();
        by_rank.sort_by_key(|i| self.rank[*i]);
        out.extend(by_rank.into_iter().take(24 - out.len()));
        out
    }

    /// Fills `f` with the features of `firm` (or of none) as an organisation of `anchor` and `person`.
    pub(crate) fn firm_features(
        &self,
        model: &str,
        anchor: &Anchor<'_>,
        person: usize,
        firm: Option<usize>,
        facts: &FirmFacts,
        f: &mut Features,
    ) {
        let doc = &self.doc;
        let n = doc.sentence_of[anchor.tokens.start] as usize;
        let sentence = &doc.sentences[n];
        let (sort, voiced) = (&anchor.sort, &anchor.voiced);
        f.begin(model);
        let firms_here = self.count(b'O', sentence.tokens.start, sentence.tokens.end);
        let Some(firm) = firm else {
            feat!(f, "none");
            feat!(f, "none/{sort}");
            feat!(f, "none/{voiced}");
            feat!(f, "none/{sort}/{}", anchor.word);
            feat!(f, "none/here={}/{sort}", firms_here.min(3));
            feat!(
                f,
                "none/known={}{}/{sort}",
                u8::from(facts.any_current),
                u8::from(facts.any_former)
            );
            feat!(f, "none/other={}/{sort}", u8::from(facts.other_side.is_some()));
            feat!(f, "none/unnamed={}/{sort}", u8::from(self.unnamed_firm(&anchor.tokens)));
            if let Some(role) = anchor.role {
                feat!(f, "none/prefix={}/{}", role.prefix.as_str(), role.kind.as_str());
                feat!(f, "none/head={}", anchor.word);
            }
            feat!(
                f,
                "none/total={}/{sort}",
                self.entities.list.iter().filter(|e| !e.is_person).count().min(5)
            );
            return;
        };
        let entity = &self.entities.list[firm];
        feat!(f, "some/{sort}");
        self.firm_core(anchor, person, firm, facts, f);
        feat!(f, "some/{voiced}");
        feat!(f, "rank={}", self.rank[firm].min(4));
        feat!(f, "{sort}/rank={}", self.rank[firm].min(3));
        feat!(f, "count={}", entity.count.min(5));
        feat!(f, "media={}", u8::from(entity.media));
        feat!(f, "known={}", u8::from(entity.known));
        feat!(f, "p={}", (entity.p * 5.0).floor());
        if let Some(other) = facts.other_side {
            feat!(f, "same-as-other={}/{sort}", u8::from(other == firm));
            feat!(f, "same-as-other={}/{voiced}/{}", u8::from(other == firm), anchor.word);
        }
        if facts.current.contains(&firm) {
            feat!(f, "held");
            feat!(f, "held/{sort}");
        }
        if facts.former.contains(&firm) {
            feat!(f, "left");
            feat!(f, "left/{sort}");
        }
        if facts.any_current && !facts.current.contains(&firm) {
            feat!(f, "not-held/{sort}");
        }
        let in_title = self
            .entities
            .refs
            .iter()
            .take_while(|r| (doc.sentence_of[r.tokens.start] as usize) < doc.title.max(1))
            .any(|r| r.entity == firm);
        feat!(f, "title={}/{sort}", u8::from(in_title));
        let Some(mention) = self.nearest(n, firm, &anchor.tokens) else {
            // Not in the sentence: how far back it was named, and whether it was the last one.
            let upto =
                self.entities.refs.partition_point(|r| r.tokens.start < sentence.tokens.start);
            let mut last_firm = None;
            let mut distance = None;
            for r in self.entities.refs[..upto].iter().rev() {
                if self.entities.list[r.entity].is_person {
                    continue;
                }
                last_firm = last_firm.or(Some(r.entity));
                if r.entity == firm {
                    distance = Some(n - doc.sentence_of[r.tokens.start] as usize);
                    break;
                }
            }
            let after = distance.is_none();
            let distance = distance.map_or(9, |d| d.min(4));
            feat!(f, "away/distance={distance}/last={}", u8::from(last_firm == Some(firm)));
            feat!(f, "away/{sort}/distance={distance}/here={}", firms_here.min(2));
            feat!(f, "away/{sort}/here={}/rank={}", firms_here.min(2), self.rank[firm].min(2));
            feat!(f, "away/after={}/{sort}", u8::from(after));
            // The organisation that stands with the person somewhere else.
            feat!(f, "away/with-person={}", u8::from(self.together(person, firm)));
            return;
        };
        let before = mention.tokens.end <= anchor.tokens.start;
        let inside =
            mention.tokens.start >= anchor.tokens.start && mention.tokens.end <= anchor.tokens.end;
        let (a, z) = if before {
            (mention.tokens.end, anchor.tokens.start)
        } else {
            (anchor.tokens.end, mention.tokens.start)
        };
        let (a, z) = (a.min(z), a.max(z));
        let side = if inside {
            "in"
        } else if before {
            "left"
        } else {
            "right"
        };
        let gap = bucket(z - a);
        let form = mention.form.as_str();
        feat!(f, "side={side}/{sort}");
        feat!(f, "side={side}/{voiced}");
        feat!(f, "form={form}");
        feat!(f, "gap={gap}/{side}");
        feat!(f, "{sort}/gap={gap}/{side}");
        let between = self.count(b'O', a, z) + self.count(b'q', a, z);
        feat!(f, "between={}/{side}", between.min(2));
        feat!(f, "{sort}/between={}/{side}", between.min(2));
        let mut path = String::new();
        self.path(a, z, &mut path);
        feat!(f, "path={path}/{side}");
        feat!(f, "{sort}/path={path}/{side}");
        if z - a <= 4 {
            let mut words = String::new();
            for i in a..z {
                words.push_str(&doc.tokens[i].lower);
                words.push('_');
            }
            feat!(f, "words={words}/{side}");
            feat!(f, "{sort}/words={words}/{side}");
        }
        let preposition = self.preposition(mention.tokens.start) as char;
        feat!(f, "prep={preposition}/{side}");
        feat!(f, "{voiced}/prep={preposition}/{side}");
        feat!(f, "{}/prep={preposition}/{side}", anchor.word);
        let word_before = doc.lower_in(&sentence.tokens, mention.tokens.start as isize - 1);
        let word_before2 = doc.lower_in(&sentence.tokens, mention.tokens.start as isize - 2);
        feat!(f, "{sort}/before={word_before}");
        feat!(f, "{sort}/before={word_before2}_{word_before}");
        let word_after = doc.lower_in(&sentence.tokens, mention.tokens.end as isize);
        feat!(f, "after={word_after}/{side}");
        if word_after == "'s" {
            feat!(f, "{sort}/genitive/{side}");
        }
        let verbs = self.count(b'V', a, z);
        let relatives = self.count(b'w', a, z);
        let people = self.count(b'P', a, z);
        feat!(f, "verbs={}/relatives={}/{side}/{sort}", verbs.min(2), relatives.min(1));
        feat!(f, "people={}/{side}/{sort}", people.min(2));
        // The title to which the organisation belongs: "direttore generale di Acme".
        if let Some(role) = self.role_of_firm(mention) {
            feat!(f, "of-role/{}/{sort}", self.roles[role].prefix.as_str());
            let own = self.nearest(n, person, &self.roles[role].tokens).is_some_and(|p| {
                let (pa, pz) = (
                    p.tokens.start.min(self.roles[role].tokens.start),
                    p.tokens.end.max(self.roles[role].tokens.end),
                );
                self.count(b'P', pa, pz) <= 1 && pz - pa < 16
            });
            feat!(f, "of-role/own={}/{}/{sort}", u8::from(own), self.roles[role].prefix.as_str());
            let role_before = self.roles[role].tokens.end <= anchor.tokens.start;
            feat!(f, "of-role/before={}/{voiced}", u8::from(role_before));
        }
        // The organisation right after the person or between commas beside it.
        if let Some(p) = self.nearest(n, person, &mention.tokens) {
            let (pa, pz) = if p.tokens.end <= mention.tokens.start {
                (p.tokens.end, mention.tokens.start)
            } else {
                (mention.tokens.end.min(p.tokens.start), p.tokens.start)
            };
            let mut path = String::new();
            self.path(pa.min(pz), pz.max(pa), &mut path);
            let order = if p.tokens.end <= mention.tokens.start { "pf" } else { "fp" };
            feat!(f, "person-path={path}/{order}/{sort}");
            feat!(f, "person-path={path}/{order}");
        }
    }

    /// Adds what the article as a whole and the trigger's company say of an organisation.
    fn firm_core(
        &self,
        anchor: &Anchor<'_>,
        person: usize,
        firm: usize,
        facts: &FirmFacts,
        f: &mut Features,
    ) {
        let doc = &self.doc;
        let n = doc.sentence_of[anchor.tokens.start] as usize;
        let paragraph = doc.sentences[n].paragraph;
        feat!(f, "c:rank={}", self.rank[firm].min(3));
        feat!(f, "c:titled={}", self.titled[firm].min(3));
        feat!(f, "c:word={}", anchor.word);
        feat!(f, "c:p={}", (self.entities.list[firm].p * 4.0).floor());
        let held = match (facts.current.contains(&firm), facts.former.contains(&firm)) {
            (true, true) => "both",
            (true, false) => "now",
            (false, true) => "before",
            _ if facts.any_current => "elsewhere",
            _ if facts.any_former => "was-elsewhere",
            _ => "unknown",
        };
        feat!(f, "c:held={held}");
        // Its place in the paragraph: the items of a roundup have one organisation each.
        let (mut first, mut others, mut inside) = (None, false, 0);
        for m in (0..doc.sentences.len()).filter(|m| doc.sentences[*m].paragraph == paragraph) {
            for r in self.refs_in(m).iter().filter(|r| !self.entities.list[r.entity].is_person) {
                first = first.or(Some(r.entity));
                others |= r.entity != firm;
                inside += usize::from(r.entity == firm);
            }
        }
        feat!(
            f,
            "c:paragraph={}{}{}",
            u8::from(first == Some(firm)),
            u8::from(others),
            inside.min(2)
        );
        // How recent: how many other organisations were named since.
        let upto = self.entities.refs.partition_point(|r| r.tokens.start < anchor.tokens.start);
        let mut since: Vec<usize> = Vec::new();
        let mut recent = "never";
        for r in self.entities.refs[..upto].iter().rev() {
            if self.entities.list[r.entity].is_person {
                continue;
            }
            if r.entity == firm {
                recent = ["0", "1", "2", "3+"][since.len().min(3)];
                break;
            }
            if !since.contains(&r.entity) {
                since.push(r.entity);
            }
        }
        feat!(f, "c:recent={recent}");
        match self.nearest(n, firm, &anchor.tokens) {
            None => {
                feat!(f, "c:away/person={}", u8::from(self.together(person, firm)));
            }
            Some(mention) => {
                let before = mention.tokens.end <= anchor.tokens.start;
                let (a, z) = if before {
                    (mention.tokens.end, anchor.tokens.start)
                } else {
                    (anchor.tokens.end, mention.tokens.start)
                };
                let (a, z) = (a.min(z), a.max(z));
                let side = if before { "l" } else { "r" };
                let preposition = self.preposition(mention.tokens.start) as char;
                feat!(f, "c:{side}/prep={preposition}");
                feat!(
                    f,
                    "c:{side}/between={}{}",
                    (self.count(b'O', a, z) + self.count(b'q', a, z)).min(2),
                    (self.count(b'P', a, z) + self.count(b'p', a, z)).min(2)
                );
                feat!(
                    f,
                    "c:{side}/verbs={}{}",
                    self.count(b'V', a, z).min(2),
                    (self.count(b'w', a, z) + self.count(b's', a, z)).min(1)
                );
                feat!(f, "c:{side}/gap={}", bucket(z - a));
                if before && anchor.trigger.is_some() {
                    let start = doc.sentences[n].tokens.start;
                    let subject = self.distant_subject(&anchor.tokens, start);
                    let is = subject.is_some_and(|r| r.tokens == mention.tokens);
                    feat!(f, "c:subject={}/{}", u8::from(is), anchor.voiced);
                }
                let role = self.role_of_firm(mention);
                let own = role.map_or(0, |role| {
                    let near = self.nearest(n, person, &self.roles[role].tokens);
                    1 + u8::from(near.is_some_and(|p| {
                        let (pa, pz) = (
                            p.tokens.start.min(self.roles[role].tokens.start),
                            p.tokens.end.max(self.roles[role].tokens.end),
                        );
                        self.count(b'P', pa, pz) <= 1
                    }))
                });
                feat!(
                    f,
                    "c:{side}/role={own}/{}",
                    role.map_or("", |r| self.roles[r].prefix.as_str())
                );
            }
        }
    }

    /// Returns the title whose complement the mention is: "direttore di Acme", "Acme's director", "Acme director".
    fn role_of_firm(&self, mention: &Ref) -> Option<usize> {
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

    /// Returns whether the two stand together in some sentence, close by.
    fn together(&self, person: usize, firm: usize) -> bool {
        (0..self.doc.sentences.len().min(60)).any(|n| {
            let refs = self.refs_in(n);
            refs.iter().any(|r| r.entity == person) && refs.iter().any(|r| r.entity == firm)
        })
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

    /// Fills `f` with the features of title `role` (or of none) as a title of `anchor` and `person` on one side.
    pub(crate) fn role_features(
        &self,
        model: &str,
        anchor: &Anchor<'_>,
        role: Option<usize>,
        facts: &RoleFacts,
        f: &mut Features,
    ) {
        let doc = &self.doc;
        let n = doc.sentence_of[anchor.tokens.start] as usize;
        let sort = &anchor.sort;
        let voiced = &anchor.voiced;
        f.begin(model);
        let Some(i) = role else {
            feat!(f, "none");
            feat!(f, "none/{sort}");
            feat!(f, "none/{voiced}");
            feat!(f, "none/firm={}/{sort}", u8::from(facts.side_firm.is_some()));
            let here = self.count(b'R', doc.sentences[n].tokens.start, doc.sentences[n].tokens.end);
            feat!(f, "none/here={}/{sort}", here.min(3));
            return;
        };
        let role = &self.roles[i];
        feat!(f, "kind={}", role.kind.as_str());
        feat!(f, "prefix={}", role.prefix.as_str());
        feat!(f, "{sort}/prefix={}", role.prefix.as_str());
        feat!(f, "staff={}/plural={}", u8::from(role.staff), u8::from(role.plural));
        feat!(f, "own={}", facts.own);
        feat!(f, "{sort}/own={}", facts.own);
        feat!(f, "{sort}/firm={}", facts.firm_fit);
        feat!(f, "firm={}/own={}", facts.firm_fit, facts.own);
        feat!(f, "{sort}/tense={}/own={}", facts.tense, facts.own);
        let there = doc.sentence_of[role.tokens.start] as usize;
        if there != n {
            let distance = (n as i64 - there as i64).clamp(-3, 3);
            feat!(f, "away={distance}");
            feat!(f, "away={distance}/{sort}");
            feat!(f, "away/{sort}/own={}/firm={}", facts.own, facts.firm_fit);
            return;
        }
        let before = role.tokens.end <= anchor.tokens.start;
        let inside =
            anchor.tokens.start <= role.tokens.start && role.tokens.end <= anchor.tokens.end;
        let (a, z) = if before {
            (role.tokens.end, anchor.tokens.start)
        } else {
            (anchor.tokens.end, role.tokens.start)
        };
        let (a, z) = (a.min(z), a.max(z));
        let side = if inside {
            "in"
        } else if before {
            "left"
        } else {
            "right"
        };
        feat!(f, "{sort}/side={side}");
        feat!(f, "{voiced}/side={side}");
        feat!(f, "{sort}/gap={}/{side}", bucket(z - a));
        let mut path = String::new();
        self.path(a, z, &mut path);
        feat!(f, "{sort}/path={path}/{side}");
        let preposition = self.preposition(role.tokens.start) as char;
        feat!(f, "{voiced}/prep={preposition}/{side}");
        feat!(f, "{sort}/between={}/{side}", self.count(b'R', a, z).min(2));
        feat!(f, "{sort}/people={}/{side}", self.count(b'P', a, z).min(2));
        if z - a <= 3 {
            let mut words = String::new();
            for i in a..z {
                words.push_str(&doc.tokens[i].lower);
                words.push('_');
            }
            feat!(f, "{sort}/words={words}/{side}");
        }
        if role.kind == RoleKind::Helm {
            feat!(f, "helm/{sort}/{side}");
        }
    }

    /// Fills `f` with the features of a date (or of none) as the day of `anchor`.
    pub(crate) fn date_features(&self, anchor: &Anchor<'_>, date: Option<usize>, f: &mut Features) {
        let doc = &self.doc;
        let n = doc.sentence_of[anchor.tokens.start] as usize;
        let sentence = &doc.sentences[n];
        let sort = &anchor.sort;
        f.begin("date");
        let tense = anchor.trigger.map_or("none", |t| t.tense.as_str());
        let Some(i) = date else {
            let here = self.count(b'D', sentence.tokens.start, sentence.tokens.end);
            feat!(f, "none");
            feat!(f, "none/{sort}/{tense}");
            feat!(f, "none/here={}", here.min(2));
            return;
        };
        let date = &self.dates[i];
        let precision = match (date.date.month, date.date.day) {
            (None, _) => "y",
            (_, None) => "m",
            _ => "d",
        };
        let when = match self.published {
            None => "?",
            Some(p) if date.date.min_day() > p.max_day() => "after",
            Some(p) if date.date.agrees_with(p) => "same",
            Some(p) if date.date.year + 1 < p.year => "long-ago",
            Some(_) => "before",
        };
        feat!(f, "precision={precision}/{}", u8::from(date.relative));
        feat!(f, "when={when}/{tense}/{sort}");
        feat!(f, "when={when}/{precision}");
        if !sentence.tokens.contains(&date.tokens.start) {
            feat!(f, "away/{precision}/{when}");
            feat!(f, "away/{sort}");
            return;
        }
        let before = date.tokens.end <= anchor.tokens.start;
        let (a, z) = if before {
            (date.tokens.end, anchor.tokens.start)
        } else {
            (anchor.tokens.end, date.tokens.start)
        };
        let (a, z) = (a.min(z), a.max(z));
        let side = if before { "left" } else { "right" };
        feat!(f, "side={side}/gap={}", bucket(z - a));
        feat!(f, "verbs={}/{side}", self.count(b'V', a, z).min(2));
        feat!(f, "relatives={}/{side}", self.count(b'w', a, z).min(1));
        feat!(f, "people={}/{side}", self.count(b'P', a, z).min(2));
        feat!(f, "between={}/{side}", self.count(b'D', a, z).min(2));
        let word = doc.lower_in(&sentence.tokens, date.tokens.start as isize - 1);
        feat!(f, "before={word}");
        feat!(f, "before={word}/{sort}");
        let mut path = String::new();
        self.path(a, z, &mut path);
        feat!(f, "path={path}/{side}");
        if date.tokens.start == sentence.tokens.start
            || (date.tokens.start - sentence.tokens.start) < 3 && before
        {
            feat!(f, "opens/{sort}");
        }
    }

    /// Fills `f` with what tells how far the event of a trigger has come.
    pub(crate) fn status_features(
        &self,
        anchor: &Anchor<'_>,
        date: Option<PartialDate>,
        f: &mut Features,
    ) {
        let Some(trigger) = anchor.trigger else { return };
        let doc = &self.doc;
        let n = doc.sentence_of[anchor.tokens.start] as usize;
        let range = &doc.sentences[n].tokens;
        f.begin("status");
        feat!(f, "bias");
        let (class, tense, sort) = (trigger.class.as_str(), trigger.tense.as_str(), &anchor.sort);
        feat!(f, "class={class}");
        feat!(f, "{sort}");
        feat!(f, "tense={tense}");
        feat!(f, "{class}/tense={tense}");
        feat!(f, "voice={}/{tense}", trigger.voice.as_str());
        feat!(f, "word={}", anchor.word);
        feat!(f, "word={}/{tense}", anchor.word);
        if trigger.negated {
            feat!(f, "negated");
            feat!(f, "negated/{class}");
        }
        let clause = self.clause(&anchor.tokens);
        let a = doc.cues.partition_point(|c| c.tokens.start < range.start);
        let z = doc.cues.partition_point(|c| c.tokens.start < range.end);
        for class in CueClass::ALL {
            let mut reach = None;
            for cue in doc.cues[a..z].iter().filter(|c| {
                c.class == class
                    && !(c.tokens.start >= anchor.tokens.start && c.tokens.end <= anchor.tokens.end)
            }) {
                let in_clause = clause.contains(&cue.tokens.start);
                let ahead = cue.tokens.end <= anchor.tokens.start
                    && anchor.tokens.start - cue.tokens.end <= 6;
                let effect = match cue.scope {
                    Scope::Next if ahead => 3,
                    Scope::Clause if in_clause => 2,
                    Scope::Sentence => 1,
                    _ if in_clause => 1,
                    _ => 0,
                };
                reach = reach.max(Some(effect));
            }
            if let Some(effect) = reach {
                feat!(f, "cue={}/{effect}", class.as_str());
                feat!(f, "cue={}/{effect}/{}", class.as_str(), trigger.class.as_str());
                feat!(f, "cue={}/{effect}/{tense}", class.as_str());
            }
        }
        for i in clause.start..anchor.tokens.start {
            if anchor.tokens.start - i <= 5 && doc.is(i, List::FunctionWord) {
                feat!(f, "small={}", doc.tokens[i].lower);
            }
        }
        let before = doc.lower_in(range, anchor.tokens.start as isize - 1);
        feat!(f, "prev={before}");
        if doc.tokens[range.end - 1].lower == "?" {
            feat!(f, "question");
        }
        if n < doc.title {
            feat!(f, "title/{tense}");
        }
        let when = match (self.published, date) {
            (_, None) => "none",
            (None, Some(_)) => "?",
            (Some(p), Some(d)) if d.min_day() > p.max_day() => "after",
            (Some(p), Some(d)) if d.agrees_with(p) => "same",
            _ => "before",
        };
        feat!(f, "when={when}");
        feat!(f, "when={when}/{tense}");
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
        Anchor {
            tokens: trigger.tokens.clone(),
            sort,
            voiced,
            word: &trigger.lemma,
            trigger: Some(trigger),
            role: None,
        }
    }

    /// Returns the anchor of a title.
    pub(crate) fn role_anchor<'t>(&'t self, role: usize) -> Anchor<'t> {
        let span = &self.roles[role];
        let sort = format!("role.{}", span.kind.as_str());
        let voiced = format!("{sort}.{}", span.prefix.as_str());
        Anchor {
            tokens: span.tokens.clone(),
            sort,
            voiced,
            word: &self.doc.tokens[span.head.start].lower,
            trigger: None,
            role: Some(span),
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
    fn as_str(self) -> &'static str {
        match self {
            Reach::Sentence => "sentence",
            Reach::First => "first",
            Reach::Last => "last",
            Reach::Top => "top",
            Reach::Next => "next",
        }
    }
}

/// What is known of a person's organisations when one is chosen for an event.
#[derive(Clone, Debug, Default)]
pub(crate) struct FirmFacts {
    pub(crate) current: Vec<usize>,
    pub(crate) former: Vec<usize>,
    pub(crate) any_current: bool,
    pub(crate) any_former: bool,
    /// The organisation already chosen for the event's other side.
    pub(crate) other_side: Option<usize>,
}

/// What is known of a title when one is chosen for an event.
#[derive(Clone, Debug)]
pub(crate) struct RoleFacts {
    /// How surely the title is the person's: 0 to 3.
    pub(crate) own: u8,
    /// Whether its organisation is that of the event's side: same, other, the opposite side's, none.
    pub(crate) firm_fit: &'static str,
    pub(crate) tense: &'static str,
    pub(crate) side_firm: Option<usize>,
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
