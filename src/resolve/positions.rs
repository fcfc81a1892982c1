//! Positions: a person's claims of posts, merged into holdings with a start and an end.

use super::claims::{Facts, Sym};
use super::dates::{best, gap, range};
use super::moves::{Event, best_role, certainty};
use super::roles::{TitleMatch, compare};
use super::tellings::Context;
use crate::model::{PartialDate, Status, Tense};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// A holding with its slots decided.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Holding {
    pub(super) person: u32,
    pub(super) firm: Option<u32>,
    pub(super) role: Option<Sym>,
    pub(super) tense: Tense,
    pub(super) said_on: Option<PartialDate>,
    pub(super) started_on: Option<PartialDate>,
    pub(super) ended_on: Option<PartialDate>,
    pub(super) n_articles: usize,
    pub(super) confidence: f64,
    /// Places of its claims in the facts.
    pub(super) claims: Vec<u32>,
}

/// Days between the end of one holding and the start of the next of the same post, from which they are two.
const BREAK: i32 = 90;

/// Returns the holdings of one person from its claims of posts.
pub(super) fn holdings(
    context: Context<'_>,
    facts: &Facts,
    originals: &[u32],
    person: u32,
    claims: &[u32],
) -> Vec<Holding> {
    let firm_of = |claim: u32| context.firms.of_position[claim as usize];
    // What a hundred articles say in the same words is compared once.
    let mut kinds: IndexMap<_, Vec<u32>, FxBuildHasher> = IndexMap::default();
    for claim in claims {
        let p = &facts.positions[*claim as usize];
        let title = p.role.map(|r| context.titles[&r].title.as_str());
        let kind = (firm_of(*claim), title, p.started_on, p.ended_on);
        kinds.entry(kind).or_default().push(*claim);
    }
    // Those with a title make the holdings; those without join one of the same firm.
    let mut order: Vec<Vec<u32>> = kinds.into_values().collect();
    order.sort_by_key(|kind| {
        let p = &facts.positions[kind[0] as usize];
        (p.role.is_none(), facts.articles[p.article as usize].date, kind[0])
    });
    let mut groups: Vec<Vec<Vec<u32>>> = Vec::new();
    for kind in order {
        let p = &facts.positions[kind[0] as usize];
        let firm = firm_of(kind[0]);
        let fit = |group: &Vec<Vec<u32>>| -> Option<u8> {
            let mut worst = 2;
            for other in group {
                let q = &facts.positions[other[0] as usize];
                if firm_of(other[0]) != firm {
                    return None;
                }
                let titles = match (p.role, q.role) {
                    (Some(a), Some(b)) => compare(&context.titles[&a], &context.titles[&b]),
                    _ => TitleMatch::Compatible,
                };
                match titles {
                    TitleMatch::Same => {}
                    TitleMatch::Compatible => worst = worst.min(1),
                    TitleMatch::Different => return None,
                }
                let broken = |end: Option<PartialDate>, start: Option<PartialDate>| matches!((end, start), (Some(end), Some(start)) if end < start && gap(end, start) > BREAK);
                if broken(p.ended_on, q.started_on) || broken(q.ended_on, p.started_on) {
                    return None;
                }
            }
            Some(worst)
        };
        let best = groups
            .iter()
            .enumerate()
            .filter_map(|(i, group)| fit(group).map(|f| (f, std::cmp::Reverse(i))))
            .max();
        match best {
            Some((_, std::cmp::Reverse(i))) => groups[i].push(kind),
            None => groups.push(vec![kind]),
        }
    }
    groups
        .into_iter()
        .map(|kinds| {
            let mut claims: Vec<u32> = kinds.into_iter().flatten().collect();
            claims.sort_unstable();
            holding(context, facts, originals, person, firm_of(claims[0]), claims)
        })
        .collect()
}

fn holding(
    context: Context<'_>,
    facts: &Facts,
    originals: &[u32],
    person: u32,
    firm: Option<u32>,
    claims: Vec<u32>,
) -> Holding {
    let facts_of = || claims.iter().map(|c| &facts.positions[*c as usize]);
    let date_of = |article: u32| facts.articles[article as usize].date;
    // The newest article decides whether the post is held; on one day "former" is the later word.
    let newest = facts_of().max_by_key(|p| (date_of(p.article), p.tense == Tense::Former, p.id));
    let mut articles: Vec<u32> = facts_of().map(|p| originals[p.article as usize]).collect();
    articles.sort_unstable();
    articles.dedup();
    let weighted = |slot: &dyn Fn(usize) -> Option<PartialDate>| -> Vec<(PartialDate, f64)> {
        claims
            .iter()
            .filter_map(|c| {
                Some((slot(*c as usize)?, facts.positions[*c as usize].confidence.max(0.05)))
            })
            .collect()
    };
    let roles: Vec<(Sym, f64)> =
        facts_of().filter_map(|p| Some((p.role?, p.confidence.max(0.05)))).collect();
    let confidence = certainty(facts_of().map(|p| (originals[p.article as usize], p.confidence)));
    let tense = newest.map_or(Tense::Current, |p| p.tense);
    let said_on = newest.and_then(|p| date_of(p.article));
    let (starts, ends) =
        (weighted(&|c| facts.positions[c].started_on), weighted(&|c| facts.positions[c].ended_on));
    let (started_on, ended_on) = possible(&starts, &ends);
    // Who is told to hold a post after the day it was told to end holds it: the end stays as a contradiction.
    let ended_on = ended_on
        .filter(|end| tense != Tense::Current || !said_on.is_some_and(|said| before(*end, said)));
    Holding {
        person,
        firm,
        role: best_role(context, facts, &roles),
        tense,
        said_on,
        started_on,
        ended_on,
        n_articles: articles.len(),
        confidence,
        claims,
    }
}

/// Returns the start and the end that most sources tell. Where no post can end before it starts, the better told of
/// the two stays, and of two told equally well the start; the other contradicts the row.
fn possible(
    starts: &[(PartialDate, f64)],
    ends: &[(PartialDate, f64)],
) -> (Option<PartialDate>, Option<PartialDate>) {
    let told = |list: &[(PartialDate, f64)], date: PartialDate| -> f64 {
        list.iter().filter(|(d, _)| d.agrees_with(date)).map(|(_, weight)| weight).sum()
    };
    match (best(starts), best(ends)) {
        (Some(start), Some(end)) if before(end, start) => {
            if told(ends, end) > told(starts, start) + 1e-9 {
                (None, Some(end))
            } else {
                (Some(start), None)
            }
        }
        both => both,
    }
}

/// Returns whether `a` lies before `b` however the two are read.
fn before(a: PartialDate, b: PartialDate) -> bool {
    range(a).1 < range(b).0
}

/// Makes one of holdings that would be the same row, and says for each of the old ones which it became.
pub(super) fn distinct(
    originals: &[u32],
    facts: &Facts,
    holdings: &mut Vec<Holding>,
) -> Vec<usize> {
    let mut place = Vec::with_capacity(holdings.len());
    let mut out: Vec<Holding> = Vec::with_capacity(holdings.len());
    for new in holdings.drain(..) {
        let row = |h: &Holding| (h.firm, h.role, h.started_on, h.ended_on);
        let Some(at) = out.iter().position(|old| row(old) == row(&new)) else {
            place.push(out.len());
            out.push(new);
            continue;
        };
        let old = &mut out[at];
        // The newer word on whether it is held counts; on one day "former" is the later one.
        if (new.said_on, new.tense == Tense::Former) > (old.said_on, old.tense == Tense::Former) {
            (old.said_on, old.tense) = (new.said_on, new.tense);
        }
        old.claims.extend(new.claims);
        old.claims.sort_unstable();
        let of = |claim: &u32| {
            let p = &facts.positions[*claim as usize];
            (originals[p.article as usize], p.confidence)
        };
        let mut articles: Vec<u32> = old.claims.iter().map(|c| of(c).0).collect();
        articles.sort_unstable();
        articles.dedup();
        old.n_articles = articles.len();
        old.confidence = certainty(old.claims.iter().map(of));
        place.push(at);
    }
    *holdings = out;
    place
}

/// Completes announced events that later articles show to be done: whoever is told to hold the new post, or to have
/// held the old one, after the day of the move has moved.
pub(super) fn complete(context: Context<'_>, facts: &Facts, events: &mut [Event], claims: &[u32]) {
    for event in events.iter_mut().filter(|e| e.status == Status::Announced) {
        let told = event.tellings.iter().filter_map(|t| t.said_on).map(|d| range(d).1).max();
        let day = event.date.map(|d| range(d).0).or(told);
        let shown = claims.iter().any(|claim| {
            let p = &facts.positions[*claim as usize];
            let said = facts.articles[p.article as usize].date.map(|d| range(d).0);
            let (Some(said), Some(day)) = (said, day) else { return false };
            if said < day || event.tellings.iter().any(|t| t.article == p.article) {
                return false;
            }
            let firm = context.firms.of_position[*claim as usize];
            let titles = |role: Option<Sym>| match (role, p.role) {
                (Some(a), Some(b)) => compare(&context.titles[&a], &context.titles[&b]),
                _ => TitleMatch::Compatible,
            };
            let inside = context.firms;
            let at =
                |of: Option<u32>| matches!((of, firm), (Some(x), Some(y)) if inside.related(x, y));
            let stays = event.from.is_some() && event.from == event.to;
            match (event.to, p.tense) {
                (Some(_), Tense::Current) => {
                    let same = titles(event.to_role);
                    at(event.to)
                        && if stays {
                            same == TitleMatch::Same
                        } else {
                            same != TitleMatch::Different
                        }
                }
                (None, Tense::Former) => {
                    at(event.from) && titles(event.from_role) != TitleMatch::Different
                }
                _ => false,
            }
        });
        if shown {
            event.status = Status::Completed;
        }
    }
    for i in 0..events.len() {
        if events[i].status == Status::Announced
            && events.iter().any(|later| leaves_what(context, later, &events[i]))
        {
            events[i].status = Status::Completed;
        }
    }
}

/// Returns whether a move that is done leaves what `announced` was to take: then that was taken before.
///
/// A new post at one's own firm was taken where that very post is left later.
fn leaves_what(context: Context<'_>, later: &Event, announced: &Event) -> bool {
    let (Some(left), Some(taken)) = (later.from, announced.to) else { return false };
    let stays = announced.from.is_some_and(|from| context.firms.related(from, taken));
    let titles = match (later.from_role, announced.to_role) {
        (Some(a), Some(b)) => {
            compare(&context.titles[&a], &context.titles[&b]) != TitleMatch::Different
        }
        _ => !stays,
    };
    let first = |e: &Event| e.date.or_else(|| e.tellings.iter().filter_map(|t| t.said_on).min());
    later.status == Status::Completed
        && context.firms.related(left, taken)
        && titles
        && matches!((first(announced), first(later)), (Some(a), Some(b)) if before(a, b))
}

/// The places of the holding that a move leaves and of the one that it takes.
type Posts = (Option<usize>, Option<usize>);

/// Links the events of one person with its holdings, and lets each tell the other what it knows: a completed move
/// starts one holding and ends another.
///
/// Returns for each event the places of the holding left and of the holding taken, and how many holdings that were left
/// are told to be held on a later day.
pub(super) fn link(
    context: Context<'_>,
    events: &[Event],
    holdings: &mut [Holding],
) -> (Vec<Posts>, usize) {
    let mut still_held = 0;
    let mut out = Vec::with_capacity(events.len());
    for event in events {
        let find = |firm: Option<u32>,
                    role: Option<Sym>,
                    holdings: &[Holding],
                    other_time: &dyn Fn(&Holding) -> bool| {
            let firm = firm?;
            holdings
                .iter()
                .enumerate()
                .filter(|(_, h)| h.firm == Some(firm) && !other_time(h))
                .filter_map(|(i, h)| {
                    let fit = match (role, h.role) {
                        (Some(a), Some(b)) => {
                            match compare(&context.titles[&a], &context.titles[&b]) {
                                TitleMatch::Same => 3,
                                TitleMatch::Compatible => 2,
                                TitleMatch::Different => return None,
                            }
                        }
                        _ => 1,
                    };
                    Some((fit, std::cmp::Reverse(i)))
                })
                .max()
                .map(|(_, std::cmp::Reverse(i))| i)
        };
        // A post that began after the move was not left by it, and one that ended before it not taken.
        let later = |h: &Holding| matches!((event.date, h.started_on), (Some(day), Some(start)) if before(day, start));
        let earlier = |h: &Holding| matches!((h.ended_on, event.date), (Some(end), Some(day)) if before(end, day));
        let to = find(event.to, event.to_role, holdings, &earlier);
        let from =
            find(event.from, event.from_role, holdings, &later).filter(|from| Some(*from) != to);
        let done = event.status == Status::Completed;
        let told = event.tellings.iter().filter_map(|t| t.said_on).max();
        if let Some(from) = from {
            let h = &mut holdings[from];
            if done {
                if h.tense != Tense::Former && told >= h.said_on {
                    h.tense = Tense::Former;
                    h.said_on = told;
                }
                // Told later to be held still or again: that day is not the end.
                let held = h.tense == Tense::Current
                    && matches!((event.date, h.said_on), (Some(day), Some(said)) if before(day, said));
                still_held += usize::from(held);
                if h.ended_on.is_none() && !held {
                    h.ended_on = event.date;
                }
            }
        }
        if let Some(to) = to {
            let h = &mut holdings[to];
            if matches!(event.status, Status::Completed | Status::Announced)
                && h.started_on.is_none()
            {
                h.started_on = event.date;
            }
            if done && h.tense == Tense::Future && told >= h.said_on {
                let over =
                    matches!((h.ended_on, told), (Some(end), Some(told)) if before(end, told));
                h.tense = if over { Tense::Former } else { Tense::Current };
                h.said_on = told;
            }
        }
        out.push((from, to));
    }
    (out, still_held)
}
