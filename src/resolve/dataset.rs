use crate::model::{Kind, Manner, MentionType, PartialDate, SlotName, Status, Tense};
use crate::text::Span;
use serde::Serialize;
use std::sync::Arc;

/// The key of a claim: 24 hexadecimal digits of the SHA-256 of the article's hash and the claim's own content.
pub type ClaimId = Arc<str>;

/// What all articles together say. Every list is sorted by id; ids are readable text that starts with a letter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dataset {
    /// People.
    pub people: Vec<Person>,
    /// Organisations.
    pub firms: Vec<Firm>,
    /// Normalised titles.
    pub roles: Vec<Role>,
    /// Who holds or held what.
    pub positions: Vec<Position>,
    /// Who moved where.
    pub moves: Vec<Move>,
    /// Who or what each name is in each article, by article, type and name.
    pub names: Vec<EntityName>,
    /// Copies: (hash of the article, hash of the article it repeats), by the first.
    pub duplicates: Vec<(String, String)>,
    /// What resolution left undone or found impossible, for people to read.
    pub notes: Vec<String>,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Person {
    /// `alexis-conneau`; a second person of the same name gets `-2`.
    pub id: String,
    /// Fullest and most frequent form.
    pub name: String,
    /// Given names, where the form shows them.
    pub given_name: Option<String>,
    /// Family name, where the form shows it.
    pub family_name: Option<String>,
    /// Every form met, sorted.
    pub names: Vec<NameForm>,
}

/// A form of a person's or role's name and how many articles use it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NameForm {
    /// As written.
    pub name: String,
    /// Articles that use it.
    pub n_articles: usize,
}

/// A name in an article and the row it led to. A name that two people of one article bear stands twice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct EntityName {
    /// Hash of the article.
    pub article: Arc<str>,
    /// Person or organisation.
    pub mention_type: MentionType,
    /// The fullest form in the article.
    pub name: Arc<str>,
    /// Id of the person or firm.
    pub id: Arc<str>,
}

/// An organisation: company, lab or unit, university, fund, public body.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Firm {
    /// `openai`.
    pub id: String,
    /// Best known or most frequent form.
    pub name: String,
    /// company, bank, university, …; `None` where unknown.
    pub kind: Option<String>,
    /// Legal form in its usual spelling (`S.p.A.`), where a name shows it.
    pub legal_form: Option<String>,
    /// ISO 3166 alpha-2 code, where known.
    pub country: Option<String>,
    /// The organisation it is a unit or subsidiary of.
    pub parent_id: Option<String>,
    /// Every form met or known, sorted.
    pub names: Vec<FirmName>,
}

/// A form of an organisation's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FirmName {
    /// As written.
    pub name: String,
    /// First year it was used, where known.
    pub from_year: Option<u16>,
    /// Last year it was used, where known.
    pub to_year: Option<u16>,
    /// Articles that use it (0 for a form that only the knowledge files know).
    pub n_articles: usize,
}

/// A normalised title.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Role {
    /// `chief-executive-officer`.
    pub id: String,
    /// English title.
    pub title: String,
    /// Italian title, where known.
    pub title_it: Option<String>,
    /// engineering, research, finance, … where known.
    pub function: Option<String>,
    /// founder, c-suite, vp, director, manager, partner, board, staff, academic, public, … where known.
    pub level: Option<String>,
    /// Every form met, sorted.
    pub names: Vec<NameForm>,
}

/// A holding: this person in this role at this firm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Position {
    /// Stable and readable.
    pub id: String,
    /// Holder.
    pub person_id: String,
    /// Where.
    pub firm_id: Option<String>,
    /// As what.
    pub role_id: Option<String>,
    /// The title as the best source writes it.
    pub title: Option<String>,
    /// The unit named inside the title or as the claim's firm below `firm_id`.
    pub unit: Option<String>,
    /// Held or not as of the newest article that speaks of it.
    pub tense: Tense,
    /// The day of that article.
    pub said_on: Option<PartialDate>,
    /// Start, as exact as any source tells.
    pub started_on: Option<PartialDate>,
    /// End, as exact as any source tells.
    pub ended_on: Option<PartialDate>,
    /// Articles that tell it, copies counted once.
    pub n_articles: usize,
    /// 0 to 1.
    pub confidence: f64,
    /// Where it is said.
    pub evidence: Vec<RowEvidence>,
}

/// A change of position. Leaving A for B is one row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Move {
    /// Stable and readable.
    pub id: String,
    /// Who.
    pub person_id: String,
    /// What.
    pub kind: Kind,
    /// The last known state.
    pub status: Status,
    /// How the old tie ended.
    pub manner: Option<Manner>,
    /// Left.
    pub from_firm_id: Option<String>,
    /// Role left.
    pub from_role_id: Option<String>,
    /// The holding that ended.
    pub from_position_id: Option<String>,
    /// Joined.
    pub to_firm_id: Option<String>,
    /// Role taken.
    pub to_role_id: Option<String>,
    /// The holding that began.
    pub to_position_id: Option<String>,
    /// Role left, as the best source writes it.
    pub from_title: Option<String>,
    /// Role taken, as the best source writes it.
    pub to_title: Option<String>,
    /// What the text calls a destination without a name.
    pub to_note: Option<String>,
    /// When it took effect.
    pub happened_on: Option<PartialDate>,
    /// Day of the first article that told it as decided.
    pub announced_on: Option<PartialDate>,
    /// The move of the predecessor in the same seat, where one is known.
    pub succeeds_move_id: Option<String>,
    /// Articles that tell it, copies counted once.
    pub n_articles: usize,
    /// 0 to 1.
    pub confidence: f64,
    /// States by article date, oldest first.
    pub history: Vec<StatusStep>,
    /// Where it is said.
    pub evidence: Vec<RowEvidence>,
}

/// A state of a move at the day of an article.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct StatusStep {
    /// Publication date of the article.
    pub said_on: Option<PartialDate>,
    /// What it said.
    pub status: Status,
    /// Hash of the article.
    pub article: Arc<str>,
}

/// Words of an article behind a row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RowEvidence {
    /// The claim they come from.
    pub claim: ClaimId,
    /// Hash of the article.
    pub article: Arc<str>,
    /// The slot.
    pub slot: SlotName,
    /// Byte span into the article's text.
    pub span: Span,
    /// The text's own words.
    pub quote: Arc<str>,
    /// What the claim says in that slot, where it differs from the words (`2024-09-30` for "a fine mese").
    pub value: Option<Arc<str>>,
    /// The rule that found the claim.
    pub rule: Arc<str>,
    /// Of the claim, 0 to 1.
    pub confidence: f64,
    /// False where the claim contradicts the row in this slot.
    pub supports: bool,
}
