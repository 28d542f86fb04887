//! A commit in a store, as the rest of the program reads it.

use std::io::{self, Write};
use std::path::PathBuf;

use sha1::{Digest as _, Sha1};

use super::delta::Fault;
use super::packed;
use super::store::{Store, damaged, matches};
use crate::cache::{Entry as CacheEntry, Guard};
use crate::fsx;
use crate::vcs::{Entry, ObjectId, ReadError, Snapshot, SnapshotReader};

/// A blob that is larger than this is read from its pack a piece at a time, slower than libgit2
/// reads it, but in memory that does not depend on its size.
const LARGE: u64 = 4 << 20;

/// A commit in the store of a repository in the cache.
#[derive(Clone, Debug)]
pub(super) struct GitSnapshot {
    /// Where the repository stands in the cache.
    pub(super) cache: CacheEntry,
    /// The commit.
    pub(super) commit: ObjectId,
}

struct Reader {
    store: Store,
    objects: PathBuf,
    commit: ObjectId,
    _lock: Option<Guard>,
}

impl GitSnapshot {
    fn open(&self, lock: Option<Guard>) -> Result<Reader, ReadError> {
        let objects = self.cache.objects().to_owned();
        Ok(Reader {
            store: Store::open(&objects)?,
            objects,
            commit: self.commit,
            _lock: lock,
        })
    }
}

impl Snapshot for GitSnapshot {
    fn reader(&self) -> Result<Box<dyn SnapshotReader + '_>, ReadError> {
        let lock = self.cache.lock_shared().map_err(|error| ReadError::Store {
            reason: error.to_string(),
        })?;
        Ok(Box::new(self.open(Some(lock))?))
    }

    fn lasting_reader(&self) -> Result<Option<Box<dyn SnapshotReader>>, ReadError> {
        // Packs come whole and are never changed; one that is removed stays readable where it is
        // open.
        Ok(Some(Box::new(self.open(None)?)))
    }

    fn discard(&self) -> fsx::Result<()> {
        // Whoever still reads it is waited for.
        let _writing = self.cache.lock_exclusive()?;
        fsx::remove_dir_all(self.cache.objects())
    }
}

impl SnapshotReader for Reader {
    fn entries(&mut self) -> Result<Vec<Entry>, ReadError> {
        self.store.entries(self.commit)
    }

    fn blob_size(&mut self, id: ObjectId) -> Result<u64, ReadError> {
        self.store.size(id)
    }

    fn read_blob(&mut self, id: ObjectId, out: &mut dyn Write) -> Result<(), ReadError> {
        let size = self.blob_size(id)?;
        if size > LARGE && self.stream(id, size, out)? {
            return Ok(());
        }
        self.store.write(id, out)
    }
}

impl Reader {
    /// Reads a blob a piece at a time; `false` where it is in no pack that can be read so.
    fn stream(&self, id: ObjectId, size: u64, out: &mut dyn Write) -> Result<bool, ReadError> {
        let explained = |fault| match fault {
            Fault::Damaged(reason) => damaged(id, &reason),
            Fault::Output(error) => ReadError::Output(error),
        };
        let Some(blob) = packed::find(&self.objects, id).map_err(explained)? else {
            return Ok(false);
        };
        let mut hash = Sha1::new();
        hash.update(format!("blob {size}\0"));
        let mut hashed = Hashed { hash, out };
        blob.write_to(&mut hashed).map_err(explained)?;
        matches(id, hashed.hash)?;
        Ok(true)
    }
}

/// Passes bytes on and hashes them.
struct Hashed<'a> {
    hash: Sha1,
    out: &'a mut dyn Write,
}

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.hash.update(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
