//! The commands `ingest`, `extract` and `eval` as a user runs them.

use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};

const ADA: &str = "Ada Blu has left Acme to join Borealis as head of research, the company said.\n";
const EVA: &str = "Eva Neri lascia la Acme, dove era direttrice generale, per la Borealis.\n";

fn valzer(args: &[&str], folder: &tempfile::TempDir, input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_valzer"))
        .args(args)
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("valzer starts");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads its input");
    child.wait_with_output().expect("it ends")
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("UTF-8")
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).expect("UTF-8")
}

fn news() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(folder.path().join("news")).expect("a folder");
    fs::write(folder.path().join("news/a.txt"), ADA).expect("a file");
    fs::write(folder.path().join("news/b.md"), format!("# Via\n\n{EVA}")).expect("a file");
    folder
}

#[test]
fn extract_in_one_step_is_ingest_then_extract() {
    let folder = news();
    let once = valzer(&["extract", "news"], &folder, "");
    let articles = valzer(&["ingest", "news"], &folder, "");
    let twice = valzer(&["extract", "-"], &folder, stdout(&articles));
    assert_eq!(stdout(&once), stdout(&twice));
    assert_eq!(stdout(&once).lines().count(), 2);
    assert!(once.status.success() && twice.status.success());
    // Claims hold their article: they can be extracted again by a newer version.
    let again = valzer(&["extract", "-"], &folder, stdout(&once));
    assert_eq!(stdout(&once), stdout(&again));
}

#[test]
fn threads_and_format_do_not_change_the_claims() {
    let folder = news();
    let lines = valzer(&["extract", "news", "--jobs", "1"], &folder, "");
    assert_eq!(lines.stdout, valzer(&["extract", "news", "--jobs", "3"], &folder, "").stdout);
    let list = valzer(&["extract", "news", "--format", "json"], &folder, "");
    let list: Vec<serde_json::Value> = serde_json::from_slice(&list.stdout).expect("a JSON list");
    let lines: Vec<serde_json::Value> =
        stdout(&lines).lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert_eq!(list, lines);
    assert_eq!(lines[0]["id"], "a");
}

#[test]
fn what_is_left_out_is_said_and_counted_in_the_exit_code() {
    let folder = news();
    fs::write(folder.path().join("news/c.txt"), "").expect("a file");
    fs::write(folder.path().join("news/d.txt"), ADA).expect("a file");
    let output = valzer(&["extract", "news"], &folder, "");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output).lines().count(), 2, "the rest is extracted");
    assert_eq!(
        stderr(&output),
        "skipped: c.txt: there is no text in it\n   next: delete it, or save it again\n\
         2 articles read; left out: 1 empty, 1 duplicate\n"
    );
}

#[test]
fn nothing_to_read_is_an_error_except_in_a_pipeline() {
    let folder = news();
    fs::create_dir(folder.path().join("none")).expect("a folder");
    for (input, message) in [
        ("none", "error: found no article in 'none'"),
        ("missing", "error: there is no file or folder 'missing'"),
        ("*.pdf", "error: there is no file or folder '*.pdf'"),
    ] {
        let output = valzer(&["ingest", input], &folder, "");
        assert_eq!(output.status.code(), Some(1), "{input}");
        assert!(stderr(&output).contains(message), "{}", stderr(&output));
        assert!(stderr(&output).contains("next: "), "{}", stderr(&output));
    }
    let output = valzer(&["extract", "-"], &folder, "");
    assert_eq!((output.status.code(), stdout(&output)), (Some(0), ""));
    assert_eq!(valzer(&["extract"], &folder, "").status.code(), Some(2));
    assert_eq!(
        valzer(&["ingest", "news", "--max-bytes", "much"], &folder, "").status.code(),
        Some(2)
    );
}

#[test]
fn terminal_escapes_in_articles_do_not_reach_the_terminal() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("a\u{1b}[31m.txt"), ADA).expect("a file");
    fs::write(folder.path().join("b\u{1b}[31m.txt"), "").expect("a file");
    let output = valzer(&["ingest", ".", "--format", "table"], &folder, "");
    assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b));
}

#[test]
fn build_reads_as_extract_does() {
    let folder = news();
    let language = |options: &[&str]| {
        let output = valzer(&[&["build", "news", "-o", "out"], options].concat(), &folder, "");
        let sql = "select name, language from articles order by name";
        let rows = valzer(&["query", sql, "--db", "out", "--format", "csv"], &folder, "");
        (output.status.code(), stderr(&output).to_owned(), stdout(&rows).to_owned())
    };
    assert_eq!(language(&[]).2, "name,language\na,en\nb,it\n");
    assert_eq!(language(&["--language", "en"]).2, "name,language\na,en\nb,en\n");
    let (code, said, rows) = language(&["--max-bytes", "78"]);
    assert_eq!(code, Some(1));
    assert!(rows.ends_with("\nb,en\n"), "what was read before stays: {rows}");
    assert!(said.starts_with("skipped: b.md: larger than 78 bytes\n  next: raise the limit"));
    assert_eq!(language(&["--language", "fr"]).0, Some(2));
}

#[cfg(target_os = "linux")]
#[test]
fn markdown_of_marks_alone_takes_little_memory() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("a.md"), format!("{ADA}\n{}", "[*".repeat(4 << 20)))
        .expect("a file");
    // Parsed, it takes 600 MB.
    let command = format!(
        "ulimit -v 300000; '{}' ingest a.md --language en | wc -c",
        env!("CARGO_BIN_EXE_valzer")
    );
    let output = Command::new("sh")
        .args(["-c", &command])
        .current_dir(folder.path())
        .output()
        .expect("a shell");
    assert_eq!(stderr(&output), "1 article read\n");
    assert!(stdout(&output).trim().parse::<usize>().is_ok_and(|n| n > 8 << 20));
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for i in 0..600 {
        let text = format!("{i}. {}", ADA.repeat(20));
        fs::write(folder.path().join(format!("{i}.txt")), text).expect("a file");
    }
    let command = format!("'{}' extract . --jobs 1 | head -n 1", env!("CARGO_BIN_EXE_valzer"));
    let output = Command::new("sh")
        .args(["-c", &command])
        .current_dir(folder.path())
        .output()
        .expect("a shell");
    assert_eq!(stdout(&output).lines().count(), 1);
    assert_eq!(stderr(&output), "");
}

#[test]
fn eval_measures_its_own_and_other_claims() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("gold")).expect("a folder");
    fs::write(at("gold/en-1.txt"), ADA).expect("a file");
    let moves = r#"[{"person": "Ada Blu", "kind": ["hire"], "from_firm": ["Acme"], "from_role": null,
        "to_firm": ["Borealis"], "to_role": ["head of research"], "date": null, "status": ["completed"], "optional": false}]"#;
    let gold = format!(
        "{{\"id\": \"en-1\", \"language\": \"en\", \"moves\": {moves}, \"positions\": []}}"
    );
    fs::write(at("gold/en-1.json"), &gold).expect("a file");
    fs::write(at("gold/notes.json"), "{\"about\": \"no gold\"}").expect("a file");
    // Gold is its own best prediction.
    let line = gold.replace('\n', " ");
    fs::write(at("claims.jsonl"), format!("{line}\n{}", line.replace("en-1", "en-9")))
        .expect("a file");
    let output = valzer(
        &[
            "eval",
            "gold",
            "--predictions",
            "claims.jsonl",
            "--format",
            "json",
            "--cases",
            "cases.csv",
        ],
        &folder,
        "",
    );
    let figures: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(figures["all"]["move_strict"]["f"], 1.0, "{figures}");
    assert!(stderr(&output).contains("no gold for 1 of the predictions: en-9"));
    let cases = fs::read_to_string(at("cases.csv")).expect("the cases");
    assert!(cases.contains("en-1,en,right,,Ada Blu,Ada Blu,false,hire,hire,correct"), "{cases}");

    let output = valzer(&["eval", "gold", "--list", "--without-knowledge"], &folder, "");
    assert!(output.status.success());
    assert!(stdout(&output).starts_with("all (1 articles)\n  moves, strict    P "));

    fs::write(at("bad.jsonl"), "{\"id\": 1}\n{\"moves\": []}\n").expect("a file");
    let output = valzer(&["eval", "gold", "--predictions", "bad.jsonl"], &folder, "");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("bad.jsonl:2: claims without an \"id\""),
        "{}",
        stderr(&output)
    );
}

#[test]
fn explain_shows_what_was_found_and_why() {
    let folder = news();
    let output = valzer(&["explain", "news/a.txt"], &folder, "");
    let text = stdout(&output);
    assert!(output.status.success() && !text.contains('\u{1b}'), "no colour in a pipe: {text}");
    for line in ["person  Ada Blu\n", "firm    Borealis\n", "\nMoves\n"] {
        assert!(text.contains(line), "{line} in {text}");
    }
    let output = valzer(&["explain", "news/a.txt", "--why", "blu"], &folder, "");
    for line in ["\n  reading\n    chosen ", "\n    runner-up ", "\n  to firm, by “"] {
        assert!(stdout(&output).contains(line), "{line} in {}", stdout(&output));
    }
    let output = valzer(&["explain", "news/a.txt", "--why", "Eva Neri"], &folder, "");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("did you mean Ada Blu?"), "{}", stderr(&output));
}

#[test]
fn explain_takes_every_decision_as_extract_does() {
    let folder = news();
    let claims = valzer(&["extract", "news"], &folder, "");
    let explained = valzer(&["explain", "news", "--format", "json"], &folder, "");
    let lines = |output: &Output| -> Vec<serde_json::Value> {
        stdout(output).lines().map(|l| serde_json::from_str(l).expect("JSON")).collect()
    };
    for (claims, explained) in lines(&claims).iter().zip(lines(&explained)) {
        assert_eq!(claims["id"], explained["id"]);
        let moves = explained["moves"].as_array().expect("a list");
        let claimed = moves.iter().filter(|m| m["claimed"] == true).count();
        assert_eq!(claimed, claims["moves"].as_array().expect("a list").len());
    }
}
