//! The layer of what the user decided.

use super::found::{unexpected, word};
use super::{Place, Store};
use crate::error::Error;
use crate::model::MentionType;
use crate::resolve::{Action, Decision, NameAt};
use rusqlite::{Connection, Row};

impl Store {
    /// Returns the decisions that hold, the oldest first: of two that contradict each other the later one wins.
    pub fn decisions(&self) -> Result<Vec<Decision>, Error> {
        read(&self.connection).map_err(Place { path: &self.path }.error("read the decisions"))
    }
}

fn read(connection: &Connection) -> rusqlite::Result<Vec<Decision>> {
    connection
        .prepare(
            "select id, action, claim_id, slot, value, name_type, article_sha256, name, other_article_sha256, other_name
             from decisions where undone = 0 order by id",
        )?
        .query_map([], |row| {
            Ok(Decision { id: row.get::<_, i64>(0)?.to_string(), action: action(row)? })
        })?
        .collect()
}

fn action(row: &Row<'_>) -> rusqlite::Result<Action> {
    let names = || -> rusqlite::Result<(MentionType, NameAt, NameAt)> {
        Ok((
            word(row, 5, MentionType::parse)?,
            NameAt { article: row.get(6)?, name: row.get(7)? },
            NameAt { article: row.get(8)?, name: row.get(9)? },
        ))
    };
    let action: String = row.get(1)?;
    Ok(match action.as_str() {
        "same" => {
            let (name_type, one, other) = names()?;
            Action::Same(name_type, one, other)
        }
        "different" => {
            let (name_type, one, other) = names()?;
            Action::Different(name_type, one, other)
        }
        "accept" => Action::Accept(row.get(2)?),
        "reject" => Action::Reject(row.get(2)?),
        "edit" => Action::Edit { claim: row.get(2)?, slot: row.get(3)?, value: row.get(4)? },
        other => return Err(unexpected(1, format!("'{other}' is no decision"))),
    })
}
