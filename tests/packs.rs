//! Every rule of a language pack has sentences that it must and must not match, and does.

use serde::Deserialize;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use valzer::extract::{Extractor, Options};
use valzer::lang::{Hit, List, pack};
use valzer::model::{Article, Language};

/// A frame or cue: its id and its sentences.
#[derive(Deserialize)]
struct Rule {
    id: String,
    #[serde(default)]
    yes: Vec<String>,
    #[serde(default)]
    no: Vec<String>,
}

#[derive(Deserialize)]
struct Rules {
    #[serde(default)]
    frame: Vec<Rule>,
    #[serde(default)]
    cue: Vec<Rule>,
}

fn rules(language: Language) -> Rules {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lang").join(language.as_str());
    let read = |file| fs::read_to_string(folder.join(file)).expect("the pack is there");
    toml::from_str(&(read("frames.toml") + &read("cues.toml"))).expect("the build has read it")
}

/// Returns the ids of the frames and cues whose words stand in `sentence`.
fn found(language: Language, sentence: &str) -> BTreeSet<&'static str> {
    let pack = pack(language);
    let tokens = pack.tokenize(sentence);
    let mut ids = BTreeSet::new();
    let mut add = |hit: Hit| match hit.tag.list {
        List::Frame => drop(ids.insert(pack.frame(hit.tag).0.id.as_str())),
        List::Cue => drop(ids.insert(pack.cues[hit.tag.payload as usize].id.as_str())),
        _ => {}
    };
    for at in 0..tokens.len() {
        pack.phrases.at(&tokens, at, tokens.len(), &mut add);
        pack.verbs_at(&tokens, at, tokens.len(), &mut |hit, _| add(hit));
    }
    ids
}

const LANGUAGES: [Language; 2] = [Language::Italian, Language::English];

/// Found by the shape of its sentence, not by words.
const ITEM: &str = "appoint/item";

#[test]
fn every_rule_matches_its_sentences_and_no_others() {
    let mut wrong = Vec::new();
    for language in LANGUAGES {
        let Rules { frame: frames, cue: cues } = rules(language);
        for rule in frames.iter().chain(&cues).filter(|r| r.id != ITEM) {
            if rule.yes.is_empty() || rule.no.is_empty() {
                wrong.push(format!("{language} {}: needs a sentence of each sort", rule.id));
            }
            let misses = |s: &&String| !found(language, s).contains(rule.id.as_str());
            wrong.extend(
                rule.yes.iter().filter(misses).map(|s| format!("{language} {}: yes {s}", rule.id)),
            );
        }
        for rule in &cues {
            let fires = |s: &&String| found(language, s).contains(rule.id.as_str());
            wrong.extend(
                rule.no.iter().filter(fires).map(|s| format!("{language} {}: no {s}", rule.id)),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn words_of_a_frame_that_tell_no_move_give_none() {
    let extractor = Extractor::new(&Options::default());
    let (mut n, mut wrong) = (0, Vec::new());
    for language in LANGUAGES {
        for rule in rules(language).frame {
            for sentence in &rule.no {
                n += 1;
                let article = Article::from_text("no", sentence, language, None);
                let claims = extractor.extract(&article);
                wrong.extend(claims.moves.first().map(|m| {
                    format!("{language} {}: {sentence} ({:.2} {})", rule.id, m.confidence, m.status)
                }));
            }
        }
    }
    assert!(wrong.len() * 20 <= n, "{} of {n}:\n{}", wrong.len(), wrong.join("\n"));
}
