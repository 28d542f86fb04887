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
    let linked = match previous {
        Some(previous) => run.link(&mut tree, &place.path(), &nests, &previous)?,
        None => Linked::default(),
    };
    let anew: Vec<&Item> = nests
        .into_iter()
        .filter(|nest| !linked.roots.contains(nest.root()))
        .flat_map(|nest| nest.items)
        .collect();
    let written = run.fill(&tree, &anew)?;
    let packages: Vec<_> = anew.iter().map(|item| &item.path).collect();
    options
        .treatment
        .finish(&staging.path, &packages)
        .map_err(Error::Treatment)?;
    run.check_cancelled()?;
    Ok(Built {
        written,
        packages: packages.iter().map(ToString::to_string).collect(),
        linked: linked.files,
        staging,
    })
}

/// What was taken over from the old tree.
#[derive(Default)]
struct Linked {
    /// The roots of the nests.
    roots: HashSet<Vec<u8>>,
    files: Vec<Found>,
}

impl Run<'_> {
    fn link(
        &self,
        tree: &mut Tree<'_>,
        vendor: &Path,
        nests: &[Nest<'_>],
        previous: &Previous,
    ) -> Result<Linked, Error> {
        let kept: Vec<(&Nest<'_>, &[Found])> = nests
            .iter()
            .filter_map(|nest| Some((nest, previous.files_of(nest)?)))
            .collect();
        let old = Folder::open(vendor).on("open", vendor)?;
        let results = tree.link(&old, &kept, (self.options.workers, &self.stop));
        self.check_cancelled()?;
        let mut linked = Linked::default();
        for ((nest, files), _) in kept.iter().zip(results).filter(|(_, linked)| *linked) {
            linked.roots.insert(nest.root().to_vec());
            linked.files.extend_from_slice(files);
        }
        Ok(linked)
    }

    /// Writes the packages from the store; returns how many files there were.
    fn fill(&self, tree: &Tree<'_>, items: &[&Item]) -> Result<usize, Error> {
        let workers = self.options.workers;
        let mut problems = Collector::default();
        let plan = gather(items, workers, &self.stop, &mut problems);
        self.check_cancelled()?;
        problems.finish()?;
        let mut problems = Collector::default();
        let task = self.reporter.task("Exporting", plan.layers().len());
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
