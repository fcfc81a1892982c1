//! Trains the neural reader: what an article teaches, and the gradients of its loss.

use super::descent::{Random, Study, Tables, Teaches, Turned, add_outer, descend, multiply, start};
use super::gold::{GoldMove, Matched, Sample};
use crate::extract::context::{Context, Side, sides};
use crate::extract::events::KIND_CLASSES;
use crate::extract::net::Net;
use crate::extract::net::layout::{
    Block, CLASS, FORMER, HIDDEN, KINDS, LSTM, MARK, NONE, PLACE, READ, READER, SCORE, SPOTTER,
    STATUSES, WORD,
};
use crate::extract::net::questions::{
    Query, Question, Relation, SpanUse, VIEWS, Views, answers, classes, hidden, query, spans,
    tables, views,
};
use crate::extract::net::reader::{TokenInput, inputs};
use crate::extract::net::sums::add;
use crate::lang::Class;
use crate::model::Status;
use std::collections::BTreeMap;
use std::ops::Range;

const EPOCHS: usize = 30;

const TABLES: Tables = Tables { embedding: [WORD, MARK], lstm: LSTM };

/// One question with its right answers.
struct Task {
    query: Query,
    /// For each relation asked for, the right ones among the mentions and, last, none of them.
    asked: Vec<(Relation, Vec<usize>)>,
    /// For each set of classes, the right ones.
    classes: Vec<(Range<usize>, Vec<usize>)>,
}

/// What an article teaches.
pub(super) struct Lesson {
    tokens: Vec<TokenInput>,
    spans: Vec<(Range<usize>, SpanUse)>,
    tasks: Vec<Task>,
}

/// Returns what an article teaches.
pub(super) fn lesson(context: &Context<'_>, sample: &Sample) -> Lesson {
    let matched = Matched::new(context, sample);
    let mut tasks = Vec::new();
    let people = 0..context.entities.list.len();
    let refs = context.entities.refs.len();
    for (number, trigger) in context.doc.triggers.iter().enumerate() {
        let span = refs + number;
        for (order, (suffix, side)) in sides(trigger.class).iter().enumerate() {
            let told = |e| matched.told(context, number, suffix, *side, e);
            let movers: Vec<usize> = people.clone().filter(|e| told(*e).is_some()).collect();
            let question = if order == 0 { Question::Mover } else { Question::Replaced };
            tasks.extend(ask(
                context,
                question,
                span,
                None,
                &[(Relation::Mover, movers.clone(), movers.is_empty())],
            ));
            for person in movers {
                let Some(gold) = told(person) else { continue };
                tasks.extend(telling(context, &matched, span, *side, person, gold));
            }
        }
        if matches!(trigger.class, Class::Work | Class::Lead) && !trigger.negated {
            let marks = matched.held_marks(&trigger.tokens);
            tasks.extend(holding(context, &matched, span, &marks));
        }
    }
    for role in 0..context.roles.len() {
        let marks = matched.role_mark(context, role);
        let span = refs + context.doc.triggers.len() + role;
        tasks.extend(holding(context, &matched, span, &marks));
    }
    Lesson { tokens: inputs(context), spans: spans(context), tasks }
}

/// Returns the task of a question with its right entities (or none) in some relations; `None` where no answer can be right.
fn ask(
    context: &Context<'_>,
    question: Question,
    span: usize,
    person: Option<usize>,
    relations: &[(Relation, Vec<usize>, bool)],
) -> Option<Task> {
    let query = query(context, question, span, person);
    let asked: Vec<(Relation, Vec<usize>)> = relations
        .iter()
        .map(|(relation, right, none)| {
            let fits = |n: &usize| right.contains(&query.mentions[*n].entity);
            let mut found: Vec<usize> = (0..query.mentions.len()).filter(fits).collect();
            if *none {
                found.push(query.mentions.len());
            }
            (*relation, found)
        })
        .filter(|(_, right)| !right.is_empty())
        .collect();
    (!asked.is_empty()).then_some(Task { query, asked, classes: Vec::new() })
}

fn telling(
    context: &Context<'_>,
    matched: &Matched<'_>,
    span: usize,
    side: Side,
    person: usize,
    gold: &GoldMove,
) -> Option<Task> {
    let question = if side == Side::Join { Question::Joining } else { Question::Leaving };
    let relations = [
        (Relation::From, matched.firms(context, &gold.from_firm), gold.from_firm.nullable()),
        (Relation::To, matched.firms(context, &gold.to_firm), gold.to_firm.nullable()),
    ];
    let mut task = ask(context, question, span, Some(person), &relations)?;
    let kinds = gold.kind.all();
    let kinds = KINDS.filter(|k| kinds.contains(&&KIND_CLASSES[*k][1..])).collect();
    let statuses = gold.status.all();
    let statuses = statuses.iter().filter_map(|s| Status::parse(s));
    let statuses = statuses.map(|s| STATUSES.start + s as usize).collect();
    task.classes = vec![(KINDS, kinds), (STATUSES, statuses)];
    Some(task)
}

fn holding(
    context: &Context<'_>,
    matched: &Matched<'_>,
    span: usize,
    marks: &[&super::marks::HeldMark],
) -> Vec<Task> {
    let mut out = Vec::new();
    let all = 0..context.entities.list.len();
    let held = |e: usize| marks.iter().any(|m| matched.is(e, m.person));
    let holders: Vec<usize> = all.clone().filter(|e| held(*e)).collect();
    let nobody = !marks.iter().any(|m| m.person.is_some());
    out.extend(ask(
        context,
        Question::Holder,
        span,
        None,
        &[(Relation::Holder, holders.clone(), nobody)],
    ));
    for person in holders {
        let own: Vec<_> = marks.iter().filter(|m| matched.is(person, m.person)).collect();
        let firms = all.clone().filter(|e| own.iter().any(|m| matched.is(*e, m.firm))).collect();
        let none = own.iter().any(|m| m.firm.is_none());
        let relations = [(Relation::Post, firms, none)];
        let Some(mut task) = ask(context, Question::Post, span, Some(person), &relations) else {
            continue;
        };
        if !own[0].unheld {
            task.classes = vec![(FORMER, vec![FORMER.start + usize::from(own[0].former)])];
        }
        out.push(task);
    }
    out
}

impl Teaches for Lesson {
    fn n_tasks(&self) -> usize {
        self.tasks.len()
    }

    #[inline(always)]
    fn teach(
        &self,
        parameters: &[f32],
        turned: &Turned,
        random: &mut Random,
        gradients: &mut [f32],
    ) -> f32 {
        let mut reading = Study::new(TABLES, &self.tokens, parameters, random);
        let mut seen = Vec::with_capacity(self.spans.len());
        for (words, _) in &self.spans {
            seen.push(reading.mean(words));
        }
        let masks: Vec<Vec<f32>> = seen.iter_mut().map(|s| random.drop_out(s)).collect();
        let mut all: Vec<Views> = Vec::with_capacity(seen.len());
        for (seen, (_, of)) in seen.iter().zip(&self.spans) {
            all.push(views(parameters, seen, *of));
        }
        let mut back: Vec<Views> = vec![[[0.0; HIDDEN]; VIEWS]; all.len()];
        let mut loss = 0.0;
        for task in &self.tasks {
            loss += answer(task, parameters, &all, random, gradients, &mut back);
        }
        for (n, (words, of)) in self.spans.iter().enumerate() {
            let mut d = [0f32; READ];
            for (view, table) in tables(*of) {
                let row = &back[n][*view];
                if row.iter().all(|x| *x == 0.0) {
                    continue;
                }
                add_outer(&seen[n], row, table.of_mut(gradients));
                turned.add(*table, row, &mut d);
            }
            multiply(&mut d, &masks[n]);
            d.iter_mut().for_each(|x| *x /= words.len().max(1) as f32);
            for t in words.clone() {
                reading.add_back(t, &d);
            }
        }
        reading.finish(turned, gradients);
        loss
    }
}

/// Answers a question and adds the gradient of what it got wrong; returns the loss.
#[inline(always)]
fn answer(
    task: &Task,
    parameters: &[f32],
    all: &[Views],
    random: &mut Random,
    gradients: &mut [f32],
    back: &mut [Views],
) -> f32 {
    let query = &task.query;
    let mut hid = hidden(parameters, query, all);
    // What is 0 after this passes no gradient on.
    let masks: Vec<Vec<f32>> = hid.iter_mut().map(|h| random.drop_out(h)).collect();
    let last = hid.len() - 1;
    let mut d = vec![[0f32; HIDDEN]; hid.len()];
    let mut loss = 0.0;
    let mut learn =
        |block: Block, row: usize, at: usize, gradient: f32, d: &mut [[f32; HIDDEN]]| {
            let start = block.at + row * block.columns;
            for i in 0..HIDDEN {
                d[at][i] += gradient * parameters[start + i];
                gradients[start + i] += gradient * hid[at][i];
            }
            gradients[start + HIDDEN] += gradient;
        };
    for (relation, right) in &task.asked {
        let p = answers(parameters, *relation, &hid);
        let sum: f32 = right.iter().map(|n| p[*n]).sum::<f32>().max(1e-9);
        loss -= sum.ln();
        for (n, p) in p.iter().enumerate() {
            let target = if right.contains(&n) { p / sum } else { 0.0 };
            let block = if n < last { SCORE } else { NONE };
            learn(block, *relation as usize, n, p - target, &mut d);
        }
    }
    for (range, right) in &task.classes {
        let p = classes(parameters, range.clone(), &hid);
        let sum: f32 = right.iter().map(|n| p[n - range.start]).sum::<f32>().max(1e-9);
        loss -= sum.ln();
        for (n, p) in p.iter().enumerate() {
            let target = if right.contains(&(range.start + n)) { p / sum } else { 0.0 };
            learn(CLASS, range.start + n, last, p - target, &mut d);
        }
    }
    let place = |n: usize| PLACE.at + n * HIDDEN..PLACE.at + (n + 1) * HIDDEN;
    for (n, d) in d.iter_mut().enumerate() {
        for i in 0..HIDDEN {
            d[i] *= if hid[n][i] > 0.0 { masks[n][i] } else { 0.0 };
        }
        let none = usize::from(n == last);
        add(&mut back[query.anchor][none], d);
        add(&mut gradients[place(query.place(none == 1))], d);
        if let Some(person) = query.person {
            add(&mut back[person][1 + none], d);
        }
        if let Some(mention) = query.mentions.get(n) {
            add(&mut back[mention.span][0], d);
            if let Some(near) = mention.near {
                add(&mut back[near][3], d);
            }
            for row in mention.places {
                add(&mut gradients[place(row)], d);
            }
        }
    }
    loss
}

/// Returns the reader that some lessons make beside a spotter, and how often it is right on others.
pub(super) fn train(spotter: &Net, lessons: &[&Lesson], others: &[&Lesson]) -> (Net, String) {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut parameters = start(&mut random);
    parameters[SPOTTER].copy_from_slice(&spotter.parameters[SPOTTER]);
    descend(&mut parameters, READER, EPOCHS, lessons, &mut random);
    let net = Net::rounded(&parameters);
    let report = report(&net, others);
    (net, report)
}

/// Returns how often the likeliest answers are right, in words.
fn report(net: &Net, lessons: &[&Lesson]) -> String {
    let mut right: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for lesson in lessons {
        let all = net.read(&lesson.tokens, &lesson.spans);
        for task in &lesson.tasks {
            let hidden = hidden(&net.parameters, &task.query, &all);
            let mut count = |name: String, p: &[f32], good: &[usize], start: usize| {
                let best = (0..p.len()).max_by(|a, b| p[*a].total_cmp(&p[*b])).unwrap_or(0);
                let entry = right.entry(name).or_default();
                entry.0 += usize::from(good.contains(&(start + best)));
                entry.1 += 1;
            };
            for (relation, good) in &task.asked {
                count(
                    format!("{relation:?}"),
                    &answers(&net.parameters, *relation, &hidden),
                    good,
                    0,
                );
            }
            for (range, good) in &task.classes {
                let p = classes(&net.parameters, range.clone(), &hidden);
                count(format!("class {}", range.start), &p, good, range.start);
            }
        }
    }
    let line =
        right.iter().map(|(name, (n, of))| format!(" {name} {n} of {of}")).collect::<String>();
    format!("  net:{line} right, held out")
}

#[cfg(test)]
mod tests {
    use super::super::descent::{a_token, check_gradients};
    use super::{Lesson, Task};
    use crate::extract::net::layout::{
        ANCHOR, KINDS, LSTM, MARK, MENTION, NEAR_PERSON, PLACE, READER, SCORE, WORD,
    };
    use crate::extract::net::questions::{Candidate, Query, Question, Relation, SpanUse};

    fn lesson() -> Lesson {
        let candidate = |span, entity| Candidate {
            entity,
            span,
            near: Some(1),
            places: [20, 50, 60, 90, 120, 125, 130],
        };
        let query = Query {
            question: Question::Joining,
            anchor: 0,
            person: Some(1),
            mentions: vec![candidate(2, 0), candidate(3, 1)],
        };
        let asked = vec![(Relation::From, vec![2]), (Relation::To, vec![0])];
        let spans = vec![
            (2..3, SpanUse::Anchor),
            (0..2, SpanUse::Person),
            (3..5, SpanUse::Organisation),
            (6..7, SpanUse::Organisation),
        ];
        let tasks = vec![Task { query, asked, classes: vec![(KINDS, vec![1])] }];
        Lesson { tokens: (0..8).map(a_token).collect(), spans, tasks }
    }

    #[test]
    fn gradients_are_those_of_the_loss() {
        let [[input, recurrence, _], back] = LSTM;
        let tables = [
            WORD,
            MARK,
            input,
            recurrence,
            back[1],
            back[2],
            ANCHOR,
            MENTION,
            NEAR_PERSON,
            PLACE,
            SCORE,
        ];
        check_gradients(&lesson(), READER, &tables);
    }
}
