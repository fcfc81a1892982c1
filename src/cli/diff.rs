//! `valzer diff`: what two databases have not in common.

use super::out::visible;
use super::shared::database;
use super::{Out, Outcome};
use crate::error::Error;
use crate::export::csv;
use crate::export::decisions::guarded;
use crate::model::Cell;
use crate::store::{Change, Difference, Reader};
use clap::ValueEnum;
use serde_json::json;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  valzer diff march/valzer.sqlite april/valzer.sqlite      rows added, gone and changed
  valzer diff march april --table moves                    moves alone
  valzer diff march april --format csv > changes.csv

Rows are the same where their ids are. The exit code is 0 whether or not there are differences";

/// Compare two databases: rows added, gone and changed
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Database as it was, or the folder it is in
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// Database as it is, or the folder it is in
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// One table only
    #[arg(long, value_enum, value_name = "TABLE")]
    table: Option<Table>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Table {
    People,
    Firms,
    Roles,
    Positions,
    Moves,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// A list of objects, one a line
    Json,
    /// A line for each cell that is different
    Csv,
}

pub(super) fn run(args: &Args, out: &mut Out) -> Result<Outcome, Error> {
    let old = Reader::open(&database(&args.old))?;
    let new = Reader::open(&database(&args.new))?;
    let only = args.table.and_then(|table| table.to_possible_value());
    let mut tally: Vec<(&str, [u64; 3])> = Vec::new();
    if args.format == Format::Csv {
        let header = ["table", "id", "change", "column", "before", "now"].map(str::to_owned);
        out.bytes(&csv::record(&header))?;
    }
    let mut n_rows = 0u64;
    old.diff(&new, &mut |difference| {
        if only.as_ref().is_some_and(|only| only.get_name() != difference.table) {
            return Ok(());
        }
        count(&mut tally, &difference);
        n_rows += 1;
        match args.format {
            Format::Text => text(&difference, out),
            Format::Json => {
                out.text(if n_rows == 1 { "[\n" } else { ",\n" })?;
                out.text(json(&difference))
            }
            Format::Csv => cells(&difference).into_iter().try_for_each(|(column, before, now)| {
                let row = [difference.table, &difference.id, word(&difference), &column];
                let mut row = row.map(str::to_owned).to_vec();
                row.extend([before, now].map(|cell| match cell {
                    Cell::Text(text) => guarded(&text),
                    other => other.to_string(),
                }));
                out.bytes(&csv::record(&row))
            }),
        }
    })?;
    match args.format {
        Format::Csv => {}
        Format::Json => out.line(if n_rows == 0 { "[]" } else { "\n]" })?,
        Format::Text if tally.is_empty() => out.line("nothing is different")?,
        Format::Text => {
            for (table, [added, gone, changed]) in tally {
                out.line(format_args!(
                    "{table:<9}  {added} added, {gone} gone, {changed} changed"
                ))?;
            }
        }
    }
    Ok(Outcome::Fine)
}

fn count(tally: &mut Vec<(&str, [u64; 3])>, difference: &Difference) {
    if tally.last().is_none_or(|(table, _)| *table != difference.table) {
        tally.push((difference.table, [0; 3]));
    }
    let at = match difference.change {
        Change::Added(_) => 0,
        Change::Gone { .. } => 1,
        Change::Changed(_) => 2,
    };
    if let Some((_, counts)) = tally.last_mut() {
        counts[at] += 1;
    }
}

fn word(difference: &Difference) -> &'static str {
    match difference.change {
        Change::Added(_) => "added",
        Change::Gone { .. } => "gone",
        Change::Changed(_) => "changed",
    }
}

/// Returns (column, before, now) of every cell that is different.
fn cells(difference: &Difference) -> Vec<(String, Cell, Cell)> {
    match &difference.change {
        Change::Added(row) => {
            row.iter().map(|(column, cell)| (column.clone(), Cell::Null, cell.clone())).collect()
        }
        Change::Gone { row, .. } => {
            row.iter().map(|(column, cell)| (column.clone(), cell.clone(), Cell::Null)).collect()
        }
        Change::Changed(cells) => cells.clone(),
    }
}

fn text(difference: &Difference, out: &mut Out) -> Result<(), Error> {
    let sign = match &difference.change {
        Change::Added(_) => "+",
        Change::Gone { .. } => "-",
        Change::Changed(_) => "~",
    };
    let told = match &difference.change {
        Change::Changed(cells) => {
            let cell = |(column, before, now): &(String, Cell, Cell)| {
                let [before, now] = [before, now].map(|c| match c {
                    Cell::Null => "nothing".to_owned(),
                    other => other.to_string(),
                });
                format!("{column}: {before} → {now}")
            };
            cells.iter().map(cell).collect::<Vec<_>>().join("; ")
        }
        Change::Gone { now: Some(now), .. } => format!("now {now}"),
        Change::Gone { .. } | Change::Added(_) => String::new(),
    };
    let line = format!("{sign} {} {}  {told}", difference.table, difference.id);
    out.line(visible(line.trim_end()).replace('\n', " "))
}

fn json(difference: &Difference) -> serde_json::Value {
    let value = |cell: Cell| match cell {
        Cell::Null => serde_json::Value::Null,
        Cell::Integer(number) => number.into(),
        Cell::Real(number) => number.into(),
        Cell::Text(text) => text.into(),
    };
    let now = match &difference.change {
        Change::Gone { now, .. } => now.clone(),
        _ => None,
    };
    json!({
        "table": difference.table,
        "id": difference.id,
        "change": word(difference),
        "new_id": now,
        "cells": cells(difference).into_iter().map(|(column, before, now)| json!({
            "column": column, "before": value(before), "now": value(now),
        })).collect::<Vec<_>>(),
    })
}
