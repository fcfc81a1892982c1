use super::{Draft, header};
use serde_json::Value;
use std::collections::BTreeMap;

/// Front matter is a dozen lines; a block that goes on for 64 KiB is prose between two rules.
const MAX_BYTES: usize = 64 * 1024;

/// Why front matter was not accepted.
#[derive(Debug)]
pub(super) enum Problem {
    /// What is wrong and in which line.
    IllFormed(String),
    /// It names a language that has no pack.
    Language(String),
}

/// Returns what the front matter says and the text after it; without front matter, an empty draft and all the text.
///
/// Front matter is a first line `---`, lines `name: value` in YAML, and a line `---` or `...`. A rule of dashes that no
/// `name:` follows is prose.
pub(super) fn split(text: &str) -> Result<(Draft, &str), Problem> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    let is_rule = |line: &str, rules: &[&str]| rules.contains(&line.trim_end());
    if !is_rule(first, &["---"]) || !lines.clone().find(|l| !is_blank(l)).is_some_and(is_field) {
        return Ok((Draft::default(), text));
    }
    let start = first.len();
    let mut at = start;
    for line in lines {
        if is_rule(line, &["---", "..."]) {
            let body = text[at + line.len()..].trim_start_matches(['\r', '\n']);
            return Ok((fields(&text[start..at])?, body));
        }
        at += line.len();
        if at > MAX_BYTES {
            break;
        }
    }
    Err(Problem::IllFormed(
        "line 1: the front matter that begins here has no closing '---'".to_owned(),
    ))
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty() || line.trim_start().starts_with('#')
}

fn is_field(line: &str) -> bool {
    line.split_once(':').is_some_and(|(name, value)| {
        let name = name.trim_matches(['"', '\'']);
        !name.is_empty()
            && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '))
            && (value.is_empty() || value.starts_with(char::is_whitespace))
    })
}

fn fields(yaml: &str) -> Result<Draft, Problem> {
    let parsed: Result<BTreeMap<String, Value>, _> = serde_saphyr::from_str(yaml);
    let fields = parsed.map_err(|error| {
        // The block starts after the first line of the file.
        let line = error.location().map_or(2, |location| location.line() + 1);
        let message = error.without_snippet().to_string();
        let message = message.lines().next().unwrap_or_default();
        Problem::IllFormed(format!("line {line}: the front matter is not YAML: {message}"))
    })?;
    let field = |names: &[&str]| {
        fields.iter().find(|(name, value)| {
            names.iter().any(|n| name.eq_ignore_ascii_case(n)) && !value.is_null()
        })
    };
    let word = |names: &[&str]| field(names).and_then(|(_, value)| plain_value(value));
    let line_of = |name: &str| {
        2 + yaml
            .lines()
            .position(|l| l.trim_start().trim_matches(['"', '\'']).starts_with(name))
            .unwrap_or(0)
    };
    let published_on = match field(&["date", "published_on", "published"]) {
        Some((name, value)) => {
            let written = plain_value(value).unwrap_or_default();
            Some(header::written_date(&written).ok_or_else(|| {
                Problem::IllFormed(format!(
                    "line {}: the date '{written}' is not written as YYYY, YYYY-MM or YYYY-MM-DD",
                    line_of(name)
                ))
            })?)
        }
        None => None,
    };
    let language = match word(&["language", "lang"]).filter(|l| !l.is_empty()) {
        Some(name) => Some(header::named_language(&name).ok_or(Problem::Language(name))?),
        None => None,
    };
    Ok(Draft {
        title: word(&["title"]),
        outlet: word(&["outlet", "publication", "newspaper", "site"]),
        byline: word(&["author", "authors", "byline"]),
        url: word(&["url", "link"]),
        published_on,
        language,
        ..Draft::default()
    })
}

/// Returns a value as people write it: a list as its items with commas; `None` for what is no word.
pub(super) fn plain_value(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Array(items) => {
            Some(items.iter().filter_map(plain_value).collect::<Vec<_>>().join(", "))
        }
        Value::Null | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Problem, split};

    #[test]
    fn fields_are_read_and_the_body_begins_after_them() {
        let text = "---\r\ntitle: \"Addio: lascia la ceo\"\r\ndate: 2024-09-10\r\nauthor: [A. Rossi, B. Verdi]\r\n\
                    language: it-IT\r\nextra: {a: 1}\r\n---\r\n\r\nTesto.\r\n";
        let (draft, body) = split(text).expect("right");
        assert_eq!(body, "Testo.\r\n");
        assert_eq!(draft.title.as_deref(), Some("Addio: lascia la ceo"));
        assert_eq!(draft.byline.as_deref(), Some("A. Rossi, B. Verdi"));
        assert_eq!(draft.published_on.map(|d| d.to_string()).as_deref(), Some("2024-09-10"));
    }

    #[test]
    fn a_rule_of_dashes_is_prose() {
        for text in
            ["---\nShe left.\n---\nHe came.", "---", "----\na: b\n", "--- a: b", "She left."]
        {
            let (draft, body) = split(text).expect(text);
            assert_eq!((body, draft.title), (text, None));
        }
    }

    #[test]
    fn wrong_front_matter_names_its_line() {
        for (text, line) in [
            ("---\ntitle: x\n", "line 1"),
            ("---\ntitle: x\ntitle: [a\n---\n", "line "),
            ("---\ntitle: x\ndate: yesterday\n---\n", "line 3"),
            ("---\ntitle: Meta: via il capo\n---\n", "line 2"),
        ] {
            match split(text) {
                Err(Problem::IllFormed(reason)) => {
                    assert!(reason.starts_with(line), "{text}: {reason}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
        assert!(matches!(split("---\nlang: de\n---\nx"), Err(Problem::Language(l)) if l == "de"));
    }

    #[test]
    fn a_bomb_of_aliases_is_refused() {
        let mut yaml = "---\na: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for (before, name) in "abcdefgh".chars().zip("bcdefghi".chars()) {
            let items = vec![format!("*{before}"); 9].join(", ");
            yaml.push_str(&format!("{name}: &{name} [{items}]\n"));
        }
        yaml.push_str("---\ntext");
        assert!(split(&yaml).is_err());
    }
}
