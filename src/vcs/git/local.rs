//! Repositories of this machine (`file://` and paths): their objects are copied, no server runs.
//!
//! The commit and its tree are written as a pack without deltas and go through the same indexing
//! as one that came over the wire.

use std::collections::HashSet;
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use git2::{Commit, ErrorCode, ObjectType, Odb, Oid, Repository, TreeWalkMode, TreeWalkResult};
use sha1::{Digest as _, Sha1};

use super::protocol::Ref;
use super::{CommitNote, Error, store};
use crate::vcs::ObjectId;

/// Copies a commit into the store below `objects`.
pub(super) fn fetch(source: &Path, id: ObjectId, objects: &Path) -> Result<(), Error> {
    let remote = source.display().to_string();
    let repository = open(source)?;
    let commit = find(&repository, id).ok_or_else(|| Error::NoSuchReference {
        remote: remote.clone(),
        reference: id.to_string(),
    })?;
    // The tag, too, where it is one that was asked for.
    let first = Oid::from_bytes(&id.0).map_err(|error| refused(&remote, &error))?;
    let needed =
        reachable(&repository, first, &commit).map_err(|error| refused(&remote, &error))?;
    let odb = repository.odb().map_err(|error| refused(&remote, &error))?;
    let mut pack = PackStream::new(&odb, needed);
    store::add_pack(objects, &mut pack).map_err(|source| Error::Broken { remote, source })
}

/// What the repository has.
pub(super) fn refs(source: &Path) -> Result<Vec<Ref>, Error> {
    let repository = open(source)?;
    let failed = |error: git2::Error| refused(&source.display().to_string(), &error);
    let mut found: Vec<Ref> = repository
        .find_reference("HEAD")
        .iter()
        .filter_map(advertised)
        .collect();
    for reference in repository.references().map_err(failed)? {
        found.extend(advertised(&reference.map_err(failed)?));
    }
    Ok(found)
}

/// The commit with the id that begins so; as in Git, nothing else may begin so.
pub(super) fn expand(source: &Path, prefix: &str) -> Result<Option<ObjectId>, Error> {
    let repository = open(source)?;
    let found = repository.find_object_by_prefix(prefix, None);
    let commit = found.and_then(|object| object.peel(ObjectType::Commit));
    Ok(commit.ok().map(|commit| own_id(commit.id())))
}

/// Who made a commit, when and why.
pub(super) fn describe(source: &Path, id: ObjectId) -> Result<CommitNote, Error> {
    let repository = open(source)?;
    let commit = find(&repository, id).and_then(|commit| {
        let odb = repository.odb().ok()?;
        let object = odb.read(commit.id()).ok()?;
        Some(CommitNote::parse(object.data()))
    });
    commit.ok_or_else(|| Error::NoSuchReference {
        remote: source.display().to_string(),
        reference: id.to_string(),
    })
}

/// A reference as a server would tell it; nothing for one that leads nowhere.
fn advertised(reference: &git2::Reference<'_>) -> Option<Ref> {
    let name = String::from_utf8_lossy(reference.name_bytes()).into_owned();
    let target = reference.symbolic_target_bytes();
    let target = target.map(|target| String::from_utf8_lossy(target).into_owned());
    let id = reference.resolve().ok()?.target()?;
    let peeled = reference.peel(ObjectType::Commit).ok();
    Some(Ref {
        name,
        id: own_id(id),
        peeled: peeled.map(|commit| own_id(commit.id())),
        target,
    })
}

fn find(repository: &Repository, id: ObjectId) -> Option<Commit<'_>> {
    let id = Oid::from_bytes(&id.0).ok()?;
    let object = repository.find_object(id, None).ok()?;
    object.peel_to_commit().ok()
}

pub(super) fn own_id(id: Oid) -> ObjectId {
    ObjectId(
        id.as_bytes()
            .try_into()
            .expect("an id of SHA-1 has twenty bytes"),
    )
}

/// Opens the folder, or the one with `.git` behind its name, as `git clone` does.
pub(super) fn open(source: &Path) -> Result<Repository, Error> {
    let opened = Repository::open(source).or_else(|error| {
        let mut with_suffix = source.as_os_str().to_owned();
        with_suffix.push(".git");
        Repository::open(PathBuf::from(with_suffix)).map_err(|_| error)
    });
    let remote = source.display().to_string();
    opened.map_err(|error| match error.code() {
        ErrorCode::NotFound => Error::Missing {
            remote,
            answer: error.message().to_owned(),
        },
        _ => refused(&remote, &error),
    })
}

fn refused(remote: &str, error: &git2::Error) -> Error {
    Error::Broken {
        remote: remote.to_owned(),
        source: io::Error::other(error.message().to_owned()),
    }
}

/// What leads to the commit, the commit, and every tree and blob below it.
fn reachable(
    repository: &Repository,
    mut first: Oid,
    commit: &Commit<'_>,
) -> Result<Vec<Oid>, git2::Error> {
    let mut needed = Vec::new();
    while first != commit.id() {
        needed.push(first);
        first = repository.find_tag(first)?.target_id();
    }
    let tree = commit.tree()?;
    needed.extend([commit.id(), tree.id()]);
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
