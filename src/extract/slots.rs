//! The features by which titles, dates and statuses are chosen for a trigger.

use super::args::RoleFacts;
use super::context::{Anchor, Context, bucket};
use super::linear::{Features, feat};
use super::net::{FirmsSeen, grade};
use super::roles::RoleKind;
use crate::lang::{CueClass, List, Scope};
use crate::model::PartialDate;

impl Context<'_> {
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
            feat!(f, "none/", sort);
            feat!(f, "none/", voiced);
            feat!(f, "none/firm=", facts.side_firm.is_some(), "/", sort);
            let here = self.count(b'R', doc.sentences[n].tokens.start, doc.sentences[n].tokens.end);
            feat!(f, "none/here=", here.min(3), "/", sort);
            return;
        };
        let role = &self.roles[i];
        feat!(f, "kind=", role.kind.as_str());
        if let Some(c) = doc.class(role.head.start, 8) {
            feat!(f, "head~=", c, "/", sort);
        }
        feat!(f, "prefix=", role.prefix.as_str());
        feat!(f, sort, "/prefix=", role.prefix.as_str());
        feat!(f, "staff=", role.staff, "/plural=", role.plural);
        feat!(f, "own=", facts.own);
        feat!(f, sort, "/own=", facts.own);
        feat!(f, sort, "/firm=", facts.firm_fit);
        feat!(f, "firm=", facts.firm_fit, "/own=", facts.own);
        feat!(f, sort, "/tense=", facts.tense, "/own=", facts.own);
        let there = doc.sentence_of[role.tokens.start] as usize;
        if there != n {
            let distance = (n as i64 - there as i64).clamp(-3, 3);
            feat!(f, "away=", distance);
            feat!(f, "away=", distance, "/", sort);
            feat!(f, "away/", sort, "/own=", facts.own, "/firm=", facts.firm_fit);
            return;
        }
        let (before, a, z) = Self::gap(&role.tokens, &anchor.tokens);
        let inside =
            anchor.tokens.start <= role.tokens.start && role.tokens.end <= anchor.tokens.end;
        let side = if inside {
            "in"
        } else if before {
            "left"
        } else {
            "right"
        };
        feat!(f, sort, "/side=", side);
        feat!(f, voiced, "/side=", side);
        feat!(f, sort, "/gap=", bucket(z - a), "/", side);
        let path = self.path(a, z);
        feat!(f, sort, "/path=", path, "/", side);
        let preposition = self.preposition(role.tokens.start) as char;
        feat!(f, voiced, "/prep=", preposition, "/", side);
        feat!(f, sort, "/between=", self.count(b'R', a, z).min(2), "/", side);
        feat!(f, sort, "/people=", self.count(b'P', a, z).min(2), "/", side);
        if z - a <= 3 {
            let words = &doc.tokens[a..z];
            feat!(f, sort, "/words=", words, "/", side);
        }
        if role.kind == RoleKind::Helm {
            feat!(f, "helm/", sort, "/", side);
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
            feat!(f, "none/", sort, "/", tense);
            feat!(f, "none/here=", here.min(2));
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
        feat!(f, "precision=", precision, "/", date.relative);
        feat!(f, "when=", when, "/", tense, "/", sort);
        feat!(f, "when=", when, "/", precision);
        if !sentence.tokens.contains(&date.tokens.start) {
            feat!(f, "away/", precision, "/", when);
            feat!(f, "away/", sort);
            return;
        }
        let (before, a, z) = Self::gap(&date.tokens, &anchor.tokens);
        let side = if before { "left" } else { "right" };
        feat!(f, "side=", side, "/gap=", bucket(z - a));
        feat!(f, "verbs=", self.count(b'V', a, z).min(2), "/", side);
        feat!(f, "relatives=", self.count(b'w', a, z).min(1), "/", side);
        feat!(f, "people=", self.count(b'P', a, z).min(2), "/", side);
        feat!(f, "between=", self.count(b'D', a, z).min(2), "/", side);
        let word = doc.lower_in(&sentence.tokens, date.tokens.start as isize - 1);
        feat!(f, "before=", word);
        feat!(f, "before=", word, "/", sort);
        let path = self.path(a, z);
        feat!(f, "path=", path, "/", side);
        if date.tokens.start == sentence.tokens.start
            || (date.tokens.start - sentence.tokens.start) < 3 && before
        {
            feat!(f, "opens/", sort);
        }
    }

    /// Fills `f` with what tells how far the event of a trigger has come.
    pub(crate) fn status_features(
        &self,
        anchor: &Anchor<'_>,
        date: Option<PartialDate>,
        seen: &FirmsSeen,
        f: &mut Features,
    ) {
        let Some(trigger) = anchor.trigger else { return };
        let doc = &self.doc;
        let n = doc.sentence_of[anchor.tokens.start] as usize;
        let range = &doc.sentences[n].tokens;
        f.begin("status");
        feat!(f, "bias");
        for (n, p) in seen.statuses.iter().enumerate() {
            feat!(f, "seen", n, "=", grade(*p));
        }
        let (class, tense, sort) = (trigger.class.as_str(), trigger.tense.as_str(), &anchor.sort);
        feat!(f, "class=", class);
        feat!(f, sort);
        feat!(f, "tense=", tense);
        feat!(f, class, "/tense=", tense);
        feat!(f, "voice=", trigger.voice.as_str(), "/", tense);
        feat!(f, "word=", anchor.word);
        feat!(f, "word=", anchor.word, "/", tense);
        if trigger.negated {
            feat!(f, "negated");
            feat!(f, "negated/", class);
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
                feat!(f, "cue=", class.as_str(), "/", effect);
                feat!(f, "cue=", class.as_str(), "/", effect, "/", trigger.class.as_str());
                feat!(f, "cue=", class.as_str(), "/", effect, "/", tense);
            }
        }
        for i in clause.start..anchor.tokens.start {
            if anchor.tokens.start - i <= 5 && doc.is(i, List::FunctionWord) {
                feat!(f, "small=", doc.tokens[i].lower);
            }
        }
        for i in clause.clone() {
            if let Some(c) = doc.class(i, 8) {
                let side = if i < anchor.tokens.start { "left" } else { "right" };
                feat!(f, "clause~=", c);
                feat!(f, "clause~=", c, "/", side);
            }
        }
        let before = doc.lower_in(range, anchor.tokens.start as isize - 1);
        feat!(f, "prev=", before);
        if doc.tokens[range.end - 1].lower == "?" {
            feat!(f, "question");
        }
        if n < doc.title {
            feat!(f, "title/", tense);
        }
        let when = match (self.published, date) {
            (_, None) => "none",
            (None, Some(_)) => "?",
            (Some(p), Some(d)) if d.min_day() > p.max_day() => "after",
            (Some(p), Some(d)) if d.agrees_with(p) => "same",
            _ => "before",
        };
        feat!(f, "when=", when);
        feat!(f, "when=", when, "/", tense);
    }
}
