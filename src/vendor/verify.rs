//! Compares vendor/ with what installing the same packages would write, file by file.
//!
//! A file that needs no conversion is compared by the name that Git gives to its bytes, without
//! reading the repository's; one that does is converted again. What `--strip-vendor` removes and
//! rewrites is understood: where vendor/ has none of the folders that it removes, it is compared
//! with the stripped tree.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::error::{Cause, Collector, Problem};
use super::gather::{gather, read_bytes};
use super::names::shown;
use super::plan::{File, Plan, is_below};
use super::strip::{Leftovers, is_stripped};
use super::walk::{self, Found};
use super::workers::{self, Stop};
use super::{Error, Item};
use crate::fsx;
use crate::vcs::{EntryKind, SnapshotReader, blob_id};

/// By how many bytes a rewritten file may be longer than twice the original.
const SLACK: u64 = 1 << 16;

/// A file that is not what the pinned commits say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// The path below vendor/, as it is shown.
    pub path: String,
    /// The package that the file belongs to; empty for one that belongs to none.
    pub package: String,
    /// What is the matter.
    pub kind: DifferenceKind,
    /// What stands there, of a file that is added or changed: other bytes have another name.
    pub content: String,
}

/// What is the matter with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DifferenceKind {
    /// No commit has it.
    Added,
    /// Its bytes are others, or it is a link instead of a file or a file instead of a link.
    Changed,
    /// It is executable and should not be, or the other way round.
    Mode,
    /// It is not there.
    Missing,
}

/// A difference, and the file that was met there.
type Met<'a> = (Difference, Option<&'a Found>);

/// What comparing has shown.
#[derive(Debug, Default)]
pub struct Verified {
    /// The differences, sorted.
    pub differences: Vec<Difference>,
    /// How many files each package should have, in the order of the items.
    pub expected: Vec<usize>,
    /// What could not be compared.
    pub problems: Vec<Problem>,
    /// Whether vendor/ was taken for one that `--strip-vendor` has been at.
    pub stripped: bool,
}

/// Compares vendor/, which must be a folder, with these packages.
pub fn verify(vendor: &Path, items: &[Item], workers: usize) -> Result<Verified, Error> {
    let found = walk::walk(vendor, workers)?;
    let stop = Stop::new(None);
    let mut problems = Collector::default();
    let items: Vec<&Item> = items.iter().collect();
    let plan = gather(&items, workers, &stop, &mut problems);
    let leftovers = leftovers(&plan, &found);
    let comparison = Comparison {
        vendor,
        plan: &plan,
        found: found
            .iter()
            .map(|found| (found.path.as_slice(), found))
            .collect(),
        leftovers: leftovers.as_ref(),
        results: Mutex::new((Vec::new(), problems)),
    };
    let units = plan.units();
    workers::run(
        units.len(),
        workers,
        &stop,
        || None,
        |open, piece| {
            for file in plan.files(&units[piece]) {
                comparison.compare(open, file);
            }
        },
    );
    let (mut differences, problems) = comparison
        .results
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    differences.extend(added(&plan, &items, &found));
    differences.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    let differences = with_contents(vendor, differences, workers);
    Ok(Verified {
        differences,
        expected: expected(&plan, &items, leftovers.as_ref()),
        problems: problems.into_list(),
        stripped: leftovers.is_some(),
    })
}

fn files<'p>(plan: &'p Plan<'_>) -> impl Iterator<Item = &'p File> {
    plan.units().iter().flat_map(|unit| plan.files(unit))
}

/// What stripping has to do with these files; `None` where vendor/ is not stripped, or might as well
/// not be.
fn leftovers(plan: &Plan<'_>, found: &[Found]) -> Option<Leftovers> {
    let planned = files(plan).map(|file| plan.path(file));
    let leftovers = Leftovers::of(planned)?;
    let is_whole = found.iter().any(|found| is_stripped(&found.path));
    (!is_whole).then_some(leftovers)
}

/// Files that no commit has.
fn added<'f>(plan: &Plan<'_>, items: &[&Item], found: &'f [Found]) -> Vec<Met<'f>> {
    let planned: std::collections::HashSet<&[u8]> =
        files(plan).map(|file| plan.path(file)).collect();
    let added = found
        .iter()
        .filter(|found| !planned.contains(found.path.as_slice()));
    let difference = |found: &'f Found| {
        let difference = Difference {
            path: shown(&found.path),
            package: owner(items, &found.path),
            kind: DifferenceKind::Added,
            content: String::new(),
        };
        (difference, Some(found))
    };
    added.map(difference).collect()
}

/// Adds what stands at the paths that differ.
fn with_contents(vendor: &Path, differences: Vec<Met<'_>>, workers: usize) -> Vec<Difference> {
    let named = Mutex::new(Vec::new());
    workers::run(
        differences.len(),
        workers,
        &Stop::new(None),
        || (),
        |(), piece| {
            let (difference, found) = &differences[piece];
            let has_own_bytes = matches!(
                difference.kind,
                DifferenceKind::Added | DifferenceKind::Changed
            );
            if let Some(found) = found.filter(|_| has_own_bytes) {
                let content = content(vendor, found);
                let mut named = named.lock().unwrap_or_else(PoisonError::into_inner);
                named.push((piece, content));
            }
        },
    );
    let mut differences: Vec<_> = differences.into_iter().map(|(it, _)| it).collect();
    for (piece, content) in named.into_inner().unwrap_or_else(PoisonError::into_inner) {
        differences[piece].content = content;
    }
    differences
}

/// A name for what a file holds, where a link leads, or that it is neither or cannot be read.
fn content(vendor: &Path, found: &Found) -> String {
    let path = fsx::below(vendor, &found.path);
    let (kind, id) = if found.stamp.is_link() {
        let target = fsx::read_link(&path);
        let target = target.map(|target| target.as_os_str().as_encoded_bytes().to_vec());
        let id = target.ok().and_then(|bytes| {
            let id = blob_id(&mut bytes.as_slice(), bytes.len() as u64);
            id.ok().flatten()
        });
        ("link", id)
    } else if found.stamp.is_file() {
        let file = fsx::open(&path).ok();
        let id = file.and_then(|mut file| blob_id(&mut file, found.stamp.size).ok().flatten());
        ("file", id)
    } else {
        ("other", None)
    };
    id.map_or_else(|| kind.to_owned(), |id| format!("{kind} {id}"))
}

/// The innermost package that a path is in.
fn owner(items: &[&Item], path: &[u8]) -> String {
    let names = items.iter().map(|item| item.path.as_str());
    let inside = names.filter(|name| is_below(path, name.as_bytes()));
    inside
        .max_by_key(|name| name.len())
        .unwrap_or_default()
        .to_owned()
}

fn expected(plan: &Plan<'_>, items: &[&Item], leftovers: Option<&Leftovers>) -> Vec<usize> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for file in files(plan) {
        if leftovers.is_none() || !is_stripped(plan.path(file)) {
            let (layer, _) = plan.origin(file);
            *counts.entry(layer.package.as_str()).or_default() += 1;
        }
    }
    let count = |item: &&Item| counts.get(item.path.as_str()).copied().unwrap_or(0);
    items.iter().map(count).collect()
}

/// What the workers share.
struct Comparison<'a> {
    vendor: &'a Path,
    plan: &'a Plan<'a>,
    found: HashMap<&'a [u8], &'a Found>,
    leftovers: Option<&'a Leftovers>,
    results: Mutex<(Vec<Met<'a>>, Collector)>,
}

/// A worker's open store, kept while it goes on with the same tree.
type Open<'a> = Option<(u32, Box<dyn SnapshotReader + 'a>)>;

impl<'a> Comparison<'a> {
    fn compare(&self, open: &mut Open<'a>, file: &File) {
        let path = self.plan.path(file);
        if self.leftovers.is_some() && is_stripped(path) {
            return;
        }
        let (layer, inside) = self.plan.origin(file);
        let kind = match self.found.get(path) {
            None => Ok(Some(DifferenceKind::Missing)),
            Some(found) => self.difference(open, file, found),
        };
        let mut results = self.results.lock().unwrap_or_else(PoisonError::into_inner);
        match kind {
            Ok(None) => {}
            Ok(Some(kind)) => {
                let difference = Difference {
                    path: shown(path),
                    package: layer.package.as_str().to_owned(),
                    kind,
                    content: String::new(),
                };
                results.0.push((difference, self.found.get(path).copied()));
            }
            Err(cause) => results
                .1
                .push(Problem::new(layer.package, Some(inside), cause)),
        }
    }

    fn difference(
        &self,
        open: &mut Open<'a>,
        file: &File,
        found: &Found,
    ) -> Result<Option<DifferenceKind>, Cause> {
        let path = fsx::below(self.vendor, &found.path);
        let (is_link, may_be_link) = (found.stamp.is_link(), file.kind == EntryKind::Symlink);
        // Where there are no links, a file with the target's text stands for one.
        let must_be_link = may_be_link && fsx::HAS_LINKS;
        let fits = if is_link {
            may_be_link
        } else {
            !must_be_link && found.stamp.is_file()
        };
        if !fits {
            return Ok(Some(DifferenceKind::Changed));
        }
        let (layer, inside) = self.plan.origin(file);
        if is_link {
            let target = fsx::read_link(&path).map_err(Cause::File)?;
            let bytes = target.as_os_str().as_encoded_bytes();
            let id = blob_id(&mut &*bytes, bytes.len() as u64);
            let same = id.ok().flatten() == Some(file.id);
            return Ok((!same).then_some(DifferenceKind::Changed));
        }
        if may_be_link {
            let same = has_id(&path, file, found)?;
            return Ok((!same).then_some(DifferenceKind::Changed));
        }
        let conversion = layer.attributes.conversion(inside);
        let rewritten = self
            .leftovers
            .is_some_and(|gone| gone.rewrites(&found.path));
        let same = if conversion.is_identity() && has_id(&path, file, found)? {
            true
        } else if conversion.is_identity() && !rewritten {
            false
        } else {
            let reader = self.reader(open, file)?;
            let size = reader.blob_size(file.id)?;
            let bytes = read_bytes(reader, file.id, size)?.ok_or(Cause::Size)?;
            let bytes = conversion.apply(file.id, bytes);
            let size = bytes.len() as u64;
            // What is rewritten may grow a little; nothing of any length is read to find that it differs.
            let is_likely = if rewritten {
                found.stamp.size <= 2 * size + SLACK
            } else {
                found.stamp.size == size
            };
            if !is_likely {
                return Ok(Some(DifferenceKind::Changed));
            }
            let held = fsx::read(&path).map_err(Cause::File)?;
            held == bytes || rewritten && Leftovers::rewritten(&found.path, bytes) == held
        };
        if !same {
            return Ok(Some(DifferenceKind::Changed));
        }
        let executable = file.kind == EntryKind::Executable && !rewritten;
        let differs = fsx::HAS_MODES && found.stamp.is_executable() != executable;
        Ok((differs && !rewritten).then_some(DifferenceKind::Mode))
    }

    fn reader<'o>(
        &self,
        open: &'o mut Open<'a>,
        file: &File,
    ) -> Result<&'o mut (dyn SnapshotReader + 'a), Cause> {
        let held = open.take().filter(|(layer, _)| *layer == file.layer);
        let held = if let Some(held) = held {
            held
        } else {
            let layer = &self.plan.layers()[file.layer as usize];
            (file.layer, layer.snapshot.reader()?)
        };
        Ok(&mut *open.insert(held).1)
    }
}

/// Whether the file has the bytes that the commit names.
fn has_id(path: &Path, file: &File, found: &Found) -> Result<bool, Cause> {
    let mut source = fsx::open(path).map_err(Cause::File)?;
    let id = blob_id(&mut source, found.stamp.size);
    let id = fsx::Context::on(id, "read", path).map_err(Cause::File)?;
    Ok(id == Some(file.id))
}
