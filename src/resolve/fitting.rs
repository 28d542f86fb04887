//! Versions that the Go at hand can build.
//!
//! A repository of the modules era says in its go.mod which Go it is written for, and which major
//! version of itself it is. Glide takes the tip of the default branch all the same, so that is what
//! is locked, with a warning. Where the person asks for it (`--go-version`), and glide.yaml leaves it
//! open, the newest release that the named Go can build is taken instead.

use super::failure::Unmet;
use super::ledger::Section;
use super::provider::{Fault, Module, Repository};
use super::walk::Walk;
use crate::manifest::{Dependency, Pin};
use crate::model::Revision;
use crate::version::{self, Constraint, Version};

/// How many dependencies a warning names.
const NAMED: usize = 6;

impl Walk<'_> {
    /// The commit to take in place of the one that was found, where that is too new and a release is
    /// not; what was found otherwise.
    pub(super) fn fitting(
        &self,
        dependency: &Dependency,
        found: Revision,
    ) -> Result<Revision, Unmet> {
        let Some(go) = self.options.go_version else {
            return Ok(found);
        };
        let opened = self.world.provider.open(dependency);
        let repository = opened.map_err(Unmet::Fault)?;
        let fits = |at: &Revision| -> Result<bool, Fault> {
            Ok(is_fit(&repository.module(at)?, &dependency.name, go))
        };
        if fits(&found).map_err(Unmet::Fault)? {
            return Ok(found);
        }
        let older = newest_fitting(&*repository, &dependency.reference, &fits);
        let Some((at, release)) = older.map_err(Unmet::Fault)? else {
            return Ok(found);
        };
        // The last that is said of it, so the one that counts.
        let message = format!(
            "--> Setting version for {} to {release}, the newest that Go 1.{go} builds.",
            dependency.name
        );
        self.world.reporter.info(message);
        Ok(at)
    }

    /// Warns of dependencies that say they need a newer Go than the one at hand.
    pub(super) fn tell_of_go(&self) {
        let Some(go) = self.options.go_version.or(self.options.installed_go) else {
            return;
        };
        let sections = [Section::Imports, Section::TestImports];
        let pins = sections
            .iter()
            .flat_map(|&section| self.ledger.pins(section));
        let newer: Vec<String> = pins.filter_map(|pin| self.needs_newer(&pin, go)).collect();
        if newer.is_empty() {
            return;
        }
        let more = match newer.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let named = newer[..newer.len().min(NAMED)].join(", ");
        let help = match self.options.go_version {
            None => {
                format!("`--go-version 1.{go}` takes older ones where glide.yaml leaves that open")
            }
            Some(_) => {
                "no release of them says otherwise, or glide.yaml names the version".to_owned()
            }
        };
        self.world.reporter.warn(format!(
            "Go 1.{go} may not build what says in its go.mod that it is for a newer one: {named}{more}; {help}"
        ));
    }

    fn needs_newer(&self, pin: &Pin, go: u32) -> Option<String> {
        let repository = self.world.provider.open(&pin.dependency).ok()?;
        let module = repository.module(&Revision::new(&pin.revision)).ok()?;
        let needed = module.go.filter(|&needed| needed > go)?;
        Some(format!("{} (1.{needed})", pin.dependency.name))
    }
}

/// Whether a commit is for this Go, and is what its plain import path stands for.
fn is_fit(module: &Module, name: &str, go: u32) -> bool {
    let other_major = module.path.as_deref().is_some_and(|path| {
        let below = path.strip_prefix(name);
        below.is_some_and(|rest| rest.starts_with("/v"))
    });
    module.go.is_none_or(|needed| needed <= go) && !other_major
}

/// The newest release that fits, found by halving: once one is old enough, so are those before it.
fn newest_fitting(
    repository: &dyn Repository,
    range: &str,
    fits: &dyn Fn(&Revision) -> Result<bool, Fault>,
) -> Result<Option<(Revision, String)>, Fault> {
    let Ok(range) = Constraint::parse(if range.is_empty() { "*" } else { range }) else {
        return Ok(None);
    };
    let names = repository.names();
    let all = version::nearest(names.iter().map(String::as_str), &range, usize::MAX);
    let releases: Vec<&str> = all
        .into_iter()
        .filter(|name| {
            let version = Version::parse(name);
            version.is_some_and(|version| !version.is_prerelease() && range.matches(&version))
        })
        .collect();
    let mut best = None;
    let (mut low, mut high) = (0, releases.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        let at = repository.checkout(releases[middle])?;
        match at {
            Some(at) if fits(&at)? => {
                best = Some((at, releases[middle].to_owned()));
                high = middle;
            }
            _ => low = middle + 1,
        }
    }
    Ok(best)
}
