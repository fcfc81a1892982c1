//! Language packs: data only. Reads what the build compiled (`compile.rs`) from `lang/<code>/`.
//!
//! A pack is lists of words, trigger frames, status cues and the grammar of titles; the code here knows how verbs
//! inflect and how a pattern matches, but no word of any language beyond that. Callers may rely on this: a pack that
//! compiles has every list filled, unique frame ids and an inflection for every verb.

mod classes;
#[cfg(test)]
#[allow(dead_code, reason = "the build uses all of it, the tests a part")]
mod compile;
mod form;
#[cfg(test)]
mod inflect;
mod pack;
mod phrase;
mod table;

pub(crate) use classes::{WORD_VECTOR, WordClass, word_class, word_vector};
pub use form::Form;
pub use pack::{Class, Cue, CueClass, Frame, List, Pack, Part, Scope, Sense, Tag, VerbReading};
pub use phrase::{Hit, Phrases};
pub(crate) use table::Table;

use crate::model::Language;
use pack::Compiled;
use std::sync::LazyLock;

macro_rules! compiled {
    ($code:literal) => {
        Compiled {
            lists: include_str!(concat!(env!("OUT_DIR"), "/", $code, ".json")),
            phrases: include_bytes!(concat!(env!("OUT_DIR"), "/", $code, ".phrases")),
            forms: include_bytes!(concat!(env!("OUT_DIR"), "/", $code, ".forms")),
            verbs: include_bytes!(concat!(env!("OUT_DIR"), "/", $code, ".verbs")),
        }
    };
}

static ITALIAN: LazyLock<Pack> = LazyLock::new(|| Pack::open(&compiled!("it")));
static ENGLISH: LazyLock<Pack> = LazyLock::new(|| Pack::open(&compiled!("en")));

/// Returns the embedded pack of a language, opened on first use.
pub fn pack(language: Language) -> &'static Pack {
    match language {
        Language::Italian => &ITALIAN,
        Language::English => &ENGLISH,
    }
}
