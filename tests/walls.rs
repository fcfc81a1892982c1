//! The walls between the rooms of ARCHITECTURE.md: who may use whom, and which rooms stay pure.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms it may use, besides itself. `error` has no room of its own and is open to all.
const MAY_USE: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("model", &["text"]),
    ("lang", &["text", "model"]),
    ("knowledge", &["text", "lang", "model"]),
    ("error", &[]),
    ("ingest", &["text", "model"]),
    ("extract", &["text", "lang", "model", "knowledge"]),
    ("resolve", &["text", "lang", "model", "knowledge", "extract"]),
    ("store", &["text", "lang", "model", "knowledge", "ingest", "extract", "resolve"]),
    ("export", &["text", "lang", "model", "knowledge", "extract", "resolve", "store"]),
    ("eval", &["text", "lang", "model", "knowledge", "extract", "resolve"]),
    ("report", &["text", "lang", "model", "knowledge", "extract", "resolve", "store"]),
    (
        "pipeline",
        &[
            "text",
            "lang",
            "model",
            "knowledge",
            "ingest",
            "extract",
            "resolve",
            "store",
            "export",
            "report",
            "eval",
        ],
    ),
];

/// What the pure rooms must not touch: the same article gives the same claims wherever and whenever it is read.
const PURE: &[&str] = &["text", "lang", "model", "extract", "resolve", "eval"];
const IMPURE: &[&str] =
    &["std::fs", "std::io", "std::env", "std::net", "std::process", "SystemTime", "Instant::now"];

/// Crates that belong to one room.
const OWNED: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("refinery", &["store"]),
    ("csv", &["export", "knowledge"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli", "pipeline"]),
    ("chardetng", &["ingest"]),
    ("walkdir", &["ingest"]),
    ("postcard", &["resolve", "store"]),
];

/// Macros that print, which only the command line may.
const PRINTING: &[&str] = &["println!(", "print!(", "eprintln!(", "eprint!(", "dbg!("];

#[test]
fn every_room_uses_only_the_rooms_below_it() {
    let may_use: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    let rooms: Vec<&str> = may_use.keys().copied().chain(["cli"]).collect();
    let mut broken = Vec::new();
    each_line(|room, place, line| {
        let Some(allowed) = may_use.get(room) else { return };
        for used in used_rooms(line) {
            let is_open =
                used == room || used == "error" || used == "Error" || allowed.contains(&used);
            if !is_open && rooms.contains(&used) {
                broken.push(format!("{place}: {room} may not use {used}: {line}"));
            }
        }
    });
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn pure_rooms_touch_neither_files_nor_clock_nor_environment() {
    let mut broken = Vec::new();
    each_line(|room, place, line| {
        if PURE.contains(&room)
            && let Some(what) = IMPURE.iter().find(|what| line.contains(**what))
        {
            broken.push(format!("{place}: {room} is pure and may not use {what}: {line}"));
        }
    });
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn some_crates_belong_to_one_room_and_only_the_command_line_prints() {
    let mut broken = Vec::new();
    each_line(|room, place, line| {
        for (name, owners) in OWNED {
            let uses =
                line.contains(&format!("{name}::")) || line.contains(&format!("use {name};"));
            let is_ours =
                line.contains(&format!("::{name}::")) || line.contains(&format!("_{name}::"));
            if uses && !is_ours && !owners.contains(&room) {
                broken.push(format!("{place}: {name} belongs to {owners:?}: {line}"));
            }
        }
        let prints = PRINTING.iter().any(|what| line.contains(what));
        if prints && room != "cli" {
            broken.push(format!("{place}: only the command line prints: {line}"));
        }
    });
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn a_use_line_names_its_rooms() {
    for (line, rooms) in [
        ("use crate::model::{Article, Kind};", vec!["model"]),
        ("use crate::{text::Span, model::Kind, Error};", vec!["text", "model", "Error"]),
        ("let x = crate::store::open(crate::text::fold(y));", vec!["store", "text"]),
        ("// crate::store is not used", vec![]),
        ("use super::Slot;", vec![]),
    ] {
        assert_eq!(used_rooms(line), rooms, "{line}");
    }
}

/// Calls `check` with the room, the place and the text of every line of code of the library; tests of a file are left out.
fn each_line(mut check: impl FnMut(&str, &str, &str)) {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut n_files = 0;
    for path in rust_files(&src) {
        let relative = path.strip_prefix(&src).expect("a file of src");
        let room = relative.components().next().expect("a name").as_os_str().to_string_lossy();
        let room = room.trim_end_matches(".rs");
        if matches!(room, "lib" | "main" | "bin") {
            continue;
        }
        n_files += 1;
        let text = fs::read_to_string(&path).expect("a source file");
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        // `export` has a module with the name of the crate behind it.
        let code =
            if code.contains("export::csv") { code.replace("csv::", "") } else { code.to_owned() };
        for (i, line) in code.lines().enumerate() {
            if !line.trim_start().starts_with("//") {
                check(room, &format!("src/{}:{}", relative.display(), i + 1), line.trim());
            }
        }
    }
    assert!(n_files > 20, "the source files were not found");
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The first names after each `crate::`, those in braces included.
fn used_rooms(line: &str) -> Vec<&str> {
    let code = line.split("//").next().unwrap_or_default();
    let mut rooms = Vec::new();
    for after in code.split("crate::").skip(1) {
        let first = |text: &'_ str| text.find(|c: char| !c.is_alphanumeric() && c != '_');
        match after.strip_prefix('{') {
            None => rooms.push(&after[..first(after).unwrap_or(after.len())]),
            Some(list) => {
                let list = &list[..list.rfind('}').unwrap_or(list.len())];
                let mut depth = 0;
                for part in list.split_inclusive([',', '{', '}']) {
                    let name = part.trim_start();
                    let name = &name[..first(name).unwrap_or(name.len())];
                    if depth == 0 && !name.is_empty() {
                        rooms.push(name);
                    }
                    depth += i32::from(part.ends_with('{')) - i32::from(part.ends_with('}'));
                }
            }
        }
    }
    rooms
}
