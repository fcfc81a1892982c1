//! Standard output as one locked, buffered writer whose failures are [`Error`]s, never panics.

use crate::error::Error;
use std::fmt;
use std::io::{self, BufWriter, IsTerminal, Write};

/// The place where a command writes its result.
pub(crate) struct Out {
    writer: BufWriter<Box<dyn Write>>,
}

impl Out {
    /// Returns standard output, locked until the end.
    pub(crate) fn stdout() -> Self {
        Out { writer: BufWriter::new(Box::new(io::stdout().lock())) }
    }

    /// Returns whether somebody looks at a terminal.
    pub(crate) fn is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Writes text and a newline.
    pub(crate) fn line(&mut self, text: impl fmt::Display) -> Result<(), Error> {
        writeln!(self.writer, "{text}").map_err(|source| Error::Output { source })
    }

    /// Writes text as it is.
    pub(crate) fn text(&mut self, text: impl fmt::Display) -> Result<(), Error> {
        write!(self.writer, "{text}").map_err(|source| Error::Output { source })
    }

    /// Writes bytes as they are.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.writer.write_all(bytes).map_err(|source| Error::Output { source })
    }

    /// Sends on what is buffered.
    pub(crate) fn flush(&mut self) -> Result<(), Error> {
        self.writer.flush().map_err(|source| Error::Output { source })
    }
}

/// Returns `text` with every control character but newline and tab made visible (`\u{1b}`).
///
/// Article text is untrusted: an escape sequence in a headline must not reach the terminal. Characters that turn the
/// direction of the text (U+202A to U+202E, U+2066 to U+2069) are made visible too: they can make a line read as
/// something else than it is.
pub(crate) fn visible(text: &str) -> String {
    let hidden = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(hidden) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if hidden(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn escapes_are_shown_and_words_are_kept() {
        assert_eq!(visible("città\n🚀\t"), "città\n🚀\t");
        assert_eq!(visible("a\u{1b}[31mb\u{9b}c\r"), "a\\u{1b}[31mb\\u{9b}c\\u{d}");
        assert_eq!(visible("a\u{202e}b"), "a\\u{202e}b");
    }
}
