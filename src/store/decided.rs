//! The layer of what the user decided, and what the user's words for people, firms and rows point at in the layer
//! below.

use super::found::{unexpected, word};
use super::{Place, Reader, Store};
use crate::error::Error;
use crate::model::MentionType;
use crate::resolve::{Action, ClaimId, Decision, NameAt};
use crate::text::fold;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// A decision as the file keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// Its number; of two that contradict each other the one with the larger number holds.
    pub id: i64,
    /// What it says.
    pub action: Action,
    /// The user's own words about it.
    pub note: Option<String>,
    /// Whether the user took it back.
    pub undone: bool,
}

/// A claim of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimAt {
    /// Key of the claim.
    pub id: ClaimId,
    /// Whether it claims a move; a position otherwise.
    pub is_move: bool,
}

/// Returns those that hold.
pub fn holding(list: Vec<Decided>) -> Vec<Decision> {
    let all = list.into_iter().filter(|d| !d.undone);
    all.map(|d| Decision { id: d.id.to_string(), action: d.action }).collect()
}

/// A move that is worth a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoubtfulRow {
    /// Its id.
    pub id: String,
    /// What it says.
    pub about: String,
    /// Whole percent.
    pub confidence_percent: i64,
    /// Slots that some article tells otherwise, separated by commas.
    pub against: Option<String>,
    /// The words behind it.
    pub quote: String,
    /// Keys of its claims, separated by `|`.
    pub claims: String,
}

impl Store {
    /// Returns the decisions that hold, the oldest first: of two that contradict each other the later one wins.
    pub fn decisions(&self) -> Result<Vec<Decision>, Error> {
        self.decided().map(holding)
    }

    /// Returns every decision, the undone ones too, the oldest first.
    pub fn decided(&self) -> Result<Vec<Decided>, Error> {
        read(&self.connection).map_err(Place { path: &self.path }.error("read the decisions"))
    }

    /// Adds decisions, in one transaction; each keeps its number.
    pub fn put_decisions(&mut self, list: &[Decided]) -> Result<(), Error> {
        self.transaction("store the decisions", |connection| {
            list.iter().try_for_each(|decided| insert(connection, decided))
        })
    }

    /// Marks decisions as undone, or takes the mark away, in one transaction; nothing is ever deleted.
    ///
    /// Returns the numbers whose mark changed. Fails with [`Error::NotFound`], and changes nothing, where there is no
    /// decision of a number.
    pub fn mark_undone(&mut self, ids: &[i64], undone: bool) -> Result<Vec<i64>, Error> {
        let decided = self.decided()?;
        for id in ids {
            if !decided.iter().any(|d| d.id == *id) {
                let last = decided.iter().rev().take(5).rev().map(|d| d.id.to_string());
                return Err(Error::NotFound {
                    what: "decision",
                    name: id.to_string(),
                    near: last.collect(),
                });
            }
        }
        self.transaction("store the decisions", |connection| {
            let mut update = connection
                .prepare("update decisions set undone = ?2 where id = ?1 and undone <> ?2")?;
            let mut changed = Vec::new();
            for id in ids {
                if update.execute(params![id, undone])? > 0 {
                    changed.push(*id);
                }
            }
            Ok(changed)
        })
    }
}

impl Reader {
    /// Returns every decision, the undone ones too, the oldest first.
    pub fn decided(&self) -> Result<Vec<Decided>, Error> {
        read(&self.connection).map_err(Place { path: &self.path }.error("read the decisions"))
    }

    /// Returns the rows most worth a look, at most `limit`: moves with words against them first, then those whose
    /// confidence is closest to a half. Rows of which the user decided something are left out.
    pub fn doubtful_rows(&self, limit: usize) -> Result<Vec<DoubtfulRow>, Error> {
        let read = || -> rusqlite::Result<Vec<DoubtfulRow>> {
            self.connection
                .prepare(
                    "with against (move_id, slots) as (
                         select move_id, group_concat(distinct slot) from move_evidence where supports = 0 group by 1)
                     select m.id, m.person || ', ' || replace(m.kind, '_', ' ') || ' (' || m.status || ')'
                            || ifnull(', from ' || m.from_firm, '') || ifnull(', to ' || ifnull(m.to_firm, m.to_note), '')
                            || ifnull(', ' || ifnull(m.happened_on, m.announced_on), ''),
                         m.confidence_percent, a.slots, m.quote,
                         (select group_concat(claim_id, '|') from (
                              select distinct e.claim_id from move_evidence e join claims c on c.id = e.claim_id
                              where e.move_id = m.id and c.type = 'move' order by 1)) as claims
                     from moves_flat m left join against a on a.move_id = m.id
                     where claims is not null and not exists (
                         select 1 from move_evidence e join decisions d on d.claim_id = e.claim_id
                         where e.move_id = m.id and d.undone = 0)
                     order by a.slots is null, abs(m.confidence_percent - 50), m.id limit ?1",
                )?
                .query_map([limit as i64], |row| {
                    Ok(DoubtfulRow {
                        id: row.get(0)?,
                        about: row.get(1)?,
                        confidence_percent: row.get(2)?,
                        against: row.get(3)?,
                        quote: row.get::<_, Option<String>>(4)?.unwrap_or_default(),
                        claims: row.get(5)?,
                    })
                })?
                .collect()
        };
        read().map_err(Place { path: &self.path }.error("look for doubtful rows"))
    }

    /// Returns a sentence of the article that tells of a name; empty where no claim has one.
    pub fn sentence_of(&self, at: &NameAt) -> Result<String, Error> {
        self.connection
            .prepare_cached(
                "select e.quote from articles a join claims c on c.article_id = a.id
                     join evidence e on e.claim_id = c.id and e.slot in ('sentence', 'trigger', 'person')
                 where a.text_sha256 = ?1 and ?2 in (c.person, c.firm, c.from_firm, c.to_firm)
                 order by e.slot = 'sentence' desc, length(e.quote) desc, e.char_start limit 1",
            )
            .and_then(|mut select| {
                select.query_row([&at.article, &at.name], |row| row.get(0)).optional()
            })
            .map(Option::unwrap_or_default)
            .map_err(Place { path: &self.path }.error("read the claims"))
    }

    /// Returns a name with its article in words for people.
    pub fn place_of(&self, at: &NameAt) -> Result<String, Error> {
        place_of(&self.connection, at)
            .map_err(Place { path: &self.path }.error("read the articles"))
    }

    /// Returns what decisions speak of, in words for people ("'M. Rossi' in n3"); ids of claims and hashes of articles
    /// that are not in the file stay as they are.
    pub fn about(&self, action: &Action) -> Result<String, Error> {
        about(&self.connection, action).map_err(Place { path: &self.path }.error("read the claims"))
    }

    /// Returns the name in an article that `text` means: `NAME@ARTICLE`, or a person or firm by name or id, which is
    /// meant by its fullest name in the first article that has it.
    ///
    /// Fails with [`Error::Ambiguous`] where several rows bear the name.
    pub fn name_at(&self, text: &str) -> Result<(MentionType, NameAt), Error> {
        let place = Place { path: &self.path };
        if let Some((name, article)) = text.rsplit_once('@') {
            return self.name_in(name, article);
        }
        let found = self.people_and_firms(text)?;
        if found.is_empty() {
            return Err(Error::NotFound {
                what: "person or firm",
                name: text.to_owned(),
                near: Vec::new(),
            });
        }
        let [(mention_type, id)] = found.as_slice() else {
            let which = found.into_iter().map(|(_, id)| id).collect();
            return Err(Error::Ambiguous { name: text.to_owned(), which });
        };
        let column = column_of(*mention_type);
        let at = self
            .connection
            .prepare(&format!(
                "select a.text_sha256, n.name from article_names n join articles a on a.id = n.article_id
                 where n.{column} = ?1 and not exists (
                     select 1 from article_names o
                     where o.article_id = n.article_id and o.name = n.name and o.{column} <> n.{column})
                 order by length(n.name) desc, n.name, a.text_sha256 limit 1"
            ))
            .and_then(|mut select| select.query_row([id], name_at_of_row).optional())
            .map_err(place.error("search"))?;
        at.map(|at| (*mention_type, at)).ok_or_else(|| Error::NotFound {
            what: "person or firm that articles name",
            name: text.to_owned(),
            near: Vec::new(),
        })
    }

    /// Returns every place of the names that `text` means: `NAME@ARTICLE`, a name, or all names of an id.
    pub fn names_meant(&self, text: &str) -> Result<(MentionType, Vec<NameAt>), Error> {
        if text.contains('@') {
            let (mention_type, at) = self.name_at(text)?;
            return Ok((mention_type, vec![at]));
        }
        let found = self.people_and_firms(text)?;
        let folded = fold(text);
        let mut meant = Vec::new();
        for (mention_type, id) in &found {
            let column = column_of(*mention_type);
            let all: Vec<NameAt> = self
                .connection
                .prepare(&format!(
                    "select a.text_sha256, n.name from article_names n join articles a on a.id = n.article_id
                     where n.{column} = ?1 order by 1, 2"
                ))
                .and_then(|mut select| select.query_map([id], name_at_of_row)?.collect())
                .map_err(Place { path: &self.path }.error("search"))?;
            let named: Vec<NameAt> =
                all.iter().filter(|at| fold(&at.name) == folded).cloned().collect();
            meant.push((*mention_type, if named.is_empty() || id == text { all } else { named }));
        }
        let mention_type = meant.first().map(|m| m.0);
        let of_one_type = meant.into_iter().filter(|m| Some(m.0) == mention_type);
        let names: Vec<NameAt> = of_one_type.flat_map(|m| m.1).collect();
        mention_type.filter(|_| !names.is_empty()).map(|of| (of, names)).ok_or_else(|| {
            Error::NotFound {
                what: "person or firm that articles name",
                name: text.to_owned(),
                near: Vec::new(),
            }
        })
    }

    fn name_in(&self, name: &str, article: &str) -> Result<(MentionType, NameAt), Error> {
        let place = Place { path: &self.path };
        let read = || -> rusqlite::Result<Vec<(MentionType, NameAt)>> {
            self.connection
                .prepare(
                    "select distinct a.text_sha256, n.name, n.type
                     from article_names n join articles a on a.id = n.article_id
                     where a.id = ?1 or a.name = ?1 or a.source = ?1 order by n.type desc, n.name, a.id",
                )?
                .query_map([article], |row| {
                    Ok((word(row, 2, MentionType::parse)?, name_at_of_row(row)?))
                })?
                .collect()
        };
        let here = read().map_err(place.error("search"))?;
        let folded = fold(name);
        let meant: Vec<_> = here.iter().filter(|(_, at)| fold(&at.name) == folded).collect();
        match meant.as_slice() {
            [one] => Ok((*one).clone()),
            [] => Err(Error::NotFound {
                what: "name of that article",
                name: format!("{name}@{article}"),
                near: here.iter().map(|(_, at)| format!("{}@{article}", at.name)).take(8).collect(),
            }),
            [first, ..] if meant.iter().all(|m| m.1.article == first.1.article) => {
                Err(Error::Ambiguous {
                    name: format!("{name}@{article}"),
                    which: meant.iter().map(|m| format!("{}@{article}", m.1.name)).collect(),
                })
            }
            _ => Err(Error::Ambiguous {
                name: article.to_owned(),
                which: meant.iter().map(|m| super::found::article_id(&m.1.article)).collect(),
            }),
        }
    }

    /// Returns the claims that `text` means: a claim by its key, or those behind a move or a position by its id.
    pub fn claims_behind(&self, text: &str) -> Result<Vec<ClaimAt>, Error> {
        let read = || -> rusqlite::Result<Vec<ClaimAt>> {
            self.connection
                .prepare(
                    "with row (id) as (
                         select ?1 union
                         select new_id from redirects where old_id = ?1 and entity in ('move', 'position'))
                     select distinct id, type = 'move' from claims where id = ?1
                     union
                     select c.id, c.type = 'move' from move_evidence e join claims c on c.id = e.claim_id
                     where e.move_id in row and c.type = 'move'
                     union
                     select c.id, c.type = 'move' from position_evidence e join claims c on c.id = e.claim_id
                     where e.position_id in row
                     order by 1",
                )?
                .query_map([text], |row| {
                    Ok(ClaimAt { id: row.get::<_, String>(0)?.into(), is_move: row.get(1)? })
                })?
                .collect()
        };
        let claims = read().map_err(Place { path: &self.path }.error("search"))?;
        if claims.is_empty() {
            return Err(Error::NotFound {
                what: "move, position or claim",
                name: text.to_owned(),
                near: Vec::new(),
            });
        }
        Ok(claims)
    }
}

fn column_of(mention_type: MentionType) -> &'static str {
    match mention_type {
        MentionType::Person => "person_id",
        MentionType::Firm => "firm_id",
    }
}

fn name_at_of_row(row: &Row<'_>) -> rusqlite::Result<NameAt> {
    Ok(NameAt { article: row.get(0)?, name: row.get(1)? })
}

fn insert(connection: &Connection, decided: &Decided) -> rusqlite::Result<()> {
    let mut row = [None; 7];
    let action = match &decided.action {
        Action::Same(of, one, other) | Action::Different(of, one, other) => {
            row[..5].copy_from_slice(&[
                Some(of.as_str()),
                Some(&one.article),
                Some(&one.name),
                Some(&other.article),
                Some(&other.name),
            ]);
            if matches!(decided.action, Action::Same(..)) { "same" } else { "different" }
        }
        Action::Edit { slot, value, .. } => {
            row[5..].copy_from_slice(&[Some(slot.as_str()), value.as_deref()]);
            "edit"
        }
        Action::Accept(_) => "accept",
        Action::Reject(_) => "reject",
    };
    let claim = match &decided.action {
        Action::Accept(claim) | Action::Reject(claim) | Action::Edit { claim, .. } => Some(claim),
        Action::Same(..) | Action::Different(..) => None,
    };
    let [name_type, article, name, other_article, other_name, slot, value] = row;
    connection
        .prepare_cached(
            "insert into decisions (id, action, claim_id, slot, value, name_type, article_sha256, name,
                                    other_article_sha256, other_name, note, undone)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            decided.id,
            action,
            claim,
            slot,
            value,
            name_type,
            article,
            name,
            other_article,
            other_name,
            decided.note,
            decided.undone,
        ])?;
    Ok(())
}

fn read(connection: &Connection) -> rusqlite::Result<Vec<Decided>> {
    connection
        .prepare(
            "select id, action, claim_id, slot, value, name_type, article_sha256, name, other_article_sha256, other_name,
                    note, undone
             from decisions order by id",
        )?
        .query_map([], |row| {
            Ok(Decided {
                id: row.get(0)?,
                action: action(row)?,
                note: row.get(10)?,
                undone: row.get(11)?,
            })
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

fn place_of(connection: &Connection, at: &NameAt) -> rusqlite::Result<String> {
    let article: Option<String> = connection
        .prepare_cached("select name from articles where text_sha256 = ?1")?
        .query_row([&at.article], |row| row.get(0))
        .optional()?;
    Ok(format!("'{}' in {}", at.name, article.as_deref().unwrap_or("an article that is gone")))
}

fn about(connection: &Connection, action: &Action) -> rusqlite::Result<String> {
    let (claim, slot) = match action {
        Action::Same(_, one, other) | Action::Different(_, one, other) => {
            return Ok(format!(
                "{} and {}",
                place_of(connection, one)?,
                place_of(connection, other)?
            ));
        }
        Action::Accept(claim) | Action::Reject(claim) => (claim, None),
        Action::Edit { claim, slot, value } => {
            (claim, Some(format!("{slot} = {}: ", value.as_deref().unwrap_or("nothing"))))
        }
    };
    let mut told = connection.prepare_cached(
        "select c.person || ', ' || replace(ifnull(c.kind || ' (' || c.status || ')', c.tense || ' position'), '_', ' ')
                || ifnull(', from ' || c.from_firm, '') || ifnull(', to ' || ifnull(c.to_firm, c.to_note), '')
                || ifnull(', at ' || c.firm, '') || ifnull(', as ' || ifnull(c.to_role, c.role), '')
                || ' in ' || a.name
         from claims c join articles a on a.id = c.article_id where c.id = ?1",
    )?;
    let words: Option<String> = told.query_row([claim], |row| row.get(0)).optional()?;
    let words = words.unwrap_or_else(|| "a claim that no article makes any more".to_owned());
    Ok(format!("{}{words}", slot.unwrap_or_default()))
}
