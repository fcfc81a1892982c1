//! A copy for old readers: plain tables without STRICT, search index, triggers or constraints; views kept.

use super::{Place, Reader};
use crate::error::Error;
use rusqlite::Connection;
use rusqlite::types::ToSqlOutput;
use std::path::Path;

impl Reader {
    /// Writes a copy of the database to `target` (which must not exist) that SQLite before 3.37 opens too.
    ///
    /// Articles, claims, dataset, codebook and views are in it; what needs a newer SQLite is not.
    pub fn plain_copy(&self, target: &Path) -> Result<(), Error> {
        let place = Place { path: target };
        // Claims the name: a file that is there is the user's, and is not written over.
        std::fs::File::create_new(target)
            .map_err(|source| Error::io("make the copy", target, source))?;
        let made = Connection::open(target)
            .and_then(|copy| {
                self.copy_into(&copy)?;
                copy.close().map_err(|(_, error)| error)
            })
            .map_err(place.error("make a copy"));
        if made.is_err() {
            let _ = std::fs::remove_file(target);
        }
        made
    }

    fn copy_into(&self, copy: &Connection) -> rusqlite::Result<()> {
        copy.execute_batch("pragma journal_mode = off; pragma synchronous = off; begin")?;
        let objects = self
            .connection
            .prepare(
                "select type, name, sql from sqlite_schema
                 where type in ('table', 'view') and name not like '%fts%' and name not glob 'sqlite_*'
                     and name not in ('refinery_schema_history', 'article_facts')
                 order by type, name",
            )?
            .query_map([], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        for (kind, name, sql) in objects {
            if kind == "view" {
                copy.execute_batch(&sql)?;
                continue;
            }
            let columns = self
                .connection
                .prepare("select name, type, pk from pragma_table_info(?1)")?
                .query_map([&name], |row| {
                    Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?))
                })?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            let declared: Vec<String> =
                columns.iter().map(|(column, word, _)| format!("{column} {word}")).collect();
            let mut keys: Vec<(i64, &str)> = columns
                .iter()
                .filter(|(_, _, pk)| *pk > 0)
                .map(|(column, _, pk)| (*pk, column.as_str()))
                .collect();
            keys.sort_unstable();
            let keys: Vec<&str> = keys.into_iter().map(|(_, column)| column).collect();
            let key = if keys.is_empty() {
                String::new()
            } else {
                format!(", primary key ({})", keys.join(", "))
            };
            copy.execute_batch(&format!("create table {name} ({}{key})", declared.join(", ")))?;
            let order = if keys.is_empty() { "rowid".to_owned() } else { keys.join(", ") };
            let mut select =
                self.connection.prepare(&format!("select * from {name} order by {order}"))?;
            let marks = vec!["?"; columns.len()].join(", ");
            let mut insert = copy.prepare(&format!("insert into {name} values ({marks})"))?;
            let mut rows = select.query([])?;
            while let Some(row) = rows.next()? {
                for at in 0..columns.len() {
                    insert.raw_bind_parameter(at + 1, ToSqlOutput::Borrowed(row.get_ref(at)?))?;
                }
                insert.raw_execute()?;
            }
        }
        copy.execute_batch("commit")
    }
}
