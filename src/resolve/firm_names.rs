use super::text_links::is_acronym;
use crate::knowledge::{Knowledge, OrgWordClass};

/// An organisation's name as resolution compares it; all its spellings share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FirmName {
    /// Folded, without article and legal form.
    pub(super) key: String,
    /// Its letters, without words like "group" and without blanks: "Pay Pal Holdings" is "PayPal".
    pub(super) letters: String,
    /// Its words without those like "& Partners" and "FC".
    pub(super) plain: String,
    /// Whether one of the words left out there is "FC", "football" or the like.
    pub(super) plays_football: bool,
    /// Content words in English where they are general ones, in their order.
    pub(super) words: Vec<String>,
    classes: Vec<Option<OrgWordClass>>,
    /// The words that tell, sorted: "Meridiana Insurance" and "Compagnia Meridiana di Assicurazioni" share them.
    pub(super) bag: Vec<String>,
    /// Whether a spelling is two to six capitals.
    pub(super) looks_like_acronym: bool,
    /// The countries of the legal form, where the name has one that few countries have.
    pub(super) countries: Option<String>,
    /// The legal form in its usual spelling.
    pub(super) form: Option<String>,
    /// The known firm listed under this very name with its legal form.
    pub(super) formal: Option<u32>,
    /// Keys of acronyms that a spelling has behind it: "Istituto Sole Levante (ISL)".
    pub(super) in_parentheses: Vec<String>,
}

/// How two names of organisations go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NameLink {
    /// The same telling words, perhaps in another language.
    Same,
    /// One is made of words of the other: "Kestrel" of "Kestrel Compute".
    Short,
    /// One is made of the initials of the other.
    Acronym,
    /// One letter differs.
    Typo,
    /// Nothing in common: a former name, or two firms.
    Other,
    /// One is the other with a word that marks a part: "Corvex" and "Corvex Research Lab".
    Part,
}

/// Concepts of bodies that every state has one of.
const STATE_BODIES: &[&str] =
    &["department", "government", "ministry", "parliament", "police", "senate", "treasury"];

/// Concepts that the names of professional firms have or leave out.
const PARTNERS: &[&str] = &["associates", "law firm", "partners"];

/// Concepts that say of which country a body is.
const NATIONS: &[&str] = &[
    "american",
    "australian",
    "austrian",
    "british",
    "chinese",
    "european",
    "french",
    "german",
    "greek",
    "indian",
    "italian",
    "japanese",
    "polish",
    "portuguese",
    "russian",
    "scottish",
    "spanish",
    "swiss",
    "turkish",
    "united",
];

impl FirmName {
    pub(super) fn new(key: String, surface: &str, knowledge: &Knowledge) -> Self {
        let concepts = knowledge.org_words.concepts(&key);
        let mut bag: Vec<String> = concepts
            .iter()
            .filter(|(_, class)| *class != Some(OrgWordClass::Company))
            .map(|(word, _)| (*word).to_owned())
            .collect();
        if bag.is_empty() {
            bag = concepts.iter().map(|(word, _)| (*word).to_owned()).collect();
        }
        bag.sort_unstable();
        let is = |word: &str, of: fn(&(&str, Option<OrgWordClass>)) -> bool| {
            knowledge.org_words.concepts(word).iter().any(of)
        };
        let telling: Vec<&str> = key
            .split(' ')
            .filter(|word| !is(word, |(_, class)| *class == Some(OrgWordClass::Company)))
            .collect();
        let football = |word: &str| is(word, |(concept, _)| *concept == "football");
        let partners = |word: &str| is(word, |(concept, _)| PARTNERS.contains(concept));
        let plain: Vec<&str> =
            key.split(' ').filter(|word| !football(word) && !partners(word)).collect();
        let mut name = FirmName {
            letters: telling.concat(),
            plays_football: key.split(' ').any(football),
            plain: plain.join(" ").trim_end_matches(" and").to_owned(),
            words: concepts.iter().map(|(word, _)| (*word).to_owned()).collect(),
            classes: concepts.iter().map(|(_, class)| *class).collect(),
            key,
            bag,
            looks_like_acronym: false,
            countries: None,
            form: None,
            formal: None,
            in_parentheses: Vec::new(),
        };
        name.see(surface);
        name
    }

    /// Takes note of another spelling.
    pub(super) fn see(&mut self, surface: &str) {
        let letters = surface.chars().filter(|c| c.is_alphanumeric()).count();
        self.looks_like_acronym |= (2..=6).contains(&letters)
            && !surface.contains(' ')
            && surface.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
        if let Some((_, short)) = surface.strip_suffix(')').and_then(|s| s.rsplit_once(" ("))
            && is_acronym(short, &self.key)
        {
            self.in_parentheses.push(crate::text::fold(short));
        }
    }

    /// Returns whether the legal forms of two names belong to different countries.
    pub(super) fn abroad(&self, other: &FirmName) -> bool {
        match (&self.countries, &other.countries) {
            (Some(a), Some(b)) => !a.split('|').any(|x| b.split('|').any(|y| x == y)),
            _ => false,
        }
    }

    /// Returns whether two names with the same telling words are one: told in the same order, or in another language.
    ///
    /// "York University" and "University of York" are two.
    pub(super) fn is_translation_of(&self, other: &FirmName) -> bool {
        let telling = |n: &FirmName| -> Vec<String> {
            let words = n.words.iter().zip(&n.classes);
            let words = words.filter(|(_, class)| **class != Some(OrgWordClass::Company));
            words.map(|(word, _)| word.clone()).collect()
        };
        let written = |n: &FirmName| -> Vec<String> {
            let mut words: Vec<String> =
                n.key.split(' ').filter(|w| !is_small(w)).map(str::to_owned).collect();
            words.sort_unstable();
            words
        };
        telling(self) == telling(other) || written(self) != written(other)
    }

    /// Returns whether every word is a general one ("the Bank", "Istituto"): it names no firm by itself.
    ///
    /// Two general words name one where one of them says which: "Banca d'Italia", "Poste Italiane".
    pub(super) fn is_generic(&self) -> bool {
        let telling = |class: &Option<OrgWordClass>| {
            !matches!(class, Some(OrgWordClass::Generic | OrgWordClass::Company))
        };
        !self.classes.iter().any(telling) || (self.classes.len() == 1 && self.classes[0].is_some())
    }

    /// Returns whether every country has a body of this name ("Ministry of Health"): alone it does not tell whose.
    pub(super) fn is_of_any_state(&self) -> bool {
        let state = |word: &String| STATE_BODIES.contains(&word.as_str());
        let of_country = |word: &String| NATIONS.contains(&word.as_str());
        self.words.iter().any(state)
            && self.classes.iter().all(|c| c.is_some_and(|c| c != OrgWordClass::Region))
            && !self.words.iter().any(of_country)
    }

    /// Returns whether one of two names that both have their legal form is a holding: it is the other's owner.
    pub(super) fn is_holding_beside(&self, other: &FirmName) -> bool {
        let holding = |n: &FirmName| n.key.split(' ').any(|w| w == "holding" || w == "holdings");
        let formed = self.countries.is_some() && other.countries.is_some();
        formed && holding(self) != holding(other)
    }

    /// Returns the initials of the words as written, with and without connecting words.
    pub(super) fn initials(&self) -> Vec<String> {
        let words: Vec<&str> = self.key.split(' ').collect();
        if !(2..=8).contains(&words.len()) {
            return Vec::new();
        }
        let all: String = words.iter().filter_map(|w| w.chars().next()).collect();
        let content: String = words
            .iter()
            .filter(|w| w.chars().count() > 3 || !is_small(w))
            .filter_map(|w| w.chars().next())
            .collect();
        let mut out = vec![all, content];
        out.dedup();
        out
    }

    /// Returns whether this one word is made of the beginnings of all content words of `full`: "Caritronto" of
    /// "Cassa di Risparmio del Tronto". At least two letters of each word.
    pub(super) fn is_blend_of(&self, full: &FirmName) -> bool {
        fn fits(rest: &str, words: &[&str]) -> bool {
            match words.split_first() {
                None => rest.is_empty(),
                Some((word, others)) => (2..=word.len()).any(|n| {
                    word.is_char_boundary(n)
                        && rest.strip_prefix(&word[..n]).is_some_and(|r| fits(r, others))
                }),
            }
        }
        let words: Vec<&str> =
            full.key.split(' ').filter(|w| w.chars().count() > 3 || !is_small(w)).collect();
        (2..=5).contains(&words.len()) && fits(&self.key, &words)
    }

    /// Returns whether the two names have the same words up to the spelling of two languages: "Interregional Football
    /// League" and "Lega Calcio Interregionale". At least two words, and one of them in other letters.
    pub(super) fn is_cognate_of(&self, other: &FirmName) -> bool {
        if self.bag.len() != other.bag.len() || self.bag.len() < 2 {
            return false;
        }
        let mut open: Vec<&String> = other.bag.iter().collect();
        for word in &self.bag {
            let akin = |x: &String| {
                x == word
                    || (word.chars().count().min(x.chars().count()) >= 5
                        && strsim::jaro_winkler(word, x) >= 0.9)
            };
            let exact = open.iter().position(|x| *x == word);
            let Some(at) = exact.or_else(|| open.iter().position(|x| akin(x))) else {
                return false;
            };
            open.remove(at);
        }
        true
    }

    /// Returns the key of the whole that the name says it is a unit of: "corvex" of "corvex research lab".
    pub(super) fn without_unit(&self) -> Option<String> {
        let unit =
            |c: &Option<OrgWordClass>| matches!(c, Some(OrgWordClass::Unit | OrgWordClass::Region));
        let n = self.classes.iter().rev().take_while(|c| unit(c)).count();
        if n == 0 || n == self.words.len() || self.classes[..self.words.len() - n].iter().any(unit)
        {
            return None;
        }
        // Unit words are one word each in the key, but for "real estate" and the like: those have no short form.
        let words: Vec<&str> = self.key.split(' ').collect();
        (words.len() == self.words.len()).then(|| words[..words.len() - n].join(" "))
    }
}

fn is_small(word: &str) -> bool {
    matches!(
        word,
        "a" | "al"
            | "and"
            | "d"
            | "da"
            | "de"
            | "dei"
            | "del"
            | "der"
            | "des"
            | "di"
            | "du"
            | "e"
            | "for"
            | "il"
            | "in"
            | "l"
            | "la"
            | "le"
            | "of"
            | "per"
            | "the"
            | "und"
            | "y"
    )
}

/// Returns how two names go together; symmetric.
pub(super) fn relate(a: &FirmName, b: &FirmName) -> NameLink {
    if a.bag == b.bag {
        return if a.is_translation_of(b) { NameLink::Same } else { NameLink::Other };
    }
    let (short, long) = if a.words.len() <= b.words.len() { (a, b) } else { (b, a) };
    if short.words.iter().all(|w| long.words.contains(w)) && !short.is_generic() {
        let added = long
            .words
            .iter()
            .zip(&long.classes)
            .filter(|(word, _)| !short.words.contains(word))
            .map(|(_, class)| *class);
        let marks_part = added
            .into_iter()
            .any(|class| matches!(class, Some(OrgWordClass::Unit | OrgWordClass::Region)));
        return if marks_part { NameLink::Part } else { NameLink::Short };
    }
    if (a.looks_like_acronym && is_acronym(&a.key, &b.key))
        || (b.looks_like_acronym && is_acronym(&b.key, &a.key))
    {
        return NameLink::Acronym;
    }
    let (na, nb) = (a.key.chars().count(), b.key.chars().count());
    if na.min(nb) >= 6
        && na.abs_diff(nb) <= 1
        && a.words.len() == b.words.len()
        && strsim::osa_distance(&a.key, &b.key) == 1
        && !(a.key.ends_with(|c: char| c.is_ascii_digit())
            || b.key.ends_with(|c: char| c.is_ascii_digit()))
    {
        return NameLink::Typo;
    }
    NameLink::Other
}

#[cfg(test)]
mod tests {
    use super::{FirmName, NameLink, relate};
    use crate::knowledge::Knowledge;

    #[test]
    fn names_of_firms_relate() {
        use NameLink::{Acronym, Other, Part, Same, Short, Typo};
        let knowledge = Knowledge::without_firms();
        let name = |s: &str| FirmName::new(knowledge.firm_key(s), s, &knowledge);
        for (a, b, link) in [
            ("Banca di Verzuolo", "Bank of Verzuolo", Same),
            ("Gruppo Altavia", "Altavia S.p.A.", Same),
            ("Altavia Assicurazioni", "Altavia Insurance", Same),
            ("Harrow", "Harrow Compute Ltd", Short),
            ("Altavia", "Compagnia Altavia di Assicurazioni", Short),
            ("Altavia", "Altavia Vita", Part),
            ("Altavia", "Altavia Italia", Part),
            ("Harrow AI", "Harrow Robotics", Other),
            ("BVM", "Banca di Verzuolo e Melle", Acronym),
            ("Grunfelder", "Grunfeldner", Typo),
            ("Studio 54", "Studio 55", Other),
            ("Verzuolo University", "University of Verzuolo", Other),
            ("Università di Verzuolo", "University of Verzuolo", Same),
        ] {
            assert_eq!(relate(&name(a), &name(b)), link, "{a} / {b}");
            assert_eq!(relate(&name(b), &name(a)), link, "{b} / {a}");
        }
        assert!(name("Carivaldo").is_blend_of(&name("Cassa di Risparmio di Valdo")));
        assert!(!name("Carivaldo").is_blend_of(&name("Cassa di Risparmio di Melle")));
        assert!(name("the Bank").is_generic() && !name("Banca d'Italia").is_generic());
    }
}
