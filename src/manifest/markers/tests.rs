//! Markers read and written.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::fsx;
use crate::manifest::{FileKind, Lock, merge};

fn entry(name: &str, version: &str) -> LockedDependency {
    LockedDependency {
        name: name.to_owned(),
        version: version.to_owned(),
        ..LockedDependency::default()
    }
}

fn lock(imports: &[(&str, &str)], tests: &[(&str, &str)]) -> Lock {
    let entries = |list: &[(&str, &str)]| {
        list.iter()
            .map(|(name, version)| entry(name, version))
            .collect()
    };
    Lock {
        hash: "h".to_owned(),
        imports: entries(imports),
        test_imports: entries(tests),
        ..Lock::default()
    }
}

fn sides(text: &str) -> Sides {
    Sides::read(text.as_bytes()).unwrap().unwrap()
}

fn parts(sides: &Sides) -> [String; 3] {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_owned()).unwrap();
    let base = sides.base.as_deref().map_or_else(|| "?".to_owned(), text);
    [text(&sides.ours), base, text(&sides.theirs)]
}

#[test]
fn a_text_is_taken_apart_whatever_the_style() {
    let merge = sides("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> topic\nd\n");
    assert_eq!(parts(&merge), ["a\nb\nd\n", "?", "a\nc\nd\n"]);
    assert_eq!(
        (merge.labels.ours.as_str(), merge.labels.theirs.as_str()),
        ("HEAD", "topic")
    );
    let diff3 = "a\n<<<<<<< HEAD\nb\n||||||| 123abc\nx\n=======\n>>>>>>> 1 (one two)\nd\n";
    let read = sides(diff3);
    assert_eq!(parts(&read), ["a\nb\nd\n", "a\nx\nd\n", "a\nd\n"]);
    assert_eq!(read.labels.base, "123abc");
    let crlf = sides(&diff3.replace('\n', "\r\n"));
    assert_eq!(
        parts(&crlf),
        parts(&read).map(|text| text.replace('\n', "\r\n"))
    );
    // Without a line end behind the last one.
    assert_eq!(sides("<<<<<<<\n=======\nc\n>>>>>>>").theirs, b"c\n");
}

#[test]
fn markers_of_any_length_belong_to_those_of_the_same() {
    let long = sides(
        "<<<<<<<<<< a\nb\n||||||||||\n<<<<<<<<<<<< x\ny\n============\nz\n>>>>>>>>>>>> w\n==========\nc\n>>>>>>>>>> t\n",
    );
    assert_eq!(long.labels.length, 10);
    assert_eq!(parts(&long)[0], "b\n");
    assert!(parts(&long)[1].contains("y\n============\nz\n"));
    assert_eq!(sides("<<<\na\n===\nb\n>>>\n").labels.length, 3);
    for text in [
        "a: b\n",
        "<< x\n",
        "<<<<<<<x\n",
        "description: |\n  <<<<<<< HEAD\n",
        "",
    ] {
        assert_eq!(Sides::read(text.as_bytes()), Ok(None), "{text}");
        assert_eq!(first_marker(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn one_conflict_without_a_base_leaves_none() {
    let text = "<<<<<<< a\n||||||| b\n=======\n>>>>>>> c\n<<<<<<< a\n=======\n>>>>>>> c\n";
    let read = sides(text);
    assert_eq!((read.base, read.count), (None, 2));
}

#[test]
fn markers_that_do_not_belong_together_are_told_with_their_line() {
    for (text, expected) in [
        (
            "a\n<<<<<<< a\nb\n",
            "line 2: the conflict that begins here does not end",
        ),
        (
            "=======\n",
            "line 1: a conflict marker without the `<<<<<<<` before it",
        ),
        (
            "<<<<<<< a\n<<<<<<< b\n",
            "line 2: a conflict begins before the one above it has ended",
        ),
        (
            "<<<<<<< a\n>>>>>>> b\n",
            "line 2: a conflict marker that does not belong here",
        ),
        (
            "<<<<<<< a\n=======\n||||||| b\n",
            "line 3: a conflict marker that does not belong here",
        ),
    ] {
        assert_eq!(
            Sides::read(text.as_bytes()).unwrap_err().to_string(),
            expected
        );
    }
}

#[test]
fn conflicts_are_written_around_the_entries_that_they_are_about() {
    let base = lock(&[("a", "1"), ("m", "1"), ("z", "1")], &[]);
    let ours = lock(&[("a", "2"), ("m", "2"), ("z", "1")], &[]);
    let theirs = lock(&[("a", "1"), ("m", "3"), ("z", "1")], &[("t", "1")]);
    let merged = merge(Some(&base), &ours, &theirs).unwrap();
    let labels = Labels {
        ours: "HEAD".to_owned(),
        base: "b\u{1b}\nase".to_owned(),
        theirs: String::new(),
        length: 9,
    };
    let text = merged.to_yaml(&labels).unwrap();
    let expected = "hash: h
updated: 0001-01-01T00:00:00Z
imports:
- name: a
  version: \"2\"
<<<<<<<<< HEAD
- name: m
  version: \"2\"
||||||||| base
- name: m
  version: \"1\"
=========
- name: m
  version: \"3\"
>>>>>>>>>
- name: z
  version: \"1\"
testImports:
- name: t
  version: \"1\"
";
    assert_eq!(text, expected);
    assert!(matches!(
        Lock::parse(text.as_bytes()),
        Err(Error::ConflictMarkers {
            file: FileKind::Lock,
            line: 6,
            ..
        })
    ));
}

#[test]
fn an_entry_in_another_list_on_either_side_is_a_conflict_in_both() {
    let merged = merge(None, &lock(&[("m", "1")], &[]), &lock(&[], &[("m", "2")])).unwrap();
    let text = merged.to_yaml(&Labels::default()).unwrap();
    let [ours, base, theirs] = parts(&sides(&text));
    assert_eq!(
        Lock::parse(ours.as_bytes()).unwrap(),
        lock(&[("m", "1")], &[])
    );
    assert_eq!(
        Lock::parse(theirs.as_bytes()).unwrap(),
        lock(&[], &[("m", "2")])
    );
    assert_eq!(Lock::parse(base.as_bytes()).unwrap(), lock(&[], &[]));
}

#[test]
fn what_was_written_is_read_as_it_was_meant() {
    let base = lock(&[("a", "1"), ("b", "1")], &[("c", "1")]);
    let ours = lock(&[("a", "2")], &[("c", "2")]);
    let theirs = lock(&[("a", "3"), ("b", "2"), ("d", "1")], &[("c", "1")]);
    let merged = merge(Some(&base), &ours, &theirs).unwrap();
    let read = sides(&merged.to_yaml(&Labels::default()).unwrap());
    let locks = [&read.base.clone().unwrap(), &read.ours, &read.theirs]
        .map(|text| Lock::parse(text).unwrap());
    let again = merge(Some(&locks[0]), &locks[1], &locks[2]).unwrap();
    assert_eq!(again.disagreements, merged.disagreements);
    assert_eq!(again.lock, merged.lock);
}

#[test]
fn a_hash_that_has_to_be_found_out_is_left_open() {
    let with = |hash: &str| Lock {
        hash: hash.to_owned(),
        ..Lock::default()
    };
    let mut merged = merge(Some(&with("1a")), &with("2b"), &with("3c")).unwrap();
    let text = merged.to_yaml(&Labels::default()).unwrap();
    let expected = "<<<<<<< ours
hash: 2b
||||||| base
hash: 1a
=======
hash: 3c
>>>>>>> theirs
updated: 0001-01-01T00:00:00Z
imports: []
testImports: []
";
    assert_eq!(text, expected);
    merged.settle_hash("4d".to_owned());
    assert_eq!(merged.to_yaml(&Labels::default()), merged.lock.to_yaml());
}

#[test]
fn a_lock_that_a_project_has_committed_so_is_read() {
    let path = "fixtures/lock/real/m3db-m3metrics-9ebf5b2.lock";
    let text = fsx::read(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let read = Sides::read(&text).unwrap().unwrap();
    assert_eq!(
        (read.count, read.labels.theirs.as_str()),
        (1, "Bump glide yaml")
    );
    let [ours, theirs] = [&read.ours, &read.theirs].map(|side| Lock::parse(side).unwrap());
    let merged = merge(None, &ours, &theirs).unwrap();
    assert!(merged.disagreements.is_empty() && merged.open_hash.is_some());
    assert_eq!(merged.lock.imports, ours.imports);
    assert_eq!(merged.lock.updated, ours.updated.later(theirs.updated));
}

proptest! {
    #[test]
    fn any_lines_are_read_or_refused_and_none_is_invented(
        lines in vec(prop::sample::select(vec![
            "a", "", "<<<<<<< x", "||||||| y", "=======", ">>>>>>> z", "<<<<<<<<< x", ">>>>>>>>>", "<<< a", "===",
        ]), 0..20),
    ) {
        let text = lines.join("\n");
        if let Ok(Some(read)) = Sides::read(text.as_bytes()) {
            prop_assert!(first_marker(text.as_bytes()).is_some());
            for side in [&read.ours, &read.theirs] {
                let side = std::str::from_utf8(side).unwrap();
                // What is left of markers is inside a conflict of others.
                let mut left = lines.iter();
                prop_assert!(side.lines().all(|line| left.any(|known| *known == line)));
            }
        }
    }
}
