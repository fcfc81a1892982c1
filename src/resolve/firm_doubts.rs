//! What speaks for and against two organisations being one, and the pairs of which that is least clear.

use super::claims::{Facts, Sym};
use super::cluster::Why;
use super::decisions::NameAt;
use super::explain::Doubt;
use super::firm_names::{NameLink, relate};
use super::firms::{Firms, MAX_CANDIDATES, Map, Seen};
use crate::knowledge::Knowledge;
use crate::model::MentionType;
use indexmap::{IndexMap, IndexSet};
use rustc_hash::FxBuildHasher;

/// Joinings that rest on people in common or on letters, not on words or lists.
const WEAK: [Why; 3] = [Why::ShortFirm, Why::NearFirm, Why::Spelling];

/// All that firms were resolved from.
pub(super) struct FirmWork<'a> {
    pub(super) facts: &'a Facts,
    pub(super) firms: &'a Firms,
    pub(super) seen: &'a Seen,
    pub(super) knowledge: &'a Knowledge,
}

impl FirmWork<'_> {
    /// Returns the pairs that rest on weak grounds, and those that stayed two though one name may be short for the
    /// other; those with the most people in common first, the weakly joined before the others.
    pub(super) fn doubts(&self, is_decided: &dyn Fn(&NameAt, &NameAt) -> bool) -> Vec<Doubt> {
        let joined = self.firms.joined.iter().filter(|(_, _, why)| WEAK.contains(why));
        let mut pairs: Vec<(bool, u32, u32)> = joined.map(|(a, b, _)| (true, *a, *b)).collect();
        pairs.extend(self.nearly_joined().into_iter().map(|(a, b)| (false, a, b)));
        pairs.sort_by_cached_key(|(together, a, b)| {
            let shared = self.seen.shared_people(*a, *b);
            let n = self.seen.articles[*a as usize].len() + self.seen.articles[*b as usize].len();
            (std::cmp::Reverse((shared > 0, *together, shared, n)), *a, *b)
        });
        let doubt = |(together, a, b): &(bool, u32, u32)| self.doubt(*a, *b, *together);
        let found = pairs.iter().filter_map(doubt);
        found.filter(|doubt| !is_decided(&doubt.one, &doubt.other)).collect()
    }

    /// Returns the keys that stayed two though their names go together and no article names both.
    fn nearly_joined(&self) -> IndexSet<(u32, u32), FxBuildHasher> {
        let mut by_word: Map<&str, Vec<u32>> = IndexMap::default();
        for (i, name) in self.seen.names.iter().enumerate() {
            let initials = name.initials();
            let whole = name.looks_like_acronym.then_some(&name.key);
            let words = name.words.iter().chain(whole).map(String::as_str);
            for word in words {
                by_word.entry(word).or_default().push(i as u32);
            }
            for short in initials {
                if let Some((word, _)) = by_word.get_key_value(short.as_str()) {
                    let word: &str = word;
                    by_word.entry(word).or_default().push(i as u32);
                }
            }
        }
        let mut found = IndexSet::default();
        for list in by_word.values().filter(|list| list.len() <= MAX_CANDIDATES) {
            for (k, a) in list.iter().enumerate() {
                for b in &list[..k] {
                    let (x, y) = (&self.seen.names[*a as usize], &self.seen.names[*b as usize]);
                    let near = matches!(
                        relate(x, y),
                        NameLink::Same | NameLink::Short | NameLink::Acronym | NameLink::Typo
                    );
                    let occurs = |i: &u32| !self.seen.articles[*i as usize].is_empty();
                    if near
                        && occurs(a)
                        && occurs(b)
                        && !self.firms.same_firm(*a, *b)
                        && self.seen.apart(*a, *b) == 0
                    {
                        found.insert((*a.min(b), *a.max(b)));
                    }
                }
            }
        }
        found
    }

    /// Returns what is known of the pair of keys; `None` where one stands in no article.
    pub(super) fn doubt(&self, a: u32, b: u32, together: bool) -> Option<Doubt> {
        Some(Doubt {
            mention_type: MentionType::Firm,
            one: self.name_at(a)?,
            other: self.name_at(b)?,
            together,
            score: 0.0,
            reasons: Vec::new(),
            facts: self.facts_of(a, b),
        })
    }

    /// Returns in words what speaks for and against two keys being one organisation.
    fn facts_of(&self, a: u32, b: u32) -> Vec<String> {
        let (x, y) = (&self.seen.names[a as usize], &self.seen.names[b as usize]);
        let mut out = Vec::new();
        out.push(
            match relate(x, y) {
                NameLink::Same => "the words that tell are the same",
                NameLink::Short => "one name has only words of the other",
                NameLink::Acronym => "one name is made of the initials of the other",
                NameLink::Typo => "the names differ by one letter",
                NameLink::Part => "one name is the other with a word for a part of it",
                NameLink::Other if x.is_cognate_of(y) => "the words are alike in two languages",
                NameLink::Other => "the names have nothing in common that joins them",
            }
            .to_owned(),
        );
        let count = |n: usize, one: &str, many: &str| {
            let word = if n == 1 { one } else { many };
            if n == 0 { format!("no {many}") } else { format!("{n} {word}") }
        };
        // Of three words of a name each pair counts, so that half a name is found too.
        let people = self.seen.shared_people(a, b);
        let people = count(people, "person's name", "people's names");
        out.push(format!("{people} beside both"));
        match self.seen.apart(a, b) as usize {
            0 => {}
            n => out.push(format!("{} both as two", count(n, "article names", "articles name"))),
        }
        let known = |key: u32| {
            let firm = self.firms.known[self.firms.of_key(key) as usize];
            firm.map(|firm| &self.knowledge.firms()[firm as usize].name)
        };
        if let (Some(p), Some(q)) = (known(a), known(b))
            && p != q
        {
            out.push(format!("known as two: {p} and {q}"));
        }
        if x.abroad(y) {
            out.push("legal forms of different countries".to_owned());
        }
        if x.is_holding_beside(y) {
            out.push("one is a holding".to_owned());
        }
        if x.is_of_any_state() || y.is_of_any_state() {
            out.push("every country has a body of this name".to_owned());
        }
        if x.is_generic() || y.is_generic() {
            out.push("one name is a general word".to_owned());
        }
        let (p, q) = (self.firms.of_key(a), self.firms.of_key(b));
        if self.firms.within(p, q) || self.firms.within(q, p) {
            out.push("one is part of the other".to_owned());
        }
        out
    }

    /// Returns a key's name as its first article has it.
    fn name_at(&self, key: u32) -> Option<NameAt> {
        let article = *self.seen.articles[key as usize].first()?;
        let of_key = |name: &Sym| self.firms.key_of.get(name) == Some(&key);
        let first = self.facts.forms.partition_point(|f| f.article < article);
        let forms = self.facts.forms[first..].iter().take_while(|f| f.article == article);
        let firms = forms.filter(|f| f.mention_type == MentionType::Firm);
        let mut names: Vec<Sym> = firms.map(|f| f.entity).filter(of_key).collect();
        if names.is_empty() {
            let entity = |name: Sym| self.facts.entity(article, MentionType::Firm, name);
            let first = self.facts.moves.partition_point(|m| m.article < article);
            let moves = self.facts.moves[first..].iter().take_while(|m| m.article == article);
            names.extend(moves.flat_map(|m| [m.from_firm, m.to_firm]).flatten().map(entity));
            let first = self.facts.positions.partition_point(|p| p.article < article);
            let positions = self.facts.positions[first..].iter();
            let positions = positions.take_while(|p| p.article == article);
            names.extend(positions.filter_map(|p| p.firm).map(entity));
            names.retain(of_key);
        }
        let name = names.into_iter().min()?;
        Some(NameAt {
            article: self.facts.articles[article as usize].sha.to_string(),
            name: self.facts.text(name).to_owned(),
        })
    }
}
