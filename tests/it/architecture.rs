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
fn all_sources() -> BTreeMap<String, Source> {
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

/// The source files of the program itself: those that are compiled for tests only are left out.
fn sources() -> BTreeMap<String, Source> {
    let mut sources = all_sources();
    let mut tests = Vec::new();
    for (file, source) in &sources {
        let folder = match file.strip_suffix("mod.rs") {
            Some(folder) => folder.to_owned(),
            None => format!("{}/", file.trim_end_matches(".rs")),
        };
        tests.extend(
            source
                .test_modules
                .iter()
                .map(|name| format!("{folder}{name}")),
        );
    }
    let of_tests = |file: &str, test: &String| {
        let rest = file.strip_prefix(test.as_str());
        rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
    };
    sources.retain(|file, _| !tests.iter().any(|test| of_tests(file, test)));
    sources
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
    let rows: Vec<Vec<String>> = rows.map(cells).collect();
    let names: BTreeSet<_> = rows.iter().map(|row| &row[0]).collect();
    assert_eq!(names.len(), rows.len(), "a row of `{heading}` stands twice");
    rows
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
        let Some(room) = room_of(&file) else {
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
    // A row whose owner is not in backticks, `everyone` in words, leaves the crate free.
    let row = |row: Vec<String>| (ticked(&row[0]).concat(), ticked(&row[1]));
    let owners: BTreeMap<String, Vec<String>> = table("crate").into_iter().map(row).collect();
    let rows: BTreeSet<_> = owners.keys().cloned().collect();
    assert_eq!(declared, rows, "Cargo.toml and ARCHITECTURE.md differ");
    let (mut violations, mut unused) = (Vec::new(), BTreeSet::new());
    for (name, rooms) in &owners {
        unused.extend(rooms.iter().map(|room| (name.clone(), room.clone())));
    }
    for (file, source) in sources() {
        let Some(room) = room_of(&file) else {
            continue;
        };
        for (line, used) in source.crates_used() {
            let hyphened = used.replace('_', "-");
            let name = if owners.contains_key(&hyphened) {
                hyphened
            } else {
                used
            };
            unused.remove(&(name.clone(), room.to_owned()));
            let rooms = owners.get(&name).filter(|rooms| !rooms.is_empty());
            if let Some(rooms) = rooms.filter(|rooms| !rooms.iter().any(|owner| owner == room)) {
                let owner = rooms.join("` and `");
                violations.push(format!("src/{file}:{line}: `{name}` belongs to `{owner}`"));
            }
        }
    }
    for (name, room) in unused {
        violations.push(format!("ARCHITECTURE.md: `{room}` does not use `{name}`"));
    }
    insist_on_none(&violations);
}

/// The names under `[dependencies]` in Cargo.toml, and under those of single systems.
fn dependencies() -> BTreeSet<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let mut names = BTreeSet::new();
    let mut counts = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            counts = line == "[dependencies]"
                || line.starts_with("[target.") && line.ends_with(".dependencies]");
        } else if let Some((name, _)) = line.split_once(" = ").filter(|_| counts) {
            names.insert(name.to_owned());
        }
    }
    names
}

#[test]
fn only_fsx_knows_what_differs_between_systems() {
    let mut violations = Vec::new();
    let (mut seen, becoming_a_plugin) = (0, "commands/plugin.rs");
    for (file, source) in sources() {
        let lines = source.system_specific();
        seen += lines.len();
        if room_of(&file) != Some("fsx") && file != becoming_a_plugin {
            let told = |line| format!("src/{file}:{line}: `std::os` belongs to `fsx`");
            violations.extend(lines.into_iter().map(told));
        }
    }
    assert!(seen > 3, "the uses in `fsx` were not found");
    insist_on_none(&violations);
}

#[test]
fn every_module_says_what_it_owns() {
    let silent = all_sources()
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
        if length > LONGEST_FILE {
            violations.push(format!("src/{file}: {length} lines without its tests"));
        }
    }
    insist_on_none(&violations);
}

#[test]
fn every_file_of_this_folder_is_a_module_of_the_binary() {
    let folder = root().join("tests/it");
    let main = fs::read_to_string(folder.join("main.rs")).unwrap();
    let lines: BTreeSet<_> = main.lines().collect();
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        let module = format!("mod {};", name.trim_end_matches(".rs"));
        assert!(
            name == "main.rs" || lines.contains(module.as_str()),
            "{module} is missing"
        );
    }
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
