//! Organisations: which names are one firm, which firm is part of which.

use super::claims::{Facts, Sym};
use super::cluster::{Clusters, Why};
use super::decisions::Told;
use super::firm_names::{FirmName, NameLink, relate};
use super::person_name::PersonName;
use super::text_links::LinkKind;
use crate::knowledge::Knowledge;
use crate::model::MentionType;
use indexmap::{IndexMap, IndexSet};
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

pub(super) type Map<K, V> = IndexMap<K, V, FxBuildHasher>;
type Set<K> = IndexSet<K, FxBuildHasher>;

/// Which firm each name is, in each article.
#[derive(Debug, Default)]
pub(super) struct Firms {
    /// Number of firms.
    pub(super) n: usize,
    /// Spelling key of each name that is a firm's.
    pub(super) key_of: Map<Sym, u32>,
    /// Firm of each key, wherever no article says otherwise.
    firm_of_key: Vec<u32>,
    /// Short names that mean another firm in one article.
    local: Map<(u32, u32), u32>,
    /// The firms left and joined by each claim of a move, by its place in the facts.
    pub(super) of_move: Vec<[Option<u32>; 2]>,
    /// The firm of each claim of a position.
    pub(super) of_position: Vec<Option<u32>>,
    /// The firm that a firm is part of.
    pub(super) parent: Vec<Option<u32>>,
    /// The known firm that a firm is, by its number in the knowledge.
    pub(super) known: Vec<Option<u32>>,
    /// Which spelling keys were joined, and why.
    pub(super) joined: Vec<(u32, u32, Why)>,
}

impl Firms {
    /// Returns the firm that a name of a claim means in an article.
    pub(super) fn of(&self, facts: &Facts, article: u32, name: Sym) -> Option<u32> {
        let entity = facts.entity(article, MentionType::Firm, name);
        let key = *self.key_of.get(&entity)?;
        Some(self.local.get(&(article, key)).copied().unwrap_or(self.firm_of_key[key as usize]))
    }

    /// Returns the firm of a spelling key, wherever no article says otherwise.
    pub(super) fn of_key(&self, key: u32) -> u32 {
        self.firm_of_key[key as usize]
    }

    /// Returns whether two spelling keys are one firm.
    pub(super) fn same_firm(&self, a: u32, b: u32) -> bool {
        self.of_key(a) == self.of_key(b)
    }

    /// Returns whether one of the two is the other or part of it, at any height.
    pub(super) fn related(&self, a: u32, b: u32) -> bool {
        a == b || self.within(a, b) || self.within(b, a)
    }

    /// Returns whether `part` is part of `whole`.
    pub(super) fn within(&self, part: u32, whole: u32) -> bool {
        let mut at = part;
        // Eight levels: no group is deeper, and a circle in the data ends.
        for _ in 0..8 {
            match self.parent[at as usize] {
                Some(up) if up == whole => return true,
                Some(up) => at = up,
                None => return false,
            }
        }
        false
    }
}

/// What the articles show of the keys.
pub(super) struct Seen {
    pub(super) names: Vec<FirmName>,
    /// Sorted keys of the entities of each article.
    entities: Vec<Vec<u32>>,
    /// Articles of each key as an entity.
    pub(super) articles: Vec<Vec<u32>>,
    /// Pairs of words of the names of people tied to each key.
    people: Vec<Set<u64>>,
    /// (short or other form, fullest form) and in how many articles the one stands for the other.
    aliases: Map<(u32, u32), u32>,
}

/// An alias that stands for one firm this many times more often than for any other means that firm everywhere.
const DOMINANT: u32 = 4;

/// Share of a short name's people that the full name must share where no article joins the two.
const SHARED_PEOPLE: f64 = 0.34;

/// Candidates looked at for one short name; beyond them it is a word of everyday language ("Banca", "Delta").
pub(super) const MAX_CANDIDATES: usize = 200;

/// Returns the firms behind the names of all articles. `notes` receives what was left undone.
pub(super) fn resolve(
    facts: &Facts,
    knowledge: &Knowledge,
    told: &Told,
    notes: &mut Vec<String>,
) -> Firms {
    traced(facts, knowledge, told, notes).0
}

/// Like [`resolve`], with what the articles show of the names.
pub(super) fn traced(
    facts: &Facts,
    knowledge: &Knowledge,
    told: &Told,
    notes: &mut Vec<String>,
) -> (Firms, Seen) {
    let (key_of, seen) = look(facts, knowledge);
    let n = seen.names.len();
    let mut clusters = Clusters::new(n);
    let mut known: Vec<Option<u32>> = vec![None; n];
    let key = |(article, name): (u32, Sym)| {
        key_of.get(&facts.entity(article, MentionType::Firm, name)).copied()
    };
    for word in &told.list {
        let (Some(a), Some(b)) = (key(word.a), key(word.b)) else { continue };
        let done = if word.same { clusters.join(a, b) } else { clusters.forbid(a, b) };
        if !done {
            notes.push(format!(
                "decisions contradict each other on '{}' and '{}': the later one holds",
                seen.names[a as usize].key, seen.names[b as usize].key
            ));
        }
    }
    clusters.why = Why::LegalForm;
    join_forms(&seen, &mut clusters, &mut known);
    clusters.why = Why::Known;
    join_known(&seen, knowledge, &mut clusters, &mut known);
    join_told_by_articles(facts, &seen, &key_of, &mut clusters, &mut known);
    let local_candidates = join_short_names(&seen, &mut clusters, &mut known, notes);
    let local = place_locally(facts, &key_of, &seen, &local_candidates, &mut clusters);

    let (firm_of_key, n_firms) = clusters.numbers();
    let mut firms = Firms {
        n: n_firms,
        key_of,
        local: local.into_iter().map(|(at, key)| (at, firm_of_key[key as usize])).collect(),
        of_move: Vec::new(),
        of_position: Vec::new(),
        parent: vec![None; n_firms],
        known: vec![None; n_firms],
        joined: clusters.joined,
        firm_of_key,
    };
    for (key, known) in known.iter().enumerate() {
        if let Some(known) = known {
            firms.known[firms.firm_of_key[key] as usize] = Some(*known);
        }
    }
    parents(facts, knowledge, &seen, &mut firms);
    let of = |article: u32, name: Option<Sym>| name.and_then(|name| firms.of(facts, article, name));
    let of_move = facts.moves.par_iter();
    let of_move = of_move.map(|m| [of(m.article, m.from_firm), of(m.article, m.to_firm)]).collect();
    let of_position = facts.positions.par_iter().map(|p| of(p.article, p.firm)).collect();
    (firms.of_move, firms.of_position) = (of_move, of_position);
    (firms, seen)
}

fn look(facts: &Facts, knowledge: &Knowledge) -> (Map<Sym, u32>, Seen) {
    let mut by_key: Map<(String, Option<String>), u32> = IndexMap::default();
    let mut key_of: Map<Sym, u32> = IndexMap::default();
    let mut names: Vec<FirmName> = Vec::new();
    // Names in the order of their text, so that keys are numbered alike however the claims came.
    let mut syms: Vec<Sym> = Vec::new();
    for m in &facts.moves {
        syms.extend(m.from_firm.into_iter().chain(m.to_firm));
    }
    syms.extend(facts.positions.iter().filter_map(|p| p.firm));
    for f in facts.forms.iter().filter(|f| f.mention_type == MentionType::Firm) {
        syms.extend([f.form, f.entity]);
    }
    syms.sort_unstable();
    syms.dedup();
    for sym in syms {
        let split = knowledge.legal_forms.split(facts.text(sym));
        if split.key.is_empty() {
            continue;
        }
        let next = names.len() as u32;
        let formal = match knowledge.firms.of_formal_name(&split.written) {
            [one] if split.form.is_some() => Some(*one),
            _ => None,
        };
        // "Merck KGaA" and "Merck & Co." share a name and nothing else: a form of one country makes a key of its own.
        let countries = split.countries.map(str::to_owned);
        let number = *by_key.entry((split.key.clone(), countries.clone())).or_insert(next);
        if number == next {
            let mut name = FirmName::new(split.key, facts.text(sym), knowledge);
            name.countries = countries;
            name.form = split.form.map(str::to_owned);
            name.formal = formal;
            names.push(name);
        } else {
            names[number as usize].see(facts.text(sym));
            names[number as usize].formal = names[number as usize].formal.or(formal);
        }
        key_of.insert(sym, number);
    }
    let mut seen = Seen {
        entities: vec![Vec::new(); facts.articles.len()],
        articles: vec![Vec::new(); names.len()],
        people: vec![IndexSet::default(); names.len()],
        aliases: IndexMap::default(),
        names,
    };
    let entity = |article: u32, name: Sym| {
        key_of.get(&facts.entity(article, MentionType::Firm, name)).copied()
    };
    let mut pairs: Map<Sym, Vec<u64>> = IndexMap::default();
    let mut tie = |seen: &mut Seen, article: u32, person: Sym, firm: Option<Sym>| {
        let Some(key) = firm.and_then(|f| entity(article, f)) else { return };
        seen.entities[article as usize].push(key);
        let words = pairs.entry(person).or_insert_with(|| word_pairs(facts.text(person)));
        seen.people[key as usize].extend(words.iter().copied());
    };
    for m in &facts.moves {
        tie(&mut seen, m.article, m.person, m.from_firm);
        tie(&mut seen, m.article, m.person, m.to_firm);
    }
    for p in &facts.positions {
        tie(&mut seen, p.article, p.person, p.firm);
    }
    let mut in_article: Set<(u32, u32)> = IndexSet::default();
    let mut last = u32::MAX;
    for f in facts.forms.iter().filter(|f| f.mention_type == MentionType::Firm) {
        if f.article != last {
            in_article.clear();
            last = f.article;
        }
        let (Some(form), Some(entity)) = (key_of.get(&f.form), key_of.get(&f.entity)) else {
            continue;
        };
        seen.entities[f.article as usize].push(*entity);
        if form != entity && in_article.insert((*form, *entity)) {
            *seen.aliases.entry((*form, *entity)).or_default() += 1;
        }
    }
    for (article, entities) in seen.entities.iter_mut().enumerate() {
        entities.sort_unstable();
        entities.dedup();
        for key in entities {
            seen.articles[*key as usize].push(article as u32);
        }
    }
    seen.aliases.sort_unstable_keys();
    (key_of, seen)
}

/// Returns a number for every pair of words of a person's name: names of one person share one.
fn word_pairs(name: &str) -> Vec<u64> {
    use std::hash::{Hash, Hasher};
    let name = PersonName::parse(name);
    let words: Vec<&str> =
        name.tokens.iter().filter(|t| !t.initial).map(|t| t.text.as_str()).take(5).collect();
    let mut out = Vec::new();
    for (i, a) in words.iter().enumerate() {
        for b in &words[i + 1..] {
            let mut hasher = rustc_hash::FxHasher::default();
            a.min(b).hash(&mut hasher);
            a.max(b).hash(&mut hasher);
            out.push(hasher.finish());
        }
    }
    out
}

impl Seen {
    /// Returns in how many articles the two stand as two organisations.
    pub(super) fn apart(&self, a: u32, b: u32) -> u32 {
        let (rare, other) = if self.articles[a as usize].len() <= self.articles[b as usize].len() {
            (a, b)
        } else {
            (b, a)
        };
        self.articles[rare as usize]
            .iter()
            .filter(|article| self.entities[**article as usize].binary_search(&other).is_ok())
            .count() as u32
    }

    pub(super) fn shared_people(&self, a: u32, b: u32) -> usize {
        let (small, large) = (&self.people[a as usize], &self.people[b as usize]);
        let (small, large) =
            if small.len() <= large.len() { (small, large) } else { (large, small) };
        small.iter().filter(|pair| large.contains(*pair)).count()
    }

    /// Returns whether the same people move around both names: enough to take one for the other's short form.
    fn share_context(&self, a: u32, b: u32) -> bool {
        let shared = self.shared_people(a, b);
        let fewer = self.people[a as usize].len().min(self.people[b as usize].len());
        shared > 0 && shared as f64 >= SHARED_PEOPLE * fewer as f64
    }
}

fn join(clusters: &mut Clusters, known: &mut [Option<u32>], a: u32, b: u32) -> bool {
    let (ra, rb) = (clusters.find(a), clusters.find(b));
    if let (Some(x), Some(y)) = (known[ra as usize], known[rb as usize])
        && x != y
    {
        return false;
    }
    let label = known[ra as usize].or(known[rb as usize]);
    let joined = clusters.join(a, b);
    if joined {
        known[clusters.find(a) as usize] = label;
    }
    joined
}

/// Joins names that differ by their legal form only. Forms of different countries stay apart unless the same people
/// stand beside both; the bare name goes with the form whose people it shares, or the most frequent one.
fn join_forms(seen: &Seen, clusters: &mut Clusters, known: &mut [Option<u32>]) {
    let mut by_key: Map<&str, Vec<u32>> = IndexMap::default();
    for (i, name) in seen.names.iter().enumerate() {
        by_key.entry(&name.key).or_default().push(i as u32);
    }
    for list in by_key.values().filter(|list| list.len() > 1) {
        let n_articles = |i: &u32| std::cmp::Reverse(seen.articles[*i as usize].len());
        let (bare, mut formed): (Vec<u32>, Vec<u32>) =
            list.iter().partition(|i| seen.names[**i as usize].countries.is_none());
        formed.sort_by_key(|i| (n_articles(i), *i));
        for (k, b) in formed.iter().enumerate() {
            for a in &formed[..k] {
                let abroad = seen.names[*a as usize].abroad(&seen.names[*b as usize]);
                if !abroad || seen.share_context(*a, *b) {
                    join(clusters, known, *a, *b);
                } else {
                    clusters.forbid(*a, *b);
                }
            }
        }
        for i in bare {
            let best = formed
                .iter()
                .copied()
                .max_by_key(|f| (seen.shared_people(i, *f), std::cmp::Reverse(*f)));
            let by_people = best.filter(|f| seen.shared_people(i, *f) > 0);
            if let Some(f) = by_people.or(formed.first().copied()) {
                join(clusters, known, i, f);
            }
        }
    }
}

/// Returns the known firms that a name can be: by its formal name, its name, or its name without "& Partners" and
/// the like and, for clubs, without "FC".
fn listed<'a>(name: &'a FirmName, knowledge: &'a Knowledge) -> &'a [u32] {
    if name.formal.is_some() {
        return name.formal.as_slice();
    }
    let by_name = knowledge.firms.of_key(&name.key);
    if !by_name.is_empty() {
        return by_name;
    }
    let plain = knowledge.firms.of_key(&name.plain);
    let club = |i: &u32| knowledge.firms()[*i as usize].kind.as_deref() == Some("club");
    if name.plays_football && !plain.iter().all(club) { &[] } else { plain }
}

fn join_known(
    seen: &Seen,
    knowledge: &Knowledge,
    clusters: &mut Clusters,
    known: &mut [Option<u32>],
) {
    let mut first: Map<u32, u32> = IndexMap::default();
    for (i, name) in seen.names.iter().enumerate() {
        // A name of two known firms ("Chase") says nothing by itself.
        if let [firm] = listed(name, knowledge) {
            let one = &knowledge.firms()[*firm as usize];
            let its_form = one.legal_form.is_some() && one.legal_form == name.form;
            let country = one.country.as_deref().filter(|_| !its_form && name.formal.is_none());
            let elsewhere = match (&name.countries, country) {
                (Some(forms), Some(country)) => {
                    !forms.contains("EU") && !forms.split('|').any(|c| c == country)
                }
                _ => false,
            };
            if elsewhere {
                continue;
            }
            known[clusters.find(i as u32) as usize] = Some(*firm);
            let at = *first.entry(*firm).or_insert(i as u32);
            join(clusters, known, at, i as u32);
        }
    }
}

/// Joins translations, and names of which an article shows that they are one organisation.
fn join_told_by_articles(
    facts: &Facts,
    seen: &Seen,
    key_of: &Map<Sym, u32>,
    clusters: &mut Clusters,
    known: &mut [Option<u32>],
) {
    let mut by_bag: Map<&[String], Vec<u32>> = IndexMap::default();
    let mut by_letters: Map<&str, u32> = IndexMap::default();
    for (i, name) in seen.names.iter().enumerate() {
        let i = i as u32;
        if name.bag.len() >= 2 || (name.bag.len() == 1 && !name.is_generic()) {
            let others = by_bag.entry(&name.bag).or_default();
            let same = others.iter().find(|other| {
                let one = &seen.names[**other as usize];
                name.is_translation_of(one)
                    && seen.apart(**other, i) == 0
                    && !name.is_holding_beside(one)
                    && (!name.is_of_any_state() || seen.share_context(**other, i))
            });
            if let Some(same) = same {
                clusters.why = Why::Translation;
                join(clusters, known, *same, i);
            }
            if others.len() < MAX_CANDIDATES {
                others.push(i);
            }
        }
        // "Open AI" and "OpenAI".
        if name.letters.chars().count() >= 5 {
            let first = *by_letters.entry(&name.letters).or_insert(i);
            let holding = name.is_holding_beside(&seen.names[first as usize]);
            if first != i && seen.apart(first, i) == 0 && !holding {
                clusters.why = Why::Spelling;
                join(clusters, known, first, i);
            }
        }
    }
    let by_key: Map<&str, u32> =
        seen.names.iter().enumerate().map(|(i, n)| (n.key.as_str(), i as u32)).collect();
    clusters.why = Why::Parentheses;
    for (i, name) in seen.names.iter().enumerate() {
        for short in &name.in_parentheses {
            if let Some(short) = by_key.get(short.as_str()) {
                join(clusters, known, *short, i as u32);
            }
        }
    }
    clusters.why = Why::Article;
    for link in &facts.links {
        if link.kind == LinkKind::Same
            && let (Some(a), Some(b)) = (key_of.get(&link.a), key_of.get(&link.b))
            && relate(&seen.names[*a as usize], &seen.names[*b as usize]) != NameLink::Part
        {
            join(clusters, known, *a, *b);
        }
    }
    // The surest first: aliases of many articles, then those whose names show why.
    let mut by_form: Map<u32, Vec<(u32, u32)>> = IndexMap::default();
    for ((form, entity), n) in &seen.aliases {
        by_form.entry(*form).or_default().push((*n, *entity));
    }
    let mut edges: Vec<(std::cmp::Reverse<u32>, NameLink, u32, u32)> = Vec::new();
    for (form, targets) in &by_form {
        if seen.names[*form as usize].is_generic() {
            continue;
        }
        for (n, entity) in targets {
            let link = relate(&seen.names[*form as usize], &seen.names[*entity as usize]);
            if link != NameLink::Part {
                edges.push((std::cmp::Reverse(*n), link, *form, *entity));
            }
        }
    }
    edges.sort_unstable();
    clusters.why = Why::Alias;
    for (std::cmp::Reverse(n), _, form, entity) in edges {
        let root = clusters.find(entity);
        let rivals: u32 = by_form[&form]
            .iter()
            .filter(|(_, other)| *other != entity && clusters.find(*other) != root)
            // Two full names with one acronym and the same people are translations of each other.
            .filter(|(_, other)| {
                !seen.share_context(*other, entity) || seen.apart(*other, entity) > 0
            })
            .map(|(n, _)| *n)
            .sum();
        if (rivals == 0 || n >= DOMINANT * rivals) && seen.apart(form, entity) <= n / 3 {
            join(clusters, known, form, entity);
        }
    }
}

/// Joins short names with full ones that share their people. Returns the short names that stand for different firms
/// in different articles, with the firms they can stand for.
fn join_short_names(
    seen: &Seen,
    clusters: &mut Clusters,
    known: &mut [Option<u32>],
    notes: &mut Vec<String>,
) -> Vec<(u32, Vec<u32>)> {
    let mut by_word: Map<&str, Vec<u32>> = IndexMap::default();
    let mut by_initials: Map<String, Vec<u32>> = IndexMap::default();
    for (i, name) in seen.names.iter().enumerate() {
        for word in &name.words {
            by_word.entry(word).or_default().push(i as u32);
        }
        for initials in name.initials() {
            by_initials.entry(initials).or_default().push(i as u32);
        }
    }
    let mut ambiguous = Vec::new();
    clusters.why = Why::ShortFirm;
    for (i, short) in seen.names.iter().enumerate() {
        let i = i as u32;
        if short.is_generic() {
            // "the Bank" is a firm only where its article says which.
            let targets: Vec<u32> =
                seen.aliases.keys().filter(|(form, _)| *form == i).map(|(_, e)| *e).collect();
            if !targets.is_empty() {
                ambiguous.push((i, targets));
            }
            continue;
        }
        let mut candidates: Vec<u32> = Vec::new();
        if let Some(word) = short.words.first() {
            candidates.extend(by_word.get(word.as_str()).into_iter().flatten());
        }
        if short.looks_like_acronym {
            candidates.extend(by_initials.get(&short.key).into_iter().flatten());
        }
        candidates.sort_unstable();
        candidates.dedup();
        if candidates.len() > MAX_CANDIDATES {
            notes.push(format!(
                "'{}' stands in {} names of firms: it was joined with none by its name alone",
                short.key,
                candidates.len()
            ));
            continue;
        }
        let mut targets: Vec<(NameLink, u32)> = candidates
            .iter()
            .filter(|c| **c != i)
            .map(|c| (relate(short, &seen.names[*c as usize]), *c))
            .filter(|(link, c)| {
                matches!(link, NameLink::Short | NameLink::Acronym)
                    && seen.names[*c as usize].key.len() >= short.key.len()
            })
            .filter(|(_, c)| seen.share_context(i, *c) && seen.apart(i, *c) == 0)
            .collect();
        targets.sort_unstable();
        let mut roots: Vec<u32> = targets.iter().map(|(_, c)| clusters.find(*c)).collect();
        roots.sort_unstable();
        roots.dedup();
        match roots.as_slice() {
            [] => {}
            [root] => {
                join(clusters, known, i, *root);
            }
            _ => ambiguous.push((i, targets.iter().map(|(_, c)| *c).collect())),
        }
    }
    // Blends of the words of a full name ("Caritronto") and misspelt names have no word in common with it: the people
    // lead there.
    let mut by_person: Map<u64, Vec<u32>> = IndexMap::default();
    for (i, people) in seen.people.iter().enumerate() {
        for pair in people {
            by_person.entry(*pair).or_default().push(i as u32);
        }
    }
    clusters.why = Why::NearFirm;
    for (i, short) in seen.names.iter().enumerate() {
        if short.key.chars().count() < 5 {
            continue;
        }
        let mut near: Vec<u32> = seen.people[i]
            .iter()
            .flat_map(|pair| by_person[pair].iter().copied().take(MAX_CANDIDATES))
            .filter(|c| {
                let full = &seen.names[*c as usize];
                (short.words.len() == 1 && short.is_blend_of(full))
                    || relate(short, full) == NameLink::Typo
                    || (short.is_cognate_of(full) && seen.share_context(i as u32, *c))
            })
            .collect();
        near.sort_unstable();
        near.dedup();
        if let [one] = near.as_slice()
            && seen.apart(i as u32, *one) == 0
        {
            join(clusters, known, i as u32, *one);
        }
    }
    ambiguous
}

/// Returns, for short names that can stand for several firms, which one each article means: the one whose people it
/// names.
fn place_locally(
    facts: &Facts,
    key_of: &Map<Sym, u32>,
    seen: &Seen,
    ambiguous: &[(u32, Vec<u32>)],
    clusters: &mut Clusters,
) -> Map<(u32, u32), u32> {
    let shorts: Set<u32> = ambiguous.iter().map(|(short, _)| *short).collect();
    let mut here: Map<(u32, u32), Set<u64>> = IndexMap::default();
    let claims = facts
        .moves
        .iter()
        .flat_map(|m| [(m.article, m.person, m.from_firm), (m.article, m.person, m.to_firm)])
        .chain(facts.positions.iter().map(|p| (p.article, p.person, p.firm)));
    for (article, person, firm) in claims {
        let Some(firm) = firm else { continue };
        let key = key_of.get(&facts.entity(article, MentionType::Firm, firm));
        if let Some(key) = key.filter(|key| shorts.contains(*key)) {
            here.entry((article, *key)).or_default().extend(word_pairs(facts.text(person)));
        }
    }
    here.sort_unstable_keys();
    let mut out = IndexMap::default();
    for (short, targets) in ambiguous {
        let mut people_of: Map<u32, Set<u64>> = IndexMap::default();
        for target in targets {
            let people = people_of.entry(clusters.find(*target)).or_default();
            people.extend(seen.people[*target as usize].iter().copied());
        }
        for article in &seen.articles[*short as usize] {
            let Some(people) = here.get(&(*article, *short)) else { continue };
            let mut fitting = people_of
                .iter()
                .filter(|(_, others)| people.iter().any(|pair| others.contains(pair)))
                .map(|(root, _)| *root);
            if let (Some(one), None) = (fitting.next(), fitting.next())
                && !clusters.forbidden(*short, one)
            {
                out.insert((*article, *short), one);
            }
        }
    }
    out
}

/// Finds the firm that each firm is part of: told by knowledge, by an article, or by a name with a unit's word.
fn parents(facts: &Facts, knowledge: &Knowledge, seen: &Seen, firms: &mut Firms) {
    let mut by_known: Map<&str, u32> = IndexMap::default();
    for (firm, known) in firms.known.iter().enumerate() {
        if let Some(known) = known {
            by_known.insert(&knowledge.firms()[*known as usize].name, firm as u32);
        }
    }
    let mut told: Vec<(u8, u32, u32)> = Vec::new();
    for (firm, known) in firms.known.iter().enumerate() {
        if let Some(known) = known
            && let Some(parent) = &knowledge.firms()[*known as usize].parent
            && let Some(parent) = by_known.get(parent.as_str())
        {
            told.push((0, firm as u32, *parent));
        }
    }
    for link in facts.links.iter().filter(|l| l.kind == LinkKind::UnitOf) {
        if let (Some(a), Some(b)) =
            (firms.of(facts, link.article, link.a), firms.of(facts, link.article, link.b))
        {
            told.push((1, a, b));
        }
    }
    let mut by_key: Map<&str, u32> = IndexMap::default();
    for (i, name) in seen.names.iter().enumerate() {
        by_key.insert(&name.key, i as u32);
    }
    for (i, name) in seen.names.iter().enumerate() {
        if let Some(whole) = name.without_unit()
            && let Some(j) = by_key.get(whole.as_str())
            && seen.apart(i as u32, *j) > 0
        {
            told.push((2, firms.firm_of_key[i], firms.firm_of_key[*j as usize]));
        }
    }
    told.sort_unstable();
    told.dedup();
    for (_, part, whole) in told {
        if firms.parent[part as usize].is_none() && part != whole && !firms.within(whole, part) {
            firms.parent[part as usize] = Some(whole);
        }
    }
}
