//! Names known beforehand: given names, surnames, well-known organisations. Votes, never judges.

use crate::lang::{Hit, List, Phrases, Table};
use crate::text::Token;

/// Given names, surnames and well-known organisations, by first word.
#[derive(Debug)]
pub(crate) struct Gazetteer {
    names: Phrases,
    firms: bool,
}

impl Gazetteer {
    /// Returns the embedded names; organisations only where `firms` is set.
    pub(crate) fn new(firms: bool) -> Self {
        let table = Table::new(include_bytes!(concat!(env!("OUT_DIR"), "/names.phrases")));
        Gazetteer { names: Phrases::new(table), firms }
    }

    /// Calls `found` with every name that begins at token `at` and ends before token `limit`.
    pub(crate) fn at(&self, tokens: &[Token], at: usize, limit: usize, found: &mut dyn FnMut(Hit)) {
        self.names.at(tokens, at, limit, &mut |hit| {
            if self.firms || hit.tag.list != List::KnownFirm {
                found(hit);
            }
        });
    }
}
