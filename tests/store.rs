//! The database keeps its promises: the same rows in any order, quotes that are the text's words, ids that lead on.

use crate::support::{Random, claims, dump, names, number, query, resolve_by_name};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use valzer::Error;
use valzer::export::SHEETS;
use valzer::knowledge::Knowledge;
use valzer::model::{
    ArticleClaims, Cell, Kind, Language, Manner, MentionType, PartialDate, SlotName, Status, Tense,
    sha256_hex,
};
use valzer::resolve::{Action, ClaimSet, NameAt, resolve_set};
use valzer::store::{Decided, LOADED, Put, Reader, Store, readme, undescribed};

const VERSION: &str = "test";

/// Puts claims into the database in the given portions, resolving after each.
pub(crate) fn put(database: &Path, portions: &[Vec<ArticleClaims>]) {
    for portion in portions {
        let mut store = Store::open(database).expect("the database opens");
        let articles: Vec<_> = portion.iter().map(|c| c.article.clone()).collect();
        store.put_articles(&articles).expect("articles are stored");
        store.put_claims(VERSION, portion).expect("claims are stored");
        rebuild(&mut store, "", &BTreeSet::new());
        store.finish().expect("the log folds");
    }
}

fn rebuild(store: &mut Store, prefix: &str, gone: &BTreeSet<String>) -> bool {
    let dataset = resolve_by_name(&stored(store, gone), prefix);
    store.put_dataset(&dataset, gone).expect("the dataset is stored")
}

/// Returns the claims in the database.
fn stored(store: &Store, gone: &BTreeSet<String>) -> Vec<ArticleClaims> {
    let mut all = Vec::new();
    store.each_claims(gone, &mut |claims| all.push(claims)).expect("claims are read");
    all
}

fn place() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let database = folder.path().join("valzer.sqlite");
    (folder, database)
}

#[test]
fn every_column_is_described_in_both_languages() {
    assert_eq!(undescribed(), Vec::<String>::new());
}

#[test]
fn the_page_about_the_output_is_the_codebook() {
    let files: Vec<(String, &str)> =
        SHEETS.iter().map(|sheet| (format!("{}.csv", sheet.name), sheet.view)).collect();
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, view)| (name.as_str(), *view)).collect();
    let page = readme(&files);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("output/README.md");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &page).expect("the page is writable");
    }
    assert!(
        fs::read_to_string(&path).unwrap_or_default() == page,
        "output/README.md is not what the codebook says; run the tests with UPDATE=1"
    );
}

/// Resolves what the database holds, as a build does.
fn resolve_packed(store: &mut Store, knowledge: &Knowledge, gone: &BTreeSet<String>) {
    let claims = store.claim_set(gone).expect("claims are read");
    let decisions = store.decisions().expect("decisions are read");
    let dataset = resolve_set(claims, knowledge, &decisions);
    store.put_dataset(&dataset, gone).expect("the dataset is stored");
}

/// Resolves the claims themselves, whatever was packed.
fn resolve_anew(store: &mut Store, knowledge: &Knowledge) {
    let mut claims = ClaimSet::new();
    let all = &BTreeSet::new();
    store.each_claims(all, &mut |article| claims.add(&article)).expect("claims are read");
    let decisions = store.decisions().expect("decisions are read");
    let dataset = resolve_set(claims, knowledge, &decisions);
    store.put_dataset(&dataset, all).expect("the dataset is stored");
}

fn put_found(store: &mut Store, portion: &[ArticleClaims]) {
    let articles: Vec<_> = portion.iter().map(|c| c.article.clone()).collect();
    store.put_articles(&articles).expect("articles are stored");
    store.put_claims(VERSION, portion).expect("claims are stored");
}

#[test]
fn increments_end_in_what_a_build_from_nothing_gives() {
    let knowledge = Knowledge::without_firms();
    for seed in 0..12 {
        let mut random = Random(seed);
        let mut all: Vec<ArticleClaims> = (0..40).map(claims).collect();
        random.shuffle(&mut all);
        let (_folder, grown) = place();
        let mut store = Store::open(&grown).expect("the database opens");
        let mut here: Vec<ArticleClaims> = Vec::new();
        let mut decided: Vec<Decided> = Vec::new();
        while !all.is_empty() {
            let portion: Vec<ArticleClaims> =
                all.split_off(all.len() - (1 + random.below(12)).min(all.len()));
            put_found(&mut store, &portion);
            here.extend(portion);
            // The user says of two names that they are one, or two.
            let name = |random: &mut Random| {
                let article = &here[random.below(here.len())];
                let name = article.moves[0].person.clone();
                NameAt { article: article.article.text_sha256.clone(), name }
            };
            let (one, other) = (name(&mut random), name(&mut random));
            if one != other {
                let action = match random.below(2) {
                    0 => Action::Same(MentionType::Person, one, other),
                    _ => Action::Different(MentionType::Person, one, other),
                };
                let id = decided.len() as i64 + 1;
                let decision = Decided { id, action, note: None, undone: false };
                store.put_decisions(std::slice::from_ref(&decision)).expect("it is stored");
                decided.push(decision);
            }
            // An article goes where it came from.
            let mut gone = BTreeSet::new();
            if here.len() > 1 && random.below(2) == 0 {
                let out = here.swap_remove(random.below(here.len()));
                let sha = &out.article.text_sha256;
                let sql = format!("select id from articles where text_sha256 = '{sha}'");
                let reader = Reader::open(&grown).expect("the database opens");
                gone.insert(query(&reader, &sql)[0][0].to_string());
            }
            resolve_packed(&mut store, &knowledge, &gone);
        }
        store.finish().expect("the log folds");

        let (_folder, anew) = place();
        let mut store = Store::open(&anew).expect("the database opens");
        put_found(&mut store, &here);
        store.put_decisions(&decided).expect("they are stored");
        resolve_anew(&mut store, &knowledge);
        store.finish().expect("the log folds");
        assert_eq!(dump(&grown), dump(&anew), "seed {seed}");
        let checked = Reader::open(&grown)
            .expect("the database opens")
            .query_all("select * from pragma_foreign_key_check");
        assert_eq!(checked.expect("is asked").rows.len(), 0, "seed {seed}");
    }
}

#[test]
fn what_is_packed_is_a_copy_that_is_made_anew_where_it_is_not_right() {
    let knowledge = Knowledge::without_firms();
    let (_folder, database) = place();
    let mut store = Store::open(&database).expect("the database opens");
    let all: Vec<ArticleClaims> = (0..20).map(claims).collect();
    put_found(&mut store, &all);
    resolve_anew(&mut store, &knowledge);
    store.finish().expect("the log folds");
    let expected = dump(&database);
    for spoil in [
        "delete from article_facts",
        "update article_facts set form = form - 1, facts = x'00'",
        "update article_facts set facts = substr(facts, 1, length(facts) - 3) where seq % 2 = 0",
        "update article_facts set facts = cast(facts || x'00' as blob) where seq % 3 = 0",
        "update article_facts set facts = zeroblob(length(facts))",
    ] {
        let connection = rusqlite::Connection::open(&database).expect("opens");
        connection.execute_batch(spoil).unwrap_or_else(|e| panic!("{spoil}: {e}"));
        drop(connection);
        let mut store = Store::open(&database).expect("the database opens");
        resolve_packed(&mut store, &knowledge, &BTreeSet::new());
        store.finish().expect("the log folds");
        assert!(dump(&database) == expected, "{spoil}");
        let reader = Reader::open(&database).expect("the database opens");
        let n = "select count(*) from article_facts where length(facts) > 100";
        assert_eq!(number(&reader, n), 20, "{spoil}");
    }
    // Another source of a text that comes first gives it another day.
    let mut article = all[3].article.clone();
    (article.source, article.published_on) = ("a/first.txt".to_owned(), PartialDate::parse("2001"));
    let mut store = Store::open(&database).expect("the database opens");
    store.put_articles(std::slice::from_ref(&article)).expect("is stored");
    resolve_packed(&mut store, &knowledge, &BTreeSet::new());
    store.finish().expect("the log folds");
    let packed = dump(&database);
    assert!(packed != expected);
    let mut store = Store::open(&database).expect("the database opens");
    resolve_anew(&mut store, &knowledge);
    store.finish().expect("the log folds");
    assert!(dump(&database) == packed);
}

#[test]
fn migrations_that_landed_are_not_edited() {
    for (file, sha) in [
        (
            "0001_three_layers.sql",
            "d02893d34928bde9cecdcc7a8f767e2236e73bbef55f4cf72132538233948c80",
        ),
        ("0002_views.sql", "af470e95ad538ac12e015909ef191fdaf5126e9b76360e4b3dba2bf5dee825a8"),
        (
            "0003_dataset_marks.sql",
            "7b0e119337f3657450754d79654a4ea2b4ee69f599d90d67fe552b6590bfccbd",
        ),
        (
            "0004_article_facts.sql",
            "8408ecef30aab7d883ae67c6f54fd7113f9e8012a4168bebc6be39b0a303eef7",
        ),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(file);
        let text = fs::read_to_string(path).expect("the migration is there");
        assert_eq!(sha256_hex(&text), sha, "{file} was edited: add a new migration instead");
    }
}

#[test]
fn every_foreign_key_has_an_index() {
    let (_folder, database) = place();
    put(&database, &[vec![]]);
    let reader = Reader::open(&database).expect("the database opens");
    let without = query(
        &reader,
        "select t.name, k.\"from\" from sqlite_schema t join pragma_foreign_key_list(t.name) k
         where t.type = 'table' and k.seq = 0 and not exists (
             select 1 from pragma_index_list(t.name) i join pragma_index_info(i.name) c
             where c.seqno = 0 and c.name = k.\"from\")",
    );
    assert_eq!(without, Vec::<Vec<Cell>>::new());
}

#[test]
fn the_schema_takes_exactly_the_words_of_the_model() {
    let (_folder, database) = place();
    put(&database, &[vec![]]);
    let reader = Reader::open(&database).expect("the database opens");
    let schema: String =
        query(&reader, "select sql from sqlite_schema where type = 'table' and sql is not null")
            .iter()
            .map(|row| row[0].to_string().split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
    let list = |column: &str, words: Vec<&str>| {
        let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
        let check = format!("check ({column} in ({}))", quoted.join(", "));
        let all = schema.matches(&format!("check ({column} in (")).count();
        assert!(all > 0 && schema.matches(&check).count() == all, "{check}");
    };
    list("kind", Kind::ALL.iter().map(|w| w.as_str()).collect());
    list("status", Status::ALL.iter().map(|w| w.as_str()).collect());
    list("manner", Manner::ALL.iter().map(|w| w.as_str()).collect());
    list("tense", Tense::ALL.iter().map(|w| w.as_str()).collect());
    list("language", Language::ALL.iter().map(|w| w.as_str()).collect());
    list("slot", SlotName::ALL.iter().map(|w| w.as_str()).collect());
    assert_eq!(MentionType::parse("person"), Some(MentionType::Person));
}

#[test]
fn any_order_and_any_portions_give_the_same_rows() {
    let all: Vec<ArticleClaims> = (0..60).map(claims).collect();
    let (_folder, database) = place();
    put(&database, std::slice::from_ref(&all));
    let expected = dump(&database);
    assert!(expected.contains("== moves_flat\n[Text("), "the dataset is not empty");
    for (seed, portion) in [(1, 1), (2, 7), (3, 60)] {
        let mut shuffled = all.clone();
        Random(seed).shuffle(&mut shuffled);
        let portions: Vec<Vec<ArticleClaims>> =
            shuffled.chunks(portion).map(<[_]>::to_vec).collect();
        let (_folder, database) = place();
        put(&database, &portions);
        assert!(dump(&database) == expected, "seed {seed}, portions of {portion}");
    }
}

#[test]
fn claims_come_back_as_they_were_put() {
    let mut all: Vec<ArticleClaims> = (0..40).map(claims).collect();
    let (_folder, database) = place();
    put(&database, std::slice::from_ref(&all));
    let store = Store::open(&database).expect("the database opens");
    all.sort_by(|a, b| a.article.text_sha256.cmp(&b.article.text_sha256));
    assert_eq!(stored(&store, &BTreeSet::new()), all);
}

#[test]
fn a_second_time_changes_nothing() {
    let all: Vec<ArticleClaims> = (0..20).map(claims).collect();
    let (folder, database) = place();
    put(&database, std::slice::from_ref(&all));
    let before = fs::read(&database).expect("a single file is there");
    assert_eq!(names(folder.path()), BTreeSet::from(["valzer.sqlite".to_owned()]));
    let mut store = Store::open(&database).expect("the database opens");
    let articles: Vec<_> = all.iter().map(|c| c.article.clone()).collect();
    let put = store.put_articles(&articles).expect("articles are stored");
    assert!(put.iter().all(|put| *put == Put::Unchanged));
    assert_eq!(store.count_pending(VERSION).expect("counts"), 0);
    assert!(!rebuild(&mut store, "", &BTreeSet::new()));
    store.finish().expect("the log folds");
    let after = fs::read(&database).expect("a single file is there");
    // Bytes 24 to 27 and 92 to 99 of the header count the transactions; all else is as it was.
    assert_eq!(before.len(), after.len());
    assert!(before[100..] == after[100..], "a page changed");
}

#[test]
fn a_quote_is_the_text_at_its_place() {
    let (_folder, database) = place();
    put(&database, &[(0..60).map(claims).collect()]);
    let reader = Reader::open(&database).expect("the database opens");
    for (table, key) in [("move_evidence", "article_id"), ("position_evidence", "article_id")] {
        let sql = format!(
            "select count(*), sum(substr(a.text, e.char_start + 1, e.char_end - e.char_start) = e.quote),
                    sum(e.char_start < length(cast(substr(a.text, 1, e.char_start) as blob)))
             from {table} e join articles a on a.id = e.{key}"
        );
        let row = query(&reader, &sql).remove(0);
        let [Cell::Integer(all), Cell::Integer(right), Cell::Integer(after_wide)] = row.as_slice()
        else {
            panic!("{row:?}")
        };
        assert!(*all > 0 && all == right, "{table}: {right} of {all}");
        // Code points and bytes differ before most quotes: the test means something.
        assert!(*after_wide > all / 2, "{table}: {after_wide} of {all}");
    }
}

#[test]
fn check_passes_on_what_was_stored_and_finds_what_was_broken() {
    let (_folder, database) = place();
    put(&database, &[(0..30).map(claims).collect()]);
    let checked = Reader::open(&database).expect("opens").check(VERSION).expect("is checked");
    assert_eq!(checked.findings, vec![]);
    assert_eq!(checked.notes, Vec::<String>::new());
    for (break_it, rule) in [
        (
            "update move_evidence set quote = 'x' where rowid_of_first",
            "a quote is the text's own words",
        ),
        ("update articles set text_sha256 = hex(zeroblob(32)) where seq = 1", "a text has the hash it is known by"),
        (
            "delete from move_evidence where move_id = (select min(id) from moves)",
            "every move and position has its evidence",
        ),
        (
            "insert into people (id, name) values ('nobody', 'Nobody')",
            "every person, firm and role is told of",
        ),
        (
            "update positions set started_on = '2020', started_on_min = '2020-01-01', started_on_max = '2020-12-31',
                 ended_on = '2019', ended_on_min = '2019-01-01', ended_on_max = '2019-12-31'
             where id = (select min(id) from positions)",
            "dates are possible",
        ),
        (
            "insert into redirects (entity, old_id, new_id) values ('move', 'x', 'nowhere')",
            "a redirect leads to a row",
        ),
        (
            "pragma foreign_keys = off; delete from roles where id = (select min(role_id) from positions)",
            "every key leads to a row",
        ),
    ] {
        let break_it = break_it.replace(
            "where rowid_of_first",
            "where move_id = (select min(id) from moves) and ordinal = 0",
        );
        let (_folder, copy) = place();
        fs::copy(&database, &copy).expect("a copy is made");
        let connection = rusqlite::Connection::open(&copy).expect("opens");
        connection.execute_batch(&break_it).unwrap_or_else(|e| panic!("{break_it}: {e}"));
        drop(connection);
        let checked = Reader::open(&copy).expect("opens").check(VERSION).expect("is checked");
        assert!(checked.findings.iter().any(|f| f.rule == rule), "{rule}: {:?}", checked.findings);
    }
}

#[test]
fn an_id_that_vanishes_leads_to_what_took_its_place() {
    let (_folder, database) = place();
    put(&database, &[(0..30).map(claims).collect()]);
    let mut store = Store::open(&database).expect("the database opens");
    for prefix in ["a-", "b-"] {
        assert!(rebuild(&mut store, prefix, &BTreeSet::new()));
    }
    store.finish().expect("the log folds");
    let reader = Reader::open(&database).expect("the database opens");
    for (entity, table) in [
        ("person", "people"),
        ("firm", "firms"),
        ("role", "roles"),
        ("position", "positions"),
        ("move", "moves"),
    ] {
        let first_ids = format!(
            "select count(*) from redirects r where entity = '{entity}' and old_id not glob 'a-*'
             and exists (select 1 from {table} where id = r.new_id)
             and replace(r.new_id, 'b-', '') = r.old_id"
        );
        let all = number(&reader, &format!("select count(*) from {table}"));
        assert!(all > 0 && number(&reader, &first_ids) == all, "{entity}");
    }
    drop(reader);
    // Back to the first ids: they are live again and redirect nowhere.
    let mut store = Store::open(&database).expect("the database opens");
    rebuild(&mut store, "", &BTreeSet::new());
    store.finish().expect("the log folds");
    let reader = Reader::open(&database).expect("the database opens");
    let live =
        "select count(*) from redirects where old_id not glob 'a-*' and old_id not glob 'b-*'";
    assert_eq!(number(&reader, live), 0);
    assert_eq!(
        Reader::open(&database).expect("opens").check(VERSION).expect("is checked").findings,
        vec![]
    );
    drop(reader);
    let mut store = Store::open(&database).expect("the database opens");
    let everything: BTreeSet<String> =
        store.vanished(&BTreeSet::new(), &BTreeSet::new()).expect("looks");
    rebuild(&mut store, "", &everything);
    store.finish().expect("the log folds");
    let reader = Reader::open(&database).expect("the database opens");
    assert_eq!(number(&reader, "select count(*) from articles"), 0);
    assert_eq!(number(&reader, "select count(*) from claims"), 0);
    assert!(number(&reader, "select count(*) from redirects where new_id is null") > 0);
}

#[test]
fn a_newer_extraction_replaces_what_an_older_one_claimed() {
    let (_folder, database) = place();
    let mut article = claims(1);
    put(&database, &[vec![article.clone(), claims(2)]]);
    let mut store = Store::open(&database).expect("the database opens");
    assert_eq!(store.count_pending("newer").expect("counts"), 2);
    article.positions.clear();
    article.moves[0].confidence = 0.25;
    store.put_claims("newer", std::slice::from_ref(&article)).expect("claims are stored");
    assert_eq!(store.count_pending("newer").expect("counts"), 1);
    let all = stored(&store, &BTreeSet::new());
    let found = all.iter().find(|c| c.article.id == "n1").expect("the article is there");
    assert_eq!(found, &article);
    // Until the dataset is rebuilt it rests on the old claims, and every key still leads to a row.
    let checked = Reader::open(&database).expect("opens").check(VERSION).expect("is checked");
    assert_eq!(checked.findings, vec![]);
    assert!(rebuild(&mut store, "", &BTreeSet::new()));
    store.finish().expect("the log folds");
    let reader = Reader::open(&database).expect("the database opens");
    assert_eq!(number(&reader, "select count(*) from claims"), 3);
    assert_eq!(number(&reader, "select count(*) from claims where extraction is null"), 0);
}

#[test]
fn loaded_claims_are_left_alone_by_a_build() {
    let (_folder, database) = place();
    let mut store = Store::open(&database).expect("the database opens");
    let loaded = claims(3);
    store.put_articles(std::slice::from_ref(&loaded.article)).expect("articles are stored");
    store.put_claims(LOADED, std::slice::from_ref(&loaded)).expect("claims are stored");
    let mut again = loaded.article.clone();
    again.published_on = PartialDate::parse("1999");
    let put = store.put_articles(&[again]).expect("articles are stored");
    assert_eq!(put, vec![Put::Changed]);
    assert_eq!(store.count_pending(VERSION).expect("counts"), 0);
    assert_eq!(store.vanished(&BTreeSet::new(), &BTreeSet::new()).expect("looks"), BTreeSet::new());
}

#[test]
fn the_first_source_describes_a_text_whichever_came_first() {
    let one = claims(4).article;
    let mut other = one.clone();
    other.source = "a/first.txt".to_owned();
    other.id = "first".to_owned();
    other.published_on = PartialDate::parse("2001-02");
    let mut dumps = Vec::new();
    for order in [[&one, &other], [&other, &one]] {
        let (_folder, database) = place();
        let mut store = Store::open(&database).expect("the database opens");
        let mut puts = Vec::new();
        for article in order {
            puts.extend(store.put_articles(std::slice::from_ref(article)).expect("is stored"));
        }
        assert_eq!(puts, vec![Put::New, Put::Duplicate]);
        store.finish().expect("the log folds");
        let reader = Reader::open(&database).expect("the database opens");
        dumps.push(query(&reader, "select name, source, published_on from articles"));
    }
    assert_eq!(dumps[0], dumps[1]);
    assert_eq!(dumps[0][0][0], Cell::Text("first".to_owned()));
}

#[test]
fn only_one_writes_at_a_time() {
    let (_folder, database) = place();
    let first = Store::open(&database).expect("the database opens");
    assert!(matches!(Store::open(&database), Err(Error::Busy { .. })));
    first.finish().expect("the log folds");
    Store::open(&database).expect("the lock is free again").finish().expect("the log folds");
}

#[test]
fn files_of_others_and_of_the_future_are_not_touched() {
    let (folder, database) = place();
    put(&database, &[vec![claims(1)]]);
    let connection = rusqlite::Connection::open(&database).expect("opens");
    connection
        .execute(
            "insert into refinery_schema_history select 99, 'future', applied_on, checksum
             from refinery_schema_history where version = 1",
            [],
        )
        .expect("the history is writable");
    drop(connection);
    let before = fs::read(&database).expect("the file is there");
    assert!(matches!(Store::open(&database), Err(Error::NewerSchema { found: 99, .. })));
    assert!(matches!(Reader::open(&database), Err(Error::NewerSchema { .. })));
    assert!(fs::read(&database).expect("the file is there") == before);

    let text = folder.path().join("letter.txt");
    fs::write(&text, "Dear reader, this is no database at all.".repeat(40)).expect("is written");
    let foreign = folder.path().join("foreign.sqlite");
    rusqlite::Connection::open(&foreign)
        .and_then(|c| c.execute_batch("create table theirs (x)"))
        .expect("a database of others");
    for path in [&text, &foreign] {
        let before = fs::read(path).expect("the file is there");
        assert!(matches!(Store::open(path), Err(Error::ForeignDatabase { .. })));
        assert!(matches!(Reader::open(path), Err(Error::ForeignDatabase { .. })));
        assert!(fs::read(path).expect("the file is there") == before);
    }
    let none = folder.path().join("none.sqlite");
    assert!(matches!(Reader::open(&none), Err(Error::DatabaseMissing { .. })));
}

#[test]
fn a_plain_copy_holds_the_same_rows_without_what_old_readers_lack() {
    let (folder, database) = place();
    put(&database, &[(0..20).map(claims).collect()]);
    let copy = folder.path().join("plain.sqlite");
    let reader = Reader::open(&database).expect("the database opens");
    reader.plain_copy(&copy).expect("the copy is made");
    let connection = rusqlite::Connection::open(&copy).expect("opens");
    let schema: String = connection
        .query_row("select lower(group_concat(sql)) from sqlite_schema", [], |row| row.get(0))
        .expect("a schema");
    for word in ["strict", "fts5", "rowid,", "without rowid", "create trigger"] {
        assert!(!schema.contains(word), "{word}");
    }
    for table in ["moves_flat", "sources", "articles", "codebook", "firm_balance"] {
        let sql = format!("select count(*) from {table}");
        let n: i64 = connection.query_row(&sql, [], |row| row.get(0)).expect("counts");
        assert_eq!(n, number(&reader, &sql), "{table}");
    }
    assert!(matches!(reader.plain_copy(&copy), Err(Error::Io { .. })), "a copy does not overwrite");
}

#[test]
fn a_move_cannot_have_the_position_of_another_person() {
    let (_folder, database) = place();
    let store = Store::open(&database).expect("the database opens");
    store.finish().expect("the log folds");
    let connection = rusqlite::Connection::open(&database).expect("opens");
    connection
        .execute_batch(
            "pragma foreign_keys = on;
             insert into people (id, name) values ('anna', 'Anna'), ('bea', 'Bea');
             insert into positions (id, person_id, tense, n_articles, confidence)
                 values ('p', 'anna', 'current', 1, 1);",
        )
        .expect("two people");
    let insert = |person: &str| {
        connection.execute(
            "insert into moves (id, person_id, kind, status, from_position_id, n_articles, confidence)
             values ('m', ?1, 'departure', 'completed', 'p', 1, 1)",
            [person],
        )
    };
    assert!(insert("bea").is_err());
    assert_eq!(insert("anna"), Ok(1));
}

#[test]
fn names_are_found_without_accents_and_case() {
    let (_folder, database) = place();
    put(&database, &[(0..60).map(claims).collect()]);
    let reader = Reader::open(&database).expect("the database opens");
    for name in ["zoe muller", "ZOË MÜLLER", "BOREALIS", "delta", "news/n3.txt", "n3"] {
        let cards = reader.show(name).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(cards.len(), 1, "{name}");
    }
    match reader.show("zoe") {
        Err(Error::NotFound { near, .. }) => assert!(near.len() > 1, "{near:?}"),
        other => panic!("{other:?}"),
    }
    for hostile in ["\"", "a OR b", "name:*", "'; drop table people; --", "*", "🚀", ""] {
        assert!(matches!(reader.show(hostile), Err(Error::NotFound { .. })), "{hostile}");
    }
    let words = "select count(*) from articles_fts where articles_fts match 'testo'";
    assert_eq!(number(&reader, words), 60);
}

#[test]
fn an_older_schema_is_brought_up_to_date_with_its_rows() {
    let (_folder, database) = place();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/0001_three_layers.sql");
    let sql = fs::read_to_string(path).expect("the migration is there");
    let first = refinery::Migration::unapplied("V1__three_layers", &sql).expect("has a name");
    let mut connection = rusqlite::Connection::open(&database).expect("opens");
    refinery::Runner::new(&[first]).run(&mut connection).expect("applies");
    connection
        .execute_batch(
            "pragma application_id = 0x766c7a72;
             insert into people (id, name) values ('anna', 'Anna');",
        )
        .expect("a row");
    drop(connection);
    let reader = Reader::open(&database).expect("the database opens");
    assert_eq!(number(&reader, "select count(*) from people_flat where id = 'anna'"), 1);
    assert!(number(&reader, "select count(*) from codebook") > 100);
}

#[test]
fn groups_are_counted_as_one_and_contradictions_are_shown() {
    let (_folder, database) = place();
    let two = [claims(1), claims(2)];
    put(&database, &[two.to_vec()]);
    let mut store = Store::open(&database).expect("the database opens");
    let all = stored(&store, &BTreeSet::new());
    let mut dataset = resolve_by_name(&all, "");
    let (from, to) = (dataset.moves[0].from_firm_id.clone(), dataset.moves[0].to_firm_id.clone());
    dataset.moves.truncate(1);
    dataset.moves[0].status = Status::Completed;
    dataset.moves[0].evidence[0].supports = false;
    let parent = dataset.firms.iter().position(|f| Some(&f.id) == to.as_ref()).expect("is there");
    let child = dataset.firms.iter().position(|f| Some(&f.id) == from.as_ref()).expect("is there");
    dataset.firms[child].parent_id = Some(dataset.firms[parent].id.clone());
    store.put_dataset(&dataset, &BTreeSet::new()).expect("the dataset is stored");
    let reader = Reader::open(&database).expect("the database opens");
    for (view, rows) in [
        ("firm_flows", 1),
        ("firm_balance", 2),
        ("firm_flows_group", 0),
        ("firm_balance_group", 0),
        ("conflicts", 1),
    ] {
        assert_eq!(number(&reader, &format!("select count(*) from {view}")), rows, "{view}");
    }
    let group = "select count(*) from firm_groups g join firms f on f.id = g.firm_id
                 where g.group_id = ifnull(f.parent_id, f.id)";
    assert_eq!(number(&reader, group), dataset.firms.len() as i64);
    // Rumours are shown, never counted.
    dataset.moves[0].status = Status::Rumoured;
    store.put_dataset(&dataset, &BTreeSet::new()).expect("the dataset is stored");
    assert_eq!(number(&reader, "select count(*) from firm_flows"), 0);
    assert_eq!(number(&reader, "select count(*) from moves_flat where status = 'rumoured'"), 1);
}
