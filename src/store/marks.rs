//! Which rows of the dataset changed since the last build: each has a mark, a hash of all that is written for it.

use crate::resolve::{Dataset, EntityName};
use rayon::prelude::*;
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::{Debug, Write};

/// (entity, id): "person" and its id, "article" and the hash of the text whose names are meant, "whole" for what is
/// written in one piece.
pub(super) type RowKey = (&'static str, String);

/// Half of a SHA-256: no two rows of any archive have one by chance.
type Mark = [u8; 16];

/// Kinds of rows, in the order of the alphabet, in which SQLite sorts them too.
const ENTITIES: [&str; 7] = ["article", "firm", "move", "person", "position", "role", "whole"];

/// The marks of a dataset, sorted.
pub(super) struct Marks(Vec<(RowKey, Mark)>);

/// What differs between two datasets.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Rows of the old one that the new one does not have, or has otherwise.
    pub(super) stale: BTreeSet<RowKey>,
    /// Rows of the new one that the old one does not have, or has otherwise.
    pub(super) fresh: BTreeSet<RowKey>,
}

impl Marks {
    pub(super) fn of(dataset: &Dataset) -> Self {
        let mut list = Vec::new();
        let names: Vec<&[EntityName]> =
            dataset.names.chunk_by(|a, b| a.article == b.article).collect();
        list.par_extend(
            names.par_iter().map(|own| (("article", own[0].article.to_string()), mark(own))),
        );
        list.par_extend(dataset.firms.par_iter().map(|row| (("firm", row.id.clone()), mark(row))));
        list.par_extend(dataset.moves.par_iter().map(|row| (("move", row.id.clone()), mark(row))));
        list.par_extend(
            dataset.people.par_iter().map(|row| (("person", row.id.clone()), mark(row))),
        );
        list.par_extend(
            dataset.positions.par_iter().map(|row| (("position", row.id.clone()), mark(row))),
        );
        list.par_extend(dataset.roles.par_iter().map(|row| (("role", row.id.clone()), mark(row))));
        let rest = (&dataset.duplicates, &dataset.notes);
        list.push((("whole", String::new()), mark(&rest)));
        list.par_sort_unstable();
        Marks(list)
    }

    /// Reads those of the dataset in the file; none where it has no dataset, or one of another schema.
    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let list = connection
            .prepare("select entity, id, mark from dataset_marks order by entity, id")?
            .query_map([], |row| {
                let entity = row.get_ref(0)?.as_str()?;
                let entity = ENTITIES.into_iter().find(|e| *e == entity).unwrap_or("whole");
                Ok(((entity, row.get(1)?), row.get(2)?))
            })?
            .collect::<rusqlite::Result<_>>()?;
        Ok(Marks(list))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns how `new` differs from these.
    pub(super) fn changes(&self, new: &Marks) -> Changes {
        let only = |one: &[(RowKey, Mark)], other: &[(RowKey, Mark)]| {
            let alone = one.iter().filter(|row| other.binary_search(row).is_err());
            alone.map(|(key, _)| key.clone()).collect()
        };
        Changes { stale: only(&self.0, &new.0), fresh: only(&new.0, &self.0) }
    }

    /// Writes those that `keep` wants into the file.
    pub(super) fn write(
        &self,
        connection: &Connection,
        keep: &dyn Fn(&RowKey) -> bool,
    ) -> rusqlite::Result<()> {
        let mut insert = connection
            .prepare("insert into dataset_marks (entity, id, mark) values (?1, ?2, ?3)")?;
        for ((entity, id), mark) in self.0.iter().filter(|(key, _)| keep(key)) {
            insert.execute(params![entity, id, mark])?;
        }
        Ok(())
    }
}

impl Changes {
    pub(super) fn is_empty(&self) -> bool {
        self.stale.is_empty() && self.fresh.is_empty()
    }

    /// Returns the part of `dataset` that is new.
    pub(super) fn part_of(&self, dataset: &Dataset) -> Dataset {
        let is_fresh =
            |entity: &'static str, id: &str| self.fresh.contains(&(entity, id.to_owned()));
        Dataset {
            people: pick(&dataset.people, |row| is_fresh("person", &row.id)),
            firms: pick(&dataset.firms, |row| is_fresh("firm", &row.id)),
            roles: pick(&dataset.roles, |row| is_fresh("role", &row.id)),
            positions: pick(&dataset.positions, |row| is_fresh("position", &row.id)),
            moves: pick(&dataset.moves, |row| is_fresh("move", &row.id)),
            names: pick(&dataset.names, |row| is_fresh("article", &row.article)),
            duplicates: dataset.duplicates.clone(),
            notes: dataset.notes.clone(),
        }
    }
}

fn pick<T: Clone + Sync + Send>(rows: &[T], keep: impl Fn(&T) -> bool + Sync) -> Vec<T> {
    rows.par_iter().filter(|row| keep(row)).cloned().collect()
}

/// Returns the mark of a row. Its derived form names every field: whatever is added to the dataset is covered.
fn mark<T: Debug + ?Sized>(row: &T) -> Mark {
    struct Sink(Sha256);
    impl Write for Sink {
        fn write_str(&mut self, text: &str) -> std::fmt::Result {
            self.0.update(text.as_bytes());
            Ok(())
        }
    }
    let mut sink = Sink(Sha256::new());
    write!(sink, "{row:?}").expect("hashing does not fail");
    let mut mark = [0; 16];
    mark.copy_from_slice(&sink.0.finalize()[..16]);
    mark
}
