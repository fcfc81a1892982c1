use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Returns `text` for comparison: no case, no accents, every run of other characters than letters and digits one space.
///
/// "S.p.A." and "SpA" both give "spa", "AT&T" gives "at and t", "l'Università" gives "l universita". Folding twice
/// changes nothing.
pub fn fold(text: &str) -> String {
    let plain = fold_loose(text);
    let mut out = String::with_capacity(plain.len());
    let words: Vec<&str> = plain.split(' ').filter(|w| !w.is_empty()).collect();
    for word in words {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Returns `text` without case and accents, dotted abbreviations joined and other punctuation as spaces.
pub fn fold_loose(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    // ASCII is its own decomposition, and most words are.
    let chars: Vec<char> = if text.is_ascii() {
        text.bytes().map(|byte| char::from(byte.to_ascii_lowercase())).collect()
    } else {
        let bare: String = text.nfkd().filter(|c| !is_combining_mark(*c)).collect();
        bare.to_lowercase().chars().collect()
    };
    let mut i = 0;
    while i < chars.len() {
        // A dotted abbreviation: single letters, each with its full stop ("s.p.a.", "u.s.").
        let starts_word = i == 0 || !chars[i - 1].is_alphanumeric();
        if starts_word && is_dotted(&chars, i) && is_dotted(&chars, i + 2) {
            while is_dotted(&chars, i) {
                plain.push(chars[i]);
                i += 2;
            }
            if i < chars.len()
                && chars[i].is_alphanumeric()
                && chars.get(i + 1).is_none_or(|c| !c.is_alphanumeric())
            {
                plain.push(chars[i]);
                i += 1;
            }
            plain.push(' ');
            continue;
        }
        match chars[i] {
            '&' => plain.push_str(" and "),
            c if c.is_alphanumeric() => plain.push(c),
            _ => plain.push(' '),
        }
        i += 1;
    }
    plain
}

fn is_dotted(chars: &[char], i: usize) -> bool {
    chars.get(i).is_some_and(|c| c.is_alphanumeric()) && chars.get(i + 1) == Some(&'.')
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn spellings_of_one_name_fold_to_one_form() {
        for (text, folded) in [
            ("Stellantis S.p.A.", "stellantis spa"),
            ("Stellantis S.p.A", "stellantis spa"),
            ("AT&T", "at and t"),
            ("Nicolò  Sartoretto", "nicolo sartoretto"),
            ("l’Università", "l universita"),
            ("U.S. Steel", "us steel"),
            ("J. P. Morgan", "j p morgan"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
            assert_eq!(fold(folded), folded);
        }
    }
}
