//! `install`: vendor/ as glide.lock pins it.
//!
//! Lock → pins → trees in the cache → staged vendor → swap. Nothing in the project changes before
//! the last step, and a run that finds everything right asks nobody and changes nothing.

use std::collections::BTreeMap;
use std::path::Path;

use super::fetch::{self, Pin, Remotes};
use super::network::Network;
use super::project::{self, Project};
use super::treatment::Treatment;
use super::{Context, Outcome};
use crate::discover::Policy;
use crate::error::Failure;
use crate::manifest::{Config, Lock, LockedDependency, Mirrors};
use crate::model::{Platform, VendorPath};
use crate::vcs::git::Want;
use crate::{interrupt, vendor};

/// What `install` is asked to do.
#[derive(Clone, Copy, Debug)]
pub struct InstallOptions {
    /// Whether `testImports` are installed too.
    pub tests: bool,
    /// Whether nested vendor and Godeps/_workspace folders are removed.
    pub strip_vendor: bool,
}

/// Fills vendor/ with exactly the commits that glide.lock pins.
pub fn install(context: &Context<'_>, options: InstallOptions) -> Result<Outcome, Failure> {
    let project = Project::find(context)?;
    let network = Network::new(context.settings, Policy::Remember);
    let config = project.config(&network)?;
    project.warn_of_place(context, &config);
    let mirrors = project::mirrors(&context.settings.home)?;
    let lock = project.lock()?;
    if lock.hash != config.hash() {
        // Glide text
        context.reporter.warn(
            "Lock file may be out of date. Hash check of YAML failed. You may need to run 'update'",
        );
    }
    let pins = pins(context, &config, &lock, &mirrors, options)?;
    fill(
        context,
        &network,
        &project.folder.join("vendor"),
        &pins,
        options,
    )?;
    Ok(Outcome::default())
}

/// The entries of the lock that are to be installed on this machine, each once.
fn pins(
    context: &Context<'_>,
    config: &Config,
    lock: &Lock,
    mirrors: &Mirrors,
    options: InstallOptions,
) -> Result<Vec<Pin>, Failure> {
    let tests: &[LockedDependency] = if options.tests {
        &lock.test_imports
    } else {
        &[]
    };
    let platform = Platform::current();
    let mut seen: BTreeMap<&str, &LockedDependency> = BTreeMap::new();
    let mut pins = Vec::new();
    for entry in lock.imports.iter().chain(tests) {
        if entry.name == config.package {
            continue;
        }
        if let Some(first) = seen.insert(&entry.name, entry) {
            if (&first.version, &first.repo) != (&entry.version, &entry.repo) {
                return Err(Failure::user(format!(
                    "glide.lock has `{}` twice, at `{}` and at `{}`",
                    entry.name, first.version, entry.version
                )));
            }
            continue;
        }
        if !platform.is_among(&entry.os, &entry.arch) {
            // Glide text
            context
                .reporter
                .info(format!("{} is not used for {platform}.", entry.name));
            continue;
        }
        let path = VendorPath::new(&entry.name)
            .map_err(|error| Failure::from(error).about("glide.lock cannot be followed"))?;
        let remote = entry.remote(mirrors);
        pins.push(Pin {
            path,
            want: Want::parse(&entry.version),
            remote,
        });
    }
    Ok(pins)
}

/// Makes vendor/ hold what is pinned; asks nobody and starts nothing where it does already.
fn fill(
    context: &Context<'_>,
    network: &Network,
    vendor: &Path,
    pins: &[Pin],
    options: InstallOptions,
) -> Result<(), Failure> {
    let treatment = Treatment::new(options.strip_vendor);
    let record = network.cache.installed(vendor);
    let filling = vendor::Options {
        treatment: &treatment,
        workers: context.settings.writers,
        record: Some(&record),
        cancelled: Some(context.interrupt.requested()),
    };
    if is_current(vendor, pins, &filling) {
        context
            .reporter
            .info("vendor/ is as glide.lock wants it. Nothing to do.");
        return Ok(());
    }
    context.interrupt.listen();
    let outcome = swap_in(context, network, vendor, pins, &filling)?;
    treatment.tell(context.reporter);
    if !pins.is_empty() {
        let written = outcome.packages.len();
        context.reporter.info(format!(
            "Installed {} dependencies: {written} written ({} files), {} kept.",
            pins.len(),
            outcome.written,
            pins.len() - written
        ));
    }
    Ok(())
}

/// Whether vendor/ is right, as far as can be told without asking: versions that are no commit ids
/// may mean another commit today.
fn is_current(vendor: &Path, pins: &[Pin], filling: &vendor::Options<'_>) -> bool {
    let commits: Option<Vec<_>> = pins.iter().map(Pin::known).collect();
    commits.is_some_and(|known| {
        let known = known.iter().map(|(path, id)| (*path, id.as_str()));
        vendor::is_current(vendor, known, filling)
    })
}

/// Gets what is pinned and swaps it in; once more where the cache turns out to be damaged.
fn swap_in(
    context: &Context<'_>,
    network: &Network,
    vendor: &Path,
    pins: &[Pin],
    filling: &vendor::Options<'_>,
) -> Result<vendor::Outcome, Failure> {
    let cache = network.cache.root().display();
    context.reporter.debug(format!("the cache is `{cache}`"));
    let remotes = Remotes::new(network)?;
    let items = fetch::all(context, &remotes, pins)?;
    let replace = |items: &[vendor::Item]| {
        let _orderly = context.interrupt.orderly();
        vendor::replace(vendor, items, filling, context.reporter)
    };
    let result = match replace(&items) {
        Err(error) if !error.damaged().is_empty() => {
            fetch::forget(context, &items, &error.damaged())?;
            replace(&fetch::all(context, &remotes, pins)?)
        }
        other => other,
    };
    result.map_err(|error| match error {
        vendor::Error::Interrupted => Failure::from(error).with_code(interrupt::EXIT_CODE),
        other => other.into(),
    })
}
