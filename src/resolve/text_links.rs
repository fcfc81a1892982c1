//! What an article's own words say about two names: that they are one organisation, that one is part of the other,
//! that two people share a name.

use crate::model::{ArticleClaims, MentionType, Status};
use crate::text::{Span, fold};
use serde::{Deserialize, Serialize};

/// What the text between two organisations' names says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum LinkKind {
    /// The two are names of one organisation.
    Same,
    /// The first is part of the second.
    UnitOf,
}

/// Bytes between two names within which their words are read; a relative clause with a date fits.
const MAX_GAP: usize = 90;

/// Words between two names of one organisation, folded.
const SAME: &[&str] = &[
    "si chiama",
    "si chiamava",
    "formerly known",
    "formerly called",
    "previously known",
    "once known",
    "known as",
    "then called",
    "now called",
    "once called",
    "renamed",
    "rebranded",
    "trade as",
    "trades as",
    "changed its name",
    "change its name",
    "changes its name",
    "in full",
    "short for",
    "ribattezzat",
    "cambia nome in",
    "cambiato nome in",
    "cambiera nome in",
    "nuovo nome di",
    "nome nuovo di",
    "new name of",
    "un tempo nota",
    "un tempo noto",
    "in sigla",
    "gia nota come",
    "gia noto come",
    "nota come",
    "noto come",
];

/// Words that may stand beside those of [`SAME`]: with any other ("the bank now known as") the second name may be that
/// of a third organisation.
const BESIDE: &[&str] = &[
    "a",
    "after",
    "al",
    "anche",
    "and",
    "as",
    "azioni",
    "been",
    "by",
    "c",
    "che",
    "come",
    "con",
    "da",
    "dal",
    "dall",
    "dalla",
    "di",
    "diventata",
    "diventato",
    "dopo",
    "e",
    "era",
    "from",
    "gia",
    "ha",
    "had",
    "has",
    "il",
    "in",
    "is",
    "it",
    "itself",
    "l",
    "later",
    "next",
    "non",
    "nel",
    "now",
    "of",
    "oggi",
    "on",
    "once",
    "ora",
    "per",
    "piu",
    "poi",
    "recently",
    "s",
    "se",
    "sara",
    "si",
    "since",
    "societa",
    "spa",
    "stata",
    "stato",
    "that",
    "the",
    "then",
    "to",
    "un",
    "una",
    "until",
    "was",
    "which",
    "who",
    "will",
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sept",
    "sep",
    "oct",
    "nov",
    "dec",
    "scorso",
    "last",
    "year",
    "month",
    "mese",
    "anno",
    "fino",
    "all",
    "alla",
    "nella",
    "also",
    "previously",
    "name",
];

fn renames(words: &str) -> bool {
    SAME.iter().any(|phrase| {
        words.split_once(&format!(" {phrase}")).is_some_and(|(before, after)| {
            let mut beside = before.split(' ').chain(after.split(' ').skip(1));
            beside.all(|word| {
                word.is_empty()
                    || BESIDE.contains(&word)
                    || word.bytes().all(|b| b.is_ascii_digit())
            })
        })
    })
}

/// Words between a part and the whole it belongs to ("A, the research arm of B").
const UNIT_OF: &[&str] = &[
    "arm of",
    "unit of",
    "subsidiary of",
    "division of",
    "branch of",
    "part of",
    "owned by",
    "controlled by",
    "controllata di",
    "controllata da",
    "controllata del",
    "controllata dal",
    "controllata dell",
    "filiale di",
    "filiale del",
    "divisione di",
    "divisione del",
    "ramo di",
    "braccio di",
    "laboratorio di",
    "parte del gruppo",
    "che fa capo a",
    "del gruppo",
];

/// Words between the whole and a part of it ("B and its subsidiary A"); they end the gap.
const WHOLE_AND: &[&str] = &[
    "s subsidiary",
    "its subsidiary",
    "s unit",
    "its unit",
    "s research arm",
    "controllata",
    "sua controllata",
    "della controllata",
    "alla controllata",
    "its laboratory",
    "s laboratory",
    "s research lab",
    "suo laboratorio",
    "suo laboratorio il",
    "s division",
    "sua divisione",
];

/// Returns what the text says of pairs of organisations, each by the fullest form of its name in the article.
pub(super) fn links(claims: &ArticleClaims) -> Vec<(&str, &str, LinkKind)> {
    let text = &claims.article.text;
    let firms = places(claims, MentionType::Firm);
    let mut out = Vec::new();
    for pair in firms.windows(2) {
        let (a, b) = (&pair[0], &pair[1]);
        if a.entity == b.entity || a.span.end > b.span.start {
            continue;
        }
        let Some(gap) = text.get(a.span.end..b.span.start) else { continue };
        if gap.len() > MAX_GAP || crosses_a_sentence(gap) {
            continue;
        }
        let words = format!(" {} ", fold(gap));
        let has = |list: &[&str]| list.iter().any(|phrase| words.contains(&format!(" {phrase}")));
        if gap.trim() == "(" && text[b.span.end..].starts_with(')') {
            if is_acronym(b.span.of(text), a.span.of(text)) {
                out.push((a.entity, b.entity, LinkKind::Same));
            }
        } else if renames(&words) {
            out.push((a.entity, b.entity, LinkKind::Same));
        } else if has(UNIT_OF) {
            out.push((a.entity, b.entity, LinkKind::UnitOf));
        } else if WHOLE_AND.iter().any(|phrase| words.ends_with(&format!(" {phrase} "))) {
            out.push((b.entity, a.entity, LinkKind::UnitOf));
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// A name in the text and the fullest form of its bearer's.
struct Place<'a> {
    span: Span,
    entity: &'a str,
}

/// Returns where the text names people or organisations, in its order: the mentions, and the names of claims wherever
/// no mention covers them.
fn places(claims: &ArticleClaims, mention_type: MentionType) -> Vec<Place<'_>> {
    let text = &claims.article.text;
    let mentions = claims.mentions.iter().filter(|m| m.mention_type == mention_type);
    let mut out: Vec<Place<'_>> =
        mentions.map(|m| Place { span: m.span, entity: m.entity.as_str() }).collect();
    let mut names: Vec<&str> = match mention_type {
        MentionType::Person => {
            let people = claims.moves.iter().map(|m| m.person.as_str());
            people.chain(claims.positions.iter().map(|p| p.person.as_str())).collect()
        }
        MentionType::Firm => {
            let firms = claims.moves.iter().flat_map(|m| m.from_firm.iter().chain(&m.to_firm));
            let firms = firms.chain(claims.positions.iter().filter_map(|p| p.firm.as_ref()));
            firms.map(String::as_str).collect()
        }
    };
    names.sort_unstable_by_key(|n| (std::cmp::Reverse(n.len()), *n));
    names.dedup();
    for name in names.into_iter().filter(|n| !n.is_empty()) {
        for (at, found) in text.match_indices(name) {
            let span = Span::new(at, at + found.len());
            if !out.iter().any(|p| p.span.overlaps(span)) {
                out.push(Place { span, entity: name });
            }
        }
    }
    out.sort_by_key(|p| (p.span.start, std::cmp::Reverse(p.span.end), p.entity));
    out
}

/// Returns whether the gap holds the end of a sentence: ". " before a capital, or a blank line.
fn crosses_a_sentence(gap: &str) -> bool {
    gap.contains("\n\n")
        || gap.char_indices().any(|(i, c)| {
            matches!(c, '.' | '!' | '?')
                && gap[i + c.len_utf8()..].starts_with(char::is_whitespace)
                && gap[i + c.len_utf8()..].trim_start().starts_with(char::is_uppercase)
        })
}

/// Returns whether `short` is made of the initials of `long`: "BPT" of "Banca Popolare del Tronto".
pub(super) fn is_acronym(short: &str, long: &str) -> bool {
    let letters: Vec<char> = fold(short).chars().filter(|c| c.is_alphanumeric()).collect();
    if letters.len() < 2 || letters.len() > 8 {
        return false;
    }
    let long = fold(long);
    let words: Vec<&str> = long.split(' ').filter(|w| !w.is_empty()).collect();
    let matches = |words: &[&str]| {
        words.len() == letters.len()
            && words.iter().zip(&letters).all(|(word, letter)| word.starts_with(*letter))
    };
    let content: Vec<&str> = words.iter().copied().filter(|w| !SMALL.contains(w)).collect();
    matches(&words)
        || matches(&content)
        // A legal form or "company" at the end has no letter.
        || (content.len() == letters.len() + 1 && matches(&content[..letters.len()]))
}

const SMALL: &[&str] = &[
    "and", "of", "the", "for", "di", "del", "della", "dei", "degli", "delle", "dell", "e", "per",
    "il", "la", "l", "de", "des", "du", "und", "in", "and", "d", "al", "a", "y", "fur", "der",
];

/// Words before a name that tell its bearer from another one.
const ANOTHER: &[&str] = &[
    "not the",
    "another",
    "the other",
    "un altro",
    "un altra",
    "l altro",
    "l altra",
    "non e il",
    "non e la",
];

/// Words near a name that tell its bearer from another one; they speak of the person named last.
const NAMESAKE: &[&str] = &[
    "omonim",
    "namesake",
    "same name",
    "stesso nome",
    "da non confondere",
    "not to be confused",
    "non va confus",
    "non è da confondere",
    "not be confused",
    "nothing to do with",
    "nulla a che vedere",
    "niente a che vedere",
    "rapporti di parentela",
    "rapporto di parentela",
    "nessuna parentela",
    "not related",
    "unrelated",
    "no relation",
];

/// Words that speak of the second bearer of a name that was named twice: "The other stays in Bologna."
const THE_OTHER: [&[&str]; 2] = [
    &["l'altro ", "l'altra ", "l’altro ", "l’altra ", "the other "],
    &[
        "resta", "rimane", "continua", "lavora", "guida", "dirige", "stays", "remains", "works",
        "keeps",
    ],
];

/// Bytes between a name and such words: a sentence.
const NAMESAKE_REACH: usize = 160;

/// Returns the names of which the article says that two people bear them.
pub(super) fn told_apart(claims: &ArticleClaims) -> Vec<&str> {
    let text = &claims.article.text;
    let lower = text.to_ascii_lowercase();
    let people = places(claims, MentionType::Person);
    let two_lives = names_with_two_lives(claims);
    let mut names = Vec::new();
    for phrase in NAMESAKE {
        for (at, _) in lower.match_indices(phrase) {
            let before = people.iter().rev().find(|m| m.span.end <= at);
            let after = people.iter().find(|m| m.span.start >= at);
            let near = |m: &&Place<'_>| at.abs_diff(m.span.start) <= NAMESAKE_REACH;
            let nearest = before.filter(near).or(after.filter(near)).map(|m| m.entity);
            match nearest.filter(|name| two_lives.contains(name)) {
                Some(name) => names.push(name),
                // "… is not to be confused with the treasurer, who bears the same name": whose claims show two lives.
                None => names.extend(two_lives.iter().copied()),
            }
        }
    }
    for (at, article) in THE_OTHER[0].iter().flat_map(|words| lower.match_indices(words)) {
        let verb = &lower[at + article.len()..];
        let of_people = THE_OTHER[1].iter().any(|word| verb.starts_with(word));
        let named = |name: &&&str| {
            let full = people.iter().filter(|m| m.span.end <= at && m.span.of(text) == **name);
            full.count() > 1
        };
        names.extend(two_lives.iter().filter(|_| of_people).filter(named).copied());
    }
    for mention in people {
        let mut from = mention.span.start.saturating_sub(12);
        while !text.is_char_boundary(from) {
            from -= 1;
        }
        let before = fold(&text[from..mention.span.start]);
        if ANOTHER.iter().any(|phrase| before.ends_with(phrase)) {
            names.push(mention.entity);
        }
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// Returns the names whose claims speak of organisations that no claim connects: one person with two lives, or two.
fn names_with_two_lives(claims: &ArticleClaims) -> Vec<&str> {
    let text = &claims.article.text;
    let entity = |mention_type: MentionType, name: &'_ str| -> String {
        let folded = fold(name);
        let mention = claims
            .mentions
            .iter()
            .find(|m| m.mention_type == mention_type && fold(m.span.of(text)) == folded);
        mention.map_or(folded, |m| fold(&m.entity))
    };
    let mut lives: Vec<(String, &str, Vec<Vec<String>>)> = Vec::new();
    let moves = claims.moves.iter().map(|m| {
        // What did not happen ties nobody to where they would have gone.
        let done = matches!(m.status, Status::Completed | Status::Announced);
        let to = if done || m.from_firm.is_none() { &m.to_firm } else { &None };
        (&m.person, [&m.from_firm, to])
    });
    let positions = claims.positions.iter().map(|p| (&p.person, [&p.firm, &None]));
    for (person, firms) in moves.chain(positions) {
        let key = entity(MentionType::Person, person);
        let firms: Vec<String> =
            firms.into_iter().flatten().map(|f| entity(MentionType::Firm, f)).collect();
        if firms.is_empty() {
            continue;
        }
        let at = match lives.iter().position(|l| l.0 == key) {
            Some(at) => at,
            None => {
                lives.push((key, person.as_str(), Vec::new()));
                lives.len() - 1
            }
        };
        let groups = &mut lives[at].2;
        let (mut joined, apart): (Vec<_>, Vec<_>) =
            groups.drain(..).partition(|g: &Vec<String>| g.iter().any(|f| firms.contains(f)));
        joined.push(firms);
        *groups = apart;
        groups.push(joined.concat());
    }
    let name_of = |person: &'_ str| {
        let folded = fold(person);
        let mention = claims
            .mentions
            .iter()
            .find(|m| m.mention_type == MentionType::Person && fold(m.span.of(text)) == folded);
        mention.map(|m| m.entity.as_str())
    };
    lives.into_iter().filter(|l| l.2.len() > 1).map(|l| name_of(l.1).unwrap_or(l.1)).collect()
}

#[cfg(test)]
mod tests {
    use super::is_acronym;

    #[test]
    fn initials_make_an_acronym() {
        for (short, long, is) in [
            ("BPT", "Banca Popolare del Tronto", true),
            ("ILR", "Istituto Ligure di Robotica", true),
            ("USAF", "United States Air Force", true),
            ("EADS", "European Aeronautic Defence and Space Company", true),
            ("GM", "General Motors", true),
            ("CRL", "Cassa di Risparmio", false),
            ("A", "Alpha", false),
        ] {
            assert_eq!(is_acronym(short, long), is, "{short} {long}");
        }
    }
}
