//! How words of people's names sound: what their transliterations and misspellings have in common.

/// Returns the word as the common sound of its transliterations: "malakhov" and "malachov" both give "malakov".
pub(super) fn skeleton(word: &str) -> String {
    let mut w = word.to_owned();
    // In East Slavic surnames Ukrainian and Russian differ by h and g.
    let slavic =
        ["enko", "chuk", "ov", "ova", "ev", "eva", "sky", "skyi", "ski", "skij", "skiy", "uk"]
            .iter()
            .any(|end| w.len() > end.len() + 2 && w.ends_with(end));
    if slavic && w.starts_with('g') {
        w.replace_range(0..1, "h");
    }
    // Greek and Bulgarian "Hristov" is also "Christov", Slavic "Tsvetan" also "Cvetan".
    for (from, to) in [("chr", "hr"), ("khr", "hr"), ("cv", "tsv")] {
        if w.starts_with(from) {
            w.replace_range(0..from.len(), to);
        }
    }
    for (from, to) in [
        ("shch", "s"),
        ("sch", "s"),
        ("tsch", "k"),
        ("tch", "k"),
        ("sh", "s"),
        ("kh", "k"),
        ("ch", "k"),
        ("cz", "k"),
        ("zh", "z"),
        ("ph", "f"),
        ("th", "t"),
        ("ts", "z"),
        ("tz", "z"),
        ("ks", "x"),
        ("ck", "k"),
        ("qu", "k"),
        ("ou", "u"),
        ("oo", "u"),
        ("ee", "i"),
        ("ie", "e"),
        ("ye", "e"),
        ("je", "e"),
        ("ya", "ia"),
        ("ja", "ia"),
        ("yu", "iu"),
        ("ju", "iu"),
        ("yo", "io"),
        ("jo", "io"),
        ("ij", "i"),
        ("iy", "i"),
        ("yi", "i"),
        ("yj", "i"),
        ("ii", "i"),
        ("w", "v"),
        ("y", "i"),
        ("j", "i"),
        ("c", "k"),
        ("q", "k"),
        ("ae", "a"),
        ("oe", "o"),
        ("ue", "u"),
    ] {
        if w.contains(from) {
            w = w.replace(from, to);
        }
    }
    let mut out = String::with_capacity(w.len());
    for c in w.chars() {
        if !out.ends_with(c) {
            out.push(c);
        }
    }
    out
}

/// Returns the word with double letters written once.
pub(super) fn once(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        if !out.ends_with(c) {
            out.push(c);
        }
    }
    out
}

/// Returns the kinds of the word's consonants: what the transliterations of one name from Arabic, Greek or Chinese
/// have in common at least. Beside a shared post it can tell that two names are one.
pub(super) fn consonants(word: &str) -> String {
    let mut w = word.to_owned();
    for (from, to) in [
        ("shch", "s"),
        ("sch", "s"),
        ("tch", "s"),
        ("sh", "s"),
        ("zh", "s"),
        ("cz", "s"),
        ("ts", "s"),
        ("tz", "s"),
        ("sc", "s"),
        ("kh", "k"),
        ("ch", "k"),
        ("gh", "k"),
        ("ph", "f"),
        ("th", "t"),
        // Chinese in Wade and Giles's letters: "hsiao" is "xiao".
        ("hs", "x"),
        ("mp", "b"),
        ("mb", "b"),
        ("dj", "s"),
    ] {
        if w.contains(from) {
            w = w.replace(from, to);
        }
    }
    let mut out = String::with_capacity(w.len());
    for (i, c) in w.chars().enumerate() {
        let kind = match c {
            'b' | 'p' => 'p',
            'd' | 't' => 't',
            'g' | 'k' | 'c' | 'q' | 'x' => 'k',
            'h' if i == 0 => 'k',
            'f' | 'v' | 'w' => 'f',
            's' | 'z' => 's',
            'l' | 'm' | 'n' | 'r' => c,
            _ => continue,
        };
        if !out.ends_with(kind) {
            out.push(kind);
        }
    }
    out
}
