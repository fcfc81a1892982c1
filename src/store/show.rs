//! What the file knows of one person, firm or article, for people to read.

use super::{Place, Reader};
use crate::error::Error;
use crate::model::MentionType;
use crate::text::fold;
use rusqlite::{Connection, Row};
use serde::Serialize;
use std::collections::BTreeSet;

/// How many names are suggested when a search finds none or several.
const SUGGESTED: usize = 8;

/// What `show` found.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Card {
    /// A person with their career.
    Person(PersonCard),
    /// An organisation with who came and went.
    Firm(FirmCard),
    /// An article with its claims.
    Article(ArticleCard),
}

/// A person with their career.
#[derive(Clone, Debug, Serialize)]
pub struct PersonCard {
    /// Key.
    pub id: String,
    /// Main form of the name.
    pub name: String,
    /// Other forms.
    pub other_names: Vec<String>,
    /// Positions and moves by day; those without a day come first.
    pub career: Vec<Event>,
}

/// An organisation with who came and went.
#[derive(Clone, Debug, Serialize)]
pub struct FirmCard {
    /// Key.
    pub id: String,
    /// Main form of the name.
    pub name: String,
    /// company, university, …
    pub kind: Option<String>,
    /// ISO code.
    pub country: Option<String>,
    /// The organisation it belongs to.
    pub parent: Option<String>,
    /// Organisations that belong to it.
    pub units: Vec<String>,
    /// Other forms of the name.
    pub other_names: Vec<String>,
    /// Moves into it.
    pub came: Vec<Event>,
    /// Moves out of it.
    pub went: Vec<Event>,
    /// Moves inside it.
    pub inside: Vec<Event>,
    /// Who holds or held what there.
    pub positions: Vec<Event>,
}

/// An article with its claims.
#[derive(Clone, Debug, Serialize)]
pub struct ArticleCard {
    /// Key.
    pub id: String,
    /// Short name: the file's stem.
    pub name: String,
    /// Headline.
    pub title: Option<String>,
    /// Newspaper, agency or site.
    pub outlet: Option<String>,
    /// Day of publication.
    pub published_on: Option<String>,
    /// Where it was found.
    pub source: String,
    /// Web address.
    pub url: Option<String>,
    /// The article that it repeats.
    pub duplicate_of: Option<String>,
    /// What it claims.
    pub claims: Vec<Event>,
}

/// A move, a position, or an article's claim of one.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    /// "move" or "position".
    pub entity: String,
    /// Key of the row or claim.
    pub id: String,
    /// Who.
    pub person: String,
    /// Kind of the move, or tense of the position.
    pub what: String,
    /// Status of the move.
    pub status: Option<String>,
    /// Organisation left.
    pub from_firm: Option<String>,
    /// Role left.
    pub from_role: Option<String>,
    /// Organisation joined or worked at; what the text calls it where it has no name.
    pub firm: Option<String>,
    /// Role taken or held.
    pub role: Option<String>,
    /// Day of the move, or since when.
    pub started_on: Option<String>,
    /// Until when.
    pub ended_on: Option<String>,
    /// Whole percent.
    pub confidence_percent: i64,
    /// The rule that found it (claims only).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Where it is said.
    pub quotes: Vec<Quote>,
}

/// Words of an article.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Quote {
    /// The words.
    pub quote: String,
    /// Newspaper, or the source where that is unknown.
    pub outlet: String,
    /// Day of publication.
    pub published_on: Option<String>,
    /// Key of the article.
    pub article_id: String,
    /// First code point.
    pub char_start: i64,
    /// One past the last code point.
    pub char_end: i64,
    /// False where these words contradict the row.
    pub supports: bool,
}

const MOVE: &str = "select 'move', id, person, kind, status, from_firm, ifnull(from_title, from_role),
    ifnull(to_firm, to_note), ifnull(to_title, to_role), ifnull(happened_on, announced_on), null, confidence_percent,
    ifnull(happened_on_min, announced_on) from moves_flat";

const POSITION: &str =
    "select 'position', id, person, tense, null, null, null, firm, ifnull(title, role), started_on,
    ended_on, confidence_percent, ifnull(started_on_min, '') from positions_flat";

impl Reader {
    /// Returns the people, firms and articles that `name` means: an id, a name in any case and with or without accents,
    /// or a part of one name only.
    ///
    /// Fails with [`Error::NotFound`], and names that come near, where nothing or too much matches.
    pub fn show(&self, name: &str) -> Result<Vec<Card>, Error> {
        let place = Place { path: &self.path };
        let found = self.find(name)?;
        found
            .iter()
            .map(|(entity, id)| self.card(entity, id).map_err(place.error("read")))
            .collect()
    }

    /// Returns the people and firms that `name` means; the error is that of [`Reader::show`].
    pub(super) fn people_and_firms(&self, name: &str) -> Result<Vec<(MentionType, String)>, Error> {
        let found = self.find(name)?;
        Ok(found
            .into_iter()
            .filter_map(|(what, id)| Some((MentionType::parse(&what)?, id)))
            .collect())
    }

    fn find(&self, name: &str) -> Result<BTreeSet<(String, String)>, Error> {
        let place = Place { path: &self.path };
        let mut found = self.find_exactly(name).map_err(place.error("search"))?;
        if found.is_empty() {
            let hits = self.search(name).map_err(place.error("search"))?;
            let things: BTreeSet<(String, String)> =
                hits.iter().map(|(entity, id, _)| (entity.clone(), id.clone())).collect();
            if things.len() != 1 {
                let mut near: Vec<String> = Vec::new();
                for (_, _, name) in hits {
                    if !near.contains(&name) && near.len() < SUGGESTED {
                        near.push(name);
                    }
                }
                return Err(Error::NotFound {
                    what: "person, firm or article",
                    name: name.to_owned(),
                    near,
                });
            }
            found.extend(things);
        }
        Ok(found)
    }

    /// Returns what has this id, this name, or (for an article) this source.
    fn find_exactly(&self, name: &str) -> rusqlite::Result<BTreeSet<(String, String)>> {
        let mut found = BTreeSet::new();
        let mut select = self.connection.prepare(
            "select 'person', id from people where id = ?1
             union select 'firm', id from firms where id = ?1
             union select 'article', id from articles where id = ?1 or name = ?1 or source = ?1
             union select 'article', article_id from article_sources where source = ?1
             union select entity, new_id from redirects
                 where old_id = ?1 and entity in ('person', 'firm') and new_id is not null",
        )?;
        for row in select.query_map([name], |row| Ok((row.get(0)?, row.get(1)?)))? {
            found.insert(row?);
        }
        if found.is_empty() {
            let folded = fold(name);
            for (entity, id, form) in self.search(name)? {
                if fold(&form) == folded {
                    found.insert((entity, id));
                }
            }
        }
        Ok(found)
    }

    /// Returns (entity, id, name) of names that hold every word of `name`, the last one perhaps cut short; best first.
    fn search(&self, name: &str) -> rusqlite::Result<Vec<(String, String, String)>> {
        let folded = fold(name);
        if folded.is_empty() {
            return Ok(Vec::new());
        }
        // Each word is quoted: nothing the user types is read as an operator of the search.
        let words: Vec<String> = folded.split(' ').map(|word| format!("\"{word}\"*")).collect();
        self.connection
            .prepare(
                "select entity, id, name from names_fts
                 where names_fts match ?1 and entity in ('person', 'firm') order by rank, name, id limit 200",
            )?
            .query_map([words.join(" ")], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect()
    }

    fn card(&self, entity: &str, id: &str) -> rusqlite::Result<Card> {
        match entity {
            "person" => self.person(id).map(Card::Person),
            "firm" => self.firm(id).map(Card::Firm),
            _ => self.article(id).map(Card::Article),
        }
    }

    fn person(&self, id: &str) -> rusqlite::Result<PersonCard> {
        let connection = &self.connection;
        let name: String =
            connection
                .query_row("select name from people where id = ?1", [id], |row| row.get(0))?;
        let sql = format!(
            "select * from ({MOVE} where person_id = ?1 union all {POSITION} where person_id = ?1)
             order by 13, 1 desc, 2"
        );
        let mut career = events(connection, &sql, id)?;
        quote(connection, &mut career)?;
        Ok(PersonCard {
            id: id.to_owned(),
            other_names: list(
                connection,
                "select name from person_names where person_id = ?1 and name <> ?2 order by name",
                &[id, &name],
            )?,
            name,
            career,
        })
    }

    fn firm(&self, id: &str) -> rusqlite::Result<FirmCard> {
        let connection = &self.connection;
        let moves = |condition: &str| -> rusqlite::Result<Vec<Event>> {
            let mut list =
                events(connection, &format!("{MOVE} where {condition} order by 13, 2"), id)?;
            quote(connection, &mut list)?;
            Ok(list)
        };
        let mut positions = events(
            connection,
            &format!("{POSITION} where firm_id = ?1 order by tense, person, 13, 2"),
            id,
        )?;
        quote(connection, &mut positions)?;
        let (name, kind, country, parent): (String, _, _, _) = connection.query_row(
            "select name, kind, country, parent from firms_flat where id = ?1",
            [id],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )?;
        Ok(FirmCard {
            id: id.to_owned(),
            kind,
            country,
            parent,
            units: list(
                connection,
                "select name from firms where parent_id = ?1 order by name",
                &[id],
            )?,
            other_names: list(
                connection,
                "select distinct name from firm_names where firm_id = ?1 and name <> ?2 order by name",
                &[id, &name],
            )?,
            name,
            came: moves("to_firm_id = ?1 and from_firm_id is not ?1")?,
            went: moves("from_firm_id = ?1 and to_firm_id is not ?1")?,
            inside: moves("from_firm_id = ?1 and to_firm_id = ?1")?,
            positions,
        })
    }

    fn article(&self, id: &str) -> rusqlite::Result<ArticleCard> {
        let connection = &self.connection;
        let mut claims = events(
            connection,
            "select type, id, person, ifnull(kind, tense), status, from_firm, from_role,
                    coalesce(to_firm, firm, to_note), coalesce(to_role, role), coalesce(date, started_on), ended_on,
                    cast(round(confidence * 100) as integer), '', rule
             from claims where article_id = ?1 and extraction is not null order by type, ordinal",
            id,
        )?;
        for claim in &mut claims {
            claim.quotes = quotes(
                connection,
                "select e.quote, ifnull(a.outlet, a.source), a.published_on, a.id, e.char_start, e.char_end, 1, e.slot
                 from evidence e join articles a on a.id = ?2 where e.claim_id = ?1
                 order by e.char_start, e.char_end",
                &[&claim.id, id],
            )?;
        }
        connection.query_row(
            "select name, title, outlet, published_on, source, url, duplicate_of from articles where id = ?1",
            [id],
            |row| {
                Ok(ArticleCard {
                    id: id.to_owned(),
                    name: row.get(0)?,
                    title: row.get(1)?,
                    outlet: row.get(2)?,
                    published_on: row.get(3)?,
                    source: row.get(4)?,
                    url: row.get(5)?,
                    duplicate_of: row.get(6)?,
                    claims,
                })
            },
        )
    }
}

fn events(connection: &Connection, sql: &str, id: &str) -> rusqlite::Result<Vec<Event>> {
    connection
        .prepare(sql)?
        .query_map([id], |row| {
            Ok(Event {
                entity: row.get(0)?,
                id: row.get(1)?,
                person: row.get(2)?,
                what: row.get(3)?,
                status: row.get(4)?,
                from_firm: row.get(5)?,
                from_role: row.get(6)?,
                firm: row.get(7)?,
                role: row.get(8)?,
                started_on: row.get(9)?,
                ended_on: row.get(10)?,
                confidence_percent: row.get(11)?,
                rule: row.get::<_, Option<String>>(13).or_else(no_such_column)?,
                quotes: Vec::new(),
            })
        })?
        .collect()
}

/// Only claims have a rule: other queries end before that column.
fn no_such_column(error: rusqlite::Error) -> rusqlite::Result<Option<String>> {
    match error {
        rusqlite::Error::InvalidColumnIndex(_) => Ok(None),
        other => Err(other),
    }
}

/// Gives every event the words behind it.
fn quote(connection: &Connection, events: &mut [Event]) -> rusqlite::Result<()> {
    for event in events {
        event.quotes = quotes(
            connection,
            "select quote, ifnull(outlet, source), published_on, article_id, char_start, char_end, supports, slot
             from sources where row_id = ?1 and entity = ?2
             order by published_on is null, published_on, article_id, char_start, char_end",
            &[&event.id, &event.entity],
        )?;
    }
    Ok(())
}

/// Returns the widest quotes of each article: a sentence covers the words of its slots.
fn quotes(connection: &Connection, sql: &str, keys: &[&str]) -> rusqlite::Result<Vec<Quote>> {
    let rows = connection
        .prepare_cached(sql)?
        .query_map(rusqlite::params_from_iter(keys), quote_of_row)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let covers = |wide: &Quote, narrow: &Quote| {
        wide.article_id == narrow.article_id
            && wide.supports == narrow.supports
            && wide.char_start <= narrow.char_start
            && narrow.char_end <= wide.char_end
            && (wide.char_end - wide.char_start) > (narrow.char_end - narrow.char_start)
    };
    let mut kept: Vec<Quote> = Vec::new();
    for row in &rows {
        if !kept.contains(row) && !rows.iter().any(|wide| covers(wide, row)) {
            kept.push(row.clone());
        }
    }
    Ok(kept)
}

fn quote_of_row(row: &Row<'_>) -> rusqlite::Result<Quote> {
    Ok(Quote {
        quote: row.get(0)?,
        outlet: row.get(1)?,
        published_on: row.get(2)?,
        article_id: row.get(3)?,
        char_start: row.get(4)?,
        char_end: row.get(5)?,
        supports: row.get(6)?,
    })
}

fn list(connection: &Connection, sql: &str, keys: &[&str]) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare(sql)?
        .query_map(rusqlite::params_from_iter(keys), |row| row.get(0))?
        .collect()
}
