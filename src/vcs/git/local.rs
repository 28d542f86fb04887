//! Repositories of this machine (`file://` and paths): their objects are copied, no server runs.
//!
//! The commit and its tree are written as a pack without deltas and go through the same indexing
//! as one that came over the wire.

use std::collections::HashSet;
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use git2::{ErrorCode, ObjectType, Odb, Oid, Repository, TreeWalkMode, TreeWalkResult};
use sha1::{Digest as _, Sha1};

use super::{Error, Want, candidates, store};
use crate::vcs::ObjectId;

/// Copies what is wanted into the store below `objects`; gives the commit's id.
pub(super) fn fetch(source: &Path, want: &Want, objects: &Path) -> Result<ObjectId, Error> {
    let remote = source.display().to_string();
    let repository = open(source).map_err(|error| match error.code() {
        ErrorCode::NotFound => Error::Missing {
            remote: remote.clone(),
            answer: error.message().to_owned(),
        },
        _ => refused(&remote, &error),
    })?;
    let commit = resolve(&repository, want).ok_or_else(|| Error::NoSuchReference {
        remote: remote.clone(),
        reference: want.to_string(),
    })?;
    let needed = reachable(&repository, commit).map_err(|error| refused(&remote, &error))?;
    let odb = repository.odb().map_err(|error| refused(&remote, &error))?;
    let mut pack = PackStream::new(&odb, needed);
    store::add_pack(objects, &mut pack).map_err(|source| Error::Broken { remote, source })?;
    let id = commit
        .as_bytes()
        .try_into()
        .expect("an id of SHA-1 has twenty bytes");
    Ok(ObjectId(id))
}

/// Opens the folder, or the one with `.git` behind its name, as `git clone` does.
fn open(source: &Path) -> Result<Repository, git2::Error> {
    Repository::open(source).or_else(|error| {
        let mut with_suffix = source.as_os_str().to_owned();
        with_suffix.push(".git");
        Repository::open(PathBuf::from(with_suffix)).map_err(|_| error)
    })
}

fn refused(remote: &str, error: &git2::Error) -> Error {
    Error::Broken {
        remote: remote.to_owned(),
        source: io::Error::other(error.message().to_owned()),
    }
}

fn resolve(repository: &Repository, want: &Want) -> Option<Oid> {
    let found = match want {
        Want::Commit(id) => repository
            .find_object(Oid::from_bytes(&id.0).ok()?, None)
            .ok()?,
        Want::Default => repository.head().ok()?.peel(ObjectType::Commit).ok()?,
        Want::Named(name) => candidates(name)
            .iter()
            .find_map(|name| repository.find_reference(name).ok())
            .and_then(|reference| reference.peel(ObjectType::Commit).ok())
            .or_else(|| {
                super::is_short_id(name)
                    .then(|| repository.find_object_by_prefix(name, None).ok())?
            })?,
    };
    Some(found.peel(ObjectType::Commit).ok()?.id())
}

/// The commit, and every tree and blob below it.
fn reachable(repository: &Repository, commit: Oid) -> Result<Vec<Oid>, git2::Error> {
    let tree = repository.find_commit(commit)?.tree()?;
    let mut needed = vec![commit, tree.id()];
    let mut seen: HashSet<Oid> = needed.iter().copied().collect();
    tree.walk(TreeWalkMode::PreOrder, |_, entry| {
        if entry.kind() != Some(ObjectType::Commit) && seen.insert(entry.id()) {
            needed.push(entry.id());
        }
        TreeWalkResult::Ok
    })?;
    Ok(needed)
}

/// A pack made while it is read, an object at a time.
struct PackStream<'a> {
    odb: &'a Odb<'a>,
    left: std::vec::IntoIter<Oid>,
    chunk: Vec<u8>,
    position: usize,
    hash: Option<Sha1>,
}

impl<'a> PackStream<'a> {
    fn new(odb: &'a Odb<'a>, objects: Vec<Oid>) -> Self {
        let mut head = b"PACK\0\0\0\x02".to_vec();
        let count = u32::try_from(objects.len()).unwrap_or(u32::MAX);
        head.extend_from_slice(&count.to_be_bytes());
        let mut hash = Sha1::new();
        hash.update(&head);
        Self {
            odb,
            left: objects.into_iter(),
            chunk: head,
            position: 0,
            hash: Some(hash),
        }
    }

    /// The next object, or the trailer, or nothing.
    fn refill(&mut self) -> io::Result<()> {
        self.position = 0;
        self.chunk.clear();
        if let Some(id) = self.left.next() {
            let object = self
                .odb
                .read(id)
                .map_err(|error| io::Error::other(error.message().to_owned()))?;
            object_header(&mut self.chunk, object.kind(), object.len())?;
            let mut encoder =
                ZlibEncoder::new(std::mem::take(&mut self.chunk), Compression::fast());
            encoder.write_all(object.data())?;
            self.chunk = encoder.finish()?;
            if let Some(hash) = &mut self.hash {
                hash.update(&self.chunk);
            }
        } else if let Some(hash) = self.hash.take() {
            self.chunk.extend_from_slice(&hash.finalize());
        }
        Ok(())
    }
}

/// A pack entry's type and size: three bits of type, then the size, seven bits a byte.
fn object_header(out: &mut Vec<u8>, kind: ObjectType, size: usize) -> io::Result<()> {
    let code: u8 = match kind {
        ObjectType::Commit => 1,
        ObjectType::Tree => 2,
        ObjectType::Blob => 3,
        ObjectType::Tag => 4,
        ObjectType::Any => return Err(io::Error::other("an object without a type")),
    };
    let mut rest = size >> 4;
    let mut byte = (code << 4) | u8::try_from(size & 0x0f).expect("four bits");
    while rest > 0 {
        out.push(byte | 0x80);
        byte = u8::try_from(rest & 0x7f).expect("seven bits");
        rest >>= 7;
    }
    out.push(byte);
    Ok(())
}

impl Read for PackStream<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.position == self.chunk.len() {
            self.refill()?;
        }
        let rest = &self.chunk[self.position..];
        let count = rest.len().min(out.len());
        out[..count].copy_from_slice(&rest[..count]);
        self.position += count;
        Ok(count)
    }
}
