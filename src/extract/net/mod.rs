//! A small neural reader of whole articles: who and which organisation an anchor speaks of, whatever stands between.
//!
//! Every token is a sum of vectors (the word's meaning, its shape, what was found on it); one LSTM reads the article from
//! each end (Hochreiter & Schmidhuber 1997; Graves & Schmidhuber 2005). A question about an anchor scores every mention by
//! what the reader saw at the anchor, the person asked about and the mention, and by how far they stand apart. The
//! answers are features of the log-linear models, which decide. All sums go in a fixed order, however wide the
//! processor's registers are.

pub(super) mod layout;
pub(super) mod lstm;
pub(super) mod questions;
pub(super) mod reader;
pub(super) mod spotter;
pub(super) mod sums;

use super::context::{Anchor, Context};
use layout::{BLOCKS, FORMER, HIDDEN, KINDS, LSTM, MARK, STATUSES, WORD};
use pulp::{Simd, WithSimd};
pub(crate) use questions::Question;
use questions::{Query, Relation, SpanUse, Views, answers, classes, hidden, query, spans, views};
use reader::{TokenInput, embed, inputs, mean};
use std::ops::Range;
use std::sync::Arc;

/// A trained reader.
#[derive(Debug)]
pub(crate) struct Net {
    pub(super) parameters: Vec<f32>,
}

/// Parameters are kept as whole numbers of these.
const UNIT: f32 = 1.0 / 4096.0;

impl Net {
    /// Returns the reader of some parameters, rounded as they are kept.
    pub(super) fn rounded(parameters: &[f32]) -> Self {
        let unit = |p: &f32| (p / UNIT).round().clamp(-32768.0, 32767.0) * UNIT;
        Net { parameters: parameters.iter().map(unit).collect() }
    }

    /// Returns the parameters as text: for each row of each table its name, and the parameters in units of 1/4096.
    pub(super) fn to_table(&self) -> String {
        let mut out = String::new();
        for (name, block) in BLOCKS {
            for row in 0..block.rows {
                out.push_str(name);
                for p in block.row(&self.parameters, row) {
                    out.push_str(&format!("\t{}", (p / UNIT) as i32));
                }
                out.push('\n');
            }
        }
        out
    }

    /// Reads an article; returns what the words that questions may be about look like.
    pub(super) fn read(
        &self,
        tokens: &[TokenInput],
        spans: &[(Range<usize>, SpanUse)],
    ) -> Vec<Views> {
        pulp::Arch::new().dispatch(Reading { parameters: &self.parameters, tokens, spans })
    }

    /// Returns the reader of `net.tsv`, little-endian `i16` as the build wrote them.
    pub(crate) fn embedded() -> Self {
        let bytes: &'static [u8] = include_bytes!(concat!(env!("OUT_DIR"), "/net.bin"));
        let units: &'static [[u8; 2]] = bytes.as_chunks().0;
        Net { parameters: units.iter().map(|u| f32::from(i16::from_le_bytes(*u)) * UNIT).collect() }
    }
}

/// An article to be read: compiled once for any processor and once for those that sum eight numbers at a time.
///
/// What is not inlined into it is not: closures and calls of functions without `#[inline(always)]` are slow here.
struct Reading<'a> {
    parameters: &'a [f32],
    tokens: &'a [TokenInput],
    spans: &'a [(Range<usize>, SpanUse)],
}

impl WithSimd for Reading<'_> {
    type Output = Vec<Views>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Vec<Views> {
        let inputs = embed(self.parameters, [WORD, MARK], self.tokens, &|_| true);
        let passes = reader::read(self.parameters, LSTM, &inputs);
        let mut out = Vec::with_capacity(self.spans.len());
        for (tokens, of) in self.spans {
            out.push(views(self.parameters, &mean(&inputs, &passes, tokens), *of));
        }
        out
    }
}

/// An article as a reader sees it.
pub(crate) struct Seen {
    net: Arc<Net>,
    views: Vec<Views>,
}

/// How likely each entity answers a question, and none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answers {
    by_entity: Vec<(Option<usize>, f32)>,
}

impl Answers {
    /// Returns how likely an entity, or none, is the answer.
    pub(crate) fn of(&self, entity: Option<usize>) -> f32 {
        self.by_entity.iter().filter(|(e, _)| *e == entity).map(|(_, p)| p).sum()
    }
}

impl Context<'_> {
    /// Returns what the reader says of the people of an anchor.
    pub(super) fn people_seen(&self, question: Question, anchor: usize) -> Answers {
        let relation =
            if question == Question::Holder { Relation::Holder } else { Relation::Mover };
        let Some(seen) = &self.seen else { return Answers::default() };
        let query = query(self, question, anchor, None);
        seen.answer(&query, relation, &hidden(&seen.net.parameters, &query, &seen.views))
    }

    /// Returns what the reader says of a person's organisations at an anchor.
    pub(super) fn firms_seen(&self, anchor: &Anchor<'_>, person: usize) -> FirmsSeen {
        let Some(seen) = &self.seen else { return FirmsSeen::default() };
        let query = query(self, anchor.firms, anchor.span, Some(person));
        let hidden = hidden(&seen.net.parameters, &query, &seen.views);
        let answer = |relation| seen.answer(&query, relation, &hidden);
        let classes = |range| classes(&seen.net.parameters, range, &hidden);
        if anchor.firms == Question::Post {
            let post = answer(Relation::Post);
            return FirmsSeen { post, former: classes(FORMER)[1], ..FirmsSeen::default() };
        }
        FirmsSeen {
            from: answer(Relation::From),
            to: answer(Relation::To),
            kinds: classes(KINDS),
            statuses: classes(STATUSES),
            ..FirmsSeen::default()
        }
    }
}

/// What the reader says of an anchor and its person.
#[derive(Clone, Debug, Default)]
pub(crate) struct FirmsSeen {
    pub(crate) post: Answers,
    pub(crate) from: Answers,
    pub(crate) to: Answers,
    pub(crate) kinds: Vec<f32>,
    pub(crate) statuses: Vec<f32>,
    pub(crate) former: f32,
}

impl FirmsSeen {
    /// Returns the answers that a model of organisations asks for.
    pub(crate) fn of(&self, model: &str) -> &Answers {
        match model {
            "tf" => &self.from,
            "tt" => &self.to,
            _ => &self.post,
        }
    }
}

/// A probability as one of eleven steps, fine near none and near all.
pub(super) fn grade(p: f32) -> usize {
    const ENDS: [f32; 10] = [0.005, 0.02, 0.06, 0.15, 0.3, 0.5, 0.7, 0.85, 0.94, 0.98];
    ENDS.partition_point(|end| *end <= p)
}

impl Seen {
    /// Reads an article.
    pub(crate) fn new(context: &Context<'_>, net: &Arc<Net>) -> Self {
        Seen { net: net.clone(), views: net.read(&inputs(context), &spans(context)) }
    }

    fn answer(&self, query: &Query, relation: Relation, hidden: &[[f32; HIDDEN]]) -> Answers {
        let p = answers(&self.net.parameters, relation, hidden);
        let entities = query.mentions.iter().map(|m| Some(m.entity)).chain([None]);
        Answers { by_entity: entities.zip(p).collect() }
    }
}
