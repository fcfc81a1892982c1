//! What each trigger tells, and which tellings are one event.
//!
//! A [`Telling`] is one trigger with its person, organisations, titles, day, status and kind. Tellings of one person that
//! a trained merger takes for the same event form a group; [`readings`](super::readings) makes one row of it.

use super::args::{FirmFacts, RoleFacts};
pub(crate) use super::classes::{KIND_CLASSES, STATUS_CLASSES};
use super::context::{Anchor, Context, Side, sides};
use super::linear::{Features, Weights, feat, logistic, softmax};
use super::net::{FirmsSeen, grade};
use super::positions::{Holding, firm_choices, people};
use crate::model::PartialDate;
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
    /// Probability of each kind, in the order of [`KIND_CLASSES`].
    pub(crate) kinds: [f32; 5],
    /// What the neural reader says of it.
    pub(crate) seen: FirmsSeen,
}

/// Least probability of a telling that is looked at further.
const MIN_TELLING: f32 = 0.25;

/// Least share of the likeliest person's probability that another person of the same trigger needs.
const LEAST_SHARE: f32 = 0.5;

/// Returns what the article's holdings say of a person's organisations.
pub(crate) fn firm_facts(
    holdings: &[Holding],
    person: usize,
    other_side: Option<usize>,
    seen: &FirmsSeen,
) -> FirmFacts {
    let mut facts = FirmFacts { other_side, seen: seen.clone(), ..FirmFacts::default() };
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
    let sentence = &context.doc.sentence(anchor.tokens.start).tokens;
    let a = context.roles.partition_point(|r| r.tokens.start < sentence.start);
    let z = context.roles.partition_point(|r| r.tokens.start < sentence.end);
    let held = holdings.iter().filter(|h| h.person == person && h.p_person > 0.5);
    let mut out: Vec<usize> = (a..z).chain(held.filter_map(|h| h.role)).collect();
    out.sort_by_key(|i| (context.roles[*i].tokens.start.abs_diff(anchor.tokens.start), *i));
    out.dedup();
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
    // Holdings by title stand first, in the order of the titles.
    let first = holdings.partition_point(|h| h.role.is_some_and(|r| r < role));
    for h in holdings[first..].iter().take_while(|h| h.role == Some(role)) {
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
    let mut out: Vec<Telling> = Vec::new();
    for number in 0..context.doc.triggers.len() {
        let trigger = &context.doc.triggers[number];
        let first = out.len();
        for (suffix, side) in sides(trigger.class) {
            let anchor = context.trigger_anchor(trigger, suffix);
            let chosen = people(context, weights, "tp", &anchor, f);
            // A trigger tells of one person or list as a rule: the others must come near the likeliest.
            let least = chosen.first().map_or(0.0, |x| x.3 * LEAST_SHARE).max(MIN_TELLING);
            for (person, _, _, p) in chosen.into_iter().filter(|x| x.3 > least).take(24) {
                out.push(fill(
                    context, holdings, weights, number, suffix, *side, &anchor, person, p, f,
                ));
            }
        }
        // Nobody succeeds himself: of the two parts in "succeeds" the likelier one is the person's.
        let parts: Vec<(usize, f32)> = out[first..].iter().map(|t| (t.person, t.p)).collect();
        out.retain(|t| {
            t.trigger != number || !parts.iter().any(|(who, p)| *who == t.person && *p > t.p)
        });
    }
    out
}

#[allow(clippy::too_many_arguments, reason = "one call site")]
pub(super) fn fill(
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
    let seen = context.firms_seen(anchor, person);
    let (first, second) = if side == Side::Join { ("tt", "tf") } else { ("tf", "tt") };
    let near_choices = firm_choices(
        context,
        weights,
        first,
        anchor,
        person,
        &firm_facts(holdings, person, None, &seen),
        f,
    );
    let near = near_choices.first().copied().unwrap_or((None, 0.0));
    let far_choices = firm_choices(
        context,
        weights,
        second,
        anchor,
        person,
        &firm_facts(holdings, person, near.0, &seen),
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
    let day = date.map(|d| context.dates[d].date);
    let status = status(context, weights, anchor, day, &seen, f);
    let mut telling = Telling {
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
        kinds: [0.0; 5],
        seen,
    };
    let roles = (from_role.0, to_role.0);
    kind_features(context, holdings, anchor, &telling, roles, f);
    telling.kinds = of_classes(&KIND_CLASSES, weights, f);
    telling
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
    seen: &FirmsSeen,
    f: &mut Features,
) -> [f32; 5] {
    context.status_features(anchor, date, seen, f);
    of_classes(&STATUS_CLASSES, weights, f)
}

/// Returns the probability of each class under the features that `f` holds.
fn of_classes(classes: &[&str; 5], weights: &Weights, f: &Features) -> [f32; 5] {
    let p = softmax(&weights.class_scores(&f.ids, classes));
    [p[0], p[1], p[2], p[3], p[4]]
}

/// Fills `f` with what tells the kind of move that a telling tells: above all whether it stays inside a firm.
pub(crate) fn kind_features(
    context: &Context<'_>,
    holdings: &[Holding],
    anchor: &Anchor<'_>,
    telling: &Telling,
    (from_role, to_role): (Option<usize>, Option<usize>),
    f: &mut Features,
) {
    let (person, from, to) = (telling.person, telling.from, telling.to);
    let doc = &context.doc;
    let n = doc.sentence_of[anchor.tokens.start] as usize;
    let range = &doc.sentences[n].tokens;
    let (sort, voiced) = (&anchor.sort, &anchor.voiced);
    f.begin("kind");
    feat!(f, "bias");
    for (n, p) in telling.seen.kinds.iter().enumerate() {
        feat!(f, "seen", n, "=", grade(*p));
    }
    feat!(f, sort);
    feat!(f, voiced);
    feat!(f, "word=", anchor.word, "/", sort);
    feat!(f, "word=", anchor.word);
    if let Some(trigger) = anchor.trigger {
        let pack = doc.packs[n];
        feat!(f, "frame=", pack.frames[trigger.frame].id);
        feat!(f, "tense=", trigger.tense.as_str(), "/", trigger.class.as_str());
        if trigger.tokens.len() > 1 {
            let words = doc.words(&trigger.tokens).to_lowercase();
            feat!(f, "phrase=", words);
        }
    }
    let at = anchor.tokens.end as isize;
    let (next, next2) = (doc.lower_in(range, at), doc.lower_in(range, at + 1));
    feat!(f, "next=", next, "/", sort);
    feat!(f, "next=", next, "_", next2);
    feat!(f, "prev=", doc.lower_in(range, anchor.tokens.start as isize - 1), "/", sort);
    let shape = |x: (Option<usize>, f32)| match x.0 {
        None => 0,
        Some(_) if x.1 < 0.6 => 1,
        Some(_) => 2,
    };
    feat!(f, "firms=", shape(from), shape(to), "/", sort);
    feat!(f, "firms=", shape(from), shape(to), "/", anchor.word);
    feat!(f, "roles=", from_role.is_some(), to_role.is_some(), "/", sort);
    for (name, role) in [("from", from_role), ("to", to_role)] {
        if let Some(role) = role {
            let role = &context.roles[role];
            feat!(f, name, "-prefix=", role.prefix.as_str(), "/", sort);
            feat!(f, name, "-head=", doc.tokens[role.head.start].lower);
        }
    }
    // What else the article says that the person does or did at the organisation.
    let target = to.0.or(from.0);
    let (mut now, mut before, mut elsewhere, mut was_elsewhere) = (false, false, false, false);
    for h in holdings.iter().filter(|h| h.person == person && h.p_person > 0.5) {
        if h.role.is_some() && (h.role == to_role) {
            continue;
        }
        match (h.firm.is_some() && h.firm == target, h.former) {
            (true, false) => now = true,
            (true, true) => before = true,
            (false, false) if h.firm.is_some() => elsewhere = true,
            (false, true) if h.firm.is_some() => was_elsewhere = true,
            _ => {}
        }
    }
    let held = format!(
        "{}{}{}{}",
        u8::from(now),
        u8::from(before),
        u8::from(elsewhere),
        u8::from(was_elsewhere)
    );
    feat!(f, "held=", held, "/", sort);
    feat!(f, "held=", now, before, "/", sort);
    feat!(f, "elsewhere=", elsewhere, was_elsewhere, "/", sort);
    let clause = context.clause(&anchor.tokens);
    for i in range.clone().filter(|i| !anchor.tokens.contains(i)) {
        let token = &doc.tokens[i];
        if token.is_capitalised() && i > range.start || !token.is_word() {
            continue;
        }
        feat!(f, "bow=", token.lower);
        if let Some(c) = doc.class(i, 8) {
            feat!(f, "bow~=", c);
            if clause.contains(&i) {
                feat!(f, "clause~=", c);
            }
        }
        if clause.contains(&i) {
            feat!(f, "clause=", token.lower);
        }
    }
    feat!(f, "title=", n < doc.title, "/", sort);
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
    feat!(f, "sides=", sides);
    feat!(f, "firms=", from, "/", to);
    feat!(f, sides, "/firms=", from, "/", to);
    let cross = match (a.from.0, a.to.0, b.from.0, b.to.0) {
        (_, Some(t), Some(g), _) if t == g && a.from.0 != Some(t) => "chain",
        (Some(g), _, _, Some(t)) if t == g && b.from.0 != Some(t) => "chain-back",
        _ => "no",
    };
    feat!(f, "cross=", cross);
    feat!(f, "cross=", cross, "/", sides);
    feat!(f, "class=", ta.class.as_str(), "+", tb.class.as_str());
    let (sa, sb) =
        (context.doc.sentence_of[ta.tokens.start], context.doc.sentence_of[tb.tokens.start]);
    let distance = sb.abs_diff(sa).min(4);
    feat!(f, "distance=", distance);
    feat!(f, "distance=", distance, "/", sides);
    feat!(f, "distance=", distance, "/", sides, "/", from, "/", to);
    let (pa, pb) = (
        context.doc.sentences[sa as usize].paragraph,
        context.doc.sentences[sb as usize].paragraph,
    );
    feat!(f, "paragraph=", pa == pb);
    let date = |t: &Telling| t.date.map(|d| context.dates[d].date);
    let when = match (date(a), date(b)) {
        (None, None) => "none",
        (Some(x), Some(y)) if x.agrees_with(y) => "same",
        (Some(x), Some(y)) if x.year != y.year => "years-apart",
        (Some(_), Some(_)) => "differ",
        _ => "one",
    };
    feat!(f, "when=", when);
    feat!(f, "when=", when, "/", sides);
    feat!(f, "when=", when, "/firms=", from, "/", to);
    feat!(f, "tense=", ta.tense.as_str(), "+", tb.tense.as_str(), "/", sides);
    let roles = (
        agree(role_text(context, a.from_role.0), role_text(context, b.from_role.0)),
        agree(role_text(context, a.to_role.0), role_text(context, b.to_role.0)),
    );
    feat!(f, "roles=", roles.0, "/", roles.1, "/", sides);
    let status = |t: &Telling| best(&t.status);
    feat!(f, "status=", status(a) == status(b));
    feat!(f, "title=", (sa as usize) < context.doc.title);
    let many = context.entities.list[a.person].count;
    feat!(f, "count=", many.min(4));
}

fn role_text(context: &Context<'_>, role: Option<usize>) -> Option<String> {
    role.map(|r| crate::text::fold(context.doc.words(&context.roles[r].head)))
}

pub(super) fn best(p: &[f32]) -> usize {
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
