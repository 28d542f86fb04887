//! Locks that the operating system holds on open files; it lets go of them when a process ends.
//!
//! Some network filesystems have no locks. There it is up to the person that one process runs at a time.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;

use super::{Context as _, Result, open, open_or_create};

/// Holds a lock until dropped.
#[derive(Debug)]
pub struct Guard {
    _file: File,
}

/// Waits for leave to read what the lock is about; others may read at the same time. A file that
/// may only be read will do.
pub fn shared(path: &Path) -> Result<Guard> {
    let file = open_or_create(path).or_else(|error| match error.source.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            open(path).map_err(|_| error)
        }
        _ => Err(error),
    })?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => file.lock_shared().on("lock", path)?,
        other => taken(other, path)?,
    }
    Ok(Guard { _file: file })
}

/// Waits for leave to write; nobody else reads or writes meanwhile.
pub fn exclusive(path: &Path) -> Result<Guard> {
    exclusive_or(path, || {})
}

/// The same; calls `waiting` once if somebody else holds the lock.
pub fn exclusive_or(path: &Path, waiting: impl FnOnce()) -> Result<Guard> {
    let file = open_or_create(path)?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            waiting();
            file.lock().on("lock", path)?;
        }
        other => taken(other, path)?,
    }
    Ok(Guard { _file: file })
}

fn taken(attempt: std::result::Result<(), TryLockError>, path: &Path) -> Result<()> {
    match attempt {
        Err(TryLockError::Error(error)) if error.kind() != ErrorKind::Unsupported => {
            Err(error).on("lock", path)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_share_and_writers_wait() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let (first, second) = (shared(&path).unwrap(), shared(&path).unwrap());
        let other = open_or_create(&path).unwrap();
        assert!(matches!(other.try_lock(), Err(TryLockError::WouldBlock)));
        drop((first, second));
        let mut waited = false;
        exclusive_or(&path, || waited = true).unwrap();
        assert!(!waited);
    }
}
