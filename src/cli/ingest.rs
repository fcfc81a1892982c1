//! `valzer ingest`: articles as they are understood, before anything is extracted.

use super::out::visible;
use super::reading::Inputs;
use super::{Out, Outcome};
use crate::error::Error;
use crate::model::Article;

const EXAMPLES: &str = "\
Examples:
  valzer ingest news/ --format table        what is read, with its date and language
  valzer ingest news/ > articles.jsonl      one article a line, to be read elsewhere
  valzer ingest news/ | valzer extract -    the two steps apart

What is read:
  .txt, .text, no extension   plain text
  .md, .markdown              Markdown; as plain text where it is more marks than words
  .jsonl, .ndjson             one JSON object a line, with text, and where known id, title, date,
                              outlet, author, url, language
  -                           standard input: one text, or JSON lines

The date of an article comes from its front matter (lines 'title:', 'date:', 'outlet:', 'author:',
'url:', 'language:' between two lines '---'), from a first line that begins with ' date 2024-09 ',
or from the file's name. The same text twice is one article.
Exit code 1 where an article was left out.";

/// Read articles and write them as JSON lines, cleaned and dated
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    inputs: Inputs,

    /// How to write them
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    format: Format,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// One JSON object a line
    Jsonl,
    /// A line for each article: id, language, date, length, title
    Table,
}

pub(super) fn run(args: &Args, out: &mut Out) -> Result<Outcome, Error> {
    let tally = args.inputs.read(&mut |article| match args.format {
        Format::Jsonl => out.line(super::json_text(&article)),
        Format::Table => out.line(visible(&row(&article))),
    })?;
    out.flush()?;
    tally.report();
    Ok(if tally.has_problems() { Outcome::Findings } else { Outcome::Fine })
}

fn row(article: &Article) -> String {
    let date = article.published_on.map_or_else(|| "-".to_owned(), |d| d.to_string());
    let title = article.title.clone().unwrap_or_else(|| {
        let start = article.text.split_whitespace().take(12).collect::<Vec<_>>().join(" ");
        format!("{start} …")
    });
    format!(
        "{:<24} {}  {:<10} {:>7}  {title}",
        article.source,
        article.language,
        date,
        article.text.chars().count()
    )
}
