//! What can be asked of a repository, whatever its version control system.
//!
//! The rest of the program sees a commit as a [`Snapshot`]: a list of entries, and the bytes of
//! each. What a snapshot says comes from outside and is unchecked; `vendor` checks paths.

mod arrivals;
mod blob;
pub mod bzr;
mod checkout;
mod external;
pub mod git;
pub mod graph;
pub mod hg;
mod past;
pub mod svn;

use std::fmt;
use std::sync::Arc;

pub use arrivals::Arrivals;
pub use blob::blob_id;
pub use checkout::{Checkout, NodeKind};
pub use external::{
    Client as ExternalClient, Error as ExternalError, Refs as ExternalRefs,
    Watched as ExternalWatched, end_programs,
};
pub use past::{Names, Past};

use crate::fsx;

/// A Git object id (SHA-1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId(pub [u8; 20]);

impl ObjectId {
    /// Reads forty hex digits of either case.
    pub fn parse(hex: &str) -> Option<Self> {
        if hex.len() != 40 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let mut id = [0; 20];
        for (byte, pair) in id.iter_mut().zip(hex.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self(id))
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What an entry of a commit's tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A file of mode 644 (664 in some old trees).
    File,
    /// A file of mode 755.
    Executable,
    /// A symbolic link; its bytes are the target.
    Symlink,
    /// Another repository's commit, which `id` names.
    Submodule,
}

/// One entry of a commit's tree, folders left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The path as the tree has it: `/` between names, any bytes, unchecked.
    pub path: Vec<u8>,
    /// What it is.
    pub kind: EntryKind,
    /// The blob's id (the commit's, for a submodule).
    pub id: ObjectId,
}

/// One commit, ready to be read, of whatever system.
#[derive(Clone)]
pub struct Fetched {
    /// The commit's full id, or revision number: what stands in glide.lock.
    pub revision: String,
    /// Names the files' bytes: the revision where that alone decides them, else it followed by
    /// `+` and a digest.
    pub content: String,
    /// Whether the commit was there before this run.
    pub from_cache: bool,
    /// How many bytes have come for it in this run, submodules included; `None` where the program that got
    /// them does not say.
    pub bytes: Option<u64>,
    /// Trees and the folders inside the repository where they belong (`""` for the first).
    pub trees: Vec<(Vec<u8>, Arc<dyn Snapshot>)>,
}

impl From<git::Fetched> for Fetched {
    fn from(fetched: git::Fetched) -> Self {
        Self {
            revision: fetched.commit.to_string(),
            content: fetched.commit.to_string(),
            from_cache: fetched.from_cache,
            bytes: Some(fetched.bytes),
            trees: fetched.trees,
        }
    }
}

/// Whether a remote has to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// The answer is what the remote has now.
    Ask,
    /// What the cache holds will do, where it holds anything.
    Cached,
    /// What the cache holds, or nothing; the remote is not asked.
    Offline,
}

/// What a person may want to know of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitNote {
    /// Who made it.
    pub author: String,
    /// When, in the form `Mon, 02 Jan 2006 15:04:05 -0700`.
    pub date: String,
    /// The first line of its message.
    pub subject: String,
}

/// One commit's files. Several workers may read it at once, each with a reader of its own.
pub trait Snapshot: Send + Sync {
    /// Opens the store for one thread.
    fn reader(&self) -> Result<Box<dyn SnapshotReader + '_>, ReadError>;

    /// Opens the store for reading now and then over a long time, where that can be done: unlike
    /// [`reader`](Self::reader) it keeps nobody from writing to the store meanwhile, so a read
    /// fails where the store has been thrown away.
    fn lasting_reader(&self) -> Result<Option<Box<dyn SnapshotReader>>, ReadError> {
        Ok(None)
    }

    /// Whether `.gitattributes` in the tree mean something; only in Git's own do they.
    fn heeds_attributes(&self) -> bool {
        true
    }

    /// Throws away the store that this is read from, after reading it has failed: what is in it
    /// can be fetched again. Nothing happens where there is no store.
    fn discard(&self) -> fsx::Result<()> {
        Ok(())
    }
}

/// Reads the entries and blobs of one commit.
pub trait SnapshotReader {
    /// All entries, in tree order (bytewise by full path, as the index has them).
    fn entries(&mut self) -> Result<Vec<Entry>, ReadError>;

    /// The size of a blob in bytes, without reading it.
    fn blob_size(&mut self, id: ObjectId) -> Result<u64, ReadError>;

    /// Writes a blob's bytes to `out`; its hash has been checked when this returns `Ok`.
    fn read_blob(&mut self, id: ObjectId, out: &mut dyn std::io::Write) -> Result<(), ReadError>;
}

/// A store could not give what it should hold: it is damaged or incomplete, and fetching the
/// repository again may mend that.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The object is missing, truncated or does not have the bytes its name stands for.
    #[error("the cached object {id} is damaged or missing: {reason}")]
    Object {
        /// Which object.
        id: ObjectId,
        /// What is wrong with it.
        reason: String,
    },
    /// The store itself cannot be opened.
    #[error("the cached repository cannot be opened: {reason}")]
    Store {
        /// What is wrong with it.
        reason: String,
    },
    /// A file is larger than whoever wants to read it takes; the store is fine.
    #[error("a file of {size} bytes is too large; {limit} are read at most")]
    TooLarge {
        /// Which blob.
        id: ObjectId,
        /// How many bytes it has.
        size: u64,
        /// How many it may have.
        limit: u64,
    },
    /// Writing what was read failed; the store is fine.
    #[error("the file cannot be written")]
    Output(#[source] std::io::Error),
}

impl ReadError {
    /// Whether fetching again may help.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Object { .. } | Self::Store { .. })
    }
}
