//! Options that several commands have, and how they show progress and summaries.

use super::out::{Out, visible};
use crate::error::Error;
use crate::export::csv::{self, Dialect};
use crate::pipeline::{DATABASE, Problem, Stage, Summary, Watch};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How many sources that could not be read are listed on the screen; all are in the database.
const LISTED: usize = 10;

/// Where results land unless the user says otherwise.
pub(super) const OUTPUT: &str = "output";

/// How the CSV files are written.
#[derive(Debug, clap::Args)]
pub(super) struct CsvArgs {
    /// How spreadsheets like their CSV
    #[arg(long, value_enum, default_value_t = DialectArg::Plain)]
    dialect: DialectArg,
    /// Leave out moves, positions and sources below this confidence in the CSV files (the database keeps all)
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=100))]
    min_confidence: u8,
    /// Do not put ' before cells that a spreadsheet would run as a formula
    #[arg(long)]
    no_formula_guard: bool,
}

/// How a spreadsheet likes its CSV.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum DialectArg {
    /// Comma, UTF-8: for programs
    Plain,
    /// Comma, byte order mark, CRLF: for Excel
    Excel,
    /// Semicolon, byte order mark, CRLF: for Excel in Italy
    ExcelIt,
}

impl DialectArg {
    pub(super) fn dialect(self) -> Dialect {
        match self {
            DialectArg::Plain => Dialect::Plain,
            DialectArg::Excel => Dialect::Excel,
            DialectArg::ExcelIt => Dialect::ExcelIt,
        }
    }
}

impl CsvArgs {
    pub(super) fn options(&self) -> csv::Options {
        csv::Options {
            dialect: self.dialect.dialect(),
            guard_formulas: !self.no_formula_guard,
            min_confidence: self.min_confidence,
        }
    }
}

/// Which database to read.
#[derive(Debug, clap::Args)]
pub(super) struct DatabaseArgs {
    /// Database to read, or the folder it is in
    #[arg(long, value_name = "PATH", default_value = OUTPUT)]
    db: PathBuf,
}

impl DatabaseArgs {
    pub(super) fn path(&self) -> PathBuf {
        database(&self.db)
    }
}

/// Returns the database that a path means: itself, or the one in a folder.
pub(super) fn database(path: &Path) -> PathBuf {
    let is_file_name = path.extension().is_some() && !path.is_dir();
    if is_file_name || path.is_file() { path.to_owned() } else { path.join(DATABASE) }
}

/// How a summary or finding is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// A progress bar on standard error, on a terminal only.
pub(super) struct Bar {
    bar: ProgressBar,
}

impl Bar {
    pub(super) fn new() -> Self {
        // Hidden by itself where standard error is no terminal.
        Bar { bar: ProgressBar::new_spinner() }
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watch for Bar {
    fn begin(&mut self, stage: Stage, total: Option<u64>) {
        self.bar.finish_and_clear();
        let (bar, template) = match total {
            Some(total) => {
                (ProgressBar::new(total), "{msg:9} {wide_bar} {human_pos}/{human_len} {eta:>4}")
            }
            None => (ProgressBar::new_spinner(), "{msg:9} {spinner} {human_pos}"),
        };
        // The template is ours: a test of the help would fail if it did not parse.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(match stage {
            Stage::Read => "Reading",
            Stage::Extract => "Extracting",
            Stage::Resolve => "Resolving",
            Stage::Store => "Storing",
            Stage::Export => "Writing",
        });
        bar.enable_steady_tick(Duration::from_millis(200));
        self.bar = bar;
    }

    fn advance(&mut self, n: u64) {
        self.bar.inc(n);
    }
}

/// Prints what was read, found and written.
pub(super) fn print_summary(summary: &Summary, format: Format, out: &mut Out) -> Result<(), Error> {
    print_problems(&summary.skipped);
    if format == Format::Json {
        return out.line(summary_json(summary));
    }
    let mut read = format!("Read      {} articles", summary.n_read);
    let parts = [
        (summary.n_new, "new"),
        (summary.n_changed, "changed"),
        (summary.n_unchanged, "unchanged"),
        (summary.n_duplicates, "duplicates"),
        (summary.n_removed, "removed"),
        (summary.skipped.len() as u64, "skipped"),
        (summary.n_other_files, "other files left alone"),
    ];
    let told: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    if !told.is_empty() {
        read.push_str(&format!(" ({})", told.join(", ")));
    }
    out.line(read)?;
    let found: Vec<String> =
        summary.counts.iter().map(|(table, n)| format!("{n} {table}")).collect();
    out.line(format_args!(
        "Found     {}{}",
        found.join(", "),
        if summary.changed { "" } else { " (as before)" }
    ))?;
    if !summary.knowledge.is_empty() {
        let names = visible(&summary.knowledge.join(", "));
        out.line(format_args!("Knowledge {names} (kept; --knowledge FILE replaces it)"))?;
    }
    if summary.n_notes > 0 {
        out.line(format_args!(
            "Notes     {} (valzer query \"select note from resolution_notes\")",
            summary.n_notes
        ))?;
    }
    out.line(format_args!("Database  {}", visible(&summary.database.display().to_string())))?;
    print_written(&summary.written, out)
}

/// Prints which CSV files were written.
pub(super) fn print_written(written: &csv::Written, out: &mut Out) -> Result<(), Error> {
    let Some((first, _)) = written.files.first() else { return Ok(()) };
    let files: Vec<String> = written
        .files
        .iter()
        .map(|(path, n)| {
            format!("{} ({n})", path.file_name().unwrap_or_default().to_string_lossy())
        })
        .collect();
    let folder = first.parent().unwrap_or(Path::new("."));
    out.line(format_args!(
        "CSV       {}: {}",
        visible(&folder.display().to_string()),
        files.join(", ")
    ))?;
    if written.n_guarded > 0 {
        out.line(format_args!(
            "          {} cells begin like a formula and got a ' in front",
            written.n_guarded
        ))?;
    }
    Ok(())
}

fn summary_json(summary: &Summary) -> serde_json::Value {
    json!({
        "read": summary.n_read,
        "new": summary.n_new,
        "changed": summary.n_changed,
        "unchanged": summary.n_unchanged,
        "duplicates": summary.n_duplicates,
        "removed": summary.n_removed,
        "other_files": summary.n_other_files,
        "extracted": summary.n_extracted,
        "skipped": summary.skipped.iter().map(|p| json!({
            "source": p.source, "reason": p.reason, "hint": p.hint,
        })).collect::<Vec<_>>(),
        "found": summary.counts.iter().map(|(table, n)| ((*table).to_owned(), json!(n)))
            .collect::<serde_json::Map<_, _>>(),
        "knowledge": summary.knowledge,
        "dataset_changed": summary.changed,
        "database": summary.database.display().to_string(),
        "files": summary.written.files.iter().map(|(path, n)| json!({
            "path": path.display().to_string(), "rows": n,
        })).collect::<Vec<_>>(),
        "guarded_cells": summary.written.n_guarded,
    })
}

/// Says on standard error what could not be read, and why.
fn print_problems(problems: &[Problem]) {
    let mut screen = std::io::stderr().lock();
    for problem in problems.iter().take(LISTED) {
        let _ =
            writeln!(screen, "skipped: {}: {}", visible(&problem.source), visible(&problem.reason));
        if !problem.hint.is_empty() {
            let _ = writeln!(screen, "  next: {}", visible(&problem.hint));
        }
    }
    if problems.len() > LISTED {
        let _ = writeln!(
            screen,
            "skipped: {} more; all are in the table ingest_errors",
            problems.len() - LISTED
        );
    }
}
