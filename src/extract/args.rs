//! What stands around a title or a trigger: the features by which people, organisations, titles and dates are chosen for it.

use super::context::{Anchor, Context, Reach, bucket, sides};
use super::entities::Ref;
use super::linear::{Features, feat};
use super::net::{FirmsSeen, grade};
use crate::lang::word_class;
use crate::model::Language;
use std::ops::Range;

impl Context<'_> {
    /// Adds what the plain words between two places mean, roughly.
    fn gap_classes(&self, a: usize, z: usize, side: &str, sort: &str, f: &mut Features) {
        if z - a > 12 {
            return;
        }
        for i in a..z {
            if !matches!(self.symbols[i], b'x' | b'V' | b'N' | b'b') {
                continue;
            }
            if let Some(c) = self.doc.class(i, 8) {
                feat!(f, "gap~=", c, "/", side);
                feat!(f, "gap~=", c, "/", side, "/", sort);
            }
            if let Some(c) = self.doc.class(i, 11) {
                feat!(f, "gap~~=", c, "/", side);
            }
        }
    }

    /// Adds what the words around a mention mean, roughly.
    fn side_classes(&self, tokens: &Range<usize>, sort: &str, f: &mut Features) {
        let range = &self.doc.sentence(tokens.start).tokens;
        for bits in [5, 8] {
            if tokens.start > range.start
                && let Some(c) = self.doc.class(tokens.start - 1, bits)
            {
                feat!(f, "b~", bits, "=", c, "/", sort);
            }
            if tokens.start > range.start + 1
                && let Some(c) = self.doc.class(tokens.start - 2, bits)
            {
                feat!(f, "bb~", bits, "=", c, "/", sort);
            }
            if tokens.end < range.end
                && let Some(c) = self.doc.class(tokens.end, bits)
            {
                feat!(f, "a~", bits, "=", c, "/", sort);
            }
        }
    }

    /// Adds what tells whether a sentence is an item of a list, and of what list.
    pub(super) fn item_features(&self, n: usize, sort: &str, f: &mut Features) {
        let doc = &self.doc;
        let plain = |m: usize| !self.triggers_in(m).iter().any(|t| t.lemma == "(item)");
        let lead = (n.saturating_sub(14)..n).rev().find(|m| plain(*m));
        let neighbours = (n.saturating_sub(3)..(n + 4).min(doc.sentences.len()))
            .filter(|m| *m != n && !plain(*m))
            .count();
        feat!(f, "item/neighbours=", neighbours.min(3));
        feat!(f, "item/line=", doc.sentences[n].is_line);
        let range = &doc.sentences[n].tokens;
        feat!(f, "item/opens=", doc.tokens[range.start].shape as u8);
        feat!(f, "item/closes=", doc.tokens[range.end - 1].lower);
        feat!(f, "item/length=", bucket(range.len()));
        let Some(lead) = lead else {
            feat!(f, "item/no-lead");
            return;
        };
        let range = &doc.sentences[lead].tokens;
        let colon = doc.tokens[range.end - 1].lower == ":";
        feat!(f, "item/colon=", colon, "/", sort);
        for t in self.triggers_in(lead) {
            feat!(f, "item/lead=", t.class.as_str());
            feat!(f, "item/lead=", t.class.as_str(), "/colon=", colon);
            feat!(f, "item/lead-word=", t.lemma);
        }
    }

    /// Fills `f` with what speaks for `anchor` telling of nobody.
    pub(crate) fn nobody_features(&self, model: &str, anchor: &Anchor<'_>, f: &mut Features) {
        let sentence = self.doc.sentence(anchor.tokens.start);
        let n = self.doc.sentence_of[anchor.tokens.start] as usize;
        f.begin(model);
        feat!(f, "nobody");
        feat!(f, "nobody/", anchor.sort);
        feat!(f, "nobody/", anchor.voiced);
        let seen = grade(anchor.whom.of(None));
        feat!(f, "nobody/seen=", seen);
        feat!(f, "nobody/seen=", seen, "/", anchor.sort);
        let here = self.count(b'P', sentence.tokens.start, sentence.tokens.end);
        feat!(f, "nobody/here=", here.min(3));
        feat!(f, "nobody/here=", here.min(3), "/", anchor.sort);
        let left = self.count(b'P', sentence.tokens.start, anchor.tokens.start);
        feat!(f, "nobody/left=", left.min(2), "/", anchor.voiced);
        if n < self.doc.title {
            feat!(f, "nobody/title");
        }
        self.anchor_features(anchor, f);
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
        let seen = grade(anchor.whom.of(Some(entity)));
        feat!(f, "seen=", seen);
        feat!(f, "seen=", seen, "/", sort);
        feat!(f, "seen=", seen, "/reach=", reach.as_str());
        feat!(f, "reach=", reach.as_str());
        feat!(f, sort, "/reach=", reach.as_str());
        let person = &self.entities.list[entity];
        feat!(f, "rank=", self.rank[entity].min(4));
        feat!(f, sort, "/rank=", self.rank[entity].min(2));
        feat!(f, "count=", person.count.min(5));
        feat!(f, "words=", person.forms.first().map_or(1, Vec::len).min(3));
        feat!(f, "p=", (person.p * 5.0).floor());
        let people_here = self.count(b'P', sentence.tokens.start, sentence.tokens.end);
        feat!(f, "here=", people_here.min(3), "/reach=", reach.as_str());
        if n < doc.title {
            feat!(f, "title/", reach.as_str());
        }
        let Some(mention) = mention.filter(|_| reach == Reach::Sentence) else {
            let left = self.count(b'P', sentence.tokens.start, anchor.tokens.start);
            feat!(f, "far/", sort, "/left=", left.min(2), "/it=", italian);
            feat!(f, "far/", voiced, "/left=", left.min(2));
            if let Some(m) = mention {
                let distance = n as i64 - i64::from(doc.sentence_of[m.tokens.start]);
                feat!(f, "far/distance=", distance.clamp(-1, 3), "/", reach.as_str());
                let same = doc.sentence(m.tokens.start).paragraph == sentence.paragraph;
                feat!(f, "far/paragraph=", same);
            }
            let at_start = anchor.tokens.start - sentence.tokens.start;
            feat!(f, "far/start=", at_start.min(4), "/it=", italian);
            return;
        };
        let (before, a, z) = Self::gap(&mention.tokens, &anchor.tokens);
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
        feat!(f, "side=", side);
        feat!(f, voiced, "/side=", side);
        feat!(f, "form=", form, "/", side);
        feat!(f, "gap=", gap, "/", side);
        feat!(f, sort, "/gap=", gap, "/", side);
        let between = self.count(b'P', a, z) + self.count(b'p', a, z);
        feat!(f, "between=", between.min(3), "/", side);
        feat!(f, voiced, "/between=", between.min(2), "/", side);
        let verbs = self.count(b'V', a, z);
        feat!(f, "verbs=", verbs.min(3), "/", side);
        feat!(f, voiced, "/verbs=", verbs.min(2), "/", side, "/between=", between.min(2));
        let path = self.path(a, z);
        feat!(f, "path=", path, "/", side);
        feat!(f, sort, "/path=", path, "/", side);
        feat!(f, voiced, "/path=", path, "/", side);
        if z - a <= 3 {
            let words = &doc.tokens[a..z];
            feat!(f, "words=", words, "/", side);
            feat!(f, sort, "/words=", words, "/", side);
        }
        self.gap_classes(a, z, side, sort, f);
        self.side_classes(&mention.tokens, side, f);
        let preposition = self.preposition(mention.tokens.start) as char;
        feat!(f, "prep=", preposition, "/", side);
        feat!(f, voiced, "/prep=", preposition, "/", side);
        feat!(f, sort, "/prep=", preposition, "/", side, "/between=", between.min(1));
        let relatives = self.count(b'w', a, z) + self.count(b's', a, z);
        feat!(f, "relatives=", relatives.min(2), "/", side, "/", sort);
        feat!(f, "commas=", self.count(b',', a, z).min(3), "/", side);
        if before {
            let first = mention.tokens.start == sentence.tokens.start
                || self.count(b'P', sentence.tokens.start, mention.tokens.start) == 0;
            feat!(f, "first=", first, "/", voiced);
        }
        let after = doc.lower_in(&sentence.tokens, mention.tokens.end as isize);
        feat!(f, "after=", after, "/", side);
        feat!(f, "quote=", self.count(b'"', a, z) % 2 == 1);
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
            feat!(f, "subject=", state);
            feat!(f, "subject=", state, "/", voiced);
            feat!(f, "subject=", state, "/", voiced, "/between=", between.min(2));
        }
        // A list of people shares its verb: "nomina A, B e C".
        let listed = after == "," || after == "e" || after == "and";
        if listed && between > 0 {
            let tail = self.path(a, z);
            let only = tail.iter().all(|c| b"P,&RoOabx".contains(c));
            feat!(f, "list=", only, "/", sort, "/", side);
        }
        if let Some(role) = anchor.role {
            let capital = doc.tokens[role.head.start].is_capitalised();
            feat!(f, "capital=", capital, "/", side, "/", gap);
        }
    }

    /// Adds what the anchor itself tells.
    pub(super) fn anchor_features(&self, anchor: &Anchor<'_>, f: &mut Features) {
        let sort = &anchor.sort;
        feat!(f, "word=", anchor.word, "/", sort);
        for bits in [8, 11] {
            if let Some(c) = self.doc.class(anchor.tokens.start, bits) {
                feat!(f, "word~", bits, "=", c, "/", sort);
            }
        }
        self.side_classes(&anchor.tokens, sort, f);
        if let Some(trigger) = anchor.trigger {
            if trigger.lemma == "(item)" {
                let n = self.doc.sentence_of[anchor.tokens.start] as usize;
                self.item_features(n, sort, f);
            }
            feat!(f, "sense=", format_args!("{:?}", trigger.sense));
            feat!(f, "sense=", format_args!("{:?}", trigger.sense), "/", sort);
            let last = trigger.tokens.end.min(trigger.tokens.start + 3);
            let words = &self.doc.tokens[trigger.tokens.start + 1..last];
            feat!(f, "multi=", trigger.tokens.len().min(3), "/", sort);
            feat!(f, "phrase=", anchor.word, "_", words);
            feat!(f, "tense=", trigger.tense.as_str(), "/", sort);
            if trigger.negated {
                feat!(f, "negated/", sort);
            }
            let range = &self.doc.sentence(anchor.tokens.start).tokens;
            let after = self.doc.lower_in(range, anchor.tokens.end as isize);
            let before = self.doc.lower_in(range, anchor.tokens.start as isize - 1);
            feat!(f, "next=", after, "/", sort);
            feat!(f, "prev=", before, "/", sort);
            if anchor.tokens.end < range.end {
                let symbol = self.symbols[anchor.tokens.end] as char;
                feat!(f, "nextsym=", symbol, "/", sort);
                let path = self.path(anchor.tokens.end, (anchor.tokens.end + 6).min(range.end));
                feat!(f, "ahead=", path[..path.len().min(4)], "/", sort);
            }
            let has =
                |symbols: &[u8]| symbols.iter().any(|s| self.symbols[range.clone()].contains(s));
            feat!(f, "company=", has(b"O"), has(b"R"), has(b"Pp"), "/", sort);
            feat!(f, "company=", has(b"O"), has(b"R"), "/", sort, "/", anchor.word);
        }
        if let Some(role) = anchor.role {
            feat!(f, "plural=", role.plural);
            feat!(f, "staff=", role.staff);
            feat!(f, "prefix=", role.prefix.as_str());
            feat!(f, "long=", role.tokens.len().min(5));
            let range = &self.doc.sentence(anchor.tokens.start).tokens;
            let before = self.doc.lower_in(range, anchor.tokens.start as isize - 1);
            feat!(f, "prev=", before);
            feat!(f, "prep=", self.preposition(anchor.tokens.start) as char);
        }
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
        let seen = grade(facts.seen.of(model).of(firm));
        let Some(firm) = firm else {
            feat!(f, "none/seen=", seen);
            feat!(f, "none/seen=", seen, "/", sort);
            feat!(f, "none");
            feat!(f, "none/", sort);
            feat!(f, "none/", voiced);
            feat!(f, "none/", sort, "/", anchor.word);
            feat!(f, "none/here=", firms_here.min(3), "/", sort);
            feat!(f, "none/known=", facts.any_current, facts.any_former, "/", sort);
            feat!(f, "none/other=", facts.other_side.is_some(), "/", sort);
            feat!(f, "none/unnamed=", self.unnamed_firm(&anchor.tokens), "/", sort);
            if let Some(role) = anchor.role {
                feat!(f, "none/prefix=", role.prefix.as_str(), "/", role.kind.as_str());
                feat!(f, "none/head=", anchor.word);
            }
            feat!(f, "none/total=", self.firms_by_rank.len().min(5), "/", sort);
            return;
        };
        let entity = &self.entities.list[firm];
        feat!(f, "seen=", seen);
        feat!(f, "seen=", seen, "/", sort);
        feat!(f, "seen=", seen, "/rank=", self.rank[firm].min(3));
        feat!(f, "some/", sort);
        self.firm_core(anchor, person, firm, facts, f);
        feat!(f, "some/", voiced);
        feat!(f, "rank=", self.rank[firm].min(4));
        feat!(f, sort, "/rank=", self.rank[firm].min(3));
        feat!(f, "count=", entity.count.min(5));
        feat!(f, "media=", entity.media);
        feat!(f, "known=", entity.known);
        for word in entity.forms.iter().max_by_key(|w| w.len()).into_iter().flatten() {
            if let Some(class) = word_class(word) {
                feat!(f, "name~5=", class.branch(5), "/", sort);
                feat!(f, "name~8=", class.branch(8));
                feat!(f, "name~8=", class.branch(8), "/", sort);
            }
        }
        feat!(f, "p=", (entity.p * 5.0).floor());
        if let Some(other) = facts.other_side {
            feat!(f, "same-as-other=", other == firm, "/", sort);
            feat!(f, "same-as-other=", other == firm, "/", voiced, "/", anchor.word);
        }
        if facts.current.contains(&firm) {
            feat!(f, "held");
            feat!(f, "held/", sort);
        }
        if facts.former.contains(&firm) {
            feat!(f, "left");
            feat!(f, "left/", sort);
        }
        if facts.any_current && !facts.current.contains(&firm) {
            feat!(f, "not-held/", sort);
        }
        let in_title = self
            .entities
            .refs
            .iter()
            .take_while(|r| (doc.sentence_of[r.tokens.start] as usize) < doc.title.max(1))
            .any(|r| r.entity == firm);
        feat!(f, "title=", in_title, "/", sort);
        let Some(mention) = self.nearest(n, firm, &anchor.tokens) else {
            // Not in the sentence: how far back it was named, and whether it was the last one.
            let upto =
                self.entities.refs.partition_point(|r| r.tokens.start < sentence.tokens.start);
            let mut before = self.entities.refs[..upto].iter().rev();
            let last_firm =
                before.find(|r| !self.entities.list[r.entity].is_person).map(|r| r.entity);
            let distance = self
                .last_before(firm, sentence.tokens.start)
                .map(|r| n - doc.sentence_of[r.tokens.start] as usize);
            let after = distance.is_none();
            let distance = distance.map_or(9, |d| d.min(4));
            feat!(f, "away/distance=", distance, "/last=", last_firm == Some(firm));
            feat!(f, "away/", sort, "/distance=", distance, "/here=", firms_here.min(2));
            feat!(f, "away/", sort, "/here=", firms_here.min(2), "/rank=", self.rank[firm].min(2));
            feat!(f, "away/after=", after, "/", sort);
            // The organisation that stands with the person somewhere else.
            feat!(f, "away/with-person=", self.together(person, firm));
            self.absent_features(n, firm, sort, f);
            return;
        };
        let (before, a, z) = Self::gap(&mention.tokens, &anchor.tokens);
        let inside =
            mention.tokens.start >= anchor.tokens.start && mention.tokens.end <= anchor.tokens.end;
        let side = if inside {
            "in"
        } else if before {
            "left"
        } else {
            "right"
        };
        let gap = bucket(z - a);
        let form = mention.form.as_str();
        feat!(f, "side=", side, "/", sort);
        feat!(f, "side=", side, "/", voiced);
        feat!(f, "form=", form);
        feat!(f, "gap=", gap, "/", side);
        feat!(f, sort, "/gap=", gap, "/", side);
        let between = self.count(b'O', a, z) + self.count(b'q', a, z);
        feat!(f, "between=", between.min(2), "/", side);
        feat!(f, sort, "/between=", between.min(2), "/", side);
        let path = self.path(a, z);
        feat!(f, "path=", path, "/", side);
        feat!(f, sort, "/path=", path, "/", side);
        if z - a <= 4 {
            let words = &doc.tokens[a..z];
            feat!(f, "words=", words, "/", side);
            feat!(f, sort, "/words=", words, "/", side);
        }
        self.gap_classes(a, z, side, sort, f);
        self.side_classes(&mention.tokens, sort, f);
        let preposition = self.preposition(mention.tokens.start) as char;
        feat!(f, "prep=", preposition, "/", side);
        feat!(f, voiced, "/prep=", preposition, "/", side);
        feat!(f, anchor.word, "/prep=", preposition, "/", side);
        let word_before = doc.lower_in(&sentence.tokens, mention.tokens.start as isize - 1);
        let word_before2 = doc.lower_in(&sentence.tokens, mention.tokens.start as isize - 2);
        feat!(f, sort, "/before=", word_before);
        feat!(f, sort, "/before=", word_before2, "_", word_before);
        let word_after = doc.lower_in(&sentence.tokens, mention.tokens.end as isize);
        feat!(f, "after=", word_after, "/", side);
        if word_after == "'s" {
            feat!(f, sort, "/genitive/", side);
        }
        let verbs = self.count(b'V', a, z);
        let relatives = self.count(b'w', a, z);
        let people = self.count(b'P', a, z);
        feat!(f, "verbs=", verbs.min(2), "/relatives=", relatives.min(1), "/", side, "/", sort);
        feat!(f, "people=", people.min(2), "/", side, "/", sort);
        // The title to which the organisation belongs: "direttore generale di Acme".
        if let Some(role) = self.role_of_firm(mention) {
            feat!(f, "of-role/", self.roles[role].prefix.as_str(), "/", sort);
            let own = self.nearest(n, person, &self.roles[role].tokens).is_some_and(|p| {
                let (pa, pz) = (
                    p.tokens.start.min(self.roles[role].tokens.start),
                    p.tokens.end.max(self.roles[role].tokens.end),
                );
                self.count(b'P', pa, pz) <= 1 && pz - pa < 16
            });
            feat!(f, "of-role/own=", own, "/", self.roles[role].prefix.as_str(), "/", sort);
            let role_before = self.roles[role].tokens.end <= anchor.tokens.start;
            feat!(f, "of-role/before=", role_before, "/", voiced);
        }
        // The organisation right after the person or between commas beside it.
        if let Some(p) = self.nearest(n, person, &mention.tokens) {
            let (pa, pz) = if p.tokens.end <= mention.tokens.start {
                (p.tokens.end, mention.tokens.start)
            } else {
                (mention.tokens.end.min(p.tokens.start), p.tokens.start)
            };
            let path = self.path(pa.min(pz), pz.max(pa));
            let order = if p.tokens.end <= mention.tokens.start { "pf" } else { "fp" };
            feat!(f, "person-path=", path, "/", order, "/", sort);
            feat!(f, "person-path=", path, "/", order);
        }
    }

    /// Adds how an organisation that sentence `n` does not name was spoken of before.
    fn absent_features(&self, n: usize, firm: usize, sort: &str, f: &mut Features) {
        let doc = &self.doc;
        let Some(last) = self.last_before(firm, doc.sentences[n].tokens.start) else { return };
        let m = doc.sentence_of[last.tokens.start] as usize;
        let there = &doc.sentences[m];
        let firms = |r: &&Ref| !self.entities.list[r.entity].is_person;
        let first = self.refs_in(m).iter().find(firms).is_some_and(|r| r.entity == firm);
        let alone = self.refs_in(m).iter().filter(firms).all(|r| r.entity == firm);
        let opens = last.tokens.start <= there.tokens.start + 1;
        let close = (n - m).min(3);
        feat!(f, "away/place=", first, alone, "/", close);
        feat!(f, "away/place=", first, alone, "/", sort);
        feat!(f, "away/opens=", opens, "/", close);
        feat!(f, "away/line=", there.is_line, "/title=", m < doc.title);
        let paragraph = there.paragraph == doc.sentences[n].paragraph;
        feat!(f, "away/paragraph=", paragraph, "/", close);
        feat!(f, "away/paragraph=", paragraph, "/", sort);
        // Whether it stood with a move, and on which side of it.
        let trigger = self
            .triggers_in(m)
            .iter()
            .filter(|t| !sides(t.class).is_empty())
            .min_by_key(|t| t.tokens.start.abs_diff(last.tokens.start));
        if let Some(trigger) = trigger {
            let side = if last.tokens.start < trigger.tokens.start { "l" } else { "r" };
            feat!(f, "away/move=", trigger.class.as_str(), "/", side);
            feat!(f, "away/move=", trigger.class.as_str(), "/", side, "/", sort);
        } else {
            feat!(f, "away/move=none/", sort);
        }
        let preposition = self.preposition(last.tokens.start) as char;
        feat!(f, "away/prep=", preposition);
        feat!(f, "away/prep=", preposition, "/", sort);
        feat!(f, "away/form=", last.form.as_str(), "/", close);
        let after = doc.lower_in(&there.tokens, last.tokens.end as isize);
        feat!(f, "away/next=", after);
        self.side_classes(&last.tokens, "away", f);
    }

    /// Adds what the article as a whole and the trigger's company say of an organisation.
    pub(super) fn firm_core(
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
        feat!(f, "c:rank=", self.rank[firm].min(3));
        feat!(f, "c:titled=", self.titled[firm].min(3));
        feat!(f, "c:word=", anchor.word);
        feat!(f, "c:p=", (self.entities.list[firm].p * 4.0).floor());
        let held = match (facts.current.contains(&firm), facts.former.contains(&firm)) {
            (true, true) => "both",
            (true, false) => "now",
            (false, true) => "before",
            _ if facts.any_current => "elsewhere",
            _ if facts.any_former => "was-elsewhere",
            _ => "unknown",
        };
        feat!(f, "c:held=", held);
        // Its place in the paragraph: the items of a roundup have one organisation each.
        let (mut first, mut others, mut inside) = (None, false, 0);
        let opens = doc.sentences.partition_point(|s| s.paragraph < paragraph);
        let closes = doc.sentences.partition_point(|s| s.paragraph <= paragraph);
        for m in opens..closes {
            for r in self.refs_in(m).iter().filter(|r| !self.entities.list[r.entity].is_person) {
                first = first.or(Some(r.entity));
                others |= r.entity != firm;
                inside += usize::from(r.entity == firm);
            }
        }
        feat!(f, "c:paragraph=", first == Some(firm), others, inside.min(2));
        // How recent: how many other organisations were named since.
        let upto = self.entities.refs.partition_point(|r| r.tokens.start < anchor.tokens.start);
        let mut since: Vec<usize> = Vec::new();
        let mut recent = "never";
        let named = self.last_before(firm, anchor.tokens.start).is_some();
        for r in self.entities.refs[..upto].iter().rev().take_while(|_| named) {
            if self.entities.list[r.entity].is_person {
                continue;
            }
            if r.entity == firm || since.len() == 3 {
                recent = ["0", "1", "2", "3+"][since.len()];
                break;
            }
            if !since.contains(&r.entity) {
                since.push(r.entity);
            }
        }
        feat!(f, "c:recent=", recent);
        match self.nearest(n, firm, &anchor.tokens) {
            None => {
                feat!(f, "c:away/person=", self.together(person, firm));
            }
            Some(mention) => {
                let (before, a, z) = Self::gap(&mention.tokens, &anchor.tokens);
                let side = if before { "l" } else { "r" };
                let preposition = self.preposition(mention.tokens.start) as char;
                feat!(f, "c:", side, "/prep=", preposition);
                feat!(
                    f,
                    "c:",
                    side,
                    "/between=",
                    (self.count(b'O', a, z) + self.count(b'q', a, z)).min(2),
                    (self.count(b'P', a, z) + self.count(b'p', a, z)).min(2)
                );
                feat!(
                    f,
                    "c:",
                    side,
                    "/verbs=",
                    self.count(b'V', a, z).min(2),
                    (self.count(b'w', a, z) + self.count(b's', a, z)).min(1)
                );
                feat!(f, "c:", side, "/gap=", bucket(z - a));
                if before && anchor.trigger.is_some() {
                    let start = doc.sentences[n].tokens.start;
                    let subject = self.distant_subject(&anchor.tokens, start);
                    let is = subject.is_some_and(|r| r.tokens == mention.tokens);
                    feat!(f, "c:subject=", is, "/", anchor.voiced);
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
                    "c:",
                    side,
                    "/role=",
                    own,
                    "/",
                    role.map_or("", |r| self.roles[r].prefix.as_str())
                );
            }
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
    /// What the neural reader says of them.
    pub(crate) seen: FirmsSeen,
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
