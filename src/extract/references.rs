//! What pronouns, possessives and common nouns ("il manager", "the bank") refer to: a trained choice among the people or
//! organisations named around them, or none of them.

use super::doc::Doc;
use super::entities::{Entities, Form, Ref};
use super::linear::{Features, Weights, feat};
use crate::lang::List;
use crate::text::Shape;
use std::ops::Range;

/// Words that may refer to an entity of the article.
pub(crate) struct Expression<'d> {
    pub(crate) tokens: Range<usize>,
    pub(crate) form: Form,
    pub(crate) is_person: bool,
    sentence: usize,
    /// Gender of a pronoun, or the kind of organisation that a noun names ("bank").
    kind: &'d str,
    /// The determiner before a common noun.
    determiner: &'d str,
}

/// How far back an antecedent may stand, in references.
const REACH: usize = 40;
/// Most antecedents that are weighed.
const MAX_ANTECEDENTS: usize = 10;

/// Chooses what an expression refers to among its antecedents, `None` for none of them.
pub(crate) type ChooseReferent<'c, 'd> =
    &'c mut dyn FnMut(&Expression<'d>, &[usize], &Entities) -> Option<usize>;

/// Adds references to what was named; `choose` picks one of the antecedents of an expression, `None` for none of them.
pub(crate) fn link_references<'d>(
    doc: &'d Doc<'_>,
    out: &mut Entities,
    choose: ChooseReferent<'_, 'd>,
) {
    let mut covered = vec![false; doc.tokens.len()];
    for r in &out.refs {
        covered[r.tokens.clone()].fill(true);
    }
    for n in 0..doc.sentences.len() {
        for at in doc.sentences[n].tokens.clone() {
            if covered[at] {
                continue;
            }
            let Some(expression) = expression(doc, n, at, &covered) else { continue };
            let antecedents = antecedents(doc, &expression, out);
            if antecedents.is_empty() {
                continue;
            }
            if let Some(entity) = choose(&expression, &antecedents, out) {
                covered[expression.tokens.clone()].fill(true);
                let place = out.refs.partition_point(|r| r.tokens.start < at);
                let new = Ref { tokens: expression.tokens, entity, form: expression.form };
                out.refs.insert(place, new);
            }
        }
    }
}

/// Returns the likeliest antecedent of an expression, `None` for none.
pub(crate) fn likeliest(
    doc: &Doc<'_>,
    weights: &Weights,
    expression: &Expression<'_>,
    antecedents: &[usize],
    entities: &Entities,
    f: &mut Features,
) -> Option<usize> {
    let mut best = (0.0, None);
    for (order, entity) in antecedents.iter().enumerate() {
        reference_features(doc, expression, entities, *entity, order, f);
        let score = weights.score(&f.ids);
        if score > best.0 {
            best = (score, Some(*entity));
        }
    }
    best.1
}

fn expression<'d>(
    doc: &'d Doc<'_>,
    n: usize,
    at: usize,
    covered: &[bool],
) -> Option<Expression<'d>> {
    let range = &doc.sentences[n].tokens;
    let pack = doc.packs[n];
    for hit in doc.hits_at(at) {
        let make = |form, is_person, kind, determiner| {
            Some(Expression {
                tokens: hit.start..hit.end,
                form,
                is_person,
                sentence: n,
                kind,
                determiner,
            })
        };
        match hit.tag.list {
            List::PersonPronoun => {
                let gender = match pack.gender(hit.tag.payload) {
                    'm' => "m",
                    'f' => "f",
                    'p' => continue,
                    _ => "",
                };
                return make(Form::Pronoun, true, gender, "");
            }
            List::Possessive => {
                let gender = match doc.tokens[at].lower.as_str() {
                    "his" => "m",
                    "her" => "f",
                    "sua" | "suo" | "suoi" | "sue" => "",
                    _ => continue,
                };
                return make(Form::Possessive, true, gender, "");
            }
            List::PersonNoun => {
                if let Some(word) = determiner(doc, range, hit.start..hit.end, covered) {
                    return make(Form::Nominal, true, "", word);
                }
            }
            List::FirmNoun => {
                if let Some(word) = determiner(doc, range, hit.start..hit.end, covered) {
                    return make(Form::Nominal, false, pack.firm_kind(hit.tag.payload), word);
                }
            }
            _ => {}
        }
    }
    None
}

/// Returns the definite determiner of a common noun, `None` where it has none or stands beside the name itself ("la
/// società Acme", "the bank of Rome").
fn determiner<'d>(
    doc: &'d Doc<'_>,
    range: &Range<usize>,
    noun: Range<usize>,
    covered: &[bool],
) -> Option<&'d str> {
    let named = |i: usize| range.contains(&i) && covered[i];
    let end = noun.end;
    let quoted = end + 1 < range.end
        && doc.tokens[end].shape == Shape::Punct
        && !matches!(doc.tokens[end].lower.as_str(), "," | ".")
        && named(end + 1);
    let of_name = end < range.end
        && doc.is(end, List::OfWord)
        && named(end + 1)
        && doc.tokens[end].lower != "'s";
    if named(end) || quoted || of_name {
        return None;
    }
    (1..=4)
        .filter_map(|back| noun.start.checked_sub(back))
        .take_while(|i| *i >= range.start)
        .map(|i| doc.tokens[i].lower.as_str())
        .find(|word| {
            matches!(
                *word,
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

/// Returns the entities that an expression may refer to: those spoken of before it, the last one first, then the first
/// that is named after it in its sentence or the next.
fn antecedents(doc: &Doc<'_>, expression: &Expression<'_>, entities: &Entities) -> Vec<usize> {
    let fits = |r: &&Ref| entities.list[r.entity].is_person == expression.is_person;
    let upto = entities.refs.partition_point(|r| r.tokens.start < expression.tokens.start);
    let mut out: Vec<usize> = Vec::new();
    for r in entities.refs[..upto].iter().rev().take(REACH).filter(fits) {
        if !out.contains(&r.entity) && out.len() < MAX_ANTECEDENTS {
            out.push(r.entity);
        }
    }
    let next = entities.refs[upto..].iter().find(fits);
    if let Some(r) = next.filter(|r| {
        doc.sentence_of[r.tokens.start] as usize <= expression.sentence + 1
            && !out.contains(&r.entity)
    }) {
        out.push(r.entity);
    }
    out
}

/// Fills `f` with what tells whether an expression refers to `entity`, the `order`-th of its antecedents.
pub(crate) fn reference_features(
    doc: &Doc<'_>,
    expression: &Expression<'_>,
    entities: &Entities,
    entity: usize,
    order: usize,
    f: &mut Features,
) {
    let at = expression.tokens.start;
    let n = expression.sentence;
    let sort = format!("{}{}", expression.form.as_str(), u8::from(expression.is_person));
    let words = doc.tokens[at..expression.tokens.end]
        .iter()
        .map(|t| t.lower.as_str())
        .collect::<Vec<_>>()
        .join("_");
    let of_sort = |r: &&Ref| entities.list[r.entity].is_person == expression.is_person;
    let upto = |token: usize| entities.refs.partition_point(|r| r.tokens.start < token);
    let before = &entities.refs[..upto(at)];
    let last = before.iter().rev().find(|r| r.entity == entity);
    let e = &entities.list[entity];
    f.begin("ref");
    feat!(f, sort);
    feat!(f, "word=", words);
    feat!(f, sort, "/determiner=", expression.determiner);
    feat!(f, sort, "/order=", order.min(4));
    feat!(f, sort, "/count=", e.count.min(5));
    feat!(f, sort, "/media=", e.media);
    feat!(f, sort, "/words=", e.forms.iter().map(Vec::len).max().unwrap_or(1).min(3));
    // Whether it is the one the article speaks of most.
    let more = entities
        .list
        .iter()
        .filter(|o| o.is_person == expression.is_person && o.count > e.count)
        .take(3)
        .count();
    feat!(f, sort, "/more=", more.min(3));
    feat!(f, sort, "/more=", more.min(2), "/order=", order.min(3));
    let all = entities.list.iter().filter(|o| o.is_person == expression.is_person);
    let all = all.take(3).count();
    feat!(f, sort, "/all=", all.min(3), "/order=", order.min(2));
    let range = &doc.sentences[n].tokens;
    let opens = at <= range.start + 1;
    if let Some(last) = last {
        let there = doc.sentence_of[last.tokens.start] as usize;
        let distance = (n - there).min(5);
        let left = &before[upto(doc.sentences[there].tokens.start)..upto(last.tokens.start)];
        let first_there = !left.iter().filter(of_sort).any(|r| r.entity != entity);
        feat!(f, sort, "/distance=", distance);
        feat!(f, sort, "/distance=", distance, "/order=", order.min(3));
        feat!(f, sort, "/distance=", distance.min(2), "/first=", first_there);
        feat!(f, sort, "/order=", order.min(2), "/first=", first_there);
        feat!(f, sort, "/opens=", opens, "/distance=", distance.min(2), "/first=", first_there);
        feat!(f, sort, "/form=", last.form.as_str(), "/distance=", distance.min(2));
        if distance == 0 {
            let gap = at.saturating_sub(last.tokens.end);
            feat!(f, sort, "/gap=", super::context::bucket(gap));
            let before = doc.lower_in(range, last.tokens.start as isize - 1);
            feat!(f, sort, "/before=", before);
        }
        let same = doc.sentences[there].paragraph == doc.sentences[n].paragraph;
        feat!(f, sort, "/paragraph=", same);
    } else {
        feat!(f, sort, "/after");
        feat!(f, sort, "/after/title=", n < doc.title);
    }
    if expression.is_person {
        let first_name = e.forms.iter().max_by_key(|w| w.len()).and_then(|w| w.first());
        if let Some(name) = first_name.filter(|_| !expression.kind.is_empty()) {
            let last = name.chars().last().unwrap_or(' ');
            let group = match last {
                'a' => "a",
                'o' => "o",
                'e' | 'i' | 'y' => "e",
                _ => "c",
            };
            feat!(f, "gender=", expression.kind, "/", group);
            feat!(f, "gender=", expression.kind, "/name=", name);
        }
    } else {
        let words = e.forms.iter().flatten();
        let fits = words.clone().any(|w| kind_words(expression.kind).contains(&w.as_str()));
        let other = !fits
            && words.clone().any(|w| KINDS.iter().any(|k| kind_words(k).contains(&w.as_str())));
        feat!(f, "kind=", expression.kind, "/fits=", fits, "/other=", other);
        feat!(f, "fits=", fits, "/other=", other);
        feat!(f, "fits=", fits, "/other=", other, "/order=", order.min(2));
        if let Some(word) = words.clone().next() {
            feat!(f, "kind=", expression.kind, "/head=", word);
        }
    }
}

/// Kinds of organisations whose names show them.
const KINDS: [&str; 10] = [
    "bank",
    "insurer",
    "university",
    "club",
    "museum",
    "hospital",
    "law-firm",
    "public",
    "party",
    "airline",
];

/// Words in an organisation's name that show its kind.
fn kind_words(kind: &str) -> &'static [&'static str] {
    match kind {
        "bank" => &["banca", "bank", "cassa", "banco", "credito", "bcc", "bank", "bancorp"],
        "insurer" => &["assicurazioni", "insurance", "assurance"],
        "university" => &["universita", "university", "ateneo", "politecnico", "college"],
        "club" => &["fc", "calcio", "football", "club", "united", "city"],
        "museum" => &["museo", "museum", "gallery", "galleria", "musei"],
        "hospital" => &["ospedale", "hospital", "policlinico", "asl", "clinica"],
        "law-firm" => &["studio", "llp", "legal"],
        "public" => &["ministero", "ministry", "agenzia", "autorita", "regione", "comune"],
        "party" => &["partito", "party"],
        "airline" => &["airlines", "airways", "air"],
        _ => &[],
    }
}
