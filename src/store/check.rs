//! Verifies that the file keeps what it promises: SQLite's own checks, quotes, orphans, duplicates, impossible dates.

use super::{Place, Reader};
use crate::error::Error;
use crate::model::sha256_hex;
use rusqlite::Connection;

/// The most findings that are listed for one rule; the rest is counted.
const LISTED: usize = 20;

/// What a check found.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// Rules that were tried.
    pub rules: Vec<&'static str>,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What is no error, but good to know (articles that an interrupted run left for the next one).
    pub notes: Vec<String>,
}

/// A rule that does not hold, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// The rows where it does not hold, the first 20.
    pub places: Vec<String>,
    /// How many rows there are in all.
    pub n: u64,
}

/// Rules as queries that give a place for every row that breaks them.
const RULES: &[(&str, &str)] = &[
    (
        "a quote is the text's own words",
        "select 'evidence of claim ' || e.claim_id || ': ' || e.quote
         from evidence e join claims c on c.id = e.claim_id join articles a on a.id = c.article_id
         where substr(a.text, e.char_start + 1, e.char_end - e.char_start) <> e.quote
         union all
         select 'move ' || e.move_id || ': ' || e.quote
         from move_evidence e join articles a on a.id = e.article_id
         where substr(a.text, e.char_start + 1, e.char_end - e.char_start) <> e.quote
         union all
         select 'position ' || e.position_id || ': ' || e.quote
         from position_evidence e join articles a on a.id = e.article_id
         where substr(a.text, e.char_start + 1, e.char_end - e.char_start) <> e.quote",
    ),
    (
        "a mention lies inside its text",
        "select 'article ' || m.article_id || ': ' || m.entity
         from mentions m join articles a on a.id = m.article_id
         where m.char_end > length(a.text)",
    ),
    (
        "every move and position has its evidence",
        "select 'move ' || id from moves where id not in (select move_id from move_evidence where supports = 1)
         union all
         select 'position ' || id from positions
         where id not in (select position_id from position_evidence where supports = 1)",
    ),
    (
        "evidence comes from the article of its claim",
        "select 'move ' || e.move_id from move_evidence e join claims c on c.id = e.claim_id
         where c.article_id <> e.article_id
         union all
         select 'position ' || e.position_id from position_evidence e join claims c on c.id = e.claim_id
         where c.article_id <> e.article_id",
    ),
    (
        "every person, firm and role is told of",
        "select 'person ' || id from people
         where id not in (select person_id from moves) and id not in (select person_id from positions)
             and not exists (select 1 from article_names n where n.person_id = people.id)
         union all
         select 'firm ' || id from firms f
         where not exists (select 1 from moves m where m.from_firm_id = f.id)
             and not exists (select 1 from moves m where m.to_firm_id = f.id)
             and not exists (select 1 from positions p where p.firm_id = f.id)
             and not exists (select 1 from firms child where child.parent_id = f.id)
             and not exists (select 1 from article_names n where n.firm_id = f.id)
         union all
         select 'role ' || id from roles r
         where not exists (select 1 from moves m where m.from_role_id = r.id)
             and not exists (select 1 from moves m where m.to_role_id = r.id)
             and not exists (select 1 from positions p where p.role_id = r.id)
             and id not in (
                 select n.role_id from role_names n where n.name in (
                     select role from claims where role is not null
                     union select from_role from claims where from_role is not null
                     union select to_role from claims where to_role is not null))",
    ),
    (
        // Without a day, what was announced years apart is two moves: a post can be taken twice.
        "no move stands twice",
        "select 'moves ' || group_concat(id, ', ') from moves
         group by person_id, kind, status, from_firm_id, from_role_id, to_firm_id, to_role_id, to_note, happened_on,
             from_title, to_title
         having count(*) > 1 and (
             happened_on is not null or count(announced_on) < count(*)
             or julianday(max(announced_on_min)) - julianday(min(announced_on_max)) <= 540
         )",
    ),
    (
        "no position stands twice",
        "select 'positions ' || group_concat(id, ', ') from positions
         group by person_id, firm_id, role_id, title, unit, started_on, ended_on
         having count(*) > 1",
    ),
    (
        "no name is written twice",
        "select 'person ' || person_id || ': ' || name from person_names group by person_id, name having count(*) > 1
         union all
         select 'role ' || role_id || ': ' || name from role_names group by role_id, name having count(*) > 1",
    ),
    (
        "dates are possible",
        "select 'position ' || id || ': starts ' || started_on || ', ends ' || ended_on from positions
         where started_on_min > ended_on_max
         union all
         select 'position ' || id || ': is held now and ended ' || ended_on || ', before ' || said_on from positions
         where tense = 'current' and ended_on_max < said_on_min
         union all
         select 'position ' || id || ': ' || ifnull(started_on, ended_on) from positions
         where started_on_min > '2200' or ended_on_min > '2200' or started_on_max < '1500' or ended_on_max < '1500'
         union all
         select 'move ' || id || ': ' || ifnull(happened_on, announced_on) from moves
         where happened_on_min > '2200' or announced_on_min > '2200' or happened_on_max < '1500'
             or announced_on_max < '1500'",
    ),
    (
        "the days of a date fit the date",
        "select 'move ' || id from moves
         where substr(happened_on_min, 1, length(rtrim(happened_on, '~'))) <> rtrim(happened_on, '~')
             or substr(happened_on_max, 1, length(rtrim(happened_on, '~'))) <> rtrim(happened_on, '~')
             or date(happened_on_min) is not happened_on_min or date(happened_on_max) is not happened_on_max
         union all
         select 'position ' || id from positions
         where substr(started_on_min, 1, length(rtrim(started_on, '~'))) <> rtrim(started_on, '~')
             or substr(ended_on_max, 1, length(rtrim(ended_on, '~'))) <> rtrim(ended_on, '~')
             or date(started_on_min) is not started_on_min or date(ended_on_max) is not ended_on_max",
    ),
    (
        "a redirect leads to a row",
        "select entity || ' ' || old_id || ' -> ' || new_id from redirects
         where new_id is not null and not case entity
             when 'person' then exists (select 1 from people where id = new_id)
             when 'firm' then exists (select 1 from firms where id = new_id)
             when 'role' then exists (select 1 from roles where id = new_id)
             when 'position' then exists (select 1 from positions where id = new_id)
             else exists (select 1 from moves where id = new_id) end",
    ),
    (
        "every article has a source",
        "select 'article ' || id from articles where id not in (select article_id from article_sources)",
    ),
];

impl Reader {
    /// Verifies the whole file; `version` is the extraction of this program. An error means that it can't be read.
    pub fn check(&self, version: &str) -> Result<Checked, Error> {
        run(&self.connection, version).map_err(Place { path: &self.path }.error("check the rows"))
    }
}

fn run(connection: &Connection, version: &str) -> rusqlite::Result<Checked> {
    let mut checked = Checked::default();
    let integrity: Vec<String> = super::found::column(connection, "pragma integrity_check(20)")?;
    let whole = integrity == ["ok"];
    checked.rules.push("the file is whole");
    if !whole {
        // What a broken file says of its rows means nothing.
        checked.findings.push(Finding {
            rule: "the file is whole",
            n: integrity.len() as u64,
            places: integrity,
        });
        return Ok(checked);
    }
    let keys = connection
        .prepare("select \"table\", rowid, parent from pragma_foreign_key_check")?
        .query_map([], |row| {
            Ok(format!(
                "{} {}: no such row in {}",
                row.get::<_, String>(0)?,
                row.get::<_, Option<i64>>(1)?.map_or(String::new(), |id| id.to_string()),
                row.get::<_, String>(2)?
            ))
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    push(&mut checked, "every key leads to a row", keys);
    let texts = check_texts(connection)?;
    push(&mut checked, "a text has the hash it is known by", texts);
    for (rule, sql) in RULES {
        let places = super::found::column(connection, sql)?;
        push(&mut checked, rule, places);
    }
    let pending: i64 = connection.query_row(
        "select count(*) from articles where extraction is not ?1 and extraction is not ?2",
        [version, super::LOADED],
        |row| row.get(0),
    )?;
    if pending > 0 {
        checked.notes.push(format!(
            "{pending} articles are not extracted yet by this version: the next `valzer build` does it"
        ));
    }
    let superseded: i64 = connection.query_row(
        "select count(*) from claims where extraction is null",
        [],
        |row| row.get(0),
    )?;
    if superseded > 0 {
        checked.notes.push(format!(
            "the dataset still rests on {superseded} superseded claims: an interrupted run, which the next build completes"
        ));
    }
    Ok(checked)
}

fn push(checked: &mut Checked, rule: &'static str, mut places: Vec<String>) {
    checked.rules.push(rule);
    if places.is_empty() {
        return;
    }
    let n = places.len() as u64;
    places.truncate(LISTED);
    checked.findings.push(Finding { rule, places, n });
}

fn check_texts(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut wrong = Vec::new();
    let mut select =
        connection.prepare("select id, text, text_sha256 from articles order by id")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        let text: String = row.get(1)?;
        let sha: String = row.get(2)?;
        if sha256_hex(&text) != sha || super::found::article_id(&sha) != id {
            wrong.push(format!("article {id}"));
        }
    }
    Ok(wrong)
}
