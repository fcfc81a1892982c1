//! Which rows of the dataset changed since the last build: each has a mark, a hash of all that is written for it.

use crate::resolve::{Dataset, EntityName};
use rayon::prelude::*;
use rusqlite::{Connection, params};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// (entity, id): "person" and its id, "article" and the hash of the text whose names are meant, "whole" for what is
/// written in one piece.
pub(super) type RowKey = (&'static str, String);

/// Half of a SHA-256: no two rows of any archive have one by chance.
type Mark = [u8; 16];

/// Kinds of rows, in the order of the alphabet, in which SQLite sorts them too.
const ENTITIES: [&str; 7] = ["article", "firm", "move", "person", "position", "role", "whole"];

/// The marks of a dataset, sorted.
pub(super) struct Marks<'a>(Vec<((&'static str, &'a str), Mark)>);

/// What differs between the dataset in a file and another one.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Rows of the file that the new one does not have, or has otherwise.
    pub(super) stale: BTreeSet<RowKey>,
    /// Rows of the new one that the file does not have, or has otherwise.
    pub(super) fresh: BTreeSet<RowKey>,
    /// How many marks the file has: none where it has no dataset, or one of another schema.
    pub(super) n_stored: usize,
}

impl<'a> Marks<'a> {
    pub(super) fn of(dataset: &'a Dataset) -> Self {
        let mut list = Vec::new();
        let names: Vec<&[EntityName]> =
            dataset.names.chunk_by(|a, b| a.article == b.article).collect();
        list.par_extend(names.par_iter().map(|own| (("article", &*own[0].article), mark(own))));
        list.par_extend(dataset.firms.par_iter().map(|row| (("firm", &*row.id), mark(row))));
        list.par_extend(dataset.moves.par_iter().map(|row| (("move", &*row.id), mark(row))));
        list.par_extend(dataset.people.par_iter().map(|row| (("person", &*row.id), mark(row))));
        let positions = dataset.positions.par_iter();
        list.par_extend(positions.map(|row| (("position", &*row.id), mark(row))));
        list.par_extend(dataset.roles.par_iter().map(|row| (("role", &*row.id), mark(row))));
        list.push((("whole", ""), mark(&(&dataset.duplicates, &dataset.notes))));
        list.par_sort_unstable();
        Marks(list)
    }

    /// Returns how these differ from those of the dataset in the file.
    pub(super) fn changes(&self, connection: &Connection) -> rusqlite::Result<Changes> {
        let mut changes = Changes::default();
        let mut select =
            connection.prepare("select entity, id, mark from dataset_marks order by entity, id")?;
        let mut rows = select.query([])?;
        let mut new = self.0.iter().peekable();
        while let Some(row) = rows.next()? {
            changes.n_stored += 1;
            let entity = row.get_ref(0)?.as_str()?;
            let entity = ENTITIES.into_iter().find(|e| *e == entity).unwrap_or("whole");
            let (id, mark) = (row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_blob()?);
            let mut is_there = false;
            while let Some((key, own)) = new.peek() {
                match (key.0, key.1).cmp(&(entity, id)) {
                    Ordering::Greater => break,
                    Ordering::Equal if own[..] == *mark => is_there = true,
                    _ => drop(changes.fresh.insert((key.0, key.1.to_owned()))),
                }
                new.next();
                if is_there {
                    break;
                }
            }
            if !is_there {
                changes.stale.insert((entity, id.to_owned()));
            }
        }
        changes.fresh.extend(new.map(|(key, _)| (key.0, key.1.to_owned())));
        Ok(changes)
    }

    /// Writes those that `keep` wants into the file.
    pub(super) fn write(
        &self,
        connection: &Connection,
        keep: &dyn Fn(&RowKey) -> bool,
    ) -> rusqlite::Result<()> {
        let mut insert = connection
            .prepare("insert into dataset_marks (entity, id, mark) values (?1, ?2, ?3)")?;
        for ((entity, id), mark) in &self.0 {
            if keep(&(*entity, (*id).to_owned())) {
                insert.execute(params![entity, id, mark])?;
            }
        }
        Ok(())
    }
}

impl Changes {
    pub(super) fn is_empty(&self) -> bool {
        self.stale.is_empty() && self.fresh.is_empty()
    }

    /// Returns the ids of the rows of one kind that the new dataset no longer has.
    pub(super) fn vanished<'a>(&'a self, entity: &'a str) -> impl Iterator<Item = &'a String> {
        let own = self.stale.iter().filter(move |key| key.0 == entity);
        own.filter(|key| !self.fresh.contains(*key)).map(|key| &key.1)
    }

    /// Returns the part of `dataset` that is new.
    pub(super) fn part_of(&self, dataset: &Dataset) -> Dataset {
        let fresh: BTreeSet<(&str, &str)> =
            self.fresh.iter().map(|(entity, id)| (*entity, id.as_str())).collect();
        Dataset {
            people: pick(&dataset.people, |row| fresh.contains(&("person", &*row.id))),
            firms: pick(&dataset.firms, |row| fresh.contains(&("firm", &*row.id))),
            roles: pick(&dataset.roles, |row| fresh.contains(&("role", &*row.id))),
            positions: pick(&dataset.positions, |row| fresh.contains(&("position", &*row.id))),
            moves: pick(&dataset.moves, |row| fresh.contains(&("move", &*row.id))),
            names: pick(&dataset.names, |row| fresh.contains(&("article", &*row.article))),
            duplicates: dataset.duplicates.clone(),
            notes: dataset.notes.clone(),
        }
    }
}

fn pick<T: Clone + Sync + Send>(rows: &[T], keep: impl Fn(&T) -> bool + Sync) -> Vec<T> {
    rows.par_iter().filter(|row| keep(row)).cloned().collect()
}

/// Returns the hash of a row as postcard writes it: no field can be left out by mistake.
fn mark(row: &impl Serialize) -> Mark {
    let bytes = postcard::to_extend(row, Vec::with_capacity(512)).expect("memory takes every row");
    let mut mark = [0; 16];
    mark.copy_from_slice(&Sha256::digest(bytes)[..16]);
    mark
}
