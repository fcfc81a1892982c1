use super::Files;
use super::inflect::{self, Form, Irregular};
use super::phrase::{Hit, Phrases, Step, gaps, matches};
use crate::model::{Language, Manner};
use crate::text::{Token, TokenRules, tokenize};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// A list of a pack; what an entry of it says about the words it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names are those of the lists in words.toml and roles.toml")]
pub enum List {
    Frame,
    Cue,
    FunctionWord,
    SentenceStarter,
    CommonWord,
    Honorific,
    Month,
    Weekday,
    Season,
    RelativeDate,
    PersonNoun,
    FeminineNoun,
    FirmNoun,
    FirmTrade,
    OrgHead,
    OrgTail,
    Place,
    Demonym,
    NotName,
    Media,
    PersonPronoun,
    Possessive,
    RelativePronoun,
    Coordinator,
    Subordinator,
    FromWord,
    ToWord,
    OfWord,
    AsWord,
    ForWord,
    AfterWord,
    Source,
    Boilerplate,
    RoleHead,
    RoleAcronym,
    RolePre,
    RolePost,
    RolePostNoun,
    Helm,
    Field,
    StaffHead,
    SportsHead,
    NotRole,
    GivenName,
    Surname,
    KnownFirm,
}

impl List {
    /// Returns the list's bit in a set of lists.
    pub fn bit(self) -> u64 {
        1 << self as u8
    }
}

/// An entry of a list: the list and the entry's number or payload in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The list.
    pub list: List,
    /// What else is known of the entry: a frame's, cue's or kind's number.
    pub payload: u32,
}

/// What a trigger tells about its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "docs/languages.md defines each class")]
pub enum Class {
    Leave,
    Remove,
    Appoint,
    Join,
    Promote,
    Return,
    Found,
    Replace,
    Replaced,
    Die,
    End,
    Stay,
    Decline,
    Lead,
    Work,
    Candidate,
    Swap,
}

impl Class {
    /// Returns the word of the packs.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Leave => "leave",
            Class::Remove => "remove",
            Class::Appoint => "appoint",
            Class::Join => "join",
            Class::Promote => "promote",
            Class::Return => "return",
            Class::Found => "found",
            Class::Replace => "replace",
            Class::Replaced => "replaced",
            Class::Die => "die",
            Class::End => "end",
            Class::Stay => "stay",
            Class::Decline => "decline",
            Class::Lead => "lead",
            Class::Work => "work",
            Class::Candidate => "candidate",
            Class::Swap => "swap",
        }
    }
}

/// How surely a trigger tells a move, by the judgement of whoever wrote the pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sense {
    /// Nearly always.
    Sure,
    /// More often than not.
    Usual,
    /// Only in the right company.
    Weak,
}

/// Which kind of word fired a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// An inflected verb.
    Verb,
    /// A noun.
    Noun,
    /// Another fixed phrase: adjective, adverb.
    Phrase,
}

/// A trigger frame: an entry of `frames.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    /// `leave/lasciare`.
    pub id: String,
    /// What it tells.
    pub class: Class,
    /// Grammatical subject of the active verb: person, firm, role or event.
    #[serde(default)]
    pub subject: String,
    /// What the object may be.
    #[serde(default)]
    pub object: Vec<String>,
    /// How surely it tells a move.
    pub sense: Sense,
    /// How the old tie ended.
    #[serde(default)]
    pub manner: Option<Manner>,
    #[serde(default)]
    pub(crate) verbs: Vec<String>,
    #[serde(default)]
    pub(crate) nouns: Vec<String>,
    #[serde(default)]
    pub(crate) phrases: Vec<String>,
    /// Sentences that it must match.
    #[serde(default)]
    pub yes: Vec<String>,
    /// Sentences with its words that tell no move.
    #[serde(default)]
    pub no: Vec<String>,
}

/// What a cue does to the status of an event near it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "docs/languages.md defines each class")]
pub enum CueClass {
    Rumour,
    Denial,
    Negation,
    Attempt,
    Failed,
    Plan,
    Future,
    Condition,
    Official,
    Past,
}

impl CueClass {
    /// Every class, in the order of the declaration.
    pub const ALL: [CueClass; 10] = [
        CueClass::Rumour,
        CueClass::Denial,
        CueClass::Negation,
        CueClass::Attempt,
        CueClass::Failed,
        CueClass::Plan,
        CueClass::Future,
        CueClass::Condition,
        CueClass::Official,
        CueClass::Past,
    ];

    /// Returns the word of the packs.
    pub fn as_str(self) -> &'static str {
        match self {
            CueClass::Rumour => "rumour",
            CueClass::Denial => "denial",
            CueClass::Negation => "negation",
            CueClass::Attempt => "attempt",
            CueClass::Failed => "failed",
            CueClass::Plan => "plan",
            CueClass::Future => "future",
            CueClass::Condition => "condition",
            CueClass::Official => "official",
            CueClass::Past => "past",
        }
    }
}

/// How far a cue reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The clause it stands in.
    Clause,
    /// The whole sentence.
    Sentence,
    /// A trigger within the next six words.
    Next,
}

/// A status cue: an entry of `cues.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cue {
    /// `rumour/conditional`.
    pub id: String,
    /// What it does.
    pub class: CueClass,
    /// How far it reaches.
    pub scope: Scope,
    #[serde(default)]
    pub(crate) phrases: Vec<String>,
    #[serde(default)]
    pub(crate) verbs: Vec<String>,
    /// Sentences that it must match.
    #[serde(default)]
    pub yes: Vec<String>,
    /// Sentences that it must not match.
    #[serde(default)]
    pub no: Vec<String>,
}

/// A verb form met in a text.
#[derive(Clone, Copy, Debug)]
pub struct VerbReading {
    /// Number of the lemma in the pack.
    pub lemma: u32,
    /// What the form may be.
    pub form: Form,
}

#[derive(Clone, Debug)]
struct VerbPattern {
    rest: Vec<Step>,
    tag: Tag,
    reflexive: bool,
}

/// A compiled language pack.
#[derive(Debug)]
pub struct Pack {
    /// Its language.
    pub language: Language,
    /// The trigger frames.
    pub frames: Vec<Frame>,
    /// The status cues.
    pub cues: Vec<Cue>,
    /// Word lists, frame nouns and cue phrases.
    pub phrases: Phrases,
    lemmas: Vec<String>,
    lemma_patterns: Vec<Vec<VerbPattern>>,
    forms: IndexMap<String, Vec<VerbReading>, FxBuildHasher>,
    abbreviations: BTreeSet<String>,
    months: IndexMap<String, u8, FxBuildHasher>,
    numbers: IndexMap<String, u32, FxBuildHasher>,
    relative_dates: Vec<String>,
    firm_kinds: Vec<String>,
    post_nouns: Vec<String>,
    demonym_places: Vec<String>,
    genders: Vec<char>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FramesFile {
    frame: Vec<Frame>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CuesFile {
    cue: Vec<Cue>,
}

#[derive(Deserialize)]
struct VerbsFile {
    #[serde(default)]
    doubling: Vec<String>,
    #[serde(default)]
    verb: Vec<Irregular>,
}

type Lists = BTreeMap<String, toml::Value>;

impl Pack {
    /// Compiles a pack's files, or says which file and entry is wrong.
    pub(crate) fn compile(language: Language, files: &Files) -> Result<Pack, String> {
        let frames: FramesFile = parse("frames.toml", files.frames)?;
        let cues: CuesFile = parse("cues.toml", files.cues)?;
        let verbs: VerbsFile = parse("verbs.toml", files.verbs)?;
        let words: Lists = parse("words.toml", files.words)?;
        let roles: Lists = parse("roles.toml", files.roles)?;
        let mut pack = Pack {
            language,
            frames: frames.frame,
            cues: cues.cue,
            phrases: Phrases::default(),
            lemmas: Vec::new(),
            lemma_patterns: Vec::new(),
            forms: IndexMap::default(),
            abbreviations: strings(&words, "abbreviations")?.into_iter().collect(),
            months: IndexMap::default(),
            numbers: IndexMap::default(),
            relative_dates: Vec::new(),
            firm_kinds: Vec::new(),
            post_nouns: Vec::new(),
            demonym_places: Vec::new(),
            genders: Vec::new(),
        };
        pack.add_lists(&words, &roles)?;
        pack.add_frames()?;
        pack.add_verb_forms(&verbs);
        Ok(pack)
    }

    fn add_lists(&mut self, words: &Lists, roles: &Lists) -> Result<(), String> {
        for (key, list) in [
            ("function_words", List::FunctionWord),
            ("sentence_starters", List::SentenceStarter),
            ("common_words", List::CommonWord),
            ("honorifics", List::Honorific),
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
            self.months.insert(month.to_lowercase(), i as u8 + 1);
        }
        if let Some(toml::Value::Array(months)) = words.get("month_abbreviations") {
            for (i, forms) in months.iter().enumerate() {
                for form in forms.as_array().into_iter().flatten().filter_map(toml::Value::as_str) {
                    self.months.entry(form.to_lowercase()).or_insert(i as u8 + 1);
                    self.months
                        .entry(form.trim_end_matches('.').to_lowercase())
                        .or_insert(i as u8 + 1);
                }
            }
        }
        for (word, value) in pairs(words, "number_words")? {
            let number = value
                .parse()
                .map_err(|_| format!("words.toml: number_words: '{word}={value}' has no number"))?;
            self.numbers.insert(word.to_lowercase(), number);
        }
        for (phrase, value) in pairs(words, "relative_dates")? {
            self.relative_dates.push(value);
            self.add_entry(&phrase, List::RelativeDate, self.relative_dates.len() as u32 - 1);
        }
        for (kind, word) in pairs(words, "firm_nouns")? {
            let number = self.firm_kinds.iter().position(|k| *k == kind).unwrap_or_else(|| {
                self.firm_kinds.push(kind.clone());
                self.firm_kinds.len() - 1
            });
            self.add_entry(&word, List::FirmNoun, number as u32);
        }
        for (form, place) in pairs(words, "demonyms")? {
            self.demonym_places.push(place);
            self.add_entry(&form, List::Demonym, self.demonym_places.len() as u32 - 1);
        }
        for (form, gender) in pairs(words, "pronouns_person")? {
            self.genders.push(gender.chars().next().unwrap_or('?'));
            self.add_entry(&form, List::PersonPronoun, self.genders.len() as u32 - 1);
        }
        for (noun, title) in pairs(roles, "post_nouns")? {
            self.post_nouns.push(title);
            self.add_entry(&noun, List::RolePostNoun, self.post_nouns.len() as u32 - 1);
        }
        Ok(())
    }

    fn add_frames(&mut self) -> Result<(), String> {
        let mut lemmas: IndexMap<String, u32, FxBuildHasher> = IndexMap::default();
        let mut seen = BTreeSet::new();
        let frames = std::mem::take(&mut self.frames);
        let cues = std::mem::take(&mut self.cues);
        for (number, frame) in frames.iter().enumerate() {
            if !seen.insert(frame.id.clone()) {
                return Err(format!("frames.toml: '{}' stands there twice", frame.id));
            }
            for verb in &frame.verbs {
                self.add_verb(
                    verb,
                    Tag { list: List::Frame, payload: number as u32 * 4 },
                    &mut lemmas,
                );
            }
            for (part, entries) in [(1, &frame.nouns), (2, &frame.phrases)] {
                for entry in entries {
                    self.add_entry(entry, List::Frame, number as u32 * 4 + part);
                }
            }
        }
        for (number, cue) in cues.iter().enumerate() {
            for verb in &cue.verbs {
                self.add_verb(verb, Tag { list: List::Cue, payload: number as u32 }, &mut lemmas);
            }
            for entry in &cue.phrases {
                self.add_entry(entry, List::Cue, number as u32);
            }
        }
        self.frames = frames;
        self.cues = cues;
        self.lemmas = lemmas.into_keys().collect();
        Ok(())
    }

    /// Returns the frame and the part of speech of a [`List::Frame`] tag.
    pub fn frame(&self, tag: Tag) -> (&Frame, Part) {
        let part = match tag.payload % 4 {
            0 => Part::Verb,
            1 => Part::Noun,
            _ => Part::Phrase,
        };
        (&self.frames[tag.payload as usize / 4], part)
    }

    fn add_verb(
        &mut self,
        pattern: &str,
        tag: Tag,
        lemmas: &mut IndexMap<String, u32, FxBuildHasher>,
    ) {
        let (first, rest) = pattern.split_once(' ').unwrap_or((pattern, ""));
        let (lemma, reflexive) = match (self.language, first.strip_suffix("si")) {
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
        let next = lemmas.len() as u32;
        let number = *lemmas.entry(lemma).or_insert(next);
        if number as usize >= self.lemma_patterns.len() {
            self.lemma_patterns.push(Vec::new());
        }
        let rest = self.steps(rest);
        self.lemma_patterns[number as usize].push(VerbPattern { rest, tag, reflexive });
    }

    fn add_verb_forms(&mut self, verbs: &VerbsFile) {
        let irregular: BTreeMap<&str, &Irregular> =
            verbs.verb.iter().map(|v| (v.lemma.as_str(), v)).collect();
        for (number, lemma) in self.lemmas.iter().enumerate() {
            let forms = match self.language {
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
                self.forms
                    .entry(word)
                    .or_default()
                    .push(VerbReading { lemma: number as u32, form });
            }
        }
    }

    /// Returns the readings of a word as a form of a verb that some frame or cue uses.
    pub fn readings(&self, word: &str) -> &[VerbReading] {
        self.forms.get(word).map_or(&[], Vec::as_slice)
    }

    /// Returns the lemma of a reading.
    pub fn lemma(&self, reading: VerbReading) -> &str {
        &self.lemmas[reading.lemma as usize]
    }

    /// Calls `found` with every verb pattern whose verb is token `at` and whose words end before `limit`.
    pub fn verbs_at(
        &self,
        tokens: &[Token],
        at: usize,
        limit: usize,
        found: &mut dyn FnMut(Hit, VerbReading),
    ) {
        for reading in self.readings(&tokens[at].lower) {
            for pattern in &self.lemma_patterns[reading.lemma as usize] {
                if pattern.reflexive
                    && !reading.form.has(Form::REFLEXIVE)
                    && !self.has_reflexive_before(tokens, at)
                {
                    continue;
                }
                if let Some(end) = matches(&pattern.rest, tokens, at + 1, limit) {
                    found(
                        Hit { start: at, end, tag: pattern.tag, gaps: gaps(&pattern.rest) },
                        *reading,
                    );
                }
            }
        }
    }

    fn has_reflexive_before(&self, tokens: &[Token], at: usize) -> bool {
        tokens[at.saturating_sub(4)..at].iter().any(|t| {
            matches!(
                t.lower.as_str(),
                "si" | "s'" | "mi" | "ci" | "vi" | "ti" | "se" | "essersi" | "esserci"
            )
        })
    }

    fn add_entry(&mut self, entry: &str, list: List, payload: u32) {
        let steps = self.steps(&entry.to_lowercase());
        self.phrases.add(steps, Tag { list, payload });
    }

    fn steps(&self, pattern: &str) -> Vec<Step> {
        let mut steps = Vec::new();
        for part in pattern.split_whitespace() {
            if part == "*" {
                steps.push(Step::Gap);
            } else if part.contains('|') && part.len() > 1 {
                steps.push(Step::Words(part.split('|').map(str::to_owned).collect()));
            } else {
                steps.extend(self.tokenize(part).into_iter().map(|t| Step::Words(vec![t.lower])));
            }
        }
        steps
    }

    /// Returns the tokens of a text by this language's rules.
    pub fn tokenize(&self, text: &str) -> Vec<Token> {
        let is_abbreviation = |word: &str| self.abbreviations.contains(word);
        tokenize(
            text,
            &TokenRules {
                elision: self.language == Language::Italian,
                is_abbreviation: &is_abbreviation,
            },
        )
    }

    /// Returns the number of a month's name or abbreviation, 1 to 12.
    pub fn month(&self, word: &str) -> Option<u8> {
        self.months.get(word).copied()
    }

    /// Returns the value of a number word.
    pub fn number(&self, word: &str) -> Option<u32> {
        self.numbers.get(word).copied()
    }

    /// Returns what a [`List::RelativeDate`] entry means (`-1d`, `+1y`).
    pub fn relative_date(&self, payload: u32) -> &str {
        &self.relative_dates[payload as usize]
    }

    /// Returns the kind of organisation of a [`List::FirmNoun`] entry.
    pub fn firm_kind(&self, payload: u32) -> &str {
        &self.firm_kinds[payload as usize]
    }

    /// Returns the person's title of a [`List::RolePostNoun`] entry ("presidente" for "presidenza").
    pub fn post_title(&self, payload: u32) -> &str {
        &self.post_nouns[payload as usize]
    }

    /// Returns the place of a [`List::Demonym`] entry.
    pub fn demonym_place(&self, payload: u32) -> &str {
        &self.demonym_places[payload as usize]
    }

    /// Returns the gender of a [`List::PersonPronoun`] entry: `m`, `f` or another letter where it shows none.
    pub fn gender(&self, payload: u32) -> char {
        self.genders[payload as usize]
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
