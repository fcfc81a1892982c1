//! The command line: the only room that knows clap, prints and sets exit codes.
//!
//! One file a command, each with an `Args` and a `run(&Args, &mut Out) -> Result<Outcome, Error>`. Results go to
//! standard output through [`Out`]; progress, summaries and errors go to standard error.

mod build;
mod check;
mod completions;
mod decide;
mod decisions;
mod diff;
mod eval;
mod explain;
mod export;
mod extract;
mod ingest;
mod knowledge;
mod load;
mod man;
mod out;
mod query;
mod reading;
mod review;
mod shared;
mod show;
mod undo;

use crate::error::Error;
use clap::{CommandFactory, Parser, Subcommand};
use out::Out;
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

const ABOUT: &str = "Turn news articles into a relational dataset of who moved where";

const EXAMPLES: &str = "\
Examples:
  valzer build articles/                     make output/valzer.sqlite and output/*.csv
  valzer show \"Mira Murati\"                  a person's career, with the sentences behind it
  valzer query \"select * from firm_balance\"  ask the dataset in SQL
  valzer decide same marco-rossi-2 m-rossi   correct it; decisions outlive every build
  valzer check                               verify every row of the database

Exit codes: 0 fine, 1 something in the data or the files is wrong, 2 wrong arguments";

/// The arguments of `valzer`.
#[derive(Debug, Parser)]
#[command(name = "valzer", version, about = ABOUT, after_help = EXAMPLES, max_term_width = 100)]
#[command(subcommand_required = true, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

// In the order of use: the main job, its steps, looking, deciding, trusting, the rest.
#[derive(Debug, Subcommand)]
enum Command {
    Build(build::Args),
    Ingest(ingest::Args),
    Extract(extract::Args),
    Load(load::Args),
    Export(export::Args),
    Show(show::Args),
    Explain(explain::Args),
    Query(query::Args),
    Review(review::Args),
    Decide(decide::Args),
    Decisions(decisions::Args),
    Undo(undo::Args),
    Knowledge(knowledge::Args),
    Diff(diff::Args),
    Check(check::Args),
    Eval(eval::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// How a command that did not fail ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is well: exit code 0.
    Fine,
    /// The work was done, but something in the data needs a look (an article skipped, a finding): exit code 1.
    Findings,
}

/// Runs the command line `args` (the program's name first) and returns its exit code: 0 fine, 1 data, 2 usage.
pub fn run(args: impl Iterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors: clap prints them to standard output; a broken pipe there is quiet.
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let mut out = Out::stdout();
    let result = run_command(&cli.command, &mut out).and_then(|outcome| {
        out.flush()?;
        Ok(outcome)
    });
    match result {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(error) if error.is_broken_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            // What was written so far stands before the message.
            let _ = out.flush();
            print_error(&error);
            ExitCode::from(error.exit_code())
        }
    }
}

fn run_command(command: &Command, out: &mut Out) -> Result<Outcome, Error> {
    match command {
        Command::Build(args) => build::run(args, out),
        Command::Ingest(args) => ingest::run(args, out),
        Command::Extract(args) => extract::run(args, out),
        Command::Load(args) => load::run(args, out),
        Command::Export(args) => export::run(args, out),
        Command::Show(args) => show::run(args, out),
        Command::Explain(args) => explain::run(args, out),
        Command::Query(args) => query::run(args, out),
        Command::Review(args) => review::run(args, out),
        Command::Decide(args) => decide::run(args, out),
        Command::Decisions(args) => decisions::run(args, out),
        Command::Undo(args) => undo::run(args, out),
        Command::Knowledge(args) => knowledge::run(args, out),
        Command::Diff(args) => diff::run(args, out),
        Command::Check(args) => check::run(args, out),
        Command::Eval(args) => eval::run(args, out),
        Command::Completions(args) => completions::run(args, out),
        Command::Man(args) => man::run(args, out),
    }
}

/// Returns the clap tree, for completions, the manual page and tests of the help.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Returns `value` as one line of JSON.
pub(crate) fn json_text(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("values of ours have text keys and no failing serializer")
}

/// Returns what an extractor may use.
pub(crate) fn extract_options(without_knowledge: bool) -> crate::extract::Options {
    let mut options = crate::extract::Options::default();
    if without_knowledge {
        options.knowledge = false;
    }
    options
}

/// Returns `jobs` threads, by default one for each core.
pub(crate) fn threads(jobs: Option<std::num::NonZeroUsize>) -> Result<rayon::ThreadPool, Error> {
    let n_threads = jobs.map_or(0, std::num::NonZeroUsize::get);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build();
    pool.map_err(|error| Error::Usage {
        message: format!("could not start {n_threads} threads: {error}"),
    })
}

/// Prints what, where, why and what next to standard error; terminal escapes in names and texts are made visible.
fn print_error(error: &Error) {
    let (bold, plain) = if stderr_has_colour() { ("\x1b[1;31m", "\x1b[0m") } else { ("", "") };
    let mut message = format!("{bold}error:{plain} {}", out::visible(&error.to_string()));
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        message.push_str(&format!("\n  why:  {}", out::visible(&cause.to_string())));
        source = cause.source();
    }
    if let Some(hint) = error.hint() {
        message.push_str(&format!("\n  next: {}", out::visible(&hint)));
    }
    let _ = writeln!(std::io::stderr().lock(), "{message}");
}

/// Returns whether standard error is a terminal that may be coloured.
pub(crate) fn stderr_has_colour() -> bool {
    std::io::stderr().is_terminal() && !no_colour()
}

/// Returns whether the user wants no colour (no-color.org).
pub(crate) fn no_colour() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty())
}
