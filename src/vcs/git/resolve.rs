//! Names the deltas of a pack: each is applied to its base, and those that build on it follow.
//!
//! Bases are kept in memory as long as they are small and few, in nameless files otherwise, and
//! only while a delta still needs them.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

use flate2::read::ZlibDecoder;

use super::delta::{Base, Changes, Fault, ReadAt, copy, damaged};
use super::indexing::{Delta, Kind, MAX_OBJECT, Naming, Record, Source};
use crate::fsx;

/// An object that is larger than this is unpacked to a file.
const SMALL: u64 = 1 << 20;
/// What all bases in memory may have together.
const IN_MEMORY: u64 = 12 << 20;
/// How many bases may be in files at once; beyond that the pack is an attack on the system.
const MAX_FILES: usize = 128;

/// An unpacked object and the deltas that still need it.
struct Level {
    base: Base,
    kind: Kind,
    children: Vec<usize>,
}

/// Goes from the objects that came whole to all that are changes of them.
struct Resolver<'a> {
    folder: &'a Path,
    data: &'a File,
    records: &'a mut [Record],
    /// Sorted by base.
    deltas: &'a [Delta],
    /// Whether any delta names its base, so that every object may be one.
    by_name: bool,
    /// Bytes in memory, and files, that the bases have that are still needed.
    held: (u64, usize),
}

/// Fills in kind and name of all deltas; a delta whose base is not in the pack is an error.
pub(super) fn resolve(
    folder: &Path,
    data: &File,
    records: &mut [Record],
    mut deltas: Vec<Delta>,
) -> Result<(), Fault> {
    deltas.sort_unstable();
    let by_name = |delta: &Delta| matches!(delta.source, Source::Name(_));
    let mut resolver = Resolver {
        folder,
        data,
        records,
        by_name: deltas.last().is_some_and(by_name),
        deltas: &deltas,
        held: (0, 0),
    };
    let whole = (0..resolver.records.len()).filter(|&root| resolver.records[root].kind.is_some());
    let roots: Vec<_> = whole.filter(|&root| resolver.is_base(root)).collect();
    roots
        .into_iter()
        .try_for_each(|root| resolver.family(root))?;
    if deltas
        .iter()
        .any(|delta| records[delta.record].kind.is_none())
    {
        return Err(damaged("a delta whose base did not come with it"));
    }
    Ok(())
}

impl Resolver<'_> {
    /// The deltas to this one that are still without a name.
    fn children(&self, record: usize) -> impl Iterator<Item = usize> {
        let Record { offset, name, .. } = self.records[record];
        [Source::Offset(offset), Source::Name(name)]
            .into_iter()
            .flat_map(|source| {
                let first = self.deltas.partition_point(|delta| delta.source < source);
                let rest = &self.deltas[first..];
                rest.iter().take_while(move |delta| delta.source == source)
            })
            .map(|delta| delta.record)
            // Two objects of one name both have its deltas; these are applied once.
            .filter(|&child| self.records[child].kind.is_none())
    }

    fn is_base(&self, record: usize) -> bool {
        self.children(record).next().is_some()
    }

    /// Names all that builds on `root`. A base goes before the last that is made from it is a base
    /// itself, so that a long chain does not add up.
    fn family(&mut self, root: usize) -> Result<(), Fault> {
        let Some(kind) = self.records[root].kind else {
            return Ok(());
        };
        let size = self.records[root].size;
        let mut sink = self.sink(kind, size, true)?;
        copy(&mut self.unpacked(root), size, &mut sink)?;
        let mut levels: Vec<Level> = self.level(root, kind, sink)?.into_iter().collect();
        while let Some(mut level) = levels.pop() {
            let Some(child) = level.children.pop() else {
                self.release(&level.base);
                continue;
            };
            let next = self.child(child, &level)?;
            if level.children.is_empty() {
                self.release(&level.base);
            } else {
                levels.push(level);
            }
            levels.extend(next);
        }
        Ok(())
    }

    /// Applies a delta; gives what it makes, if that is needed further.
    fn child(&mut self, child: usize, level: &Level) -> Result<Option<Level>, Fault> {
        let changes = Changes::open(BufReader::new(self.unpacked(child)))?;
        let size = changes.size();
        let kept = self.by_name || self.is_base(child);
        let mut sink = self.sink(level.kind, size, kept)?;
        changes.apply(&level.base, &mut sink)?;
        self.level(child, level.kind, sink)
    }

    fn unpacked(&self, record: usize) -> impl Read {
        let Record { offset, header, .. } = self.records[record];
        ZlibDecoder::new(ReadAt::new(self.data, offset + u64::from(header)))
    }

    fn sink(&self, kind: Kind, size: u64, kept: bool) -> Result<Sink, Fault> {
        if size > MAX_OBJECT {
            return Err(damaged("an object that is too large"));
        }
        let (bytes, files) = self.held;
        let kept = if !kept {
            Kept::Not
        } else if size <= SMALL && bytes + size <= IN_MEMORY {
            Kept::Memory(Vec::with_capacity(usize::try_from(size).unwrap_or(0)))
        } else if files < MAX_FILES {
            let file = fsx::nameless_file(self.folder).map_err(|error| Fault::Output(error.source));
            Kept::Side(BufWriter::new(file?))
        } else {
            return Err(damaged("too many large deltas on top of each other"));
        };
        let naming = Naming::new(kind, size);
        Ok(Sink { naming, kept })
    }

    /// Takes down an object's name; gives it back as a base where deltas need it.
    fn level(&mut self, record: usize, kind: Kind, sink: Sink) -> Result<Option<Level>, Fault> {
        let known = &mut self.records[record];
        (known.kind, known.name) = (Some(kind), sink.naming.finish()?);
        let children: Vec<_> = self.children(record).collect();
        if children.is_empty() {
            return Ok(None);
        }
        let base = match sink.kept {
            Kept::Not => return Ok(None),
            Kept::Memory(bytes) => {
                self.held.0 += bytes.len() as u64;
                Base::Memory(bytes)
            }
            Kept::Side(out) => {
                self.held.1 += 1;
                Base::Side(
                    out.into_inner()
                        .map_err(|error| Fault::Output(error.into_error()))?,
                )
            }
        };
        Ok(Some(Level {
            base,
            kind,
            children,
        }))
    }

    fn release(&mut self, base: &Base) {
        match base {
            Base::Memory(bytes) => self.held.0 -= bytes.len() as u64,
            Base::Side(_) => self.held.1 -= 1,
        }
    }
}

/// Takes an object's bytes.
struct Sink {
    naming: Naming,
    kept: Kept,
}

enum Kept {
    Not,
    Memory(Vec<u8>),
    Side(BufWriter<File>),
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.kept {
            Kept::Not => {}
            Kept::Memory(kept) => kept.extend_from_slice(bytes),
            Kept::Side(out) => out.write_all(bytes)?,
        }
        self.naming.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
