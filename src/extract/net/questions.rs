//! Questions about an anchor, and the mentions that may answer them.

use super::layout::{
    ANCHOR, BY_FORM, BY_RANK, BY_RIVAL, BY_SENTENCE, Block, CLASS, FROM_ANCHOR, FROM_NEAREST,
    FROM_PERSON, HIDDEN, MENTION, NEAR_PERSON, NO_ANCHOR, NO_PERSON, NONE, PERSON, PLACE, RANKS,
    READ, SCORE,
};
use super::sums::{add, add_times};
use crate::extract::context::Context;
use crate::extract::entities::Ref;
use crate::extract::linear::softmax;
use std::ops::Range;

/// What is asked about an anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// Whose move a trigger tells.
    Mover,
    /// Whom the person replaced or replacing is, in "X succeeds Y".
    Replaced,
    /// Whose a title or job is.
    Holder,
    /// Where a title or job is, given its person.
    Post,
    /// Which organisations a trigger has its person leave and join.
    Leaving,
    Joining,
}

impl Question {
    pub(super) const COUNT: usize = Question::Joining as usize + 1;
}

/// What an answer is to the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::extract) enum Relation {
    Mover,
    Holder,
    Post,
    From,
    To,
}

impl Relation {
    pub(super) const COUNT: usize = Relation::To as usize + 1;
}

/// A distance in tokens as one of [`STEPS`], by its sign.
fn step(from: &Range<usize>, to: &Range<usize>) -> usize {
    const ENDS: [usize; 14] = [1, 2, 3, 4, 6, 8, 11, 15, 20, 30, 45, 70, 110, 170];
    let steps = ENDS.partition_point(|end| *end < to.start.abs_diff(from.start));
    2 * steps + usize::from(to.start > from.start)
}

/// A question with the mentions that may answer it; words are told by their number among [`spans`].
pub(in crate::extract) struct Query {
    pub(in crate::extract) question: Question,
    pub(in crate::extract) anchor: usize,
    pub(in crate::extract) person: Option<usize>,
    pub(in crate::extract) mentions: Vec<Candidate>,
}

impl Query {
    /// Row of [`PLACE`] of the question, for a mention or for none.
    pub(in crate::extract) fn place(&self, none: bool) -> usize {
        self.question as usize + if none { Question::COUNT } else { 0 }
    }
}

/// Rows of [`PLACE`] that say where a mention stands.
pub(in crate::extract) const PLACES: usize = 7;

/// A mention that may answer a question.
pub(in crate::extract) struct Candidate {
    pub(in crate::extract) entity: usize,
    pub(in crate::extract) span: usize,
    /// The mention of the person asked about that stands nearest to it.
    pub(in crate::extract) near: Option<usize>,
    /// Rows of [`PLACE`].
    pub(in crate::extract) places: [usize; PLACES],
}

/// What questions may be about: the references, the triggers and the titles of an article, in this order, each with what it
/// may be in a question.
pub(in crate::extract) fn spans(context: &Context<'_>) -> Vec<(Range<usize>, SpanUse)> {
    let person = |r: &Ref| context.entities.list[r.entity].is_person;
    let refs = context.entities.refs.iter().map(|r| {
        (r.tokens.clone(), if person(r) { SpanUse::Person } else { SpanUse::Organisation })
    });
    let triggers = context.doc.triggers.iter().map(|t| (t.tokens.clone(), SpanUse::Anchor));
    let titles = context.roles.iter().map(|r| (r.tokens.clone(), SpanUse::Anchor));
    refs.chain(triggers).chain(titles).collect()
}

/// What some words may be in a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::extract) enum SpanUse {
    Person,
    Organisation,
    Anchor,
}

/// Tables that words of some use are seen through.
pub(in crate::extract) fn tables(of: SpanUse) -> &'static [(usize, Block)] {
    match of {
        SpanUse::Person => &[(0, MENTION), (1, PERSON), (2, NO_PERSON), (3, NEAR_PERSON)],
        SpanUse::Organisation => &[(0, MENTION)],
        SpanUse::Anchor => &[(0, ANCHOR), (1, NO_ANCHOR)],
    }
}

/// What words look like through each of their tables.
pub(in crate::extract) type Views = [[f32; HIDDEN]; VIEWS];

/// Most tables that words of one use are seen through.
pub(in crate::extract) const VIEWS: usize = 4;

/// Returns the views of words whose mean is `seen`.
#[inline(always)]
pub(in crate::extract) fn views(parameters: &[f32], seen: &[f32; READ], of: SpanUse) -> Views {
    let mut out = [[0f32; HIDDEN]; VIEWS];
    for (n, table) in tables(of) {
        add_times(seen, table.of(parameters), &mut out[*n]);
    }
    out
}

/// Most mentions that are weighed for one question, the nearest.
const MOST_MENTIONS: usize = 60;
/// How many references on each side are looked through for them: more than an article has, so that only endless texts feel it.
const LOOKED_THROUGH: usize = 2_000;

/// Returns a question about an anchor (a number of [`spans`]); `person` is whom it was found to speak of.
pub(in crate::extract) fn query(
    context: &Context<'_>,
    question: Question,
    anchor: usize,
    person: Option<usize>,
) -> Query {
    let doc = &context.doc;
    let refs = &context.entities.refs;
    let tokens = match anchor - refs.len() {
        n if n < doc.triggers.len() => &doc.triggers[n].tokens,
        n => &context.roles[n - doc.triggers.len()].tokens,
    };
    let sentence = |tokens: &Range<usize>| doc.sentence_of[tokens.start] as usize;
    let here = sentence(tokens);
    let asked = person.and_then(|person| {
        // Another sentence counts as this many tokens more: no reference further back than that many can be nearer.
        const AWAY: usize = 20;
        let own = context.refs_of(person);
        let at = own.partition_point(|r| refs[*r].tokens.start < tokens.start);
        let near = &own[at.saturating_sub(AWAY + 2)..(at + AWAY + 2).min(own.len())];
        near.iter().copied().min_by_key(|r| {
            let away = if sentence(&refs[*r].tokens) == here { 0 } else { AWAY };
            refs[*r].tokens.start.abs_diff(tokens.start) + away
        })
    });
    let people = matches!(question, Question::Mover | Question::Replaced | Question::Holder);
    let fits = |r: &usize| context.entities.list[refs[*r].entity].is_person == people;
    let at = refs.partition_point(|r| r.tokens.start < tokens.start);
    let mut near: Vec<usize> =
        (0..at).rev().take(LOOKED_THROUGH).filter(fits).take(MOST_MENTIONS).collect();
    near.extend((at..refs.len()).take(LOOKED_THROUGH).filter(fits).take(MOST_MENTIONS));
    near.sort_by_key(|r| (refs[*r].tokens.start.abs_diff(tokens.start), *r));
    near.truncate(MOST_MENTIONS);
    let mentions = near
        .into_iter()
        .map(|span| {
            let r = &refs[span];
            let sentences = (sentence(&r.tokens) as isize - here as isize).clamp(-5, 5) + 5;
            let from_person = asked.map_or(0, |p| step(&refs[p].tokens, &r.tokens));
            let near = person.and_then(|person| company(context, person, span));
            let from_nearest = near.map_or(0, |(near, _)| step(&refs[near].tokens, &r.tokens));
            let rival = near.map_or(0, |(_, rival)| rival);
            let places = [
                FROM_ANCHOR + step(tokens, &r.tokens),
                BY_SENTENCE + sentences as usize,
                FROM_PERSON + from_person,
                FROM_NEAREST + from_nearest,
                BY_RIVAL + rival,
                BY_FORM + r.form as usize,
                BY_RANK + context.rank[r.entity].min(RANKS - 1),
            ];
            Candidate { entity: r.entity, span, near: near.map(|(near, _)| near), places }
        })
        .collect();
    Query { question, anchor, person: asked, mentions }
}

/// Returns the mention of a person nearest to a reference to an organisation, and whether somebody else stands nearer: a row from
/// [`BY_RIVAL`] on.
fn company(context: &Context<'_>, person: usize, reference: usize) -> Option<(usize, usize)> {
    /// How many references on each side are looked through for somebody else.
    const NEIGHBOURS: usize = 12;
    let refs = &context.entities.refs;
    let at = refs[reference].tokens.start;
    let away = |r: usize| refs[r].tokens.start.abs_diff(at);
    let own = context.refs_of(person);
    let next = own.partition_point(|r| *r < reference);
    let near = &own[next.saturating_sub(1)..(next + 1).min(own.len())];
    let nearest = near.iter().copied().min_by_key(|r| away(*r))?;
    let around = reference.saturating_sub(NEIGHBOURS)..(reference + NEIGHBOURS).min(refs.len());
    let somebody = |r: &usize| context.entities.list[refs[*r].entity].is_person;
    let nobody_nearer =
        around.filter(somebody).all(|r| refs[r].entity == person || away(r) >= away(nearest));
    let sentence = |r: usize| context.doc.sentence_of[refs[r].tokens.start];
    let beside = sentence(nearest) == sentence(reference);
    let rival = match (nobody_nearer, beside) {
        (true, true) => 1,
        (true, false) => 2,
        (false, true) => 3,
        (false, false) => 4,
    };
    Some((nearest, rival))
}

/// Returns the hidden numbers of a question: for each mention, and last for none of them.
pub(in crate::extract) fn hidden(
    parameters: &[f32],
    query: &Query,
    views: &[Views],
) -> Vec<[f32; HIDDEN]> {
    let row = |n: usize| PLACE.row(parameters, n);
    let mut base = views[query.anchor][0];
    let mut none = views[query.anchor][1];
    add(&mut base, row(query.place(false)));
    add(&mut none, row(query.place(true)));
    if let Some(person) = query.person {
        add(&mut base, &views[person][1]);
        add(&mut none, &views[person][2]);
    }
    let mut out: Vec<[f32; HIDDEN]> = query
        .mentions
        .iter()
        .map(|mention| {
            let mut x = base;
            for place in mention.places {
                add(&mut x, row(place));
            }
            add(&mut x, &views[mention.span][0]);
            if let Some(near) = mention.near {
                add(&mut x, &views[near][3]);
            }
            x
        })
        .collect();
    out.push(none);
    out.iter_mut().flatten().for_each(|x| *x = x.max(0.0));
    out
}

/// Returns the score that a row of weights with its bias gives hidden numbers.
pub(in crate::extract) fn score(
    parameters: &[f32],
    block: Block,
    row: usize,
    hidden: &[f32],
) -> f32 {
    let weights = block.row(parameters, row);
    let sum: f32 = hidden.iter().zip(weights).map(|(x, w)| x * w).sum();
    sum + weights[hidden.len()]
}

/// Returns the probabilities of the mentions, and last of none, as answers in a relation.
pub(in crate::extract) fn answers(
    parameters: &[f32],
    relation: Relation,
    hidden: &[[f32; HIDDEN]],
) -> Vec<f32> {
    let last = hidden.len() - 1;
    let block = |n: usize| if n < last { SCORE } else { NONE };
    let scores: Vec<f32> = hidden
        .iter()
        .enumerate()
        .map(|(n, x)| score(parameters, block(n), relation as usize, x))
        .collect();
    softmax(&scores)
}

/// Returns the probabilities of some classes, given the hidden numbers of a question.
pub(in crate::extract) fn classes(
    parameters: &[f32],
    classes: Range<usize>,
    hidden: &[[f32; HIDDEN]],
) -> Vec<f32> {
    let scores: Vec<f32> =
        classes.map(|c| score(parameters, CLASS, c, &hidden[hidden.len() - 1])).collect();
    softmax(&scores)
}
