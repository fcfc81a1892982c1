//! Rebuilds the extractor's weights from the annotated corpus: `cargo run --release --bin train`.
//!
//! Reads `corpus/train` (text and gold), `corpus/marks` (where the gold stands) and `corpus/entities` (names of places and
//! other things), writes `src/extract/weights.tsv` and `src/extract/net.tsv`; the same
//! corpus gives the same bytes. `--held-out FILE` writes the claims on the training articles by weights that were not
//! trained on them, `--predict DIR FILE` those on another folder, both as JSON lists that `valzer eval` reads.

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use valzer::eval::{GoldArticle, Prediction, Verdict, score};
use valzer::extract::learn::{Marks, Sample, learn};
use valzer::extract::{Extractor, Options, json, measured};
use valzer::model::{Article, ArticleClaims, Language, PartialDate};

fn main() -> Result<()> {
    let mut corpus: Vec<PathBuf> = Vec::new();
    let mut weights = PathBuf::from("src/extract/weights.tsv");
    let mut net = PathBuf::from("src/extract/net.tsv");
    let (mut held_out, mut predict, mut options) = (None, Vec::new(), Options::default());
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || args.next().with_context(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--corpus" => corpus.push(value()?.into()),
            "--weights" => weights = value()?.into(),
            "--net" => net = value()?.into(),
            "--held-out" => held_out = Some(value()?),
            "--predict" => predict.push((PathBuf::from(value()?), value()?)),
            "--without-knowledge" => options.knowledge = false,
            other => bail!("no option is called {other}; see the head of src/bin/train.rs"),
        }
    }
    if corpus.is_empty() {
        corpus.push("corpus/train".into());
    }
    let names = typed_names(Path::new("corpus/entities"))?;
    let mut samples = Vec::new();
    for folder in &corpus {
        samples.extend(read_samples(folder, &names)?);
    }
    for sample in &samples {
        sample.check().map_err(anyhow::Error::msg).with_context(|| sample.article.id.clone())?;
    }
    let mut trained = learn(&samples, &options, &mut |line| eprintln!("{line}"));
    let judged = judged(&corpus, &trained.held_out)?;
    trained.table.insert_str(0, &measured(&judged));
    std::fs::write(&weights, &trained.table)
        .with_context(|| format!("writing {}", weights.display()))?;
    std::fs::write(&net, trained.net()).with_context(|| format!("writing {}", net.display()))?;
    if let Some(file) = held_out {
        write_claims(&file, &trained.held_out)?;
    }
    let extractor = Extractor::trained(&options, &trained);
    for (folder, file) in predict {
        let claims: Vec<ArticleClaims> = read_samples(&folder, &BTreeMap::new())?
            .iter()
            .map(|s| extractor.extract(&s.article))
            .collect();
        write_claims(&file, &claims)?;
    }
    Ok(())
}

fn write_claims(file: &str, claims: &[ArticleClaims]) -> Result<()> {
    let records: Vec<_> = claims.iter().map(json::to_record).collect();
    std::fs::write(file, serde_json::to_vec(&records)?).with_context(|| format!("writing {file}"))
}

/// Returns the probability of each held-out move, and whether it is strictly right.
fn judged(corpus: &[PathBuf], held_out: &[ArticleClaims]) -> Result<Vec<(f64, bool)>> {
    let mut out = Vec::new();
    for claims in held_out {
        let id = &claims.article.id;
        let file = corpus.iter().map(|folder| folder.join(format!("{id}.json")));
        let file = file.into_iter().find(|file| file.exists()).with_context(|| id.clone())?;
        let gold = GoldArticle::parse(&std::fs::read_to_string(file)?)?;
        let scored = score(&Prediction::from_claims(id, claims), &gold);
        // The rows of the predicted moves come first, in their order.
        let judged = claims.moves.iter().zip(&scored.moves);
        let judged = judged.filter(|(_, row)| row.verdict != Verdict::Optional);
        out.extend(judged.map(|(m, row)| (m.confidence, row.verdict == Verdict::Right)));
    }
    Ok(out)
}

type TypedNames = BTreeMap<String, Vec<(String, String)>>;

/// Returns the annotated names of each article: type and surface.
fn typed_names(folder: &Path) -> Result<TypedNames> {
    let mut out = TypedNames::new();
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    files.sort();
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "tsv")) {
        for line in std::fs::read_to_string(file)?.lines() {
            if let [id, kind, surface] = line.split('\t').collect::<Vec<_>>().as_slice() {
                out.entry((*id).to_owned())
                    .or_default()
                    .push(((*kind).to_owned(), (*surface).to_owned()));
            }
        }
    }
    Ok(out)
}

/// Returns the annotated articles of a folder by id.
fn read_samples(folder: &Path, names: &TypedNames) -> Result<Vec<Sample>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .with_context(|| format!("reading {}", folder.display()))?
        .map(|e| e.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    files
        .retain(|f| f.extension().is_some_and(|e| e == "json") && f.with_extension("txt").exists());
    files.sort();
    let mut out = Vec::new();
    for file in files {
        let json: serde_json::Value = serde_json::from_slice(&std::fs::read(&file)?)
            .with_context(|| format!("reading {}", file.display()))?;
        let text = std::fs::read_to_string(file.with_extension("txt"))?;
        let id = json["id"].as_str().unwrap_or_default().to_owned();
        let language = json["language"]
            .as_str()
            .and_then(Language::parse)
            .with_context(|| format!("{}: no language", file.display()))?;
        let first_line = text
            .strip_prefix(" date ")
            .and_then(|rest| rest.split(' ').next())
            .and_then(PartialDate::parse);
        let article = Article::from_text(&id, &text, language, first_line);
        let gold =
            serde_json::from_value(json).with_context(|| format!("reading {}", file.display()))?;
        // `corpus/train/it-27.json` has its marks in `corpus/marks/it-27.txt`.
        let marks = folder.with_file_name("marks").join(format!("{id}.txt"));
        let marks = match std::fs::read_to_string(&marks) {
            Ok(file) => Marks::parse(&file).map_err(anyhow::Error::msg),
            Err(_) if names.is_empty() => Ok(Marks::default()),
            Err(e) => Err(e.into()),
        }
        .with_context(|| format!("reading {}", marks.display()))?;
        out.push(Sample {
            marks,
            names: names.get(&article.id).cloned().unwrap_or_default(),
            article,
            gold,
        });
    }
    Ok(out)
}
