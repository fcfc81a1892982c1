//! The user's decisions, applied to claims before resolution and to names during it.

use super::claims::{ClaimSet, Facts, Key, Sym, key_of};
use super::dataset::ClaimId;
use crate::model::{Kind, Manner, MentionType, PartialDate, Status, Tense};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// What the user decided. Decisions point at claims and at names in articles, never at rows of the dataset, so that
/// they survive every rebuild.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Its key in the database or in `decisions.csv`; told in notes.
    pub id: String,
    /// What it says.
    pub action: Action,
}

/// What a decision says.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Two names are one person, or one organisation.
    Same(MentionType, NameAt, NameAt),
    /// They are two.
    Different(MentionType, NameAt, NameAt),
    /// The claim is right: it counts as certain, whatever its confidence.
    Accept(ClaimId),
    /// The claim is wrong: it counts for nothing.
    Reject(ClaimId),
    /// A slot of the claim has another value; `None` empties it.
    Edit {
        /// The claim.
        claim: ClaimId,
        /// The slot, as in the claims' JSON: `person`, `kind`, `status`, `from_firm`, `role`, …
        slot: String,
        /// The right value, in the words of the claims' JSON.
        value: Option<String>,
    },
}

/// A name in an article.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameAt {
    /// Hash of the article.
    pub article: String,
    /// The name, as a claim or a mention has it.
    pub name: String,
}

/// The user's word on names, the latest first: (article, name) pairs that are one, or are not.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub(super) list: Vec<Word>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    pub(super) same: bool,
    pub(super) a: (u32, Sym),
    pub(super) b: (u32, Sym),
}

/// Applies what decisions say of claims; a later decision on the same claim or slot wins.
pub(super) fn apply(set: &mut ClaimSet, decisions: &[Decision], notes: &mut Vec<String>) {
    if decisions.is_empty() {
        return;
    }
    let mut verdicts: IndexMap<Key, (bool, &str), FxBuildHasher> = IndexMap::default();
    let mut edits: IndexMap<(Key, &str), (&Option<String>, &str), FxBuildHasher> =
        IndexMap::default();
    for decision in decisions {
        match &decision.action {
            Action::Accept(claim) | Action::Reject(claim) => {
                let yes = matches!(decision.action, Action::Accept(_));
                if let Some((before, id)) = verdicts.insert(key_of(claim), (yes, &decision.id))
                    && before != yes
                {
                    notes.push(format!("decision {} overrides decision {id}", decision.id));
                }
            }
            Action::Edit { claim, slot, value } => {
                if let Some((before, id)) =
                    edits.insert((key_of(claim), slot), (value, &decision.id))
                    && before != value
                {
                    notes.push(format!("decision {} overrides decision {id}", decision.id));
                }
            }
            Action::Same(..) | Action::Different(..) => {}
        }
    }
    let (moves, positions) = set.claims_mut();
    let mut keys: Vec<Key> =
        moves.iter().map(|m| m.id).chain(positions.iter().map(|p| p.id)).collect();
    keys.sort_unstable();
    for decision in decisions {
        if let Action::Accept(claim) | Action::Reject(claim) | Action::Edit { claim, .. } =
            &decision.action
            && keys.binary_search(&key_of(claim)).is_err()
        {
            notes.push(format!("decision {}: no article makes that claim any more", decision.id));
        }
    }
    let accepted = |key: &Key| verdicts.get(key).is_some_and(|v| v.0);
    moves.iter_mut().filter(|m| accepted(&m.id)).for_each(|m| m.confidence = 1.0);
    positions.iter_mut().filter(|p| accepted(&p.id)).for_each(|p| p.confidence = 1.0);
    set.reject(|key| verdicts.get(key).is_some_and(|v| !v.0));
    for ((key, slot), (value, id)) in edits {
        if let Err(message) = set.edit(&key, slot, value.as_deref()) {
            notes.push(format!("decision {id}: {message}"));
        }
    }
}

/// Slots of a move that an edit can set.
const MOVE_SLOTS: &[&str] = &[
    "person",
    "kind",
    "status",
    "manner",
    "from_firm",
    "from_role",
    "to_firm",
    "to_role",
    "to_note",
    "date",
];

/// Slots of a position that an edit can set.
const POSITION_SLOTS: &[&str] = &["person", "firm", "role", "tense", "started_on", "ended_on"];

/// Returns what is wrong with setting `slot` of a move's claim (or a position's) to `value`; `None` empties the slot.
pub fn check_edit(is_move: bool, slot: &str, value: Option<&str>) -> Result<(), String> {
    let (what, slots) = if is_move { ("move", MOVE_SLOTS) } else { ("position", POSITION_SLOTS) };
    if !slots.contains(&slot) {
        return Err(format!("a {what} has no slot '{slot}'; its slots are {}", slots.join(", ")));
    }
    let text = value.unwrap_or("");
    let is_known = match slot {
        "person" => return value.map(|_| ()).ok_or_else(|| "a claim needs a person".to_owned()),
        "kind" => Kind::parse(text).is_some(),
        "status" => Status::parse(text).is_some(),
        "tense" => Tense::parse(text).is_some(),
        "manner" => value.is_none() || Manner::parse(text).is_some(),
        "date" | "started_on" | "ended_on" => value.is_none() || PartialDate::parse(text).is_some(),
        _ => true,
    };
    let words = match slot {
        _ if is_known => return Ok(()),
        "kind" => Kind::ALL.iter().map(|w| w.as_str()).collect::<Vec<_>>(),
        "status" => Status::ALL.iter().map(|w| w.as_str()).collect(),
        "tense" => Tense::ALL.iter().map(|w| w.as_str()).collect(),
        "manner" => Manner::ALL.iter().map(|w| w.as_str()).collect(),
        _ => {
            return Err(format!("'{text}' is no date; write 2024, 2024-09 or 2024-09-10"));
        }
    };
    Err(format!("'{text}' is no {slot}; write {}", words.join(", ")))
}

impl ClaimSet {
    /// Sets a slot of the claims with a key; the message says what is wrong with slot or value.
    fn edit(&mut self, key: &Key, slot: &str, value: Option<&str>) -> Result<(), String> {
        let text = value.map(|v| self.intern(v));
        let date = value.and_then(PartialDate::parse);
        let (moves, positions) = self.claims_mut();
        for m in moves.iter_mut().filter(|m| m.id == *key) {
            check_edit(true, slot, value)?;
            match slot {
                "person" => m.person = text.unwrap_or(m.person),
                "kind" => m.kind = value.and_then(Kind::parse).unwrap_or(m.kind),
                "status" => m.status = value.and_then(Status::parse).unwrap_or(m.status),
                "manner" => m.manner = value.and_then(Manner::parse),
                "from_firm" => m.from_firm = text,
                "from_role" => m.from_role = text,
                "to_firm" => m.to_firm = text,
                "to_role" => m.to_role = text,
                "to_note" => m.to_note = text,
                _ => m.date = date,
            }
            m.confidence = 1.0;
        }
        for p in positions.iter_mut().filter(|p| p.id == *key) {
            check_edit(false, slot, value)?;
            match slot {
                "person" => p.person = text.unwrap_or(p.person),
                "firm" => p.firm = text,
                "role" => p.role = text,
                "tense" => p.tense = value.and_then(Tense::parse).unwrap_or(p.tense),
                "started_on" => p.started_on = date,
                _ => p.ended_on = date,
            }
            p.confidence = 1.0;
        }
        Ok(())
    }
}

/// Returns what decisions say of names, the latest first; of two on the same pair only the later one.
pub(super) fn told(
    facts: &Facts,
    decisions: &[Decision],
    mention_type: MentionType,
    notes: &mut Vec<String>,
) -> Told {
    let mut pairs: IndexMap<(&NameAt, &NameAt), (bool, &str), FxBuildHasher> = IndexMap::default();
    let mut told = Told::default();
    for decision in decisions.iter().rev() {
        let (same, of, a, b) = match &decision.action {
            Action::Same(of, a, b) => (true, *of, a, b),
            Action::Different(of, a, b) => (false, *of, a, b),
            _ => continue,
        };
        if of != mention_type {
            continue;
        }
        let pair = (a.min(b), a.max(b));
        if let Some((later, id)) = pairs.get(&pair) {
            if *later != same {
                notes.push(format!("decision {id} overrides decision {}", decision.id));
            }
            continue;
        }
        pairs.insert(pair, (same, &decision.id));
        match (facts.place(a), facts.place(b)) {
            (Some(a), Some(b)) => told.list.push(Word { same, a, b }),
            _ => notes.push(format!(
                "decision {} speaks of '{}' and '{}': no article has both any more",
                decision.id, a.name, b.name
            )),
        }
    }
    told
}
