//! Who is who inside one article: an alias table over the names.
//!
//! A name may be a shorter form ("Conneau", "Popolare di Vicenza") or the acronym of another; whether it is, a trained
//! model decides ("Fondazione Pfizer" is not "Pfizer"). Nothing is linked across types. Pronouns and common nouns follow
//! in [`references`](super::references).

use super::doc::Doc;
use super::linear::{Features, Weights, feat};
use super::names::{Name, NameType};
use crate::lang::List;
use crate::text::fold;
use std::collections::BTreeMap;
use std::ops::Range;

/// A person or organisation of the article.
#[derive(Clone, Debug)]
pub(crate) struct Entity {
    pub(crate) is_person: bool,
    /// Fullest form in the text.
    pub(crate) name: String,
    /// Folded words of every form.
    pub(crate) forms: Vec<Vec<String>>,
    /// Number of places where its name stands.
    pub(crate) count: usize,
    /// First place where its name stands.
    pub(crate) first: usize,
    /// Whether it is mostly cited as a source.
    pub(crate) media: bool,
    pub(crate) known: bool,
    /// Kind of organisation where a word of the name or the knowledge shows it.
    pub(crate) p: f32,
}

/// How a mention refers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Name,
    Nominal,
    Pronoun,
    Possessive,
}

impl Form {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Form::Name => "name",
            Form::Nominal => "nominal",
            Form::Pronoun => "pronoun",
            Form::Possessive => "possessive",
        }
    }
}

/// A place where the article speaks of an entity.
#[derive(Clone, Debug)]
pub(crate) struct Ref {
    pub(crate) tokens: Range<usize>,
    pub(crate) entity: usize,
    pub(crate) form: Form,
}

/// The entities of an article and every place where it speaks of them.
#[derive(Debug, Default)]
pub(crate) struct Entities {
    pub(crate) list: Vec<Entity>,
    /// By first token.
    pub(crate) refs: Vec<Ref>,
}

const LEGAL: [&str; 30] = [
    "inc",
    "incorporated",
    "ltd",
    "limited",
    "spa",
    "plc",
    "gmbh",
    "corp",
    "corporation",
    "co",
    "company",
    "llc",
    "llp",
    "lp",
    "srl",
    "sa",
    "sas",
    "ag",
    "nv",
    "bv",
    "se",
    "ab",
    "asa",
    "oyj",
    "kgaa",
    "pty",
    "sgr",
    "scpa",
    "onlus",
    "holdings",
];

fn person_words(text: &str) -> Vec<String> {
    fold(text).split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

fn firm_words(text: &str) -> Vec<String> {
    let mut words = person_words(text);
    if words.len() > 1 && words[0] == "the" {
        words.remove(0);
    }
    while words.len() > 1 && words.last().is_some_and(|w| LEGAL.contains(&w.as_str()) || w == "and")
    {
        words.pop();
    }
    words
}

/// Returns the entities behind the names of an article and every place where they are named.
pub(crate) fn entities(doc: &Doc<'_>, names: &[Name], choose: ChooseEntity<'_>) -> Entities {
    let mut out = Entities::default();
    link_names(doc, names, NameType::Person, &mut out, choose);
    link_names(doc, names, NameType::Organisation, &mut out, choose);
    out.refs.sort_by_key(|r| (r.tokens.start, r.tokens.end));
    out
}

/// A name on its way to an entity, with the entities that share a word or an acronym with it.
pub(crate) struct Linking<'n> {
    pub(crate) name: &'n Name,
    words: Vec<String>,
    known: bool,
    pub(crate) candidates: Vec<usize>,
}

/// Chooses the entity of a name among its candidates, `None` for one of its own.
pub(crate) type ChooseEntity<'c> = &'c mut dyn FnMut(&Linking<'_>, &Entities) -> Option<usize>;

fn link_names(
    doc: &Doc<'_>,
    names: &[Name],
    wanted: NameType,
    out: &mut Entities,
    choose: ChooseEntity<'_>,
) {
    let person = wanted == NameType::Person;
    // Longer forms first, so that a short one finds the name that it shortens wherever it stands.
    let mut order: Vec<(Vec<String>, &Name)> = names
        .iter()
        .filter(|n| n.name_type == wanted)
        .map(|n| {
            let text = doc.words(&n.tokens);
            (if person { person_words(text) } else { firm_words(text) }, n)
        })
        .filter(|(words, _)| !words.is_empty())
        .collect();
    order.sort_by_key(|(words, name)| (usize::MAX - words.len(), name.tokens.start));
    let mut found: Vec<(usize, &Name)> = Vec::with_capacity(order.len());
    // Entities by what every related name has of them.
    let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (words, name) in order {
        let known = doc
            .hits_at(name.tokens.start)
            .iter()
            .any(|h| h.tag.list == List::KnownFirm && h.end == name.tokens.end);
        let mut near: Vec<usize> =
            keys(&words).iter().filter_map(|key| by_key.get(key)).flatten().copied().collect();
        near.sort_unstable();
        near.dedup();
        near.retain(|e| out.list[*e].forms.iter().any(|form| relation(form, &words).is_some()));
        near.truncate(MAX_CANDIDATES);
        let candidates = near;
        let linking = Linking { name, words, known, candidates };
        let chosen = if linking.candidates.is_empty() { None } else { choose(&linking, out) };
        let Linking { words, .. } = linking;
        let number = chosen.unwrap_or_else(|| {
            out.list.push(Entity {
                is_person: person,
                name: display_name(doc, name, person),
                forms: Vec::new(),
                count: 0,
                first: name.tokens.start,
                media: false,
                known,
                p: 0.0,
            });
            out.list.len() - 1
        });
        let entity = &mut out.list[number];
        if !entity.forms.contains(&words) {
            for key in keys(&words) {
                by_key.entry(key).or_default().push(number);
            }
            entity.forms.push(words);
        }
        entity.count += 1;
        entity.first = entity.first.min(name.tokens.start);
        entity.known |= known;
        entity.p = entity.p.max(name.p);
        entity.media |= !person && doc.is(name.tokens.start, List::Media);
        found.push((number, name));
    }
    for (entity, name) in found {
        out.refs.push(Ref { tokens: name.tokens.clone(), entity, form: Form::Name });
    }
}

/// Returns a form's words, all of them together, and its initials: [`relation`] joins no two forms that share none.
fn keys(form: &[String]) -> Vec<String> {
    let mut keys = form.to_vec();
    if form.len() > 1 {
        keys.extend([form.concat(), initials(form, false), initials(form, true)]);
    }
    keys
}

/// Most entities that a name is compared with.
const MAX_CANDIDATES: usize = 12;

/// Returns how the words of a name relate to those of a form of at least as many words, `None` where nothing joins them.
fn relation(form: &[String], name: &[String]) -> Option<&'static str> {
    if form == name {
        return Some("same");
    }
    if form.concat() == name.concat() {
        return Some("joined");
    }
    if form.len() >= name.len() {
        if form.starts_with(name) {
            return Some("prefix");
        }
        if form.ends_with(name) {
            return Some("suffix");
        }
        if name.len() == 1 && name[0].chars().count() >= 2 && is_acronym(form, &name[0]) {
            return Some("acronym");
        }
        let mut rest = form.iter();
        if name.iter().all(|w| rest.any(|f| f == w)) {
            return Some(if form.windows(name.len()).any(|w| w == name) {
                "inside"
            } else {
                "parts"
            });
        }
        let initial = |a: &String, b: &String| {
            a == b
                || a.chars().count() == 1 && b.starts_with(a.as_str())
                || b.chars().count() == 1 && a.starts_with(b.as_str())
        };
        if name.len() > 1 && form.last() == name.last() && initial(&form[0], &name[0]) {
            return Some("initial");
        }
    }
    None
}

fn is_acronym(form: &[String], short: &str) -> bool {
    form.len() > 1 && (initials(form, false) == short || initials(form, true) == short)
}

/// Returns the first letters of the words of a form, those of its small words too where `all` are wanted.
fn initials(form: &[String], all: bool) -> String {
    let small = |w: &str| {
        matches!(
            w,
            "of" | "the" | "and" | "di" | "del" | "della" | "dell" | "e" | "per" | "for" | "in"
        )
    };
    form.iter().filter(|w| all || !small(w)).filter_map(|w| w.chars().next()).collect()
}

/// Fills `f` with what tells whether a name names `entity`.
pub(crate) fn alias_features(
    doc: &Doc<'_>,
    linking: &Linking<'_>,
    entities: &Entities,
    entity: usize,
    f: &mut Features,
) {
    let e = &entities.list[entity];
    let sort = if e.is_person { "p" } else { "f" };
    let name = &linking.words;
    let mut best: Option<(&'static str, &Vec<String>)> = None;
    for form in &e.forms {
        if let Some(r) = relation(form, name)
            && best.is_none_or(|(b, _)| rank(r) < rank(b))
        {
            best = Some((r, form));
        }
    }
    let (relation, form) = best.unwrap_or(("none", name));
    f.begin("alias");
    let sort = format!("{sort}.{relation}");
    let length = name.len().min(3);
    feat!(f, sort);
    feat!(f, sort, "/words=", length, "/", form.len().min(5));
    feat!(f, sort, "/candidates=", linking.candidates.len().min(4));
    let mut closer = 0;
    let own = nearest_before(entities, entity, linking.name.tokens.start);
    for other in linking.candidates.iter().filter(|o| **o != entity) {
        let o = &entities.list[*other];
        if o.forms.iter().any(|form| relation_rank(form, name) < rank(relation)) {
            closer += 1;
        }
    }
    feat!(f, sort, "/closer=", closer.min(2));
    let nearest = !linking
        .candidates
        .iter()
        .any(|o| *o != entity && nearest_before(entities, *o, linking.name.tokens.start) > own);
    feat!(f, sort, "/nearest=", nearest);
    feat!(f, sort, "/before=", e.first < linking.name.tokens.start);
    let here = doc.sentence_of[linking.name.tokens.start] as i64;
    let there = i64::from(doc.sentence_of[e.first]);
    feat!(f, sort, "/distance=", (here - there).clamp(-2, 5));
    feat!(f, sort, "/known=", linking.known, e.known);
    feat!(f, sort, "/length=", name.iter().map(|w| w.chars().count()).sum::<usize>().min(8));
    if relation == "same" {
        return;
    }
    let first = linking.name.tokens.start;
    for (list, label) in [
        (List::Place, "place"),
        (List::OrgHead, "head"),
        (List::FirmNoun, "noun"),
        (List::GivenName, "given"),
        (List::Surname, "surname"),
        (List::CommonWord, "common"),
        (List::Demonym, "demonym"),
    ] {
        if name.len() == 1 && doc.is(first, list) {
            feat!(f, sort, "/is-", label);
        }
    }
    if !e.is_person {
        if name.len() == 1 {
            feat!(f, sort, "/is=", name[0]);
        }
        // The words that the short form leaves out: "Italia" says little, "Fondazione" another body.
        let (left, right) = match relation {
            "prefix" => (&form[..0], &form[name.len()..]),
            "suffix" => (&form[..form.len() - name.len()], &form[..0]),
            _ => (&form[..0], &form[..0]),
        };
        for (side, words) in [("left", left), ("right", right)] {
            if let (Some(a), Some(z)) = (words.first(), words.last()) {
                feat!(f, side, "=", a);
                feat!(f, side, "-end=", z);
                feat!(f, side, "/", words.len().min(3));
            }
        }
    }
}

/// Returns the place of a relation in the order from the closest to the loosest.
fn rank(relation: &str) -> usize {
    ["same", "joined", "initial", "suffix", "prefix", "acronym", "inside", "parts"]
        .iter()
        .position(|r| *r == relation)
        .unwrap_or(9)
}

fn relation_rank(form: &[String], name: &[String]) -> usize {
    relation(form, name).map_or(9, rank)
}

/// Returns the first token of the last name of an entity before `at` that was linked already, 0 where there is none.
fn nearest_before(entities: &Entities, entity: usize, at: usize) -> usize {
    let first = entities.list[entity].first;
    if first < at { first + 1 } else { 0 }
}

/// Returns the likeliest entity of a name, `None` for a new one.
pub(crate) fn likeliest_entity(
    doc: &Doc<'_>,
    weights: &Weights,
    linking: &Linking<'_>,
    entities: &Entities,
    f: &mut Features,
) -> Option<usize> {
    let mut best = (0.0, None);
    for entity in &linking.candidates {
        alias_features(doc, linking, entities, *entity, f);
        let score = weights.score(&f.ids);
        if score > best.0 {
            best = (score, Some(*entity));
        }
    }
    best.1
}

fn display_name(doc: &Doc<'_>, name: &Name, person: bool) -> String {
    let text = doc.words(&name.tokens);
    let plain: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // "SALVATORE CANDIDO" of a headline in capitals reads as a name again.
    let shouting = person
        && plain.chars().all(|c| !c.is_lowercase())
        && plain.chars().filter(|c| c.is_alphabetic()).count() > 4;
    if !shouting {
        return plain;
    }
    let mut start = true;
    plain
        .chars()
        .flat_map(|c| {
            let out: String =
                if start { c.to_uppercase().collect() } else { c.to_lowercase().collect() };
            start = !c.is_alphabetic();
            out.chars().collect::<Vec<_>>()
        })
        .collect()
}
