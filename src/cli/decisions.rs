//! `valzer decisions`: what the user decided so far, listed and kept as a file.

use super::decide::{self, Target};
use super::out::visible;
use super::shared::{DialectArg, Format};
use super::{Out, Outcome};
use crate::error::Error;
use crate::export::decisions::{cells, write};
use crate::store::{Decided, Reader};
use clap::Subcommand;
use serde_json::json;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  valzer decisions                                  list them, the undone ones too
  valzer decisions --format json
  valzer decisions export decisions.csv             keep them beside the articles
  valzer decisions import decisions.csv --db new    the same decisions on another database";

/// List, export and import what was decided
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    to: Target,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Write every decision as CSV
    Export {
        /// File to write; it must not be there yet [default: standard output]
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        /// How spreadsheets like their CSV
        #[arg(long, value_enum, default_value_t = DialectArg::Plain)]
        dialect: DialectArg,
    },
    /// Read decisions from CSV; what the database has already stays as it is
    Import {
        /// File to read, or - for standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

pub(super) fn run(args: &Args, out: &mut Out) -> Result<Outcome, Error> {
    let reader = Reader::open(&args.to.database())?;
    match &args.what {
        None => list(&reader, args.to.format(), out)?,
        Some(What::Export { file, dialect }) => {
            let bytes = write(&told(&reader)?, dialect.dialect());
            match file {
                None => out.bytes(&bytes)?,
                Some(file) => write_new(file, &bytes)?,
            }
        }
        Some(What::Import { file }) => {
            let sheet = decide::read(&reader, file)?;
            drop(reader);
            return decide::apply(sheet, false, None, &args.to, out);
        }
    }
    Ok(Outcome::Fine)
}

/// Writes a file that is not there yet: what a person filled in is never written over.
pub(super) fn write_new(file: &Path, bytes: &[u8]) -> Result<(), Error> {
    let failed = |source| Error::io("write", file, source);
    let mut new = std::fs::File::create_new(file).map_err(failed)?;
    std::io::Write::write_all(&mut new, bytes).map_err(failed)
}

fn told(reader: &Reader) -> Result<Vec<(Decided, String)>, Error> {
    let with_words = |decided: Decided| Ok((reader.about(&decided.action)?, decided));
    let all = reader.decided()?.into_iter().map(with_words).collect::<Result<Vec<_>, Error>>()?;
    Ok(all.into_iter().map(|(about, decided)| (decided, about)).collect())
}

fn list(reader: &Reader, format: Format, out: &mut Out) -> Result<(), Error> {
    let all = told(reader)?;
    if format == Format::Json {
        let list: Vec<serde_json::Value> = all.iter().map(|(d, about)| json(d, about)).collect();
        let json = serde_json::to_string_pretty(&list).expect("texts and numbers are always JSON");
        return out.line(json);
    }
    if all.is_empty() {
        return out.line("nothing is decided yet; `valzer review` lists what is worth a decision");
    }
    for (decided, about) in &all {
        let [action, ..] = cells(&decided.action);
        let undone = if decided.undone { " (undone)" } else { "" };
        let note = decided.note.as_deref().map_or(String::new(), |note| format!(" · {note}"));
        let line = format!("{:>4}  {action:<9}  {about}{note}{undone}", decided.id);
        out.line(visible(&line).replace('\n', " "))?;
    }
    Ok(())
}

fn json(decided: &Decided, about: &str) -> serde_json::Value {
    let cells = cells(&decided.action);
    let [action, of, name, article, other_name, other_article, claim, slot, value] =
        cells.map(|cell| if cell.is_empty() { json!(null) } else { json!(cell) });
    json!({
        "id": decided.id,
        "undone": decided.undone,
        "action": action,
        "type": of,
        "name": name,
        "article_sha256": article,
        "other_name": other_name,
        "other_article_sha256": other_article,
        "claim_id": claim,
        "slot": slot,
        "value": value,
        "note": decided.note,
        "about": about,
    })
}
