//! Claims of many articles to one dataset: who is who, which firm is which, which tellings are one move.
//!
//! A pure function of the set of claims, the knowledge files and the user's decisions: neither the order of the
//! articles nor the number of threads changes a byte of what comes out.

mod dataset;

pub use dataset::{ClaimId, Dataset, Firm, FirmName, Move, NameForm, Person, Position, Role, RowEvidence, StatusStep};

use crate::model::ArticleClaims;

/// Well-known organisations and the taxonomy of roles, from `knowledge/` and the user's own files.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {}

/// What the user decided about claims; read from `decisions.csv`, kept in the database.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {}

/// Returns the dataset that `claims`, in any order, tell together.
pub fn resolve(_claims: &[ArticleClaims], _knowledge: &Knowledge, _decisions: &[Decision]) -> Dataset {
    Dataset::default()
}
