//! `valzer query`: SQL on the dataset, read-only.

use super::out::visible;
use super::shared::DatabaseArgs;
use super::{Out, Outcome};
use crate::error::Error;
use crate::export::csv;
use crate::model::Cell;
use crate::store::Reader;
use clap::ValueEnum;
use std::io::Read;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The widest that a column of a table gets on the screen; the other formats give cells whole.
const WIDEST: usize = 60;

const EXAMPLES: &str = "\
Examples:
  valzer query \"select firm, n_in, n_out, net from firm_balance order by net desc limit 10\"
  valzer query \"select person, from_firm, to_firm, happened_on from moves_flat\" --format csv > moves.csv
  valzer query \"select a.source from articles_fts f join articles a on a.seq = f.rowid
                where articles_fts match 'dimissioni'\"
  valzer query --tables                      list tables, views and columns with their meaning";

/// Ask the dataset in SQL; nothing can be changed
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Query, or - to read it from standard input
    #[arg(value_name = "SQL", required_unless_present = "tables")]
    sql: Option<String>,
    /// List tables, views and columns with their meaning instead
    #[arg(long, conflicts_with = "sql")]
    tables: bool,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Aligned columns; long cells are cut
    Table,
    /// CSV with a header
    Csv,
    /// A list of objects, one a line
    Json,
    /// A table for a Markdown page
    Markdown,
}

const TABLES: &str =
    "select table_name, column_name, description from codebook order by table_name, column_name";

pub(super) fn run(args: &Args, out: &mut Out) -> Result<Outcome, Error> {
    let reader = Reader::open(&args.database.path())?;
    let sql = match args.sql.as_deref() {
        None => TABLES.to_owned(),
        Some("-") => {
            let mut sql = String::new();
            std::io::stdin()
                .lock()
                .read_to_string(&mut sql)
                .map_err(|source| Error::io("read", "-", source))?;
            sql
        }
        Some(sql) => sql.to_owned(),
    };
    match args.format {
        Format::Table => table(&reader, &sql, out)?,
        Format::Csv => stream_csv(&reader, &sql, out)?,
        Format::Json => stream_json(&reader, &sql, out)?,
        Format::Markdown => markdown(&reader, &sql, out)?,
    }
    Ok(Outcome::Fine)
}

fn table(reader: &Reader, sql: &str, out: &mut Out) -> Result<(), Error> {
    let result = reader.query_all(sql)?;
    let shown: Vec<Vec<String>> = result
        .rows
        .iter()
        .map(|row| row.iter().map(|cell| on_one_line(cell, WIDEST)).collect())
        .collect();
    let widths: Vec<usize> = result
        .columns
        .iter()
        .enumerate()
        .map(|(at, name)| {
            shown
                .iter()
                .map(|row| row[at].width())
                .chain([visible(name).width()])
                .max()
                .unwrap_or(0)
        })
        .collect();
    let names: Vec<String> = result.columns.iter().map(|name| visible(name)).collect();
    out.line(aligned(&names, &widths, &[]))?;
    let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    out.line(rules.join("  "))?;
    for (cells, row) in shown.iter().zip(&result.rows) {
        out.line(aligned(cells, &widths, row))?;
    }
    Ok(())
}

/// Numbers stand at the right of their column, words at the left; no spaces at the end of the line.
fn aligned(cells: &[String], widths: &[usize], values: &[Cell]) -> String {
    let mut line = String::new();
    for (at, (cell, width)) in cells.iter().zip(widths).enumerate() {
        let space = " ".repeat(width.saturating_sub(cell.width()));
        if at > 0 {
            line.push_str("  ");
        }
        if matches!(values.get(at), Some(Cell::Integer(_) | Cell::Real(_))) {
            line.push_str(&space);
            line.push_str(cell);
        } else {
            line.push_str(cell);
            line.push_str(&space);
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// Returns a cell with line ends as spaces, cut to `widest` columns of the screen.
fn on_one_line(cell: &Cell, widest: usize) -> String {
    let text = visible(&cell.to_string()).replace(['\n', '\t'], " ");
    if text.width() <= widest {
        return text;
    }
    let mut cut = String::new();
    let mut width = 0;
    for c in text.chars() {
        width += c.width().unwrap_or(0);
        if width >= widest {
            break;
        }
        cut.push(c);
    }
    cut.push('…');
    cut
}

fn stream_csv(reader: &Reader, sql: &str, out: &mut Out) -> Result<(), Error> {
    let for_screen = out.is_terminal();
    let shown = |text: &str| if for_screen { visible(text) } else { text.to_owned() };
    let out = std::cell::RefCell::new(out);
    reader.query(
        sql,
        &mut |columns| {
            let names: Vec<String> = columns.iter().map(|name| shown(name)).collect();
            out.borrow_mut().bytes(&csv::record(&names))
        },
        &mut |row| {
            let cells: Vec<String> = row.iter().map(|cell| shown(&cell.to_string())).collect();
            out.borrow_mut().bytes(&csv::record(&cells))
        },
    )
}

fn stream_json(reader: &Reader, sql: &str, out: &mut Out) -> Result<(), Error> {
    let names = std::cell::RefCell::new(Vec::new());
    let mut n_rows = 0u64;
    reader.query(
        sql,
        &mut |columns| {
            let keys = columns.iter().map(|name| json(&Cell::Text(name.clone())));
            names.borrow_mut().extend(keys);
            Ok(())
        },
        // Not through a map: columns keep their order.
        &mut |row| {
            let pairs: Vec<String> = names
                .borrow()
                .iter()
                .zip(row)
                .map(|(name, cell)| format!("{name}: {}", json(cell)))
                .collect();
            out.text(if n_rows == 0 { "[\n" } else { ",\n" })?;
            n_rows += 1;
            out.text(format_args!("{{{}}}", pairs.join(", ")))
        },
    )?;
    out.line(if n_rows == 0 { "[]" } else { "\n]" })
}

fn json(cell: &Cell) -> String {
    let value = match cell {
        Cell::Null => serde_json::Value::Null,
        Cell::Integer(number) => (*number).into(),
        Cell::Real(number) => (*number).into(),
        Cell::Text(text) => text.as_str().into(),
    };
    // JSON leaves the second set of control characters and DEL as they are; a terminal would obey them.
    let mut text = String::new();
    for c in value.to_string().chars() {
        if c.is_control() {
            text.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            text.push(c);
        }
    }
    text
}

fn markdown(reader: &Reader, sql: &str, out: &mut Out) -> Result<(), Error> {
    let result = reader.query_all(sql)?;
    let safe =
        |text: &str| on_one_line(&Cell::Text(text.to_owned()), usize::MAX).replace('|', "\\|");
    let names: Vec<String> = result.columns.iter().map(|name| safe(name)).collect();
    out.line(format_args!("| {} |", names.join(" | ")))?;
    out.line(format_args!("| {} |", vec!["---"; names.len()].join(" | ")))?;
    for row in &result.rows {
        let cells: Vec<String> = row.iter().map(|cell| safe(&cell.to_string())).collect();
        out.line(format_args!("| {} |", cells.join(" | ")))?;
    }
    Ok(())
}
