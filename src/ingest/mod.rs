//! Files to [`Article`]s: finds them, reads them within a limit, decodes, cleans, dates and names their language.
//!
//! One file per format: plain text, Markdown, JSON Lines. What a format gives is a draft; the same steps then
//! clean it, find its date and its language and leave out what was there before. Nothing here fails because of a
//! file: an article that cannot be read is a [`Skipped`] with its reason and what to do about it. Callers may rely on
//! this: every [`Article::text`] is NFC, has no control characters but line feeds, and cleaning it again changes nothing.

mod clean;
mod decode;
mod find;
mod front_matter;
mod header;
mod json_lines;
mod language;
mod markdown;
mod plain;
mod read;

pub use clean::clean_text;
pub use decode::decode;
pub use language::{Guess, guess_language};

use crate::error::Error;
use crate::model::{Article, Language, PartialDate, sha256_hex};
use find::Found;
use std::collections::BTreeMap;
use std::io::BufRead;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// The largest article that is read unless the user says otherwise: 20 MiB, some 3,000 pages of a book.
pub const DEFAULT_MAX_BYTES: u64 = 20 * 1024 * 1024;

/// What may be read, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The largest article in bytes: a text file, or one line of JSON Lines. Memory grows with it.
    pub max_bytes: u64,
    /// The language of every article, for users who know better than detection.
    pub language: Option<Language>,
}

impl Default for Options {
    fn default() -> Self {
        Options { max_bytes: DEFAULT_MAX_BYTES, language: None }
    }
}

/// What became of one article.
#[derive(Clone, Debug, PartialEq)]
pub enum Ingested {
    /// It was read.
    Article(Box<Article>),
    /// It was left out.
    Skipped(Skipped),
}

/// An article that was left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Where it is, as in [`Article::source`]; with a line number inside a file of several articles.
    pub source: String,
    /// The kind of reason, for counting.
    pub kind: SkipKind,
    /// What was found, for people; one line, no full stop.
    pub reason: String,
    /// What to do next, one line; empty where nothing needs doing.
    pub hint: String,
}

/// Why an article was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SkipKind {
    /// No text in it.
    Empty,
    /// Not text.
    Binary,
    /// The system did not let it be read, or it is no regular file.
    Unreadable,
    /// Beyond [`Options::max_bytes`].
    TooLarge,
    /// Front matter or a JSON line that does not parse.
    IllFormed,
    /// Neither Italian nor English.
    OtherLanguage,
    /// A format that is not read, named by the user.
    Unsupported,
    /// A format that is not read, met in a folder.
    OtherFile,
    /// The same text as an article before it.
    Duplicate,
}

impl SkipKind {
    /// Returns the word used in JSON and SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            SkipKind::Empty => "empty",
            SkipKind::Binary => "binary",
            SkipKind::Unreadable => "unreadable",
            SkipKind::TooLarge => "too_large",
            SkipKind::IllFormed => "ill_formed",
            SkipKind::OtherLanguage => "other_language",
            SkipKind::Unsupported => "unsupported",
            SkipKind::OtherFile => "other_file",
            SkipKind::Duplicate => "duplicate",
        }
    }

    /// Returns whether the user lost something that they may have wanted; a copy or a picture beside the articles is
    /// no problem.
    pub fn is_problem(self) -> bool {
        !matches!(self, SkipKind::Duplicate | SkipKind::OtherFile)
    }
}

/// Reads every article under `inputs` and calls `each` with it, or with the reason why it was left out.
///
/// An input is a file, a folder (read recursively), a glob pattern, or `-` for standard input (one text, or articles as
/// JSON Lines). Articles come sorted by source, whatever the order of the inputs, and one at a time: memory holds the
/// present article and a short key of each one before it. Fails only where an input does not exist at all, before
/// anything is read.
pub fn ingest(
    inputs: &[PathBuf],
    options: &Options,
    each: &mut dyn FnMut(Ingested),
) -> Result<(), Error> {
    ingest_until(inputs, options, &mut |one| {
        each(one);
        ControlFlow::Continue(())
    })
}

/// Reads as [`ingest`] does until `each` breaks: nothing is read after that.
pub fn ingest_until(
    inputs: &[PathBuf],
    options: &Options,
    each: &mut dyn FnMut(Ingested) -> ControlFlow<()>,
) -> Result<(), Error> {
    let found = find::find(inputs)?;
    let mut reader = Reader { options, seen: BTreeMap::new(), each, stopped: false };
    for item in found {
        match item {
            Found::Standard => reader.stream(&mut std::io::stdin().lock(), "-", "stdin"),
            Found::File { source, path, named } => reader.file(&source, &path, named),
            Found::Problem(skipped) => reader.give(Ingested::Skipped(skipped)),
        }
        if reader.stopped {
            break;
        }
    }
    Ok(())
}

/// Reads articles from an open stream as [`ingest`] reads standard input; `source` names it and `id` its only text.
pub fn ingest_reader(
    input: &mut dyn BufRead,
    source: &str,
    id: &str,
    options: &Options,
    each: &mut dyn FnMut(Ingested),
) {
    let each: &mut dyn FnMut(Ingested) -> ControlFlow<()> = &mut |one| {
        each(one);
        ControlFlow::Continue(())
    };
    Reader { options, seen: BTreeMap::new(), each, stopped: false }.stream(input, source, id);
}

/// An article as a format gives it: nothing cleaned, nothing guessed.
#[derive(Debug, Default)]
struct Draft {
    id: String,
    source: String,
    title: Option<String>,
    outlet: Option<String>,
    byline: Option<String>,
    url: Option<String>,
    published_on: Option<PartialDate>,
    /// The date in the file's name: the article's own words win over it.
    named_date: Option<PartialDate>,
    language: Option<Language>,
    text: String,
}

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Plain,
    Markdown,
    JsonLines,
}

impl Format {
    /// Returns the format of a file name, or `None` where it is not read; a name without an extension is plain text.
    fn of(path: &Path) -> Option<Format> {
        match header::extension(path).as_deref() {
            None | Some("txt" | "text") => Some(Format::Plain),
            Some("md" | "markdown") => Some(Format::Markdown),
            Some("jsonl" | "ndjson") => Some(Format::JsonLines),
            Some(_) => None,
        }
    }
}

struct Reader<'a> {
    options: &'a Options,
    /// Half a SHA-256 of every text so far (16 bytes are enough for any archive) and the source of its first copy.
    seen: BTreeMap<u128, Box<str>>,
    each: &'a mut dyn FnMut(Ingested) -> ControlFlow<()>,
    stopped: bool,
}

impl Reader<'_> {
    fn give(&mut self, one: Ingested) {
        if !self.stopped {
            self.stopped = (self.each)(one).is_break();
        }
    }

    fn skip(&mut self, source: &str, kind: SkipKind, reason: impl Into<String>, hint: &str) {
        self.give(Ingested::Skipped(Skipped {
            source: source.to_owned(),
            kind,
            reason: reason.into(),
            hint: hint.to_owned(),
        }));
    }

    fn file(&mut self, source: &str, path: &Path, named: bool) {
        let Some(format) = Format::of(path) else {
            let kind = if named { SkipKind::Unsupported } else { SkipKind::OtherFile };
            let reason =
                format!("'.{}' files are not read", header::extension(path).unwrap_or_default());
            let hint = "valzer reads .txt, .md, .markdown, .jsonl and .ndjson, and text without an extension";
            return self.skip(source, kind, reason, hint);
        };
        let opened = read::open(path, self.options.max_bytes, format == Format::JsonLines);
        let mut file = match opened {
            Ok(file) => file,
            Err(problem) => return self.problem(source, problem),
        };
        let stem = header::stem(path);
        if format == Format::JsonLines {
            return self.lines(&mut file, source, &stem);
        }
        match read::all(&mut file, self.options.max_bytes) {
            Ok(bytes) => self.text(&bytes, format, source, &stem),
            Err(problem) => self.problem(source, problem),
        }
    }

    fn stream(&mut self, input: &mut dyn BufRead, source: &str, id: &str) {
        match read::starts_with_brace(input) {
            Ok(true) => self.lines(input, source, id),
            Ok(false) => match read::all(input, self.options.max_bytes) {
                Ok(bytes) => self.text(&bytes, Format::Plain, source, id),
                Err(problem) => self.problem(source, problem),
            },
            Err(error) => self.problem(source, read::Problem::Io(error)),
        }
    }

    fn lines(&mut self, input: &mut dyn BufRead, source: &str, stem: &str) {
        let mut lines = read::Lines::new(input, self.options.max_bytes);
        let mut number = 0usize;
        let mut any = false;
        while !self.stopped
            && let Some(line) = lines.next_line()
        {
            number += 1;
            let place = format!("{source}:{number}");
            match line {
                Ok(bytes) if bytes.iter().all(u8::is_ascii_whitespace) => {}
                Ok(bytes) => {
                    any = true;
                    match json_lines::read(bytes, &place, &format!("{stem}-{number}")) {
                        Ok(draft) => self.finish(draft),
                        Err(reason) => self.skip(
                            &place,
                            SkipKind::IllFormed,
                            reason,
                            "each line is one JSON object with the article's \"text\"; correct or delete the line",
                        ),
                    }
                }
                Err(problem) => {
                    any = true;
                    self.problem(&place, problem);
                }
            }
        }
        if !any {
            self.problem(source, read::Problem::Empty);
        }
    }

    fn text(&mut self, bytes: &[u8], format: Format, source: &str, stem: &str) {
        let text = match decode::decode(bytes) {
            Ok(text) => text,
            Err(what) => {
                return self.skip(
                    source,
                    SkipKind::Binary,
                    format!("it is {what}, not text"),
                    "save its text as UTF-8 in a .txt or .md file",
                );
            }
        };
        let drafted = match format {
            Format::Markdown => markdown::read(&text),
            Format::Plain | Format::JsonLines => plain::read(&text),
        };
        match drafted {
            Ok(draft) => {
                let named_date = header::date_in_name(stem);
                let (id, source) = (stem.to_owned(), source.to_owned());
                self.finish(Draft { id, source, named_date, ..draft });
            }
            Err(front_matter::Problem::IllFormed(reason)) => self.skip(
                source,
                SkipKind::IllFormed,
                reason,
                "correct the block between the lines '---', or delete it",
            ),
            Err(front_matter::Problem::Language(name)) => self.other_language(source, &name),
        }
    }

    /// Cleans a draft and gives it to the caller, unless it is empty, foreign or a copy.
    fn finish(&mut self, draft: Draft) {
        let text = clean::clean_text(&draft.text);
        let source = clean::clean_line(&draft.source);
        if text.trim().is_empty() {
            return self.problem(&source, read::Problem::Empty);
        }
        let language = match self.options.language.or(draft.language) {
            Some(language) => language,
            None => match language::guess_language(&text) {
                language::Guess::Known(language) => language,
                language::Guess::Other(name) => return self.other_language(&source, name),
            },
        };
        let text_sha256 = sha256_hex(&text);
        let key = u128::from_str_radix(&text_sha256[..32], 16).unwrap_or_default();
        if let Some(first) = self.seen.get(&key) {
            let reason = format!("the same text as '{first}'");
            return self.skip(&source, SkipKind::Duplicate, reason, "");
        }
        self.seen.insert(key, source.as_str().into());
        let line =
            |value: Option<String>| value.map(|v| clean::clean_line(&v)).filter(|v| !v.is_empty());
        let id = clean::clean_line(&draft.id);
        self.give(Ingested::Article(Box::new(Article {
            id: if id.is_empty() { text_sha256[..12].to_owned() } else { id },
            source,
            title: line(draft.title),
            outlet: line(draft.outlet),
            byline: line(draft.byline),
            url: line(draft.url),
            published_on: (draft.published_on)
                .or_else(|| header::date_line(&text))
                .or(draft.named_date),
            language,
            text,
            text_sha256,
        })));
    }

    fn other_language(&mut self, source: &str, name: &str) {
        let reason = format!("its language is {name}");
        let hint = "valzer reads Italian and English; if it is one of them, say so with --language";
        self.skip(source, SkipKind::OtherLanguage, reason, hint);
    }

    fn problem(&mut self, source: &str, problem: read::Problem) {
        let max = self.options.max_bytes;
        match problem {
            read::Problem::Empty => {
                self.skip(
                    source,
                    SkipKind::Empty,
                    "there is no text in it",
                    "delete it, or save it again",
                );
            }
            read::Problem::TooLarge => self.skip(
                source,
                SkipKind::TooLarge,
                format!("larger than {max} bytes"),
                "raise the limit with --max-bytes, or split it into its articles",
            ),
            read::Problem::Special(what) => self.skip(
                source,
                SkipKind::Unreadable,
                format!("it is {what}, not a file"),
                "to read from a pipe, give '-' as the input",
            ),
            read::Problem::Io(error) => {
                let hint = match error.kind() {
                    std::io::ErrorKind::PermissionDenied => "check who may read it",
                    std::io::ErrorKind::NotFound => "it is gone, or a link to nothing",
                    _ => "check the disk and the path",
                };
                self.skip(
                    source,
                    SkipKind::Unreadable,
                    format!("could not be read: {error}"),
                    hint,
                );
            }
        }
    }
}
