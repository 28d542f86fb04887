//! Which packages the code uses, and who brings them in: breadth first over imports, so that the chain
//! that is told is a shortest one.
//!
//! An import belongs to the entry of glide.lock with the longest name above it, as a build with a
//! flat vendor/ would find it. What only tests import is followed once everything else has been.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::finding::{Check, Unchecked};
use super::subject::{Pinned, Usage, Use};
use crate::manifest::Config;
use crate::resolve::join;

/// Code, as far as its imports go.
pub trait Code {
    /// The packages of the project: their import paths and what they import.
    fn project(&self) -> Result<Vec<Package>, String>;

    /// What the package in a folder of a pin imports; `None` where there is no such package.
    fn imports(&self, pin: &Pinned, folder: &str) -> Result<Option<Vec<String>>, String>;

    /// Whose a package is.
    fn owner(&self, import_path: &str) -> Owner;
}

/// A package of the project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package {
    /// Its import path.
    pub path: String,
    /// What it imports.
    pub imports: Vec<String>,
    /// What its tests import.
    pub test_imports: Vec<String>,
}

/// Whose a package is, by its import path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The project's, or nobody's that counts (`C`, relative paths, what glide.yaml ignores).
    Nobody,
    /// Go's.
    Standard,
    /// Somebody else's.
    Foreign,
}

/// What the code uses of `pins`, and which pins could not be read.
pub fn usage(code: &dyn Code, pins: &[Pinned]) -> Result<(Usage, Vec<Unchecked>), String> {
    let packages = code.project()?;
    let mut trace = Trace::new(code, pins, Usage::default());
    for for_tests in [false, true] {
        for package in &packages {
            let imports = if for_tests {
                &package.test_imports
            } else {
                &package.imports
            };
            trace.meet(imports, std::slice::from_ref(&package.path), for_tests);
        }
        trace.follow(for_tests);
    }
    Ok((trace.usage, trace.unread))
}

/// Longer chains of imports are shown by their ends: one for each package, they would grow with the
/// square of their length.
const LONGEST_CHAIN: usize = 60;

fn shorten(chain: &mut Vec<String>) {
    if chain.len() > LONGEST_CHAIN {
        let middle = LONGEST_CHAIN / 2;
        "…".clone_into(&mut chain[middle]);
        chain.remove(middle + 1);
    }
}

/// The entries of glide.lock that packages lead to which glide.yaml lists, and no code has to use; which
/// pins could not be read.
pub fn listed(
    code: &dyn Code,
    pins: &[Pinned],
    (usage, config): (&Usage, &Config),
) -> (BTreeSet<String>, Vec<Unchecked>) {
    let mut trace = Trace::new(code, pins, usage.clone());
    for dependency in config.imports.iter().chain(&config.test_imports) {
        let name = &dependency.name;
        let below = dependency.subpackages.iter();
        let mut packages: Vec<_> = below.map(|folder| join(name, folder)).collect();
        packages.push(name.clone());
        trace.meet(&packages, &[], false);
    }
    trace.follow(false);
    let found = trace.usage.packages.into_values();
    (found.filter_map(|used| used.root).collect(), trace.unread)
}

struct Trace<'a> {
    code: &'a dyn Code,
    pins: BTreeMap<&'a str, &'a Pinned>,
    usage: Usage,
    unread: Vec<Unchecked>,
    /// Packages of pins that have been met and not been read.
    open: VecDeque<String>,
}

impl<'a> Trace<'a> {
    /// Begins with what is known of earlier.
    fn new(code: &'a dyn Code, pins: &'a [Pinned], usage: Usage) -> Self {
        Self {
            code,
            pins: pins
                .iter()
                .map(|pin| (pin.entry.name.as_str(), pin))
                .collect(),
            usage,
            unread: Vec::new(),
            open: VecDeque::new(),
        }
    }

    fn meet(&mut self, imports: &[String], chain: &[String], for_tests: bool) {
        for import in imports {
            let met = |root| Use {
                root,
                for_tests,
                missing: false,
                chain: chain.to_vec(),
            };
            match self.code.owner(import) {
                Owner::Nobody => {}
                Owner::Standard => {
                    let standard = &mut self.usage.standard;
                    standard.entry(import.clone()).or_insert_with(|| met(None));
                }
                Owner::Foreign => {
                    let root = self.root(import).map(|pin| pin.entry.name.clone());
                    if let Some(root) = &root {
                        self.require(chain, root);
                    }
                    if self.usage.packages.contains_key(import) {
                        continue;
                    }
                    if root.is_some() {
                        self.open.push_back(import.clone());
                    }
                    self.usage.packages.insert(import.clone(), met(root));
                }
            }
        }
    }

    /// Notes that the last package of the chain imports from an entry.
    fn require(&mut self, chain: &[String], root: &str) {
        let importer = match chain {
            [_, .., last] => self.root(last).map(|pin| pin.entry.name.as_str()),
            _ => Some(""),
        };
        if let Some(importer) = importer.filter(|importer| *importer != root) {
            let required = self.usage.requires.entry(importer.to_owned());
            required.or_default().insert(root.to_owned());
        }
    }

    fn follow(&mut self, for_tests: bool) {
        while let Some(path) = self.open.pop_front() {
            let Some(pin) = self.root(&path) else {
                continue;
            };
            let below = path.strip_prefix(pin.entry.name.as_str());
            let folder = below.unwrap_or_default().trim_start_matches('/');
            match self.code.imports(pin, folder) {
                Ok(Some(imports)) => {
                    let mut chain = self.usage.packages[&path].chain.clone();
                    chain.push(path);
                    shorten(&mut chain);
                    self.meet(&imports, &chain, for_tests);
                }
                Ok(None) => {
                    if let Some(used) = self.usage.packages.get_mut(&path) {
                        used.missing = true;
                    }
                }
                Err(reason) => {
                    let unread = Unchecked::new(Check::Drift, &pin.entry.name, reason);
                    self.unread.push(unread);
                }
            }
        }
    }

    /// The entry with the longest name at or above the path.
    fn root(&self, path: &str) -> Option<&'a Pinned> {
        let ends = path.match_indices('/').map(|(at, _)| at);
        let mut ends: Vec<usize> = ends.chain([path.len()]).collect();
        ends.reverse();
        ends.into_iter()
            .find_map(|end| self.pins.get(&path[..end]).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{Dependency, LockedDependency, Remote};

    /// Packages of pins and their imports, `!` for one that cannot be read.
    struct Written(&'static [(&'static str, &'static str)]);

    impl Code for Written {
        fn project(&self) -> Result<Vec<Package>, String> {
            let own = self.0.iter().filter(|(path, _)| path.starts_with("me"));
            let package = |(path, imports): &(&str, &str)| {
                let (imports, tests) = imports.split_once('|').unwrap_or((imports, ""));
                let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
                Package {
                    path: (*path).to_owned(),
                    imports: words(imports),
                    test_imports: words(tests),
                }
            };
            Ok(own.map(package).collect())
        }

        fn imports(&self, pin: &Pinned, folder: &str) -> Result<Option<Vec<String>>, String> {
            let path = crate::resolve::join(&pin.entry.name, folder);
            let found = self.0.iter().find(|(package, _)| *package == path);
            match found {
                None => Ok(None),
                Some((_, "!")) => Err("broken".to_owned()),
                Some((_, imports)) => Ok(Some(
                    imports.split_whitespace().map(str::to_owned).collect(),
                )),
            }
        }

        fn owner(&self, path: &str) -> Owner {
            match path.split('/').next().unwrap_or_default() {
                "me" | "C" => Owner::Nobody,
                first if first.contains('.') => Owner::Foreign,
                _ => Owner::Standard,
            }
        }
    }

    fn pin(name: &str) -> Pinned {
        Pinned {
            entry: LockedDependency {
                name: name.to_owned(),
                ..LockedDependency::default()
            },
            for_tests: false,
            line: 0,
            remote: Remote {
                location: format!("https://{name}"),
                vcs: String::new(),
                mirror: None,
            },
        }
    }

    #[track_caller]
    fn check(code: &'static [(&'static str, &'static str)], pins: &[&str], expected: &[&str]) {
        let pins: Vec<_> = pins.iter().copied().map(pin).collect();
        let (usage, _) = usage(&Written(code), &pins).unwrap();
        let line = |(path, used): (&String, &Use)| {
            format!(
                "{path} of {}{}{} by {}",
                used.root.as_deref().unwrap_or("nobody"),
                if used.for_tests { ", tests" } else { "" },
                if used.missing { ", missing" } else { "" },
                used.chain.join(" > ")
            )
        };
        let lines: Vec<_> = usage.packages.iter().map(line).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn chains_are_the_shortest_and_tests_come_last() {
        check(
            &[
                ("me", "a.b/x fmt me/sub|t.b/t"),
                ("me/sub", "a.b/y/deep C"),
                ("a.b/x", "a.b/y/deep c.d/z"),
                ("a.b/y/deep", "os"),
                ("t.b/t", "a.b/x a.b/y a.b/y/gone"),
            ],
            &["a.b/x", "a.b/y", "t.b/t"],
            &[
                "a.b/x of a.b/x by me",
                "a.b/y of a.b/y, tests, missing by me > t.b/t",
                "a.b/y/deep of a.b/y by me/sub",
                "a.b/y/gone of a.b/y, tests, missing by me > t.b/t",
                "c.d/z of nobody by me > a.b/x",
                "t.b/t of t.b/t, tests by me",
            ],
        );
    }

    #[test]
    fn the_longest_name_owns_a_package_and_cycles_end() {
        check(
            &[
                ("me", "a.b/x/in/pkg"),
                ("a.b/x/in/pkg", "a.b/x"),
                ("a.b/x", "a.b/x/in/pkg a.b/xy"),
            ],
            &["a.b/x", "a.b/x/in"],
            &[
                "a.b/x of a.b/x by me > a.b/x/in/pkg",
                "a.b/x/in/pkg of a.b/x/in by me",
                "a.b/xy of nobody by me > a.b/x/in/pkg > a.b/x",
            ],
        );
    }

    #[test]
    fn who_requires_whom_is_kept_whole() {
        let pins = ["a.b/x", "a.b/y", "c.d/z"].map(pin);
        let code = Written(&[
            ("me", "a.b/x a.b/y|c.d/z"),
            ("a.b/x", "a.b/y c.d/z a.b/x/in"),
            ("a.b/x/in", "a.b/y"),
            ("a.b/y", "c.d/z"),
            ("c.d/z", "a.b/x"),
        ]);
        let (usage, _) = usage(&code, &pins).unwrap();
        let line = |(from, to): (&String, &std::collections::BTreeSet<String>)| {
            let to: Vec<_> = to.iter().map(String::as_str).collect();
            format!("{from}: {}", to.join(" "))
        };
        let lines: Vec<_> = usage.requires.iter().map(line).collect();
        assert_eq!(
            lines,
            [
                ": a.b/x a.b/y c.d/z",
                "a.b/x: a.b/y c.d/z",
                "a.b/y: c.d/z",
                "c.d/z: a.b/x"
            ]
        );
    }

    /// A package `a.b/x/0` that imports `a.b/x/1`, and so on.
    struct Row(usize);

    impl Code for Row {
        fn project(&self) -> Result<Vec<Package>, String> {
            Ok(vec![Package {
                path: "me".to_owned(),
                imports: vec!["a.b/x/0".to_owned()],
                test_imports: Vec::new(),
            }])
        }

        fn imports(&self, _: &Pinned, folder: &str) -> Result<Option<Vec<String>>, String> {
            let next = folder.parse::<usize>().unwrap() + 1;
            let imports = (next < self.0).then(|| format!("a.b/x/{next}"));
            Ok(Some(imports.into_iter().collect()))
        }

        fn owner(&self, _: &str) -> Owner {
            Owner::Foreign
        }
    }

    #[test]
    fn a_long_chain_is_told_by_its_ends() {
        let (usage, _) = usage(&Row(20_000), &[pin("a.b/x")]).unwrap();
        assert_eq!(usage.packages.len(), 20_000);
        let chain = &usage.packages["a.b/x/19999"].chain;
        assert_eq!(chain.len(), LONGEST_CHAIN);
        assert_eq!((chain[0].as_str(), chain[1].as_str()), ("me", "a.b/x/0"));
        assert_eq!(chain[LONGEST_CHAIN / 2], "…");
        assert_eq!(chain.last().unwrap(), "a.b/x/19998");
    }

    #[test]
    fn what_glide_yaml_lists_leads_on_without_being_used() {
        let pins = ["a.b/x", "c.d/z", "e.f/left"].map(pin);
        let code = Written(&[("me", "os"), ("a.b/x", ""), ("a.b/x/cmd", "c.d/z/deep")]);
        let (usage, _) = usage(&code, &pins).unwrap();
        let dependency = |subpackages: &[&str]| Dependency {
            name: "a.b/x".to_owned(),
            subpackages: subpackages.iter().map(|name| (*name).to_owned()).collect(),
            ..Dependency::default()
        };
        let of = |subpackages: &[&str]| {
            let config = Config {
                imports: vec![dependency(subpackages)],
                ..Config::default()
            };
            let (found, unread) = listed(&code, &pins, (&usage, &config));
            assert_eq!(unread, []);
            found.into_iter().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(of(&[]), "a.b/x");
        assert_eq!(of(&["cmd"]), "a.b/x c.d/z");
        assert!(usage.packages.is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let pins = [pin("a.b/x")];
        let code = Written(&[("me", "a.b/x os"), ("a.b/x", "!")]);
        let (usage, unread) = usage(&code, &pins).unwrap();
        assert_eq!(unread.len(), 1);
        assert_eq!(usage.standard["os"].chain, ["me"]);
    }
}
