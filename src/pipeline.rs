//! Joins the stages for many articles: incremental, parallel, in bounded memory, with progress.
//!
//! Articles go into the store first; what the present extraction has not read is then taken from there, chunk by chunk,
//! so that a run killed at any instant leaves exactly that work to the next one. Extraction runs on all threads while
//! the chunk before is stored; the order of articles, threads and runs changes no byte of what comes out.

mod decide;
mod own_firms;

pub use decide::{Decisions, decide, doubts, explain, undo};

use crate::error::Error;
use crate::export::SHEETS;
use crate::export::csv::{self, Folder, Written};
use crate::export::xlsx::Book;
use crate::extract::json::{ClaimsRecord, from_record};
use crate::extract::{self, Extractor};
use crate::ingest::{self, Ingested, SkipKind, Skipped};
use crate::knowledge::Knowledge;
use crate::model::{Article, ArticleClaims, sha256_hex};
use crate::resolve::{self, Dataset};
use crate::store::{LOADED, Put, Reader, Store};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// The database inside an output folder.
pub const DATABASE: &str = "valzer.sqlite";

/// Articles that are extracted and stored at once: enough to keep every thread busy, few enough that memory stays small
/// (256 long articles with their claims take some 10 MB) and that a killed run repeats little.
const CHUNK: usize = 256;

/// What a build is to do.
#[derive(Clone, Debug, Default)]
pub struct BuildOptions {
    /// Where articles are: files, folders, patterns, `-`.
    pub inputs: Vec<PathBuf>,
    /// Folder for the database and the CSV files.
    pub output: PathBuf,
    /// Threads; all cores where absent.
    pub jobs: Option<usize>,
    /// The user's own files of firms, kept in the database from now on; without any, those kept before are used.
    pub knowledge: Vec<PathBuf>,
    /// Whether the files kept before are forgotten.
    pub forget_knowledge: bool,
    /// How the CSV files are written.
    pub csv: csv::Options,
    /// Whether articles that are in no input any more are removed.
    pub prune: bool,
    /// How articles are read.
    pub ingest: ingest::Options,
}

/// What a load is to do.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {
    /// Files of claims, one article a line; `-` for standard input.
    pub files: Vec<PathBuf>,
    /// The database.
    pub database: PathBuf,
    /// As [`BuildOptions::knowledge`].
    pub knowledge: Vec<PathBuf>,
    /// As [`BuildOptions::forget_knowledge`].
    pub forget_knowledge: bool,
}

/// A part of the work, for progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading files into the store.
    Read,
    /// Extracting claims.
    Extract,
    /// Putting the claims of all articles together.
    Resolve,
    /// Writing the dataset.
    Store,
    /// Writing CSV files.
    Export,
}

/// Is told how far the work has come.
pub trait Watch: Send {
    /// A stage begins; `total` is its number of steps, where known.
    fn begin(&mut self, stage: Stage, total: Option<u64>);
    /// `n` more steps are done.
    fn advance(&mut self, n: u64);
}

/// What was done and found.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Articles read from the inputs, copies included.
    pub n_read: u64,
    /// Articles that were not in the database.
    pub n_new: u64,
    /// Articles that were there, with the same title, date and source.
    pub n_unchanged: u64,
    /// Articles that were there with another title, date or language.
    pub n_changed: u64,
    /// Articles whose text was there from another source.
    pub n_duplicates: u64,
    /// Articles removed, because no input has them any more.
    pub n_removed: u64,
    /// Files left alone because they are of another kind.
    pub n_other_files: u64,
    /// Articles extracted in this run.
    pub n_extracted: u64,
    /// What could not be read.
    pub skipped: Vec<Problem>,
    /// Rows of the dataset: table and number.
    pub counts: Vec<(&'static str, u64)>,
    /// Notes of the resolution.
    pub n_notes: u64,
    /// Names of the user's own files of firms that the dataset was made with.
    pub knowledge: Vec<String>,
    /// Whether the dataset changed.
    pub changed: bool,
    /// Where the database is.
    pub database: PathBuf,
    /// CSV files.
    pub written: Written,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub source: String,
    /// Why.
    pub reason: String,
    /// What to do next; may be empty.
    pub hint: String,
}

/// Reads articles, extracts what is new, and writes database and CSV files.
///
/// What can be known to fail (inputs, output folder, knowledge files) fails before the work begins. Articles that
/// cannot be read are in the summary; the run goes on.
pub fn build(options: &BuildOptions, watch: &mut dyn Watch) -> Result<Summary, Error> {
    let mut pool = rayon::ThreadPoolBuilder::new();
    if let Some(jobs) = options.jobs {
        pool = pool.num_threads(jobs);
    }
    let pool = pool
        .build()
        .map_err(|error| Error::Format { place: "--jobs".to_owned(), reason: error.to_string() })?;
    let given = own_firms::read(&options.knowledge)?;
    let folder = Folder::create(&options.output, options.csv)?;
    let mut store = Store::open(&options.output.join(DATABASE))?;
    folder.sweep();
    let (knowledge, names) = own_firms::settle(&mut store, given, options.forget_knowledge)?;
    let database = store.path().to_owned();
    let mut summary = Summary { database, knowledge: names, ..Summary::default() };

    watch.begin(Stage::Read, None);
    let read = read_articles(options, &mut store, watch, &mut summary)?;
    if read.seen.is_empty() && summary.skipped.is_empty() {
        store.finish()?;
        return Err(Error::NoArticles { inputs: options.inputs.clone() });
    }
    let gone =
        if options.prune { store.vanished(&read.seen, &read.failed)? } else { BTreeSet::new() };
    summary.n_removed = gone.len() as u64;

    pool.install(|| extract_pending(&mut store, watch, &mut summary))?;
    pool.install(|| finish_dataset(&mut store, &knowledge, &gone, watch, &mut summary).map(drop))?;
    if summary.n_new + summary.n_changed + summary.n_removed + summary.n_extracted > 0 {
        let numbers =
            [summary.n_read, summary.n_new, summary.skipped.len() as u64, summary.n_removed];
        store.put_run("build", extract::VERSION, numbers)?;
    }

    let reader = Reader::open(store.path())?;
    summary.written = write_csv(&reader, folder, options.csv.min_confidence, watch)?;
    drop(reader);
    store.finish()?;
    Ok(summary)
}

/// Reads claims that were extracted elsewhere into the database and rebuilds the dataset.
///
/// A line that is not as it should be is in the summary; the others are loaded.
pub fn load(options: &LoadOptions, watch: &mut dyn Watch) -> Result<Summary, Error> {
    for file in options.files.iter().filter(|file| !is_standard_input(file)) {
        if !file.exists() {
            return Err(Error::InputMissing { path: file.clone() });
        }
    }
    let given = own_firms::read(&options.knowledge)?;
    if let Some(folder) = options.database.parent().filter(|p| !p.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)
            .map_err(|source| Error::io("create the folder", folder, source))?;
    }
    let mut store = Store::open(&options.database)?;
    let (knowledge, names) = own_firms::settle(&mut store, given, options.forget_knowledge)?;
    let database = store.path().to_owned();
    let mut summary = Summary { database, knowledge: names, ..Summary::default() };
    watch.begin(Stage::Read, None);
    for file in &options.files {
        load_file(file, &mut store, watch, &mut summary)?;
    }
    finish_dataset(&mut store, &knowledge, &BTreeSet::new(), watch, &mut summary)?;
    if summary.changed {
        let numbers = [summary.n_read, summary.n_new, summary.skipped.len() as u64, 0];
        store.put_run("load", LOADED, numbers)?;
    }
    store.finish()?;
    Ok(summary)
}

/// Writes the CSV files of the database `reader` into `folder`.
pub fn export(
    reader: &Reader,
    folder: &Path,
    options: csv::Options,
    watch: &mut dyn Watch,
) -> Result<Written, Error> {
    let folder = Folder::create(folder, options)?;
    write_csv(reader, folder, options.min_confidence, watch)
}

/// Writes the dataset of the database `reader` as an Excel workbook; returns how many cells were too long for Excel.
pub fn export_xlsx(
    reader: &Reader,
    path: &Path,
    min_confidence: u8,
    watch: &mut dyn Watch,
) -> Result<u64, Error> {
    let mut book = Book::create(path)?;
    watch.begin(Stage::Export, Some(SHEETS.len() as u64));
    for sheet in SHEETS {
        book.sheet(sheet.name, &reader.columns(sheet.view)?)?;
        let keep = sheet.condition(min_confidence);
        reader.rows(sheet.view, &keep, sheet.order, &mut |row| book.row(row))?;
        watch.advance(1);
    }
    book.commit()
}

/// What the inputs held.
struct Read {
    /// Every text (its hash) with the source it came from.
    seen: BTreeSet<(String, String)>,
    /// Sources that could not be read.
    failed: BTreeSet<String>,
}

fn read_articles(
    options: &BuildOptions,
    store: &mut Store,
    watch: &mut dyn Watch,
    summary: &mut Summary,
) -> Result<Read, Error> {
    let mut read = Read { seen: BTreeSet::new(), failed: BTreeSet::new() };
    let mut chunk: Vec<Article> = Vec::with_capacity(CHUNK);
    let mut skipped: Vec<Skipped> = Vec::new();
    // `ingest` cannot be stopped by what it calls: the first failure of the store is kept, and nothing more is written.
    let mut failure: Option<Error> = None;
    ingest::ingest(&options.inputs, &options.ingest, &mut |ingested| {
        if failure.is_some() {
            return;
        }
        match ingested {
            Ingested::Article(article) => {
                read.seen.insert((article.text_sha256.clone(), article.source.clone()));
                chunk.push(*article);
                if chunk.len() == CHUNK {
                    failure = put_chunk(store, &mut chunk, watch, summary).err();
                }
            }
            Ingested::Skipped(skip) => skipped.push(skip),
        }
    })?;
    if let Some(failure) = failure {
        return Err(failure);
    }
    put_chunk(store, &mut chunk, watch, summary)?;
    for skip in skipped {
        match skip.kind {
            SkipKind::Duplicate => {
                summary.n_read += 1;
                summary.n_duplicates += 1;
            }
            kind if !kind.is_problem() => summary.n_other_files += 1,
            _ => {
                read.failed.insert(skip.source.clone());
                summary.skipped.push(Problem {
                    source: skip.source,
                    reason: skip.reason,
                    hint: skip.hint,
                });
            }
        }
    }
    put_problems(store, &summary.skipped)?;
    Ok(read)
}

fn put_problems(store: &mut Store, problems: &[Problem]) -> Result<(), Error> {
    if problems.is_empty() {
        return Ok(());
    }
    let rows: Vec<(String, String, String)> =
        problems.iter().map(|p| (p.source.clone(), p.reason.clone(), p.hint.clone())).collect();
    store.put_ingest_errors(&rows)
}

fn put_chunk(
    store: &mut Store,
    chunk: &mut Vec<Article>,
    watch: &mut dyn Watch,
    summary: &mut Summary,
) -> Result<(), Error> {
    if chunk.is_empty() {
        return Ok(());
    }
    for put in store.put_articles(chunk)? {
        summary.n_read += 1;
        match put {
            Put::New => summary.n_new += 1,
            Put::Unchanged => summary.n_unchanged += 1,
            Put::Changed => summary.n_changed += 1,
            Put::Duplicate => summary.n_duplicates += 1,
        }
    }
    watch.advance(chunk.len() as u64);
    chunk.clear();
    Ok(())
}

/// Extracts every article that this version has not read, storing one chunk while the next is extracted.
fn extract_pending(
    store: &mut Store,
    watch: &mut dyn Watch,
    summary: &mut Summary,
) -> Result<(), Error> {
    let total = store.count_pending(extract::VERSION)?;
    if total == 0 {
        return Ok(());
    }
    watch.begin(Stage::Extract, Some(total));
    let extractor = Extractor::new(&extract::Options::default());
    let mut after = String::new();
    let mut done: Vec<ArticleClaims> = Vec::new();
    loop {
        let articles = store.pending(extract::VERSION, &after, CHUNK)?;
        if let Some(last) = articles.last() {
            after = store.key_of(last);
        }
        let (stored, claims) = rayon::join(
            || store.put_claims(extract::VERSION, &done),
            || articles.par_iter().map(|a| extract_one(&extractor, a)).collect::<Vec<_>>(),
        );
        stored?;
        summary.n_extracted += done.len() as u64;
        watch.advance(done.len() as u64);
        done = claims;
        if done.is_empty() {
            return Ok(());
        }
    }
}

/// Returns what `article` claims; nothing, with a note, where the extraction stops on it: one article is not worth a run.
fn extract_one(extractor: &Extractor, article: &Article) -> ArticleClaims {
    catch_unwind(AssertUnwindSafe(|| extractor.extract(article))).unwrap_or_else(|_| {
        ArticleClaims {
            article: article.clone(),
            moves: Vec::new(),
            positions: Vec::new(),
            mentions: Vec::new(),
            notes: vec!["the extraction stopped on this article: an error in valzer".to_owned()],
        }
    })
}

/// Resolves everything in the store, writes the dataset and returns it.
fn finish_dataset(
    store: &mut Store,
    knowledge: &Knowledge,
    gone: &BTreeSet<String>,
    watch: &mut dyn Watch,
    summary: &mut Summary,
) -> Result<Dataset, Error> {
    watch.begin(Stage::Resolve, None);
    let decisions = store.decisions()?;
    let claims = store.claim_set(gone)?;
    let dataset = resolve::resolve_set(claims, knowledge, &decisions);
    watch.begin(Stage::Store, None);
    summary.changed = store.put_dataset(&dataset, gone)?;
    summary.n_notes = dataset.notes.len() as u64;
    summary.counts = count(&dataset);
    Ok(dataset)
}

fn count(dataset: &Dataset) -> Vec<(&'static str, u64)> {
    vec![
        ("people", dataset.people.len() as u64),
        ("firms", dataset.firms.len() as u64),
        ("roles", dataset.roles.len() as u64),
        ("positions", dataset.positions.len() as u64),
        ("moves", dataset.moves.len() as u64),
    ]
}

fn write_csv(
    reader: &Reader,
    mut folder: Folder,
    min_confidence: u8,
    watch: &mut dyn Watch,
) -> Result<Written, Error> {
    watch.begin(Stage::Export, Some(SHEETS.len() as u64));
    for sheet in SHEETS {
        let mut table = folder.table(sheet.name, &reader.columns(sheet.view)?)?;
        let keep = sheet.condition(min_confidence);
        reader.rows(sheet.view, &keep, sheet.order, &mut |row| table.row(row))?;
        table.finish()?;
        watch.advance(1);
    }
    folder.commit()
}

fn load_file(
    file: &Path,
    store: &mut Store,
    watch: &mut dyn Watch,
    summary: &mut Summary,
) -> Result<(), Error> {
    let name = file.display().to_string();
    let reader: Box<dyn BufRead> = if is_standard_input(file) {
        Box::new(std::io::stdin().lock())
    } else {
        let opened = std::fs::File::open(file).map_err(|source| Error::io("read", file, source))?;
        Box::new(BufReader::with_capacity(1 << 16, opened))
    };
    let mut problems = Vec::new();
    let mut chunk: BTreeMap<String, ArticleClaims> = BTreeMap::new();
    for (number, line) in reader.split(b'\n').enumerate() {
        let line = line.map_err(|source| Error::io("read", file, source))?;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match parse_claims(&line) {
            Ok(claims) => {
                summary.n_read += 1;
                // The later line about the same text wins, as a later load does.
                chunk.insert(claims.article.text_sha256.clone(), claims);
            }
            Err(reason) => problems.push(Problem {
                source: format!("{name}:{}", number + 1),
                reason,
                hint: "correct that line and load the file again".to_owned(),
            }),
        }
        if chunk.len() == CHUNK {
            put_loaded(store, &mut chunk, watch, summary)?;
        }
    }
    put_loaded(store, &mut chunk, watch, summary)?;
    store.forget_ingest_errors_of(&name)?;
    put_problems(store, &problems)?;
    summary.skipped.extend(problems);
    Ok(())
}

fn put_loaded(
    store: &mut Store,
    chunk: &mut BTreeMap<String, ArticleClaims>,
    watch: &mut dyn Watch,
    summary: &mut Summary,
) -> Result<(), Error> {
    let claims: Vec<ArticleClaims> = std::mem::take(chunk).into_values().collect();
    if claims.is_empty() {
        return Ok(());
    }
    let articles: Vec<Article> = claims.iter().map(|c| c.article.clone()).collect();
    for put in store.put_articles(&articles)? {
        match put {
            Put::New => summary.n_new += 1,
            Put::Unchanged => summary.n_unchanged += 1,
            Put::Changed => summary.n_changed += 1,
            Put::Duplicate => summary.n_duplicates += 1,
        }
    }
    store.put_claims(LOADED, &claims)?;
    watch.advance(claims.len() as u64);
    Ok(())
}

/// Returns the claims of one line of JSON, or what is wrong with it.
fn parse_claims(line: &[u8]) -> Result<ArticleClaims, String> {
    let record: ClaimsRecord =
        serde_json::from_slice(line).map_err(|error| format!("not a line of claims: {error}"))?;
    let claims = from_record(record)?;
    let article = &claims.article;
    if article.text.contains('\0') {
        return Err(format!("article '{}': the text contains U+0000", article.id));
    }
    if sha256_hex(&article.text) != article.text_sha256 {
        return Err(format!("article '{}': text_sha256 is not the hash of the text", article.id));
    }
    let confidences = claims
        .moves
        .iter()
        .map(|m| m.confidence)
        .chain(claims.positions.iter().map(|p| p.confidence));
    for confidence in confidences {
        if !(0.0..=1.0).contains(&confidence) {
            return Err(format!(
                "article '{}': confidence {confidence} is not between 0 and 1",
                article.id
            ));
        }
    }
    Ok(claims)
}

fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}
