use super::embedded;
use crate::text::fold;
use indexmap::{IndexMap, IndexSet};
use rustc_hash::FxBuildHasher;

/// Forms of given names and common surnames, folded.
#[derive(Clone, Debug)]
pub(crate) struct NameTable {
    given: IndexMap<String, Vec<u32>, FxBuildHasher>,
    common: IndexSet<String, FxBuildHasher>,
    surnames: IndexSet<String, FxBuildHasher>,
    formal: IndexSet<String, FxBuildHasher>,
}

impl NameTable {
    pub(super) fn parse(given_names: &str, common_surnames: &str, surnames: &str) -> Self {
        let mut given: IndexMap<String, Vec<u32>, FxBuildHasher> = IndexMap::default();
        for (i, record) in embedded(given_names).iter().enumerate() {
            let forms = record.get(0).into_iter().chain(record.get(1).unwrap_or("").split('|'));
            for form in forms.filter(|f| !f.is_empty()) {
                let names = given.entry(form.to_owned()).or_default();
                if !names.contains(&(i as u32)) {
                    names.push(i as u32);
                }
            }
        }
        let common =
            embedded(common_surnames).iter().filter_map(|r| r.get(0).map(str::to_owned)).collect();
        let formal =
            embedded(given_names).iter().filter_map(|r| r.get(0).map(str::to_owned)).collect();
        let surnames = surnames.lines().map(|line| fold(line).replace(' ', "")).collect();
        NameTable { given, common, surnames, formal }
    }

    /// Returns the numbers of the given names that `token` is a form of: "nico" is a form of Nicola and of Niccolò.
    pub(crate) fn given(&self, token: &str) -> &[u32] {
        self.given.get(token).map_or(&[], Vec::as_slice)
    }

    /// Returns whether `token` heads a line of the table: "giuseppe", not "beppe".
    pub(crate) fn is_formal(&self, token: &str) -> bool {
        self.formal.contains(token)
    }

    /// Returns whether two folded tokens are forms of one given name.
    pub(crate) fn same_given(&self, a: &str, b: &str) -> bool {
        let (a, b) = (self.given(a), self.given(b));
        a.iter().any(|name| b.contains(name))
    }

    /// Returns whether so many people bear the surname that it identifies nobody.
    pub(crate) fn is_common_surname(&self, token: &str) -> bool {
        self.common.contains(token)
    }

    /// Returns whether lists of surnames have it: it may be anybody's, if not everybody's.
    pub(crate) fn is_surname(&self, token: &str) -> bool {
        self.surnames.contains(token)
    }
}
