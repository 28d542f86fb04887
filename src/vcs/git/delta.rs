//! Deltas: an object as changes to another one, applied a piece at a time.
//!
//! Sizes and offsets come from a remote and are checked; how much memory is used does not depend
//! on them. Where packs keep deltas is not known here.

use std::fs::File;
use std::io::{self, Read, Write};

use crate::fsx;

/// How much is copied at a time.
const PIECE: usize = 64 << 10;

/// Why an object could not be read.
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

pub(super) fn damaged(reason: &str) -> Fault {
    Fault::Damaged(reason.to_owned())
}

/// An object that others are changes of.
#[derive(Debug)]
pub(super) enum Base {
    /// A small one.
    Memory(Vec<u8>),
    /// A large one, in a file without a name.
    Side(File),
}

impl Base {
    fn size(&self) -> io::Result<u64> {
        match self {
            Self::Memory(bytes) => Ok(bytes.len() as u64),
            Self::Side(file) => Ok(file.metadata()?.len()),
        }
    }

    /// Writes a piece of it, which must lie inside.
    fn write_piece(&self, start: u64, length: u64, out: &mut dyn Write) -> Result<(), Fault> {
        match self {
            Self::Memory(bytes) => {
                let range = usize::try_from(start)
                    .ok()
                    .zip(usize::try_from(length).ok());
                let piece = range.and_then(|(start, length)| bytes.get(start..start + length));
                let piece =
                    piece.ok_or_else(|| damaged("a delta that copies what is not there"))?;
                out.write_all(piece).map_err(Fault::Output)
            }
            Self::Side(file) => copy(&mut ReadAt::new(file, start), length, out),
        }
    }
}

/// A delta whose instructions are still to be read.
pub(super) struct Changes<R> {
    delta: R,
    base_size: u64,
    size: u64,
}

impl<R: Read> Changes<R> {
    /// Reads the two sizes that a delta begins with.
    pub(super) fn open(mut delta: R) -> Result<Self, Fault> {
        let base_size = low_first(&mut delta)?;
        let size = low_first(&mut delta)?;
        Ok(Self {
            delta,
            base_size,
            size,
        })
    }

    /// The size of the object that the delta makes.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Writes the changed object to `out`.
    pub(super) fn apply(mut self, base: &Base, out: &mut dyn Write) -> Result<(), Fault> {
        if base.size()? != self.base_size {
            return Err(damaged("a delta for another base"));
        }
        let mut left = self.size;
        while left > 0 {
            let instruction = byte(&mut self.delta)?;
            let length = if instruction & 0x80 != 0 {
                let (start, length) = self.place(instruction)?;
                if start + length > self.base_size || length > left {
                    return Err(damaged("a delta that copies what is not there"));
                }
                base.write_piece(start, length, out)?;
                length
            } else {
                let length = u64::from(instruction);
                if length == 0 || length > left {
                    return Err(damaged("a delta that makes too much"));
                }
                copy(&mut self.delta, length, out)?;
                length
            };
            left -= length;
        }
        Ok(())
    }

    /// Start and length of a piece of the base, which follow the instruction.
    fn place(&mut self, instruction: u8) -> io::Result<(u64, u64)> {
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
        Ok((start, length))
    }
}

/// Copies exactly `length` bytes.
pub(super) fn copy(input: &mut dyn Read, length: u64, out: &mut dyn Write) -> Result<(), Fault> {
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
pub(super) struct ReadAt<'a> {
    file: &'a File,
    position: u64,
}

impl<'a> ReadAt<'a> {
    pub(super) fn new(file: &'a File, position: u64) -> Self {
        Self { file, position }
    }

    /// Where the next byte is read.
    pub(super) fn position(&self) -> u64 {
        self.position
    }
}

impl Read for ReadAt<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = fsx::read_at(self.file, out, self.position)?;
        self.position += count as u64;
        Ok(count)
    }
}

/// One byte.
pub(super) fn byte(input: &mut dyn Read) -> io::Result<u8> {
    let mut byte = [0];
    input.read_exact(&mut byte)?;
    Ok(byte[0])
}

/// A number of seven bits a byte, the lowest first.
pub(super) fn low_first(input: &mut dyn Read) -> Result<u64, Fault> {
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
pub(super) fn high_first(input: &mut dyn Read) -> Result<u64, Fault> {
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
mod tests {
    use super::*;

    #[test]
    fn a_delta_that_reaches_beyond_its_base_or_its_size_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = crate::fsx::nameless_file(folder.path()).unwrap();
        (&file).write_all(&[7; 100]).unwrap();
        for base in [Base::Side(file), Base::Memory(vec![7; 100])] {
            check(&base);
        }
    }

    fn check(base: &Base) {
        let apply = |delta: &[u8]| {
            let mut out = Vec::new();
            Changes::open(delta)?
                .apply(base, &mut out)
                .map(|()| out.len())
        };
        // Base of 100 bytes, result of 10: copy 10 from 90; insert 2 and copy 8.
        assert_eq!(apply(&[100, 10, 0x91, 90, 10]).unwrap(), 10);
        assert_eq!(apply(&[100, 10, 2, 1, 2, 0x90, 8]).unwrap(), 10);
        for delta in [
            &[99, 10, 0x90, 10][..],
            &[100, 10, 0x91, 91, 10],
            &[100, 10, 0x90, 11],
            &[100, 10, 0x9f, 255, 255, 255, 255, 10],
            &[100, 10, 0],
            &[100, 10, 11, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
            &[100, 10, 5, 1],
            &[100, 10],
            &[],
            &[0xff; 12],
        ] {
            assert!(matches!(apply(delta), Err(Fault::Damaged(_))), "{delta:?}");
        }
    }
}
