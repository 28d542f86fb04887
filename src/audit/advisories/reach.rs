//! Whether the code uses what a record is about; pure.

use super::names::Candidate;
use super::record::{Affected, Import};
use crate::audit::subject::{Pinned, Usage, Use};

/// How far a vulnerability reaches, worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// No code uses any affected package.
    Unused,
    /// Only tests do.
    Tests,
    /// The code could not be read, so that it has to be taken for used.
    Assumed,
    /// The code does.
    Production,
}

/// What is known of an affected module's use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) reach: Reach,
    /// The affected packages in use, or where that is not known those that are affected, each with its
    /// affected symbols.
    pub(super) packages: Vec<(String, Vec<String>)>,
    /// Who brings the first of them in.
    pub(super) chain: Vec<String>,
    /// The systems that alone are affected, where not all are.
    pub(super) systems: Vec<String>,
}

/// Compares the packages that a record names with those that are used.
pub(super) fn reach(
    affected: &Affected,
    candidate: &Candidate,
    pin: &Pinned,
    usage: Option<&Usage>,
) -> Extent {
    let named: Vec<_> = affected
        .imports
        .iter()
        .filter(|import| concerns(import, pin))
        .collect();
    let elsewhere = named.is_empty() && !affected.imports.is_empty();
    let package = |import: &&Import| {
        let path = place(candidate, pin, &import.path);
        (path, import.symbols.clone())
    };
    let packages: Vec<_> = named.iter().map(package).collect();
    let systems = systems(&named);
    let Some(usage) = usage.filter(|_| !elsewhere) else {
        let reach = match (elsewhere, pin.for_tests) {
            (true, _) => Reach::Unused,
            (false, true) => Reach::Tests,
            (false, false) => Reach::Assumed,
        };
        return Extent {
            reach,
            packages,
            chain: Vec::new(),
            systems,
        };
    };
    let used = used(&packages, candidate, pin, usage);
    let worst = used.iter().max_by_key(|(_, used, _)| !used.for_tests);
    Extent {
        reach: match worst {
            None => Reach::Unused,
            Some((_, used, _)) if used.for_tests => Reach::Tests,
            Some(_) => Reach::Production,
        },
        chain: worst.map_or_else(Vec::new, |(path, used, _)| {
            used.chain
                .iter()
                .cloned()
                .chain([(*path).to_owned()])
                .collect()
        }),
        packages: if used.is_empty() || affected.imports.is_empty() {
            packages
        } else {
            let package = |(path, _, symbols): &(&str, &Use, &[String])| {
                ((*path).to_owned(), symbols.to_vec())
            };
            used.iter().map(package).collect()
        },
        systems,
    }
}

/// The packages in use among the affected ones, those of the whole module where none are named.
fn used<'a>(
    packages: &'a [(String, Vec<String>)],
    candidate: &Candidate,
    pin: &Pinned,
    usage: &'a Usage,
) -> Vec<(&'a str, &'a Use, &'a [String])> {
    if packages.is_empty() {
        let top = inside(&pin.entry.name, &candidate.folder);
        let all = usage.packages.iter().filter(|(path, used)| {
            let is_of_pin = used.root.as_deref() == Some(&pin.entry.name);
            is_of_pin && (is_at_or_below(path, &top))
        });
        return all
            .map(|(path, used)| (path.as_str(), used, &[][..]))
            .collect();
    }
    let found = packages.iter().filter_map(|(path, symbols)| {
        let (path, used) = usage.packages.get_key_value(path)?;
        Some((path.as_str(), used, symbols.as_slice()))
    });
    found.collect()
}

fn is_at_or_below(path: &str, top: &str) -> bool {
    let rest = path.strip_prefix(top);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A package of the module as the code imports it: by the pin's name, without the module's major
/// version.
fn place(candidate: &Candidate, pin: &Pinned, path: &str) -> String {
    let module = &candidate.module;
    let starts = path.get(..module.len());
    let rest = match starts {
        Some(start) if start.eq_ignore_ascii_case(module) => &path[module.len()..],
        // Some records leave the major version out of their packages' paths.
        _ => match path.get(..candidate.stem) {
            Some(start) if start.eq_ignore_ascii_case(&module[..candidate.stem]) => {
                &path[candidate.stem..]
            }
            _ => return path.to_owned(),
        },
    };
    let top = inside(&pin.entry.name, &candidate.folder);
    inside(&top, rest.trim_start_matches('/'))
}

fn inside(folder: &str, name: &str) -> String {
    if name.is_empty() {
        folder.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

/// Whether an affected package concerns the systems that the pin is for.
fn concerns(import: &Import, pin: &Pinned) -> bool {
    let meets = |affected: &[String], wanted: &[String]| {
        affected.is_empty()
            || wanted.is_empty()
            || wanted.iter().any(|system| affected.contains(system))
    };
    meets(&import.goos, &pin.entry.os) && meets(&import.goarch, &pin.entry.arch)
}

/// The systems, if every package is affected on some only.
pub(super) fn systems(imports: &[&Import]) -> Vec<String> {
    let is_bound = |import: &&Import| !import.goos.is_empty() || !import.goarch.is_empty();
    if !imports.iter().all(is_bound) {
        return Vec::new();
    }
    let all = imports
        .iter()
        .flat_map(|import| import.goos.iter().chain(&import.goarch));
    let mut systems: Vec<_> = all.cloned().collect();
    systems.sort();
    systems.dedup();
    systems
}
