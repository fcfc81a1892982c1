//! Names that can be one person's, compared by evidence.

use super::evidence::Features;
use super::names::{NameRelation, blocking_keys, relate, spelling_keys};
use super::people::{MAX_BLOCK, Map, Table};
use super::profiles::Groups;
use super::roles::{TitleMatch, compare, conflict};
use indexmap::IndexMap;
use rayon::prelude::*;
use std::hash::{Hash, Hasher};

/// Groups of one full name that are all compared with each other; beyond them only groups that share a firm meet.
const MAX_NAMESAKES: usize = 60;

/// Two groups that evidence joins, or nearly.
pub(super) struct Edge {
    pub(super) score: f64,
    pub(super) a: u32,
    pub(super) b: u32,
    /// Their names.
    pub(super) names: (u32, u32),
}

/// Returns the pairs of groups whose evidence reaches `floor`, the surest first.
pub(super) fn edges(
    table: &Table<'_>,
    groups: &Groups,
    floor: f64,
    notes: &mut Vec<String>,
) -> Vec<Edge> {
    let mut keyed: Vec<(u64, u32)> = table
        .names
        .par_iter()
        .enumerate()
        .filter(|(_, name)| name.is_full())
        .flat_map_iter(|(i, name)| {
            let mut keys = blocking_keys(name, table.knowledge);
            // A name one letter away needs a shared organisation to count at all: such names meet under it only.
            let spellings = spelling_keys(name, table.knowledge);
            for group in groups.firm_groups(i as u32) {
                keys.extend(spellings.iter().map(|key| {
                    let mut hasher = rustc_hash::FxHasher::default();
                    (key, group).hash(&mut hasher);
                    hasher.finish()
                }));
            }
            keys.into_iter().map(move |key| (key, i as u32))
        })
        .collect();
    keyed.par_sort_unstable();
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    let mut skipped = 0;
    let mut first = 0;
    while first < keyed.len() {
        let last = first + keyed[first..].partition_point(|k| k.0 == keyed[first].0);
        let block = &keyed[first..last];
        if block.len() > MAX_BLOCK {
            skipped += 1;
        } else {
            for (k, a) in block.iter().enumerate() {
                pairs.extend(block[k + 1..].iter().map(|b| (a.1.min(b.1), a.1.max(b.1))));
            }
        }
        first = last;
    }
    drop(keyed);
    pairs.par_sort_unstable();
    pairs.dedup();
    if skipped > 0 {
        notes.push(format!("{skipped} keys of very common names, each with more than {MAX_BLOCK} spellings, were not compared"));
    }
    let mut found: Vec<Edge> = pairs
        .par_iter()
        .flat_map_iter(|(a, b)| {
            let name =
                relate(&table.names[*a as usize], &table.names[*b as usize], table.knowledge);
            let compared = match name {
                NameRelation::Different | NameRelation::SurnameOnly => Vec::new(),
                _ => compare_groups(table, groups, floor, (*a, *b), name),
            };
            compared.into_iter()
        })
        .collect();
    let namesakes: Vec<Edge> = (0..table.names.len() as u32)
        .into_par_iter()
        .filter(|name| table.names[*name as usize].is_full())
        .flat_map_iter(|name| {
            compare_groups(table, groups, floor, (name, name), NameRelation::Same).into_iter()
        })
        .collect();
    found.extend(namesakes);
    for (name, list) in &groups.by_name {
        if list.len() > MAX_NAMESAKES && table.names[*name as usize].is_full() {
            notes.push(format!("'{}' stands for {} groups of mentions without a firm in common: they were not compared one by one", table.names[*name as usize].key(), list.len()));
        }
    }
    found
        .par_sort_unstable_by(|x, y| y.score.total_cmp(&x.score).then((x.a, x.b).cmp(&(y.a, y.b))));
    found
}

/// Returns each feature of a pair that counts, with its weight.
pub(super) fn reasons(table: &Table<'_>, groups: &Groups, edge: &Edge) -> Vec<(&'static str, f64)> {
    let (a, b) = edge.names;
    let name = match a == b {
        true => NameRelation::Same,
        false => relate(&table.names[a as usize], &table.names[b as usize], table.knowledge),
    };
    features(table, groups, edge.a, edge.b, name, a, b).weights()
}

fn compare_groups(
    table: &Table<'_>,
    groups: &Groups,
    floor: f64,
    (a, b): (u32, u32),
    name: NameRelation,
) -> Vec<Edge> {
    let (Some(left), Some(right)) = (groups.by_name.get(&a), groups.by_name.get(&b)) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    let mut weigh = |x: u32, y: u32| {
        if x == y {
            return;
        }
        let (x, y) = (x.min(y), x.max(y));
        let score = features(table, groups, x, y, name, a, b).score();
        if score >= floor {
            out.push(Edge { score, a: x, b: y, names: (a, b) });
        }
    };
    if left.len() * right.len() <= MAX_NAMESAKES * MAX_NAMESAKES {
        for (i, x) in left.iter().enumerate() {
            let others = if a == b { &right[i + 1..] } else { &right[..] };
            for y in others {
                weigh(*x, *y);
            }
        }
    } else if a != b {
        let mut by_firm: Map<u32, u32> = IndexMap::default();
        for y in right {
            for group in &groups.profiles[*y as usize].ties.groups {
                by_firm.entry(*group).or_insert(*y);
            }
        }
        for x in left {
            for group in &groups.profiles[*x as usize].ties.groups {
                if let Some(y) = by_firm.get(group) {
                    weigh(*x, *y);
                }
            }
        }
    }
    out.sort_unstable_by_key(|e| (e.a, e.b));
    out.dedup_by_key(|e| (e.a, e.b));
    out
}

fn n_shared<T: Ord>(a: &[T], b: &[T]) -> usize {
    a.iter().filter(|x| b.binary_search(x).is_ok()).count()
}

fn features(
    table: &Table<'_>,
    groups: &Groups,
    x: u32,
    y: u32,
    name: NameRelation,
    a: u32,
    b: u32,
) -> Features {
    let (p, q) = (&groups.profiles[x as usize], &groups.profiles[y as usize]);
    let shared_firms = n_shared(&p.ties.firms, &q.ties.firms);
    let shared_group = n_shared(&p.ties.groups, &q.ties.groups) > 0;
    let same_post = p.ties.posts.iter().any(|(firm, role)| {
        q.ties.posts.iter().any(|(other, title)| {
            firm == other
                && compare(&table.titles[role], &table.titles[title]) != TitleMatch::Different
        })
    });
    let mut at_one_firm = p
        .ties
        .posts
        .iter()
        .flat_map(|x| q.ties.posts.iter().filter(move |y| x.0 == y.0).map(move |y| (x.1, y.1)))
        .peekable();
    let untitled = at_one_firm.peek().is_none();
    let other_post =
        !untitled && at_one_firm.all(|(a, b)| conflict(&table.titles[&a], &table.titles[&b]));
    let shared_people = p
        .people
        .iter()
        .filter(|n| **n != a && **n != b && q.people.binary_search(n).is_ok())
        .count();
    let other_firms = !p.ties.groups.is_empty() && !q.ties.groups.is_empty() && !shared_group;
    let same_time = other_firms
        && p.held.iter().any(|(from, to)| {
            q.held.iter().any(|(start, end)| *from <= end + 12 && *start <= to + 12)
        });
    Features {
        name,
        rarity: table.rarity[a as usize].min(table.rarity[b as usize]),
        told_apart: table.told_apart[a as usize] || table.told_apart[b as usize],
        shared_firms,
        shared_group,
        same_post,
        other_post,
        untitled,
        shared_moves: n_shared(&p.moves, &q.moves),
        shared_people,
        same_field: n_shared(&p.fields, &q.fields) > 0,
        other_field: !p.fields.is_empty()
            && !q.fields.is_empty()
            && n_shared(&p.fields, &q.fields) == 0,
        other_firms,
        same_time,
    }
}
