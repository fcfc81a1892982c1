//! Trains the neural spotter of names, so that the true segmentations of sentences are likely, as
//! [`segments::train`](crate::extract::segments::train) does.

use super::descent::{Random, Teaches, Turned, descend, embed_back, multiply, pass_back, start};
use crate::extract::candidates::candidates;
use crate::extract::doc::Doc;
use crate::extract::names::learn::{GoldNames, types};
use crate::extract::net::Net;
use crate::extract::net::layout::{
    CELLS, HIDDEN, INPUT, READ, SPOT_FIRST, SPOT_LAST, SPOT_LENGTH, SPOT_LSTM, SPOT_MARK,
    SPOT_TYPE, SPOT_WORD, SPOTTER,
};
use crate::extract::net::reader::{TokenInput, embed, mean, read};
use crate::extract::net::spotter::{Edges, hidden, inputs, length, scores};
use crate::extract::net::sums::{Rows, add, add_product};
use crate::extract::segments::{Scores, marginals};
use std::ops::Range;

const EPOCHS: usize = 6;

/// What an article teaches: of each sentence its tokens, its candidates and their types.
pub(super) struct Lesson {
    tokens: Vec<TokenInput>,
    sentences: Vec<Range<usize>>,
    spans: Vec<Vec<Range<usize>>>,
    types: Vec<Vec<Option<usize>>>,
}

/// Returns what an article with known names teaches.
pub(super) fn lesson(doc: &Doc<'_>, gold: &GoldNames) -> Lesson {
    let spans: Vec<_> = (0..doc.sentences.len()).map(|n| candidates(doc, n)).collect();
    let types = spans.iter().map(|own| types(gold, own)).collect();
    let sentences = doc.sentences.iter().map(|s| s.tokens.clone()).collect();
    Lesson { tokens: inputs(doc), sentences, spans, types }
}

/// Returns the spotter that some lessons make.
pub(super) fn train(lessons: &[&Lesson]) -> Net {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut parameters = start(&mut random);
    descend(&mut parameters, SPOTTER, EPOCHS, lessons, &mut random);
    Net::rounded(&parameters)
}

impl Teaches for Lesson {
    fn n_tasks(&self) -> usize {
        self.spans.iter().filter(|own| !own.is_empty()).count()
    }

    #[inline(always)]
    fn teach(
        &self,
        parameters: &[f32],
        turned: &Turned,
        random: &mut Random,
        gradients: &mut [f32],
    ) {
        learn_from(self, parameters, turned, random, gradients);
    }
}

/// Adds the gradient of an article's loss to `gradients`.
#[inline(always)]
fn learn_from(
    lesson: &Lesson,
    parameters: &[f32],
    turned: &Turned,
    random: &mut Random,
    gradients: &mut [f32],
) {
    let known = random.known(&lesson.tokens);
    let mut x = embed(parameters, [SPOT_WORD, SPOT_MARK], &lesson.tokens, &|t| known[t]);
    let x_mask = random.drop_out(&mut x);
    let passes = read(parameters, SPOT_LSTM, &x);
    let edges = Edges::new(lesson.spans.iter().flatten());
    let mut seen = Vec::with_capacity(edges.tokens.len() * READ);
    for t in &edges.tokens {
        seen.extend(mean(&x, &passes, &(*t..t + 1)));
    }
    let mask = random.drop_out(&mut seen);
    let mut views =
        [vec![0f32; edges.tokens.len() * HIDDEN], vec![0f32; edges.tokens.len() * HIDDEN]];
    for (view, table) in views.iter_mut().zip([SPOT_FIRST, SPOT_LAST]) {
        add_product(Rows::new(&seen, READ), table.of(parameters), view);
    }
    let mut back = [vec![0f32; views[0].len()], vec![0f32; views[1].len()]];
    let sentences = lesson.sentences.iter().zip(&lesson.spans).zip(&lesson.types);
    for ((tokens, spans), types) in sentences.filter(|((_, spans), _)| !spans.is_empty()) {
        let hidden: Vec<([usize; 2], [f32; HIDDEN], Vec<f32>)> = spans
            .iter()
            .map(|span| {
                let at = edges.of(span);
                let mut own = hidden(parameters, span, at, &views[0], &views[1]);
                let mask = random.drop_out(&mut own);
                (at, own, mask)
            })
            .collect();
        let scores: Vec<Scores> = hidden.iter().map(|(_, h, _)| scores(parameters, h)).collect();
        let p = marginals(tokens, spans, &scores);
        for (i, (at, h, mask)) in hidden.iter().enumerate() {
            let mut d = [0f32; HIDDEN];
            for (t, p) in p[i].iter().enumerate() {
                let gradient = p - f32::from(u8::from(types[i] == Some(t)));
                if gradient.abs() < 1e-4 {
                    continue;
                }
                let row = SPOT_TYPE.at + t * SPOT_TYPE.columns;
                for k in 0..HIDDEN {
                    d[k] += gradient * parameters[row + k];
                    gradients[row + k] += gradient * h[k];
                }
                gradients[row + HIDDEN] += gradient;
            }
            for k in 0..HIDDEN {
                d[k] *= if h[k] > 0.0 { mask[k] } else { 0.0 };
            }
            let row = SPOT_LENGTH.at + length(&spans[i]) * HIDDEN;
            add(&mut gradients[row..][..HIDDEN], &d);
            for (back, at) in back.iter_mut().zip(at) {
                add(&mut back[at * HIDDEN..][..HIDDEN], &d);
            }
        }
    }
    let mut d_seen = vec![0f32; seen.len()];
    for (back, table) in back.iter().zip([SPOT_FIRST, SPOT_LAST]) {
        add_product(Rows::turned(&seen, READ), back, table.of_mut(gradients));
        turned.add_rows(table, back, &mut d_seen);
    }
    multiply(&mut d_seen, &mask);
    let tokens = lesson.tokens.len();
    let mut shown = [vec![0f32; tokens * CELLS], vec![0f32; tokens * CELLS]];
    let mut dx = vec![0f32; tokens * INPUT];
    for (t, d) in edges.tokens.iter().zip(d_seen.chunks_exact(READ)) {
        add(&mut shown[0][t * CELLS..][..CELLS], &d[..CELLS]);
        add(&mut shown[1][t * CELLS..][..CELLS], &d[CELLS..2 * CELLS]);
        add(&mut dx[t * INPUT..][..INPUT], &d[2 * CELLS..]);
    }
    for (n, pass) in passes.iter().enumerate() {
        pass_back((SPOT_LSTM[n], n == 1), turned, &x, pass, &shown[n], gradients, &mut dx);
    }
    multiply(&mut dx, &x_mask);
    embed_back([SPOT_WORD, SPOT_MARK], &lesson.tokens, &known, &dx, gradients);
}
