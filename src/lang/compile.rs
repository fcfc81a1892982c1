//! Turns the text files of a language pack into the tables that [`super::Pack`] reads in place. Runs while the program is
//! built (`build.rs`), so that a wrong entry fails the build and none of this costs time at the start.

use super::inflect::{self, Irregular};
use super::pack::{Class, Cue, CueClass, Frame, List, Pack, Scope, Sense, Tag};
use super::phrase::Phrases;
use super::table::Table;
use crate::model::{Language, Manner};
use crate::text::hash;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The files of one pack, as text.
pub(crate) struct Files<'a> {
    pub(crate) frames: &'a str,
    pub(crate) verbs: &'a str,
    pub(crate) cues: &'a str,
    pub(crate) words: &'a str,
    pub(crate) roles: &'a str,
}

/// A compiled pack, to be written into files; see [`super::pack::Compiled`].
pub(crate) struct Tables {
    pub(crate) lists: String,
    pub(crate) phrases: Vec<u8>,
    pub(crate) forms: Vec<u8>,
    pub(crate) verbs: Vec<u8>,
}

type Entries = BTreeMap<String, Vec<u8>>;

/// One step of a pattern after its first word.
enum Step {
    /// One of these lower-case words.
    Words(Vec<String>),
    /// Up to three words of any kind.
    Gap,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrameEntry {
    id: String,
    class: Class,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    object: Vec<String>,
    sense: Sense,
    #[serde(default)]
    manner: Option<Manner>,
    #[serde(default)]
    verbs: Vec<String>,
    #[serde(default)]
    nouns: Vec<String>,
    #[serde(default)]
    phrases: Vec<String>,
    /// Sentences that it must match.
    #[serde(default, rename = "yes")]
    _yes: Vec<String>,
    /// Sentences with its words that tell no move.
    #[serde(default, rename = "no")]
    _no: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CueEntry {
    id: String,
    class: CueClass,
    scope: Scope,
    #[serde(default)]
    phrases: Vec<String>,
    #[serde(default)]
    verbs: Vec<String>,
    /// Sentences that it must match.
    #[serde(default, rename = "yes")]
    _yes: Vec<String>,
    /// Sentences that it must not match.
    #[serde(default, rename = "no")]
    _no: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FramesFile {
    frame: Vec<FrameEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CuesFile {
    cue: Vec<CueEntry>,
}

#[derive(Deserialize)]
struct VerbsFile {
    #[serde(default)]
    doubling: Vec<String>,
    #[serde(default)]
    verb: Vec<Irregular>,
}

type Lists = BTreeMap<String, toml::Value>;

/// Turns the text of a pack into tables.
struct Compiler {
    pack: Pack,
    phrases: Entries,
    verbs: Entries,
    forms: Entries,
}

/// Compiles a pack's files, or says which file and entry is wrong.
pub(crate) fn compile(language: Language, files: &Files<'_>) -> Result<Tables, String> {
    let frames: FramesFile = parse("frames.toml", files.frames)?;
    let cues: CuesFile = parse("cues.toml", files.cues)?;
    let verbs: VerbsFile = parse("verbs.toml", files.verbs)?;
    let words: Lists = parse("words.toml", files.words)?;
    let roles: Lists = parse("roles.toml", files.roles)?;
    let mut compiler = Compiler {
        pack: empty(language),
        phrases: Entries::new(),
        verbs: Entries::new(),
        forms: Entries::new(),
    };
    compiler.pack.abbreviations = strings(&words, "abbreviations")?.into_iter().collect();
    compiler.add_lists(&words, &roles)?;
    compiler.add_frames(&frames.frame, &cues.cue)?;
    compiler.add_verb_forms(&verbs);
    Ok(Tables {
        lists: serde_json::to_string(&compiler.pack).map_err(|e| e.to_string())?,
        phrases: table(&compiler.phrases),
        verbs: table(&compiler.verbs),
        forms: table(&compiler.forms),
    })
}

/// Returns the patterns of names by list, split into words as in English; `words` is the text of its `words.toml`.
pub(crate) fn compile_names<'a>(
    words: &str,
    names: impl IntoIterator<Item = (&'a str, List)>,
) -> Result<Vec<u8>, String> {
    let mut pack = empty(Language::English);
    pack.abbreviations =
        strings(&parse("words.toml", words)?, "abbreviations")?.into_iter().collect();
    let mut entries = Entries::new();
    for (name, list) in names {
        let steps = pack.tokenize(name).into_iter().map(|t| Step::Words(vec![t.lower])).collect();
        add_phrase(&mut entries, steps, Tag { list, payload: 0 });
    }
    Ok(table(&entries))
}

/// Returns the empty pack of a language.
fn empty(language: Language) -> Pack {
    Pack {
        language,
        frames: Vec::new(),
        cues: Vec::new(),
        phrases: Phrases::default(),
        forms: Table::default(),
        lemma_patterns: Vec::new(),
        lemmas: Vec::new(),
        abbreviations: BTreeSet::new(),
        months: BTreeMap::new(),
        numbers: BTreeMap::new(),
        relative_dates: Vec::new(),
        firm_kinds: Vec::new(),
        post_nouns: Vec::new(),
        demonym_places: Vec::new(),
        genders: Vec::new(),
    }
}

impl Compiler {
    fn add_lists(&mut self, words: &Lists, roles: &Lists) -> Result<(), String> {
        for (key, list) in [
            ("function_words", List::FunctionWord),
            ("sentence_starters", List::SentenceStarter),
            ("common_words", List::CommonWord),
            ("honorifics", List::Honorific),
            ("courtesy_titles", List::CourtesyTitle),
            ("weekdays", List::Weekday),
            ("seasons", List::Season),
            ("person_nouns", List::PersonNoun),
            ("person_nouns_feminine", List::FeminineNoun),
            ("firm_adjectives_by_trade", List::FirmTrade),
            ("org_heads", List::OrgHead),
            ("org_tails", List::OrgTail),
            ("places", List::Place),
            ("not_names", List::NotName),
            ("media_names", List::Media),
            ("possessives", List::Possessive),
            ("relative_pronouns", List::RelativePronoun),
            ("coordinators", List::Coordinator),
            ("subordinators", List::Subordinator),
            ("prepositions_from", List::FromWord),
            ("prepositions_to", List::ToWord),
            ("prepositions_of", List::OfWord),
            ("prepositions_as", List::AsWord),
            ("prepositions_for", List::ForWord),
            ("prepositions_after", List::AfterWord),
            ("source_phrases", List::Source),
            ("boilerplate", List::Boilerplate),
        ] {
            for entry in strings(words, key)? {
                self.add_entry(&entry, list, 0);
            }
        }
        for (key, list) in [
            ("heads", List::RoleHead),
            ("acronyms", List::RoleAcronym),
            ("pre_modifiers", List::RolePre),
            ("post_modifiers", List::RolePost),
            ("helm", List::Helm),
            ("field_words", List::Field),
            ("staff_heads", List::StaffHead),
            ("sports_heads", List::SportsHead),
            ("not_roles", List::NotRole),
        ] {
            for entry in strings(roles, key)? {
                self.add_entry(&entry, list, 0);
            }
        }
        for (i, month) in strings(words, "months")?.into_iter().enumerate() {
            self.add_entry(&month, List::Month, i as u32 + 1);
            self.pack.months.insert(month.to_lowercase(), i as u8 + 1);
        }
        if let Some(toml::Value::Array(months)) = words.get("month_abbreviations") {
            for (i, forms) in months.iter().enumerate() {
                for form in forms.as_array().into_iter().flatten().filter_map(toml::Value::as_str) {
                    self.pack.months.entry(form.to_lowercase()).or_insert(i as u8 + 1);
                    self.pack
                        .months
                        .entry(form.trim_end_matches('.').to_lowercase())
                        .or_insert(i as u8 + 1);
                }
            }
        }
        for (word, value) in pairs(words, "number_words")? {
            let number = value
                .parse()
                .map_err(|_| format!("words.toml: number_words: '{word}={value}' has no number"))?;
            self.pack.numbers.insert(word.to_lowercase(), number);
        }
        for (phrase, value) in pairs(words, "relative_dates")? {
            self.pack.relative_dates.push(value);
            self.add_entry(&phrase, List::RelativeDate, self.pack.relative_dates.len() as u32 - 1);
        }
        for (kind, word) in pairs(words, "firm_nouns")? {
            let number =
                self.pack.firm_kinds.iter().position(|k| *k == kind).unwrap_or_else(|| {
                    self.pack.firm_kinds.push(kind.clone());
                    self.pack.firm_kinds.len() - 1
                });
            self.add_entry(&word, List::FirmNoun, number as u32);
        }
        for (form, place) in pairs(words, "demonyms")? {
            self.pack.demonym_places.push(place);
            self.add_entry(&form, List::Demonym, self.pack.demonym_places.len() as u32 - 1);
        }
        for (form, gender) in pairs(words, "pronouns_person")? {
            self.pack.genders.push(gender.chars().next().unwrap_or('?'));
            self.add_entry(&form, List::PersonPronoun, self.pack.genders.len() as u32 - 1);
        }
        for (noun, title) in pairs(roles, "post_nouns")? {
            self.pack.post_nouns.push(title);
            self.add_entry(&noun, List::RolePostNoun, self.pack.post_nouns.len() as u32 - 1);
        }
        Ok(())
    }

    fn add_frames(&mut self, frames: &[FrameEntry], cues: &[CueEntry]) -> Result<(), String> {
        let mut seen = BTreeSet::new();
        for (number, frame) in frames.iter().enumerate() {
            if !seen.insert(&frame.id) {
                return Err(format!("frames.toml: '{}' stands there twice", frame.id));
            }
            for verb in &frame.verbs {
                self.add_verb(verb, Tag { list: List::Frame, payload: number as u32 * 4 });
            }
            for (part, entries) in [(1, &frame.nouns), (2, &frame.phrases)] {
                for entry in entries {
                    self.add_entry(entry, List::Frame, number as u32 * 4 + part);
                }
            }
            self.pack.frames.push(Frame {
                id: frame.id.clone(),
                class: frame.class,
                subject: frame.subject.clone(),
                object: frame.object.clone(),
                sense: frame.sense,
                manner: frame.manner,
            });
        }
        for (number, cue) in cues.iter().enumerate() {
            for verb in &cue.verbs {
                self.add_verb(verb, Tag { list: List::Cue, payload: number as u32 });
            }
            for entry in &cue.phrases {
                self.add_entry(entry, List::Cue, number as u32);
            }
            self.pack.cues.push(Cue { id: cue.id.clone(), class: cue.class, scope: cue.scope });
        }
        Ok(())
    }

    fn add_verb(&mut self, pattern: &str, tag: Tag) {
        let (first, rest) = pattern.split_once(' ').unwrap_or((pattern, ""));
        let (lemma, reflexive) = match (self.pack.language, first.strip_suffix("si")) {
            // "dimettersi" is "dimettere" with a reflexive clitic; "porsi" is "porre".
            (Language::Italian, Some(stem)) if stem.ends_with('r') => {
                let lemma =
                    if stem.ends_with("por") || stem.ends_with("dur") || stem.ends_with("trar") {
                        format!("{stem}re")
                    } else {
                        format!("{stem}e")
                    };
                (lemma, true)
            }
            _ => (first.to_owned(), false),
        };
        let rest = self.steps(rest);
        if !self.verbs.contains_key(&lemma) {
            self.pack.lemmas.push(lemma.clone());
        }
        add_pattern(self.verbs.entry(lemma).or_default(), tag, reflexive, &rest);
    }

    fn add_verb_forms(&mut self, verbs: &VerbsFile) {
        let irregular: BTreeMap<&str, &Irregular> =
            verbs.verb.iter().map(|v| (v.lemma.as_str(), v)).collect();
        for (number, lemma) in self.pack.lemmas.iter().enumerate() {
            let forms = match self.pack.language {
                Language::Italian => {
                    inflect::italian(lemma, irregular.get(lemma.as_str()).copied())
                }
                Language::English => inflect::english(
                    lemma,
                    irregular.get(lemma.as_str()).copied(),
                    verbs.doubling.contains(lemma),
                ),
            };
            for (word, form) in forms {
                let readings = self.forms.entry(word).or_default();
                readings.extend_from_slice(&(number as u16).to_le_bytes());
                readings.extend_from_slice(&form.0.to_le_bytes());
            }
        }
    }

    fn add_entry(&mut self, entry: &str, list: List, payload: u32) {
        let steps = self.steps(&entry.to_lowercase());
        add_phrase(&mut self.phrases, steps, Tag { list, payload });
    }

    fn steps(&self, pattern: &str) -> Vec<Step> {
        let mut steps = Vec::new();
        for part in pattern.split_whitespace() {
            if part == "*" {
                steps.push(Step::Gap);
            } else if part.contains('|') && part.len() > 1 {
                steps.push(Step::Words(part.split('|').map(str::to_owned).collect()));
            } else {
                steps.extend(
                    self.pack.tokenize(part).into_iter().map(|t| Step::Words(vec![t.lower])),
                );
            }
        }
        steps
    }
}

fn parse<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T, String> {
    toml::from_str(text).map_err(|e| format!("{file}: {e}"))
}

fn strings(lists: &Lists, key: &str) -> Result<Vec<String>, String> {
    let list = lists
        .get(key)
        .and_then(toml::Value::as_array)
        .ok_or_else(|| format!("list '{key}' is missing"))?;
    list.iter()
        .map(|v| {
            v.as_str()
                .map(str::to_owned)
                .ok_or_else(|| format!("list '{key}' holds something other than text"))
        })
        .collect()
}

fn pairs(lists: &Lists, key: &str) -> Result<Vec<(String, String)>, String> {
    strings(lists, key)?
        .into_iter()
        .map(|entry| {
            let (a, b) = entry
                .split_once('=')
                .ok_or_else(|| format!("list '{key}': '{entry}' has no '='"))?;
            Ok((a.trim().to_owned(), b.trim().to_owned()))
        })
        .collect()
}

/// Adds a pattern of already tokenised lower-case words under each of its first words; the first step may not be a gap.
fn add_phrase(entries: &mut Entries, steps: Vec<Step>, tag: Tag) {
    let mut steps = steps.into_iter();
    let Some(Step::Words(first)) = steps.next() else { return };
    let rest: Vec<Step> = steps.collect();
    for word in first {
        add_pattern(entries.entry(word).or_default(), tag, false, &rest);
    }
}

/// Writes a pattern as [`super::phrase::Patterns`] reads it.
fn add_pattern(out: &mut Vec<u8>, tag: Tag, reflexive: bool, steps: &[Step]) {
    let mut bytes = Vec::new();
    for step in steps {
        let words: &[String] = match step {
            Step::Words(words) => words,
            Step::Gap => &[],
        };
        bytes.push(short(words.len()));
        for word in words {
            bytes.push(short(word.len()));
            bytes.extend_from_slice(word.as_bytes());
        }
    }
    let length = u16::try_from(bytes.len()).expect("a pattern is shorter than 64 KiB");
    out.push(tag.list as u8);
    out.extend_from_slice(&tag.payload.to_le_bytes());
    out.push(u8::from(reflexive));
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&bytes);
}

fn short(length: usize) -> u8 {
    u8::try_from(length).expect("a word of a pack is shorter than 256 bytes")
}

/// Writes entries as [`super::table::Table`] reads them.
fn table(entries: &Entries) -> Vec<u8> {
    let n_buckets = entries.len().next_power_of_two();
    let mut buckets = vec![Vec::new(); n_buckets];
    for (word, value) in entries {
        let bucket = &mut buckets[hash(word.as_bytes()) as usize & (n_buckets - 1)];
        bucket.push(short(word.len()));
        bucket.extend_from_slice(&(value.len() as u32).to_le_bytes());
        bucket.extend_from_slice(word.as_bytes());
        bucket.extend_from_slice(value);
    }
    let mut out = (n_buckets as u32).to_le_bytes().to_vec();
    let mut start = 0;
    for bucket in &buckets {
        out.extend_from_slice(&(start as u32).to_le_bytes());
        start += bucket.len();
    }
    out.extend_from_slice(&(start as u32).to_le_bytes());
    out.extend(buckets.concat());
    out
}

#[cfg(test)]
mod tests {
    use super::{Entries, Files, compile, table};
    use crate::lang::Table;
    use crate::model::Language;

    #[test]
    fn a_table_gives_back_what_was_written() {
        let words = ["", "a", "perché", "chief executive"];
        for n in 0..=words.len() {
            let entries: Entries =
                words[..n].iter().map(|w| ((*w).to_owned(), w.to_uppercase().into())).collect();
            let read = Table::new(table(&entries).leak());
            for word in words {
                let value = entries.get(word).map_or(&[][..], Vec::as_slice);
                assert_eq!(read.get(word), value, "{word} of {n}");
            }
        }
    }

    #[test]
    fn a_broken_pack_says_where() {
        let frame = "[[frame]]\nid = 'leave/quit'\nclass = 'leave'\nsense = 'sure'\n";
        let pack = |frames: &str, words: &str| {
            let files = Files { frames, verbs: "", cues: "cue = []", words, roles: "" };
            compile(Language::English, &files).err().unwrap_or_default()
        };
        assert!(pack("frame = [", "").starts_with("frames.toml: "));
        assert_eq!(pack(frame, ""), "list 'abbreviations' is missing");
        assert_eq!(
            pack(frame, "abbreviations = [1]"),
            "list 'abbreviations' holds something other than text"
        );
    }
}
