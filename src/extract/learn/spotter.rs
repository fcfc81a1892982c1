//! Trains the neural spotter of names, so that the true segmentations of sentences are likely, as
//! [`segments::train`](crate::extract::segments::train) does.

use super::descent::{Random, Study, Tables, Teaches, Turned, descend, multiply, start};
use crate::extract::candidates::candidates;
use crate::extract::doc::Doc;
use crate::extract::names::learn::{GoldNames, types};
use crate::extract::net::Net;
use crate::extract::net::layout::{
    READ, SPOT_FIRST, SPOT_HIDDEN, SPOT_LAST, SPOT_LENGTH, SPOT_LSTM, SPOT_MARK, SPOT_TYPE,
    SPOT_WORD, SPOTTER,
};
use crate::extract::net::reader::TokenInput;
use crate::extract::net::spotter::{Edges, hidden, inputs, length, scores};
use crate::extract::net::sums::{Rows, add, add_product};
use crate::extract::segments::{Scores, marginals, surprise};
use std::ops::Range;

const EPOCHS: usize = 6;

const TABLES: Tables = Tables { embedding: [SPOT_WORD, SPOT_MARK], lstm: SPOT_LSTM };

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
    ) -> f32 {
        let mut reading = Study::new(TABLES, &self.tokens, parameters, random);
        let edges = Edges::new(self.spans.iter().flatten());
        let mut seen = Vec::with_capacity(edges.tokens.len() * READ);
        for t in &edges.tokens {
            seen.extend(reading.mean(&(*t..t + 1)));
        }
        let mask = random.drop_out(&mut seen);
        let mut views = [
            vec![0f32; edges.tokens.len() * SPOT_HIDDEN],
            vec![0f32; edges.tokens.len() * SPOT_HIDDEN],
        ];
        for (view, table) in views.iter_mut().zip([SPOT_FIRST, SPOT_LAST]) {
            add_product(Rows::new(&seen, READ), table.of(parameters), view);
        }
        let mut back = [vec![0f32; views[0].len()], vec![0f32; views[1].len()]];
        let mut loss = 0.0;
        let sentences = self.sentences.iter().zip(&self.spans).zip(&self.types);
        for ((tokens, spans), types) in sentences.filter(|((_, spans), _)| !spans.is_empty()) {
            let hidden: Vec<([usize; 2], [f32; SPOT_HIDDEN], Vec<f32>)> = spans
                .iter()
                .map(|span| {
                    let at = edges.of(span);
                    let mut own = hidden(parameters, span, at, &views[0], &views[1]);
                    let mask = random.drop_out(&mut own);
                    (at, own, mask)
                })
                .collect();
            let scores: Vec<Scores> =
                hidden.iter().map(|(_, h, _)| scores(parameters, h)).collect();
            let p = marginals(tokens, spans, &scores);
            loss += surprise(tokens, spans, &scores, types);
            for (i, (at, h, mask)) in hidden.iter().enumerate() {
                let mut d = [0f32; SPOT_HIDDEN];
                for (t, p) in p[i].iter().enumerate() {
                    let gradient = p - f32::from(u8::from(types[i] == Some(t)));
                    if gradient.abs() < 1e-4 {
                        continue;
                    }
                    let row = SPOT_TYPE.at + t * SPOT_TYPE.columns;
                    for k in 0..SPOT_HIDDEN {
                        d[k] += gradient * parameters[row + k];
                        gradients[row + k] += gradient * h[k];
                    }
                    gradients[row + SPOT_HIDDEN] += gradient;
                }
                for k in 0..SPOT_HIDDEN {
                    d[k] *= if h[k] > 0.0 { mask[k] } else { 0.0 };
                }
                let row = SPOT_LENGTH.at + length(&spans[i]) * SPOT_HIDDEN;
                add(&mut gradients[row..][..SPOT_HIDDEN], &d);
                for (back, at) in back.iter_mut().zip(at) {
                    add(&mut back[at * SPOT_HIDDEN..][..SPOT_HIDDEN], &d);
                }
            }
        }
        let mut d_seen = vec![0f32; seen.len()];
        for (back, table) in back.iter().zip([SPOT_FIRST, SPOT_LAST]) {
            add_product(Rows::turned(&seen, READ), back, table.of_mut(gradients));
            turned.add_rows(table, back, &mut d_seen);
        }
        multiply(&mut d_seen, &mask);
        for (t, d) in edges.tokens.iter().zip(d_seen.chunks_exact(READ)) {
            reading.add_back(*t, d);
        }
        reading.finish(turned, gradients);
        loss
    }
}

#[cfg(test)]
mod tests {
    use super::super::descent::{a_token, check_gradients};
    use super::Lesson;
    use crate::extract::net::layout::{
        SPOT_FIRST, SPOT_LAST, SPOT_LENGTH, SPOT_LSTM, SPOT_MARK, SPOT_TYPE, SPOT_WORD, SPOTTER,
    };

    #[test]
    fn gradients_are_those_of_the_loss() {
        let lesson = Lesson {
            tokens: (0..8).map(a_token).collect(),
            sentences: vec![0..5, 5..8],
            spans: vec![vec![0..1, 0..2, 1..2, 3..5], vec![6..8]],
            types: vec![vec![None, Some(0), None, Some(1)], vec![None]],
        };
        let [[input, recurrence, bias], back] = SPOT_LSTM;
        let tables = [
            SPOT_WORD,
            SPOT_MARK,
            input,
            recurrence,
            bias,
            back[1],
            SPOT_FIRST,
            SPOT_LAST,
            SPOT_LENGTH,
            SPOT_TYPE,
        ];
        check_gradients(&lesson, SPOTTER, &tables);
    }
}
