//! What is to be written: every file of every tree, sorted, checked, and each path once.
//!
//! Nothing is written while there is a plan to be made, so a hostile tree is refused before the
//! first file of it exists. A dependency that lies inside another one is laid over it: where
//! both have a path, the deeper one's file is written. (Glide writes both at once, and the last
//! one stays.)

use std::cmp::Ordering;
use std::collections::HashSet;
use std::ops::Range;

use super::attributes::Attributes;
use super::error::{Cause, Collector, Problem};
use super::names::{check, shown};
use crate::model::VendorPath;
use crate::vcs::{EntryKind, ObjectId, Snapshot};

/// One tree and the folder that it is laid into.
pub(super) struct Layer<'a> {
    /// The dependency.
    pub(super) package: &'a VendorPath,
    /// The folder below vendor/: the package's, or that of a submodule in it.
    pub(super) folder: Vec<u8>,
    pub(super) snapshot: &'a dyn Snapshot,
    /// What `.gitattributes` of the tree say.
    pub(super) attributes: Attributes,
}

/// One file to write.
#[derive(Debug, Clone, Copy)]
pub(super) struct File {
    start: usize,
    length: u32,
    /// Which of [`Plan::layers`] it is from.
    pub(super) layer: u32,
    pub(super) kind: EntryKind,
    pub(super) id: ObjectId,
}

/// The files of one tree, before they are merged with the others'.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// All paths below vendor/, one after the other: a project has tens of thousands of files, and
    /// a `Vec` each would cost as much again as the bytes.
    paths: Vec<u8>,
    list: Vec<File>,
}

impl Files {
    pub(super) fn add(&mut self, folder: &[u8], path: &[u8], file: (u32, EntryKind, ObjectId)) {
        let start = self.paths.len();
        self.paths.extend_from_slice(folder);
        self.paths.push(b'/');
        self.paths.extend_from_slice(path);
        let (layer, kind, id) = file;
        self.list.push(File {
            start,
            length: u32::try_from(self.paths.len() - start).unwrap_or(u32::MAX),
            layer,
            kind,
            id,
        });
    }

    /// Moves another tree's files in here.
    pub(super) fn append(&mut self, mut other: Self) {
        let by = self.paths.len();
        self.paths.append(&mut other.paths);
        self.list.extend(other.list.into_iter().map(|file| File {
            start: file.start + by,
            ..file
        }));
    }

    fn path(&self, file: &File) -> &[u8] {
        &self.paths[file.start..file.start + file.length as usize]
    }
}

/// A complete and safe list of what to write.
pub(super) struct Plan<'a> {
    layers: Vec<Layer<'a>>,
    files: Files,
    folders: Vec<Span>,
    units: Vec<Unit>,
}

/// A piece of [`Files::paths`].
#[derive(Debug, Clone, Copy)]
struct Span {
    start: usize,
    length: usize,
}

/// Files of one folder that a worker writes in one go.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    folder: usize,
    files: Range<usize>,
}

/// A folder with more files than this is shared among workers.
const FILES_PER_UNIT: usize = 64;

impl<'a> Plan<'a> {
    /// Checks all files against each other and lays out the work.
    pub(super) fn new(
        layers: Vec<Layer<'a>>,
        mut files: Files,
        problems: &mut Collector,
    ) -> Plan<'a> {
        check_folders(&layers, problems);
        let paths = std::mem::take(&mut files.paths);
        let path_of = |file: &File| &paths[file.start..file.start + file.length as usize];
        // The deeper tree's file comes first among equals, and so is the one that stays.
        files.list.sort_unstable_by(|a, b| {
            by_names(path_of(a), path_of(b)).then_with(|| depth(&layers, b).cmp(&depth(&layers, a)))
        });
        files.paths = paths;
        drop_overlaid(&layers, &mut files, problems);
        check_nesting(&layers, &files, problems);
        let (folders, folder_of) = folders(&files);
        let units = units(&mut files, &folder_of);
        Plan {
            layers,
            files,
            folders,
            units,
        }
    }

    pub(super) fn layers(&self) -> &[Layer<'a>] {
        &self.layers
    }

    /// All folders, each after the one that it is in.
    pub(super) fn folders(&self) -> impl Iterator<Item = &[u8]> {
        self.folders.iter().map(|span| self.bytes(*span))
    }

    pub(super) fn units(&self) -> &[Unit] {
        &self.units
    }

    pub(super) fn folder(&self, unit: &Unit) -> &[u8] {
        self.bytes(self.folders[unit.folder])
    }

    pub(super) fn files(&self, unit: &Unit) -> &[File] {
        &self.files.list[unit.files.clone()]
    }

    pub(super) fn len(&self) -> usize {
        self.files.list.len()
    }

    /// A file's path below vendor/.
    pub(super) fn path(&self, file: &File) -> &[u8] {
        self.files.path(file)
    }

    /// A file's layer and its path in that layer's tree.
    pub(super) fn origin(&self, file: &File) -> (&Layer<'a>, &[u8]) {
        let layer = &self.layers[file.layer as usize];
        (layer, &self.path(file)[layer.folder.len() + 1..])
    }

    fn bytes(&self, span: Span) -> &[u8] {
        &self.files.paths[span.start..span.start + span.length]
    }
}

/// How deep the folder is that a file's tree is laid into; of two trees that have the same path,
/// one's folder contains the other's, so bytes tell.
fn depth(layers: &[Layer<'_>], file: &File) -> usize {
    layers[file.layer as usize].folder.len()
}

/// Order by names instead of bytes: what is in a folder comes right after what has the folder's
/// name, so that neighbours tell whether a file stands where another needs a folder.
pub(super) fn by_names(a: &[u8], b: &[u8]) -> Ordering {
    let common = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let rank = |path: &[u8]| match path.get(common) {
        None => 0,
        Some(b'/') => 1,
        Some(other) => u16::from(*other) + 2,
    };
    rank(a).cmp(&rank(b))
}

/// Whether `path` is below `folder`.
pub(super) fn is_below(path: &[u8], folder: &[u8]) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.first() == Some(&b'/'))
}

/// Each tree needs a safe folder of its own.
fn check_folders(layers: &[Layer<'_>], problems: &mut Collector) {
    let mut seen = HashSet::new();
    for layer in layers {
        let inside = layer.folder.get(layer.package.as_str().len() + 1..);
        if let Err(bad) = check(&layer.folder) {
            problems.push(Problem::new(layer.package, inside, bad));
        }
        if !seen.insert(&layer.folder) {
            problems.push(Problem::new(layer.package, inside, Cause::SameFolder));
        }
    }
}

/// Keeps the deepest tree's file of each path; the same path twice in one tree is refused.
fn drop_overlaid(layers: &[Layer<'_>], files: &mut Files, problems: &mut Collector) {
    let Files { paths, list } = files;
    let path_of = |file: &File| &paths[file.start..file.start + file.length as usize];
    list.dedup_by(|later, kept| {
        if path_of(later) != path_of(kept) {
            return false;
        }
        if later.layer == kept.layer {
            let layer = &layers[kept.layer as usize];
            let path = &path_of(kept)[layer.folder.len() + 1..];
            problems.push(Problem::new(layer.package, Some(path), Cause::Twice));
        }
        true
    });
}

/// Refuses files below something that is no folder, above all below a link.
fn check_nesting(layers: &[Layer<'_>], files: &Files, problems: &mut Collector) {
    let mut above: Option<&File> = None;
    let mut told = false;
    for file in &files.list {
        let path = files.path(file);
        let Some(blocker) = above.filter(|above| is_below(path, files.path(above))) else {
            above = Some(file);
            told = false;
            continue;
        };
        // One is enough: whatever else is in that folder is refused for the same reason.
        if !std::mem::replace(&mut told, true) {
            problems.push(below(layers, files, blocker, file));
        }
    }
}

fn below(layers: &[Layer<'_>], files: &Files, blocker: &File, file: &File) -> Problem {
    let layer = &layers[file.layer as usize];
    let package = layers[blocker.layer as usize].package.clone();
    let name = shown(files.path(blocker));
    let cause = if blocker.kind == EntryKind::Symlink {
        let link = name;
        Cause::ThroughLink { package, link }
    } else {
        let file = name;
        Cause::BelowFile { package, file }
    };
    let path = &files.path(file)[layer.folder.len() + 1..];
    Problem::new(layer.package, Some(path), cause)
}

/// All folders of the sorted files, and each file's folder.
fn folders(files: &Files) -> (Vec<Span>, Vec<usize>) {
    let mut folders: Vec<Span> = Vec::new();
    let mut folder_of = Vec::with_capacity(files.list.len());
    // The folders that the last path went through, as indices into `folders`.
    let mut open: Vec<usize> = Vec::new();
    for file in &files.list {
        let path = files.path(file);
        while let Some(&last) = open.last() {
            let span = folders[last];
            if is_below(path, &files.paths[span.start..span.start + span.length]) {
                break;
            }
            open.pop();
        }
        let known = open.last().map_or(0, |&last| folders[last].length + 1);
        for (offset, byte) in path.iter().enumerate().skip(known) {
            if *byte == b'/' {
                open.push(folders.len());
                folders.push(Span {
                    start: file.start,
                    length: offset,
                });
            }
        }
        folder_of.push(*open.last().expect("each path starts with its package"));
    }
    (folders, folder_of)
}

/// Brings each folder's files together and cuts the list into units.
fn units(files: &mut Files, folder_of: &[usize]) -> Vec<Unit> {
    let mut order: Vec<(usize, File)> = folder_of
        .iter()
        .copied()
        .zip(files.list.drain(..))
        .collect();
    order.sort_by_key(|(folder, _)| *folder);
    let mut units: Vec<Unit> = Vec::new();
    for (at, (folder, file)) in order.into_iter().enumerate() {
        match units.last_mut() {
            Some(unit) if unit.folder == folder && unit.files.len() < FILES_PER_UNIT => {
                unit.files.end = at + 1;
            }
            _ => units.push(Unit {
                folder,
                files: at..at + 1,
            }),
        }
        files.list.push(file);
    }
    units
}
