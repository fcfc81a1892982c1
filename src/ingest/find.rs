use super::{SkipKind, Skipped};
use crate::error::Error;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use walkdir::WalkDir;

/// Something to read, or the reason why a place could not be looked into.
#[derive(Debug)]
pub(super) enum Found {
    /// Standard input.
    Standard,
    /// A file; `named` where the user gave it, not a folder above it.
    File { source: String, path: PathBuf, named: bool },
    /// A folder that could not be read, a link that leads in a circle.
    Problem(Skipped),
}

/// Returns what stands under `inputs`, sorted by source, each file once however often it was named.
pub(super) fn find(inputs: &[PathBuf]) -> Result<Vec<Found>, Error> {
    // Ordered by source and then by path, so that the order of the inputs does not matter.
    let mut found: BTreeMap<(PathBuf, PathBuf), Found> = BTreeMap::new();
    for input in inputs {
        if input.as_os_str() == "-" {
            found.insert((input.clone(), PathBuf::new()), Found::Standard);
        } else if std::fs::symlink_metadata(input).is_ok() {
            add(input, None, &mut found);
        } else if let Some(pattern) = input.to_str().filter(|p| p.contains(['*', '?', '['])) {
            let base = literal_base(input);
            let options =
                glob::MatchOptions { require_literal_leading_dot: true, ..Default::default() };
            let paths = glob::glob_with(pattern, options).map_err(|error| Error::Format {
                place: pattern.to_owned(),
                reason: format!("not a pattern: {}", error.msg),
            })?;
            let mut any = false;
            for path in paths {
                any = true;
                match path {
                    Ok(path) => add(&path, Some(&base), &mut found),
                    Err(error) => {
                        let path = error.path().to_owned();
                        problem(&path, &path, &error.error().to_string(), &mut found);
                    }
                }
            }
            if !any {
                return Err(Error::InputMissing { path: input.clone() });
            }
        } else {
            return Err(Error::InputMissing { path: input.clone() });
        }
    }
    Ok(found.into_values().collect())
}

/// Adds a file or everything under a folder; sources are relative to `base`, or to the folder, or the file's name.
fn add(path: &Path, base: Option<&Path>, found: &mut BTreeMap<(PathBuf, PathBuf), Found>) {
    let is_folder = path.is_dir();
    let own_base = if is_folder { path } else { path.parent().unwrap_or(Path::new("")) };
    let base = base.unwrap_or(own_base);
    let relative = |path: &Path| -> PathBuf { path.strip_prefix(base).unwrap_or(path).to_owned() };
    let mut add_file = |path: PathBuf, named: bool| {
        let source = relative(&path);
        let key = (source.clone(), path.clone());
        let source = slashed(&source);
        // Naming a file beside its folder makes it a named one.
        if named || !found.contains_key(&key) {
            found.insert(key, Found::File { source, path, named });
        }
    };
    if !is_folder {
        return add_file(path.to_owned(), true);
    }
    let is_hidden = |name: &std::ffi::OsStr| name.as_encoded_bytes().starts_with(b".");
    let mut problems = Vec::new();
    let walk = WalkDir::new(path).follow_links(true).sort_by_file_name();
    for entry in walk.into_iter().filter_entry(|e| e.depth() == 0 || !is_hidden(e.file_name())) {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => add_file(entry.into_path(), false),
            Err(error) => problems.push(error),
        }
    }
    for error in problems {
        let place = error.path().unwrap_or(path).to_owned();
        let reason = match error.loop_ancestor() {
            Some(ancestor) => format!("a link that leads back to '{}'", ancestor.display()),
            None => error.io_error().map_or_else(|| error.to_string(), ToString::to_string),
        };
        problem(&relative(&place), &place, &reason, found);
    }
}

fn problem(
    source: &Path,
    path: &Path,
    reason: &str,
    found: &mut BTreeMap<(PathBuf, PathBuf), Found>,
) {
    let skipped = Skipped {
        source: slashed(source),
        kind: SkipKind::Unreadable,
        reason: format!("could not be read: {reason}"),
        hint: "check the link and who may read it".to_owned(),
    };
    found.insert((source.to_owned(), path.to_owned()), Found::Problem(skipped));
}

/// The folder that a pattern starts from: the components before the first with a wildcard.
fn literal_base(pattern: &Path) -> PathBuf {
    let is_literal = |c: &Component<'_>| !c.as_os_str().to_string_lossy().contains(['*', '?', '[']);
    pattern.components().take_while(is_literal).collect()
}

/// A path with `/` on every system, so that the dataset is the same on all; "." for the input itself.
fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|c| c.as_os_str().to_string_lossy()).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}
