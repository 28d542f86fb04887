//! Nothing that a fuzz target once chewed on, and no hostile text that was thought of, makes reader or
//! writer fail: the seeds are replayed through the very checks of the fuzz targets.

#[path = "../../fuzz/checks.rs"]
mod checks;

use std::path::{Path, PathBuf};

use glide_rs::fsx;

/// A fixture's bytes.
fn fixture(path: &Path) -> Vec<u8> {
    fsx::read(path).expect("the fixture is there")
}

/// The document of a row.
fn document(row: &str) -> Vec<u8> {
    let row: serde_json::Value = serde_json::from_str(row).expect("a row is JSON");
    row["doc"].as_str().unwrap_or_default().as_bytes().to_vec()
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// The files of a folder of seeds.
fn files(folder: &str) -> Vec<Vec<u8>> {
    let files = fsx::read_dir(&fixtures().join(folder)).expect("the fixtures are there");
    let files = files.into_iter().map(|entry| fixture(&entry.path()));
    files.collect()
}

fn seeds() -> Vec<Vec<u8>> {
    let fixtures = fixtures();
    let mut seeds = [files("fuzz/yaml"), files("fuzz/lock")].concat();
    for name in ["yaml/small.jsonl", "lock/small.jsonl"] {
        let rows = fixture(&fixtures.join(name));
        let rows = String::from_utf8_lossy(&rows);
        seeds.extend(rows.lines().map(document));
    }
    assert!(seeds.len() > 400, "the seeds are there");
    seeds
}

/// Files of other managers.
fn foreign_seeds() -> Vec<Vec<u8>> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/imports");
    let files = fsx::read_dir(&fixtures).expect("the fixtures are there");
    let texts = files.iter().map(|entry| fixture(&entry.path()));
    let rows = texts.map(|text| String::from_utf8_lossy(&text).into_owned());
    let seeds: Vec<_> = rows
        .flat_map(|rows| rows.lines().map(document).collect::<Vec<_>>())
        .collect();
    assert!(seeds.len() > 200, "the seeds are there");
    seeds
}

#[test]
fn seeds_of_other_managers_with_every_prefix_of_them_do_no_harm() {
    for seed in foreign_seeds() {
        let start = if seed.len() < 400 { 0 } else { seed.len() };
        for end in start..=seed.len() {
            checks::godep_read(&seed[..end]);
            checks::gom_read(&seed[..end]);
            checks::beyond_glide_read(&seed[..end]);
        }
    }
}

#[test]
fn seeds_of_the_writer_are_read_back_as_written() {
    for seed in &seeds() {
        checks::yaml_read_emit(seed);
    }
}

#[test]
fn seeds_of_manifests_read_the_same_when_rewritten() {
    for seed in &seeds() {
        checks::manifest_read(seed);
    }
}

#[test]
fn seeds_of_locks_read_the_same_when_rewritten() {
    for seed in &seeds() {
        checks::lock_read(seed);
    }
}

#[test]
fn seeds_with_every_prefix_of_them_do_no_harm() {
    for seed in seeds().iter().filter(|seed| seed.len() < 80) {
        for end in 0..seed.len() {
            checks::manifest_read(&seed[..end]);
            checks::lock_read(&seed[..end]);
        }
    }
}

#[test]
fn seeds_of_ranges_pick_what_meets_them() {
    let mut seeds = files("fuzz/constraint");
    let rows = fixture(&fixtures().join("semver.json"));
    let rows: serde_json::Value = serde_json::from_slice(&rows).expect("the fixture is JSON");
    let texts = |key: &str, of: &str| -> Vec<String> {
        let rows = rows[key].as_array().expect("there are rows");
        let text = |row: &serde_json::Value| row[of].as_str().expect("a text").to_owned();
        rows.iter().map(text).collect()
    };
    let names = texts("versions", "in").join("\n");
    for range in texts("constraints", "constraint") {
        checks::beyond_glide_read(range.as_bytes());
        seeds.push(format!("{range}\n{names}").into_bytes());
    }
    assert!(seeds.len() > 105, "the seeds are there");
    for seed in &seeds {
        checks::constraint(seed);
        for end in 0..seed.len().min(300) {
            checks::constraint(&seed[..end]);
        }
    }
}
