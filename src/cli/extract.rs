//! `valzer extract`: articles in, claims out, in the same order, in bounded memory.

use super::reading::Inputs;
use super::{Out, Outcome};
use crate::error::Error;
use crate::extract::{Extractor, json};
use crate::model::Article;
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};
use std::num::NonZeroUsize;

/// How many articles, and how many bytes of them, wait for a free thread: enough to keep every core busy, little enough
/// to forget about memory.
const BATCH_ARTICLES: usize = 256;
const BATCH_BYTES: usize = 8 << 20;

const EXAMPLES: &str = "\
Examples:
  valzer extract news/ > claims.jsonl            one line of claims for each article
  valzer extract article.txt --format json       a JSON list, easier to look at
  cat articles.jsonl | valzer extract - | …      as a step of a larger pipeline

Each line holds the article's id, its moves and positions with the words behind every slot, the
mentions of people and firms, and the article itself. Places in the text count code points, as
Python and SQLite do. `valzer load` reads these lines.";

/// Say what each article claims about who moved where
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    inputs: Inputs,

    /// How to write the claims
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    format: Format,

    /// Threads to use; all cores by default
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,

    /// Do without the embedded names of well-known firms
    #[arg(long)]
    without_knowledge: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// One JSON object a line
    Jsonl,
    /// One JSON list
    Json,
}

pub(super) fn run(args: &Args, out: &mut Out) -> Result<Outcome, Error> {
    let extractor = Extractor::new(&super::extract_options(args.without_knowledge));
    let pool = super::threads(args.jobs)?;
    let mut writer = Writer { out, format: args.format, n_written: 0 };
    let mut batch: Vec<Article> = Vec::new();
    let mut n_bytes = 0;
    let mut work = |batch: &mut Vec<Article>| {
        let extract_one = |article| super::json_text(&json::to_record(&extractor.extract(article)));
        let lines: Vec<String> = pool.install(|| batch.par_iter().map(extract_one).collect());
        batch.clear();
        lines.iter().try_for_each(|line| writer.write(line))
    };
    let tally = args.inputs.read(&mut |article| {
        n_bytes += article.text.len();
        batch.push(article);
        if batch.len() < BATCH_ARTICLES && n_bytes < BATCH_BYTES {
            return Ok(());
        }
        n_bytes = 0;
        work(&mut batch)
    })?;
    work(&mut batch)?;
    writer.end()?;
    out.flush()?;
    tally.report();
    Ok(if tally.has_problems() { Outcome::Findings } else { Outcome::Fine })
}

struct Writer<'a> {
    out: &'a mut Out,
    format: Format,
    n_written: usize,
}

impl Writer<'_> {
    fn write(&mut self, line: &str) -> Result<(), Error> {
        let before = match (self.format, self.n_written) {
            (Format::Jsonl, _) => "",
            (Format::Json, 0) => "[\n",
            (Format::Json, _) => ",\n",
        };
        self.n_written += 1;
        self.out.text(before)?;
        match self.format {
            Format::Jsonl => self.out.line(line),
            Format::Json => self.out.text(line),
        }
    }

    fn end(self) -> Result<(), Error> {
        match (self.format, self.n_written) {
            (Format::Jsonl, _) => Ok(()),
            (Format::Json, 0) => self.out.line("[]"),
            (Format::Json, _) => self.out.line("\n]"),
        }
    }
}
