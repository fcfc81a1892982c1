//! Ids that a rebuild does away with, and what took their place, so that saved spreadsheets still join.
//!
//! What two datasets have in common is their claims: an old row is followed by the new row that rests on most of the
//! same claims (and, for firms and roles, on the same slot of them).

use super::layer::ids;
use super::marks::Changes;
use crate::resolve::Dataset;
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};

/// A kind of rows that have ids.
struct Entity {
    name: &'static str,
    table: &'static str,
    /// What ties its ids to what supports them: columns of a table of rows with the slot they speak of.
    ties: &'static [Tie],
}

/// The rows of `table` point at ids in `column`; the evidence of the rows is in `evidence` by `key`.
struct Tie {
    table: &'static str,
    column: &'static str,
    evidence: &'static str,
    key: &'static str,
    slot: &'static str,
}

const fn of_moves(column: &'static str, slot: &'static str) -> Tie {
    Tie { table: "moves", column, evidence: "move_evidence", key: "move_id", slot }
}

const fn of_positions(column: &'static str) -> Tie {
    let (evidence, key) = ("position_evidence", "position_id");
    Tie { table: "positions", column, evidence, key, slot: "" }
}

const ENTITIES: &[Entity] = &[
    Entity {
        name: "person",
        table: "people",
        ties: &[of_moves("person_id", ""), of_positions("person_id")],
    },
    Entity {
        name: "firm",
        table: "firms",
        ties: &[
            of_moves("from_firm_id", " from"),
            of_moves("to_firm_id", " to"),
            of_positions("firm_id"),
        ],
    },
    Entity {
        name: "role",
        table: "roles",
        ties: &[
            of_moves("from_role_id", " from"),
            of_moves("to_role_id", " to"),
            of_positions("role_id"),
        ],
    },
    Entity { name: "position", table: "positions", ties: &[of_positions("id")] },
    Entity { name: "move", table: "moves", ties: &[of_moves("id", "")] },
];

impl Entity {
    /// Returns a query of what the id ?1 rests on.
    fn claims_of_id(&self) -> String {
        self.union(|tie| {
            let Tie { table, column, evidence, key, slot } = tie;
            format!(
                "select e.claim_id || '{slot}' from {table} r join {evidence} e on e.{key} = r.id
                 where r.{column} = ?1"
            )
        })
    }

    /// Returns a query of the ids that rest on what is in the table `sought`.
    fn ids_of_claims(&self) -> String {
        self.union(|tie| {
            let Tie { table, column, evidence, key, slot } = tie;
            format!(
                "select r.{column}, e.claim_id || '{slot}' from sought s
                 join {evidence} e on e.claim_id = s.claim join {table} r on r.id = e.{key}
                 where s.slot = '{slot}' and r.{column} is not null"
            )
        })
    }

    fn union(&self, one: impl Fn(&Tie) -> String) -> String {
        self.ties.iter().map(one).collect::<Vec<_>>().join(" union ")
    }
}

/// The ids that a rebuild does away with, each with what it rests on.
pub(super) struct Anchors {
    by_entity: Vec<BTreeMap<String, BTreeSet<String>>>,
}

impl Anchors {
    /// Reads the ids that stand in the file and not in `dataset`, which differs from it by `changes`.
    pub(super) fn read(
        connection: &Connection,
        dataset: &Dataset,
        changes: &Changes,
    ) -> rusqlite::Result<Self> {
        let mut by_entity = Vec::new();
        for entity in ENTITIES {
            let vanished: Vec<String> = if changes.n_stored > 0 {
                changes.vanished(entity.name).cloned().collect()
            } else {
                let stay = ids_of(dataset, entity.name);
                let all = ids(connection, entity.table)?;
                all.into_iter().filter(|id| !stay.contains(id.as_str())).collect()
            };
            let mut anchors: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            let mut select = connection.prepare(&entity.claims_of_id())?;
            for id in vanished {
                let claims = select.query_map([&id], |row| row.get(0))?;
                anchors.insert(id, claims.collect::<rusqlite::Result<_>>()?);
            }
            by_entity.push(anchors);
        }
        Ok(Anchors { by_entity })
    }
}

fn ids_of<'a>(dataset: &'a Dataset, entity: &str) -> BTreeSet<&'a str> {
    match entity {
        "person" => dataset.people.iter().map(|row| row.id.as_str()).collect(),
        "firm" => dataset.firms.iter().map(|row| row.id.as_str()).collect(),
        "role" => dataset.roles.iter().map(|row| row.id.as_str()).collect(),
        "position" => dataset.positions.iter().map(|row| row.id.as_str()).collect(),
        _ => dataset.moves.iter().map(|row| row.id.as_str()).collect(),
    }
}

/// Writes the redirects from the ids of `before` that the dataset in the file no longer has.
pub(super) fn write(connection: &Connection, before: &Anchors) -> rusqlite::Result<()> {
    for (entity, vanished) in ENTITIES.iter().zip(&before.by_entity) {
        // An id that is in use again redirects nowhere.
        let table = entity.table;
        let live = format!(
            "delete from redirects where entity = ?1 and exists (select 1 from {table} where id = old_id)"
        );
        connection.execute(&live, [entity.name])?;
        if vanished.is_empty() {
            continue;
        }
        let by_claim = successors(connection, entity, vanished)?;
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
            follow.execute(params![entity.name, id, new])?;
            insert.execute(params![entity.name, id, new])?;
        }
    }
    Ok(())
}

/// Returns the id that now rests on each thing that those that vanished rested on.
fn successors(
    connection: &Connection,
    entity: &Entity,
    vanished: &BTreeMap<String, BTreeSet<String>>,
) -> rusqlite::Result<BTreeMap<String, String>> {
    connection.execute_batch(
        "create temp table if not exists sought (claim text not null, slot text not null, primary key (claim, slot));
         delete from sought;",
    )?;
    let mut insert =
        connection.prepare("insert or ignore into sought (claim, slot) values (?1, ?2)")?;
    for claim in vanished.values().flatten() {
        let (claim, slot) = claim.find(' ').map_or((claim.as_str(), ""), |at| claim.split_at(at));
        insert.execute([claim, slot])?;
    }
    let mut select = connection.prepare(&entity.ids_of_claims())?;
    let rows = select.query_map([], |row| Ok((row.get(1)?, row.get(0)?)))?;
    let mut by_claim: BTreeMap<String, String> = BTreeMap::new();
    for row in rows {
        let (claim, id): (String, String) = row?;
        // Of two rows on one claim the last in alphabetical order counts.
        let last = by_claim.entry(claim).or_default();
        if *last < id {
            *last = id;
        }
    }
    Ok(by_claim)
}
