//! What each model learns from an annotated article.

use super::gold::{Answers, GoldMove, Matched, Sample, role_fit};
use super::marks::HeldMark;
use crate::extract::args::FirmFacts;
use crate::extract::claims::drafts;
use crate::extract::context::{Anchor, Context, Reach, Side, sides};
use crate::extract::doc::Doc;
use crate::extract::entities::{Form, Ref, alias_features, entities, likeliest_entity};
use crate::extract::events::{self, KIND_CLASSES, STATUS_CLASSES, Telling};
use crate::extract::gazetteer::Gazetteer;
use crate::extract::linear::{Example, FeatureId, Features, Weights, logistic};
use crate::extract::names::{self, for_class};
use crate::extract::positions::{Holding, firm_candidates, holdings, post_facts, tense_features};
use crate::extract::readings::Event;
use crate::extract::references::{link_references, reference_features};
use crate::extract::roles::{edge_features, likeliest_edge, roles};
use crate::extract::{named, read, readings};
use crate::lang::Class;
use crate::model::{PartialDate, Status};

/// Which names are forms of one another, those linked before taken as marked.
pub(super) fn alias_examples(
    sample: &Sample,
    gazetteer: &Gazetteer,
    weights: &Weights,
    f: &mut Features,
) -> Vec<Example> {
    let doc = Doc::new(&sample.article, gazetteer);
    let names = names::names(&doc, weights, f);
    let placed = sample.marks.place(&doc).unwrap_or_default();
    let mut out = Vec::new();
    // The marked entity of each name, found where a mention of the same sort covers it best.
    let marked = |tokens: &std::ops::Range<usize>, person: bool| {
        placed
            .mentions
            .iter()
            .filter(|(m, e)| {
                placed.entities[*e].is_person == person
                    && m.start < tokens.end
                    && tokens.start < m.end
            })
            .min_by_key(|(m, _)| m.start.abs_diff(tokens.start) + m.end.abs_diff(tokens.end))
            .map(|(_, e)| *e)
    };
    entities(&doc, &names, &mut |linking, entities| {
        let person = entities.list[linking.candidates[0]].is_person;
        let own = marked(&linking.name.tokens, person)?;
        let right = linking.candidates.iter().position(|c| {
            let e = &entities.list[*c];
            names
                .iter()
                .any(|n| n.tokens.start == e.first && marked(&n.tokens, person) == Some(own))
        });
        let mut candidates: Vec<Vec<FeatureId>> = linking
            .candidates
            .iter()
            .map(|c| {
                alias_features(&doc, linking, entities, *c, f);
                f.take()
            })
            .collect();
        candidates.push(Vec::new());
        let none = linking.candidates.len();
        out.push(Example { candidates, right: vec![right.unwrap_or(none)], weight: 1.0 });
        right.map(|i| linking.candidates[i])
    });
    out
}

/// What references point to, those before them taken as marked.
pub(super) fn reference_examples(
    sample: &Sample,
    gazetteer: &Gazetteer,
    weights: &Weights,
    f: &mut Features,
) -> Vec<Example> {
    let doc = Doc::new(&sample.article, gazetteer);
    let names = names::names(&doc, weights, f);
    let mut entities = entities(&doc, &names, &mut |linking, entities| {
        likeliest_entity(&doc, weights, linking, entities, f)
    });
    let matched = Matched::of_entities(&doc, &entities, sample);
    let mut out = Vec::new();
    link_references(&doc, &mut entities, &mut |expression, antecedents, entities| {
        let referent = matched.referent(&expression.tokens);
        let right = antecedents.iter().position(|e| matched.is(*e, referent));
        let mut candidates: Vec<Vec<FeatureId>> = antecedents
            .iter()
            .enumerate()
            .map(|(order, entity)| {
                reference_features(&doc, expression, entities, *entity, order, f);
                f.take()
            })
            .collect();
        candidates.push(Vec::new());
        // Possessives and pronouns were marked only where they matter, nominals everywhere.
        if right.is_some() || expression.form == Form::Nominal {
            out.push(Example {
                candidates,
                right: vec![right.unwrap_or(antecedents.len())],
                weight: 1.0,
            });
        }
        right.map(|i| antecedents[i])
    });
    out
}

/// Where titles begin and end.
pub(super) fn title_examples(
    sample: &Sample,
    gazetteer: &Gazetteer,
    weights: &Weights,
    f: &mut Features,
) -> Vec<Example> {
    let doc = Doc::new(&sample.article, gazetteer);
    let names = names::names(&doc, weights, f);
    let placed = sample.marks.place(&doc).unwrap_or_default();
    let named = named(&doc, &names);
    let mut out = Vec::new();
    for n in 0..doc.sentences.len() {
        roles(&doc, n, &named, &mut |edge| {
            let mark = placed
                .roles
                .iter()
                .find(|m| m.tokens.start < edge.head.end && edge.head.start < m.tokens.end);
            let wanted = mark.map(|m| if edge.is_end { m.tokens.end } else { m.tokens.start });
            let right = wanted.and_then(|at| edge.candidates.iter().position(|c| *c == at));
            let Some(right) = right else {
                return likeliest_edge(&doc, weights, edge, f);
            };
            let candidates = edge
                .candidates
                .iter()
                .map(|at| {
                    edge_features(&doc, edge, *at, f);
                    f.take()
                })
                .collect();
            out.push(Example { candidates, right: vec![right], weight: 1.0 });
            edge.candidates[right]
        });
    }
    out
}

pub(super) fn position_examples(
    sample: &Sample,
    gazetteer: &Gazetteer,
    weights: &Weights,
    f: &mut Features,
) -> Vec<Example> {
    let context = read(&sample.article, gazetteer, weights, f);
    let matched = Matched::new(&context, sample);
    let mut out = Vec::new();
    for role in 0..context.roles.len() {
        let anchor = context.role_anchor(role);
        let marks = matched.role_mark(&context, role);
        holding_examples(&context, &matched, &anchor, &marks, ("rp", "rf"), f, &mut out);
    }
    for number in 0..context.doc.triggers.len() {
        let trigger = &context.doc.triggers[number];
        if !matches!(trigger.class, Class::Work | Class::Lead) || trigger.negated {
            continue;
        }
        let anchor = context.trigger_anchor(trigger, "");
        let marks = matched.held_marks(&trigger.tokens);
        holding_examples(&context, &matched, &anchor, &marks, ("wp", "wf"), f, &mut out);
    }
    out
}

/// Adds the examples of whose a title is, at which organisation, and whether it is still held.
fn holding_examples(
    context: &Context<'_>,
    matched: &Matched<'_>,
    anchor: &Anchor<'_>,
    marks: &[&HeldMark],
    (person_model, firm_model): (&str, &str),
    f: &mut Features,
    out: &mut Vec<Example>,
) {
    let near = context.people_near(&anchor.tokens);
    let is = |person: usize| marks.iter().any(|m| matched.is(person, m.person));
    let missing = marks.iter().any(|m| m.person.is_some());
    out.extend(person_example(context, person_model, anchor, &near, is, missing, f));
    for (person, mention, _) in near {
        let own: Vec<&HeldMark> =
            marks.iter().copied().filter(|m| matched.is(person, m.person)).collect();
        let Some(mark) = own.first() else { continue };
        let candidates: Vec<Option<usize>> =
            context.firms_near(&anchor.tokens).into_iter().map(Some).chain([None]).collect();
        let right: Vec<usize> = (0..candidates.len())
            .filter(|i| match candidates[*i] {
                Some(firm) => own.iter().any(|m| matched.is(firm, m.firm)),
                None => own.iter().any(|m| m.firm.is_none()),
            })
            .collect();
        let at = right.first().and_then(|i| candidates[*i]);
        let facts = post_facts(context, anchor, person);
        if !right.is_empty() {
            let features = candidates
                .iter()
                .map(|c| {
                    context.firm_features(firm_model, anchor, person, *c, &facts, f);
                    f.take()
                })
                .collect();
            out.push(Example { candidates: features, right, weight: 1.0 });
        }
        // Where a move of the article ends the job, the words around it may still tell it as held.
        let overtaken = mark.former && at.is_some_and(|at| left(context, matched, person, at));
        if !mark.unheld && !overtaken {
            tense_features(context, anchor, person, mention.as_ref(), at, &facts, f);
            out.push(Example::binary(f.take(), mark.former, 1.0));
        }
    }
}

/// Returns the example of choosing the people of an anchor, or nobody; `None` where it tells of somebody (`missing` says so)
/// who is not among those near.
fn person_example(
    context: &Context<'_>,
    model: &str,
    anchor: &Anchor<'_>,
    near: &[(usize, Option<Ref>, Reach)],
    is: impl Fn(usize) -> bool,
    missing: bool,
    f: &mut Features,
) -> Option<Example> {
    let mut right: Vec<usize> = (0..near.len()).filter(|i| is(near[*i].0)).collect();
    if right.is_empty() {
        if missing {
            return None;
        }
        right.push(near.len());
    }
    let mut candidates: Vec<Vec<FeatureId>> = near
        .iter()
        .map(|(person, mention, reach)| {
            context.person_features(model, anchor, *person, mention.as_ref(), *reach, f);
            f.take()
        })
        .collect();
    context.nobody_features(model, anchor, f);
    candidates.push(f.take());
    Some(Example { candidates, right, weight: 1.0 })
}

/// Returns whether the gold has the person leave the organisation.
fn left(context: &Context<'_>, matched: &Matched<'_>, person: usize, firm: usize) -> bool {
    matched.moves_of(person).iter().any(|m| matched.firms(context, &m.from_firm).contains(&firm))
}

/// Returns the examples of choosing for one side: the gold's firms, or none.
#[allow(clippy::too_many_arguments, reason = "two call sites beside each other")]
fn firm_example(
    context: &Context<'_>,
    matched: &Matched<'_>,
    model: &str,
    anchor: &Anchor<'_>,
    person: usize,
    gold: &Answers,
    facts: &FirmFacts,
    primary: bool,
    f: &mut Features,
) -> Option<Example> {
    let candidates = firm_candidates(context, anchor, facts);
    let wanted: Vec<usize> =
        matched.firms(context, gold).into_iter().filter(|w| facts.other_side != Some(*w)).collect();
    let internal = gold.any() && wanted.is_empty() && facts.other_side.is_some();
    let n = context.doc.sentence_of[anchor.tokens.start] as usize;
    let near: Vec<usize> = context.refs_in(n).iter().map(|r| r.entity).collect();
    let nullable = gold.nullable() || internal;
    let here = wanted.iter().any(|w| near.contains(w));
    // The far side of an event that this sentence does not speak of is none here: another telling gives it.
    let unsaid = !primary && !here && !wanted.iter().any(|w| facts.current.contains(w));
    let right: Vec<usize> = (0..candidates.len())
        .filter(|i| candidates[*i].map_or(nullable || unsaid, |c| wanted.contains(&c) && !unsaid))
        .collect();
    if right.is_empty() {
        return None;
    }
    let features = candidates
        .iter()
        .map(|c| {
            context.firm_features(model, anchor, person, *c, facts, f);
            f.take()
        })
        .collect();
    Some(Example { candidates: features, right, weight: 1.0 })
}

#[allow(clippy::too_many_arguments, reason = "two call sites beside each other")]
fn role_example(
    context: &Context<'_>,
    held: &[Holding],
    model: &str,
    anchor: &Anchor<'_>,
    person: usize,
    gold: &Answers,
    firms: (Option<usize>, Option<usize>),
    f: &mut Features,
) -> Option<Example> {
    let candidates: Vec<Option<usize>> = events::role_candidates(context, held, anchor, person)
        .into_iter()
        .map(Some)
        .chain([None])
        .collect();
    let fits: Vec<u8> =
        candidates.iter().map(|c| c.map_or(0, |r| role_fit(context, r, gold))).collect();
    let best = fits.iter().copied().max().unwrap_or(0);
    let right: Vec<usize> = (0..candidates.len())
        .filter(|i| if best == 0 { candidates[*i].is_none() } else { fits[*i] == best })
        .collect();
    let features = candidates
        .iter()
        .map(|c| {
            let facts = events::role_facts(held, c.unwrap_or(usize::MAX), person, firms.0, firms.1);
            context.role_features(model, anchor, *c, &facts, f);
            f.take()
        })
        .collect();
    Some(Example { candidates: features, right, weight: 1.0 })
}

/// Returns the features of each class for a softmax over classes; names of new features are registered.
fn classed(f: &mut Features, classes: &[&str]) -> Vec<Vec<FeatureId>> {
    let ids = f.take();
    classes
        .iter()
        .map(|class| {
            let mixed: Vec<FeatureId> = ids.iter().map(|id| for_class(*id, class)).collect();
            if let Some(names) = &mut f.names {
                for (id, new) in ids.iter().zip(&mixed) {
                    if !names.contains_key(new) {
                        let name = format!("{}{class}", names[id]);
                        names.insert(*new, name);
                    }
                }
            }
            mixed
        })
        .collect()
}

pub(super) fn telling_examples(
    sample: &Sample,
    gazetteer: &Gazetteer,
    weights: &Weights,
    f: &mut Features,
) -> Vec<Example> {
    let context = read(&sample.article, gazetteer, weights, f);
    let held = holdings(&context, weights, f);
    let matched = Matched::new(&context, sample);
    let mut out = Vec::new();
    for (number, trigger) in context.doc.triggers.iter().enumerate() {
        for (suffix, side) in sides(trigger.class) {
            let anchor = context.trigger_anchor(trigger, suffix);
            let near = context.people_near(&anchor.tokens);
            let told = |person| matched.told(&context, number, suffix, *side, person);
            let missing = (0..context.entities.list.len()).any(|e| told(e).is_some());
            let is = |person| told(person).is_some();
            out.extend(person_example(&context, "tp", &anchor, &near, is, missing, f));
            for (person, _, _) in &near {
                let gold = told(*person);
                let Some(gold) = gold else { continue };
                let person = *person;
                let (near, far) = if *side == Side::Join {
                    (&gold.to_firm, &gold.from_firm)
                } else {
                    (&gold.from_firm, &gold.to_firm)
                };
                let seen = context.firms_seen(&anchor, person);
                let (first, second) = if *side == Side::Join { ("tt", "tf") } else { ("tf", "tt") };
                out.extend(firm_example(
                    &context,
                    &matched,
                    first,
                    &anchor,
                    person,
                    near,
                    &events::firm_facts(&held, person, None, &seen),
                    true,
                    f,
                ));
                let near_firm = matched.firms(&context, near).first().copied();
                out.extend(firm_example(
                    &context,
                    &matched,
                    second,
                    &anchor,
                    person,
                    far,
                    &events::firm_facts(&held, person, near_firm, &seen),
                    false,
                    f,
                ));
                let from = matched.firms(&context, &gold.from_firm).first().copied();
                let to = matched.firms(&context, &gold.to_firm).first().copied();
                out.extend(role_example(
                    &context,
                    &held,
                    "rolefrom",
                    &anchor,
                    person,
                    &gold.from_role,
                    (from, to),
                    f,
                ));
                out.extend(role_example(
                    &context,
                    &held,
                    "roleto",
                    &anchor,
                    person,
                    &gold.to_role,
                    (to, from),
                    f,
                ));
                // Days.
                let days: Vec<String> =
                    gold.date.all().into_iter().map(|d| d.chars().take(7).collect()).collect();
                let candidates = events::date_candidates(&context, &anchor);
                let month = |d: usize| {
                    context.dates[d].date.to_string().chars().take(7).collect::<String>()
                };
                let mut right: Vec<usize> = (0..candidates.len())
                    .filter(|i| candidates[*i].is_some_and(|d| days.contains(&month(d))))
                    .collect();
                if right.is_empty() {
                    right = vec![candidates.len() - 1];
                }
                let features = candidates
                    .iter()
                    .map(|c| {
                        context.date_features(&anchor, *c, f);
                        f.take()
                    })
                    .collect();
                let date: Option<PartialDate> =
                    right.first().and_then(|i| candidates[*i]).map(|d| context.dates[d].date);
                out.push(Example { candidates: features, right, weight: 1.0 });
                context.status_features(&anchor, date, &seen, f);
                let right: Vec<usize> = gold
                    .status
                    .all()
                    .iter()
                    .filter_map(|s| Status::parse(s))
                    .map(|s| s as usize)
                    .collect();
                out.push(Example { candidates: classed(f, &STATUS_CLASSES), right, weight: 1.0 });
            }
        }
    }
    out
}

/// An article read up to its tellings.
pub(super) fn told_of<'a>(
    sample: &'a Sample,
    gazetteer: &Gazetteer,
    weights: &Weights,
    f: &mut Features,
) -> (Context<'a>, Vec<Holding>, Vec<Telling>) {
    let context = read(&sample.article, gazetteer, weights, f);
    let held = holdings(&context, weights, f);
    let tellings = events::tellings(&context, &held, weights, f);
    (context, held, tellings)
}

pub(super) fn kind_examples(
    sample: &Sample,
    gazetteer: &Gazetteer,
    weights: &Weights,
    f: &mut Features,
) -> Vec<Example> {
    let (context, held, tellings) = told_of(sample, gazetteer, weights, f);
    let matched = Matched::new(&context, sample);
    let mut out = Vec::new();
    for t in &tellings {
        let Some(gold) = matched.told_by(&context, t) else { continue };
        let right: Vec<usize> = (0..KIND_CLASSES.len())
            .filter(|k| gold.kind.all().contains(&&KIND_CLASSES[*k][1..]))
            .collect();
        let anchor = context.trigger_anchor(&context.doc.triggers[t.trigger], t.suffix);
        let roles = (t.from_role.0, t.to_role.0);
        events::kind_features(&context, &held, &anchor, t, roles, f);
        out.push(Example { candidates: classed(f, &KIND_CLASSES), right, weight: 1.0 });
    }
    out
}

pub(super) fn merge_examples(
    sample: &Sample,
    gazetteer: &Gazetteer,
    weights: &Weights,
    f: &mut Features,
) -> Vec<Example> {
    let (context, _, tellings) = told_of(sample, gazetteer, weights, f);
    let matched = Matched::new(&context, sample);
    let gold: Vec<Option<&GoldMove>> =
        tellings.iter().map(|t| matched.told_by(&context, t)).collect();
    let mut out = Vec::new();
    for i in 0..tellings.len() {
        for j in i + 1..tellings.len().min(i + 60) {
            if tellings[i].person == tellings[j].person
                && let (Some(a), Some(b)) = (gold[i], gold[j])
            {
                events::merge_features(&context, &tellings[i], &tellings[j], f);
                out.push(Example::binary(f.take(), std::ptr::eq(a, b), 1.0));
            }
        }
    }
    out
}

fn side_right(
    context: &Context<'_>,
    matched: &Matched<'_>,
    answers: &Answers,
    firm: Option<usize>,
) -> bool {
    firm.map_or(answers.nullable(), |f| matched.firms(context, answers).contains(&f))
}

/// Returns the gold move that most of a group's tellings tell.
pub(super) fn group_gold<'g>(
    context: &Context<'_>,
    matched: &Matched<'g>,
    tellings: &[Telling],
    group: &[usize],
) -> Option<&'g GoldMove> {
    let mut sums: Vec<(f32, &GoldMove)> = Vec::new();
    for t in group.iter().map(|i| &tellings[*i]) {
        let Some(g) = matched.told_by(context, t) else { continue };
        match sums.iter_mut().find(|(_, o)| std::ptr::eq(*o, g)) {
            Some((sum, _)) => *sum += t.p,
            None => sums.push((t.p, g)),
        }
    }
    sums.into_iter().max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, g)| g)
}

pub(super) fn reading_examples(
    sample: &Sample,
    gazetteer: &Gazetteer,
    weights: &Weights,
    f: &mut Features,
) -> Vec<Example> {
    let (context, held, tellings) = told_of(sample, gazetteer, weights, f);
    let matched = Matched::new(&context, sample);
    let mut out = Vec::new();
    for group in events::groups(&context, &tellings, weights, f) {
        let event = readings::fuse(&context, &tellings, &group);
        let Some(gold) = group_gold(&context, &matched, &tellings, &group) else { continue };
        let all = readings::readings(&tellings, &held, &event);
        let right: Vec<usize> =
            (0..all.len()).filter(|i| reading_right(&context, &matched, gold, &all[*i])).collect();
        if right.is_empty() {
            continue;
        }
        let candidates = all
            .iter()
            .map(|r| {
                readings::reading_features(&context, &tellings, &held, &event, r, f);
                f.take()
            })
            .collect();
        out.push(Example { candidates, right, weight: 1.0 });
    }
    out
}

pub(super) fn reading_right(
    context: &Context<'_>,
    matched: &Matched<'_>,
    gold: &GoldMove,
    reading: &readings::Reading,
) -> bool {
    let (kind, from, to) = *reading;
    gold.kind.all().contains(&kind.as_str())
        && side_right(context, matched, &gold.from_firm, from)
        && side_right(context, matched, &gold.to_firm, to)
}

pub(super) fn keep_examples(
    sample: &Sample,
    gazetteer: &Gazetteer,
    weights: &Weights,
    f: &mut Features,
) -> Vec<Example> {
    let (context, held, tellings) = told_of(sample, gazetteer, weights, f);
    let matched = Matched::new(&context, sample);
    let mut out = Vec::new();
    let all = drafts(&context, &held, &tellings, weights, f);
    for event in &all {
        let reading = (event.kind, event.from, event.to);
        let gold = matched
            .moves_of(event.person)
            .into_iter()
            .find(|g| reading_right(&context, &matched, g, &reading));
        readings::keep_features(&context, &tellings, &held, event, &all, f);
        if gold.is_some_and(|g| g.optional) {
            f.take();
            continue;
        }
        out.push(Example::binary(f.take(), gold.is_some(), 1.0));
    }
    out
}

/// Returns the examples of whether anything of an event happened: events in the order of their probability take a gold move each
/// of which something is right.
pub(super) fn real_examples(
    sample: &Sample,
    gazetteer: &Gazetteer,
    weights: &Weights,
    f: &mut Features,
) -> Vec<Example> {
    let (context, held, tellings) = told_of(sample, gazetteer, weights, f);
    let matched = Matched::new(&context, sample);
    let all = drafts(&context, &held, &tellings, weights, f);
    let mut events: Vec<(&Event, f32)> = Vec::new();
    for event in &all {
        readings::keep_features(&context, &tellings, &held, event, &all, f);
        events.push((event, logistic(weights.score(&f.ids))));
    }
    events.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    let mut out = Vec::new();
    let mut taken: Vec<&GoldMove> = Vec::new();
    let mut seen: Vec<(usize, readings::Reading)> = Vec::new();
    for (event, right) in events {
        let reading = (event.kind, event.from, event.to);
        if seen.contains(&(event.person, reading)) {
            continue;
        }
        seen.push((event.person, reading));
        let shared = |gold: &GoldMove| {
            let firm = |answers: &Answers, firm: Option<usize>| {
                firm.is_some_and(|firm| matched.firms(&context, answers).contains(&firm))
            };
            usize::from(gold.kind.all().contains(&event.kind.as_str()))
                + usize::from(firm(&gold.from_firm, event.from))
                + usize::from(firm(&gold.to_firm, event.to))
        };
        let free = matched.moves_of(event.person).into_iter();
        let free = free.filter(|g| !taken.iter().any(|t| std::ptr::eq(*t, *g)));
        let best = free.max_by_key(|g| shared(g)).filter(|g| shared(g) > 0);
        taken.extend(best);
        let undone = [Status::Failed, Status::Rumoured, Status::Denied].map(Status::as_str);
        let contradicted = |gold: &GoldMove| {
            let told = gold.status.all();
            event.status == Status::Completed
                && !told.is_empty()
                && told.iter().all(|s| undone.contains(s))
        };
        readings::real_features(&context, &tellings, &held, (event, right), &all, f);
        let is_real = best.is_some_and(|gold| !contradicted(gold));
        out.push(Example::binary(f.take(), is_real, 1.0));
    }
    out
}
