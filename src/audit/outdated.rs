//! How old pins are, and what there is that is newer.
//!
//! A release is a tag that is a version without a pre-release. What has none is as new as its default
//! branch. A name counts as newer only where the pinned commit does not have its commit in its history
//! already.

use super::history::{Histories, History};
use super::subject::{Pinned, Subject};
use crate::version::{self, Constraint, Version};

/// How a pin stands beside what there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// There is something newer, and glide.yaml lets it in.
    Outdated,
    /// There is something newer, but glide.yaml asks for something else.
    HeldBack,
    /// There is nothing newer.
    Newest,
}

impl Standing {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Outdated => "outdated",
            Self::HeldBack => "held-back",
            Self::Newest => "newest",
        }
    }
}

/// A name of a repository and its commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// A tag or branch; empty for the default branch where nobody tells its name, or a mere commit.
    pub name: String,
    /// The commit.
    pub commit: String,
}

/// How old a pin is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Age {
    /// Its name in glide.lock.
    pub package: String,
    /// The pinned commit, or whatever is pinned.
    pub pinned: String,
    /// The highest version that is a tag of that commit.
    pub version: Option<String>,
    /// What glide.yaml asks for; `None` where it does not list the package.
    pub wanted: Option<String>,
    /// The newest that glide.yaml allows; `None` where nothing meets what it asks for.
    pub allowed: Option<Named>,
    /// The newest release, or the tip of the default branch where there is none.
    pub newest: Option<Named>,
    /// When the commit was made, in seconds since 1970.
    pub made: Option<i64>,
    /// How many commits of the default branch the pin does not have.
    pub behind: Option<usize>,
    /// How it stands.
    pub standing: Standing,
}

/// The ages of a project's pins in the order of glide.lock; those that nobody can tell, and why.
pub fn outdated(subject: &Subject, histories: &dyn Histories) -> (Vec<Age>, Vec<(String, String)>) {
    let (mut ages, mut unknown) = (Vec::new(), Vec::new());
    let mut seen = std::collections::BTreeSet::new();
    for pin in &subject.pins {
        let name = &pin.entry.name;
        if !seen.insert(name) {
            continue;
        }
        match histories
            .of(pin)
            .and_then(|history| age(pin, wanted(subject, name), &*history))
        {
            Ok(age) => ages.push(age),
            Err(reason) => unknown.push((name.clone(), reason)),
        }
    }
    (ages, unknown)
}

/// What glide.yaml asks for.
fn wanted<'s>(subject: &'s Subject, name: &str) -> Option<&'s str> {
    let config = &subject.manifest.as_ref()?.config;
    let mut entries = config.imports.iter().chain(&config.test_imports);
    let entry = entries.find(|entry| entry.name == name)?;
    Some(entry.reference.as_str())
}

fn age(pin: &Pinned, wanted: Option<&str>, history: &dyn History) -> Result<Age, String> {
    let pinned = &pin.entry.version;
    let commit = commit(pinned, history);
    if !history.holds(&commit) {
        return Err(format!("{pinned} is not in the history of its repository"));
    }
    let here = history.tags().iter().filter(|(_, at)| *at == commit);
    let newest = newest(history);
    let allowed = match wanted {
        None => newest.clone(),
        Some(text) => allowed(text, history),
    };
    let is_newer = |named: &Option<Named>| {
        named.as_ref().is_some_and(|named| {
            history.holds(&named.commit) && !history.is_ancestor(&named.commit, &commit)
        })
    };
    let standing = match (is_newer(&allowed), is_newer(&newest)) {
        (true, _) => Standing::Outdated,
        (false, true) => Standing::HeldBack,
        (false, false) => Standing::Newest,
    };
    Ok(Age {
        package: pin.entry.name.clone(),
        pinned: pinned.clone(),
        version: version::latest(here.map(|(tag, _)| tag.as_str())).map(str::to_owned),
        wanted: wanted.map(str::to_owned),
        made: history.time(&commit),
        behind: history
            .head()
            .and_then(|head| history.distance(&commit, head)),
        allowed,
        newest,
        standing,
    })
}

/// The commit that a pin is: it may be a tag or branch.
fn commit(pinned: &str, history: &dyn History) -> String {
    let mut names = history.tags().iter().chain(history.branches());
    let found = names.find(|(name, _)| name == pinned);
    found.map_or_else(|| pinned.to_ascii_lowercase(), |(_, commit)| commit.clone())
}

/// The newest release, or the tip of the default branch.
fn newest(history: &dyn History) -> Option<Named> {
    let tags = history.tags().iter().map(|(tag, _)| tag.as_str());
    let releases =
        tags.filter(|tag| Version::parse(tag).is_some_and(|found| !found.is_prerelease()));
    match version::latest(releases) {
        Some(tag) => named(tag, history.tags()),
        None => tip(history),
    }
}

/// The newest that a version of glide.yaml lets in, as `update` finds it: a name before a range.
fn allowed(text: &str, history: &dyn History) -> Option<Named> {
    if text.is_empty() {
        return tip(history);
    }
    // A branch goes on being the newest of itself; a tag or commit is only ever itself.
    let exact = named(text, history.branches()).or_else(|| named(text, history.tags()));
    if exact.is_some() {
        return exact;
    }
    if history.holds(text) {
        return Some(Named {
            name: String::new(),
            commit: text.to_owned(),
        });
    }
    let constraint = Constraint::parse(text).ok()?;
    let names = history.branches().iter().chain(history.tags());
    let picked = version::pick(names.map(|(name, _)| name.as_str()), &constraint)?;
    named(picked, history.branches()).or_else(|| named(picked, history.tags()))
}

fn named(name: &str, names: &[(String, String)]) -> Option<Named> {
    let found = names.iter().find(|(known, _)| known == name);
    found.map(|(name, commit)| Named {
        name: name.clone(),
        commit: commit.clone(),
    })
}

/// The tip of the default branch, by the name of a branch that is there.
fn tip(history: &dyn History) -> Option<Named> {
    let head = history.head()?;
    let branches = history.branches();
    let there = |wanted: &str| {
        branches
            .iter()
            .any(|(name, at)| name == wanted && at == head)
    };
    let usual = ["master", "main", "default"]
        .into_iter()
        .find(|name| there(name));
    let any = || branches.iter().find(|(_, at)| at == head);
    let name = usual.or_else(|| any().map(|(name, _)| name.as_str()));
    Some(Named {
        name: name.unwrap_or_default().to_owned(),
        commit: head.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::history::Sketch;
    use super::super::subject::Manifest;
    use super::*;
    use crate::manifest::{Config, Lock, Mirrors};
    use crate::model::NoRoots;

    /// Commits 1 to 5 in a row but for 4, which is a branch of 3: v1.0.0, v1.1.0, v2.0.0-rc1 and main (5)
    /// with `maintained` (4), a day apart.
    fn sketch() -> Sketch {
        let id = |digit: u8| char::from(b'0' + digit).to_string().repeat(40);
        let pair = |name: &str, digit: u8| (name.to_owned(), id(digit));
        let parents = [
            (1, None),
            (2, Some(1)),
            (3, Some(2)),
            (4, Some(2)),
            (5, Some(3)),
        ];
        Sketch {
            commits: parents
                .iter()
                .map(|(commit, parent)| {
                    (
                        id(*commit),
                        i64::from(*commit) * 86400,
                        parent.iter().map(|parent| id(*parent)).collect(),
                    )
                })
                .collect(),
            tags: vec![pair("v1.0.0", 1), pair("v1.1.0", 3), pair("v2.0.0-rc1", 5)],
            branches: vec![pair("main", 5), pair("maintained", 4)],
            head: Some(id(5)),
        }
    }

    struct Known(fn() -> Sketch);

    impl Histories for Known {
        fn of(&self, _: &Pinned) -> Result<Arc<dyn History>, String> {
            Ok(Arc::new((self.0)()))
        }
    }

    fn told(wanted: Option<&str>, pinned: &str, sketch: fn() -> Sketch) -> Result<Age, String> {
        let text = format!(
            "hash: 00\nimports:\n- name: github.com/a/lib\n  version: \"{pinned}\"\ntestImports: []\n"
        );
        let lock = Lock::parse(text.as_bytes()).unwrap();
        let manifest = wanted.map(|wanted| {
            let yaml = format!(
                "package: me\nimport:\n- package: github.com/a/lib\n  version: \"{wanted}\"\n"
            );
            Manifest {
                file: "glide.yaml".to_owned(),
                config: Config::read(yaml.as_bytes(), &NoRoots).unwrap(),
                text: yaml.into_bytes(),
            }
        });
        let subject = Subject {
            name: String::new(),
            folder: std::path::PathBuf::new(),
            manifest,
            pins: Subject::pins(&lock, text.as_bytes(), &Mirrors::default()),
            lock,
            lock_text: text.into_bytes(),
            usage: None,
        };
        let (mut ages, mut unknown) = outdated(&subject, &Known(sketch));
        ages.pop().ok_or_else(|| unknown.pop().unwrap().1)
    }

    #[test]
    fn pins_are_compared_with_what_there_is() {
        use Standing::{HeldBack, Newest, Outdated};
        #[track_caller]
        fn check(wanted: Option<&str>, digit: u8, expected: (&str, &str, Standing, usize)) {
            let pinned = char::from(b'0' + digit).to_string().repeat(40);
            let age = told(wanted, &pinned, sketch).unwrap();
            let name = |named: Option<Named>| named.map_or("none".to_owned(), |named| named.name);
            let found = (
                name(age.allowed),
                name(age.newest),
                age.standing,
                age.behind.unwrap(),
            );
            assert_eq!(
                (found.0.as_str(), found.1.as_str(), found.2, found.3),
                expected
            );
            assert_eq!(age.made, Some(i64::from(digit) * 86400));
        }
        check(None, 1, ("v1.1.0", "v1.1.0", Outdated, 3));
        check(None, 3, ("v1.1.0", "v1.1.0", Newest, 1));
        check(None, 5, ("v1.1.0", "v1.1.0", Newest, 0));
        check(Some(""), 3, ("main", "v1.1.0", Outdated, 1));
        check(Some("^1.0.0"), 1, ("v1.1.0", "v1.1.0", Outdated, 3));
        check(Some("~1.0.0"), 1, ("v1.0.0", "v1.1.0", HeldBack, 3));
        check(Some("v1.0.0"), 1, ("v1.0.0", "v1.1.0", HeldBack, 3));
        check(Some("maintained"), 2, ("maintained", "v1.1.0", Outdated, 2));
        check(Some("maintained"), 4, ("maintained", "v1.1.0", HeldBack, 2));
        check(Some(&"1".repeat(40)), 1, ("", "v1.1.0", HeldBack, 3));
        check(Some("^3"), 1, ("none", "v1.1.0", HeldBack, 3));
        check(Some("not a version"), 5, ("none", "v1.1.0", Newest, 0));
    }

    #[test]
    fn without_releases_the_branch_counts_and_strangers_are_unknown() {
        fn untagged() -> Sketch {
            Sketch {
                tags: Vec::new(),
                ..sketch()
            }
        }
        let age = told(None, &"3".repeat(40), untagged).unwrap();
        assert_eq!(
            (age.newest.unwrap().name.as_str(), age.standing),
            ("main", Standing::Outdated)
        );
        let age = told(None, "v1.0.0", sketch).unwrap();
        assert_eq!(
            (age.version.as_deref(), age.standing),
            (Some("v1.0.0"), Standing::Outdated)
        );
        let unknown = told(None, &"9".repeat(40), sketch).unwrap_err();
        assert!(unknown.contains("is not in the history"), "{unknown}");
        assert!(told(None, &"1".repeat(40), Sketch::default).is_err());
    }
}
