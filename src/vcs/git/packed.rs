//! Reads a large blob straight from its pack file, a piece at a time.
//!
//! libgit2 gives an object as one piece of memory, and a delta's base beside it. That is right for
//! source files; a blob of hundreds of megabytes is read here instead, in memory that does not
//! depend on its size. A delta's base is unpacked to a nameless file beside the packs.
//! What is not found here is the caller's to look for elsewhere.

use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use flate2::read::ZlibDecoder;

use super::delta::{Base, Changes, Fault, ReadAt, byte, copy, damaged, high_first, low_first};
use crate::fsx;
use crate::vcs::ObjectId;

/// How a version 2 index begins.
const INDEX_MAGIC: [u8; 8] = *b"\xfftOc\0\0\0\x02";
/// What stands before the names: the magic and 256 counts.
const NAMES_AT: u64 = 8 + 256 * 4;
/// Git itself makes no chain of deltas longer than this.
const MAX_CHAIN: usize = 4095;

/// A blob, found in a pack.
#[derive(Debug)]
pub(super) struct PackedBlob {
    pack: Pack,
    /// Where unpacked bases are kept.
    folder: PathBuf,
    /// The blob as it stands in the pack: whole, or the last of a chain of deltas.
    top: Object,
}

/// A pack and its index.
#[derive(Debug)]
struct Pack {
    index: File,
    data: File,
    count: u32,
}

/// An object's header in a pack.
#[derive(Debug, Clone, Copy)]
struct Object {
    content: Content,
    /// The size of the object, or of the delta.
    size: u64,
    /// Where the compressed bytes begin.
    data_at: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Blob,
    /// Changes to the object that stands at the offset.
    Delta(u64),
    Other,
}

/// Looks for a blob among the packs below `objects`.
pub(super) fn find(objects: &Path, id: ObjectId) -> Result<Option<PackedBlob>, Fault> {
    let folder = objects.join("pack");
    let unreadable = |error: fsx::Error| damaged(&error.to_string());
    for entry in fsx::read_dir(&folder).map_err(unreadable)? {
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "idx") {
            continue;
        }
        let index = fsx::open(&path).map_err(unreadable)?;
        let Ok(data) = fsx::open(&path.with_extension("pack")) else {
            continue;
        };
        let Some(pack) = Pack::open(index, data)? else {
            continue;
        };
        if let Some(offset) = pack.find(id)? {
            let top = pack.object(offset)?;
            return Ok(Some(PackedBlob { pack, folder, top }));
        }
    }
    Ok(None)
}

impl PackedBlob {
    /// Writes the blob's bytes to `out`. Their hash is not checked here.
    pub(super) fn write_to(&self, out: &mut dyn Write) -> Result<(), Fault> {
        let mut deltas = Vec::new();
        let mut object = self.top;
        while let Content::Delta(base) = object.content {
            if deltas.len() == MAX_CHAIN {
                return Err(damaged("a chain of deltas without end"));
            }
            deltas.push(object);
            object = self.pack.object(base)?;
        }
        if object.content != Content::Blob {
            return Err(damaged("it is no blob"));
        }
        let whole = &mut self.pack.inflated(&object);
        if deltas.is_empty() {
            return copy(whole, object.size, out);
        }
        let mut base = self.side_file()?;
        copy(whole, object.size, &mut base)?;
        while let Some(delta) = deltas.pop() {
            let delta = io::BufReader::new(self.pack.inflated(&delta));
            let changes = Changes::open(delta)?;
            if deltas.is_empty() {
                return changes.apply(&Base::Side(base), out);
            }
            let mut next = self.side_file()?;
            changes.apply(&Base::Side(base), &mut next)?;
            base = next;
        }
        Ok(())
    }

    fn side_file(&self) -> Result<File, Fault> {
        fsx::nameless_file(&self.folder).map_err(|error| Fault::Output(error.source))
    }
}

impl Pack {
    /// `None` where the index is of a kind that is not read here.
    fn open(index: File, data: File) -> Result<Option<Self>, Fault> {
        let mut magic = [0; 8];
        fsx::read_exact_at(&index, &mut magic, 0)?;
        if magic != INDEX_MAGIC {
            return Ok(None);
        }
        let count = number(&index, NAMES_AT - 4)?;
        Ok(Some(Self { index, data, count }))
    }

    /// The offset of an object.
    fn find(&self, id: ObjectId) -> Result<Option<u64>, Fault> {
        let first = u64::from(id.0[0]);
        let mut low = match first {
            0 => 0,
            _ => number(&self.index, 8 + (first - 1) * 4)?,
        };
        let mut high = number(&self.index, 8 + first * 4)?.min(self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            let mut name = [0; 20];
            let at = NAMES_AT + u64::from(middle) * 20;
            fsx::read_exact_at(&self.index, &mut name, at)?;
            match name.cmp(&id.0) {
                std::cmp::Ordering::Equal => return self.offset(middle).map(Some),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        Ok(None)
    }

    /// The offset of the object whose name is at `position` in the index: four bytes, or a
    /// reference to one of the eight-byte offsets that follow.
    fn offset(&self, position: u32) -> Result<u64, Fault> {
        const LARGE: u32 = 1 << 31;
        let count = u64::from(self.count);
        // Names have 20 bytes, checksums 4.
        let offsets_at = NAMES_AT + count * 24;
        let offset = number(&self.index, offsets_at + u64::from(position) * 4)?;
        if offset < LARGE {
            return Ok(u64::from(offset));
        }
        let mut bytes = [0; 8];
        let at = offsets_at + count * 4 + u64::from(offset - LARGE) * 8;
        fsx::read_exact_at(&self.index, &mut bytes, at)?;
        Ok(u64::from_be_bytes(bytes))
    }

    /// Reads the header of the object at `offset`.
    fn object(&self, offset: u64) -> Result<Object, Fault> {
        let mut input = self.read_from(offset);
        let first = byte(&mut input)?;
        let mut size = u64::from(first & 0x0f);
        if first & 0x80 != 0 {
            size |= low_first(&mut input)?
                .checked_mul(16)
                .ok_or_else(|| damaged("a size that cannot be"))?;
        }
        let content = match (first >> 4) & 7 {
            3 => Content::Blob,
            6 => {
                let back = high_first(&mut input)?;
                let base = offset.checked_sub(back).filter(|_| back > 0);
                Content::Delta(base.ok_or_else(|| damaged("a delta without a base"))?)
            }
            7 => {
                let mut base = [0; 20];
                input.read_exact(&mut base)?;
                let base = self.find(ObjectId(base))?;
                Content::Delta(base.ok_or_else(|| damaged("a delta without a base"))?)
            }
            _ => Content::Other,
        };
        Ok(Object {
            content,
            size,
            data_at: input.position(),
        })
    }

    fn read_from(&self, position: u64) -> ReadAt<'_> {
        ReadAt::new(&self.data, position)
    }

    fn inflated(&self, object: &Object) -> ZlibDecoder<ReadAt<'_>> {
        ZlibDecoder::new(self.read_from(object.data_at))
    }
}

/// A number of four bytes in an index.
fn number(index: &File, at: u64) -> io::Result<u32> {
    let mut bytes = [0; 4];
    fsx::read_exact_at(index, &mut bytes, at)?;
    Ok(u32::from_be_bytes(bytes))
}

#[cfg(test)]
pub(in crate::vcs::git) mod tests;
