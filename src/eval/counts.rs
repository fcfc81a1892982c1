use super::Slot;
use serde::Serialize;
use std::ops::AddAssign;

/// How often a slot came out one way or the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Right.
    pub correct: u32,
    /// Filled wrongly.
    pub incorrect: u32,
    /// Empty where gold is filled.
    pub missing: u32,
    /// Filled where gold is empty.
    pub spurious: u32,
}

impl Outcomes {
    pub(super) fn add(&mut self, outcome: Option<Outcome>) {
        match outcome {
            Some(Outcome::Correct) => self.correct += 1,
            Some(Outcome::Incorrect) => self.incorrect += 1,
            Some(Outcome::Missing) => self.missing += 1,
            Some(Outcome::Spurious) => self.spurious += 1,
            None => {}
        }
    }

    /// Returns precision, recall and F1 as MUC-6 defines them.
    pub fn prf(self) -> Prf {
        prf(self.correct, self.incorrect + self.spurious, self.incorrect + self.missing)
    }

    /// Returns how many slots were compared.
    pub fn total(self) -> u32 {
        self.correct + self.incorrect + self.missing + self.spurious
    }
}

/// What became of one slot; `None` where both sides are empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Correct,
    Incorrect,
    Missing,
    Spurious,
}

impl Outcome {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Outcome::Correct => "correct",
            Outcome::Incorrect => "incorrect",
            Outcome::Missing => "missing",
            Outcome::Spurious => "spurious",
        }
    }
}

/// Everything counted; the counts of several articles add up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Articles.
    pub n_articles: u32,
    /// Required gold moves found.
    pub moves_right: u32,
    /// Predicted moves that fit no gold move.
    pub moves_wrong: u32,
    /// Required gold moves not found.
    pub moves_missed: u32,
    /// Optional gold moves found.
    pub moves_optional: u32,
    /// Slots of aligned and of lone moves, in the order of [`Slot::ALL`].
    pub slots: [Outcomes; 7],
    /// Predicted moves told as completed.
    pub completed: u32,
    /// Of these, moves that gold does not know at all.
    pub completed_nothing: u32,
    /// Of these, moves that gold says failed, are rumoured or denied.
    pub completed_contradicted: u32,
    /// Of these, moves that gold says are announced.
    pub completed_announced: u32,
    /// Required gold positions found.
    pub positions_right: u32,
    /// Predicted positions that fit no gold position.
    pub positions_wrong: u32,
    /// Required gold positions not found.
    pub positions_missed: u32,
    /// Roles of the positions found.
    pub position_roles: Outcomes,
    /// Tenses of the positions found.
    pub position_tenses: Outcomes,
    /// Required gold moves whose person is in any predicted move.
    pub people_found: u32,
    /// Required gold moves.
    pub people: u32,
}

impl Counts {
    /// Returns precision, recall and F1 of strict moves.
    pub fn move_prf(&self) -> Prf {
        prf(self.moves_right, self.moves_wrong, self.moves_missed)
    }

    /// Returns the outcomes of all slots together.
    pub fn all_slots(&self) -> Outcomes {
        let mut all = Outcomes::default();
        for slot in self.slots {
            all += slot;
        }
        all
    }

    /// Returns the outcomes of one slot.
    pub fn slot(&self, slot: Slot) -> Outcomes {
        self.slots[slot as usize]
    }

    pub(super) fn slot_mut(&mut self, slot: Slot) -> &mut Outcomes {
        &mut self.slots[slot as usize]
    }

    /// Returns the sum of several counts.
    pub fn sum(counts: &[&Counts]) -> Counts {
        let mut total = Counts::default();
        for one in counts {
            total += one;
        }
        total
    }
}

impl AddAssign for Outcomes {
    fn add_assign(&mut self, other: Outcomes) {
        self.correct += other.correct;
        self.incorrect += other.incorrect;
        self.missing += other.missing;
        self.spurious += other.spurious;
    }
}

impl AddAssign<&Counts> for Counts {
    fn add_assign(&mut self, other: &Counts) {
        self.n_articles += other.n_articles;
        self.moves_right += other.moves_right;
        self.moves_wrong += other.moves_wrong;
        self.moves_missed += other.moves_missed;
        self.moves_optional += other.moves_optional;
        for (mine, theirs) in self.slots.iter_mut().zip(other.slots) {
            *mine += theirs;
        }
        self.completed += other.completed;
        self.completed_nothing += other.completed_nothing;
        self.completed_contradicted += other.completed_contradicted;
        self.completed_announced += other.completed_announced;
        self.positions_right += other.positions_right;
        self.positions_wrong += other.positions_wrong;
        self.positions_missed += other.positions_missed;
        self.position_roles += other.position_roles;
        self.position_tenses += other.position_tenses;
        self.people_found += other.people_found;
        self.people += other.people;
    }
}

/// Precision, recall and their harmonic mean.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Prf {
    /// Of what was predicted, the share that is right.
    pub p: f64,
    /// Of what is in gold, the share that was found.
    pub r: f64,
    /// Harmonic mean of the two.
    pub f: f64,
}

/// Returns precision, recall and F1 of `right`, `wrong` and `missed` rows; 0 where nothing can be divided.
pub fn prf(right: u32, wrong: u32, missed: u32) -> Prf {
    let share = |of: u32| if of == 0 { 0.0 } else { f64::from(right) / f64::from(of) };
    let (p, r) = (share(right + wrong), share(right + missed));
    // In this order: the last digit depends on it.
    let f = if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) };
    Prf { p, r, f }
}
