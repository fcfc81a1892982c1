//! Named features of a candidate, known by a hash of their names.

use crate::model::{Kind, Status};
use crate::text::{Hasher, Token};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use std::fmt::{self, Write};
use std::ops::Deref;

/// Identifies a feature by a 64-bit FNV-1a hash of its name.
pub(crate) type FeatureId = u64;

/// Collects the features of one candidate under a model's name.
pub(crate) struct Features {
    /// The model's name and a space, and their hash.
    model: String,
    model_hash: Hasher,
    pub(crate) ids: Vec<FeatureId>,
    /// Names of all features met; only kept while training or explaining.
    pub(crate) names: Option<IndexMap<FeatureId, String, FxBuildHasher>>,
    /// How many features were added: what the work grows with.
    #[cfg(test)]
    pub(crate) n_added: usize,
}

/// Hashes what is written to it, so that a feature's name need not be put together to be known.
struct HashWriter(Hasher);

impl fmt::Write for HashWriter {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}

impl Features {
    pub(crate) fn new(keep_names: bool) -> Self {
        Features {
            model: String::new(),
            model_hash: Hasher::new(),
            ids: Vec::new(),
            names: keep_names.then(IndexMap::default),
            #[cfg(test)]
            n_added: 0,
        }
    }

    /// Starts a new candidate of `model`.
    pub(crate) fn begin(&mut self, model: &str) {
        self.ids.clear();
        self.model.clear();
        self.model.push_str(model);
        self.model.push(' ');
        self.model_hash = Hasher::new();
        self.model_hash.write(self.model.as_bytes());
    }

    /// Adds a feature; see the [`feat!`] macro.
    pub(crate) fn add(&mut self, pieces: &[Piece<'_>]) {
        let mut hasher = self.model_hash;
        pieces.iter().for_each(|piece| piece.hash(&mut hasher));
        let id = hasher.finish();
        self.ids.push(id);
        #[cfg(test)]
        {
            self.n_added += 1;
        }
        if let Some(names) = &mut self.names {
            names.entry(id).or_insert_with(|| {
                pieces.iter().fold(self.model.clone(), |name, piece| format!("{name}{piece}"))
            });
        }
    }

    /// Returns the features of the candidate.
    pub(crate) fn take(&mut self) -> Vec<FeatureId> {
        std::mem::take(&mut self.ids)
    }
}

/// A piece of a feature's name: many names are hashed for each that is ever written, so that they do without `fmt`.
#[derive(Clone, Copy)]
pub(crate) enum Piece<'a> {
    Text(&'a str),
    Letters(&'a [u8]),
    /// Each followed by a low line.
    Words(&'a [Token]),
    Letter(char),
    Number(i64),
    Other(fmt::Arguments<'a>),
    Fraction(f32),
}

impl Piece<'_> {
    /// Hashes what [`fmt::Display`] would write.
    fn hash(&self, hasher: &mut Hasher) {
        match self {
            Piece::Text(text) => hasher.write(text.as_bytes()),
            Piece::Letters(letters) => hasher.write(letters),
            Piece::Words(words) => {
                for word in *words {
                    hasher.write(word.lower.as_bytes());
                    hasher.write(b"_");
                }
            }
            Piece::Letter(letter) => hasher.write(letter.encode_utf8(&mut [0; 4]).as_bytes()),
            Piece::Number(number) => {
                if *number < 0 {
                    hasher.write(b"-");
                }
                hash_digits(number.unsigned_abs(), hasher);
            }
            Piece::Other(_) | Piece::Fraction(_) => {
                let mut writer = HashWriter(*hasher);
                write!(writer, "{self}").unwrap_or(());
                *hasher = writer.0;
            }
        }
    }
}

fn hash_digits(number: u64, hasher: &mut Hasher) {
    if number > 9 {
        hash_digits(number / 10, hasher);
    }
    hasher.write(&[b'0' + (number % 10) as u8]);
}

impl fmt::Display for Piece<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Piece::Text(text) => f.write_str(text),
            Piece::Letters(letters) => f.write_str(&String::from_utf8_lossy(letters)),
            Piece::Words(words) => words.iter().try_for_each(|w| write!(f, "{}_", w.lower)),
            Piece::Letter(letter) => f.write_char(*letter),
            Piece::Number(number) => number.fmt(f),
            Piece::Other(words) => words.fmt(f),
            Piece::Fraction(number) => number.fmt(f),
        }
    }
}

/// What may be a piece of a feature's name.
pub(crate) trait AsPiece {
    fn piece(&self) -> Piece<'_>;
}

macro_rules! pieces {
    ($($type:ty: $this:ident => $piece:expr;)+) => {
        $(impl AsPiece for $type {
            #[inline]
            fn piece(&self) -> Piece<'_> {
                let $this = self;
                $piece
            }
        })+
    };
}

pieces! {
    str: text => Piece::Text(text);
    String: text => Piece::Text(text);
    Letters: letters => Piece::Letters(letters);
    [u8]: letters => Piece::Letters(letters);
    [Token]: words => Piece::Words(words);
    Kind: kind => Piece::Text(kind.as_str());
    Status: status => Piece::Text(status.as_str());
    fmt::Arguments<'_>: words => Piece::Other(*words);
    char: letter => Piece::Letter(*letter);
    bool: yes => Piece::Number(i64::from(*yes));
    u8: number => Piece::Number(i64::from(*number));
    u16: number => Piece::Number(i64::from(*number));
    u32: number => Piece::Number(i64::from(*number));
    i32: number => Piece::Number(i64::from(*number));
    i64: number => Piece::Number(*number);
    isize: number => Piece::Number(*number as i64);
    usize: number => Piece::Number(*number as i64);
    f32: number => {
        let whole = *number as i64;
        let is_whole = whole as f32 == *number && (whole != 0 || number.is_sign_positive());
        if is_whole { Piece::Number(whole) } else { Piece::Fraction(*number) }
    };
}

impl<T: AsPiece + ?Sized> AsPiece for &T {
    #[inline]
    fn piece(&self) -> Piece<'_> {
        (**self).piece()
    }
}

/// Up to sixteen ASCII letters: what is put together for every candidate does without the heap.
#[derive(Clone, Copy, Default)]
pub(crate) struct Letters {
    letters: [u8; 16],
    length: usize,
}

impl Letters {
    /// Adds a letter; a seventeenth is left out.
    pub(crate) fn push(&mut self, letter: u8) {
        if let Some(place) = self.letters.get_mut(self.length) {
            *place = letter;
            self.length += 1;
        }
    }
}

impl Deref for Letters {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.letters[..self.length]
    }
}

/// Adds a feature, named in pieces: `feat!(f, "prep=", prep)`; a `bool` is 1 or 0.
macro_rules! feat {
    ($features:expr, $($piece:expr),+) => {
        $features.add(&[$($crate::extract::features::AsPiece::piece(&$piece)),+])
    };
}
pub(crate) use feat;

/// Returns the feature for one class: the hash of its name with the class appended.
pub(crate) fn for_class(feature: FeatureId, class: &str) -> FeatureId {
    let mut name = Hasher::at(feature);
    name.write(class.as_bytes());
    name.finish()
}

#[cfg(test)]
mod tests {
    use super::{Features, Letters};
    use crate::model::Kind;
    use crate::text::hash;

    #[test]
    fn a_feature_is_the_hash_of_its_name() {
        let mut letters = Letters::default();
        b"P,O".iter().for_each(|letter| letters.push(*letter));
        let mut f = Features::new(true);
        f.begin("m");
        feat!(f, "a=", 'è', -12, "/", 340_usize, true, letters, letters[..2], Kind::Hire);
        feat!(f, 2.0_f32, "/", -0.0_f32, "/", 0.25_f32, "/", f32::NAN, format_args!("{:?}", 'x'));
        let names: Vec<&str> = f.names.iter().flatten().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["m a=è-12/3401P,OP,hire", "m 2/-0/0.25/NaN'x'"]);
        assert_eq!(f.ids, names.iter().map(|n| hash(n.as_bytes())).collect::<Vec<_>>());
    }
}
