//! The command line as people and programs meet it: help, formats, exit codes, pipes, untrusted text.

use crate::support::{arg, claims, csv_files, run, told, valzer};
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;

fn dataset() -> (tempfile::TempDir, PathBuf) {
    let place = tempfile::tempdir().expect("a temporary folder");
    let database = place.path().join("valzer.sqlite");
    crate::store::put(&database, &[(0..60).map(claims).collect()]);
    (place, database)
}

#[test]
fn every_command_has_help_with_examples() {
    let mut all = run(&["--help"]).1;
    let mut names: Vec<String> =
        valzer::cli::command().get_subcommands().map(|c| c.get_name().to_owned()).collect();
    names.sort();
    for name in &names {
        let (code, out, err) = run(&[name, "--help"]);
        assert_eq!((code, err.as_str()), (0, ""), "{name}");
        assert!(out.contains("Examples:\n"), "{name} has no examples");
        all.push_str(&format!("\n=== {name}\n\n{out}"));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cli/help.txt");
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is writable");
        fs::write(&path, &all).expect("the snapshot is writable");
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stored == all,
        "the help changed; run the tests with UPDATE=1 and look at the difference"
    );
}

#[test]
fn exit_codes_tell_usage_from_data() {
    assert_eq!(run(&["--version"]).0, 0);
    assert_eq!(run(&[]).0, 2);
    assert_eq!(run(&["build"]).0, 2);
    assert_eq!(run(&["export", "--min-confidence", "101"]).0, 2);
    assert_eq!(run(&["query", "--tables", "select 1"]).0, 2);
    let (code, out, err) = run(&["query", "select 1", "--db", "/nowhere/valzer.sqlite"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert_eq!(
        err,
        "error: there is no database '/nowhere/valzer.sqlite'\n  \
         next: make one with `valzer build ARTICLES`, or name one with --db\n"
    );
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let (_place, database) = dataset();
    let mut child = valzer()
        .args([
            "query",
            "select * from sources a, sources b",
            "--format",
            "csv",
            "--db",
            arg(&database),
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut first = [0u8; 16];
    let mut out = child.stdout.take().expect("a pipe");
    out.read_exact(&mut first).expect("a first line comes");
    drop(out);
    let mut err = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut err).expect("is text");
    assert_eq!((child.wait().expect("it ends").code(), err.as_str()), (Some(0), ""));
}

#[test]
fn a_query_reads_and_never_writes() {
    let (place, database) = dataset();
    let before = fs::read(&database).expect("the file is there");
    let other = place.path().join("other.sqlite");
    for sql in [
        "delete from moves",
        "drop table moves",
        "create table x (y)",
        "create temp table x (y)",
        "insert into codebook values ('a', 'b', 'c', 'd')",
        "pragma journal_mode = wal",
        "pragma writable_schema = on",
        "begin",
        "select 1; delete from moves",
        "nonsense",
        "",
        &format!("attach '{}' as other", other.display()),
        &format!("vacuum into '{}'", other.display()),
    ] {
        let (code, out, err) = run(&["query", sql, "--db", arg(&database)]);
        assert_eq!((code, out.as_str()), (1, ""), "{sql}: {err}");
        assert!(err.contains("this query does not run"), "{sql}: {err}");
    }
    assert!(fs::read(&database).expect("the file is there") == before);
    assert!(!other.exists());
}

#[test]
fn a_result_comes_as_table_csv_json_or_markdown() {
    let (_place, database) = dataset();
    let sql = "select 'è|\"x\"' as words, 2 as n, null as absent union all select 'b', 10, 1.5";
    let query = |format: &str| run(&["query", sql, "--db", arg(&database), "--format", format]).1;
    assert_eq!(
        query("table"),
        "words  n   absent\n-----  --  ------\nè|\"x\"   2\nb      10     1.5\n"
    );
    assert_eq!(query("csv"), "words,n,absent\n\"è|\"\"x\"\"\",2,\nb,10,1.5\n");
    assert_eq!(
        query("json"),
        "[\n{\"words\": \"è|\\\"x\\\"\", \"n\": 2, \"absent\": null},\n\
         {\"words\": \"b\", \"n\": 10, \"absent\": 1.5}\n]\n"
    );
    assert_eq!(
        query("markdown"),
        "| words | n | absent |\n| --- | --- | --- |\n| è\\|\"x\" | 2 |  |\n| b | 10 | 1.5 |\n"
    );
    let none = run(&["query", "select 1 where 0", "--db", arg(&database), "--format", "json"]);
    assert_eq!(none.1, "[]\n");
}

#[test]
fn a_query_may_come_from_standard_input() {
    let (_place, database) = dataset();
    let mut child = valzer()
        .args(["query", "-", "--format", "csv", "--db", arg(&database)])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(b"select count(*) as n from articles")
        .expect("writes");
    assert_eq!(
        told(&child.wait_with_output().expect("it ends")),
        (0, "n\n60\n".to_owned(), String::new())
    );
}

#[test]
fn show_tells_a_career_with_its_quotes() {
    let (_place, database) = dataset();
    let (code, out, err) = run(&["show", "zoe muller", "--db", arg(&database)]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with("Zoë Müller (person zoe-muller)\n"), "{out}");
    assert!(out.contains("hire, ") && out.contains("→") && out.contains("“Zoë Müller, "), "{out}");
    let (code, out, _) = run(&["show", "acme", "--db", arg(&database), "--format", "json"]);
    assert_eq!(code, 0);
    let json: serde_json::Value = serde_json::from_str(&out).expect("is JSON");
    assert_eq!(json[0]["type"], "firm");
    assert!(json[0]["came"].as_array().is_some_and(|moves| !moves.is_empty()));
    let (code, out, _) = run(&["show", "n3", "--db", arg(&database)]);
    assert_eq!(code, 0);
    assert!(out.contains("Claims") && out.contains("move/passare"), "{out}");
    let (code, _, err) = run(&["show", "nobody at all", "--db", arg(&database)]);
    assert_eq!(code, 1);
    assert!(err.contains("no person, firm or article is called 'nobody at all'"), "{err}");
    let (_, _, err) = run(&["show", "zoe", "--db", arg(&database)]);
    assert!(err.contains("did you mean Zoë"), "{err}");
}

#[test]
fn escapes_in_articles_and_arguments_do_not_reach_the_terminal() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let database = place.path().join("valzer.sqlite");
    let mut hostile = claims(1);
    hostile.article.title = Some("\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m".to_owned());
    crate::store::put(&database, &[vec![hostile]]);
    let sql = "select title from articles";
    for arguments in [
        vec!["show", "n1"],
        vec!["show", "\u{1b}[31mred"],
        vec!["query", sql],
        vec!["query", sql, "--format", "json"],
        vec!["query", sql, "--format", "markdown"],
        vec!["query", "select \u{1b}[31m"],
        vec!["check"],
    ] {
        let (_, out, err) = run(&[&arguments[..], &["--db", arg(&database)]].concat());
        let raw = |text: &str| text.chars().any(|c| c.is_control() && c != '\n');
        assert!(!raw(&out) && !raw(&err), "{arguments:?}: {out:?} {err:?}");
    }
}

#[test]
fn formulas_in_cells_are_guarded_and_counted() {
    let (place, database) = dataset();
    let folder = place.path().join("csv");
    let (code, out, _) =
        run(&["export", "--db", arg(&database), "-o", arg(&folder), "--dialect", "excel-it"]);
    assert_eq!(code, 0);
    assert!(out.contains("begin like a formula"), "{out}");
    let files = csv_files(&folder);
    assert!(files["firms.csv"].starts_with("\u{feff}id;name;"));
    assert!(
        files["firms.csv"].contains(";'=Formula;") && !files["firms.csv"].contains(";=Formula")
    );
    assert!(files.values().all(|text| text.ends_with("\r\n")));
    let (_, out, _) =
        run(&["export", "--db", arg(&database), "-o", arg(&folder), "--no-formula-guard"]);
    assert!(!out.contains("begin like a formula"));
    assert!(csv_files(&folder)["firms.csv"].contains(",=Formula,"));
}

#[test]
fn a_file_of_firms_is_checked_line_by_line() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let file = place.path().join("firms.csv");
    let lines = [
        "name;country;parent;aliases;former_names",
        "Ferriera Alta;IT;;FA|Alta;Ferriera Bassa (1998-2015)",
        "Ferriera Alta;IT;;;",
        ";IT;;;",
        "Brightloom;Italy;Nobody Knows It Ltd;Alta;Bright (2010-2001)",
        "Uno;;Due;;",
        "Due;;Uno;;",
    ];
    fs::write(&file, format!("\u{feff}{}\r\n", lines.join("\r\n"))).expect("is written");
    let (code, out, err) = run(&["knowledge", "lint", arg(&file)]);
    assert_eq!((code, err.as_str()), (1, ""));
    let told: Vec<&str> =
        out.lines().filter_map(|line| line.split_once("firms.csv:")).map(|l| l.1).collect();
    assert_eq!(
        told,
        [
            "3: name: 'Ferriera Alta' is already on line 2; make one line of the two",
            "4: name: the name is empty; fill it in or remove the line",
            "5: aliases: 'Alta' of 'Brightloom' is also a name of 'Ferriera Alta' (line 2); leave it with one of them",
            "5: country: 'Italy' is no code of two capitals; write IT for Italy",
            "5: former_names: former name 'Bright (2010-2001)': the first year comes after the last",
            "5: parent: 'Nobody Knows It Ltd', the parent of 'Brightloom', is no firm of this file or of the built-in \
             ones; add a line for it",
            "6: parent: 'Uno' is part of itself by way of 'Uno'; correct one of the parents",
            "7: parent: 'Due' is part of itself by way of 'Due'; correct one of the parents",
        ]
    );
    let (_, out, _) = run(&["knowledge", "lint", arg(&file), "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out).expect("is JSON");
    assert_eq!((json.as_array().map(Vec::len), &json[0]["line"]), (Some(8), &3.into()));
    fs::write(&file, [b'n', b'a', b'm', b'e', b'\n', 0xe8]).expect("is written");
    let (code, _, err) = run(&["knowledge", "lint", arg(&file)]);
    assert!(code == 1 && err.contains("byte 5 is not UTF-8"), "{err}");
    fs::write(&file, "name,aliases\nFerriera Alta,FA\n").expect("is written");
    assert_eq!(
        run(&["knowledge", "lint", arg(&file)]),
        (0, "nothing is wrong\n".to_owned(), String::new())
    );
    assert_eq!(run(&["knowledge"]).0, 2);
}

#[test]
fn completions_and_manual_name_every_command() {
    let script = run(&["completions", "bash"]).1;
    let (code, page, _) = run(&["man"]);
    assert_eq!(code, 0);
    for command in valzer::cli::command().get_subcommands() {
        assert!(script.contains(command.get_name()), "{}", command.get_name());
        assert!(page.contains(command.get_name()), "{}", command.get_name());
    }
}

#[test]
fn a_workbook_is_the_same_bytes_every_time() {
    let (place, database) = dataset();
    let files = ["a.xlsx", "b.xlsx"].map(|name| place.path().join(name));
    for file in &files {
        let (code, _, err) = run(&["export", "--db", arg(&database), "--xlsx", arg(file)]);
        assert_eq!((code, err.as_str()), (0, ""));
        // The time in a zip archive has steps of two seconds: what is written must not hold it.
        std::thread::sleep(std::time::Duration::from_millis(1100));
    }
    let [a, b] = files.map(|file| fs::read(file).expect("the workbook is there"));
    assert!(a.starts_with(b"PK") && a == b);
}

#[test]
fn an_explanation_as_a_page_runs_nothing_of_the_article() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let article = folder.path().join("a.txt");
    let text = "Ada <script>alert(1)</script> Blu has left \"Acme\" & Sons to join Borealis.\n";
    fs::write(&article, text).expect("the folder is writable");
    let (code, page, _) = run(&["explain", arg(&article), "--format", "html"]);
    assert_eq!(code, 0);
    assert!(page.starts_with("<!doctype html>\n") && page.ends_with("</html>\n"));
    assert!(page.contains("&lt;") && !page.contains("<script"), "{page}");
    assert!(!page.contains("src=") && !page.contains("href="), "the page needs no other file");
}
