//! What the user decides holds in every rebuild, survives as a file, and is taken back by a mark.

use crate::support::{arg, claims, dump, number, query, run, write_claims};
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use valzer::export::csv::Dialect;
use valzer::export::decisions::{COLUMNS, read, write};
use valzer::model::MentionType;
use valzer::resolve::{Action, NameAt};
use valzer::store::{Decided, Reader};

/// Returns a database of 60 articles, resolved as `valzer load` does.
fn loaded() -> (tempfile::TempDir, PathBuf) {
    let place = tempfile::tempdir().expect("a temporary folder");
    let database = place.path().join("valzer.sqlite");
    load(place.path(), &database);
    (place, database)
}

fn load(folder: &Path, database: &Path) {
    let file = folder.join("claims.jsonl");
    write_claims(&file, &(0..60).map(claims).collect::<Vec<_>>());
    let (code, _, err) = run(&["load", arg(&file), "-o", arg(database)]);
    assert_eq!((code, err.as_str()), (0, ""));
}

fn on(database: &Path, arguments: &[&str]) -> (i32, String, String) {
    run(&[arguments, &["--db", arg(database)]].concat())
}

fn ask(database: &Path, sql: &str) -> Vec<String> {
    let reader = Reader::open(database).expect("the database opens");
    query(&reader, sql).iter().map(|row| row[0].to_string()).collect()
}

/// Returns the ids of two people who share no word of their names.
fn two_people(database: &Path) -> (String, String) {
    let ids = ask(database, "select id from people where name in ('Zoë Müller', 'Bea Rossi')");
    (ids[0].clone(), ids[1].clone())
}

#[test]
fn two_people_become_one_and_two_again() {
    let (_place, database) = loaded();
    let before = dump(&database);
    let (one, other) = two_people(&database);
    let (code, out, err) = on(&database, &["decide", "same", &one, &other, "--note", "married"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with("Decided   1\nNumber    1: `valzer undo 1` takes it back\n"), "{out}");
    assert!(out.contains("people (before "), "{out}");
    let ids = format!("('{one}', '{other}')");
    assert_eq!(ask(&database, &format!("select count(*) from people where id in {ids}")), ["1"]);
    let redirects = format!(
        "select count(*) from redirects where old_id in {ids} and new_id in {ids} and entity = 'person'"
    );
    assert_eq!(ask(&database, &redirects), ["1"]);
    let merged = dump(&database);

    let (_, out, _) = on(&database, &["decisions"]);
    assert!(out.starts_with("   1  same       '") && out.ends_with(" · married\n"), "{out}");
    assert!(on(&database, &["undo", "1"]).1.starts_with("Undone    decision 1\n"));
    assert!(dump(&database) == before);
    assert!(on(&database, &["undo", "1"]).1.starts_with("Undone    decision 1 (as before)\n"));
    assert!(on(&database, &["decisions"]).1.ends_with("(undone)\n"));
    assert!(on(&database, &["undo", "--back", "1"]).1.starts_with("Back      decision 1\n"));
    assert!(dump(&database) == merged);

    // Another load, that is another rebuild, keeps it.
    load(database.parent().expect("a folder"), &database);
    assert!(dump(&database) == merged);
}

#[test]
fn firms_of_the_user_stay_until_they_are_forgotten() {
    let (place, database) = loaded();
    let n_firms = || number(&Reader::open(&database).expect("opens"), "select count(*) from firms");
    let before = n_firms();
    let firms = place.path().join("firms.csv");
    fs::write(&firms, "name,aliases\nCittà Metro,Éire Labs\n").expect("is written");
    let claims = place.path().join("claims.jsonl");
    let load = |options: &[&str]| {
        run(&[&["load", arg(&claims), "-o", arg(&database)], options].concat()).1
    };
    let out = load(&["--knowledge", arg(&firms)]);
    assert!(out.contains("\nKnowledge firms.csv (kept; "), "{out}");
    assert_eq!(n_firms(), before - 1);
    // The file may go: what it said is in the database.
    fs::remove_file(&firms).expect("is removed");
    let (one, other) = two_people(&database);
    assert_eq!(on(&database, &["decide", "same", &one, &other]).0, 0);
    assert_eq!(n_firms(), before - 1);
    assert!(load(&[]).contains("Knowledge firms.csv"));
    let out = load(&["--forget-knowledge"]);
    assert!(!out.contains("Knowledge"), "{out}");
    assert_eq!(n_firms(), before);
}

#[test]
fn rows_are_rejected_accepted_and_edited() {
    let (_place, database) = loaded();
    let row = ask(
        &database,
        "select move_id from move_evidence e join moves m on m.id = e.move_id where m.status = 'completed'
         group by move_id having count(distinct claim_id) = 1 order by move_id",
    )
    .swap_remove(0);
    let claim = ask(
        &database,
        &format!("select distinct claim_id from move_evidence where move_id = '{row}'"),
    )
    .swap_remove(0);
    let (code, out, err) = on(&database, &["decide", "edit", &row, "status", "failed"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let state = format!(
        "select distinct m.status || ' ' || (e.confidence > 0.99) from move_evidence e
         join moves m on m.id = e.move_id where e.claim_id = '{claim}'"
    );
    assert_eq!(ask(&database, &state), ["failed 1"]);
    on(&database, &["decide", "reject", &claim]);
    assert_eq!(ask(&database, &state), [""; 0]);
    // The later one wins, and it is told.
    let (_, out, _) = on(&database, &["decide", "accept", &claim]);
    assert!(out.contains("Note      decision 3 overrides decision 2\n"), "{out}");
    assert_eq!(ask(&database, &state), ["failed 1"]);
}

#[test]
fn what_makes_no_sense_is_refused_and_changes_nothing() {
    let (_place, database) = loaded();
    let row = ask(&database, "select id from moves order by id").swap_remove(0);
    for (arguments, code, words) in [
        (vec!["decide", "same", "zoe-muller", "Zoë Müller"], 2, "are one row; write NAME@ARTICLE"),
        (vec!["decide", "same", "zoe-muller", "acme"], 2, "'acme' is a firm"),
        (vec!["decide", "same", "zoe-muller", "nobody"], 1, "is called 'nobody'"),
        (vec!["decide", "same", "zoe-muller", "Nobody@n1"], 1, "no name of that article"),
        (vec!["decide", "reject", "nothing"], 1, "no move, position or claim is called 'nothing'"),
        (vec!["decide", "edit", &row, "state", "done"], 2, "its slots are person, kind, status"),
        (vec!["decide", "edit", &row, "status", "done"], 2, "write completed, announced"),
        (vec!["decide", "edit", &row, "date", "soon"], 2, "write 2024, 2024-09 or 2024-09-10"),
        (vec!["decide", "edit", &row, "person"], 2, "a claim needs a person"),
        (vec!["undo", "7"], 1, "no decision is called '7'"),
        (vec!["decide", "/nowhere.csv"], 1, "could not read '/nowhere.csv'"),
        (vec!["decide"], 2, ""),
    ] {
        let (is, out, err) =
            if arguments.len() > 1 { on(&database, &arguments) } else { run(&arguments) };
        assert!(is == code && err.contains(words), "{arguments:?}: {is} {out}{err}");
    }
    assert_eq!(ask(&database, "select count(*) from decisions"), ["0"]);
}

#[test]
fn a_damaged_worksheet_is_read_as_far_as_it_goes() {
    let (place, database) = loaded();
    let (one, other) = two_people(&database);
    on(&database, &["decide", "same", &one, &other]);
    let file = place.path().join("decisions.csv");
    let (code, _, err) =
        on(&database, &["decisions", "export", arg(&file), "--dialect", "excel-it"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let (code, _, err) = on(&database, &["decisions", "export", arg(&file)]);
    assert!(code == 1 && err.contains("next: name another file"), "{err}");
    on(&database, &["undo", "1"]);

    // As a spreadsheet leaves it: a byte order mark, semicolons, CRLF, other columns, emptied cells.
    let text = fs::read_to_string(&file).expect("the file is there");
    let line: Vec<&str> = text.lines().nth(1).expect("a decision").split(';').collect();
    let [name, article, other_name, other_article] =
        [2, 3, 4, 5].map(|i| line[i].trim_matches('"'));
    let claim = &ask(&database, "select id from claims where type = 'move' order by id")[0];
    let rows = [
        "mine;note;ACTION;claims;type;name;article;other_name;other_article;slot;value".to_owned(),
        format!(";;different;;person;{name};{article};{other_name};{other_article};;"),
        format!(";;same;;person;{name};{article};;{other_article};;"),
        format!(";;same;;person;{name};12ab;{other_name};{other_article};;"),
        ";;unsure;;;;;;;;".to_owned(),
        format!("x;;;{claim};;;;;;;"),
        format!(";;edit;{claim};;;;;;status;done"),
        format!(";;edit;{claim};;;;;;tense;former"),
        format!(";è giusto;accept;{claim}"),
        ";;delete;;;;;;;;".to_owned(),
        ";;accept;;;;;;;;".to_owned(),
        format!(";;same;;person;{name};{article};{other_name};{other_article};;"),
    ];
    let sheet = place.path().join("sheet.csv");
    fs::write(&sheet, format!("\u{feff}{}\r\n", rows.join("\r\n"))).expect("is written");
    let (code, out, err) = on(&database, &["decide", arg(&sheet)]);
    assert_eq!(code, 1);
    assert!(out.starts_with("Decided   2 (2 left open, 1 undone before, 6 ill-formed)\n"), "{out}");
    assert!(out.contains("line 12 says what decision 1 said"), "{out}");
    for (line, words) in [
        (3, "the other_name is empty"),
        (4, "'12ab' is no hash of a text"),
        (7, "'done' is no status"),
        (8, "a move has no slot 'tense'"),
        (10, "action 'delete' is none"),
        (11, "the claims are empty"),
    ] {
        let place = format!("sheet.csv:{line}: ");
        assert!(err.lines().any(|l| l.contains(&place) && l.contains(words)), "{line}: {err}");
    }
    assert_eq!(ask(&database, "select note from decisions where action = 'accept'"), ["è giusto"]);
    let (_, out, _) = on(&database, &["decide", arg(&sheet)]);
    assert!(out.starts_with("Decided   0 (2 known before, "), "{out}");
}

#[test]
fn decisions_of_one_database_hold_in_another() {
    let (place, database) = loaded();
    let (one, other) = two_people(&database);
    on(&database, &["decide", "same", &one, &other]);
    on(&database, &["decide", "different", "acme", "borealis"]);
    on(&database, &["decide", "different", &one, "anna-neri"]);
    on(&database, &["undo", "2"]);
    let file = place.path().join("decisions.csv");
    fs::write(&file, on(&database, &["decisions", "export"]).1).expect("is written");

    let (_other_place, copy) = loaded();
    let (code, out, err) = on(&copy, &["decisions", "import", arg(&file)]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(dump(&copy) == dump(&database));
    assert_eq!(on(&copy, &["decisions"]).1, on(&database, &["decisions"]).1);
    let all = "select group_concat(id || action || undone || name || other_name) from decisions";
    assert_eq!(ask(&copy, all), ask(&database, all));
    let (_, out, _) = on(&copy, &["decisions", "import", arg(&file), "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out).expect("is JSON");
    assert_eq!((&json["known"], &json["added"]), (&3.into(), &serde_json::json!([])));
    let reader = Reader::open(&copy).expect("the database opens");
    assert_eq!(number(&reader, "select count(*) from decisions"), 3);
}

#[test]
fn a_review_is_filled_in_and_read_back() {
    let (place, database) = loaded();
    let sheet = place.path().join("review.csv");
    let (code, out, err) = on(&database, &["review", "-o", arg(&sheet), "-n", "12"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("12 lines to decide"), "{out}");
    let text = fs::read_to_string(&sheet).expect("the sheet is there");
    assert_eq!(on(&database, &["review", "--format", "csv", "-n", "12"]).1, text);
    let (_, out, _) = on(&database, &["decide", arg(&sheet)]);
    assert!(out.starts_with("Decided   0 (12 left open)\n"), "{out}");

    let json = |database: &Path| -> Vec<serde_json::Value> {
        let (_, out, _) = on(database, &["review", "--format", "json"]);
        serde_json::from_str(&out).expect("is JSON")
    };
    let all = json(&database);
    let pairs = all.iter().filter(|item| item["type"] == "person").count();
    assert!(pairs > 0 && pairs < all.len(), "{all:?}");
    let shown = on(&database, &["review"]).1;
    assert!(shown.contains("one person from 4.0 on: ") && shown.contains("articles differ on "));

    // Every pair is told apart, every move is right: nothing of it is asked again.
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let mut filled = csv::Writer::from_writer(Vec::new());
    filled.write_record(&header).expect("is written");
    for record in reader.records() {
        let record = record.expect("a record");
        let verdict = if &record[1] == "move" { "accept" } else { "Different " };
        filled
            .write_record(std::iter::once(verdict).chain(record.iter().skip(1)))
            .expect("is written");
    }
    fs::write(&sheet, filled.into_inner().expect("is written")).expect("is written");
    let (code, out, err) = on(&database, &["decide", arg(&sheet)]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let asked: Vec<serde_json::Value> = json(&database);
    assert!(asked.iter().all(|item| !all[..12].contains(item)), "{asked:?}");
}

#[test]
fn show_tells_why_names_are_one_or_two() {
    let (_place, database) = loaded();
    let why = |a: &str, b: &str| {
        let (code, out, err) = on(&database, &["show", "--why", a, b]);
        assert_eq!((code, err.as_str()), (0, ""), "{out}");
        out
    };
    let (_, out, _) = on(&database, &["review", "--format", "json"]);
    let all: Vec<serde_json::Value> = serde_json::from_str(&out).expect("is JSON");
    let apart = all.iter().find(|item| item["now"] == "two people").expect("a pair");
    let article = |key: &str| {
        let sha = apart[key].as_str().expect("a hash");
        ask(&database, &format!("select id from articles where text_sha256 = '{sha}'"))[0].clone()
    };
    let one = format!("{}@{}", apart["name"].as_str().expect("a name"), article("article_sha256"));
    let name = apart["other_name"].as_str().expect("a name");
    let other = format!("{name}@{}", article("other_article_sha256"));
    let told = why(&one, &other);
    assert!(told.starts_with("two people\napart: '"), "{told}");
    assert!(told.contains("     +3.0  name\n") && told.contains("of 4.0 that make one"), "{told}");

    on(&database, &["decide", "same", &one, &other]);
    assert!(
        why(&one, &other).ends_with(": the user's decision\n")
            || why(&one, &other).contains("next best")
    );
    assert!(why(&one, &other).starts_with("one person\n"));
    assert_eq!(
        why("acme", "borealis"),
        "two organisations\napart: 'Acme' and 'Bòrealis'\n    the names have nothing in common that joins them\n    \
         12 people's names beside both\n    10 articles name both as two\n"
    );
    on(&database, &["decide", "same", "acme", "borealis"]);
    assert!(
        why("acme", "Bòrealis").starts_with("one organisation\n  'Acme' = 'Bòrealis': the user's")
    );
    let (_, out, _) = on(&database, &["show", "--why", "acme", "Bòrealis", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out).expect("is JSON");
    assert_eq!(json["together"], true);
    assert_eq!(on(&database, &["show", "--why", "acme"]).0, 2);
    assert_eq!(on(&database, &["show", "acme", "borealis"]).0, 2);
}

#[test]
fn a_review_asks_about_organisations() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let articles = place.path().join("articles");
    fs::create_dir(&articles).expect("is made");
    for (name, text) in [
        ("1", "Anna Verdi è stata nominata direttrice finanziaria di Kestrel Compute.\n"),
        ("2", "Marco Ferri è stato nominato direttore generale di Kestrel.\n"),
        ("3", "Lia Bruni è stata nominata direttrice generale di Meridiana Viaggi.\n"),
    ] {
        fs::write(articles.join(name).with_extension("txt"), text).expect("is written");
    }
    let output = place.path().join("output");
    let (code, _, err) = run(&["build", arg(&articles), "-o", arg(&output)]);
    assert_eq!((code, err.as_str()), (0, ""));
    let database = output.join("valzer.sqlite");
    let pairs = || -> Vec<serde_json::Value> {
        let (_, out, _) = on(&database, &["review", "--format", "json"]);
        let all: Vec<serde_json::Value> = serde_json::from_str(&out).expect("is JSON");
        all.into_iter().filter(|item| item["type"] == "firm").collect()
    };
    let asked = pairs();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert_eq!(asked[0]["now"], "two organisations");
    assert_eq!(
        asked[0]["why"],
        "one name has only words of the other, no people's names beside both"
    );
    let why = on(&database, &["show", "--why", "Kestrel", "Kestrel Compute"]).1;
    assert!(
        why.starts_with("two organisations\napart: 'Kestrel' and 'Kestrel Compute'\n"),
        "{why}"
    );

    // The worksheet with its verdict joins them, and they are not asked about again.
    let sheet = on(&database, &["review", "--format", "csv"]).1;
    let filled: Vec<String> = sheet
        .lines()
        .map(|line| match line.strip_prefix(",two organisations") {
            Some(rest) => format!("same,two organisations{rest}"),
            None => line.to_owned(),
        })
        .collect();
    let file = place.path().join("review.csv");
    fs::write(&file, filled.join("\n")).expect("is written");
    let (code, out, err) = on(&database, &["decide", arg(&file)]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert_eq!(pairs(), Vec::<serde_json::Value>::new());
    let why = on(&database, &["show", "--why", "Kestrel", "Kestrel Compute"]).1;
    assert!(why.starts_with("one organisation\n"), "{why}");
}

#[test]
fn a_diff_tells_what_a_decision_changed() {
    let (place, database) = loaded();
    let old = place.path().join("old.sqlite");
    fs::copy(&database, &old).expect("is copied");
    let diff = |more: &[&str]| run(&[&["diff", arg(&old), arg(&database)], more].concat());
    assert_eq!(diff(&[]), (0, "nothing is different\n".to_owned(), String::new()));
    assert_eq!(diff(&["--format", "json"]).1, "[]\n");
    let (one, other) = two_people(&database);
    on(&database, &["decide", "same", &one, &other]);
    let (code, out, err) = diff(&[]);
    assert_eq!((code, err.as_str()), (0, ""));
    let gone = out.lines().find(|line| line.starts_with("- people ")).expect("a person is gone");
    assert!(gone.contains("  now ") && gone.contains(&one) && gone.contains(&other), "{gone}");
    assert!(out.contains("\npeople     0 added, 1 gone, 1 changed\n"), "{out}");

    let (_, out, _) = diff(&["--format", "json", "--table", "people"]);
    let json: Vec<serde_json::Value> = serde_json::from_str(&out).expect("is JSON");
    assert_eq!(json.len(), 2);
    assert!(json.iter().all(|row| row["table"] == "people"));
    let gone = json.iter().find(|row| row["change"] == "gone").expect("a person is gone");
    assert!(gone["new_id"] == one.as_str() || gone["new_id"] == other.as_str());
    let (_, out, _) = diff(&["--format", "csv", "--table", "people"]);
    assert!(out.starts_with("table,id,change,column,before,now\npeople,"), "{out}");

    // The other way round, what was gone is added.
    let (_, out, _) = run(&["diff", arg(&database), arg(&old)]);
    assert!(out.contains("\npeople     1 added, 0 gone, 1 changed\n"), "{out}");
    assert_eq!(run(&["diff", arg(&old), "/nowhere.sqlite"]).0, 1);
}

fn text() -> impl Strategy<Value = String> {
    // What breaks CSV and spreadsheets, and any other text.
    prop_oneof!["[=+@'\",;\t\r\n -]{1,4}[a-zè]{0,3}", "\\PC{1,12}"]
}

fn action() -> impl Strategy<Value = Action> {
    let at = || {
        ("[0-9a-f]{64}", text().prop_filter("a name", |t| !t.trim().is_empty()))
            .prop_map(|(article, name)| NameAt { article, name })
    };
    let claim = "[0-9a-f]{24}";
    prop_oneof![
        (any::<bool>(), any::<bool>(), at(), at()).prop_map(|(same, person, a, b)| {
            let of = if person { MentionType::Person } else { MentionType::Firm };
            if same { Action::Same(of, a, b) } else { Action::Different(of, a, b) }
        }),
        claim.prop_map(|c| Action::Accept(c.into())),
        claim.prop_map(|c| Action::Reject(c.into())),
        (claim, text()).prop_map(|(c, value)| Action::Edit {
            claim: c.into(),
            slot: "to_firm".to_owned(),
            value: Some(value),
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_file_of_decisions_comes_back_as_it_was(
        list in prop::collection::vec((action(), prop::option::of(text()), any::<bool>()), 0..8),
        dialect in prop::sample::select(vec![Dialect::Plain, Dialect::Excel, Dialect::ExcelIt]),
    ) {
        let list: Vec<(Decided, String)> = list
            .into_iter()
            .zip(1..)
            .map(|((action, note, undone), id)| (Decided { id, action, note, undone }, "=x".to_owned()))
            .collect();
        let bytes = write(&list, dialect);
        let sheet = read(std::str::from_utf8(&bytes).expect("UTF-8"), &|_| None);
        prop_assert_eq!(&sheet.problems, &[]);
        let back: Vec<Decided> = sheet
            .lines
            .into_iter()
            .map(|l| Decided { id: l.id.unwrap_or(0), action: l.action, note: l.note, undone: l.undone })
            .collect();
        let expected: Vec<Decided> = list.into_iter().map(|(decided, _)| decided).collect();
        prop_assert_eq!(back, expected);
    }

    #[test]
    fn any_text_is_read_or_reported(cells in prop::collection::vec(text(), 0..40)) {
        read(&cells.join(","), &|_| None);
        read(&format!("{}\n{}", COLUMNS.join(";"), cells.join(";")), &|_| None);
    }
}
