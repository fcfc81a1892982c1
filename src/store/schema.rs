//! The schema's versions: numbered SQL files, embedded, applied once, never edited after they landed.

use super::{Place, classify, codebook};
use crate::error::Error;
use refinery::{Migration, Runner};
use rusqlite::{Connection, OptionalExtension};
use std::path::Path;

/// "vlzr": what `file` and SQLite's `pragma application_id` say of a database of ours.
pub(super) const APPLICATION_ID: i64 = 0x766c_7a72;

/// Every migration, in order; the names are refinery's form of the files' names.
const MIGRATIONS: &[(&str, &str)] = &[
    ("V1__three_layers", include_str!("../../migrations/0001_three_layers.sql")),
    ("V2__views", include_str!("../../migrations/0002_views.sql")),
    ("V3__dataset_marks", include_str!("../../migrations/0003_dataset_marks.sql")),
    ("V4__article_facts", include_str!("../../migrations/0004_article_facts.sql")),
];

/// The newest schema known.
pub(super) fn known() -> i64 {
    MIGRATIONS.len() as i64
}

/// Returns the schema's number (0: empty file), or refuses a file that is not ours or is newer. Writes nothing.
pub(super) fn guard(connection: &Connection, path: &Path) -> Result<i64, Error> {
    let place = Place { path };
    let number = |sql: &str| {
        connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(place.error("read"))
    };
    let application = number("pragma application_id")?;
    let n_tables = number("select count(*) from sqlite_schema")?;
    if n_tables == 0 && (application == 0 || application == APPLICATION_ID) {
        return Ok(0);
    }
    if application != APPLICATION_ID {
        return Err(Error::ForeignDatabase { path: path.to_owned() });
    }
    let has_history =
        number("select count(*) from sqlite_schema where name = 'refinery_schema_history'")? > 0;
    // Killed while the file was being made: the migrations go on from here.
    if !has_history {
        return Ok(0);
    }
    let found = connection
        .query_row("select max(version) from refinery_schema_history", [], |row| {
            row.get::<_, Option<i64>>(0)
        })
        .optional()
        .map_err(place.error("read"))?
        .flatten()
        .unwrap_or(0);
    if found > known() {
        return Err(Error::NewerSchema { path: path.to_owned(), found, known: known() });
    }
    Ok(found)
}

/// Applies what is missing, all in one transaction, and writes the codebook of this program.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), Error> {
    let place = Place { path };
    let before = guard(connection, path)?;
    connection
        .pragma_update(None, "application_id", APPLICATION_ID)
        .map_err(place.error("mark the file"))?;
    let failed = |source: refinery::Error| migration_error(path, source);
    let migrations = MIGRATIONS
        .iter()
        .map(|(name, sql)| Migration::unapplied(name, sql))
        .collect::<Result<Vec<_>, _>>()
        .map_err(failed)?;
    // Divergent: an applied migration was edited after it landed; that must fail, not pass by.
    Runner::new(&migrations)
        .set_grouped(true)
        .set_abort_divergent(true)
        .run(connection)
        .map_err(failed)?;
    if before < known() || codebook::is_stale(connection).map_err(place.error("read"))? {
        let transaction = connection.transaction().map_err(place.error("write the codebook"))?;
        codebook::write(&transaction).map_err(place.error("write the codebook"))?;
        transaction.commit().map_err(place.error("write the codebook"))?;
    }
    Ok(())
}

/// Returns SQLite's own error where one is behind that of the migrations: a full disk is a full disk.
fn migration_error(path: &Path, source: refinery::Error) -> Error {
    let doing = "bring the schema up to date".to_owned();
    let mut cause = std::error::Error::source(&source);
    while let Some(error) = cause {
        if let Some(rusqlite::Error::SqliteFailure(failure, text)) = error.downcast_ref() {
            let sqlite = rusqlite::Error::SqliteFailure(*failure, text.clone());
            return classify(doing, path.to_owned(), sqlite);
        }
        cause = error.source();
    }
    Error::Database { doing, path: path.to_owned(), source: Box::new(source) }
}
