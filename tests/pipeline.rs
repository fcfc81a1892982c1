//! The whole way: the same bytes whatever the order, threads and runs; a killed run is completed by the next.

use crate::support::{
    Random, arg, claims, csv_files, dump, names, number, query, run, valzer, write_articles,
    write_claims,
};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use valzer::Error;
use valzer::export::csv;
use valzer::model::{Article, Cell, Language, MoveClaim, PartialDate, Status, Tense};
use valzer::pipeline::{BuildOptions, LoadOptions, Stage, Summary, Watch, build, export, load};
use valzer::store::Reader;

struct Quiet;

impl Watch for Quiet {
    fn begin(&mut self, _stage: Stage, _total: Option<u64>) {}
    fn advance(&mut self, _n: u64) {}
}

fn build_with(inputs: &[PathBuf], output: &Path, jobs: usize, prune: bool) -> Summary {
    let options = BuildOptions {
        inputs: inputs.to_vec(),
        output: output.to_owned(),
        jobs: Some(jobs),
        prune,
        ..BuildOptions::default()
    };
    build(&options, &mut Quiet).expect("the build runs")
}

fn database(output: &Path) -> PathBuf {
    output.join("valzer.sqlite")
}

#[test]
fn order_threads_and_number_of_runs_change_no_byte() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let news = place.path().join("news");
    let mut files = write_articles(&news, 0..16);
    let whole = place.path().join("whole");
    let summary = build_with(&files, &whole, 1, false);
    assert_eq!((summary.n_read, summary.n_new, summary.n_extracted), (16, 16, 16));
    let (rows, bytes) = (dump(&database(&whole)), csv_files(&whole));
    assert_eq!(bytes.len(), 8);

    let two = place.path().join("two-threads");
    Random(5).shuffle(&mut files);
    build_with(&files, &two, 2, false);
    assert!(dump(&database(&two)) == rows && csv_files(&two) == bytes);

    let single = place.path().join("one-by-one");
    for file in &files {
        build_with(std::slice::from_ref(file), &single, 2, false);
    }
    assert!(dump(&database(&single)) == rows && csv_files(&single) == bytes);
}

#[test]
fn a_second_build_adds_nothing() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let news = place.path().join("news");
    write_articles(&news, 0..10);
    let output = place.path().join("output");
    build_with(std::slice::from_ref(&news), &output, 2, false);
    let before = (dump(&database(&output)), csv_files(&output));
    let summary = build_with(&[news], &output, 1, false);
    assert_eq!((summary.n_new, summary.n_unchanged, summary.n_extracted), (0, 10, 0));
    assert!(!summary.changed);
    assert!((dump(&database(&output)), csv_files(&output)) == before);
    let reader = Reader::open(&database(&output)).expect("the database opens");
    assert_eq!(number(&reader, "select count(*) from runs"), 1);
    let kept = names(&output);
    assert!(kept.iter().all(|name| name == "valzer.sqlite" || name.ends_with(".csv")), "{kept:?}");
}

#[test]
fn prune_ends_in_the_same_bytes_as_a_build_of_what_is_left() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let news = place.path().join("news");
    let files = write_articles(&news, 0..12);
    let output = place.path().join("output");
    build_with(std::slice::from_ref(&news), &output, 2, false);
    for file in &files[..4] {
        fs::remove_file(file).expect("a file goes");
    }
    fs::write(&files[4], claims(99).article.text).expect("a file changes");
    let kept = build_with(std::slice::from_ref(&news), &output, 2, false);
    assert_eq!((kept.n_read, kept.n_new, kept.n_removed), (8, 1, 0));
    let pruned = build_with(std::slice::from_ref(&news), &output, 2, true);
    assert_eq!(pruned.n_removed, 5);
    let fresh = place.path().join("fresh");
    build_with(&[news], &fresh, 2, false);
    assert!(dump(&database(&output)) == dump(&database(&fresh)));
    assert!(csv_files(&output) == csv_files(&fresh));
}

#[test]
fn what_cannot_be_read_is_told_and_kept_until_it_can() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let news = place.path().join("news");
    write_articles(&news, 0..2);
    fs::write(news.join("noise.txt"), [0u8, 1, 2, 0xff, 0, 0xfe, 7].repeat(50))
        .expect("is written");
    let output = place.path().join("output");
    let (code, out, err) = run(&["build", arg(&news), "-o", arg(&output)]);
    assert_eq!(code, 1, "{err}");
    assert!(out.contains("2 new") && out.contains("1 skipped"), "{out}");
    assert!(err.contains("noise.txt"), "{err}");
    let errors = || csv_files(&output).remove("ingest_errors.csv").expect("the file is there");
    assert!(errors().contains("noise.txt"));
    fs::write(news.join("noise.txt"), claims(7).article.text).expect("is written");
    let (code, _, err) = run(&["build", arg(&news), "-o", arg(&output)]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(!errors().contains("noise.txt"));
}

#[test]
fn nothing_to_read_is_an_error_that_says_so() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let output = place.path().join("output");
    let missing = place.path().join("missing");
    let (code, _, err) = run(&["build", arg(&missing), "-o", arg(&output)]);
    assert_eq!(code, 1);
    assert!(err.contains("missing") && err.contains("next:"), "{err}");
    let empty = place.path().join("empty");
    fs::create_dir(&empty).expect("a folder");
    let (code, _, err) = run(&["build", arg(&empty), "-o", arg(&output)]);
    assert_eq!(code, 1);
    assert!(err.contains("found no article in") && err.contains("next:"), "{err}");
}

#[test]
fn a_place_that_cannot_be_written_is_found_before_the_work() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let news = place.path().join("news");
    write_articles(&news, 0..2);
    let file = place.path().join("file");
    fs::write(&file, "in the way").expect("is written");
    let (code, _, err) = run(&["build", arg(&news), "-o", arg(&file)]);
    assert_eq!(code, 1);
    assert!(err.contains("could not create the folder") && err.contains("next:"), "{err}");
    assert_eq!(fs::read_to_string(&file).expect("is there"), "in the way");
}

#[test]
fn two_builds_at_once_do_not_mix() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let news = place.path().join("news");
    write_articles(&news, 0..4);
    let output = place.path().join("output");
    build_with(std::slice::from_ref(&news), &output, 1, false);
    let holder = valzer::store::Store::open(&database(&output)).expect("the database opens");
    let (code, _, err) = run(&["build", arg(&news), "-o", arg(&output)]);
    assert_eq!(code, 1);
    assert!(err.contains("another program is writing") && err.contains("next: wait"), "{err}");
    // Reading goes on meanwhile.
    assert_eq!(run(&["check", "--db", arg(&output)]).0, 0);
    holder.finish().expect("the log folds");
    assert_eq!(run(&["build", arg(&news), "-o", arg(&output)]).0, 0);
}

#[test]
fn loaded_claims_give_the_same_rows_in_any_order() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let mut all: Vec<_> = (0..40).map(claims).collect();
    let mut dumps = BTreeSet::new();
    for (round, n_files) in [(0, 1), (1, 1), (2, 5)] {
        let database = place.path().join(format!("{round}.sqlite"));
        for (at, part) in all.chunks(all.len() / n_files).enumerate() {
            let file = place.path().join(format!("{round}-{at}.jsonl"));
            write_claims(&file, part);
            let options = LoadOptions {
                files: vec![file],
                database: database.clone(),
                ..LoadOptions::default()
            };
            let summary = load(&options, &mut Quiet).expect("the load runs");
            assert_eq!(summary.n_new as usize, part.len());
        }
        let folder = place.path().join(format!("csv-{round}"));
        let reader = Reader::open(&database).expect("the database opens");
        export(&reader, &folder, csv::Options::default(), &mut Quiet).expect("is exported");
        assert_eq!(number(&reader, "select count(*) from claims"), 80);
        dumps.insert((dump(&database), csv_files(&folder)));
        Random(round).shuffle(&mut all);
    }
    assert_eq!(dumps.len(), 1);
}

#[test]
fn moves_that_come_out_alike_are_loaded_as_one() {
    // An article tells a hire both as announced and as done; a later one shows the new post, so both are done.
    let mut first = claims(1);
    let hire = first.moves[0].clone();
    first.moves = [Status::Announced, Status::Completed]
        .map(|status| MoveClaim { status, ..hire.clone() })
        .to_vec();
    let mut later = claims(1);
    let text = format!("{}Ancora.\n", later.article.text);
    later.article =
        Article::from_text("later", &text, Language::Italian, PartialDate::parse("2025"));
    later.moves.clear();
    later.positions[0].firm.clone_from(&hire.to_firm);
    later.positions[0].tense = Tense::Current;
    let place = tempfile::tempdir().expect("a temporary folder");
    let (file, output) = (place.path().join("claims.jsonl"), place.path().join("out.sqlite"));
    write_claims(&file, &[first, later]);
    let (code, _, err) = run(&["load", arg(&file), "-o", arg(&output)]);
    assert_eq!(code, 0, "{err}");
    let (code, out, err) = run(&["check", "--db", arg(&output)]);
    assert_eq!(code, 0, "{out}{err}");
    let reader = Reader::open(&output).expect("the database opens");
    assert_eq!(number(&reader, "select count(*) from moves where status = 'completed'"), 1);
    assert_eq!(number(&reader, "select count(*) from claims"), 4);
    assert_eq!(number(&reader, "select count(distinct claim_id) from move_evidence"), 2);
    assert_eq!(number(&reader, "select count(*) from move_history"), 2);
}

#[test]
fn a_line_of_claims_that_is_wrong_is_told_by_its_number() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let file = place.path().join("claims.jsonl");
    write_claims(&file, &[claims(1), claims(2), claims(3)]);
    let good = fs::read_to_string(&file).expect("is there");
    let bad = good.replacen("passa a", "va a", 1) + "\n{not json\n";
    fs::write(&file, bad).expect("is written");
    let output = place.path().join("out.sqlite");
    let (code, out, err) = run(&["load", arg(&file), "-o", arg(&output)]);
    assert_eq!(code, 1);
    assert!(out.contains("2 new, 2 skipped"), "{out}");
    assert!(err.contains("claims.jsonl:1") && err.contains("claims.jsonl:5"), "{err}");
    let reader = Reader::open(&output).expect("the database opens");
    assert_eq!(number(&reader, "select count(*) from ingest_errors"), 2);
    drop(reader);
    fs::write(&file, good).expect("is written");
    assert_eq!(run(&["load", arg(&file), "-o", arg(&output)]).0, 0);
    let reader = Reader::open(&output).expect("the database opens");
    assert_eq!(number(&reader, "select count(*) from ingest_errors"), 0);
}

#[test]
fn a_build_killed_at_any_moment_is_completed_by_the_next() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let news = place.path().join("news");
    write_articles(&news, 0..220);
    let whole = place.path().join("whole");
    let start = Instant::now();
    build_with(std::slice::from_ref(&news), &whole, 2, false);
    let took = start.elapsed().max(Duration::from_millis(20));
    let expected = (dump(&database(&whole)), csv_files(&whole));
    let mut random = Random(11);
    for round in 0..2 {
        let output = place.path().join(format!("killed-{round}"));
        let mut child = valzer()
            .args(["build", arg(&news), "-o", arg(&output)])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        std::thread::sleep(took.mul_f64((random.below(100) as f64 + 1.0) / 100.0));
        child.kill().expect("the program is killed");
        child.wait().expect("the program ends");
        if database(&output).exists() {
            let (code, out, err) = run(&["check", "--db", arg(&output)]);
            assert_eq!(code, 0, "round {round}: {out}{err}");
        }
        build_with(std::slice::from_ref(&news), &output, 2, false);
        assert!(dump(&database(&output)) == expected.0, "round {round}");
        assert!(csv_files(&output) == expected.1, "round {round}");
        assert!(!names(&output).iter().any(|name| name.starts_with('.')), "round {round}");
    }
}

#[test]
fn a_floor_of_confidence_keeps_what_is_above_it() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = place.path().join("csv");
    let output = place.path().join("valzer.sqlite");
    crate::store::put(&output, &[(0..60).map(claims).collect()]);
    let reader = Reader::open(&output).expect("the database opens");
    let options = csv::Options { min_confidence: 80, ..csv::Options::default() };
    export(&reader, &folder, options, &mut Quiet).expect("is exported");
    let rows = |sql: &str| {
        query(&reader, sql).iter().map(|row| row[0].to_string()).collect::<BTreeSet<String>>()
    };
    let csv = csv_files(&folder);
    let first_cells = |file: &str, at: usize| {
        let mut reader = ::csv::Reader::from_reader(csv[file].as_bytes());
        reader
            .records()
            .map(|record| record.expect("a record")[at].to_owned())
            .collect::<BTreeSet<String>>()
    };
    let sure = rows("select id from moves_flat where confidence_percent >= 80");
    assert!(!sure.is_empty() && sure.len() < rows("select id from moves").len());
    assert_eq!(first_cells("moves.csv", 0), sure);
    let positions = rows("select id from positions where confidence >= 0.8");
    assert_eq!(first_cells("sources.csv", 1), &sure | &positions);
    assert!(
        matches!(query(&reader, "select max(confidence_percent) from moves_flat")[0][0], Cell::Integer(n) if n <= 100)
    );
}

#[test]
fn missing_claims_are_an_error() {
    let options = LoadOptions {
        files: vec![PathBuf::from("/nowhere/claims.jsonl")],
        database: PathBuf::from("/nowhere/valzer.sqlite"),
        ..LoadOptions::default()
    };
    assert!(matches!(load(&options, &mut Quiet), Err(Error::InputMissing { .. })));
}
