//! Spans, tokens, sentences and normal forms of text. Knows nothing of people or firms.

mod fold;
mod hash;
mod sentence;
mod span;
mod token;

pub use fold::{fold, fold_loose};
pub(crate) use hash::{Hasher, hash, place};
pub use sentence::{Sentence, sentences};
pub use span::{CharIndex, Span};
pub use token::{Shape, Token, TokenRules, tokenize};
