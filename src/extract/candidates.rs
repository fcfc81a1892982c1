//! Which runs of words may be a name: every capital with what may follow it, long before a choice is made.

use super::doc::Doc;
use crate::lang::List;
use crate::text::Shape;
use std::ops::Range;

/// Longest name in tokens.
pub(super) const MAX_NAME: usize = 10;

/// Returns every candidate span of sentence `n`.
pub(super) fn candidates(doc: &Doc<'_>, n: usize) -> Vec<Range<usize>> {
    let range = doc.sentences[n].tokens.clone();
    let mut out = Vec::new();
    for start in range.clone() {
        let first = &doc.tokens[start];
        let capital = first.is_capitalised();
        let next_capital = |i: usize| {
            i < range.end
                && (doc.tokens[i].is_capitalised() || doc.tokens[i].shape == Shape::Number)
        };
        let number_name = first.shape == Shape::Number
            && next_capital(start + 1)
            && doc.tokens[start + 1].is_capitalised();
        // "ministero dell'Economia", "azienda ospedaliera universitaria di Terni".
        let lower_head = first.shape == Shape::Lower
            && doc.is(start, List::OrgHead)
            && (start + 1..(start + 5).min(range.end))
                .take_while(|i| {
                    let lower = doc.tokens[*i].shape == Shape::Lower;
                    lower || doc.tokens[*i].is_capitalised()
                })
                .any(next_capital);
        if !(capital || number_name || lower_head) {
            continue;
        }
        if next_capital(start + 1) && is_courtesy_title(doc, start) {
            continue;
        }
        if capital
            && doc.is(start, List::FunctionWord)
            && first.shape != Shape::Upper
            && !next_capital(start + 1)
        {
            continue;
        }
        if capital {
            out.push(start..start + 1);
        }
        let mut at = start + 1;
        let limit = range.end.min(start + MAX_NAME);
        let org_head = capital && doc.is(start, List::OrgHead);
        while at < limit {
            let token = &doc.tokens[at];
            let short_number =
                token.shape == Shape::Number && token.span.end - token.span.start <= 4;
            if token.is_capitalised() || short_number || is_legal_form(&token.lower) {
                out.push(start..at + 1);
            } else if is_lower_tail(doc, at, capital) {
                // "Shelby Ridge school board", "Estonian central bank".
                out.push(start..at + 1);
            } else if lower_head && token.shape == Shape::Lower && at < start + 4 {
                // A modifier of the head.
            } else if org_head && token.shape == Shape::Lower && !doc.is(at, List::FunctionWord) {
                // "Camera di commercio", "Istituto italiano di tecnologia".
                out.push(start..at + 1);
            } else if org_head && is_linker(&token.lower) && token.is_word() {
                // Its "di" or "per".
            } else if token.lower == ","
                && at + 1 < limit
                && is_legal_form(&doc.tokens[at + 1].lower)
            {
                // "Oxygen Biotherapeutics, Inc."
            } else if capital
                && at + 1 < limit
                && token.shape == Shape::Lower
                && doc.tokens[at - 1].is_capitalised()
                && is_lower_tail(doc, at + 1, capital)
                && !doc.is(at, List::FunctionWord)
            {
                // A modifier of the tail.
            } else if !is_linker(&token.lower) || !(at + 1..(at + 3).min(limit)).any(next_capital) {
                break;
            }
            at += 1;
        }
    }
    out
}

/// Returns whether a word is a title of courtesy before a name, and no part of it.
pub(super) fn is_courtesy_title(doc: &Doc<'_>, at: usize) -> bool {
    doc.is(at, List::CourtesyTitle) && doc.tokens[at].shape != Shape::Upper
}

/// Returns whether a small word may end an organisation's name that begins with a capital.
fn is_lower_tail(doc: &Doc<'_>, at: usize, capital: bool) -> bool {
    capital
        && doc.tokens[at].shape == Shape::Lower
        && doc.tokens[at].spaced
        && (doc.is(at, List::OrgTail) || doc.is(at, List::OrgHead) || doc.is(at, List::FirmNoun))
        && !doc.is(at, List::FunctionWord)
}

fn is_linker(word: &str) -> bool {
    matches!(
        word,
        "di" | "del"
            | "della"
            | "dell'"
            | "dei"
            | "degli"
            | "delle"
            | "dello"
            | "d'"
            | "e"
            | "ed"
            | "per"
            | "a"
            | "al"
            | "alla"
            | "in"
            | "la"
            | "of"
            | "the"
            | "for"
            | "and"
            | "on"
            | "de"
            | "des"
            | "du"
            | "von"
            | "van"
            | "der"
            | "den"
            | "y"
            | "da"
            | "dos"
            | "do"
            | "bin"
            | "al-"
            | "ibn"
            | "le"
            | "les"
            | "l'"
            | "&"
            | "-"
            | "–"
            | "'s"
            | "+"
            | "/"
            | "."
            | "'"
    )
}

/// Returns whether a word is a legal form or a usual end of firm names written small.
pub(super) fn is_legal_form(word: &str) -> bool {
    matches!(
        word,
        "spa"
            | "s.p.a."
            | "s.p.a"
            | "srl"
            | "s.r.l."
            | "s.r.l"
            | "inc."
            | "inc"
            | "ltd"
            | "ltd."
            | "plc"
            | "gmbh"
            | "scpa"
            | "sgr"
            | "onlus"
            | "sas"
            | "s.a."
            | "n.v."
            | "ag"
            | "llp"
    )
}
