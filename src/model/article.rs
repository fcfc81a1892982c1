use super::{Language, PartialDate};
use serde::{Deserialize, Serialize};

/// A source text as the later stages see it: cleaned, normalised (NFC), immutable.
///
/// Every span of the program is a byte span into [`Article::text`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// Short name for people: the file's stem, or the record's own id.
    pub id: String,
    /// Where it came from: a path relative to the input it was found under, a URL, a member of an archive.
    pub source: String,
    /// Headline, if known apart from the text.
    pub title: Option<String>,
    /// Newspaper, agency or site.
    pub outlet: Option<String>,
    /// Author line.
    pub byline: Option<String>,
    /// Web address, if known.
    pub url: Option<String>,
    /// Publication date as exact as known.
    pub published_on: Option<PartialDate>,
    /// Main language.
    pub language: Language,
    /// The cleaned text; no U+0000.
    pub text: String,
    /// Lower-case hexadecimal SHA-256 of `text`: the key of the article.
    pub text_sha256: String,
}

impl Article {
    /// Returns an article of bare text with an empty source; the hash is computed here.
    pub fn from_text(
        id: &str,
        text: &str,
        language: Language,
        published_on: Option<PartialDate>,
    ) -> Self {
        Article {
            id: id.to_owned(),
            source: String::new(),
            title: None,
            outlet: None,
            byline: None,
            url: None,
            published_on,
            language,
            text_sha256: sha256_hex(text),
            text: text.to_owned(),
        }
    }
}

/// Returns the lower-case hexadecimal SHA-256 of `text`.
pub fn sha256_hex(text: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
