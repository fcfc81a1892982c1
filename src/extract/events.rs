//! Moves: what each trigger tells, then one row for each real event.
//!
//! A [`Telling`] is one trigger with its person, organisations, titles, day and status. Tellings of one person that a
//! trained merger takes for the same event are fused; of the fused event each slot is the one told most surely.

use super::args::{Anchor, Context, FirmFacts, RoleFacts, Side, sides};
use super::linear::{Features, Weights, feat, logistic, softmax};
use super::names::for_class;
use super::positions::{Holding, firm_choices, people};
use crate::lang::{Class, Part};
use crate::model::{Kind, PartialDate, Status};
use std::collections::BTreeMap;

/// What one trigger tells of one person.
#[derive(Clone, Debug)]
pub(crate) struct Telling {
    pub(crate) trigger: usize,
    pub(crate) side: Side,
    /// Suffix that tells the two people of "X succeeds Y" apart.
    pub(crate) suffix: &'static str,
    pub(crate) person: usize,
    pub(crate) p: f32,
    pub(crate) from: (Option<usize>, f32),
    pub(crate) to: (Option<usize>, f32),
    /// All organisations it may mean on each side, by falling probability.
    pub(crate) from_choices: Vec<(Option<usize>, f32)>,
    pub(crate) to_choices: Vec<(Option<usize>, f32)>,
    pub(crate) from_role: (Option<usize>, f32),
    pub(crate) to_role: (Option<usize>, f32),
    pub(crate) date: Option<usize>,
    pub(crate) status: [f32; 5],
}

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
}

/// Least probability of a telling that is looked at further.
const MIN_TELLING: f32 = 0.25;

pub(crate) const STATUS_CLASSES: [&str; 5] =
    ["#completed", "#announced", "#rumoured", "#failed", "#denied"];

/// Returns what the article's holdings say of a person's organisations.
pub(crate) fn firm_facts(
    holdings: &[Holding],
    person: usize,
    other_side: Option<usize>,
) -> FirmFacts {
    let mut facts = FirmFacts { other_side, ..FirmFacts::default() };
    for h in holdings.iter().filter(|h| h.person == person && h.p_person > 0.5) {
        if let Some(firm) = h.firm {
            if h.former { facts.former.push(firm) } else { facts.current.push(firm) }
        }
    }
    facts.any_current = !facts.current.is_empty();
    facts.any_former = !facts.former.is_empty();
    facts
}

/// Returns the titles that an event may mean: those near its trigger and those of its person, nearest first.
pub(crate) fn role_candidates(
    context: &Context<'_>,
    holdings: &[Holding],
    anchor: &Anchor<'_>,
    person: usize,
) -> Vec<usize> {
    let n = context.doc.sentence_of[anchor.tokens.start] as i64;
    let mut out: Vec<usize> = (0..context.roles.len())
        .filter(|i| {
            let m = i64::from(context.doc.sentence_of[context.roles[*i].tokens.start]);
            m == n
                || holdings
                    .iter()
                    .any(|h| h.person == person && h.role == Some(*i) && h.p_person > 0.5)
        })
        .collect();
    out.sort_by_key(|i| (context.roles[*i].tokens.start.abs_diff(anchor.tokens.start), *i));
    out.truncate(14);
    out
}

/// Returns what is known of title `role` for an event of `person` whose side is at `side_firm`.
pub(crate) fn role_facts(
    holdings: &[Holding],
    role: usize,
    person: usize,
    side_firm: Option<usize>,
    other_firm: Option<usize>,
) -> RoleFacts {
    let mut own = 0;
    let mut tense = "none";
    let mut firm_fit = "none";
    for h in holdings.iter().filter(|h| h.role == Some(role)) {
        let theirs = h.person == person;
        if theirs {
            own = if h.p_person > 0.8 { 3 } else { 2 };
            tense = if h.former { "former" } else { "current" };
        } else if own == 0 && h.p_person > 0.5 {
            own = 1;
        }
        if theirs || firm_fit == "none" {
            firm_fit = match h.firm {
                None => "none",
                f if f == side_firm && f == other_firm => "both",
                f if f == side_firm => "same",
                f if f == other_firm => "opposite",
                _ => "other",
            };
        }
    }
    RoleFacts { own, firm_fit, tense, side_firm }
}

/// Returns what every trigger tells.
pub(crate) fn tellings(
    context: &Context<'_>,
    holdings: &[Holding],
    weights: &Weights,
    f: &mut Features,
) -> Vec<Telling> {
    let mut out = Vec::new();
    for number in 0..context.doc.triggers.len() {
        let trigger = &context.doc.triggers[number];
        for (suffix, side) in sides(trigger.class) {
            let anchor = context.trigger_anchor(trigger, suffix);
            let chosen = people(context, weights, "tp", &anchor, f);
            for (person, _, _, p) in chosen.into_iter().filter(|x| x.3 > MIN_TELLING).take(8) {
                out.push(fill(
                    context, holdings, weights, number, suffix, *side, &anchor, person, p, f,
                ));
            }
        }
    }
    out
}

#[allow(clippy::too_many_arguments, reason = "one call site")]
fn fill(
    context: &Context<'_>,
    holdings: &[Holding],
    weights: &Weights,
    number: usize,
    suffix: &'static str,
    side: Side,
    anchor: &Anchor<'_>,
    person: usize,
    p: f32,
    f: &mut Features,
) -> Telling {
    let (first, second) = if side == Side::Join { ("tt", "tf") } else { ("tf", "tt") };
    let near_choices = firm_choices(
        context,
        weights,
        first,
        anchor,
        person,
        &firm_facts(holdings, person, None),
        f,
    );
    let near = near_choices.first().copied().unwrap_or((None, 0.0));
    let far_choices = firm_choices(
        context,
        weights,
        second,
        anchor,
        person,
        &firm_facts(holdings, person, near.0),
        f,
    );
    // The side that a trigger is not about counts only where it is said plainly.
    let far = far_choices.first().copied().filter(|(_, p)| *p >= 0.5).unwrap_or((None, 0.5));
    let (from, to) = if side == Side::Join { (far, near) } else { (near, far) };
    let (from_choices, to_choices) =
        if side == Side::Join { (far_choices, near_choices) } else { (near_choices, far_choices) };
    let from_role = role(context, holdings, weights, "rolefrom", anchor, person, from.0, to.0, f);
    let to_role = role(context, holdings, weights, "roleto", anchor, person, to.0, from.0, f);
    let date = date(context, weights, anchor, f);
    let status = status(context, weights, anchor, date.map(|d| context.dates[d].date), f);
    Telling {
        trigger: number,
        side,
        suffix,
        person,
        p,
        from,
        to,
        from_choices,
        to_choices,
        from_role,
        to_role,
        date,
        status,
    }
}

#[allow(clippy::too_many_arguments, reason = "two call sites beside each other")]
fn role(
    context: &Context<'_>,
    holdings: &[Holding],
    weights: &Weights,
    model: &str,
    anchor: &Anchor<'_>,
    person: usize,
    side_firm: Option<usize>,
    other_firm: Option<usize>,
    f: &mut Features,
) -> (Option<usize>, f32) {
    let candidates: Vec<Option<usize>> = role_candidates(context, holdings, anchor, person)
        .into_iter()
        .map(Some)
        .chain([None])
        .collect();
    let scores: Vec<f32> = candidates
        .iter()
        .map(|candidate| {
            let facts = role_facts(
                holdings,
                candidate.unwrap_or(usize::MAX),
                person,
                side_firm,
                other_firm,
            );
            context.role_features(model, anchor, *candidate, &facts, f);
            weights.score(&f.ids)
        })
        .collect();
    let p = softmax(&scores);
    (0..candidates.len())
        .max_by(|a, b| p[*a].total_cmp(&p[*b]).then(b.cmp(a)))
        .map_or((None, 0.0), |best| (candidates[best], p[best]))
}

/// Returns the dates that a trigger may mean: those of its sentence and the last one before it.
pub(crate) fn date_candidates(context: &Context<'_>, anchor: &Anchor<'_>) -> Vec<Option<usize>> {
    let n = context.doc.sentence_of[anchor.tokens.start] as usize;
    let range = &context.doc.sentences[n].tokens;
    let a = context.dates.partition_point(|d| d.tokens.start < range.start);
    let z = context.dates.partition_point(|d| d.tokens.start < range.end);
    let mut out: Vec<Option<usize>> = (a..z).map(Some).collect();
    out.extend(context.date_context[n].map(Some));
    out.push(None);
    out
}

fn date(
    context: &Context<'_>,
    weights: &Weights,
    anchor: &Anchor<'_>,
    f: &mut Features,
) -> Option<usize> {
    let candidates = date_candidates(context, anchor);
    let scores: Vec<f32> = candidates
        .iter()
        .map(|candidate| {
            context.date_features(anchor, *candidate, f);
            weights.score(&f.ids)
        })
        .collect();
    (0..candidates.len())
        .max_by(|a, b| scores[*a].total_cmp(&scores[*b]).then(b.cmp(a)))
        .and_then(|best| candidates[best])
}

fn status(
    context: &Context<'_>,
    weights: &Weights,
    anchor: &Anchor<'_>,
    date: Option<PartialDate>,
    f: &mut Features,
) -> [f32; 5] {
    context.status_features(anchor, date, f);
    let scores = STATUS_CLASSES
        .map(|class| f.ids.iter().map(|id| weights.weight(for_class(*id, class))).sum());
    let p = softmax(&scores);
    [p[0], p[1], p[2], p[3], p[4]]
}

fn agree<T: PartialEq>(a: Option<T>, b: Option<T>) -> &'static str {
    match (a, b) {
        (None, None) => "none",
        (Some(a), Some(b)) if a == b => "same",
        (Some(_), Some(_)) => "differ",
        _ => "one",
    }
}

/// Fills `f` with what tells whether two tellings of one person are one event.
pub(crate) fn merge_features(context: &Context<'_>, a: &Telling, b: &Telling, f: &mut Features) {
    let (a, b) = if a.trigger <= b.trigger { (a, b) } else { (b, a) };
    let (ta, tb) = (&context.doc.triggers[a.trigger], &context.doc.triggers[b.trigger]);
    f.begin("merge");
    feat!(f, "bias");
    let sides = format!("{:?}{:?}", a.side, b.side);
    let (from, to) = (agree(a.from.0, b.from.0), agree(a.to.0, b.to.0));
    feat!(f, "sides={sides}");
    feat!(f, "firms={from}/{to}");
    feat!(f, "{sides}/firms={from}/{to}");
    let cross = match (a.from.0, a.to.0, b.from.0, b.to.0) {
        (_, Some(t), Some(g), _) if t == g && a.from.0 != Some(t) => "chain",
        (Some(g), _, _, Some(t)) if t == g && b.from.0 != Some(t) => "chain-back",
        _ => "no",
    };
    feat!(f, "cross={cross}");
    feat!(f, "cross={cross}/{sides}");
    feat!(f, "class={}+{}", ta.class.as_str(), tb.class.as_str());
    let (sa, sb) =
        (context.doc.sentence_of[ta.tokens.start], context.doc.sentence_of[tb.tokens.start]);
    let distance = sb.abs_diff(sa).min(4);
    feat!(f, "distance={distance}");
    feat!(f, "distance={distance}/{sides}");
    feat!(f, "distance={distance}/{sides}/{from}/{to}");
    let (pa, pb) = (
        context.doc.sentences[sa as usize].paragraph,
        context.doc.sentences[sb as usize].paragraph,
    );
    feat!(f, "paragraph={}", u8::from(pa == pb));
    let date = |t: &Telling| t.date.map(|d| context.dates[d].date);
    let when = match (date(a), date(b)) {
        (None, None) => "none",
        (Some(x), Some(y)) if x.agrees_with(y) => "same",
        (Some(x), Some(y)) if x.year != y.year => "years-apart",
        (Some(_), Some(_)) => "differ",
        _ => "one",
    };
    feat!(f, "when={when}");
    feat!(f, "when={when}/{sides}");
    feat!(f, "when={when}/firms={from}/{to}");
    feat!(f, "tense={}+{}/{sides}", ta.tense.as_str(), tb.tense.as_str());
    let roles = (
        agree(role_text(context, a.from_role.0), role_text(context, b.from_role.0)),
        agree(role_text(context, a.to_role.0), role_text(context, b.to_role.0)),
    );
    feat!(f, "roles={}/{}/{sides}", roles.0, roles.1);
    let status = |t: &Telling| best(&t.status);
    feat!(f, "status={}", u8::from(status(a) == status(b)));
    feat!(f, "title={}", u8::from((sa as usize) < context.doc.title));
    let many = context.entities.list[a.person].count;
    feat!(f, "count={}", many.min(4));
}

fn role_text(context: &Context<'_>, role: Option<usize>) -> Option<String> {
    role.map(|r| crate::text::fold(context.doc.words(&context.roles[r].head)))
}

fn best(p: &[f32]) -> usize {
    (0..p.len()).max_by(|a, b| p[*a].total_cmp(&p[*b]).then(b.cmp(a))).unwrap_or(0)
}

/// Returns groups of tellings that are one event each: average linkage, the surest pair of groups first.
pub(crate) fn groups(
    context: &Context<'_>,
    tellings: &[Telling],
    weights: &Weights,
    f: &mut Features,
) -> Vec<Vec<usize>> {
    let mut by_person: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (i, t) in tellings.iter().enumerate() {
        by_person.entry(t.person).or_default().push(i);
    }
    let mut out = Vec::new();
    for members in by_person.into_values() {
        // The surest forty of a person told of endlessly; the rest repeat them.
        let mut kept = members;
        kept.sort_by(|a, b| tellings[*b].p.total_cmp(&tellings[*a].p).then(a.cmp(b)));
        kept.truncate(40);
        kept.sort_unstable();
        let n = kept.len();
        let mut link = vec![vec![0f32; n]; n];
        for i in 0..n {
            for j in i + 1..n {
                merge_features(context, &tellings[kept[i]], &tellings[kept[j]], f);
                let p = logistic(weights.score(&f.ids));
                link[i][j] = p;
                link[j][i] = p;
            }
        }
        let mut groups: Vec<Vec<usize>> = (0..n).map(|i| vec![i]).collect();
        loop {
            let mut best: Option<(f32, usize, usize)> = None;
            for a in 0..groups.len() {
                for b in a + 1..groups.len() {
                    let (mut sum, mut weight) = (0f32, 0f32);
                    for i in &groups[a] {
                        for j in &groups[b] {
                            let w = tellings[kept[*i]].p * tellings[kept[*j]].p;
                            sum += w * link[*i][*j];
                            weight += w;
                        }
                    }
                    let mean = sum / weight.max(1e-6);
                    if mean > 0.5 && best.is_none_or(|(m, ..)| mean > m) {
                        best = Some((mean, a, b));
                    }
                }
            }
            let Some((_, a, b)) = best else { break };
            let moved = groups.remove(b);
            groups[a].extend(moved);
        }
        out.extend(groups.into_iter().map(|g| {
            let mut g: Vec<usize> = g.into_iter().map(|i| kept[i]).collect();
            g.sort_unstable();
            g
        }));
    }
    out.sort();
    out
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
pub(crate) fn readings(tellings: &[Telling], event: &Event) -> Vec<Reading> {
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
        if !list.iter().any(|(x, _)| x.is_none()) {
            list.push((None, 0.0));
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
    feat!(f, "{kind}");
    feat!(f, "{kind}/{shape}");
    let mut classes: Vec<&str> = event
        .tellings
        .iter()
        .filter(|i| tellings[**i].p > 0.5)
        .map(|i| context.doc.triggers[tellings[*i].trigger].class.as_str())
        .collect();
    classes.sort_unstable();
    classes.dedup();
    for class in &classes {
        feat!(f, "class={class}/{kind}");
        feat!(f, "class={class}/{shape}");
    }
    let leaves =
        event.tellings.iter().any(|i| tellings[*i].side == Side::Leave && tellings[*i].p > 0.5);
    let joins =
        event.tellings.iter().any(|i| tellings[*i].side == Side::Join && tellings[*i].p > 0.5);
    feat!(f, "sides={}{}/{kind}/{shape}", u8::from(leaves), u8::from(joins));
    for t in event.tellings.iter().map(|i| &tellings[*i]).filter(|t| t.p > 0.5) {
        feat!(f, "word={}{}/{kind}", context.doc.triggers[t.trigger].lemma, t.suffix);
    }
    let (sf, st) = (
        support(tellings, &event.tellings, Side::Leave, from),
        support(tellings, &event.tellings, Side::Join, to),
    );
    for (name, s, firm) in [("from", &sf, from), ("to", &st, to)] {
        let none = u8::from(firm.is_none());
        feat!(f, "{name}.own={}/{none}", step(s.own));
        feat!(f, "{name}.other={}/{none}", step(s.other));
        feat!(f, "{name}={}{}/{none}/{shape}", step(s.own), step(s.other));
        feat!(
            f,
            "{name}.none={}/{none}/sides={}{}",
            step(s.own.max(s.other)),
            u8::from(leaves),
            u8::from(joins)
        );
        if let Some(firm) = firm {
            feat!(f, "{name}.rank={}", context.rank[firm].min(3));
            let (mut now, mut before) = (false, false);
            for h in holdings
                .iter()
                .filter(|h| h.person == event.person && h.firm == Some(firm) && h.p_person > 0.5)
            {
                now |= !h.former;
                before |= h.former;
            }
            feat!(f, "{name}.held={}{}/{kind}", u8::from(now), u8::from(before));
            feat!(f, "{name}.held={}{}/{shape}", u8::from(now), u8::from(before));
        }
    }
    if let Some(firm) = to.filter(|_| same) {
        let near = support(tellings, &event.tellings, Side::Leave, Some(firm));
        let far = support(tellings, &event.tellings, Side::Join, Some(firm));
        feat!(f, "inside={}{}", step(near.own), step(far.own));
        let (mut now, mut before, mut titled) = (false, false, false);
        for h in holdings
            .iter()
            .filter(|h| h.person == event.person && h.firm == Some(firm) && h.p_person > 0.5)
        {
            now |= !h.former;
            before |= h.former;
            titled |= h.role.is_some() && h.role == event.from_role;
        }
        feat!(f, "inside.held={}{}{}", u8::from(now), u8::from(before), u8::from(titled));
    } else if let Some(firm) = to {
        let now = holdings.iter().any(|h| {
            h.person == event.person
                && h.firm == Some(firm)
                && !h.former
                && h.p_person > 0.5
                && h.role != event.to_role
        });
        feat!(f, "outside.held={}", u8::from(now));
    }
    feat!(f, "both={}/{}", step(sf.own.max(sf.other).min(st.own.max(st.other))), shape);
    feat!(
        f,
        "roles={}{}/{kind}/{shape}",
        u8::from(event.from_role.is_some()),
        u8::from(event.to_role.is_some())
    );
    feat!(
        f,
        "firms={}/{shape}",
        context.entities.list.iter().filter(|e| !e.is_person).count().min(4)
    );
    // Organisations that the reading leaves out although the tellings name them.
    let unused = |side: Side, firm: Option<usize>| {
        event.tellings.iter().map(|i| &tellings[*i]).filter(|t| t.side == side).any(|t| {
            let choices = if side == Side::Leave { &t.from_choices } else { &t.to_choices };
            t.p > 0.6 && choices.first().is_some_and(|(x, p)| x.is_some() && *x != firm && *p > 0.6)
        })
    };
    feat!(f, "unused={}{}", u8::from(unused(Side::Leave, from)), u8::from(unused(Side::Join, to)));
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
    let readings = readings(tellings, event);
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
    f: &mut Features,
) {
    f.begin("keep");
    feat!(f, "bias");
    let max_p = event.tellings.iter().map(|i| tellings[*i].p).fold(0.0, f32::max);
    feat!(f, "p={}", (max_p * 10.0).floor());
    let n = event.tellings.len();
    feat!(f, "n={}", n.min(4));
    feat!(f, "p={}/n={}", (max_p * 5.0).floor(), n.min(3));
    let shape = format!(
        "{}{}{}",
        u8::from(event.from.is_some()),
        u8::from(event.to.is_some()),
        u8::from(event.from.is_some() && event.from == event.to)
    );
    feat!(f, "shape={shape}");
    feat!(f, "kind={}/shape={shape}", event.kind);
    feat!(f, "status={}", event.status);
    feat!(f, "status={}/kind={}", event.status, event.kind);
    feat!(
        f,
        "roles={}{}/{}",
        u8::from(event.from_role.is_some()),
        u8::from(event.to_role.is_some()),
        event.kind
    );
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
    feat!(f, "pf={}/{}", (pf * 5.0).floor(), u8::from(event.from.is_some()));
    feat!(f, "pt={}/{}", (pt * 5.0).floor(), u8::from(event.to.is_some()));
    feat!(f, "pall={}", (pf * pt * max_p * 8.0).floor());
    feat!(f, "reading={}", (event.p * 10.0).floor());
    feat!(f, "reading={}/p={}", (event.p * 5.0).floor(), (max_p * 4.0).floor());
    let total: f32 = 1.0 - event.tellings.iter().map(|i| 1.0 - tellings[*i].p).product::<f32>();
    feat!(f, "total={}", (total * 10.0).floor());
    let mut best_sense = None;
    let mut parts = [false; 3];
    for i in &event.tellings {
        let trigger = &context.doc.triggers[tellings[*i].trigger];
        feat!(f, "class={}", trigger.class.as_str());
        feat!(f, "word={}", trigger.lemma);
        best_sense =
            Some(best_sense.map_or(trigger.sense, |s: crate::lang::Sense| s.min(trigger.sense)));
        parts[match trigger.part {
            Part::Verb => 0,
            Part::Noun => 1,
            Part::Phrase => 2,
        }] = true;
        if trigger.negated {
            feat!(f, "negated/{}", event.status);
        }
        if trigger.class == Class::Candidate {
            feat!(f, "candidate/{}", event.status);
        }
    }
    feat!(f, "sense={best_sense:?}");
    feat!(
        f,
        "parts={}{}{}/n={}",
        u8::from(parts[0]),
        u8::from(parts[1]),
        u8::from(parts[2]),
        n.min(2)
    );
    let person = &context.entities.list[event.person];
    feat!(f, "rank={}", context.rank[event.person].min(4));
    feat!(f, "count={}", person.count.min(4));
    feat!(f, "words={}", person.forms.iter().map(Vec::len).max().unwrap_or(1).min(3));
    feat!(f, "person-p={}", (person.p * 5.0).floor());
    for (side, firm) in [("from", event.from), ("to", event.to)] {
        if let Some(firm) = firm {
            let e = &context.entities.list[firm];
            feat!(f, "{side}-p={}", (e.p * 5.0).floor());
            feat!(f, "{side}-rank={}", context.rank[firm].min(3));
            feat!(f, "{side}-media={}", u8::from(e.media));
        }
    }
    let in_title = event.tellings.iter().any(|i| {
        (context.doc.sentence_of[context.doc.triggers[tellings[*i].trigger].tokens.start] as usize)
            < context.doc.title
    });
    feat!(f, "title={}", u8::from(in_title));
    let held = holdings.iter().any(|h| {
        h.person == event.person
            && h.p_person > 0.5
            && h.firm.is_some()
            && (h.firm == event.from || h.firm == event.to)
    });
    feat!(f, "held={}", u8::from(held));
    feat!(f, "dated={}", u8::from(event.date.is_some()));
}
