//! `valzer eval`: how much of a gold folder is found, and how much is found that is not there.

use super::out::visible;
use super::{Out, Outcome};
use crate::error::Error;
use crate::eval::dossier::Dossier;
use crate::eval::{self, GoldArticle, Prediction};
use crate::extract::Extractor;
use crate::ingest::{self, Ingested};
use crate::knowledge::Knowledge;
use crate::resolve;
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  valzer eval corpus/dev                              the figures as they stand
  valzer eval corpus/dev --list                       with every wrong and missed row
  valzer eval corpus/dev --without-knowledge          how much the list of known firms gives
  valzer eval corpus/dev --predictions claims.jsonl   the figures of another extractor
  valzer eval --dossier corpus/dossiers/d1            the dataset that overlapping articles make

GOLD_DIR holds an ID.txt and an ID.json for each article.
A move is right where person, kind and both firms are.";

/// Measure extraction against a folder of articles with gold
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Folder with ID.txt and ID.json for each article
    gold_dir: PathBuf,

    /// Claims to measure, as JSON lines or a JSON list; without it, the texts are extracted
    #[arg(long, value_name = "FILE")]
    predictions: Option<PathBuf>,

    /// Do without the embedded names of well-known firms
    #[arg(long, conflicts_with = "predictions")]
    without_knowledge: bool,

    /// The folder is a dossier with a dataset.json: measure the dataset that its articles make
    #[arg(long, conflicts_with_all = ["predictions", "cases", "format"])]
    dossier: bool,

    /// How to write the figures
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,

    /// List the rows that are wrong, missed or falsely told as completed
    #[arg(long)]
    list: bool,

    /// Write every move beside its gold, slot by slot, to a CSV file
    #[arg(long, value_name = "FILE")]
    cases: Option<PathBuf>,

    /// Threads to use; all cores by default
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// For people
    Table,
    /// For programs
    Json,
}

pub(super) fn run(args: &Args, out: &mut Out) -> Result<Outcome, Error> {
    if args.dossier {
        return dossier(args, out);
    }
    let gold = read_gold(&args.gold_dir)?;
    let predictions = match &args.predictions {
        Some(path) => read_predictions(path)?,
        None => {
            let extractor = Extractor::new(&super::extract_options(args.without_knowledge));
            let predict = |(path, gold): &(PathBuf, GoldArticle)| predict(path, gold, &extractor);
            let found: Result<Vec<_>, Error> =
                super::threads(args.jobs)?.install(|| gold.par_iter().map(predict).collect());
            found?.into_iter().flatten().map(|p| (p.id.clone(), p)).collect()
        }
    };
    let gold: Vec<GoldArticle> = gold.into_iter().map(|(_, gold)| gold).collect();
    warn_of_strangers(&gold, &predictions);
    let evaluation = eval::evaluate(&gold, &predictions);
    let summaries = evaluation.summaries();
    match args.format {
        Format::Table => {
            for (group, summary) in &summaries {
                out.line(visible(&eval::table(group, summary)))?;
            }
        }
        Format::Json => {
            let summaries: BTreeMap<_, _> = summaries.into_iter().collect();
            out.line(super::json_text(&summaries))?;
        }
    }
    if args.list {
        out.text(visible(&eval::list(&evaluation)))?;
    }
    if let Some(path) = &args.cases {
        std::fs::write(path, eval::cases_csv(&evaluation))
            .map_err(|source| Error::io("write", path, source))?;
    }
    Ok(Outcome::Fine)
}

/// Prints the figures of resolution twice: from the claims of gold, and from the texts.
fn dossier(args: &Args, out: &mut Out) -> Result<Outcome, Error> {
    let read = |path: &Path| std::fs::read_to_string(path).map_err(|e| Error::io("read", path, e));
    let mut articles = Vec::new();
    for (path, gold) in read_gold(&args.gold_dir)? {
        let stem = path.file_stem().map_or(gold.id.clone(), |s| s.to_string_lossy().into_owned());
        articles.push((stem, read(&path)?, read(&path.with_extension("json"))?));
    }
    let dataset = args.gold_dir.join("dataset.json");
    let dossier = Dossier::parse(&read(&dataset)?, &articles)
        .map_err(|reason| Error::Format { place: dataset.display().to_string(), reason })?;
    let (knowledge, extractor) = (
        if args.without_knowledge { Knowledge::without_firms() } else { Knowledge::default() },
        Extractor::new(&super::extract_options(args.without_knowledge)),
    );
    let from_texts = dossier.articles().map(|article| extractor.extract(article)).collect();
    for (source, claims) in
        [("from the claims of gold", dossier.gold_claims(true)), ("from the texts", from_texts)]
    {
        let figures = dossier.score(&claims, &resolve::resolve(&claims, &knowledge, &[]));
        out.line(source)?;
        out.line(visible(&figures.table()))?;
        if args.list {
            for wrong in &figures.wrong {
                out.line(visible(wrong))?;
            }
        }
    }
    Ok(Outcome::Fine)
}

/// Returns the gold of a folder with the path of each text; JSON files that hold no gold of one article are passed over.
fn read_gold(folder: &Path) -> Result<Vec<(PathBuf, GoldArticle)>, Error> {
    if !folder.exists() {
        return Err(Error::InputMissing { path: folder.to_owned() });
    }
    let entries = std::fs::read_dir(folder).map_err(|e| Error::io("read the folder", folder, e))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|e| Error::io("read the folder", folder, e))?.path();
        if path.extension().is_some_and(|e| e == "json") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut gold = Vec::new();
    for path in paths {
        let json = std::fs::read_to_string(&path).map_err(|e| Error::io("read", &path, e))?;
        let wrong = |reason: String| Error::Format { place: path.display().to_string(), reason };
        let value: Value =
            serde_json::from_str(&json).map_err(|e| wrong(format!("gold must be JSON: {e}")))?;
        if value.get("id").is_some() && value.get("moves").is_some() {
            let one = GoldArticle::parse(&json).map_err(|e| wrong(format!("not gold: {e}")))?;
            gold.push((path.with_extension("txt"), one));
        }
    }
    if gold.is_empty() {
        return Err(Error::Format {
            place: folder.display().to_string(),
            reason: "no ID.json with gold (\"id\", \"moves\", \"positions\") in this folder"
                .to_owned(),
        });
    }
    Ok(gold)
}

/// Returns what is found in one text; nothing where the text cannot be read, which is said.
fn predict(
    path: &Path,
    gold: &GoldArticle,
    extractor: &Extractor,
) -> Result<Option<Prediction>, Error> {
    let mut found = None;
    ingest::ingest(&[path.to_owned()], &ingest::Options::default(), &mut |one| match one {
        Ingested::Article(article) => {
            found = Some(Prediction::from_claims(&gold.id, &extractor.extract(&article)));
        }
        Ingested::Skipped(skipped) => {
            let line = format!("skipped: {}: {}", skipped.source, skipped.reason);
            let _ = writeln!(std::io::stderr().lock(), "{}", visible(&line));
        }
    })?;
    Ok(found)
}

fn read_predictions(path: &Path) -> Result<BTreeMap<String, Prediction>, Error> {
    let text = std::fs::read_to_string(path).map_err(|e| Error::io("read", path, e))?;
    let wrong = |line: usize, reason: String| Error::Record { path: path.to_owned(), line, reason };
    let values: Vec<(usize, Value)> = if text.trim_start().starts_with('[') {
        let list: Vec<Value> =
            serde_json::from_str(&text).map_err(|e| wrong(e.line(), format!("not JSON: {e}")))?;
        list.into_iter().map(|value| (1, value)).collect()
    } else {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        lines
            .map(|(i, line)| {
                let value = serde_json::from_str(line);
                value.map(|v| (i + 1, v)).map_err(|e| wrong(i + 1, format!("not JSON: {e}")))
            })
            .collect::<Result<_, Error>>()?
    };
    let mut predictions = BTreeMap::new();
    for (line, value) in values {
        let prediction = Prediction::from_json(&value)
            .ok_or_else(|| wrong(line, "claims without an \"id\"".to_owned()))?;
        predictions.insert(prediction.id.clone(), prediction);
    }
    Ok(predictions)
}

/// Says which predictions are for no article of the gold: a wrong folder shows as a figure of zero, and nothing else.
fn warn_of_strangers(gold: &[GoldArticle], predictions: &BTreeMap<String, Prediction>) {
    let known: BTreeSet<&str> = gold.iter().map(|g| g.id.as_str()).collect();
    let strangers: Vec<&str> =
        predictions.keys().map(String::as_str).filter(|id| !known.contains(id)).collect();
    if !strangers.is_empty() {
        let some = strangers.iter().take(10).copied().collect::<Vec<_>>().join(", ");
        let line = format!("warning: no gold for {} of the predictions: {some}", strangers.len());
        let _ = writeln!(std::io::stderr().lock(), "{}", visible(&line));
    }
}
