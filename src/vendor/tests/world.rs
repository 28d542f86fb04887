//! A project folder, repositories in memory, and what stands in a folder as text.
#![expect(
    clippy::disallowed_methods,
    reason = "tests make and look at files as a person would"
)]
#![cfg_attr(windows, allow(dead_code, reason = "fewer stories are told there"))]

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sha1::{Digest as _, Sha1};

use crate::model::VendorPath;
use crate::report::Silent;
use crate::vcs::{Entry, EntryKind, ObjectId, ReadError, Snapshot, SnapshotReader};
use crate::vendor::moves::{Disk, Moves};
use crate::vendor::{AsStored, Error, Item, Options, Outcome, PlacedTree, is_current, stage_with};

/// A repository's commit in memory.
#[derive(Debug, Default)]
pub(crate) struct Repo {
    entries: Vec<Entry>,
    blobs: HashMap<ObjectId, Vec<u8>>,
    /// What the store claims of a blob's size, where that is not true.
    lies: HashMap<ObjectId, u64>,
    damaged: Vec<ObjectId>,
    foreign: bool,
    /// How often a blob was read.
    pub(crate) reads: Arc<AtomicUsize>,
}

impl Repo {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn file(self, path: impl AsRef<[u8]>, text: impl AsRef<[u8]>) -> Self {
        self.entry(path, EntryKind::File, text)
    }

    pub(crate) fn executable(self, path: &str, text: &str) -> Self {
        self.entry(path, EntryKind::Executable, text)
    }

    pub(crate) fn link(self, path: &str, target: impl AsRef<[u8]>) -> Self {
        self.entry(path, EntryKind::Symlink, target)
    }

    pub(crate) fn submodule(self, path: &str) -> Self {
        self.entry(path, EntryKind::Submodule, "")
    }

    pub(crate) fn damaged(mut self, path: &str) -> Self {
        let id = self.id_of(path);
        self.damaged.push(id);
        self
    }

    /// The same from another system than Git.
    pub(crate) fn foreign(mut self) -> Self {
        self.foreign = true;
        self
    }

    pub(crate) fn lying(mut self, path: &str, size: u64) -> Self {
        let id = self.id_of(path);
        self.lies.insert(id, size);
        self
    }

    fn id_of(&self, path: &str) -> ObjectId {
        let entry = self.entries.iter().find(|e| e.path == path.as_bytes());
        entry.unwrap().id
    }

    fn entry(mut self, path: impl AsRef<[u8]>, kind: EntryKind, bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref().to_vec();
        let head = format!("blob {}\0", bytes.len());
        let id = ObjectId(
            Sha1::new()
                .chain_update(head)
                .chain_update(&bytes)
                .finalize()
                .into(),
        );
        self.blobs.insert(id, bytes);
        self.entries.push(Entry {
            path: path.as_ref().to_vec(),
            kind,
            id,
        });
        self
    }

    /// The repository as a dependency.
    pub(crate) fn at(self, path: &str, revision: &str) -> Item {
        Item {
            path: VendorPath::new(path).unwrap(),
            revision: revision.to_owned(),
            trees: vec![self.placed("")],
        }
    }

    pub(crate) fn placed(self, at: &str) -> PlacedTree {
        PlacedTree {
            at: at.as_bytes().to_vec(),
            snapshot: Arc::new(self),
        }
    }
}

impl Snapshot for Repo {
    fn reader(&self) -> Result<Box<dyn SnapshotReader + '_>, ReadError> {
        Ok(Box::new(Reader(self)))
    }

    fn heeds_attributes(&self) -> bool {
        !self.foreign
    }
}

struct Reader<'a>(&'a Repo);

impl SnapshotReader for Reader<'_> {
    fn entries(&mut self) -> Result<Vec<Entry>, ReadError> {
        Ok(self.0.entries.clone())
    }

    fn blob_size(&mut self, id: ObjectId) -> Result<u64, ReadError> {
        let size = self.0.blobs[&id].len() as u64;
        Ok(self.0.lies.get(&id).copied().unwrap_or(size))
    }

    fn read_blob(&mut self, id: ObjectId, out: &mut dyn Write) -> Result<(), ReadError> {
        self.0.reads.fetch_add(1, Ordering::Relaxed);
        if self.0.damaged.contains(&id) {
            return Err(ReadError::Object {
                id,
                reason: "it is truncated".into(),
            });
        }
        // In pieces, as a store that inflates would.
        for piece in self.0.blobs[&id].chunks(1000) {
            out.write_all(piece).map_err(ReadError::Output)?;
        }
        Ok(())
    }
}

/// A store that cannot be opened.
pub(crate) struct Gone;

impl Snapshot for Gone {
    fn reader(&self) -> Result<Box<dyn SnapshotReader + '_>, ReadError> {
        Err(ReadError::Store {
            reason: "there is none".into(),
        })
    }
}

/// A project folder and a home.
pub(crate) struct World {
    folder: tempfile::TempDir,
    pub(crate) workers: usize,
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("project")).unwrap();
        Self { folder, workers: 3 }
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    pub(crate) fn project(&self) -> PathBuf {
        self.root().join("project")
    }

    pub(crate) fn vendor(&self) -> PathBuf {
        self.project().join("vendor")
    }

    pub(crate) fn record(&self) -> PathBuf {
        self.root().join("home/installed/project")
    }

    /// Writes a file below vendor/.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.vendor().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn install(&self, items: &[Item]) -> Result<Outcome, Error> {
        self.install_with(items, &Disk)
    }

    pub(crate) fn install_with(&self, items: &[Item], moves: &dyn Moves) -> Result<Outcome, Error> {
        let record = self.record();
        let options = self.options(&record);
        let reporter = Silent::default();
        stage_with(&self.vendor(), items, &options, (&reporter, moves))?.commit(&reporter)
    }

    pub(crate) fn is_current(&self, items: &[Item]) -> bool {
        let record = self.record();
        let packages = items.iter().map(|item| (&item.path, &*item.revision));
        is_current(&self.vendor(), packages, &self.options(&record))
    }

    pub(crate) fn options<'a>(&self, record: &'a Path) -> Options<'a> {
        Options {
            treatment: &AsStored,
            workers: self.workers,
            record: Some(record),
            cancelled: None,
        }
    }

    /// Installs and expects that nothing was installed, and that vendor/ and what is beside it
    /// are as they were; returns the message.
    #[track_caller]
    pub(crate) fn refused(&self, items: &[Item]) -> String {
        let before = look(&self.root());
        let error = self.install(items).expect_err("it is to be refused");
        assert_eq!(look(&self.root()), before);
        error.to_string()
    }
}

/// Everything below a folder: path to mode and text, `dir`, or `-> target`.
pub(crate) fn look(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    add(folder, "", &mut found);
    found
}

fn add(folder: &Path, prefix: &str, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let metadata = fs::symlink_metadata(entry.path()).unwrap();
        #[cfg(unix)]
        let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777;
        #[cfg(windows)]
        let mode = 0;
        let what = if metadata.is_dir() {
            add(&entry.path(), &format!("{name}/"), found);
            "dir".to_owned()
        } else if metadata.is_symlink() {
            format!("-> {}", fs::read_link(entry.path()).unwrap().display())
        } else {
            let bytes = fs::read(entry.path()).unwrap();
            format!("{mode:o} {}", String::from_utf8_lossy(&bytes))
        };
        found.insert(name, what);
    }
}

/// The files of vendor/ as lines `path: what`, folders left out.
pub(crate) fn files(vendor: &Path) -> Vec<String> {
    look(vendor)
        .into_iter()
        .filter(|(_, what)| what != "dir")
        .map(|(path, what)| format!("{path}: {what}"))
        .collect()
}
