//! `valzer show`: what the database knows of one person, firm or article, with the words it comes from.

use super::out::visible;
use super::shared::{DatabaseArgs, Format};
use super::{Out, Outcome};
use crate::error::Error;
use crate::model::MentionType;
use crate::pipeline;
use crate::resolve::{Doubt, Explanation, NameAt, SAME_PERSON, Step};
use crate::store::{Card, Event, Reader};
use serde_json::json;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  valzer show \"mira murati\"        a person: names, positions and moves in order, with quotes
  valzer show openai               an organisation: who came and went
  valzer show news-2024-09.txt     an article: what it claims
  valzer show murati --format json
  valzer show --why \"M. Rossi\" marco-rossi   why two names are one person or firm, or are not";

/// Show a person, an organisation or an article with the words behind every row
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Name in any case, with or without accents; an id; the name or path of an article
    #[arg(value_name = "PERSON|FIRM|ARTICLE")]
    name: String,
    /// Another name, id or NAME@ARTICLE
    #[arg(value_name = "OTHER", requires = "why")]
    other: Option<String>,
    /// Tell why the two names are one, or two: what joined them, what it weighs, who came next
    #[arg(long, requires = "other")]
    why: bool,
    /// Your own firms [default: those that the last build kept]
    #[arg(long, value_name = "FILE", requires = "why")]
    knowledge: Vec<PathBuf>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(super) fn run(args: &Args, out: &mut Out) -> Result<Outcome, Error> {
    let reader = Reader::open(&args.database.path())?;
    if let Some(other) = &args.other {
        let (of, explanation) = pipeline::explain(&reader, &args.knowledge, &args.name, other)?;
        return why(&reader, of, &explanation, args.format, out);
    }
    let cards = reader.show(&args.name)?;
    if args.format == Format::Json {
        let json = serde_json::to_string_pretty(&cards)
            .expect("cards of texts and numbers are always JSON");
        out.line(json)?;
        return Ok(Outcome::Fine);
    }
    let mut page = Page { lines: Vec::new() };
    for (at, card) in cards.iter().enumerate() {
        if at > 0 {
            page.lines.push(String::new());
        }
        page.card(card);
    }
    for line in page.lines {
        out.line(line)?;
    }
    Ok(Outcome::Fine)
}

fn why(
    reader: &Reader,
    of: MentionType,
    explanation: &Explanation,
    format: Format,
    out: &mut Out,
) -> Result<Outcome, Error> {
    let place = |at: &NameAt| match of {
        MentionType::Firm => Ok(format!("'{}'", at.name)),
        MentionType::Person => reader.place_of(at),
    };
    let Explanation { steps, weighed, runner_up } = explanation;
    if format == Format::Json {
        let doubt = |doubt: &Doubt| -> Result<serde_json::Value, Error> {
            Ok(json!({
                "one": place(&doubt.one)?,
                "other": place(&doubt.other)?,
                "score": (of == MentionType::Person).then_some(doubt.score),
                "facts": doubt.facts,
                "reasons": doubt.reasons.iter().map(|(what, weight)| json!({
                    "what": what, "weight": weight,
                })).collect::<Vec<_>>(),
            }))
        };
        let step = |step: &Step| -> Result<serde_json::Value, Error> {
            Ok(json!({
                "one": place(&step.one)?,
                "other": place(&step.other)?,
                "why": step.why,
                "evidence": step.evidence.as_ref().map(doubt).transpose()?,
            }))
        };
        out.line(json!({
            "type": of.as_str(),
            "together": !steps.is_empty(),
            "score_of_one_person": SAME_PERSON,
            "steps": steps.iter().map(step).collect::<Result<Vec<_>, _>>()?,
            "weighed": weighed.as_ref().map(doubt).transpose()?,
            "runner_up": runner_up.as_ref().map(doubt).transpose()?,
        }))?;
        return Ok(Outcome::Fine);
    }
    let mut page = Page { lines: Vec::new() };
    let (one, two) = match of {
        MentionType::Person => ("one person", "two people"),
        MentionType::Firm => ("one organisation", "two organisations"),
    };
    page.line(if steps.is_empty() { two } else { one });
    for step in steps {
        page.line(&format!("  {} = {}: {}", place(&step.one)?, place(&step.other)?, step.why));
        if let Some(evidence) = &step.evidence {
            page.evidence(evidence);
        }
    }
    for (label, doubt) in [("apart", weighed), ("next best", runner_up)] {
        if let Some(doubt) = doubt {
            let (one, other) = (place(&doubt.one)?, place(&doubt.other)?);
            page.line(&format!("{label}: {one} and {other}"));
            page.evidence(doubt);
        }
    }
    if steps.is_empty() && weighed.is_none() {
        page.line("  nothing in their names or articles joins them");
    }
    for line in page.lines {
        out.line(line)?;
    }
    Ok(Outcome::Fine)
}

struct Page {
    lines: Vec<String>,
}

impl Page {
    fn line(&mut self, text: &str) {
        self.lines.push(visible(text).replace('\n', " "));
    }

    fn list(&mut self, label: &str, names: &[String]) {
        if !names.is_empty() {
            self.line(&format!("  {label} {}", names.join(", ")));
        }
    }

    fn evidence(&mut self, doubt: &Doubt) {
        for fact in &doubt.facts {
            self.line(&format!("    {fact}"));
        }
        if doubt.mention_type == MentionType::Firm {
            return;
        }
        for (what, weight) in &doubt.reasons {
            self.line(&format!("    {weight:>+5.1}  {what}"));
        }
        self.line(&format!("    {:>5.1}  of {SAME_PERSON:.1} that make one person", doubt.score));
    }

    fn card(&mut self, card: &Card) {
        match card {
            Card::Person(person) => {
                self.line(&format!("{} (person {})", person.name, person.id));
                self.list("also", &person.other_names);
                self.events("", &person.career, false);
            }
            Card::Firm(firm) => {
                self.line(&format!("{} (firm {})", firm.name, firm.id));
                let facts: Vec<String> =
                    [&firm.kind, &firm.country].into_iter().flatten().cloned().collect();
                self.list("is", &facts);
                self.list("part of", firm.parent.as_slice());
                self.list("also", &firm.other_names);
                self.list("units", &firm.units);
                self.events("Came", &firm.came, true);
                self.events("Went", &firm.went, true);
                self.events("Moved inside", &firm.inside, true);
                self.events("Positions", &firm.positions, true);
            }
            Card::Article(article) => {
                self.line(&format!("{} (article {})", article.name, article.id));
                let facts: Vec<String> =
                    [&article.title, &article.outlet, &article.published_on, &article.url]
                        .into_iter()
                        .flatten()
                        .cloned()
                        .chain([article.source.clone()])
                        .collect();
                self.line(&format!("  {}", facts.join(" · ")));
                self.list("repeats", article.duplicate_of.as_slice());
                self.events("Claims", &article.claims, true);
            }
        }
    }

    fn events(&mut self, title: &str, events: &[Event], with_person: bool) {
        if events.is_empty() {
            return;
        }
        if !title.is_empty() {
            self.line(title);
        }
        for event in events {
            self.line(&format!("  {}", event_line(event, with_person)));
            for quote in &event.quotes {
                let contradicts = if quote.supports { "" } else { " (contradicts)" };
                let day = quote.published_on.as_deref().map_or(String::new(), |d| format!(", {d}"));
                self.line(&format!(
                    "      “{}”{contradicts} {}{day} [{} {}–{}]",
                    quote.quote, quote.outlet, quote.article_id, quote.char_start, quote.char_end
                ));
            }
        }
    }
}

/// Returns a line such as `2024-09  departure, announced: OpenAI (CTO) → ? · 87 % [mira-murati-from-openai]`; the id at
/// its end is what `decide` takes.
fn event_line(event: &Event, with_person: bool) -> String {
    let place = |firm: &Option<String>, role: &Option<String>| match (firm, role) {
        (Some(firm), Some(role)) => Some(format!("{firm} ({role})")),
        (Some(firm), None) => Some(firm.clone()),
        (None, Some(role)) => Some(format!("? ({role})")),
        (None, None) => None,
    };
    let mut day = event.started_on.clone().unwrap_or_else(|| "no date".to_owned());
    if let Some(end) = &event.ended_on {
        day.push_str(&format!(" to {end}"));
    }
    let mut what = event.what.replace('_', " ");
    if let Some(status) = &event.status {
        what.push_str(&format!(", {status}"));
    }
    let to = place(&event.firm, &event.role);
    let places = match (place(&event.from_firm, &event.from_role), to) {
        (Some(from), Some(to)) => format!("{from} → {to}"),
        (Some(from), None) => format!("{from} → ?"),
        (None, Some(to)) if event.entity == "move" => format!("→ {to}"),
        (None, Some(to)) => to,
        (None, None) => "?".to_owned(),
    };
    let person = if with_person { format!("{}: ", event.person) } else { String::new() };
    let rule = event.rule.as_deref().map_or(String::new(), |rule| format!(" · {rule}"));
    format!(
        "{day:<10}  {person}{what}: {places} · {} %{rule} [{}]",
        event.confidence_percent, event.id
    )
}
