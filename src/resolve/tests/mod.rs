//! Stories: small worlds, and what Glide's walk makes of them.

mod property;
mod scale;
mod story;
mod world;

use std::fmt::Write as _;

use super::{Error, Provider, Resolution, World, resolve};
use crate::manifest::{Lock, LockedDependency, Timestamp};
use crate::report::Level;
use crate::ui::Recording;
use story::{Story, stories};
use world::{Memory, ThreeElements};

/// What came of a story, as a story tells it.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    imports: Vec<String>,
    test_imports: Vec<String>,
    failure: Option<String>,
    messages: Vec<(&'static str, String)>,
}

/// Lets a story happen, with a provider that may work ahead.
fn play_with(story: &Story, provider: &dyn Provider) -> (Result<Resolution, Error>, Recording) {
    let reporter = Recording::default();
    let world = World {
        provider,
        roots: &ThreeElements,
        project: &story.source,
        reporter: &reporter,
    };
    let result = resolve(&story.config, world, story.options);
    (result, reporter)
}

fn outcome(story: &Story, provider: &dyn Provider) -> Outcome {
    let (result, reporter) = play_with(story, provider);
    let level = |level| match level {
        Level::Error => "error",
        Level::Warn => "warn",
        Level::Info | Level::Debug => "info",
    };
    let messages = reporter.messages().into_iter();
    let messages = messages.map(|(at, text)| (level(at), text)).collect();
    let lock = match result {
        Err(error) => Err(error.to_string()),
        Ok(found) => {
            let (imports, tests) = (&found.imports, &found.test_imports);
            let lock = Lock::new(String::new(), Timestamp::default(), imports, tests);
            lock.map_err(|error| error.to_string())
        }
    };
    match lock {
        Ok(lock) => Outcome {
            imports: lines(&story.memory, &lock.imports),
            test_imports: lines(&story.memory, &lock.test_imports),
            failure: None,
            messages,
        },
        Err(failure) => Outcome {
            imports: Vec::new(),
            test_imports: Vec::new(),
            failure: Some(failure),
            messages,
        },
    }
}

/// The entries of a lock as stories write them.
fn lines(memory: &Memory, entries: &[LockedDependency]) -> Vec<String> {
    let short = |name: &str| {
        let bare = name.trim_start_matches("https://");
        let known = ["acme/", "Acme/", "fork/", "me/"];
        let rest = bare.strip_prefix("github.com/");
        let rest = rest.filter(|rest| known.iter().any(|first| rest.starts_with(first)));
        rest.unwrap_or(bare).to_owned()
    };
    let line = |entry: &LockedDependency| {
        let label = match entry.version.as_str() {
            "" => "-",
            version => memory.label(version).unwrap_or(version),
        };
        let mut line = format!("{} {label}", short(&entry.name));
        if !entry.subpackages.is_empty() {
            let mut below = entry.subpackages.clone();
            below.sort();
            write!(line, " [{}]", below.join(" ")).unwrap();
        }
        if !entry.repo.is_empty() {
            write!(line, " repo={}", short(&entry.repo)).unwrap();
        }
        if !entry.os.is_empty() {
            write!(line, " os={}", entry.os.join(",")).unwrap();
        }
        line
    };
    entries.iter().map(line).collect()
}

/// What is wrong with what came of a story.
fn differences(story: &Story, came: &Outcome) -> Vec<String> {
    let expected = &story.expected;
    let mut wrong = Vec::new();
    let mut compare = |what: &str, want: &[String], got: &[String]| {
        if want != got {
            wrong.push(format!("{what}: want {}", want.join(", ")));
            wrong.push(format!("{what}: got  {}", got.join(", ")));
        }
    };
    compare("lock", &expected.imports, &came.imports);
    compare("test", &expected.test_imports, &came.test_imports);
    match (&expected.fails, &came.failure) {
        (None, None) => {}
        (Some(part), Some(failure)) if failure.contains(part) => {}
        (want, got) => wrong.push(format!("fails: want {want:?}, got {got:?}")),
    }
    if !expected.silent {
        let mut left: Vec<_> = came.messages.iter().collect();
        for (level, part) in &expected.says {
            match left
                .iter()
                .position(|(at, text)| at == level && text.contains(part))
            {
                Some(at) => drop(left.remove(at)),
                None => wrong.push(format!("never says: {level} {part}")),
            }
        }
        left.retain(|(level, _)| *level != "info");
        wrong.extend(left.iter().map(|message| format!("says too: {message:?}")));
    }
    if !wrong.is_empty() {
        let messages = came.messages.iter();
        wrong.extend(messages.map(|(level, text)| format!("  [{level}] {text}")));
    }
    wrong
}

/// Checks every story of a file.
#[track_caller]
fn check(text: &str) {
    let mut failed = Vec::new();
    let stories = stories(text);
    for story in &stories {
        let came = outcome(story, &story.memory);
        let wrong = differences(story, &came);
        if !wrong.is_empty() {
            failed.push(format!("## {}\n{}", story.title, wrong.join("\n")));
        }
    }
    let (failures, all) = (failed.len(), stories.len());
    assert!(
        failed.is_empty(),
        "{failures} of {all} stories:\n{}",
        failed.join("\n\n")
    );
}

macro_rules! files {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            check(include_str!(concat!("../../../fixtures/scenarios/", stringify!($name), ".txt")));
        })*

        const FILES: &[&str] = &[
            $(include_str!(concat!("../../../fixtures/scenarios/", stringify!($name), ".txt"))),*
        ];
    };
}

files! {
    versions
    random
    missing
    order
    tests
    ignore
    options
    locations
    failures
    majors
    fitting
    disagreement
}
