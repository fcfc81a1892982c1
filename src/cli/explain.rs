//! `valzer explain`: what was found in each sentence of an article, and how each slot of a move was decided.

use super::out::visible;
use super::reading::Inputs;
use super::{Out, Outcome};
use crate::error::Error;
use crate::extract::{Candidate, Decision, ExplainedMove, Explanation, Extractor, Mark, MarkKind};
use crate::model::{Article, MentionType};
use crate::text::{CharIndex, Span, fold};
use serde_json::{Value, json};

const EXAMPLES: &str = "\
Examples:
  valzer explain article.txt                          each sentence with what was found in it
  valzer explain article.txt --why \"Ada Neri\"         how each slot of her moves was decided
  valzer explain article.txt --format html > a.html   the same as a page

Under each sentence stand its people and firms (a word that refers to one with the name behind it),
titles with who holds them, dates, and the words that may tell a move with their frame, the person,
firms and status taken from them. --why lists, for each decision, the choice, the runner-up and the
features that weigh most: a positive weight speaks for the choice.";

/// Show what was found in an article, and how its moves were decided
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    inputs: Inputs,

    /// How the explanation is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Say how the moves of this person were decided; all or part of the name
    #[arg(long, value_name = "PERSON")]
    why: Option<String>,

    /// Do without the embedded names of well-known firms
    #[arg(long)]
    without_knowledge: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For reading, in colour on a terminal
    Text,
    /// A page that needs no other file
    Html,
    /// One JSON object a line and article; places count code points
    Json,
}

pub(super) fn run(args: &Args, out: &mut Out) -> Result<Outcome, Error> {
    let extractor = Extractor::new(&super::extract_options(args.without_knowledge));
    let colour = out.is_terminal() && !super::no_colour();
    let mut found = args.why.is_none();
    let mut near = Vec::new();
    let mut n_read = 0;
    if args.format == Format::Html {
        out.text(PAGE_START)?;
    }
    let tally = args.inputs.read(&mut |article| {
        let explanation = extractor.explain(&article);
        let moves = match &args.why {
            Some(person) => {
                let named = people(&explanation);
                found |= named.iter().any(|name| is_called(name, person));
                near.extend(named);
                moves_of(&explanation, person)
            }
            None => Vec::new(),
        };
        let shown =
            Shown { article: &article, explanation: &explanation, moves, why: args.why.as_deref() };
        n_read += 1;
        match args.format {
            Format::Text => shown.text(out, colour, n_read > 1),
            Format::Html => shown.html(out),
            Format::Json => out.line(super::json_text(&shown.json())),
        }
    })?;
    if args.format == Format::Html {
        out.line("</html>")?;
    }
    if let Some(name) = args.why.as_ref().filter(|_| !found) {
        near.truncate(5);
        return Err(Error::NotFound { what: "person of the article", name: name.clone(), near });
    }
    Ok(if tally.has_problems() { Outcome::Findings } else { Outcome::Fine })
}

/// Returns whether `name` holds all words of `part`.
fn is_called(name: &str, part: &str) -> bool {
    let (name, part) = (fold(name), fold(part));
    !part.is_empty() && part.split(' ').all(|word| name.split(' ').any(|n| n == word))
}

/// Returns the people that the article names, each once.
fn people(explanation: &Explanation) -> Vec<String> {
    let people =
        explanation.claims.mentions.iter().filter(|m| m.mention_type == MentionType::Person);
    let mut names: Vec<String> = people.map(|m| m.entity.clone()).collect();
    names.sort();
    names.dedup();
    names
}

fn moves_of<'a>(explanation: &'a Explanation, person: &str) -> Vec<&'a ExplainedMove> {
    explanation.moves.iter().filter(|m| is_called(&m.claim.person, person)).collect()
}

/// An article on its way to the reader.
struct Shown<'a> {
    article: &'a Article,
    explanation: &'a Explanation,
    /// The moves to tell the decisions of.
    moves: Vec<&'a ExplainedMove>,
    why: Option<&'a str>,
}

/// Escape sequences, empty where no colour is wanted.
struct Paint(bool);

impl Paint {
    fn kind(&self, kind: MarkKind, text: &str) -> String {
        self.code(
            match kind {
                MarkKind::Person => "36",
                MarkKind::Firm => "33",
                MarkKind::Role => "32",
                MarkKind::Date => "34",
                MarkKind::Trigger => "1;31",
                MarkKind::Cue => "35",
            },
            text,
        )
    }

    fn code(&self, code: &str, text: &str) -> String {
        let text = visible(text).replace(['\n', '\t'], " ");
        if self.0 { format!("\x1b[{code}m{text}\x1b[0m") } else { text }
    }
}

impl Shown<'_> {
    /// Returns a sentence cut where marks begin and end, a mark inside another left out.
    fn pieces<'m>(&self, span: Span, marks: &'m [Mark]) -> Vec<(Span, Option<&'m Mark>)> {
        let mut pieces = Vec::new();
        let mut at = span.start;
        for mark in marks {
            if mark.span.start < at || mark.span.end > span.end {
                continue;
            }
            pieces.push((Span::new(at, mark.span.start), None));
            pieces.push((mark.span, Some(mark)));
            at = mark.span.end;
        }
        pieces.push((Span::new(at.min(span.end), span.end), None));
        pieces.retain(|(span, _)| !span.is_empty());
        pieces
    }

    fn text(&self, out: &mut Out, colour: bool, again: bool) -> Result<(), Error> {
        let paint = Paint(colour);
        if again {
            out.line("")?;
        }
        let text = &self.article.text;
        out.line(paint.code("1", &format!("{} ({})", self.article.id, self.article.language)))?;
        if self.why.is_none() {
            for (n, sentence) in self.explanation.sentences.iter().enumerate() {
                let words: String = self
                    .pieces(sentence.span, &sentence.marks)
                    .iter()
                    .map(|(span, mark)| match mark {
                        Some(mark) => paint.kind(mark.kind, span.of(text)),
                        None => visible(span.of(text)).replace(['\n', '\t'], " "),
                    })
                    .collect();
                out.line(format_args!("\n{:>3}  {words}", n + 1))?;
                for mark in &sentence.marks {
                    let label = format!("{:<8}", mark.kind.as_str());
                    let words = mark.span.of(text);
                    let detail = detail(mark, words);
                    out.line(format_args!(
                        "       {}{}{}",
                        paint.kind(mark.kind, &label),
                        visible(words).replace(['\n', '\t'], " "),
                        visible(&detail)
                    ))?;
                }
            }
            out.line(format_args!("\n{}", paint.code("1", "Moves")))?;
            for m in &self.explanation.moves {
                out.line(format_args!("  {}", visible(&headline(m))))?;
            }
        }
        if let Some(person) = self.why.filter(|_| self.moves.is_empty()) {
            out.line(visible(&format!("  no words were taken for a move of {person}")))?;
        }
        for m in &self.moves {
            out.line(format_args!("\n{}", paint.code("1", &headline(m))))?;
            for decision in &m.decisions {
                out.line(format_args!("  {}", visible(&self.title(decision))))?;
                for (n, candidate) in decision.candidates.iter().take(2).enumerate() {
                    let value = format!("{} ({})", candidate.value, percent(candidate.probability));
                    let value =
                        if n == 0 { paint.code("32", &value) } else { paint.code("2", &value) };
                    let label = if n == 0 { "chosen" } else { "runner-up" };
                    out.line(format_args!("    {label:<10}{value}"))?;
                    for (feature, weight) in candidate.features.iter().take(5) {
                        out.line(format_args!("      {weight:>+7.3}  {}", visible(feature)))?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Returns what was decided, and by which words.
    fn title(&self, decision: &Decision) -> String {
        let what = decision.what.replace('_', " ");
        match decision.trigger {
            Some(span) => format!("{what}, by “{}”", span.of(&self.article.text)),
            None => what,
        }
    }

    fn html(&self, out: &mut Out) -> Result<(), Error> {
        let text = &self.article.text;
        out.line(format_args!("<h1>{}</h1>", escaped(&self.article.id)))?;
        for sentence in &self.explanation.sentences {
            out.text("<p>")?;
            for (span, mark) in self.pieces(sentence.span, &sentence.marks) {
                let words = escaped(span.of(text));
                match mark {
                    Some(mark) => out.text(format_args!(
                        "<mark class=\"{0}{1}\" title=\"{0}{2}\">{words}</mark>",
                        mark.kind.as_str(),
                        if mark.reference { " reference" } else { "" },
                        escaped(&detail(mark, span.of(text)))
                    ))?,
                    None => out.text(words)?,
                }
            }
            out.line("</p>")?;
            if sentence.marks.is_empty() {
                continue;
            }
            out.line("<ul>")?;
            for mark in &sentence.marks {
                let words = mark.span.of(text);
                out.line(format_args!(
                    "<li><mark class=\"{0}\">{0}</mark> {1}{2}</li>",
                    mark.kind.as_str(),
                    escaped(words),
                    escaped(&detail(mark, words))
                ))?;
            }
            out.line("</ul>")?;
        }
        out.line("<h2>Moves</h2>")?;
        let shown = |m: &&ExplainedMove| self.why.is_none_or(|p| is_called(&m.claim.person, p));
        for m in self.explanation.moves.iter().filter(shown) {
            out.line(format_args!("<details><summary>{}</summary>", escaped(&headline(m))))?;
            for decision in &m.decisions {
                out.line(format_args!("<h3>{}</h3>\n<table>", escaped(&self.title(decision))))?;
                for candidate in &decision.candidates {
                    out.line(candidate_row(candidate))?;
                }
                out.line("</table>")?;
            }
            out.line("</details>")?;
        }
        Ok(())
    }

    fn json(&self) -> Value {
        let index = CharIndex::new(&self.article.text);
        let place = |span: Span| {
            let (start, end) = (index.char_of(span.start), index.char_of(span.end));
            json!({ "start": start, "end": end, "quote": span.of(&self.article.text) })
        };
        let with = |mut value: Value, more: Value| {
            if let (Value::Object(value), Value::Object(more)) = (&mut value, more) {
                value.extend(more);
            }
            value
        };
        let mark = |m: &Mark| {
            let more =
                json!({ "kind": m.kind.as_str(), "reference": m.reference, "detail": m.detail });
            with(place(m.span), more)
        };
        let sentences: Vec<Value> = self
            .explanation
            .sentences
            .iter()
            .map(|s| {
                let marks: Vec<Value> = s.marks.iter().map(mark).collect();
                with(place(s.span), json!({ "marks": marks }))
            })
            .collect();
        let candidate = |c: &Candidate| {
            let features: Vec<Value> = c
                .features
                .iter()
                .map(|(name, w)| json!({ "name": name, "weight": rounded(*w) }))
                .collect();
            json!({ "value": c.value, "probability": rounded(c.probability), "features": features })
        };
        let decision = |d: &Decision| {
            let candidates: Vec<Value> = d.candidates.iter().map(candidate).collect();
            json!({ "what": d.what, "trigger": d.trigger.map(place), "candidates": candidates })
        };
        let shown = |m: &&ExplainedMove| self.why.is_none_or(|p| is_called(&m.claim.person, p));
        let moves: Vec<Value> = self
            .explanation
            .moves
            .iter()
            .filter(shown)
            .map(|m| {
                let decisions: Vec<Value> = m.decisions.iter().map(decision).collect();
                json!({ "move": headline(m), "claimed": m.claimed, "decisions": decisions })
            })
            .collect();
        json!({ "id": self.article.id, "sentences": sentences, "moves": moves })
    }
}

/// Returns what was made of marked words, where it says more than the words themselves.
fn detail(mark: &Mark, words: &str) -> String {
    let detail = mark.detail.join("; ");
    if detail.is_empty() || detail == words {
        String::new()
    } else if mark.reference {
        format!(" → {detail}")
    } else {
        format!(" · {detail}")
    }
}

/// Returns a line such as `Ada Neri: hire, completed: Acme (cto) → Borealis · 87 %`.
fn headline(m: &ExplainedMove) -> String {
    let c = &m.claim;
    let place = |firm: &Option<String>, role: &Option<String>| {
        let firm = firm.as_deref().unwrap_or("–");
        role.as_ref().map_or(firm.to_owned(), |role| format!("{firm} ({role})"))
    };
    let claimed = if m.claimed { "" } else { ", not claimed" };
    format!(
        "{}: {}, {}: {} → {} · {}{claimed}",
        c.person,
        c.kind.as_str().replace('_', " "),
        c.status,
        place(&c.from_firm, &c.from_role),
        place(&c.to_firm, &c.to_role),
        percent(c.confidence as f32),
    )
}

fn percent(p: f32) -> String {
    format!("{:.0} %", p * 100.0)
}

fn rounded(x: f32) -> f64 {
    (f64::from(x) * 1000.0).round() / 1000.0
}

fn candidate_row(candidate: &Candidate) -> String {
    let features: Vec<String> = candidate
        .features
        .iter()
        .map(|(name, weight)| format!("{weight:+.3} <code>{}</code>", escaped(name)))
        .collect();
    format!(
        "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
        escaped(&candidate.value),
        percent(candidate.probability),
        features.join("<br>")
    )
}

/// Returns `text` with nothing that HTML would take for markup, and nothing that turns the direction of the page.
fn escaped(text: &str) -> String {
    visible(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

const PAGE_START: &str = "\
<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>valzer explain</title>
<style>
:root { color-scheme: light dark; --text: #1b1b1b; --quiet: #555; --page: #fff; --line: #ccc; --person: #bfe6f2; --firm: #f7e3a1;
  --role: #cdeac0; --date: #d3d8f8; --trigger: #f6c1bb; --cue: #eccdf0 }
@media (prefers-color-scheme: dark) { :root { --text: #e6e6e6; --quiet: #a8a8a8; --page: #17181a; --line: #444; --person: #14475a;
  --firm: #574509; --role: #27502b; --date: #333c80; --trigger: #70282a; --cue: #572b61 } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: var(--text);
  background: var(--page); overflow-wrap: anywhere }
p { margin: 1.2rem 0 .3rem; white-space: pre-wrap }
ul { font-size: .85rem; margin: 0; padding: 0 0 0 1rem; list-style: none; color: var(--quiet) }
mark { padding: 0 .15em; border-radius: .2em; color: var(--text); -webkit-box-decoration-break: clone; box-decoration-break: clone }
.person { background: var(--person) } .firm { background: var(--firm) } .role { background: var(--role) }
.date { background: var(--date) } .trigger { background: var(--trigger); font-weight: 600 } .cue { background: var(--cue) }
.reference { background: none; box-shadow: inset 0 -.15em var(--person) } .firm.reference { box-shadow: inset 0 -.15em var(--firm) }
table { border-collapse: collapse; font-size: .85rem } td { border: 1px solid var(--line); padding: .2rem .5rem; vertical-align: top }
td:nth-child(2) { white-space: nowrap; text-align: right } code { color: var(--quiet) }
h3 { font-size: .95rem; margin: .8rem 0 .2rem } details { margin: .4rem 0 } summary { cursor: pointer; font-weight: 600 }
</style>
";
