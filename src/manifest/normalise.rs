//! From names as written to repository roots: Glide's `NormalizeName` and `DeDupe`.

use crate::model::{Roots, VcsKind};

use super::config::{Config, RawConfig};
use super::dependency::{Dependency, RawDependency};
use super::error::Error;
use super::standard::STANDARD_FOLDERS;

impl RawConfig {
    /// Splits names into root and sub-package, merges what is listed twice, drops the project
    /// itself and what is ignored.
    ///
    /// `roots` is asked in the order of the text. (Glide also asks for entries of a list that a
    /// later one of the same key replaces; here they are gone already.)
    pub fn normalise(self, roots: &dyn Roots) -> Result<Config, Error> {
        let all = self.imports.iter().chain(&self.test_imports);
        let names: Vec<&str> = all.map(|entry| entry.package.as_str()).collect();
        let names: Vec<&str> = names
            .into_iter()
            .filter(|name| !is_standard(name))
            .collect();
        roots.announce(&names);
        let normalise_all = |entries: Vec<RawDependency>| -> Vec<Dependency> {
            entries
                .into_iter()
                .map(|entry| entry.normalise(roots))
                .collect()
        };
        let (imports, test_imports) = if self.tests_first {
            let test_imports = normalise_all(self.test_imports);
            (normalise_all(self.imports), test_imports)
        } else {
            let imports = normalise_all(self.imports);
            (imports, normalise_all(self.test_imports))
        };
        let mut config = self.head;
        config.imports = merge_repeated(imports)?;
        config.test_imports = merge_repeated(test_imports)?;
        for list in [&mut config.imports, &mut config.test_imports] {
            list.retain(|entry| entry.name != config.package);
            list.retain(|entry| !config.ignore.contains(&entry.name));
        }
        Ok(config)
    }
}

impl RawDependency {
    /// Splits the name; its sub-package is listed last.
    fn normalise(self, roots: &dyn Roots) -> Dependency {
        let (name, subpackage) = split_name(&self.package, roots);
        let mut subpackages = self.subpackages;
        if !subpackage.is_empty() {
            subpackages.push(subpackage);
        }
        for subpackage in &mut subpackages {
            // Old Glide wrote a slash before some.
            if let Some(rest) = subpackage.strip_prefix('/') {
                *subpackage = rest.to_owned();
            }
        }
        let reference = if self.version.is_empty() {
            self.reference
        } else {
            self.version
        };
        Dependency {
            name,
            reference,
            repo: self.repo,
            vcs: VcsKind::parse(&self.vcs),
            subpackages,
            arch: self.arch,
            os: self.os,
        }
    }
}

/// Splits an import path into the repository's root and what lies below it.
pub fn split_name(name: &str, roots: &dyn Roots) -> (String, String) {
    let path = name.replace('\\', "/");
    if is_standard(name) {
        return (path, String::new());
    }
    let root = roots.root_of(&path);
    let below = path.strip_prefix(root.as_str()).unwrap_or(&path);
    let below = below.strip_prefix('/').unwrap_or(below).to_owned();
    (root, below)
}

/// Whether the name leads to a folder of Go's own source: such names are never split.
///
/// Glide looks into the installed Go; here a list decides. As a path, the empty name, `.` and `/`
/// lead to the folder above all of them, which exists too.
pub fn is_standard(name: &str) -> bool {
    let mut elements: Vec<&str> = Vec::new();
    for element in name.split('/') {
        match element {
            "" | "." => {}
            ".." => {
                elements.pop();
            }
            _ => elements.push(element),
        }
    }
    elements.is_empty()
        || STANDARD_FOLDERS
            .binary_search(&elements.join("/").as_str())
            .is_ok()
}

/// Merges entries of the same root into the first of them.
///
/// The sub-packages of a merged entry are sorted, those of others keep their order: that is what
/// the hashes of existing locks were made of.
pub(super) fn merge_repeated(entries: Vec<Dependency>) -> Result<Vec<Dependency>, Error> {
    let mut merged: Vec<Dependency> = Vec::with_capacity(entries.len());
    let mut places = std::collections::HashMap::new();
    for entry in entries {
        let Some(&place) = places.get(&entry.name) else {
            places.insert(entry.name.clone(), merged.len());
            merged.push(entry);
            continue;
        };
        let first = &mut merged[place];
        check_same(first, &entry)?;
        for subpackage in entry.subpackages {
            if !first.has_subpackage(&subpackage) {
                first.subpackages.push(subpackage);
            }
        }
        first.subpackages.sort();
    }
    Ok(merged)
}

fn check_same(first: &Dependency, second: &Dependency) -> Result<(), Error> {
    let name = || first.name.clone();
    if first.reference != second.reference {
        return Err(Error::RepeatedVersions {
            name: name(),
            first: first.reference.clone(),
            second: second.reference.clone(),
        });
    }
    if first.repo != second.repo || first.vcs != second.vcs {
        return Err(Error::RepeatedRepositories { name: name() });
    }
    if first.os != second.os || first.arch != second.arch {
        return Err(Error::RepeatedPlatforms { name: name() });
    }
    Ok(())
}
