//! Filling vendor/ with what is pinned, and writing glide.lock with it.

use std::path::{Path, PathBuf};

use super::Context;
use super::fetch::{self, Pin};
use super::network::Network;
use super::treatment::Treatment;
use crate::error::Failure;
use crate::report::Level;
use crate::{fsx, interrupt, vendor};

/// What is to be in vendor/.
pub(crate) struct Fill<'a> {
    pub(crate) vendor: &'a Path,
    pub(crate) pins: &'a [Pin],
    /// Whether nested vendor and Godeps/_workspace folders are removed.
    pub(crate) strip: bool,
    /// Whether the pins have just been resolved, and so fetched and told of.
    pub(crate) resolved: bool,
    /// What glide.lock is to be, where it changes.
    pub(crate) lock: Option<NewLock>,
}

/// A glide.lock that is to be written together with vendor/.
///
/// The lock is put in place first, and vendor/ right after it; if that fails, the old lock comes
/// back. Should the process be killed between the two, the lock is ahead of vendor/, and the next
/// `install` makes up for it.
pub(crate) struct NewLock {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

impl NewLock {
    /// Writes the lock, then does `rest`; on failure the lock is as it was.
    fn with<T>(&self, rest: impl FnOnce() -> Result<T, vendor::Error>) -> Result<T, Failure> {
        let old = fsx::read_if_exists(&self.path)?;
        fsx::write_atomic(&self.path, self.text.as_bytes())?;
        rest().map_err(|error| {
            let failure = told(error);
            let restored = match &old {
                Some(bytes) => fsx::write_atomic(&self.path, bytes),
                None => fsx::remove_file(&self.path),
            };
            match restored {
                Ok(()) => failure,
                Err(error) => failure.with_hint(format!(
                    "glide.lock could not be put back ({error}: {}); it is newer than vendor/",
                    error.source
                )),
            }
        })
    }
}

/// Makes vendor/ hold what is pinned; asks nobody and starts nothing where it does already.
pub(crate) fn fill(
    context: &Context<'_>,
    network: &Network,
    wanted: &Fill<'_>,
) -> Result<(), Failure> {
    let treatment = Treatment::new(wanted.strip);
    let record = network.cache.installed(wanted.vendor);
    let filling = vendor::Options {
        treatment: &treatment,
        workers: context.settings.writers,
        record: Some(&record),
        cancelled: Some(context.interrupt.requested()),
    };
    if is_current(wanted, &filling) {
        if let Some(lock) = &wanted.lock {
            lock.with(|| Ok(()))?;
        }
        context
            .reporter
            .info("vendor/ is as glide.lock wants it. Nothing to do.");
        return Ok(());
    }
    context.interrupt.listen();
    let outcome = swap_in(context, network, wanted, &filling)?;
    treatment.tell(context.reporter);
    if !wanted.pins.is_empty() {
        let written = outcome.packages.len();
        context.reporter.info(format!(
            "Installed {} dependencies: {written} written ({} files), {} kept.",
            wanted.pins.len(),
            outcome.written,
            wanted.pins.len() - written
        ));
    }
    Ok(())
}

/// Whether vendor/ is right, as far as can be told without asking: versions that are no commit ids
/// may mean another commit today.
fn is_current(wanted: &Fill<'_>, filling: &vendor::Options<'_>) -> bool {
    let commits: Option<Vec<_>> = wanted.pins.iter().map(Pin::known).collect();
    commits.is_some_and(|known| {
        let known = known.iter().map(|(path, id)| (*path, id.as_str()));
        vendor::is_current(wanted.vendor, known, filling)
    })
}

/// Gets what is pinned and swaps it in; once more where the cache turns out to be damaged.
fn swap_in(
    context: &Context<'_>,
    network: &Network,
    wanted: &Fill<'_>,
    filling: &vendor::Options<'_>,
) -> Result<vendor::Outcome, Failure> {
    let cache = network.cache.root().display();
    context.reporter.debug(format!("the cache is `{cache}`"));
    let remotes = network.remotes()?;
    let level = if wanted.resolved {
        Level::Debug
    } else {
        Level::Info
    };
    let items = fetch::all(context, &remotes, wanted.pins, level)?;
    let stage = |items: &[vendor::Item]| {
        let _orderly = context.interrupt.orderly();
        vendor::stage(wanted.vendor, items, filling, context.reporter)
    };
    let staged = match stage(&items) {
        Err(error) if !error.damaged().is_empty() => {
            fetch::forget(context, &items, &error.damaged())?;
            stage(&fetch::all(context, &remotes, wanted.pins, level)?)
        }
        other => other,
    };
    let staged = staged.map_err(told)?;
    let _orderly = context.interrupt.orderly();
    match &wanted.lock {
        Some(lock) => lock.with(|| staged.commit(context.reporter)),
        None => staged.commit(context.reporter).map_err(told),
    }
}

fn told(error: vendor::Error) -> Failure {
    match error {
        vendor::Error::Interrupted => Failure::from(error).with_code(interrupt::EXIT_CODE),
        other => other.into(),
    }
}
