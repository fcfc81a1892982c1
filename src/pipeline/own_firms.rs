//! The user's own firms: read from files, kept in the database, used again by every run that names no file.

use crate::error::Error;
use crate::knowledge::Knowledge;
use crate::store::{OwnFirms, Store};
use std::path::{Path, PathBuf};

/// Reads the user's files; a line that is not as it should be is an error.
pub(super) fn read(files: &[PathBuf]) -> Result<Vec<OwnFirms>, Error> {
    let mut read = Vec::new();
    for file in files {
        let text =
            std::fs::read_to_string(file).map_err(|source| Error::io("read", file, source))?;
        check(file, Knowledge::default(), &text)?;
        // The folder is the user's own business, and another one on another machine.
        let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
        read.push((name, text));
    }
    Ok(read)
}

/// Returns the built-in knowledge with `files` added.
pub(super) fn knowledge(files: &[OwnFirms]) -> Result<Knowledge, Error> {
    files
        .iter()
        .try_fold(Knowledge::default(), |known, (name, text)| check(Path::new(name), known, text))
}

/// Returns what a run goes by, and whose names: the files `given`, which are kept from now on; without any, those
/// kept, unless the user wants to `forget` them.
pub(super) fn settle(
    store: &mut Store,
    given: Vec<OwnFirms>,
    forget: bool,
) -> Result<(Knowledge, Vec<String>), Error> {
    let kept = store.own_firms()?;
    let files = if given.is_empty() && !forget { kept.clone() } else { given };
    let known = knowledge(&files)?;
    if files != kept {
        store.put_own_firms(&files)?;
    }
    Ok((known, files.into_iter().map(|(name, _)| name).collect()))
}

fn check(file: &Path, known: Knowledge, text: &str) -> Result<Knowledge, Error> {
    let (known, problems) = known.with_firms(text);
    match problems.into_iter().next() {
        None => Ok(known),
        Some(problem) => Err(Error::Record {
            path: file.to_owned(),
            line: usize::try_from(problem.line).unwrap_or(usize::MAX),
            reason: problem.message,
        }),
    }
}
