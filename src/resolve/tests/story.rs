//! Reads the stories of `fixtures/scenarios`; its README tells the form.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::super::Options;
use super::world::{Commit, Folder, Memory, Source, Store, ThreeElements, commit_id};
use crate::manifest::{Config, Dependency, Mirror};

/// A world, a project, and what is to come of them.
#[derive(Debug)]
pub(super) struct Story {
    pub(super) title: String,
    pub(super) config: Config,
    pub(super) source: Source,
    pub(super) memory: Memory,
    pub(super) options: Options,
    pub(super) expected: Expected,
}

/// What is to come of a story.
#[derive(Debug, Default)]
pub(super) struct Expected {
    pub(super) imports: Vec<String>,
    pub(super) test_imports: Vec<String>,
    /// A part of the failure that the story ends in.
    pub(super) fails: Option<String>,
    /// By level, a part of each message.
    pub(super) says: Vec<(&'static str, String)>,
    /// Whether messages are open.
    pub(super) silent: bool,
}

/// All stories of a file; those with `each` once for every row.
pub(super) fn stories(text: &str) -> Vec<Story> {
    let texts = text.split("\n## ").skip(1);
    texts
        .flat_map(|text| rows(text).into_iter().map(|text| read(&text)))
        .collect()
}

/// A story's text with the words in braces filled in.
fn rows(text: &str) -> Vec<String> {
    let mut lines = text.lines();
    let head: Vec<&str> = lines
        .by_ref()
        .take_while(|line| !line.starts_with("each "))
        .collect();
    let Some(each) = text.lines().find_map(|line| line.strip_prefix("each ")) else {
        return vec![text.to_owned()];
    };
    let cells = |line: &str| -> Vec<String> {
        line.split(';').map(|cell| cell.trim().to_owned()).collect()
    };
    let words = cells(each);
    let (table, rest): (Vec<&str>, Vec<&str>) = {
        let lines: Vec<&str> = lines.collect();
        let end = lines.iter().position(|line| !line.starts_with("  "));
        let (table, rest) = lines.split_at(end.unwrap_or(lines.len()));
        (table.to_vec(), rest.to_vec())
    };
    let body = [head.join("\n"), rest.join("\n")].join("\n");
    let fill = |row: &&str| {
        let values = cells(row);
        assert_eq!(values.len(), words.len(), "row {row:?}");
        let pairs = words.iter().zip(values);
        pairs.fold(body.clone(), |body, (word, value)| {
            body.replace(&format!("{{{word}}}"), &value)
        })
    };
    table.iter().map(fill).collect()
}

/// `acme/log` is short for `github.com/acme/log`.
fn full(path: &str) -> String {
    let first = path.split('/').next().unwrap_or_default();
    match first {
        "acme" | "Acme" | "fork" | "me" => format!("github.com/{path}"),
        _ => path.to_owned(),
    }
}

fn read(text: &str) -> Story {
    let mut lines = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .peekable();
    let title = lines.next().unwrap_or_default().to_owned();
    let mut story = Story {
        title,
        config: Config::default(),
        source: Source {
            package: full("me/app"),
            ..Source::default()
        },
        memory: Memory::default(),
        options: Options {
            tests: true,
            recursive: true,
            all_packages: false,
            installed_go: None,
            go_version: None,
        },
        expected: Expected::default(),
    };
    let mut yaml = String::from("package: github.com/me/app\n");
    while let Some(line) = lines.next() {
        let mut inner = Vec::new();
        while let Some(line) = lines.next_if(|line| line.starts_with("  ")) {
            inner.push(line.trim());
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let says = &mut story.expected.says;
        match word {
            "" | "confirmed" | "glide" => {}
            "app" => inner.iter().for_each(|line| {
                line.split(" ; ")
                    .for_each(|part| folder(&mut story.source.tree.0, part));
            }),
            "glide.yaml" => yaml.push_str(&glide_yaml(&inner)),
            "options" => story.options = options(rest),
            "mirror" => story.memory.mirrors.repos.push(mirror(rest)),
            "repo" => story.memory.add(store(rest, &inner)),
            "lock" => story.expected.imports = inner.iter().map(|&line| line.to_owned()).collect(),
            "test" => {
                story.expected.test_imports = inner.iter().map(|&line| line.to_owned()).collect();
            }
            "fails" => story.expected.fails = Some(rest.to_owned()),
            "warns" => says.push(("warn", rest.to_owned())),
            "reports" => says.push(("error", rest.to_owned())),
            "informs" => says.push(("info", rest.to_owned())),
            "says-whatever" => story.expected.silent = true,
            _ => panic!("{}: cannot read {line:?}", story.title),
        }
    }
    story.config = Config::read(yaml.as_bytes(), &ThreeElements)
        .unwrap_or_else(|error| panic!("{}: {error}\n{yaml}", story.title));
    story
}

fn options(text: &str) -> Options {
    Options {
        tests: !text.contains("--skip-test"),
        recursive: !text.contains("--no-recursive"),
        all_packages: text.contains("--all-dependencies"),
        installed_go: minor_after(text, "installed go1."),
        go_version: minor_after(text, "--go-version 1."),
    }
}

fn minor_after(text: &str, words: &str) -> Option<u32> {
    let (_, rest) = text.split_once(words)?;
    rest.split(' ').next()?.parse().ok()
}

fn mirror(text: &str) -> Mirror {
    let (original, repo) = text.split_once(' ').expect("two addresses");
    Mirror {
        original: original.to_owned(),
        repo: repo.to_owned(),
        vcs: "git".to_owned(),
    }
}

/// One line of a list: name, reference, and `repo=`, `sub=`, `os=`.
fn dependency(text: &str) -> Dependency {
    let (name, mut rest) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    let mut found = Dependency::named(full(name));
    while let Some((before, key, value)) = last_setting(rest) {
        match key {
            "repo" => found.repo = format!("https://{}", full(value)),
            "sub" => found.subpackages = value.split(',').map(str::to_owned).collect(),
            _ => found.os = Some(vec![value.to_owned()]),
        }
        rest = before;
    }
    found.reference = reference(&found, rest.trim());
    found
}

fn last_setting(text: &str) -> Option<(&str, &str, &str)> {
    let (before, last) = text.rsplit_once(' ').unwrap_or(("", text));
    let (key, value) = last.split_once('=')?;
    ["repo", "sub", "os"]
        .contains(&key)
        .then_some((before, key, value))
}

/// `@label` is the id of a commit, `@label:7` the begin of it.
fn reference(dependency: &Dependency, text: &str) -> String {
    let Some(label) = text.strip_prefix('@') else {
        return text.to_owned();
    };
    let name = match dependency.repo.as_str() {
        "" => dependency.name.as_str(),
        repo => repo.trim_start_matches("https://"),
    };
    let (label, length) = label.split_once(':').unwrap_or((label, "40"));
    let length: usize = length.parse().expect("a number");
    commit_id(name, label)[..length].to_owned()
}

fn glide_yaml(lines: &[&str]) -> String {
    let mut lists: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for line in lines {
        let (key, rest) = line.split_once(' ').unwrap_or((line, ""));
        let text = match key {
            "ignore" => format!("- {}\n", full(rest)),
            "excludeDirs" => format!("- {rest}\n"),
            _ => entry(&dependency(rest)),
        };
        lists.entry(key).or_default().push(text);
    }
    let lists = lists.iter();
    lists.fold(String::new(), |text, (key, items)| {
        text + key + ":\n" + &items.concat()
    })
}

fn entry(dependency: &Dependency) -> String {
    let mut text = format!("- package: {}\n", dependency.name);
    for (key, value) in [
        ("version", &dependency.reference),
        ("repo", &dependency.repo),
    ] {
        if !value.is_empty() {
            writeln!(text, "  {key}: '{value}'").unwrap();
        }
    }
    let os = dependency.os.clone().unwrap_or_default();
    for (key, list) in [("subpackages", &dependency.subpackages), ("os", &os)] {
        if !list.is_empty() {
            writeln!(text, "  {key}: [{}]", list.join(", ")).unwrap();
        }
    }
    text
}

/// `FOLDER: imports`, `FOLDER test: imports`, `empty FOLDER`, `broken FOLDER` or `no FOLDER`.
fn folder(tree: &mut BTreeMap<String, Folder>, part: &str) {
    let path = |text: &str| match text.trim() {
        "." => String::new(),
        other => other.to_owned(),
    };
    match part.trim().split_once(' ') {
        Some(("empty", folder)) => return drop(tree.insert(path(folder), Folder::Empty)),
        Some(("broken", folder)) => return drop(tree.insert(path(folder), Folder::Broken)),
        Some(("no", folder)) => return drop(tree.remove(&path(folder))),
        _ => {}
    }
    let (place, imports) = part
        .split_once(':')
        .unwrap_or_else(|| panic!("no folder: {part:?}"));
    let mut imports: Vec<String> = imports.split_whitespace().map(full).collect();
    imports.sort();
    imports.dedup();
    let (place, test) = match place.trim().strip_suffix(" test") {
        Some(place) => (path(place), true),
        None => (path(place), false),
    };
    let old = tree.remove(&place);
    let (mut of_package, mut of_tests) = match old {
        Some(Folder::Go(imports, tests)) => (imports, tests),
        _ => Default::default(),
    };
    *if test { &mut of_tests } else { &mut of_package } = imports;
    tree.insert(place, Folder::Go(of_package, of_tests));
}

/// A repository: its name and default branch, then a commit a line.
fn store(line: &str, commits: &[&str]) -> Store {
    let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
    let head = rest.strip_prefix("head=").unwrap_or("master");
    let mut store = Store {
        name: full(name),
        head: head.to_owned(),
        ..Store::default()
    };
    let mut last = None;
    for line in commits {
        let mut parts = line.split(" ; ");
        let mut words = parts.next().unwrap_or_default().split_whitespace();
        let label = words.next().unwrap_or_default();
        let mut branch = "master";
        let mut tags: Vec<&str> = Vec::new();
        if label
            .trim_start_matches('v')
            .starts_with(|c: char| c.is_ascii_digit())
        {
            tags.push(label);
        }
        for word in words {
            match word.split_once('=') {
                Some(("on", name)) => branch = name,
                Some(("tag", name)) => tags.push(name),
                _ => panic!("cannot read {word:?}"),
            }
        }
        // A branch begins where the last commit left off.
        let parent = store.branches.get(branch).copied().or(last);
        let mut commit: Commit =
            parent.map_or_else(Commit::default, |at: usize| store.commits[at].clone());
        if parent.is_none() {
            commit
                .tree
                .0
                .insert(String::new(), Folder::Go(Vec::new(), Vec::new()));
        }
        commit.label = label.to_owned();
        let parts: Vec<&str> = parts.collect();
        if parts.iter().any(|part| part.trim().starts_with("wants")) {
            commit.wants.clear();
        }
        for part in parts {
            change(&mut commit, part.trim());
        }
        // As in every glide.yaml, the repository itself is no dependency of it.
        commit.wants.retain(|wanted| wanted.name != store.name);
        last = Some(store.commits.len());
        store.commits.push(commit);
        let at = store.commits.len() - 1;
        store.branches.insert(branch.to_owned(), at);
        for tag in tags {
            store.tags.insert(tag.to_owned(), at);
        }
    }
    store
}

fn change(commit: &mut Commit, part: &str) {
    match part.split_once(' ').unwrap_or((part, "")) {
        ("wants", "") => {}
        ("wants", rest) => commit.wants.push(dependency(rest)),
        ("garbled", _) => commit.garbled = true,
        ("module", path) => commit.module.path = Some(full(path)),
        ("go", version) => commit.module.go = minor_after(version, "1."),
        _ => folder(&mut commit.tree.0, part),
    }
}
