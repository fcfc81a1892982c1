use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// The first bytes of files that people keep beside articles, and what they are.
const MAGIC: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"(\xb5/\xfd", "a zstd archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a sound, picture or film"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe\x00\x00", "UTF-32"),
];

/// Returns the text that `bytes` hold, or what they are instead of text ("a PDF file").
///
/// A byte order mark wins; then UTF-16 without one, told by its zeros; then UTF-8; then the encoding that chardetng
/// finds. A text that is UTF-8 but for a few broken characters stays UTF-8: another encoding would spoil all its accents.
pub fn decode(bytes: &[u8]) -> Result<String, String> {
    let head = bytes.get(..bytes.len().min(512)).unwrap_or_default();
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err((*what).to_owned());
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return checked(encoding, bytes.get(mark..).unwrap_or_default());
    }
    if let Some(encoding) = zeros_of_utf16(bytes) {
        return checked(encoding, bytes);
    }
    let n_controls = bytes.iter().filter(|b| is_control(**b)).count();
    match std::str::from_utf8(bytes) {
        // A handful of stray controls come with copied text; four in ten are data.
        Ok(_) if n_controls * 10 > bytes.len() * 4 => Err(binary()),
        Ok(text) => not_a_page(text.to_owned()),
        // Bytes at random are controls one time in ten, legacy text practically never: 2 % tells them apart.
        Err(_) if n_controls * 50 > bytes.len() => Err(binary()),
        Err(_) if is_mostly_utf8(bytes) => checked(UTF_8, bytes),
        Err(_) => {
            let mut detector = chardetng::EncodingDetector::new();
            detector.feed(bytes, true);
            // The hint settles ties between Western encodings on short Italian and English texts.
            checked(detector.guess(Some(b"it"), false), bytes)
        }
    }
}

fn binary() -> String {
    "binary data".to_owned()
}

fn checked(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, String> {
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    let n_chars = text.chars().count();
    let n_bad = if had_errors { text.matches('\u{FFFD}').count() } else { 0 };
    let n_controls = text.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    if (n_bad + n_controls) * 20 > n_chars && n_bad + n_controls > 2 {
        return Err(binary());
    }
    not_a_page(text.into_owned())
}

/// Web pages saved as .txt: their tags, menus and scripts would be read as prose.
fn not_a_page(text: String) -> Result<String, String> {
    let head = text.trim_start_matches('\u{FEFF}').trim_start();
    let head: String = head.chars().take(16).collect::<String>().to_ascii_lowercase();
    let starts = |tag: &str| head.starts_with(tag);
    if starts("<!doctype html") || starts("<html") {
        return Err("a web page (HTML)".to_owned());
    }
    if starts("<?xml") {
        return Err("XML".to_owned());
    }
    Ok(text)
}

fn is_control(byte: u8) -> bool {
    matches!(byte, 0..=8 | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F)
}

/// Latin text in UTF-16 has a zero in nearly every other byte, and nearly none in the rest.
fn zeros_of_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let n_pairs = bytes.len() / 2;
    if n_pairs < 2 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let n_zeros = |offset: usize| bytes.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (n_zeros(0), n_zeros(1));
    match () {
        () if odd * 10 > n_pairs * 7 && even * 20 < n_pairs => Some(UTF_16LE),
        () if even * 10 > n_pairs * 7 && odd * 20 < n_pairs => Some(UTF_16BE),
        () => None,
    }
}

/// Returns whether at least four in five of the sequences beyond ASCII are right UTF-8.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut n_right, mut n_wrong) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        n_right += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        n_wrong += usize::from(!chunk.invalid().is_empty());
    }
    n_right >= 4 * n_wrong
}

#[cfg(test)]
mod tests {
    use super::decode;

    const ITALIAN: &str = "Perché l’amministratore delegato è già andato: «Così è più facile», disse. Nicolò però no.";

    #[test]
    fn encodings_are_found() {
        let utf16 = |be: bool, mark: bool| -> Vec<u8> {
            let mark = if mark { "\u{FEFF}" } else { "" };
            format!("{mark}{ITALIAN}")
                .encode_utf16()
                .flat_map(|u| if be { u.to_be_bytes() } else { u.to_le_bytes() })
                .collect()
        };
        let cases = [
            ("utf-8", ITALIAN.as_bytes().to_vec()),
            ("utf-8 with mark", format!("\u{FEFF}{ITALIAN}").into_bytes()),
            ("utf-16le with mark", utf16(false, true)),
            ("utf-16be with mark", utf16(true, true)),
            ("utf-16le", utf16(false, false)),
            ("utf-16be", utf16(true, false)),
            ("windows-1252", encoding_rs::WINDOWS_1252.encode(ITALIAN).0.into_owned()),
            ("macintosh is not guessed, plain ASCII is", b"plain".to_vec()),
        ];
        for (name, bytes) in cases {
            let text = decode(&bytes).expect(name);
            assert!(text == ITALIAN || text == "plain", "{name}: {text}");
        }
    }

    #[test]
    fn a_broken_byte_does_not_spoil_the_accents() {
        let mut bytes = ITALIAN.as_bytes().to_vec();
        bytes.insert(20, 0xE8);
        let text = decode(&bytes).expect("text");
        assert_eq!(text.replace('\u{FFFD}', ""), ITALIAN);
    }

    #[test]
    fn data_is_not_text() {
        let random: Vec<u8> =
            (0u32..4000).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        for bytes in [&random[..], b"%PDF-1.7 text", b"\0\0\0\0\0\0", b"<!DOCTYPE html><p>text"] {
            assert!(decode(bytes).is_err(), "{:?}", &bytes[..6]);
        }
    }
}
