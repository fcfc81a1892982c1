//! An article's facts as bytes, kept beside its claims: so that a later resolution reads neither its text nor its
//! claims again.

use super::claims::{ClaimSet, EvidenceFact, Facts, Sym};
use super::copies::Sketch;
use crate::model::{ArticleClaims, PartialDate, SlotName};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A fingerprint of what makes the bytes: the sources of this program that say what is packed, and how. Bytes of
/// another form are made anew from the claims. How postcard writes a value is fixed since its version 1.
pub const FORM: i64 = fingerprint(&[
    include_bytes!("packed.rs"),
    include_bytes!("claims.rs"),
    include_bytes!("copies.rs"),
    include_bytes!("text_links.rs"),
    include_bytes!("../extract/json.rs"),
    include_bytes!("../model/claim.rs"),
    include_bytes!("../model/date.rs"),
    include_bytes!("../model/kinds.rs"),
    include_bytes!("../text/fold.rs"),
]);

const fn fingerprint(files: &[&[u8]]) -> i64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut file = 0;
    while file < files.len() {
        let mut at = 0;
        // Eight bytes at a time: the compiler counts the steps.
        while at < files[file].len() {
            let mut word: u64 = 0;
            let mut i = 0;
            while i < 8 && at + i < files[file].len() {
                word = (word << 8) | files[file][at + i] as u64;
                i += 1;
            }
            hash = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            hash ^= hash >> 29;
            at += 8;
        }
        file += 1;
    }
    hash as i64
}

/// What the bytes of one article say. Names and quotes are told by their places in its own lists, quotes that are no
/// names behind the names; evidence is counted from 0.
#[derive(Serialize, Deserialize)]
struct Page<'a> {
    sha: &'a str,
    n_chars: u32,
    sketch: Vec<u32>,
    #[serde(borrow)]
    names: Vec<&'a str>,
    #[serde(borrow)]
    quotes: Vec<&'a str>,
    evidence: Vec<(SlotName, u32, u32, u32)>,
    facts: Facts,
}

/// Returns the facts of one article as bytes: [`ClaimSet::add_packed`] takes them as [`ClaimSet::add`] takes the
/// article. Its date is not among them: another source of the same text can change it.
pub fn pack(claims: &ArticleClaims) -> Vec<u8> {
    let mut set = ClaimSet::new();
    set.add(claims);
    let (mut texts, mut facts) = set.into_parts();
    let article = facts.articles.remove(0);
    let n_names = texts.len();
    let evidence = facts
        .evidence
        .drain(..)
        .map(|e| (e.slot, e.start, e.end, texts.insert_full(e.quote).0 as u32))
        .collect();
    let page = Page {
        sha: &article.sha,
        n_chars: article.n_chars,
        sketch: article.sketch.to_vec(),
        names: texts.iter().take(n_names).map(AsRef::as_ref).collect(),
        quotes: texts.iter().skip(n_names).map(AsRef::as_ref).collect(),
        evidence,
        facts,
    };
    // Memory takes every page; no bytes at all would be refused and made anew.
    postcard::to_extend(&page, Vec::with_capacity(2048)).unwrap_or_default()
}

impl<'a> Page<'a> {
    /// Returns what the bytes say, or `None` where they are not those of a page whose numbers all stand for something.
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let (mut page, rest) = postcard::take_from_bytes::<Page>(bytes).ok()?;
        let (n_names, n_evidence) = (page.names.len(), page.evidence.len());
        let n_texts = n_names + page.quotes.len();
        let mut right = rest.is_empty();
        for (_, start, end, quote) in &page.evidence {
            right &= start <= end && (*quote as usize) < n_texts;
        }
        page.facts.each_sym(|name| right &= (*name as usize) < n_names);
        page.facts.each_evidence(|(first, last)| {
            right &= first <= last && *last as usize <= n_evidence;
        });
        right.then_some(page)
    }
}

impl ClaimSet {
    /// Adds the facts of one article that [`pack`] made; returns false, and adds nothing, where it did not make them.
    pub fn add_packed(&mut self, date: Option<PartialDate>, bytes: &[u8]) -> bool {
        let Some(page) = Page::read(bytes) else { return false };
        let Ok(sketch) = Sketch::try_from(page.sketch) else { return false };
        let names: Vec<Sym> = page.names.iter().map(|name| self.intern(name)).collect();
        let own_quotes = page.quotes.iter().map(|quote| Arc::from(*quote));
        let quotes: Vec<Arc<str>> =
            names.iter().map(|name| self.shared(*name)).chain(own_quotes).collect();
        let (article, facts) = self.begin(page.sha, date, page.n_chars, sketch);
        let before = facts.evidence.len() as u32;
        facts.evidence.extend(page.evidence.into_iter().map(|(slot, start, end, quote)| {
            EvidenceFact { slot, start, end, quote: quotes[quote as usize].clone() }
        }));
        let mut own = page.facts;
        own.each_article(|at| *at = article);
        own.each_sym(|name| *name = names[*name as usize]);
        own.each_evidence(|(first, last)| (*first, *last) = (before + *first, before + *last));
        facts.moves.append(&mut own.moves);
        facts.positions.append(&mut own.positions);
        facts.forms.append(&mut own.forms);
        facts.links.append(&mut own.links);
        facts.told_apart.append(&mut own.told_apart);
        true
    }
}
