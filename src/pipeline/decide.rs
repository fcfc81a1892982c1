//! The user's decisions into the store, and the dataset that follows from them.

use super::{Summary, Watch, count, finish_dataset, own_firms};
use crate::error::Error;
use crate::export::decisions::Line;
use crate::knowledge::Knowledge;
use crate::model::MentionType;
use crate::resolve::{self, Action, Doubt, Explanation, NameAt};
use crate::store::{Decided, Reader, Store, holding};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What became of decisions, and of the dataset.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    /// Decisions that were added.
    pub added: Vec<Decided>,
    /// Numbers of decisions that were marked as undone, or brought back.
    pub marked: Vec<i64>,
    /// Decisions that the database had before.
    pub n_known: u64,
    /// Lines that say what a decision said that was undone since: (line, number). They were not added.
    pub undone_before: Vec<(u64, i64)>,
    /// Rows of the dataset before and after: table, numbers.
    pub counts: Vec<(&'static str, u64, u64)>,
    /// What the resolution has to say of decisions: contradictions, claims and names that are gone.
    pub notes: Vec<String>,
}

/// Adds decisions and rebuilds the dataset.
///
/// A line with a number is a record out of an export: it is added unless the database has such a decision already,
/// and an empty database keeps its number. A line without is a verdict: it is added unless it holds already. One that
/// was undone is not brought back by a file; `again` says that it shall be.
pub fn decide(
    database: &Path,
    knowledge: &[PathBuf],
    lines: Vec<Line>,
    again: bool,
    watch: &mut dyn Watch,
) -> Result<Decisions, Error> {
    change(database, knowledge, watch, |store, done| {
        let before = store.decided()?;
        merge(&before, lines, again, done);
        store.put_decisions(&done.added)
    })
}

/// Marks decisions as undone (or, where `undone` is false, takes the mark away) and rebuilds the dataset.
pub fn undo(
    database: &Path,
    knowledge: &[PathBuf],
    ids: &[i64],
    undone: bool,
    watch: &mut dyn Watch,
) -> Result<Decisions, Error> {
    change(database, knowledge, watch, |store, done| {
        done.marked = store.mark_undone(ids, undone)?;
        Ok(())
    })
}

/// Returns the pairs of names of which it is least clear whether they are one person, the least clear first.
pub fn doubts(reader: &Reader, knowledge: &[PathBuf]) -> Result<Vec<Doubt>, Error> {
    let knowledge = knowledge_of(reader, knowledge)?;
    let claims = reader.claim_set()?;
    let decisions = holding(reader.decided()?);
    Ok(resolve::doubts(claims, &knowledge, &decisions, MARGIN))
}

/// Returns why the two names that `one` and `other` mean are one person or firm, or are two.
pub fn explain(
    reader: &Reader,
    knowledge: &[PathBuf],
    one: &str,
    other: &str,
) -> Result<(MentionType, Explanation), Error> {
    let knowledge = knowledge_of(reader, knowledge)?;
    let (of, ones) = reader.names_meant(one)?;
    let (other_of, others) = reader.names_meant(other)?;
    if of != other_of {
        let (of, other_of) = (of.as_str(), other_of.as_str());
        let message = format!("'{one}' is a {of}, '{other}' is a {other_of}");
        return Err(Error::Usage { message });
    }
    if ones.iter().any(|at| others.contains(at)) {
        let message =
            format!("'{one}' and '{other}' mean one name of one article; write NAME@ARTICLE");
        return Err(Error::Usage { message });
    }
    let claims = reader.claim_set()?;
    let decisions = holding(reader.decided()?);
    Ok((of, resolve::explain(claims, &knowledge, &decisions, of, &ones, &others)))
}

/// Returns the knowledge of the files given, or of those kept.
fn knowledge_of(reader: &Reader, given: &[PathBuf]) -> Result<Knowledge, Error> {
    let files = own_firms::read(given)?;
    own_firms::knowledge(&if files.is_empty() { reader.own_firms()? } else { files })
}

/// How far from the deciding score a pair is still in doubt: as much as sharing an article's other people weighs.
const MARGIN: f64 = 2.0;

fn change(
    database: &Path,
    knowledge: &[PathBuf],
    watch: &mut dyn Watch,
    work: impl FnOnce(&mut Store, &mut Decisions) -> Result<(), Error>,
) -> Result<Decisions, Error> {
    let given = own_firms::read(knowledge)?;
    let reader = Reader::open(database)?;
    let tables = count(&resolve::Dataset::default());
    let before = tables.iter().map(|(t, _)| reader.count(t)).collect::<Result<Vec<_>, _>>()?;
    drop(reader);
    let mut store = Store::open(database)?;
    let (knowledge, _) = own_firms::settle(&mut store, given, false)?;
    let mut done = Decisions::default();
    work(&mut store, &mut done)?;
    let mut summary = Summary::default();
    let dataset = finish_dataset(&mut store, &knowledge, &BTreeSet::new(), watch, &mut summary)?;
    store.finish()?;
    done.notes = dataset.notes.into_iter().filter(|n| n.starts_with("decision")).collect();
    done.counts = summary.counts.into_iter().zip(before).map(|((t, n), b)| (t, b, n)).collect();
    Ok(done)
}

fn merge(before: &[Decided], lines: Vec<Line>, again: bool, done: &mut Decisions) {
    let mut next = before.iter().map(|d| d.id).max().unwrap_or(0) + 1;
    let mut unmatched: Vec<&Decided> = before.iter().collect();
    let keeps_ids = before.is_empty() && has_distinct_ids(&lines);
    for line in lines {
        if line.id.is_some() {
            let same = |d: &&Decided| says_the_same(&d.action, &line.action);
            if let Some(at) = unmatched.iter().position(same) {
                unmatched.remove(at);
                done.n_known += 1;
                continue;
            }
        } else {
            let mut all = before.iter().chain(&done.added).rev();
            let holds = all.clone().find(|d| !d.undone && speak_of_one(&d.action, &line.action));
            if holds.is_some_and(|d| says_the_same(&d.action, &line.action)) {
                done.n_known += 1;
                continue;
            }
            let undone = all.find(|d| d.undone && says_the_same(&d.action, &line.action));
            if let Some(decided) = undone.filter(|_| !again) {
                done.undone_before.push((line.line, decided.id));
                continue;
            }
        }
        let id = line.id.filter(|_| keeps_ids).unwrap_or(next);
        next = next.max(id) + 1;
        done.added.push(Decided { id, action: line.action, note: line.note, undone: line.undone });
    }
}

/// Returns whether the numbers of the lines can stay: all there, each once, none out of order.
fn has_distinct_ids(lines: &[Line]) -> bool {
    lines.iter().all(|l| l.id.is_some()) && lines.windows(2).all(|pair| pair[0].id < pair[1].id)
}

/// Returns whether the later of two decisions takes the place of the earlier one.
fn speak_of_one(a: &Action, b: &Action) -> bool {
    match (names(a), names(b)) {
        (Some(x), Some(y)) => x == y,
        (None, None) => subject(a) == subject(b),
        _ => false,
    }
}

fn says_the_same(a: &Action, b: &Action) -> bool {
    match (a, b) {
        (Action::Same(..), Action::Same(..)) | (Action::Different(..), Action::Different(..)) => {
            speak_of_one(a, b)
        }
        _ => a == b,
    }
}

/// Returns the pair of names that a decision speaks of, in one order.
fn names(action: &Action) -> Option<(MentionType, &NameAt, &NameAt)> {
    match action {
        Action::Same(of, a, b) | Action::Different(of, a, b) => Some((*of, a.min(b), a.max(b))),
        _ => None,
    }
}

/// Returns the claim that a decision speaks of, and the slot.
fn subject(action: &Action) -> (&str, &str) {
    match action {
        Action::Accept(claim) | Action::Reject(claim) => (claim, ""),
        Action::Edit { claim, slot, .. } => (claim, slot),
        Action::Same(..) | Action::Different(..) => ("", ""),
    }
}
