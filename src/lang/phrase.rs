use super::pack::{List, Tag};
use crate::text::Token;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// One step of a pattern after its first word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// One of these lower-case words.
    Words(Vec<String>),
    /// Up to three words of any kind.
    Gap,
}

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
#[derive(Debug, Default)]
pub struct Phrases {
    by_first: IndexMap<String, Vec<(Vec<Step>, Tag)>, FxBuildHasher>,
}

/// Widest gap a `*` may span, in tokens.
const GAP: usize = 3;

impl Phrases {
    /// Adds a pattern of already tokenised lower-case words; the first step may not be a gap.
    pub(crate) fn add(&mut self, steps: Vec<Step>, tag: Tag) {
        let mut steps = steps.into_iter();
        let Some(Step::Words(first)) = steps.next() else { return };
        let rest: Vec<Step> = steps.collect();
        for word in first {
            self.by_first.entry(word).or_default().push((rest.clone(), tag));
        }
    }

    /// Calls `found` with every entry that begins at token `at` and ends before token `limit`.
    pub fn at(&self, tokens: &[Token], at: usize, limit: usize, found: &mut dyn FnMut(Hit)) {
        let Some(patterns) = self.by_first.get(&tokens[at].lower) else { return };
        for (rest, tag) in patterns {
            if let Some(end) = matches(rest, tokens, at + 1, limit) {
                found(Hit { start: at, end, tag: *tag, gaps: gaps(rest) });
            }
        }
    }

    /// Returns whether some entry of `list` begins with `word`.
    pub fn has_first(&self, word: &str, list: List) -> bool {
        self.by_first.get(word).is_some_and(|p| p.iter().any(|(_, tag)| tag.list == list))
    }

    /// Returns whether `word` alone is an entry of `list`.
    pub fn has_word(&self, word: &str, list: List) -> bool {
        self.by_first
            .get(word)
            .is_some_and(|p| p.iter().any(|(rest, tag)| rest.is_empty() && tag.list == list))
    }
}

/// Returns the number of gaps of a pattern.
pub(crate) fn gaps(steps: &[Step]) -> u8 {
    steps.iter().filter(|s| **s == Step::Gap).count().min(9) as u8
}

/// Returns one past the last token of the match of `steps` from token `at`, shortest gaps first, or `None`.
pub(crate) fn matches(steps: &[Step], tokens: &[Token], at: usize, limit: usize) -> Option<usize> {
    match steps.first() {
        None => Some(at),
        Some(Step::Words(words)) => {
            if at < limit && words.contains(&tokens[at].lower) {
                matches(&steps[1..], tokens, at + 1, limit)
            } else {
                None
            }
        }
        Some(Step::Gap) => {
            (at..=(at + GAP).min(limit)).find_map(|next| matches(&steps[1..], tokens, next, limit))
        }
    }
}

/// Returns the step of one lower-case word.
pub(crate) fn step(word: String) -> Step {
    Step::Words(vec![word])
}
