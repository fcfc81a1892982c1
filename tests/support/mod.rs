//! Claims made by a seeded generator, a resolver that only compares names, and ways to look into a database.

pub(crate) mod grounded;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use valzer::extract::json::{claim_ids, to_record};
use valzer::model::{
    Article, ArticleClaims, Cell, Evidence, Kind, Language, Mention, MentionType, MoveClaim,
    PartialDate, PositionClaim, SlotName, Status, Tense,
};
use valzer::resolve::{Dataset, Firm, Move, NameForm, Person, Position, Role, RowEvidence};
use valzer::store::Reader;
use valzer::text::{Span, fold};

/// A small generator of pseudo-random numbers (SplitMix64): the same seed gives the same tests.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

const GIVEN: &[&str] = &["Zoë", "Nicolò", "Anna", "Łukasz", "Bea", "José"];
const FAMILY: &[&str] = &["Müller", "D’Angelò", "Neri", "Wójcik", "Peña", "Rossi", "Ferri"];
const FIRMS: &[&str] = &["Acme", "Bòrealis", "Città Metro", "Délta & Co", "Éire Labs", "=Formula"];
const ROLES: &[&str] = &["direttrice generale", "chief executive officer", "head of research"];
const SIGNS: &[&str] = &["🚀", "👩🏽‍💻", "è", "–", "e\u{301}", "𝔘"];

/// Returns what article number `n` says: a move from one firm to another and the position before it.
pub(crate) fn claims(n: usize) -> ArticleClaims {
    let mut random = Random(n as u64);
    let person =
        format!("{} {}", GIVEN[random.below(GIVEN.len())], FAMILY[random.below(FAMILY.len())]);
    let from = random.below(FIRMS.len());
    let to = (from + 1 + random.below(FIRMS.len() - 1)) % FIRMS.len();
    let (from, to) = (FIRMS[from], FIRMS[to]);
    let role = ROLES[random.below(ROLES.len())];
    let sign = SIGNS[random.below(SIGNS.len())];
    let year = 2015 + random.below(9);
    let sentence = format!("{person}, {role} di {from}, passa a {to} nel {year}.");
    let text = format!("{sign} {sign}Notizia {n}\n\n{sentence}\nAltro {sign} testo.\n");
    let published = PartialDate::month(year as u16, 1 + random.below(12) as u8);
    let mut article = Article::from_text(&format!("n{n}"), &text, Language::Italian, published);
    article.source = format!("news/n{n}.txt");
    article.outlet = n.is_multiple_of(2).then(|| "La Gazzetta".to_owned());
    let said = |slot, words: &str| {
        let start = text.find(words).expect("the words stand in the text");
        Evidence { slot, span: Span::new(start, start + words.len()), quote: words.to_owned() }
    };
    let date = year.to_string();
    let statuses = Status::ALL;
    let moves = vec![MoveClaim {
        person: person.clone(),
        kind: Kind::Hire,
        status: statuses[random.below(statuses.len())],
        manner: None,
        from_firm: Some(from.to_owned()),
        from_role: Some(role.to_owned()),
        to_firm: Some(to.to_owned()),
        to_role: None,
        to_note: None,
        date: PartialDate::parse(&date),
        evidence: vec![
            said(SlotName::Sentence, &sentence),
            said(SlotName::Person, &person),
            said(SlotName::FromRole, role),
            said(SlotName::FromFirm, from),
            said(SlotName::Trigger, "passa"),
            said(SlotName::ToFirm, to),
            said(SlotName::Date, &date),
        ],
        rule: "move/passare".to_owned(),
        confidence: 0.5 + random.below(50) as f64 / 100.0,
    }];
    let positions = vec![PositionClaim {
        person: person.clone(),
        firm: Some(from.to_owned()),
        role: Some(role.to_owned()),
        tense: Tense::Former,
        started_on: None,
        ended_on: None,
        evidence: vec![
            said(SlotName::Person, &person),
            said(SlotName::Role, role),
            said(SlotName::Firm, from),
        ],
        rule: "role/apposition".to_owned(),
        confidence: 0.9,
    }];
    let mentions = vec![Mention {
        span: moves[0].evidence[1].span,
        mention_type: MentionType::Person,
        entity: person,
    }];
    ArticleClaims { article, moves, positions, mentions, notes: Vec::new() }
}

/// Writes claims as lines of JSON.
pub(crate) fn write_claims(path: &Path, claims: &[ArticleClaims]) {
    let lines: String = claims
        .iter()
        .map(|c| serde_json::to_string(&to_record(c)).expect("claims are JSON") + "\n")
        .collect();
    fs::write(path, lines).expect("a temporary file is writable");
}

/// Writes the texts of articles as files; returns their paths.
pub(crate) fn write_articles(folder: &Path, numbers: impl Iterator<Item = usize>) -> Vec<PathBuf> {
    fs::create_dir_all(folder).expect("a temporary folder is writable");
    numbers
        .map(|n| {
            let path = folder.join(format!("n{n:04}.txt"));
            fs::write(&path, claims(n).article.text).expect("a temporary file is writable");
            path
        })
        .collect()
}

fn slug(prefix: &str, name: &str) -> String {
    format!("{prefix}{}", fold(name).replace(' ', "-"))
}

/// Returns the dataset in which equal names are one thing; `prefix` begins every id.
pub(crate) fn resolve_by_name(claims: &[ArticleClaims], prefix: &str) -> Dataset {
    let mut people = BTreeMap::new();
    let mut firms = BTreeMap::new();
    let mut roles = BTreeMap::new();
    let mut positions: BTreeMap<String, Position> = BTreeMap::new();
    let mut moves: BTreeMap<String, Move> = BTreeMap::new();
    let mut sorted: Vec<&ArticleClaims> = claims.iter().collect();
    sorted.sort_by(|a, b| a.article.text_sha256.cmp(&b.article.text_sha256));
    for article in sorted {
        let ids = claim_ids(article);
        let sha = &article.article.text_sha256;
        let rows = |claim: &String, rule: &str, confidence: f64, evidence: &[Evidence]| {
            let rows: Vec<RowEvidence> = evidence
                .iter()
                .map(|e| RowEvidence {
                    claim: claim.as_str().into(),
                    article: sha.as_str().into(),
                    slot: e.slot,
                    span: e.span,
                    quote: e.quote.as_str().into(),
                    value: None,
                    rule: rule.into(),
                    confidence,
                    supports: true,
                })
                .collect();
            rows
        };
        let mut person = |name: &String| {
            let id = slug(prefix, name);
            people.entry(id.clone()).or_insert_with(|| Person {
                id: id.clone(),
                name: name.clone(),
                given_name: None,
                family_name: None,
                names: vec![NameForm { name: name.clone(), n_articles: 1 }],
            });
            id
        };
        let mut firm = |name: &Option<String>| {
            let name = name.clone()?;
            let id = slug(prefix, &name);
            firms.entry(id.clone()).or_insert_with(|| Firm {
                id: id.clone(),
                name: name.clone(),
                kind: None,
                legal_form: None,
                country: None,
                parent_id: None,
                names: Vec::new(),
            });
            Some(id)
        };
        let mut role = |name: &Option<String>| {
            let name = name.clone()?;
            let id = slug(prefix, &name);
            roles.entry(id.clone()).or_insert_with(|| Role {
                id: id.clone(),
                title: name.clone(),
                title_it: None,
                function: None,
                level: None,
                names: Vec::new(),
            });
            Some(id)
        };
        for (claim, p) in ids.positions.iter().zip(&article.positions) {
            let (person_id, firm_id, role_id) = (person(&p.person), firm(&p.firm), role(&p.role));
            let id = [Some(&person_id), firm_id.as_ref(), role_id.as_ref()]
                .into_iter()
                .flatten()
                .cloned()
                .collect::<Vec<_>>()
                .join("_");
            let evidence = rows(claim, &p.rule, p.confidence, &p.evidence);
            let row = positions.entry(id.clone()).or_insert_with(|| Position {
                id,
                person_id,
                firm_id,
                role_id,
                title: p.role.clone(),
                unit: None,
                tense: p.tense,
                said_on: None,
                started_on: None,
                ended_on: None,
                n_articles: 0,
                confidence: p.confidence,
                evidence: Vec::new(),
            });
            row.n_articles += 1;
            row.evidence.extend(evidence);
        }
        for (claim, m) in ids.moves.iter().zip(&article.moves) {
            let (person_id, from, to) = (person(&m.person), firm(&m.from_firm), firm(&m.to_firm));
            let happened = m.date.map_or(String::new(), |d| d.to_string());
            let id = format!(
                "{person_id}_{}_{}_{}_{happened}",
                from.as_deref().unwrap_or(""),
                to.as_deref().unwrap_or(""),
                m.status
            );
            let evidence = rows(claim, &m.rule, m.confidence, &m.evidence);
            let row = moves.entry(id.clone()).or_insert_with(|| Move {
                id,
                person_id,
                kind: m.kind,
                status: m.status,
                manner: m.manner,
                from_firm_id: from,
                from_role_id: role(&m.from_role),
                from_position_id: None,
                to_firm_id: to,
                to_role_id: role(&m.to_role),
                to_position_id: None,
                from_title: None,
                to_title: None,
                to_note: None,
                happened_on: m.date,
                announced_on: None,
                succeeds_move_id: None,
                n_articles: 0,
                confidence: m.confidence,
                history: Vec::new(),
                evidence: Vec::new(),
            });
            row.n_articles += 1;
            row.evidence.extend(evidence);
        }
    }
    Dataset {
        people: people.into_values().collect(),
        firms: firms.into_values().collect(),
        roles: roles.into_values().collect(),
        positions: positions.into_values().collect(),
        moves: moves.into_values().collect(),
        names: Vec::new(),
        duplicates: Vec::new(),
        notes: Vec::new(),
    }
}

/// Tables and views whose rows must not depend on order, threads or runs. `redirects` and `runs` are history.
const COMPARED: &[&str] = &[
    "people",
    "person_names",
    "firms",
    "firm_names",
    "roles",
    "role_names",
    "positions",
    "moves",
    "move_evidence",
    "position_evidence",
    "move_history",
    "article_names",
    "resolution_notes",
    "names_fts",
    "dataset_marks",
    "codebook",
    "claims",
    "evidence",
    "mentions",
    "extraction_notes",
    "article_sources",
    "articles_flat",
    "moves_flat",
    "positions_flat",
    "firm_flows",
    "firm_balance",
    "careers",
    "sources",
];

/// Returns every row of the compared tables, sorted.
pub(crate) fn dump(database: &Path) -> String {
    let reader = Reader::open(database).expect("the database opens");
    let mut dump = String::new();
    for table in COMPARED {
        dump.push_str(&format!("== {table}\n"));
        let mut rows: Vec<String> = query(&reader, &format!("select * from {table}"))
            .iter()
            .map(|row| format!("{row:?}\n"))
            .collect();
        rows.sort();
        dump.extend(rows);
    }
    dump
}

pub(crate) fn query(reader: &Reader, sql: &str) -> Vec<Vec<Cell>> {
    reader.query_all(sql).unwrap_or_else(|error| panic!("{sql}: {error:?}")).rows
}

/// Returns the only value of the only row of a query.
pub(crate) fn number(reader: &Reader, sql: &str) -> i64 {
    match query(reader, sql).as_slice() {
        [row] => match row.as_slice() {
            [Cell::Integer(number)] => *number,
            other => panic!("{sql} gave {other:?}"),
        },
        other => panic!("{sql} gave {other:?}"),
    }
}

/// Returns every CSV file of a folder: name and bytes.
pub(crate) fn csv_files(folder: &Path) -> BTreeMap<String, String> {
    fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("the folder is readable").path())
        .filter(|path| path.extension().is_some_and(|end| end == "csv"))
        .map(|path| {
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("CSV is UTF-8"))
        })
        .collect()
}

/// Returns the names in a folder.
pub(crate) fn names(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder)
        .expect("the folder is there")
        .map(|e| e.expect("the folder is readable").file_name().to_string_lossy().into_owned())
        .collect()
}

/// Returns the program, ready for arguments.
pub(crate) fn valzer() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_valzer"));
    command.env("NO_COLOR", "1").env("COLUMNS", "100");
    command
}

/// Runs the program; returns exit code, standard output and standard error.
pub(crate) fn run(arguments: &[&str]) -> (i32, String, String) {
    told(&valzer().args(arguments).output().expect("the program runs"))
}

pub(crate) fn told(output: &Output) -> (i32, String, String) {
    (
        output.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

/// Returns a path as an argument.
pub(crate) fn arg(path: &Path) -> &str {
    path.to_str().expect("temporary paths are UTF-8")
}
