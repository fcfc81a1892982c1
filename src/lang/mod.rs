//! Language packs: data only. Loads, checks and compiles `lang/<code>/`.
//!
//! A pack is lists of words, trigger frames, status cues and the grammar of titles; the code here knows how verbs
//! inflect and how a pattern matches, but no word of any language beyond that. Callers may rely on this: a pack that
//! loads has every list filled, unique frame ids and an inflection for every verb.

mod inflect;
mod pack;
mod phrase;

pub use inflect::Form;
pub use pack::{Class, Cue, CueClass, Frame, List, Pack, Part, Scope, Sense, Tag, VerbReading};
pub(crate) use phrase::step;
pub use phrase::{Hit, Phrases};

use crate::model::Language;
use std::sync::LazyLock;

/// The files of one pack, as text.
pub(crate) struct Files {
    pub(crate) frames: &'static str,
    pub(crate) verbs: &'static str,
    pub(crate) cues: &'static str,
    pub(crate) words: &'static str,
    pub(crate) roles: &'static str,
}

macro_rules! embedded {
    ($code:literal) => {
        Files {
            frames: include_str!(concat!("../../lang/", $code, "/frames.toml")),
            verbs: include_str!(concat!("../../lang/", $code, "/verbs.toml")),
            cues: include_str!(concat!("../../lang/", $code, "/cues.toml")),
            words: include_str!(concat!("../../lang/", $code, "/words.toml")),
            roles: include_str!(concat!("../../lang/", $code, "/roles.toml")),
        }
    };
}

const IT: Files = embedded!("it");
const EN: Files = embedded!("en");
static ITALIAN: LazyLock<Pack> = LazyLock::new(|| load(Language::Italian, &IT));
static ENGLISH: LazyLock<Pack> = LazyLock::new(|| load(Language::English, &EN));

/// Returns a number that changes with any byte of the embedded packs.
pub fn fingerprint() -> u64 {
    [IT, EN]
        .iter()
        .flat_map(|f| [f.frames, f.verbs, f.cues, f.words, f.roles])
        .flat_map(str::bytes)
        .fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3))
}

fn load(language: Language, files: &Files) -> Pack {
    Pack::compile(language, files)
        .unwrap_or_else(|problem| panic!("the embedded pack '{language}' does not load: {problem}"))
}

/// Returns the embedded pack of a language, compiled on first use.
pub fn pack(language: Language) -> &'static Pack {
    match language {
        Language::Italian => &ITALIAN,
        Language::English => &ENGLISH,
    }
}
