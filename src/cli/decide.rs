//! `valzer decide`: the user's word on who is who and what is right, kept for ever and applied at once.

use super::out::visible;
use super::shared::{Bar, Format, OUTPUT, database};
use super::{Out, Outcome};
use crate::error::Error;
use crate::export::decisions::{self, Line, Sheet};
use crate::ingest;
use crate::model::MentionType;
use crate::pipeline::{self, Decisions};
use crate::resolve::{Action, NameAt, check_edit};
use crate::store::{ClaimAt, Reader};
use clap::Subcommand;
use serde_json::json;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  valzer decide same marco-rossi-2 marco-rossi                 two people are one
  valzer decide different \"Rossi@news-3.txt\" marco-rossi        the Rossi of that article is another one
  valzer decide reject ada-moreschi-brightloom-to-ferriera     a move is wrong: it goes, with its claims
  valzer decide edit MOVE status failed                        a slot has another value; none empties it
  valzer decide review.csv                                     a worksheet of `valzer review`, filled in

A decision points at the words of articles: it holds in every later build, until `valzer undo`. Ill-formed lines of a
worksheet are named and left out; the exit code is then 1";

/// Decide who is who and what is right; the dataset follows at once
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true, subcommand_negates_reqs = true)]
pub(super) struct Args {
    #[command(subcommand)]
    verdict: Option<Verdict>,
    /// Worksheet of `valzer review` or `valzer decisions export`, or - for standard input
    #[arg(value_name = "FILE", required = true)]
    file: Option<PathBuf>,
    #[command(flatten)]
    to: Target,
    /// Why, in your own words; kept with the decision
    #[arg(long, value_name = "TEXT", global = true)]
    note: Option<String>,
}

/// Where decisions go and how the result is told.
#[derive(Debug, clap::Args)]
pub(super) struct Target {
    /// Database to change, or the folder it is in
    #[arg(long, value_name = "PATH", default_value = OUTPUT, global = true)]
    db: PathBuf,
    /// Your own firms [default: those that the last build kept]
    #[arg(long, value_name = "FILE", global = true)]
    knowledge: Vec<PathBuf>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text, global = true)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum Verdict {
    /// Two names are one person, or one organisation
    Same(Pair),
    /// Two names are two people, or two organisations
    Different(Pair),
    /// A move or position is right: its claims count as certain
    Accept(Row),
    /// A move or position is wrong: its claims count for nothing
    Reject(Row),
    /// A slot of a move or position has another value
    Edit {
        #[command(flatten)]
        row: Row,
        /// Slot of the claims: person, kind, status, from_firm, to_role, date, firm, role, tense, …
        #[arg(value_name = "SLOT")]
        slot: String,
        /// The right value; the slot is emptied without one
        #[arg(value_name = "VALUE")]
        value: Option<String>,
    },
}

#[derive(Debug, clap::Args)]
struct Pair {
    /// Name or id of a person or firm, or NAME@ARTICLE
    #[arg(value_name = "NAME")]
    one: String,
    /// The other one
    #[arg(value_name = "NAME")]
    other: String,
}

#[derive(Debug, clap::Args)]
struct Row {
    /// Id of a move or position, or the key of a claim
    #[arg(value_name = "ROW")]
    row: String,
}

pub(super) fn run(args: &Args, out: &mut Out) -> Result<Outcome, Error> {
    let database = args.to.database();
    let reader = Reader::open(&database)?;
    let (sheet, again) = match (&args.verdict, &args.file) {
        (Some(_), Some(file)) => {
            let message = format!("name a file ('{}') or a verdict, not both", file.display());
            return Err(Error::Usage { message });
        }
        (Some(verdict), None) => {
            let line = |action| Line { line: 0, id: None, action, note: None, undone: false };
            let lines = actions(&reader, verdict)?.into_iter().map(line).collect();
            (Sheet { lines, ..Sheet::default() }, true)
        }
        (None, file) => (read(&reader, file.as_deref().unwrap_or(Path::new("-")))?, false),
    };
    drop(reader);
    apply(sheet, again, args.note.as_deref(), &args.to, out)
}

impl Target {
    pub(super) fn database(&self) -> PathBuf {
        database(&self.db)
    }

    pub(super) fn format(&self) -> Format {
        self.format
    }

    /// Marks decisions as undone, or brings them back.
    pub(super) fn undo(&self, ids: &[i64], undone: bool, out: &mut Out) -> Result<(), Error> {
        let mut bar = Bar::new();
        let done = pipeline::undo(&self.database(), &self.knowledge, ids, undone, &mut bar);
        bar.finish();
        let done = done?;
        if self.format == Format::Json {
            return out.line(json(&done, &Sheet::default()));
        }
        let word = if undone { "Undone" } else { "Back" };
        for id in ids {
            let before = if done.marked.contains(id) { "" } else { " (as before)" };
            out.line(format_args!("{word:<9} decision {id}{before}"))?;
        }
        print_changes(&done, out)
    }
}

/// Reads a file of decisions and names its ill-formed lines on standard error.
pub(super) fn read(reader: &Reader, file: &Path) -> Result<Sheet, Error> {
    let failed = |source| Error::io("read", file, source);
    let mut bytes = Vec::new();
    if file.as_os_str() == "-" {
        std::io::stdin().lock().read_to_end(&mut bytes).map_err(failed)?;
    } else {
        bytes = std::fs::read(file).map_err(failed)?;
    }
    let text = ingest::decode(&bytes).map_err(|what| Error::Format {
        place: file.display().to_string(),
        reason: format!("this is {what}; save the worksheet as CSV"),
    })?;
    let is_move = |claim: &str| {
        let claims = reader.claims_behind(claim).ok()?;
        claims.first().map(|claim| claim.is_move)
    };
    let sheet = decisions::read(&text, &is_move);
    let mut screen = std::io::stderr().lock();
    let name = visible(&file.display().to_string());
    for problem in &sheet.problems {
        let _ =
            writeln!(screen, "left out: {name}:{}: {}", problem.line, visible(&problem.message));
    }
    Ok(sheet)
}

/// Puts decisions into the database and tells what came of it; ill-formed lines are a finding.
pub(super) fn apply(
    mut sheet: Sheet,
    again: bool,
    note: Option<&str>,
    to: &Target,
    out: &mut Out,
) -> Result<Outcome, Error> {
    for line in &mut sheet.lines {
        line.note = line.note.take().or_else(|| note.map(str::to_owned));
    }
    let mut bar = Bar::new();
    let lines = std::mem::take(&mut sheet.lines);
    let done = pipeline::decide(&to.database(), &to.knowledge, lines, again, &mut bar);
    bar.finish();
    let done = done?;
    let outcome = if sheet.problems.is_empty() { Outcome::Fine } else { Outcome::Findings };
    if to.format == Format::Json {
        out.line(json(&done, &sheet))?;
        return Ok(outcome);
    }
    let parts = [
        (done.n_known, "known before"),
        (sheet.n_open, "left open"),
        (done.undone_before.len() as u64, "undone before"),
        (sheet.problems.len() as u64, "ill-formed"),
    ];
    let told: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    let told = if told.is_empty() { String::new() } else { format!(" ({})", told.join(", ")) };
    out.line(format_args!("Decided   {}{told}", done.added.len()))?;
    if done.added.len() > 1 {
        let ids: Vec<String> = done.added.iter().map(|d| d.id.to_string()).collect();
        out.line(format_args!("Numbers   {}", ids.join(", ")))?;
    } else if let Some(decided) = done.added.first() {
        out.line(format_args!("Number    {0}: `valzer undo {0}` takes it back", decided.id))?;
    }
    for (line, id) in &done.undone_before {
        out.line(format_args!(
            "Undone    line {line} says what decision {id} said; `valzer undo --back {id}` brings it back"
        ))?;
    }
    print_changes(&done, out)?;
    Ok(outcome)
}

fn print_changes(done: &Decisions, out: &mut Out) -> Result<(), Error> {
    let counts: Vec<String> = done
        .counts
        .iter()
        .map(|(table, before, now)| match before == now {
            true => format!("{now} {table}"),
            false => format!("{now} {table} (before {before})"),
        })
        .collect();
    out.line(format_args!("Dataset   {}", counts.join(", ")))?;
    for note in &done.notes {
        out.line(format_args!("Note      {}", visible(note)))?;
    }
    out.line("Next      `valzer export` writes the CSV files anew")
}

fn json(done: &Decisions, sheet: &Sheet) -> serde_json::Value {
    json!({
        "added": done.added.iter().map(|d| d.id).collect::<Vec<_>>(),
        "marked": done.marked,
        "known": done.n_known,
        "open": sheet.n_open,
        "undone_before": done.undone_before.iter().map(|(line, id)| json!({
            "line": line, "id": id,
        })).collect::<Vec<_>>(),
        "problems": sheet.problems.iter().map(|p| json!({
            "line": p.line, "message": p.message,
        })).collect::<Vec<_>>(),
        "dataset": done.counts.iter().map(|(table, before, now)| (
            (*table).to_owned(),
            json!({ "before": before, "now": now }),
        )).collect::<serde_json::Map<_, _>>(),
        "notes": done.notes,
    })
}

fn actions(reader: &Reader, verdict: &Verdict) -> Result<Vec<Action>, Error> {
    let claims = |row: &Row| reader.claims_behind(&row.row);
    Ok(match verdict {
        Verdict::Same(pair) => vec![pair_action(reader, pair, Action::Same)?],
        Verdict::Different(pair) => vec![pair_action(reader, pair, Action::Different)?],
        Verdict::Accept(row) => claims(row)?.into_iter().map(|c| Action::Accept(c.id)).collect(),
        Verdict::Reject(row) => claims(row)?.into_iter().map(|c| Action::Reject(c.id)).collect(),
        Verdict::Edit { row, slot, value } => {
            let value = value.as_deref().filter(|v| !v.is_empty());
            let edit = |claim: ClaimAt| {
                check_edit(claim.is_move, slot, value)
                    .map_err(|message| Error::Usage { message })?;
                let value = value.map(str::to_owned);
                Ok(Action::Edit { claim: claim.id, slot: slot.clone(), value })
            };
            claims(row)?.into_iter().map(edit).collect::<Result<_, Error>>()?
        }
    })
}

fn pair_action(
    reader: &Reader,
    pair: &Pair,
    verdict: fn(MentionType, NameAt, NameAt) -> Action,
) -> Result<Action, Error> {
    let (of, one) = reader.name_at(&pair.one)?;
    let (other_of, other) = reader.name_at(&pair.other)?;
    let refuse = |message: String| Err(Error::Usage { message });
    if of != other_of {
        return refuse(format!(
            "'{}' is a {}, '{}' is a {}",
            pair.one,
            of.as_str(),
            pair.other,
            other_of.as_str()
        ));
    }
    if one == other {
        return refuse(format!(
            "'{}' and '{}' are one row; write NAME@ARTICLE for the name in one article",
            pair.one, pair.other
        ));
    }
    Ok(verdict(of, one, other))
}
