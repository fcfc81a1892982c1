//! What a file's name and first line say about its article: stem, extension, date; and how dates and languages are written.

use crate::model::{Language, PartialDate};
use std::path::Path;

/// Returns the extension in small letters, or `None` for a name without one.
///
/// "Intervista a M. Rossi" and "2024.09" have none: an extension is one to eight letters and digits, at least one a letter.
pub(super) fn extension(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_string_lossy();
    let (stem, extension) = name.rsplit_once('.')?;
    let is_one = !stem.is_empty()
        && (1..=8).contains(&extension.len())
        && extension.bytes().all(|b| b.is_ascii_alphanumeric())
        && extension.bytes().any(|b| b.is_ascii_alphabetic());
    is_one.then(|| extension.to_ascii_lowercase())
}

/// Returns the file's name without its extension.
pub(super) fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match (extension(path), name.rsplit_once('.')) {
        (Some(_), Some((stem, _))) => stem.to_owned(),
        _ => name.into_owned(),
    }
}

/// Returns the date of a first line that begins with " date 2024-09", as news archives store articles.
///
/// The words stay in the text: positions count them.
pub(super) fn date_line(text: &str) -> Option<PartialDate> {
    let line = text.lines().next()?;
    let rest = line.strip_prefix(' ').unwrap_or(line).strip_prefix("date ")?;
    PartialDate::parse(rest.split(' ').next()?)
}

/// Returns the date in a file's name ("2024-09-10-slug", "slug_20240910", "2024_09 note"), or `None`.
///
/// The first wins. A year alone is none ("Piano 2025"), nor are digits inside a longer number.
pub(super) fn date_in_name(stem: &str) -> Option<PartialDate> {
    let bytes = stem.as_bytes();
    let digits = |at: usize, n: usize| -> Option<u16> {
        let part = stem.get(at..at + n)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok()).flatten()
    };
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let separator = |at: usize| bytes.get(at).copied().filter(|b| matches!(b, b'-' | b'_' | b'.'));
    (0..bytes.len()).filter(|&at| at == 0 || !is_digit(at - 1)).find_map(|at| {
        let year = digits(at, 4).filter(|y| (1900..2100).contains(y))?;
        let Some(mark) = separator(at + 4) else {
            let (month, day) = (digits(at + 4, 2)?, digits(at + 6, 2)?);
            return (!is_digit(at + 8))
                .then(|| PartialDate::day(year, month as u8, day as u8))
                .flatten();
        };
        let month = digits(at + 5, 2)?;
        let day = (separator(at + 7) == Some(mark) && !is_digit(at + 10))
            .then(|| digits(at + 8, 2))
            .flatten()
            .and_then(|day| PartialDate::day(year, month as u8, day as u8));
        day.or_else(|| (!is_digit(at + 7)).then(|| PartialDate::month(year, month as u8)).flatten())
    })
}

/// Returns a date that a person or a program wrote in a field: EDTF, or a time stamp whose day counts.
pub(super) fn written_date(text: &str) -> Option<PartialDate> {
    let text = text.trim();
    PartialDate::parse(text).or_else(|| {
        let (day, rest) = (text.get(..10)?, text.get(10..)?);
        rest.starts_with(['T', 't', ' ']).then(|| PartialDate::parse(day)).flatten()
    })
}

/// Returns the language that a field names ("it", "it-IT", "Italian", "italiano"), or `None`.
pub(super) fn named_language(name: &str) -> Option<Language> {
    let name = name.trim().to_lowercase();
    match name.split(['-', '_']).next().unwrap_or_default() {
        "it" | "ita" | "italian" | "italiano" => Some(Language::Italian),
        "en" | "eng" | "english" | "inglese" => Some(Language::English),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{date_in_name, date_line, extension, named_language, stem, written_date};
    use crate::model::{Language, PartialDate};
    use std::path::Path;

    fn check(found: Option<PartialDate>, expected: &str, text: &str) {
        assert_eq!(found.map(|d| d.to_string()).unwrap_or_default(), expected, "{text}");
    }

    #[test]
    fn a_date_stands_in_the_file_name() {
        for (name, date) in [
            ("2024-09-10-conneau-lascia", "2024-09-10"),
            ("ansa_20240910", "2024-09-10"),
            ("ansa_2024_09", "2024-09"),
            ("2024.09.10", "2024-09-10"),
            ("note-2024-09", "2024-09"),
            ("2024-09-99", "2024-09"),
            ("piano 2025", ""),
            ("id-120240910", ""),
            ("2024-13", ""),
            ("20241399", ""),
            ("000_db7e0a639d8d9f25", ""),
            ("è-2024-09-10", "2024-09-10"),
            ("2024-091", ""),
        ] {
            check(date_in_name(name), date, name);
        }
    }

    #[test]
    fn a_date_stands_in_the_first_line() {
        for (text, date) in [
            (" date 2024-09 ChatGPT è oggi", "2024-09"),
            (" date 2024-09-10 On Tuesday", "2024-09-10"),
            ("date 2024 It was", "2024"),
            (" date 2024-09", "2024-09"),
            (" date of birth", ""),
            ("Title\n date 2024-09 x", ""),
            (" date 2024-09, x", ""),
        ] {
            check(date_line(text), date, text);
        }
    }

    #[test]
    fn fields_name_dates_and_languages() {
        check(written_date(" 2024-09-10T08:00:00+02:00 "), "2024-09-10", "time stamp");
        check(written_date("2024~"), "2024~", "about");
        check(written_date("10/09/2024"), "", "two readings");
        assert_eq!(named_language("it_IT"), Some(Language::Italian));
        assert_eq!(named_language("English"), Some(Language::English));
        assert_eq!(named_language("fr"), None);
    }

    #[test]
    fn a_full_stop_is_not_always_an_extension() {
        for (name, ext, stem_) in [
            ("a.TXT", Some("txt"), "a"),
            ("Intervista a M. Rossi", None, "Intervista a M. Rossi"),
            ("2024.09", None, "2024.09"),
            (".hidden", None, ".hidden"),
            ("x", None, "x"),
        ] {
            assert_eq!(extension(Path::new(name)).as_deref(), ext, "{name}");
            assert_eq!(stem(Path::new(name)), stem_);
        }
    }
}
