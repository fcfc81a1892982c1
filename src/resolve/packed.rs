//! An article's facts as bytes, kept beside its claims: so that a later resolution reads neither its text nor its
//! claims again.

use super::claims::{ClaimSet, EvidenceFact, FormFact, Key, LinkFact, MoveFact, PositionFact, Sym};
use super::copies::Sketch;
use super::text_links::LinkKind;
use crate::model::{
    ArticleClaims, Kind, Manner, MentionType, PartialDate, SlotName, Status, Tense,
};
use std::sync::Arc;

/// A fingerprint of what makes the bytes: the sources of this program that say what is packed, and how. Bytes of
/// another form are made anew from the claims.
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

/// Returns the facts of one article as bytes: [`ClaimSet::add_packed`] takes them as [`ClaimSet::add`] takes the
/// article. Its date is not among them: another source of the same text can change it.
pub fn pack(claims: &ArticleClaims) -> Vec<u8> {
    let mut set = ClaimSet::new();
    set.add(claims);
    let (names, facts) = set.parts();
    let article = &facts.articles[0];
    let mut out = Writer(Vec::with_capacity(1024));
    out.text(&article.sha);
    out.number(article.n_chars);
    let blank = article.sketch.iter().all(|part| *part == u32::MAX);
    out.number(u32::from(!blank));
    if !blank {
        article.sketch.iter().for_each(|part| out.0.extend(part.to_le_bytes()));
    }
    out.number(names.len() as u32);
    names.iter().for_each(|name| out.text(name));
    // Quotes that are no names stand behind the names, each once.
    let mut quotes: Vec<&Arc<str>> = facts.evidence.iter().map(|e| &e.quote).collect();
    quotes.sort_unstable();
    quotes.dedup();
    quotes.retain(|quote| !names.contains(*quote));
    out.number(quotes.len() as u32);
    quotes.iter().for_each(|quote| out.text(quote));
    let quote_at = |quote: &Arc<str>| {
        let behind = || names.len() + quotes.binary_search(&quote).unwrap_or(0);
        names.get_index_of(quote).unwrap_or_else(behind) as u32
    };
    let evidence = |out: &mut Writer, (first, last): (u32, u32)| {
        out.number(last - first);
        for e in &facts.evidence[first as usize..last as usize] {
            out.word(SlotName::ALL, e.slot);
            out.number(e.start);
            out.number(e.end);
            out.number(quote_at(&e.quote));
        }
    };
    out.number(facts.moves.len() as u32);
    for m in &facts.moves {
        out.0.extend(m.id);
        out.number(m.person);
        out.word(Kind::ALL, m.kind);
        out.word(Status::ALL, m.status);
        out.number(m.manner.map_or(0, |manner| 1 + place(Manner::ALL, manner)));
        for name in [m.from_firm, m.from_role, m.to_firm, m.to_role, m.to_note] {
            out.name(name);
        }
        out.date(m.date);
        evidence(&mut out, m.evidence);
        out.number(m.rule);
        out.0.extend(m.confidence.to_le_bytes());
    }
    out.number(facts.positions.len() as u32);
    for p in &facts.positions {
        out.0.extend(p.id);
        out.number(p.person);
        out.name(p.firm);
        out.name(p.role);
        out.word(Tense::ALL, p.tense);
        out.date(p.started_on);
        out.date(p.ended_on);
        evidence(&mut out, p.evidence);
        out.number(p.rule);
        out.0.extend(p.confidence.to_le_bytes());
    }
    out.number(facts.forms.len() as u32);
    for f in &facts.forms {
        out.number(u32::from(f.mention_type == MentionType::Firm));
        out.number(f.form);
        out.number(f.entity);
    }
    out.number(facts.links.len() as u32);
    for l in &facts.links {
        out.number(l.a);
        out.number(l.b);
        out.number(u32::from(l.kind == LinkKind::UnitOf));
    }
    out.number(facts.told_apart.len() as u32);
    facts.told_apart.iter().for_each(|(_, name)| out.number(*name));
    out.0
}

impl ClaimSet {
    /// Adds the facts of one article that [`pack`] made; returns false, and adds nothing, where it did not make them.
    pub fn add_packed(&mut self, date: Option<PartialDate>, bytes: &[u8]) -> bool {
        let Some(page) = Page::read(bytes) else { return false };
        let names: Vec<Sym> = page.names.iter().map(|name| self.intern(name)).collect();
        let own_quotes = page.quotes.iter().map(|quote| Arc::from(*quote));
        let quotes: Vec<Arc<str>> =
            names.iter().map(|name| self.shared(*name)).chain(own_quotes).collect();
        let (article, facts) = self.begin(page.sha, date, page.n_chars, page.sketch);
        let name = |at: Sym| names[at as usize];
        let first = facts.evidence.len() as u32;
        facts.evidence.extend(page.evidence.into_iter().map(|(slot, start, end, quote)| {
            EvidenceFact { slot, start, end, quote: quotes[quote as usize].clone() }
        }));
        facts.moves.extend(page.moves.into_iter().map(|m| MoveFact {
            article,
            person: name(m.person),
            from_firm: m.from_firm.map(name),
            from_role: m.from_role.map(name),
            to_firm: m.to_firm.map(name),
            to_role: m.to_role.map(name),
            to_note: m.to_note.map(name),
            evidence: (first + m.evidence.0, first + m.evidence.1),
            rule: name(m.rule),
            ..m
        }));
        facts.positions.extend(page.positions.into_iter().map(|p| PositionFact {
            article,
            person: name(p.person),
            firm: p.firm.map(name),
            role: p.role.map(name),
            evidence: (first + p.evidence.0, first + p.evidence.1),
            rule: name(p.rule),
            ..p
        }));
        facts.forms.extend(page.forms.into_iter().map(|(mention_type, form, entity)| FormFact {
            article,
            mention_type,
            form: name(form),
            entity: name(entity),
        }));
        facts.links.extend(page.links.into_iter().map(|(a, b, kind)| LinkFact {
            article,
            a: name(a),
            b: name(b),
            kind,
        }));
        facts.told_apart.extend(page.told_apart.into_iter().map(|at| (article, name(at))));
        true
    }
}

/// What the bytes of one article say; names and quotes by their places in its own lists, evidence from 0.
struct Page<'a> {
    sha: &'a str,
    n_chars: u32,
    sketch: Sketch,
    names: Vec<&'a str>,
    quotes: Vec<&'a str>,
    evidence: Vec<(SlotName, u32, u32, u32)>,
    moves: Vec<MoveFact>,
    positions: Vec<PositionFact>,
    forms: Vec<(MentionType, Sym, Sym)>,
    links: Vec<(Sym, Sym, LinkKind)>,
    told_apart: Vec<Sym>,
}

impl<'a> Page<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut from = Reader { bytes, n_names: 0, n_quotes: 0 };
        let sha = from.text()?;
        let n_chars = from.number()?;
        let mut sketch = Sketch::new([u32::MAX; 64]);
        if from.number()? == 1 {
            for part in sketch.iter_mut() {
                *part = u32::from_le_bytes(from.bytes()?);
            }
        }
        let names = from.list(Reader::text)?;
        let quotes = from.list(Reader::text)?;
        from.n_names = names.len() as u32;
        from.n_quotes = from.n_names + quotes.len() as u32;
        let mut evidence = Vec::new();
        let mut own_evidence = |from: &mut Reader<'a>| {
            let first = evidence.len() as u32;
            evidence.extend(from.list(|from| {
                let (slot, start, end) =
                    (from.word(SlotName::ALL)?, from.number()?, from.number()?);
                let quote = from.number().filter(|at| *at < from.n_quotes)?;
                Some((slot, start, end, quote))
            })?);
            Some((first, evidence.len() as u32))
        };
        let moves = from.list(|from| {
            Some(MoveFact {
                article: 0,
                id: from.bytes::<{ size_of::<Key>() }>()?,
                person: from.sym()?,
                kind: from.word(Kind::ALL)?,
                status: from.word(Status::ALL)?,
                manner: match from.number()? {
                    0 => None,
                    at => Some(*Manner::ALL.get(at as usize - 1)?),
                },
                from_firm: from.name()?,
                from_role: from.name()?,
                to_firm: from.name()?,
                to_role: from.name()?,
                to_note: from.name()?,
                date: from.date()?,
                evidence: own_evidence(from)?,
                rule: from.sym()?,
                confidence: f64::from_le_bytes(from.bytes()?),
            })
        })?;
        let positions = from.list(|from| {
            Some(PositionFact {
                article: 0,
                id: from.bytes::<{ size_of::<Key>() }>()?,
                person: from.sym()?,
                firm: from.name()?,
                role: from.name()?,
                tense: from.word(Tense::ALL)?,
                started_on: from.date()?,
                ended_on: from.date()?,
                evidence: own_evidence(from)?,
                rule: from.sym()?,
                confidence: f64::from_le_bytes(from.bytes()?),
            })
        })?;
        let forms = from.list(|from| {
            let of = if from.number()? == 1 { MentionType::Firm } else { MentionType::Person };
            Some((of, from.sym()?, from.sym()?))
        })?;
        let links = from.list(|from| {
            let (a, b) = (from.sym()?, from.sym()?);
            Some((a, b, if from.number()? == 1 { LinkKind::UnitOf } else { LinkKind::Same }))
        })?;
        let told_apart = from.list(Reader::sym)?;
        from.bytes.is_empty().then_some(Page {
            sha,
            n_chars,
            sketch,
            names,
            quotes,
            evidence,
            moves,
            positions,
            forms,
            links,
            told_apart,
        })
    }
}

fn place<T: PartialEq>(all: &[T], word: T) -> u32 {
    all.iter().position(|w| *w == word).unwrap_or(0) as u32
}

/// Numbers take seven bits a byte, the lowest first; texts their length and their bytes.
struct Writer(Vec<u8>);

impl Writer {
    fn number(&mut self, mut n: u32) {
        while n >= 0x80 {
            self.0.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.0.push(n as u8);
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u32);
        self.0.extend(text.as_bytes());
    }

    fn word<T: PartialEq>(&mut self, all: &[T], word: T) {
        self.number(place(all, word));
    }

    fn name(&mut self, name: Option<Sym>) {
        self.number(name.map_or(0, |name| name + 1));
    }

    fn date(&mut self, date: Option<PartialDate>) {
        let Some(date) = date else { return self.number(0) };
        let parts = [date.month.unwrap_or(0), date.day.unwrap_or(0), u8::from(date.approximate)];
        self.number(u32::from(date.year));
        parts.iter().for_each(|part| self.number(u32::from(*part)));
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    n_names: u32,
    n_quotes: u32,
}

impl<'a> Reader<'a> {
    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.bytes.split_first_chunk::<N>()?;
        self.bytes = rest;
        Some(*head)
    }

    fn number(&mut self) -> Option<u32> {
        let mut n: u32 = 0;
        for shift in [0, 7, 14, 21, 28] {
            let [byte] = self.bytes()?;
            n |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(n);
            }
        }
        None
    }

    fn text(&mut self) -> Option<&'a str> {
        let n = self.number()? as usize;
        let (head, rest) = self.bytes.split_at_checked(n)?;
        self.bytes = rest;
        std::str::from_utf8(head).ok()
    }

    fn list<T>(&mut self, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let n = self.number()? as usize;
        // Everything takes a byte at least: a number that lies asks for no memory.
        let mut list = Vec::with_capacity(n.min(self.bytes.len()));
        for _ in 0..n {
            list.push(one(self)?);
        }
        Some(list)
    }

    fn word<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        all.get(self.number()? as usize).copied()
    }

    fn sym(&mut self) -> Option<Sym> {
        self.number().filter(|at| *at < self.n_names)
    }

    fn name(&mut self) -> Option<Option<Sym>> {
        match self.number()? {
            0 => Some(None),
            at => (at <= self.n_names).then_some(Some(at - 1)),
        }
    }

    fn date(&mut self) -> Option<Option<PartialDate>> {
        let year = u16::try_from(self.number()?).ok()?;
        if year == 0 {
            return Some(None);
        }
        let mut part = || u8::try_from(self.number()?).ok();
        let (month, day, approximate) = (part()?, part()?, part()?);
        let some = |n: u8| (n > 0).then_some(n);
        Some(Some(PartialDate {
            year,
            month: some(month),
            day: some(day),
            approximate: approximate == 1,
        }))
    }
}
