//! The user's own files of firms, kept with the dataset that was made with them.

use super::{Place, Reader, Store};
use crate::error::Error;
use rusqlite::{Connection, OptionalExtension};

/// A user's file of firms: its name and what it says.
pub type OwnFirms = (String, String);

impl Store {
    /// Keeps `files` in the place of those kept before.
    pub fn put_own_firms(&mut self, files: &[OwnFirms]) -> Result<(), Error> {
        let json = serde_json::to_string(files).expect("pairs of texts are always JSON");
        self.transaction("keep the files of firms", |connection| {
            connection.execute(
                "insert into state (key, value) values ('own_firms', ?1)
                 on conflict (key) do update set value = excluded.value",
                [&json],
            )?;
            Ok(())
        })
    }

    /// Returns the files kept.
    pub fn own_firms(&self) -> Result<Vec<OwnFirms>, Error> {
        kept(&self.connection, Place { path: &self.path })
    }
}

impl Reader {
    /// Like [`Store::own_firms`], for reading alone.
    pub fn own_firms(&self) -> Result<Vec<OwnFirms>, Error> {
        kept(&self.connection, Place { path: &self.path })
    }
}

fn kept(connection: &Connection, place: Place<'_>) -> Result<Vec<OwnFirms>, Error> {
    let json: Option<String> = connection
        .query_row("select value from state where key = 'own_firms'", [], |row| row.get(0))
        .optional()
        .map_err(place.error("read the files of firms"))?;
    // Only `put_own_firms` writes it; what somebody else put there is no file of ours.
    Ok(json.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
}
