//! Where each table of parameters lies in the one list of them all.

use super::questions::{Question, Relation};
use crate::extract::candidates::MAX_NAME;
use crate::extract::names::VOTES;
use crate::extract::segments::TYPES;
use crate::lang::{Class, WORD_VECTOR};
use crate::text::Shape;
use std::ops::Range;

/// Numbers that stand for a token before the article around it is read.
pub(in crate::extract) const INPUT: usize = 64;
/// Cells of each LSTM.
pub(in crate::extract) const CELLS: usize = 64;
/// Numbers that stand for a token once the article is read: both LSTMs and the token itself.
pub(in crate::extract) const READ: usize = 2 * CELLS + INPUT;
/// Hidden numbers of a question.
pub(in crate::extract) const HIDDEN: usize = 128;
/// Hidden numbers of a candidate for a name.
pub(in crate::extract) const SPOT_HIDDEN: usize = 64;

/// A table of parameters in the one list of them all.
#[derive(Clone, Copy, Debug)]
pub(in crate::extract) struct Block {
    pub(in crate::extract) at: usize,
    pub(in crate::extract) rows: usize,
    pub(in crate::extract) columns: usize,
}

impl Block {
    const fn new(at: usize, rows: usize, columns: usize) -> Block {
        Block { at, rows, columns }
    }

    const fn then(self, rows: usize, columns: usize) -> Block {
        Block::new(self.end(), rows, columns)
    }

    pub(in crate::extract) const fn end(self) -> usize {
        self.at + self.rows * self.columns
    }

    pub(in crate::extract) fn of(self, parameters: &[f32]) -> &[f32] {
        &parameters[self.at..self.end()]
    }

    pub(in crate::extract) fn of_mut(self, parameters: &mut [f32]) -> &mut [f32] {
        &mut parameters[self.at..self.end()]
    }

    pub(in crate::extract) fn row(self, parameters: &[f32], row: usize) -> &[f32] {
        &parameters[self.at + row * self.columns..][..self.columns]
    }
}

/// Hashes of a word's ending that are told apart.
pub(super) const ENDINGS: usize = 1024;

/// Rows of [`MARK`]: what name or reference a token belongs to, whether to a title, which trigger, then its shape, its language,
/// whether it stands in the headline, its ending, and its branch of the tree of words.
const MENTION_MARKS: usize = 11;
pub(super) const TITLE_MARK: usize = MENTION_MARKS;
pub(super) const CLASS_MARKS: usize = TITLE_MARK + 1;
pub(super) const SHAPE_MARKS: usize = CLASS_MARKS + Class::Swap as usize + 1;
pub(super) const LANGUAGE_MARKS: usize = SHAPE_MARKS + Shape::Punct as usize + 1;
pub(super) const HEADLINE_MARK: usize = LANGUAGE_MARKS + 2;
pub(super) const ENDING_MARKS: usize = HEADLINE_MARK + 1;
pub(super) const BRANCH_MARKS: usize = ENDING_MARKS + ENDINGS;
const MARKS: usize = BRANCH_MARKS + 256;

const STEPS: usize = 32;
const SENTENCES: usize = 11;
const FORMS: usize = 4;
const RIVALS: usize = 5;
/// Entities told apart by how often they are spoken of.
pub(super) const RANKS: usize = 6;
/// Rows of [`PLACE`]: the question, then where the mention stands from the anchor, by sentences, from the person's mention at the
/// anchor and from the person's nearest mention, who stands nearest to it, its form and how often its entity is spoken of.
pub(super) const FROM_ANCHOR: usize = 2 * Question::COUNT;
pub(super) const BY_SENTENCE: usize = FROM_ANCHOR + STEPS;
pub(super) const FROM_PERSON: usize = BY_SENTENCE + SENTENCES;
pub(super) const FROM_NEAREST: usize = FROM_PERSON + STEPS;
pub(super) const BY_RIVAL: usize = FROM_NEAREST + STEPS;
pub(super) const BY_FORM: usize = BY_RIVAL + RIVALS;
pub(super) const BY_RANK: usize = BY_FORM + FORMS;

pub(in crate::extract) const WORD: Block = Block::new(0, WORD_VECTOR, INPUT);
pub(in crate::extract) const MARK: Block = WORD.then(MARKS, INPUT);
/// Of each LSTM: input, recurrence, bias; the four gates beside one another: in, forget, out, new.
pub(in crate::extract) const LSTM: [[Block; 3]; 2] = {
    let first = lstm(MARK);
    [first, lstm(first[2])]
};
pub(in crate::extract) const ANCHOR: Block = LSTM[1][2].then(READ, HIDDEN);
pub(in crate::extract) const PERSON: Block = ANCHOR.then(READ, HIDDEN);
pub(in crate::extract) const MENTION: Block = PERSON.then(READ, HIDDEN);
pub(in crate::extract) const NO_ANCHOR: Block = MENTION.then(READ, HIDDEN);
pub(in crate::extract) const NO_PERSON: Block = NO_ANCHOR.then(READ, HIDDEN);
pub(in crate::extract) const NEAR_PERSON: Block = NO_PERSON.then(READ, HIDDEN);
pub(in crate::extract) const PLACE: Block = NEAR_PERSON.then(BY_RANK + RANKS, HIDDEN);
/// Weights of a mention, of no mention, and of a class; one row each, with a bias at the end.
pub(in crate::extract) const SCORE: Block = PLACE.then(Relation::COUNT, HIDDEN + 1);
pub(in crate::extract) const NONE: Block = SCORE.then(Relation::COUNT, HIDDEN + 1);
pub(in crate::extract) const CLASS: Block = NONE.then(CLASSES, HIDDEN + 1);

/// Rows of [`SPOT_MARK`]: the token's shape, its language, where it stands, the lists it is in, its branch of the tree of words, and
/// its ending.
pub(super) const SPOT_LANGUAGES: usize = Shape::Punct as usize + 1;
pub(super) const SPOT_STARTS: usize = SPOT_LANGUAGES + 2;
pub(super) const SPOT_HEADLINE: usize = SPOT_STARTS + 1;
pub(super) const SPOT_LINE: usize = SPOT_HEADLINE + 1;
pub(super) const SPOT_LISTS: usize = SPOT_LINE + 1;
pub(super) const SPOT_BRANCHES: usize = SPOT_LISTS + VOTES.len();
pub(super) const SPOT_ENDINGS: usize = SPOT_BRANCHES + 256;
/// The spotter of names has an embedding and LSTMs of its own, and tables through which the first and the last token of a
/// span are seen.
pub(in crate::extract) const SPOT_WORD: Block = CLASS.then(WORD_VECTOR, INPUT);
pub(in crate::extract) const SPOT_MARK: Block = SPOT_WORD.then(SPOT_ENDINGS + ENDINGS, INPUT);
pub(in crate::extract) const SPOT_LSTM: [[Block; 3]; 2] = {
    let first = lstm(SPOT_MARK);
    [first, lstm(first[2])]
};
pub(in crate::extract) const SPOT_FIRST: Block = SPOT_LSTM[1][2].then(READ, SPOT_HIDDEN);
pub(in crate::extract) const SPOT_LAST: Block = SPOT_FIRST.then(READ, SPOT_HIDDEN);
/// By the number of tokens.
pub(in crate::extract) const SPOT_LENGTH: Block = SPOT_LAST.then(MAX_NAME + 1, SPOT_HIDDEN);
/// Weights of each type with a bias at the end.
pub(in crate::extract) const SPOT_TYPE: Block = SPOT_LENGTH.then(TYPES, SPOT_HIDDEN + 1);
pub(in crate::extract) const PARAMETERS: usize = SPOT_TYPE.end();

/// Tables of the reader, and of the spotter of names.
pub(in crate::extract) const READER: Range<usize> = 0..CLASS.end();
pub(in crate::extract) const SPOTTER: Range<usize> = CLASS.end()..PARAMETERS;
/// All tables in order, with their names.
pub(in crate::extract) const BLOCKS: [(&str, Block); 30] = [
    ("word", WORD),
    ("mark", MARK),
    ("forth.input", LSTM[0][0]),
    ("forth.recurrence", LSTM[0][1]),
    ("forth.bias", LSTM[0][2]),
    ("back.input", LSTM[1][0]),
    ("back.recurrence", LSTM[1][1]),
    ("back.bias", LSTM[1][2]),
    ("anchor", ANCHOR),
    ("person", PERSON),
    ("mention", MENTION),
    ("none.anchor", NO_ANCHOR),
    ("none.person", NO_PERSON),
    ("near.person", NEAR_PERSON),
    ("place", PLACE),
    ("score", SCORE),
    ("none", NONE),
    ("class", CLASS),
    ("spot.word", SPOT_WORD),
    ("spot.mark", SPOT_MARK),
    ("spot.forth.input", SPOT_LSTM[0][0]),
    ("spot.forth.recurrence", SPOT_LSTM[0][1]),
    ("spot.forth.bias", SPOT_LSTM[0][2]),
    ("spot.back.input", SPOT_LSTM[1][0]),
    ("spot.back.recurrence", SPOT_LSTM[1][1]),
    ("spot.back.bias", SPOT_LSTM[1][2]),
    ("spot.first", SPOT_FIRST),
    ("spot.last", SPOT_LAST),
    ("spot.length", SPOT_LENGTH),
    ("spot.type", SPOT_TYPE),
];

const fn lstm(after: Block) -> [Block; 3] {
    let input = after.then(INPUT, 4 * CELLS);
    let recurrence = input.then(CELLS, 4 * CELLS);
    [input, recurrence, recurrence.then(1, 4 * CELLS)]
}

/// Classes told of an anchor and its person: the five kinds of move, then whether a job is over, then
/// the five statuses.
pub(in crate::extract) const KINDS: Range<usize> = 0..5;
pub(in crate::extract) const FORMER: Range<usize> = 5..7;
pub(in crate::extract) const STATUSES: Range<usize> = 7..12;
const CLASSES: usize = 12;
