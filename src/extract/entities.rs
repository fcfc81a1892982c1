//! Who is who inside one article: an alias table over the names, then references in sieves of falling precision.
//!
//! The sieves after exact names: shorter forms of a longer name ("Conneau", "Popolare di Vicenza"), acronyms, then
//! pronouns and common nouns ("il manager", "the bank"), which point to what the text spoke of last. Nothing is linked
//! across types, and a reference without a fitting name before it stays unlinked.

use super::doc::Doc;
use super::names::{Name, NameType};
use crate::lang::List;
use crate::text::{Shape, fold};
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

/// Returns the entities behind the names of an article and all references to them.
pub(crate) fn entities(doc: &Doc<'_>, names: &[Name]) -> Entities {
    let mut out = Entities::default();
    link_names(doc, names, NameType::Person, &mut out);
    link_names(doc, names, NameType::Organisation, &mut out);
    out.refs.sort_by_key(|r| (r.tokens.start, r.tokens.end));
    link_references(doc, &mut out);
    out.refs.sort_by_key(|r| (r.tokens.start, r.tokens.end));
    out
}

fn link_names(doc: &Doc<'_>, names: &[Name], wanted: NameType, out: &mut Entities) {
    let person = wanted == NameType::Person;
    let offset = out.list.len();
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
    for (words, name) in order {
        let known = doc
            .hits_at(name.tokens.start)
            .iter()
            .any(|h| h.tag.list == List::KnownFirm && h.end == name.tokens.end);
        let mut best: Option<(i32, usize)> = None;
        for (i, entity) in out.list.iter().enumerate().skip(offset) {
            let fit = entity
                .forms
                .iter()
                .map(|form| {
                    if person {
                        person_fit(form, &words)
                    } else {
                        firm_fit(form, &words, known, entity.known)
                    }
                })
                .max()
                .unwrap_or(0);
            // Of two that fit alike, the one that stands before and nearest.
            let before = i32::from(entity.first < name.tokens.start);
            if fit > 0 && best.is_none_or(|(b, _)| fit * 2 + before > b) {
                best = Some((fit * 2 + before, i));
            }
        }
        let number = match best {
            Some((_, i)) => i,
            None => {
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
            }
        };
        let entity = &mut out.list[number];
        if !entity.forms.contains(&words) {
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

/// Returns how well `short` names the person `full`: 3 same words, 2 first and last name or suffix, 1 a first name; 0 not.
fn person_fit(full: &[String], short: &[String]) -> i32 {
    if full == short {
        return 3;
    }
    if full.len() < 2 {
        return 0;
    }
    if short.len() == 1 {
        return match () {
            () if full[full.len() - 1] == short[0] => 2,
            () if full[0] == short[0] && short[0].len() > 2 => 1,
            () if full.len() > 2
                && full[1..full.len() - 1].contains(&short[0])
                && short[0].len() > 3 =>
            {
                1
            }
            () => 0,
        };
    }
    let initial = |a: &str, b: &str| {
        a == b
            || (a.chars().count() == 1 && b.starts_with(a))
            || (b.chars().count() == 1 && a.starts_with(b))
    };
    if full.last() == short.last() && initial(&full[0], &short[0]) {
        return 2;
    }
    i32::from(full.ends_with(short)) * 2
        + i32::from(full.starts_with(short) && short.len() > 1 && full.len() == short.len() + 1)
}

/// Words so common in names of organisations that they name none alone.
const GENERIC: [&str; 44] = [
    "banca",
    "bank",
    "cassa",
    "universita",
    "university",
    "gruppo",
    "group",
    "istituto",
    "institute",
    "fondazione",
    "foundation",
    "ministero",
    "ministry",
    "museo",
    "museum",
    "ospedale",
    "hospital",
    "college",
    "school",
    "national",
    "international",
    "american",
    "british",
    "royal",
    "italia",
    "italy",
    "of",
    "studio",
    "comune",
    "regione",
    "camera",
    "teatro",
    "agenzia",
    "autorita",
    "associazione",
    "association",
    "federazione",
    "council",
    "department",
    "the",
    "general",
    "first",
    "united",
    "new",
];

/// Returns how well `short` names the organisation `full`: 3 the same words, 2 an acronym or the name without its generic
/// word, 1 a beginning; 0 not.
fn firm_fit(full: &[String], short: &[String], short_known: bool, full_known: bool) -> i32 {
    if full == short {
        return 3;
    }
    let joined_full: String = full.concat();
    let joined_short: String = short.concat();
    if joined_full == joined_short {
        return 3;
    }
    if full.len() <= short.len() {
        return 0;
    }
    if short.len() == 1 && short[0].chars().count() >= 2 {
        let letters: String = full
            .iter()
            .filter(|w| {
                !matches!(
                    w.as_str(),
                    "of" | "the"
                        | "and"
                        | "di"
                        | "del"
                        | "della"
                        | "dell"
                        | "e"
                        | "per"
                        | "for"
                        | "in"
                )
            })
            .filter_map(|w| w.chars().next())
            .collect();
        let all: String = full.iter().filter_map(|w| w.chars().next()).collect();
        if letters == short[0] || all == short[0] {
            return 2;
        }
    }
    let content = short.iter().any(|w| w.chars().count() > 2 && !GENERIC.contains(&w.as_str()));
    if !content {
        return 0;
    }
    // Two well-known organisations, one named inside the other (Google, Google DeepMind), are two.
    if short_known && full_known {
        return 0;
    }
    if full.ends_with(short) && GENERIC.contains(&full[0].as_str()) {
        return 2;
    }
    let rest_generic = full.starts_with(short)
        && full[short.len()..].iter().all(|w| GENERIC.contains(&w.as_str()) || is_tail(w));
    match () {
        () if rest_generic => 2,
        () if full.starts_with(short) => i32::from(!short_known),
        () if full.ends_with(short) || full.windows(short.len()).any(|w| w == short) => {
            i32::from(!short_known && short.iter().any(|w| w.chars().count() > 4))
        }
        () => 0,
    }
}

fn is_tail(word: &str) -> bool {
    matches!(
        word,
        "holding"
            | "holdings"
            | "partners"
            | "capital"
            | "labs"
            | "ventures"
            | "technologies"
            | "technology"
            | "energia"
            | "assicurazioni"
            | "motors"
            | "pharma"
            | "media"
            | "company"
            | "systems"
            | "solutions"
            | "services"
            | "industries"
            | "entertainment"
            | "pharmaceuticals"
            | "therapeutics"
            | "ai"
            | "football"
            | "fc"
            | "calcio"
            | "airlines"
            | "stores"
            | "hotels"
            | "communications"
            | "consulting"
            | "associates"
            | "associati"
            | "editore"
            | "sgr"
            | "global"
    )
}

/// Adds pronouns, possessives and common nouns that refer to a person or organisation named before.
fn link_references(doc: &Doc<'_>, out: &mut Entities) {
    let names: Vec<Ref> = out.refs.clone();
    let mut added: Vec<Ref> = Vec::new();
    let mut covered = vec![false; doc.tokens.len()];
    for r in &names {
        covered[r.tokens.clone()].fill(true);
    }
    for (n, sentence) in doc.sentences.iter().enumerate() {
        let range = &sentence.tokens;
        for at in range.clone() {
            if covered[at] {
                continue;
            }
            for hit in doc.hits_at(at) {
                let gender = |payload| doc.packs[n].gender(payload);
                let (form, person) = match hit.tag.list {
                    List::PersonPronoun if gender(hit.tag.payload) != 'p' => (Form::Pronoun, true),
                    List::Possessive
                        if matches!(
                            doc.tokens[at].lower.as_str(),
                            "his" | "her" | "sua" | "suo" | "suoi" | "sue"
                        ) =>
                    {
                        (Form::Possessive, true)
                    }
                    List::PersonNoun if definite(doc, range, at, hit.end, &covered) => {
                        (Form::Nominal, true)
                    }
                    List::FirmNoun if definite(doc, range, at, hit.end, &covered) => {
                        (Form::Nominal, false)
                    }
                    _ => continue,
                };
                let kind = (hit.tag.list == List::FirmNoun)
                    .then(|| doc.packs[n].firm_kind(hit.tag.payload));
                if let Some(entity) = antecedent(doc, n, at, person, kind, &names, &added, out) {
                    added.push(Ref { tokens: hit.start..hit.end, entity, form });
                    covered[hit.start..hit.end].fill(true);
                    break;
                }
            }
        }
    }
    out.refs.extend(added);
}

/// Returns whether a common noun stands with a definite article or demonstrative and not beside a name of its own.
fn definite(doc: &Doc<'_>, range: &Range<usize>, at: usize, end: usize, covered: &[bool]) -> bool {
    let named = |i: usize| range.contains(&i) && covered[i];
    // "la società Acme", "Acme, the bank": the name stands there itself.
    if named(end)
        || (end + 1 < range.end
            && doc.tokens[end].shape == Shape::Punct
            && doc.tokens[end].lower != ","
            && doc.tokens[end].lower != "."
            && named(end + 1))
    {
        return false;
    }
    if end < range.end
        && doc.is(end, List::OfWord)
        && (named(end + 1))
        && doc.tokens[end].lower != "'s"
    {
        return false;
    }
    (1..=3).filter_map(|back| at.checked_sub(back)).take_while(|i| *i >= range.start).any(|i| {
        let word = doc.tokens[i].lower.as_str();
        matches!(
            word,
            "il" | "lo"
                | "la"
                | "l'"
                | "del"
                | "dello"
                | "della"
                | "dell'"
                | "dal"
                | "dallo"
                | "dalla"
                | "dall'"
                | "al"
                | "allo"
                | "alla"
                | "all'"
                | "nel"
                | "nello"
                | "nella"
                | "nell'"
                | "sul"
                | "sulla"
                | "sull'"
                | "questa"
                | "questo"
                | "quest'"
                | "stessa"
                | "stesso"
                | "the"
                | "this"
                | "that"
                | "its"
                | "their"
                | "sua"
                | "suo"
        )
    })
}

/// Returns the entity a reference at `at` in sentence `n` points to.
#[allow(
    clippy::too_many_arguments,
    reason = "one call site; a struct would only rename the arguments"
)]
fn antecedent(
    doc: &Doc<'_>,
    n: usize,
    at: usize,
    person: bool,
    kind: Option<&str>,
    names: &[Ref],
    added: &[Ref],
    out: &Entities,
) -> Option<usize> {
    let mut best: Option<(f32, usize)> = None;
    let here = doc.sentence_of[at];
    let upto = names.partition_point(|r| r.tokens.start < at);
    let nearby = names[upto.saturating_sub(40)..upto].iter().chain(added.iter().rev().take(10));
    for r in nearby {
        let entity = &out.list[r.entity];
        if entity.is_person != person {
            continue;
        }
        let there = doc.sentence_of[r.tokens.start];
        let distance = here - there;
        if distance > if person { 4 } else { 8 } {
            continue;
        }
        let range = &doc.sentences[there as usize].tokens;
        let first_of_kind = !names.iter().any(|o| {
            range.contains(&o.tokens.start)
                && o.tokens.start < r.tokens.start
                && out.list[o.entity].is_person == person
        });
        let mut score = -1.2 * distance as f32
            + 0.15 * (entity.count.min(8) as f32)
            + if first_of_kind { 0.8 } else { 0.0 };
        if entity.media && !person {
            score -= 1.5;
        }
        if let Some(kind) = kind {
            let words = entity.forms.iter().flatten();
            let fits = words.clone().any(|w| kind_word(kind).contains(&w.as_str()));
            let other = words.clone().any(|w| ALL_KIND_WORDS.contains(&w.as_str()));
            score += if fits { 2.5 } else { 0.0 }
                - if other && !fits && kind != "company" { 1.5 } else { 0.0 };
        }
        if (n as u32) == there && !person {
            score -= 0.3;
        }
        if best.is_none_or(|(b, _)| score > b) {
            best = Some((score, r.entity));
        }
    }
    best.map(|(_, entity)| entity)
}

/// Words in an organisation's name that show its kind.
fn kind_word(kind: &str) -> &'static [&'static str] {
    match kind {
        "bank" => &["banca", "bank", "cassa", "banco", "credito", "bcc", "unicredit", "intesa"],
        "insurer" => &["assicurazioni", "insurance", "assurance", "generali", "allianz"],
        "university" => &["universita", "university", "ateneo", "politecnico", "college"],
        "club" => {
            &["fc", "calcio", "football", "club", "united", "city", "juventus", "milan", "inter"]
        }
        "museum" => &["museo", "museum", "gallery", "galleria", "musei"],
        "hospital" => &["ospedale", "hospital", "policlinico", "asl", "clinica"],
        "law-firm" => &["studio", "llp", "legal"],
        "public" => &["ministero", "ministry", "agenzia", "autorita", "regione", "comune"],
        "party" => &["partito", "party"],
        "airline" => &["airlines", "airways", "air"],
        _ => &[],
    }
}

const ALL_KIND_WORDS: [&str; 22] = [
    "banca",
    "bank",
    "cassa",
    "banco",
    "assicurazioni",
    "insurance",
    "universita",
    "university",
    "politecnico",
    "fc",
    "calcio",
    "football",
    "museo",
    "museum",
    "ospedale",
    "hospital",
    "ministero",
    "ministry",
    "airlines",
    "airways",
    "regione",
    "comune",
];
