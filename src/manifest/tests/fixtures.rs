//! Files of public projects and small documents for each rule, with what Glide makes of them.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::roots::RecordedRoots;
use crate::manifest::{Config, Error, FileKind, Lock, reformat};
use crate::{fsx, yaml};

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(path)
}

fn rows(path: &str) -> Vec<Value> {
    let bytes = fsx::read(&fixture(path)).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// What a file or document is taken for: its text as Glide writes it and the hash that counts.
#[derive(Debug, PartialEq, Eq)]
struct Reading {
    text: String,
    hash: String,
}

fn read_config(bytes: &[u8], row: &Value) -> Result<Reading, String> {
    let roots = RecordedRoots::of(&row["lookups"]);
    let config = Config::read(bytes, &roots).map_err(|error| reason(&error))?;
    let reading = Reading {
        text: config.to_yaml(),
        hash: config.hash(),
    };
    let roots = RecordedRoots::of(&row["lookups"]);
    match reformat(bytes, &roots) {
        Err(Error::NeitherFile) => assert_eq!(config, Config::default(), "nothing is lost"),
        formatted => assert_eq!(formatted.as_ref(), Ok(&reading.text)),
    }
    Ok(reading)
}

fn read_lock(bytes: &[u8]) -> Result<Reading, String> {
    let read = || {
        let lock = Lock::parse(bytes)?;
        Ok(Reading {
            text: lock.to_yaml()?,
            hash: lock.fingerprint()?,
        })
    };
    read().map_err(|error: Error| reason(&error))
}

/// Why, in Glide's words: those about conflict markers are ours, with Glide's as their cause.
fn reason(error: &Error) -> String {
    let cause = std::error::Error::source(error);
    cause.map_or_else(|| error.to_string(), ToString::to_string)
}

/// The message without its line and without what Go calls the type: the two things that we word
/// or count otherwise.
fn comparable(message: &str) -> String {
    let message = message.replace("unmarshal errors:\n  ", "");
    let message = message.split(" into ").next().unwrap_or_default();
    let mut words: Vec<&str> = message.split(' ').collect();
    if let [_, "line", number, ..] = words.as_slice()
        && number.ends_with(':')
    {
        words.drain(1..3);
    }
    words.join(" ")
}

/// Holds a reading against the row: equal text and hash, or a refusal for the same reason.
#[track_caller]
fn check(reading: Result<Reading, String>, row: &Value, text: &str, hash: &str, name: &str) {
    match (row["refused"].as_str(), reading) {
        (None, reading) => {
            let expected = Reading {
                text: text.to_owned(),
                hash: hash.to_owned(),
            };
            assert_eq!(reading.as_ref(), Ok(&expected), "{name}");
        }
        (Some(reason), Ok(reading)) => panic!("{name}: refused ({reason}), but read {reading:?}"),
        (Some(reason), Err(message)) => {
            let own_words = ["panic", "runtime error", "parsing time"];
            if !own_words.iter().any(|words| reason.starts_with(words)) {
                assert_eq!(comparable(&message), comparable(reason), "{name}");
            }
        }
    }
}

fn check_real(kind: &str, hash_key: &str, read: impl Fn(&[u8], &Value) -> Result<Reading, String>) {
    let rows = rows(&format!("{kind}/real.jsonl"));
    assert!(rows.len() >= 20, "the fixtures are there");
    for row in rows {
        let name = row["name"].as_str().unwrap();
        let file = |end: &str| fsx::read(&fixture(&format!("{kind}/real/{name}.{end}"))).unwrap();
        let bytes = file(kind);
        let text = if row["as_written"] == false {
            file("expected")
        } else {
            bytes.clone()
        };
        let text = String::from_utf8_lossy(&text);
        let hash = row[hash_key].as_str().unwrap_or_default();
        check(read(&bytes, &row), &row, &text, hash, name);
    }
}

fn check_small(
    kind: &str,
    hash_key: &str,
    read: impl Fn(&[u8], &Value) -> Result<Reading, String>,
) {
    for row in rows(&format!("{kind}/small.jsonl")) {
        let document = row["doc"].as_str().unwrap();
        let text = row["text"].as_str().unwrap_or_default();
        let hash = row[hash_key].as_str().unwrap_or_default();
        let reading = read(document.as_bytes(), &row);
        if text.contains("!!binary") {
            let message = "yaml: line 1: !!binary value is not UTF-8 text";
            assert_eq!(reading, Err(message.to_owned()), "a difference from Glide");
            continue;
        }
        check(reading, &row, text, hash, &format!("{document:?}"));
    }
}

#[test]
fn manifests_of_real_projects_hash_as_glide_hashes_them() {
    check_real("yaml", "hash", read_config);
}

#[test]
fn locks_of_real_projects_are_written_as_glide_writes_them() {
    check_real("lock", "fingerprint", |bytes, row| {
        let reading = read_lock(bytes)?;
        let lock = Lock::parse(bytes).unwrap();
        assert_eq!(Some(lock.hash.as_str()), row["hash"].as_str());
        assert_eq!(
            Some(lock.updated.to_string().as_str()),
            row["updated"].as_str()
        );
        assert_eq!(FileKind::of(bytes), Ok(FileKind::Lock));
        Ok(reading)
    });
}

#[test]
fn small_manifests_read_as_glide_reads_them() {
    check_small("yaml", "hash", read_config);
}

#[test]
fn small_locks_read_as_glide_reads_them() {
    check_small("lock", "fingerprint", |bytes, _| read_lock(bytes));
}

#[test]
fn every_scalar_is_written_as_glide_writes_it_and_read_back() {
    for row in rows("yaml/scalars.jsonl") {
        let text = row["text"].as_str().unwrap();
        let value = yaml::Value::Text(text.to_owned());
        let written = yaml::write(&vec![("package", value)]);
        let expected = format!("package:{}", row["top"].as_str().unwrap());
        assert_eq!(written, expected, "{text:?}");
        let read = Config::parse(written.as_bytes()).unwrap();
        assert_eq!(read.head.package, text);

        let texts = yaml::Value::Texts(vec![text.to_owned()]);
        let record = vec![("subpackages", texts)];
        let written = yaml::write(&vec![("import", yaml::Value::Records(vec![Some(record)]))]);
        let item = row["item"].as_str().unwrap();
        assert_eq!(
            written,
            format!("import:\n- subpackages:\n  -{item}"),
            "{text:?}"
        );
    }
}
