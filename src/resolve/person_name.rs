//! A person's name taken apart: honorifics, particles, initials, generations.

use crate::knowledge::Knowledge;
use crate::text::fold;

/// A person's name in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PersonName {
    /// Folded, without honorifics and suffixes, particles joined to what follows ("desantis").
    pub(super) tokens: Vec<Token>,
    /// "jr", "sr", "iii": tells a father from a son.
    pub(super) generation: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) text: String,
    /// A single letter that stands for a name.
    pub(super) initial: bool,
    /// Bytes of the particles at its beginning.
    pub(super) particles: usize,
}

impl Token {
    pub(super) fn initial(letter: char) -> Self {
        Token { text: letter.to_string(), initial: true, particles: 0 }
    }

    pub(super) fn word(text: String) -> Self {
        Token { text, initial: false, particles: 0 }
    }

    /// Returns the word without its particles: "heyde" of "vonderheyde".
    pub(super) fn bare(&self) -> &str {
        &self.text[self.particles..]
    }
}

/// Titles before a name, folded.
const HONORIFICS: &str = "mr mrs ms miss dr prof sir dame lord lady ing dott dottssa dottoressa dottor dottore avv avvocato \
    avvocata signor signora sig sigra cav cavaliere professor professore professoressa ingegner \
    ingegnere onorevole on senator sen senatore senatrice gen col capt captain don suor padre monsignor \
    mons rev reverend the herr frau arch architetto rag ragionier geom comm notaio maestro judge justice \
    conte count countess commendator commendatore marchese marchesa duke earl colonel colonnello \
    generale general ammiraglio admiral cardinal cardinale donna hc contessa principe baron baroness \
    rabbi sheikh doctor";

const SUFFIXES: &[&str] = &["phd", "md", "mba", "cbe", "obe", "esq", "qc", "kc"];

const GENERATIONS: &[(&str, &str)] = &[
    ("jr", "jr"),
    ("junior", "jr"),
    ("sr", "sr"),
    ("senior", "sr"),
    ("hijo", "jr"),
    ("filho", "jr"),
    ("fils", "jr"),
    ("neto", "neto"),
    ("ii", "ii"),
    ("iii", "iii"),
    ("iv", "iv"),
];

const PARTICLES: &[&str] = &[
    "de", "di", "da", "del", "della", "dello", "dei", "degli", "delle", "dal", "dalla", "d", "von",
    "van", "der", "den", "la", "le", "lo", "li", "bin", "ibn", "al", "el", "dos", "das", "do",
    "ten", "ter", "zu", "zur", "zum", "o", "mc", "mac", "st", "san", "abu", "ben", "bint", "af",
    "av",
];

/// The Arabic article as it sounds before some letters or is spelt in some countries: "as-Sisi", "el-Sisi".
const ARABIC_ARTICLES: &[&str] = &["el", "ul", "ad", "an", "ar", "as", "ash", "at", "az"];

impl PersonName {
    pub(super) fn parse(name: &str) -> Self {
        // "Ferrandi, Giulia": the comma has no other use in a name but before "Jr.", which is dropped anyway.
        // "Ferrandi, il maggiore dei fratelli": small letters behind it describe.
        let name = match name.split_once(", ") {
            Some((before, after)) if after.starts_with(char::is_lowercase) => before,
            _ => name,
        };
        let mut words: Vec<Token> = Vec::new();
        let raw_words: Vec<&str> =
            name.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty()).collect();
        // "la Tinivella", "il maestro Riva"; a capital "La" belongs to the name.
        let article = |w: &&&str| matches!(**w, "il" | "la" | "lo" | "the" | "le" | "i" | "gli");
        let n_articles = raw_words.iter().take_while(article).count();
        let raw_words = &raw_words[n_articles.min(raw_words.len().saturating_sub(1))..];
        let shouted = raw_words.iter().filter(|w| w.chars().count() > 2).all(|w| is_upper(w));
        for raw in raw_words.iter().copied() {
            if is_dotted_initials(raw) {
                for c in fold(raw).chars().filter(|c| c.is_alphanumeric()) {
                    words.push(Token::initial(c));
                }
                continue;
            }
            // "JD Vance", "GL Morpurgo": one or two capitals without a vowel between.
            let folded = plain(&fold(raw));
            if !shouted && raw.chars().count() == 2 && is_upper(raw) && !is_particle(&folded) {
                for c in folded.chars() {
                    words.push(Token::initial(c));
                }
                continue;
            }
            let hyphenated = raw.contains(['-', '‐']);
            for word in folded.split(' ').filter(|w| !w.is_empty()) {
                let initial = word.chars().count() == 1 && !raw.contains(['\'', '’']);
                let arabic = word == "el" || (hyphenated && ARABIC_ARTICLES.contains(&word));
                let word = if arabic { "al" } else { word };
                words.push(Token { text: word.to_owned(), initial, particles: 0 });
            }
        }
        while words.len() > 1 && !words[0].initial && is_honorific(&words[0].text) {
            words.remove(0);
        }
        let mut generation = None;
        while words.len() > 2
            && let Some(last) = words.last()
        {
            let of = GENERATIONS.iter().find(|(word, _)| *word == last.text).map(|(_, g)| *g);
            if of.is_none() && !SUFFIXES.contains(&last.text.as_str()) {
                break;
            }
            generation = generation.or(of);
            words.pop();
        }
        let mut tokens: Vec<Token> = Vec::new();
        let mut prefix = String::new();
        let n = words.len();
        for (i, word) in words.into_iter().enumerate() {
            let elided = word.text.chars().count() == 1 && !word.initial;
            if (is_particle(&word.text) && !word.initial || elided) && i + 1 < n {
                prefix.push_str(&word.text);
                continue;
            }
            let initial = word.initial && prefix.is_empty();
            let particles = prefix.len();
            tokens.push(Token { text: format!("{prefix}{}", word.text), initial, particles });
            prefix.clear();
        }
        PersonName { tokens, generation }
    }

    /// Returns the words joined by spaces.
    pub(super) fn key(&self) -> String {
        let mut words: Vec<&str> = self.tokens.iter().map(|t| t.text.as_str()).collect();
        words.extend(self.generation);
        words.join(" ")
    }

    /// Returns whether the name has a given name and a surname, both written out.
    pub(super) fn is_full(&self) -> bool {
        self.tokens.iter().filter(|t| !t.initial).count() >= 2
    }

    /// Returns whether it is one word alone.
    pub(super) fn is_single(&self) -> bool {
        self.tokens.iter().filter(|t| !t.initial).count() <= 1
            && self.tokens.iter().filter(|t| t.initial).count() == 0
    }

    /// Returns where the surname begins: the second word of "Giulia Ferrandi", the first of "Ferrandi Giulia".
    pub(super) fn surname_at(&self, knowledge: &Knowledge) -> usize {
        let n = self.tokens.len();
        if n < 2 {
            return 0;
        }
        let given = |i: usize| {
            self.tokens[i].initial || !knowledge.names.given(&self.tokens[i].text).is_empty()
        };
        if !given(0) && given(n - 1) { 0 } else { n - 1 }
    }
}

fn is_upper(word: &str) -> bool {
    word.chars().any(char::is_alphabetic) && !word.chars().any(char::is_lowercase)
}

fn is_honorific(word: &str) -> bool {
    HONORIFICS.split(' ').any(|honorific| honorific == word)
}

fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}

/// Returns the word with letters that have no accent to lose in their usual plain spelling.
fn plain(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        match c {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'þ' => out.push_str("th"),
            'ı' => out.push('i'),
            'ħ' => out.push('h'),
            _ => out.push(c),
        }
    }
    out
}

/// "G.", "G.L.", "J.-P."
fn is_dotted_initials(word: &str) -> bool {
    word.contains('.')
        && word
            .split(['.', '-'])
            .filter(|part| !part.is_empty())
            .all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic))
}
