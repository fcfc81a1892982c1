//! `valzer knowledge`: the user's own files of firms.

use super::out::visible;
use super::shared::Format;
use super::{Out, Outcome};
use crate::error::Error;
use crate::knowledge::{Knowledge, Problem, lint_firms};
use clap::Subcommand;
use serde_json::json;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  valzer knowledge lint firms.csv                 what is wrong with a file, and what to do
  valzer knowledge lint firms.csv --format json
  valzer build news/ --knowledge firms.csv        use it

The columns are name, kind, country, parent, legal_form, aliases (separated by |) and former_names, such as
\"Facebook, Inc. (2004-2021)\"; only the name is needed. The exit code is 1 when something is found";

/// Check your own files of firms
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Name every line that is wrong: unreadable, twice, names that two firms share, parents without a line
    Lint {
        /// Files of firms, as for `--knowledge`
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        /// How the findings are written
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
}

pub(super) fn run(args: &Args, out: &mut Out) -> Result<Outcome, Error> {
    let What::Lint { files, format } = &args.what;
    let knowledge = Knowledge::default();
    let mut found: Vec<(String, Problem)> = Vec::new();
    for file in files {
        let bytes = std::fs::read(file).map_err(|source| Error::io("read", file, source))?;
        let name = file.display().to_string();
        let text = String::from_utf8(bytes).map_err(|error| Error::Format {
            place: name.clone(),
            reason: format!(
                "byte {} is not UTF-8; save the file as \"CSV UTF-8\"",
                error.utf8_error().valid_up_to()
            ),
        })?;
        found.extend(lint_firms(&text, &knowledge).into_iter().map(|p| (name.clone(), p)));
    }
    match format {
        Format::Json => out.line(json(&found))?,
        Format::Text if found.is_empty() => out.line("nothing is wrong")?,
        Format::Text => {
            for (file, Problem { line, column, message }) in &found {
                let column = if column.is_empty() { "" } else { &format!("{column}: ") };
                out.line(visible(&format!("{file}:{line}: {column}{message}")).replace('\n', " "))?;
            }
        }
    }
    Ok(if found.is_empty() { Outcome::Fine } else { Outcome::Findings })
}

fn json(found: &[(String, Problem)]) -> serde_json::Value {
    let problem = |(file, problem): &(String, Problem)| {
        json!({
            "file": file,
            "line": problem.line,
            "column": problem.column,
            "message": problem.message,
        })
    };
    found.iter().map(problem).collect()
}
