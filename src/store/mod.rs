//! SQLite: the only room that knows rusqlite.
//!
//! [`Store`] is the one writer: it holds a lock on the database for as long as it lives, keeps what was found in
//! articles ([`Store::put_articles`], [`Store::put_claims`]) and rebuilds the dataset layer in one transaction
//! ([`Store::put_dataset`]). [`Reader`] only reads. Whatever the instant at which a writer is killed, the file opens,
//! holds the last dataset that was complete, and knows which articles are still to be extracted.

mod check;
mod codebook;
mod decided;
mod diff;
mod facts;
mod found;
mod layer;
mod lock;
mod marks;
mod own_firms;
mod plain;
mod read;
mod redirects;
mod schema;
mod show;

pub use check::{Checked, Finding};
pub use codebook::{Description, described_tables, readme, undescribed};
pub use decided::{ClaimAt, Decided, DoubtfulRow, holding};
pub use diff::{Change, Difference};
pub use found::{LOADED, Put};
pub use own_firms::OwnFirms;
pub use read::{QueryRows, Reader};
pub use show::{ArticleCard, Card, Event, FirmCard, PersonCard, Quote};

use crate::error::{Cause, Error};
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a statement waits for another program's lock: long enough for a reader to finish, short enough that a
/// person does not think that the program hangs.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// The database, open for writing; no second one can be open at the same time.
pub struct Store {
    connection: Connection,
    path: PathBuf,
    // Dropped after the connection: the lock outlives the last write.
    _lock: lock::Lock,
}

impl Store {
    /// Opens the database at `path` for writing, making or upgrading it where needed.
    ///
    /// Fails with [`Error::Busy`] while another valzer writes to it, [`Error::NewerSchema`] and
    /// [`Error::ForeignDatabase`] before anything in it is touched.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let lock = lock::Lock::acquire(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let place = Place { path };
        let mut connection =
            Connection::open_with_flags(path, flags).map_err(place.error("open"))?;
        connection.busy_timeout(BUSY_TIMEOUT).map_err(place.error("open"))?;
        schema::guard(&connection, path)?;
        // Pragmas of the connection: they cannot stand in a migration. WAL keeps readers going during a build and
        // makes a commit one append; NORMAL cannot corrupt in WAL mode, at worst the last chunk is done again.
        connection
            .execute_batch(
                "pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on;
                 pragma temp_store = memory; pragma cache_size = -65536;",
            )
            .map_err(place.error("prepare the writing"))?;
        schema::migrate(&mut connection, path)?;
        Ok(Store { connection, path: path.to_owned(), _lock: lock })
    }

    /// Returns where the database is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Folds the write-ahead log into the database, so that a single file remains that opens on read-only media too.
    pub fn finish(self) -> Result<(), Error> {
        let place = Place { path: &self.path };
        let folded = self
            .connection
            .query_row("pragma wal_checkpoint(truncate)", [], |row| row.get::<_, i64>(0))
            .map_err(place.error("fold the log"))?;
        // Somebody still reads: SQLite folds the log when the last one closes.
        if folded == 0 {
            let _ = self.connection.execute_batch("pragma optimize; pragma journal_mode = delete;");
        }
        self.connection.close().map_err(|(_, error)| place.error("close")(error))
    }

    /// Runs `work` in one transaction that holds the write lock from its start.
    fn transaction<T>(
        &mut self,
        doing: &str,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let place = Place { path: &self.path };
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(place.error(doing))?;
        let result = work(&transaction).map_err(place.error(doing))?;
        transaction.commit().map_err(place.error(doing))?;
        Ok(result)
    }
}

/// Gives SQLite's errors their place and the kind that the user can act on.
#[derive(Clone, Copy)]
struct Place<'a> {
    path: &'a Path,
}

impl<'a> Place<'a> {
    fn error(self, doing: &str) -> impl FnOnce(rusqlite::Error) -> Error + use<'a> {
        let doing = doing.to_owned();
        let path = self.path.to_owned();
        move |source| classify(doing, path, source)
    }
}

fn classify(doing: String, path: PathBuf, source: rusqlite::Error) -> Error {
    // IOERR_SHMSIZE and IOERR_WRITE are what a full disk looks like while the write-ahead log grows.
    const SHMSIZE: i32 = rusqlite::ffi::SQLITE_IOERR_SHMSIZE;
    match &source {
        rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Error::Busy { path },
            ErrorCode::DiskFull => Error::DiskFull { doing, path },
            ErrorCode::SystemIoFailure if failure.extended_code == SHMSIZE => {
                Error::DiskFull { doing, path }
            }
            ErrorCode::NotADatabase => Error::ForeignDatabase { path },
            _ => Error::Database { doing, path, source: Box::new(source) },
        },
        _ => Error::Database { doing, path, source: Box::new(source) },
    }
}
