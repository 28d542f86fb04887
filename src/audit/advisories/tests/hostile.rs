//! Databases that are damaged or mean harm.

use std::io::{Cursor, Write as _};

use super::super::archive::Archive;
use super::super::database::{Database, DatabaseError, Files};
use super::super::record::Record;
use super::{Known, Sheets, check, heap, pin, subject};

fn sheets(files: &[(&str, &[u8])]) -> Box<dyn Files> {
    let files = files.iter();
    Box::new(Sheets(
        files
            .map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec()))
            .collect(),
    ))
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_zip_file_is_a_database() {
    let record = br#"{"id": "X-1", "affected": [{"package": {"ecosystem": "Go", "name": "example.com/m"}}]}"#;
    let bytes = zip(&[("X-1.json", record)]);
    let mut database =
        Database::open(Box::new(Archive::open(Cursor::new(bytes)).unwrap())).unwrap();
    let subject = subject(&[pin("example.com/m")]);
    check(
        &subject,
        &mut database,
        &Known::default(),
        &["vulnerable high X-1"],
    );
}

#[test]
fn more_than_was_asked_for_is_not_unpacked() {
    let zeros = vec![0; 1 << 20];
    let bytes = zip(&[("index/modules.json", &zeros)]);
    assert!(bytes.len() < 8192);
    let mut archive = Archive::open(Cursor::new(bytes)).unwrap();
    let refused = archive.read("index/modules.json", 1000).unwrap_err();
    assert_eq!(refused, "it is longer than 1000 bytes");
    assert_eq!(archive.read("../x", 1000), Ok(None));
}

#[test]
fn a_zip_file_that_is_cut_or_garbled_is_an_error_and_no_panic() {
    let good = zip(&[
        ("index/modules.json", b"[]"),
        ("ID/X-1.json", b"{\"id\": \"X-1\"}"),
    ]);
    for length in 0..good.len() {
        let cut = Archive::open(Cursor::new(good[..length].to_vec()));
        assert!(cut.is_err(), "{length}");
    }
    for at in 0..good.len() {
        let mut garbled = good.clone();
        garbled[at] ^= 0x55;
        if let Ok(mut archive) = Archive::open(Cursor::new(garbled)) {
            let _ = archive.names();
            let _ = archive.read("index/modules.json", 1000);
            let _ = archive.read("ID/X-1.json", 1000);
        }
    }
}

#[test]
fn an_index_that_is_none_is_an_error() {
    for bytes in [
        &b"{"[..],
        b"{}",
        b"[{}]",
        b"[1]",
        b"\xff",
        &b"[".repeat(100_000),
    ] {
        let opened = Database::open(sheets(&[("index/modules.json", bytes)]));
        assert!(matches!(opened, Err(DatabaseError::File { .. })));
    }
    assert!(matches!(
        Database::open(sheets(&[])),
        Err(DatabaseError::Empty)
    ));
    let unfilled = sheets(&[("index/modules.json", b"[]")]);
    assert!(matches!(
        Database::open(unfilled),
        Err(DatabaseError::NoModules)
    ));
    let other = sheets(&[("README.md", b""), ("index/x.json", b"")]);
    assert!(matches!(Database::open(other), Err(DatabaseError::Empty)));
}

#[test]
fn records_that_cannot_be_read_are_told_of() {
    let index =
        br#"[{"path": "example.com/m", "vulns": [{"id": "X-1"}, {"id": "X-2"}, {"id": "X-3"},
        {"id": "../../etc/passwd"}, {"id": "X-5"}, {"id": "X-6"},
        {"id": "X-7"}]}, {"path": "example.com/n", "vulns": null}]"#;
    let large = format!(r#"{{"id": "X-5", "details": "{}"}}"#, "x".repeat(5 << 20));
    let deep = format!(r#"{{"id": "X-3", "x": {}}}"#, "[".repeat(1_000_000));
    let files = sheets(&[
        ("index/modules.json", index),
        ("ID/X-1.json", br#"{"id": "X-9"}"#),
        ("ID/X-3.json", deep.as_bytes()),
        ("ID/X-5.json", large.as_bytes()),
        (
            "ID/X-6.json",
            br#"{"id": "X-6", "affected": [{"package": {"ecosystem": "Go", "name": "example.com/o"}}]}"#,
        ),
        (
            "ID/X-7.json",
            br#"{"id": "X-7", "withdrawn": "2026-01-01T00:00:00Z"}"#,
        ),
        ("ID/../../etc/passwd.json", br#"{"id": "passwd"}"#),
    ]);
    let mut database = Database::open(files).unwrap();
    let subject = subject(&[pin("example.com/m"), pin("example.com/n")]);
    check(
        &subject,
        &mut database,
        &Known::default(),
        &[
            "unknown the record `ID/../../etc/passwd.json` cannot be read: its id is none",
            "unknown the record `ID/X-1.json` cannot be read: it is the record `X-9`",
            "unknown the record `ID/X-2.json` cannot be read: the index lists it, and it is not there",
            "unknown the record `ID/X-3.json` cannot be read: expected value at line 1 column 1000020",
            "unknown the record `ID/X-5.json` cannot be read: it is too long",
            "unknown the record `ID/X-6.json` cannot be read: it says nothing of example.com/m, for which the index lists it",
        ],
    );
}

#[test]
fn without_an_index_every_record_must_be_readable() {
    let mut database = heap(&[("X-1", "\"affected\": []"), ("X-2", "\"affected\": 7")]);
    let subject = subject(&[]);
    let checked = check(
        &subject,
        &mut database,
        &Known::default(),
        &[
            "unknown the record `X-2.json` cannot be read: invalid type: integer `7`, expected a sequence at line 1 column 27",
        ],
    );
    assert_eq!(checked.unchecked.len(), 1);
}

#[test]
fn ids_are_harmless() {
    for id in [
        "",
        ".",
        "../x",
        "a/b",
        "a b",
        "x\n",
        "\u{1b}[31m",
        &"x".repeat(65),
    ] {
        let text = format!(r#"{{"id": {id:?}}}"#);
        assert!(Record::parse(text.as_bytes()).is_err(), "{id:?}");
    }
}

#[test]
fn aliases_that_lead_in_a_circle_hide_one_of_two() {
    let affected = r#""affected": [{"package": {"ecosystem": "Go", "name": "example.com/m"}}]"#;
    let one = format!(r#""aliases": ["GO-1"], {affected}"#);
    let other = format!(r#""aliases": ["GHSA-1"], {affected}"#);
    let mut database = heap(&[("GHSA-1", &one), ("GO-1", &other)]);
    let subject = subject(&[pin("example.com/m")]);
    check(
        &subject,
        &mut database,
        &Known::default(),
        &["vulnerable high GO-1"],
    );
}
