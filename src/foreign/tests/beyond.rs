//! Files of public projects that Glide does not know, with what a glide.yaml makes of them.

use serde_json::{Value, json};

use super::fixtures::{row_of, rows};
use crate::foreign::{Imported, Role, dep, govendor, modules, vndr};
use crate::manifest::RecordedRoots;

fn read(kind: &str, row: &Value) -> Imported {
    let roots = RecordedRoots::of(&row["lookups"]);
    let bytes = row["doc"].as_str().unwrap().as_bytes();
    let role = match row["role"].as_str() {
        Some("dependency") => Role::Dependency,
        _ => Role::Project,
    };
    let read = match kind {
        "dep" => {
            let lock = row["lock_doc"].as_str().map(str::as_bytes);
            dep::read(bytes, lock, role, &roots)
        }
        "govendor" => govendor::read(bytes, role, &roots),
        "vndr" => vndr::read(bytes, &roots),
        "gomod" => modules::read(bytes, role, &roots),
        other => panic!("{other}"),
    };
    read.unwrap_or_else(|error| panic!("{}: {error}", row["source"]))
}

#[test]
fn files_of_real_projects_say_what_a_glide_yaml_can_say() {
    for kind in ["dep", "govendor", "vndr", "gomod"] {
        let rows = rows(&format!("{kind}.jsonl"));
        assert!(rows.len() > 1, "the fixtures are there");
        for row in rows {
            let read = read(kind, &row);
            let dependencies: Vec<Value> = read.dependencies.iter().map(row_of).collect();
            let found = json!([dependencies, read.ignored, read.notes]);
            let expected = json!([row["deps"], row["ignored"], row["notes"]]);
            assert_eq!(found, expected, "{kind}: {}", row["source"]);
        }
    }
}
