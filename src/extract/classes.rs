//! Models that weigh several classes by the same features; a feature's name ends in the class there.

/// Types of a name.
pub(crate) const NAME_CLASSES: [&str; 4] = ["#per", "#org", "#loc", "#misc"];

/// How far an event has come.
pub(crate) const STATUS_CLASSES: [&str; 5] =
    ["#completed", "#announced", "#rumoured", "#failed", "#denied"];

/// Kinds of a move.
pub(crate) const KIND_CLASSES: [&str; 5] =
    ["#departure", "#hire", "#role_change", "#founding", "#return"];
