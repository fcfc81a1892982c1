//! The dataset layer: brought to what a dataset says, in one transaction.

use super::found::{article_id, column};
use super::marks::{Changes, Marks};
use super::{Store, redirects};
use crate::error::Error;
use crate::model::{MentionType, PartialDate};
use crate::resolve::{Dataset, RowEvidence};
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};

/// Tables of the dataset layer, those that point at others first.
const TABLES: &[&str] = &[
    "article_names",
    "move_history",
    "move_evidence",
    "position_evidence",
    "moves",
    "positions",
    "role_names",
    "roles",
    "firm_names",
    "firms",
    "person_names",
    "people",
    "resolution_notes",
    "names_fts",
    "dataset_marks",
];

/// What to take out for a row that changed or is gone.
const ROWS: &[(&str, &[&str])] = &[
    ("article", &["delete from article_names where article_id = ?1"]),
    (
        "move",
        &[
            "delete from move_history where move_id = ?1",
            "delete from move_evidence where move_id = ?1",
            "delete from moves where id = ?1",
        ],
    ),
    (
        "position",
        &[
            "delete from position_evidence where position_id = ?1",
            "delete from positions where id = ?1",
        ],
    ),
    ("role", &["delete from role_names where role_id = ?1", "delete from roles where id = ?1"]),
    ("firm", &["delete from firm_names where firm_id = ?1", "delete from firms where id = ?1"]),
    (
        "person",
        &["delete from person_names where person_id = ?1", "delete from people where id = ?1"],
    ),
];

impl Store {
    /// Makes `dataset` the dataset of the file: all of it in one transaction, or nothing. Only rows that changed are
    /// written.
    ///
    /// Ids that vanish leave redirects; articles in `gone` and claims that were superseded are removed. Returns false,
    /// and writes nothing, where the file holds this very dataset.
    pub fn put_dataset(
        &mut self,
        dataset: &Dataset,
        gone: &BTreeSet<String>,
    ) -> Result<bool, Error> {
        let marks = Marks::of(dataset);
        self.transaction("store the dataset", |connection| {
            let changes = marks.changes(connection)?;
            let superseded: bool = connection.query_row(
                "select exists (select 1 from claims where extraction is null)",
                [],
                |row| row.get(0),
            )?;
            if changes.is_empty() && gone.is_empty() && !superseded {
                return Ok(false);
            }
            // A row that is written anew is not there for a moment, though others point at it.
            connection.pragma_update(None, "defer_foreign_keys", true)?;
            let before = redirects::Anchors::read(connection, dataset, &changes)?;
            // Where most rows change, or nobody knows which do, taking everything down is the shorter way.
            let anew = changes.n_stored == 0 || changes.stale.len() > changes.n_stored / 2;
            if anew {
                for table in TABLES {
                    connection.execute(&format!("delete from {table}"), [])?;
                }
            } else {
                take_out(connection, &changes)?;
            }
            connection.execute("delete from claims where extraction is null", [])?;
            for id in gone {
                connection.prepare_cached("delete from articles where id = ?1")?.execute([id])?;
            }
            if anew {
                write(connection, dataset)?;
                marks.write(connection, &|_| true)?;
            } else {
                write(connection, &changes.part_of(dataset))?;
                marks.write(connection, &|key| changes.fresh.contains(key))?;
            }
            redirects::write(connection, &before)?;
            Ok(true)
        })
    }
}

/// Deletes the rows of the dataset that changed or are gone.
fn take_out(connection: &Connection, changes: &Changes) -> rusqlite::Result<()> {
    for (entity, id) in &changes.stale {
        let statements = ROWS.iter().find(|row| row.0 == *entity).map_or(&[][..], |row| row.1);
        let id = if *entity == "article" { &article_id(id) } else { id };
        for sql in statements {
            connection.prepare_cached(sql)?.execute([id])?;
        }
    }
    let mut delete =
        connection.prepare("delete from dataset_marks where entity = ?1 and id = ?2")?;
    for (entity, id) in &changes.stale {
        delete.execute([entity, id.as_str()])?;
    }
    connection.execute("delete from resolution_notes", [])?;
    // The index of names has no index of ids: it is read once for all of them.
    let mut found = Vec::new();
    {
        let mut select = connection.prepare("select rowid, entity, id from names_fts")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let entity: String = row.get(1)?;
            let entity = ["firm", "person", "role"].into_iter().find(|e| *e == entity);
            let key = (entity.unwrap_or_default(), row.get(2)?);
            if changes.stale.contains(&key) {
                found.push(row.get::<_, i64>(0)?);
            }
        }
    }
    let mut delete = connection.prepare("delete from names_fts where rowid = ?1")?;
    for rowid in found {
        delete.execute([rowid])?;
    }
    Ok(())
}

fn write(connection: &Connection, dataset: &Dataset) -> rusqlite::Result<()> {
    write_names(connection, dataset)?;
    write_positions(connection, dataset)?;
    write_moves(connection, dataset)?;
    write_article_names(connection, dataset)?;
    let mut text = Text { id: String::new(), text: String::new() };
    for (table, key, rows) in [
        (
            "position_evidence",
            "position_id",
            dataset.positions.iter().map(|p| (&p.id, &p.evidence)).collect::<Vec<_>>(),
        ),
        (
            "move_evidence",
            "move_id",
            dataset.moves.iter().map(|m| (&m.id, &m.evidence)).collect::<Vec<_>>(),
        ),
    ] {
        let mut insert = connection.prepare(&format!(
            "insert into {table} ({key}, ordinal, claim_id, article_id, slot, char_start, char_end, quote, value, rule,
                                  confidence, supports)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
        ))?;
        for (id, evidence) in rows {
            for (ordinal, words) in evidence.iter().enumerate() {
                let article = article_id(&words.article);
                text.turn_to(connection, &article)?;
                let (start, end) = text.characters(words);
                insert.execute(params![
                    id,
                    ordinal as i64,
                    words.claim,
                    article,
                    words.slot.as_str(),
                    start,
                    end,
                    words.quote,
                    words.value,
                    words.rule,
                    words.confidence,
                    words.supports,
                ])?;
            }
        }
    }
    let mut insert =
        connection.prepare("insert into resolution_notes (ordinal, note) values (?1, ?2)")?;
    for (ordinal, note) in dataset.notes.iter().enumerate() {
        insert.execute(params![ordinal as i64, note])?;
    }
    write_copies(connection, &dataset.duplicates)
}

/// Writes which articles repeat which, where that changed: a row with its text is long.
fn write_copies(connection: &Connection, copies: &[(String, String)]) -> rusqlite::Result<()> {
    let new: BTreeMap<String, String> =
        copies.iter().map(|(copy, original)| (article_id(copy), article_id(original))).collect();
    let old: BTreeMap<String, String> = connection
        .prepare("select id, duplicate_of from articles where duplicate_of is not null")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut update = connection.prepare("update articles set duplicate_of = ?2 where id = ?1")?;
    for copy in old.keys().filter(|copy| !new.contains_key(*copy)) {
        update.execute(params![copy, None::<String>])?;
    }
    for (copy, original) in new.iter().filter(|(copy, to)| old.get(*copy) != Some(*to)) {
        update.execute([copy, original])?;
    }
    Ok(())
}

/// The text of one article. The evidence of a claim comes in a row, so one text at a time is enough.
struct Text {
    id: String,
    text: String,
}

impl Text {
    fn turn_to(&mut self, connection: &Connection, id: &str) -> rusqlite::Result<()> {
        if self.id != id {
            self.text = connection
                .prepare_cached("select text from articles where id = ?1")?
                .query_row([id], |row| row.get(0))?;
            self.id = id.to_owned();
        }
        Ok(())
    }

    /// Returns the span of `words` in code points.
    fn characters(&self, words: &RowEvidence) -> (i64, i64) {
        let count = |part: Option<&str>| part.map_or(0, |part| part.chars().count() as i64);
        let start = count(self.text.get(..words.span.start));
        (start, start + count(self.text.get(words.span.start..words.span.end)))
    }
}

fn write_names(connection: &Connection, dataset: &Dataset) -> rusqlite::Result<()> {
    let mut search =
        connection.prepare("insert into names_fts (name, entity, id) values (?1, ?2, ?3)")?;
    let mut insert = connection.prepare(
        "insert into people (id, name, given_name, family_name) values (?1, ?2, ?3, ?4)",
    )?;
    let mut insert_name = connection.prepare(
        "insert into person_names (person_id, name, n_articles) values (?1, ?2, ?3)
         on conflict (person_id, name) do update set n_articles = max(n_articles, excluded.n_articles)",
    )?;
    for person in &dataset.people {
        insert.execute(params![person.id, person.name, person.given_name, person.family_name])?;
        for form in &person.names {
            insert_name.execute(params![person.id, form.name, form.n_articles as i64])?;
        }
        let forms = person.names.iter().map(|form| form.name.as_str());
        for name in distinct(&person.name, forms) {
            search.execute([name, "person", &person.id])?;
        }
    }
    let mut insert = connection.prepare(
        "insert into firms (id, name, kind, legal_form, country, parent_id) values (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let mut insert_name = connection.prepare(
        "insert or ignore into firm_names (firm_id, name, from_year, to_year, n_articles) values (?1, ?2, ?3, ?4, ?5)",
    )?;
    for firm in &dataset.firms {
        insert.execute(params![
            firm.id,
            firm.name,
            firm.kind,
            firm.legal_form,
            firm.country,
            firm.parent_id
        ])?;
        for form in &firm.names {
            insert_name.execute(params![
                firm.id,
                form.name,
                form.from_year,
                form.to_year,
                form.n_articles as i64
            ])?;
        }
        let forms = firm.names.iter().map(|form| form.name.as_str());
        for name in distinct(&firm.name, forms) {
            search.execute([name, "firm", &firm.id])?;
        }
    }
    let mut insert = connection.prepare(
        "insert into roles (id, title, title_it, function, level) values (?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut insert_name = connection.prepare(
        "insert into role_names (role_id, name, n_articles) values (?1, ?2, ?3)
         on conflict (role_id, name) do update set n_articles = max(n_articles, excluded.n_articles)",
    )?;
    for role in &dataset.roles {
        insert.execute(params![role.id, role.title, role.title_it, role.function, role.level])?;
        for form in &role.names {
            insert_name.execute(params![role.id, form.name, form.n_articles as i64])?;
        }
        let forms = role.names.iter().map(|form| form.name.as_str());
        for name in distinct(&role.title, forms.chain(role.title_it.as_deref())) {
            search.execute([name, "role", &role.id])?;
        }
    }
    Ok(())
}

fn distinct<'a>(name: &'a str, forms: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    forms.chain([name]).collect()
}

fn write_article_names(connection: &Connection, dataset: &Dataset) -> rusqlite::Result<()> {
    let mut insert = connection.prepare(
        "insert or ignore into article_names (article_id, type, name, person_id, firm_id)
         values (?1, ?2, ?3, ?4, ?5)",
    )?;
    for name in &dataset.names {
        let (person, firm) = match name.mention_type {
            MentionType::Person => (Some(&name.id), None),
            MentionType::Firm => (None, Some(&name.id)),
        };
        insert.execute(params![
            article_id(&name.article),
            name.mention_type.as_str(),
            name.name,
            person,
            firm,
        ])?;
    }
    Ok(())
}

/// A date's three columns: as known, the first day it can mean, the last.
fn date(date: Option<PartialDate>) -> (Option<String>, Option<String>, Option<String>) {
    (date.map(|d| d.to_string()), date.map(PartialDate::min_day), date.map(PartialDate::max_day))
}

fn write_positions(connection: &Connection, dataset: &Dataset) -> rusqlite::Result<()> {
    let mut insert = connection.prepare(
        "insert into positions (id, person_id, firm_id, role_id, title, unit, tense, said_on, said_on_min, said_on_max,
                                started_on, started_on_min, started_on_max, ended_on, ended_on_min, ended_on_max,
                                n_articles, confidence)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
    )?;
    for p in &dataset.positions {
        let (said, started, ended) = (date(p.said_on), date(p.started_on), date(p.ended_on));
        insert.execute(params![
            p.id,
            p.person_id,
            p.firm_id,
            p.role_id,
            p.title,
            p.unit,
            p.tense.as_str(),
            said.0,
            said.1,
            said.2,
            started.0,
            started.1,
            started.2,
            ended.0,
            ended.1,
            ended.2,
            p.n_articles as i64,
            p.confidence,
        ])?;
    }
    Ok(())
}

fn write_moves(connection: &Connection, dataset: &Dataset) -> rusqlite::Result<()> {
    let mut insert = connection.prepare(
        "insert into moves (id, person_id, kind, status, manner, from_firm_id, from_role_id, from_position_id,
                            to_firm_id, to_role_id, to_position_id, from_title, to_title, to_note, happened_on,
                            happened_on_min, happened_on_max, announced_on, announced_on_min, announced_on_max,
                            succeeds_move_id, n_articles, confidence)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
                 ?23)",
    )?;
    let mut insert_step = connection.prepare(
        "insert into move_history (move_id, ordinal, said_on, status, article_id) values (?1, ?2, ?3, ?4, ?5)",
    )?;
    for m in &dataset.moves {
        let (happened, announced) = (date(m.happened_on), date(m.announced_on));
        insert.execute(params![
            m.id,
            m.person_id,
            m.kind.as_str(),
            m.status.as_str(),
            m.manner.map(crate::model::Manner::as_str),
            m.from_firm_id,
            m.from_role_id,
            m.from_position_id,
            m.to_firm_id,
            m.to_role_id,
            m.to_position_id,
            m.from_title,
            m.to_title,
            m.to_note,
            happened.0,
            happened.1,
            happened.2,
            announced.0,
            announced.1,
            announced.2,
            m.succeeds_move_id,
            m.n_articles as i64,
            m.confidence,
        ])?;
        for (ordinal, step) in m.history.iter().enumerate() {
            insert_step.execute(params![
                m.id,
                ordinal as i64,
                step.said_on.map(|d| d.to_string()),
                step.status.as_str(),
                article_id(&step.article),
            ])?;
        }
    }
    Ok(())
}

/// Returns every id of one table of the dataset.
pub(super) fn ids(connection: &Connection, table: &str) -> rusqlite::Result<BTreeSet<String>> {
    Ok(column(connection, &format!("select id from {table}"))?.into_iter().collect())
}
