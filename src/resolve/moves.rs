//! Moves: one row from the tellings of one event, with the best source for each slot.

use super::claims::{Facts, Sym};
use super::dates::{best, gap, range};
use super::history::final_status;
use super::roles::{TitleMatch, compare};
use super::tellings::{Context, NEWS_LIFE, Telling};
use crate::model::{Kind, Manner, PartialDate, Status};
use indexmap::IndexMap;
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

/// An event with its slots decided; firms and people by number.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Event {
    pub(super) person: u32,
    pub(super) kind: Kind,
    pub(super) status: Status,
    pub(super) manner: Option<Manner>,
    pub(super) from: Option<u32>,
    pub(super) to: Option<u32>,
    pub(super) from_role: Option<Sym>,
    pub(super) to_role: Option<Sym>,
    pub(super) to_note: Option<Sym>,
    pub(super) date: Option<PartialDate>,
    pub(super) announced_on: Option<PartialDate>,
    pub(super) confidence: f64,
    pub(super) n_articles: usize,
    /// Sorted by the day of the article, then by its number.
    pub(super) tellings: Vec<Telling>,
    /// The event of the predecessor in the same seat, by its place in the list of events.
    pub(super) succeeds: Option<u32>,
}

/// Joins events that say the same of a person: from where to where, as what, when, and how it stands.
///
/// What their tellings differ in (an origin that only one of two claims of an article gives) decided that they are
/// two; where no column shows it, they are one. The day of the news does not tell two moves of one day apart, nor
/// does the manner. Without a day, two moves of one kind years apart are two.
pub(super) fn distinct(context: Context<'_>, facts: &Facts, events: Vec<Event>) -> Vec<Event> {
    // The earliest news first: a row's own day then stays, whatever joins it.
    let mut order: Vec<(usize, Event)> = events.into_iter().enumerate().collect();
    order.sort_by_key(|(i, e)| (e.announced_on, *i));
    let mut out: Vec<(usize, Event)> = Vec::with_capacity(order.len());
    for (i, new) in order {
        let row = |e: &Event| {
            let how = (e.kind, e.status, e.to_note, e.date);
            (how, (e.from, e.to, e.from_role, e.to_role))
        };
        let one_time = |old: &Event| match (old.announced_on, new.announced_on) {
            (Some(a), Some(b)) => old.date.is_some() || gap(a, b) <= NEWS_LIFE,
            _ => true,
        };
        match out.iter_mut().find(|(_, old)| row(old) == row(&new) && one_time(old)) {
            Some((_, old)) => {
                let tellings = [std::mem::take(&mut old.tellings), new.tellings].concat();
                let both = event(context, facts, old.person, tellings);
                old.tellings = both.tellings;
                old.n_articles = both.n_articles;
                old.confidence = both.confidence;
                old.manner = both.manner;
                old.announced_on = both.announced_on;
            }
            None => out.push((i, new)),
        }
    }
    out.sort_unstable_by_key(|(i, _)| *i);
    out.into_iter().map(|(_, event)| event).collect()
}

/// Returns the row of one event from its tellings.
pub(super) fn event(
    context: Context<'_>,
    facts: &Facts,
    person: u32,
    mut tellings: Vec<Telling>,
) -> Event {
    tellings.sort_by_key(|t| (t.said_on.is_none(), t.said_on, t.article, t.claim));
    let all: Vec<&Telling> = tellings.iter().collect();
    let status = final_status(&all);
    // A detail of a rumour does not stand beside facts: the open tellings speak only where no other does.
    let sure = |t: &Telling| !matches!(t.status, Status::Rumoured);
    let voices = voices(&all, sure);

    let internal = |t: &Telling| context.internal(t);
    let stays = tellings.iter().any(internal);
    let inside: Vec<(&Telling, f64)> =
        voices.iter().filter(|(t, _)| !stays || internal(t)).copied().collect();
    let from = firm(context, &inside, |t| t.from);
    let to = firm(context, &inside, |t| t.to);
    let kind = kind(context, &voices, from, to, stays);
    let from_role = role(context, facts, &voices, |t| t.from_role);
    let to_role = role(context, facts, &voices, |t| t.to_role);
    let dates: Vec<(PartialDate, f64)> =
        voices.iter().filter_map(|(t, weight)| Some((t.date?, *weight))).collect();
    let mut manners: Vec<(f64, Manner)> = Vec::new();
    let mut notes: Vec<(f64, Sym)> = Vec::new();
    for (t, weight) in &voices {
        let m = &facts.moves[t.claim as usize];
        manners.extend(m.manner.map(|manner| (*weight, manner)));
        notes.extend(m.to_note.map(|note| (*weight, note)));
    }
    let mut originals: Vec<u32> = tellings.iter().map(|t| t.original).collect();
    originals.sort_unstable();
    originals.dedup();
    let announced_on = tellings
        .iter()
        .filter(|t| matches!(t.status, Status::Announced | Status::Completed))
        .find_map(|t| t.said_on);
    let confidence = certainty(tellings.iter().map(|t| (t.original, t.confidence)));
    Event {
        person,
        kind,
        status,
        manner: most(manners),
        from,
        to,
        from_role,
        to_role,
        to_note: if to.is_none() { most(notes) } else { None },
        date: best(&dates),
        announced_on,
        confidence,
        n_articles: originals.len(),
        tellings,
        succeeds: None,
    }
}

/// Returns the tellings that speak for the slots, each with its weight: copies share the weight of one.
fn voices<'a>(
    tellings: &[&'a Telling],
    sure: impl Fn(&Telling) -> bool,
) -> Vec<(&'a Telling, f64)> {
    let speaking: Vec<&Telling> = if tellings.iter().any(|t| sure(t)) {
        tellings.iter().copied().filter(|t| sure(t)).collect()
    } else {
        tellings.to_vec()
    };
    let mut copies: IndexMap<u32, f64, FxBuildHasher> = IndexMap::default();
    for t in &speaking {
        *copies.entry(t.original).or_default() += 1.0;
    }
    speaking.iter().map(|t| (*t, t.confidence.clamp(0.05, 1.0) / copies[&t.original])).collect()
}

/// Returns how sure a row is from its sources, each as (original article, confidence).
///
/// Sources are independent but for copies: each leaves the share of doubt that its confidence leaves.
pub(super) fn certainty(sources: impl Iterator<Item = (u32, f64)>) -> f64 {
    let mut best: IndexMap<u32, f64, FxBuildHasher> = IndexMap::default();
    for (original, confidence) in sources {
        let own = best.entry(original).or_default();
        *own = own.max(confidence.clamp(0.0, 1.0));
    }
    // In a fixed order, as a product of floats depends on it.
    best.sort_unstable_keys();
    let doubt: f64 = best.values().map(|confidence| 1.0 - confidence).product();
    1.0 - doubt
}

/// Returns the value of most weight; the smaller one of two equal ones.
fn most<T: Ord + Copy>(mut list: Vec<(f64, T)>) -> Option<T> {
    list.sort_by_key(|x| x.1);
    let mut best: Option<(f64, T)> = None;
    let mut i = 0;
    while i < list.len() {
        let value = list[i].1;
        let mut weight = 0.0;
        while i < list.len() && list[i].1 == value {
            weight += list[i].0;
            i += 1;
        }
        if best.is_none_or(|(w, _)| weight > w + 1e-9) {
            best = Some((weight, value));
        }
    }
    best.map(|(_, value)| value)
}

/// Returns the firm that most sources name; a unit speaks for its parent too, and wins over it when told as often.
fn firm(
    context: Context<'_>,
    voices: &[(&Telling, f64)],
    slot: impl Fn(&Telling) -> Option<u32>,
) -> Option<u32> {
    let mut votes: IndexMap<u32, f64, FxBuildHasher> = IndexMap::default();
    for (t, weight) in voices {
        if let Some(firm) = slot(t) {
            *votes.entry(firm).or_default() += weight;
        }
    }
    let mut options: Vec<(f64, f64, u32)> = votes
        .iter()
        .map(|(firm, own)| {
            let group: f64 = votes
                .iter()
                .filter(|(other, _)| context.firms.related(*firm, **other))
                .map(|(_, weight)| weight)
                .sum();
            let unit = votes.keys().any(|other| context.firms.within(*firm, *other));
            (group, own + if unit { 0.05 } else { 0.0 }, *firm)
        })
        .collect();
    options.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
    options.first().map(|o| o.2)
}

fn kind(
    context: Context<'_>,
    voices: &[(&Telling, f64)],
    from: Option<u32>,
    to: Option<u32>,
    stays: bool,
) -> Kind {
    let told = |kind: Kind| voices.iter().any(|(t, _)| t.kind == kind);
    if to.is_none() {
        return if told(Kind::RoleChange) { Kind::RoleChange } else { Kind::Departure };
    }
    let among = |kinds: &[Kind]| {
        most(
            voices
                .iter()
                .filter(|(t, _)| t.to.is_some() && kinds.contains(&t.kind))
                .map(|(t, weight)| (*weight, t.kind))
                .collect(),
        )
    };
    if stays {
        // One article's "is now chairman" is another's promotion: who tells the old post there knows more.
        let inner = voices.iter().filter(|(t, _)| context.internal(t));
        let kinds: Vec<(f64, Kind)> = inner.map(|(t, weight)| (*weight, t.kind)).collect();
        return most(kinds).unwrap_or(Kind::RoleChange);
    }
    // That a firm is one's own, or one that was left before, is told by some and left out by others.
    for special in [Kind::Founding, Kind::Return] {
        let own: f64 = voices.iter().filter(|(t, _)| t.kind == special).map(|(_, w)| w).sum();
        let all: f64 = voices.iter().filter(|(t, _)| t.to.is_some()).map(|(_, w)| w).sum();
        if own > 0.0 && own >= 0.34 * all {
            return special;
        }
    }
    let _ = from;
    among(&[Kind::Hire, Kind::RoleChange]).unwrap_or(Kind::Hire)
}

/// Returns the title that most sources tell, in the words of the one that says most.
fn role(
    context: Context<'_>,
    facts: &Facts,
    voices: &[(&Telling, f64)],
    slot: impl Fn(&Telling) -> Option<Sym>,
) -> Option<Sym> {
    let told: Vec<(Sym, f64)> =
        voices.iter().filter_map(|(t, weight)| Some((slot(t)?, *weight))).collect();
    best_role(context, facts, &told)
}

/// Returns the title of most weight among `told`: titles that go together support each other; the written form is
/// that of most weight, then the one of most words, then the first in the alphabet.
pub(super) fn best_role(context: Context<'_>, facts: &Facts, told: &[(Sym, f64)]) -> Option<Sym> {
    let mut options: Vec<(f64, f64, usize, Sym)> = Vec::new();
    for (role, _) in told {
        if options.iter().any(|o| o.3 == *role) {
            continue;
        }
        let title = &context.titles[role];
        let support: f64 = told
            .iter()
            .map(|(other, weight)| match compare(title, &context.titles[other]) {
                TitleMatch::Same => *weight,
                TitleMatch::Compatible => 0.5 * weight,
                TitleMatch::Different => 0.0,
            })
            .sum();
        let own: f64 = told.iter().filter(|(other, _)| other == role).map(|(_, w)| w).sum();
        options.push((support, own, facts.text(*role).split(' ').count(), *role));
    }
    options.sort_by(|a, b| {
        b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1)).then(b.2.cmp(&a.2)).then(a.3.cmp(&b.3))
    });
    options.first().map(|o| o.3)
}

/// Days between a predecessor's exit and the successor's start: a search takes up to a year, a handover overlaps.
const SUCCESSION: std::ops::RangeInclusive<i32> = -60..=400;

/// Links each event that fills a seat with the one by which it was left: same firm, same title, the nearest in time.
pub(super) fn succession(context: Context<'_>, events: &mut [Event]) {
    let undone = |e: &Event| matches!(e.status, Status::Failed | Status::Denied);
    let day = |e: &Event| e.date.map(|d| range(d).0).or_else(|| e.announced_on.map(|d| range(d).0));
    // For each firm and title left, who left it when: a firm of thousands of exits has some hundred titles.
    type Exits = Vec<(i32, u32)>;
    let mut left: IndexMap<u32, IndexMap<Sym, Exits, FxBuildHasher>, FxBuildHasher> =
        IndexMap::default();
    for (i, e) in events.iter().enumerate() {
        if let (Some(firm), Some(role), Some(day), false) = (e.from, e.from_role, day(e), undone(e))
        {
            left.entry(firm).or_default().entry(role).or_default().push((day, i as u32));
        }
    }
    left.values_mut()
        .flat_map(|titles| titles.values_mut())
        .for_each(|exits| exits.sort_unstable());
    let found: Vec<Option<u32>> = events
        .par_iter()
        .map(|e| {
            let (Some(firm), Some(role), Some(start), false) = (e.to, e.to_role, day(e), undone(e))
            else {
                return None;
            };
            let title = &context.titles[&role];
            let nearest = left.get(&firm)?.iter().filter_map(|(other, exits)| {
                let same = compare(&context.titles[other], title) == TitleMatch::Same;
                same.then(|| nearest_exit(exits, start, |i| events[i as usize].person != e.person))?
            });
            nearest.min().map(|(_, _, exit)| exit)
        })
        .collect();
    for (event, exit) in events.iter_mut().zip(found) {
        event.succeeds = exit;
    }
}

/// Returns the exit nearest to the day `start`, as (distance, day, exit); of two as near the earlier one.
fn nearest_exit(
    exits: &[(i32, u32)],
    start: i32,
    is_other: impl Fn(u32) -> bool,
) -> Option<(i32, i32, u32)> {
    let (earliest, latest) = (start - SUCCESSION.end(), start - SUCCESSION.start());
    let middle = exits.partition_point(|exit| exit.0 < start);
    let mut found: Option<(i32, i32, u32)> = None;
    let mut see = |(day, exit): (i32, u32)| -> bool {
        let distance = (start - day).abs();
        if found.is_some_and(|(d, _, _)| distance > d) {
            return false;
        }
        if is_other(exit) {
            let new = (distance, day, exit);
            found = Some(found.map_or(new, |old| old.min(new)));
        }
        true
    };
    for exit in exits[..middle].iter().rev().take_while(|exit| exit.0 >= earliest) {
        if !see(*exit) {
            break;
        }
    }
    for exit in exits[middle..].iter().take_while(|exit| exit.0 <= latest) {
        if !see(*exit) {
            break;
        }
    }
    found
}

/// Returns whether a telling's date agrees with the row's.
pub(super) fn date_agrees(told: PartialDate, row: Option<PartialDate>) -> bool {
    row.is_some_and(|row| gap(told, row) == 0)
}
