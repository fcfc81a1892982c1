//! People: which names, in which articles, are one person.
//!
//! A node is a name in an article. Nodes of one full name that share an organisation are joined first; then groups
//! of nodes whose names can be one person's are compared by evidence, the surest pairs first; last, initials and
//! surnames alone find the one full name that shares an organisation with them.

use super::claims::{Facts, Sym};
use super::cluster::Clusters;
use super::decisions::Told;
use super::evidence::{Features, SAME_PERSON};
use super::firms::Firms;
use super::names::{NameRelation, PersonName, blocking_keys, given_names_conflict, relate};
use super::roles::{Title, TitleMatch, compare};
use crate::knowledge::Knowledge;
use crate::model::{Kind, MentionType, PartialDate, Tense};
use indexmap::{IndexMap, IndexSet};
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

type Map<K, V> = IndexMap<K, V, FxBuildHasher>;

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
const MAX_BLOCK: usize = 60;

/// Groups of one full name that are all compared with each other; beyond them only groups that share a firm meet.
const MAX_NAMESAKES: usize = 60;

/// Words, titles, firms and people kept of a group for comparison: a bound on the work for very frequent people.
const MAX_KEPT: usize = 64;

/// A person named in more articles than this links nobody by being named beside them.
const MAX_SHARED: u32 = 200;

/// A name in an article; claims of one name that the article tells apart are nodes of their own.
struct Node {
    article: u32,
    entity: Sym,
    name: u32,
}

/// What a node's claims say.
#[derive(Clone, Debug, Default)]
struct Profile {
    firms: Vec<u32>,
    groups: Vec<u32>,
    posts: Vec<(u32, Sym)>,
    fields: Vec<u32>,
    moves: Vec<(Option<u32>, Option<u32>, Kind)>,
    people: Vec<u32>,
    /// (firm, first month, last month) of posts held.
    held: Vec<(u32, i32, i32)>,
}

struct Table<'a> {
    facts: &'a Facts,
    firms: &'a Firms,
    knowledge: &'a Knowledge,
    titles: &'a Map<Sym, Title>,
    nodes: Vec<Node>,
    names: Vec<PersonName>,
    common: Vec<bool>,
    told_apart: Vec<bool>,
    profiles: Vec<Profile>,
    of_move: Vec<u32>,
    of_position: Vec<u32>,
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
    let table = nodes(facts, firms, titles, knowledge);
    let mut clusters = Clusters::new(table.nodes.len());
    decided(&table, told, &mut clusters, notes);
    join_by_firm(&table, &mut clusters);
    let groups = Groups::of(&table, &mut clusters);
    let edges = edges(&table, &groups, notes);
    let mut names_of: Map<u32, Vec<u32>> = IndexMap::default();
    for edge in edges {
        let (a, b) = (groups.first_node[edge.a as usize], groups.first_node[edge.b as usize]);
        join(&table, &mut clusters, &mut names_of, a, b);
    }
    join_short_forms(&table, &mut clusters, &mut names_of, notes);

    let (of_node, n) = clusters.numbers();
    let mut of_name: Vec<(u32, Sym, u32)> = table
        .nodes
        .iter()
        .enumerate()
        .map(|(i, node)| (node.article, node.entity, of_node[i]))
        .collect();
    of_name.sort_unstable();
    of_name.dedup();
    People {
        n,
        of_move: table.of_move.iter().map(|node| of_node[*node as usize]).collect(),
        of_position: table.of_position.iter().map(|node| of_node[*node as usize]).collect(),
        of_name,
    }
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

    let mut name_of_sym: Map<Sym, u32> = IndexMap::default();
    let mut by_key: Map<String, u32> = IndexMap::default();
    let mut names: Vec<PersonName> = Vec::new();
    let nodes: Vec<Node> = keys
        .iter()
        .map(|(article, entity, _)| {
            let name = *name_of_sym.entry(*entity).or_insert_with(|| {
                let name = PersonName::parse(facts.text(*entity));
                let next = names.len() as u32;
                let number = *by_key.entry(name.key()).or_insert(next);
                if number == next {
                    names.push(name);
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
    let common = names
        .iter()
        .map(|name| {
            let surname = name.surname_at(knowledge);
            name.tokens.get(surname).is_none_or(|t| knowledge.names.is_common_surname(&t.text))
        })
        .collect();
    let mut table = Table {
        facts,
        firms,
        knowledge,
        titles,
        profiles: vec![Profile::default(); nodes.len()],
        nodes,
        names,
        common,
        told_apart,
        of_move,
        of_position,
    };
    fill(&mut table);
    table
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
        add(i, m.article, m.person, [m.from_firm, m.to_firm]);
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

fn fill(table: &mut Table<'_>) {
    let facts = table.facts;
    let root = |mut firm: u32| {
        for _ in 0..8 {
            match table.firms.parent[firm as usize] {
                Some(up) => firm = up,
                None => break,
            }
        }
        firm
    };
    let mut fields: IndexSet<&str, FxBuildHasher> = IndexSet::default();
    let mut field = |role: Option<Sym>| {
        let function = role.and_then(|r| table.titles.get(&r)).and_then(Title::field);
        function.map(|f| fields.insert_full(f).0 as u32)
    };
    let month = |date: PartialDate| i32::from(date.year) * 12 + i32::from(date.month.unwrap_or(6));
    for (i, m) in facts.moves.iter().enumerate() {
        let [from, to] =
            [m.from_firm, m.to_firm].map(|f| f.and_then(|f| table.firms.of(facts, m.article, f)));
        let profile = &mut table.profiles[table.of_move[i] as usize];
        for (firm, role) in [(from, m.from_role), (to, m.to_role)] {
            profile.firms.extend(firm);
            profile.groups.extend(firm.map(root));
            profile.fields.extend(field(role));
            if let (Some(firm), Some(role)) = (firm, role) {
                profile.posts.push((firm, role));
            }
        }
        profile.moves.push((from, to, m.kind));
    }
    for (i, p) in facts.positions.iter().enumerate() {
        let profile = &mut table.profiles[table.of_position[i] as usize];
        let firm = p.firm.and_then(|f| table.firms.of(facts, p.article, f));
        profile.firms.extend(firm);
        profile.groups.extend(firm.map(root));
        profile.fields.extend(field(p.role));
        if let (Some(firm), Some(role)) = (firm, p.role) {
            profile.posts.push((firm, role));
        }
        let said = facts.articles[p.article as usize].date.map(month);
        if let (Some(firm), Some(said), Tense::Current) = (firm, said, p.tense) {
            profile.held.push((firm, p.started_on.map_or(said, month), said));
        }
    }
    // Who is named beside whom: full names only, and not those whom every article names.
    let mut n_articles = vec![0_u32; table.names.len()];
    for node in &table.nodes {
        n_articles[node.name as usize] += 1;
    }
    let mut first = 0;
    while first < table.nodes.len() {
        let article = table.nodes[first].article;
        let last = first + table.nodes[first..].partition_point(|n| n.article == article);
        let mut here: Vec<u32> = table.nodes[first..last]
            .iter()
            .map(|n| n.name)
            .filter(|n| table.names[*n as usize].is_full() && n_articles[*n as usize] <= MAX_SHARED)
            .collect();
        here.sort_unstable();
        here.dedup();
        here.truncate(MAX_KEPT);
        for i in first..last {
            table.profiles[i].people.clone_from(&here);
        }
        first = last;
    }
    for profile in &mut table.profiles {
        profile.tidy();
    }
}

impl Profile {
    fn tidy(&mut self) {
        fn sorted<T: Ord>(list: &mut Vec<T>) {
            list.sort_unstable();
            list.dedup();
            list.truncate(MAX_KEPT);
        }
        sorted(&mut self.firms);
        sorted(&mut self.groups);
        sorted(&mut self.posts);
        sorted(&mut self.fields);
        sorted(&mut self.moves);
        sorted(&mut self.people);
        sorted(&mut self.held);
    }

    fn add(&mut self, other: &Profile) {
        self.firms.extend(&other.firms);
        self.groups.extend(&other.groups);
        self.posts.extend(&other.posts);
        self.fields.extend(&other.fields);
        self.moves.extend(&other.moves);
        self.people.extend(&other.people);
        self.held.extend(&other.held);
        // Profiles of people named thousands of times stay small.
        if self.people.len() > 4 * MAX_KEPT {
            self.tidy();
        }
    }
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
        if !table.names[node.name as usize].is_full() {
            continue;
        }
        for group in &table.profiles[i].groups {
            let at = *first.entry((node.name, *group)).or_insert(i as u32);
            clusters.join(at, i as u32);
        }
    }
}

/// Groups of joined nodes, with what all their claims say.
struct Groups {
    first_node: Vec<u32>,
    names: Vec<Vec<u32>>,
    profiles: Vec<Profile>,
    by_name: Map<u32, Vec<u32>>,
}

impl Groups {
    fn of(table: &Table<'_>, clusters: &mut Clusters) -> Self {
        let (number, n) = clusters.numbers();
        let mut groups = Groups {
            first_node: vec![u32::MAX; n],
            names: vec![Vec::new(); n],
            profiles: vec![Profile::default(); n],
            by_name: IndexMap::default(),
        };
        for (i, node) in table.nodes.iter().enumerate() {
            let g = number[i] as usize;
            if groups.first_node[g] == u32::MAX {
                groups.first_node[g] = i as u32;
            }
            groups.profiles[g].add(&table.profiles[i]);
            if !groups.names[g].contains(&node.name) {
                groups.names[g].push(node.name);
                groups.by_name.entry(node.name).or_default().push(g as u32);
            }
        }
        for profile in &mut groups.profiles {
            profile.tidy();
        }
        groups.by_name.sort_unstable_keys();
        groups
    }
}

struct Edge {
    score: f64,
    a: u32,
    b: u32,
}

/// Returns the pairs of groups that evidence joins, the surest first.
fn edges(table: &Table<'_>, groups: &Groups, notes: &mut Vec<String>) -> Vec<Edge> {
    let mut keyed: Vec<(u64, u32)> = table
        .names
        .par_iter()
        .enumerate()
        .filter(|(_, name)| name.is_full())
        .flat_map_iter(|(i, name)| {
            blocking_keys(name, table.knowledge).into_iter().map(move |key| (key, i as u32))
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
        notes.push(format!(
            "{skipped} keys of very common names, each with more than {MAX_BLOCK} spellings, were not compared"
        ));
    }
    let mut found: Vec<Edge> = pairs
        .par_iter()
        .flat_map_iter(|(a, b)| {
            let name =
                relate(&table.names[*a as usize], &table.names[*b as usize], table.knowledge);
            let compared = match name {
                NameRelation::Different | NameRelation::SurnameOnly => Vec::new(),
                _ => compare_groups(table, groups, *a, *b, name),
            };
            compared.into_iter()
        })
        .collect();
    let namesakes: Vec<Edge> = (0..table.names.len() as u32)
        .into_par_iter()
        .filter(|name| table.names[*name as usize].is_full())
        .flat_map_iter(|name| {
            compare_groups(table, groups, name, name, NameRelation::Same).into_iter()
        })
        .collect();
    found.extend(namesakes);
    for (name, list) in &groups.by_name {
        if list.len() > MAX_NAMESAKES && table.names[*name as usize].is_full() {
            notes.push(format!(
                "'{}' stands for {} groups of mentions without a firm in common: they were not compared one by one",
                table.names[*name as usize].key(),
                list.len()
            ));
        }
    }
    found
        .par_sort_unstable_by(|x, y| y.score.total_cmp(&x.score).then((x.a, x.b).cmp(&(y.a, y.b))));
    found
}

fn compare_groups(
    table: &Table<'_>,
    groups: &Groups,
    a: u32,
    b: u32,
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
        if score >= SAME_PERSON {
            out.push(Edge { score, a: x, b: y });
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
            for group in &groups.profiles[*y as usize].groups {
                by_firm.entry(*group).or_insert(*y);
            }
        }
        for x in left {
            for group in &groups.profiles[*x as usize].groups {
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
    let shared_firms = n_shared(&p.firms, &q.firms);
    let shared_group = n_shared(&p.groups, &q.groups) > 0;
    let same_post = p.posts.iter().any(|(firm, role)| {
        q.posts.iter().any(|(other, title)| {
            firm == other
                && compare(&table.titles[role], &table.titles[title]) != TitleMatch::Different
        })
    });
    let shared_people = p
        .people
        .iter()
        .filter(|n| **n != a && **n != b && q.people.binary_search(n).is_ok())
        .count();
    let other_firms = !p.groups.is_empty() && !q.groups.is_empty() && !shared_group;
    let same_time = other_firms
        && p.held.iter().any(|(_, from, to)| {
            q.held.iter().any(|(_, start, end)| *from <= end + 12 && *start <= to + 12)
        });
    Features {
        name,
        common_name: table.common[a as usize] || table.common[b as usize],
        told_apart: table.told_apart[a as usize] || table.told_apart[b as usize],
        shared_firms,
        shared_group,
        same_post,
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

/// Joins two clusters unless given names in them conflict.
fn join(
    table: &Table<'_>,
    clusters: &mut Clusters,
    names_of: &mut Map<u32, Vec<u32>>,
    a: u32,
    b: u32,
) {
    let (ra, rb) = (clusters.find(a), clusters.find(b));
    if ra == rb {
        return;
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
        return;
    }
    let mut all = x;
    all.extend(y);
    all.sort_unstable();
    all.dedup();
    names_of.insert(clusters.find(a), all);
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
            for group in &table.profiles[i].groups {
                let list = by_firm.entry((*group, token.text.as_str())).or_default();
                // One node of each person is enough; the last is the likeliest to be the same person again.
                if list.last().is_none_or(|last| clusters.find(*last) != clusters.find(i as u32)) {
                    list.push(i as u32);
                }
            }
        }
    }
    let mut open = 0;
    let mut left: Map<(u32, u32), u32> = IndexMap::default();
    for (i, node) in table.nodes.iter().enumerate() {
        let name = &table.names[node.name as usize];
        if name.is_full() {
            continue;
        }
        let Some(surname) = name.tokens.iter().rev().find(|t| !t.initial) else { continue };
        let profile = &table.profiles[i];
        let mut fitting: Vec<(bool, u32)> = Vec::new();
        for group in &profile.groups {
            let list = by_firm.get(&(*group, surname.text.as_str())).into_iter().flatten();
            for other in list.take(MAX_BLOCK) {
                let full = &table.names[table.nodes[*other as usize].name as usize];
                if relate(name, full, table.knowledge) == NameRelation::Different {
                    continue;
                }
                let q = &table.profiles[*other as usize];
                let same_post = profile.posts.iter().any(|(firm, role)| {
                    q.posts.iter().any(|(at, title)| {
                        firm == at
                            && compare(&table.titles[role], &table.titles[title])
                                != TitleMatch::Different
                    })
                });
                fitting.push((same_post, clusters.find(*other)));
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
            ([one], _) | (_, [one]) => join(table, clusters, names_of, *one, i as u32),
            ([], _) => {
                // Nobody of that surname is known there by a full name: the short forms of one firm are one person.
                for group in &profile.groups {
                    let at = *left.entry((node.name, *group)).or_insert(i as u32);
                    join(table, clusters, names_of, at, i as u32);
                }
            }
            _ => open += 1,
        }
    }
    if open > 0 {
        notes.push(format!(
            "{open} mentions by surname alone fit several people and were left as people of their own"
        ));
    }
}
