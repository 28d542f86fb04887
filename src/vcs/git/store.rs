//! One repository's objects on disk: packs in a folder, read and written through libgit2.
//!
//! A pack is indexed to the side and renamed into place, so a store never holds half a pack.
//! Everything that is read is checked against its name; what does not verify is reported as
//! damage ([`ReadError`]), upon which the caller drops the store and fetches again.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Once;

use git2::{ObjectType, Odb, OdbObject, Oid};
use sha1::{Digest as _, Sha1};

use super::indexing;
use crate::fsx;
use crate::vcs::{Entry, EntryKind, ObjectId, ReadError};

/// Trees nested deeper than this are an attack: no file system takes such a path.
const MAX_DEPTH: usize = 512;

/// A commit of more files and folders than this is an attack: the largest repositories that are
/// known stay well below it.
const MAX_ENTRIES: usize = 1_000_000;
/// The same for the bytes of all paths together.
const MAX_PATH_BYTES: usize = 64 << 20;
/// A commit, tag or tree of more bytes is one, too; this is a folder of half a million files.
const MAX_METADATA: u64 = 16 << 20;

/// libgit2 maps windows of packs into memory, which count as ours; two threads reading in windows
/// of this size stay far below the memory that an install may take.
const WINDOW: usize = 4 << 20;
const MAPPED_AT_MOST: usize = 16 << 20;

/// How the folders begin in which packs are indexed.
const INCOMING: &str = "incoming-";

/// Sets libgit2 up for the whole process, once.
pub(super) fn configure() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Hashes are checked here, with a faster SHA-1 than libgit2's collision-detecting one; a
        // pack has gone through such a one when it was indexed.
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
            // Partial clones of this machine can be read as far as they go.
            let _ = git2::opts::set_extensions(&["partialclone"]);
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

    /// Reads a commit, tag or tree and checks it against its name.
    fn read(&self, id: ObjectId) -> Result<(ObjectType, Vec<u8>), ReadError> {
        if self.size(id)? > MAX_METADATA {
            return Err(damaged(id, "it is larger than any commit or folder is"));
        }
        let object = self.object(id)?;
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

    /// The same; nothing for what leads to no commit.
    pub(super) fn peel_if_commit(&self, id: ObjectId) -> Result<Option<ObjectId>, ReadError> {
        let header = self.odb.read_header(oid(id));
        let (_, kind) = header.map_err(|error| damaged(id, error.message()))?;
        match kind {
            ObjectType::Commit => self.peel(id).map(Some),
            // What it tags may be no commit either.
            ObjectType::Tag => Ok(self.peel(id).ok()),
            _ => Ok(None),
        }
    }

    /// A commit as it is written.
    pub(super) fn commit(&self, id: ObjectId) -> Result<Vec<u8>, ReadError> {
        match self.read(id)? {
            (ObjectType::Commit, bytes) => Ok(bytes),
            _ => Err(damaged(id, "it is no commit")),
        }
    }

    /// All files of a commit.
    pub(super) fn entries(&self, commit: ObjectId) -> Result<Vec<Entry>, ReadError> {
        let mut entries = Vec::new();
        self.each_entry(commit, &mut |path, kind, id| {
            entries.push(Entry {
                path: path.to_vec(),
                kind,
                id,
            });
            Ok(())
        })?;
        Ok(entries)
    }

    /// Visits all files of a commit, in tree order.
    pub(super) fn each_entry(
        &self,
        commit: ObjectId,
        visit: &mut Visit<'_>,
    ) -> Result<(), ReadError> {
        self.walk(commit, (MAX_ENTRIES, MAX_PATH_BYTES), visit)
    }

    fn walk(
        &self,
        commit: ObjectId,
        left: (usize, usize),
        visit: &mut Visit<'_>,
    ) -> Result<(), ReadError> {
        let commit = self.peel(commit)?;
        let (_, bytes) = self.read(commit)?;
        let tree = header_id(&bytes, "tree ", commit)?;
        let mut walk = Walk {
            store: self,
            visit,
            path: Vec::new(),
            left,
        };
        walk.tree(tree, 0)
    }

    /// Whether every object of the commit's tree is there, as far as the indexes know.
    pub(super) fn is_complete(&self, commit: ObjectId) -> Result<(), ReadError> {
        self.each_entry(commit, &mut |path, kind, id| {
            if kind == EntryKind::Submodule || self.holds(id) {
                return Ok(());
            }
            let path = String::from_utf8_lossy(path);
            Err(damaged(
                id,
                &format!("`{path}` did not come with its commit"),
            ))
        })
    }

    /// A whole blob, which may have `limit` bytes.
    pub(super) fn blob(&self, id: ObjectId, limit: u64) -> Result<Vec<u8>, ReadError> {
        if self.size(id)? > limit {
            return Err(damaged(id, "it is larger than such a file ever is"));
        }
        let mut bytes = Vec::new();
        self.write(id, &mut bytes)?;
        Ok(bytes)
    }

    /// An object's size in bytes.
    pub(super) fn size(&self, id: ObjectId) -> Result<u64, ReadError> {
        let header = self.odb.read_header(oid(id));
        let (size, _) = header.map_err(|error| damaged(id, error.message()))?;
        Ok(size as u64)
    }

    /// Writes a blob to `out`, once its hash has been checked.
    pub(super) fn write(&self, id: ObjectId, out: &mut dyn Write) -> Result<(), ReadError> {
        let object = self.object(id)?;
        out.write_all(object.data()).map_err(ReadError::Output)
    }

    fn object(&self, id: ObjectId) -> Result<OdbObject<'_>, ReadError> {
        let object = self.odb.read(oid(id));
        let object = object.map_err(|error| damaged(id, error.message()))?;
        verify(id, object.kind(), object.data())?;
        Ok(object)
    }
}

/// Is shown a file's path, kind and id.
type Visit<'a> = dyn FnMut(&[u8], EntryKind, ObjectId) -> Result<(), ReadError> + 'a;

/// A walk through a commit's folders.
struct Walk<'a, 'v> {
    store: &'a Store,
    visit: &'a mut Visit<'v>,
    /// Where we are.
    path: Vec<u8>,
    /// How many entries, and bytes of paths, may still come.
    left: (usize, usize),
}

impl Walk<'_, '_> {
    fn tree(&mut self, tree: ObjectId, depth: usize) -> Result<(), ReadError> {
        if depth > MAX_DEPTH {
            return Err(damaged(tree, "folders nested too deep"));
        }
        let (kind, bytes) = self.store.read(tree)?;
        if kind != ObjectType::Tree {
            return Err(damaged(tree, "it is no tree"));
        }
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let (mode, name, id, tail) =
                tree_entry(rest).ok_or_else(|| damaged(tree, "a malformed tree entry"))?;
            rest = tail;
            let parent = self.path.len();
            self.path.extend_from_slice(name);
            self.count(tree)?;
            let kind = match mode & 0o170_000 {
                0o040_000 => {
                    self.path.push(b'/');
                    self.tree(id, depth + 1)?;
                    self.path.truncate(parent);
                    continue;
                }
                0o100_000 if mode & 0o100 != 0 => EntryKind::Executable,
                0o100_000 => EntryKind::File,
                0o120_000 => EntryKind::Symlink,
                0o160_000 => EntryKind::Submodule,
                _ => return Err(damaged(tree, &format!("an entry of mode {mode:o}"))),
            };
            (self.visit)(&self.path, kind, id)?;
            self.path.truncate(parent);
        }
        Ok(())
    }

    /// Counts one entry. A folder can stand in another one many times over, so a few small objects
    /// can make trees that never end.
    fn count(&mut self, tree: ObjectId) -> Result<(), ReadError> {
        let (entries, bytes) = self.left;
        let left = entries
            .checked_sub(1)
            .zip(bytes.checked_sub(self.path.len()));
        self.left = left.ok_or_else(|| damaged(tree, "more files than any repository has"))?;
        Ok(())
    }
}

/// A folder beside the packs that goes when dropped; `clear_incoming` takes those that stay.
pub(super) fn side_folder(objects: &Path) -> fsx::Result<impl AsRef<Path> + use<>> {
    fsx::create_dir_all(objects)?;
    fsx::temporary_folder(objects, INCOMING)
}

/// Indexes a pack as it arrives and moves it into the store below `objects`.
///
/// The caller holds the entry's exclusive lock. Nothing is left behind on failure.
pub(super) fn add_pack(objects: &Path, pack: &mut dyn Read) -> io::Result<()> {
    configure();
    let folder = objects.join("pack");
    fsx::create_dir_all(&folder).map_err(|error| io_error(&error))?;
    let side = fsx::temporary_folder(objects, INCOMING).map_err(|error| io_error(&error))?;
    let name = indexing::receive(side.path(), pack)?;
    // The index last: a pack without an index is not looked at.
    for extension in ["pack", "idx"] {
        let file = format!("{name}.{extension}");
        fsx::rename(&side.path().join(&file), &folder.join(&file))
            .map_err(|error| io_error(&error))?;
    }
    Ok(())
}

/// A file operation's failure for those who read the pack as a stream.
fn io_error(error: &fsx::Error) -> io::Error {
    io::Error::new(error.source.kind(), error.in_full())
}

pub(super) fn oid(id: ObjectId) -> Oid {
    Oid::from_bytes(&id.0).expect("twenty bytes are an id")
}

fn verify(id: ObjectId, kind: ObjectType, data: &[u8]) -> Result<(), ReadError> {
    let mut hash = Sha1::new();
    hash.update(format!("{} {}\0", kind.str(), data.len()));
    hash.update(data);
    matches(id, hash)
}

pub(super) fn matches(id: ObjectId, hash: Sha1) -> Result<(), ReadError> {
    if hash.finalize().as_slice() == id.0 {
        Ok(())
    } else {
        Err(damaged(id, "its hash differs"))
    }
}

pub(super) fn damaged(id: ObjectId, reason: &str) -> ReadError {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_that_hold_each_other_many_times_over_come_to_an_end() {
        let folder = tempfile::tempdir().unwrap();
        let repository = git2::Repository::init_bare(folder.path()).unwrap();
        let odb = repository.odb().unwrap();
        let mut tree = odb.write(ObjectType::Tree, b"").unwrap();
        for _ in 0..60 {
            let entry = |name: &[u8]| [b"40000 ", name, b"\0", tree.as_bytes()].concat();
            let both = [entry(b"a"), entry(b"b")].concat();
            tree = odb.write(ObjectType::Tree, &both).unwrap();
        }
        let commit = format!("tree {tree}\n\nx\n");
        let commit = odb.write(ObjectType::Commit, commit.as_bytes()).unwrap();
        let commit = ObjectId(commit.as_bytes().try_into().unwrap());
        let store = Store::open(&folder.path().join("objects")).unwrap();
        let mut visit = |_: &[u8], _, _| Ok(());
        for left in [(1000, MAX_PATH_BYTES), (MAX_ENTRIES, 10_000)] {
            let error = store.walk(commit, left, &mut visit).unwrap_err();
            assert!(error.to_string().contains("more files"), "{error}");
        }
    }
}
