use super::{Article, Kind, Manner, PartialDate, Status, Tense};
use crate::text::Span;
use serde::{Deserialize, Serialize};

/// Everything that one article says: what extraction returns and resolution reads.
///
/// Serialised as one line of JSON by [`crate::extract::json`]; spans are code points there, bytes here.
#[derive(Clone, Debug, PartialEq)]
pub struct ArticleClaims {
    /// The article itself, so that claims can be loaded on another machine.
    pub article: Article,
    /// Moves, in the order of their first evidence.
    pub moves: Vec<MoveClaim>,
    /// Positions, in the order of their first evidence.
    pub positions: Vec<PositionClaim>,
    /// Names of people and organisations with every place where they stand.
    pub mentions: Vec<Mention>,
    /// What extraction could not do (a text cut off at a limit), for people to read.
    pub notes: Vec<String>,
}

/// A person's move as one article tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct MoveClaim {
    /// Fullest form of the name in the text.
    pub person: String,
    /// What changed.
    pub kind: Kind,
    /// How far it has come.
    pub status: Status,
    /// How the old tie ended, where the text says it.
    pub manner: Option<Manner>,
    /// Organisation left, fullest form in the text.
    pub from_firm: Option<String>,
    /// Role left, in the words of the text.
    pub from_role: Option<String>,
    /// Organisation joined, fullest form in the text.
    pub to_firm: Option<String>,
    /// Role taken, in the words of the text.
    pub to_role: Option<String>,
    /// What the text calls a destination that it does not name ("una sua startup di AI").
    pub to_note: Option<String>,
    /// When it happened or will happen.
    pub date: Option<PartialDate>,
    /// The words behind each slot, in the order of the text; at least one for each filled slot.
    pub evidence: Vec<Evidence>,
    /// The rule that found it (`leave/lasciare`).
    pub rule: String,
    /// Estimated probability that person, kind and firms are right, 0 to 1.
    pub confidence: f64,
}

/// A position as one article tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct PositionClaim {
    /// Fullest form of the name in the text.
    pub person: String,
    /// Organisation, fullest form in the text.
    pub firm: Option<String>,
    /// Role in the words of the text.
    pub role: Option<String>,
    /// Held now, before or later.
    pub tense: Tense,
    /// Since when, where the text says it.
    pub started_on: Option<PartialDate>,
    /// Until when, where the text says it.
    pub ended_on: Option<PartialDate>,
    /// The words behind each slot.
    pub evidence: Vec<Evidence>,
    /// The rule that found it (`role/apposition`).
    pub rule: String,
    /// Estimated probability that person and firm are right, 0 to 1.
    pub confidence: f64,
}

/// The words of the article that support one slot of a claim.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// The slot supported.
    pub slot: SlotName,
    /// Where it stands, in bytes of the article's text.
    pub span: Span,
    /// The text's own words there, byte for byte.
    pub quote: String,
}

/// The slot of a claim that a piece of evidence supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotName {
    /// The person.
    Person,
    /// The organisation left.
    FromFirm,
    /// The role left.
    FromRole,
    /// The organisation joined.
    ToFirm,
    /// The role taken.
    ToRole,
    /// What an unnamed destination is called.
    ToNote,
    /// When.
    Date,
    /// The organisation of a position.
    Firm,
    /// The role of a position.
    Role,
    /// The words that tell the event (verb, noun) or the tie.
    Trigger,
    /// The sentence that tells it.
    Sentence,
}

impl SlotName {
    /// Every slot, in the order of the declaration.
    pub const ALL: &'static [SlotName] = &[
        SlotName::Person,
        SlotName::FromFirm,
        SlotName::FromRole,
        SlotName::ToFirm,
        SlotName::ToRole,
        SlotName::ToNote,
        SlotName::Date,
        SlotName::Firm,
        SlotName::Role,
        SlotName::Trigger,
        SlotName::Sentence,
    ];

    /// Returns the word used in JSON and SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            SlotName::Person => "person",
            SlotName::FromFirm => "from_firm",
            SlotName::FromRole => "from_role",
            SlotName::ToFirm => "to_firm",
            SlotName::ToRole => "to_role",
            SlotName::ToNote => "to_note",
            SlotName::Date => "date",
            SlotName::Firm => "firm",
            SlotName::Role => "role",
            SlotName::Trigger => "trigger",
            SlotName::Sentence => "sentence",
        }
    }

    /// Returns the slot of a word, or `None`.
    pub fn parse(word: &str) -> Option<Self> {
        SlotName::ALL.iter().copied().find(|slot| slot.as_str() == word)
    }
}

/// One place where the article names a person or an organisation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    /// Where it stands.
    pub span: Span,
    /// Person or organisation.
    pub mention_type: MentionType,
    /// Fullest form of the name in this article: mentions with the same one are the same entity.
    pub entity: String,
}

/// What a mention names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MentionType {
    /// A person.
    Person,
    /// An organisation.
    Firm,
}

impl MentionType {
    /// Returns the word used in JSON and SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            MentionType::Person => "person",
            MentionType::Firm => "firm",
        }
    }

    /// Returns the type of a word, or `None`.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "person" => Some(MentionType::Person),
            "firm" => Some(MentionType::Firm),
            _ => None,
        }
    }
}
