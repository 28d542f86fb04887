//! Which modules of a database a pinned repository may be.
//!
//! A glide.lock names repositories as they were imported in its time. Records name Go modules: with a
//! major version behind, in another case, under a later name, in a folder of the repository; and a
//! fork (`repo:`) is the original as well as itself.

use std::collections::BTreeSet;

use super::database::Database;
use super::renamed;
use crate::audit::subject::{Pinned, Usage};

/// What go.mod says at the top of a pinned commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum GoMod {
    /// Nobody has looked.
    #[default]
    Unknown,
    /// There is none.
    Absent,
    /// It names this module.
    Module(String),
}

/// Why records of a module concern a pin.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kinship {
    /// It is the name in glide.lock.
    Own,
    /// It is another name of the same repository.
    Renamed,
    /// The pin's `repo` is a fork of what it names.
    ForkOf,
    /// It is what the pin's `repo` names.
    Source,
}

/// A module of the database that a pin may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// As the database spells it.
    pub(super) module: String,
    pub(super) kinship: Kinship,
    /// Where it stands in the repository; empty for its top.
    pub(super) folder: String,
    /// The major version that its path ends in.
    pub(super) major: Option<u64>,
    /// Whether the pin's name ends in another one. (A commit of v3 pinned as gopkg.in/yaml.v2 is one of v3
    /// all the same.)
    pub(super) is_named_otherwise: bool,
    /// How many bytes of the path are the repository's name and the folder, without the major version.
    pub(super) stem: usize,
}

/// The candidates for a pin, in a fixed order.
pub(super) fn candidates(
    pin: &Pinned,
    go_mod: &GoMod,
    usage: Option<&Usage>,
    database: &Database,
) -> Vec<Candidate> {
    let folders = used_folders(pin, usage);
    let named = named_major(&pin.entry.name);
    let mut found: Vec<Candidate> = Vec::new();
    for (root, kinship) in roots(pin, go_mod) {
        let mut below: Vec<_> = database.modules(&root).collect();
        below.sort_unstable();
        for module in below {
            let Some(candidate) = candidate(module, &root, &kinship, &folders) else {
                continue;
            };
            let is_new = found.iter().all(|known| known.module != candidate.module);
            if is_new && agrees(&candidate, &root, go_mod) {
                let is_other = |named| candidate.major.is_some_and(|major| major != named);
                found.push(Candidate {
                    is_named_otherwise: candidate.folder.is_empty() && named.is_some_and(is_other),
                    ..candidate
                });
            }
        }
    }
    found
}

/// The names of the repository, in lower case and without major versions.
fn roots(pin: &Pinned, go_mod: &GoMod) -> Vec<(String, Kinship)> {
    let name = bare(&pin.entry.name.to_ascii_lowercase());
    let mut named = vec![name.clone()];
    named.extend(renamed::others(&name));
    let repo = path_of(&pin.entry.repo);
    let repo_name = bare(&repo.to_ascii_lowercase());
    let is_fork = !repo_name.is_empty() && !named.contains(&repo_name) && is_public(&repo_name);
    let mut roots = Vec::new();
    for (at, root) in named.into_iter().enumerate() {
        let kinship = match (is_fork, at) {
            (true, _) => Kinship::ForkOf,
            (false, 0) => Kinship::Own,
            (false, _) => Kinship::Renamed,
        };
        roots.push((root, kinship));
    }
    if is_fork {
        let others = renamed::others(&repo_name);
        roots.push((repo_name, Kinship::Source));
        roots.extend(others.into_iter().map(|other| (other, Kinship::Source)));
    }
    if let GoMod::Module(module) = go_mod {
        let module = bare(&module.to_ascii_lowercase());
        let kinship = if is_fork {
            Kinship::ForkOf
        } else {
            Kinship::Renamed
        };
        roots.push((module, kinship));
    }
    let mut seen = BTreeSet::new();
    roots.retain(|(root, _)| !root.is_empty() && seen.insert(root.clone()));
    roots
}

/// Whether a location is on a host that others can name: a fork elsewhere may be a mirror, and has no
/// name in any database.
fn is_public(path: &str) -> bool {
    let host = path.split('/').next().unwrap_or_default();
    host.contains('.')
}

/// The module as a candidate, if it stands at the root or in a folder of it that is used.
fn candidate(
    module: &str,
    root: &str,
    kinship: &Kinship,
    folders: &BTreeSet<String>,
) -> Option<Candidate> {
    let rest = module.get(root.len()..)?;
    // gopkg.in/yaml.v2
    if let Some(major) = rest.strip_prefix(".v") {
        return Some(Candidate {
            module: module.to_owned(),
            kinship: kinship.clone(),
            folder: String::new(),
            major: Some(major.parse().ok()?),
            is_named_otherwise: false,
            stem: module.len(),
        });
    }
    if !rest.is_empty() && !rest.starts_with('/') {
        return None;
    }
    let rest = rest.trim_start_matches('/');
    let (folder, major) = match rest.rsplit_once('/') {
        _ if major(rest).is_some() => ("", major(rest)),
        Some((folder, last)) if major(last).is_some() => (folder, major(last)),
        _ => (rest, None),
    };
    let suffix = major.map_or(0, |major| format!("/v{major}").len());
    let is_used = |used: &String| {
        let below = used.strip_prefix(folder);
        below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
    };
    (folder.is_empty() || folders.iter().any(is_used)).then(|| Candidate {
        module: module.to_owned(),
        kinship: kinship.clone(),
        folder: folder.to_owned(),
        major,
        is_named_otherwise: false,
        stem: module.len() - suffix,
    })
}

/// Whether go.mod does not say that the repository is another major version of the module.
fn agrees(candidate: &Candidate, root: &str, go_mod: &GoMod) -> bool {
    let GoMod::Module(module) = go_mod else {
        return true;
    };
    let lower = module.to_ascii_lowercase();
    !candidate.folder.is_empty()
        || bare(&lower) != root
        || candidate.module.to_ascii_lowercase() == lower
}

/// The folders of a pin's repository that hold packages in use: what the code imports, or else what
/// glide.lock lists.
fn used_folders(pin: &Pinned, usage: Option<&Usage>) -> BTreeSet<String> {
    let name = pin.entry.name.as_str();
    let inside = |path: &str| {
        let rest = path.strip_prefix(name)?;
        Some(rest.trim_start_matches('/').to_owned())
    };
    let mut folders: BTreeSet<_> = match usage {
        Some(usage) => usage
            .of(name)
            .filter_map(|(path, _)| inside(path))
            .collect(),
        None => BTreeSet::new(),
    };
    let listed = pin.entry.subpackages.iter();
    folders.extend(listed.map(|folder| folder.trim_matches('/').to_owned()));
    folders
}

/// The number in `v2`.
fn major(text: &str) -> Option<u64> {
    let digits = text.strip_prefix('v')?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let major = is_number.then(|| digits.parse().ok()).flatten()?;
    (major > 1 && !digits.starts_with('0')).then_some(major)
}

/// The major version that a name itself ends in.
fn named_major(name: &str) -> Option<u64> {
    let rest = name.strip_prefix(&bare(name))?;
    rest.get(2..)?.parse().ok()
}

/// A module's path without its major version.
fn bare(path: &str) -> String {
    if path.starts_with("gopkg.in/")
        && let Some((bare, number)) = path.rsplit_once(".v")
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        return bare.to_owned();
    }
    match path.rsplit_once('/') {
        Some((bare, last)) if major(last).is_some() => bare.to_owned(),
        _ => path.to_owned(),
    }
}

/// Host and path of a repository's address, as an import path would have them.
pub(super) fn path_of(address: &str) -> String {
    let rest = match address.split_once("://") {
        Some((_, rest)) => rest.to_owned(),
        // git@github.com:user/repo
        None => match address.split_once(':') {
            Some((host, path)) if !host.contains('/') => format!("{host}/{path}"),
            _ => address.to_owned(),
        },
    };
    let (authority, path) = rest.split_once('/').unwrap_or((&rest, ""));
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let host = host.split(':').next().unwrap_or(host).to_ascii_lowercase();
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    format!("{host}/{path}").trim_matches('/').to_owned()
}
