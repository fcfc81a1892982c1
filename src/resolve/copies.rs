use super::claims::{Facts, Sym};
use crate::text::fold;
use indexmap::{IndexMap, IndexSet};
use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHasher};
use std::hash::{Hash, Hasher};

/// A text's fingerprint: for each of 64 parts of the hash space, the smallest hash of its runs of four words.
///
/// The share of equal parts estimates how many runs two texts share.
pub(super) type Sketch = Box<[u32; N_PARTS]>;

/// More parts make the estimate sharper (its error is about 1/√64 = 0.12) and an article 4 bytes larger each.
const N_PARTS: usize = 64;

/// Parts compared at once when candidates are looked up: of two texts that share half of their runs, 93 in 100 agree
/// in one of the 21 groups of three; of two that share a tenth, 2 in 100.
const GROUP: usize = 3;

/// Share of equal parts from which two texts are copies. An agency text with its last of four sentences cut and a new
/// headline shares 0.6 to 0.7; two reports of one event by two writers share under 0.1.
const COPY: f64 = 0.5;

/// Runs of words below which a text is too short to tell a copy from a formula ("Lo rende noto la società").
const MIN_RUNS: usize = 12;

/// Returns the fingerprint of a text; all parts are `u32::MAX` where it is too short.
pub(super) fn sketch(text: &str) -> Sketch {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(' ').collect();
    let mut parts = Box::new([u32::MAX; N_PARTS]);
    if words.len() < MIN_RUNS + 3 {
        return parts;
    }
    for run in words.windows(4) {
        let mut hasher = FxHasher::default();
        run.hash(&mut hasher);
        let hash = mix(hasher.finish());
        let part = (hash >> 58) as usize;
        parts[part] = parts[part].min(hash as u32);
    }
    parts
}

/// Spreads the bits (the finaliser of MurmurHash3), as the parts are told by the highest ones.
fn mix(mut hash: u64) -> u64 {
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

fn similarity(a: &Sketch, b: &Sketch) -> f64 {
    let mut filled = 0;
    let mut equal = 0;
    for (x, y) in a.iter().zip(b.iter()) {
        if *x != u32::MAX || *y != u32::MAX {
            filled += 1;
            equal += usize::from(x == y);
        }
    }
    if filled == 0 { 0.0 } else { f64::from(equal as u32) / f64::from(filled as u32) }
}

/// Articles that repeat another one.
#[derive(Debug, Default)]
pub(super) struct Copies {
    /// For each article the one it repeats, or itself.
    pub(super) original: Vec<u32>,
}

/// Returns which articles repeat which. The original is the earliest of a group, then the longest, then the one of
/// the smallest hash.
///
/// Two texts whose claims are about different people are no copies, however much of a formula they share.
pub(super) fn find(facts: &Facts) -> Copies {
    let n = facts.articles.len();
    let people = people_by_article(facts);
    let mut root: Vec<u32> = (0..n as u32).collect();
    let pairs: Vec<Vec<(u32, u32)>> = (0..N_PARTS / GROUP)
        .into_par_iter()
        .map(|g| {
            let parts = |i: u32| -> [u32; GROUP] {
                std::array::from_fn(|k| facts.articles[i as usize].sketch[g * GROUP + k])
            };
            let mut order: Vec<([u32; GROUP], u32)> = (0..n as u32)
                .map(|i| (parts(i), i))
                .filter(|(parts, _)| !parts.contains(&u32::MAX))
                .collect();
            order.sort_unstable();
            let mut pairs = Vec::new();
            for members in order.chunk_by(|a, b| a.0 == b.0) {
                // Every text is compared with the first ones of its group only: copies of one text all meet there.
                for (k, (_, b)) in members.iter().enumerate().skip(1) {
                    for (_, a) in &members[..k.min(4)] {
                        let (x, y) = (&facts.articles[*a as usize], &facts.articles[*b as usize]);
                        if same_people(&people[*a as usize], &people[*b as usize])
                            && similarity(&x.sketch, &y.sketch) >= COPY
                        {
                            pairs.push((*a, *b));
                        }
                    }
                }
            }
            pairs
        })
        .collect();
    for (a, b) in pairs.into_iter().flatten() {
        let (ra, rb) = (find_root(&mut root, a), find_root(&mut root, b));
        root[ra.max(rb) as usize] = ra.min(rb);
    }
    let mut best: Vec<u32> = (0..n as u32).collect();
    let rank = |i: u32| {
        let article = &facts.articles[i as usize];
        (article.date.is_none(), article.date, std::cmp::Reverse(article.n_chars), i)
    };
    for i in 0..n as u32 {
        let r = find_root(&mut root, i) as usize;
        if rank(i) < rank(best[r]) {
            best[r] = i;
        }
    }
    let original = (0..n as u32).map(|i| best[find_root(&mut root, i) as usize]).collect();
    Copies { original }
}

fn find_root(root: &mut [u32], mut i: u32) -> u32 {
    while root[i as usize] != i {
        root[i as usize] = root[root[i as usize] as usize];
        i = root[i as usize];
    }
    i
}

/// Returns the people of each article's claims as numbers of their folded names, sorted.
fn people_by_article(facts: &Facts) -> Vec<Vec<u32>> {
    let mut people: Vec<Vec<u32>> = vec![Vec::new(); facts.articles.len()];
    let mut names: IndexSet<String, FxBuildHasher> = IndexSet::default();
    let mut number: IndexMap<Sym, u32, FxBuildHasher> = IndexMap::default();
    let named = facts.moves.iter().map(|m| (m.article, m.person));
    for (article, person) in named.chain(facts.positions.iter().map(|p| (p.article, p.person))) {
        let name = number
            .entry(person)
            .or_insert_with(|| names.insert_full(fold(facts.text(person))).0 as u32);
        people[article as usize].push(*name);
    }
    for list in &mut people {
        list.sort_unstable();
        list.dedup();
    }
    people
}

fn same_people(a: &[u32], b: &[u32]) -> bool {
    let shared = a.iter().filter(|name| b.binary_search(name).is_ok()).count();
    2 * shared >= a.len().min(b.len())
}
