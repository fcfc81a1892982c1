use serde::{Deserialize, Serialize};
use std::fmt;

/// Declares a closed list of words that is the same in Rust, JSON, SQL and gold files.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value, in the order of the declaration.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// Returns the word used in JSON, SQL, CSV and gold.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// Returns the value of a word, or `None` for a word that is not in the list.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some($name::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// What changed in a person's tie to an organisation.
    Kind {
        /// Leaves; no destination is stated.
        Departure = "departure",
        /// Joins or is appointed from outside, or the text does not say from where.
        Hire = "hire",
        /// A new role at the same organisation.
        RoleChange = "role_change",
        /// Starts an organisation of their own.
        Founding = "founding",
        /// Comes back to a former employer.
        Return = "return",
    }
}

words! {
    /// How far a move has come, as the article tells it.
    Status {
        /// Told as having happened.
        Completed = "completed",
        /// Officially decided, lies in the future at the time of writing.
        Announced = "announced",
        /// Hedged: could, reportedly, in talks.
        Rumoured = "rumoured",
        /// Tried, refused, cancelled, declined.
        Failed = "failed",
        /// Somebody denies it.
        Denied = "denied",
    }
}

words! {
    /// How a tie ended.
    Manner {
        /// By the person's own decision.
        Resigned = "resigned",
        /// By the organisation's decision.
        Dismissed = "dismissed",
        /// Into retirement.
        Retired = "retired",
        /// By death.
        Died = "died",
        /// The mandate or contract ran out.
        TermEnded = "term_ended",
        /// Lured away by another organisation.
        Poached = "poached",
        /// With a firm that was taken over.
        Acquired = "acquired",
    }
}

words! {
    /// Whether a position is held at the time of writing, after the moves of the article.
    Tense {
        /// Held now.
        Current = "current",
        /// Held before.
        Former = "former",
        /// Will be held from a stated or implied later day.
        Future = "future",
    }
}

words! {
    /// A language that valzer has a pack for.
    Language {
        /// Italian.
        Italian = "it",
        /// English.
        English = "en",
    }
}
