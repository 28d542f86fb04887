//! Files of public projects, and small documents for each rule, with what Glide makes of them.

use std::path::Path;

use serde_json::{Value, json};

use crate::foreign::{Error, gb, godep, gom, gpm};
use crate::fsx;
use crate::manifest::{Dependency, RecordedRoots};

pub(super) fn rows(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/imports");
    let text = String::from_utf8(fsx::read(&path.join(name)).unwrap()).unwrap();
    let rows = text.lines().map(|line| serde_json::from_str(line).unwrap());
    rows.collect()
}

/// `[name, reference, repo, vcs, [subpackages]]`, and `[os], [arch]` where one of them is not empty.
pub(super) fn row_of(dependency: &Dependency) -> Value {
    assert_eq!(dependency.vcs, None, "none of the files says it");
    let mut row = vec![
        json!(dependency.name),
        json!(dependency.reference),
        json!(dependency.repo),
        json!(""),
        json!(dependency.subpackages),
    ];
    let systems = [&dependency.os, &dependency.arch].map(|list| list.clone().unwrap_or_default());
    if systems.iter().any(|list| !list.is_empty()) {
        row.extend(systems.map(|list| json!(list)));
    }
    Value::Array(row)
}

fn read(kind: &str, row: &Value) -> Result<Vec<Dependency>, Error> {
    let roots = RecordedRoots::of(&row["lookups"]);
    let bytes = row["doc"].as_str().unwrap().as_bytes();
    match kind {
        "gb" => gb::read(bytes, &roots),
        "godep" => godep::read(bytes, &roots),
        "gpm" => gpm::read(bytes),
        "gom" => {
            let lock = row["lock_doc"].as_str().map(str::as_bytes);
            gom::read(bytes, lock, &roots).map(|read| read.dependencies)
        }
        other => panic!("{other}"),
    }
}

#[track_caller]
fn check(kind: &str, row: &Value) {
    let name = row["source"].as_str().or(row["doc"].as_str()).unwrap();
    match (row["refused"].as_str(), read(kind, row)) {
        (None, Ok(dependencies)) => {
            let read: Vec<Value> = dependencies.iter().map(row_of).collect();
            assert_eq!(Value::Array(read), row["deps"], "{kind}: {name}");
        }
        (None, Err(error)) => panic!("{kind}: {name}: {error}"),
        (Some(reason), Ok(read)) => panic!("{kind}: {name}: {reason}, but read {read:?}"),
        (Some(reason), Err(error)) => {
            // What Go says of JSON and where Glide crashes has other words here.
            if kind == "gom" && !reason.contains("runtime error") && !reason.contains("interface") {
                assert!(error.to_string().ends_with(reason), "{name}: {error}");
            }
        }
    }
}

#[test]
fn files_of_real_projects_read_as_glide_reads_them() {
    for kind in ["gb", "godep", "gom", "gpm"] {
        let rows = rows(&format!("{kind}.jsonl"));
        assert!(rows.len() >= 20, "the fixtures are there");
        for row in rows {
            check(kind, &row);
        }
    }
}

#[test]
fn small_files_read_as_glide_reads_them() {
    let rows = rows("small.jsonl");
    assert!(rows.len() > 90, "the fixtures are there");
    for row in rows {
        check(row["kind"].as_str().unwrap(), &row);
    }
}
