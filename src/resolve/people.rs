//! People: which names, in which articles, are one person.
//!
//! A node is a name in an article. Nodes of one full name that share an organisation are joined first; then groups
//! of nodes whose names can be one person's are compared by evidence, the surest pairs first; last, initials and
//! surnames alone find the one full name that shares an organisation with them.

use super::claims::{Facts, Sym};
use super::cluster::{Clusters, Why};
use super::decisions::Told;
use super::evidence::{Rarity, SAME_PERSON};
use super::firms::Firms;
use super::names::{NameRelation, given_names_conflict, relate};
use super::pairs;
use super::person_name::PersonName;
use super::profiles::{self, Groups, Ties};
use super::roles::{Title, TitleMatch, compare, conflict};
use crate::knowledge::Knowledge;
use crate::model::{MentionType, Status};
use indexmap::IndexMap;
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

pub(super) type Map<K, V> = IndexMap<K, V, FxBuildHasher>;

/// Who each name of each claim is.
#[derive(Debug, Default)]
pub(super) struct People {
    /// Number of people.
    pub(super) n: usize,
    /// Person of each move, by its place in the facts.
    pub(super) of_move: Vec<u32>,
    /// Person of each position.
    pub(super) of_position: Vec<u32>,
    /// Every (article, fullest form) with its person, sorted; a name that two people of an article bear stands twice.
    pub(super) of_name: Vec<(u32, Sym, u32)>,
}

impl People {
    /// Returns the people that a fullest form names in an article.
    pub(super) fn named(&self, article: u32, entity: Sym) -> Vec<u32> {
        let first = self.of_name.partition_point(|n| (n.0, n.1) < (article, entity));
        let here = self.of_name[first..].iter();
        here.take_while(|n| (n.0, n.1) == (article, entity)).map(|n| n.2).collect()
    }
}

/// Names that meet under one key; beyond them the key is skipped, as a block of n names takes n² comparisons.
pub(super) const MAX_BLOCK: usize = 60;

/// A name in an article; claims of one name that the article tells apart are nodes of their own.
pub(super) struct Node {
    pub(super) article: u32,
    pub(super) entity: Sym,
    pub(super) name: u32,
}

/// Nodes and names, and what is known of them.
pub(super) struct Table<'a> {
    pub(super) facts: &'a Facts,
    pub(super) firms: &'a Firms,
    pub(super) knowledge: &'a Knowledge,
    pub(super) titles: &'a Map<Sym, Title>,
    pub(super) nodes: Vec<Node>,
    pub(super) names: Vec<PersonName>,
    /// For each name, how many people may bear it.
    pub(super) rarity: Vec<Rarity>,
    /// For each name, whether an article says that two people bear it.
    pub(super) told_apart: Vec<bool>,
    /// For each node, where its claims put it.
    pub(super) ties: Vec<Ties>,
    pub(super) of_move: Vec<u32>,
    pub(super) of_position: Vec<u32>,
}

/// A name in an article: its number and the fullest form there.
pub(super) type Place = (u32, Sym);

/// How the people came about.
pub(super) struct Traced {
    pub(super) people: People,
    pub(super) weighed: Vec<Weighed>,
    /// Every joining of two names.
    pub(super) joined: Vec<(Place, Place, Why)>,
}

/// Two names that evidence was weighed for.
pub(super) struct Weighed {
    pub(super) a: Place,
    pub(super) b: Place,
    pub(super) together: bool,
    pub(super) score: f64,
    pub(super) reasons: Vec<(&'static str, f64)>,
}

impl Table<'_> {
    fn place(&self, node: u32) -> Place {
        let node = &self.nodes[node as usize];
        (node.article, node.entity)
    }
}

/// Returns the people behind the names of all articles. `notes` receives what was left undone.
pub(super) fn resolve(
    facts: &Facts,
    firms: &Firms,
    titles: &Map<Sym, Title>,
    knowledge: &Knowledge,
    told: &Told,
    notes: &mut Vec<String>,
) -> People {
    weigh(facts, firms, titles, knowledge, told, SAME_PERSON, &|_, _| false, notes).people
}

/// Like [`resolve`], with what was joined and, where `floor` is below the score that joins, the pairs whose evidence
/// reaches it: those that it joined, and those that stayed two where `keep` wants them. Pairs that the user told apart
/// are left out.
#[expect(clippy::too_many_arguments, reason = "what resolve takes, and what to keep")]
pub(super) fn weigh(
    facts: &Facts,
    firms: &Firms,
    titles: &Map<Sym, Title>,
    knowledge: &Knowledge,
    told: &Told,
    floor: f64,
    keep: &dyn Fn(Place, Place) -> bool,
    notes: &mut Vec<String>,
) -> Traced {
    let table = nodes(facts, firms, titles, knowledge);
    let mut clusters = Clusters::new(table.nodes.len());
    decided(&table, told, &mut clusters, notes);
    clusters.why = Why::OneFirm;
    join_by_firm(&table, &mut clusters);
    clusters.why = Why::Evidence;
    let groups = Groups::of(&table, &mut clusters);
    let edges = pairs::edges(&table, &groups, floor, notes);
    let mut names_of: Map<u32, Vec<u32>> = IndexMap::default();
    let mut weighed: Vec<(u32, u32, Weighed)> = Vec::new();
    for edge in edges {
        let (a, b) = (groups.first_node[edge.a as usize], groups.first_node[edge.b as usize]);
        if clusters.find(a) == clusters.find(b) {
            continue;
        }
        let together =
            edge.score >= SAME_PERSON && join(&table, &mut clusters, &mut names_of, a, b);
        if floor < SAME_PERSON
            && !clusters.forbidden(a, b)
            && (together || keep(table.place(a), table.place(b)))
        {
            let (one, other) = (table.place(a), table.place(b));
            let reasons = pairs::reasons(&table, &groups, &edge);
            let pair = Weighed { a: one, b: other, together, score: edge.score, reasons };
            weighed.push((a, b, pair));
        }
    }
    drop(groups);
    clusters.why = Why::ShortName;
    join_short_forms(&table, &mut clusters, &mut names_of, notes);

    let (of_node, n) = clusters.numbers();
    // What stayed two here may have become one by way of a third name.
    let is_open = |(a, b, pair): &(u32, u32, Weighed)| {
        pair.together || of_node[*a as usize] != of_node[*b as usize]
    };
    let weighed = weighed.into_iter().filter(is_open).map(|(_, _, pair)| pair).collect();
    let mut of_name: Vec<(u32, Sym, u32)> = table
        .nodes
        .iter()
        .enumerate()
        .map(|(i, node)| (node.article, node.entity, of_node[i]))
        .collect();
    of_name.sort_unstable();
    of_name.dedup();
    let people = People {
        n,
        of_move: table.of_move.iter().map(|node| of_node[*node as usize]).collect(),
        of_position: table.of_position.iter().map(|node| of_node[*node as usize]).collect(),
        of_name,
    };
    let joined = clusters.joined.iter();
    let joined = joined.map(|(a, b, why)| (table.place(*a), table.place(*b), *why)).collect();
    Traced { people, weighed, joined }
}

fn nodes<'a>(
    facts: &'a Facts,
    firms: &'a Firms,
    titles: &'a Map<Sym, Title>,
    knowledge: &'a Knowledge,
) -> Table<'a> {
    let parts = parts_of_namesakes(facts, firms);
    let claims = facts.moves.len();
    let place = |article: u32, person: Sym, claim: usize| {
        let entity = facts.entity(article, MentionType::Person, person);
        (article, entity, parts.get(&claim).copied().unwrap_or(0))
    };
    let mut keys: Vec<(u32, Sym, u16)> = Vec::new();
    keys.extend(facts.moves.iter().enumerate().map(|(i, m)| place(m.article, m.person, i)));
    keys.extend(
        facts.positions.iter().enumerate().map(|(i, p)| place(p.article, p.person, claims + i)),
    );
    let of_claim = keys.clone();
    let mut with_claims: Vec<(u32, Sym)> = keys.iter().map(|k| (k.0, k.1)).collect();
    with_claims.sort_unstable();
    with_claims.dedup();
    keys.extend(
        facts
            .forms
            .iter()
            .filter(|f| f.mention_type == MentionType::Person)
            .map(|f| (f.article, f.entity, 0))
            .filter(|k| with_claims.binary_search(&(k.0, k.1)).is_err()),
    );
    keys.sort_unstable();
    keys.dedup();

    let mut syms: Vec<Sym> = keys.iter().map(|key| key.1).collect();
    syms.par_sort_unstable();
    syms.dedup();
    let parsed: Vec<(PersonName, String)> = syms
        .par_iter()
        .map(|sym| {
            let name = PersonName::parse(facts.text(*sym));
            let key = name.key();
            (name, key)
        })
        .collect();
    let mut name_of_sym: Map<Sym, u32> = IndexMap::default();
    let mut by_key: Map<String, u32> = IndexMap::default();
    let mut names: Vec<PersonName> = Vec::new();
    let nodes: Vec<Node> = keys
        .iter()
        .map(|(article, entity, _)| {
            let name = *name_of_sym.entry(*entity).or_insert_with(|| {
                let (name, key) = &parsed[syms.binary_search(entity).unwrap_or(0)];
                let next = names.len() as u32;
                let number = *by_key.entry(key.clone()).or_insert(next);
                if number == next {
                    names.push(name.clone());
                }
                number
            });
            Node { article: *article, entity: *entity, name }
        })
        .collect();
    let node_of = |key: &(u32, Sym, u16)| keys.binary_search(key).unwrap_or(0) as u32;
    let of_move: Vec<u32> = of_claim[..claims].iter().map(node_of).collect();
    let of_position: Vec<u32> = of_claim[claims..].iter().map(node_of).collect();
    let mut told_apart = vec![false; names.len()];
    for (_, name) in &facts.told_apart {
        if let Some(name) = name_of_sym.get(name) {
            told_apart[*name as usize] = true;
        }
    }
    let rarity = rarities(&names, knowledge);
    let mut table = Table {
        facts,
        firms,
        knowledge,
        titles,
        ties: Vec::new(),
        nodes,
        names,
        rarity,
        told_apart,
        of_move,
        of_position,
    };
    table.ties = profiles::ties(&table);
    table
}

/// Full names with one surname from which it is not rare in this archive, and from which it is a common one.
const MANY_NAMES: [u32; 2] = [8, 40];

/// Returns how many people may bear each name: by lists of surnames, and by how many names of this archive share the
/// surname.
fn rarities(names: &[PersonName], knowledge: &Knowledge) -> Vec<Rarity> {
    let surname =
        |name: &PersonName| name.tokens.get(name.surname_at(knowledge)).map(|t| t.text.clone());
    let mut n_names: Map<String, u32> = IndexMap::default();
    for name in names.iter().filter(|n| n.is_full()) {
        *n_names.entry(surname(name).unwrap_or_default()).or_default() += 1;
    }
    names
        .iter()
        .map(|name| {
            let Some(surname) = surname(name) else { return Rarity::Common };
            // Three names written out are rare even where the surname is not.
            if name.tokens.iter().filter(|t| !t.initial).count() > 2 {
                return Rarity::Rare;
            }
            let here = n_names.get(&surname).copied().unwrap_or(0);
            if here >= MANY_NAMES[1] || knowledge.names.is_common_surname(&surname) {
                Rarity::Common
            } else if here >= MANY_NAMES[0] || knowledge.names.is_surname(&surname) {
                Rarity::Listed
            } else {
                Rarity::Rare
            }
        })
        .collect()
}

/// Returns the part of each claim whose article tells two people of its name apart: claims that share a firm are one
/// person's. Claims are numbered moves first.
fn parts_of_namesakes(facts: &Facts, firms: &Firms) -> Map<usize, u16> {
    type Claim = (usize, Vec<u32>);
    let mut claims: Map<(u32, Sym), Vec<Claim>> = IndexMap::default();
    for (article, name) in &facts.told_apart {
        claims.insert((*article, *name), Vec::new());
    }
    if claims.is_empty() {
        return IndexMap::default();
    }
    let mut add = |claim: usize, article: u32, person: Sym, names: [Option<Sym>; 2]| {
        let entity = facts.entity(article, MentionType::Person, person);
        if let Some(list) = claims.get_mut(&(article, entity)) {
            let of = names.into_iter().flatten().filter_map(|f| firms.of(facts, article, f));
            list.push((claim, of.collect()));
        }
    };
    for (i, m) in facts.moves.iter().enumerate() {
        // What did not happen ties nobody to where they would have gone.
        let done = matches!(m.status, Status::Completed | Status::Announced);
        add(
            i,
            m.article,
            m.person,
            [m.from_firm, m.to_firm.filter(|_| done || m.from_firm.is_none())],
        );
    }
    for (i, p) in facts.positions.iter().enumerate() {
        add(facts.moves.len() + i, p.article, p.person, [p.firm, None]);
    }
    let mut out = IndexMap::default();
    for list in claims.values() {
        let mut clusters = Clusters::new(list.len());
        for i in 0..list.len() {
            for j in 0..i {
                if list[i].1.iter().any(|f| list[j].1.contains(f)) {
                    clusters.join(i as u32, j as u32);
                }
            }
        }
        let (numbers, _) = clusters.numbers();
        for ((claim, _), number) in list.iter().zip(numbers) {
            out.insert(*claim, u16::try_from(number).unwrap_or(u16::MAX));
        }
    }
    out
}

fn decided(table: &Table<'_>, told: &Told, clusters: &mut Clusters, notes: &mut Vec<String>) {
    let nodes_of = |(article, name): (u32, Sym)| {
        let entity = table.facts.entity(article, MentionType::Person, name);
        let first = table.nodes.partition_point(|n| (n.article, n.entity) < (article, entity));
        let last = table.nodes.partition_point(|n| (n.article, n.entity) <= (article, entity));
        first as u32..last as u32
    };
    for word in &told.list {
        for i in nodes_of(word.a) {
            for j in nodes_of(word.b) {
                let done = if word.same { clusters.join(i, j) } else { clusters.forbid(i, j) };
                if !done {
                    notes.push(format!(
                        "decisions contradict each other on '{}' and '{}': the later one holds",
                        table.facts.text(table.nodes[i as usize].entity),
                        table.facts.text(table.nodes[j as usize].entity)
                    ));
                }
            }
        }
    }
}

/// Joins nodes of one full name that share a group of firms; one step for each node and group.
fn join_by_firm(table: &Table<'_>, clusters: &mut Clusters) {
    let mut first: Map<(u32, u32), u32> = IndexMap::default();
    for (i, node) in table.nodes.iter().enumerate() {
        // Where two people bear the name, a firm alone does not tell which: evidence decides.
        if !table.names[node.name as usize].is_full() || table.told_apart[node.name as usize] {
            continue;
        }
        for group in &table.ties[i].groups {
            let at = *first.entry((node.name, *group)).or_insert(i as u32);
            clusters.join(at, i as u32);
        }
    }
}

/// Joins two clusters unless given names in them conflict; returns whether they are one now.
fn join(
    table: &Table<'_>,
    clusters: &mut Clusters,
    names_of: &mut Map<u32, Vec<u32>>,
    a: u32,
    b: u32,
) -> bool {
    let (ra, rb) = (clusters.find(a), clusters.find(b));
    if ra == rb {
        return true;
    }
    let of = |root: u32, node: u32, names_of: &Map<u32, Vec<u32>>| {
        names_of.get(&root).cloned().unwrap_or_else(|| vec![table.nodes[node as usize].name])
    };
    let (x, y) = (of(ra, a, names_of), of(rb, b, names_of));
    let conflict = x.iter().any(|m| {
        y.iter().any(|n| {
            given_names_conflict(
                &table.names[*m as usize],
                &table.names[*n as usize],
                table.knowledge,
            )
        })
    });
    if conflict || !clusters.join(a, b) {
        return false;
    }
    let mut all = x;
    all.extend(y);
    all.sort_unstable();
    all.dedup();
    names_of.insert(clusters.find(a), all);
    true
}

/// Joins initials and surnames alone with the one person of that surname who shares a firm with them.
fn join_short_forms(
    table: &Table<'_>,
    clusters: &mut Clusters,
    names_of: &mut Map<u32, Vec<u32>>,
    notes: &mut Vec<String>,
) {
    let mut by_firm: Map<(u32, &str), Vec<u32>> = IndexMap::default();
    for (i, node) in table.nodes.iter().enumerate() {
        let name = &table.names[node.name as usize];
        if !name.is_full() {
            continue;
        }
        for token in name.tokens.iter().filter(|t| !t.initial) {
            for group in &table.ties[i].groups {
                let list = by_firm.entry((*group, token.text.as_str())).or_default();
                // One node of each person is enough; the last is the likeliest to be the same person again.
                if list.last().is_none_or(|last| clusters.find(*last) != clusters.find(i as u32)) {
                    list.push(i as u32);
                }
            }
        }
    }
    let mut open = 0;
    let mut left: Map<(&str, u32), Vec<u32>> = IndexMap::default();
    for (i, node) in table.nodes.iter().enumerate() {
        let name = &table.names[node.name as usize];
        if name.is_full() {
            continue;
        }
        let Some(surname) = name.tokens.iter().rev().find(|t| !t.initial) else { continue };
        let profile = &table.ties[i];
        let mut fitting: Vec<(bool, u32)> = Vec::new();
        for group in &profile.groups {
            let list = by_firm.get(&(*group, surname.text.as_str())).into_iter().flatten();
            for other in list.take(MAX_BLOCK) {
                let full = &table.names[table.nodes[*other as usize].name as usize];
                if relate(name, full, table.knowledge) == NameRelation::Different {
                    continue;
                }
                let q = &table.ties[*other as usize];
                let same_post = profile.posts.iter().any(|(firm, role)| {
                    q.posts.iter().any(|(at, title)| {
                        firm == at
                            && compare(&table.titles[role], &table.titles[title])
                                != TitleMatch::Different
                    })
                });
                // Initials need no more than titles that don't conflict; a surname alone needs the title, where both
                // have one.
                let at_one_firm = || {
                    profile.posts.iter().flat_map(|x| {
                        q.posts.iter().filter(move |y| x.0 == y.0).map(move |y| (x.1, y.1))
                    })
                };
                let elsewhere = if name.is_single() {
                    !same_post && at_one_firm().next().is_some()
                } else {
                    at_one_firm().next().is_some()
                        && at_one_firm()
                            .all(|(a, b)| conflict(&table.titles[&a], &table.titles[&b]))
                };
                if !elsewhere {
                    fitting.push((same_post, clusters.find(*other)));
                }
            }
        }
        fitting.sort_unstable();
        fitting.dedup();
        let mut roots: Vec<u32> = fitting.iter().map(|f| f.1).collect();
        roots.sort_unstable();
        roots.dedup();
        let mut at_post: Vec<u32> = fitting.iter().filter(|f| f.0).map(|f| f.1).collect();
        at_post.dedup();
        match (roots.as_slice(), at_post.as_slice()) {
            ([one], _) | (_, [one]) => {
                join(table, clusters, names_of, *one, i as u32);
            }
            ([], _) => {
                // Nobody of that surname is known there by a full name: the short forms of one firm are one person.
                for group in &profile.groups {
                    let others = left.entry((surname.text.as_str(), *group)).or_default();
                    let akin = |other: &&u32| {
                        let other = &table.names[table.nodes[**other as usize].name as usize];
                        relate(name, other, table.knowledge) != NameRelation::Different
                    };
                    let Some(at) = others.iter().find(akin).copied() else {
                        if others.len() < MAX_BLOCK {
                            others.push(i as u32);
                        }
                        continue;
                    };
                    let (x, y) = (&table.ties[at as usize].posts, &profile.posts);
                    let shares = x.iter().any(|p| {
                        y.iter().any(|q| {
                            p.0 == q.0
                                && compare(&table.titles[&p.1], &table.titles[&q.1])
                                    != TitleMatch::Different
                        })
                    });
                    if x.is_empty() || y.is_empty() || shares {
                        join(table, clusters, names_of, at, i as u32);
                    }
                }
            }
            _ => open += 1,
        }
    }
    if open > 0 {
        notes.push(format!("{open} mentions by surname alone fit several people and were left as people of their own"));
    }
}
