use super::Slot;
use super::counts::{Counts, Outcome};
use super::fold::{fold, fold_firm, fold_person, fold_role, fold_slot, same_person};
use super::gold::{Answers, GoldArticle, GoldMove, GoldPosition};
use super::matching::assign;
use super::prediction::{PredictedMove, PredictedPosition, Prediction};
use std::collections::{BTreeMap, BTreeSet};

/// How much a right slot adds to the overlap by which moves are aligned, in the order of [`Slot::ALL`]: firms identify a
/// move best, its status worst.
const OVERLAP: [f64; 7] = [1.5, 2.0, 1.0, 2.0, 1.0, 0.5, 0.25];
/// A strictly right pair is aligned before any other.
const STRICT_BONUS: f64 = 10.0;
/// An optional gold move gives way to an equal required one.
const OPTIONAL_MALUS: f64 = 0.01;

/// The counts of one article and the rows behind them.
#[derive(Clone, Debug, Default)]
pub struct Scored {
    /// Counts.
    pub counts: Counts,
    /// Predicted moves in their order, each with the gold move it is aligned with; then gold moves left alone.
    pub moves: Vec<MoveRow>,
    /// The same for positions.
    pub positions: Vec<PositionRow>,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Strictly right.
    Right,
    /// Strictly right where gold is optional, or optional and not predicted: counts neither way.
    Optional,
    /// Predicted, but not right.
    Wrong,
    /// In gold, and nothing predicted is aligned with it.
    Missed,
}

impl Verdict {
    /// Returns the word used in lists and CSV.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Right => "right",
            Verdict::Optional => "optional",
            Verdict::Wrong => "wrong",
            Verdict::Missed => "missed",
        }
    }
}

/// A predicted move beside the gold move it is aligned with; one of the two may be absent.
#[derive(Clone, Debug)]
pub struct MoveRow {
    /// What became of it.
    pub verdict: Verdict,
    /// Told as completed where gold says otherwise: what gold says ("nothing", "failed/rumoured").
    pub false_completed: Option<String>,
    /// Prediction.
    pub predicted: Option<PredictedMove>,
    /// Gold.
    pub gold: Option<GoldMove>,
    /// "correct", "incorrect", "missing", "spurious" or nothing for each of [`Slot::ALL`].
    pub outcomes: [&'static str; 7],
}

/// A predicted position beside the gold position it is aligned with; one of the two may be absent.
#[derive(Clone, Debug)]
pub struct PositionRow {
    /// What became of it; role and tense do not matter for it.
    pub verdict: Verdict,
    /// Prediction.
    pub predicted: Option<PredictedPosition>,
    /// Gold.
    pub gold: Option<GoldPosition>,
}

/// An answer or a set of answers, folded for comparison.
struct FoldedMove {
    person: Option<Vec<String>>,
    slots: [Option<String>; 7],
}

struct FoldedAnswers {
    answers: Vec<String>,
    nullable: bool,
}

struct FoldedGold {
    person: Option<Vec<String>>,
    slots: [FoldedAnswers; 7],
    optional: bool,
}

/// Returns what `prediction` gets right, wrong and misses of `gold`.
pub fn score(prediction: &Prediction, gold: &GoldArticle) -> Scored {
    let mut scored = Scored::default();
    scored.counts.n_articles = 1;
    score_moves(&prediction.moves, &gold.moves, &mut scored);
    score_positions(&prediction.positions, &gold.positions, &mut scored);
    scored
}

fn score_moves(predicted: &[PredictedMove], gold: &[GoldMove], scored: &mut Scored) {
    let counts = &mut scored.counts;
    let p: Vec<FoldedMove> = predicted.iter().map(folded_move).collect();
    let g: Vec<FoldedGold> = gold.iter().map(folded_gold).collect();
    // One matching over all gold moves; a required one is worth far more than an optional one.
    let strict = assign(p.len(), g.len(), |i, j| match is_strict(&p[i], &g[j]) {
        false => 0.0,
        true if g[j].optional => 0.01,
        true => 1.0,
    });
    let strict_of: BTreeMap<usize, usize> = strict.iter().copied().collect();
    let hit: BTreeSet<usize> = strict.iter().map(|(_, j)| *j).filter(|j| !g[*j].optional).collect();
    let n_required = g.iter().filter(|g| !g.optional).count();
    counts.moves_right = hit.len() as u32;
    counts.moves_wrong = (p.len() - strict.len()) as u32;
    counts.moves_missed = (n_required - hit.len()) as u32;
    counts.moves_optional = (strict.len() - hit.len()) as u32;

    let aligned = assign(p.len(), g.len(), |i, j| overlap(&p[i], &g[j]));
    let gold_of: BTreeMap<usize, usize> = aligned.iter().copied().collect();
    let is_aligned: BTreeSet<usize> = aligned.iter().map(|(_, j)| *j).collect();
    for (i, one) in p.iter().enumerate() {
        let j = gold_of.get(&i).copied();
        let mut outcomes = [""; 7];
        for slot in Slot::ALL {
            let answers = j.map(|j| &g[j].slots[slot as usize]);
            let outcome = compare(one.slots[slot as usize].as_ref(), answers);
            outcomes[slot as usize] = outcome.map_or("", Outcome::as_str);
            if !j.is_some_and(|j| g[j].optional) {
                counts.slot_mut(slot).add(outcome);
            }
        }
        scored.moves.push(MoveRow {
            verdict: match strict_of.get(&i) {
                Some(j) if g[*j].optional => Verdict::Optional,
                Some(_) => Verdict::Right,
                None => Verdict::Wrong,
            },
            false_completed: false_completed(one, j.map(|j| &gold[j]), counts),
            predicted: Some(predicted[i].clone()),
            gold: j.map(|j| gold[j].clone()),
            outcomes,
        });
    }
    for (j, one) in g.iter().enumerate().filter(|(j, _)| !is_aligned.contains(j)) {
        let mut outcomes = [""; 7];
        for slot in Slot::ALL {
            let outcome = compare(None, Some(&one.slots[slot as usize]));
            outcomes[slot as usize] = outcome.map_or("", Outcome::as_str);
            if !one.optional {
                counts.slot_mut(slot).add(outcome);
            }
        }
        scored.moves.push(MoveRow {
            verdict: if one.optional { Verdict::Optional } else { Verdict::Missed },
            false_completed: None,
            predicted: None,
            gold: Some(gold[j].clone()),
            outcomes,
        });
    }
    let required = g.iter().filter(|g| !g.optional);
    counts.people_found = required
        .filter(|g| p.iter().any(|p| is_person(p.person.as_deref(), g.person.as_deref())))
        .count() as u32;
    counts.people = n_required as u32;
}

/// Counts a move told as completed; returns what gold says where it says anything else.
fn false_completed(
    one: &FoldedMove,
    gold: Option<&GoldMove>,
    counts: &mut Counts,
) -> Option<String> {
    if one.slots[Slot::Status as usize].as_deref() != Some("completed") {
        return None;
    }
    counts.completed += 1;
    let Some(gold) = gold else {
        counts.completed_nothing += 1;
        return Some("nothing".to_owned());
    };
    let statuses: BTreeSet<&str> =
        gold.slot(Slot::Status).answers.iter().map(String::as_str).collect();
    if statuses.is_empty() || statuses.contains("completed") {
        return None;
    }
    if statuses.iter().all(|s| matches!(*s, "failed" | "rumoured" | "denied")) {
        counts.completed_contradicted += 1;
        return Some(statuses.into_iter().collect::<Vec<_>>().join("/"));
    }
    counts.completed_announced += 1;
    None
}

fn score_positions(predicted: &[PredictedPosition], gold: &[GoldPosition], scored: &mut Scored) {
    let counts = &mut scored.counts;
    let person = |name: Option<&str>| name.filter(|n| !n.is_empty()).map(fold_person);
    let answer = |text: &Option<String>, fold: fn(&str) -> String| text.as_deref().map(fold);
    let p: Vec<_> = predicted
        .iter()
        .map(|p| {
            (
                person(p.person.as_deref()),
                answer(&p.firm, fold_firm),
                answer(&p.role, fold_role),
                answer(&p.tense, fold),
            )
        })
        .collect();
    let g: Vec<_> = gold
        .iter()
        .map(|g| {
            (
                person(Some(g.person.trim())),
                folded_answers(&g.firm, fold_firm),
                folded_answers(&g.role, fold_role),
                folded_answers(&g.tense, fold),
            )
        })
        .collect();
    let role = |i: usize, j: usize| compare(p[i].2.as_ref(), Some(&g[j].2));
    let tense = |i: usize, j: usize| compare(p[i].3.as_ref(), Some(&g[j].3));
    let aligned = assign(p.len(), g.len(), |i, j| {
        let firm = compare(p[i].1.as_ref(), Some(&g[j].1));
        if !is_person(p[i].0.as_deref(), g[j].0.as_deref()) || !is_right_or_empty(firm) {
            return 0.0;
        }
        // Among equal ties to the same firm, the one with the right role and tense, and a required one, comes first.
        1.0 + if is_right_or_empty(role(i, j)) { 0.2 } else { 0.0 }
            + if is_right_or_empty(tense(i, j)) { 0.1 } else { 0.0 }
            - if gold[j].optional { 0.05 } else { 0.0 }
    });
    for &(i, j) in aligned.iter().filter(|(_, j)| !gold[*j].optional) {
        counts.positions_right += 1;
        counts.position_roles.add(role(i, j));
        counts.position_tenses.add(tense(i, j));
    }
    let gold_of: BTreeMap<usize, usize> = aligned.iter().copied().collect();
    let is_aligned: BTreeSet<usize> = aligned.iter().map(|(_, j)| *j).collect();
    counts.positions_wrong = (p.len() - aligned.len()) as u32;
    for (i, one) in predicted.iter().enumerate() {
        let gold = gold_of.get(&i).map(|j| &gold[*j]);
        scored.positions.push(PositionRow {
            verdict: match gold {
                Some(gold) if gold.optional => Verdict::Optional,
                Some(_) => Verdict::Right,
                None => Verdict::Wrong,
            },
            predicted: Some(one.clone()),
            gold: gold.cloned(),
        });
    }
    for (_, one) in gold.iter().enumerate().filter(|(j, _)| !is_aligned.contains(j)) {
        counts.positions_missed += u32::from(!one.optional);
        scored.positions.push(PositionRow {
            verdict: if one.optional { Verdict::Optional } else { Verdict::Missed },
            predicted: None,
            gold: Some(one.clone()),
        });
    }
}

fn folded_move(one: &PredictedMove) -> FoldedMove {
    FoldedMove {
        person: one.person.as_deref().map(fold_person),
        slots: Slot::ALL.map(|slot| one.slot(slot).map(|answer| fold_slot(slot, answer))),
    }
}

fn folded_gold(one: &GoldMove) -> FoldedGold {
    let person = one.person.trim();
    FoldedGold {
        person: (!person.is_empty()).then(|| fold_person(person)),
        slots: Slot::ALL
            .map(|slot| folded_answers(one.slot(slot), |answer| fold_slot(slot, answer))),
        optional: one.optional,
    }
}

fn folded_answers(answers: &Answers, fold: impl Fn(&str) -> String) -> FoldedAnswers {
    FoldedAnswers {
        answers: answers.answers.iter().map(|a| fold(a)).collect(),
        nullable: answers.nullable,
    }
}

/// Compares an answer with gold; `None` for gold means that there is no gold row, so every answer is spurious.
fn compare(answer: Option<&String>, gold: Option<&FoldedAnswers>) -> Option<Outcome> {
    let answers = gold.map_or(&[][..], |g| g.answers.as_slice());
    match answer {
        None if answers.is_empty() || gold.is_some_and(|g| g.nullable) => None,
        None => Some(Outcome::Missing),
        Some(_) if answers.is_empty() => Some(Outcome::Spurious),
        Some(answer) if answers.contains(answer) => Some(Outcome::Correct),
        Some(_) => Some(Outcome::Incorrect),
    }
}

fn is_right_or_empty(outcome: Option<Outcome>) -> bool {
    matches!(outcome, None | Some(Outcome::Correct))
}

fn is_person(a: Option<&[String]>, b: Option<&[String]>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if same_person(a, b))
}

fn outcome(p: &FoldedMove, g: &FoldedGold, slot: Slot) -> Option<Outcome> {
    compare(p.slots[slot as usize].as_ref(), Some(&g.slots[slot as usize]))
}

fn is_strict(p: &FoldedMove, g: &FoldedGold) -> bool {
    is_person(p.person.as_deref(), g.person.as_deref())
        && outcome(p, g, Slot::Kind) == Some(Outcome::Correct)
        && is_right_or_empty(outcome(p, g, Slot::FromFirm))
        && is_right_or_empty(outcome(p, g, Slot::ToFirm))
}

fn overlap(p: &FoldedMove, g: &FoldedGold) -> f64 {
    if !is_person(p.person.as_deref(), g.person.as_deref()) {
        return 0.0;
    }
    let is_right = |slot: &Slot| outcome(p, g, *slot) == Some(Outcome::Correct);
    let right: Vec<Slot> = Slot::ALL.into_iter().filter(is_right).collect();
    // The same status alone, mostly "completed", says nothing about two moves being the same.
    if right.iter().all(|slot| *slot == Slot::Status) {
        return 0.0;
    }
    right.iter().map(|slot| OVERLAP[*slot as usize]).sum::<f64>()
        + if is_strict(p, g) { STRICT_BONUS } else { 0.0 }
        - if g.optional { OPTIONAL_MALUS } else { 0.0 }
}
