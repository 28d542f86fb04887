//! The same trees through `git checkout-index` and through [`Attributes`]: every byte equal.
//!
//! Trees are random but the same in every run; git is kept from the machine's configuration.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::{BoxedStrategy, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use sha1::{Digest as _, Sha1};

use super::super::Attributes;
use super::super::parse::{self, Line};
use crate::vcs::ObjectId;

/// Bytes by path.
type Files = BTreeMap<Vec<u8>, Vec<u8>>;

fn git(folder: &Path, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .env_remove("GIT_DIR")
        .env_remove("GIT_INDEX_FILE")
        .env("HOME", folder)
        .env("XDG_CONFIG_HOME", folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_ATTR_NOSYSTEM", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        // Input and output at once: git answers while it is still being asked.
        scope.spawn(move || stdin.write_all(input).unwrap());
        child.wait_with_output().unwrap()
    });
    assert!(output.status.success(), "git {arguments:?}");
    output.stdout
}

/// What git writes for a tree of these blobs, in a repository where that tree is checked out.
fn checked_out_by_git(files: &Files) -> Files {
    let temp = tempfile::tempdir().unwrap();
    let repository = temp.path();
    let mut stream = b"commit refs/heads/main\ncommitter a <a> 0 +0000\ndata 0\n".to_vec();
    for (path, bytes) in files {
        let mut quoted = String::new();
        for byte in path {
            write!(quoted, "\\{byte:03o}").unwrap();
        }
        write!(stream, "M 644 inline \"{quoted}\"\ndata {}\n", bytes.len()).unwrap();
        stream.extend_from_slice(bytes);
        stream.push(b'\n');
    }
    git(repository, &["init", "-q"], b"");
    git(repository, &["fast-import", "--quiet"], &stream);
    git(repository, &["read-tree", "refs/heads/main"], b"");
    git(repository, &["checkout-index", "-f", "-a"], b"");
    git(
        repository,
        &["checkout-index", "-f", "-a", "--prefix=.out/"],
        b"",
    );
    files
        .keys()
        .map(|path| {
            use std::os::unix::ffi::OsStrExt as _;
            let below = std::ffi::OsStr::from_bytes(path);
            let file = repository.join(".out").join(below);
            (path.clone(), crate::fsx::read(&file).unwrap())
        })
        .collect()
}

/// The same, by this module.
fn converted_here(files: &Files) -> Files {
    let mut attributes = Attributes::default();
    for (path, bytes) in files {
        if let Some(folder) = path.strip_suffix(b".gitattributes") {
            attributes.add(folder.strip_suffix(b"/").unwrap_or(folder), bytes);
        }
    }
    let convert = |(path, bytes): (&Vec<u8>, &Vec<u8>)| {
        let hash = Sha1::new()
            .chain_update(format!("blob {}\0", bytes.len()))
            .chain_update(bytes)
            .finalize();
        let conversion = attributes.conversion(path);
        let converted = conversion.apply(ObjectId(hash.into()), bytes.clone());
        if conversion.is_identity() {
            assert_eq!(&converted, bytes, "an identity that changes something");
        }
        (path.clone(), converted)
    };
    files.iter().map(convert).collect()
}

fn differences(files: &Files) -> String {
    let (theirs, ours) = (checked_out_by_git(files), converted_here(files));
    let mut text = String::new();
    for (path, bytes) in files {
        if theirs[path] != ours[path] {
            let show = String::from_utf8_lossy;
            writeln!(text, "{:?}: {:?}", show(path), show(bytes)).unwrap();
            writeln!(text, "   git: {:?}", show(&theirs[path])).unwrap();
            writeln!(text, "  here: {:?}", show(&ours[path])).unwrap();
        }
    }
    if !text.is_empty() {
        for (path, bytes) in files
            .iter()
            .filter(|(path, _)| path.ends_with(b".gitattributes"))
        {
            let (path, bytes) = (
                String::from_utf8_lossy(path),
                String::from_utf8_lossy(bytes),
            );
            writeln!(text, "{path}:\n{bytes}").unwrap();
        }
    }
    text
}

fn joined(parts: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(select(parts), 1..=most).prop_map(|parts| parts.concat())
}

const FOLDERS: &[&str] = &[
    "", "a/", "b/", "a/b/", "b/a/", "a/a/ab/", "a/b/a/b/", "[a]/",
];
const NAMES: &[&str] = &[
    "a.", "b.txt", "ab.c", "é", "a b", "\\a", "-", "ba", "A.TXT", "a]", "^", "1", "a\"", "!b", "#",
];

fn pattern() -> impl Strategy<Value = String> {
    let part = &[
        "*",
        "*",
        "**",
        "**/",
        "/**",
        "/",
        "a",
        "b",
        "ab",
        ".",
        "txt",
        "?",
        "[a-c]",
        "[!a]",
        "[^b]",
        "[[:alpha:]]",
        "[[:punct:]]",
        "[[:bogus:]]",
        "[]-a]",
        "[]]",
        "[a\\]]",
        "[\\a-c]",
        "[",
        "]",
        "-",
        "^",
        "\\",
        "\\*",
        "\\a",
        "é",
        "[é]",
        "A",
        "!",
        "#",
        "\"",
        "[[:]",
        "[--0]",
        "[a-]",
        "[/]",
        "[!/]",
        "\\/",
    ];
    let quoted = joined(
        &[
            "*", "a", "b", " ", "\\\\", "\\\"", "\\141", "/", ".", "\\n", "\\q",
        ],
        5,
    );
    prop_oneof![
        6 => joined(part, 5),
        1 => quoted.prop_map(|text| format!("\"{text}\"")),
        2 => select(NAMES).prop_map(str::to_owned),
        1 => (select(FOLDERS), select(NAMES)).prop_map(|(folder, name)| format!("{folder}{name}")),
    ]
    .prop_filter("seen differently by different versions of git", |pattern| {
        !is_disputed(pattern)
    })
}

/// Until 2.52, git took the stars of `a**/b` for a whole path element, against its own manual.
fn is_disputed(pattern: &str) -> bool {
    let literal = pattern
        .split(['*', '?', '[', '\\'])
        .next()
        .unwrap_or_default();
    !matches!(literal, "" | "/" | "\"")
        && !literal.ends_with('/')
        && pattern[literal.len()..].starts_with("**")
}

fn attribute_file() -> impl Strategy<Value = String> {
    let state = select(
        &[
            "text",
            "-text",
            "!text",
            "text=auto",
            "text=input",
            "text=x",
            "crlf",
            "-crlf",
            "!crlf",
            "crlf=input",
            "crlf=auto",
            "eol=crlf",
            "eol=crlf",
            "eol=lf",
            "!eol",
            "-eol",
            "eol",
            "ident",
            "ident",
            "-ident",
            "!ident",
            "binary",
            "-binary",
            "!binary",
            "dos",
            "-dos",
            "!dos",
            "unix",
            "both",
            "diff",
            "-diff",
            "working-tree-encoding=UTF-16",
            "working-tree-encoding=utf16be",
            "working-tree-encoding=UTF-16LE-BOM",
            "working-tree-encoding=latin1",
            "working-tree-encoding=bogus",
            "!working-tree-encoding",
            "working-tree-encoding=UTF-32",
            "working-tree-encoding=utf8",
            "working-tree-encoding=",
            "bad/name",
            "--text",
            "=x",
        ][..],
    );
    let states = || prop::collection::vec(state.clone(), 1..4).prop_map(|all| all.join(" "));
    let name = select(&["dos", "unix", "both", "binary", "-bad"][..]);
    let line = prop_oneof![
        8 => (pattern(), states()).prop_map(|(pattern, states)| format!("{pattern} {states}")),
        1 => states().prop_map(|states| format!("* {states}")),
        1 => (name, states()).prop_map(|(name, states)| format!("[attr]{name} {states}")),
        1 => (pattern(), states()).prop_map(|(pattern, states)| format!(" {pattern}\t{states} \r")),
    ];
    prop::collection::vec(line, 1..8).prop_map(|lines| {
        // Git reads the attribute files that it has written, which a change of encoding garbles.
        lines.join("\n") + "\n.gitattributes !working-tree-encoding"
    })
}

fn blob() -> impl Strategy<Value = Vec<u8>> {
    let long = "0123456789abcdef 0123456789abcdef 0123456789abcdef 0123456789abcdef \
                0123456789abcdef 0123456789abcdef 0123456789abcdef 0123456789abcdef";
    let part = select(vec![
        "\n",
        "\n",
        "\n",
        "\r\n",
        "\r",
        "\0",
        "\u{1}",
        "\u{1a}",
        "x",
        " ",
        "\t",
        "$",
        "$I",
        "$Id",
        "$Id$",
        "$Id$",
        "$Id:",
        "$Id: x $",
        "$Id: x y $",
        "$Id:x$",
        "$Id:  $",
        ":",
        "é",
        long,
    ]);
    let text = prop::collection::vec(part, 0..10).prop_map(|parts| parts.concat().into_bytes());
    (text, prop::bool::weighted(0.05)).prop_map(|(mut bytes, broken)| {
        if broken {
            bytes.push(0xff);
        }
        bytes
    })
}

fn tree() -> impl Strategy<Value = Files> {
    let file = (select(FOLDERS), select(NAMES), blob())
        .prop_map(|(folder, name, blob)| (format!("{folder}{name}").into_bytes(), blob));
    let attributes = (select(FOLDERS), attribute_file())
        .prop_map(|(folder, text)| (format!("{folder}.gitattributes").into_bytes(), text.into()));
    let root = attribute_file().prop_map(|text| (b".gitattributes".to_vec(), text.into_bytes()));
    (
        prop::collection::vec(file, 40),
        prop::collection::vec(attributes, 0..4),
        root,
    )
        .prop_map(|(files, attributes, root)| {
            files.into_iter().chain(attributes).chain([root]).collect()
        })
}

#[test]
fn random_trees_come_out_as_git_writes_them() {
    let config = Config {
        cases: 12,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let run = runner.run(&tree(), |files| {
        let text = differences(&files);
        prop_assert!(text.is_empty(), "{text}");
        Ok(())
    });
    match run {
        Ok(()) => {}
        Err(TestError::Fail(reason, _)) => panic!("{reason}"),
        Err(error) => panic!("{error}"),
    }
}

/// Which of the patterns git sees matching which of the paths: (path, number of the pattern).
fn matches_by_git(patterns: &[String], paths: &[String]) -> BTreeSet<(String, usize)> {
    let temp = tempfile::tempdir().unwrap();
    let mut text = String::new();
    for (number, pattern) in patterns.iter().enumerate() {
        writeln!(text, "{pattern} x{number}").unwrap();
    }
    crate::fsx::write_atomic(&temp.path().join(".gitattributes"), text.as_bytes()).unwrap();
    git(temp.path(), &["init", "-q"], b"");
    let arguments = ["check-attr", "-z", "--all", "--stdin"];
    let output = git(
        temp.path(),
        &arguments,
        (paths.join("\0") + "\0").as_bytes(),
    );
    let fields: Vec<_> = output.split(|byte| *byte == 0).collect();
    fields
        .chunks_exact(3)
        .filter_map(|triple| {
            let path = String::from_utf8(triple[0].to_vec()).unwrap();
            let number = std::str::from_utf8(triple[1]).unwrap().strip_prefix('x')?;
            // What follows a closed quote can make an attribute of its own.
            Some((path, number.parse().ok()?))
        })
        .collect()
}

fn matches_here(patterns: &[String], paths: &[String]) -> BTreeSet<(String, usize)> {
    let mut found = BTreeSet::new();
    for (number, pattern) in patterns.iter().enumerate() {
        let line = format!("{pattern} x");
        if let Some(Line::Rule(pattern, _)) = parse::line(line.as_bytes()) {
            let matching = paths.iter().filter(|path| pattern.matches(path.as_bytes()));
            found.extend(matching.map(|path| (path.clone(), number)));
        }
    }
    found
}

#[test]
fn random_patterns_match_the_paths_that_git_says_they_match() {
    let mut runner = TestRunner::deterministic();
    let mut draw = |strategy: BoxedStrategy<String>, count: usize| -> Vec<String> {
        let one = |_| strategy.new_tree(&mut runner).unwrap().current();
        (0..count).map(one).collect()
    };
    let patterns = draw(pattern().boxed(), 4000);
    let name = joined(
        &[
            "a", "b", "ab", ".", "txt", "]", "-", "^", "[", "\\", "*", "é", "A",
        ],
        3,
    );
    let path = prop::collection::vec(name, 1..5).prop_map(|names| names.join("/"));
    let usable = |path: &String| path.split('/').all(|name| !matches!(name, "." | ".."));
    let paths = draw(path.prop_filter("no path", usable).boxed(), 150);

    let (theirs, ours) = (
        matches_by_git(&patterns, &paths),
        matches_here(&patterns, &paths),
    );
    assert!(
        theirs.len() > 5000,
        "too few matches to mean something: {}",
        theirs.len()
    );
    let show = |(path, number): &(String, usize)| format!("{:?} on {path:?}", patterns[*number]);
    let missed: Vec<_> = theirs.difference(&ours).map(show).take(10).collect();
    let invented: Vec<_> = ours.difference(&theirs).map(show).take(10).collect();
    assert!(
        missed.is_empty() && invented.is_empty(),
        "missed {missed:#?}, invented {invented:#?}"
    );
}
