//! What a go.mod asks for, in the words of Glide.
//!
//! Answers to the go command. A module is part of a repository, in a folder of it or at its root, and
//! Glide holds one commit of a repository: what does not fit is told.

use std::collections::{HashMap, HashSet};

use crate::manifest::Dependency;
use crate::model::Roots;

use super::error::Error;
use super::gomod::{self, GoMod, Replace, Require};
use super::imported::{Gathering, Imported, Role};

/// The file, below the project's root.
pub const FILE: &str = "go.mod";

/// Reads a go.mod.
///
/// A project's own says which versions the go command builds with: each is taken as it is. To
/// others a version is the least that will do, as with the go command: `^1.2.3`. What is replaced or
/// excluded counts in the project's own only.
pub fn read(bytes: &[u8], role: Role, roots: &dyn Roots) -> Result<Imported, Error> {
    let mut read = gomod::read(bytes)?;
    if role == Role::Dependency {
        read.replaces.clear();
        read.excludes.clear();
    }
    let required = read.requires.iter().map(|require| &require.path);
    let replacing = read.replaces.iter().map(|replace| &replace.with);
    let names = required.chain(replacing).map(|path| without_major(path));
    let mut gathering = Gathering::new(FILE, names, roots);
    let own = read.module.as_deref().map(without_major);
    let own = own.map(|path| gathering.split(path).0);
    let mut nested = Vec::new();
    let replaces = Replaces::of(&read);
    for require in &read.requires {
        let place = Place::of(&require.path, &gathering);
        if own.as_ref() == Some(&place.root) {
            if role == Role::Project {
                gathering.note(format!(
                    "{FILE}: {} is in the project's own repository, left out",
                    require.path
                ));
            }
            continue;
        }
        let entry = entry(require, replaces.of_module(require), role, &mut gathering);
        if place.below.is_empty() {
            gathering.add(entry);
        } else {
            nested.push(entry);
        }
    }
    // The commit of a repository is that of the module at its root, if that is needed at all.
    for entry in nested {
        gathering.add(entry);
    }
    let required: HashSet<_> = read.requires.iter().map(|require| &require.path).collect();
    let versions: HashSet<_> = read.requires.iter().map(version_of).collect();
    let is_used = |replace: &&Replace| match &replace.version {
        Some(version) => versions.contains(&(replace.path.as_str(), version.as_str())),
        None => required.contains(&replace.path),
    };
    for replace in read.replaces.iter().filter(|replace| !is_used(replace)) {
        gathering.note(format!(
            "{FILE}: `replace {}` is passed over, since nothing requires it",
            replace.path
        ));
    }
    for (path, version) in &read.excludes {
        gathering.note(format!(
            "{FILE}: `exclude {path} {version}` cannot be said in a glide.yaml"
        ));
    }
    Ok(gathering.finish())
}

/// A module at its version.
fn version_of(require: &Require) -> (&str, &str) {
    (&require.path, &require.version)
}

/// What takes the place of modules, by their path and, where it is given, their version.
struct Replaces<'a> {
    exact: HashMap<(&'a str, &'a str), &'a Replace>,
    of_any_version: HashMap<&'a str, &'a Replace>,
}

impl<'a> Replaces<'a> {
    fn of(read: &'a GoMod) -> Self {
        // Of those with a version the first counts, of those without one the last.
        let with_version = read.replaces.iter().rev().filter_map(|replace| {
            let version = replace.version.as_deref()?;
            Some(((replace.path.as_str(), version), replace))
        });
        let without = read
            .replaces
            .iter()
            .filter(|replace| replace.version.is_none());
        Self {
            exact: with_version.collect(),
            of_any_version: without
                .map(|replace| (replace.path.as_str(), replace))
                .collect(),
        }
    }

    /// What takes a module's place; a line with its very version goes first.
    fn of_module(&self, require: &Require) -> Option<&'a Replace> {
        let exact = self.exact.get(&version_of(require));
        exact
            .or_else(|| self.of_any_version.get(require.path.as_str()))
            .copied()
    }
}

/// Where a module is: the repository's root, and the folder in it.
#[derive(PartialEq, Eq)]
struct Place {
    root: String,
    below: String,
}

impl Place {
    fn of(path: &str, gathering: &Gathering<'_>) -> Self {
        let (root, below) = gathering.split(without_major(path));
        Self { root, below }
    }
}

fn entry(
    require: &Require,
    replace: Option<&Replace>,
    role: Role,
    gathering: &mut Gathering<'_>,
) -> Dependency {
    let place = Place::of(&require.path, gathering);
    let mut entry = Dependency {
        reference: reference(&require.version, &place.below, role),
        ..Dependency::named(place.root.as_str())
    };
    let Some(replace) = replace else {
        return entry;
    };
    let Some(version) = &replace.with_version else {
        gathering.note(format!(
            "{FILE}: the folder `{}` takes the place of {}, which cannot be said in a glide.yaml",
            replace.with, require.path
        ));
        return entry;
    };
    let with = Place::of(&replace.with, gathering);
    if with.below != place.below {
        gathering.note(format!(
            "{FILE}: {} takes the place of {}, but stands elsewhere in its repository; the original \
             is listed",
            replace.with, require.path
        ));
        return entry;
    }
    entry.reference = reference(version, &with.below, role);
    if with.root != place.root {
        entry.repo = format!("https://{}", with.root);
    }
    entry
}

/// The path without the major version at its end, which is no folder in most repositories.
fn without_major(path: &str) -> &str {
    match path.rsplit_once("/v") {
        Some((rest, major)) if is_number(major) && !matches!(major, "0" | "1") => rest,
        _ => path,
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A module's version as Glide names it: a commit, a tag, or a range.
fn reference(version: &str, below: &str, role: Role) -> String {
    let version = version
        .split_once('+')
        .map_or(version, |(version, _)| version);
    if let Some(commit) = commit(version) {
        // The go command's word for a module that is in a folder beside it.
        let is_none = commit.bytes().all(|byte| byte == b'0');
        return if is_none {
            String::new()
        } else {
            commit.to_owned()
        };
    }
    if !below.is_empty() {
        return format!("{below}/{version}");
    }
    match version.strip_prefix('v') {
        Some(numbers) if role == Role::Dependency && is_release(numbers) => format!("^{numbers}"),
        _ => version.to_owned(),
    }
}

fn is_release(numbers: &str) -> bool {
    numbers.split('.').count() == 3 && numbers.split('.').all(is_number)
}

/// The commit that a version was made of: `v0.0.0-20170915032832-14c0d48ead0c`.
fn commit(version: &str) -> Option<&str> {
    let (rest, commit) = version.rsplit_once('-')?;
    let time = rest.rsplit(['-', '.']).next()?;
    let is_commit = commit.len() == 12
        && commit
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (is_commit && time.len() == 14 && is_number(time) && rest.contains('-')).then_some(commit)
}

#[cfg(test)]
mod tests {
    use super::{Role, read, reference, without_major};
    use crate::model::ThreeElements;

    #[track_caller]
    fn check(text: &str, role: Role, expected: &[&str], notes: &[&str]) {
        let imported = read(text.as_bytes(), role, &ThreeElements).unwrap();
        let rows = imported.dependencies.iter().map(|entry| {
            let row = format!("{} {} {}", entry.name, entry.reference, entry.repo);
            row.trim_end().to_owned()
        });
        assert_eq!(rows.collect::<Vec<_>>(), expected);
        assert_eq!(imported.notes, notes);
    }

    const TEXT: &str = "module h.io/me/app/v3
go 1.16
require (
\th.io/a/b v1.2.3 // indirect
\th.io/a/big/api v0.3.0
\th.io/a/big v1.0.0
\th.io/a/c/v2 v2.1.0
\th.io/a/d v3.0.0+incompatible
\th.io/a/e v0.0.0-20170915032832-14c0d48ead0c
\th.io/a/f/sub/v2 v2.0.1
\th.io/me/app/tools v0.1.0
\th.io/r/one v1.0.0
\th.io/r/two v1.0.0
\th.io/r/three v0.0.0-00010101000000-000000000000
\th.io/r/four v1.0.0
\th.io/a/rc v1.0.0-rc.1
)
replace (
\th.io/r/one => h.io/fork/one/v2 v2.5.0
\th.io/r/two v1.0.0 => h.io/r/two v1.0.1
\th.io/r/two => h.io/r/two v9.0.0
\th.io/r/three => ../three
\th.io/r/four => h.io/fork/four/below v1.0.0
\th.io/r/nobody => h.io/fork/x v1.0.0
)
exclude h.io/a/b v1.2.2
";

    #[test]
    fn the_project_s_versions_are_taken_as_they_are() {
        check(
            TEXT,
            Role::Project,
            &[
                "h.io/a/b v1.2.3",
                "h.io/a/big v1.0.0",
                "h.io/a/c v2.1.0",
                "h.io/a/d v3.0.0",
                "h.io/a/e 14c0d48ead0c",
                "h.io/r/one v2.5.0 https://h.io/fork/one",
                "h.io/r/two v1.0.1",
                "h.io/r/three",
                "h.io/r/four v1.0.0",
                "h.io/a/rc v1.0.0-rc.1",
                "h.io/a/f sub/v2.0.1",
            ],
            &[
                "go.mod: h.io/me/app/tools is in the project's own repository, left out",
                "go.mod: the folder `../three` takes the place of h.io/r/three, which cannot be said \
                 in a glide.yaml",
                "go.mod: h.io/fork/four/below takes the place of h.io/r/four, but stands elsewhere in \
                 its repository; the original is listed",
                "go.mod: h.io/a/big at `v1.0.0`, and at `api/v0.3.0`; glide.yaml takes the first",
                "go.mod: `replace h.io/r/nobody` is passed over, since nothing requires it",
                "go.mod: `exclude h.io/a/b v1.2.2` cannot be said in a glide.yaml",
            ],
        );
    }

    #[test]
    fn a_dependency_s_versions_are_the_least_that_will_do() {
        check(
            TEXT,
            Role::Dependency,
            &[
                "h.io/a/b ^1.2.3",
                "h.io/a/big ^1.0.0",
                "h.io/a/c ^2.1.0",
                "h.io/a/d ^3.0.0",
                "h.io/a/e 14c0d48ead0c",
                "h.io/r/one ^1.0.0",
                "h.io/r/two ^1.0.0",
                "h.io/r/three",
                "h.io/r/four ^1.0.0",
                "h.io/a/rc v1.0.0-rc.1",
                "h.io/a/f sub/v2.0.1",
            ],
            &["go.mod: h.io/a/big at `^1.0.0`, and at `api/v0.3.0`; glide.yaml takes the first"],
        );
    }

    #[test]
    fn commits_are_told_from_releases() {
        let check = |version: &str, expected: &str| {
            assert_eq!(reference(version, "", Role::Project), expected);
        };
        check("v1.2.4-0.20191109021931-daa7c04131f5", "daa7c04131f5");
        check("v1.2.3-pre.0.20191109021931-daa7c04131f5", "daa7c04131f5");
        check(
            "v2.0.0-20191109021931-daa7c04131f5+incompatible",
            "daa7c04131f5",
        );
        check(
            "v1.0.0-20191109021931-daa7c04131fX",
            "v1.0.0-20191109021931-daa7c04131fX",
        );
        check(
            "v1.0.0-2019110902193-daa7c04131f5",
            "v1.0.0-2019110902193-daa7c04131f5",
        );
        check("master", "master");
    }

    #[test]
    fn major_versions_are_no_folders() {
        for (path, expected) in [
            ("a.b/c/v2", "a.b/c"),
            ("a.b/c/v1", "a.b/c/v1"),
            ("a.b/c/v", "a.b/c/v"),
            ("a.b/c/vx", "a.b/c/vx"),
            ("gopkg.in/yaml.v2", "gopkg.in/yaml.v2"),
        ] {
            assert_eq!(without_major(path), expected);
        }
    }
}
