//! glide.yaml, glide.lock and mirrors.yaml, and the hash that ties the first two.
//!
//! Reading glide.yaml is two steps: [`Config::parse`] is pure, [`RawConfig::normalise`] splits names
//! into repository and sub-package, for which it may ask [`Roots`](crate::model::Roots) (and that one the network),
//! merges what is listed twice and drops what is ignored. A glide.lock is taken as it is written.
//! [`edit()`] and [`edit_mirrors`] change a file's text and keep what the person wrote. [`merge()`] puts two
//! locks together by what they say; [`Sides`] reads them out of a text with git's conflict markers.
//! Nothing here touches a disk or a clock. This answers to Glide's `cfg` and `mirrors` packages.

mod changes;
mod config;
mod dependency;
mod edit;
mod error;
mod files;
mod lines;
mod lock;
mod markers;
mod merge;
mod mirrors;
mod misspelt;
mod normalise;
mod standard;
#[cfg(test)]
mod tests;
mod timestamp;

pub use changes::{Change, Changes};
pub use config::{Config, Owner, RawConfig};
pub use dependency::{Dependency, MirrorPlace, RawDependency, Remote};
pub use edit::{Edited, MirrorChange, edit, edit_mirrors};
pub use error::Error;
pub use files::{FileKind, reformat};
pub use lines::{line, lines};
pub use lock::{Lock, LockedDependency, Pin};
pub use markers::{Labels, MarkerError, Sides, first_marker};
pub use merge::{Disagreement, Merge, OpenHash, Placed, RepeatedEntry, Side, merge};
pub use mirrors::{Mirror, Mirrors};
pub use misspelt::{Misspelt, misspelt};
pub use normalise::{is_standard, split_name};
pub use timestamp::Timestamp;

#[cfg(test)]
pub(crate) use tests::roots::RecordedRoots;

use crate::yaml::{self, Fields};

/// Reads the first document of a file into a record; an empty file is an empty record.
///
/// A document that is null is refused: Glide reads it as no record at all and crashes later.
fn read_file<R: Fields>(bytes: &[u8]) -> Result<R, yaml::Error> {
    let Some(document) = yaml::parse(bytes)? else {
        return Ok(R::default());
    };
    let mut decoder = yaml::Decoder::new(&document);
    let record = decoder.record_or_null(document.root())?;
    match record {
        Some(None) => Err(decoder.error_at(document.root(), "the document is null")),
        Some(Some(record)) => decoder.finish().map(|()| record),
        None => decoder.finish().map(|()| R::default()),
    }
}

/// Reads a list of records, none of which may be null (Glide crashes over a null one).
fn read_records<R: Fields>(
    decoder: &mut yaml::Decoder<'_>,
    id: yaml::NodeId,
    name: &str,
) -> Result<Option<Vec<R>>, yaml::Error> {
    let list = decoder.list(id, name, |decoder, id| {
        match decoder.record_or_null(id)? {
            Some(None) => Err(decoder.error_at(id, "a list item is null")),
            other => Ok(other.flatten()),
        }
    })?;
    Ok(list.map(Option::unwrap_or_default))
}

/// The name without regard to case, for sorting; each character by itself, as Go does it.
fn lower_case(name: &str) -> String {
    name.chars()
        .map(|c| c.to_lowercase().next().unwrap_or(c))
        .collect()
}
