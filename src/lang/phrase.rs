use super::pack::{List, Tag};
use super::table::Table;
use crate::text::Token;

/// A list entry found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// First token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
    /// The list and the entry.
    pub tag: Tag,
    /// Number of gaps in the entry: of two that cover the same words, the one that names more of them says more.
    pub gaps: u8,
}

/// Word patterns by their first word.
#[derive(Clone, Copy, Debug, Default)]
pub struct Phrases {
    by_first: Table,
}

/// Widest gap a `*` may span, in tokens.
const GAP: usize = 3;

impl Phrases {
    pub(crate) fn new(by_first: Table) -> Self {
        Phrases { by_first }
    }

    /// Calls `found` with every entry that begins at token `at` and ends before token `limit`.
    pub fn at(&self, tokens: &[Token], at: usize, limit: usize, found: &mut dyn FnMut(Hit)) {
        for pattern in Patterns(self.by_first.get(&tokens[at].lower)) {
            if let Some(end) = matches(pattern.rest, tokens, at + 1, limit) {
                found(Hit { start: at, end, tag: pattern.tag, gaps: gaps(pattern.rest) });
            }
        }
    }

    /// Returns whether `word` alone is an entry of `list`.
    pub fn has_word(&self, word: &str, list: List) -> bool {
        Patterns(self.by_first.get(word)).any(|p| p.rest.is_empty() && p.tag.list == list)
    }
}

/// A pattern after its first word, as [`Patterns`] reads it.
pub(crate) struct Pattern<'a> {
    pub(crate) tag: Tag,
    /// Whether its verb must be reflexive.
    pub(crate) reflexive: bool,
    /// The steps: each the number of words that may stand there (`u8`, 0 for a gap), each word its length (`u8`) and text.
    pub(crate) rest: &'a [u8],
}

/// The patterns of one first word or verb: of each the list (`u8`), the payload (`u32`), whether it is reflexive (`u8`),
/// the length of its steps (`u16`) and the steps.
pub(crate) struct Patterns<'a>(pub(crate) &'a [u8]);

impl<'a> Iterator for Patterns<'a> {
    type Item = Pattern<'a>;

    fn next(&mut self) -> Option<Pattern<'a>> {
        let ([list, p0, p1, p2, p3, reflexive, l0, l1], tail) = self.0.split_first_chunk()?;
        let (rest, next) = tail.split_at(usize::from(u16::from_le_bytes([*l0, *l1])));
        self.0 = next;
        let tag = Tag { list: List::of(*list), payload: u32::from_le_bytes([*p0, *p1, *p2, *p3]) };
        Some(Pattern { tag, reflexive: *reflexive != 0, rest })
    }
}

/// Returns the number of gaps of a pattern.
pub(crate) fn gaps(mut steps: &[u8]) -> u8 {
    let mut n_gaps = 0;
    while let Some((n_words, mut rest)) = steps.split_first() {
        n_gaps += u8::from(*n_words == 0);
        for _ in 0..*n_words {
            rest = &rest[1 + usize::from(rest[0])..];
        }
        steps = rest;
    }
    n_gaps.min(9)
}

/// Returns one past the last token of the match of `steps` from token `at`, shortest gaps first, or `None`.
pub(crate) fn matches(steps: &[u8], tokens: &[Token], at: usize, limit: usize) -> Option<usize> {
    let Some((n_words, mut rest)) = steps.split_first() else { return Some(at) };
    if *n_words == 0 {
        return (at..=(at + GAP).min(limit)).find_map(|next| matches(rest, tokens, next, limit));
    }
    let mut stands = false;
    for _ in 0..*n_words {
        let (length, tail) = rest.split_first()?;
        let (word, next) = tail.split_at(usize::from(*length));
        stands |= at < limit && tokens[at].lower.as_bytes() == word;
        rest = next;
    }
    if stands { matches(rest, tokens, at + 1, limit) } else { None }
}
