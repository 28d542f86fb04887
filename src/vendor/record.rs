//! What is installed, remembered outside vendor/: which package at which revision, and what the
//! file system said about every file when it was written.
//!
//! The file is glide-rs' own and may be deleted at any time. It has a line that names the format, a
//! SHA-256 of the rest, then numbers in little endian and bytes with their length in front;
//! paths leave out what they share with the one before. A record that is damaged, of another
//! format or about another vendor/ counts as none. Nothing in it is trusted: it is only compared
//! with what is found on disk.

use std::path::Path;

use super::walk::Found;
use crate::fsx::{self, at::Stamp};
use crate::model::sha256;

/// The first line; its number changes with the format.
const MAGIC: &[u8] = b"glide-rs installed 1\n";

/// What was installed, and what it looked like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// How files were treated on their way; see [`super::Treatment::name`].
    pub(super) treatment: String,
    /// Packages and their revisions, sorted.
    pub(super) packages: Vec<(String, String)>,
    /// The files, sorted by path.
    pub(super) files: Vec<Found>,
}

impl Record {
    /// Reads a record about `vendor`; `None` when there is none that can be used.
    pub(super) fn read(path: &Path, vendor: &Path) -> Option<Self> {
        let bytes = fsx::read_if_exists(path).ok()??;
        Self::decode(&bytes, vendor)
    }

    /// The record as it is written to its file.
    pub(super) fn encode(&self, vendor: &Path) -> Vec<u8> {
        let mut body = Vec::with_capacity(self.files.len() * 64);
        put(&mut body, vendor.as_os_str().as_encoded_bytes());
        put(&mut body, self.treatment.as_bytes());
        put_number(&mut body, self.packages.len() as u64);
        for (package, revision) in &self.packages {
            put(&mut body, package.as_bytes());
            put(&mut body, revision.as_bytes());
        }
        put_number(&mut body, self.files.len() as u64);
        let mut before: &[u8] = b"";
        for file in &self.files {
            let shared = before
                .iter()
                .zip(&file.path)
                .take_while(|(a, b)| a == b)
                .count();
            put_number(&mut body, shared as u64);
            put(&mut body, &file.path[shared..]);
            put_stamp(&mut body, &file.stamp);
            before = &file.path;
        }
        [MAGIC, &sha256(&body), &body].concat()
    }

    fn decode(bytes: &[u8], vendor: &Path) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (sum, body) = rest.split_at_checked(32)?;
        if sha256(body) != *sum {
            return None;
        }
        let mut input = Input(body);
        if input.bytes()? != vendor.as_os_str().as_encoded_bytes() {
            return None;
        }
        let treatment = input.text()?;
        let packages = (0..input.number()?)
            .map(|_| Some((input.text()?, input.text()?)))
            .collect::<Option<_>>()?;
        let mut before = Vec::new();
        let files = (0..input.number()?)
            .map(|_| {
                let shared = usize::try_from(input.number()?).ok()?;
                let mut path = before.get(..shared)?.to_vec();
                path.extend_from_slice(input.bytes()?);
                before.clone_from(&path);
                let stamp = input.stamp()?;
                Some(Found { path, stamp })
            })
            .collect::<Option<_>>()?;
        Some(Self {
            treatment,
            packages,
            files,
        })
    }
}

fn put_number(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    put_number(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn put_stamp(out: &mut Vec<u8>, stamp: &Stamp) {
    put_number(out, stamp.size);
    out.extend_from_slice(&stamp.modified.to_le_bytes());
    out.extend_from_slice(&stamp.changed.to_le_bytes());
    put_number(out, stamp.inode);
    put_number(out, stamp.mode.into());
}

/// What is still to be decoded.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn number(&mut self) -> Option<u64> {
        let (number, rest) = self.0.split_first_chunk::<8>()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*number))
    }

    fn time(&mut self) -> Option<i64> {
        self.number().map(u64::cast_signed)
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    fn text(&mut self) -> Option<String> {
        Some(std::str::from_utf8(self.bytes()?).ok()?.to_owned())
    }

    fn stamp(&mut self) -> Option<Stamp> {
        Some(Stamp {
            size: self.number()?,
            modified: self.time()?,
            changed: self.time()?,
            inode: self.number()?,
            mode: u32::try_from(self.number()?).ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{MAGIC, Record};
    use crate::fsx::at::Stamp;
    use crate::vendor::walk::Found;

    fn sample() -> Record {
        let file = |path: &[u8], size| Found {
            path: path.to_vec(),
            stamp: Stamp {
                size,
                modified: -1,
                changed: i64::MAX,
                inode: u64::MAX,
                mode: 0o100_644,
            },
        };
        Record {
            treatment: "plain".into(),
            packages: vec![("a/b".into(), "1".into()), ("c".into(), String::new())],
            files: vec![
                file(b"a/b/x.go", 0),
                file(b"a/b/y \xff", 7),
                file(b"c/z", 1),
            ],
        }
    }

    #[test]
    fn a_record_is_read_as_it_was_written() {
        let bytes = sample().encode(Path::new("/p/vendor"));
        assert_eq!(
            Record::decode(&bytes, Path::new("/p/vendor")),
            Some(sample())
        );
    }

    #[test]
    fn a_record_of_another_vendor_or_format_counts_as_none() {
        let bytes = sample().encode(Path::new("/p/vendor"));
        assert_eq!(Record::decode(&bytes, Path::new("/q/vendor")), None);
        let mut other = bytes;
        other[MAGIC.len() - 2] += 1;
        assert_eq!(Record::decode(&other, Path::new("/p/vendor")), None);
    }

    #[test]
    fn a_record_with_any_byte_changed_or_missing_counts_as_none() {
        let vendor = Path::new("/p/vendor");
        let bytes = sample().encode(vendor);
        for at in 0..bytes.len() {
            let mut garbled = bytes.clone();
            garbled[at] ^= 0x40;
            assert_eq!(Record::decode(&garbled, vendor), None, "byte {at}");
            assert_eq!(Record::decode(&bytes[..at], vendor), None, "length {at}");
        }
    }

    #[test]
    fn lengths_that_lie_are_refused_even_with_the_right_sum() {
        let body = sample().encode(Path::new("v"))[MAGIC.len() + 32..].to_vec();
        for at in 0..body.len() {
            let mut body = body.clone();
            body[at] = 0xFF;
            let bytes = [MAGIC, &crate::model::sha256(&body)[..], &body].concat();
            // No panic and no endless allocation is all that can be asked for.
            let _ = Record::decode(&bytes, Path::new("v"));
        }
    }
}
