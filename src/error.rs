//! What can go wrong at the edges of the program: files, databases, arguments.
//!
//! Extraction and resolution cannot fail. Every variant carries its place, keeps its cause as a source, and knows the
//! next step ([`Error::hint`]) and the exit code ([`Error::exit_code`]).

use std::io;
use std::path::{Path, PathBuf};

/// A cause whose type belongs to another room (SQLite, CSV, a pattern).
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A failure, with where it happened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An input named on the command line does not exist.
    #[error("there is no file or folder '{}'", path.display())]
    InputMissing {
        /// As the user wrote it.
        path: PathBuf,
    },
    /// The inputs exist, but hold no article.
    #[error("found no article in {}", listed(inputs))]
    NoArticles {
        /// As the user wrote them.
        inputs: Vec<PathBuf>,
    },
    /// A file or folder could not be read or written.
    #[error("could not {doing} '{}'", path.display())]
    Io {
        /// The attempt, as an infinitive: "read", "create the folder".
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A line of a data file (claims, knowledge, decisions) is not as it should be.
    #[error("{}:{line}: {reason}", path.display())]
    Record {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What was found and what was expected.
        reason: String,
    },
    /// A file or text as a whole is not as it should be.
    #[error("'{place}': {reason}")]
    Format {
        /// The file, pattern or part of it.
        place: String,
        /// What was found and what was expected.
        reason: String,
    },
    /// SQLite failed.
    #[error("could not {doing} in the database '{}'", path.display())]
    Database {
        /// The attempt, as an infinitive.
        doing: String,
        /// The database file.
        path: PathBuf,
        /// SQLite's own error.
        source: Cause,
    },
    /// A database that should be there is not.
    #[error("there is no database '{}'", path.display())]
    DatabaseMissing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file is no database of valzer.
    #[error("'{}' is not a database written by valzer", path.display())]
    ForeignDatabase {
        /// The file.
        path: PathBuf,
    },
    /// The database was written by a newer valzer.
    #[error("the database '{}' has schema {found}; this valzer knows schemas up to {known}", path.display())]
    NewerSchema {
        /// The database file.
        path: PathBuf,
        /// The schema's number in the file.
        found: i64,
        /// The newest number known here.
        known: i64,
    },
    /// Another program is writing to the database.
    #[error("another program is writing to the database '{}'", path.display())]
    Busy {
        /// The database file.
        path: PathBuf,
    },
    /// No space is left.
    #[error("the disk is full: could not {doing} ('{}')", path.display())]
    DiskFull {
        /// The attempt, as an infinitive.
        doing: String,
        /// The file being written.
        path: PathBuf,
    },
    /// A query of the user is not accepted by SQLite.
    #[error("this query does not run: {sql}")]
    Query {
        /// As the user wrote it.
        sql: String,
        /// SQLite's own error.
        source: Cause,
    },
    /// Nothing in the dataset has that name.
    #[error("no {what} is called '{name}'")]
    NotFound {
        /// "person, firm or article".
        what: &'static str,
        /// As the user wrote it.
        name: String,
        /// Names that come near, best first.
        near: Vec<String>,
    },
    /// Several things in the dataset have that name.
    #[error("'{name}' can be {}", which.join(", "))]
    Ambiguous {
        /// As the user wrote it.
        name: String,
        /// What each can be called to mean it alone.
        which: Vec<String>,
    },
    /// The arguments make no sense together.
    #[error("{message}")]
    Usage {
        /// What is wrong with them.
        message: String,
    },
    /// Writing to standard output failed; a broken pipe says nothing.
    #[error("could not write to standard output")]
    Output {
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Error {
    /// Returns an [`Error::Io`], or [`Error::DiskFull`] where that is the cause.
    pub fn io(doing: &'static str, path: impl AsRef<Path>, source: io::Error) -> Self {
        let path = path.as_ref().to_owned();
        if source.kind() == io::ErrorKind::StorageFull {
            return Error::DiskFull { doing: doing.to_owned(), path };
        }
        Error::Io { doing, path, source }
    }

    /// Returns what the user can do next, where there is something; one line, no full stop.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Error::InputMissing { .. } => "check the spelling; a relative path starts at the current folder".to_owned(),
            Error::NoArticles { .. } => "valzer reads files with text in them; `valzer ingest --help` lists the formats".to_owned(),
            Error::Io { source, path, .. } => match source.kind() {
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    format!("check who may read and write '{}', or name another place", path.display())
                }
                io::ErrorKind::AlreadyExists => "name another file, or remove that one first".to_owned(),
                io::ErrorKind::NotFound => "check the spelling of the path".to_owned(),
                io::ErrorKind::IsADirectory | io::ErrorKind::NotADirectory => "a file and a folder are mixed up: check the path".to_owned(),
                _ => return None,
            },
            Error::Record { .. } => "correct that line and run the command again".to_owned(),
            Error::Format { .. } => return None,
            Error::Database { .. } => "run `valzer check` on it; the articles can always be built into a new database".to_owned(),
            Error::DatabaseMissing { .. } => "make one with `valzer build ARTICLES`, or name one with --db".to_owned(),
            Error::ForeignDatabase { .. } => "name another output; valzer does not touch files that it did not write".to_owned(),
            Error::NewerSchema { .. } => "install the newest valzer, or build into another output folder".to_owned(),
            Error::Busy { .. } => "wait until it has finished, then run the command again; nothing is lost".to_owned(),
            Error::DiskFull { .. } => "free some space and run the command again: it goes on where it stopped".to_owned(),
            Error::Query { .. } => "`valzer query --tables` lists the tables and columns; the database is open for reading only".to_owned(),
            Error::NotFound { near, what: "decision", .. } if near.is_empty() => "nothing is decided yet: `valzer decide --help` tells how".to_owned(),
            Error::NotFound { near, what: "move, position or claim", .. } if near.is_empty() => "`valzer query \"select id from moves_flat where person = 'NAME'\"` lists the moves of a person".to_owned(),
            Error::NotFound { near, .. } if near.is_empty() => "try a part of the name; `valzer query \"select name from people\"` lists people".to_owned(),
            Error::NotFound { near, .. } => format!("did you mean {}?", near.join(", ")),
            Error::Ambiguous { .. } => "write one of these instead".to_owned(),
            Error::Usage { .. } => "see --help".to_owned(),
            Error::Output { .. } => return None,
        };
        Some(hint)
    }

    /// Returns the exit code: 2 for arguments that make no sense, else 1.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Usage { .. } => 2,
            _ => 1,
        }
    }

    /// Returns whether the reader of standard output went away, which is no failure.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Error::Output { source } if source.kind() == io::ErrorKind::BrokenPipe)
    }
}

fn listed(paths: &[PathBuf]) -> String {
    let names: Vec<String> = paths.iter().map(|p| format!("'{}'", p.display())).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::Error;
    use std::io;
    use std::path::PathBuf;

    /// One of every variant: a new one must be added here, where its words can be read beside the others.
    fn all() -> Vec<Error> {
        let path = || PathBuf::from("out/valzer.sqlite");
        let source = || io::Error::from(io::ErrorKind::PermissionDenied);
        vec![
            Error::InputMissing { path: "news".into() },
            Error::NoArticles { inputs: vec!["news".into(), "more".into()] },
            Error::io("read", "news/a.txt", source()),
            Error::io("write", "out/moves.csv", io::Error::from(io::ErrorKind::StorageFull)),
            Error::Record { path: "claims.jsonl".into(), line: 7, reason: "no person".to_owned() },
            Error::Format { place: "*[".to_owned(), reason: "no pattern".to_owned() },
            Error::Database { doing: "read".to_owned(), path: path(), source: "corrupt".into() },
            Error::DatabaseMissing { path: path() },
            Error::ForeignDatabase { path: path() },
            Error::NewerSchema { path: path(), found: 9, known: 2 },
            Error::Busy { path: path() },
            Error::DiskFull { doing: "store the claims".to_owned(), path: path() },
            Error::Query { sql: "selec 1".to_owned(), source: "syntax error".into() },
            Error::NotFound {
                what: "person",
                name: "Ana".to_owned(),
                near: vec!["Anna".to_owned()],
            },
            Error::Ambiguous {
                name: "Rossi".to_owned(),
                which: vec!["marco-rossi".to_owned(), "anna-rossi".to_owned()],
            },
            Error::Usage { message: "nothing to do".to_owned() },
            Error::Output { source: source() },
        ]
    }

    const TEXTS: &str = "\
there is no file or folder 'news'
found no article in 'news', 'more'
could not read 'news/a.txt'
the disk is full: could not write ('out/moves.csv')
claims.jsonl:7: no person
'*[': no pattern
could not read in the database 'out/valzer.sqlite'
there is no database 'out/valzer.sqlite'
'out/valzer.sqlite' is not a database written by valzer
the database 'out/valzer.sqlite' has schema 9; this valzer knows schemas up to 2
another program is writing to the database 'out/valzer.sqlite'
the disk is full: could not store the claims ('out/valzer.sqlite')
this query does not run: selec 1
no person is called 'Ana'
'Rossi' can be marco-rossi, anna-rossi
nothing to do
could not write to standard output";

    #[test]
    fn every_error_says_what_and_where() {
        let texts: Vec<String> = all().iter().map(Error::to_string).collect();
        assert_eq!(texts.join("\n"), TEXTS);
    }

    #[test]
    fn errors_keep_their_cause_and_know_the_next_step() {
        for error in all() {
            let hint = error.hint().unwrap_or_default();
            assert!(!hint.contains('\n') && !hint.ends_with('.'), "{hint}");
            let has_cause = std::error::Error::source(&error).is_some();
            let keeps = matches!(
                error,
                Error::Io { .. }
                    | Error::Database { .. }
                    | Error::Query { .. }
                    | Error::Output { .. }
            );
            assert_eq!(has_cause, keeps, "{error}");
            assert_eq!(error.exit_code(), if matches!(error, Error::Usage { .. }) { 2 } else { 1 });
        }
    }
}
