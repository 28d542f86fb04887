//! Writes a plan's files into the staging folder, straight from the store, with several workers.
//!
//! All folders are made first. The staging folder was empty, so at that point nothing in it is a
//! link, and no link can take the place of a folder later: a path that the plan got wrong, or that
//! the file system folds onto another, fails instead of leading outside. Files and links are
//! only ever created, never opened.
//!
//! Nothing is synced to the disk. A tree can be made again, a sync of thousands of files costs more
//! than making them, and what a power cut loses shows in the files' sizes, which the next run
//! compares with the record.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::budget::Budget;
use super::error::{Cause, Collector, Problem};
use super::gather::{Bounded, read_bytes, read_limited};
use super::plan::{File, Layer, Plan, Unit};
use super::reuse::Tree;
use super::workers::{self, Stop};
use crate::fsx::{self, at::Folder};
use crate::report::Task;
use crate::vcs::{EntryKind, SnapshotReader};

/// What all workers together may hold of blobs; one blob that is larger is read while no other is.
const BLOB_BYTES: u64 = 24 << 20;

/// A blob of this size or less goes through the worker's buffer; larger ones are passed on as
/// the store gives them.
const BUFFERED: u64 = 256 << 10;

/// The longest target of a link (Linux' limit for a path).
const MAX_LINK: u64 = 4095;

/// What the workers share.
struct Writer<'a, 't> {
    plan: &'a Plan<'a>,
    tree: &'t Tree<'t>,
    stop: &'a Stop<'a>,
    budget: Budget,
    problems: Mutex<&'a mut Collector>,
    /// How many files of each layer are still to be written.
    left: Vec<AtomicUsize>,
    task: &'a dyn Task,
}

/// A worker's open store, kept while it goes on with the same tree.
struct Open<'a> {
    layer: u32,
    /// `None` after it failed to open, which was told once.
    reader: Option<Box<dyn SnapshotReader + 'a>>,
}

/// Writes everything; what fails is in `problems` afterwards.
pub(super) fn write<'a>(
    plan: &'a Plan<'a>,
    tree: &mut Tree<'_>,
    (workers, stop): (usize, &'a Stop<'a>),
    (task, problems): (&'a dyn Task, &'a mut Collector),
) {
    if !create_folders(plan, tree, stop, problems) {
        return;
    }
    let mut left: Vec<AtomicUsize> = plan.layers().iter().map(|_| AtomicUsize::new(0)).collect();
    for file in plan.units().iter().flat_map(|unit| plan.files(unit)) {
        *left[file.layer as usize].get_mut() += 1;
    }
    let writer = Writer {
        plan,
        tree,
        stop,
        budget: Budget::new(BLOB_BYTES),
        problems: Mutex::new(problems),
        left,
        task,
    };
    let units = plan.units();
    workers::run(
        units.len(),
        workers,
        stop,
        || None,
        |open, piece| writer.write_unit(open, &units[piece]),
    );
}

/// Makes the plan's folders, but for those that are there; says whether all could be made.
fn create_folders(
    plan: &Plan<'_>,
    tree: &mut Tree<'_>,
    stop: &Stop<'_>,
    problems: &mut Collector,
) -> bool {
    let mut complete = true;
    for path in plan.folders() {
        if stop.is_raised() {
            return false;
        }
        if tree.made.contains(path) {
            continue;
        }
        if let Err(error) = tree.moves.create_folder(tree.root, path) {
            complete = false;
            let problem = folder_problem(plan, path, error);
            if problem.cause.is_general() {
                stop.raise();
            }
            problems.push(problem);
        } else {
            tree.made.insert(path.to_vec());
        }
    }
    complete
}

/// Tells of a folder that failed, for the deepest package that it belongs to.
fn folder_problem(plan: &Plan<'_>, path: &[u8], error: io::Error) -> Problem {
    let owner = plan
        .layers()
        .iter()
        .filter(|layer| layer.folder.starts_with(path) || path.starts_with(&layer.folder))
        .max_by_key(|layer| layer.folder.len())
        .expect("each folder is a package's, in one, or above one");
    let inside = path.get(owner.package.as_str().len() + 1..);
    Problem::new(owner.package, inside, Cause::of_write(error))
}

impl<'a> Writer<'a, '_> {
    fn fail(&self, problem: Problem) {
        if problem.cause.is_general() {
            self.stop.raise();
        }
        self.problems
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(problem);
    }

    fn write_unit(&self, open: &mut Option<Open<'a>>, unit: &Unit) {
        let path = self.plan.folder(unit);
        let folder = match self.tree.root.open_below(path) {
            Ok(folder) => folder,
            Err(error) => return self.fail(folder_problem(self.plan, path, error)),
        };
        for file in self.plan.files(unit) {
            if self.stop.is_raised() {
                return;
            }
            let (layer, inside) = self.plan.origin(file);
            if let Some(reader) = self.reader(open, file.layer, layer) {
                let name = &self.plan.path(file)[path.len() + 1..];
                if let Err(cause) = self.write_file(reader, &folder, name, file) {
                    self.fail(Problem::new(
                        layer.package,
                        Some(&within(layer, inside)),
                        cause,
                    ));
                }
            }
            if self.left[file.layer as usize].fetch_sub(1, Ordering::Relaxed) == 1 {
                self.task.step(layer.package.as_str());
            }
        }
    }

    /// The worker's reader of a layer; at most one is open, so that memory does not grow with
    /// the number of repositories.
    fn reader<'o>(
        &self,
        open: &'o mut Option<Open<'a>>,
        number: u32,
        layer: &Layer<'a>,
    ) -> Option<&'o mut (dyn SnapshotReader + 'a)> {
        if open.as_ref().is_none_or(|open| open.layer != number) {
            *open = None;
            let reader = match layer.snapshot.reader() {
                Ok(reader) => Some(reader),
                Err(error) => {
                    self.fail(Problem::new(layer.package, None, error));
                    None
                }
            };
            *open = Some(Open {
                layer: number,
                reader,
            });
        }
        open.as_mut()?.reader.as_deref_mut()
    }

    fn write_file(
        &self,
        reader: &mut dyn SnapshotReader,
        folder: &Folder,
        name: &[u8],
        file: &File,
    ) -> Result<(), Cause> {
        let executable = match file.kind {
            EntryKind::File => false,
            EntryKind::Executable => true,
            EntryKind::Symlink => return self.write_link(reader, folder, name, file),
            EntryKind::Submodule => return Ok(()),
        };
        let (layer, inside) = self.plan.origin(file);
        let conversion = layer.attributes.conversion(inside);
        let size = reader.blob_size(file.id)?;
        let held = if conversion.is_identity() {
            size
        } else {
            size * 2
        };
        let _share = self.budget.take(held);
        let mut out = self
            .tree
            .moves
            .create_file(folder, name, executable)
            .map_err(Cause::of_write)?;
        if size > BUFFERED && conversion.is_identity() {
            let mut out = Bounded {
                inner: io::BufWriter::with_capacity(64 << 10, out),
                left: size,
                overrun: false,
            };
            let read = reader.read_blob(file.id, &mut out);
            if out.overrun || (read.is_ok() && out.left > 0) {
                return Err(Cause::Size);
            }
            read?;
            return out.inner.flush().map_err(Cause::of_write);
        }
        let bytes = read_bytes(reader, file.id, size)?.ok_or(Cause::Size)?;
        if bytes.len() as u64 != size {
            return Err(Cause::Size);
        }
        out.write_all(&conversion.apply(file.id, bytes))
            .map_err(Cause::of_write)
    }

    fn write_link(
        &self,
        reader: &mut dyn SnapshotReader,
        folder: &Folder,
        name: &[u8],
        file: &File,
    ) -> Result<(), Cause> {
        let target = read_limited(reader, file.id, MAX_LINK)?
            .ok_or(Cause::LinkTarget("is longer than a path may be"))?;
        if target.is_empty() {
            return Err(Cause::LinkTarget("is empty"));
        }
        if target.contains(&0) {
            return Err(Cause::LinkTarget("has a NUL byte in it"));
        }
        let moves = self.tree.moves;
        let made = if fsx::HAS_LINKS {
            moves.create_link(folder, &target, name)
        } else {
            // As Git has it there.
            let file = moves.create_file(folder, name, false);
            file.and_then(|mut file| file.write_all(&target))
        };
        made.map_err(Cause::of_write)
    }
}

/// A path in a layer's tree as one in the package: a submodule's folder in front.
fn within(layer: &Layer<'_>, inside: &[u8]) -> Vec<u8> {
    match layer.folder.get(layer.package.as_str().len() + 1..) {
        Some(submodule) => [submodule, b"/", inside].concat(),
        None => inside.to_vec(),
    }
}
