//! The layer of what was found: articles, their sources, claims with their evidence, what could not be read.
//!
//! Keyed by content. A claim that a newer extraction no longer makes is marked as superseded and removed together with
//! the dataset that points at it, in [`Store::put_dataset`]: so the dataset is whole at every instant.

use super::{Place, Store, facts};
use crate::error::Error;
use crate::extract::json::claim_ids;
use crate::model::{
    Article, ArticleClaims, Evidence, Kind, Language, Manner, Mention, MentionType, MoveClaim,
    PartialDate, PositionClaim, SlotName, Status, Tense,
};
use crate::resolve::pack;
use crate::text::{CharIndex, Span};
use rayon::prelude::*;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::BTreeSet;

/// The extraction of an article whose claims came from a file: no program's version, so a build leaves it alone.
pub const LOADED: &str = "loaded";

/// What became of an article that was put into the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// Its text was not there.
    New,
    /// It was there, from the same source.
    Unchanged,
    /// Its text was there from the same source, with another title, date or language.
    Changed,
    /// Its text was there from another source.
    Duplicate,
}

/// Returns the key of the article whose text has this hash: readable enough to type, the same in every run.
pub(super) fn article_id(text_sha256: &str) -> String {
    format!("a{}", text_sha256.get(..16).unwrap_or(text_sha256))
}

impl Store {
    /// Keeps articles, in one transaction, and says what became of each; forgets the errors of their sources.
    ///
    /// The same text from several sources is one article, described as the first source in alphabetical order
    /// describes it, whichever came first.
    pub fn put_articles(&mut self, articles: &[Article]) -> Result<Vec<Put>, Error> {
        self.transaction("store the articles", |connection| {
            articles.iter().map(|article| put_article(connection, article)).collect()
        })
    }

    /// Keeps why sources could not be read: (source, reason, hint), in one transaction.
    pub fn put_ingest_errors(&mut self, errors: &[(String, String, String)]) -> Result<(), Error> {
        self.transaction("store what could not be read", |connection| {
            let mut insert = connection.prepare_cached(
                "insert into ingest_errors (source, reason, hint) values (?1, ?2, ?3)
                 on conflict (source) do update set reason = excluded.reason, hint = excluded.hint",
            )?;
            for (source, reason, hint) in errors {
                insert.execute([source, reason, hint])?;
            }
            Ok(())
        })
    }

    /// Forgets what could not be read of the lines of the file `name`.
    pub fn forget_ingest_errors_of(&mut self, name: &str) -> Result<(), Error> {
        self.transaction("store what could not be read", |connection| {
            connection.execute(
                "delete from ingest_errors where substr(source, 1, length(?1) + 1) = ?1 || ':'",
                [name],
            )?;
            Ok(())
        })
    }

    /// Returns the keys of articles that no source of this run has, those with loaded claims apart.
    ///
    /// `seen` is every pair of a text's hash and a source met, `failed` the sources that could not be read. Forgets
    /// the other sources of articles that stay, and the errors of other sources.
    pub fn vanished(
        &mut self,
        seen: &BTreeSet<(String, String)>,
        failed: &BTreeSet<String>,
    ) -> Result<BTreeSet<String>, Error> {
        self.transaction("look for articles that are gone", |connection| {
            let errors = column(connection, "select source from ingest_errors")?;
            let mut forget =
                connection.prepare_cached("delete from ingest_errors where source = ?1")?;
            for source in errors.iter().filter(|source| !failed.contains(*source)) {
                forget.execute([source])?;
            }
            let mut select = connection.prepare(
                "select a.id, a.text_sha256, s.source
                 from articles a join article_sources s on s.article_id = a.id
                 where a.extraction is not ?1 order by a.id, s.source",
            )?;
            let mut rows = select.query([LOADED])?;
            let mut stays = BTreeSet::new();
            let mut stale = Vec::new();
            while let Some(row) = rows.next()? {
                let (id, sha, source): (String, String, String) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                let pair = (sha, source);
                if seen.contains(&pair) {
                    stays.insert(id);
                } else {
                    stale.push((id, pair));
                }
            }
            let mut gone = BTreeSet::new();
            for (id, (sha, source)) in stale {
                if stays.contains(&id) {
                    connection
                        .prepare_cached(
                            "delete from article_sources where article_id = ?1 and source = ?2",
                        )?
                        .execute([&id, &source])?;
                    describe_by_first_source(connection, &id, &sha)?;
                } else {
                    gone.insert(id);
                }
            }
            Ok(gone)
        })
    }

    /// Returns how many articles the extraction `version` has not read yet.
    pub fn count_pending(&self, version: &str) -> Result<u64, Error> {
        self.connection
            .query_row(
                "select count(*) from articles where extraction is not ?1 and extraction is not ?2",
                [version, LOADED],
                |row| row.get::<_, i64>(0),
            )
            .map(|n| n.unsigned_abs())
            .map_err(Place { path: &self.path }.error("count the articles"))
    }

    /// Returns up to `limit` articles that `version` has not read yet, by key, those after `after` only.
    pub fn pending(&self, version: &str, after: &str, limit: usize) -> Result<Vec<Article>, Error> {
        let read = || -> rusqlite::Result<Vec<Article>> {
            let mut select = self.connection.prepare_cached(
                "select name, source, title, outlet, byline, url, published_on, language, text, text_sha256
                 from articles
                 where extraction is not ?1 and extraction is not ?2 and id > ?3
                 order by id limit ?4",
            )?;
            let rows =
                select.query_map(params![version, LOADED, after, limit as i64], article_of_row)?;
            rows.collect()
        };
        read().map_err(Place { path: &self.path }.error("read the articles"))
    }

    /// Returns the key that comes right before none of the articles after `article`: pass it on to [`Store::pending`].
    pub fn key_of(&self, article: &Article) -> String {
        article_id(&article.text_sha256)
    }

    /// Keeps what articles claim according to the extraction `version`, in place of what they claimed before.
    ///
    /// The articles must be in the store.
    pub fn put_claims(&mut self, version: &str, claims: &[ArticleClaims]) -> Result<(), Error> {
        let packed: Vec<Vec<u8>> = claims.par_iter().map(pack).collect();
        self.transaction("store the claims", |connection| {
            for (article, packed) in claims.iter().zip(&packed) {
                put_article_claims(connection, version, article)?;
                facts::put(connection, &article_id(&article.article.text_sha256), packed)?;
            }
            Ok(())
        })
    }

    /// Gives `each` the claims of every article but those in `gone`, by the hash of the article, one at a time.
    pub fn each_claims(
        &self,
        gone: &BTreeSet<String>,
        each: &mut dyn FnMut(ArticleClaims),
    ) -> Result<(), Error> {
        read_claims(&self.connection, gone, each)
            .map_err(Place { path: &self.path }.error("read the claims"))
    }

    /// Adds a line to the log of runs that changed something.
    pub fn put_run(
        &mut self,
        command: &str,
        version: &str,
        [n_read, n_new, n_skipped, n_removed]: [u64; 4],
    ) -> Result<(), Error> {
        self.transaction("store the run", |connection| {
            connection.execute(
                "insert into runs (command, program, extraction, n_read, n_new, n_skipped, n_removed)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    command,
                    env!("CARGO_PKG_VERSION"),
                    version,
                    n_read as i64,
                    n_new as i64,
                    n_skipped as i64,
                    n_removed as i64
                ],
            )?;
            Ok(())
        })
    }
}

fn put_article(connection: &Connection, article: &Article) -> rusqlite::Result<Put> {
    let id = article_id(&article.text_sha256);
    connection
        .prepare_cached("delete from ingest_errors where source = ?1")?
        .execute([&article.source])?;
    let is_new = connection
        .prepare_cached("select 1 from articles where id = ?1")?
        .query_row([&id], |_| Ok(()))
        .optional()?
        .is_none();
    if is_new {
        connection
            .prepare_cached(
                "insert into articles (id, name, source, title, outlet, byline, url, published_on, published_on_min,
                                       published_on_max, language, text, text_sha256)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            )?
            .execute(params![
                id,
                article.id,
                article.source,
                article.title,
                article.outlet,
                article.byline,
                article.url,
                article.published_on.map(|d| d.to_string()),
                article.published_on.map(PartialDate::min_day),
                article.published_on.map(PartialDate::max_day),
                article.language.as_str(),
                article.text,
                article.text_sha256,
            ])?;
        put_source(connection, &id, article)?;
        return Ok(Put::New);
    };
    let known = connection
        .prepare_cached(
            "select name, source, title, outlet, byline, url, published_on, language, '', ?3
             from article_sources where article_id = ?1 and source = ?2",
        )?
        .query_row([&id, &article.source, &article.text_sha256], article_of_row)
        .optional()?;
    let put = match &known {
        None => Put::Duplicate,
        Some(known) if same_description(known, article) => return Ok(Put::Unchanged),
        Some(_) => Put::Changed,
    };
    put_source(connection, &id, article)?;
    describe_by_first_source(connection, &id, &article.text_sha256)?;
    Ok(put)
}

/// Describes an article as its first source does; the extraction then reads it again, unless its claims were loaded.
fn describe_by_first_source(connection: &Connection, id: &str, sha: &str) -> rusqlite::Result<()> {
    let stored = connection
        .prepare_cached(
            "select name, source, title, outlet, byline, url, published_on, language, '', text_sha256
             from articles where id = ?1",
        )?
        .query_row([id], article_of_row)?;
    let first = connection
        .prepare_cached(
            "select name, source, title, outlet, byline, url, published_on, language, '', ?2
             from article_sources where article_id = ?1 order by source limit 1",
        )?
        .query_row([id, sha], article_of_row)?;
    if same_description(&first, &stored) {
        return Ok(());
    }
    connection
        .prepare_cached(
            "update articles set name = ?2, source = ?3, title = ?4, outlet = ?5, byline = ?6, url = ?7,
                 published_on = ?8, published_on_min = ?9, published_on_max = ?10, language = ?11,
                 extraction = iif(extraction = ?12, extraction, null)
             where id = ?1",
        )?
        .execute(params![
            id,
            first.id,
            first.source,
            first.title,
            first.outlet,
            first.byline,
            first.url,
            first.published_on.map(|d| d.to_string()),
            first.published_on.map(PartialDate::min_day),
            first.published_on.map(PartialDate::max_day),
            first.language.as_str(),
            LOADED,
        ])?;
    connection
        .prepare_cached("update article_facts set published_on = ?2 where article_id = ?1")?
        .execute(params![id, first.published_on.map(|d| d.to_string())])?;
    Ok(())
}

fn put_source(connection: &Connection, id: &str, article: &Article) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "insert or replace into article_sources
                 (article_id, source, name, title, outlet, byline, url, published_on, language)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            id,
            article.source,
            article.id,
            article.title,
            article.outlet,
            article.byline,
            article.url,
            article.published_on.map(|d| d.to_string()),
            article.language.as_str(),
        ])?;
    Ok(())
}

/// Returns whether two describe their (equal) text in the same words.
fn same_description(one: &Article, other: &Article) -> bool {
    (&one.id, &one.source, &one.title, &one.outlet, &one.byline, &one.url)
        == (&other.id, &other.source, &other.title, &other.outlet, &other.byline, &other.url)
        && (one.published_on, one.language) == (other.published_on, other.language)
}

fn put_article_claims(
    connection: &Connection,
    version: &str,
    claims: &ArticleClaims,
) -> rusqlite::Result<()> {
    let id = article_id(&claims.article.text_sha256);
    let index = CharIndex::new(&claims.article.text);
    connection
        .prepare_cached("update claims set extraction = null where article_id = ?1")?
        .execute([&id])?;
    let ids = claim_ids(claims);
    let mut insert_move = connection.prepare_cached(
        "insert into claims (id, article_id, extraction, ordinal, type, person, kind, status, manner, from_firm,
                             from_role, to_firm, to_role, to_note, date, rule, confidence)
         values (?1, ?2, ?3, ?4, 'move', ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
         on conflict (id) do update set extraction = excluded.extraction, ordinal = excluded.ordinal",
    )?;
    for (ordinal, (key, m)) in ids.moves.iter().zip(&claims.moves).enumerate() {
        insert_move.execute(params![
            key,
            id,
            version,
            ordinal as i64,
            m.person,
            m.kind.as_str(),
            m.status.as_str(),
            m.manner.map(Manner::as_str),
            m.from_firm,
            m.from_role,
            m.to_firm,
            m.to_role,
            m.to_note,
            m.date.map(|d| d.to_string()),
            m.rule,
            m.confidence,
        ])?;
        put_evidence(connection, key, &m.evidence, &index)?;
    }
    let mut insert_position = connection.prepare_cached(
        "insert into claims (id, article_id, extraction, ordinal, type, person, firm, role, tense, started_on,
                             ended_on, rule, confidence)
         values (?1, ?2, ?3, ?4, 'position', ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
         on conflict (id) do update set extraction = excluded.extraction, ordinal = excluded.ordinal",
    )?;
    for (ordinal, (key, p)) in ids.positions.iter().zip(&claims.positions).enumerate() {
        insert_position.execute(params![
            key,
            id,
            version,
            ordinal as i64,
            p.person,
            p.firm,
            p.role,
            p.tense.as_str(),
            p.started_on.map(|d| d.to_string()),
            p.ended_on.map(|d| d.to_string()),
            p.rule,
            p.confidence,
        ])?;
        put_evidence(connection, key, &p.evidence, &index)?;
    }
    connection.prepare_cached("delete from mentions where article_id = ?1")?.execute([&id])?;
    let mut insert_mention = connection.prepare_cached(
        "insert into mentions (article_id, ordinal, type, entity, char_start, char_end) values (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (ordinal, mention) in claims.mentions.iter().enumerate() {
        insert_mention.execute(params![
            id,
            ordinal as i64,
            mention.mention_type.as_str(),
            mention.entity,
            index.char_of(mention.span.start) as i64,
            index.char_of(mention.span.end) as i64,
        ])?;
    }
    connection
        .prepare_cached("delete from extraction_notes where article_id = ?1")?
        .execute([&id])?;
    let mut insert_note = connection.prepare_cached(
        "insert into extraction_notes (article_id, ordinal, note) values (?1, ?2, ?3)",
    )?;
    for (ordinal, note) in claims.notes.iter().enumerate() {
        insert_note.execute(params![id, ordinal as i64, note])?;
    }
    connection
        .prepare_cached("update articles set extraction = ?2 where id = ?1")?
        .execute([&id, version])?;
    Ok(())
}

fn put_evidence(
    connection: &Connection,
    claim: &str,
    evidence: &[Evidence],
    index: &CharIndex<'_>,
) -> rusqlite::Result<()> {
    // The claim's key covers its evidence: what is there under the same key is the same.
    let mut insert = connection.prepare_cached(
        "insert or ignore into evidence (claim_id, ordinal, slot, char_start, char_end, quote)
         values (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (ordinal, words) in evidence.iter().enumerate() {
        insert.execute(params![
            claim,
            ordinal as i64,
            words.slot.as_str(),
            index.char_of(words.span.start) as i64,
            index.char_of(words.span.end) as i64,
            words.quote,
        ])?;
    }
    Ok(())
}

fn read_claims(
    connection: &Connection,
    gone: &BTreeSet<String>,
    each: &mut dyn FnMut(ArticleClaims),
) -> rusqlite::Result<()> {
    let mut select = connection.prepare(
        "select name, source, title, outlet, byline, url, published_on, language, text, text_sha256
         from articles order by text_sha256",
    )?;
    for article in select.query_map([], article_of_row)? {
        let article = article?;
        if !gone.contains(&article_id(&article.text_sha256)) {
            each(read_article_claims(connection, article)?);
        }
    }
    Ok(())
}

/// Returns what the article with this key claims.
pub(super) fn read_one(connection: &Connection, id: &str) -> rusqlite::Result<ArticleClaims> {
    let article = connection
        .prepare_cached(
            "select name, source, title, outlet, byline, url, published_on, language, text, text_sha256
             from articles where id = ?1",
        )?
        .query_row([id], article_of_row)?;
    read_article_claims(connection, article)
}

/// Returns what `article` claims, in the order of the extraction.
fn read_article_claims(
    connection: &Connection,
    article: Article,
) -> rusqlite::Result<ArticleClaims> {
    let id = article_id(&article.text_sha256);
    let index = CharIndex::new(&article.text);
    let mut moves = Vec::new();
    let mut positions = Vec::new();
    let mut select = connection.prepare_cached(
        "select id, type, person, kind, status, manner, from_firm, from_role, to_firm, to_role, to_note, date,
                firm, role, tense, started_on, ended_on, rule, confidence
         from claims where article_id = ?1 and extraction is not null order by type, ordinal",
    )?;
    let mut rows = select.query([&id])?;
    while let Some(row) = rows.next()? {
        let key: String = row.get(0)?;
        let evidence = read_evidence(connection, &key, &index)?;
        if row.get_ref(1)?.as_str()? == "move" {
            moves.push(MoveClaim {
                person: row.get(2)?,
                kind: word(row, 3, Kind::parse)?,
                status: word(row, 4, Status::parse)?,
                manner: word_or_null(row, 5, Manner::parse)?,
                from_firm: row.get(6)?,
                from_role: row.get(7)?,
                to_firm: row.get(8)?,
                to_role: row.get(9)?,
                to_note: row.get(10)?,
                date: word_or_null(row, 11, PartialDate::parse)?,
                evidence,
                rule: row.get(17)?,
                confidence: row.get(18)?,
            });
        } else {
            positions.push(PositionClaim {
                person: row.get(2)?,
                firm: row.get(12)?,
                role: row.get(13)?,
                tense: word(row, 14, Tense::parse)?,
                started_on: word_or_null(row, 15, PartialDate::parse)?,
                ended_on: word_or_null(row, 16, PartialDate::parse)?,
                evidence,
                rule: row.get(17)?,
                confidence: row.get(18)?,
            });
        }
    }
    let mut select = connection.prepare_cached(
        "select type, entity, char_start, char_end from mentions where article_id = ?1 order by ordinal",
    )?;
    let mentions = select
        .query_map([&id], |row| {
            Ok(Mention {
                mention_type: word(row, 0, MentionType::parse)?,
                entity: row.get(1)?,
                span: span(row, 2, 3, &index)?,
            })
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut select = connection.prepare_cached(
        "select note from extraction_notes where article_id = ?1 order by ordinal",
    )?;
    let notes =
        select.query_map([&id], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    drop(index);
    Ok(ArticleClaims { article, moves, positions, mentions, notes })
}

fn read_evidence(
    connection: &Connection,
    claim: &str,
    index: &CharIndex<'_>,
) -> rusqlite::Result<Vec<Evidence>> {
    connection
        .prepare_cached(
            "select slot, char_start, char_end, quote from evidence where claim_id = ?1 order by ordinal",
        )?
        .query_map([claim], |row| {
            Ok(Evidence {
                slot: word(row, 0, SlotName::parse)?,
                span: span(row, 1, 2, index)?,
                quote: row.get(3)?,
            })
        })?
        .collect()
}

/// Reads `name, source, title, outlet, byline, url, published_on, language, text, text_sha256`.
fn article_of_row(row: &Row<'_>) -> rusqlite::Result<Article> {
    Ok(Article {
        id: row.get(0)?,
        source: row.get(1)?,
        title: row.get(2)?,
        outlet: row.get(3)?,
        byline: row.get(4)?,
        url: row.get(5)?,
        published_on: word_or_null(row, 6, PartialDate::parse)?,
        language: word(row, 7, Language::parse)?,
        text: row.get(8)?,
        text_sha256: row.get(9)?,
    })
}

/// Returns the values of the only column of `sql`.
pub(super) fn column(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}

/// Returns the value of a word out of a closed list, or an error that names the word.
pub(super) fn word<T>(
    row: &Row<'_>,
    at: usize,
    parse: impl Fn(&str) -> Option<T>,
) -> rusqlite::Result<T> {
    let text: String = row.get(at)?;
    parse(&text).ok_or_else(|| unexpected(at, format!("'{text}' is no known value")))
}

/// Like [`word`], for a column that may be null.
pub(super) fn word_or_null<T>(
    row: &Row<'_>,
    at: usize,
    parse: impl Fn(&str) -> Option<T>,
) -> rusqlite::Result<Option<T>> {
    let Some(text) = row.get::<_, Option<String>>(at)? else { return Ok(None) };
    parse(&text).map(Some).ok_or_else(|| unexpected(at, format!("'{text}' is no known value")))
}

fn span(row: &Row<'_>, start: usize, end: usize, index: &CharIndex<'_>) -> rusqlite::Result<Span> {
    let byte = |at: usize| -> rusqlite::Result<usize> {
        let char: i64 = row.get(at)?;
        usize::try_from(char)
            .ok()
            .and_then(|char| index.byte_of(char))
            .ok_or_else(|| unexpected(at, format!("position {char} lies outside the text")))
    };
    let (first, last) = (byte(start)?, byte(end)?);
    if first > last {
        return Err(unexpected(end, "a quote ends before it starts".to_owned()));
    }
    Ok(Span::new(first, last))
}

/// Returns the error of a value that the schema would not have let in.
pub(super) fn unexpected(at: usize, reason: String) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(at, Type::Text, reason.into())
}
