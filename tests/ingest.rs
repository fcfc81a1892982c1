//! Files become articles, whatever the bytes; what does not is told with its reason.

use proptest::prelude::{any, prop, proptest};
use std::fs;
use std::path::{Path, PathBuf};
use valzer::Error;
use valzer::ingest::{
    Guess, Ingested, Options, SkipKind, Skipped, clean_text, guess_language, ingest, ingest_reader,
};
use valzer::model::{Article, sha256_hex};

const ENGLISH: &str = "Anna Neri has left Acme, where she was the head of research, to join Borealis as chief scientist.\n";
const ITALIAN: &str =
    "Anna Neri lascia la Acme, dove era direttrice della ricerca, per entrare nella Borealis.\n";

fn read_with(inputs: &[PathBuf], options: &Options) -> (Vec<Article>, Vec<Skipped>) {
    let (mut articles, mut skipped) = (Vec::new(), Vec::new());
    ingest(inputs, options, &mut |one| sort_out(one, &mut articles, &mut skipped))
        .expect("the inputs exist");
    (articles, skipped)
}

fn sort_out(one: Ingested, articles: &mut Vec<Article>, skipped: &mut Vec<Skipped>) {
    match one {
        Ingested::Article(article) => articles.push(*article),
        Ingested::Skipped(skip) => skipped.push(skip),
    }
}

fn read(inputs: &[PathBuf]) -> (Vec<Article>, Vec<Skipped>) {
    read_with(inputs, &Options::default())
}

fn read_bytes(bytes: &[u8], options: &Options) -> (Vec<Article>, Vec<Skipped>) {
    let (mut articles, mut skipped) = (Vec::new(), Vec::new());
    ingest_reader(&mut &bytes[..], "-", "stdin", options, &mut |one| {
        sort_out(one, &mut articles, &mut skipped);
    });
    (articles, skipped)
}

/// A folder with these files in it.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, bytes).expect("a file");
    }
    folder
}

fn sources(articles: &[Article]) -> Vec<&str> {
    articles.iter().map(|a| a.source.as_str()).collect()
}

fn kinds(skipped: &[Skipped]) -> Vec<(&str, SkipKind)> {
    skipped.iter().map(|s| (s.source.as_str(), s.kind)).collect()
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ingest")
}

#[test]
fn every_fixture_comes_out_as_written_beside_it() {
    let (articles, skipped) = read(&[fixtures().join("articles")]);
    let mut found = String::new();
    for a in &articles {
        let date = a.published_on.map(|d| d.to_string()).unwrap_or_default();
        let line = [
            a.id.as_str(),
            &a.source,
            a.language.as_str(),
            &date,
            a.title.as_deref().unwrap_or(""),
            a.outlet.as_deref().unwrap_or(""),
            a.byline.as_deref().unwrap_or(""),
            a.url.as_deref().unwrap_or(""),
            &a.text.replace('\n', "⏎"),
        ]
        .join(" ¦ ");
        found.push_str(&format!("{line}\n"));
        assert_eq!(a.text_sha256, sha256_hex(&a.text));
    }
    for s in &skipped {
        found.push_str(&format!(
            "{} ¦ {} ¦ {} ¦ {}\n",
            s.source,
            s.kind.as_str(),
            s.reason,
            s.hint
        ));
    }
    let path = fixtures().join("expected.txt");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &found).expect("fixtures can be written");
    }
    assert_eq!(found, fs::read_to_string(path).expect("expected.txt"), "UPDATE=1 rewrites it");
}

#[test]
fn articles_come_sorted_whatever_the_order_of_the_inputs() {
    let en = |who: &str| ENGLISH.replace("Anna", who).into_bytes();
    let folder = folder(&[
        ("b.txt", &en("Bea")),
        ("a/z.md", &en("Zoe")),
        ("a.txt", &en("Ada")),
        (".hidden/x.txt", &en("Eva")),
        ("notes", &en("Ines")),
        ("b.json", b"{}"),
    ]);
    let at = |name: &str| folder.path().join(name);
    let (articles, skipped) = read(&[folder.path().to_owned()]);
    assert_eq!(sources(&articles), ["a/z.md", "a.txt", "b.txt", "notes"]);
    assert_eq!(kinds(&skipped), [("b.json", SkipKind::OtherFile)]);

    let forward = read(&[at("a.txt"), at("b.txt"), at("notes")]);
    let backward = read(&[at("notes"), at("b.txt"), at("a.txt"), at("b.txt")]);
    assert_eq!(sources(&forward.0), ["a.txt", "b.txt", "notes"]);
    assert_eq!(forward, backward);
}

#[test]
fn a_pattern_finds_files_below_its_fixed_part() {
    let folder = folder(&[
        ("2024/a.txt", ENGLISH.as_bytes()),
        ("2024/b.md", ITALIAN.as_bytes()),
        ("2025/c.txt", b"Bruno Verdi has been named chairman of the Acme group."),
    ]);
    let (articles, _) = read(&[folder.path().join("*/*.txt")]);
    assert_eq!(sources(&articles), ["2024/a.txt", "2025/c.txt"]);
    let (articles, _) = read(&[folder.path().join("**/*.md")]);
    assert_eq!(sources(&articles), ["2024/b.md"]);
}

#[test]
fn an_input_that_is_not_there_is_an_error() {
    let folder = folder(&[("a.txt", ENGLISH.as_bytes())]);
    for name in ["none", "*.md", "none/*.txt"] {
        let inputs = [folder.path().to_owned(), folder.path().join(name)];
        let mut n_called = 0;
        let result = ingest(&inputs, &Options::default(), &mut |_| n_called += 1);
        assert!(matches!(result, Err(Error::InputMissing { .. })), "{name}");
        assert_eq!(n_called, 0, "nothing is read before the inputs are known to exist");
    }
}

#[test]
fn a_date_is_looked_for_in_field_line_and_name_in_that_order() {
    let dated = |text: &str| text.to_owned().into_bytes();
    let folder = folder(&[
        (
            "2020-01-01-a.txt",
            &dated(&format!("---\ndate: 2022-03\n---\n date 2021-02 Yes. {ENGLISH}")),
        ),
        ("2020-01-01-b.txt", &dated(&format!(" date 2021-02 {ENGLISH}"))),
        ("2020-01-01-c.txt", &dated(&format!("In short. {ENGLISH}"))),
        ("d.txt", &dated(&format!("At last. {ENGLISH}"))),
    ]);
    let (articles, _) = read(&[folder.path().to_owned()]);
    let dates: Vec<_> = articles.iter().map(|a| a.published_on.map(|d| d.to_string())).collect();
    let some = |date: &str| Some(date.to_owned());
    assert_eq!(dates, [some("2022-03"), some("2021-02"), some("2020-01-01"), None]);
    assert!(articles[1].text.starts_with(" date 2021-02 Anna"), "the line stays in the text");
}

#[test]
fn the_same_text_twice_is_one_article() {
    let folder = folder(&[
        ("a.txt", ENGLISH.as_bytes()),
        ("b.txt", ENGLISH.replace('\n', "\r\n\r\n").as_bytes()),
        ("c.md", ENGLISH.as_bytes()),
    ]);
    let (articles, skipped) = read(&[folder.path().to_owned()]);
    assert_eq!(sources(&articles), ["a.txt"]);
    assert_eq!(kinds(&skipped), [("b.txt", SkipKind::Duplicate), ("c.md", SkipKind::Duplicate)]);
    assert_eq!(skipped[0].reason, "the same text as 'a.txt'");
    assert!(!SkipKind::Duplicate.is_problem());
}

#[test]
fn bad_files_are_told_and_the_rest_is_read() {
    let random: Vec<u8> =
        (0u32..5000).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let long = ENGLISH.repeat(20);
    let folder = folder(&[
        ("blank.txt", b" \n\t\n"),
        ("empty.txt", b""),
        ("front.md", b"---\ntitle: [a\n---\nText"),
        ("good.txt", ENGLISH.as_bytes()),
        ("large.txt", long.as_bytes()),
        ("lines.jsonl", b"{\"id\": 1}\nnot json\n\n{\"text\": \"Anna Neri has left Acme.\"}\n"),
        ("page.txt", b"<!DOCTYPE html><html><p>Anna Neri"),
        ("pdf", b"%PDF-1.7\n%abc"),
        ("random.txt", &random),
    ]);
    let options = Options { max_bytes: 1000, ..Options::default() };
    let (articles, skipped) = read_with(&[folder.path().to_owned()], &options);
    assert_eq!(sources(&articles), ["good.txt", "lines.jsonl:4"]);
    assert_eq!(
        kinds(&skipped),
        [
            ("blank.txt", SkipKind::Empty),
            ("empty.txt", SkipKind::Empty),
            ("front.md", SkipKind::IllFormed),
            ("large.txt", SkipKind::TooLarge),
            ("lines.jsonl:1", SkipKind::IllFormed),
            ("lines.jsonl:2", SkipKind::IllFormed),
            ("page.txt", SkipKind::Binary),
            ("pdf", SkipKind::Binary),
            ("random.txt", SkipKind::TooLarge),
        ]
    );
    assert!(skipped.iter().all(|s| s.kind.is_problem() && !s.hint.is_empty()));
    let (_, skipped) = read(&[folder.path().join("random.txt")]);
    assert_eq!(kinds(&skipped), [("random.txt", SkipKind::Binary)]);
}

#[test]
fn a_format_that_is_not_read_is_a_problem_only_where_it_is_named() {
    let folder = folder(&[("a.docx", b"PK"), ("b.txt", ENGLISH.as_bytes())]);
    let (_, skipped) = read(&[folder.path().to_owned()]);
    assert_eq!(kinds(&skipped), [("a.docx", SkipKind::OtherFile)]);
    let (_, skipped) = read(&[folder.path().join("a.docx")]);
    assert_eq!(kinds(&skipped), [("a.docx", SkipKind::Unsupported)]);
}

#[test]
fn a_line_over_the_limit_is_passed_over_in_little_memory() {
    let long =
        format!("{{\"text\": \"{}\"}}\n{{\"text\": \"{}\"}}\n", "x".repeat(5000), ENGLISH.trim());
    let options = Options { max_bytes: 1000, ..Options::default() };
    let (articles, skipped) = read_bytes(long.as_bytes(), &options);
    assert_eq!(sources(&articles), ["-:2"]);
    assert_eq!(kinds(&skipped), [("-:1", SkipKind::TooLarge)]);
}

#[test]
fn a_large_file_is_not_read() {
    let folder = folder(&[]);
    let path = folder.path().join("large.txt");
    // Sparse: 200 MB that cost no disk.
    fs::File::create(&path).and_then(|f| f.set_len(200_000_000)).expect("a sparse file");
    let (_, skipped) = read(std::slice::from_ref(&path));
    assert_eq!(kinds(&skipped), [("large.txt", SkipKind::TooLarge)]);
    assert_eq!(skipped[0].reason, "larger than 20971520 bytes");
}

#[test]
fn standard_input_is_one_text_or_json_lines() {
    let (articles, _) = read_bytes(ENGLISH.as_bytes(), &Options::default());
    assert_eq!((articles[0].id.as_str(), articles[0].source.as_str()), ("stdin", "-"));
    let line = format!(
        "{{\"id\": \"a1\", \"text\": {ENGLISH:?}, \"title\": \"Out\", \"date\": \"2024-09\", \"outlet\": \"The Day\", \
         \"url\": \"https://x.org/1\", \"language\": \"en\", \"author\": [\"A\", \"B\"]}}"
    );
    let (articles, skipped) = read_bytes(line.as_bytes(), &Options::default());
    assert_eq!(skipped, []);
    let a = &articles[0];
    assert_eq!(
        (a.id.as_str(), a.source.as_str(), a.title.as_deref(), a.outlet.as_deref()),
        ("a1", "https://x.org/1", Some("Out"), Some("The Day"))
    );
    assert_eq!(a.byline.as_deref(), Some("A, B"));
    assert_eq!(a.published_on.map(|d| d.to_string()).as_deref(), Some("2024-09"));
}

#[test]
fn an_article_written_as_json_comes_back_the_same() {
    let (articles, _) = read(&[fixtures().join("articles")]);
    let lines: Vec<String> = articles
        .iter()
        .enumerate()
        .map(|(i, article)| match i % 2 {
            0 => serde_json::to_string(article).expect("JSON"),
            // A line of claims holds the article.
            _ => serde_json::json!({"id": article.id, "moves": [], "article": article}).to_string(),
        })
        .collect();
    let (again, skipped) = read_bytes(lines.join("\n").as_bytes(), &Options::default());
    assert_eq!((again, skipped), (articles, vec![]));
}

#[test]
fn wrong_fields_of_json_lines_are_told() {
    for (line, reason) in [
        (r#"{"text": "x", "date": "10/09/2024"}"#, "the date '10/09/2024' is not written as"),
        (r#"{"text": "x", "language": "fr"}"#, "the language 'fr' is neither"),
        (r#"{"id": "x"}"#, "there is no \"text\" in it"),
        (r#"{"text": 3}"#, "not an article in JSON: invalid type"),
        ("{\"text\": \"\u{1}\"}", "not an article in JSON: control character"),
    ] {
        let (_, skipped) = read_bytes(line.as_bytes(), &Options::default());
        assert!(skipped[0].reason.starts_with(reason), "{line}: {}", skipped[0].reason);
        assert_eq!(skipped[0].source, "-:1");
    }
}

#[cfg(unix)]
#[test]
fn links_pipes_and_locked_files_do_not_stop_the_run() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder(&[("a.txt", ENGLISH.as_bytes()), ("sub/b.txt", ITALIAN.as_bytes())]);
    let at = |name: &str| folder.path().join(name);
    symlink(folder.path(), at("sub/up")).expect("a link");
    symlink(at("gone"), at("nowhere.txt")).expect("a link");
    let made = std::process::Command::new("mkfifo").arg(at("pipe.txt")).status();
    fs::write(at("locked.txt"), "Locked text of an article.").expect("a file");
    fs::set_permissions(at("locked.txt"), fs::Permissions::from_mode(0o000)).expect("permissions");
    let is_locked = fs::read(at("locked.txt")).is_err();

    let (articles, skipped) = read(&[folder.path().to_owned()]);
    let read_first: Vec<_> = articles.iter().map(|a| a.source.as_str()).take(1).collect();
    assert_eq!(read_first, ["a.txt"]);
    assert!(articles.iter().any(|a| a.source == "sub/b.txt"));
    let reason = |source: &str| {
        skipped.iter().find(|s| s.source == source).map_or("", |s| s.reason.as_str())
    };
    assert!(reason("sub/up").contains("a link that leads back to"), "{skipped:?}");
    assert!(reason("nowhere.txt").contains("could not be read"), "{skipped:?}");
    if made.is_ok_and(|status| status.success()) {
        assert_eq!(reason("pipe.txt"), "it is a named pipe, not a file");
    }
    // The superuser reads everything.
    if is_locked {
        assert!(reason("locked.txt").contains("could not be read"), "{skipped:?}");
    }
}

#[test]
fn the_language_of_every_article_of_the_corpus_is_found() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    if !corpus.exists() {
        return;
    }
    let (articles, _) = read(std::slice::from_ref(&corpus));
    let mut wrong = Vec::new();
    let mut n = 0;
    for article in articles {
        let gold = corpus.join(&article.source).with_extension("json");
        let Ok(gold) = fs::read_to_string(gold) else { continue };
        let gold: serde_json::Value = serde_json::from_str(&gold).expect("gold is JSON");
        n += 1;
        if gold["language"] != article.language.as_str() {
            wrong.push(article.source);
        }
    }
    assert!(wrong.len() * 100 <= n, "{} of {n}: {wrong:?}", wrong.len());
}

proptest! {
    #[test]
    fn any_bytes_give_an_article_or_a_reason(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let (articles, skipped) = read_bytes(&bytes, &Options::default());
        let n_lines = bytes.iter().filter(|b| **b == b'\n').count() + 1;
        assert!((1..=n_lines).contains(&(articles.len() + skipped.len())));
    }

    #[test]
    fn any_json_line_gives_an_article_or_a_reason(
        fields in "(\"(id|text|date|language|author|article)\": ?(\"[a-zè\\\\u0-9-]{0,8}\"|null|[0-9]|\\[\"a\"\\]|\\{\"text\": \"x\"\\}),?){0,4}",
        end in "[}]{0,1}",
    ) {
        let (articles, skipped) = read_bytes(format!("{{{fields}{end}").as_bytes(), &Options::default());
        assert_eq!(articles.len() + skipped.len(), 1);
    }

    #[test]
    fn clean_text_is_clean(text in "\\PC{0,60}[\u{0}-\u{ff}\r\n\u{200b}\u{301}\u{2028}👩\u{200d}]{0,40}") {
        let clean = clean_text(&text);
        assert_eq!(clean_text(&clean), clean);
        assert!(!clean.contains(|c: char| c.is_control() && c != '\n'));
        let _: Guess = guess_language(&clean);
    }

    #[test]
    fn any_front_matter_and_markdown_give_an_article_or_a_reason(
        yaml in "(title|date|a)?:? ?[\\[\\]{}&*!|>'\"#%@`a-z0-9: \n-]{0,60}",
        body in "[ -~\n*_#>\\[\\]()|`<!è👩-]{0,120}",
        name in "[a-z0-9.-]{1,12}\\.(md|txt|jsonl)",
    ) {
        let folder = folder(&[(name.trim_start_matches('.'), format!("---\n{yaml}\n---\n{body}").as_bytes())]);
        let (articles, skipped) = read(&[folder.path().to_owned()]);
        assert!(!articles.is_empty() || !skipped.is_empty());
    }
}
