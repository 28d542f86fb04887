//! A commit's files as a working tree would show them, without one.
//!
//! The list of files and where links lead are read once, file contents when they are asked for.
//! Entries come from outside: what no working tree can have (`..`, `.git`, a file below a file)
//! is passed over. Names that are not UTF-8 are, too: no Go import path leads to one. Nothing here
//! shows `.git`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{EntryKind, ObjectId, ReadError, Snapshot, SnapshotReader};
use crate::fsx;

/// More files and folders than this, in all trees together, are an attack.
const MAX_NODES: usize = 1_000_000;
/// The same for the bytes of all names and link targets.
const MAX_BYTES: usize = 64 << 20;
/// No file system takes a link's target that is longer.
const MAX_TARGET: u64 = 4096;
/// The most links that the way to one file may lead over, as on Linux.
const MAX_LINKS: usize = 40;

/// How many stores each thread keeps open for reading on.
const OPEN: usize = 8;

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// A file.
    File,
    /// A folder.
    Folder,
}

/// The files of a commit and its submodules. A clone is the same one.
#[derive(Clone)]
pub struct Checkout {
    shared: Arc<Shared>,
}

struct Shared {
    trees: Vec<Tree>,
    /// All folders; the first is the root.
    folders: Vec<Names>,
}

/// A tree that files are read from.
struct Tree {
    snapshot: Arc<dyn Snapshot>,
    /// Under which number threads keep its reader.
    number: u64,
}

type Names = BTreeMap<Box<str>, Node>;

enum Node {
    /// Its place in `folders`.
    Folder(usize),
    File(Blob),
    Link(Box<str>),
}

#[derive(Clone, Copy)]
struct Blob {
    tree: usize,
    id: ObjectId,
}

/// Where a path leads once links are followed.
enum Found {
    Folder(usize),
    File(Blob),
}

impl Checkout {
    /// Reads the list of files of trees and the folders where they belong, as
    /// [`Fetched::trees`](super::git::Fetched::trees) has them: the repository, then submodules.
    pub fn new(trees: Vec<(Vec<u8>, Arc<dyn Snapshot>)>) -> Result<Self, ReadError> {
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        let mut builder = Builder {
            folders: vec![Names::new()],
            nodes: MAX_NODES,
            bytes: MAX_BYTES,
        };
        let mut kept = Vec::new();
        for (at, snapshot) in trees {
            builder.add(kept.len(), &at, &*snapshot)?;
            let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
            kept.push(Tree { snapshot, number });
        }
        let folders = builder.folders;
        let shared = Arc::new(Shared {
            trees: kept,
            folders,
        });
        Ok(Self { shared })
    }

    /// How many files and folders it has.
    pub fn nodes(&self) -> usize {
        self.shared.folders.iter().map(Names::len).sum()
    }

    /// What stands at a path below the root (`""` is the root), links followed. A link that leads
    /// outside, nowhere or in a circle is nothing.
    pub fn kind(&self, path: &str) -> Option<NodeKind> {
        Some(match self.shared.find(path)? {
            Found::Folder(_) => NodeKind::Folder,
            Found::File(_) => NodeKind::File,
        })
    }

    /// The names in a folder and what they are, in byte order; `None` where there is no folder.
    /// A link counts as what it leads to, and is left out where that is nothing.
    pub fn folder(&self, path: &str) -> Option<Vec<(String, NodeKind)>> {
        let Found::Folder(folder) = self.shared.find(path)? else {
            return None;
        };
        let names = self.shared.folders[folder].iter();
        let listed = names.filter_map(|(name, node)| {
            let kind = match node {
                Node::Folder(_) => NodeKind::Folder,
                Node::File(_) => NodeKind::File,
                Node::Link(_) => self.kind(&below(path, name))?,
            };
            Some((String::from(&**name), kind))
        });
        Some(listed.collect())
    }

    /// The folder at a path and all below it, in the order of Go's `filepath.Walk`: a folder
    /// before what is in it, names in byte order. As there, links are not followed, the one at the
    /// end of `path` neither.
    pub fn folders(&self, path: &str) -> Vec<String> {
        let Some(first) = self.shared.folder_itself(path) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        let mut left = vec![(path.to_owned(), first)];
        while let Some((path, folder)) = left.pop() {
            for (name, node) in self.shared.folders[folder].iter().rev() {
                if let Node::Folder(inner) = node {
                    left.push((below(&path, name), *inner));
                }
            }
            found.push(path);
        }
        found
    }

    /// A file's bytes, links followed; `None` where there is no file.
    ///
    /// # Errors
    ///
    /// [`ReadError::TooLarge`] for a file of more than `limit` bytes.
    pub fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, ReadError> {
        let Some(Found::File(blob)) = self.shared.find(path) else {
            return Ok(None);
        };
        let bytes = self.shared.trees[blob.tree].with_reader(|reader| {
            let size = reader.blob_size(blob.id)?;
            if size > limit {
                let id = blob.id;
                return Err(ReadError::TooLarge { id, size, limit });
            }
            read_blob(reader, blob.id, limit)
        })?;
        Ok(Some(bytes))
    }

    /// Throws away the stores that this is read from; see [`Snapshot::discard`].
    pub fn discard(&self) -> fsx::Result<()> {
        let mut trees = self.shared.trees.iter();
        trees.try_for_each(|tree| tree.snapshot.discard())
    }
}

/// A path in a folder's.
fn below(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        path => format!("{path}/{name}"),
    }
}

impl Shared {
    fn find(&self, path: &str) -> Option<Found> {
        let mut way: Vec<usize> = vec![0];
        // What is still to be gone, the next step last.
        let mut steps: Vec<&str> = path.rsplit('/').collect();
        let mut links = 0;
        while let Some(step) = steps.pop() {
            match step {
                "" | "." => continue,
                ".." => {
                    way.pop();
                    way.last()?;
                    continue;
                }
                _ => {}
            }
            match self.folders[*way.last()?].get(step)? {
                Node::Folder(folder) => way.push(*folder),
                Node::File(blob) if steps.is_empty() => return Some(Found::File(*blob)),
                Node::File(_) => return None,
                Node::Link(target) => {
                    links += 1;
                    if links > MAX_LINKS || target.is_empty() || target.starts_with('/') {
                        return None;
                    }
                    steps.extend(target.rsplit('/'));
                }
            }
        }
        way.last().map(|folder| Found::Folder(*folder))
    }

    /// The folder at a path, unless the path ends with a link.
    fn folder_itself(&self, path: &str) -> Option<usize> {
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
        let (Found::Folder(folder), Found::Folder(parent)) = (self.find(path)?, self.find(parent)?)
        else {
            return None;
        };
        let is_link = matches!(self.folders[parent].get(name), Some(Node::Link(_)));
        (!is_link).then_some(folder)
    }
}

impl Tree {
    /// Lends a reader that stays open in this thread: opening a store takes longer than reading
    /// a file from it.
    fn with_reader<T>(
        &self,
        read: impl FnOnce(&mut dyn SnapshotReader) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        type Readers = Vec<(u64, Box<dyn SnapshotReader>)>;
        thread_local! {
            static READERS: RefCell<Readers> = const { RefCell::new(Vec::new()) };
        }
        let kept = READERS.with_borrow_mut(|readers| {
            let at = readers
                .iter()
                .position(|(number, _)| *number == self.number)?;
            Some(readers.remove(at).1)
        });
        let mut reader = match kept {
            Some(reader) => reader,
            None => match self.snapshot.lasting_reader()? {
                Some(reader) => reader,
                None => return read(&mut *self.snapshot.reader()?),
            },
        };
        let result = read(&mut *reader);
        if result.is_ok() {
            READERS.with_borrow_mut(|readers| {
                if readers.len() == OPEN {
                    readers.remove(0);
                }
                readers.push((self.number, reader));
            });
        }
        result
    }
}

/// A blob's bytes, which have to be `limit` at most, whatever the store said of its size.
fn read_blob(
    reader: &mut dyn SnapshotReader,
    id: ObjectId,
    limit: u64,
) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    reader.read_blob(id, &mut bytes)?;
    let size = bytes.len() as u64;
    if size > limit {
        return Err(ReadError::TooLarge { id, size, limit });
    }
    Ok(bytes)
}

/// Puts entries in their folders.
struct Builder {
    folders: Vec<Names>,
    /// How many nodes, and bytes of names, may still come.
    nodes: usize,
    bytes: usize,
}

impl Builder {
    fn add(&mut self, tree: usize, at: &[u8], snapshot: &dyn Snapshot) -> Result<(), ReadError> {
        let Some(root) = self.place(at)? else {
            return Ok(());
        };
        let mut reader = snapshot.reader()?;
        for entry in reader.entries()? {
            let split = entry.path.iter().rposition(|&byte| byte == b'/');
            let (parent, name) = match split {
                Some(0) => continue,
                Some(slash) => (&entry.path[..slash], &entry.path[slash + 1..]),
                None => (&b""[..], &entry.path[..]),
            };
            let (Some(folder), Some(name)) = (self.place_below(root, parent)?, checked(name))
            else {
                continue;
            };
            let id = entry.id;
            let node = match entry.kind {
                EntryKind::Submodule => {
                    self.enter(folder, name)?;
                    continue;
                }
                EntryKind::File | EntryKind::Executable => Node::File(Blob { tree, id }),
                EntryKind::Symlink => match target(&mut *reader, id)? {
                    Some(target) => {
                        self.spend(target.len())?;
                        Node::Link(target)
                    }
                    None => continue,
                },
            };
            self.spend(name.len())?;
            self.folders[folder].entry(name.into()).or_insert(node);
        }
        Ok(())
    }

    fn place(&mut self, path: &[u8]) -> Result<Option<usize>, ReadError> {
        self.place_below(0, path)
    }

    /// The folder at a path, made where it is missing; nothing where something else is in the way.
    fn place_below(&mut self, folder: usize, path: &[u8]) -> Result<Option<usize>, ReadError> {
        let mut at = folder;
        if path.is_empty() {
            return Ok(Some(at));
        }
        for name in path.split(|&byte| byte == b'/') {
            let Some(name) = checked(name) else {
                return Ok(None);
            };
            let Some(next) = self.enter(at, name)? else {
                return Ok(None);
            };
            at = next;
        }
        Ok(Some(at))
    }

    fn enter(&mut self, folder: usize, name: &str) -> Result<Option<usize>, ReadError> {
        match self.folders[folder].get(name) {
            Some(Node::Folder(inner)) => Ok(Some(*inner)),
            Some(_) => Ok(None),
            None => {
                self.spend(name.len())?;
                let inner = self.folders.len();
                self.folders.push(Names::new());
                self.folders[folder].insert(name.into(), Node::Folder(inner));
                Ok(Some(inner))
            }
        }
    }

    fn spend(&mut self, bytes: usize) -> Result<(), ReadError> {
        let left = self.nodes.checked_sub(1).zip(self.bytes.checked_sub(bytes));
        let refused = || ReadError::Store {
            reason: "it has more files than any repository has".to_owned(),
        };
        (self.nodes, self.bytes) = left.ok_or_else(refused)?;
        Ok(())
    }
}

/// A name that a working tree can have and a Go import path can reach.
fn checked(name: &[u8]) -> Option<&str> {
    let name = std::str::from_utf8(name).ok()?;
    let is_fine = !matches!(name, "" | "." | "..") && !name.eq_ignore_ascii_case(".git");
    is_fine.then_some(name)
}

/// Where a link leads; nothing for a target that no link can have.
fn target(reader: &mut dyn SnapshotReader, id: ObjectId) -> Result<Option<Box<str>>, ReadError> {
    if reader.blob_size(id)? > MAX_TARGET {
        return Ok(None);
    }
    match read_blob(reader, id, MAX_TARGET) {
        Ok(bytes) => Ok(String::from_utf8(bytes)
            .ok()
            .filter(|target| !target.contains('\0'))
            .map(String::into_boxed_str)),
        Err(ReadError::TooLarge { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
