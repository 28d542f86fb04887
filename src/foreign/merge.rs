//! From packages listed one by one to repositories, as Glide does it for godep and gb.

use std::collections::HashMap;

use crate::manifest::{Dependency, is_standard, split_name};
use crate::model::Roots;

/// A package as a file lists it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Listed {
    /// Its import path.
    pub(super) path: String,
    /// The commit; of a repository listed more than once the first counts.
    pub(super) revision: String,
    /// Where it is fetched from; as for the commit. May be empty.
    pub(super) repository: String,
}

/// One entry a repository, at the place of the first package of it. What lies below the root is
/// listed as often as it comes, and not sorted.
pub(super) fn by_repository(listed: Vec<Listed>, roots: &dyn Roots) -> Vec<Dependency> {
    announce(listed.iter().map(|package| package.path.as_str()), roots);
    let mut dependencies: Vec<Dependency> = Vec::new();
    let mut places = HashMap::new();
    for package in listed {
        let (name, subpackage) = split_name(&package.path, roots);
        let place = *places.entry(name.clone()).or_insert_with(|| {
            dependencies.push(Dependency {
                reference: package.revision,
                repo: package.repository,
                ..Dependency::named(name)
            });
            dependencies.len() - 1
        });
        if !subpackage.is_empty() {
            dependencies[place].subpackages.push(subpackage);
        }
    }
    dependencies
}

/// Tells which names are about to be split.
pub(super) fn announce<'a>(names: impl Iterator<Item = &'a str>, roots: &dyn Roots) {
    let names: Vec<&str> = names.filter(|name| !is_standard(name)).collect();
    roots.announce(&names);
}
