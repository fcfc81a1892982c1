//! `valzer completions`: scripts that complete commands and options in a shell.

use super::{Out, Outcome};
use crate::error::Error;

const EXAMPLES: &str = "\
Examples:
  valzer completions bash > ~/.local/share/bash-completion/completions/valzer
  valzer completions fish > ~/.config/fish/completions/valzer.fish";

/// Print a script that completes valzer's commands and options in a shell
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Shell to write for
    shell: clap_complete::Shell,
}

pub(super) fn run(args: &Args, out: &mut Out) -> Result<Outcome, Error> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::command(), "valzer", &mut script);
    out.bytes(&script)?;
    Ok(Outcome::Fine)
}
