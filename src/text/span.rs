use serde::{Deserialize, Serialize};

/// A half-open range of **bytes** in an article's text: `0..5` covers the first five bytes.
///
/// Correct when `start <= end` and both lie on character boundaries of the text they belong to.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// Returns the span `start..end`.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Span { start, end }
    }

    /// Returns the words it covers; an empty string when the span does not fit the text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }

    /// Returns whether no byte is covered.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Returns whether `other` lies wholly inside.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Returns whether the two share at least one byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// Translates between byte offsets (inside the program) and code points (at its edge: JSON, SQLite's `substr`, Python).
///
/// Keeps one checkpoint every 64 code points, so that each lookup scans at most 64 characters.
pub struct CharIndex<'a> {
    text: &'a str,
    checkpoints: Vec<usize>,
}

const STEP: usize = 64;

impl<'a> CharIndex<'a> {
    /// Returns the index of `text`; one pass.
    pub fn new(text: &'a str) -> Self {
        let checkpoints = text.char_indices().step_by(STEP).map(|(byte, _)| byte).collect();
        CharIndex { text, checkpoints }
    }

    /// Returns how many code points stand before byte offset `byte` (which lies on a character boundary).
    pub fn char_of(&self, byte: usize) -> usize {
        let block = self.checkpoints.partition_point(|&start| start <= byte).saturating_sub(1);
        let start = self.checkpoints.get(block).copied().unwrap_or(0);
        block * STEP + self.text.get(start..byte).map_or(0, |part| part.chars().count())
    }

    /// Returns the byte offset of code point `char`, the text's length for its end, or `None` beyond it.
    pub fn byte_of(&self, char: usize) -> Option<usize> {
        let start = self.checkpoints.get(char / STEP).copied().unwrap_or(self.text.len());
        let rest = if char / STEP < self.checkpoints.len() {
            char % STEP
        } else {
            char - self.checkpoints.len().max(1) * STEP + STEP
        };
        let mut bytes =
            self.text[start..].char_indices().map(|(i, _)| start + i).chain([self.text.len()]);
        if self.checkpoints.is_empty() || char / STEP < self.checkpoints.len() {
            bytes.nth(rest)
        } else {
            (char == self.char_of(self.text.len())).then_some(self.text.len())
        }
    }
}
