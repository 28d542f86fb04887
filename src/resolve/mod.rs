//! From what a project imports to one commit of every repository that it needs.
//!
//! This is Glide's walk (`repo/installer.go`, `dependency/resolver.go`): breadth first over imports,
//! the first to ask for a version wins, and conflicts go through one table. There is no solver, and
//! the lock that the walk leads to is the product, so its order and its quirks are Glide's with an
//! empty home and no vendor/. Pure: whatever it has to know of the world it asks a [`Provider`], and
//! of the project's own source a [`Project`]; both may work ahead, neither can change the result.
//!
//! What is kept from Glide and surprises:
//!
//! - A repository that glide.yaml does not list and the project imports itself is met before it is
//!   fetched, so its own dependency files are never read. Those of all others are.
//! - A version that is asked for later can move a repository that was met without one. What was found
//!   in it before stays found.
//! - A reference that fits the range in glide.yaml takes the range's place and moves nothing.
//! - Where a commit lacks the package that is imported, no reference counts as a name of the
//!   repository, and even a commit in glide.yaml gives way to a range.
//!
//! Where Glide would end in an error for want of a package, this looks again ([`majors`], and once
//! more at the end, when repositories may have moved). Where Glide would write a lock with an entry
//! that has no version, this fails, or leaves out what was not asked for. `fixtures/scenarios` tells
//! all this in stories.

mod conflict;
mod disagreement;
mod everything;
mod failure;
mod fetching;
mod fitting;
mod ledger;
mod local;
mod majors;
mod pinning;
mod project;
mod provider;
mod telling;
mod versioning;
mod walk;

#[cfg(test)]
mod tests;

pub use failure::{Error, Unmet};
pub use local::{LocalImports, is_sound, is_source, join, project_imports, source_folders};
pub use pinning::choose;
pub use project::{Project, is_foreign};
pub use provider::{CommitNote, Declared, Fault, Module, Names, Provider, Repository, Scanned};

use crate::manifest::{Config, Pin};
use crate::model::Roots;
use crate::report::Reporter;
use walk::Walk;

/// What is to be resolved, and how.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether test imports are followed, and `testImport` counts.
    pub tests: bool,
    /// Whether imports are followed at all; else only what glide.yaml lists is pinned.
    pub recursive: bool,
    /// Whether every package of a repository counts, and not only those that are imported.
    pub all_packages: bool,
    /// The minor version of the Go that is installed, where there is one; only told of.
    pub installed_go: Option<u32>,
    /// The minor version of the Go that has to build what glide.yaml leaves open.
    pub go_version: Option<u32>,
}

/// What the walk is given to ask.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// Repositories.
    pub provider: &'a dyn Provider,
    /// From import paths to the roots of repositories.
    pub roots: &'a dyn Roots,
    /// The project's own source.
    pub project: &'a dyn Project,
    /// Where messages go.
    pub reporter: &'a dyn Reporter,
}

/// What the project needs, each at one commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolution {
    /// What the project itself needs.
    pub imports: Vec<Pin>,
    /// What only its tests need.
    pub test_imports: Vec<Pin>,
}

/// Finds a commit for everything that the project needs.
pub fn resolve(config: &Config, world: World<'_>, options: Options) -> Result<Resolution, Error> {
    let mut walk = Walk::new(config, world, options);
    walk.pin_listed()?;
    if options.recursive {
        world.reporter.info("Resolving imports"); // Glide text
        let local = local::imports(config, world, options.tests)?;
        let followed = walk.follow_all(local).and_then(|()| walk.pin_rest());
        // It may well be why something is missing.
        walk.tell_of_disagreements();
        walk.tell_of_shared();
        followed?;
    }
    walk.tell_of_cases();
    walk.tell_of_go();
    Ok(walk.into_resolution())
}

impl std::fmt::Debug for World<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("World")
    }
}
