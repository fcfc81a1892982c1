use crate::text::fold;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// Gives out ids: readable, starting with a letter, each once.
///
/// The n-th id of one text gets "-n", so that ids depend on the order of asking alone.
#[derive(Debug, Default)]
pub(super) struct Ids {
    given: IndexMap<String, u32, FxBuildHasher>,
}

impl Ids {
    /// Returns the id of `text`, and takes it.
    pub(super) fn give(&mut self, text: &str) -> String {
        self.give_base(slug(text))
    }

    /// Returns an id made of ids, which are short enough each, and takes it.
    pub(super) fn give_long(&mut self, ids: &str) -> String {
        self.give_base(ids.to_owned())
    }

    fn give_base(&mut self, base: String) -> String {
        loop {
            let n = self.given.entry(base.clone()).or_insert(0);
            *n += 1;
            if *n == 1 {
                return base;
            }
            let id = format!("{base}-{n}");
            // "acme-2" may be a name of its own.
            if !self.given.contains_key(&id) {
                self.given.insert(id.clone(), 1);
                return id;
            }
        }
    }
}

/// Letters kept of a name; a longer one ("Ministero delle Infrastrutture e …") is cut at a word.
const MAX_LEN: usize = 60;

/// Returns the text as an id: small letters, digits and hyphens.
pub(super) fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in fold(text).chars() {
        match c {
            'a'..='z' | '0'..='9' => out.push(c),
            ' ' => out.push('-'),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'ı' => out.push('i'),
            'þ' => out.push_str("th"),
            'œ' => out.push_str("oe"),
            // Letters of other scripts: their code, which is at least the same every time.
            _ => out.push_str(&format!("u{:x}", u32::from(c))),
        }
    }
    if out.len() > MAX_LEN {
        let cut = out[..MAX_LEN].rfind('-').filter(|at| *at > MAX_LEN / 2).unwrap_or(MAX_LEN);
        out.truncate(cut);
    }
    if !out.starts_with(|c: char| c.is_ascii_lowercase()) {
        out.insert_str(0, "n-");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Ids, slug};

    #[test]
    fn ids_are_readable_and_unique() {
        for (text, id) in [
            ("Nicolò Sartoretto", "nicolo-sartoretto"),
            ("AT&T", "at-and-t"),
            ("3M", "n-3m"),
            ("Søren Ørsted", "soren-orsted"),
        ] {
            assert_eq!(slug(text), id);
        }
        let mut ids = Ids::default();
        assert_eq!(ids.give("Acme 2"), "acme-2");
        assert_eq!(ids.give("Acme"), "acme");
        assert_eq!(ids.give("Acme"), "acme-3");
    }
}
