use super::embedded;
use crate::text::fold;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// Legal forms by their letters ("gmbhandcokg"): where they are parted differs from one writer to the next ("S. p. A.").
#[derive(Clone, Debug)]
pub(crate) struct LegalForms {
    by_letters: IndexMap<String, (String, String), FxBuildHasher>,
    longest: usize,
}

/// A name taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SplitName<'a> {
    /// Folded, without article and legal form.
    pub(crate) key: String,
    /// Folded, with them.
    pub(crate) written: String,
    /// The legal form in its usual spelling.
    pub(crate) form: Option<&'a str>,
    /// The countries that have it, joined by `|`.
    pub(crate) countries: Option<&'a str>,
}

impl LegalForms {
    pub(super) fn parse(csv: &str) -> Self {
        let mut by_letters = IndexMap::default();
        let mut longest = 1;
        for record in embedded(csv) {
            if let (Some(words), Some(usual)) = (record.get(0), record.get(1)) {
                longest = longest.max(words.split(' ').count());
                let countries = record.get(2).unwrap_or("").to_owned();
                by_letters.insert(words.replace(' ', ""), (usual.to_owned(), countries));
            }
        }
        LegalForms { by_letters, longest }
    }

    pub(crate) fn split(&self, name: &str) -> SplitName<'_> {
        // "McDonald's" is one word, and "Istituto Sestante (ISA)" has its short form behind it.
        let plain = name.replace("'s ", "s ").replace("’s ", "s ");
        let plain = plain
            .strip_suffix("'s")
            .or(plain.strip_suffix("’s"))
            .map_or_else(|| plain.clone(), |stem| format!("{stem}s"));
        let folded = fold(without_parenthesis(&plain));
        let mut words: Vec<&str> = folded.split(' ').filter(|w| !w.is_empty()).collect();
        let mut form = None;
        let mut countries = None;
        // "X Holding S.p.A. in liquidazione" and "X S.p.A. SB" end in two forms.
        'again: loop {
            for n in (1..=self.longest.min(words.len().saturating_sub(1))).rev() {
                let tail = words[words.len() - n..].concat();
                if let Some((usual, of)) = self.by_letters.get(&tail) {
                    // An Italian partnership is called after its partners: "Pastificio Sole di Sole Ugo & C. s.n.c."
                    let of_partners = tail == "andc" || tail == "ec";
                    form = Some(usual.as_str());
                    countries = Some(of.as_str()).filter(|c| !c.is_empty());
                    words.truncate(words.len() - n);
                    let named = words.iter().skip(2).position(|w| *w == "di");
                    if let Some(at) = named.filter(|_| of_partners) {
                        words.truncate(at + 2);
                    }
                    continue 'again;
                }
            }
            break;
        }
        while words.len() > 1 && matches!(words.last(), Some(&("and" | "e"))) {
            words.pop();
        }
        if words.len() > 1
            && (matches!(words[0], "the" | "il" | "la" | "lo" | "l" | "i" | "gli" | "le")
                || (matches!(words[0], "el" | "die" | "der" | "das") && words[1].len() > 2))
        {
            words.remove(0);
        }
        // "Virtus Tordano 1921": the year of foundation is left out in running text.
        if words.len() > 2 && words.last().is_some_and(|w| is_year(w)) {
            words.pop();
        }
        let key = words.join(" ");
        SplitName { key, written: folded, form, countries }
    }
}

fn without_parenthesis(name: &str) -> &str {
    match name.trim_end().strip_suffix(')').and_then(|n| n.rsplit_once(" (")) {
        Some((before, _)) if !before.trim().is_empty() => before,
        _ => name,
    }
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()) && ("1700".."2100").contains(&word)
}

/// What a general word does in an organisation's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrgWordClass {
    /// Says nothing: company, group, international. Left out when names are compared.
    Company,
    /// Says what kind of organisation it is: bank, institute, university.
    Generic,
    /// Marks a part of a larger organisation when added to its name: research, life, ventures.
    Unit,
    /// A place whose national branch it marks: Italia, UK.
    Region,
    /// Any other word with translations.
    Word,
}

/// General words of organisations' names, each with its translations.
#[derive(Clone, Debug)]
pub struct OrgWords {
    by_word: IndexMap<String, (u32, OrgWordClass), FxBuildHasher>,
    concepts: Vec<String>,
    /// Words of the longest phrase.
    longest: usize,
}

impl OrgWords {
    pub(super) fn parse(csv: &str) -> Self {
        let mut by_word = IndexMap::default();
        let mut concepts = Vec::new();
        let mut longest = 1;
        for record in embedded(csv) {
            let class = match record.get(1) {
                Some("company") => OrgWordClass::Company,
                Some("generic") => OrgWordClass::Generic,
                Some("unit") => OrgWordClass::Unit,
                Some("region") => OrgWordClass::Region,
                _ => OrgWordClass::Word,
            };
            for word in record.get(2).unwrap_or("").split('|') {
                longest = longest.max(word.split(' ').count());
                by_word.insert(word.to_owned(), (concepts.len() as u32, class));
            }
            concepts.push(record.get(0).unwrap_or("").to_owned());
        }
        OrgWords { by_word, concepts, longest }
    }

    /// Returns the words of a folded name with general words as their English concept and class, connecting words
    /// left out: "istituto ligure di robotica" gives institute, ligurian, robotics.
    pub fn concepts<'a>(&'a self, key: &'a str) -> Vec<(&'a str, Option<OrgWordClass>)> {
        let words: Vec<&str> = key.split(' ').filter(|w| !w.is_empty()).collect();
        let mut out = Vec::with_capacity(words.len());
        let mut i = 0;
        'next: while i < words.len() {
            for n in (1..=self.longest.min(words.len() - i)).rev() {
                let phrase = words[i..i + n].join(" ");
                if let Some((concept, class)) = self.by_word.get(&phrase) {
                    out.push((self.concepts[*concept as usize].as_str(), Some(*class)));
                    i += n;
                    continue 'next;
                }
            }
            if !CONNECTING.contains(&words[i]) {
                out.push((words[i], None));
            }
            i += 1;
        }
        out
    }
}

/// Words that connect the parts of a name and differ between its spellings.
const CONNECTING: &[&str] = &[
    "a", "al", "alla", "and", "d", "da", "das", "de", "degli", "dei", "del", "dell", "della",
    "delle", "der", "des", "di", "du", "e", "for", "fur", "il", "in", "l", "la", "le", "of", "per",
    "the", "und", "y", "et",
];

#[cfg(test)]
mod tests {
    use crate::knowledge::Knowledge;

    #[test]
    fn spellings_share_a_key() {
        let knowledge = Knowledge::without_firms();
        for (name, key) in [
            ("Enerlago S.p.A.", "enerlago"),
            ("ENERLAGO", "enerlago"),
            ("The Ford Motor Company", "ford motor"),
            ("Tessera Robotics GmbH & Co. KG", "tessera robotics"),
            ("Virtus Tordano 1921 S.r.l.", "virtus tordano"),
            ("Spa", "spa"),
            ("Coop Verzuolo Soc. Coop. a r.l.", "coop verzuolo"),
            ("Coop Verzuolo società cooperativa", "coop verzuolo"),
            ("Molino Verzuolo di Rossi Ugo & C. s.n.c.", "molino verzuolo"),
            ("El Correo", "correo"),
            ("El Al", "el al"),
            ("Corvex, Inc.", "corvex"),
            ("Brindley's Stores", "brindleys stores"),
            ("Istituto Sole (IS)", "istituto sole"),
        ] {
            assert_eq!(knowledge.firm_key(name), key, "{name}");
        }
        assert_eq!(knowledge.legal_form("Enerlago SPA"), Some("S.p.A."));
    }

    #[test]
    fn translations_share_concepts() {
        let knowledge = Knowledge::without_firms();
        let concepts = |name: &str| {
            let key = knowledge.firm_key(name);
            let mut words: Vec<String> =
                knowledge.org_words.concepts(&key).iter().map(|c| c.0.to_owned()).collect();
            words.sort();
            words
        };
        assert_eq!(
            concepts("Istituto Ligure di Robotica"),
            concepts("Ligurian Institute of Robotics")
        );
    }
}
