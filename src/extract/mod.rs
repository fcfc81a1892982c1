//! One article to its claims: a pure function of the article and the language packs that never fails.
//!
//! The stages, in order: [`doc`] reads tokens, sentences, triggers and cues; [`names`] finds and types capitalised
//! spans; [`entities`] links names to people and organisations, [`references`] pronouns and common nouns to them;
//! [`roles`] and [`dates`] find titles and days; [`positions`] gives titles their holders; [`events`] gives triggers their
//! arguments and finds the tellings of one event, [`readings`] makes a move of them; [`claims`] writes down what is sure
//! enough, with its [`confidence`]. Wherever one of several candidates is chosen, a log-linear model ([`linear`]) chooses, over the named [`features`]
//! of [`args`] and [`slots`], which look around in [`context`]. Two nets ([`net`]) read the article first: a spotter of names and, once those are
//! linked, a reader that [`context`] asks. [`learn`] trains all of them.

mod args;
mod candidates;
mod claims;
mod classes;
mod confidence;
mod context;
mod dates;
mod doc;
mod entities;
mod events;
mod explain;
mod features;
mod gazetteer;
pub mod json;
pub mod learn;
mod linear;
mod names;
mod net;
mod positions;
mod readings;
mod references;
mod roles;
mod segments;
mod slots;

pub use confidence::measured;
pub use explain::{
    Candidate, Decision, ExplainedMove, ExplainedSentence, Explanation, Mark, MarkKind,
};

use crate::model::{Article, ArticleClaims};
use context::Context;
use doc::Doc;
use gazetteer::Gazetteer;
use linear::{Features, Weights};

/// Changes whenever the same article may give other claims (a new release, other weights, packs or names); the store
/// extracts again then.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "-", env!("VALZER_LEARNT"));

/// Longest text that is read, in bytes; what stands beyond is left out with a note.
const MAX_TEXT: usize = 4 << 20;

/// Turns articles into claims; build it once and share it between threads.
pub struct Extractor {
    gazetteer: Gazetteer,
    weights: Weights,
    options: Options,
}

/// What an extractor may use.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether to use the embedded `knowledge/` (names of well-known firms).
    pub knowledge: bool,
    /// Least probability of a move, 0 to 1.
    pub min_move: f32,
    /// Least probability, 0 to 1, that some of a move is right.
    pub min_real: f32,
    /// Least confidence of a position, 0 to 1.
    pub min_position: f32,
}

impl Default for Options {
    fn default() -> Self {
        Options { knowledge: true, min_move: 0.2, min_real: 0.6, min_position: 0.35 }
    }
}

impl Extractor {
    /// Returns an extractor over the embedded packs and weights.
    pub fn new(options: &Options) -> Self {
        Extractor {
            gazetteer: Gazetteer::new(options.knowledge),
            weights: Weights::embedded(),
            options: options.clone(),
        }
    }

    /// Returns what `article` claims. Never fails: any text gives claims and notes.
    pub fn extract(&self, article: &Article) -> ArticleClaims {
        let short = shortened(article);
        let notes =
            short.iter().map(|s| format!("only the first {} bytes were read", s.text.len()));
        let notes = notes.collect();
        let readable = short.as_ref().unwrap_or(article);
        let mut features = Features::new(false);
        let context = read(readable, &self.gazetteer, &self.weights, &mut features);
        claims::claims(article, &context, &self.weights, &self.options, notes, &mut features)
    }
}

/// Returns the part of an article that is read where it is too long.
fn shortened(article: &Article) -> Option<Article> {
    let end = article.text.floor_char_boundary(MAX_TEXT);
    let cut = || Article { text: article.text[..end].to_owned(), ..article.clone() };
    (end < article.text.len()).then(cut)
}

/// Runs the stages up to the entities.
fn read<'a>(
    article: &'a Article,
    gazetteer: &Gazetteer,
    weights: &Weights,
    f: &mut Features,
) -> Context<'a> {
    let doc = Doc::new(article, gazetteer);
    let names = names::names(&doc, weights, f);
    let mut entities = entities::entities(&doc, &names, &mut |linking, entities| {
        entities::likeliest_entity(&doc, weights, linking, entities, f)
    });
    references::link_references(&doc, &mut entities, &mut |expression, antecedents, entities| {
        references::likeliest(&doc, weights, expression, antecedents, entities, f)
    });
    finish(doc, names, entities, article, weights, f)
}

/// Finds titles and dates around given names.
fn finish<'a>(
    doc: Doc<'a>,
    names: Vec<names::Name>,
    entities: entities::Entities,
    article: &Article,
    weights: &Weights,
    f: &mut Features,
) -> Context<'a> {
    let named = named(&doc, &names);
    let mut edge = |edge: &roles::Edge<'_>| roles::likeliest_edge(&doc, weights, edge, f);
    let roles: Vec<roles::RoleSpan> =
        (0..doc.sentences.len()).flat_map(|n| roles::roles(&doc, n, &named, &mut edge)).collect();
    let published = dates::published(&doc, article.published_on);
    let dates = (0..doc.sentences.len()).flat_map(|n| dates::dates(&doc, n, published)).collect();
    let mut context = Context::new(doc, names, entities, roles, dates, published);
    context.seen = weights.net.as_ref().map(|net| net::Seen::new(&context, net));
    context
}

/// Returns which tokens belong to a name.
fn named(doc: &Doc<'_>, names: &[names::Name]) -> Vec<bool> {
    let mut named = vec![false; doc.tokens.len()];
    for name in names {
        named[name.tokens.clone()].fill(true);
    }
    named
}

#[cfg(test)]
mod tests {
    use super::{Extractor, Features, Options, claims, read};
    use crate::model::{Article, Language};

    const ENGLISH: [&str; 3] = [
        include_str!("../../corpus/dev/en-01.txt"),
        include_str!("../../corpus/dev/en-08.txt"),
        include_str!("../../corpus/dev/en-15.txt"),
    ];
    const ITALIAN: [&str; 3] = [
        include_str!("../../corpus/dev/it-01.txt"),
        include_str!("../../corpus/dev/it-08.txt"),
        include_str!("../../corpus/dev/it-15.txt"),
    ];

    /// Returns `n` copies of the articles as one text, the names of each copy its own.
    fn long_text(articles: [&str; 3], n: usize) -> String {
        let mut text = String::new();
        for copy in 0..n {
            let ending = ["", "ba", "de", "fi", "go", "lu", "ma", "ne"][copy];
            for word in articles.concat().split_inclusive(|c: char| !c.is_alphanumeric()) {
                let letters = word.trim_end_matches(|c: char| !c.is_alphanumeric());
                let is_name = letters.len() > 4 && letters.starts_with(char::is_uppercase);
                text.extend([letters, if is_name { ending } else { "" }, &word[letters.len()..]]);
            }
        }
        text
    }

    /// Returns how many features were looked up to extract `text`.
    fn work(extractor: &Extractor, text: &str, language: Language) -> usize {
        let article = Article::from_text("long", text, language, None);
        let Extractor { gazetteer, weights, options } = extractor;
        let mut f = Features::new(false);
        let context = read(&article, gazetteer, weights, &mut f);
        claims::claims(&article, &context, weights, options, Vec::new(), &mut f);
        f.n_added
    }

    #[test]
    fn twice_the_text_is_twice_the_work() {
        let extractor = Extractor::new(&Options::default());
        for (articles, language) in [(ENGLISH, Language::English), (ITALIAN, Language::Italian)] {
            // One copy is too short to reach the limits of what is weighed for each word.
            let works = [2, 4, 8].map(|n| work(&extractor, &long_text(articles, n), language));
            for pair in works.windows(2) {
                assert!(pair[1] * 10 <= pair[0] * 23, "{language}: {works:?}");
            }
        }
    }
}
