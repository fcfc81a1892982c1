use super::form::Form;
use super::phrase::{Hit, Patterns, Phrases, gaps, matches};
use super::table::Table;
use crate::model::{Language, Manner};
use crate::text::{Token, TokenRules, tokenize};
use serde::{Deserialize, Serialize};
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
    /// An honorific that is never part of a name.
    CourtesyTitle,
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
    const ALL: [List; 47] = [
        List::Frame,
        List::Cue,
        List::FunctionWord,
        List::SentenceStarter,
        List::CommonWord,
        List::Honorific,
        List::CourtesyTitle,
        List::Month,
        List::Weekday,
        List::Season,
        List::RelativeDate,
        List::PersonNoun,
        List::FeminineNoun,
        List::FirmNoun,
        List::FirmTrade,
        List::OrgHead,
        List::OrgTail,
        List::Place,
        List::Demonym,
        List::NotName,
        List::Media,
        List::PersonPronoun,
        List::Possessive,
        List::RelativePronoun,
        List::Coordinator,
        List::Subordinator,
        List::FromWord,
        List::ToWord,
        List::OfWord,
        List::AsWord,
        List::ForWord,
        List::AfterWord,
        List::Source,
        List::Boilerplate,
        List::RoleHead,
        List::RoleAcronym,
        List::RolePre,
        List::RolePost,
        List::RolePostNoun,
        List::Helm,
        List::Field,
        List::StaffHead,
        List::SportsHead,
        List::NotRole,
        List::GivenName,
        List::Surname,
        List::KnownFirm,
    ];

    /// Returns the `number`th list.
    pub(crate) fn of(number: u8) -> List {
        List::ALL[usize::from(number)]
    }

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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

/// A trigger frame: an entry of `frames.toml`, without its words and examples.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Frame {
    /// `leave/lasciare`.
    pub id: String,
    /// What it tells.
    pub class: Class,
    /// Grammatical subject of the active verb: person, firm, role or event.
    pub subject: String,
    /// What the object may be.
    pub object: Vec<String>,
    /// How surely it tells a move.
    pub sense: Sense,
    /// How the old tie ended.
    pub manner: Option<Manner>,
}

/// What a cue does to the status of an event near it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The clause it stands in.
    Clause,
    /// The whole sentence.
    Sentence,
    /// A trigger within the next six words.
    Next,
}

/// A status cue: an entry of `cues.toml`, without its words and examples.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cue {
    /// `rumour/conditional`.
    pub id: String,
    /// What it does.
    pub class: CueClass,
    /// How far it reaches.
    pub scope: Scope,
}

/// A verb form met in a text.
#[derive(Clone, Copy, Debug)]
pub struct VerbReading {
    /// Number of the lemma in the pack.
    pub lemma: u16,
    /// What the form may be.
    pub form: Form,
}

/// A compiled language pack: lists and tables that the build wrote (see `compile.rs`), the tables read in place.
#[derive(Debug, Serialize, Deserialize)]
pub struct Pack {
    /// Its language.
    pub language: Language,
    /// The trigger frames.
    pub frames: Vec<Frame>,
    /// The status cues.
    pub cues: Vec<Cue>,
    /// Word lists, frame nouns and cue phrases.
    #[serde(skip)]
    pub phrases: Phrases,
    /// By word: of each reading the lemma's number and the form, both `u16`.
    #[serde(skip)]
    pub(super) forms: Table,
    #[serde(skip)]
    pub(super) lemma_patterns: Vec<&'static [u8]>,
    pub(super) lemmas: Vec<String>,
    pub(super) abbreviations: BTreeSet<String>,
    pub(super) months: BTreeMap<String, u8>,
    pub(super) numbers: BTreeMap<String, u32>,
    pub(super) relative_dates: Vec<String>,
    pub(super) firm_kinds: Vec<String>,
    pub(super) post_nouns: Vec<String>,
    pub(super) demonym_places: Vec<String>,
    pub(super) genders: Vec<char>,
}

/// What the build makes of a pack's files.
pub(crate) struct Compiled<'a> {
    /// The [`Pack`] as JSON.
    pub(crate) lists: &'a str,
    /// Patterns by first word.
    pub(crate) phrases: &'a [u8],
    /// Readings by verb form.
    pub(crate) forms: &'a [u8],
    /// Patterns by lemma.
    pub(crate) verbs: &'a [u8],
}

impl Pack {
    /// Returns a pack that the build compiled.
    pub(crate) fn open(compiled: &Compiled<'static>) -> Pack {
        let mut pack: Pack =
            serde_json::from_str(compiled.lists).expect("the build wrote what is read here");
        let verbs = Table::new(compiled.verbs);
        pack.lemma_patterns = pack.lemmas.iter().map(|lemma| verbs.get(lemma)).collect();
        pack.phrases = Phrases::new(Table::new(compiled.phrases));
        pack.forms = Table::new(compiled.forms);
        pack
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

    /// Returns the readings of a word as a form of a verb that some frame or cue uses.
    pub fn readings(&self, word: &str) -> impl Iterator<Item = VerbReading> + use<> {
        self.forms.get(word).as_chunks().0.iter().map(|[l0, l1, f0, f1]| VerbReading {
            lemma: u16::from_le_bytes([*l0, *l1]),
            form: Form(u16::from_le_bytes([*f0, *f1])),
        })
    }

    /// Returns the lemma of a reading.
    pub fn lemma(&self, reading: VerbReading) -> &str {
        &self.lemmas[usize::from(reading.lemma)]
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
            for pattern in Patterns(self.lemma_patterns[usize::from(reading.lemma)]) {
                if pattern.reflexive
                    && !reading.form.has(Form::REFLEXIVE)
                    && !self.has_reflexive_before(tokens, at)
                {
                    continue;
                }
                if let Some(end) = matches(pattern.rest, tokens, at + 1, limit) {
                    found(
                        Hit { start: at, end, tag: pattern.tag, gaps: gaps(pattern.rest) },
                        reading,
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
