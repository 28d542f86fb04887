//! Takes a pack in as it arrives: writes it to disk, checks it, and makes its index.
//!
//! Every object's hash is computed here, with a SHA-1 that knows the marks of forged collisions.
//! Nothing that the pack says of sizes decides how much memory is used: large objects go by in
//! pieces. A pack that is cut off, lies about a size, or leaves out a base is refused.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use flate2::{Crc, Decompress, FlushDecompress, Status};
use sha1::{Digest as _, Sha1};
use sha1_checked::Sha1 as CheckedSha1;

use super::delta::{Fault, damaged, high_first, low_first};
use super::index_file;
use super::resolve;
use crate::fsx;

/// More bytes than this has no source file; the object is an attack on the disk.
pub(super) const MAX_OBJECT: u64 = 8 << 30;
/// How much is read, and unpacked, at a time.
const PIECE: usize = 64 << 10;

/// An object's name as bytes.
pub(super) type Name = [u8; 20];

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Commit,
    Tree,
    Blob,
    Tag,
}

/// What a delta is a change of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// The object at this offset.
    Offset(u64),
    /// The object of this name, which is in the same pack.
    Name(Name),
}

/// What the index says of an object, and what it takes to read it again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record {
    /// Its place in the pack.
    pub(super) offset: u64,
    /// The size of the object, or of the delta.
    pub(super) size: u64,
    /// How many bytes its header has.
    pub(super) header: u8,
    /// Nothing for a delta until that has been applied.
    pub(super) kind: Option<Kind>,
    /// Zero until it is known.
    pub(super) name: Name,
    /// Of its bytes in the pack, header included (CRC-32).
    pub(super) checksum: u32,
}

/// A delta and its base.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Delta {
    pub(super) source: Source,
    /// Which of the records is the delta.
    pub(super) record: usize,
}

/// Computes objects' names.
pub(super) struct Naming(CheckedSha1);

impl Naming {
    /// Begins with an object's kind and size.
    pub(super) fn new(kind: Kind, size: u64) -> Self {
        let kind = match kind {
            Kind::Commit => "commit",
            Kind::Tree => "tree",
            Kind::Blob => "blob",
            Kind::Tag => "tag",
        };
        let mut hash = CheckedSha1::new();
        hash.update(format!("{kind} {size}\0"));
        Self(hash)
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(super) fn finish(self) -> Result<Name, Fault> {
        let result = self.0.try_finalize();
        if result.has_collision() {
            return Err(damaged("an object that is made to collide with another"));
        }
        Ok((*result.hash()).into())
    }
}

/// Writes the pack to `folder` and its index beside it; gives the two files' name without
/// extension.
pub(super) fn receive(folder: &Path, pack: &mut dyn Read) -> io::Result<String> {
    take_in(folder, pack).map_err(|fault| match fault {
        Fault::Damaged(reason) => io::Error::new(io::ErrorKind::InvalidData, reason),
        Fault::Output(error) => error,
    })
}

fn take_in(folder: &Path, pack: &mut dyn Read) -> Result<String, Fault> {
    let path = folder.join("pack");
    let mut arrival = Arrival::new(
        pack,
        fsx::create_new(&path).map_err(|error| output(&error))?,
    );
    let (mut records, deltas) = arrival.objects()?;
    let trailer = arrival.end()?;
    let data = fsx::open(&path).map_err(|error| output(&error))?;
    resolve::resolve(folder, &data, &mut records, deltas)?;
    records.sort_unstable_by_key(|record| record.name);
    if records.windows(2).any(|pair| pair[0].name == pair[1].name) {
        return Err(damaged("an object that is there twice"));
    }
    let name = format!("pack-{}", crate::vcs::ObjectId(trailer));
    let index = folder.join(format!("{name}.idx"));
    index_file::write(&index, &records, &trailer).map_err(Fault::Output)?;
    fsx::rename(&path, &folder.join(format!("{name}.pack"))).map_err(|error| output(&error))?;
    Ok(name)
}

fn output(error: &fsx::Error) -> Fault {
    Fault::Output(io::Error::new(error.source.kind(), error.in_full()))
}

/// A pack on its way to the disk.
struct Arrival<'a> {
    input: &'a mut dyn Read,
    file: BufWriter<File>,
    buffer: Vec<u8>,
    /// What of the buffer is still to be looked at.
    unread: std::ops::Range<usize>,
    /// How many bytes have been looked at.
    position: u64,
    hash: Sha1,
    checksum: Crc,
    inflate: Decompress,
    unpacked: Vec<u8>,
}

impl<'a> Arrival<'a> {
    fn new(input: &'a mut dyn Read, file: File) -> Self {
        Self {
            input,
            file: BufWriter::with_capacity(PIECE, file),
            buffer: vec![0; PIECE],
            unread: 0..0,
            position: 0,
            hash: Sha1::new(),
            checksum: Crc::new(),
            inflate: Decompress::new(true),
            unpacked: vec![0; PIECE],
        }
    }

    /// Reads more when nothing is left; says whether anything is there now.
    fn fill(&mut self) -> io::Result<bool> {
        if self.unread.is_empty() {
            let count = loop {
                match self.input.read(&mut self.buffer) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    other => break other?,
                }
            };
            self.unread = 0..count;
        }
        Ok(!self.unread.is_empty())
    }

    /// Passes bytes on to the disk and the hashes.
    fn consume(&mut self, count: usize) -> Result<(), Fault> {
        let bytes = &self.buffer[self.unread.start..self.unread.start + count];
        self.hash.update(bytes);
        self.checksum.update(bytes);
        self.file.write_all(bytes).map_err(Fault::Output)?;
        self.unread.start += count;
        self.position += count as u64;
        Ok(())
    }

    /// All objects, those that are deltas once more with their bases.
    fn objects(&mut self) -> Result<(Vec<Record>, Vec<Delta>), Fault> {
        let mut head = [0; 12];
        self.read_exact(&mut head).map_err(passed_on)?;
        if head[..8] != *b"PACK\0\0\0\x02" {
            return Err(damaged("what came is no pack of version 2"));
        }
        let count = u32::from_be_bytes([head[8], head[9], head[10], head[11]]);
        // Room is made as objects come: the number is only what the pack says.
        let (mut records, mut deltas) = (Vec::new(), Vec::new());
        for _ in 0..count {
            let (record, source) = self.object()?;
            if let Some(source) = source {
                let record = records.len();
                deltas.push(Delta { source, record });
            }
            records.push(record);
        }
        Ok((records, deltas))
    }

    fn object(&mut self) -> Result<(Record, Option<Source>), Fault> {
        let offset = self.position;
        self.checksum = Crc::new();
        let header = header(self, offset).map_err(|fault| match fault {
            Header::Broken(error) => passed_on(error),
            Header::Bad(fault) => fault,
        })?;
        let length = u8::try_from(self.position - offset);
        let length = length.map_err(|_| damaged("a header that cannot be"))?;
        if header.size > MAX_OBJECT {
            return Err(damaged("an object that is too large"));
        }
        let (kind, source) = match header.content {
            Content::Whole(kind) => (Some(kind), None),
            Content::Delta(source) => (None, Some(source)),
        };
        let mut naming = kind.map(|kind| Naming::new(kind, header.size));
        self.unpack(header.size, naming.as_mut())?;
        let record = Record {
            offset,
            size: header.size,
            header: length,
            kind,
            name: naming.map_or(Ok([0; 20]), Naming::finish)?,
            checksum: self.checksum.sum(),
        };
        Ok((record, source))
    }

    /// Unpacks an object to see where it ends and what it is called.
    fn unpack(&mut self, size: u64, mut naming: Option<&mut Naming>) -> Result<(), Fault> {
        self.inflate.reset(true);
        loop {
            if !self.fill().map_err(passed_on)? {
                return Err(damaged("the pack is cut off"));
            }
            let (read, made) = (self.inflate.total_in(), self.inflate.total_out());
            let input = &self.buffer[self.unread.clone()];
            let status = self
                .inflate
                .decompress(input, &mut self.unpacked, FlushDecompress::None);
            let status = status.map_err(|error| Fault::Damaged(error.to_string()))?;
            let read = usize::try_from(self.inflate.total_in() - read);
            let made = usize::try_from(self.inflate.total_out() - made);
            let (read, made) = read.ok().zip(made.ok()).expect("pieces of a buffer");
            if self.inflate.total_out() > size {
                return Err(damaged("an object is longer than it says"));
            }
            if let Some(naming) = &mut naming {
                naming.update(&self.unpacked[..made]);
            }
            self.consume(read)?;
            match status {
                Status::StreamEnd if self.inflate.total_out() == size => return Ok(()),
                Status::StreamEnd => return Err(damaged("an object is shorter than it says")),
                _ if read == 0 && made == 0 => return Err(damaged("an object without end")),
                _ => {}
            }
        }
    }

    /// The hash of all that came before, with which a pack ends.
    fn end(mut self) -> Result<Name, Fault> {
        let computed: Name = self.hash.finalize_reset().into();
        let mut trailer = [0; 20];
        self.read_exact(&mut trailer).map_err(passed_on)?;
        if trailer != computed {
            return Err(damaged("the pack's hash differs"));
        }
        if self.fill().map_err(passed_on)? {
            return Err(damaged("something follows the pack"));
        }
        self.file.flush().map_err(Fault::Output)?;
        Ok(trailer)
    }
}

impl Read for Arrival<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if !self.fill()? {
            return Ok(0);
        }
        let count = out.len().min(self.unread.len());
        out[..count].copy_from_slice(&self.buffer[self.unread.start..][..count]);
        self.consume(count).map_err(|fault| match fault {
            Fault::Output(error) => error,
            Fault::Damaged(reason) => io::Error::other(reason),
        })?;
        Ok(count)
    }
}

/// A connection that breaks is told of as such; a pack that ends early is damaged.
fn passed_on(error: io::Error) -> Fault {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => damaged("the pack is cut off"),
        _ => Fault::Output(error),
    }
}

enum Content {
    Whole(Kind),
    Delta(Source),
}

struct Parsed {
    content: Content,
    size: u64,
}

enum Header {
    Broken(io::Error),
    Bad(Fault),
}

impl From<io::Error> for Header {
    fn from(error: io::Error) -> Self {
        Self::Broken(error)
    }
}

/// Reads what stands before an object's compressed bytes.
fn header(input: &mut dyn Read, offset: u64) -> Result<Parsed, Header> {
    let first = super::delta::byte(input)?;
    let bad = |reason| Header::Bad(damaged(reason));
    let mut size = u64::from(first & 0x0f);
    if first & 0x80 != 0 {
        let high = low_first(input).map_err(Header::Bad)?;
        size |= high
            .checked_mul(16)
            .ok_or_else(|| bad("a size that cannot be"))?;
    }
    let content = match (first >> 4) & 7 {
        1 => Content::Whole(Kind::Commit),
        2 => Content::Whole(Kind::Tree),
        3 => Content::Whole(Kind::Blob),
        4 => Content::Whole(Kind::Tag),
        6 => {
            let back = high_first(input).map_err(Header::Bad)?;
            let base = offset.checked_sub(back).filter(|_| back > 0);
            let base = base.ok_or_else(|| bad("a delta without a base"))?;
            Content::Delta(Source::Offset(base))
        }
        7 => {
            let mut base = [0; 20];
            input.read_exact(&mut base)?;
            Content::Delta(Source::Name(base))
        }
        _ => return Err(bad("an object of no known kind")),
    };
    Ok(Parsed { content, size })
}

#[cfg(test)]
mod tests;
