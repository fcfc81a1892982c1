//! Which rows of the dataset changed since the last build: each has a mark, a hash of all that is written for it.

use crate::model::PartialDate;
use crate::resolve::{
    Dataset, EntityName, Firm, FirmName, Move, NameForm, Person, Position, Role, RowEvidence,
    StatusStep,
};
use rayon::prelude::*;
use rusqlite::{Connection, params};
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
        list.par_extend(
            names
                .par_iter()
                .map(|own| (("article", &*own[0].article), mark(|to| names_of(to, own)))),
        );
        let firms = dataset.firms.par_iter();
        list.par_extend(firms.map(|row| (("firm", &*row.id), mark(|to| firm(to, row)))));
        let moves = dataset.moves.par_iter();
        list.par_extend(moves.map(|row| (("move", &*row.id), mark(|to| career_move(to, row)))));
        let people = dataset.people.par_iter();
        list.par_extend(people.map(|row| (("person", &*row.id), mark(|to| person(to, row)))));
        let positions = dataset.positions.par_iter();
        list.par_extend(
            positions.map(|row| (("position", &*row.id), mark(|to| position(to, row)))),
        );
        let roles = dataset.roles.par_iter();
        list.par_extend(roles.map(|row| (("role", &*row.id), mark(|to| role(to, row)))));
        let whole = mark(|to| {
            to.list(&dataset.duplicates, |to, (copy, original)| {
                to.text(copy);
                to.text(original);
            });
            to.list(&dataset.notes, |to, note| to.text(note));
        });
        list.push((("whole", ""), whole));
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

/// Hashes what is written for a row. Each row is taken apart whole below, so that no field that is added can be left
/// out by mistake.
struct Sink(Sha256);

fn mark(row: impl FnOnce(&mut Sink)) -> Mark {
    let mut sink = Sink(Sha256::new());
    row(&mut sink);
    let mut mark = [0; 16];
    mark.copy_from_slice(&sink.0.finalize()[..16]);
    mark
}

impl Sink {
    fn number(&mut self, n: usize) {
        self.0.update((n as u64).to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.update(text.as_bytes());
    }

    fn some(&mut self, text: Option<&str>) {
        self.number(usize::from(text.is_some()));
        self.text(text.unwrap_or(""));
    }

    fn real(&mut self, x: f64) {
        self.0.update(x.to_le_bytes());
    }

    fn date(&mut self, date: Option<PartialDate>) {
        let Some(PartialDate { year, month, day, approximate }) = date else {
            return self.0.update([0]);
        };
        self.0.update([1, month.unwrap_or(0), day.unwrap_or(0), u8::from(approximate)]);
        self.0.update(year.to_le_bytes());
    }

    fn list<T>(&mut self, list: &[T], one: impl Fn(&mut Self, &T)) {
        self.number(list.len());
        list.iter().for_each(|item| one(self, item));
    }
}

fn names_of(to: &mut Sink, own: &[EntityName]) {
    to.list(own, |to, EntityName { article: _, mention_type, name, id }| {
        to.text(mention_type.as_str());
        to.text(name);
        to.text(id);
    });
}

fn form(to: &mut Sink, NameForm { name, n_articles }: &NameForm) {
    to.text(name);
    to.number(*n_articles);
}

fn person(to: &mut Sink, Person { id, name, given_name, family_name, names }: &Person) {
    to.text(id);
    to.text(name);
    to.some(given_name.as_deref());
    to.some(family_name.as_deref());
    to.list(names, form);
}

fn firm(to: &mut Sink, row: &Firm) {
    let Firm { id, name, kind, legal_form, country, parent_id, names } = row;
    to.text(id);
    to.text(name);
    for text in [kind, legal_form, country, parent_id] {
        to.some(text.as_deref());
    }
    to.list(names, |to, FirmName { name, from_year, to_year, n_articles }| {
        to.text(name);
        to.number(from_year.map_or(0, usize::from));
        to.number(to_year.map_or(0, usize::from));
        to.number(*n_articles);
    });
}

fn role(to: &mut Sink, Role { id, title, title_it, function, level, names }: &Role) {
    to.text(id);
    to.text(title);
    for text in [title_it, function, level] {
        to.some(text.as_deref());
    }
    to.list(names, form);
}

fn position(to: &mut Sink, row: &Position) {
    let Position {
        id,
        person_id,
        firm_id,
        role_id,
        title,
        unit,
        tense,
        said_on,
        started_on,
        ended_on,
        n_articles,
        confidence,
        evidence: own,
    } = row;
    to.text(id);
    to.text(person_id);
    for text in [firm_id, role_id, title, unit] {
        to.some(text.as_deref());
    }
    to.text(tense.as_str());
    for date in [said_on, started_on, ended_on] {
        to.date(*date);
    }
    to.number(*n_articles);
    to.real(*confidence);
    to.list(own, evidence);
}

fn career_move(to: &mut Sink, row: &Move) {
    let Move {
        id,
        person_id,
        kind,
        status,
        manner,
        from_firm_id,
        from_role_id,
        from_position_id,
        to_firm_id,
        to_role_id,
        to_position_id,
        from_title,
        to_title,
        to_note,
        happened_on,
        announced_on,
        succeeds_move_id,
        n_articles,
        confidence,
        history,
        evidence: own,
    } = row;
    to.text(id);
    to.text(person_id);
    to.text(kind.as_str());
    to.text(status.as_str());
    to.some(manner.map(crate::model::Manner::as_str));
    for text in [
        from_firm_id,
        from_role_id,
        from_position_id,
        to_firm_id,
        to_role_id,
        to_position_id,
        from_title,
        to_title,
        to_note,
        succeeds_move_id,
    ] {
        to.some(text.as_deref());
    }
    to.date(*happened_on);
    to.date(*announced_on);
    to.number(*n_articles);
    to.real(*confidence);
    to.list(history, |to, StatusStep { said_on, status, article }| {
        to.date(*said_on);
        to.text(status.as_str());
        to.text(article);
    });
    to.list(own, evidence);
}

/// A claim's key covers its article, the words and their places, and the rule: they need no hashing.
fn evidence(to: &mut Sink, row: &RowEvidence) {
    let RowEvidence {
        claim,
        slot,
        value,
        confidence,
        supports,
        article: _,
        span,
        quote: _,
        rule: _,
    } = row;
    to.text(claim);
    to.text(slot.as_str());
    to.number(span.start);
    to.some(value.as_deref());
    to.real(*confidence);
    to.number(usize::from(*supports));
}
