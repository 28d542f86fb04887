//! Reads the trees of all packages and makes the plan of what to write.

use std::io;
use std::sync::{Mutex, PoisonError};

use super::Item;
use super::attributes::Attributes;
use super::error::{Cause, Collector, Problem};
use super::names;
use super::plan::{Files, Layer, Plan};
use super::workers::{self, Stop};
use crate::vcs::{Entry, EntryKind, ObjectId, ReadError, Snapshot, SnapshotReader};

/// The largest `.gitattributes` that is read; real ones have a few lines.
const MAX_ATTRIBUTES: u64 = 1 << 20;

/// What one tree holds, read by one worker.
struct Gathered {
    files: Files,
    attributes: Attributes,
    problems: Vec<Problem>,
}

/// Reads all trees of `items`.
pub(super) fn gather<'a>(
    items: &[&'a Item],
    workers: usize,
    stop: &Stop<'_>,
    problems: &mut Collector,
) -> Plan<'a> {
    let mut layers: Vec<Layer<'a>> = items.iter().flat_map(|item| layers_of(item)).collect();
    let results: Vec<Mutex<Option<Gathered>>> = layers.iter().map(|_| Mutex::new(None)).collect();
    workers::run(
        layers.len(),
        workers,
        stop,
        || (),
        |(), index| {
            let gathered = read_layer(&layers[index], index);
            *results[index]
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = Some(gathered);
        },
    );
    let mut files = Files::default();
    for (layer, result) in layers.iter_mut().zip(results) {
        // What is missing was not read because the run is being stopped.
        let gathered = result.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(gathered) = gathered {
            files.append(gathered.files);
            layer.attributes = gathered.attributes;
            gathered
                .problems
                .into_iter()
                .for_each(|one| problems.push(one));
        }
    }
    Plan::new(layers, files, problems)
}

fn layers_of(item: &Item) -> impl Iterator<Item = Layer<'_>> {
    item.trees.iter().map(|tree| {
        let mut folder = item.path.as_str().as_bytes().to_vec();
        if !tree.at.is_empty() {
            folder.push(b'/');
            folder.extend_from_slice(&tree.at);
        }
        let attributes = Attributes::default();
        Layer {
            package: &item.path,
            folder,
            snapshot: &*tree.snapshot,
            attributes,
        }
    })
}

fn read_layer(layer: &Layer<'_>, index: usize) -> Gathered {
    let mut gathered = Gathered {
        files: Files::default(),
        attributes: Attributes::default(),
        problems: Vec::new(),
    };
    if let Err(error) = read_tree(layer.snapshot, layer, index, &mut gathered) {
        let problem = Problem::new(layer.package, None, error);
        gathered.problems.push(problem);
    }
    gathered
}

fn read_tree(
    snapshot: &dyn Snapshot,
    layer: &Layer<'_>,
    index: usize,
    gathered: &mut Gathered,
) -> Result<(), ReadError> {
    let mut reader = snapshot.reader()?;
    let entries = reader.entries()?;
    let layer_number = u32::try_from(index).unwrap_or(u32::MAX);
    for entry in &entries {
        if let Err(bad) = names::check(&entry.path) {
            let problem = Problem::new(layer.package, Some(&entry.path), bad);
            gathered.problems.push(problem);
        } else if entry.kind != EntryKind::Submodule {
            // A submodule's files come as a tree of their own; where there is none, Glide leaves
            // nothing either.
            let file = (layer_number, entry.kind, entry.id);
            gathered.files.add(&layer.folder, &entry.path, file);
        }
    }
    if !snapshot.heeds_attributes() {
        return Ok(());
    }
    for (folder, entry) in attribute_files(&entries) {
        match read_limited(&mut *reader, entry.id, MAX_ATTRIBUTES) {
            Ok(Some(text)) => gathered.attributes.add(folder, &text),
            Ok(None) => gathered.problems.push(Problem::new(
                layer.package,
                Some(&entry.path),
                Cause::AttributesTooLarge,
            )),
            Err(error) => {
                let problem = Problem::new(layer.package, Some(&entry.path), error);
                gathered.problems.push(problem);
            }
        }
    }
    Ok(())
}

/// The `.gitattributes` of a tree with their folders, outer folders first; links with that name
/// are not followed, as in Git.
fn attribute_files(entries: &[Entry]) -> Vec<(&[u8], &Entry)> {
    let mut found: Vec<(&[u8], &Entry)> = entries
        .iter()
        .filter(|entry| matches!(entry.kind, EntryKind::File | EntryKind::Executable))
        .filter_map(|entry| {
            let folder = entry.path.strip_suffix(b".gitattributes")?;
            match folder {
                [] => Some((folder, entry)),
                [rest @ .., b'/'] => Some((rest, entry)),
                _ => None,
            }
        })
        .collect();
    found.sort_by_key(|(folder, _)| folder.len());
    found
}

/// A blob's bytes; `None` when there are more than `limit`.
pub(super) fn read_limited(
    reader: &mut dyn SnapshotReader,
    id: ObjectId,
    limit: u64,
) -> Result<Option<Vec<u8>>, ReadError> {
    let size = reader.blob_size(id)?;
    if size > limit {
        return Ok(None);
    }
    read_bytes(reader, id, size)
}

/// A blob's bytes, of which the store says that there are `size`; `None` when there are more.
pub(super) fn read_bytes(
    reader: &mut dyn SnapshotReader,
    id: ObjectId,
    size: u64,
) -> Result<Option<Vec<u8>>, ReadError> {
    let mut out = Bounded {
        inner: Vec::with_capacity(usize::try_from(size).unwrap_or(0)),
        left: size,
        overrun: false,
    };
    match reader.read_blob(id, &mut out) {
        Err(ReadError::Output(_)) if out.overrun => Ok(None),
        other => other.map(|()| Some(out.inner)),
    }
}

/// Takes so many bytes and no more: a size that the store announces is not a promise.
pub(super) struct Bounded<W> {
    pub(super) inner: W,
    pub(super) left: u64,
    /// Whether there were more.
    pub(super) overrun: bool,
}

impl<W: io::Write> io::Write for Bounded<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = bytes.len() as u64;
        if count > self.left {
            self.overrun = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let written = self.inner.write(bytes)?;
        self.left -= written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
