//! Anything is text: extraction reads it, claims only what it says, and finds no move in noise.

use crate::support::Random;
use crate::support::grounded::assert_grounded;
use proptest::prelude::*;
use std::sync::LazyLock;
use valzer::extract::{Extractor, Options};
use valzer::model::{Article, ArticleClaims, Language, PartialDate};

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(|| Extractor::new(&Options::default()));

const SYLLABLES: [&str; 12] =
    ["ba", "co", "de", "fi", "gu", "lo", "me", "ni", "pa", "ro", "su", "ti"];

const LANGUAGES: [Language; 2] = [Language::Italian, Language::English];

fn extract(text: &str, language: Language) -> ArticleClaims {
    let article = Article::from_text("any", text, language, PartialDate::parse("2024-09-10"));
    let claims = EXTRACTOR.extract(&article);
    assert_grounded(&claims);
    claims
}

/// Words that an extractor of moves looks at, and things that no writer of news puts between them.
fn piece() -> impl Strategy<Value = String> {
    let news = prop::sample::select(vec![
        "Anna Neri",
        "il dott. Bruno D\u{2019}Angelò",
        "Mr. John O'Hara Jr.",
        "Neri",
        "ANNA NERI",
        "Łukasz",
        "she",
        "il manager",
        "Acme",
        "la Acme S.p.A.",
        "Borealis & Co.",
        "Università di Pisa",
        "the company",
        "the Cupertino company",
        "lascia",
        "è stata nominata",
        "passa da",
        "a",
        "to",
        "has left",
        "joins",
        "was named",
        "succeeds",
        "si dimette",
        "fonda",
        "amministratore delegato",
        "chief executive",
        "ex",
        "former",
        "CEO",
        "responsabile di",
        "head of",
        "non",
        "denied that",
        "e",
        "and",
        "rispettivamente",
        "respectively",
        "dal 31 febbraio 2024",
        "on Tuesday",
        "nel 1999",
        "2024-13-99",
        "last year",
    ]);
    let marks = prop::sample::select(vec![
        ",",
        ".",
        ".\n",
        "\n\n",
        "\n- ",
        ": ",
        "; ",
        "«",
        "»",
        "\u{201c}",
        "\u{201d}",
        "\"",
        "'",
        "\u{2018}",
        "(",
        "))",
        "…",
        "?!",
        " | ",
        "|---|",
        "<b>",
        "</p>",
        "&nbsp;",
        "<a href='x'>",
        "😀",
        "👩\u{1f3fd}\u{200d}💻",
        "🇮🇹",
        "آنا",
        "عזבה",
        "安娜",
        "\u{301}",
        "\u{202e}",
        "ß",
        "ǅ",
        "İ",
        "ﬁ",
        "\u{0}",
        "\u{feff}",
        "𝔘",
        "1.",
        "2-1",
        "http://x.y/z?a=b",
        "@neri",
        "#acme",
        "A.",
        "S.p.A",
        "l'",
        "'s",
        "—",
    ]);
    prop_oneof![
        6 => news.prop_map(str::to_owned),
        4 => marks.prop_map(str::to_owned),
        1 => "\\PC{0,12}",
        1 => "[A-ZÀ-Ý][a-zà-ÿ]{0,9}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_is_read_and_every_claim_stands_in_it(
        pieces in prop::collection::vec(piece(), 0..120),
        glue in prop::sample::select(vec![" ", " ", " ", ""]),
    ) {
        for language in LANGUAGES {
            extract(&pieces.join(glue), language);
        }
    }
}

#[test]
fn words_that_mean_nothing_tell_hardly_a_move() {
    let mut random = Random(7);
    let (mut n_words, mut moves) = (0, Vec::new());
    for text in 0..120 {
        let mut words = String::new();
        for _ in 0..150 {
            let mut word: String = (0..2 + random.below(3))
                .map(|_| SYLLABLES[random.below(SYLLABLES.len())])
                .collect();
            if random.below(2) == 0 {
                word[..1].make_ascii_uppercase();
            }
            words += &word;
            words += [" ", " ", " ", ", ", ". ", "\n"][random.below(6)];
            n_words += 1;
        }
        moves.extend(extract(&words, LANGUAGES[text % 2]).moves);
    }
    let surest = moves.iter().map(|m| m.confidence).fold(0.0, f64::max);
    assert!(moves.len() * 500 <= n_words && surest < 0.8, "{} moves, {surest}", moves.len());
}

#[test]
fn noise_tells_no_move() {
    let poem = "Nel mezzo del cammin di nostra vita\nmi ritrovai per una selva oscura,\nché la diritta via era smarrita.\n";
    let scores = "Inter-Milan 2-1 (12' Lautaro, 45'+2 Barella; 67' Leão)\nJuventus-Roma 0-0\nNapoli-Lazio 3-2\n";
    let table = "| Titolo | Chiusura | Var. % |\n|---|---|---|\n| Acme | 12,34 | +1,20 |\n| Borealis | 0,99 | -3,10 |\n";
    let nested = "«\u{201c}\u{2018}".repeat(2000) + "Anna" + &"\u{2019}\u{201d}»".repeat(2000);
    for (what, text) in [
        ("a poem", poem.repeat(20)),
        ("scores", scores.repeat(40)),
        ("a table", table.repeat(40)),
        ("nested quotes", nested),
        ("emoji", "😀👩\u{200d}💻🇮🇹 🚀 ".repeat(3000)),
        ("one long word", "supercali".repeat(100_000)),
        ("capitals", "NERI ACME BLU ".repeat(3000)),
        ("names", (0..3000).map(|n| format!("Anna{n} Neri{n} ")).collect()),
        (
            "page furniture",
            "<div class=\"nav\"><a href=\"/\">Home</a> | <a>Login</a></div>\n".repeat(200),
        ),
        (
            "mixed scripts",
            "Анна покидает Acme. آنا تغادر أكمي. 安娜离开了。 Άννα φεύγει.\n".repeat(200),
        ),
        ("line feeds", "\n".repeat(100_000)),
        ("full stops", "... ".repeat(20_000)),
    ] {
        for language in LANGUAGES {
            let claims = extract(&text, language);
            assert!(claims.moves.is_empty(), "{what}: {:?}", claims.moves.first());
        }
    }
}
