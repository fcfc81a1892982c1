//! Reading: views as rows of cells, and the user's own queries. Nothing here can change the file.

use super::{BUSY_TIMEOUT, Place, Store, schema};
use crate::error::Error;
use crate::model::Cell;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Row};
use std::path::{Path, PathBuf};

/// The database, open for reading only.
pub struct Reader {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
}

/// The result of a query: names of the columns, then rows.
#[derive(Clone, Debug, PartialEq)]
pub struct QueryRows {
    /// Names, in the order of the query.
    pub columns: Vec<String>,
    /// One cell a column.
    pub rows: Vec<Vec<Cell>>,
}

impl Reader {
    /// Opens the database at `path`, bringing an older schema up to date first.
    pub fn open(path: &Path) -> Result<Self, Error> {
        if !path.exists() {
            return Err(Error::DatabaseMissing { path: path.to_owned() });
        }
        let reader = Self::open_as_is(path)?;
        if schema::guard(&reader.connection, path)? < schema::known() {
            drop(reader);
            Store::open(path)?.finish()?;
            return Self::open_as_is(path);
        }
        Ok(reader)
    }

    fn open_as_is(path: &Path) -> Result<Self, Error> {
        let place = Place { path };
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(place.error("open"))?;
        connection.busy_timeout(BUSY_TIMEOUT).map_err(place.error("open"))?;
        schema::guard(&connection, path)?;
        connection.execute_batch("pragma query_only = on").map_err(place.error("open"))?;
        Ok(Reader { connection, path: path.to_owned() })
    }

    /// Returns where the database is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the names of the columns of `view` (this program's own word).
    pub fn columns(&self, view: &str) -> Result<Vec<String>, Error> {
        let place = Place { path: &self.path };
        let select = self
            .connection
            .prepare(&format!("select * from {view} limit 0"))
            .map_err(place.error("read"))?;
        Ok(select.column_names().map(str::to_owned).collect())
    }

    /// Gives `each` the rows of `view` that `keep` (a condition in SQL), in the `order` of some columns.
    ///
    /// All three are this program's own words, never the user's.
    pub fn rows(
        &self,
        view: &str,
        keep: &str,
        order: &str,
        each: &mut dyn FnMut(&[Cell]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let place = Place { path: &self.path };
        let sql = format!("select * from {view} where {keep} order by {order}");
        let mut select = self.connection.prepare(&sql).map_err(place.error("read"))?;
        let n = select.column_count();
        let mut rows = select.query([]).map_err(place.error("read"))?;
        while let Some(row) = rows.next().map_err(place.error("read"))? {
            each(&cells(row, n).map_err(place.error("read"))?)?;
        }
        Ok(())
    }

    /// Returns how many rows `table` (this program's own word) has.
    pub fn count(&self, table: &str) -> Result<u64, Error> {
        self.connection
            .query_row(&format!("select count(*) from {table}"), [], |row| row.get::<_, i64>(0))
            .map(i64::unsigned_abs)
            .map_err(Place { path: &self.path }.error("count the rows"))
    }

    /// Runs a query of the user: columns to `start`, then every row to `each`.
    ///
    /// Fails with [`Error::Query`] on anything that would write: no file on the disk is touched, not even another one.
    pub fn query(
        &self,
        sql: &str,
        start: &mut dyn FnMut(&[String]) -> Result<(), Error>,
        each: &mut dyn FnMut(&[Cell]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let refuse = |cause: super::Cause| Error::Query { sql: sql.to_owned(), source: cause };
        let failed = |source: rusqlite::Error| refuse(Box::new(source));
        // No other file can be attached, so that VACUUM INTO and ATTACH write nothing either.
        self.connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0).map_err(failed)?;
        let mut select = self.connection.prepare(sql).map_err(failed)?;
        if !select.readonly() {
            return Err(refuse("it would write, and the database is open for reading only".into()));
        }
        if select.column_count() == 0 {
            return Err(refuse(
                "it gives no columns; a query begins with `select` or `with`".into(),
            ));
        }
        let columns: Vec<String> = select.column_names().map(str::to_owned).collect();
        start(&columns)?;
        let mut rows = select.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            each(&cells(row, columns.len()).map_err(failed)?)?;
        }
        Ok(())
    }

    /// Returns the whole result of a query of the user.
    pub fn query_all(&self, sql: &str) -> Result<QueryRows, Error> {
        let mut result = QueryRows { columns: Vec::new(), rows: Vec::new() };
        let QueryRows { columns, rows } = &mut result;
        self.query(
            sql,
            &mut |names| {
                *columns = names.to_vec();
                Ok(())
            },
            &mut |row| {
                rows.push(row.to_vec());
                Ok(())
            },
        )?;
        Ok(result)
    }
}

pub(super) fn cells(row: &Row<'_>, n: usize) -> rusqlite::Result<Vec<Cell>> {
    (0..n)
        .map(|at| {
            Ok(match row.get_ref(at)? {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(number) => Cell::Integer(number),
                ValueRef::Real(number) => Cell::Real(number),
                ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
                // The dataset has no blobs; a query can make one, which is shown as SQLite writes it.
                ValueRef::Blob(bytes) => {
                    let digits: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
                    Cell::Text(format!("X'{digits}'"))
                }
            })
        })
        .collect()
}
