//! Any bytes are an article: extraction neither panics nor claims what the text does not say.
//!
//! Bytes alone hardly ever make another word of a language; every other mutation therefore moves whole words.

#![no_main]

#[path = "../../tests/support/grounded.rs"]
mod grounded;

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use std::sync::LazyLock;
use valzer::extract::{Extractor, Options};
use valzer::ingest::{Guess, clean_text, guess_language};
use valzer::model::{Article, Language, PartialDate};

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(|| Extractor::new(&Options::default()));

fuzz_target!(|data: &[u8]| {
    let text = clean_text(&String::from_utf8_lossy(data));
    let language = match guess_language(&text) {
        Guess::Known(language) => language,
        Guess::Other(_) => Language::Italian,
    };
    let article = Article::from_text("fuzz", &text, language, PartialDate::parse("2024-09-10"));
    grounded::assert_grounded(&EXTRACTOR.extract(&article));
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut random = seed as usize;
    let mut below = |n: usize| {
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % n.max(1)
    };
    if below(2) == 0 {
        return fuzzer_mutate(data, size, max_size);
    }
    // Words with the white space after them, so that line ends move as well.
    let mut words: Vec<Vec<u8>> =
        data[..size].split_inclusive(u8::is_ascii_whitespace).map(<[u8]>::to_vec).collect();
    if words.is_empty() {
        return fuzzer_mutate(data, size, max_size);
    }
    for _ in 0..=below(8) {
        let (a, b) = (below(words.len()), below(words.len()));
        match below(6) {
            0 => words.swap(a, b),
            1 if words.len() > 1 => drop(words.remove(a)),
            2 => words.insert(a, words[b].clone()),
            3 => words[a].make_ascii_uppercase(),
            4 => words[a][..1].make_ascii_uppercase(),
            _ => {
                let end = (b + 1 + below(12)).min(words.len());
                let part = words[b..end].to_vec();
                words.splice(a..a, part);
            }
        }
    }
    let mut bytes = words.concat();
    bytes.truncate(max_size);
    data[..bytes.len()].copy_from_slice(&bytes);
    bytes.len()
});
