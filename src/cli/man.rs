//! `valzer man`: the manual page, with every command.

use super::{Out, Outcome};
use crate::error::Error;

const EXAMPLES: &str = "\
Examples:
  valzer man > ~/.local/share/man/man1/valzer.1
  valzer man | man -l -";

/// Print the manual page in roff
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {}

pub(super) fn run(_args: &Args, out: &mut Out) -> Result<Outcome, Error> {
    let mut tree = super::command();
    tree.build();
    let mut page = render(&tree)?;
    for command in tree.get_subcommands().filter(|c| c.get_name() != "help") {
        page.extend(render(command)?);
    }
    out.bytes(&page)?;
    Ok(Outcome::Fine)
}

fn render(command: &clap::Command) -> Result<Vec<u8>, Error> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone())
        .render(&mut page)
        .map_err(|source| Error::Output { source })?;
    Ok(page)
}
