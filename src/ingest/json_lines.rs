use super::{Draft, front_matter, header};
use crate::model::Language;
use serde::Deserialize;
use serde_json::Value;

/// One line: an article of ours, a record from elsewhere with the same names, or claims with their `article`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Record {
    id: Value,
    source: Option<String>,
    title: Option<String>,
    outlet: Option<String>,
    byline: Option<String>,
    #[serde(alias = "authors")]
    author: Value,
    url: Option<String>,
    published_on: Option<String>,
    date: Option<String>,
    language: Option<String>,
    text: Option<String>,
    article: Option<Box<Record>>,
}

/// Returns the draft of one line, or what is wrong with it; `id` names an article that has no name of its own.
pub(super) fn read(line: &[u8], place: &str, id: &str) -> Result<Draft, String> {
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    let line = std::str::from_utf8(line).map_err(|error| format!("not UTF-8: {error}"))?;
    let record: Record = serde_json::from_str(line).map_err(|error| {
        // Lines are counted in the file, not in the record.
        format!("not an article in JSON: {error}").replace(" at line 1 column", " at column")
    })?;
    let outer_id = record.id;
    let record = match record.article {
        Some(article) => Record { id: article.id, ..*article },
        None => Record { id: Value::Null, article: None, ..record },
    };
    let text = record.text.ok_or("there is no \"text\" in it")?;
    let date = record.published_on.or(record.date).filter(|d| !d.trim().is_empty());
    let published_on = match date {
        Some(date) => Some(header::written_date(&date).ok_or_else(|| {
            format!("the date '{date}' is not written as YYYY, YYYY-MM or YYYY-MM-DD")
        })?),
        None => None,
    };
    let language = match record.language.filter(|l| !l.trim().is_empty()) {
        Some(name) => Some(
            header::named_language(&name)
                .ok_or_else(|| format!("the language '{name}' is neither \"it\" nor \"en\""))?,
        ),
        None => None::<Language>,
    };
    let word = |value: &Value| front_matter::plain_value(value).filter(|v| !v.trim().is_empty());
    Ok(Draft {
        id: word(&record.id).or_else(|| word(&outer_id)).unwrap_or_else(|| id.to_owned()),
        source: record.source.or_else(|| record.url.clone()).unwrap_or_else(|| place.to_owned()),
        title: record.title,
        outlet: record.outlet,
        byline: record.byline.or_else(|| word(&record.author)),
        url: record.url,
        published_on,
        // The date in the name of a file of many articles is that of the file.
        named_date: None,
        language,
        text,
    })
}
