//! `valzer export`: CSV files, a workbook or a plain copy of a database that is there.

use super::shared::{Bar, CsvArgs, DatabaseArgs, print_written};
use super::{Out, Outcome};
use crate::error::Error;
use crate::pipeline;
use crate::store::Reader;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  valzer export                                     write output/*.csv again
  valzer export -o for-excel --dialect excel-it     semicolons, as Excel in Italy wants them
  valzer export --min-confidence 95 -o sure         only what is 95 % sure
  valzer export --xlsx dataset.xlsx                 an Excel workbook, a sheet for each table
  valzer export --plain-copy old.sqlite             a database for SQLite older than 3.37";

/// Write the dataset as CSV files, an Excel workbook or a plain copy of the database
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
    /// Folder for the CSV files [default: the folder of the database]
    #[arg(short, long, value_name = "FOLDER")]
    output: Option<PathBuf>,
    /// Write a copy without strict tables and search index instead, for old readers
    #[arg(long, value_name = "FILE", conflicts_with = "output")]
    plain_copy: Option<PathBuf>,
    /// Write an Excel workbook instead, a sheet for each table
    #[arg(long, value_name = "FILE", conflicts_with_all = ["output", "plain_copy"])]
    xlsx: Option<PathBuf>,
    #[command(flatten)]
    csv: CsvArgs,
}

pub(super) fn run(args: &Args, out: &mut Out) -> Result<Outcome, Error> {
    let path = args.database.path();
    let reader = Reader::open(&path)?;
    if let Some(copy) = &args.plain_copy {
        reader.plain_copy(copy)?;
        out.line(format_args!("Database  {}", super::out::visible(&copy.display().to_string())))?;
        return Ok(Outcome::Fine);
    }
    if let Some(file) = &args.xlsx {
        let mut bar = Bar::new();
        let percent = args.csv.options().min_confidence;
        let result = pipeline::export_xlsx(&reader, file, percent, &mut bar);
        bar.finish();
        let n_cut = result?;
        out.line(format_args!("Workbook  {}", super::out::visible(&file.display().to_string())))?;
        if n_cut > 0 {
            out.line(format_args!("          {n_cut} cells were too long for Excel and are cut"))?;
        }
        return Ok(Outcome::Fine);
    }
    let folder = match &args.output {
        Some(folder) => folder.clone(),
        None => path.parent().map(PathBuf::from).unwrap_or_default(),
    };
    let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
    let mut bar = Bar::new();
    let result = pipeline::export(&reader, &folder, args.csv.options(), &mut bar);
    bar.finish();
    print_written(&result?, out)?;
    Ok(Outcome::Fine)
}
