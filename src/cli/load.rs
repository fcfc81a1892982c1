//! `valzer load`: claims that were extracted elsewhere, into the database.

use super::shared::{Bar, Format, OUTPUT, database, print_summary};
use super::{Out, Outcome};
use crate::error::Error;
use crate::pipeline::{self, LoadOptions};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  valzer extract news/ > claims.jsonl && valzer load claims.jsonl
  valzer load part-*.jsonl -o march          several files, another folder
  zcat claims.jsonl.gz | valzer load -       read standard input

A later load of the same article replaces its claims; a build leaves loaded claims alone. Run `valzer export` for CSV";

/// Load claims (one article a line of JSON, as `extract` writes them) and rebuild the dataset
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Files of claims, or - for standard input
    #[arg(value_name = "CLAIMS", required = true)]
    files: Vec<PathBuf>,
    /// Database to write, or the folder it is in
    #[arg(short, long = "output", visible_alias = "db", value_name = "PATH", default_value = OUTPUT)]
    output: PathBuf,
    /// Your own firms, beside the built-in ones; kept in the database for later runs
    #[arg(long, value_name = "FILE")]
    knowledge: Vec<PathBuf>,
    /// Do without the firms that an earlier run kept
    #[arg(long, conflicts_with = "knowledge")]
    forget_knowledge: bool,
    /// How the summary is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(args: &Args, out: &mut Out) -> Result<Outcome, Error> {
    let options = LoadOptions {
        files: args.files.clone(),
        database: database(&args.output),
        knowledge: args.knowledge.clone(),
        forget_knowledge: args.forget_knowledge,
    };
    let mut bar = Bar::new();
    let result = pipeline::load(&options, &mut bar);
    bar.finish();
    let summary = result?;
    print_summary(&summary, args.format, out)?;
    Ok(if summary.skipped.is_empty() { Outcome::Fine } else { Outcome::Findings })
}
