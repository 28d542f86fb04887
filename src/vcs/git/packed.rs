//! Reads a large blob straight from its pack file, a piece at a time.
//!
//! libgit2 gives an object as one piece of memory, and a delta's base beside it. That is right for
//! source files; a blob of hundreds of megabytes is read here instead, in memory that does not
//! depend on its size. A delta's base is unpacked to a nameless file beside the packs.
//! What is not found here is the caller's to look for elsewhere.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use flate2::read::ZlibDecoder;

use crate::fsx;
use crate::vcs::ObjectId;

/// How a version 2 index begins.
const INDEX_MAGIC: [u8; 8] = *b"\xfftOc\0\0\0\x02";
/// What stands before the names: the magic and 256 counts.
const NAMES_AT: u64 = 8 + 256 * 4;
/// Git itself makes no chain of deltas longer than this.
const MAX_CHAIN: usize = 4095;
/// How much is copied at a time.
const PIECE: usize = 64 << 10;

/// Why a blob could not be read.
#[derive(Debug)]
pub(super) enum Fault {
    /// The pack is not what it should be.
    Damaged(String),
    /// The pack is fine; the bytes could not be put where they belong.
    Output(io::Error),
}

impl From<io::Error> for Fault {
    /// Reading is what fails, unless said otherwise.
    fn from(error: io::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}

fn damaged(reason: &str) -> Fault {
    Fault::Damaged(reason.to_owned())
}

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
            let mut changes = Changes {
                delta: io::BufReader::new(self.pack.inflated(&delta)),
                base: &base,
            };
            if deltas.is_empty() {
                return changes.apply(out);
            }
            let mut next = self.side_file()?;
            changes.apply(&mut next)?;
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
        index.read_exact_at(&mut magic, 0)?;
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
            self.index.read_exact_at(&mut name, at)?;
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
        self.index.read_exact_at(&mut bytes, at)?;
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
            data_at: input.position,
        })
    }

    fn read_from(&self, position: u64) -> ReadAt<'_> {
        ReadAt {
            file: &self.data,
            position,
        }
    }

    fn inflated(&self, object: &Object) -> ZlibDecoder<ReadAt<'_>> {
        ZlibDecoder::new(self.read_from(object.data_at))
    }
}

/// A delta, and what it changes.
struct Changes<'a, R> {
    delta: R,
    base: &'a File,
}

impl<R: Read> Changes<'_, R> {
    /// Writes the changed object to `out`.
    fn apply(&mut self, out: &mut dyn Write) -> Result<(), Fault> {
        let base_size = low_first(&mut self.delta)?;
        if self.base.metadata()?.len() != base_size {
            return Err(damaged("a delta for another base"));
        }
        let mut left = low_first(&mut self.delta)?;
        while left > 0 {
            let instruction = byte(&mut self.delta)?;
            let length = if instruction & 0x80 != 0 {
                self.copied(instruction, (base_size, left), out)?
            } else {
                let length = u64::from(instruction);
                if length == 0 || length > left {
                    return Err(damaged("a delta that makes too much"));
                }
                copy(&mut (&mut self.delta).take(length), length, out)?;
                length
            };
            left -= length;
        }
        Ok(())
    }

    /// Copies a piece of the base, whose offset and length follow the instruction.
    fn copied(
        &mut self,
        instruction: u8,
        (base_size, left): (u64, u64),
        out: &mut dyn Write,
    ) -> Result<u64, Fault> {
        let mut number = |bits: std::ops::Range<u32>| {
            let mut value = 0;
            for (place, bit) in bits.enumerate() {
                if instruction & (1 << bit) != 0 {
                    value |= u64::from(byte(&mut self.delta)?) << (8 * place);
                }
            }
            io::Result::Ok(value)
        };
        let start = number(0..4)?;
        let length = match number(4..7)? {
            0 => 0x10000,
            length => length,
        };
        if start + length > base_size || length > left {
            return Err(damaged("a delta that copies what is not there"));
        }
        let mut piece = ReadAt {
            file: self.base,
            position: start,
        };
        copy(&mut piece, length, out)?;
        Ok(length)
    }
}

/// Copies exactly `length` bytes.
fn copy(input: &mut dyn Read, length: u64, out: &mut dyn Write) -> Result<(), Fault> {
    let mut buffer = vec![0; PIECE.min(usize::try_from(length).unwrap_or(PIECE))];
    let mut left = length;
    while left > 0 {
        let most = buffer
            .len()
            .min(usize::try_from(left).unwrap_or(buffer.len()));
        let count = input.read(&mut buffer[..most])?;
        if count == 0 {
            return Err(damaged("it is shorter than it says"));
        }
        out.write_all(&buffer[..count]).map_err(Fault::Output)?;
        left -= count as u64;
    }
    Ok(())
}

/// A file from a position on, without moving the position that others of its users have.
struct ReadAt<'a> {
    file: &'a File,
    position: u64,
}

impl Read for ReadAt<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(out, self.position)?;
        self.position += count as u64;
        Ok(count)
    }
}

fn byte(input: &mut dyn Read) -> io::Result<u8> {
    let mut byte = [0];
    input.read_exact(&mut byte)?;
    Ok(byte[0])
}

/// A number of four bytes in an index.
fn number(index: &File, at: u64) -> io::Result<u32> {
    let mut bytes = [0; 4];
    index.read_exact_at(&mut bytes, at)?;
    Ok(u32::from_be_bytes(bytes))
}

/// A number of seven bits a byte, the lowest first.
fn low_first(input: &mut dyn Read) -> Result<u64, Fault> {
    let mut value = 0;
    for shift in (0..63).step_by(7) {
        let next = byte(input)?;
        value |= u64::from(next & 0x7f) << shift;
        if next & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(damaged("a size that cannot be"))
}

/// A number of seven bits a byte, the highest first; each further byte adds one, so that no
/// number has two spellings.
fn high_first(input: &mut dyn Read) -> Result<u64, Fault> {
    let mut next = byte(input)?;
    let mut value = u64::from(next & 0x7f);
    while next & 0x80 != 0 {
        next = byte(input)?;
        if value >= 1 << 55 {
            return Err(damaged("an offset that cannot be"));
        }
        value = ((value + 1) << 7) | u64::from(next & 0x7f);
    }
    Ok(value)
}

#[cfg(test)]
mod tests;
