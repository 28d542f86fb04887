//! The index of a pack as it stands on disk, version 2.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use sha1::{Digest as _, Sha1};

use super::indexing::{Name, Record};
use crate::fsx;

/// Writes an index of version 2: names, checksums and offsets of the records, which are sorted by
/// name.
pub(super) fn write(path: &Path, records: &[Record], trailer: &Name) -> io::Result<()> {
    const LARGE: u32 = 1 << 31;
    let file = fsx::create_new(path).map_err(|error| error.source)?;
    let mut out = Hashing(BufWriter::new(file), Sha1::new());
    out.write_all(b"\xfftOc\0\0\0\x02")?;
    for first in 0..=255_u8 {
        let upto = records.partition_point(|record| record.name[0] <= first);
        out.write_all(&u32::try_from(upto).unwrap_or(u32::MAX).to_be_bytes())?;
    }
    for record in records {
        out.write_all(&record.name)?;
    }
    for record in records {
        out.write_all(&record.checksum.to_be_bytes())?;
    }
    let mut large = Vec::new();
    for record in records {
        let small = u32::try_from(record.offset)
            .ok()
            .filter(|offset| *offset < LARGE);
        let written = small.unwrap_or_else(|| {
            large.push(record.offset);
            LARGE + u32::try_from(large.len() - 1).expect("there are fewer objects than that")
        });
        out.write_all(&written.to_be_bytes())?;
    }
    for offset in large {
        out.write_all(&offset.to_be_bytes())?;
    }
    out.write_all(trailer)?;
    let hash = out.1.finalize();
    out.0.write_all(&hash)?;
    out.0.flush()
}

/// Writes and hashes.
struct Hashing(BufWriter<File>, Sha1);

impl Hashing {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.1.update(bytes);
        self.0.write_all(bytes)
    }
}
