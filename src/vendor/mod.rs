//! Filling vendor/, as a transaction.
//!
//! The new tree is built beside vendor/, on the same file system, straight from the object stores;
//! then it takes vendor/'s place by one rename, and the old tree is removed last. Whatever fails,
//! and whenever the process dies, vendor/ is the old tree or the new one, whole; what a killed
//! run leaves beside it is cleared by the next. Everything that comes out of a repository
//! is hostile until checked ([`names`], [`plan`]), and nothing is written outside the staging folder.
//!
//! What is installed is remembered outside vendor/ ([`record`]), so that a run with nothing to do
//! does nothing, and one that changes three repositories writes three. Which packages belong in
//! vendor/ (`ignore`, operating systems, tests) is the caller's business. Answers to Glide's
//! `repo/installer.go` (`Export`) and `path/path.go` (`Vendor`).

pub mod attributes;
mod budget;
mod carry;
mod error;
mod gather;
mod moves;
mod names;
mod place;
mod plan;
mod record;
mod reuse;
mod stage;
pub mod strip;
mod swap;
#[cfg(test)]
mod tests;
mod treatment;
mod verify;
mod walk;
mod workers;
mod write;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub use error::{Cause, Error, Problem, Problems};
pub use names::BadName;
pub use treatment::{AsStored, Treatment};
pub use verify::{Difference, DifferenceKind, Verified, verify};

use crate::model::VendorPath;
use crate::report::Reporter;
use crate::vcs::Snapshot;
use moves::{Disk, Moves};
use place::{Place, Turn};
use record::Record;
use reuse::Previous;

/// One dependency as it is to stand in vendor/.
pub struct Item {
    /// Its folder.
    pub path: VendorPath,
    /// Names its content: the commit. Two items of the same revision have the same files.
    pub revision: String,
    /// The repository's tree, and those of its submodules.
    pub trees: Vec<PlacedTree>,
}

/// A commit's tree and where it goes in the package.
pub struct PlacedTree {
    /// The folder inside the package: empty for the repository itself, else a submodule's path.
    pub at: Vec<u8>,
    /// The tree.
    pub snapshot: Arc<dyn Snapshot>,
}

/// How vendor/ is filled.
pub struct Options<'a> {
    /// What happens to files on their way.
    pub treatment: &'a dyn Treatment,
    /// How many threads write.
    pub workers: usize,
    /// Where to remember what is installed; without it every run writes everything.
    pub record: Option<&'a Path>,
    /// Ends the run before the swap, once it is true.
    pub cancelled: Option<&'a AtomicBool>,
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Whether vendor/ was replaced; if not, it was right already.
    pub changed: bool,
    /// The packages that were written from the store, sorted.
    pub packages: Vec<String>,
    /// How many files these have.
    pub written: usize,
    /// How many files were taken over from the old vendor/.
    pub kept: usize,
}

/// Replaces vendor/ by exactly these packages.
///
/// `vendor` may be a link, and need not exist. On any error it is as it was.
pub fn replace(
    vendor: &Path,
    items: &[Item],
    options: &Options<'_>,
    reporter: &dyn Reporter,
) -> Result<Outcome, Error> {
    stage(vendor, items, options, reporter)?.commit(reporter)
}

/// Builds the new tree without touching vendor/, so that other things can still fail before
/// [`Staged::commit`]. Other runs in the same folder wait until this is committed or dropped.
pub fn stage<'a>(
    vendor: &Path,
    items: &[Item],
    options: &Options<'a>,
    reporter: &dyn Reporter,
) -> Result<Staged<'a>, Error> {
    stage_with(vendor, items, options, (reporter, &Disk))
}

/// Whether vendor/ holds exactly these packages (path and revision) and no file of it was added,
/// removed or edited since, and no killed run left anything beside it. Reads no file but the record.
pub fn is_current<'p>(
    vendor: &Path,
    packages: impl IntoIterator<Item = (&'p VendorPath, &'p str)>,
    options: &Options<'_>,
) -> bool {
    let Ok(place) = Place::find(vendor) else {
        return false;
    };
    let packages = packages
        .into_iter()
        .map(|(path, revision)| (path.as_str(), revision));
    place.is_tidy() && look(&place, options).is_some_and(|previous| previous.is(packages))
}

fn look(place: &Place, options: &Options<'_>) -> Option<Previous> {
    let treatment = options.treatment.name();
    Previous::look(options.record, &place.path(), &treatment, options.workers)
}

/// A new vendor/ that is complete and waits beside the old one. Dropping it removes it.
pub struct Staged<'a> {
    built: Option<stage::Built<'a>>,
    place: Place,
    moves: &'a dyn Moves,
    workers: usize,
    /// What to write down, and where.
    record: Option<(Record, PathBuf)>,
    // Last, so that the staging folder is gone when others may go on.
    _turn: Turn,
}

fn stage_with<'a>(
    vendor: &Path,
    items: &[Item],
    options: &Options<'a>,
    (reporter, moves): (&dyn Reporter, &'a dyn Moves),
) -> Result<Staged<'a>, Error> {
    let place = Place::find(vendor)?;
    let turn = place.turn(options.cancelled, reporter)?;
    for left in place.recover(&turn, moves)? {
        reporter.warn(left.in_full());
    }
    let previous = look(&place, options);
    let wanted = items
        .iter()
        .map(|item| (item.path.as_str(), item.revision.as_str()));
    let built = if previous
        .as_ref()
        .is_some_and(|previous| previous.is(wanted))
    {
        None
    } else {
        let context = (options, reporter);
        Some(stage::build(
            &place,
            &turn,
            items,
            (previous, moves),
            context,
        )?)
    };
    Ok(Staged {
        built,
        place,
        moves,
        workers: options.workers,
        record: options
            .record
            .map(|path| (record_of(items, options), path.to_owned())),
        _turn: turn,
    })
}

/// The record of these packages; the files come when they are in place.
fn record_of(items: &[Item], options: &Options<'_>) -> Record {
    let mut packages: Vec<_> = items
        .iter()
        .map(|item| (item.path.as_str().to_owned(), item.revision.clone()))
        .collect();
    packages.sort_unstable();
    Record {
        treatment: options.treatment.name(),
        packages,
        files: Vec::new(),
    }
}

impl Staged<'_> {
    /// Puts the new tree in vendor/'s place. After an error vendor/ is as it was; what goes wrong
    /// once the new tree is in place is a warning.
    pub fn commit(mut self, reporter: &dyn Reporter) -> Result<Outcome, Error> {
        let Some(built) = &mut self.built else {
            return Ok(Outcome::default());
        };
        let old = swap::swap(&self.place, &mut built.staging, self.moves)?;
        if let Some(Err(left)) = old.map(|old| self.moves.remove_tree(&old)) {
            reporter.warn(left.in_full());
        }
        if let Some((record, path)) = self.record.take() {
            let context = (self.workers, self.moves);
            let vendor = self.place.path();
            if let Err(error) = swap::remember((record, &path), &vendor, &built.linked, context) {
                let reason = error.in_full();
                reporter.warn(format!(
                    "the next run will fill vendor/ anew, since it cannot be remembered: {reason}"
                ));
            }
        }
        let mut packages = std::mem::take(&mut built.packages);
        packages.sort_unstable();
        Ok(Outcome {
            changed: true,
            packages,
            written: built.written,
            kept: built.linked.len(),
        })
    }
}
