//! What changed between two databases: rows added, gone and changed, by their stable ids.

use super::read::cells;
use super::{Place, Reader};
use crate::error::Error;
use crate::model::Cell;
use std::cmp::Ordering;

/// Tables of the dataset and the view that spells their rows out.
const TABLES: [(&str, &str); 5] = [
    ("people", "people_flat"),
    ("firms", "firms_flat"),
    ("roles", "roles_flat"),
    ("positions", "positions_flat"),
    ("moves", "moves_flat"),
];

/// A row that is not the same in both.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// people, firms, roles, positions or moves.
    pub table: &'static str,
    /// Key of the row.
    pub id: String,
    /// What happened to it.
    pub change: Change,
}

/// What happened to a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Only the new database has it: its cells, those that are empty left out.
    Added(Vec<(String, Cell)>),
    /// Only the old one has it; `now` is the id that took its place, where the new one knows.
    Gone {
        /// Its cells, those that are empty left out.
        row: Vec<(String, Cell)>,
        /// The id that took its place.
        now: Option<String>,
    },
    /// Both have it, with other cells: column, before, now.
    Changed(Vec<(String, Cell, Cell)>),
}

impl Reader {
    /// Gives `each` what is different in `new`, table by table, by id.
    ///
    /// Both are read row by row: neither is ever in memory as a whole.
    pub fn diff(
        &self,
        new: &Reader,
        each: &mut dyn FnMut(Difference) -> Result<(), Error>,
    ) -> Result<(), Error> {
        TABLES.iter().try_for_each(|(table, view)| self.diff_table(new, table, view, each))
    }

    fn diff_table(
        &self,
        new: &Reader,
        table: &'static str,
        view: &str,
        each: &mut dyn FnMut(Difference) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let columns = self.columns(view)?;
        let sql = format!("select * from {view} order by id");
        let place = Place { path: &self.path };
        let new_place = Place { path: &new.path };
        let mut before = self.connection.prepare(&sql).map_err(place.error("read"))?;
        let mut now = new.connection.prepare(&sql).map_err(new_place.error("read"))?;
        let mut before = before.query([]).map_err(place.error("read"))?;
        let mut now = now.query([]).map_err(new_place.error("read"))?;
        let next = |rows: &mut rusqlite::Rows<'_>, place: Place<'_>| {
            let row = rows.next().and_then(|row| row.map(|r| cells(r, columns.len())).transpose());
            row.map_err(place.error("read"))
        };
        let (mut old_row, mut new_row) = (next(&mut before, place)?, next(&mut now, new_place)?);
        loop {
            let order = match (&old_row, &new_row) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(a), Some(b)) => id_of(a).cmp(&id_of(b)),
            };
            let named = |row: &[Cell]| -> Vec<(String, Cell)> {
                let all = columns.iter().cloned().zip(row.iter().cloned());
                all.filter(|(_, cell)| *cell != Cell::Null).collect()
            };
            let found = match (&old_row, &new_row) {
                (Some(row), _) if order == Ordering::Less => {
                    let id = id_of(row);
                    let now = new.redirect(table, &id)?;
                    Some(Difference { table, id, change: Change::Gone { row: named(row), now } })
                }
                (_, Some(row)) if order == Ordering::Greater => {
                    Some(Difference { table, id: id_of(row), change: Change::Added(named(row)) })
                }
                (Some(a), Some(b)) if a != b => {
                    let cells = columns.iter().zip(a.iter().zip(b));
                    let changed = cells
                        .filter(|(_, (x, y))| x != y)
                        .map(|(column, (x, y))| (column.clone(), x.clone(), y.clone()))
                        .collect();
                    Some(Difference { table, id: id_of(a), change: Change::Changed(changed) })
                }
                _ => None,
            };
            if let Some(difference) = found {
                each(difference)?;
            }
            if order != Ordering::Greater {
                old_row = next(&mut before, place)?;
            }
            if order != Ordering::Less {
                new_row = next(&mut now, new_place)?;
            }
        }
    }

    fn redirect(&self, table: &str, id: &str) -> Result<Option<String>, Error> {
        let entity = match table {
            "people" => "person",
            other => other.trim_end_matches('s'),
        };
        self.connection
            .prepare_cached("select new_id from redirects where entity = ?1 and old_id = ?2")
            .and_then(|mut select| {
                let mut rows = select.query([entity, id])?;
                rows.next()?.map_or(Ok(None), |row| row.get(0))
            })
            .map_err(Place { path: &self.path }.error("read"))
    }
}

fn id_of(row: &[Cell]) -> String {
    row.first().map(Cell::to_string).unwrap_or_default()
}
