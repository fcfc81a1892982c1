//! The values that flow between the stages: articles, claims, dates. No I/O.

mod article;
mod cell;
mod claim;
mod date;
mod kinds;

pub use article::{Article, sha256_hex};
pub use cell::Cell;
pub use claim::{
    ArticleClaims, Evidence, Mention, MentionType, MoveClaim, PositionClaim, SlotName,
};
pub use date::{PartialDate, days_in_month};
pub use kinds::{Kind, Language, Manner, Status, Tense};
