//! Ids that a rebuild does away with, and what took their place, so that saved spreadsheets still join.
//!
//! What two datasets have in common is their claims: an old row is followed by the new row that rests on most of the
//! same claims (and, for firms and roles, on the same slot of them).

use super::layer::ids;
use crate::resolve::Dataset;
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};

/// The kinds of rows that have ids, with the table and the query that ties ids to what supports them.
const ENTITIES: &[(&str, &str, &str)] = &[
    (
        "person",
        "people",
        "select m.person_id, e.claim_id from move_evidence e join moves m on m.id = e.move_id
         union select p.person_id, e.claim_id from position_evidence e join positions p on p.id = e.position_id",
    ),
    (
        "firm",
        "firms",
        "select m.from_firm_id, e.claim_id || ' from' from move_evidence e join moves m on m.id = e.move_id
         where m.from_firm_id is not null
         union select m.to_firm_id, e.claim_id || ' to' from move_evidence e join moves m on m.id = e.move_id
         where m.to_firm_id is not null
         union select p.firm_id, e.claim_id from position_evidence e join positions p on p.id = e.position_id
         where p.firm_id is not null",
    ),
    (
        "role",
        "roles",
        "select m.from_role_id, e.claim_id || ' from' from move_evidence e join moves m on m.id = e.move_id
         where m.from_role_id is not null
         union select m.to_role_id, e.claim_id || ' to' from move_evidence e join moves m on m.id = e.move_id
         where m.to_role_id is not null
         union select p.role_id, e.claim_id from position_evidence e join positions p on p.id = e.position_id
         where p.role_id is not null",
    ),
    ("position", "positions", "select distinct position_id, claim_id from position_evidence"),
    ("move", "moves", "select distinct move_id, claim_id from move_evidence"),
];

/// The ids that a rebuild does away with, each with what it rests on.
pub(super) struct Anchors {
    by_entity: Vec<BTreeMap<String, BTreeSet<String>>>,
}

impl Anchors {
    /// Reads the ids that stand in the file and not in `dataset`.
    pub(super) fn read(connection: &Connection, dataset: &Dataset) -> rusqlite::Result<Self> {
        let stay: [BTreeSet<&String>; 5] = [
            dataset.people.iter().map(|row| &row.id).collect(),
            dataset.firms.iter().map(|row| &row.id).collect(),
            dataset.roles.iter().map(|row| &row.id).collect(),
            dataset.positions.iter().map(|row| &row.id).collect(),
            dataset.moves.iter().map(|row| &row.id).collect(),
        ];
        let mut by_entity = Vec::new();
        for ((_, table, sql), stay) in ENTITIES.iter().zip(stay) {
            let mut anchors: BTreeMap<String, BTreeSet<String>> = ids(connection, table)?
                .into_iter()
                .filter(|id| !stay.contains(id))
                .map(|id| (id, BTreeSet::new()))
                .collect();
            // Most rebuilds take no id away: then the evidence need not be read.
            if !anchors.is_empty() {
                for (id, claim) in pairs(connection, sql)? {
                    if let Some(claims) = anchors.get_mut(&id) {
                        claims.insert(claim);
                    }
                }
            }
            by_entity.push(anchors);
        }
        Ok(Anchors { by_entity })
    }
}

/// Writes the redirects from the ids of `before` that the dataset in the file no longer has.
pub(super) fn write(connection: &Connection, before: &Anchors) -> rusqlite::Result<()> {
    for ((entity, table, sql), vanished) in ENTITIES.iter().zip(&before.by_entity) {
        let now = ids(connection, table)?;
        // An id that is in use again redirects nowhere.
        let mut live =
            connection.prepare("delete from redirects where entity = ?1 and old_id = ?2")?;
        let old = connection
            .prepare("select old_id from redirects where entity = ?1")?
            .query_map([entity], |row| row.get::<_, String>(0))?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        for id in old.iter().filter(|id| now.contains(*id)) {
            live.execute([entity, id.as_str()])?;
        }
        if vanished.is_empty() {
            continue;
        }
        let mut by_claim: BTreeMap<String, String> = BTreeMap::new();
        for (id, claim) in pairs(connection, sql)? {
            by_claim.insert(claim, id);
        }
        let mut follow = connection
            .prepare("update redirects set new_id = ?3 where entity = ?1 and new_id = ?2")?;
        let mut insert = connection.prepare(
            "insert into redirects (entity, old_id, new_id) values (?1, ?2, ?3)
             on conflict (entity, old_id) do update set new_id = excluded.new_id",
        )?;
        for (id, claims) in vanished {
            let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
            for new in claims.iter().filter_map(|claim| by_claim.get(claim)) {
                *votes.entry(new).or_default() += 1;
            }
            // Most claims win; a tie goes to the first id in alphabetical order.
            let mut successor: Option<(&str, usize)> = None;
            for (new, n) in votes {
                if successor.is_none_or(|(_, most)| n > most) {
                    successor = Some((new, n));
                }
            }
            let new = successor.map(|(new, _)| new);
            // Chains are followed to their end, so that one look is enough.
            follow.execute(params![entity, id, new])?;
            insert.execute(params![entity, id, new])?;
        }
    }
    Ok(())
}

fn pairs(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<(String, String)>> {
    connection.prepare(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}
