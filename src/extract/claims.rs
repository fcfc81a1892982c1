//! What is sure enough, written down as claims: every slot with the words it came from.

use super::Options;
use super::confidence::confidence;
use super::context::{Context, Side};
use super::entities::Form;
use super::events::{self, Telling};
use super::linear::{Features, Weights, logistic};
use super::positions::{Holding, holdings};
use super::readings::{self, Event};
use crate::model::{
    Article, ArticleClaims, Evidence, Kind, Mention, MentionType, MoveClaim, PositionClaim,
    SlotName, Status, Tense,
};
use crate::text::fold;
use std::ops::Range;

/// Returns the claims of an analysed article.
pub(crate) fn claims(
    article: &Article,
    context: &Context<'_>,
    weights: &Weights,
    options: &Options,
    mut notes: Vec<String>,
    f: &mut Features,
) -> ArticleClaims {
    let (mut moves, mut positions) = (Vec::new(), Vec::new());
    if context.doc.is_language() {
        let holdings = holdings(context, weights, f);
        let tellings = events::tellings(context, &holdings, weights, f);
        let events = decide(context, &holdings, &tellings, weights, f);
        let kept: Vec<&Event> = events
            .iter()
            .filter(|e| e.p >= options.min_move && e.real >= options.min_real)
            .collect();
        moves = kept.iter().map(|e| move_claim(context, &tellings, e, weights)).collect();
        positions = position_claims(context, &holdings, &kept, options);
    } else {
        notes.push("most words are neither Italian nor English: no move was looked for".to_owned());
    }
    let mentions = context
        .entities
        .refs
        .iter()
        .filter(|r| r.form == Form::Name)
        .map(|r| {
            let entity = &context.entities.list[r.entity];
            let mention_type =
                if entity.is_person { MentionType::Person } else { MentionType::Firm };
            Mention { span: context.doc.span(&r.tokens), mention_type, entity: entity.name.clone() }
        })
        .collect();
    ArticleClaims { article: article.clone(), moves, positions, mentions, notes }
}

/// Returns every group of tellings as an event, with the probability of its reading.
pub(crate) fn drafts(
    context: &Context<'_>,
    holdings: &[Holding],
    tellings: &[Telling],
    weights: &Weights,
    f: &mut Features,
) -> Vec<Event> {
    let held = by_person(context, holdings);
    events::groups(context, tellings, weights, f)
        .iter()
        .map(|group| {
            let mut event = readings::fuse(context, tellings, group);
            let held = &held[event.person];
            readings::set_reading(context, tellings, held, &mut event, weights, f);
            event
        })
        .collect()
}

/// Returns the holdings of each entity: a long article has too many to look through for every event.
fn by_person(context: &Context<'_>, holdings: &[Holding]) -> Vec<Vec<Holding>> {
    let mut held = vec![Vec::new(); context.entities.list.len()];
    for h in holdings {
        held[h.person].push(h.clone());
    }
    held
}

/// Returns the events of an article with kind and confidence, each once.
pub(crate) fn decide(
    context: &Context<'_>,
    holdings: &[Holding],
    tellings: &[Telling],
    weights: &Weights,
    f: &mut Features,
) -> Vec<Event> {
    let drafts = drafts(context, holdings, tellings, weights, f);
    let held = by_person(context, holdings);
    let mut out: Vec<Event> = Vec::new();
    for draft in &drafts {
        let held = &held[draft.person];
        readings::keep_features(context, tellings, held, draft, &drafts, f);
        let mut event = draft.clone();
        event.p = logistic(weights.score(&f.ids));
        readings::real_features(context, tellings, held, (draft, event.p), &drafts, f);
        event.real = logistic(weights.score(&f.ids));
        // The same move twice: the surer one stays.
        match out.iter_mut().find(|o| {
            o.person == event.person
                && o.kind == event.kind
                && o.from == event.from
                && o.to == event.to
        }) {
            Some(old) if old.p >= event.p => {
                old.tellings.extend(&event.tellings);
                old.date = old.date.or(event.date);
            }
            Some(old) => {
                event.tellings.extend(&old.tellings);
                event.date = event.date.or(old.date);
                *old = event;
            }
            None => out.push(event),
        }
    }
    out
}

fn evidence(context: &Context<'_>, slot: SlotName, tokens: &Range<usize>) -> Evidence {
    let span = context.doc.span(tokens);
    Evidence { slot, span, quote: span.of(context.doc.text).to_owned() }
}

/// Returns the place where an entity is called something nearest to an anchor: in its sentence, else its first name. A
/// pronoun says nothing to who reads the quote alone.
fn place(context: &Context<'_>, entity: usize, anchor: &Range<usize>) -> Option<Range<usize>> {
    let n = context.doc.sentence_of[anchor.start] as usize;
    let here = context
        .refs_in(n)
        .iter()
        .filter(|r| r.entity == entity && matches!(r.form, Form::Name | Form::Nominal))
        .min_by_key(|r| (r.form as u8, r.tokens.start.abs_diff(anchor.start)));
    here.or_else(|| context.entities.refs.iter().find(|r| r.entity == entity))
        .map(|r| r.tokens.clone())
}

fn role_words(context: &Context<'_>, role: usize) -> String {
    context.doc.words(&context.roles[role].tokens).split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(crate) fn move_claim(
    context: &Context<'_>,
    tellings: &[Telling],
    event: &Event,
    weights: &Weights,
) -> MoveClaim {
    let doc = &context.doc;
    let lead = event
        .tellings
        .iter()
        .copied()
        .max_by(|a, b| tellings[*a].p.total_cmp(&tellings[*b].p).then(b.cmp(a)))
        .unwrap_or(event.tellings[0]);
    let anchor = &doc.triggers[tellings[lead].trigger].tokens;
    let mut found = Vec::new();
    for (slot, entity) in [
        (SlotName::Person, Some(event.person)),
        (SlotName::FromFirm, event.from),
        (SlotName::ToFirm, event.to),
    ] {
        if let Some(tokens) = entity.and_then(|e| place(context, e, anchor)) {
            found.push(evidence(context, slot, &tokens));
        }
    }
    for (slot, role) in [(SlotName::FromRole, event.from_role), (SlotName::ToRole, event.to_role)] {
        if let Some(role) = role {
            found.push(evidence(context, slot, &context.roles[role].tokens));
        }
    }
    if let Some(date) = event.date {
        found.push(evidence(context, SlotName::Date, &context.dates[date].tokens));
    }
    let mut sentences: Vec<usize> = Vec::new();
    // A telling that is more likely none is no evidence, unless it is all there is.
    for t in event.tellings.iter().filter(|t| **t == lead || tellings[**t].p > 0.5) {
        let tokens = &doc.triggers[tellings[*t].trigger].tokens;
        found.push(evidence(context, SlotName::Trigger, tokens));
        sentences.push(doc.sentence_of[tokens.start] as usize);
    }
    sentences.sort_unstable();
    sentences.dedup();
    for n in sentences {
        found.push(evidence(context, SlotName::Sentence, &doc.sentences[n].tokens));
    }
    found.sort();
    found.dedup();
    let trigger = &doc.triggers[tellings[lead].trigger];
    let pack = doc.packs[doc.sentence_of[anchor.start] as usize];
    let manner =
        event.tellings.iter().filter(|t| tellings[**t].side == Side::Leave).find_map(|t| {
            let trigger = &doc.triggers[tellings[*t].trigger];
            doc.packs[doc.sentence_of[trigger.tokens.start] as usize].frames[trigger.frame].manner
        });
    let name = |entity: usize| context.entities.list[entity].name.clone();
    MoveClaim {
        person: name(event.person),
        kind: event.kind,
        status: event.status,
        manner,
        from_firm: event.from.map(name),
        from_role: event.from_role.map(|r| role_words(context, r)),
        to_firm: event.to.map(name),
        to_role: event.to_role.map(|r| role_words(context, r)),
        to_note: None,
        date: event.date.map(|d| context.dates[d].date),
        evidence: found,
        rule: pack.frames[trigger.frame].id.clone(),
        confidence: confidence(event.p, weights),
    }
}

/// A position on its way to a claim.
struct Draft {
    person: usize,
    firm: Option<usize>,
    role: Option<usize>,
    tense: Tense,
    p: f32,
    anchor: Range<usize>,
    rule: String,
}

fn position_claims(
    context: &Context<'_>,
    holdings: &[Holding],
    events: &[&Event],
    options: &Options,
) -> Vec<PositionClaim> {
    let mut drafts: Vec<Draft> = Vec::new();
    for h in holdings {
        let p = h.p_person * h.p_firm;
        let (anchor, rule) = match (h.role, h.trigger) {
            (Some(role), _) => (
                context.roles[role].tokens.clone(),
                format!("role/{}", context.roles[role].kind.as_str()),
            ),
            (None, Some(t)) => {
                let trigger = &context.doc.triggers[t];
                let pack =
                    context.doc.packs[context.doc.sentence_of[trigger.tokens.start] as usize];
                (trigger.tokens.clone(), pack.frames[trigger.frame].id.clone())
            }
            (None, None) => continue,
        };
        if p < options.min_position
            || (h.firm.is_none() && (h.role.is_none_or(|r| context.roles[r].staff)))
        {
            continue;
        }
        let tense = if h.former { Tense::Former } else { Tense::Current };
        drafts.push(Draft { person: h.person, firm: h.firm, role: h.role, tense, p, anchor, rule });
    }
    for event in events {
        if event.status == Status::Failed
            || event.status == Status::Denied
            || event.status == Status::Rumoured
        {
            continue;
        }
        let done = event.status == Status::Completed;
        let leaves = event.kind != Kind::RoleChange;
        if done {
            for d in drafts.iter_mut().filter(|d| d.person == event.person && d.firm.is_some()) {
                let same_role = same_role(context, d.role, event.from_role)
                    && !same_role(context, d.role, event.to_role);
                if d.firm == event.from && (leaves && event.from != event.to || same_role) {
                    d.tense = Tense::Former;
                } else if d.firm == event.to && d.role.is_some() && d.role == event.to_role {
                    d.tense = Tense::Current;
                }
            }
        } else {
            for d in drafts.iter_mut().filter(|d| d.person == event.person && d.firm.is_some()) {
                if d.firm == event.to
                    && d.role.is_some()
                    && d.role == event.to_role
                    && event.to_role != event.from_role
                {
                    d.tense = Tense::Future;
                }
            }
        }
        let anchor = context.doc.triggers[event_trigger(event)].tokens.clone();
        if let Some(firm) = event.from.filter(|_| leaves || event.from_role.is_some()) {
            let tense = if done { Tense::Former } else { Tense::Current };
            drafts.push(Draft {
                person: event.person,
                firm: Some(firm),
                role: event.from_role,
                tense,
                p: event.p,
                anchor: anchor.clone(),
                rule: "move/from".into(),
            });
        }
        if let Some(firm) =
            event.to.filter(|_| event.kind != Kind::Founding || event.to_role.is_some())
        {
            let tense = if done { Tense::Current } else { Tense::Future };
            // A later departure from the same organisation ends it.
            let over = events.iter().any(|e| {
                e.person == event.person
                    && e.from == Some(firm)
                    && e.to != Some(firm)
                    && e.status == Status::Completed
                    && !std::ptr::eq(*e, *event)
            });
            let tense = if over { Tense::Former } else { tense };
            drafts.push(Draft {
                person: event.person,
                firm: Some(firm),
                role: event.to_role,
                tense,
                p: event.p,
                anchor,
                rule: "move/to".into(),
            });
        }
    }
    merge_drafts(context, drafts)
}

fn event_trigger(event: &Event) -> usize {
    event.lead
}

fn same_role(context: &Context<'_>, a: Option<usize>, b: Option<usize>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a == b || head(context, a) == head(context, b),
        _ => false,
    }
}

fn head(context: &Context<'_>, role: usize) -> String {
    fold(context.doc.words(&context.roles[role].head))
}

/// Joins drafts of one holding: same person and organisation, and titles of one head (or one without a title).
fn merge_drafts(context: &Context<'_>, drafts: Vec<Draft>) -> Vec<PositionClaim> {
    let mut out: Vec<Draft> = Vec::new();
    let mut order: Vec<Draft> = drafts;
    // Those with a title first, so that a bare "worked at" finds the title to join.
    order.sort_by_key(|d| (d.role.is_none(), d.anchor.start));
    for draft in order {
        let fits = |o: &Draft| {
            o.person == draft.person
                && o.firm == draft.firm
                && (draft.role.is_none() || same_role(context, o.role, draft.role))
        };
        match out.iter_mut().find(|o| fits(o)) {
            Some(old) => {
                let longer = |r: Option<usize>| r.map_or(0, |r| context.roles[r].tokens.len());
                if longer(draft.role) > longer(old.role) {
                    old.role = draft.role;
                }
                if draft.rule.starts_with("move/") {
                    old.tense = draft.tense;
                }
                old.p = old.p.max(draft.p);
            }
            None => out.push(draft),
        }
    }
    // A title without an organisation says nothing new of a person who holds it at one.
    let with_firm: Vec<(usize, Option<String>)> = out
        .iter()
        .filter(|d| d.firm.is_some())
        .map(|d| (d.person, d.role.map(|r| head(context, r))))
        .collect();
    out.retain(|d| {
        d.firm.is_some() || !with_firm.contains(&(d.person, d.role.map(|r| head(context, r))))
    });
    out.sort_by_key(|d| d.anchor.start);
    out.into_iter()
        .map(|d| {
            let mut found = Vec::new();
            for (slot, entity) in [(SlotName::Person, Some(d.person)), (SlotName::Firm, d.firm)] {
                if let Some(tokens) = entity.and_then(|e| place(context, e, &d.anchor)) {
                    found.push(evidence(context, slot, &tokens));
                }
            }
            if let Some(role) = d.role {
                found.push(evidence(context, SlotName::Role, &context.roles[role].tokens));
            }
            found.push(evidence(
                context,
                SlotName::Sentence,
                &context.doc.sentence(d.anchor.start).tokens,
            ));
            found.sort();
            found.dedup();
            PositionClaim {
                person: context.entities.list[d.person].name.clone(),
                firm: d.firm.map(|x| context.entities.list[x].name.clone()),
                role: d.role.map(|r| role_words(context, r)),
                tense: d.tense,
                started_on: None,
                ended_on: None,
                evidence: found,
                rule: d.rule,
                confidence: (f64::from(d.p) * 1000.0).round() / 1000.0,
            }
        })
        .collect()
}
