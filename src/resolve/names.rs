//! People's names: whether two can be one person's, and the keys under which such names meet.

use super::person_name::{PersonName, Token};
use super::sounds::{consonants, once, skeleton};
use crate::knowledge::Knowledge;
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// How two names can be one person's, from the strongest to the weakest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NameRelation {
    /// The same words, in any order, accents and spelling in one or two words aside.
    Same,
    /// One gives a middle name as an initial.
    MiddleInitial,
    /// One leaves out a middle name.
    Middle,
    /// Given names are forms of one name, or the spelling is another transliteration.
    Variant,
    /// One has a second surname, or leaves out the first of two given names.
    Part,
    /// Given names as initials.
    Initials,
    /// One letter differs.
    Typo,
    /// One is a surname alone.
    SurnameOnly,
    /// Cannot be one person's.
    Different,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum TokenMatch {
    Equal,
    Variant,
    Sound,
    Initial,
    Typo,
}

fn match_tokens(a: &Token, b: &Token, knowledge: &Knowledge) -> Option<TokenMatch> {
    if a.text == b.text {
        return Some(if a.initial { TokenMatch::Initial } else { TokenMatch::Equal });
    }
    if a.initial || b.initial {
        let (short, long) = if a.initial { (a, b) } else { (b, a) };
        return (!long.initial && long.text.starts_with(&short.text))
            .then_some(TokenMatch::Initial);
    }
    if knowledge.names.same_given(&a.text, &b.text) {
        // "Gino" and "Gigi" are both Luigi, but hardly one man: two pet names need a shared post.
        let pet = |t: &Token| t.text.chars().count() < 6 && !knowledge.names.is_formal(&t.text);
        let (x, y) = (consonants(&a.text), consonants(&b.text));
        let akin = x.len().min(y.len()) > 1 && (x.starts_with(&y) || y.starts_with(&x));
        let unsure = pet(a) && pet(b) && !akin;
        return Some(if unsure { TokenMatch::Sound } else { TokenMatch::Variant });
    }
    let given = |t: &Token| !knowledge.names.given(&t.text).is_empty();
    if given(a) && given(b) {
        // Two known given names are no spellings of each other: Paolo and Paola, Marco and Mario.
        return None;
    }
    let short = a.text.chars().count().min(b.text.chars().count());
    if a.particles != b.particles
        && a.bare().chars().count().min(b.bare().chars().count()) >= 4
        && skeleton(a.bare()) == skeleton(b.bare())
    {
        // "van der Zwaluw" is also "Zwaluw".
        return Some(TokenMatch::Variant);
    }
    let one_letter = is_typo(&a.text, &b.text);
    if short >= 4 && skeleton(&a.text) == skeleton(&b.text) {
        // One letter or two of a kind tell "Rosi" from "Rossi" as well as they are mistaken.
        // Not so in names from Arabic: "al-Sabah" is "al-Sabbah".
        let arabic = a.particles > 0 && a.text.starts_with("al") && b.text.starts_with("al");
        let doubled = !arabic && once(&a.text) == once(&b.text);
        return Some(if doubled { TokenMatch::Typo } else { TokenMatch::Variant });
    }
    // The last vowel alone tells "Brandolini" from "Brandolino".
    let stem = |w: &str| w.strip_suffix(['a', 'e', 'i', 'o', 'u']).unwrap_or(w).to_owned();
    let other_end = stem(&a.text) == stem(&b.text);
    let sound = consonants(&a.text);
    let alike = !other_end && sound.len() >= 3 && sound == consonants(&b.text);
    if one_letter && !alike {
        return Some(TokenMatch::Typo);
    }
    alike.then_some(TokenMatch::Sound)
}

/// One letter added, lost, changed or swapped in a word of five letters and more; not the first letter, and not the
/// last vowel, which tells Paolo from Paola and Russo from Russi.
fn is_typo(a: &str, b: &str) -> bool {
    let (na, nb) = (a.chars().count(), b.chars().count());
    if na.min(nb) < 5 || na.abs_diff(nb) > 1 || a.chars().next() != b.chars().next() {
        return false;
    }
    if na == nb && a.chars().take(na - 1).eq(b.chars().take(nb - 1)) {
        return false;
    }
    strsim::osa_distance(a, b) == 1
}

/// Returns how two names can be one person's; symmetric.
pub(super) fn relate(a: &PersonName, b: &PersonName, knowledge: &Knowledge) -> NameRelation {
    if a.tokens == b.tokens && a.generation != b.generation {
        // Father or son: one of the two has no suffix.
        let one = a.generation.is_none() || b.generation.is_none();
        return if one { NameRelation::Typo } else { NameRelation::Different };
    }
    if a.tokens == b.tokens {
        return if a.is_single() { NameRelation::SurnameOnly } else { NameRelation::Same };
    }
    if a.generation.is_some() && b.generation.is_some() && a.generation != b.generation {
        return NameRelation::Different;
    }
    if a.tokens.is_empty() || b.tokens.is_empty() || a.tokens.len() > 7 || b.tokens.len() > 7 {
        return NameRelation::Different;
    }
    let letters = |n: &PersonName| n.tokens.iter().map(|t| t.text.len()).sum::<usize>();
    let joined = |n: &PersonName| n.tokens.iter().map(|t| t.text.as_str()).collect::<String>();
    if letters(a) == letters(b) && a.is_full() && b.is_full() && joined(a) == joined(b) {
        return NameRelation::Same;
    }
    // "Pietro Paolo" and "Paolo Pietro": where every word can be either name, the order tells two people.
    let given = |t: &Token| !knowledge.names.given(&t.text).is_empty();
    if a.tokens.len() == 2
        && b.tokens.len() == 2
        && a.tokens[0].text == b.tokens[1].text
        && a.tokens[1].text == b.tokens[0].text
        && a.tokens.iter().all(given)
    {
        return NameRelation::Typo;
    }
    let (a, b) = (compound(a, b), compound(b, a));
    let (short, long) = if a.tokens.len() <= b.tokens.len() { (&a, &b) } else { (&b, &a) };
    let Some(pairs) = align(short, long, knowledge) else {
        return NameRelation::Different;
    };
    let all_of_short = pairs.len() == short.tokens.len();
    let n_of = |kind: TokenMatch| pairs.iter().filter(|p| p.2 == kind).count();
    let written_out = pairs.iter().filter(|p| p.2 != TokenMatch::Initial).count();
    if short.is_single() {
        let at_edge = pairs.first().is_some_and(|p| p.1 + 1 == long.tokens.len() || p.1 == 0);
        return match pairs.first() {
            Some((_, _, TokenMatch::Equal)) if at_edge && !long.is_single() => {
                NameRelation::SurnameOnly
            }
            Some((_, _, TokenMatch::Variant)) if at_edge && short.tokens[0].particles > 0 => {
                NameRelation::SurnameOnly
            }
            Some((_, _, TokenMatch::Variant | TokenMatch::Typo)) if at_edge => {
                // A surname alone with another spelling says too little.
                NameRelation::Different
            }
            _ => NameRelation::Different,
        };
    }
    // Initials that no word answers: "G.L. Morpurgo" beside "Gianluigi Morpurgo".
    let short_rest = short
        .tokens
        .iter()
        .enumerate()
        .filter(|(i, _)| !pairs.iter().any(|p| p.0 == *i))
        .filter(|(_, t)| !(t.initial && n_of(TokenMatch::Initial) > 0))
        .count();
    if (!all_of_short && short_rest > 0) || written_out == 0 {
        return NameRelation::Different;
    }
    if n_of(TokenMatch::Typo) > 1 || (n_of(TokenMatch::Typo) == 1 && n_of(TokenMatch::Equal) == 0) {
        return NameRelation::Different;
    }
    let same_length = pairs.len() == long.tokens.len();
    if written_out == 1 {
        // "M. Rossi" and "Marco Rossi": the word written out must be the surname.
        let surname = pairs.iter().find(|p| p.2 != TokenMatch::Initial);
        let is_surname = surname.is_some_and(|p| {
            short.surname_at(knowledge) == p.0 || p.1 == long.surname_at(knowledge)
        });
        return if is_surname { NameRelation::Initials } else { NameRelation::Different };
    }
    // A misprint in the longest of three names or more changes little.
    let misprint = pairs.iter().find(|p| p.2 == TokenMatch::Typo);
    let long_word = |p: &(usize, usize, TokenMatch)| short.tokens[p.0].text.chars().count() >= 8;
    if n_of(TokenMatch::Equal) >= 2 && same_length && misprint.is_some_and(long_word) {
        return NameRelation::Variant;
    }
    if n_of(TokenMatch::Typo) == 1 || n_of(TokenMatch::Sound) > 0 {
        return if same_length { NameRelation::Typo } else { NameRelation::Different };
    }
    if same_length {
        return if n_of(TokenMatch::Initial) > 0 {
            NameRelation::MiddleInitial
        } else if n_of(TokenMatch::Variant) > 0 {
            NameRelation::Variant
        } else {
            NameRelation::Same
        };
    }
    // The longer name has words that the shorter one leaves out.
    let first = pairs.iter().any(|p| p.1 == 0);
    let last = pairs.iter().any(|p| p.1 + 1 == long.tokens.len());
    if first && last {
        return if n_of(TokenMatch::Variant) > 0 {
            NameRelation::Variant
        } else {
            NameRelation::Middle
        };
    }
    NameRelation::Part
}

/// Joins neighbouring words of `name` that `other` writes as one: "Gian Luigi" where the other has "Gianluigi".
fn compound(name: &PersonName, other: &PersonName) -> PersonName {
    let mut tokens: Vec<Token> = Vec::new();
    let mut i = 0;
    while i < name.tokens.len() {
        if let Some(next) = name.tokens.get(i + 1) {
            let joined = format!("{}{}", name.tokens[i].text, next.text);
            let alike = || {
                let sound = consonants(&joined);
                let one_sound = |t: &Token| !t.initial && consonants(&t.text) == sound;
                sound.len() >= 3 && other.tokens.iter().any(one_sound)
            };
            // Of two names in as many words none is written as one.
            let fewer = other.tokens.len() < name.tokens.len();
            let found = other.tokens.iter().any(|t| t.text == joined) || (fewer && alike());
            if !name.tokens[i].initial && found {
                tokens.push(Token::word(joined));
                i += 2;
                continue;
            }
        }
        tokens.push(name.tokens[i].clone());
        i += 1;
    }
    PersonName { tokens, generation: name.generation }
}

/// Returns the best one-to-one matches (index in short, index in long, how): strongest kinds first, then those that
/// keep the order; `None` where nothing matches.
fn align(
    short: &PersonName,
    long: &PersonName,
    knowledge: &Knowledge,
) -> Option<Vec<(usize, usize, TokenMatch)>> {
    let mut all: Vec<(TokenMatch, usize, usize, usize)> = Vec::new();
    for (i, a) in short.tokens.iter().enumerate() {
        for (j, b) in long.tokens.iter().enumerate() {
            if let Some(kind) = match_tokens(a, b, knowledge) {
                all.push((kind, i.abs_diff(j), i, j));
            }
        }
    }
    all.sort_unstable();
    let mut pairs: Vec<(usize, usize, TokenMatch)> = Vec::new();
    for (kind, _, i, j) in all {
        if !pairs.iter().any(|p| p.0 == i || p.1 == j) {
            pairs.push((i, j, kind));
        }
    }
    pairs.sort_unstable();
    (!pairs.is_empty()).then_some(pairs)
}

/// Returns the keys, as hashes, under which names that can be one person's meet: a word as surname, another as given
/// name.
///
/// Two names that [`relate`] to each other other than by a typing error, a surname alone or initials share a key.
pub(super) fn blocking_keys(name: &PersonName, knowledge: &Knowledge) -> Vec<u64> {
    let mut keys = Vec::new();
    let written = written_out(name);
    let sounds: Vec<String> = written.iter().map(|word| skeleton(word)).collect();
    let bare = name.tokens.iter().filter(|t| t.particles > 0).map(|t| skeleton(t.bare()));
    let bare: Vec<String> = bare.collect();
    let mut add = |sound: &str, given: &str| {
        keys.extend(given_keys(given, knowledge).into_iter().map(|form| hash_of(&(sound, form))));
    };
    for (i, sound) in sounds.iter().enumerate() {
        for (j, given) in written.iter().enumerate() {
            if i != j {
                add(sound, given);
            }
        }
    }
    for sound in &bare {
        written.iter().for_each(|given| add(sound, given));
    }
    // "Gianluigi" in one word or two.
    if written.len() > 2 {
        for (i, pair) in written.windows(2).enumerate() {
            let joined = format!("{}{}", pair[0], pair[1]);
            for (j, sound) in sounds.iter().enumerate() {
                if j != i && j != i + 1 {
                    add(sound, &joined);
                }
            }
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Returns the keys under which names meet that differ by one letter of a word of five letters and more.
pub(super) fn spelling_keys(name: &PersonName, knowledge: &Knowledge) -> Vec<u64> {
    let mut keys = Vec::new();
    let written = written_out(name);
    for (i, surname) in written.iter().enumerate().filter(|(_, s)| s.chars().count() >= 5) {
        let shorter = deletions(surname);
        for (_, given) in written.iter().enumerate().filter(|(j, _)| *j != i) {
            for form in given_keys(given, knowledge) {
                keys.extend(shorter.iter().map(|word| hash_of(&('~', word, form))));
            }
        }
    }
    let mut sounds: Vec<String> = written.iter().map(|word| consonants(word)).collect();
    if written.len() > 2 {
        sounds.extend(written.windows(2).map(|pair| consonants(&pair.concat())));
    }
    for (i, surname) in sounds.iter().enumerate().filter(|(_, s)| s.len() >= 3) {
        for (_, given) in sounds.iter().enumerate().filter(|(j, _)| *j != i) {
            keys.push(hash_of(&('^', surname, given)));
        }
    }
    // Double letters written once: the same word by one letter, which may be the last of a short one.
    keys.push(hash_of(&('=', written.iter().map(|w| once(w)).collect::<Vec<_>>())));
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn written_out(name: &PersonName) -> Vec<&str> {
    name.tokens.iter().filter(|t| !t.initial).map(|t| t.text.as_str()).take(5).collect()
}

fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

fn given_keys(word: &str, knowledge: &Knowledge) -> Vec<u64> {
    let mut keys: Vec<u64> = knowledge.names.given(word).iter().map(hash_of).collect();
    keys.push(hash_of(&skeleton(word)));
    keys
}

/// Returns the word and every word with one of its letters left out, the first kept: words one letter apart share one.
fn deletions(word: &str) -> Vec<String> {
    let chars: Vec<char> = word.chars().collect();
    let mut out = vec![word.to_owned()];
    for i in 1..chars.len() {
        out.push(chars.iter().enumerate().filter(|(k, _)| *k != i).map(|(_, c)| c).collect());
    }
    out
}

/// Returns whether the two can in no case be one person: given names written out and different.
///
/// "Paul Whitcombe" and "Claire Whitcombe" conflict; "Sofia Lindqvist" and "Sofia Marani" don't, as a third form may
/// have both surnames.
pub(super) fn given_names_conflict(a: &PersonName, b: &PersonName, knowledge: &Knowledge) -> bool {
    if a.generation.is_some() && b.generation.is_some() && a.generation != b.generation {
        return true;
    }
    if a.is_single() || b.is_single() || relate(a, b, knowledge) != NameRelation::Different {
        return false;
    }
    let given = |n: &PersonName| -> Vec<Token> {
        let surname = n.surname_at(knowledge);
        n.tokens.iter().enumerate().filter(|(i, _)| *i != surname).map(|(_, t)| t.clone()).collect()
    };
    let (ga, gb) = (given(a), given(b));
    !ga.iter().any(|x| gb.iter().any(|y| match_tokens(x, y, knowledge).is_some()))
}

#[cfg(test)]
mod tests {
    use super::{NameRelation, PersonName, blocking_keys, relate, spelling_keys};
    use crate::knowledge::Knowledge;

    #[test]
    fn names_relate() {
        use NameRelation::{
            Different, Initials, Middle, MiddleInitial, Part, Same, SurnameOnly, Typo, Variant,
        };
        let knowledge = Knowledge::without_firms();
        for (a, b, relation) in [
            ("Ada Moreschi", "Moreschi Ada", Same),
            ("Niccolò Verra", "Niccolo' Verra", Same),
            ("Giorgia De Vico", "Giorgia DeVico", Same),
            ("Pier Carlo Onesti", "Piercarlo Onesti", Same),
            ("Dr. Ada Moreschi", "ADA MORESCHI", Same),
            ("Livia Anna Torrisi", "Livia Torrisi", Middle),
            ("Livia A. Torrisi", "Livia Anna Torrisi", MiddleInitial),
            ("Beppe Ardoino", "Giuseppe Ardoino", Variant),
            ("Ardoino Giuseppe", "Beppe Ardoino", Variant),
            ("Bill Hargrove", "William Hargrove", Variant),
            ("Gino Hargrove", "Gigi Hargrove", Typo),
            ("Serhiy Bondarchuk", "Sergei Bondarciuk", Typo),
            ("Yevhen Malakhenko", "Evgeni Malachenko", Variant),
            ("Marta Lund Ferrero", "Marta Lund", Part),
            ("Marta Lund Ferrero", "Marta Ferrero", Middle),
            ("Maria Pia Sestini", "Pia Sestini", Part),
            ("G.L. Brandolini", "Gianluigi Brandolini", Initials),
            ("M. Brandolini", "Marco Brandolini", Initials),
            ("Marco Brandolini", "Marco Brandollini", Typo),
            ("Karl Ortega Jr.", "Karl Ortega Sr.", Different),
            ("Ada von der Aue", "Ada Aue", Different),
            ("Ada von der Auersberg", "Ada Auersberg", Variant),
            ("Łucja Wilk", "Lucja Wilk", Same),
            ("Jens Kjærholt", "Jens Kjaerholt", Same),
            ("Karim el-Sabbah", "Kareem Al Sabah", Variant),
            ("Khalid Al Masri", "Khaled el-Masry", Typo),
            ("Abdulrahman Nasir", "Abd al-Rahman Nasser", Typo),
            ("Natalya Shcherbakova", "Natalija Ščerbakova", Typo),
            ("Deng Xiaolan", "Teng Hsiao-lan", Typo),
            ("Tsvetan Hristov", "Cvetan Christov", Variant),
            ("Marco Brandolini", "Marco Brandolino", Different),
            ("Marco Tardelli", "Marco Tardella", Different),
            ("Karl Henrich", "Karl Heinrich", Typo),
            ("Paolo Venturi", "Paola Venturi", Different),
            ("Venturi", "Paola Venturi", SurnameOnly),
            ("Paul Whitmore", "Claire Whitmore", Different),
        ] {
            let (x, y) = (PersonName::parse(a), PersonName::parse(b));
            assert_eq!(relate(&x, &y, &knowledge), relation, "{a} / {b}");
            assert_eq!(relate(&y, &x, &knowledge), relation, "{b} / {a}");
            if !matches!(relation, Different | Initials | SurnameOnly) {
                let keys = |name: &PersonName| match relation {
                    Typo => spelling_keys(name, &knowledge),
                    _ => blocking_keys(name, &knowledge),
                };
                let (kx, ky) = (keys(&x), keys(&y));
                assert!(kx.iter().any(|k| ky.contains(k)), "{a} / {b} share no key");
            }
        }
    }
}
