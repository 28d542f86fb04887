//! A commit as files in the cache, and a sealed list of them; read as a [`Snapshot`].
//!
//! The list names each file's blob as Git would, so that a file that is damaged later is noticed
//! when it is read. An export is made to the side and renamed into place.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha1::{Digest as _, Sha1};

use super::Error;
use crate::cache::{Entry as CacheEntry, Guard, read_sealed, write_sealed};
use crate::fsx;
use crate::http::mask;
use crate::model::sha256_hex;
use crate::vcs::{Entry, EntryKind, Fetched, ObjectId, ReadError, Snapshot, SnapshotReader};

const EXPORTS: &str = "export";
const FILES: &str = "files";
const LIST: &str = "list";

/// One commit's files in the cache.
#[derive(Clone, Debug)]
pub(in crate::vcs) struct Export {
    place: CacheEntry,
    folder: PathBuf,
    /// Names what the files are.
    digest: String,
}

/// How many hex digits of the list's digest are enough to tell exports of one commit apart.
const DIGITS: usize = 16;

impl Export {
    /// The export of that name, if the cache holds it whole; somebody holds the lock.
    pub(in crate::vcs) fn find(
        place: &CacheEntry,
        name: &str,
        _reading: &Guard,
    ) -> Result<Option<Self>, Error> {
        let folder = place.folder().join(EXPORTS).join(name);
        let list = read_sealed(&folder.join(LIST))?;
        Ok(list.map(|list| Self {
            place: place.clone(),
            folder,
            digest: digest(&list),
        }))
    }

    /// Makes the export of that name: `fill` writes the files to the folder that it is given, which
    /// does not exist. One that is there is replaced.
    pub(in crate::vcs) fn make(
        place: &CacheEntry,
        name: &str,
        remote: &str,
        fill: impl FnOnce(&Path) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let side = super::incoming(place)?;
        let made = side.as_ref().join(name);
        let files = made.join(FILES);
        fsx::create_dir_all(&made)?;
        fill(&files)?;
        // A commit without any file leaves nothing behind.
        fsx::create_dir_all(&files)?;
        let entries = entries_below(&files).map_err(|fault| match fault {
            Unfit::Failed(error) => Error::Cache(error),
            Unfit::Refused(reason) => Error::Export {
                remote: mask(remote),
                reason,
            },
        })?;
        let list = write_list(&entries);
        write_sealed(&made.join(LIST), &list)?;
        let exports = place.folder().join(EXPORTS);
        let folder = exports.join(name);
        fsx::create_dir_all(&exports)?;
        fsx::remove_tree(&folder)?;
        fsx::rename(&made, &folder)?;
        Ok(Self {
            place: place.clone(),
            folder,
            digest: digest(&list),
        })
    }

    /// Forgets all exports of a repository.
    pub(in crate::vcs) fn forget_all(place: &CacheEntry, _writing: &Guard) -> Result<(), Error> {
        Ok(fsx::remove_tree(&place.folder().join(EXPORTS))?)
    }

    /// The export as what was wanted: the files of this revision.
    pub(in crate::vcs) fn fetched(self, revision: &str, from_cache: bool) -> Fetched {
        Fetched {
            revision: revision.to_owned(),
            content: self.content(revision),
            from_cache,
            bytes: from_cache.then_some(0),
            trees: vec![(Vec::new(), Arc::new(self))],
        }
    }

    /// Names the files' bytes, for the commit of this export.
    fn content(&self, revision: &str) -> String {
        format!("{revision}+{}", self.digest)
    }
}

fn digest(list: &[u8]) -> String {
    sha256_hex(list)[..DIGITS].to_owned()
}

/// Why a folder cannot be an export.
enum Unfit {
    Failed(fsx::Error),
    Refused(String),
}

impl From<fsx::Error> for Unfit {
    fn from(error: fsx::Error) -> Self {
        Self::Failed(error)
    }
}

/// A file of an export, as the list has it.
struct Listed {
    entry: Entry,
    size: u64,
}

/// What stands below a folder, in the order of trees; empty folders leave no trace.
fn entries_below(root: &Path) -> Result<Vec<Listed>, Unfit> {
    let mut found = Vec::new();
    let mut folders = vec![Vec::new()];
    while let Some(below) = folders.pop() {
        for item in fsx::read_dir(&fsx::below(root, &below))? {
            let mut path = below.clone();
            if !path.is_empty() {
                path.push(b'/');
            }
            path.extend_from_slice(item.file_name().as_encoded_bytes());
            let (at, kind) = (item.path(), fsx::file_type(&item)?);
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_symlink() {
                let target = fsx::read_link(&at)?;
                let target = target.as_os_str().as_encoded_bytes();
                found.push(listed(
                    path,
                    EntryKind::Symlink,
                    (blob_id(target), target.len() as u64),
                ));
            } else if kind.is_file() {
                let kind = if fsx::is_executable(&at)? {
                    EntryKind::Executable
                } else {
                    EntryKind::File
                };
                found.push(listed(path, kind, hash_file(&at)?));
            } else {
                let path = String::from_utf8_lossy(&path).into_owned();
                return Err(Unfit::Refused(format!("`{path}` is no file")));
            }
        }
    }
    found.sort_unstable_by(|a, b| a.entry.path.cmp(&b.entry.path));
    Ok(found)
}

fn listed(path: Vec<u8>, kind: EntryKind, (id, size): (ObjectId, u64)) -> Listed {
    Listed {
        entry: Entry { path, kind, id },
        size,
    }
}

fn blob(size: u64) -> Sha1 {
    Sha1::new().chain_update(format!("blob {size}\0"))
}

fn blob_id(bytes: &[u8]) -> ObjectId {
    ObjectId(
        blob(bytes.len() as u64)
            .chain_update(bytes)
            .finalize()
            .into(),
    )
}

fn hash_file(path: &Path) -> fsx::Result<(ObjectId, u64)> {
    use crate::fsx::Context as _;
    let mut file = fsx::open(path)?;
    let size = file.metadata().on("look at", path)?.len();
    let mut hash = blob(size);
    copy(&mut file, |bytes| {
        hash.update(bytes);
        Ok(())
    })
    .on("read", path)?;
    Ok((ObjectId(hash.finalize().into()), size))
}

fn copy(file: &mut File, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut buffer = vec![0; 64 << 10];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => take(&buffer[..count])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// `KIND ID SIZE PATH`, each ended by a zero byte: paths may have any other.
fn write_list(entries: &[Listed]) -> Vec<u8> {
    let mut list = Vec::new();
    for Listed { entry, size } in entries {
        let kind = match entry.kind {
            EntryKind::Executable => 'x',
            EntryKind::Symlink => 'l',
            EntryKind::File | EntryKind::Submodule => '-',
        };
        list.extend_from_slice(format!("{kind} {} {size} ", entry.id).as_bytes());
        list.extend_from_slice(&entry.path);
        list.push(0);
    }
    list
}

fn read_list(list: &[u8]) -> Option<Vec<Listed>> {
    let lines = list.split_inclusive(|&byte| byte == 0);
    lines
        .map(|line| read_line(line.strip_suffix(b"\0")?))
        .collect()
}

fn read_line(line: &[u8]) -> Option<Listed> {
    let mut parts = line.splitn(4, |&byte| byte == b' ');
    let mut word = || std::str::from_utf8(parts.next()?).ok();
    let kind = match word()? {
        "-" => EntryKind::File,
        "x" => EntryKind::Executable,
        "l" => EntryKind::Symlink,
        _ => return None,
    };
    let (id, size) = (ObjectId::parse(word()?)?, word()?.parse().ok()?);
    Some(listed(parts.next()?.to_owned(), kind, (id, size)))
}

impl Snapshot for Export {
    fn reader(&self) -> Result<Box<dyn SnapshotReader + '_>, ReadError> {
        let broken = |reason: String| ReadError::Store { reason };
        let lock = self
            .place
            .lock_shared()
            .map_err(|error| broken(error.to_string()))?;
        let list = read_sealed(&self.folder.join(LIST))
            .map_err(|error| broken(error.to_string()))?
            // Another run may have made it anew, from a repository that has more tags by now.
            .filter(|list| digest(list) == self.digest)
            .and_then(|list| read_list(&list))
            .ok_or_else(|| broken("the list of an export is damaged or missing".to_owned()))?;
        let blobs = list.iter().enumerate();
        Ok(Box::new(Reader {
            files: self.folder.join(FILES),
            blobs: blobs.map(|(at, listed)| (listed.entry.id, at)).collect(),
            list,
            _lock: lock,
        }))
    }

    fn heeds_attributes(&self) -> bool {
        false
    }

    fn discard(&self) -> fsx::Result<()> {
        // Whoever still reads it is waited for.
        let _writing = self.place.lock_exclusive()?;
        fsx::remove_tree(&self.folder)
    }
}

struct Reader {
    files: PathBuf,
    list: Vec<Listed>,
    /// Where in the list a blob is; one of the places where it is in several.
    blobs: HashMap<ObjectId, usize>,
    _lock: Guard,
}

impl Reader {
    fn listed(&self, id: ObjectId) -> Result<&Listed, ReadError> {
        let at = self.blobs.get(&id);
        at.and_then(|&at| self.list.get(at))
            .ok_or_else(|| damaged(id, "it is not in the export"))
    }
}

impl SnapshotReader for Reader {
    fn entries(&mut self) -> Result<Vec<Entry>, ReadError> {
        Ok(self
            .list
            .iter()
            .map(|listed| listed.entry.clone())
            .collect())
    }

    fn blob_size(&mut self, id: ObjectId) -> Result<u64, ReadError> {
        self.listed(id).map(|listed| listed.size)
    }

    fn read_blob(&mut self, id: ObjectId, out: &mut dyn Write) -> Result<(), ReadError> {
        let Listed { entry, size } = self.listed(id)?;
        let path = fsx::below(&self.files, &entry.path);
        let unreadable = |error: fsx::Error| damaged(id, &error.source.to_string());
        if entry.kind == EntryKind::Symlink {
            let target = fsx::read_link(&path).map_err(unreadable)?;
            let target = target.as_os_str().as_encoded_bytes();
            if blob_id(target) != id {
                return Err(damaged(id, "its hash differs"));
            }
            return out.write_all(target).map_err(ReadError::Output);
        }
        let mut file = fsx::open(&path).map_err(unreadable)?;
        let (mut hash, mut failed) = (blob(*size), None);
        let read = copy(&mut file, |bytes| {
            hash.update(bytes);
            out.write_all(bytes).map_err(|error| {
                failed = Some(error);
                io::ErrorKind::Other.into()
            })
        });
        match (failed, read) {
            (Some(error), _) => Err(ReadError::Output(error)),
            (None, Err(error)) => Err(damaged(id, &error.to_string())),
            (None, Ok(())) if hash.finalize().as_slice() != id.0 => {
                Err(damaged(id, "its hash differs"))
            }
            (None, Ok(())) => Ok(()),
        }
    }
}

fn damaged(id: ObjectId, reason: &str) -> ReadError {
    ReadError::Object {
        id,
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests;
