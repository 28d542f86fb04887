//! Roots without a network: the hosts that are known by pattern, and the recorded answers of others.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::model::Roots;

/// Answers as they were given to Glide, kept for the run as Glide keeps them.
#[derive(Default)]
pub(crate) struct RecordedRoots {
    answers: HashMap<String, String>,
    known: RefCell<Vec<(String, String)>>,
}

impl RecordedRoots {
    /// From a list of `[asked, answered]`, where `null` is a lookup that failed.
    pub(crate) fn of(lookups: &serde_json::Value) -> Self {
        let lookups = lookups.as_array().map_or(&[][..], Vec::as_slice);
        let answers = lookups
            .iter()
            .filter_map(|pair| Some((pair[0].as_str()?.to_owned(), pair[1].as_str()?.to_owned())));
        Self {
            answers: answers.collect(),
            ..Self::default()
        }
    }
}

impl Roots for RecordedRoots {
    fn root_of(&self, path: &str) -> String {
        if let Some(root) = root_by_pattern(path) {
            return root;
        }
        let is_below = |above: &str| {
            let below = path.strip_prefix(above);
            below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
        };
        let mut known = self.known.borrow_mut();
        if let Some((_, root)) = known.iter().find(|(asked, _)| is_below(asked)) {
            return root.clone();
        }
        let answer = self.answers.get(path);
        let root = answer.cloned().unwrap_or_else(|| path.to_owned());
        known.push((path.to_owned(), root.clone()));
        root
    }
}

/// Glide's patterns, as far as the fixtures need them.
fn root_by_pattern(path: &str) -> Option<String> {
    let elements: Vec<&str> = path.split('/').collect();
    let is_word = |text: &&str| {
        let mut characters = text.chars();
        !text.is_empty() && characters.all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
    };
    let words = elements.iter().skip(1).all(is_word);
    let first = |count: usize| (elements.len() >= count).then(|| elements[..count].join("/"));
    match elements[0] {
        "github.com" | "bitbucket.org" if words => first(3),
        "code.google.com" if elements.len() > 1 && ["p", "r"].contains(&elements[1]) => first(3),
        "hub.jazz.net" if words => first(4),
        "launchpad.net" | "git.launchpad.net" if path.contains("/~") => first(4),
        "launchpad.net" if words => first(3).or_else(|| first(2)),
        "git.launchpad.net" | "go.googlesource.com" => first(2).filter(|root| root == path),
        host if host.ends_with(".googlecode.com") => match elements.get(1) {
            Some(&"svn") => Some(path.to_owned()),
            Some(&("git" | "hg")) => first(2),
            _ => None,
        },
        host => {
            let is_host =
                |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-:".contains(c);
            let is_repository = |element: &&str| {
                let kinds = [".git", ".hg", ".bzr", ".svn"];
                kinds.iter().any(|kind| element.ends_with(kind))
            };
            let place = elements.iter().skip(1).position(is_repository)?;
            let usable = host.contains('.') && host.chars().all(is_host) && words;
            usable.then(|| elements[..place + 2].join("/"))
        }
    }
}
