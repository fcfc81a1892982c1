//! Resolution: the dataset is a function of the set of claims, decisions hold, and labelled name pairs come out right.

use crate::support::Random;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use valzer::eval::dossier::Dossier;
use valzer::extract::json::claim_ids;
use valzer::knowledge::Knowledge;
use valzer::model::{
    Article, ArticleClaims, Evidence, Kind, Language, Mention, MentionType, MoveClaim, PartialDate,
    PositionClaim, SlotName, Status, Tense,
};
use valzer::resolve::{Action, ClaimSet, Dataset, Decision, NameAt, pack, resolve, resolve_set};
use valzer::text::Span;

/// An article with one hire: `person` leaves `from` for `to` as `role`.
fn hire(id: &str, day: &str, person: &str, from: &str, to: &str, role: &str) -> ArticleClaims {
    told(id, day, person, from, to, role, Status::Completed)
}

fn told(
    id: &str,
    day: &str,
    person: &str,
    from: &str,
    to: &str,
    role: &str,
    status: Status,
) -> ArticleClaims {
    let some = |s: &str| (!s.is_empty()).then(|| s.to_owned());
    let text = format!("{id}: {person}, {from}, {to}, {role}.");
    let find = |s: &str| text.find(s).map(|at| Span::new(at, at + s.len())).unwrap_or_default();
    let evidence = [
        (SlotName::Person, person),
        (SlotName::FromFirm, from),
        (SlotName::ToFirm, to),
        (SlotName::ToRole, role),
    ]
    .into_iter()
    .filter(|(_, s)| !s.is_empty())
    .map(|(slot, s)| Evidence { slot, span: find(s), quote: s.to_owned() })
    .collect();
    let mentions =
        [(MentionType::Person, person), (MentionType::Firm, from), (MentionType::Firm, to)]
            .into_iter()
            .filter(|(_, s)| !s.is_empty())
            .map(|(mention_type, s)| Mention { span: find(s), mention_type, entity: s.to_owned() })
            .collect();
    ArticleClaims {
        moves: vec![MoveClaim {
            person: person.to_owned(),
            kind: if to.is_empty() { Kind::Departure } else { Kind::Hire },
            status,
            manner: None,
            from_firm: some(from),
            from_role: None,
            to_firm: some(to),
            to_role: some(role),
            to_note: None,
            date: None,
            evidence,
            rule: "test/hire".to_owned(),
            confidence: 0.8,
        }],
        positions: Vec::new(),
        mentions,
        notes: Vec::new(),
        article: Article::from_text(id, &text, Language::English, PartialDate::parse(day)),
    }
}

fn archive() -> Vec<ArticleClaims> {
    vec![
        told(
            "a1",
            "2024-01-10",
            "Ada Moreschi",
            "Brightloom",
            "Ferriera Alta",
            "CEO",
            Status::Rumoured,
        ),
        told(
            "a2",
            "2024-02-10",
            "Ada Moreschi",
            "Brightloom Ltd",
            "Ferriera Alta S.p.A.",
            "CEO",
            Status::Announced,
        ),
        hire(
            "a3",
            "2024-03-10",
            "Moreschi Ada",
            "Brightloom",
            "Ferriera Alta",
            "amministratrice delegata",
        ),
        hire("a4", "2024-03-11", "Marco Rossi", "Hollis & Wray", "Brightloom", "head of sales"),
        hire("a5", "2024-03-12", "Marco Rossi", "Banca Sul Colle", "Ferriera Alta", "CFO"),
        hire("a6", "2024-04-12", "M. Rossi", "", "Brightloom", "head of sales"),
        hire("a7", "", "Rossi", "Hollis and Wray", "Brightloom", "head of sales"),
        hire("a8", "2024-05", "Beppe Tordini", "", "Ferriera Alta", "consigliere"),
        hire("a9", "2024-06", "Giuseppe Tordini", "", "Ferriera Alta", "board member"),
    ]
}

fn dataset(claims: &[ArticleClaims], decisions: &[Decision]) -> Dataset {
    resolve(claims, &Knowledge::without_firms(), decisions)
}

#[test]
fn tellings_of_one_event_are_one_move_with_its_history() {
    let dataset = dataset(&archive(), &[]);
    let own: Vec<_> = dataset.moves.iter().filter(|m| m.person_id == "ada-moreschi").collect();
    assert_eq!(own.len(), 1, "{own:#?}");
    assert_eq!(own[0].id, "ada-moreschi-brightloom-to-ferriera-alta");
    assert_eq!((own[0].status, own[0].n_articles), (Status::Completed, 3));
    let states: Vec<Status> = own[0].history.iter().map(|s| s.status).collect();
    assert_eq!(states, [Status::Rumoured, Status::Announced, Status::Completed]);
}

#[test]
fn people_of_one_name_stay_two_and_short_forms_find_theirs() {
    let dataset = dataset(&archive(), &[]);
    let ids: Vec<&str> = dataset.people.iter().map(|p| p.id.as_str()).collect();
    assert_eq!(ids, ["ada-moreschi", "giuseppe-tordini", "marco-rossi", "marco-rossi-2"]);
    let of_sales = dataset
        .moves
        .iter()
        .find(|m| m.to_firm_id.as_deref() == Some("brightloom"))
        .expect("the move to Brightloom");
    assert_eq!(of_sales.n_articles, 3, "{:#?}", dataset.people);
}

/// An article that says that `person` is or was `role` at `firm`.
fn post(
    id: &str,
    day: &str,
    person: &str,
    firm: &str,
    role: &str,
    tense: Tense,
    [start, end]: [&str; 2],
) -> ArticleClaims {
    let mut article = hire(id, day, person, "", firm, role);
    let Some(told) = article.moves.pop() else { unreachable!("one move") };
    let mut evidence = told.evidence;
    for words in &mut evidence {
        words.slot = match words.slot {
            SlotName::ToFirm => SlotName::Firm,
            SlotName::ToRole => SlotName::Role,
            slot => slot,
        };
    }
    // The helper's text has no words for the dates: the id stands for them.
    let date =
        Evidence { slot: SlotName::Date, span: Span::new(0, id.len()), quote: id.to_owned() };
    evidence.push(date);
    article.positions.push(PositionClaim {
        person: told.person,
        firm: told.to_firm,
        role: told.to_role,
        tense,
        started_on: PartialDate::parse(start),
        ended_on: PartialDate::parse(end),
        evidence,
        rule: "test/post".to_owned(),
        confidence: 0.8,
    });
    article
}

#[test]
fn what_was_announced_and_is_told_years_later_as_done_is_one_move() {
    let tell = |id: &str, day: &str, status: Status| {
        told(id, day, "Ada Moreschi", "Brightloom", "Ferriera Alta", "CEO", status)
    };
    let announced = tell("b1", "2016-04-11", Status::Announced);
    let done = tell("b2", "2018-05-13", Status::Completed);
    let one = dataset(&[announced.clone(), done.clone()], &[]);
    assert_eq!(one.moves.len(), 1, "{:#?}", one.moves);
    assert_eq!(one.moves[0].announced_on, PartialDate::parse("2016-04-11"));
    // Announced again after it was done: a second time.
    let again = tell("b3", "2021-05-13", Status::Announced);
    assert_eq!(dataset(&[announced, done, again], &[]).moves.len(), 2);
}

#[test]
fn a_later_denial_corrects_what_one_article_alone_told_as_done() {
    let tell = |id: &str, day: &str, status: Status| {
        told(id, day, "Ada Moreschi", "Brightloom", "Ferriera Alta", "CEO", status)
    };
    let done = tell("d1", "2024-04-11", Status::Completed);
    let denied = tell("d2", "2024-05-13", Status::Denied);
    let also = tell("d3", "2024-04-20", Status::Completed);
    let later = tell("d4", "2024-06-20", Status::Completed);
    let status = |claims: &[&ArticleClaims]| {
        let claims: Vec<ArticleClaims> = claims.iter().copied().cloned().collect();
        let dataset = dataset(&claims, &[]);
        assert_eq!(dataset.moves.len(), 1);
        dataset.moves[0].status
    };
    assert_eq!(status(&[&done, &denied]), Status::Denied);
    assert_eq!(status(&[&done, &also, &denied]), Status::Completed);
    assert_eq!(status(&[&denied, &later]), Status::Completed);
}

#[test]
fn no_post_ends_before_it_starts_and_the_contradiction_is_kept() {
    let name = ("Ada Moreschi", "Brightloom", "CEO");
    let tell = |id: &str, day: &str, tense: Tense, dates: [&str; 2]| {
        post(id, day, name.0, name.1, name.2, tense, dates)
    };
    let claims = [
        tell("p1", "2020-01-01", Tense::Former, ["", "2012-06"]),
        tell("p2", "2020-02-01", Tense::Former, ["2012-08", ""]),
        tell("p3", "2020-03-01", Tense::Former, ["2012-08", ""]),
    ];
    let all = dataset(&claims, &[]);
    assert_eq!(all.positions.len(), 1, "{:#?}", all.positions);
    let row = &all.positions[0];
    assert_eq!((row.started_on, row.ended_on), (PartialDate::parse("2012-08"), None));
    let against: Vec<&str> =
        row.evidence.iter().filter(|e| !e.supports).map(|e| &*e.quote).collect();
    assert_eq!(against, ["p1"]);
    // Held now, the newest article says: the end that an older one tells contradicts it.
    let held = tell("p4", "2021-03-01", Tense::Current, ["", ""]);
    let all = dataset(&[claims[0].clone(), held.clone()], &[]);
    let row = &all.positions[0];
    assert_eq!((row.tense, row.ended_on), (Tense::Current, None));
    assert_eq!(row.evidence.iter().filter(|e| !e.supports).count(), 1);
    // A move that leaves a post which a later article says is held gives it no end.
    let mut left = hire("p5", "2015-03-02", name.0, name.1, "Ferriera Alta", "CFO");
    left.moves[0].from_role = Some("CEO".to_owned());
    left.moves[0].date = PartialDate::parse("2015-03-01");
    let all = dataset(&[left.clone(), held], &[]);
    let row = all.positions.iter().find(|p| p.firm_id.as_deref() == Some("brightloom"));
    assert_eq!(row.map(|p| (p.tense, p.ended_on)), Some((Tense::Current, None)));
    assert!(all.notes.iter().any(|n| n.contains("told to be held")), "{:?}", all.notes);
    // Nor does it end one that began later.
    let later = tell("p6", "2019-03-01", Tense::Former, ["2018-01", ""]);
    let all = dataset(&[left, later], &[]);
    let row = all.positions.iter().find(|p| p.firm_id.as_deref() == Some("brightloom"));
    assert_eq!(row.map(|p| p.ended_on), Some(None), "{:#?}", all.positions);
    assert_eq!(all.moves[0].from_position_id, None);
}

#[test]
fn an_announced_move_is_done_once_its_post_is_left() {
    let statuses = |claims: &[ArticleClaims]| -> Vec<Status> {
        let dataset = dataset(claims, &[]);
        let ada = dataset.moves.iter().filter(|m| m.person_id == "ada-moreschi");
        let mut list: Vec<_> = ada.map(|m| (m.announced_on, m.status)).collect();
        list.sort_unstable();
        list.into_iter().map(|(_, status)| status).collect()
    };
    let (brightloom, role) = ("Brightloom", "interim CEO");
    let tell = |id: &str, day: &str, from: &str, to: &str, role: &str, status: Status| {
        told(id, day, "Ada Moreschi", from, to, role, status)
    };
    let mut interim = tell("s1", "2024-01-10", brightloom, brightloom, role, Status::Announced);
    interim.moves[0].date = PartialDate::parse("2024-02-01");
    let mut for_good = tell("s2", "2024-09-25", brightloom, brightloom, "CEO", Status::Completed);
    for_good.moves[0].date = PartialDate::parse("2024-09-24");
    let two = [interim.clone(), for_good.clone()];
    assert_eq!(statuses(&two), [Status::Announced, Status::Completed]);
    for_good.moves[0].from_role = Some("interim CEO".to_owned());
    assert_eq!(statuses(&[interim, for_good]), [Status::Completed, Status::Completed]);
}

#[test]
fn decisions_hold_and_the_later_one_wins() {
    let claims = archive();
    let at = |i: usize, name: &str| NameAt {
        article: claims[i].article.text_sha256.clone(),
        name: name.to_owned(),
    };
    let decision = |id: &str, action: Action| Decision { id: id.to_owned(), action };
    let (a, b) = (at(3, "Marco Rossi"), at(4, "Marco Rossi"));
    let same = decision("1", Action::Same(MentionType::Person, a.clone(), b.clone()));
    let different = decision("2", Action::Different(MentionType::Person, b, a));
    let people = |decisions: &[Decision]| dataset(&claims, decisions).people.len();
    assert_eq!(people(&[]), 4);
    assert_eq!(people(std::slice::from_ref(&same)), 3);
    assert_eq!(people(&[same.clone(), different.clone()]), 4);
    assert_eq!(people(&[different.clone(), same.clone()]), 3);
    let notes = dataset(&claims, &[same, different]).notes;
    assert_eq!(notes, ["decision 2 overrides decision 1"]);

    let claim: valzer::resolve::ClaimId = claim_ids(&claims[4]).moves[0].as_str().into();
    let rejected = dataset(&claims, &[decision("3", Action::Reject(claim.clone()))]);
    assert!(rejected.moves.iter().all(|m| m.from_firm_id.as_deref() != Some("banca-sul-colle")));
    let edit = Action::Edit {
        claim: claim.clone(),
        slot: "status".to_owned(),
        value: Some("failed".to_owned()),
    };
    let edited = dataset(&claims, &[decision("4", edit)]);
    let failed = |d: &Dataset| d.moves.iter().filter(|m| m.status == Status::Failed).count();
    assert_eq!(failed(&edited), 1);
    let ill = Action::Edit { claim, slot: "status".to_owned(), value: Some("done".to_owned()) };
    let refused = dataset(&claims, &[decision("5", ill)]);
    assert_eq!(
        refused.notes,
        ["decision 5: 'done' is no status; write completed, announced, rumoured, failed, denied"]
    );
    let lost = dataset(&claims, &[decision("6", Action::Accept("0".repeat(24).as_str().into()))]);
    assert_eq!(lost.notes, ["decision 6: no article makes that claim any more"]);
}

#[test]
fn near_copies_count_once() {
    let words = "the board met on tuesday and named a new chief executive who joins next month from a rival \
                 after ten years in which sales doubled and the share price rose by more than half";
    let mut claims = vec![
        hire("c1", "2024-03-10", "Ada Moreschi", "Brightloom", "Ferriera Alta", "CEO"),
        hire("c2", "2024-03-11", "Ada Moreschi", "Brightloom", "Ferriera Alta", "CEO"),
    ];
    for (article, tail) in claims.iter_mut().zip(["", " it said in a note"]) {
        let text = format!("{} {words}{tail}", article.article.text);
        article.article.text_sha256 = valzer::model::sha256_hex(&text);
        article.article.text = text;
    }
    let dataset = dataset(&claims, &[]);
    let sha = |i: usize| claims[i].article.text_sha256.clone();
    assert_eq!(dataset.duplicates, [(sha(1), sha(0))]);
    assert_eq!((dataset.moves.len(), dataset.moves[0].n_articles), (1, 1));
}

#[test]
fn packed_facts_are_the_claims_and_spoilt_ones_are_refused() {
    let knowledge = Knowledge::without_firms();
    let mut claims: Vec<ArticleClaims> = (0..30).map(crate::support::claims).collect();
    claims.extend(archive());
    let mut set = ClaimSet::new();
    for article in &claims {
        assert!(set.add_packed(article.article.published_on, &pack(article)));
    }
    assert_eq!(resolve_set(set, &knowledge, &[]), resolve(&claims, &knowledge, &[]));

    let packed = pack(&claims[0]);
    for at in 0..packed.len() {
        assert!(!ClaimSet::new().add_packed(None, &packed[..at]), "{at} bytes");
        // Numbers too small and too large, lengths without end, broken letters: refused, or facts like any others.
        for byte in [0, 1, 0x7f, 0x80, 0xff] {
            let mut spoilt = packed.clone();
            spoilt[at] = byte;
            let mut set = ClaimSet::new();
            if set.add_packed(None, &spoilt) {
                resolve_set(set, &knowledge, &[]);
            } else {
                assert_eq!(set.n_claims(), 0, "{byte} at {at}");
            }
        }
    }
    assert!(!ClaimSet::new().add_packed(None, &[&packed[..], &[0]].concat()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_articles_changes_nothing(seed: u64) {
        let knowledge = Knowledge::without_firms();
        let mut claims: Vec<ArticleClaims> = (0..30).map(crate::support::claims).collect();
        claims.extend(archive());
        let expected = resolve(&claims, &knowledge, &[]);
        Random(seed).shuffle(&mut claims);
        let mut set = ClaimSet::new();
        for (i, article) in claims.iter().enumerate() {
            set.add(article);
            // An article met twice counts once.
            if i % 7 == 0 {
                set.add(article);
            }
        }
        prop_assert_eq!(resolve_set(set, &knowledge, &[]), expected);
    }
}

/// Returns a dossier of the corpus.
fn dossier(name: &str) -> Dossier {
    let folder = Path::new("corpus/dossiers").join(name);
    let read = |path: &Path| fs::read_to_string(path).expect("a file of the dossier");
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .expect("the dossier")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .collect();
    paths.sort();
    let articles: Vec<(String, String, String)> = paths
        .iter()
        .map(|path| {
            let id = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (id, read(path), read(&path.with_extension("json")))
        })
        .collect();
    Dossier::parse(&read(&folder.join("dataset.json")), &articles).expect("well-formed gold")
}

/// F1 of people, firms and merged moves that was reached on each dossier from its gold claims; it may only rise.
const DOSSIERS: &[(&str, f64, f64, f64)] = &[
    ("d1", 1.0, 1.0, 1.0),
    ("d2", 1.0, 1.0, 1.0),
    ("d3", 0.94, 0.97, 0.92),
    ("d4", 1.0, 1.0, 0.88),
    ("d5", 0.97, 0.95, 0.89),
    ("d6", 0.96, 0.98, 0.91),
];

#[test]
fn dossiers_hold_their_figures() {
    let mut report = String::new();
    let mut fell = Vec::new();
    for (name, people, firms, moves) in DOSSIERS {
        let dossier = dossier(name);
        let claims = dossier.gold_claims(true);
        let dataset = resolve(&claims, &Knowledge::default(), &[]);
        let figures = dossier.score(&claims, &dataset);
        let reached = [figures.people.f1(), figures.firms.f1(), figures.moves.f1()];
        report.push_str(&format!(
            "{name}: people {:.3}, firms {:.3}, moves {:.3} (articles {:.3}), copies {:.3}, never to merge but merged {}\n",
            reached[0],
            reached[1],
            reached[2],
            figures.articles.f1(),
            figures.duplicates.f1(),
            figures.merged_never
        ));
        for wrong in &figures.wrong {
            report.push_str(&format!("    {wrong}\n"));
        }
        if reached.iter().zip([people, firms, moves]).any(|(is, floor)| *is < *floor) {
            fell.push(*name);
        }
        assert_eq!(figures.duplicates.f1(), 1.0, "copies of {name}\n{report}");
    }
    assert!(fell.is_empty(), "{fell:?} fell\n{report}");
    // `cargo test dossiers -- --nocapture` with VALZER_REPORT set shows where it is still wrong.
    assert!(std::env::var_os("VALZER_REPORT").is_none(), "{report}");
}

/// What a labelled pair should be and what it came out as.
#[derive(Default)]
struct Tally {
    right: usize,
    all: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn share(&self) -> f64 {
        self.right as f64 / self.all.max(1) as f64
    }
}

/// Builds an article that says of a name what its context says: a firm, a role, a year.
fn in_context(id: &str, kind: &str, name: &str, context: &str) -> ArticleClaims {
    let mut article = hire(id, "", name, "", "", "");
    article.moves.clear();
    let mut position = PositionClaim {
        person: name.to_owned(),
        firm: None,
        role: None,
        tense: Tense::Current,
        started_on: None,
        ended_on: None,
        evidence: Vec::new(),
        rule: "test/context".to_owned(),
        confidence: 0.8,
    };
    for part in context.split(';').map(str::trim).filter(|p| !p.is_empty()) {
        let capital = |s: &str| s.starts_with(|c: char| c.is_uppercase());
        // "previously Aldermoor Capital", "ex-CFO of Kerrigan Foods", "viene da Banca Rivalta": a former post.
        let before = [
            "formerly of ",
            "formerly ",
            "previously ",
            "ex ",
            "ex-",
            "già in ",
            "già ",
            "viene da ",
            "direttore prodotto, ex ",
        ];
        let former = before.iter().find_map(|word| part.strip_prefix(word)).or_else(|| {
            [", formerly of ", ", ex ", ", previously "]
                .iter()
                .find_map(|w| part.split_once(w))
                .map(|(_, f)| f)
        });
        if let Some(former) = former {
            let firm = former.find(|c: char| c.is_uppercase()).map_or(former, |_| {
                let words: Vec<&str> = former.split(' ').collect();
                let at = words
                    .iter()
                    .position(|w| capital(w) && w.len() > 3 && w.chars().any(char::is_lowercase));
                let from: usize = words[..at.unwrap_or(0)].iter().map(|w| w.len() + 1).sum();
                &former[from..]
            });
            let mut old = position.clone();
            (old.firm, old.tense) = (Some(firm.to_owned()), Tense::Former);
            article.positions.push(old);
        } else if let Some(year) = PartialDate::parse(part) {
            article.article.published_on = Some(year);
        } else if capital(part) && position.firm.is_none() {
            position.firm = Some(part.to_owned());
        } else if position.role.is_none() {
            position.role = Some(part.to_owned());
        }
    }
    if kind == "firm" {
        article.mentions[0].mention_type = MentionType::Firm;
    } else {
        article.positions.push(position);
    }
    article
}

#[test]
fn labelled_name_pairs_hold_their_floors() {
    let knowledge = Knowledge::default();
    let mut tallies: BTreeMap<(String, String), Tally> = BTreeMap::new();
    let mut naive: BTreeMap<(String, String), Tally> = BTreeMap::new();
    let mut reader = csv::Reader::from_path("tests/names/pairs.csv").expect("the pairs");
    for record in reader.records() {
        let record = record.expect("a row");
        let [kind, a, at_a, b, at_b, same, grade] = std::array::from_fn(|i| &record[i]);
        let claims = [in_context("a", kind, a, at_a), in_context("b", kind, b, at_b)];
        let dataset = resolve(&claims, &knowledge, &[]);
        let mention_type = MentionType::parse(kind).expect("a kind");
        let mut ids: Vec<&str> = dataset
            .names
            .iter()
            .filter(|n| n.mention_type == mention_type && (*n.name == *a || *n.name == *b))
            .map(|n| &*n.id)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let place = (kind.to_owned(), grade.to_owned());
        for (found, tally) in [
            (ids.len() == 1, tallies.entry(place.clone()).or_default()),
            (valzer::text::fold(a) == valzer::text::fold(b), naive.entry(place).or_default()),
        ] {
            tally.all += 1;
            if found == (same == "yes") {
                tally.right += 1;
            } else {
                let verb = if found { "joined" } else { "kept apart" };
                tally.wrong.push(format!("{verb}: {a} ({at_a}) / {b} ({at_b}) [{}]", &record[7]));
            }
        }
    }
    let mut report = String::new();
    for (place, tally) in &tallies {
        report.push_str(&format!(
            "{} {}: {}/{} = {:.3} (naive {:.3})\n",
            place.0,
            place.1,
            tally.right,
            tally.all,
            tally.share(),
            naive[place].share()
        ));
        for wrong in &tally.wrong {
            report.push_str(&format!("    {wrong}\n"));
        }
    }
    for (kind, grade, floor) in FLOORS {
        let tally = &tallies[&((*kind).to_owned(), (*grade).to_owned())];
        assert!(tally.share() >= *floor, "{kind} {grade} fell below {floor}\n{report}");
    }
    // With VALZER_REPORT set it shows what is still wrong.
    assert!(std::env::var_os("VALZER_REPORT").is_none(), "{report}");
}

/// What was reached; it may only rise. The aim is 1.0 for STRONG and 0.95 for MEDIUM.
const FLOORS: &[(&str, &str, f64)] = &[
    ("firm", "STRONG", 0.947),
    ("firm", "MEDIUM", 0.81),
    ("person", "STRONG", 0.996),
    ("person", "MEDIUM", 0.954),
];
