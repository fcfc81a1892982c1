//! When two spellings count as the same. Kept apart from [`crate::text::fold`], which may improve: figures of different
//! versions compare only while this stays as it is.

use super::Slot;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

const LEGAL: &[&str] = &[
    "inc",
    "incorporated",
    "ltd",
    "limited",
    "spa",
    "plc",
    "gmbh",
    "corp",
    "corporation",
    "co",
    "company",
    "llc",
    "llp",
    "lp",
    "srl",
    "sa",
    "sas",
    "ag",
    "nv",
    "bv",
    "se",
    "ab",
    "asa",
    "oyj",
    "kgaa",
    "pty",
];
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "dr", "prof", "sir", "dame", "lord", "lady", "ing", "dott",
    "dottssa", "avv", "signor", "signora", "cav",
];
const NAME_SUFFIX: &[&str] = &["jr", "sr", "ii", "iii", "iv"];
const ARTICLES: &[&str] = &["the", "a", "an", "its", "il", "lo", "la", "l", "un", "una", "uno"];

/// Returns `text` without case, accents, quotes, possessive "'s" and punctuation: "S.p.A." gives "spa".
pub(super) fn fold(text: &str) -> String {
    let mut chars: Vec<char> = Vec::with_capacity(text.len());
    for c in text.nfkd() {
        let mut push = |c: char| match c {
            '&' => chars.extend(" and ".chars()),
            '\u{2019}' => chars.push('\''),
            _ if canonical_combining_class(c) != 0 => {}
            _ => chars.push(c),
        };
        match c {
            'ß' | 'ẞ' => ['s', 's'].into_iter().for_each(&mut push),
            'ς' => push('σ'),
            _ => c.to_lowercase().for_each(&mut push),
        }
    }
    let chars = without_possessives(&join_abbreviations(&chars));
    let words: String = chars.iter().map(|c| if is_word(*c) { *c } else { ' ' }).collect();
    words.split(' ').filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Joins two or more letters that each have a full stop, and a last one without: "s.p.a." and "s.p.a" give "spa ".
fn join_abbreviations(chars: &[char]) -> Vec<char> {
    let is_word_at = |i: usize| chars.get(i).is_some_and(|c| is_word(*c));
    let is_dotted = |i: usize| is_word_at(i) && chars.get(i + 1) == Some(&'.');
    let mut out = Vec::with_capacity(chars.len());
    let mut i = 0;
    while i < chars.len() {
        let at_boundary = i == 0 || !is_word(chars[i - 1]);
        if !(at_boundary && is_dotted(i) && is_dotted(i + 2)) {
            out.push(chars[i]);
            i += 1;
            continue;
        }
        while is_dotted(i) {
            out.push(chars[i]);
            i += 2;
        }
        if is_word_at(i) && !is_word_at(i + 1) {
            out.push(chars[i]);
            i += 1;
        }
        out.push(' ');
    }
    out
}

fn without_possessives(chars: &[char]) -> Vec<char> {
    let mut out = Vec::with_capacity(chars.len());
    let mut i = 0;
    while i < chars.len() {
        let ends = !chars.get(i + 2).is_some_and(|c| is_word(*c));
        if chars[i] == '\'' && chars.get(i + 1) == Some(&'s') && ends {
            i += 2;
        } else {
            out.push(chars[i]);
            i += 1;
        }
    }
    out
}

/// Returns the form in which two answers to `slot` are compared.
pub(super) fn fold_slot(slot: Slot, answer: &str) -> String {
    match slot {
        Slot::FromFirm | Slot::ToFirm => fold_firm(answer),
        Slot::FromRole | Slot::ToRole => fold_role(answer),
        Slot::Date => answer.chars().take(7).collect(),
        Slot::Kind | Slot::Status => fold(answer),
    }
}

/// Returns a firm without its article and its legal form.
pub(super) fn fold_firm(firm: &str) -> String {
    let folded = fold(firm);
    let mut words: Vec<&str> = folded.split(' ').filter(|w| !w.is_empty()).collect();
    if words.len() > 1 && words[0] == "the" {
        words.remove(0);
    }
    while words.len() > 1 && words.last().is_some_and(|w| LEGAL.contains(w) || *w == "and") {
        words.pop();
    }
    words.join(" ")
}

/// Returns a role without its article.
pub(super) fn fold_role(role: &str) -> String {
    let folded = fold(role);
    let mut words: &[&str] = &folded.split(' ').filter(|w| !w.is_empty()).collect::<Vec<_>>();
    while words.len() > 1 && ARTICLES.contains(&words[0]) {
        words = &words[1..];
    }
    words.join(" ")
}

/// Returns the words of a person's name without titles and "Jr".
pub(super) fn fold_person(name: &str) -> Vec<String> {
    let mut words: Vec<String> =
        fold(name).split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect();
    while words.len() > 1 && TITLES.contains(&words[0].as_str()) {
        words.remove(0);
    }
    while words.len() > 2 && words.last().is_some_and(|w| NAME_SUFFIX.contains(&w.as_str())) {
        words.pop();
    }
    words
}

/// Returns whether two folded names are the same person's: equal, or the same first name and surname.
pub(super) fn same_person(a: &[String], b: &[String]) -> bool {
    a == b || (a.len() > 1 && b.len() > 1 && a[0] == b[0] && a.last() == b.last())
}

#[cfg(test)]
mod tests {
    use super::{fold, fold_firm, fold_person, fold_role, same_person};

    #[test]
    fn spellings_fold() {
        for (text, folded) in [
            ("S.p.A.", "spa"),
            ("S.p.A", "spa"),
            ("U.S. Steel", "us steel"),
            ("AT&T", "at and t"),
            ("Apple’s chief", "apple chief"),
            ("Nicolò  Sartoretto", "nicolo sartoretto"),
            ("Straße", "strasse"),
            ("a.b.cd", "ab cd"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
        assert_eq!(fold_firm("The Coca-Cola Co."), "coca cola");
        assert_eq!(fold_firm("Co"), "co");
        assert_eq!(fold_role("the a CEO"), "ceo");
    }

    #[test]
    fn first_name_and_surname_make_a_person() {
        let same = |a: &str, b: &str| same_person(&fold_person(a), &fold_person(b));
        assert!(same("Mr Robert J. Smith Jr", "Robert Smith"));
        assert!(!same("Smith", "Robert Smith"));
        assert!(!same("Ann Smith", "Robert Smith"));
    }
}
