use super::copies::{Sketch, sketch};
use super::decisions::NameAt;
use super::text_links::{self, LinkKind};
use crate::extract::json::claim_ids;
use crate::model::{
    ArticleClaims, Evidence, Kind, Manner, MentionType, PartialDate, SlotName, Status, Tense,
};
use crate::text::fold;
use indexmap::{IndexMap, IndexSet};
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The claims of many articles without their texts, as resolution reads them: about 100 bytes a claim and 300 an
/// article, every string kept once.
///
/// Fill it one article at a time with [`ClaimSet::add`]; the order does not matter, and an article added twice counts
/// once.
#[derive(Debug, Default)]
pub struct ClaimSet {
    strings: IndexSet<Arc<str>, FxBuildHasher>,
    facts: Facts,
}

/// The number of a string. After sealing, smaller numbers are smaller strings.
pub(super) type Sym = u32;

/// The content of a claim set; after sealing in an order that depends on the content alone. What is skipped does not
/// go into an article's bytes as it is.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Facts {
    #[serde(skip)]
    pub(super) articles: Vec<ArticleFact>,
    pub(super) moves: Vec<MoveFact>,
    pub(super) positions: Vec<PositionFact>,
    #[serde(skip)]
    pub(super) evidence: Vec<EvidenceFact>,
    pub(super) forms: Vec<FormFact>,
    /// For each article where its forms begin, and where the last one's end; filled by sealing.
    #[serde(skip)]
    pub(super) first_form: Vec<u32>,
    pub(super) links: Vec<LinkFact>,
    /// (article, name): the article says that two people bear this name.
    pub(super) told_apart: Vec<(u32, Sym)>,
    /// Strings by number; filled by sealing.
    #[serde(skip)]
    pub(super) strings: Vec<Arc<str>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct ArticleFact {
    pub(super) sha: Arc<str>,
    pub(super) date: Option<PartialDate>,
    pub(super) n_chars: u32,
    pub(super) sketch: Sketch,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct MoveFact {
    pub(super) article: u32,
    pub(super) id: Key,
    pub(super) person: Sym,
    pub(super) kind: Kind,
    pub(super) status: Status,
    pub(super) manner: Option<Manner>,
    pub(super) from_firm: Option<Sym>,
    pub(super) from_role: Option<Sym>,
    pub(super) to_firm: Option<Sym>,
    pub(super) to_role: Option<Sym>,
    pub(super) to_note: Option<Sym>,
    pub(super) date: Option<PartialDate>,
    pub(super) evidence: (u32, u32),
    pub(super) rule: Sym,
    pub(super) confidence: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct PositionFact {
    pub(super) article: u32,
    pub(super) id: Key,
    pub(super) person: Sym,
    pub(super) firm: Option<Sym>,
    pub(super) role: Option<Sym>,
    pub(super) tense: Tense,
    pub(super) started_on: Option<PartialDate>,
    pub(super) ended_on: Option<PartialDate>,
    pub(super) evidence: (u32, u32),
    pub(super) rule: Sym,
    pub(super) confidence: f64,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct EvidenceFact {
    pub(super) slot: SlotName,
    pub(super) start: u32,
    pub(super) end: u32,
    /// Shared with the name that it is, where it is one. Sentences are no names: they are not numbered.
    pub(super) quote: Arc<str>,
}

/// A form of a name in an article and the fullest form of the same entity there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct FormFact {
    pub(super) article: u32,
    pub(super) mention_type: MentionType,
    pub(super) form: Sym,
    pub(super) entity: Sym,
}

/// What an article's text says of two organisations' names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct LinkFact {
    pub(super) article: u32,
    pub(super) a: Sym,
    pub(super) b: Sym,
    pub(super) kind: LinkKind,
}

/// A claim's key as bytes instead of 24 hexadecimal digits.
pub(super) type Key = [u8; 12];

pub(super) fn key_of(id: &str) -> Key {
    let mut key = [0; 12];
    for (i, byte) in key.iter_mut().enumerate() {
        *byte = id.get(2 * i..2 * i + 2).and_then(|h| u8::from_str_radix(h, 16).ok()).unwrap_or(0);
    }
    key
}

pub(super) fn id_of(key: &Key) -> String {
    key.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl ClaimSet {
    /// Returns an empty set.
    pub fn new() -> Self {
        ClaimSet::default()
    }

    /// Returns how many claims it holds.
    pub fn n_claims(&self) -> usize {
        self.facts.moves.len() + self.facts.positions.len()
    }

    fn sym(&mut self, text: &str) -> Sym {
        if let Some(i) = self.strings.get_index_of(text) {
            return i as Sym;
        }
        self.strings.insert_full(Arc::from(text)).0 as Sym
    }

    /// Returns the number of a string, for edits.
    pub(super) fn intern(&mut self, text: &str) -> Sym {
        self.sym(text)
    }

    /// Returns a string by its number.
    pub(super) fn shared(&self, sym: Sym) -> Arc<str> {
        self.strings[sym as usize].clone()
    }

    /// Returns the strings in the order of their numbers, and the facts as they were added.
    pub(super) fn into_parts(self) -> (IndexSet<Arc<str>, FxBuildHasher>, Facts) {
        (self.strings, self.facts)
    }

    /// Begins an article; returns its number, and the facts to add its own to.
    pub(super) fn begin(
        &mut self,
        sha: &str,
        date: Option<PartialDate>,
        n_chars: u32,
        sketch: Sketch,
    ) -> (u32, &mut Facts) {
        let article = self.facts.articles.len() as u32;
        self.facts.articles.push(ArticleFact { sha: Arc::from(sha), date, n_chars, sketch });
        (article, &mut self.facts)
    }

    /// Returns the claims, for edits.
    pub(super) fn claims_mut(&mut self) -> (&mut Vec<MoveFact>, &mut Vec<PositionFact>) {
        (&mut self.facts.moves, &mut self.facts.positions)
    }

    /// Takes out the claims with rejected keys.
    pub(super) fn reject(&mut self, rejected: impl Fn(&Key) -> bool) {
        self.facts.moves.retain(|m| !rejected(&m.id));
        self.facts.positions.retain(|p| !rejected(&p.id));
    }

    fn evidence(&mut self, list: &[Evidence]) -> (u32, u32) {
        let start = self.facts.evidence.len() as u32;
        for e in list {
            let quote = match self.strings.get(e.quote.as_str()) {
                Some(name) => name.clone(),
                None => Arc::from(e.quote.as_str()),
            };
            self.facts.evidence.push(EvidenceFact {
                slot: e.slot,
                start: e.span.start as u32,
                end: e.span.end as u32,
                quote,
            });
        }
        (start, self.facts.evidence.len() as u32)
    }

    /// Adds the claims of one article.
    pub fn add(&mut self, claims: &ArticleClaims) {
        let ids = claim_ids(claims);
        let text = &claims.article.text;
        let (sha, date) = (&claims.article.text_sha256, claims.article.published_on);
        let (article, _) = self.begin(sha, date, text.len() as u32, sketch(text));
        for (m, id) in claims.moves.iter().zip(&ids.moves) {
            let fact = MoveFact {
                article,
                id: key_of(id),
                person: self.sym(&m.person),
                kind: m.kind,
                status: m.status,
                manner: m.manner,
                from_firm: m.from_firm.as_deref().map(|s| self.sym(s)),
                from_role: m.from_role.as_deref().map(|s| self.sym(s)),
                to_firm: m.to_firm.as_deref().map(|s| self.sym(s)),
                to_role: m.to_role.as_deref().map(|s| self.sym(s)),
                to_note: m.to_note.as_deref().map(|s| self.sym(s)),
                date: m.date,
                evidence: self.evidence(&m.evidence),
                rule: self.sym(&m.rule),
                confidence: m.confidence,
            };
            self.facts.moves.push(fact);
        }
        for (p, id) in claims.positions.iter().zip(&ids.positions) {
            let fact = PositionFact {
                article,
                id: key_of(id),
                person: self.sym(&p.person),
                firm: p.firm.as_deref().map(|s| self.sym(s)),
                role: p.role.as_deref().map(|s| self.sym(s)),
                tense: p.tense,
                started_on: p.started_on,
                ended_on: p.ended_on,
                evidence: self.evidence(&p.evidence),
                rule: self.sym(&p.rule),
                confidence: p.confidence,
            };
            self.facts.positions.push(fact);
        }
        let first = self.facts.forms.len();
        for m in &claims.mentions {
            let form = FormFact {
                article,
                mention_type: m.mention_type,
                form: self.sym(m.span.of(&claims.article.text)),
                entity: self.sym(&m.entity),
            };
            self.facts.forms.push(form);
        }
        self.facts.forms[first..].sort_unstable();
        let mut own = self.facts.forms.split_off(first);
        own.dedup();
        self.facts.forms.append(&mut own);
        for (a, b, kind) in text_links::links(claims) {
            let link = LinkFact { article, a: self.sym(a), b: self.sym(b), kind };
            self.facts.links.push(link);
        }
        for name in text_links::told_apart(claims) {
            let name = self.sym(name);
            self.facts.told_apart.push((article, name));
        }
    }

    /// Returns the facts in an order that depends on nothing but the content: articles by hash, claims by key,
    /// strings by their bytes. Articles of one text become one, with the claims of all.
    pub(super) fn seal(self) -> Facts {
        let ClaimSet { strings, mut facts } = self;
        let strings: Vec<Arc<str>> = strings.into_iter().collect();
        let mut order: Vec<u32> = (0..strings.len() as u32).collect();
        order.par_sort_unstable_by(|a, b| strings[*a as usize].cmp(&strings[*b as usize]));
        let mut rank = vec![0 as Sym; strings.len()];
        for (new, old) in order.iter().enumerate() {
            rank[*old as usize] = new as Sym;
        }
        facts.strings = order.iter().map(|old| strings[*old as usize].clone()).collect();
        let mut by_sha: IndexMap<Arc<str>, ArticleFact, FxBuildHasher> = IndexMap::default();
        let shas: Vec<Arc<str>> = facts.articles.iter().map(|a| a.sha.clone()).collect();
        for article in facts.articles.drain(..) {
            match by_sha.entry(article.sha.clone()) {
                indexmap::map::Entry::Occupied(mut at) => {
                    // One text with two dates (a copy in another archive): the earlier one counts.
                    let at = at.get_mut();
                    at.date = match (at.date, article.date) {
                        (Some(a), Some(b)) => Some(a.min(b)),
                        (a, b) => a.or(b),
                    };
                }
                indexmap::map::Entry::Vacant(at) => {
                    at.insert(article);
                }
            }
        }
        by_sha.sort_unstable_keys();
        let place: Vec<u32> =
            shas.iter().map(|sha| by_sha.get_index_of(sha).unwrap_or(0) as u32).collect();
        facts.articles = by_sha.into_values().collect();
        facts.each_article(|article| *article = place[*article as usize]);
        facts.each_sym(|sym| *sym = rank[*sym as usize]);
        facts.moves.par_sort_unstable_by_key(|m| (m.article, m.id));
        facts.moves.dedup_by_key(|m| (m.article, m.id));
        facts.positions.par_sort_unstable_by_key(|p| (p.article, p.id));
        facts.positions.dedup_by_key(|p| (p.article, p.id));
        facts.forms.par_sort_unstable();
        facts.forms.dedup();
        facts.first_form = Vec::with_capacity(facts.articles.len() + 1);
        for article in 0..=facts.articles.len() as u32 {
            let from = facts.first_form.last().map_or(0, |at| *at as usize);
            let own = facts.forms[from..].iter().take_while(|f| f.article < article).count();
            facts.first_form.push((from + own) as u32);
        }
        facts.links.sort_unstable();
        facts.links.dedup();
        facts.told_apart.sort_unstable();
        facts.told_apart.dedup();
        facts
    }
}

impl Facts {
    /// Calls `change` for the number of every article that something is said in.
    pub(super) fn each_article(&mut self, change: impl FnMut(&mut u32)) {
        let moves = self.moves.iter_mut().map(|m| &mut m.article);
        let positions = self.positions.iter_mut().map(|p| &mut p.article);
        let forms = self.forms.iter_mut().map(|f| &mut f.article);
        let links = self.links.iter_mut().map(|l| &mut l.article);
        let told_apart = self.told_apart.iter_mut().map(|(article, _)| article);
        moves.chain(positions).chain(forms).chain(links).chain(told_apart).for_each(change);
    }

    /// Calls `change` for the number of every string that something is said with.
    pub(super) fn each_sym(&mut self, mut change: impl FnMut(&mut Sym)) {
        for m in &mut self.moves {
            change(&mut m.person);
            change(&mut m.rule);
            [&mut m.from_firm, &mut m.from_role, &mut m.to_firm, &mut m.to_role, &mut m.to_note]
                .into_iter()
                .flatten()
                .for_each(&mut change);
        }
        for p in &mut self.positions {
            change(&mut p.person);
            change(&mut p.rule);
            [&mut p.firm, &mut p.role].into_iter().flatten().for_each(&mut change);
        }
        for f in &mut self.forms {
            change(&mut f.form);
            change(&mut f.entity);
        }
        for l in &mut self.links {
            change(&mut l.a);
            change(&mut l.b);
        }
        self.told_apart.iter_mut().for_each(|(_, name)| change(name));
    }

    /// Calls `change` for where the evidence of every claim begins and ends.
    pub(super) fn each_evidence(&mut self, change: impl FnMut(&mut (u32, u32))) {
        let moves = self.moves.iter_mut().map(|m| &mut m.evidence);
        moves.chain(self.positions.iter_mut().map(|p| &mut p.evidence)).for_each(change);
    }

    /// Returns the string of a number.
    pub(super) fn text(&self, sym: Sym) -> &str {
        &self.strings[sym as usize]
    }

    /// Returns where a name stands, as (article, string); `None` where the facts do not have it.
    pub(super) fn place(&self, at: &NameAt) -> Option<(u32, Sym)> {
        let article =
            self.articles.binary_search_by(|a| a.sha.as_ref().cmp(at.article.as_str())).ok()?;
        let name = self.strings.binary_search_by(|s| s.as_ref().cmp(at.name.as_str())).ok()?;
        Some((article as u32, name as Sym))
    }

    /// Returns the string of a number, shared.
    pub(super) fn shared(&self, sym: Sym) -> Arc<str> {
        self.strings[sym as usize].clone()
    }

    /// Returns the fullest form of a name in an article: the entity of its mention, or the name itself.
    ///
    /// A claim may spell a name unlike the text ("Enerlago" for "ENERLAGO"): then the mention with the same letters
    /// counts.
    pub(super) fn entity(&self, article: u32, mention_type: MentionType, name: Sym) -> Sym {
        let own = article as usize;
        let (first, last) = (self.first_form[own] as usize, self.first_form[own + 1] as usize);
        let own = &self.forms[first..last];
        let at = own.partition_point(|f| (f.mention_type, f.form) < (mention_type, name));
        if let Some(f) = own.get(at).filter(|f| (f.mention_type, f.form) == (mention_type, name)) {
            return f.entity;
        }
        let mut here = own.iter().filter(|f| f.mention_type == mention_type).peekable();
        if here.peek().is_none() {
            return name;
        }
        let folded = fold(self.text(name));
        here.find(|f| fold(self.text(f.form)) == folded).map_or(name, |f| f.entity)
    }
}
