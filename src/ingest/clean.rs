use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Returns `text` as the later stages rely on it: NFC, lines ended by a line feed, plain spaces, no control or
/// invisible characters, no white space at the end. White space at the start stays. Cleaning twice changes nothing.
pub fn clean_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    out.push('\n');
                }
            }
            '\n' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            _ if is_odd_space(c) => out.push(' '),
            // Emoji families are glued with joiners: cutting them changes what the reader sees.
            '\u{200D}' if out.chars().next_back().is_some_and(is_pictographic) => {
                if chars.peek().copied().is_some_and(is_pictographic) {
                    out.push(c);
                }
            }
            _ if is_invisible(c) => {}
            _ => out.push(c),
        }
    }
    let mut out = if is_nfc(&out) { out } else { out.nfc().collect() };
    out.truncate(out.trim_end().len());
    out
}

/// Returns `text` as one clean line without spaces around it: a title, a name.
pub(super) fn clean_line(text: &str) -> String {
    clean_text(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_odd_space(c: char) -> bool {
    matches!(
        c,
        '\t' | '\u{A0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}'
    )
}

/// Soft hyphens, zero-width spaces and joiners, directions (which can make a quote read differently from its bytes),
/// byte order marks, interlinear marks.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{FFFE}' | '\u{FFFF}'
        )
}

fn is_pictographic(c: char) -> bool {
    matches!(c, '\u{FE0F}' | '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
}

#[cfg(test)]
mod tests {
    use super::{clean_line, clean_text};

    #[test]
    fn text_becomes_plain() {
        for (text, plain) in [
            ("a\r\nb\rc\n", "a\nb\nc"),
            ("am\u{AD}mi\u{200B}nistratore", "amministratore"),
            ("10\u{A0}000\u{202F}€", "10 000 €"),
            ("perche\u{301}", "perché"),
            ("a\0b\u{1b}[31mc\u{7f}", "ab[31mc"),
            ("\u{FEFF}testo", "testo"),
            (" date 2024-09 testo", " date 2024-09 testo"),
            ("x\u{2028}y\tz  ", "x\ny z"),
            ("👩\u{200D}👩\u{200D}👧 e a\u{200D}b", "👩\u{200D}👩\u{200D}👧 e ab"),
            ("perche\u{200B}\u{301}", "perché"),
            ("e\u{202E}vil", "evil"),
        ] {
            assert_eq!(clean_text(text), plain, "{text:?}");
            assert_eq!(clean_text(plain), plain);
        }
        assert_eq!(clean_line(" Un\n titolo\u{A0} solo "), "Un titolo solo");
    }
}
