//! Compiles what the program reads in place: the language packs, the lists of names and the trained weights.

#[path = "src/model/kinds.rs"]
#[allow(dead_code, unreachable_pub)]
mod model;
#[path = "src/text/mod.rs"]
#[allow(dead_code, unreachable_pub, unused_imports)]
mod text;
#[allow(dead_code, unreachable_pub)]
mod lang {
    #[path = "../src/lang/compile.rs"]
    pub(crate) mod compile;
    #[path = "../src/lang/form.rs"]
    mod form;
    #[path = "../src/lang/inflect.rs"]
    mod inflect;
    #[path = "../src/lang/pack.rs"]
    pub(crate) mod pack;
    #[path = "../src/lang/phrase.rs"]
    mod phrase;
    #[path = "../src/lang/table.rs"]
    mod table;
}

#[path = "src/extract/classes.rs"]
mod classes;

use classes::{KIND_CLASSES, NAME_CLASSES, STATUS_CLASSES};
use lang::compile::{Files, compile, compile_names};
use lang::pack::List;
use model::Language;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    for place in ["src/lang", "src/text", "src/model/kinds.rs", "src/extract/classes.rs"] {
        println!("cargo::rerun-if-changed={place}");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let mut learnt = 0;
    for (language, code) in [(Language::Italian, "it"), (Language::English, "en")] {
        write_pack(&out, language, code, &mut learnt);
    }
    write_names(&out, &mut learnt);
    let words = word_classes(&read("lang/word_classes.tsv", &mut learnt));
    let start = |part: u64| words.partition_point(|(entry, _)| entry >> 50 < part) as u32;
    let starts = (0..=1 << 14).flat_map(|part| start(part).to_le_bytes());
    let entries = words.iter().flat_map(|(entry, _)| entry.to_le_bytes());
    write(&out, "word_classes.bin", &starts.chain(entries).collect::<Vec<u8>>());
    write(&out, "word_vectors.bin", &word_vectors(&words, &mut learnt));
    let (plain, classed) = weights(&read("src/extract/weights.tsv", &mut learnt));
    write(&out, "weights.bin", &plain);
    write(&out, "class_weights.bin", &classed);
    write(&out, "net.bin", &net(&read("src/extract/net.tsv", &mut learnt)));
    println!("cargo::rustc-env=VALZER_LEARNT={learnt:016x}");
}

/// Returns a file's text; `learnt` changes with it.
fn read(path: &str, learnt: &mut u64) -> String {
    println!("cargo::rerun-if-changed={path}");
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    *learnt = learnt.rotate_left(5) ^ text::hash(text.as_bytes());
    text
}

fn write(out: &Path, name: &str, bytes: &[u8]) {
    let path = out.join(name);
    fs::write(&path, bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}

fn write_pack(out: &Path, language: Language, code: &str, learnt: &mut u64) {
    let mut file = |name: &str| read(&format!("lang/{code}/{name}.toml"), learnt);
    let files = Files {
        frames: &file("frames"),
        verbs: &file("verbs"),
        cues: &file("cues"),
        words: &file("words"),
        roles: &file("roles"),
    };
    let tables =
        compile(language, &files).unwrap_or_else(|problem| panic!("lang/{code}/{problem}"));
    write(out, &format!("{code}.json"), tables.lists.as_bytes());
    write(out, &format!("{code}.phrases"), &tables.phrases);
    write(out, &format!("{code}.forms"), &tables.forms);
    write(out, &format!("{code}.verbs"), &tables.verbs);
}

fn write_names(out: &Path, learnt: &mut u64) {
    let given_names = read("knowledge/given_names.txt", learnt);
    let surnames = read("knowledge/surnames.txt", learnt);
    let firms = read("knowledge/firms.csv", learnt);
    let firms: Vec<String> = firms.lines().skip(1).flat_map(firm_names).collect();
    let people = [(&given_names, List::GivenName), (&surnames, List::Surname)];
    let people = people.into_iter().flat_map(|(file, list)| {
        let names = file.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
        names.map(move |name| (name, list))
    });
    let firms = firms.iter().map(|name| (name.as_str(), List::KnownFirm));
    let words = read("lang/en/words.toml", learnt);
    let names = compile_names(&words, people.chain(firms))
        .unwrap_or_else(|problem| panic!("lang/en/{problem}"));
    write(out, "names.phrases", &names);
}

/// Returns the name, aliases and former names of a line of `firms.csv`.
fn firm_names(line: &str) -> Vec<String> {
    let fields = csv_fields(line);
    let list = |n: usize| fields.get(n).into_iter().flat_map(|f| f.split('|'));
    let mut names: Vec<String> = fields.first().cloned().into_iter().collect();
    names.extend(list(5).map(str::to_owned));
    names.extend(list(6).map(|f| f.split(" (").next().unwrap_or("").to_owned()));
    names.retain(|n| n.chars().count() > 1);
    names
}

/// Returns the fields of one line of a CSV file that has no line breaks inside its quotes.
fn csv_fields(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    fields.push(field);
    fields
}

/// Returns the entries of `word<TAB>leaf` lines that `src/lang/classes.rs` describes, each with the number of its line.
fn word_classes(lines: &str) -> Vec<(u64, usize)> {
    let mut entries: Vec<(u64, usize)> = lines
        .lines()
        .enumerate()
        .map(|(n, line)| {
            let (word, leaf) = line
                .split_once('\t')
                .and_then(|(word, leaf)| Some((word, leaf.parse::<u16>().ok()?)))
                .unwrap_or_else(|| panic!("word_classes.tsv: line {} is no word and class", n + 1));
            (text::hash(word.as_bytes()) >> 16 << 16 | u64::from(leaf), n)
        })
        .collect();
    entries.sort_unstable();
    entries
}

/// Returns the vectors of `lang/word_vectors.bin` in the order of the entries.
fn word_vectors(words: &[(u64, usize)], learnt: &mut u64) -> Vec<u8> {
    let path = "lang/word_vectors.bin";
    println!("cargo::rerun-if-changed={path}");
    let file = fs::read(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    *learnt = learnt.rotate_left(5) ^ text::hash(&file);
    let (steps, vectors) = file.split_at(4 * 64);
    assert_eq!(vectors.len(), 32 * words.len(), "{path} and word_classes.tsv differ in length");
    let of = |(_, line): &(u64, usize)| &vectors[32 * line..][..32];
    steps.iter().chain(words.iter().flat_map(of)).copied().collect()
}

/// Returns the parameters of lines of a name and whole numbers, one after the other as `src/extract/net` reads them.
fn net(lines: &str) -> Vec<u8> {
    let numbers = lines.lines().enumerate().flat_map(|(n, line)| {
        line.split('\t').skip(1).map(move |number| {
            let number: Result<i16, _> = number.parse();
            number.unwrap_or_else(|e| panic!("net.tsv: line {}: {e}", n + 1))
        })
    });
    numbers.flat_map(i16::to_le_bytes).collect()
}

/// Returns the tables of `feature<TAB>weight` lines that `src/extract/linear.rs` describes: of the models without classes and
/// of those with.
fn weights(lines: &str) -> (Vec<u8>, Vec<u8>) {
    let mut plain: BTreeMap<u64, [i16; 5]> = BTreeMap::new();
    let mut classed = plain.clone();
    for (n, line) in lines.lines().enumerate() {
        let (name, weight) = line
            .rsplit_once('\t')
            .and_then(|(name, weight)| Some((name, weight.parse::<f32>().ok()?)))
            .unwrap_or_else(|| panic!("weights.tsv: line {} is no feature and weight", n + 1));
        let thousandths = (weight * 1000.0).round() as i16;
        assert!(
            f32::from(thousandths) / 1000.0 == weight,
            "weights.tsv: line {}: {weight} has more than three decimals or is too large",
            n + 1
        );
        let classes = classes_of(name.split(' ').next().unwrap_or(""));
        if classes.is_empty() {
            plain.entry(text::hash(name.as_bytes())).or_default()[0] = thousandths;
            continue;
        }
        let ends = |class: &&str| name.ends_with(*class);
        let class = classes.iter().position(ends);
        let class = class.unwrap_or_else(|| panic!("weights.tsv: line {} has no class", n + 1));
        let feature = &name[..name.len() - classes[class].len()];
        classed.entry(text::hash(feature.as_bytes())).or_default()[class] = thousandths;
    }
    (feature_table::<8>(&plain), feature_table::<4>(&classed))
}

/// Returns the classes of a model; none where it is a choice among other candidates.
fn classes_of(model: &str) -> &'static [&'static str] {
    match model {
        "name" | "name2" => &NAME_CLASSES,
        "status" => &STATUS_CLASSES,
        "kind" => &KIND_CLASSES,
        _ => &[],
    }
}

/// Returns a table of features with up to `SLOTS` a line. An eighth of it stays free: with less, more features stand away from
/// their place, with more the program is larger.
fn feature_table<const SLOTS: usize>(features: &BTreeMap<u64, [i16; 5]>) -> Vec<u8> {
    let mut lines = vec![[0_u64; 8]; 8 * features.len() / (7 * SLOTS) + 1];
    for (feature, weights) in features {
        let mut at = text::place(*feature, lines.len());
        let slot = loop {
            let free = lines[at][..SLOTS].iter().position(|entry| *entry == 0);
            if let Some(slot) = free {
                break slot;
            }
            at = (at + 1) % lines.len();
        };
        let bits = weights.map(|weight| u64::from(weight as u16));
        lines[at][slot] = feature << 16 | bits[0];
        if SLOTS < 8 {
            let others = bits[1..].iter().rev().fold(0, |all, weight| all << 16 | weight);
            lines[at][SLOTS + slot] = others;
        }
    }
    lines.iter().flatten().flat_map(|number| number.to_le_bytes()).collect()
}
