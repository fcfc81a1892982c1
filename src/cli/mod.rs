//! The command line: the only room that knows clap, prints and sets exit codes.

use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the command line `args` (the program's name first) and returns its exit code: 0 fine, 1 data, 2 usage.
pub fn run(_args: impl Iterator<Item = OsString>) -> ExitCode {
    ExitCode::SUCCESS
}
