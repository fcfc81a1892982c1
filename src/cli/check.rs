//! `valzer check`: does the database keep what it promises?

use super::out::visible;
use super::shared::{DatabaseArgs, Format};
use super::{Out, Outcome};
use crate::error::Error;
use crate::extract;
use crate::store::{Checked, Reader};
use serde_json::json;

const EXAMPLES: &str = "\
Examples:
  valzer check                     verify output/valzer.sqlite
  valzer check --db march          the database in another folder
  valzer check --format json       findings for a program

The exit code is 1 when something is found";

/// Verify the database: whole file, keys, quotes, orphans, duplicates, impossible dates
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
    /// How the findings are written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(args: &Args, out: &mut Out) -> Result<Outcome, Error> {
    let reader = Reader::open(&args.database.path())?;
    let checked = reader.check(extract::VERSION)?;
    match args.format {
        Format::Text => print(&checked, out)?,
        Format::Json => out.line(json!({
            "rules": checked.rules,
            "findings": checked.findings.iter().map(|f| json!({
                "rule": f.rule, "n": f.n, "places": f.places,
            })).collect::<Vec<_>>(),
            "notes": checked.notes,
        }))?,
    }
    Ok(if checked.findings.is_empty() { Outcome::Fine } else { Outcome::Findings })
}

fn print(checked: &Checked, out: &mut Out) -> Result<(), Error> {
    for rule in &checked.rules {
        let Some(finding) = checked.findings.iter().find(|f| f.rule == *rule) else {
            out.line(format_args!("ok     {rule}"))?;
            continue;
        };
        out.line(format_args!("WRONG  {rule}: {} rows", finding.n))?;
        for place in &finding.places {
            out.line(format_args!("         {}", visible(place).replace('\n', " ")))?;
        }
        if finding.n > finding.places.len() as u64 {
            out.line(format_args!(
                "         and {} more",
                finding.n - finding.places.len() as u64
            ))?;
        }
    }
    for note in &checked.notes {
        out.line(format_args!("note   {note}"))?;
    }
    Ok(())
}
