use super::Span;

/// What a token is made of; decides how later stages read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// All letters lower-case ("azienda").
    Lower,
    /// First letter upper-case, the rest not all so ("Rossi", "McDonald").
    Capital,
    /// Two letters or more, all upper-case ("CEO", "S.P.A.").
    Upper,
    /// Lower-case first, upper-case later ("iPhone", "eBay").
    Mixed,
    /// Begins with a digit.
    Number,
    /// No letter and no digit.
    Punct,
}

/// A word, number or punctuation mark.
#[derive(Clone, Debug)]
pub struct Token {
    /// Where it stands in the text.
    pub span: Span,
    /// Its lower-case form, apostrophes made plain.
    pub lower: String,
    /// What it is made of.
    pub shape: Shape,
    /// Whether white space (or the text's start) stands before it.
    pub spaced: bool,
}

impl Token {
    /// Returns whether it may be part of a name by its letters alone.
    pub fn is_capitalised(&self) -> bool {
        matches!(self.shape, Shape::Capital | Shape::Upper | Shape::Mixed)
    }

    /// Returns whether it has letters or digits.
    pub fn is_word(&self) -> bool {
        self.shape != Shape::Punct
    }
}

/// How a language writes apostrophes, and which abbreviations keep their full stop.
pub struct TokenRules<'a> {
    /// Italian: "dell'azienda" is "dell'" and "azienda". Otherwise English: "Acme's" is "Acme" and "'s".
    pub elision: bool,
    /// Returns whether a lower-case word with its final full stop is an abbreviation ("dott.", "inc.").
    pub is_abbreviation: &'a dyn Fn(&str) -> bool,
}

/// Longest word kept in one token, in bytes; a longer run is cut, so that one endless word stays harmless.
const MAX_WORD: usize = 200;

/// Returns the tokens of `text` in order. They never overlap and leave out nothing but white space.
pub fn tokenize(text: &str, rules: &TokenRules<'_>) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::with_capacity(text.len() / 5);
    let mut at = 0;
    let mut spaced = true;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() {
            spaced = true;
            at += first.len_utf8();
            continue;
        }
        let end = if first.is_alphanumeric() {
            word_end(text, at, rules)
        } else if is_apostrophe(first) && !rules.elision && genitive(text, at) {
            at + first.len_utf8() + 1
        } else {
            at + first.len_utf8()
        };
        let word = &text[at..end];
        tokens.push(Token {
            span: Span::new(at, end),
            lower: lower(word),
            shape: shape(word),
            spaced,
        });
        spaced = false;
        at = end;
    }
    tokens
}

/// Returns whether the apostrophe at `at` begins the genitive "'s" that ends a word.
fn genitive(text: &str, at: usize) -> bool {
    let mut rest = text[at..].chars().skip(1);
    matches!(rest.next(), Some('s' | 'S')) && rest.next().is_none_or(|c| !c.is_alphanumeric())
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{02BC}')
}

fn lower(word: &str) -> String {
    if word.is_ascii() {
        word.to_ascii_lowercase()
    } else {
        word.chars()
            .map(|c| if is_apostrophe(c) { '\'' } else { c })
            .flat_map(char::to_lowercase)
            .collect()
    }
}

fn shape(word: &str) -> Shape {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    let Some(first) = letters.next() else {
        return if word.chars().any(char::is_numeric) { Shape::Number } else { Shape::Punct };
    };
    if word.starts_with(|c: char| c.is_numeric()) && !word.chars().any(char::is_uppercase) {
        return Shape::Number;
    }
    let (mut upper, mut total) = (usize::from(first.is_uppercase()), 1);
    for c in letters {
        upper += usize::from(c.is_uppercase());
        total += 1;
    }
    match () {
        () if upper == 0 => Shape::Lower,
        () if upper == total && total > 1 => Shape::Upper,
        () if first.is_uppercase() => Shape::Capital,
        () => Shape::Mixed,
    }
}

/// Prefixes that stand before a hyphen as words of their own ("ex-Google").
const SPLIT_BEFORE_HYPHEN: [&str; 4] = ["ex", "neo", "then", "ormai"];
/// Endings that stand after a hyphen as words of their own ("Paris-based").
const SPLIT_AT_HYPHEN: [&str; 10] = [
    "based",
    "owned",
    "born",
    "backed",
    "led",
    "listed",
    "headquartered",
    "controlled",
    "bound",
    "trained",
];
/// Capitalised particles that belong to the surname after their apostrophe.
const NAME_PARTICLES: [&str; 5] = ["d", "o", "dell", "dall", "de"];

/// Returns where the word that begins at `start` ends.
fn word_end(text: &str, start: usize, rules: &TokenRules<'_>) -> usize {
    let rest = &text[start..];
    if let Some(end) = dotted_abbreviation(rest) {
        return start + end;
    }
    let numeric = rest.starts_with(|c: char| c.is_numeric());
    let mut end = start;
    let mut chars = rest.char_indices().peekable();
    while let Some((offset, c)) = chars.next() {
        let here = start + offset;
        if here - start >= MAX_WORD {
            return here;
        }
        let next = chars.peek().map(|(_, c)| *c);
        let next_is_word = next.is_some_and(char::is_alphanumeric);
        if c.is_alphanumeric() || is_mark(c) {
            end = here + c.len_utf8();
        } else if is_apostrophe(c) {
            let word = &text[start..here];
            let capital = word.starts_with(char::is_uppercase);
            if !next_is_word {
                // "po'" keeps its apostrophe; a closing quote does not belong to the word.
                if rules.elision && matches!(word, "po" | "Po" | "di" | "va" | "fa" | "mo") {
                    return here + c.len_utf8();
                }
                return end;
            }
            let next_capital = next.is_some_and(char::is_uppercase);
            let particle =
                capital && next_capital && NAME_PARTICLES.contains(&word.to_lowercase().as_str());
            if particle && (!rules.elision || word.len() == 1 || !at_sentence_start(text, start)) {
                end = here + c.len_utf8();
            } else if rules.elision {
                return if genitive(text, here) { end } else { here + c.len_utf8() };
            } else if genitive(text, here) {
                return end;
            } else if !capital || !next_capital || word.len() == 1 {
                end = here + c.len_utf8();
            } else {
                return end;
            }
        } else if matches!(c, '-' | '\u{2010}' | '\u{2011}') {
            if !next_is_word
                || SPLIT_BEFORE_HYPHEN.contains(&text[start..here].to_lowercase().as_str())
            {
                return end;
            }
            let tail = &text[here + c.len_utf8()..];
            let tail = &tail[..tail.find(|c: char| !c.is_alphanumeric()).unwrap_or(tail.len())];
            if SPLIT_AT_HYPHEN.contains(&tail) {
                return end;
            }
        } else if numeric
            && matches!(c, '.' | ',' | ':' | '/')
            && next.is_some_and(char::is_numeric)
        {
            continue;
        } else if c == '.' && next.is_some_and(char::is_lowercase) && !numeric {
            // "Booking.com", but not "leaves.he" of a lost space: only short known endings.
            let tail = &text[here + 1..];
            let tail = &tail[..tail.find(|c: char| !c.is_alphanumeric()).unwrap_or(tail.len())];
            if !matches!(
                tail,
                "com"
                    | "it"
                    | "org"
                    | "net"
                    | "io"
                    | "ai"
                    | "co"
                    | "eu"
                    | "uk"
                    | "tv"
                    | "fm"
                    | "de"
                    | "fr"
            ) {
                return end;
            }
        } else if c == '.' {
            let word = lower(&text[start..=here]);
            let initial = end - start <= 2
                && text[start..end].chars().count() == 1
                && text[start..end].starts_with(char::is_uppercase);
            return if initial || (rules.is_abbreviation)(&word) { here + 1 } else { end };
        } else if matches!(c, '&' | '+')
            && next_is_word
            && !numeric
            && text[start..here].chars().all(char::is_uppercase)
        {
            // "AT&T", "M&A".
            continue;
        } else {
            return end;
        }
    }
    end
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c) || c == '_'
}

fn at_sentence_start(text: &str, at: usize) -> bool {
    text[..at]
        .chars()
        .rev()
        .find(|c| !c.is_whitespace() && !matches!(c, '"' | '«' | '“' | '('))
        .is_none_or(|c| matches!(c, '.' | '!' | '?' | ':'))
        || text[..at].ends_with('\n')
}

/// Returns the length of a dotted abbreviation at the start of `rest`: "S.p.A.", "U.S.", "a.d.", "Ph.D.".
fn dotted_abbreviation(rest: &str) -> Option<usize> {
    let mut end = 0;
    let mut pairs = 0;
    loop {
        let piece = &rest[end..];
        let mut chars = piece.chars();
        let letter = chars.next().filter(|c| c.is_alphabetic())?;
        match chars.next() {
            Some('.') => {
                end += letter.len_utf8() + 1;
                pairs += 1;
                if !rest[end..].starts_with(|c: char| c.is_alphabetic()) {
                    return (pairs >= 2).then_some(end);
                }
            }
            _ if pairs >= 2 => {
                // "S.p.A" without its last stop.
                let alone = !piece[letter.len_utf8()..].starts_with(|c: char| c.is_alphanumeric());
                return Some(if alone { end + letter.len_utf8() } else { end });
            }
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TokenRules, tokenize};

    fn check(elision: bool, text: &str, expected: &str) {
        let rules =
            TokenRules { elision, is_abbreviation: &|w| ["dott.", "inc.", "mr."].contains(&w) };
        let words: Vec<&str> = tokenize(text, &rules).iter().map(|t| t.span.of(text)).collect();
        assert_eq!(words.join("|"), expected, "{text}");
    }

    #[test]
    fn italian_elision_splits_before_the_noun() {
        check(true, "l'ad dell'Università", "l'|ad|dell'|Università");
        check(
            true,
            "Il dott. D'Amico della Alfa S.p.A. lascia.",
            "Il|dott.|D'Amico|della|Alfa|S.p.A.|lascia|.",
        );
        check(true, "un po' di 1.000 euro, l'ex-Google", "un|po'|di|1.000|euro|,|l'|ex|-|Google");
    }

    #[test]
    fn english_genitive_is_a_token() {
        check(false, "Acme's boss, Mr. O'Brien", "Acme|'s|boss|,|Mr.|O'Brien");
        check(
            false,
            "the Paris-based co-founder of AT&T Inc. didn't",
            "the|Paris|-|based|co-founder|of|AT&T|Inc.|didn't",
        );
        check(false, "“Booking.com” (U.S.)", "“|Booking.com|”|(|U.S.|)");
    }
}
