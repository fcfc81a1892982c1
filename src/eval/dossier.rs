//! Resolution measured on a dossier: articles that tell overlapping events, with gold for each article and one gold
//! dataset.
//!
//! - **People and firms, pairwise**: the items are the gold name forms, each in each article that uses it. Precision is
//!   the share of pairs that the dataset puts together and gold does too, recall the share of gold's pairs that it
//!   puts together. A form that was not found is alone.
//! - **Merged moves**: a row is right when person, kind, both firms and the final status are. Optional gold moves are
//!   neither missed nor wrong.
//! - **Duplicates**: pairs of articles that repeat each other.

use crate::model::{
    Article, ArticleClaims, Evidence, Kind, Language, Mention, MentionType, MoveClaim, PartialDate,
    PositionClaim, SlotName, Status, Tense,
};
use crate::resolve::Dataset;
use crate::text::{Span, fold};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// A dossier: its articles and its gold.
#[derive(Clone, Debug)]
pub struct Dossier {
    articles: Vec<(Article, GoldArticle)>,
    gold: GoldDataset,
}

#[derive(Clone, Debug, Deserialize)]
struct GoldArticle {
    language: String,
    published_on: Option<String>,
    moves: Vec<GoldMove>,
    positions: Vec<GoldPosition>,
}

type Accepted = Option<Vec<String>>;

#[derive(Clone, Debug, Deserialize)]
struct GoldMove {
    person: String,
    kind: Vec<String>,
    from_firm: Accepted,
    from_role: Accepted,
    to_firm: Accepted,
    to_role: Accepted,
    date: Accepted,
    status: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct GoldPosition {
    person: String,
    firm: Accepted,
    role: Accepted,
    tense: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct GoldDataset {
    people: Vec<GoldEntity>,
    firms: Vec<GoldEntity>,
    moves: Vec<MergedMove>,
    #[serde(default)]
    never_merge_people: Vec<(String, String)>,
    #[serde(default)]
    never_merge_firms: Vec<(String, String)>,
    #[serde(default)]
    duplicates: Vec<(String, String)>,
}

#[derive(Clone, Debug, Deserialize)]
struct GoldEntity {
    key: String,
    names: Vec<String>,
    articles: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct MergedMove {
    person: String,
    kind: Vec<String>,
    from_firm: Option<String>,
    to_firm: Option<String>,
    status: Vec<String>,
    articles: Vec<String>,
    #[serde(default)]
    optional: bool,
}

/// Right, found and expected, as counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Found and right.
    pub right: usize,
    /// Found.
    pub found: usize,
    /// In gold.
    pub expected: usize,
}

impl Counts {
    /// Returns right / found; 1 where nothing was found.
    pub fn precision(self) -> f64 {
        if self.found == 0 { 1.0 } else { self.right as f64 / self.found as f64 }
    }

    /// Returns right / expected; 1 where nothing was expected.
    pub fn recall(self) -> f64 {
        if self.expected == 0 { 1.0 } else { self.right as f64 / self.expected as f64 }
    }

    /// Returns the harmonic mean of both.
    pub fn f1(self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) }
    }

    /// Adds another count.
    pub fn add(&mut self, other: Counts) {
        self.right += other.right;
        self.found += other.found;
        self.expected += other.expected;
    }
}

/// The figures of one dossier.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// Pairs of people's name forms.
    pub people: Counts,
    /// Pairs of organisations' name forms.
    pub firms: Counts,
    /// Merged moves: person, kind, firms and final status right.
    pub moves: Counts,
    /// The same without the status.
    pub moves_without_status: Counts,
    /// Articles given for the moves that are right.
    pub articles: Counts,
    /// Pairs of repeating articles.
    pub duplicates: Counts,
    /// Pairs that gold says must stay apart and the dataset has merged.
    pub merged_never: usize,
    /// What is wrong, one line each.
    pub wrong: Vec<String>,
}

impl Figures {
    /// Returns the figures as a table for people.
    pub fn table(&self) -> String {
        let mut out = String::from("                        P      R      F1   right found gold\n");
        for (name, counts) in [
            ("people, pairwise", self.people),
            ("firms, pairwise", self.firms),
            ("merged moves", self.moves),
            ("  without status", self.moves_without_status),
            ("  their articles", self.articles),
            ("duplicates", self.duplicates),
        ] {
            out.push_str(&format!(
                "{name:<20} {:>6.3} {:>6.3} {:>6.3} {:>6} {:>5} {:>5}\n",
                counts.precision(),
                counts.recall(),
                counts.f1(),
                counts.right,
                counts.found,
                counts.expected
            ));
        }
        out.push_str(&format!("merged though never to be merged: {}\n", self.merged_never));
        out
    }
}

impl Dossier {
    /// Returns the dossier of its files' contents: `dataset.json`, and text and gold of each article.
    ///
    /// # Errors
    /// A message that names the article whose gold is ill-formed.
    pub fn parse(dataset: &str, articles: &[(String, String, String)]) -> Result<Self, String> {
        let gold: GoldDataset =
            serde_json::from_str(dataset).map_err(|error| format!("dataset.json: {error}"))?;
        let mut list = Vec::new();
        for (id, text, json) in articles {
            let article: GoldArticle =
                serde_json::from_str(json).map_err(|error| format!("{id}: {error}"))?;
            let language = Language::parse(&article.language).unwrap_or(Language::English);
            let published_on = article.published_on.as_deref().and_then(PartialDate::parse);
            let text = without_date_line(text);
            list.push((Article::from_text(id, text, language, published_on), article));
        }
        Ok(Dossier { articles: list, gold })
    }

    /// Returns the articles, for an extractor.
    pub fn articles(&self) -> impl Iterator<Item = &Article> {
        self.articles.iter().map(|(article, _)| article)
    }

    /// Returns the claims that an extractor without errors makes: gold's, optional ones included. With `mentions` also
    /// every name in each article, those of one entity under its fullest form.
    pub fn gold_claims(&self, mentions: bool) -> Vec<ArticleClaims> {
        self.articles
            .iter()
            .map(|(article, gold)| {
                let text = &article.text;
                ArticleClaims {
                    moves: gold.moves.iter().filter_map(|m| move_claim(text, m)).collect(),
                    positions: gold.positions.iter().map(|p| position_claim(text, p)).collect(),
                    mentions: if mentions { self.mentions(article) } else { Vec::new() },
                    notes: Vec::new(),
                    article: article.clone(),
                }
            })
            .collect()
    }

    fn mentions(&self, article: &Article) -> Vec<Mention> {
        let mut out = Vec::new();
        for (mention_type, entities) in
            [(MentionType::Person, &self.gold.people), (MentionType::Firm, &self.gold.firms)]
        {
            let found = forms_in(article, entities);
            let fullest = |entity: &GoldEntity| {
                found
                    .iter()
                    .filter(|f| f.of.len() == 1 || f.form.contains(' '))
                    .filter(|f| f.of.iter().any(|e| e.key == entity.key))
                    .map(|f| f.form)
                    .max_by_key(|name| (name.len(), std::cmp::Reverse(*name)))
                    .unwrap_or("")
                    .to_owned()
            };
            for f in &found {
                // A surname that two people of the article share is not told apart here.
                if f.of.len() == 1 || f.form.contains(' ') {
                    let entity = fullest(f.of[0]);
                    let spans = f.spans.iter();
                    out.extend(spans.map(|span| Mention {
                        span: *span,
                        mention_type,
                        entity: entity.clone(),
                    }));
                }
            }
        }
        out.sort();
        out
    }

    /// Returns the figures of a dataset that was resolved from `claims` about the dossier's articles.
    pub fn score(&self, claims: &[ArticleClaims], dataset: &Dataset) -> Figures {
        let mut figures = Figures::default();
        let people = self.items(MentionType::Person, &self.gold.people, claims, dataset);
        let firms = self.items(MentionType::Firm, &self.gold.firms, claims, dataset);
        figures.people = pairs(&people, "people", &mut figures.wrong);
        figures.firms = pairs(&firms, "firms", &mut figures.wrong);
        for (items, never) in
            [(&people, &self.gold.never_merge_people), (&firms, &self.gold.never_merge_firms)]
        {
            let ids = |key: &str| -> BTreeSet<&str> {
                items.iter().filter(|i| i.key == key).filter_map(|i| i.id.as_deref()).collect()
            };
            for (a, b) in never {
                if !ids(a).is_disjoint(&ids(b)) {
                    figures.merged_never += 1;
                    figures.wrong.push(format!("merged though never to be merged: {a} and {b}"));
                }
            }
        }
        self.score_duplicates(dataset, &mut figures);
        self.score_moves(&people, &firms, dataset, &mut figures);
        figures
    }

    /// Returns the gold name forms of each article with the row that the dataset leads each to.
    fn items(
        &self,
        mention_type: MentionType,
        entities: &[GoldEntity],
        claims: &[ArticleClaims],
        dataset: &Dataset,
    ) -> Vec<Item> {
        let mut out = Vec::new();
        for (article, _) in &self.articles {
            let own = claims.iter().find(|c| c.article.id == article.id);
            let names: Vec<_> = dataset
                .names
                .iter()
                .filter(|n| {
                    n.mention_type == mention_type
                        && own.is_some_and(|c| *c.article.text_sha256 == *n.article)
                })
                .collect();
            for found in forms_in(article, entities) {
                let form = found.form;
                if found.of.len() > 1 && !form.contains(' ') {
                    continue;
                }
                for entity in found.of {
                    let folded = fold(form);
                    let entity_name = own
                        .and_then(|c| {
                            c.mentions.iter().find(|m| {
                                m.mention_type == mention_type
                                    && fold(m.span.of(&c.article.text)) == folded
                            })
                        })
                        .map_or_else(|| folded.clone(), |m| fold(&m.entity));
                    let ids: BTreeSet<&str> = names
                        .iter()
                        .filter(|n| fold(&n.name) == entity_name || fold(&n.name) == folded)
                        .map(|n| &*n.id)
                        .collect();
                    let id = if ids.len() > 1 {
                        let firms = self.firms_of(&entity.key);
                        ids.iter()
                            .max_by_key(|id| {
                                (shared_firms(dataset, id, &firms), std::cmp::Reverse(**id))
                            })
                            .copied()
                    } else {
                        ids.first().copied()
                    };
                    // A form without a claim or mention of its own was not found, which is not resolution's fault: it
                    // stays in the count as a form that is alone.
                    out.push(Item {
                        article: article.id.clone(),
                        form: form.to_owned(),
                        key: entity.key.clone(),
                        id: id.map(str::to_owned),
                    });
                }
            }
        }
        out
    }

    /// Returns the folded names of the firms that a person of gold is tied to.
    fn firms_of(&self, person: &str) -> BTreeSet<String> {
        let keys: BTreeSet<&String> = self
            .gold
            .moves
            .iter()
            .filter(|m| m.person == person)
            .flat_map(|m| m.from_firm.iter().chain(&m.to_firm))
            .collect();
        let firms = self.gold.firms.iter().filter(|f| keys.contains(&f.key));
        firms.flat_map(|f| f.names.iter().map(|n| fold(n))).collect()
    }

    fn score_duplicates(&self, dataset: &Dataset, figures: &mut Figures) {
        let id_of = |sha: &str| {
            self.articles.iter().find(|(a, _)| a.text_sha256 == sha).map(|(a, _)| a.id.as_str())
        };
        let pair = |a: &str, b: &str| (a.min(b).to_owned(), a.max(b).to_owned());
        let found: BTreeSet<(String, String)> = dataset
            .duplicates
            .iter()
            .filter_map(|(a, b)| Some(pair(id_of(a)?, id_of(b)?)))
            .collect();
        let expected: BTreeSet<(String, String)> =
            self.gold.duplicates.iter().map(|(a, b)| pair(a, b)).collect();
        figures.duplicates = Counts {
            right: found.intersection(&expected).count(),
            found: found.len(),
            expected: expected.len(),
        };
        for (a, b) in found.symmetric_difference(&expected) {
            figures.wrong.push(format!("duplicates: {a} and {b}"));
        }
    }

    fn score_moves(
        &self,
        people: &[Item],
        firms: &[Item],
        dataset: &Dataset,
        figures: &mut Figures,
    ) {
        let (person_key, firm_key) = (majority(people), majority(firms));
        let right = |row: &crate::resolve::Move, gold: &MergedMove, status: bool| {
            let side = |id: &Option<String>, key: &Option<String>| match (id, key) {
                (None, None) => true,
                (Some(id), Some(key)) => firm_key.get(id.as_str()) == Some(&key.as_str()),
                _ => false,
            };
            person_key.get(row.person_id.as_str()) == Some(&gold.person.as_str())
                && gold.kind.iter().any(|k| k == row.kind.as_str())
                && side(&row.from_firm_id, &gold.from_firm)
                && side(&row.to_firm_id, &gold.to_firm)
                && (!status || gold.status.iter().any(|s| s == row.status.as_str()))
        };
        for status in [true, false] {
            let fits: Vec<Vec<usize>> = dataset
                .moves
                .iter()
                .map(|row| {
                    let mut list: Vec<usize> = (0..self.gold.moves.len())
                        .filter(|g| right(row, &self.gold.moves[*g], status))
                        .collect();
                    list.sort_by_key(|g| self.gold.moves[*g].optional);
                    list
                })
                .collect();
            let of_gold = matching(&fits, self.gold.moves.len());
            let matched: BTreeSet<usize> = of_gold.iter().flatten().copied().collect();
            let required = |g: &usize| !self.gold.moves[*g].optional;
            let n_right =
                of_gold.iter().enumerate().filter(|(g, row)| required(g) && row.is_some()).count();
            let n_optional = matched.len() - n_right;
            let counts = Counts {
                right: n_right,
                found: dataset.moves.len() - n_optional,
                expected: self.gold.moves.iter().filter(|m| !m.optional).count(),
            };
            if status {
                figures.moves = counts;
                for (g, row) in of_gold.iter().enumerate() {
                    match row {
                        Some(row) => {
                            figures.articles.add(self.articles_of(&dataset.moves[*row], g));
                        }
                        None if required(&g) => {
                            let m = &self.gold.moves[g];
                            figures.wrong.push(format!(
                                "missed move: {} {:?} {:?} to {:?} {:?}",
                                m.person, m.kind, m.from_firm, m.to_firm, m.status
                            ));
                        }
                        None => {}
                    }
                }
                for (i, row) in dataset.moves.iter().enumerate() {
                    if !matched.contains(&i) {
                        figures.wrong.push(format!(
                            "wrong move: {} {} {:?} to {:?} {}",
                            row.id, row.kind, row.from_firm_id, row.to_firm_id, row.status
                        ));
                    }
                }
            } else {
                figures.moves_without_status = counts;
            }
        }
    }

    fn articles_of(&self, row: &crate::resolve::Move, gold: usize) -> Counts {
        let found: BTreeSet<&str> = row
            .history
            .iter()
            .filter_map(|step| {
                let (article, _) =
                    self.articles.iter().find(|(a, _)| *a.text_sha256 == *step.article)?;
                Some(article.id.as_str())
            })
            .collect();
        let expected: BTreeSet<&str> =
            self.gold.moves[gold].articles.iter().map(String::as_str).collect();
        Counts {
            right: found.intersection(&expected).count(),
            found: found.len(),
            expected: expected.len(),
        }
    }
}

/// A gold name form in an article, where it stands by itself and not inside a longer one.
struct FoundForm<'a> {
    form: &'a str,
    /// The entities that bear it and that the article speaks of.
    of: Vec<&'a GoldEntity>,
    spans: Vec<Span>,
}

fn forms_in<'a>(article: &Article, entities: &'a [GoldEntity]) -> Vec<FoundForm<'a>> {
    let mut forms: Vec<FoundForm<'a>> = Vec::new();
    for entity in entities.iter().filter(|e| e.articles.contains(&article.id)) {
        for name in &entity.names {
            match forms.iter_mut().find(|f| f.form == name.as_str()) {
                Some(form) => form.of.push(entity),
                None => forms.push(FoundForm { form: name, of: vec![entity], spans: Vec::new() }),
            }
        }
    }
    forms.sort_by_key(|f| (std::cmp::Reverse(f.form.len()), f.form));
    let mut taken: Vec<Span> = Vec::new();
    for form in &mut forms {
        for span in occurrences(&article.text, form.form) {
            if !taken.iter().any(|t| t.overlaps(span)) {
                taken.push(span);
                form.spans.push(span);
            }
        }
    }
    forms.retain(|f| !f.spans.is_empty());
    forms
}

#[derive(Clone, Debug)]
struct Item {
    article: String,
    form: String,
    key: String,
    id: Option<String>,
}

fn pairs(items: &[Item], what: &str, wrong: &mut Vec<String>) -> Counts {
    let mut counts = Counts::default();
    let mut apart: BTreeSet<String> = BTreeSet::new();
    for (i, a) in items.iter().enumerate() {
        for b in &items[i + 1..] {
            let gold = a.key == b.key;
            let together = a.id.is_some() && a.id == b.id;
            counts.right += usize::from(gold && together);
            counts.found += usize::from(together);
            counts.expected += usize::from(gold);
            if gold != together {
                let place = |x: &Item| format!("{} ({}, {:?})", x.form, x.article, x.id);
                let (a, b) = (place(a), place(b));
                let verb = if gold { "not joined" } else { "joined" };
                apart.insert(format!("{what} {verb}: {a} and {b}"));
            }
        }
    }
    wrong.extend(apart.into_iter().take(40));
    counts
}

/// Returns for each row the gold entity that most of its forms belong to; each entity goes to one row, the one with
/// most of its forms.
fn majority(items: &[Item]) -> BTreeMap<&str, &str> {
    let mut votes: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for item in items {
        if let Some(id) = &item.id {
            *votes.entry((id, &item.key)).or_default() += 1;
        }
    }
    let mut order: Vec<((&str, &str), usize)> = votes.into_iter().collect();
    order.sort_by_key(|(pair, n)| (std::cmp::Reverse(*n), *pair));
    let mut out: BTreeMap<&str, &str> = BTreeMap::new();
    for ((id, key), _) in order {
        out.entry(id).or_insert(key);
    }
    out
}

/// Returns for each gold move the row matched with it: a largest one-to-one matching that prefers what `fits` lists
/// first.
fn matching(fits: &[Vec<usize>], n_gold: usize) -> Vec<Option<usize>> {
    fn place(
        row: usize,
        fits: &[Vec<usize>],
        seen: &mut [bool],
        of_gold: &mut [Option<usize>],
    ) -> bool {
        for &g in &fits[row] {
            if std::mem::replace(&mut seen[g], true) {
                continue;
            }
            let free = match of_gold[g] {
                None => true,
                Some(other) => place(other, fits, seen, of_gold),
            };
            if free {
                of_gold[g] = Some(row);
                return true;
            }
        }
        false
    }
    let mut of_gold = vec![None; n_gold];
    for row in 0..fits.len() {
        place(row, fits, &mut vec![false; n_gold], &mut of_gold);
    }
    of_gold
}

/// Returns how many organisations of a person of the dataset are among `firms`, then the fewest others: of two namesakes
/// the one whom the gold means.
fn shared_firms(
    dataset: &Dataset,
    person: &str,
    firms: &BTreeSet<String>,
) -> (usize, std::cmp::Reverse<usize>) {
    let mut ids: BTreeSet<&str> = BTreeSet::new();
    for m in dataset.moves.iter().filter(|m| m.person_id == person) {
        ids.extend(m.from_firm_id.as_deref());
        ids.extend(m.to_firm_id.as_deref());
    }
    for p in dataset.positions.iter().filter(|p| p.person_id == person) {
        ids.extend(p.firm_id.as_deref());
    }
    let own = dataset.firms.iter().filter(|f| ids.contains(f.id.as_str()));
    let shared = own.filter(|f| f.names.iter().any(|n| firms.contains(&fold(&n.name)))).count();
    (shared, std::cmp::Reverse(ids.len() - shared))
}

/// Archives put the day on the first line: " date 2024-05-14 Headline".
fn without_date_line(text: &str) -> &str {
    let Some(rest) = text.trim_start().strip_prefix("date ") else { return text };
    rest.split_once(' ').map_or(text, |(_, rest)| rest)
}

fn occurrences(text: &str, form: &str) -> Vec<Span> {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(form)
        .map(|(at, _)| Span::new(at, at + form.len()))
        .filter(|span| {
            !letter(text[..span.start].chars().next_back())
                && !letter(text[span.end..].chars().next())
        })
        .collect()
}

fn evidence(text: &str, slots: &[(SlotName, Option<&str>)]) -> Vec<Evidence> {
    let mut out = Vec::new();
    for (slot, value) in slots {
        let Some(value) = value else { continue };
        let span = occurrences(text, value).first().copied().unwrap_or_default();
        if !span.is_empty() || *slot == SlotName::Person {
            out.push(Evidence { slot: *slot, span, quote: span.of(text).to_owned() });
        }
    }
    out
}

fn first(accepted: &Accepted) -> Option<String> {
    accepted.as_ref().and_then(|list| list.first().cloned())
}

fn move_claim(text: &str, gold: &GoldMove) -> Option<MoveClaim> {
    let (from_firm, to_firm) = (first(&gold.from_firm), first(&gold.to_firm));
    let (from_role, to_role) = (first(&gold.from_role), first(&gold.to_role));
    Some(MoveClaim {
        evidence: evidence(
            text,
            &[
                (SlotName::Person, Some(&gold.person)),
                (SlotName::FromFirm, from_firm.as_deref()),
                (SlotName::FromRole, from_role.as_deref()),
                (SlotName::ToFirm, to_firm.as_deref()),
                (SlotName::ToRole, to_role.as_deref()),
            ],
        ),
        person: gold.person.clone(),
        kind: Kind::parse(gold.kind.first()?)?,
        status: Status::parse(gold.status.first()?)?,
        manner: None,
        from_firm,
        from_role,
        to_firm,
        to_role,
        to_note: None,
        date: first(&gold.date).as_deref().and_then(PartialDate::parse),
        rule: "gold".to_owned(),
        confidence: 0.9,
    })
}

fn position_claim(text: &str, gold: &GoldPosition) -> PositionClaim {
    let (firm, role) = (first(&gold.firm), first(&gold.role));
    PositionClaim {
        evidence: evidence(
            text,
            &[
                (SlotName::Person, Some(&gold.person)),
                (SlotName::Firm, firm.as_deref()),
                (SlotName::Role, role.as_deref()),
            ],
        ),
        person: gold.person.clone(),
        firm,
        role,
        tense: gold.tense.as_deref().and_then(Tense::parse).unwrap_or(Tense::Current),
        started_on: None,
        ended_on: None,
        rule: "gold".to_owned(),
        confidence: 0.9,
    }
}
