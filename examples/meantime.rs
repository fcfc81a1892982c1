//! How well names are put together, within an article and across articles: `meantime FILE [--without-knowledge] [--list]`.
//!
//! FILE is NewsReader MEANTIME (CC BY 4.0) as JSON Lines: an article a line with `id`, `text`, `published_on` and
//! `mentions` (`start` and `end` in code points, `form`, `type`, `entity`). Texts are extracted and resolved as `valzer build`
//! does. Of gold's proper names (form NAM) of people and organisations those count that valzer found: at the same span, or
//! at its end where gold takes a description in ("Northrop Grumman CEO Ron Sugar"). Printed are B-cubed (Bagga and
//! Baldwin, 1998) and pairwise precision, recall and F1, each between 0 and 1.

use anyhow::Context;
use serde::Deserialize;
use std::io::Write;
use valzer::eval::bcubed::{Agreement, bcubed, pairwise};
use valzer::extract::{Extractor, Options};
use valzer::knowledge::Knowledge;
use valzer::model::{Article, ArticleClaims, Language, MentionType, PartialDate};
use valzer::resolve::{Dataset, resolve};

#[derive(Deserialize)]
struct Gold {
    id: String,
    text: String,
    published_on: Option<String>,
    mentions: Vec<GoldMention>,
}

#[derive(Deserialize)]
struct GoldMention {
    start: usize,
    end: usize,
    form: Option<String>,
    #[serde(rename = "type")]
    of: String,
    entity: String,
}

/// A gold name that was found: its gold entity, the entity of the article, the row of the dataset.
struct Item {
    article: String,
    gold: String,
    within: String,
    across: String,
}

fn main() -> anyhow::Result<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut flag = |name: &str| {
        let n = arguments.len();
        arguments.retain(|a| a != name);
        arguments.len() < n
    };
    let (without_knowledge, list) = (flag("--without-knowledge"), flag("--list"));
    let path = arguments.first().context("which file? meantime FILE")?;
    let text = std::fs::read_to_string(path).with_context(|| path.clone())?;
    let gold: Vec<Gold> =
        text.lines().map(serde_json::from_str).collect::<Result<_, _>>().context("not MEANTIME")?;

    let options = Options { knowledge: !without_knowledge, ..Options::default() };
    let extractor = Extractor::new(&options);
    let claims: Vec<ArticleClaims> = gold.iter().map(|g| extractor.extract(&article(g))).collect();
    let knowledge =
        if without_knowledge { Knowledge::without_firms() } else { Knowledge::default() };
    let dataset = resolve(&claims, &knowledge, &[]);
    let (mut items, mut n_gold) = (Vec::new(), 0);
    for (gold, claims) in gold.iter().zip(&claims) {
        n_gold += found(gold, claims, &dataset, &mut items);
    }

    let mut out = std::io::stdout().lock();
    writeln!(out, "{} of {n_gold} gold names found, {} articles", items.len(), gold.len())?;
    let within: Vec<(String, String)> = items
        .iter()
        .map(|i| (format!("{} {}", i.article, i.gold), format!("{} {}", i.article, i.within)))
        .collect();
    let within: Vec<(&str, &str)> = within.iter().map(|(g, f)| (g.as_str(), f.as_str())).collect();
    let across: Vec<(&str, &str)> =
        items.iter().map(|i| (i.gold.as_str(), i.across.as_str())).collect();
    for (label, items) in [("within articles", within), ("across articles", across)] {
        let line =
            |a: Agreement| format!("P {:.3}  R {:.3}  F1 {:.3}", a.precision, a.recall, a.f1());
        writeln!(out, "{label}  B-cubed   {}", line(bcubed(&items)))?;
        writeln!(out, "{label}  pairwise  {}", line(pairwise(&items)))?;
    }
    if list {
        for i in &items {
            writeln!(out, "{}\t{}\t{}\t{}", i.gold, i.across, i.within, i.article)?;
        }
    }
    Ok(())
}

fn article(gold: &Gold) -> Article {
    let published_on = gold.published_on.as_deref().and_then(PartialDate::parse);
    Article::from_text(&gold.id, &gold.text, Language::English, published_on)
}

/// Adds the gold names of an article that were found; returns how many there are.
fn found(gold: &Gold, claims: &ArticleClaims, dataset: &Dataset, items: &mut Vec<Item>) -> usize {
    let bytes: Vec<usize> = gold.text.char_indices().map(|(at, _)| at).collect();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(gold.text.len());
    let mut n = 0;
    for mention in gold.mentions.iter().filter(|m| m.form.as_deref() == Some("NAM")) {
        let mention_type = match mention.of.as_str() {
            "PER" => MentionType::Person,
            "ORG" => MentionType::Firm,
            _ => continue,
        };
        n += 1;
        let (start, end) = (byte(mention.start), byte(mention.end));
        let own = claims.mentions.iter().filter(|m| m.mention_type == mention_type);
        let at_end = own.filter(|m| m.span.end == end && m.span.start >= start);
        let Some(one) = at_end.min_by_key(|m| m.span.start) else { continue };
        let row = dataset.names.iter().find(|name| {
            *name.article == *claims.article.text_sha256
                && name.mention_type == mention_type
                && *name.name == *one.entity
        });
        let Some(row) = row else { continue };
        items.push(Item {
            article: gold.id.clone(),
            gold: mention.entity.clone(),
            within: format!("{} {}", mention_type.as_str(), one.entity),
            across: format!("{} {}", mention_type.as_str(), row.id),
        });
    }
    n
}
