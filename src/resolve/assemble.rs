//! The dataset's rows from what was resolved: names chosen, ids given, evidence attached.

use super::claims::{EvidenceFact, Facts, Sym, id_of};
use super::copies::Copies;
use super::dataset::{
    Dataset, EntityName, Firm, FirmName, Move, NameForm, Person, Position, Role, RowEvidence,
    StatusStep,
};
use super::firms::Firms;
use super::ids::{Ids, slug};
use super::moves::{Event, date_agrees};
use super::names::{NameRelation, relate};
use super::people::People;
use super::person_name::PersonName;
use super::positions::Holding;
use super::roles::{Title, TitleMatch, compare};
use crate::knowledge::Knowledge;
use crate::model::{MentionType, PartialDate, SlotName};
use indexmap::{IndexMap, IndexSet};
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;
use std::sync::Arc;

type Map<K, V> = IndexMap<K, V, FxBuildHasher>;

/// Everything that was resolved.
pub(super) struct Resolved<'a> {
    pub(super) facts: &'a Facts,
    pub(super) knowledge: &'a Knowledge,
    pub(super) firms: &'a Firms,
    pub(super) titles: &'a Map<Sym, Title>,
    pub(super) people: &'a People,
    pub(super) copies: &'a Copies,
    /// Sorted by person.
    pub(super) events: Vec<Event>,
    /// For each event the places of its holdings in `holdings`.
    pub(super) links: Vec<(Option<usize>, Option<usize>)>,
    /// Sorted by person.
    pub(super) holdings: Vec<Holding>,
    pub(super) notes: Vec<String>,
}

/// Forms of one name with the number of articles that use each, in the order of the alphabet.
type Forms = Vec<(Sym, usize)>;

/// Returns the forms of each of `n` entities from (entity, form, article), in any order and with repetitions.
fn forms_of(n: usize, mut uses: Vec<(u32, Sym, u32)>) -> Vec<Forms> {
    uses.sort_unstable();
    uses.dedup();
    let mut out: Vec<Forms> = vec![Vec::new(); n];
    for same in uses.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        out[same[0].0 as usize].push((same[0].1, same.len()));
    }
    out
}

/// Returns the dataset.
pub(super) fn assemble(resolved: Resolved<'_>) -> Dataset {
    let facts = resolved.facts;
    let (people, person_ids) = people(&resolved);
    let (firms, firm_ids) = firms(&resolved);
    let (roles, role_ids) = roles(&resolved);
    let role_id = |role: Option<Sym>| role.and_then(|r| role_ids.get(&r).cloned());
    let firm_id = |firm: Option<u32>| firm.map(|f| firm_ids[f as usize].clone());

    let mut ids = Ids::default();
    let mut order: Vec<usize> = (0..resolved.holdings.len()).collect();
    order.sort_by_key(|i| {
        let h = &resolved.holdings[*i];
        (&person_ids[h.person as usize], h.started_on.is_none(), h.started_on, first_key(facts, h))
    });
    let mut position_ids = vec![String::new(); resolved.holdings.len()];
    for i in order {
        let h = &resolved.holdings[i];
        let mut text = person_ids[h.person as usize].clone();
        if let Some(role) = role_id(h.role) {
            text = format!("{text}-{role}");
        }
        if let Some(firm) = h.firm {
            text = format!("{text}-at-{}", firm_ids[firm as usize]);
        }
        position_ids[i] = ids.give_long(&text);
    }
    let mut positions: Vec<Position> = resolved
        .holdings
        .par_iter()
        .zip(&position_ids)
        .map(|(h, id)| Position {
            id: id.clone(),
            person_id: person_ids[h.person as usize].clone(),
            firm_id: firm_id(h.firm),
            role_id: role_id(h.role),
            title: h.role.map(|r| facts.text(r).to_owned()),
            unit: None,
            tense: h.tense,
            said_on: h.said_on,
            started_on: h.started_on,
            ended_on: h.ended_on,
            n_articles: h.n_articles,
            confidence: h.confidence,
            evidence: position_evidence(&resolved, h),
        })
        .collect();

    let mut ids = Ids::default();
    let mut order: Vec<usize> = (0..resolved.events.len()).collect();
    order.sort_by_key(|i| {
        let e = &resolved.events[*i];
        let key = e.tellings.iter().map(|t| facts.moves[t.claim as usize].id).min();
        (&person_ids[e.person as usize], e.date.is_none(), e.date, e.announced_on, key)
    });
    let mut move_ids = vec![String::new(); resolved.events.len()];
    for i in order {
        let e = &resolved.events[i];
        let person = &person_ids[e.person as usize];
        let name = |firm: u32| firm_ids[firm as usize].as_str();
        let text = match (e.from, e.to) {
            (Some(from), Some(to)) if from == to => match role_id(e.to_role) {
                Some(role) => format!("{person}-{role}-at-{}", name(to)),
                None => format!("{person}-within-{}", name(to)),
            },
            (Some(from), Some(to)) => format!("{person}-{}-to-{}", name(from), name(to)),
            (None, Some(to)) => format!("{person}-to-{}", name(to)),
            (Some(from), None) => format!("{person}-from-{}", name(from)),
            (None, None) => format!("{person}-{}", e.kind),
        };
        move_ids[i] = ids.give_long(&text);
    }
    let mut moves: Vec<Move> = resolved
        .events
        .par_iter()
        .enumerate()
        .map(|(i, e)| {
            let (from_position, to_position) = resolved.links[i];
            Move {
                id: move_ids[i].clone(),
                person_id: person_ids[e.person as usize].clone(),
                kind: e.kind,
                status: e.status,
                manner: e.manner,
                from_firm_id: firm_id(e.from),
                from_role_id: role_id(e.from_role),
                from_position_id: from_position.map(|p| position_ids[p].clone()),
                to_firm_id: firm_id(e.to),
                to_role_id: role_id(e.to_role),
                to_position_id: to_position.map(|p| position_ids[p].clone()),
                from_title: e.from_role.map(|r| facts.text(r).to_owned()),
                to_title: e.to_role.map(|r| facts.text(r).to_owned()),
                to_note: e.to_note.map(|n| facts.text(n).to_owned()),
                happened_on: e.date,
                announced_on: e.announced_on,
                succeeds_move_id: e.succeeds.map(|s| move_ids[s as usize].clone()),
                n_articles: e.n_articles,
                confidence: e.confidence,
                history: history(facts, e),
                evidence: move_evidence(&resolved, e),
            }
        })
        .collect();
    positions.par_sort_by(|a, b| a.id.cmp(&b.id));
    moves.par_sort_by(|a, b| a.id.cmp(&b.id));
    let mut duplicates: Vec<(String, String)> = resolved
        .copies
        .original
        .iter()
        .enumerate()
        .filter(|(i, original)| *i as u32 != **original)
        .map(|(i, original)| {
            let sha = |i: usize| facts.articles[i].sha.to_string();
            (sha(i), sha(*original as usize))
        })
        .collect();
    duplicates.sort();
    let names = entity_names(&resolved, &person_ids, &firm_ids);
    let mut notes = resolved.notes;
    notes.sort();
    notes.dedup();
    Dataset { people, firms, roles, positions, moves, names, duplicates, notes }
}

fn first_key(facts: &Facts, h: &Holding) -> Option<super::claims::Key> {
    h.claims.iter().map(|c| facts.positions[*c as usize].id).min()
}

fn sorted_forms(facts: &Facts, forms: &Forms) -> Vec<NameForm> {
    let mut list: Vec<NameForm> = forms
        .iter()
        .map(|(form, n_articles)| NameForm {
            name: facts.text(*form).to_owned(),
            n_articles: *n_articles,
        })
        .collect();
    list.sort();
    list
}

fn people(resolved: &Resolved<'_>) -> (Vec<Person>, Vec<String>) {
    let facts = resolved.facts;
    let mut uses: Vec<(u32, Sym, u32)> = Vec::new();
    let mut use_form = |person: u32, form: Sym, article: u32| uses.push((person, form, article));
    let mut first_seen: Vec<(bool, Option<PartialDate>, u32)> =
        vec![(true, None, u32::MAX); resolved.people.n];
    for (article, entity, person) in &resolved.people.of_name {
        use_form(*person, *entity, *article);
        let date = facts.articles[*article as usize].date;
        let seen = (date.is_none(), date, *article);
        let first = &mut first_seen[*person as usize];
        if seen < *first || first.2 == u32::MAX {
            *first = seen;
        }
    }
    for (i, m) in facts.moves.iter().enumerate() {
        use_form(resolved.people.of_move[i], m.person, m.article);
    }
    for (i, p) in facts.positions.iter().enumerate() {
        use_form(resolved.people.of_position[i], p.person, p.article);
    }
    for f in facts.forms.iter().filter(|f| f.mention_type == MentionType::Person) {
        if let [person] = resolved.people.named(f.article, f.entity).as_slice() {
            use_form(*person, f.form, f.article);
        }
    }
    let forms = forms_of(resolved.people.n, uses);
    let chosen: Vec<Sym> = forms.par_iter().map(|f| best_person_name(resolved, f)).collect();
    let parsed: Vec<(PersonName, String)> = chosen
        .par_iter()
        .map(|form| {
            let surface = facts.text(*form);
            let name = PersonName::parse(surface);
            let slug = person_slug(resolved, &name, surface);
            (name, slug)
        })
        .collect();
    let mut order: Vec<u32> = (0..resolved.people.n as u32).collect();
    order.sort_by_key(|p| (&parsed[*p as usize].1, first_seen[*p as usize]));
    let mut ids = Ids::default();
    let mut person_ids = vec![String::new(); resolved.people.n];
    let mut list = Vec::with_capacity(resolved.people.n);
    for p in order {
        let surface = facts.text(chosen[p as usize]);
        let (name, slug) = &parsed[p as usize];
        let id = ids.give(slug);
        let (given_name, family_name) = given_and_family(resolved.knowledge, surface, name);
        person_ids[p as usize].clone_from(&id);
        list.push(Person {
            id,
            name: surface.to_owned(),
            given_name,
            family_name,
            names: sorted_forms(facts, &forms[p as usize]),
        });
    }
    list.sort_by(|a, b| a.id.cmp(&b.id));
    (list, person_ids)
}

/// Returns the given name first: "Ferrandi Giulia" gives the id of "Giulia Ferrandi".
fn person_slug(resolved: &Resolved<'_>, name: &PersonName, surface: &str) -> String {
    if name.tokens.len() >= 2 && name.surname_at(resolved.knowledge) == 0 {
        let words: Vec<&str> = surface.split_whitespace().collect();
        if words.len() == name.tokens.len() {
            return slug(&format!("{} {}", words[1..].join(" "), words[0]));
        }
    }
    slug(surface)
}

/// Returns the form that names the person best: given name and surname written out, in the usual order, without
/// capitals only; among those the one of most articles, then the one of most words, then the first in the alphabet.
fn best_person_name(resolved: &Resolved<'_>, forms: &Forms) -> Sym {
    let facts = resolved.facts;
    let parsed: Vec<(Sym, PersonName, usize)> =
        forms.iter().map(|(form, n)| (*form, PersonName::parse(facts.text(*form)), *n)).collect();
    type Rank = (bool, bool, bool, usize, bool, usize);
    let mut best: Option<(Rank, Sym)> = None;
    for (form, name, n) in &parsed {
        let text = facts.text(*form);
        let usual = name.surname_at(resolved.knowledge) != 0 || name.tokens.len() < 2;
        let mixed = text.chars().any(char::is_lowercase);
        // Spellings that differ in accents only count for each other; the accent is the better spelling.
        let support: usize = parsed
            .iter()
            .filter(|(_, other, _)| relate(name, other, resolved.knowledge) == NameRelation::Same)
            .map(|(_, _, n)| *n)
            .sum();
        let accents = text.chars().filter(|c| !c.is_ascii()).count();
        let words = name.tokens.iter().filter(|t| !t.initial).count();
        let formal = name.tokens.iter().any(|t| resolved.knowledge.names.is_formal(&t.text));
        let rank = (
            name.is_full(),
            usual,
            mixed,
            support.max(*n) * 100 + words * 10 + accents.min(9),
            formal,
            usize::MAX - text.len(),
        );
        if best.as_ref().is_none_or(|(r, s)| rank > *r || (rank == *r && form < s)) {
            best = Some((rank, *form));
        }
    }
    best.map_or(0, |(_, form)| form)
}

fn given_and_family(
    knowledge: &Knowledge,
    surface: &str,
    name: &PersonName,
) -> (Option<String>, Option<String>) {
    let words: Vec<&str> = surface.split_whitespace().collect();
    if name.tokens.len() < 2 || words.len() < 2 {
        return (None, Some(surface.to_owned()).filter(|_| name.is_single()));
    }
    if words.len() != name.tokens.len() {
        // Particles and titles: what follows the first word is the family name.
        return (Some(words[0].to_owned()), Some(words[1..].join(" ")));
    }
    let at = name.surname_at(knowledge);
    let given: Vec<&str> =
        words.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, w)| *w).collect();
    (Some(given.join(" ")), Some(words[at].to_owned()))
}

fn firms(resolved: &Resolved<'_>) -> (Vec<Firm>, Vec<String>) {
    let facts = resolved.facts;
    let firms = resolved.firms;
    let mut uses: Vec<(u32, Sym, u32)> = Vec::new();
    let mut first_seen: Vec<u32> = vec![u32::MAX; firms.n];
    let mut use_form = |article: u32, form: Option<Sym>, firm: Option<u32>| {
        if let (Some(form), Some(firm)) = (form, firm) {
            uses.push((firm, form, article));
            let first = &mut first_seen[firm as usize];
            *first = article.min(*first);
        }
    };
    for (m, [from, to]) in facts.moves.iter().zip(&firms.of_move) {
        use_form(m.article, m.from_firm, *from);
        use_form(m.article, m.to_firm, *to);
    }
    for (p, firm) in facts.positions.iter().zip(&firms.of_position) {
        use_form(p.article, p.firm, *firm);
    }
    for f in facts.forms.iter().filter(|f| f.mention_type == MentionType::Firm) {
        use_form(f.article, Some(f.form), firms.of(facts, f.article, f.form));
        use_form(f.article, Some(f.entity), firms.of(facts, f.article, f.entity));
    }
    let forms = forms_of(firms.n, uses);
    let known = |f: u32| firms.known[f as usize].map(|k| &resolved.knowledge.firms()[k as usize]);
    let chosen: Vec<String> = (0..firms.n as u32)
        .map(|f| match known(f) {
            Some(known) => known.name.clone(),
            None => best_firm_name(resolved, &forms[f as usize]),
        })
        .collect();
    // Firms that only a short form without articles of its own led to are no rows.
    let mut order: Vec<u32> =
        (0..firms.n as u32).filter(|f| !forms[*f as usize].is_empty()).collect();
    order.sort_by_cached_key(|f| {
        (slug(&resolved.knowledge.firm_key(&chosen[*f as usize])), first_seen[*f as usize], *f)
    });
    let mut ids = Ids::default();
    let mut firm_ids = vec![String::new(); firms.n];
    for f in &order {
        firm_ids[*f as usize] = ids.give(&resolved.knowledge.firm_key(&chosen[*f as usize]));
    }
    let mut list: Vec<Firm> = order
        .iter()
        .map(|f| {
            let known = known(*f);
            let mut names: Vec<FirmName> = sorted_forms(facts, &forms[*f as usize])
                .into_iter()
                .map(|form| {
                    let years = known.and_then(|k| {
                        k.former_names.iter().find(|former| {
                            resolved.knowledge.firm_key(&former.0)
                                == resolved.knowledge.firm_key(&form.name)
                        })
                    });
                    FirmName {
                        name: form.name,
                        from_year: years.and_then(|y| y.1),
                        to_year: years.and_then(|y| y.2),
                        n_articles: form.n_articles,
                    }
                })
                .collect();
            if let Some(known) = known {
                let met: IndexSet<String, FxBuildHasher> =
                    names.iter().map(|n| n.name.clone()).collect();
                let all = std::iter::once((&known.name, None, None))
                    .chain(known.aliases.iter().map(|a| (a, None, None)))
                    .chain(known.former_names.iter().map(|f| (&f.0, f.1, f.2)));
                for (name, from_year, to_year) in all {
                    if !met.contains(name) && !names.iter().any(|n| n.name == *name) {
                        names.push(FirmName {
                            name: name.clone(),
                            from_year,
                            to_year,
                            n_articles: 0,
                        });
                    }
                }
                names.sort();
            }
            let legal_form = known.and_then(|k| k.legal_form.clone()).or_else(|| {
                names
                    .iter()
                    .filter(|n| n.n_articles > 0)
                    .find_map(|n| resolved.knowledge.legal_form(&n.name))
                    .map(str::to_owned)
            });
            Firm {
                id: firm_ids[*f as usize].clone(),
                name: chosen[*f as usize].clone(),
                kind: known.and_then(|k| k.kind.clone()),
                legal_form,
                country: known.and_then(|k| k.country.clone()),
                parent_id: firms.parent[*f as usize]
                    .map(|p| firm_ids[p as usize].clone())
                    .filter(|id| !id.is_empty()),
                names,
            }
        })
        .collect();
    list.sort_by(|a, b| a.id.cmp(&b.id));
    (list, firm_ids)
}

/// Returns the form that names the organisation best: of most articles together with those that differ from it by
/// legal form or capitals only; not an acronym or capitals only where another is there.
fn best_firm_name(resolved: &Resolved<'_>, forms: &Forms) -> String {
    let facts = resolved.facts;
    let keys: Vec<(Sym, String, usize)> = forms
        .iter()
        .map(|(form, n)| (*form, resolved.knowledge.firm_key(facts.text(*form)), *n))
        .collect();
    type Rank = (bool, bool, usize, usize);
    let mut best: Option<(Rank, Sym)> = None;
    for (form, key, n) in &keys {
        let text = facts.text(*form);
        let mixed = text.chars().any(char::is_lowercase);
        let support: usize = keys.iter().filter(|k| k.1 == *key).map(|k| k.2).sum();
        // The full name is told once in an article, the short one all over it: words weigh as much as articles.
        let words = key.split(' ').count().min(4);
        let rank = (mixed, key.split(' ').count() > 1 || key.len() > 5, support + words, *n);
        if best.as_ref().is_none_or(|(r, s)| rank > *r || (rank == *r && form < s)) {
            best = Some((rank, *form));
        }
    }
    best.map_or(String::new(), |(_, form)| facts.text(form).to_owned())
}

fn roles(resolved: &Resolved<'_>) -> (Vec<Role>, Map<Sym, String>) {
    let facts = resolved.facts;
    let mut forms: Map<Sym, Vec<u32>> = IndexMap::default();
    let mut use_role = |article: u32, role: Option<Sym>| {
        if let Some(role) = role {
            let articles = forms.entry(role).or_default();
            if articles.last() != Some(&article) {
                articles.push(article);
            }
        }
    };
    for m in &facts.moves {
        use_role(m.article, m.from_role);
        use_role(m.article, m.to_role);
    }
    for p in &facts.positions {
        use_role(p.article, p.role);
    }
    let mut by_title: Map<&str, Vec<Sym>> = IndexMap::default();
    for role in forms.keys() {
        by_title.entry(resolved.titles[role].title.as_str()).or_default().push(*role);
    }
    by_title.sort_unstable_keys();
    let mut ids = Ids::default();
    let mut role_ids = IndexMap::default();
    let mut list = Vec::new();
    for (title, mut members) in by_title {
        members.sort_unstable();
        let id = ids.give(title);
        let known = &resolved.titles[&members[0]];
        let mut names: Vec<NameForm> = members
            .iter()
            .map(|role| {
                let mut articles = forms[role].clone();
                articles.sort_unstable();
                articles.dedup();
                NameForm { name: facts.text(*role).to_owned(), n_articles: articles.len() }
            })
            .collect();
        names.sort();
        for role in members {
            role_ids.insert(role, id.clone());
        }
        list.push(Role {
            id,
            title: title.to_owned(),
            title_it: known.title_it.clone(),
            function: known.function.clone(),
            level: known.level.clone(),
            names,
        });
    }
    list.sort_by(|a, b| a.id.cmp(&b.id));
    (list, role_ids)
}

fn history(facts: &Facts, event: &Event) -> Vec<StatusStep> {
    let mut steps: Vec<StatusStep> = event
        .tellings
        .iter()
        .map(|t| StatusStep {
            said_on: t.said_on,
            status: t.status,
            article: facts.articles[t.article as usize].sha.clone(),
        })
        .collect();
    steps.sort();
    steps.dedup();
    steps
}

/// What a claim says in a slot, and whether the row agrees.
struct Said {
    value: Option<Arc<str>>,
    supports: bool,
}

fn role_said(resolved: &Resolved<'_>, told: Option<Sym>, row: Option<Sym>) -> Said {
    let supports = match (told, row) {
        (Some(a), Some(b)) => {
            compare(&resolved.titles[&a], &resolved.titles[&b]) != TitleMatch::Different
        }
        (None, _) => true,
        (Some(_), None) => false,
    };
    Said { value: told.map(|r| resolved.facts.shared(r)), supports }
}

fn firm_said(
    resolved: &Resolved<'_>,
    told: Option<Sym>,
    firm: Option<u32>,
    row: Option<u32>,
) -> Said {
    let supports = match (firm, row) {
        (Some(a), Some(b)) => resolved.firms.related(a, b),
        (None, _) => true,
        (Some(_), None) => false,
    };
    Said { value: told.map(|n| resolved.facts.shared(n)), supports }
}

fn date_said(told: Option<PartialDate>, row: Option<PartialDate>) -> Said {
    Said {
        value: told.map(|d| d.to_string().into()),
        supports: told.is_none_or(|d| date_agrees(d, row)),
    }
}

fn move_evidence(resolved: &Resolved<'_>, event: &Event) -> Vec<RowEvidence> {
    let facts = resolved.facts;
    let mut out = Vec::new();
    for t in &event.tellings {
        let m = &facts.moves[t.claim as usize];
        let said = |slot: SlotName| match slot {
            SlotName::FromFirm => firm_said(resolved, m.from_firm, t.from, event.from),
            SlotName::ToFirm => firm_said(resolved, m.to_firm, t.to, event.to),
            SlotName::FromRole => role_said(resolved, m.from_role, event.from_role),
            SlotName::ToRole => role_said(resolved, m.to_role, event.to_role),
            SlotName::Date => date_said(m.date, event.date),
            SlotName::Person => Said { value: Some(facts.shared(m.person)), supports: true },
            SlotName::ToNote => Said { value: m.to_note.map(|n| facts.shared(n)), supports: true },
            _ => Said { value: None, supports: true },
        };
        let head = Head {
            id: id_of(&m.id).into(),
            article: m.article,
            rule: m.rule,
            confidence: m.confidence,
        };
        rows(facts, &head, m.evidence, said, &mut out);
    }
    out
}

fn position_evidence(resolved: &Resolved<'_>, h: &Holding) -> Vec<RowEvidence> {
    let facts = resolved.facts;
    let mut out = Vec::new();
    for claim in &h.claims {
        let p = &facts.positions[*claim as usize];
        let firm = resolved.firms.of_position[*claim as usize];
        let said = |slot: SlotName| match slot {
            SlotName::Firm => firm_said(resolved, p.firm, firm, h.firm),
            SlotName::Role => role_said(resolved, p.role, h.role),
            SlotName::Date => {
                // Of two days the one that contradicts the row is shown.
                let start = date_said(p.started_on, h.started_on);
                let end = date_said(p.ended_on, h.ended_on);
                if start.value.is_none() || (start.supports && !end.supports) { end } else { start }
            }
            SlotName::Person => Said { value: Some(facts.shared(p.person)), supports: true },
            _ => Said { value: None, supports: true },
        };
        let head = Head {
            id: id_of(&p.id).into(),
            article: p.article,
            rule: p.rule,
            confidence: p.confidence,
        };
        rows(facts, &head, p.evidence, said, &mut out);
    }
    out
}

struct Head {
    id: Arc<str>,
    article: u32,
    rule: Sym,
    confidence: f64,
}

fn rows(
    facts: &Facts,
    head: &Head,
    evidence: (u32, u32),
    said: impl Fn(SlotName) -> Said,
    out: &mut Vec<RowEvidence>,
) {
    let list: &[EvidenceFact] = &facts.evidence[evidence.0 as usize..evidence.1 as usize];
    for e in list {
        let quote = e.quote.clone();
        let Said { value, supports } = said(e.slot);
        out.push(RowEvidence {
            claim: head.id.clone(),
            article: facts.articles[head.article as usize].sha.clone(),
            slot: e.slot,
            span: crate::text::Span::new(e.start as usize, e.end as usize),
            value: value.filter(|v| *v != quote),
            quote,
            rule: facts.shared(head.rule),
            confidence: head.confidence,
            supports,
        });
    }
}

fn entity_names(
    resolved: &Resolved<'_>,
    person_ids: &[String],
    firm_ids: &[String],
) -> Vec<EntityName> {
    let facts = resolved.facts;
    let mut places: Vec<(u32, MentionType, Sym, u32)> = resolved
        .people
        .of_name
        .iter()
        .map(|(article, name, person)| (*article, MentionType::Person, *name, *person))
        .collect();
    let firms = resolved.firms;
    let mut add_firm = |article: u32, name: Option<Sym>, firm: Option<u32>| {
        if let (Some(name), Some(firm)) = (name, firm) {
            places.push((article, MentionType::Firm, name, firm));
        }
    };
    for (m, [from, to]) in facts.moves.iter().zip(&firms.of_move) {
        add_firm(m.article, m.from_firm, *from);
        add_firm(m.article, m.to_firm, *to);
    }
    for (p, firm) in facts.positions.iter().zip(&firms.of_position) {
        add_firm(p.article, p.firm, *firm);
    }
    for f in facts.forms.iter().filter(|f| f.mention_type == MentionType::Firm) {
        add_firm(f.article, Some(f.entity), firms.of(facts, f.article, f.entity));
    }
    places.par_sort_unstable();
    places.dedup();
    let shared =
        |ids: &[String]| -> Vec<Arc<str>> { ids.iter().map(|id| id.as_str().into()).collect() };
    let (person_ids, firm_ids) = (shared(person_ids), shared(firm_ids));
    places
        .into_iter()
        .map(|(article, mention_type, name, entity)| EntityName {
            article: facts.articles[article as usize].sha.clone(),
            mention_type,
            name: facts.shared(name),
            id: match mention_type {
                MentionType::Person => person_ids[entity as usize].clone(),
                MentionType::Firm => firm_ids[entity as usize].clone(),
            },
        })
        .collect()
}
