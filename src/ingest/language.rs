use crate::model::Language;
use whatlang::{Detector, Lang};

/// The language of a text, as far as it concerns valzer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guess {
    /// One that there is a pack for.
    Known(Language),
    /// Surely another, with its English name.
    Other(&'static str),
}

/// Words of Italian that are hardly ever words of English; sorted. "non", "ai", "come", "in", "a", "i", "no", "so" and "era" are
/// left out: English news is full of them ("non-executive", "AI").
const ITALIAN: &[&str] = &[
    "agli", "al", "alla", "alle", "anche", "anni", "c", "che", "chi", "con", "cui", "da", "dagli",
    "dai", "dal", "dall", "dalla", "dalle", "degli", "dei", "del", "dell", "della", "delle", "di",
    "dopo", "due", "e", "fra", "gli", "ha", "hanno", "il", "l", "la", "le", "lo", "nei", "nel",
    "nell", "nella", "nelle", "per", "perché", "più", "quando", "quello", "questa", "questo", "se",
    "si", "sono", "stata", "stato", "su", "sua", "sugli", "sul", "sulla", "suo", "suoi", "tra",
    "un", "una", "uno", "è",
];

/// Words of English that are hardly ever words of Italian; sorted. "in", "a", "i", "no", "so", "come" and "due" are left out.
const ENGLISH: &[&str] = &[
    "about", "after", "also", "an", "and", "are", "as", "at", "be", "been", "before", "but", "by",
    "for", "from", "had", "has", "have", "he", "her", "his", "into", "is", "it", "its", "more",
    "not", "of", "on", "or", "out", "over", "said", "she", "than", "that", "the", "their", "they",
    "this", "to", "was", "were", "when", "which", "who", "will", "with", "would", "year", "years",
];

/// How many words whatlang needs before it may call a text foreign: on 1,433 pieces of Italian and English
/// articles, 300 characters each, it never did; on single sentences it does.
const FOREIGN_WORDS: usize = 35;

/// How much of a text is looked at: beyond 20,000 bytes the counts only repeat themselves.
const SAMPLE_BYTES: usize = 20_000;

/// Returns the language of `text`.
///
/// Counts small words of both languages and believes a clear majority; only then, for headlines and lists of names,
/// asks whatlang, allowed to choose between the two alone: unbound it takes short Italian lines for Catalan. A text
/// with hardly any small words of either is another language where whatlang is sure of one.
pub fn guess_language(text: &str) -> Guess {
    let sample = start_of(text, SAMPLE_BYTES);
    let (mut italian, mut english, mut n_words) = (0usize, 0usize, 0usize);
    let mut lower = String::new();
    for word in sample.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()) {
        n_words += 1;
        // The longest listed words, "perché" among them, have seven bytes.
        if word.len() > 7 {
            continue;
        }
        lower.clear();
        lower.extend(word.chars().flat_map(char::to_lowercase));
        italian += usize::from(ITALIAN.binary_search(&lower.as_str()).is_ok());
        english += usize::from(ENGLISH.binary_search(&lower.as_str()).is_ok());
    }
    let (most, least) = (italian.max(english), italian.min(english));
    // In nine articles of our corpus out of ten, more than one word in four is listed; Spanish shares enough words
    // with Italian for one in five.
    if n_words >= FOREIGN_WORDS
        && most * 4 < n_words
        && let Some(other) = foreign(sample)
    {
        return Guess::Other(other);
    }
    if most >= 3 && most >= 2 * least {
        let language = if italian > english { Language::Italian } else { Language::English };
        return Guess::Known(language);
    }
    let detector = Detector::with_allowlist(vec![Lang::Ita, Lang::Eng]);
    match detector.detect_lang(sample) {
        Some(Lang::Ita) if italian >= english => Guess::Known(Language::Italian),
        _ if italian > english => Guess::Known(Language::Italian),
        _ => Guess::Known(Language::English),
    }
}

fn foreign(sample: &str) -> Option<&'static str> {
    // Two hundred words are as sure as two thousand, and whatlang takes longer than all the rest of ingest.
    let info = whatlang::detect(start_of(sample, 1200))?;
    (info.is_reliable() && !matches!(info.lang(), Lang::Ita | Lang::Eng))
        .then(|| info.lang().eng_name())
}

/// Returns at most `n_bytes` of the text's start, whole characters only.
fn start_of(text: &str, n_bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(n_bytes)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::{ENGLISH, Guess, ITALIAN, guess_language};
    use crate::model::Language;

    #[test]
    fn the_lists_are_sorted_and_share_nothing() {
        for list in [ITALIAN, ENGLISH] {
            assert!(list.iter().all(|word| word.len() <= 7));
            assert!(list.windows(2).all(|pair| pair[0] < pair[1]));
        }
        assert!(ITALIAN.iter().all(|word| !ENGLISH.contains(word)));
    }

    #[test]
    fn short_lines_have_a_language() {
        for (text, language) in [
            ("Mira Murati lascia OpenAI", Language::Italian),
            ("Mira Murati leaves OpenAI", Language::English),
            ("Acme: nominato il nuovo amministratore delegato", Language::Italian),
            ("New non-executive director at AI start-up", Language::English),
            ("Via il direttore generale", Language::Italian),
        ] {
            assert_eq!(guess_language(text), Guess::Known(language), "{text}");
        }
    }

    #[test]
    fn another_language_is_told() {
        for (name, text) in [
            (
                "German",
                "Der Vorstandsvorsitzende verlässt das Unternehmen nach nur zwei Jahren. Der Aufsichtsrat habe die \
                 Entscheidung einstimmig getroffen, teilte der Konzern am Mittwoch mit. Sein Nachfolger werde im Herbst \
                 bestellt, bis dahin übernehme die Finanzchefin die Leitung der Geschäfte in München.",
            ),
            (
                "French",
                "Le directeur général quitte le groupe après deux ans seulement. Le conseil d'administration a pris cette \
                 décision à l'unanimité, a annoncé mercredi l'entreprise. Son successeur sera nommé à l'automne ; d'ici \
                 là, la directrice financière assurera l'intérim depuis le siège de Lyon, selon nos informations.",
            ),
            (
                "Spanish",
                "El consejero delegado deja el grupo después de solo dos años. El consejo de administración ha tomado \
                 esta decisión por unanimidad, anunció el miércoles la empresa. Su sucesor se nombrará en otoño; hasta \
                 entonces, la directora financiera asumirá la dirección desde la sede de Madrid.",
            ),
        ] {
            assert_eq!(guess_language(text), Guess::Other(name), "{text}");
        }
    }
}
