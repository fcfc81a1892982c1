//! What the claims of a name say about its bearer: where, as what, when and beside whom.

use super::claims::Sym;
use super::cluster::Clusters;
use super::people::{Map, Table};
use super::roles::Title;
use crate::model::{Kind, PartialDate, Status, Tense};
use indexmap::{IndexMap, IndexSet};
use rustc_hash::FxBuildHasher;

/// Words, titles, firms and people kept of a group for comparison: a bound on the work for very frequent people.
const MAX_KEPT: usize = 64;

/// A person named in more articles than this links nobody by being named beside them.
const MAX_SHARED: u32 = 200;

/// Organisations of a name under which its misspellings are looked for.
const MAX_TIES: usize = 6;

/// Where a node's claims put it.
#[derive(Clone, Debug, Default)]
pub(super) struct Ties {
    /// Organisations, sorted.
    pub(super) firms: Vec<u32>,
    /// The highest organisations that they belong to, sorted.
    pub(super) groups: Vec<u32>,
    /// Organisations with the titles held there, sorted.
    pub(super) posts: Vec<(u32, Sym)>,
}

/// What all claims of a group of nodes say.
#[derive(Clone, Debug, Default)]
pub(super) struct Profile {
    pub(super) ties: Ties,
    pub(super) fields: Vec<u32>,
    pub(super) moves: Vec<(Option<u32>, Option<u32>, Kind)>,
    /// Names that stand in the same articles.
    pub(super) people: Vec<u32>,
    /// (first month, last month) of posts held.
    pub(super) held: Vec<(i32, i32)>,
}

fn sorted<T: Ord>(list: &mut Vec<T>) {
    list.sort_unstable();
    list.dedup();
    list.truncate(MAX_KEPT);
    list.shrink_to_fit();
}

impl Ties {
    fn tidy(&mut self) {
        sorted(&mut self.firms);
        sorted(&mut self.groups);
        sorted(&mut self.posts);
    }
}

/// Returns the ties of every node.
pub(super) fn ties(table: &Table<'_>) -> Vec<Ties> {
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
    let mut all = vec![Ties::default(); table.nodes.len()];
    let mut tie = |node: u32, firm: Option<u32>, role: Option<Sym>| {
        let Some(firm) = firm else { return };
        let ties = &mut all[node as usize];
        ties.firms.push(firm);
        ties.groups.push(root(firm));
        ties.posts.extend(role.map(|role| (firm, role)));
    };
    for ((m, node), [from, to]) in facts.moves.iter().zip(&table.of_move).zip(&table.firms.of_move)
    {
        tie(*node, *from, m.from_role);
        // A move that did not happen says where namesakes did not go.
        let undone = matches!(m.status, Status::Denied | Status::Failed) && m.from_firm.is_some();
        if !(undone && table.told_apart[table.nodes[*node as usize].name as usize]) {
            tie(*node, *to, m.to_role);
        }
    }
    for ((p, node), firm) in
        facts.positions.iter().zip(&table.of_position).zip(&table.firms.of_position)
    {
        tie(*node, *firm, p.role);
    }
    all.iter_mut().for_each(Ties::tidy);
    all
}

/// Groups of joined nodes, with what all their claims say.
pub(super) struct Groups {
    /// The first node of each group.
    pub(super) first_node: Vec<u32>,
    pub(super) profiles: Vec<Profile>,
    /// The groups of each name.
    pub(super) by_name: Map<u32, Vec<u32>>,
}

impl Groups {
    /// Returns the groups as they stand.
    pub(super) fn of(table: &Table<'_>, clusters: &mut Clusters) -> Self {
        let (number, n) = clusters.numbers();
        let mut groups = Groups {
            first_node: vec![u32::MAX; n],
            profiles: vec![Profile::default(); n],
            by_name: IndexMap::default(),
        };
        for (i, node) in table.nodes.iter().enumerate() {
            let g = number[i];
            if groups.first_node[g as usize] == u32::MAX {
                groups.first_node[g as usize] = i as u32;
            }
            let ties = &mut groups.profiles[g as usize].ties;
            ties.firms.extend(&table.ties[i].firms);
            ties.groups.extend(&table.ties[i].groups);
            ties.posts.extend(&table.ties[i].posts);
            let of_name = groups.by_name.entry(node.name).or_default();
            if of_name.last() != Some(&g) {
                of_name.push(g);
            }
        }
        for list in groups.by_name.values_mut() {
            list.sort_unstable();
            list.dedup();
        }
        groups.by_name.sort_unstable_keys();
        groups.careers(table, &number);
        groups.company(table, &number);
        for profile in &mut groups.profiles {
            profile.ties.tidy();
            sorted(&mut profile.fields);
            sorted(&mut profile.moves);
            sorted(&mut profile.people);
            sorted(&mut profile.held);
        }
        groups
    }

    /// Returns the first few organisations that the bearers of a name are tied to.
    pub(super) fn firm_groups(&self, name: u32) -> Vec<u32> {
        let mut out: Vec<u32> = Vec::new();
        for group in self.by_name.get(&name).into_iter().flatten() {
            for firm in &self.profiles[*group as usize].ties.groups {
                if !out.contains(firm) {
                    out.push(*firm);
                }
                if out.len() == MAX_TIES {
                    return out;
                }
            }
        }
        out
    }

    fn careers(&mut self, table: &Table<'_>, number: &[u32]) {
        let facts = table.facts;
        let mut fields: IndexSet<&str, FxBuildHasher> = IndexSet::default();
        let mut field = |role: Option<Sym>| {
            let field = role.and_then(|r| table.titles.get(&r)).and_then(Title::field);
            field.map(|f| fields.insert_full(f).0 as u32)
        };
        let month =
            |date: PartialDate| i32::from(date.year) * 12 + i32::from(date.month.unwrap_or(6));
        for ((m, node), [from, to]) in
            facts.moves.iter().zip(&table.of_move).zip(&table.firms.of_move)
        {
            let profile = &mut self.profiles[number[*node as usize] as usize];
            profile.fields.extend(field(m.from_role));
            profile.fields.extend(field(m.to_role));
            profile.moves.push((*from, *to, m.kind));
        }
        for (p, node) in facts.positions.iter().zip(&table.of_position) {
            let profile = &mut self.profiles[number[*node as usize] as usize];
            profile.fields.extend(field(p.role));
            let said = facts.articles[p.article as usize].date.map(month);
            if let (Some(_), Some(said), Tense::Current) = (p.firm, said, p.tense) {
                profile.held.push((p.started_on.map_or(said, month), said));
            }
        }
    }

    /// Notes who is named beside whom: full names only, and not those whom every article names.
    fn company(&mut self, table: &Table<'_>, number: &[u32]) {
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
                .filter(|n| {
                    table.names[*n as usize].is_full() && n_articles[*n as usize] <= MAX_SHARED
                })
                .collect();
            here.sort_unstable();
            here.dedup();
            here.truncate(MAX_KEPT);
            for group in &number[first..last] {
                let people = &mut self.profiles[*group as usize].people;
                people.extend(&here);
                // Of people named thousands of times only so much is kept.
                if people.len() > 4 * MAX_KEPT {
                    sorted(people);
                }
            }
            first = last;
        }
    }
}
