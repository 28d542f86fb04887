//! Puts the staged tree in vendor/'s place, then removes the old tree and writes the record.
//!
//! Where the file system can exchange two folders, vendor/ is the old or the new tree at every
//! instant. Where it cannot, there is an instant between two renames at which there is no
//! vendor/; the old tree then waits under a name by which the next run puts it back.
//!
//! An overlay file system, as images of containers have it, does not move a folder that comes from one of its
//! lower layers. There the old tree is removed piece by piece while the new one waits, complete, under a name
//! by which the next run puts it in place should this one be killed.

use std::io;
use std::path::{Path, PathBuf};

use super::carry::carry_git;
use super::error::Error;
use super::moves::Moves;
use super::place::Place;
use super::record::Record;
use super::stage::Staging;
use super::walk::{self, Found};
use crate::fsx;

/// Swaps the trees; returns where the old one is now.
pub(super) fn swap(
    place: &Place,
    staging: &mut Staging<'_>,
    moves: &dyn Moves,
) -> Result<Option<PathBuf>, Error> {
    let vendor = place.path();
    if !place.exists()? {
        moves.rename(&staging.path, &vendor)?;
        staging.release();
        return Ok(None);
    }
    carry_git(&vendor, &staging.path, moves)?;
    let old = match moves.exchange(&staging.path, &vendor) {
        Ok(()) => staging.path.clone(),
        Err(error) if cannot_exchange(&error) => {
            match rename_twice(&staging.path, &vendor, moves) {
                Ok(old) => old,
                Err(error) if cannot_move(&error) => return replace(place, staging, moves),
                Err(error) => return Err(explain(error, &vendor)),
            }
        }
        Err(error) if cannot_move(&error) => return replace(place, staging, moves),
        Err(error) => return Err(explain(error, &vendor)),
    };
    staging.release();
    Ok(Some(old))
}

/// Removes the old tree, and only then puts the new one in its place.
fn replace(
    place: &Place,
    staging: &mut Staging<'_>,
    moves: &dyn Moves,
) -> Result<Option<PathBuf>, Error> {
    let ready = Place::ready(&staging.path);
    moves.rename(&staging.path, &ready)?;
    staging.release();
    place.take_in(&ready, moves)?;
    Ok(None)
}

fn cannot_exchange(error: &fsx::Error) -> bool {
    matches!(
        error.source.kind(),
        io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput
    )
}

/// Whether it is a folder of a lower layer. (A mount point is busy.)
fn cannot_move(error: &fsx::Error) -> bool {
    error.source.kind() == io::ErrorKind::CrossesDevices
}

fn explain(error: fsx::Error, vendor: &Path) -> Error {
    match error.source.kind() {
        io::ErrorKind::ResourceBusy => Error::MountPoint {
            path: vendor.to_owned(),
        },
        _ => Error::File(error),
    }
}

fn rename_twice(staging: &Path, vendor: &Path, moves: &dyn Moves) -> fsx::Result<PathBuf> {
    let aside = Place::set_aside(staging);
    moves.rename(vendor, &aside)?;
    if let Err(error) = moves.rename(staging, vendor) {
        moves.rename(&aside, vendor)?;
        return Err(error);
    }
    // From here on the old tree is waste. While it is being removed it must not have the name by
    // which a next run would put it back.
    match moves.rename(&aside, staging) {
        Ok(()) => Ok(staging.to_owned()),
        Err(_) => Ok(aside),
    }
}

/// Writes down what vendor/ holds now. `linked` are the files that the old tree had as well: one
/// that was edited in between must not be recorded as it is now.
pub(super) fn remember(
    (record, path): (Record, &Path),
    vendor: &Path,
    linked: &[Found],
    (workers, moves): (usize, &dyn Moves),
) -> fsx::Result<()> {
    let mut record = record;
    record.files = walk::walk(vendor, workers)?;
    for file in linked {
        let now = record
            .files
            .binary_search_by(|found| found.path.cmp(&file.path))
            .map(|index| &record.files[index]);
        if now.is_ok_and(|now| is_same_file(now, file)) {
            continue;
        }
        record
            .packages
            .retain(|(package, _)| !super::plan::is_below(&file.path, package.as_bytes()));
    }
    if let Some(folder) = path.parent() {
        fsx::create_dir_all(folder)?;
    }
    moves.write_record(path, &record.encode(vendor))
}

/// Whether a file is untouched but for its number of names, which changes the inode's time.
fn is_same_file(now: &Found, before: &Found) -> bool {
    let (now, before) = (now.stamp, before.stamp);
    (now.size, now.modified, now.inode, now.mode)
        == (before.size, before.modified, before.inode, before.mode)
}
