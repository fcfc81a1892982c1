//! Spans, tokens, sentences and normal forms of text. Knows nothing of people or firms.

mod fold;
mod span;

pub use fold::{fold, fold_loose};
pub use span::{CharIndex, Span};
