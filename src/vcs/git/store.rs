//! One repository's objects on disk: packs in a folder, read and written through libgit2.
//!
//! A pack is indexed to the side and renamed into place, so a store never holds half a pack.
//! Everything that is read is checked against its name; what does not verify is reported as
//! damage ([`ReadError`]), upon which the caller drops the store and fetches again.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Once;

use git2::{Indexer, ObjectType, Odb, Oid};
use sha1::{Digest as _, Sha1};

use crate::cache::{Entry as CacheEntry, Guard};
use crate::fsx;
use crate::vcs::{Entry, EntryKind, ObjectId, ReadError, Snapshot, SnapshotReader};

/// Trees nested deeper than this are an attack: no file system takes such a path.
const MAX_DEPTH: usize = 512;

/// libgit2 maps windows of packs into memory, which count as ours; two threads reading in windows
/// of this size stay far below the memory that an install may take.
const WINDOW: usize = 4 << 20;
const MAPPED_AT_MOST: usize = 16 << 20;

/// How the folders begin in which packs are indexed.
const INCOMING: &str = "incoming-";

/// Sets libgit2 up for the whole process, once.
fn configure() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Hashes are checked here, with a faster SHA-1 than libgit2's collision-detecting one; a
        // pack has gone through that one when it was indexed.
        git2::opts::strict_hash_verification(false);
        #[expect(
            unsafe_code,
            reason = "process-wide settings, made once before any store is open"
        )]
        // SAFETY: `Once` runs this before this module has opened anything, and nothing else in
        // the program reads or writes these settings.
        unsafe {
            // Failing to set a limit leaves the default one, which is correct and larger.
            let _ = git2::opts::set_mwindow_size(WINDOW);
            let _ = git2::opts::set_mwindow_mapped_limit(MAPPED_AT_MOST);
            let _ = git2::opts::set_cache_max_size(4 << 20);
        }
    });
}

/// An open store, for one thread.
pub(super) struct Store {
    odb: Odb<'static>,
}

impl Store {
    /// Opens the packs below `objects`; a folder that is missing holds nothing.
    pub(super) fn open(objects: &Path) -> Result<Self, ReadError> {
        configure();
        let broken = |reason: String| ReadError::Store { reason };
        let odb = Odb::new().map_err(|error| broken(error.message().to_owned()))?;
        let path = objects
            .to_str()
            .ok_or_else(|| broken("its path is not UTF-8".to_owned()))?;
        if fsx::is_folder(&objects.join("pack")) {
            odb.add_disk_alternate(path)
                .map_err(|error| broken(error.message().to_owned()))?;
        }
        Ok(Self { odb })
    }

    /// Whether the object is there, as far as the indexes know.
    pub(super) fn holds(&self, id: ObjectId) -> bool {
        self.odb.exists(oid(id))
    }

    /// The one object whose id begins with `prefix`, if there is exactly one.
    pub(super) fn find_prefix(&self, prefix: &str) -> Option<ObjectId> {
        let padded = Oid::from_str(&format!("{prefix:0<40}")).ok()?;
        let found = self.odb.exists_prefix(padded, prefix.len()).ok()?;
        Some(ObjectId(found.as_bytes().try_into().ok()?))
    }

    /// Reads an object and checks it against its name.
    fn read(&self, id: ObjectId) -> Result<(ObjectType, Vec<u8>), ReadError> {
        let object = self
            .odb
            .read(oid(id))
            .map_err(|error| damaged(id, error.message()))?;
        verify(id, object.kind(), object.data())?;
        Ok((object.kind(), object.data().to_vec()))
    }

    /// The commit that an id stands for: itself, or what an annotated tag leads to.
    pub(super) fn peel(&self, id: ObjectId) -> Result<ObjectId, ReadError> {
        let mut current = id;
        for _ in 0..10 {
            let (kind, bytes) = self.read(current)?;
            match kind {
                ObjectType::Commit => return Ok(current),
                ObjectType::Tag => current = header_id(&bytes, "object ", current)?,
                _ => return Err(damaged(id, "it is no commit")),
            }
        }
        Err(damaged(id, "tags that lead to tags without end"))
    }

    /// All files of a commit.
    pub(super) fn entries(&self, commit: ObjectId) -> Result<Vec<Entry>, ReadError> {
        let commit = self.peel(commit)?;
        let (_, bytes) = self.read(commit)?;
        let tree = header_id(&bytes, "tree ", commit)?;
        let mut entries = Vec::new();
        self.walk(tree, &mut Vec::new(), 0, &mut entries)?;
        Ok(entries)
    }

    fn walk(
        &self,
        tree: ObjectId,
        prefix: &mut Vec<u8>,
        depth: usize,
        entries: &mut Vec<Entry>,
    ) -> Result<(), ReadError> {
        if depth > MAX_DEPTH {
            return Err(damaged(tree, "folders nested too deep"));
        }
        let (kind, bytes) = self.read(tree)?;
        if kind != ObjectType::Tree {
            return Err(damaged(tree, "it is no tree"));
        }
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let (mode, name, id, tail) =
                tree_entry(rest).ok_or_else(|| damaged(tree, "a malformed tree entry"))?;
            rest = tail;
            let parent = prefix.len();
            prefix.extend_from_slice(name);
            match mode & 0o170_000 {
                0o040_000 => {
                    prefix.push(b'/');
                    self.walk(id, prefix, depth + 1, entries)?;
                }
                0o100_000 => {
                    let executable = mode & 0o100 != 0;
                    let kind = if executable {
                        EntryKind::Executable
                    } else {
                        EntryKind::File
                    };
                    entries.push(Entry {
                        path: prefix.clone(),
                        kind,
                        id,
                    });
                }
                0o120_000 => {
                    entries.push(Entry {
                        path: prefix.clone(),
                        kind: EntryKind::Symlink,
                        id,
                    });
                }
                0o160_000 => {
                    entries.push(Entry {
                        path: prefix.clone(),
                        kind: EntryKind::Submodule,
                        id,
                    });
                }
                _ => return Err(damaged(tree, &format!("an entry of mode {mode:o}"))),
            }
            prefix.truncate(parent);
        }
        Ok(())
    }

    /// Whether every object of the commit's tree is there, as far as the indexes know.
    pub(super) fn is_complete(&self, commit: ObjectId) -> Result<(), ReadError> {
        let missing = self
            .entries(commit)?
            .into_iter()
            .find(|entry| entry.kind != EntryKind::Submodule && !self.holds(entry.id));
        match missing {
            None => Ok(()),
            Some(entry) => {
                let path = String::from_utf8_lossy(&entry.path).into_owned();
                Err(damaged(
                    entry.id,
                    &format!("`{path}` did not come with its commit"),
                ))
            }
        }
    }

    /// A whole blob.
    pub(super) fn blob(&self, id: ObjectId) -> Result<Vec<u8>, ReadError> {
        let (kind, bytes) = self.read(id)?;
        if kind == ObjectType::Blob {
            Ok(bytes)
        } else {
            Err(damaged(id, "it is no blob"))
        }
    }
}

/// Indexes a pack as it arrives and moves it into the store below `objects`.
///
/// The caller holds the entry's exclusive lock. Nothing is left behind on failure.
pub(super) fn add_pack(objects: &Path, pack: &mut dyn Read) -> io::Result<()> {
    configure();
    let folder = objects.join("pack");
    fsx::create_dir_all(&folder).map_err(|error| io_error(&error))?;
    let side = fsx::temporary_folder(objects, INCOMING).map_err(|error| io_error(&error))?;
    let mut indexer =
        Indexer::new(None, side.path(), 0o644, false).map_err(|error| git_error(&error))?;
    io::copy(pack, &mut indexer)?;
    // A pack that lies about its size or is cut off does not get past this: the trailer's hash
    // and the number of objects are checked.
    let name = indexer.commit().map_err(|error| git_error(&error))?;
    // The index last: a pack without an index is not looked at.
    for extension in ["pack", "idx"] {
        let file = format!("pack-{name}.{extension}");
        fsx::rename(&side.path().join(&file), &folder.join(&file))
            .map_err(|error| io_error(&error))?;
    }
    Ok(())
}

/// A file operation's failure for those who read the pack as a stream.
fn io_error(error: &fsx::Error) -> io::Error {
    io::Error::new(error.source.kind(), format!("{error}: {}", error.source))
}

fn git_error(error: &git2::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error.message().to_owned())
}

/// A commit in a store, as the rest of the program reads it.
#[derive(Clone, Debug)]
pub(super) struct GitSnapshot {
    /// Where the repository stands in the cache.
    pub(super) cache: CacheEntry,
    /// The commit.
    pub(super) commit: ObjectId,
}

struct Reader {
    store: Store,
    commit: ObjectId,
    _lock: Guard,
}

impl Snapshot for GitSnapshot {
    fn reader(&self) -> Result<Box<dyn SnapshotReader + '_>, ReadError> {
        let lock = self.cache.lock_shared().map_err(|error| ReadError::Store {
            reason: error.to_string(),
        })?;
        let store = Store::open(self.cache.objects())?;
        Ok(Box::new(Reader {
            store,
            commit: self.commit,
            _lock: lock,
        }))
    }
}

impl SnapshotReader for Reader {
    fn entries(&mut self) -> Result<Vec<Entry>, ReadError> {
        self.store.entries(self.commit)
    }

    fn blob_size(&mut self, id: ObjectId) -> Result<u64, ReadError> {
        let (size, _) = self
            .store
            .odb
            .read_header(oid(id))
            .map_err(|error| damaged(id, error.message()))?;
        Ok(size as u64)
    }

    fn read_blob(&mut self, id: ObjectId, out: &mut dyn Write) -> Result<(), ReadError> {
        let object = self
            .store
            .odb
            .read(oid(id))
            .map_err(|error| damaged(id, error.message()))?;
        verify(id, object.kind(), object.data())?;
        out.write_all(object.data()).map_err(ReadError::Output)
    }
}

fn oid(id: ObjectId) -> Oid {
    Oid::from_bytes(&id.0).expect("twenty bytes are an id")
}

fn verify(id: ObjectId, kind: ObjectType, data: &[u8]) -> Result<(), ReadError> {
    let mut hash = Sha1::new();
    hash.update(format!("{} {}\0", kind.str(), data.len()));
    hash.update(data);
    if hash.finalize().as_slice() == id.0 {
        Ok(())
    } else {
        Err(damaged(id, "its hash differs"))
    }
}

fn damaged(id: ObjectId, reason: &str) -> ReadError {
    ReadError::Object {
        id,
        reason: reason.to_owned(),
    }
}

/// The id on the first line of a commit or tag.
fn header_id(bytes: &[u8], label: &str, of: ObjectId) -> Result<ObjectId, ReadError> {
    bytes
        .strip_prefix(label.as_bytes())
        .and_then(|rest| std::str::from_utf8(rest.get(..40)?).ok())
        .and_then(ObjectId::parse)
        .ok_or_else(|| damaged(of, "a malformed header"))
}

/// Splits the first entry off a tree: mode, name, id and the rest.
fn tree_entry(bytes: &[u8]) -> Option<(u32, &[u8], ObjectId, &[u8])> {
    let space = bytes.iter().position(|&byte| byte == b' ')?;
    let mode = u32::from_str_radix(std::str::from_utf8(&bytes[..space]).ok()?, 8).ok()?;
    let after = &bytes[space + 1..];
    let nul = after.iter().position(|&byte| byte == 0)?;
    let id = after.get(nul + 1..nul + 21)?;
    Some((
        mode,
        &after[..nul],
        ObjectId(id.try_into().ok()?),
        &after[nul + 21..],
    ))
}

/// Throws a damaged store away; the caller holds its exclusive lock.
pub(super) fn discard(entry: &CacheEntry) -> fsx::Result<()> {
    fsx::remove_dir_all(entry.objects())
}

/// Clears what killed runs have left in a store; the caller holds its exclusive lock.
pub(super) fn clear_incoming(objects: &Path) -> fsx::Result<()> {
    let Ok(entries) = fsx::read_dir(objects) else {
        return Ok(());
    };
    let leftovers: Vec<PathBuf> = entries
        .iter()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(INCOMING))
        .map(std::fs::DirEntry::path)
        .collect();
    leftovers
        .iter()
        .try_for_each(|path| fsx::remove_dir_all(path))
}
