//! What speaks for and against two names being one person, and what it weighs.

use super::names::NameRelation;

/// What is known of two groups of mentions, each of one name.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Features {
    /// How the names go together.
    pub(super) name: NameRelation,
    /// How many people may bear the surname.
    pub(super) rarity: Rarity,
    /// An article says that two people bear the name.
    pub(super) told_apart: bool,
    /// Organisations that both are tied to.
    pub(super) shared_firms: usize,
    /// Both are tied to one group, at different units.
    pub(super) shared_group: bool,
    /// Both have the same title at a shared organisation.
    pub(super) same_post: bool,
    /// Both have titles at a shared organisation, and none of one goes with one of the other.
    pub(super) other_post: bool,
    /// No shared organisation gives both a title.
    pub(super) untitled: bool,
    /// Both make the same move (from, to, kind).
    pub(super) shared_moves: usize,
    /// Other people named in articles of both.
    pub(super) shared_people: usize,
    /// Both work in one field (finance, research, …).
    pub(super) same_field: bool,
    /// Fields are known on both sides and none is shared.
    pub(super) other_field: bool,
    /// Organisations are known on both sides and none is shared, not even a group.
    pub(super) other_firms: bool,
    /// Both hold posts at different organisations within a year.
    pub(super) same_time: bool,
}

/// How many people may bear a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rarity {
    /// So many that it identifies nobody.
    Common,
    /// Many: lists of surnames have it.
    Listed,
    /// Few.
    Rare,
}

/// The score from which two names are one person.
///
/// The weights are set by hand so that a rare full name needs nothing more, a common one a shared organisation, and a
/// typing error both a shared organisation and the same post there. `tests/names/pairs.csv` and the dossiers move
/// when they change.
pub const SAME_PERSON: f64 = 4.0;

impl Features {
    /// Returns each feature that counts with its weight, in a fixed order.
    pub(super) fn weights(&self) -> Vec<(&'static str, f64)> {
        let name = match self.name {
            NameRelation::Same => 3.0,
            NameRelation::MiddleInitial | NameRelation::Middle => 2.5,
            NameRelation::Variant => 2.2,
            NameRelation::Part => 1.5,
            NameRelation::Initials => 1.2,
            NameRelation::Typo => 0.5,
            NameRelation::SurnameOnly => 0.2,
            NameRelation::Different => -9.0,
        };
        let whole = self.name <= NameRelation::Variant;
        let per = |n: usize, weight: f64, most: f64| (n as f64 * weight).min(most);
        // Two spellings at one firm in two posts are cousins as often as one person; then a rare surname says nothing.
        // Of "Anna" and "Anna Maria" it is enough that nobody can say that the posts are one.
        let unlike = self.name == NameRelation::Middle && !self.untitled && !self.same_post;
        let relatives = unlike
            || (self.other_post && (self.name > NameRelation::MiddleInitial || self.told_apart));
        let rare = match self.rarity {
            Rarity::Common => 0.0,
            Rarity::Listed => 1.0,
            Rarity::Rare => 2.5,
        };
        let flag = |on: bool, weight: f64| if on { weight } else { 0.0 };
        let firms = match self.shared_firms {
            0 => flag(self.shared_group, 2.0),
            n => 3.0 + per(n - 1, 0.5, 1.0),
        };
        let all = [
            ("name", name),
            ("rare name", flag(whole && !self.told_apart && !relatives, rare)),
            (
                "rare misspelling",
                flag(
                    self.name == NameRelation::Typo
                        && self.rarity != Rarity::Common
                        && self.untitled,
                    0.5,
                ),
            ),
            ("told apart", flag(self.told_apart, -1.0)),
            ("shared organisations", firms),
            ("other post", flag(relatives, -2.0)),
            ("same post", flag(self.same_post, 1.0)),
            ("same move", per(self.shared_moves, 1.0, 2.0)),
            ("shared people", per(self.shared_people, 0.7, 2.1)),
            ("same field", flag(self.same_field, 0.8)),
            ("other field", flag(self.other_field, -1.5)),
            ("other organisations", flag(self.other_firms, -1.5)),
            ("elsewhere at the time", flag(self.same_time && self.other_firms, -1.0)),
        ];
        all.into_iter().filter(|(_, weight)| *weight != 0.0).collect()
    }

    /// Returns the sum of the weights.
    pub(super) fn score(&self) -> f64 {
        self.weights().iter().map(|(_, weight)| weight).sum()
    }
}
