//! Holdings: which person a title belongs to, at which organisation, now or before.

use super::args::FirmFacts;
use super::context::{Anchor, Context, Reach};
use super::entities::Ref;
use super::linear::{Features, Weights, feat, logistic, softmax};
use super::net::grade;
use crate::lang::{Class, CueClass, List, Part};

/// A person, a title and an organisation that the text puts together.
#[derive(Clone, Debug)]
pub(crate) struct Holding {
    pub(crate) person: usize,
    pub(crate) firm: Option<usize>,
    pub(crate) role: Option<usize>,
    /// Trigger that tells it where there is no title ("worked at").
    pub(crate) trigger: Option<usize>,
    pub(crate) former: bool,
    /// Probability that the title is this person's.
    pub(crate) p_person: f32,
    /// Probability of the organisation (or of none).
    pub(crate) p_firm: f32,
}

/// Returns the holdings that titles and verbs of working tell.
pub(crate) fn holdings(context: &Context<'_>, weights: &Weights, f: &mut Features) -> Vec<Holding> {
    let mut out = Vec::new();
    for role in 0..context.roles.len() {
        let anchor = context.role_anchor(role);
        let people = people(context, weights, "rp", &anchor, f);
        let plural = context.roles[role].plural;
        let take = if plural { 8 } else { 1 };
        for (person, mention, _, p) in people.into_iter().filter(|x| x.3 > 0.4).take(take) {
            let seen = post_facts(context, &anchor, person);
            let (firm, p_firm) = firm(context, weights, "rf", &anchor, person, &seen, f);
            tense_features(context, &anchor, person, mention.as_ref(), firm, &seen, f);
            let former = logistic(weights.score(&f.ids)) > 0.5;
            out.push(Holding {
                person,
                firm,
                role: Some(role),
                trigger: None,
                former,
                p_person: p,
                p_firm,
            });
        }
    }
    for number in 0..context.doc.triggers.len() {
        let trigger = &context.doc.triggers[number];
        if !matches!(trigger.class, Class::Work | Class::Lead) || trigger.negated {
            continue;
        }
        let anchor = context.trigger_anchor(trigger, "");
        for (person, mention, _, p) in
            people(context, weights, "wp", &anchor, f).into_iter().filter(|x| x.3 > 0.5).take(2)
        {
            let seen = post_facts(context, &anchor, person);
            let (firm, p_firm) = firm(context, weights, "wf", &anchor, person, &seen, f);
            if firm.is_none() {
                continue;
            }
            tense_features(context, &anchor, person, mention.as_ref(), firm, &seen, f);
            let former = logistic(weights.score(&f.ids)) > 0.5;
            out.push(Holding {
                person,
                firm,
                role: None,
                trigger: Some(number),
                former,
                p_person: p,
                p_firm,
            });
        }
    }
    out
}

/// Returns what is known of a person's organisations where a title or job is looked at.
pub(crate) fn post_facts(context: &Context<'_>, anchor: &Anchor<'_>, person: usize) -> FirmFacts {
    FirmFacts { seen: context.firms_seen(anchor, person), ..FirmFacts::default() }
}

/// Returns the people of an anchor by falling probability.
pub(crate) fn people(
    context: &Context<'_>,
    weights: &Weights,
    model: &str,
    anchor: &Anchor<'_>,
    f: &mut Features,
) -> Vec<(usize, Option<Ref>, Reach, f32)> {
    let near = context.people_near(&anchor.tokens);
    let mut scores: Vec<f32> = near
        .iter()
        .map(|(person, mention, reach)| {
            context.person_features(model, anchor, *person, mention.as_ref(), *reach, f);
            weights.score(&f.ids)
        })
        .collect();
    context.nobody_features(model, anchor, f);
    scores.push(weights.score(&f.ids));
    let mut out: Vec<(usize, Option<Ref>, Reach, f32)> = near
        .into_iter()
        .zip(softmax(&scores))
        .map(|((person, mention, reach), p)| (person, mention, reach, p))
        .collect();
    // What is said of one member of a list is said of all: "enter the board Ada Neri, Ugo Berti and Lia Sala".
    for group in context.listed_people(anchor.tokens.start) {
        let of = |x: &(usize, Option<Ref>, Reach, f32)| group.contains(&x.0);
        let all: f32 = out.iter().filter(|x| of(x)).map(|x| x.3).sum();
        for x in out.iter_mut().filter(|x| of(x)) {
            x.3 = x.3.max(all * 0.95);
        }
    }
    out.sort_by(|a, b| b.3.total_cmp(&a.3).then(a.0.cmp(&b.0)));
    out
}

/// Returns the organisation of an anchor and a person, `None` for none, with its probability.
pub(crate) fn firm(
    context: &Context<'_>,
    weights: &Weights,
    model: &str,
    anchor: &Anchor<'_>,
    person: usize,
    facts: &FirmFacts,
    f: &mut Features,
) -> (Option<usize>, f32) {
    firm_choices(context, weights, model, anchor, person, facts, f)
        .first()
        .copied()
        .unwrap_or((None, 0.0))
}

/// Returns the organisations to choose from, and none: never the one already chosen for the event's other side.
pub(crate) fn firm_candidates(
    context: &Context<'_>,
    anchor: &Anchor<'_>,
    facts: &FirmFacts,
) -> Vec<Option<usize>> {
    context
        .firms_near(&anchor.tokens)
        .into_iter()
        .filter(|x| facts.other_side != Some(*x))
        .map(Some)
        .chain([None])
        .collect()
}

/// Returns the organisations that an anchor may mean by falling probability, those below a fiftieth left out.
pub(crate) fn firm_choices(
    context: &Context<'_>,
    weights: &Weights,
    model: &str,
    anchor: &Anchor<'_>,
    person: usize,
    facts: &FirmFacts,
    f: &mut Features,
) -> Vec<(Option<usize>, f32)> {
    let candidates: Vec<Option<usize>> = firm_candidates(context, anchor, facts);
    let scores: Vec<f32> = candidates
        .iter()
        .map(|candidate| {
            context.firm_features(model, anchor, person, *candidate, facts, f);
            weights.score(&f.ids)
        })
        .collect();
    let mut out: Vec<(Option<usize>, f32)> =
        candidates.into_iter().zip(softmax(&scores)).filter(|(_, p)| *p >= 0.02).collect();
    out.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    out
}

/// Fills `f` with what tells whether a holding is over.
pub(crate) fn tense_features(
    context: &Context<'_>,
    anchor: &Anchor<'_>,
    person: usize,
    mention: Option<&Ref>,
    firm: Option<usize>,
    facts: &FirmFacts,
    f: &mut Features,
) {
    let doc = &context.doc;
    let n = doc.sentence_of[anchor.tokens.start] as usize;
    let range = &doc.sentences[n].tokens;
    f.begin("tense");
    feat!(f, "bias");
    feat!(f, "seen=", grade(facts.seen.former));
    feat!(f, "seen=", grade(facts.seen.former), "/", anchor.sort);
    feat!(f, anchor.sort);
    feat!(f, anchor.voiced);
    feat!(f, "word=", anchor.word);
    if let Some(role) = anchor.role {
        feat!(f, "prefix=", role.prefix.as_str());
    }
    if let Some(trigger) = anchor.trigger {
        feat!(f, "tense=", trigger.tense.as_str(), "/", trigger.class.as_str());
        feat!(f, "tense=", trigger.tense.as_str(), "/", anchor.word);
    }
    for back in 1..=3isize {
        feat!(f, "before", back, "=", doc.lower_in(range, anchor.tokens.start as isize - back));
    }
    feat!(f, "after=", doc.lower_in(range, anchor.tokens.end as isize));
    // Verbs of the sentence, the nearest first.
    let mut nearest: Option<(usize, &crate::extract::doc::Trigger)> = None;
    for trigger in doc.triggers.iter().filter(|t| range.contains(&t.tokens.start)) {
        let distance = trigger.tokens.start.abs_diff(anchor.tokens.start);
        if trigger.part == Part::Verb && nearest.is_none_or(|(d, _)| distance < d) {
            nearest = Some((distance, trigger));
        }
        if trigger.class == Class::Work && trigger.part == Part::Phrase && distance < 6 {
            feat!(f, "former-phrase=", distance.min(4));
        }
    }
    if let Some((distance, trigger)) = nearest {
        let side = if trigger.tokens.start < anchor.tokens.start { "left" } else { "right" };
        feat!(f, "verb=", trigger.class.as_str(), "/", trigger.tense.as_str(), "/", side);
        feat!(f, "verb=", trigger.class.as_str(), "/", side, "/", distance.min(8));
    }
    for i in range.clone() {
        if doc.is(i, List::FunctionWord) && anchor.tokens.start.abs_diff(i) < 8 {
            let word = doc.tokens[i].lower.as_str();
            if matches!(
                word,
                "è" | "era"
                    | "is"
                    | "was"
                    | "has"
                    | "had"
                    | "ha"
                    | "aveva"
                    | "been"
                    | "stato"
                    | "stata"
                    | "già"
                    | "ora"
                    | "now"
                    | "currently"
                    | "attuale"
                    | "oggi"
                    | "until"
                    | "till"
                    | "fino"
                    | "then"
                    | "poi"
                    | "prima"
                    | "before"
                    | "previously"
                    | "precedentemente"
                    | "since"
                    | "from"
                    | "dal"
                    | "after"
                    | "dopo"
                    | "as"
            ) {
                feat!(
                    f,
                    "near=",
                    word,
                    "/",
                    if i < anchor.tokens.start { "left" } else { "right" }
                );
            }
        }
    }
    for cue in doc.cues.iter().filter(|c| {
        range.contains(&c.tokens.start)
            && matches!(c.class, CueClass::Past | CueClass::Future | CueClass::Plan)
    }) {
        feat!(f, "cue=", cue.class.as_str());
    }
    let years = context.dates.iter().filter(|d| range.contains(&d.tokens.start)).count();
    feat!(f, "dates=", years.min(3));
    let old = context
        .dates
        .iter()
        .filter(|d| range.contains(&d.tokens.start))
        .any(|d| context.published.is_some_and(|p| d.date.year + 1 < p.year));
    feat!(f, "old-date=", old);
    if let Some(m) = mention {
        feat!(f, "order=", m.tokens.start < anchor.tokens.start);
        let word = doc.lower_in(&doc.sentence(m.tokens.start).tokens, m.tokens.start as isize - 1);
        feat!(f, "person-before=", word);
    }
    if let Some(firm) = firm {
        feat!(f, "firm-rank=", context.rank[firm].min(3));
        if let Some(m) = context.nearest(n, firm, &anchor.tokens) {
            let word = doc.lower_in(range, m.tokens.start as isize - 1);
            feat!(f, "firm-before=", word);
            if word == "ex"
                || word == "former"
                || (word == "-" && doc.lower_in(range, m.tokens.start as isize - 2) == "ex")
            {
                feat!(f, "ex-firm");
            }
        }
    }
    feat!(f, "person-rank=", context.rank[person].min(3));
}
