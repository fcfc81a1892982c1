//! The figures of `eval` are those of the reference scorer.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use valzer::eval::{
    Evaluation, GoldArticle, Prediction, Slot, Verdict, cases_csv, evaluate, list, score, table,
};
use valzer::extract::Extractor;
use valzer::ingest::{Ingested, ingest};
use valzer::model::{Article, Language};

fn gold(json: &Value) -> GoldArticle {
    GoldArticle::parse(&json.to_string()).expect("gold")
}

fn prediction(json: &Value) -> Prediction {
    Prediction::from_json(json).expect("a prediction")
}

fn gold_move(person: &str, kind: Value, from_firm: Value, to_firm: Value) -> Value {
    json!({"person": person, "kind": kind, "from_firm": from_firm, "to_firm": to_firm, "from_role": null,
           "to_role": null, "date": null, "status": ["completed"], "optional": false})
}

fn run(gold_moves: Vec<Value>, predicted_moves: Vec<Value>) -> valzer::eval::Scored {
    score(
        &prediction(&json!({"id": "t", "moves": predicted_moves})),
        &gold(&json!({"id": "t", "moves": gold_moves, "positions": []})),
    )
}

#[test]
fn a_move_is_right_with_person_kind_and_both_firms() {
    let gold = || {
        vec![gold_move(
            "Ada Blu",
            json!(["hire", "return"]),
            json!(["Acme S.p.A."]),
            json!(["Borealis", "BRL"]),
        )]
    };
    for (predicted, is_right) in [
        (
            json!({"person": "Ada M. Blu", "kind": "return", "from_firm": "ACME", "to_firm": "BRL Inc."}),
            true,
        ),
        (
            json!({"person": ["Ada Blu"], "kind": ["hire"], "from_firm": "Acme", "to_firm": "Borealis"}),
            true,
        ),
        (
            json!({"person": "Blu", "kind": "hire", "from_firm": "Acme", "to_firm": "Borealis"}),
            false,
        ),
        (
            json!({"person": "Ada Blu", "kind": "departure", "from_firm": "Acme", "to_firm": "Borealis"}),
            false,
        ),
        (
            json!({"person": "Ada Blu", "kind": "hire", "from_firm": null, "to_firm": "Borealis"}),
            false,
        ),
        (json!({"person": "Ada Blu", "kind": "hire", "from_firm": "Acme", "to_firm": " "}), false),
    ] {
        let counts = run(gold(), vec![predicted.clone()]).counts;
        let found = (counts.moves_right, counts.moves_wrong, counts.moves_missed);
        assert_eq!(found, if is_right { (1, 0, 0) } else { (0, 1, 1) }, "{predicted}");
    }
}

#[test]
fn a_firm_may_stay_empty_where_gold_allows_it() {
    let gold = vec![gold_move("Ada Blu", json!(["hire"]), json!(["X", null]), json!(["Y"]))];
    let counts =
        run(gold, vec![json!({"person": "Ada Blu", "kind": "hire", "to_firm": "Y"})]).counts;
    assert_eq!(counts.moves_right, 1);
}

#[test]
fn an_optional_twin_does_not_take_the_prediction_of_a_required_move() {
    let mut optional = gold_move("A B", json!(["hire"]), json!(["X"]), json!(["Y"]));
    optional["optional"] = json!(true);
    let required = gold_move("A B", json!(["hire", "return"]), json!(["X"]), json!(["Y"]));
    let predicted =
        |kind: &str| json!({"person": "A B", "kind": kind, "from_firm": "X", "to_firm": "Y"});
    let scored = run(vec![optional, required], vec![predicted("hire"), predicted("return")]);
    let c = scored.counts;
    assert_eq!((c.moves_right, c.moves_wrong, c.moves_missed, c.moves_optional), (1, 0, 0, 1));
}

#[test]
fn a_completed_move_that_gold_denies_or_does_not_know_is_false() {
    let mut denied = gold_move("A B", json!(["departure"]), json!(["X"]), json!(null));
    denied["status"] = json!(["denied", "failed"]);
    let told = |person: &str| json!({"person": person, "kind": "departure", "from_firm": "X", "status": "completed"});
    let scored = run(vec![denied], vec![told("A B"), told("C D")]);
    let falsely: Vec<_> = scored.moves.iter().map(|r| r.false_completed.as_deref()).collect();
    assert_eq!(falsely, [Some("denied/failed"), Some("nothing")]);
    assert_eq!((scored.counts.completed_contradicted, scored.counts.completed_nothing), (1, 1));
    assert_eq!(scored.moves[0].verdict, Verdict::Right, "status is not part of strict");
}

#[test]
fn lists_and_tables_name_what_was_missed() {
    let gold = vec![gold(
        &json!({"id": "en-1", "moves": [gold_move("Ada Blu", json!(["hire"]), json!(null), json!(["Y"]))],
        "positions": [{"person": "Ada Blu", "firm": ["Y"], "role": null, "tense": "current", "optional": false}]}),
    )];
    let evaluation = evaluate(&gold, &BTreeMap::new());
    assert_eq!(
        list(&evaluation),
        "en-1\tmissed\tmove\t  gold: Ada Blu · kind=hire · to_firm=Y · status=completed\n\
         en-1\tmissed\tposition\t  gold: Ada Blu · Y ·  · current\n"
    );
    let csv = cases_csv(&evaluation);
    assert_eq!(csv.lines().count(), 2);
    let n_columns = |line: &str| line.split(',').count();
    assert!(csv.lines().all(|line| n_columns(line) == 7 + 3 * Slot::ALL.len()), "{csv}");
    let summaries = evaluation.summaries();
    assert_eq!(summaries.len(), 1, "one language: no second table");
    assert!(table("all", &summaries[0].1).contains("right 0, wrong 0, missed 1"));
}

#[test]
fn gold_as_claims_is_grounded_and_scores_all_right() {
    let text = "Ada Blu è andata via.\nLa Acme S.p.A. saluta Ada Blu, direttrice generale: va alla Borealis.\n";
    let mut one =
        gold_move("Ada Blu", json!(["hire"]), json!(["Acme S.p.A.", "Acme"]), json!(["Borealis"]));
    one["date"] = json!(["2024-09"]);
    one["from_role"] = json!(["CEO", "direttrice generale"]);
    let gold = gold(&json!({"id": "it-1", "language": "it", "moves": [one], "positions": [
        {"person": "Ada Blu", "firm": ["Borealis"], "role": ["CEO"], "tense": ["current"], "optional": false}]}));
    let article = Article::from_text("it-1", text, Language::Italian, None);
    let claims = gold.to_claims(&article);
    assert_eq!(claims.moves[0].from_role.as_deref(), Some("direttrice generale"));
    assert_eq!(claims.positions[0].role.as_deref(), Some("CEO"));
    let evidence = claims.moves.iter().flat_map(|m| &m.evidence);
    for e in evidence.chain(claims.positions.iter().flat_map(|p| &p.evidence)) {
        assert_eq!(e.span.of(text), e.quote);
        assert!(!e.quote.is_empty());
    }
    let counts = score(&Prediction::from_claims("it-1", &claims), &gold).counts;
    assert_eq!((counts.moves_right, counts.moves_wrong, counts.positions_right), (1, 0, 1));
}

#[test]
fn figures_are_those_of_the_reference_scorer() {
    let Some(shared) = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("shared"))
        .find(|shared| shared.join("tools/score.py").exists())
    else {
        eprintln!("skipped: the reference scorer is not here");
        return;
    };
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("skipped: python3 is not here");
        return;
    }
    let mut random = Random(7);
    let mut n_predictions = 0;
    let corpus = shared.join("corpus/dev");
    let gold = read_gold(&corpus);
    for round in 0..7 {
        let names: Vec<Value> = gold
            .values()
            .flat_map(|g| g["moves"].as_array().into_iter().flatten())
            .flat_map(|m| [m["person"].clone(), m["from_firm"][0].clone(), m["to_role"][0].clone()])
            .collect();
        let mut predictions = Vec::new();
        for one in gold.values() {
            if random.chance(97) {
                predictions.push(perturbed(one, &names, round, &mut random));
            }
        }
        n_predictions += predictions.len();
        compare(&shared.join("tools/score.py"), &corpus, &gold, predictions);
    }
    assert!(n_predictions > 300);
}

fn read_gold(folder: &Path) -> BTreeMap<PathBuf, Value> {
    let mut gold = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("the corpus") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|e| e == "json") {
            let text = fs::read_to_string(&path).expect("gold");
            gold.insert(path, serde_json::from_str(&text).expect("JSON"));
        }
    }
    gold
}

/// Runs both scorers; Python compares, since it reads the last digit of a number back exactly.
fn compare(scorer: &Path, corpus: &Path, gold: &BTreeMap<PathBuf, Value>, predictions: Vec<Value>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| folder.path().join(name);
    let parsed: BTreeMap<String, Prediction> =
        predictions.iter().map(prediction).map(|p| (p.id.clone(), p)).collect();
    let gold: Vec<GoldArticle> = gold.values().map(self::gold).collect();
    let evaluation: Evaluation = evaluate(&gold, &parsed);
    let ours: BTreeMap<_, _> = evaluation.summaries().into_iter().collect();
    fs::write(at("predictions.json"), Value::from(predictions).to_string()).expect("written");
    fs::write(at("ours.json"), serde_json::to_string(&ours).expect("JSON")).expect("written");
    let status = Command::new("python3")
        .arg(scorer)
        .args([at("predictions.json"), corpus.to_owned(), "--json".into(), at("theirs.json")])
        .output()
        .expect("the reference scorer runs");
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
    let script = "import json, sys\n\
        a, b = (json.load(open(f)) for f in sys.argv[1:])\n\
        assert set(a) == set(b), (set(a), set(b))\n\
        for group in a:\n    for figure, value in a[group].items():\n        \
        assert b[group][figure] == value, (group, figure, value, b[group][figure])";
    let same = Command::new("python3")
        .args(["-c", script])
        .args([at("theirs.json"), at("ours.json")])
        .output()
        .expect("python3 runs");
    assert!(same.status.success(), "{}", String::from_utf8_lossy(&same.stderr));
}

/// The gold of an article with mistakes of every sort; the higher `noise`, the more.
fn perturbed(gold: &Value, names: &[Value], noise: u64, random: &mut Random) -> Value {
    let mut rows = |key: &str, slots: &[&str]| -> Vec<Value> {
        let mut rows = Vec::new();
        for row in gold[key].as_array().into_iter().flatten() {
            let n_copies = [1, 1, 1, 1, 0, 2][random.below(6)];
            for _ in 0..n_copies {
                let mut one = serde_json::Map::new();
                let person = row["person"].as_str().unwrap_or("").to_owned();
                let person = if random.chance(5) {
                    pick(names, random)
                } else {
                    json!(respelled(&person, random))
                };
                one.insert("person".to_owned(), person);
                for slot in slots {
                    let answers = match &row[*slot] {
                        Value::Array(items) => items.clone(),
                        other => vec![other.clone()],
                    };
                    let mut value = pick(&answers, random);
                    if random.chance(4 + 6 * noise) {
                        value = match random.below(6) {
                            0 => Value::Null,
                            1 => pick(names, random),
                            2 => json!(
                                ["completed", "announced", "rumoured", "failed", "denied"]
                                    [random.below(5)]
                            ),
                            3 => json!(
                                ["departure", "hire", "role_change", "founding", "return"]
                                    [random.below(5)]
                            ),
                            4 => json!(["2024", "2024-09", "2023-01-02"][random.below(3)]),
                            _ => row[*slot].clone(),
                        };
                    } else if let Value::String(text) = &value {
                        value = json!(respelled(text, random));
                    }
                    if !random.chance(3) {
                        one.insert((*slot).to_owned(), value);
                    }
                }
                rows.push(Value::Object(one));
            }
        }
        if random.chance(50) {
            rows.reverse();
        }
        rows
    };
    let moves = rows("moves", &Slot::ALL.map(Slot::as_str));
    let positions = rows("positions", &["firm", "role", "tense"]);
    json!({"id": gold["id"], "moves": moves, "positions": positions})
}

fn pick(values: &[Value], random: &mut Random) -> Value {
    if values.is_empty() { Value::Null } else { values[random.below(values.len())].clone() }
}

fn respelled(text: &str, random: &mut Random) -> String {
    match random.below(14) {
        0 => text.to_uppercase(),
        1 => format!("  {text} "),
        2 => format!("{text} S.p.A."),
        3 => format!("the {text}"),
        4 => format!("Mr. {text} Jr."),
        5 => format!("{text}’s"),
        6 => text.replace('-', " ").replace('.', ""),
        _ => text.to_owned(),
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n as u64) as usize
    }

    fn chance(&mut self, percent: u64) -> bool {
        (self.below(100) as u64) < percent
    }
}

/// The figures on corpus/dev may rise, never fall. `UPDATE=1 cargo test figures_on_dev` writes the present ones.
#[test]
fn figures_on_dev_do_not_fall() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (dev, kept) = (root.join("corpus/dev"), root.join("tests/fixtures/eval/dev.json"));
    if !dev.exists() {
        eprintln!("skipped: corpus/dev is not here");
        return;
    }
    let extractor = Extractor::new(&valzer::extract::Options::default());
    let mut predictions = BTreeMap::new();
    let gold = read_gold(&dev);
    for (path, gold) in &gold {
        let inputs = [path.with_extension("txt")];
        let id = gold["id"].as_str().expect("an id");
        ingest(&inputs, &valzer::ingest::Options::default(), &mut |one| {
            if let Ingested::Article(article) = one {
                let found = Prediction::from_claims(id, &extractor.extract(&article));
                predictions.insert(id.to_owned(), found);
            }
        })
        .expect("the text stands beside its gold");
    }
    let gold: Vec<GoldArticle> = gold.values().map(self::gold).collect();
    let mut now = serde_json::Map::new();
    for (group, s) in evaluate(&gold, &predictions).summaries() {
        // Three decimals: one article of the corpus more or less moves the third.
        let round = |figure: f64| (figure * 1000.0).round() / 1000.0;
        now.insert(format!("{group} move_strict_f"), json!(round(s.move_strict.prf.f)));
        now.insert(format!("{group} slots_f"), json!(round(s.slots.prf.f)));
        now.insert(format!("{group} positions_f"), json!(round(s.positions.prf.f)));
        let share =
            f64::from(s.false_completed.total) / f64::from(s.false_completed.of_completed.max(1));
        now.insert(format!("{group} not_false_completed"), json!(round(1.0 - share)));
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(kept.parent().expect("a folder")).expect("written");
        let text = serde_json::to_string_pretty(&now).expect("JSON");
        fs::write(&kept, text + "\n").expect("written");
    }
    let Ok(kept) = fs::read_to_string(&kept) else { return };
    let kept: BTreeMap<String, f64> = serde_json::from_str(&kept).expect("figures");
    for (name, before) in kept {
        let figure = now.get(&name).and_then(Value::as_f64).unwrap_or_default();
        assert!(figure >= before, "{name} was {before} and is {figure}");
    }
}
