//! Moves: one row for each real event.
//!
//! Of the tellings of one event each slot is the one told most surely; kind and organisations are chosen together, as
//! one reading, by a trained model.

use super::context::{Context, Side};
use super::events::{KIND_CLASSES, Telling, best};
use super::linear::{Features, Weights, feat, softmax};
use super::net::grade;
use super::positions::Holding;
use crate::lang::{Class, Part};
use crate::model::{Kind, Status};
use std::collections::BTreeMap;

/// A fused event.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) tellings: Vec<usize>,
    pub(crate) person: usize,
    pub(crate) from: Option<usize>,
    pub(crate) to: Option<usize>,
    pub(crate) from_role: Option<usize>,
    pub(crate) to_role: Option<usize>,
    pub(crate) date: Option<usize>,
    pub(crate) kind: Kind,
    pub(crate) status: Status,
    /// Trigger of the surest telling.
    pub(crate) lead: usize,
    pub(crate) p: f32,
    /// How likely the article tells of a move of this person of which some of this is right.
    pub(crate) real: f32,
}

/// Returns the choice told most surely in total; "none" counts only where no telling has one.
fn choose(options: impl Iterator<Item = (Option<usize>, f32)>) -> (Option<usize>, f32) {
    let mut sums: Vec<(usize, f32)> = Vec::new();
    let mut none = 0f32;
    for (option, p) in options {
        match option {
            None => none += p,
            Some(x) => match sums.iter_mut().find(|(y, _)| *y == x) {
                Some((_, sum)) => *sum += p,
                None => sums.push((x, p)),
            },
        }
    }
    match sums.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))) {
        Some((x, p)) => (Some(x), p),
        None => (None, none),
    }
}

/// Returns the event that a group of tellings makes, its kind, organisations and confidence still open.
pub(crate) fn fuse(context: &Context<'_>, tellings: &[Telling], group: &[usize]) -> Event {
    let of = |i: &usize| &tellings[*i];
    let from_role = choose(group.iter().map(of).map(|t| (t.from_role.0, t.from_role.1 * t.p))).0;
    let to_role = choose(group.iter().map(of).map(|t| (t.to_role.0, t.to_role.1 * t.p))).0;
    let mut status = [0f32; 5];
    for t in group.iter().map(of) {
        for (sum, p) in status.iter_mut().zip(t.status) {
            *sum += p * t.p;
        }
    }
    let date = group
        .iter()
        .map(of)
        .filter(|t| t.date.is_some())
        .max_by(|a, b| {
            date_weight(context, a)
                .total_cmp(&date_weight(context, b))
                .then(b.trigger.cmp(&a.trigger))
        })
        .and_then(|t| t.date);
    Event {
        tellings: group.to_vec(),
        person: tellings[group[0]].person,
        from: None,
        to: None,
        from_role,
        to_role,
        date,
        kind: Kind::Hire,
        status: Status::ALL[best(&status)],
        lead: group
            .iter()
            .map(of)
            .max_by(|a, b| a.p.total_cmp(&b.p).then(b.trigger.cmp(&a.trigger)))
            .map_or(0, |t| t.trigger),
        p: 0.0,
        real: 0.0,
    }
}

/// Organisations (or none) with their probabilities.
type Choices = Vec<(Option<usize>, f32)>;

/// A kind and two organisations that a group of tellings may mean.
pub(crate) type Reading = (Kind, Option<usize>, Option<usize>);

/// How surely the tellings of a group name an organisation on a side.
struct Support {
    /// Of the triggers that are about this side.
    own: f32,
    /// Of the others.
    other: f32,
}

fn support(tellings: &[Telling], group: &[usize], side: Side, firm: Option<usize>) -> Support {
    let mut support = Support { own: 0.0, other: 0.0 };
    for t in group.iter().map(|i| &tellings[*i]) {
        let choices = if side == Side::Leave { &t.from_choices } else { &t.to_choices };
        let p = choices.iter().find(|(x, _)| *x == firm).map_or(0.0, |(_, p)| *p) * t.p.sqrt();
        let slot = if t.side == side { &mut support.own } else { &mut support.other };
        *slot = slot.max(p);
    }
    support
}

/// Returns the readings of a group that its tellings support.
pub(crate) fn readings(tellings: &[Telling], holdings: &[Holding], event: &Event) -> Vec<Reading> {
    // Where the person works or worked may stand in sentences that tell no move.
    let mut held: Vec<usize> = holdings
        .iter()
        .filter(|h| h.person == event.person && h.p_person > 0.5)
        .filter_map(|h| h.firm)
        .collect();
    held.sort_unstable();
    held.dedup();
    held.truncate(5);
    let side = |get: fn(&Telling) -> &Choices| {
        let mut best: BTreeMap<Option<usize>, f32> = BTreeMap::new();
        best.insert(None, 0.0);
        for t in event.tellings.iter().map(|i| &tellings[*i]) {
            for (firm, p) in get(t).iter().take(6) {
                let entry = best.entry(*firm).or_insert(0.0);
                *entry = entry.max(p * t.p);
            }
        }
        let mut list: Vec<(Option<usize>, f32)> =
            best.into_iter().filter(|(x, p)| x.is_none() || *p > 0.02).collect();
        list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        list.truncate(7);
        for firm in held.iter().copied().map(Some).chain([None]) {
            if !list.iter().any(|(x, _)| *x == firm) {
                list.push((firm, 0.0));
            }
        }
        list
    };
    let (from, to) = (side(|t| &t.from_choices), side(|t| &t.to_choices));
    let mut out = Vec::new();
    for (a, _) in &from {
        for (b, _) in &to {
            // The far side is never the near one in a telling; whether a move is internal is decided here.
            if let Some(x) = b {
                if a.is_none() {
                    out.push((Kind::RoleChange, Some(*x), Some(*x)));
                }
            } else if let Some(x) = a {
                out.push((Kind::RoleChange, Some(*x), Some(*x)));
            }
            let same = a.is_some() && a == b;
            let kinds: &[Kind] = match (a, b) {
                (Some(_), None) => &[Kind::Departure, Kind::Founding, Kind::Hire],
                (None, None) => &[Kind::Departure, Kind::Hire, Kind::Founding],
                _ if same => &[],
                _ => &[Kind::Hire, Kind::Founding, Kind::Return],
            };
            out.extend(kinds.iter().map(|k| (*k, *a, *b)));
        }
    }
    out
}

fn step(p: f32) -> u8 {
    match p {
        p if p < 0.03 => 0,
        p if p < 0.1 => 1,
        p if p < 0.25 => 2,
        p if p < 0.45 => 3,
        p if p < 0.65 => 4,
        p if p < 0.85 => 5,
        _ => 6,
    }
}

/// Fills `f` with the features of one reading of a group.
pub(crate) fn reading_features(
    context: &Context<'_>,
    tellings: &[Telling],
    holdings: &[Holding],
    event: &Event,
    reading: &Reading,
    f: &mut Features,
) {
    let (kind, from, to) = *reading;
    f.begin("read");
    let same = from.is_some() && from == to;
    let shape = format!("{}{}{}", u8::from(from.is_some()), u8::from(to.is_some()), u8::from(same));
    feat!(f, kind);
    feat!(f, kind, "/", shape);
    // What each telling takes the kind for.
    let class = KIND_CLASSES.iter().position(|c| c[1..] == *kind.as_str()).unwrap_or(0);
    let all: f32 = event.tellings.iter().map(|i| tellings[*i].p).sum();
    let mean: f32 =
        event.tellings.iter().map(|i| tellings[*i].p * tellings[*i].kinds[class]).sum::<f32>()
            / all.max(1e-6);
    let most = event
        .tellings
        .iter()
        .map(|i| tellings[*i].p * tellings[*i].kinds[class])
        .fold(0.0, f32::max);
    feat!(f, "kind=", step(mean));
    feat!(f, "kind=", step(mean), "/", kind);
    feat!(f, "kind=", step(mean), "/", shape);
    feat!(f, "most=", step(most), "/", kind);
    let mut classes: Vec<&str> = event
        .tellings
        .iter()
        .filter(|i| tellings[**i].p > 0.5)
        .map(|i| context.doc.triggers[tellings[*i].trigger].class.as_str())
        .collect();
    classes.sort_unstable();
    classes.dedup();
    for class in &classes {
        feat!(f, "class=", class, "/", kind);
        feat!(f, "class=", class, "/", shape);
    }
    let leaves =
        event.tellings.iter().any(|i| tellings[*i].side == Side::Leave && tellings[*i].p > 0.5);
    let joins =
        event.tellings.iter().any(|i| tellings[*i].side == Side::Join && tellings[*i].p > 0.5);
    feat!(f, "sides=", leaves, joins, "/", kind, "/", shape);
    for t in event.tellings.iter().map(|i| &tellings[*i]).filter(|t| t.p > 0.5) {
        feat!(f, "word=", context.doc.triggers[t.trigger].lemma, t.suffix, "/", kind);
    }
    let (sf, st) = (
        support(tellings, &event.tellings, Side::Leave, from),
        support(tellings, &event.tellings, Side::Join, to),
    );
    for (name, s, firm) in [("from", &sf, from), ("to", &st, to)] {
        let none = u8::from(firm.is_none());
        feat!(f, name, ".own=", step(s.own), "/", none);
        feat!(f, name, ".other=", step(s.other), "/", none);
        feat!(f, name, "=", step(s.own), step(s.other), "/", none, "/", shape);
        feat!(f, name, ".none=", step(s.own.max(s.other)), "/", none, "/sides=", leaves, joins);
        if let Some(firm) = firm {
            feat!(f, name, ".rank=", context.rank[firm].min(3));
            let (mut now, mut before) = (false, false);
            let mut first = true;
            for h in holdings.iter().filter(|h| h.person == event.person && h.p_person > 0.5) {
                if h.firm == Some(firm) {
                    now |= !h.former;
                    before |= h.former;
                } else if !now && !before && h.former && h.firm != to {
                    first = false;
                }
            }
            feat!(
                f,
                name,
                ".held=",
                now,
                before,
                "/first=",
                first,
                "/",
                step(s.own),
                step(s.other)
            );
            feat!(f, name, ".held=", now, before, "/", kind);
            feat!(f, name, ".held=", now, before, "/", shape);
        }
    }
    if let Some(firm) = to.filter(|_| same) {
        let near = support(tellings, &event.tellings, Side::Leave, Some(firm));
        let far = support(tellings, &event.tellings, Side::Join, Some(firm));
        feat!(f, "inside=", step(near.own), step(far.own));
        let (mut now, mut before, mut titled) = (false, false, false);
        for h in holdings
            .iter()
            .filter(|h| h.person == event.person && h.firm == Some(firm) && h.p_person > 0.5)
        {
            now |= !h.former;
            before |= h.former;
            titled |= h.role.is_some() && h.role == event.from_role;
        }
        feat!(f, "inside.held=", now, before, titled);
    } else if let Some(firm) = to {
        let now = holdings.iter().any(|h| {
            h.person == event.person
                && h.firm == Some(firm)
                && !h.former
                && h.p_person > 0.5
                && h.role != event.to_role
        });
        feat!(f, "outside.held=", now);
    }
    // What the neural reader says of it.
    let seen = |t: &Telling| {
        let p = |answers: &super::net::Answers, firm| answers.of(firm).max(1e-4);
        let firms = p(&t.seen.from, from) * p(&t.seen.to, to);
        (firms, firms * t.seen.kinds.get(class).copied().unwrap_or(0.0).max(1e-4))
    };
    let (mut firms, mut whole, mut total) = (0f32, 0f32, 0f32);
    for t in event.tellings.iter().map(|i| &tellings[*i]) {
        let (a, b) = seen(t);
        firms += a.ln() * t.p;
        whole += b.ln() * t.p;
        total += t.p;
    }
    let (firms, whole) = ((firms / total.max(1e-6)).exp(), (whole / total.max(1e-6)).exp());
    feat!(f, "seen.firms=", grade(firms));
    feat!(f, "seen.firms=", grade(firms), "/", shape);
    feat!(f, "seen.all=", grade(whole));
    feat!(f, "seen.all=", grade(whole), "/", kind);
    feat!(f, "both=", step(sf.own.max(sf.other).min(st.own.max(st.other))), "/", shape);
    feat!(f, "roles=", event.from_role.is_some(), event.to_role.is_some(), "/", kind, "/", shape);
    feat!(f, "firms=", context.firms_by_rank.len().min(4), "/", shape);
    // Organisations that the reading leaves out although the tellings name them.
    let unused = |side: Side, firm: Option<usize>| {
        event.tellings.iter().map(|i| &tellings[*i]).filter(|t| t.side == side).any(|t| {
            let choices = if side == Side::Leave { &t.from_choices } else { &t.to_choices };
            t.p > 0.6 && choices.first().is_some_and(|(x, p)| x.is_some() && *x != firm && *p > 0.6)
        })
    };
    feat!(f, "unused=", unused(Side::Leave, from), unused(Side::Join, to));
}

/// Sets kind and organisations of an event to its likeliest reading, and its confidence to that reading's probability.
pub(crate) fn set_reading(
    context: &Context<'_>,
    tellings: &[Telling],
    holdings: &[Holding],
    event: &mut Event,
    weights: &Weights,
    f: &mut Features,
) {
    let readings = readings(tellings, holdings, event);
    let scores: Vec<f32> = readings
        .iter()
        .map(|r| {
            reading_features(context, tellings, holdings, event, r, f);
            weights.score(&f.ids)
        })
        .collect();
    let p = softmax(&scores);
    let top = best(&p);
    if let Some(reading) = readings.get(top) {
        (event.kind, event.from, event.to) = *reading;
    }
    event.p = p[top];
}

fn date_weight(context: &Context<'_>, t: &Telling) -> f32 {
    let exact =
        t.date.map_or(0.0, |d| match (context.dates[d].date.month, context.dates[d].date.day) {
            (Some(_), Some(_)) => 0.2,
            (Some(_), None) => 0.15,
            _ => 0.0,
        });
    t.p + exact
}

/// Fills `f` with what tells whether an event is a move at all, told with the right organisations.
pub(crate) fn keep_features(
    context: &Context<'_>,
    tellings: &[Telling],
    holdings: &[Holding],
    event: &Event,
    all: &[Event],
    f: &mut Features,
) {
    f.begin("keep");
    event_features(context, tellings, holdings, event, all, f);
}

/// Fills `f` with what tells whether an event is a move at all, some of which may be wrong; `right` is how likely all is right.
pub(crate) fn real_features(
    context: &Context<'_>,
    tellings: &[Telling],
    holdings: &[Holding],
    (event, right): (&Event, f32),
    all: &[Event],
    f: &mut Features,
) {
    f.begin("real");
    event_features(context, tellings, holdings, event, all, f);
    feat!(f, "right=", (right * 10.0).floor());
    feat!(f, "right=", (right * 10.0).floor(), "/", event.status);
}

fn event_features(
    context: &Context<'_>,
    tellings: &[Telling],
    holdings: &[Holding],
    event: &Event,
    all: &[Event],
    f: &mut Features,
) {
    feat!(f, "bias");
    // What the other events of the article take for themselves.
    let strength = |e: &Event| e.p * e.tellings.iter().map(|i| tellings[*i].p).fold(0.0, f32::max);
    let own = strength(event);
    let (mut stronger, mut weaker, mut clash) = (0, 0, "");
    for other in all.iter().filter(|o| o.person == event.person && o.tellings != event.tellings) {
        if strength(other) < own {
            weaker += 1;
            continue;
        }
        stronger += 1;
        if other.to.is_some() && other.to == event.to {
            clash = "to";
        } else if other.from.is_some() && other.from == event.from {
            clash = "from";
        } else if other.to.is_some() && other.to == event.from {
            clash = "chain";
        }
    }
    let firms_seen = |t: &Telling| t.seen.from.of(event.from) * t.seen.to.of(event.to);
    let most = event.tellings.iter().map(|i| firms_seen(&tellings[*i])).fold(0.0, f32::max);
    feat!(f, "seen=", grade(most));
    feat!(f, "seen=", grade(most), "/", event.kind);
    feat!(f, "stronger=", stronger.min(3));
    feat!(f, "weaker=", weaker.min(2));
    feat!(f, "clash=", clash, "/", event.kind);
    feat!(f, "clash=", clash, "/stronger=", stronger.min(2));
    // Whether its words tell of somebody else rather.
    let rivals = event
        .tellings
        .iter()
        .filter(|i| {
            let t = &tellings[**i];
            let first = tellings.partition_point(|o| o.trigger < t.trigger);
            tellings[first..]
                .iter()
                .take_while(|o| o.trigger == t.trigger)
                .any(|o| o.suffix == t.suffix && o.person != t.person && o.p > t.p)
        })
        .count();
    feat!(f, "rivals=", rivals.min(2), "/", event.tellings.len().min(3));
    feat!(f, "strength=", (own * 10.0).floor());
    let max_p = event.tellings.iter().map(|i| tellings[*i].p).fold(0.0, f32::max);
    feat!(f, "p=", (max_p * 10.0).floor());
    let n = event.tellings.len();
    feat!(f, "n=", n.min(4));
    feat!(f, "p=", (max_p * 5.0).floor(), "/n=", n.min(3));
    let shape = format!(
        "{}{}{}",
        u8::from(event.from.is_some()),
        u8::from(event.to.is_some()),
        u8::from(event.from.is_some() && event.from == event.to)
    );
    feat!(f, "shape=", shape);
    feat!(f, "kind=", event.kind, "/shape=", shape);
    feat!(f, "status=", event.status);
    feat!(f, "status=", event.status, "/kind=", event.kind);
    feat!(f, "roles=", event.from_role.is_some(), event.to_role.is_some(), "/", event.kind);
    let side_p = |get: fn(&Telling) -> (Option<usize>, f32), want: Option<usize>| {
        event
            .tellings
            .iter()
            .map(|i| get(&tellings[*i]))
            .filter(|(x, _)| *x == want)
            .map(|(_, p)| p)
            .fold(0.0, f32::max)
    };
    let (pf, pt) = (side_p(|t| t.from, event.from), side_p(|t| t.to, event.to));
    feat!(f, "pf=", (pf * 5.0).floor(), "/", event.from.is_some());
    feat!(f, "pt=", (pt * 5.0).floor(), "/", event.to.is_some());
    feat!(f, "pall=", (pf * pt * max_p * 8.0).floor());
    feat!(f, "reading=", (event.p * 10.0).floor());
    feat!(f, "reading=", (event.p * 5.0).floor(), "/p=", (max_p * 4.0).floor());
    let total: f32 = 1.0 - event.tellings.iter().map(|i| 1.0 - tellings[*i].p).product::<f32>();
    feat!(f, "total=", (total * 10.0).floor());
    let mut best_sense = None;
    let mut parts = [false; 3];
    for i in &event.tellings {
        let trigger = &context.doc.triggers[tellings[*i].trigger];
        feat!(f, "class=", trigger.class.as_str());
        feat!(f, "word=", trigger.lemma);
        best_sense =
            Some(best_sense.map_or(trigger.sense, |s: crate::lang::Sense| s.min(trigger.sense)));
        parts[match trigger.part {
            Part::Verb => 0,
            Part::Noun => 1,
            Part::Phrase => 2,
        }] = true;
        if trigger.negated {
            feat!(f, "negated/", event.status);
        }
        if trigger.class == Class::Candidate {
            feat!(f, "candidate/", event.status);
        }
    }
    feat!(f, "sense=", format_args!("{best_sense:?}"));
    feat!(f, "parts=", parts[0], parts[1], parts[2], "/n=", n.min(2));
    let person = &context.entities.list[event.person];
    feat!(f, "rank=", context.rank[event.person].min(4));
    feat!(f, "count=", person.count.min(4));
    feat!(f, "words=", person.forms.iter().map(Vec::len).max().unwrap_or(1).min(3));
    feat!(f, "person-p=", (person.p * 5.0).floor());
    for (side, firm) in [("from", event.from), ("to", event.to)] {
        if let Some(firm) = firm {
            let e = &context.entities.list[firm];
            feat!(f, side, "-p=", (e.p * 5.0).floor());
            feat!(f, side, "-rank=", context.rank[firm].min(3));
            feat!(f, side, "-media=", e.media);
        }
    }
    let in_title = event.tellings.iter().any(|i| {
        (context.doc.sentence_of[context.doc.triggers[tellings[*i].trigger].tokens.start] as usize)
            < context.doc.title
    });
    feat!(f, "title=", in_title);
    let held = holdings.iter().any(|h| {
        h.person == event.person
            && h.p_person > 0.5
            && h.firm.is_some()
            && (h.firm == event.from || h.firm == event.to)
    });
    feat!(f, "held=", held);
    feat!(f, "dated=", event.date.is_some());
}
