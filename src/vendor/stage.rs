//! Builds the new tree beside vendor/, which is not touched.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::error::{Collector, Error};
use super::gather::gather;
use super::moves::Moves;
use super::place::{Place, Turn};
use super::reuse::{self, Nest, Previous, Tree};
use super::walk::Found;
use super::workers::Stop;
use super::{Item, Options, write};
use crate::fsx::{Context as _, at::Folder};
use crate::report::Reporter;

/// A staging folder; removed when dropped, unless it became vendor/.
pub(super) struct Staging<'a> {
    pub(super) path: PathBuf,
    moves: &'a dyn Moves,
    armed: bool,
}

impl<'a> Staging<'a> {
    fn create(place: &Place, moves: &'a dyn Moves) -> Result<Self, Error> {
        let path = place.staging();
        moves.create_root(&path)?;
        Ok(Self {
            path,
            moves,
            armed: true,
        })
    }

    /// The folder is no longer this guard's to remove.
    pub(super) fn release(&mut self) {
        self.armed = false;
    }
}

impl Drop for Staging<'_> {
    fn drop(&mut self) {
        if self.armed {
            // There is an error already that says more than this one could, and the next run
            // tries again.
            let _ = self.moves.remove_tree(&self.path);
        }
    }
}

/// The staged tree is complete.
pub(super) struct Built<'a> {
    pub(super) staging: Staging<'a>,
    /// How many files were written from the store.
    pub(super) written: usize,
    /// The packages that they are of.
    pub(super) packages: Vec<String>,
    /// The files that the old tree shares with the new one, as they looked before.
    pub(super) linked: Vec<Found>,
}

/// What the steps of one run have in common.
struct Run<'a> {
    options: &'a Options<'a>,
    stop: Stop<'a>,
    reporter: &'a dyn Reporter,
}

/// Stages all packages: what is still right is linked from the old tree, the rest is written.
pub(super) fn build<'a>(
    place: &Place,
    _turn: &Turn,
    items: &[Item],
    (previous, moves): (Option<Previous>, &'a dyn Moves),
    (options, reporter): (&Options<'_>, &dyn Reporter),
) -> Result<Built<'a>, Error> {
    let run = Run {
        options,
        stop: Stop::new(options.cancelled),
        reporter,
    };
    let staging = Staging::create(place, moves)?;
    let root = Folder::open(&staging.path).on("open", &staging.path)?;
    let mut tree = Tree {
        path: &staging.path,
        root: &root,
        moves,
        made: HashSet::new(),
    };
    let nests = reuse::nests(items);
    let previous = previous.as_ref();
    let (kept, changed): (Vec<_>, Vec<_>) = nests
        .into_iter()
        .map(|nest| (previous.and_then(|previous| previous.files_of(&nest)), nest))
        .partition(|(files, _)| files.is_some());
    let mut anew: Vec<&Item> = changed
        .into_iter()
        .flat_map(|(_, nest)| nest.items)
        .collect();
    let mut written = run.fill(&mut tree, &anew)?;
    // Linking is last, because a second name changes a file's times: after a run that failed
    // above, the old tree is still what the record says.
    let (linked, not_linked) = run.link(&mut tree, &place.path(), kept)?;
    written += run.fill(&mut tree, &not_linked)?;
    anew.extend(not_linked);
    let packages: Vec<_> = anew.iter().map(|item| &item.path).collect();
    options
        .treatment
        .finish(&staging.path, &packages)
        .map_err(Error::Treatment)?;
    run.check_cancelled()?;
    Ok(Built {
        written,
        packages: packages.iter().map(ToString::to_string).collect(),
        linked,
        staging,
    })
}

impl Run<'_> {
    /// Takes over nests from the old tree; returns their files, and the packages for which that
    /// did not work out.
    fn link<'i>(
        &self,
        tree: &mut Tree<'_>,
        vendor: &Path,
        kept: Vec<(Option<&[Found]>, Nest<'i>)>,
    ) -> Result<(Vec<Found>, Vec<&'i Item>), Error> {
        let (mut files, mut others) = (Vec::new(), Vec::new());
        if kept.is_empty() {
            return Ok((files, others));
        }
        let kept: Vec<(Nest<'i>, &[Found])> = kept
            .into_iter()
            .map(|(files, nest)| (nest, files.unwrap_or_default()))
            .collect();
        let old = Folder::open(vendor).on("open", vendor)?;
        let results = tree.link(&old, &kept, (self.options.workers, &self.stop));
        self.check_cancelled()?;
        for ((nest, of_nest), linked) in kept.into_iter().zip(results) {
            if linked {
                files.extend_from_slice(of_nest);
            } else {
                others.extend(nest.items);
            }
        }
        Ok((files, others))
    }

    /// Writes the packages from the store; returns how many files there were.
    fn fill(&self, tree: &mut Tree<'_>, items: &[&Item]) -> Result<usize, Error> {
        if items.is_empty() {
            return Ok(0);
        }
        let workers = self.options.workers;
        let mut problems = Collector::default();
        let plan = gather(items, workers, &self.stop, &mut problems);
        self.check_cancelled()?;
        problems.finish()?;
        let mut problems = Collector::default();
        let task = self.reporter.task("Writing", plan.layers().len());
        write::write(&plan, tree, (workers, &self.stop), (&*task, &mut problems));
        self.check_cancelled()?;
        problems.finish()?;
        Ok(plan.len())
    }

    fn check_cancelled(&self) -> Result<(), Error> {
        if self.stop.is_cancelled() {
            return Err(Error::Interrupted);
        }
        Ok(())
    }
}
