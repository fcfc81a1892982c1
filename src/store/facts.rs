//! What resolution reads of each article, packed beside its claims: a copy, made anew wherever it is missing or comes
//! from another version of the program.

use super::found::{column, read_one, word_or_null};
use super::{Place, Reader, Store};
use crate::error::Error;
use crate::model::PartialDate;
use crate::resolve::{ClaimSet, FORM, pack};
use rusqlite::{Connection, params};
use std::collections::BTreeSet;

impl Store {
    /// Returns what every article but those in `gone` claims, and packs what is not packed yet.
    pub fn claim_set(&mut self, gone: &BTreeSet<String>) -> Result<ClaimSet, Error> {
        self.transaction("read the claims", |connection| {
            let mut set = ClaimSet::new();
            let lost = read_packed(connection, gone, &mut set)?;
            for id in unpacked(connection, lost)?.difference(gone) {
                let claims = read_one(connection, id)?;
                set.add(&claims);
                put(connection, id, &pack(&claims))?;
            }
            Ok(set)
        })
    }
}

impl Reader {
    /// Like [`Store::claim_set`], for reading alone.
    pub fn claim_set(&self) -> Result<ClaimSet, Error> {
        let read = || -> rusqlite::Result<ClaimSet> {
            let mut set = ClaimSet::new();
            let lost = read_packed(&self.connection, &BTreeSet::new(), &mut set)?;
            for id in unpacked(&self.connection, lost)? {
                set.add(&read_one(&self.connection, &id)?);
            }
            Ok(set)
        };
        read().map_err(Place { path: &self.path }.error("read the claims"))
    }
}

/// Keeps the packed facts of an article in the place of those it had.
pub(super) fn put(connection: &Connection, id: &str, facts: &[u8]) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "insert into article_facts (article_id, published_on, form, facts)
             select id, published_on, ?2, ?3 from articles where id = ?1
             on conflict (article_id) do update
             set published_on = excluded.published_on, form = excluded.form, facts = excluded.facts",
        )?
        .execute(params![id, FORM, facts])?;
    Ok(())
}

/// Adds everything that is packed; returns the articles whose bytes are not what this program packs.
fn read_packed(
    connection: &Connection,
    gone: &BTreeSet<String>,
    set: &mut ClaimSet,
) -> rusqlite::Result<Vec<String>> {
    let mut lost = Vec::new();
    let gone: BTreeSet<&str> = gone.iter().map(String::as_str).collect();
    let mut select = connection.prepare(
        "select article_id, published_on, facts from article_facts where form = ?1 order by seq",
    )?;
    let mut rows = select.query([FORM])?;
    while let Some(row) = rows.next()? {
        let id = row.get_ref(0)?.as_str()?;
        if gone.contains(id) {
            continue;
        }
        let date = word_or_null(row, 1, PartialDate::parse)?;
        if !set.add_packed(date, row.get_ref(2)?.as_blob()?) {
            lost.push(id.to_owned());
        }
    }
    Ok(lost)
}

/// Returns the articles that are not packed in this program's form, and those that are `lost`.
fn unpacked(connection: &Connection, lost: Vec<String>) -> rusqlite::Result<BTreeSet<String>> {
    let sql = format!(
        "select id from articles
         where id not in (select article_id from article_facts where form = {FORM})"
    );
    Ok(column(connection, &sql)?.into_iter().chain(lost).collect())
}
