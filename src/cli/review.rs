//! `valzer review`: what is most worth a look, as a worksheet that a person fills in.

use super::decisions::write_new;
use super::out::visible;
use super::shared::{DatabaseArgs, DialectArg};
use super::{Out, Outcome};
use crate::error::Error;
use crate::export::csv::encode;
use crate::export::decisions::{COLUMNS, cells, guarded};
use crate::model::MentionType;
use crate::pipeline;
use crate::resolve::{Action, Doubt, SAME_PERSON};
use crate::store::{DoubtfulRow, Reader};
use clap::ValueEnum;
use serde_json::json;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  valzer review                                 what is most worth a look, with the words behind it
  valzer review -o review.csv -n 100            a worksheet: fill in the first column
  valzer review -o review.csv --dialect excel-it
  valzer decide review.csv                      read it back

Pairs of names are of people or of organisations. Write same or different beside a pair, accept, reject or edit (with slot and value) beside a move; leave the
action empty, or write unsure, where you cannot tell. What was decided is not asked again";

/// List the pairs and moves most worth a look, as a worksheet for `valzer decide`
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Write a worksheet into this file, which must not be there yet
    #[arg(short, long, value_name = "FILE", conflicts_with = "format")]
    output: Option<PathBuf>,
    /// Lines at most, pairs and moves in turn
    #[arg(short, long, value_name = "N", default_value_t = 50)]
    number: usize,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// How spreadsheets like their CSV
    #[arg(long, value_enum, default_value_t = DialectArg::Plain)]
    dialect: DialectArg,
    /// Your own firms [default: those that the last build kept]
    #[arg(long, value_name = "FILE")]
    knowledge: Vec<PathBuf>,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// A list of objects
    Json,
    /// The worksheet
    Csv,
}

pub(super) fn run(args: &Args, out: &mut Out) -> Result<Outcome, Error> {
    let reader = Reader::open(&args.database.path())?;
    let items = items(&reader, &pipeline::doubts(&reader, &args.knowledge)?, args.number)?;
    match (&args.output, args.format) {
        (Some(file), _) => {
            write_new(file, &worksheet(&items, args.dialect))?;
            let name = visible(&file.display().to_string());
            out.line(format_args!("Wrote     {name}: {} lines to decide", items.len()))?;
            out.line(format_args!(
                "Next      fill in the first column, then `valzer decide {name}`"
            ))?;
        }
        (None, Format::Table) => table(&items, out)?,
        (None, Format::Csv) => out.bytes(&worksheet(&items, args.dialect))?,
        (None, Format::Json) => {
            let list: Vec<serde_json::Value> = items.iter().map(json).collect();
            let json = serde_json::to_string_pretty(&list).expect("texts and numbers are JSON");
            out.line(json)?;
        }
    }
    Ok(Outcome::Fine)
}

/// A line of the worksheet.
struct Item {
    /// Cells of the first nine columns, without the action.
    cells: [String; 9],
    /// What the dataset says now.
    now: &'static str,
    about: String,
    why: String,
    quotes: [String; 2],
    /// Id of the move.
    row: String,
}

/// Returns pairs and rows in turn, the least clear of each first.
fn items(reader: &Reader, doubts: &[Doubt], number: usize) -> Result<Vec<Item>, Error> {
    let rows = reader.doubtful_rows(number)?;
    let mut items = Vec::new();
    let (mut pairs, mut moves) = (doubts.iter(), rows.iter());
    while items.len() < number {
        let (pair, row) = (pairs.next(), moves.next());
        if pair.is_none() && row.is_none() {
            break;
        }
        if let Some(doubt) = pair {
            items.push(pair_item(reader, doubt)?);
        }
        items.extend(row.map(row_item));
    }
    items.truncate(number);
    Ok(items)
}

fn pair_item(reader: &Reader, doubt: &Doubt) -> Result<Item, Error> {
    let action = Action::Same(doubt.mention_type, doubt.one.clone(), doubt.other.clone());
    let (now, why) = match doubt.mention_type {
        MentionType::Person => {
            let reasons = doubt.reasons.iter().map(|(what, weight)| format!("{what} {weight:+.1}"));
            let reasons = reasons.collect::<Vec<_>>().join(", ");
            let why = format!("{:.1}, one person from {SAME_PERSON:.1} on: {reasons}", doubt.score);
            (["one person", "two people"], why)
        }
        MentionType::Firm => (["one organisation", "two organisations"], doubt.facts.join(", ")),
    };
    Ok(Item {
        cells: undecided(&action),
        now: now[usize::from(!doubt.together)],
        about: reader.about(&action)?,
        why,
        quotes: [reader.sentence_of(&doubt.one)?, reader.sentence_of(&doubt.other)?],
        row: String::new(),
    })
}

fn row_item(row: &DoubtfulRow) -> Item {
    let against = row.against.as_ref();
    let against = against.map_or(String::new(), |s| format!(", articles differ on {s}"));
    Item {
        cells: undecided(&Action::Accept(row.claims.as_str().into())),
        now: "move",
        about: row.about.clone(),
        why: format!(
            "confidence {} %{}",
            row.confidence_percent,
            against.replace(',', ", ").replace("  ", " ")
        ),
        quotes: [row.quote.clone(), String::new()],
        row: row.id.clone(),
    }
}

/// Returns the cells that say what is to be decided, without a verdict.
fn undecided(action: &Action) -> [String; 9] {
    let mut cells = cells(action);
    cells[0].clear();
    cells
}

fn worksheet(items: &[Item], dialect: DialectArg) -> Vec<u8> {
    let told = ["now", "about", "why", "quote", "other_quote", "row"];
    // The action and what helps to decide come first; keys, which only the program needs, last.
    let columns: Vec<String> = [&COLUMNS[..1], &told[..], &COLUMNS[7..10], &COLUMNS[1..7]]
        .concat()
        .iter()
        .map(|c| (*c).to_owned())
        .collect();
    let rows: Vec<Vec<String>> = items
        .iter()
        .map(|item| {
            let empty = String::new();
            let told =
                [item.now, &item.about, &item.why, &item.quotes[0], &item.quotes[1], &item.row];
            let mut row = vec![guarded(&item.cells[0])];
            row.extend(told.iter().map(|cell| guarded(cell)));
            row.extend([&item.cells[7], &item.cells[8], &empty].map(|cell| guarded(cell)));
            row.extend(item.cells[1..7].iter().map(|cell| guarded(cell)));
            row
        })
        .collect();
    encode(dialect.dialect(), &columns, &rows)
}

fn table(items: &[Item], out: &mut Out) -> Result<(), Error> {
    if items.is_empty() {
        return out.line("nothing is in doubt");
    }
    for item in items {
        let row = if item.row.is_empty() { String::new() } else { format!(" [{}]", item.row) };
        let mut lines =
            vec![format!("{}: {}{row}", item.now, item.about), format!("    {}", item.why)];
        let quotes = item.quotes.iter().filter(|quote| !quote.is_empty());
        lines.extend(quotes.map(|quote| format!("    “{quote}”")));
        for line in lines {
            out.line(visible(&line).replace('\n', " "))?;
        }
    }
    Ok(())
}

fn json(item: &Item) -> serde_json::Value {
    let some = |text: &str| if text.is_empty() { json!(null) } else { json!(text) };
    let [_, of, name, article, other_name, other_article, claims, ..] = &item.cells;
    json!({
        "now": item.now,
        "about": item.about,
        "why": item.why,
        "quotes": item.quotes.iter().filter(|q| !q.is_empty()).collect::<Vec<_>>(),
        "row": some(&item.row),
        "type": some(of),
        "name": some(name),
        "article_sha256": some(article),
        "other_name": some(other_name),
        "other_article_sha256": some(other_article),
        "claim_ids": claims.split('|').filter(|c| !c.is_empty()).collect::<Vec<_>>(),
    })
}
