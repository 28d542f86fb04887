//! The help of every command is what fixtures/help holds, and its page in the book, docs/src/commands, says the same.
//! After a change on purpose, `WRITE_HELP=1 cargo test --test it help` writes both anew; the difference is to be read then.

#[path = "help/pages.rs"]
mod pages;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::sandbox::Sandbox;

const TEXTS: &str = "fixtures/help";
const PAGES: &str = "docs/src/commands";

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The commands that a help text lists, `help` left out.
fn listed(text: &str) -> Vec<String> {
    let list = text.lines().skip_while(|line| *line != "Commands:").skip(1);
    let list = list.take_while(|line| !line.is_empty());
    // Lines that go on with a text are indented deeper.
    let names = list.filter_map(|line| {
        line.strip_prefix("  ")
            .filter(|line| !line.starts_with(' '))
    });
    let names = names.filter_map(|line| line.split_whitespace().next());
    names
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

/// The help of a command and of those below it, by file name.
fn collect(sandbox: &Sandbox, path: &[String], found: &mut BTreeMap<String, String>) {
    let mut arguments: Vec<&str> = path.iter().map(String::as_str).collect();
    arguments.push("--help");
    let text = sandbox.run(&arguments).success().stdout;
    for name in listed(&text) {
        collect(sandbox, &[path, &[name]].concat(), found);
    }
    let name = if path.is_empty() {
        "glide-rs".to_owned()
    } else {
        path.join("-")
    };
    found.insert(format!("{name}.txt"), text);
}

#[test]
fn every_help_text_is_as_written_down() {
    let mut found = BTreeMap::new();
    collect(&Sandbox::new("github.com/me/app"), &[], &mut found);
    assert!(found.len() > 20, "{:?}", found.keys());
    holds(TEXTS, &found);
    holds(PAGES, &pages::all(&found));
    let contents = folder("docs/src/SUMMARY.md");
    let page = fs::read_to_string(&contents).unwrap();
    let (before, _) = page.split_once("# Commands\n").unwrap();
    let expected = format!("{before}# Commands\n\n{}", pages::contents(&found));
    if std::env::var_os("WRITE_HELP").is_some() {
        fs::write(contents, &expected).unwrap();
    } else {
        assert_eq!(page, expected, "docs/src/SUMMARY.md");
    }
}

/// Insists that a folder holds these files and no others, or writes them.
fn holds(name: &str, expected: &BTreeMap<String, String>) {
    if std::env::var_os("WRITE_HELP").is_some() {
        for (file, text) in expected {
            fs::write(folder(name).join(file), text).unwrap();
        }
    }
    let entries = fs::read_dir(folder(name)).unwrap();
    let written: BTreeMap<String, String> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            let file = path.file_name().unwrap().to_string_lossy().into_owned();
            (file, fs::read_to_string(path).unwrap())
        })
        .collect();
    let names = |texts: &BTreeMap<String, String>| texts.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(expected), names(&written), "{name}");
    for (file, text) in expected {
        assert_eq!(text, &written[file], "{name}/{file}");
    }
}

#[test]
fn help_is_no_wider_than_a_hundred_columns_and_has_no_colours() {
    for entry in fs::read_dir(folder(TEXTS)).unwrap() {
        let path = entry.unwrap().path();
        for line in fs::read_to_string(&path).unwrap().lines() {
            let fits = line.chars().count() <= 100 && !line.contains('\u{1b}');
            assert!(
                fits && line == line.trim_end(),
                "{}: {line}",
                path.display()
            );
        }
    }
}
