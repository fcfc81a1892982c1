//! Trains the neural reader: gradients by hand, Adam (Kingma & Ba 2015) with decoupled decay (Loshchilov & Hutter 2019),
//! articles in a fixed pseudo-random order, every sum in a fixed order.

use super::gold::{GoldMove, Matched, Sample};
use crate::extract::context::{Context, Side, sides};
use crate::extract::events::KIND_CLASSES;
use crate::extract::linear::shuffle;
use crate::extract::net::Net;
use crate::extract::net::layout::{
    ANCHOR, BLOCKS, Block, CELLS, CLASS, FORMER, HIDDEN, INPUT, KINDS, LSTM, MARK, MENTION,
    NO_ANCHOR, NO_PERSON, NONE, PARAMETERS, PERSON, PLACE, READ, SCORE, STATUSES, WORD,
};
use crate::extract::net::questions::{
    Query, Question, Relation, SpanUse, Views, answers, classes, hidden, query, spans, tables,
    views,
};
use crate::extract::net::reader::{
    Pass, TokenInput, add, add_times, embed, inputs, mean, pass, tanh,
};
use crate::lang::Class;
use crate::model::Status;
use std::collections::BTreeMap;
use std::ops::Range;

const EPOCHS: usize = 18;
/// Articles between two steps.
const BATCH: usize = 4;
const RATE: f32 = 2e-3;
const DECAY: f32 = 0.01;
/// Share of numbers left out at random while training.
const DROPOUT: f32 = 0.3;
/// Share of words whose meaning is left out: in other articles there are words that are in no list.
const UNKNOWN: f32 = 0.15;

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

/// Xorshift64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 40) as f32 / (1u64 << 24) as f32
    }

    /// Leaves numbers out at random; returns by how much each was multiplied.
    fn drop_out(&mut self, numbers: &mut [f32]) -> Vec<f32> {
        let kept = 1.0 / (1.0 - DROPOUT);
        let mask: Vec<f32> =
            numbers.iter().map(|_| if self.next() < DROPOUT { 0.0 } else { kept }).collect();
        multiply(numbers, &mask);
        mask
    }
}

fn multiply(numbers: &mut [f32], by: &[f32]) {
    for (x, by) in numbers.iter_mut().zip(by) {
        *x *= by;
    }
}

/// Adds the product of a column and a row to a table.
fn add_outer(column: &[f32], row: &[f32], table: &mut [f32]) {
    let columns = row.len();
    for (i, x) in column.iter().enumerate() {
        let line = &mut table[i * columns..(i + 1) * columns];
        for j in 0..columns {
            line[j] += x * row[j];
        }
    }
}

/// The parameters with every table that gradients pass through turned round.
struct Turned(Vec<f32>);

impl Turned {
    fn new(parameters: &[f32]) -> Self {
        let mut out = vec![0.0; PARAMETERS];
        let inner = LSTM.iter().flat_map(|l| &l[..2]);
        for block in inner.chain(&[ANCHOR, PERSON, MENTION, NO_ANCHOR, NO_PERSON]) {
            let table = block.of(parameters);
            for r in 0..block.rows {
                for c in 0..block.columns {
                    out[block.at + c * block.rows + r] = table[r * block.columns + c];
                }
            }
        }
        Turned(out)
    }

    /// Adds the gradient of what went into a table, given that of what came out.
    fn add(&self, block: Block, gradient: &[f32], out: &mut [f32]) {
        add_times(gradient, block.of(&self.0), out);
    }
}

/// Adds the gradient of an article's loss to `gradients`; returns the loss.
fn learn_from(
    lesson: &Lesson,
    parameters: &[f32],
    turned: &Turned,
    random: &mut Random,
    gradients: &mut [f32],
) -> f32 {
    let known: Vec<bool> = lesson.tokens.iter().map(|_| random.next() >= UNKNOWN).collect();
    let mut x = embed(parameters, &lesson.tokens, &|t| known[t]);
    let x_mask = random.drop_out(&mut x);
    let passes = [pass(parameters, false, &x), pass(parameters, true, &x)];
    let mut seen: Vec<[f32; READ]> =
        lesson.spans.iter().map(|(tokens, _)| mean(&x, &passes, tokens)).collect();
    let masks: Vec<Vec<f32>> = seen.iter_mut().map(|s| random.drop_out(s)).collect();
    let all: Vec<Views> =
        seen.iter().zip(&lesson.spans).map(|(s, (_, of))| views(parameters, s, *of)).collect();
    let mut back: Vec<Views> = vec![[[0.0; HIDDEN]; 3]; all.len()];
    let mut loss = 0.0;
    for task in &lesson.tasks {
        loss += answer(task, parameters, &all, random, gradients, &mut back);
    }
    // From the views back to the tokens.
    let tokens = lesson.tokens.len();
    let mut shown = [vec![0f32; tokens * CELLS], vec![0f32; tokens * CELLS]];
    let mut dx = vec![0f32; tokens * INPUT];
    for (n, (words, of)) in lesson.spans.iter().enumerate() {
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
            add(&mut shown[0][t * CELLS..][..CELLS], &d[..CELLS]);
            add(&mut shown[1][t * CELLS..][..CELLS], &d[CELLS..2 * CELLS]);
            add(&mut dx[t * INPUT..][..INPUT], &d[2 * CELLS..]);
        }
    }
    for (n, pass) in passes.iter().enumerate() {
        pass_back(n == 1, turned, &x, pass, &shown[n], gradients, &mut dx);
    }
    multiply(&mut dx, &x_mask);
    for ((token, d), known) in lesson.tokens.iter().zip(dx.chunks_exact(INPUT)).zip(known) {
        if let Some(vector) = token.vector.filter(|_| known) {
            add_outer(&vector, d, WORD.of_mut(gradients));
        }
        for mark in &token.marks {
            add(&mut gradients[MARK.at + mark * INPUT..][..INPUT], d);
        }
    }
    loss
}

/// Answers a question and adds the gradient of what it got wrong; returns the loss.
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
            for row in mention.places {
                add(&mut gradients[place(row)], d);
            }
        }
    }
    loss
}

/// Adds the gradients of one LSTM's tables and of its inputs, given those of what it showed.
fn pass_back(
    backwards: bool,
    turned: &Turned,
    inputs: &[f32],
    pass: &Pass,
    shown: &[f32],
    gradients: &mut [f32],
    dx: &mut [f32],
) {
    let [input, recurrence, bias] = LSTM[usize::from(backwards)];
    let tokens = inputs.len() / INPUT;
    let mut dh = [0f32; CELLS];
    let mut dc = [0f32; CELLS];
    for step in (0..tokens).rev() {
        let t = if backwards { tokens - 1 - step } else { step };
        let before = (step > 0).then(|| if backwards { t + 1 } else { t - 1 });
        add(&mut dh, &shown[t * CELLS..][..CELLS]);
        let g = &pass.gates[t * 4 * CELLS..][..4 * CELLS];
        let mut d = [0f32; 4 * CELLS];
        for i in 0..CELLS {
            let (enter, forget, out, new) =
                (g[i], g[CELLS + i], g[2 * CELLS + i], g[3 * CELLS + i]);
            let cell = tanh(pass.cells[t * CELLS + i]);
            let old = before.map_or(0.0, |b| pass.cells[b * CELLS + i]);
            let dcell = dc[i] + dh[i] * out * (1.0 - cell * cell);
            d[i] = dcell * new * enter * (1.0 - enter);
            d[CELLS + i] = dcell * old * forget * (1.0 - forget);
            d[2 * CELLS + i] = dh[i] * cell * out * (1.0 - out);
            d[3 * CELLS + i] = dcell * enter * (1.0 - new * new);
            dc[i] = dcell * forget;
        }
        add(bias.of_mut(gradients), &d);
        add_outer(&inputs[t * INPUT..][..INPUT], &d, input.of_mut(gradients));
        turned.add(input, &d, &mut dx[t * INPUT..][..INPUT]);
        dh = [0.0; CELLS];
        if let Some(before) = before {
            add_outer(&pass.shown[before * CELLS..][..CELLS], &d, recurrence.of_mut(gradients));
            turned.add(recurrence, &d, &mut dh);
        }
    }
}

/// Returns the parameters that training starts from.
fn start(random: &mut Random) -> Vec<f32> {
    let mut out = vec![0f32; PARAMETERS];
    for (_, block) in BLOCKS {
        // Tables of rows that are looked up start small, tables that are multiplied by as Glorot & Bengio (2010) say.
        let looked_up = [MARK.at, PLACE.at].contains(&block.at);
        let reach =
            if looked_up { 0.1 } else { (6.0 / (block.rows + block.columns) as f32).sqrt() };
        block.of_mut(&mut out).iter_mut().for_each(|p| *p = (2.0 * random.next() - 1.0) * reach);
    }
    for [_, _, bias] in LSTM {
        let gates = bias.of_mut(&mut out);
        gates.fill(0.0);
        // What an LSTM has seen it keeps at first.
        gates[CELLS..2 * CELLS].fill(1.0);
    }
    out
}

/// Returns the reader that some lessons make, and how often it is right on others.
pub(super) fn train(lessons: &[&Lesson], others: &[&Lesson]) -> (Net, String) {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut parameters = start(&mut random);
    let (mut first, mut second) = (vec![0f32; PARAMETERS], vec![0f32; PARAMETERS]);
    let mut order: Vec<usize> =
        (0..lessons.len()).filter(|n| !lessons[*n].tasks.is_empty()).collect();
    let steps = EPOCHS * order.len().div_ceil(BATCH);
    let mut step = 0;
    for _ in 0..EPOCHS {
        shuffle(&mut order, &mut random.0);
        for batch in order.chunks(BATCH) {
            let turned = Turned::new(&parameters);
            let mut gradients = vec![0f32; PARAMETERS];
            let tasks: usize = batch.iter().map(|n| lessons[*n].tasks.len()).sum();
            for n in batch {
                learn_from(lessons[*n], &parameters, &turned, &mut random, &mut gradients);
            }
            gradients.iter_mut().for_each(|g| *g /= tasks as f32);
            let norm = gradients.iter().map(|g| g * g).sum::<f32>().sqrt();
            let clip = if norm > 1.0 { 1.0 / norm } else { 1.0 };
            step += 1;
            // The rate rises over the first tenth and falls to nothing over the rest.
            let gone = step as f32 / steps as f32;
            let rate = RATE * (gone / 0.1).min((1.0 - gone) / 0.9);
            let (fade1, fade2) = (1.0 - 0.9f32.powi(step), 1.0 - 0.999f32.powi(step));
            for i in 0..PARAMETERS {
                let g = gradients[i] * clip;
                first[i] = 0.9 * first[i] + 0.1 * g;
                second[i] = 0.999 * second[i] + 0.001 * g * g;
                let toward = first[i] / fade1 / ((second[i] / fade2).sqrt() + 1e-8);
                parameters[i] -= rate * (toward + DECAY * parameters[i]);
            }
        }
    }
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
    use super::{Lesson, Random, Task, Turned, learn_from, start};
    use crate::extract::net::layout::{KINDS, LSTM, MARK, MENTION, PARAMETERS, PLACE, SCORE, WORD};
    use crate::extract::net::questions::{Candidate, Query, Question, Relation, SpanUse};
    use crate::extract::net::reader::TokenInput;

    fn lesson() -> Lesson {
        let token = |n: usize| TokenInput {
            vector: (n != 3).then(|| std::array::from_fn(|i| ((i * 7 + n * 5) % 11) as f32 / 11.0)),
            marks: vec![n, 20 + n],
        };
        let candidate = |span, entity| Candidate { entity, span, places: [20, 50, 60, 90] };
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
        Lesson { tokens: (0..8).map(token).collect(), spans, tasks }
    }

    #[test]
    fn gradients_are_those_of_the_loss() {
        let lesson = lesson();
        let mut parameters = start(&mut Random(7));
        let mut gradients = vec![0f32; PARAMETERS];
        let loss = |parameters: &[f32], gradients: &mut [f32]| {
            // The same numbers are left out each time.
            let turned = Turned::new(parameters);
            learn_from(&lesson, parameters, &turned, &mut Random(3), gradients)
        };
        loss(&parameters, &mut gradients);
        let mut checked = 0;
        for block in
            [WORD, MARK, LSTM[0][0], LSTM[0][1], LSTM[1][1], LSTM[1][2], MENTION, PLACE, SCORE]
        {
            // The parameter that matters most in each table.
            let most = (block.at..block.end())
                .max_by(|a, b| gradients[*a].abs().total_cmp(&gradients[*b].abs()))
                .expect("a table has parameters");
            let (old, step) = (parameters[most], 0.01);
            let mut ignored = vec![0f32; PARAMETERS];
            parameters[most] = old + step;
            let above = loss(&parameters, &mut ignored);
            parameters[most] = old - step;
            let below = loss(&parameters, &mut ignored);
            parameters[most] = old;
            let slope = (above - below) / (2.0 * step);
            let error = (slope - gradients[most]).abs();
            assert!(error < 0.03 * slope.abs() + 2e-3, "{block:?}: {slope} {}", gradients[most]);
            checked += usize::from(slope.abs() > 1e-3);
        }
        assert!(checked >= 7, "only {checked} tables bear on the loss");
    }
}
