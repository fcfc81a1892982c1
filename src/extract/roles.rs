//! Titles in the text: modifiers, head and complement, without the organisation's name. The lists of a pack give the
//! head and a first guess of where the title begins and ends; trained models choose both edges.

use super::doc::Doc;
use super::features::Letters;
use super::linear::{Features, Weights, feat};
use crate::lang::List;
use crate::model::Language;
use crate::text::Shape;
use std::ops::Range;

/// A title, a post named by an abstract noun ("presidenza") or a phrase of leading ("alla guida di").
#[derive(Clone, Debug)]
pub(crate) struct RoleSpan {
    /// Its words, complement included.
    pub(crate) tokens: Range<usize>,
    /// The head word or words.
    pub(crate) head: Range<usize>,
    pub(crate) kind: RoleKind,
    /// Whether the head is too weak to be a job by itself ("analyst").
    pub(crate) staff: bool,
    /// Whether the head is plural ("consiglieri"), so that it is said of several people.
    pub(crate) plural: bool,
    /// Words like "ex" or "new" right before it.
    pub(crate) prefix: Prefix,
}

/// What names the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RoleKind {
    Title,
    Acronym,
    Post,
    Helm,
}

impl RoleKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            RoleKind::Title => "title",
            RoleKind::Acronym => "acronym",
            RoleKind::Post => "post",
            RoleKind::Helm => "helm",
        }
    }
}

/// What stands right before a title and says whether it is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prefix {
    None,
    Former,
    New,
    Outgoing,
    Future,
    Interim,
}

impl Prefix {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Prefix::None => "none",
            Prefix::Former => "former",
            Prefix::New => "new",
            Prefix::Outgoing => "outgoing",
            Prefix::Future => "future",
            Prefix::Interim => "interim",
        }
    }

    fn of(word: &str) -> Option<Prefix> {
        Some(match word {
            "ex" | "former" | "già" | "erstwhile" | "onetime" | "one-time" | "ex-" | "late"
            | "past" | "previous" | "then" | "allora" => Prefix::Former,
            "nuovo" | "nuova" | "nuovi" | "nuove" | "new" | "neo" | "neo-" | "newly" | "newest"
            | "prossimo" | "prossima" | "next" => Prefix::New,
            "incoming" | "entrante" | "futuro" | "futura" | "future" => Prefix::Future,
            "uscente" | "outgoing" | "dimissionario" | "dimissionaria" | "departing"
            | "retiring" => Prefix::Outgoing,
            "interim" | "acting" | "reggente" => Prefix::Interim,
            _ => return None,
        })
    }
}

/// Longest complement of a title in tokens.
const MAX_COMPLEMENT: usize = 9;

/// Chooses where the title around a head begins and ends, among candidates.
pub(crate) type ChooseEdge<'c> = &'c mut dyn FnMut(&Edge<'_>) -> usize;

/// The beginning or the end of a title, to be chosen.
pub(crate) struct Edge<'a> {
    pub(crate) head: Range<usize>,
    pub(crate) is_end: bool,
    /// First tokens, or the tokens after the last.
    pub(crate) candidates: Vec<usize>,
    /// The place where the lists of modifiers and fields put it.
    listed: usize,
    kind: RoleKind,
    sentence: &'a Range<usize>,
    named: &'a [bool],
}

/// Returns the likeliest edge.
pub(crate) fn likeliest_edge(
    doc: &Doc<'_>,
    weights: &Weights,
    edge: &Edge<'_>,
    f: &mut Features,
) -> usize {
    let mut best = (f32::NEG_INFINITY, edge.listed);
    for at in &edge.candidates {
        edge_features(doc, edge, *at, f);
        let score = weights.score(&f.ids);
        if score > best.0 {
            best = (score, *at);
        }
    }
    best.1
}

/// Fills `f` with what tells whether a title begins or ends at `at`.
pub(crate) fn edge_features(doc: &Doc<'_>, edge: &Edge<'_>, at: usize, f: &mut Features) {
    let range = edge.sentence;
    let head = doc.tokens[edge.head.start].lower.as_str();
    let kind = edge.kind.as_str();
    let model = if edge.is_end { "rend" } else { "rstart" };
    f.begin(model);
    feat!(f, "listed=", at == edge.listed);
    let past = at as i64 - edge.listed as i64;
    feat!(f, "past=", past.clamp(-3, 3));
    feat!(f, "head=", head, "/", at == edge.head.start || at == edge.head.end);
    // The word outside and the word inside of the edge.
    let (outer, inner) = if edge.is_end { (at, at - 1) } else { (at.wrapping_sub(1), at) };
    let lists = |i: usize| {
        let mut out = Letters::default();
        if !range.contains(&i) {
            out.push(b'^');
            return out;
        }
        if edge.named[i] {
            out.push(b'N');
        }
        for (list, letter) in [
            (List::RolePre, b'p'),
            (List::RolePost, b'q'),
            (List::Field, b'f'),
            (List::RoleHead, b'h'),
            (List::OfWord, b'o'),
            (List::FunctionWord, b'.'),
            (List::FirmNoun, b'F'),
            (List::Place, b'L'),
            (List::Demonym, b'd'),
            (List::OrgHead, b'O'),
        ] {
            if doc.is(i, list) {
                out.push(letter);
            }
        }
        out.push(match doc.tokens[i].shape {
            Shape::Lower => b'l',
            Shape::Punct => b'-',
            Shape::Number => b'9',
            _ => b'C',
        });
        out
    };
    let word = |i: usize| if range.contains(&i) { doc.tokens[i].lower.as_str() } else { "^" };
    let (out_lists, in_lists) = (lists(outer), lists(inner));
    feat!(f, "out=", word(outer));
    feat!(f, "out-lists=", out_lists);
    feat!(f, "in=", word(inner));
    feat!(f, "in-lists=", in_lists);
    feat!(f, "lists=", out_lists, "|", in_lists);
    let class = |i: usize| if range.contains(&i) { doc.class(i, 8) } else { None };
    for (place, i) in [("out", outer), ("in", inner)] {
        if let Some(c) = class(i) {
            feat!(f, place, "~=", c);
            feat!(f, place, "~=", c, "/head=", head);
        }
    }
    let beyond = if edge.is_end { at + 1 } else { at.wrapping_sub(2) };
    feat!(f, "beyond=", word(outer), "|", lists(beyond));
    let length = if edge.is_end { at - edge.head.end } else { edge.head.start - at };
    feat!(f, "length=", length.min(7), "/", kind);
    let inside = if edge.is_end { edge.head.end..at } else { at..edge.head.start };
    for i in inside.clone() {
        feat!(f, "has=", word(i));
        feat!(f, "has-lists=", lists(i));
        if let Some(c) = class(i) {
            feat!(f, "has~=", c);
        }
    }
    if edge.is_end && length > 0 {
        feat!(f, "first=", word(edge.head.end));
        feat!(f, "first=", word(edge.head.end), "/", length.min(3));
        feat!(f, "head-first=", head, "_", word(edge.head.end));
    }
}

/// Returns the titles of sentence `n`, which do not overlap. `named` tells which tokens belong to a name.
pub(crate) fn roles(
    doc: &Doc<'_>,
    n: usize,
    named: &[bool],
    choose: ChooseEdge<'_>,
) -> Vec<RoleSpan> {
    let range = doc.sentences[n].tokens.clone();
    let mut out: Vec<RoleSpan> = Vec::new();
    let mut at = range.start;
    let mut free = range.start;
    while at < range.end {
        match role_at(doc, &range, at, named, n, free, choose) {
            Some(role) => {
                free = role.tokens.end;
                at = role.tokens.end.max(at + 1);
                out.push(role);
            }
            None => at += 1,
        }
    }
    out
}

/// Returns the head that begins at `at`: longest entry of the title lists.
fn head_at(doc: &Doc<'_>, range: &Range<usize>, at: usize) -> Option<(Range<usize>, RoleKind)> {
    let mut best: Option<(Range<usize>, RoleKind)> = None;
    for hit in doc.hits_at(at) {
        let kind = match hit.tag.list {
            List::RoleHead => RoleKind::Title,
            List::RoleAcronym => RoleKind::Acronym,
            List::RolePostNoun => RoleKind::Post,
            List::Helm => RoleKind::Helm,
            List::NotRole => return None,
            _ => continue,
        };
        if hit.end <= range.end && best.as_ref().is_none_or(|(b, _)| hit.end > b.end) {
            best = Some((hit.start..hit.end, kind));
        }
    }
    best
}

fn role_at(
    doc: &Doc<'_>,
    range: &Range<usize>,
    at: usize,
    named: &[bool],
    n: usize,
    free: usize,
    choose: ChooseEdge<'_>,
) -> Option<RoleSpan> {
    let italian = doc.packs[n].language == Language::Italian;
    if doc.is(at, List::NotRole) {
        return None;
    }
    let (head, kind) = head_at(doc, range, at)?;
    if doc.is(at, List::SportsHead) || named[at] && kind != RoleKind::Acronym {
        return None;
    }
    // Modifiers to the left, as far as the lists know them.
    let mut start = head.start;
    if kind == RoleKind::Title || kind == RoleKind::Acronym {
        while start > range.start {
            let i = start - 1;
            let word = doc.tokens[i].lower.as_str();
            let modifier = doc.is(i, List::RolePre)
                || (!italian && (doc.is(i, List::Field) || doc.is(i, List::RoleHead)));
            let joined = !italian
                && matches!(word, "&" | "and")
                && i > range.start
                && doc.is(i - 1, List::Field)
                && doc.is(i - 1, List::RolePre);
            let hyphen = word == "-" && i > range.start && doc.is(i - 1, List::RolePre);
            if named[i]
                || Prefix::of(word).is_some()
                || head.start - start > 5
                || !(modifier || joined || hyphen)
                || doc.is(i, List::FunctionWord) && !doc.is(i, List::RolePre)
            {
                break;
            }
            start = i;
        }
    }
    if kind == RoleKind::Title || kind == RoleKind::Acronym {
        let first = (free.max(head.start.saturating_sub(6))..head.start)
            .rev()
            .take_while(|i| !named[*i] && doc.tokens[*i].shape != Shape::Punct)
            .last()
            .unwrap_or(head.start);
        let candidates = (first..=head.start).collect();
        let (head, listed) = (head.clone(), start);
        start =
            choose(&Edge { head, is_end: false, candidates, listed, kind, sentence: range, named });
    }
    let mut prefix = Prefix::None;
    for back in 1..=3 {
        let Some(i) = start.checked_sub(back).filter(|i| *i >= range.start) else { break };
        let word = doc.tokens[i].lower.as_str();
        if word == "-" {
            continue;
        }
        if let Some(found) = Prefix::of(word) {
            prefix = found;
        }
        break;
    }
    let mut end = head.end;
    if kind != RoleKind::Helm {
        let listed = extend_right(doc, range, head.end, named, italian, kind);
        let mut candidates = vec![head.end];
        let limit = range.end.min(head.end + MAX_COMPLEMENT);
        for (i, token) in doc.tokens.iter().enumerate().take(limit).skip(head.end) {
            let stop =
                matches!(token.lower.as_str(), ";" | ":" | "." | "(" | ")" | "\"" | "“" | "»");
            if named[i] && i >= listed || stop {
                break;
            }
            if token.is_word() && !doc.is(i, List::OfWord) {
                candidates.push(i + 1);
            }
        }
        if !candidates.contains(&listed) {
            candidates.push(listed);
        }
        let head = head.clone();
        end =
            choose(&Edge { head, is_end: true, candidates, listed, kind, sentence: range, named });
    }
    if prefix == Prefix::None && end < range.end {
        prefix = Prefix::of(&doc.tokens[end].lower)
            .filter(|p| matches!(p, Prefix::Outgoing | Prefix::Future))
            .unwrap_or(Prefix::None);
        if end < range.end
            && matches!(
                doc.tokens[end].lower.as_str(),
                "designato" | "designata" | "designate" | "in pectore" | "elect" | "-elect"
            )
        {
            prefix = Prefix::Future;
        }
    }
    let word = doc.tokens[head.start].lower.as_str();
    let plural = if italian {
        let last = word.chars().last().unwrap_or('o');
        last == 'i' && !matches!(word, "dg" | "ai") || word.ends_with("trici")
    } else {
        word.ends_with('s') && !word.ends_with("ss")
            || doc.tokens[head.end - 1].lower.ends_with("ors")
            || matches!(
                doc.tokens[head.end - 1].lower.as_str(),
                "chiefs" | "executives" | "officers" | "heads" | "presidents"
            )
    };
    Some(RoleSpan {
        tokens: start..end,
        staff: doc.is(head.start, List::StaffHead),
        head,
        kind,
        plural,
        prefix,
    })
}

/// Returns where the title that has come to `at` ends.
fn extend_right(
    doc: &Doc<'_>,
    range: &Range<usize>,
    mut at: usize,
    named: &[bool],
    italian: bool,
    kind: RoleKind,
) -> usize {
    let start = at;
    let limit = range.end.min(start + MAX_COMPLEMENT);
    loop {
        if at >= limit {
            return at;
        }
        let word = doc.tokens[at].lower.as_str();
        let in_name = named[at];
        if !in_name && doc.is(at, List::RolePost) && !doc.is(at, List::FunctionWord) {
            at += 1;
            continue;
        }
        // "presidente e amministratore delegato", "chairman & CEO".
        if matches!(word, "e" | "ed" | "and" | "&" | "/" | "-" | "nonché") && at + 1 < range.end {
            let mut next = at + 1;
            while next < range.end && next < at + 4 && doc.is(next, List::RolePre) {
                next += 1;
            }
            if let Some((head, _)) =
                head_at(doc, range, next).filter(|_| next < range.end && !named[next])
            {
                at = head.end;
                continue;
            }
        }
        // "Senior Vice President, Global Sales".
        if !italian
            && word == ","
            && at + 2 < range.end
            && doc.is(at + 1, List::Field)
            && !named[at + 1]
            && doc.tokens[at + 1].is_capitalised()
            && at > 0
            && doc.tokens[at - 1].is_capitalised()
        {
            at += 2;
            while at < limit
                && !named[at]
                && (doc.is(at, List::Field) || matches!(doc.tokens[at].lower.as_str(), "&" | "and"))
            {
                at += 1;
            }
            return at;
        }
        if !in_name
            && doc.is(at, List::Field)
            && !doc.is(at, List::FunctionWord)
            && (at == start || italian || doc.is(at - 1, List::Field))
            && kind != RoleKind::Acronym
        {
            at += 1;
            continue;
        }
        let of = doc.is(at, List::OfWord)
            || matches!(word, "per" | "for" | "all'" | "alla" | "al" | "alle" | "ai" | "agli")
                && (doc.is(at + 1, List::Field) || word == "for");
        if of && !in_name {
            match complement(doc, range, at + 1, limit, named, italian) {
                Some(end) => {
                    at = end;
                    continue;
                }
                None => return at,
            }
        }
        return at;
    }
}

/// Returns the end of a complement ("del reparto engineering") that begins after its preposition at `at`.
fn complement(
    doc: &Doc<'_>,
    range: &Range<usize>,
    mut at: usize,
    limit: usize,
    named: &[bool],
    italian: bool,
) -> Option<usize> {
    if at < limit
        && matches!(
            doc.tokens[at].lower.as_str(),
            "the"
                | "its"
                | "their"
                | "his"
                | "her"
                | "tutta"
                | "tutte"
                | "tutti"
                | "all"
                | "sua"
                | "suo"
        )
    {
        at += 1;
    }
    let first = at;
    let mut last_good = None;
    while at < limit && at < range.end {
        let token = &doc.tokens[at];
        let field = doc.is(at, List::Field);
        if named[at] || token.shape == Shape::Punct && token.lower != "&" {
            break;
        }
        if at == first
            && (doc.is(at, List::FirmNoun) && !field
                || doc.is(at, List::OrgHead)
                    && !field
                    && token.shape == Shape::Lower
                    && at + 1 < range.end
                    && (named[at + 1] || doc.is(at + 1, List::OfWord)))
        {
            return None;
        }
        if token.is_capitalised() && !field {
            break;
        }
        let linker = matches!(
            token.lower.as_str(),
            "e" | "ed"
                | "and"
                | "&"
                | "di"
                | "del"
                | "della"
                | "dell'"
                | "dei"
                | "delle"
                | "degli"
                | "of"
                | "per"
                | "al"
                | "alla"
                | "alle"
                | "the"
        );
        if linker {
            let next = at + 1;
            let goes_on = next < limit && !named[next] && doc.is(next, List::Field);
            if at == first || !goes_on {
                break;
            }
            at += 1;
            continue;
        }
        let content = field
            || (token.shape == Shape::Lower
                && !doc.is(at, List::FunctionWord)
                && !doc.is(at, List::PersonNoun)
                && !doc.is(at, List::RoleHead)
                && doc.packs[doc.sentence_of[at] as usize].readings(&token.lower).next().is_none());
        let enough = at - first >= if italian { 3 } else { 4 };
        if !content || (enough && !field) || (token.shape == Shape::Number) {
            break;
        }
        at += 1;
        last_good = Some(at);
    }
    last_good
}
