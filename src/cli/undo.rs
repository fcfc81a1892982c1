//! `valzer undo`: takes decisions back, by a mark.

use super::decide::Target;
use super::{Out, Outcome};
use crate::error::Error;

const EXAMPLES: &str = "\
Examples:
  valzer undo 3             decision 3 holds no more
  valzer undo 3 4 7         several
  valzer undo --back 3      it holds again

Nothing is deleted: `valzer decisions` lists what was undone too, with its number";

/// Take decisions back, or bring them back; the dataset follows at once
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Numbers of decisions, as `valzer decisions` lists them
    #[arg(value_name = "ID", required = true)]
    ids: Vec<i64>,
    /// Undo the undoing
    #[arg(long)]
    back: bool,
    #[command(flatten)]
    to: Target,
}

pub(super) fn run(args: &Args, out: &mut Out) -> Result<Outcome, Error> {
    args.to.undo(&args.ids, !args.back, out)?;
    Ok(Outcome::Fine)
}
