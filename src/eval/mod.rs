//! Figures against gold: how much of what a careful analyst would record was found, and how much else.
//!
//! Takes parsed gold ([`GoldArticle`]) and predictions ([`Prediction`], made from claims or read from JSON), gives
//! [`Evaluation`]: counts for each article, which add up, and a row for each move and position of either side. Reads no
//! file and prints nothing. Callers may rely on this: the figures are those of the project's reference scorer, to the
//! last digit.
//!
//! # Measures, and why these
//! - **Move, strict**: person, kind and both firms right, matched one to one. It is what a user of the `moves` table
//!   sees: a row with a wrong firm is a wrong row, however much else of it is right. A firm that is empty is right only
//!   where gold is empty (or allows it). Moves that gold marks as optional are never missed, and finding them counts
//!   neither way: annotators disagree on them.
//! - **Slots**: moves of the same person are aligned by best overlap; then each slot is correct, incorrect, missing or
//!   spurious, as in MUC-6. It tells *where* strict moves are lost. P = correct / (correct + incorrect + spurious), R =
//!   correct / (correct + incorrect + missing). Dates count by the month: gold has days only where a text has them.
//! - **Positions**: person and firm right, one to one; role and tense apart, on the matched ones, since a wrong title
//!   should not hide that the tie was found.
//! - **False completed**: told as completed where gold says failed, rumoured or denied, or has no such move at all. The
//!   worst thing the dataset can do to a person is to say that they left when they did not.
//! - **People found**: required moves whose person appears in any predicted move: the ceiling of the rest.

pub mod bcubed;
pub mod dossier;
mod counts;
mod fold;
mod gold;
mod interval;
mod matching;
mod prediction;
mod report;
mod score;

pub use counts::{Counts, Outcomes, Prf, prf};
pub use gold::{Answers, GoldArticle, GoldMove, GoldPosition};
pub use interval::move_f1_interval;
pub use prediction::{PredictedMove, PredictedPosition, Prediction};
pub use report::{Summary, cases_csv, list, table};
pub use score::{MoveRow, PositionRow, Scored, Verdict, score};

use std::collections::BTreeMap;

/// The slots of a move that are scored, in the order of every table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// What changed.
    Kind,
    /// The firm left.
    FromFirm,
    /// The role left.
    FromRole,
    /// The firm joined.
    ToFirm,
    /// The role taken.
    ToRole,
    /// When.
    Date,
    /// How far it has come.
    Status,
}

impl Slot {
    /// Every slot, in order.
    pub const ALL: [Slot; 7] = [
        Slot::Kind,
        Slot::FromFirm,
        Slot::FromRole,
        Slot::ToFirm,
        Slot::ToRole,
        Slot::Date,
        Slot::Status,
    ];

    /// Returns its name in gold files and claims.
    pub fn as_str(self) -> &'static str {
        match self {
            Slot::Kind => "kind",
            Slot::FromFirm => "from_firm",
            Slot::FromRole => "from_role",
            Slot::ToFirm => "to_firm",
            Slot::ToRole => "to_role",
            Slot::Date => "date",
            Slot::Status => "status",
        }
    }
}

/// What came of scoring a set of articles.
#[derive(Clone, Debug, Default)]
pub struct Evaluation {
    /// One entry for each gold article, in the order of their ids.
    pub articles: Vec<ArticleResult>,
}

/// What came of scoring one article.
#[derive(Clone, Debug)]
pub struct ArticleResult {
    /// Gold's id of the article.
    pub id: String,
    /// Gold's language of the article.
    pub language: String,
    /// Counts and rows.
    pub scored: Scored,
}

/// Scores `predictions`, keyed by id, against `gold`; an article without a prediction has missed everything.
pub fn evaluate(gold: &[GoldArticle], predictions: &BTreeMap<String, Prediction>) -> Evaluation {
    let nothing = Prediction::default();
    let by_id: BTreeMap<&str, &GoldArticle> = gold.iter().map(|g| (g.id.as_str(), g)).collect();
    let articles = by_id
        .into_iter()
        .map(|(id, gold)| ArticleResult {
            id: id.to_owned(),
            language: gold.language.clone(),
            scored: score(predictions.get(id).unwrap_or(&nothing), gold),
        })
        .collect();
    Evaluation { articles }
}

impl Evaluation {
    /// Returns the counts of each article of `language`, or of all.
    pub fn counts(&self, language: Option<&str>) -> Vec<&Counts> {
        self.articles
            .iter()
            .filter(|a| language.is_none_or(|l| a.language == l))
            .map(|a| &a.scored.counts)
            .collect()
    }

    /// Returns the languages of the articles, sorted.
    pub fn languages(&self) -> Vec<&str> {
        let mut languages: Vec<&str> = self.articles.iter().map(|a| a.language.as_str()).collect();
        languages.sort_unstable();
        languages.dedup();
        languages
    }

    /// Returns the summary of all articles and, where there are several languages, of each: ("all", …), ("en", …).
    pub fn summaries(&self) -> Vec<(String, Summary)> {
        let languages = self.languages();
        let single = languages.len() < 2;
        let groups =
            std::iter::once(None).chain(languages.into_iter().filter(|_| !single).map(Some));
        groups
            .map(|language| {
                let counts = self.counts(language);
                (language.unwrap_or("all").to_owned(), Summary::new(&counts))
            })
            .collect()
    }
}
