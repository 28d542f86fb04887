//! `install`: vendor/ as glide.lock pins it.
//!
//! Lock → pins → trees in the cache → staged vendor → swap. Nothing in the project changes before
//! the last step, and a run that finds everything right asks nobody and changes nothing. Without a
//! lock it is `update`.

use std::collections::BTreeMap;

use super::fetch::{self, Pin};
use super::fill::{Fill, fill};
use super::locked::{self, Locked};
use super::project::{MEND_LOCK, Opened, Project};
use super::update::{UpdateOptions, update};
use super::{Context, Outcome};
use crate::error::Failure;
use crate::foreign::Formats;
use crate::manifest::{Lock, LockedDependency};
use crate::model::{Platform, VendorPath};
use crate::report::{Event, Summary};
use crate::vcs::git::Want;

/// What `install` is asked to do.
#[derive(Clone, Copy, Debug, Default)]
pub struct InstallOptions {
    /// Whether `testImports` are installed too.
    pub tests: bool,
    /// Whether nested vendor and Godeps/_workspace folders are removed.
    pub strip_vendor: bool,
    /// Whether glide.lock has to do as it is; see [`locked`].
    pub locked: bool,
    /// Which files of dependencies are read, where there is no lock.
    pub formats: Formats,
}

/// Fills vendor/ with exactly the commits that glide.lock pins.
pub fn install(context: &Context<'_>, options: InstallOptions) -> Result<Outcome, Failure> {
    let project = Project::find(context)?;
    if !project.has_lock() && options.locked {
        return Err(locked::missing(&project));
    }
    if !project.has_lock() {
        // Glide text
        let message = "Lock file (glide.lock) does not exist. Performing update.";
        context.reporter.info(message);
        let options = UpdateOptions {
            install: options,
            ..UpdateOptions::default()
        };
        return update(context, options);
    }
    let opened = project.open_as_locked(context)?;
    let lock = opened.project.lock()?;
    if lock.hash != opened.config.hash() {
        // Glide text
        context.reporter.warn(
            "Lock file may be out of date. Hash check of YAML failed. You may need to run 'update'",
        );
    }
    let locked = options
        .locked
        .then(|| Locked::check(context, &opened, options.tests));
    let locked = locked.transpose()?;
    let insist = |vendor_is_current| match &locked {
        Some(locked) => locked.check_code(vendor_is_current),
        None => Ok(()),
    };
    let pins = pins(context, &opened, &lock, options)?;
    let filled = Fill {
        vendor: &opened.project.folder.join("vendor"),
        pins: &pins,
        strip: options.strip_vendor,
        resolved: false,
        insist: Some(&insist),
        files: Vec::new(),
    };
    let filled = fill(context, &opened.network, &filled)?;
    context.reporter.event(&Event::Summary(Summary {
        dependencies: pins.len(),
        fetched: filled.fetched,
        write: filled.write,
        took: context.started.elapsed(),
        ..Summary::default()
    }));
    Ok(Outcome::default())
}

/// What is wrong with an entry of glide.lock, and where it stands.
fn unusable(opened: &Opened, name: &str, failure: Failure) -> Failure {
    let place = fetch::place(&opened.project.lock_path(), name);
    let shown = place.as_ref().map(|place| format!(" ({place})"));
    let what = format!("glide.lock cannot be followed{}", shown.unwrap_or_default());
    failure.about(what).at(place).with_hint(MEND_LOCK)
}

/// The entries of the lock that are to be installed on this machine, each once.
pub(super) fn pins(
    context: &Context<'_>,
    opened: &Opened,
    lock: &Lock,
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
        if entry.name == opened.config.package {
            continue;
        }
        if let Some(first) = seen.insert(&entry.name, entry) {
            if (&first.version, &first.repo) != (&entry.version, &entry.repo) {
                let failure = Failure::user(format!(
                    "it has `{}` twice, at `{}` and at `{}`",
                    entry.name, first.version, entry.version
                ));
                return Err(unusable(opened, &entry.name, failure));
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
        let path = VendorPath::new(&entry.name);
        let path = path.map_err(|error| unusable(opened, &entry.name, error.into()))?;
        let remote = entry.remote(&opened.mirrors);
        pins.push(Pin {
            path,
            want: Want::parse(&entry.version),
            remote,
        });
    }
    Ok(pins)
}
