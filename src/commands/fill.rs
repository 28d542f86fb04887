//! Filling vendor/ with what is pinned, and writing glide.lock and glide.yaml with it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Context;
use super::fetch::{self, Pin};
use super::network::Network;
use super::project::LOCK;
use super::treatment::Treatment;
use crate::error::Failure;
use crate::report::{Event, Level, Phase, counted, timed};
use crate::{fsx, interrupt, vendor};

/// What is to be in vendor/.
pub(crate) struct Fill<'a> {
    pub(crate) vendor: &'a Path,
    pub(crate) pins: &'a [Pin],
    /// Whether nested vendor and Godeps/_workspace folders are removed.
    pub(crate) strip: bool,
    /// Whether the pins have just been resolved, and so fetched and told of.
    pub(crate) resolved: bool,
    /// What has to be so before anything changes, once all of it is in the cache; it is told whether vendor/
    /// is right already.
    pub(crate) insist: Option<&'a dyn Fn(bool) -> Result<(), Failure>>,
    /// The files that change with it, in the order in which they are written.
    pub(crate) files: Vec<NewFile>,
}

impl Fill<'_> {
    fn insist(&self, vendor_is_current: bool) -> Result<(), Failure> {
        self.insist
            .map_or(Ok(()), |insist| insist(vendor_is_current))
    }
}

/// What filling vendor/ took.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Filled {
    /// How many dependencies came from remotes.
    pub(crate) fetched: usize,
    /// How long writing took; `None` where vendor/ was right already.
    pub(crate) write: Option<Duration>,
}

/// A file that is to be written together with vendor/.
///
/// The files are put in place first, and vendor/ right after them; if that fails, the old ones come
/// back. Should the process be killed in between, they are ahead of vendor/: the next `install` makes up
/// for that, and warns where glide.lock does not belong to glide.yaml.
pub(crate) struct NewFile {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    /// What has to stand there still, if that matters.
    pub(crate) expected: Option<Vec<u8>>,
}

impl NewFile {
    /// Writes the file; returns what stood in its place.
    pub(crate) fn write(&self) -> Result<Option<Vec<u8>>, Failure> {
        let old = fsx::read_text_if_exists(&self.path)?;
        if self.expected.is_some() && self.expected != old {
            let path = self.path.display();
            let message = format!("`{path}` has been changed while this was at work");
            return Err(Failure::user(message).with_hint("nothing was changed; run it again"));
        }
        fsx::write_atomic(&self.path, self.text.as_bytes())?;
        Ok(old)
    }
}

/// Writes the files, then does `rest`; on failure all of them are as they were.
fn with_files<T>(
    files: &[NewFile],
    rest: impl FnOnce() -> Result<T, vendor::Error>,
) -> Result<T, Failure> {
    let Some((file, others)) = files.split_first() else {
        return rest().map_err(told);
    };
    let old = file.write()?;
    with_files(others, rest).map_err(|failure| {
        let restored = match &old {
            Some(bytes) => fsx::write_atomic(&file.path, bytes),
            None => fsx::remove_file(&file.path),
        };
        match restored {
            Ok(()) => failure,
            Err(error) => failure.with_hint(format!(
                "`{}` could not be put back ({}); it is newer than vendor/",
                file.path.display(),
                error.in_full()
            )),
        }
    })
}

/// Makes vendor/ hold what is pinned; asks nobody and starts nothing where it does already.
pub(crate) fn fill(
    context: &Context<'_>,
    network: &Network,
    wanted: &Fill<'_>,
) -> Result<Filled, Failure> {
    let treatment = Treatment::new(wanted.strip);
    let record = network.cache.installed(wanted.vendor);
    let filling = vendor::Options {
        treatment: &treatment,
        workers: context.settings.writers,
        record: Some(&record),
        cancelled: Some(context.interrupt.requested()),
    };
    if is_current(wanted, &filling) {
        wanted.insist(true)?;
        if !wanted.files.is_empty() {
            context.interrupt.listen();
            let _orderly = context.interrupt.orderly();
            with_files(&wanted.files, || Ok(()))?;
        }
        context
            .reporter
            .info("vendor/ is as glide.lock wants it. Nothing to do.");
        return Ok(Filled::default());
    }
    context.interrupt.listen();
    let (outcome, filled) = swap_in(context, network, wanted, &filling)?;
    context.reporter.event(&Event::VendorWritten {
        dependencies: outcome.packages.len(),
        files: outcome.written,
        kept: outcome.kept,
    });
    treatment.tell(context.reporter);
    if !wanted.pins.is_empty() {
        let written = outcome.packages.len();
        context.reporter.info(format!(
            "Installed {}: {written} written ({}), {} kept.",
            counted(wanted.pins.len(), "dependency", "dependencies"),
            counted(outcome.written, "file", "files"),
            wanted.pins.len() - written
        ));
    }
    Ok(filled)
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
) -> Result<(vendor::Outcome, Filled), Failure> {
    let cache = network.cache.root().display();
    context.reporter.debug(format!("the cache is `{cache}`"));
    let remotes = network.remotes()?;
    let level = if wanted.resolved {
        Level::Debug
    } else {
        Level::Info
    };
    // What has been resolved anew stands in no lock yet.
    let lock = (!wanted.resolved).then(|| wanted.vendor.with_file_name(LOCK));
    let get = || fetch::all(context, &remotes, (wanted.pins, lock.as_deref()), level);
    let got = get()?;
    wanted.insist(false)?;
    let timed = timed(context.reporter, Phase::Write);
    let stage = |items: &[vendor::Item]| {
        let _orderly = context.interrupt.orderly();
        vendor::stage(wanted.vendor, items, filling, context.reporter)
    };
    let staged = match stage(&got.items) {
        Err(error) if !error.damaged().is_empty() => {
            fetch::forget(context, &got.items, &error.damaged())?;
            stage(&get()?.items)
        }
        other => other,
    };
    let staged = staged.map_err(told)?;
    let _orderly = context.interrupt.orderly();
    let outcome = with_files(&wanted.files, || staged.commit(context.reporter))?;
    let filled = Filled {
        fetched: got.fetched,
        write: Some(timed.end()),
    };
    Ok((outcome, filled))
}

fn told(error: vendor::Error) -> Failure {
    match error {
        vendor::Error::Interrupted => Failure::from(error).with_code(interrupt::EXIT_CODE),
        other => other.into(),
    }
}
