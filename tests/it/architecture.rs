//! Holds the code against the tables of ARCHITECTURE.md: which room may use which, and which
//! room names which dependency. Also: every module says what it owns, and none grows too long.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::rust_source::{self, Source};

const LONGEST_FILE: usize = 400;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every source file, by its path below `src/`.
fn sources() -> BTreeMap<String, Source> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let name = path.strip_prefix(root().join("src")).unwrap();
                let text = fs::read_to_string(&path).unwrap();
                found.insert(name.display().to_string(), Source::read(&text));
            }
        }
    }
    found
}

/// The room that a file belongs to; `lib.rs` belongs to none.
fn room_of(file: &str) -> Option<&str> {
    let first = file.split('/').next().unwrap_or(file);
    let room = first.strip_suffix(".rs").unwrap_or(first);
    (room != "lib").then_some(room)
}

/// Files that hold tests only.
fn is_test_file(file: &str) -> bool {
    file.ends_with("tests.rs") || file.contains("/tests/")
}

/// The rows of the table of ARCHITECTURE.md whose heading row begins with `heading`.
fn table(heading: &str) -> Vec<Vec<String>> {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let start = format!("| {heading} |");
    let rows = page.lines().skip_while(|line| !line.starts_with(&start));
    let rows = rows.skip(2).take_while(|line| line.starts_with('|'));
    let cells = |line: &str| {
        let inner = line.trim_matches('|').split('|');
        inner.map(|cell| cell.trim().to_owned()).collect()
    };
    rows.map(cells).collect()
}

/// The words in backticks.
fn ticked(cell: &str) -> Vec<String> {
    cell.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// What each room may use; `None` for everything.
fn rooms() -> BTreeMap<String, Option<BTreeSet<String>>> {
    let mut rooms = BTreeMap::new();
    for row in table("room") {
        let allowed = match row[2].as_str() {
            "everything" => None,
            cell => Some(ticked(cell).into_iter().collect()),
        };
        for room in ticked(&row[0]) {
            rooms.insert(room, allowed.clone());
        }
    }
    rooms
}

#[track_caller]
fn insist_on_none(violations: &[String]) {
    assert!(violations.is_empty(), "\n{}\n", violations.join("\n"));
}

#[test]
fn rooms_use_only_what_the_table_allows() {
    let rooms = rooms();
    assert!(rooms.len() > 10, "the table was not found");
    let mut violations = Vec::new();
    for (file, source) in sources() {
        let Some(room) = room_of(&file).filter(|_| !is_test_file(&file)) else {
            continue;
        };
        let Some(allowed) = rooms.get(room) else {
            violations.push(format!(
                "src/{file}: `{room}` has no row in ARCHITECTURE.md"
            ));
            continue;
        };
        for (line, used) in source.rooms_used(file.split('/').count()) {
            let fine = used == room || used == "error" || !rooms.contains_key(&used);
            if !fine
                && allowed
                    .as_ref()
                    .is_some_and(|allowed| !allowed.contains(&used))
            {
                violations.push(format!("src/{file}:{line}: `{room}` may not use `{used}`"));
            }
        }
    }
    insist_on_none(&violations);
}

#[test]
fn every_dependency_has_one_owner() {
    let declared = dependencies();
    let owners: BTreeMap<String, String> = table("crate")
        .into_iter()
        .map(|row| {
            (
                ticked(&row[0]).concat(),
                row[1].trim_matches('`').to_owned(),
            )
        })
        .collect();
    let rows: BTreeSet<_> = owners.keys().cloned().collect();
    assert_eq!(declared, rows, "Cargo.toml and ARCHITECTURE.md differ");
    let mut violations = Vec::new();
    for (file, source) in sources() {
        let Some(room) = room_of(&file).filter(|_| !is_test_file(&file)) else {
            continue;
        };
        for (line, used) in source.crates_used() {
            let owner = owners
                .get(&used.replace('_', "-"))
                .or_else(|| owners.get(&used));
            if let Some(owner) = owner.filter(|owner| *owner != "everyone" && *owner != room) {
                violations.push(format!("src/{file}:{line}: `{used}` belongs to `{owner}`"));
            }
        }
    }
    insist_on_none(&violations);
}

/// The names under `[dependencies]` in Cargo.toml.
fn dependencies() -> BTreeSet<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let lines = manifest
        .lines()
        .skip_while(|line| *line != "[dependencies]");
    let lines = lines.skip(1).take_while(|line| !line.starts_with('['));
    let names = lines.filter_map(|line| line.split_once(" = "));
    names.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn every_module_says_what_it_owns() {
    let silent = sources()
        .into_iter()
        .filter(|(_, source)| !source.opens_with_docs);
    let lines: Vec<_> = silent
        .map(|(file, _)| format!("src/{file}: does not open with `//!`"))
        .collect();
    insist_on_none(&lines);
}

#[test]
fn no_file_is_too_long() {
    let mut violations = Vec::new();
    for (file, source) in sources() {
        let length = source.length;
        if length > LONGEST_FILE && !is_test_file(&file) {
            violations.push(format!("src/{file}: {length} lines without its tests"));
        }
    }
    insist_on_none(&violations);
}

#[test]
fn use_trees_are_taken_apart() {
    let source = Source::read(
        "//! Doc with crate::yaml::x.\nuse std::{fs, time::Duration};\nuse crate::{\n    model::{A, B as C},\n    vcs,\n};\nuse git2::Repository;\nfn f() { let x = \"crate::http::y\"; fs::read(x); serde_json::to_string(&x); time::sleep(vcs::z()) }\n// crate::cache\nfn g() -> super::yaml::T { crate::fsx::read() }\n#[cfg(test)]\nmod tests {\n    use crate::http::Client;\n}\n",
    );
    let rooms = [(3, "model"), (3, "vcs"), (10, "fsx"), (10, "yaml")];
    let rooms: BTreeSet<_> = rooms.map(|(line, room)| (line, room.to_owned())).into();
    assert_eq!(source.rooms_used(1), rooms);
    let crates: BTreeSet<_> = source
        .crates_used()
        .into_iter()
        .map(|(_, used)| used)
        .collect();
    assert!(
        crates.contains("git2") && crates.contains("serde_json"),
        "{crates:?}"
    );
    assert!(
        !crates.contains("fs") && !crates.contains("vcs"),
        "{crates:?}"
    );
    assert!(source.opens_with_docs);
    assert_eq!(source.length, 10);
    assert_eq!(
        rust_source::without_text("a \"b\" 'c' r#\"d\"# // e\nf"),
        "a     ' '            \nf"
    );
}
