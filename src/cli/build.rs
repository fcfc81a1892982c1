//! `valzer build`: the main job, from articles to database and CSV files.

use super::reading::Inputs;
use super::shared::{Bar, CsvArgs, Format, OUTPUT, print_summary};
use super::{Out, Outcome};
use crate::error::Error;
use crate::pipeline::{self, BuildOptions};
use std::num::NonZeroUsize;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  valzer build examples/articles            make output/valzer.sqlite and output/*.csv
  valzer build news/ 'more/*.txt' -o march  several inputs, another folder
  valzer build news/ --prune                forget articles that are no longer in news/
  valzer build news/ --dialect excel-it --min-confidence 80
  valzer build books/ --max-bytes 100M --language en
  cat article.txt | valzer build -          read standard input

Run it again after adding articles: only what is new is read. The exit code is 1 when an article had to be skipped";

/// Build the dataset from articles: read, extract, resolve, write database and CSV files
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    articles: Inputs,
    /// Folder for the database and the CSV files
    #[arg(short, long, value_name = "FOLDER", default_value = OUTPUT)]
    output: PathBuf,
    /// Threads to use [default: all cores]
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Your own firms, beside the built-in ones; kept in the database for later runs
    #[arg(long, value_name = "FILE")]
    knowledge: Vec<PathBuf>,
    /// Do without the firms that an earlier run kept
    #[arg(long, conflicts_with = "knowledge")]
    forget_knowledge: bool,
    /// Remove articles from the database that are not in the inputs
    #[arg(long)]
    prune: bool,
    /// How the summary is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    csv: CsvArgs,
}

pub(super) fn run(args: &Args, out: &mut Out) -> Result<Outcome, Error> {
    let options = BuildOptions {
        inputs: args.articles.inputs.clone(),
        output: args.output.clone(),
        jobs: args.jobs.map(NonZeroUsize::get),
        knowledge: args.knowledge.clone(),
        forget_knowledge: args.forget_knowledge,
        csv: args.csv.options(),
        prune: args.prune,
        ingest: args.articles.options(),
    };
    let mut bar = Bar::new();
    let result = pipeline::build(&options, &mut bar);
    bar.finish();
    let summary = result?;
    print_summary(&summary, args.format, out)?;
    Ok(if summary.skipped.is_empty() { Outcome::Fine } else { Outcome::Findings })
}
