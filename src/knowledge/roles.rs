use super::embedded;
use crate::text::fold;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// A title of the taxonomy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownRole {
    /// In English.
    pub title: String,
    /// In Italian.
    pub title_it: Option<String>,
    /// engineering, research, finance, …
    pub function: Option<String>,
    /// founder, c-suite, vp, director, …
    pub level: Option<String>,
    /// Every form, in any language.
    pub names: Vec<String>,
}

/// A word or phrase that titles are composed of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleWord {
    /// Its English name.
    pub concept: String,
    /// What it does in a title.
    pub class: RoleWordClass,
    /// The level of a head, the function of a function word.
    pub group: Option<String>,
}

/// What a word does in a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RoleWordClass {
    /// The post itself: director, chairman.
    Head,
    /// Changes its rank: deputy, interim, honorary.
    Qualifier,
    /// What it is about: research, sales.
    Function,
    /// Where: EMEA, Italy.
    Region,
    /// Says nothing of the post: of, the, former, new, team.
    Drop,
}

/// Titles and the words that titles are composed of.
#[derive(Clone, Debug)]
pub(crate) struct RoleTable {
    pub(super) list: Vec<KnownRole>,
    by_name: IndexMap<String, u32, FxBuildHasher>,
    words: IndexMap<String, Vec<u32>, FxBuildHasher>,
    word_list: Vec<RoleWord>,
}

impl RoleTable {
    pub(super) fn parse(roles: &str, role_words: &str) -> Self {
        let optional = |s: Option<&str>| s.filter(|s| !s.is_empty()).map(str::to_owned);
        let mut list = Vec::new();
        let mut by_name = IndexMap::default();
        for record in embedded(roles) {
            let Some(title) = optional(record.get(0)) else { continue };
            let mut names: Vec<String> = vec![title.clone()];
            names.extend(optional(record.get(1)));
            for column in [4, 5] {
                let forms = record.get(column).unwrap_or("").split('|');
                names.extend(forms.map(str::trim).filter(|n| !n.is_empty()).map(str::to_owned));
            }
            for name in &names {
                // The first title that claims a form keeps it.
                by_name.entry(fold(name)).or_insert(list.len() as u32);
            }
            list.push(KnownRole {
                title,
                title_it: optional(record.get(1)),
                function: optional(record.get(2)),
                level: optional(record.get(3)),
                names,
            });
        }
        let mut words: IndexMap<String, Vec<u32>, FxBuildHasher> = IndexMap::default();
        let mut word_list = Vec::new();
        for record in embedded(role_words) {
            let class = match record.get(1) {
                Some("head") => RoleWordClass::Head,
                Some("qualifier") => RoleWordClass::Qualifier,
                Some("function") => RoleWordClass::Function,
                Some("region") => RoleWordClass::Region,
                _ => RoleWordClass::Drop,
            };
            for word in record.get(3).unwrap_or("").split('|').filter(|w| !w.is_empty()) {
                words.entry(fold(word)).or_default().push(word_list.len() as u32);
            }
            word_list.push(RoleWord {
                concept: record.get(0).unwrap_or("").to_owned(),
                class,
                group: optional(record.get(2)),
            });
        }
        RoleTable { list, by_name, words, word_list }
    }

    /// Returns the title that a folded form belongs to.
    pub(crate) fn named(&self, folded: &str) -> Option<&KnownRole> {
        self.by_name.get(folded).map(|i| &self.list[*i as usize])
    }

    /// Returns what a folded word or phrase can be in a title.
    pub(crate) fn words(&self, folded: &str) -> impl Iterator<Item = &RoleWord> {
        self.words.get(folded).into_iter().flatten().map(|i| &self.word_list[*i as usize])
    }
}
