//! Decides what of the old vendor/ is still right, and takes it over by giving its files second
//! names in the staged tree.
//!
//! Packages of which one lies inside another share files of one folder, so they are kept or
//! written together: such a group is a [`Nest`], and nests have no folder in common but those
//! above their roots.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Item;
use super::moves::Moves;
use super::names;
use super::plan::{by_names, is_below};
use super::record::Record;
use super::walk::{self, Found};
use super::workers::{self, Stop};
use crate::fsx::{self, at::Folder};

/// Packages that lie inside one folder, the outermost first.
pub(super) struct Nest<'a> {
    pub(super) items: Vec<&'a Item>,
}

/// The old vendor/ as it stands now, and what is known about it.
#[derive(Debug)]
pub(super) struct Previous {
    record: Record,
    found: Vec<Found>,
}

/// Sorts the packages into nests.
pub(super) fn nests(items: &[Item]) -> Vec<Nest<'_>> {
    let mut sorted: Vec<&Item> = items.iter().collect();
    sorted.sort_by(|a, b| by_names(bytes(a), bytes(b)));
    let mut nests: Vec<Nest<'_>> = Vec::new();
    for item in sorted {
        match nests.last_mut() {
            Some(nest) if belongs(bytes(item), nest.root()) => nest.items.push(item),
            _ => nests.push(Nest { items: vec![item] }),
        }
    }
    nests
}

fn bytes(item: &Item) -> &[u8] {
    item.path.as_str().as_bytes()
}

fn belongs(path: &[u8], root: &[u8]) -> bool {
    path == root || is_below(path, root)
}

impl<'a> Nest<'a> {
    /// The outermost package's folder.
    pub(super) fn root(&self) -> &'a [u8] {
        bytes(self.items[0])
    }
}

impl Previous {
    /// Looks at the old vendor/, if there is a record of it that was made by the same treatment.
    pub(super) fn look(
        record: Option<&Path>,
        vendor: &Path,
        treatment: &str,
        workers: usize,
    ) -> Option<Self> {
        let record =
            Record::read(record?, vendor).filter(|record| record.treatment == treatment)?;
        // A vendor/ that cannot be listed is replaced as one that nothing is known about.
        let found = walk::walk(vendor, workers).ok()?;
        Some(Self { record, found })
    }

    /// Whether exactly these packages are installed and no file was added, removed or edited. A
    /// revision that is recorded with a digest behind a `+` is the revision all the same.
    pub(super) fn is<'p>(&self, packages: impl Iterator<Item = (&'p str, &'p str)>) -> bool {
        let mut packages: Vec<_> = packages.collect();
        packages.sort_unstable();
        let recorded = self.record.packages.iter();
        let same = |package: &(&str, &str), recorded: &(String, String)| {
            let digest = recorded.1.strip_prefix(package.1);
            package.0 == recorded.0
                && digest.is_some_and(|rest| rest.is_empty() || rest.starts_with('+'))
        };
        packages.len() == self.record.packages.len()
            && packages
                .iter()
                .zip(recorded)
                .all(|(package, recorded)| same(package, recorded))
            && self.record.files == self.found
    }

    /// The nest's files, if they are what writing the nest again would give.
    pub(super) fn files_of(&self, nest: &Nest<'_>) -> Option<&[Found]> {
        let root = nest.root();
        let mut wanted: Vec<_> = nest
            .items
            .iter()
            .map(|item| (item.path.as_str(), item.revision.as_str()))
            .collect();
        wanted.sort_unstable();
        let recorded = self.record.packages.iter();
        let recorded = recorded
            .map(|(package, revision)| (package.as_str(), revision.as_str()))
            .filter(|(package, _)| belongs(package.as_bytes(), root));
        let files = below(&self.found, root);
        let unchanged = recorded.eq(wanted) && below(&self.record.files, root) == files;
        let safe = files.iter().all(|file| names::check(&file.path).is_ok());
        (unchanged && safe).then_some(files)
    }
}

/// The files below a folder; they are neighbours, as the list is sorted by bytes.
fn below<'f>(files: &'f [Found], root: &[u8]) -> &'f [Found] {
    let prefix = [root, b"/"].concat();
    let start = files.partition_point(|file| file.path < prefix);
    let count = files[start..].partition_point(|file| file.path.starts_with(&prefix));
    &files[start..start + count]
}

/// The staged tree and the folders that were made in it.
pub(super) struct Tree<'a> {
    pub(super) path: &'a Path,
    pub(super) root: &'a Folder,
    pub(super) moves: &'a dyn Moves,
    pub(super) made: HashSet<Vec<u8>>,
}

impl Tree<'_> {
    /// Links the nests' files from `old`; says of each nest whether that went well. What went
    /// wrong half-way is removed again, so that the nest can be written instead.
    pub(super) fn link(
        &mut self,
        old: &Folder,
        nests: &[(Nest<'_>, &[Found])],
        (workers, stop): (usize, &Stop<'_>),
    ) -> Vec<bool> {
        let linked: Vec<AtomicBool> = nests
            .iter()
            .map(|(_, files)| AtomicBool::new(self.make_folders(files).is_ok()))
            .collect();
        workers::run(
            nests.len(),
            workers,
            stop,
            || (),
            |(), index| {
                if linked[index].load(Ordering::Relaxed) {
                    let result = self.link_files(old, nests[index].1);
                    linked[index].store(result.is_ok(), Ordering::Relaxed);
                }
            },
        );
        let linked = linked.into_iter().map(AtomicBool::into_inner);
        nests
            .iter()
            .zip(linked)
            .map(|((nest, _), linked)| {
                if !linked {
                    self.undo(nest.root());
                }
                linked
            })
            .collect()
    }

    fn make_folders(&mut self, files: &[Found]) -> io::Result<()> {
        for file in files {
            let mut missing = Vec::new();
            let mut path = folder_of(&file.path);
            while !path.is_empty() && !self.made.contains(path) {
                missing.push(path);
                path = folder_of(path);
            }
            for path in missing.into_iter().rev() {
                self.moves.create_folder(self.root, path)?;
                self.made.insert(path.to_vec());
            }
        }
        Ok(())
    }

    fn link_files(&self, old: &Folder, files: &[Found]) -> io::Result<()> {
        let mut folders: BTreeMap<&[u8], Vec<&[u8]>> = BTreeMap::new();
        for file in files {
            let folder = folder_of(&file.path);
            let name = file.path.get(folder.len() + 1..).unwrap_or_default();
            folders.entry(folder).or_default().push(name);
        }
        for (path, names) in folders {
            let (from, to) = (old.open_below(path)?, self.root.open_below(path)?);
            for name in names {
                self.moves.hard_link(&from, &to, name)?;
            }
        }
        Ok(())
    }

    /// Removes a nest that was linked in part. Should that fail, creating the nest's folders
    /// fails as well, and tells why.
    fn undo(&mut self, root: &[u8]) {
        let path = fsx::below(self.path, root);
        if self.moves.remove_tree(&path).is_ok() {
            self.made.retain(|folder| !belongs(folder, root));
        }
    }
}

fn folder_of(path: &[u8]) -> &[u8] {
    let slash = path.iter().rposition(|byte| *byte == b'/');
    &path[..slash.unwrap_or(0)]
}
