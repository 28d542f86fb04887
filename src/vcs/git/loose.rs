//! Loose objects that are cut short, as a full disk leaves them: libgit2 (1.9) looks for their ends for ever, so
//! they are looked at before it reads them.

use std::io::{self, Read as _};

use flate2::read::ZlibDecoder;
use git2::{Error, ErrorClass, ErrorCode, ObjectType, Oid, Reference, Repository};

use crate::fsx;

/// Tags that are looked through on the way to a commit.
const MAX_TAGS: usize = 16;

/// Fails where an object of the repository stands in a file of its own that does not hold all of it; no more than
/// `longest` bytes are looked at. Objects in packs are not looked at, nor are those of other folders.
pub(super) fn check(repository: &Repository, id: Oid, longest: u64) -> Result<(), Error> {
    let hex = id.to_string();
    let (folder, name) = hex.split_at(2);
    let objects = repository.commondir().join("objects");
    let failed = |reason: String| Error::new(ErrorCode::GenericError, ErrorClass::Odb, reason);
    let path = objects.join(folder).join(name);
    let file = fsx::read_text_if_exists(&path).map_err(|error| failed(error.to_string()))?;
    let Some(bytes) = file else {
        return Ok(());
    };
    let mut content = ZlibDecoder::new(bytes.as_slice()).take(longest);
    io::copy(&mut content, &mut io::sink())
        .map(drop)
        .map_err(|error| failed(format!("the object {hex} is damaged: {error}")))
}

/// The same of what the name leads to with which a revision begins: the commit, and the tags before it.
pub(super) fn check_revision(
    repository: &Repository,
    revision: &str,
    longest: u64,
) -> Result<(), Error> {
    let name = revision.split(['~', '^', '@', ':']).next();
    let name = name.filter(|name| !name.is_empty()).unwrap_or("HEAD");
    let named = repository.resolve_reference_from_short_name(name);
    let named = named.and_then(|found| found.resolve()).ok();
    let mut next = named.as_ref().and_then(Reference::target);
    next = next.or_else(|| Oid::from_str(name).ok());
    // Nobody tags tags of tags for long.
    for _ in 0..MAX_TAGS {
        let Some(id) = next else { break };
        check(repository, id, longest)?;
        let kind = repository.odb()?.read_header(id);
        let is_tag = kind.is_ok_and(|(_, kind)| kind == ObjectType::Tag);
        let tag = is_tag.then(|| repository.find_tag(id)).transpose()?;
        next = tag.map(|tag| tag.target_id());
    }
    Ok(())
}
