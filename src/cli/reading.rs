//! What the commands that read articles have in common: their arguments and the report of what was left out.

use super::out::visible;
use crate::error::Error;
use crate::ingest::{self, Ingested, SkipKind, Skipped};
use crate::model::{Article, Language};
use std::collections::BTreeMap;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// The articles to read.
#[derive(Debug, clap::Args)]
pub(super) struct Inputs {
    /// Files, folders (with all below them), patterns like 'news/*.txt', or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    pub(super) inputs: Vec<PathBuf>,

    /// Largest article to read, in bytes; K, M and G stand for KiB, MiB and GiB
    #[arg(long, value_name = "SIZE", default_value = "20M", value_parser = size)]
    pub(super) max_bytes: u64,

    /// Language of all articles, where detection is wrong
    #[arg(long, value_name = "it|en", value_parser = language)]
    pub(super) language: Option<Language>,
}

impl Inputs {
    /// Returns the options of the library.
    pub(super) fn options(&self) -> ingest::Options {
        ingest::Options { max_bytes: self.max_bytes, language: self.language }
    }

    /// Reads all articles and calls `each` with them until it fails; problems go to standard error as they come.
    pub(super) fn read(
        &self,
        each: &mut dyn FnMut(Article) -> Result<(), Error>,
    ) -> Result<Tally, Error> {
        let mut tally = Tally::default();
        let mut failure = None;
        let from_pipe = self.inputs.iter().all(|input| input.as_os_str() == "-");
        ingest::ingest_until(&self.inputs, &self.options(), &mut |one| {
            let result = match one {
                Ingested::Article(article) => {
                    tally.n_articles += 1;
                    each(*article)
                }
                // A pipeline may well hand on an empty part; nothing in, nothing out.
                Ingested::Skipped(s)
                    if from_pipe && s.source == "-" && s.kind == SkipKind::Empty =>
                {
                    Ok(())
                }
                Ingested::Skipped(skipped) => {
                    tally.skip(&skipped);
                    Ok(())
                }
            };
            match result {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failure = Some(error);
                    ControlFlow::Break(())
                }
            }
        })?;
        match failure {
            Some(error) => Err(error),
            None if tally.n_articles == 0 && !(from_pipe && tally.n_skipped.is_empty()) => {
                Err(Error::NoArticles { inputs: self.inputs.clone() })
            }
            None => Ok(tally),
        }
    }
}

/// How many articles were read, and left out for which reason.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) n_articles: usize,
    n_skipped: BTreeMap<SkipKind, usize>,
}

impl Tally {
    /// Counts an article left out; says so on standard error where it is a problem.
    fn skip(&mut self, skipped: &Skipped) {
        *self.n_skipped.entry(skipped.kind).or_default() += 1;
        if skipped.kind.is_problem() {
            let mut line = format!("skipped: {}: {}", skipped.source, skipped.reason);
            if !skipped.hint.is_empty() {
                line.push_str(&format!("\n   next: {}", skipped.hint));
            }
            let _ = writeln!(std::io::stderr().lock(), "{}", visible(&line));
        }
    }

    /// Returns whether an article that the user may have wanted was left out.
    pub(super) fn has_problems(&self) -> bool {
        self.n_skipped.keys().any(|kind| kind.is_problem())
    }

    /// Returns one line: "10 articles read; left out: 1 duplicate, 2 empty".
    pub(super) fn summary(&self) -> String {
        let s = if self.n_articles == 1 { "" } else { "s" };
        let mut line = format!("{} article{s} read", self.n_articles);
        if !self.n_skipped.is_empty() {
            let skipped: Vec<String> = self
                .n_skipped
                .iter()
                .map(|(kind, n)| format!("{n} {}", kind.as_str().replace('_', " ")))
                .collect();
            line.push_str(&format!("; left out: {}", skipped.join(", ")));
        }
        line
    }

    /// Writes the summary to standard error.
    pub(super) fn report(&self) {
        let _ = writeln!(std::io::stderr().lock(), "{}", self.summary());
    }
}

fn size(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let (digits, unit) = match text.find(|c: char| !c.is_ascii_digit()) {
        Some(end) => text.split_at(end),
        None => (text, ""),
    };
    let factor: u64 = match unit.trim().to_ascii_uppercase().as_str() {
        "" | "B" => 1,
        "K" | "KB" | "KIB" => 1 << 10,
        "M" | "MB" | "MIB" => 1 << 20,
        "G" | "GB" | "GIB" => 1 << 30,
        _ => return Err(format!("'{unit}' is no unit; write a number of bytes, or 50M")),
    };
    let number: u64 = digits.parse().map_err(|_| "write a number of bytes, or 50M".to_owned())?;
    number.checked_mul(factor).filter(|n| *n > 0).ok_or_else(|| "out of range".to_owned())
}

fn language(text: &str) -> Result<Language, String> {
    Language::parse(text).ok_or_else(|| "write it or en".to_owned())
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in [("1000", 1000), ("20M", 20 << 20), ("1 GiB", 1 << 30), ("2k", 2048)] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in ["", "M", "5X", "0", "99999999999G", "-1"] {
            assert!(size(text).is_err(), "{text}");
        }
    }
}
