//! Locks that the operating system holds on open files; it lets go of them when a process ends.
//!
//! Some network filesystems have no locks. There it is up to the person that one process runs at a time.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;

use super::system::{is_open_at, lock_of_folder};
use super::{Context as _, Result, open, open_or_create};

/// What stands in a folder while somebody has leave to change it, where folders cannot be locked.
#[cfg(windows)]
const ALONE: &str = ".glide-rs.lock";

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

/// What came of asking for leave without waiting for it.
#[derive(Debug)]
pub enum Attempt {
    /// It is ours.
    Taken(Guard),
    /// Somebody else has it.
    Held,
    /// The file system has no locks.
    Unsupported,
}

/// Asks for leave to change what is in a folder; nothing is left in it when the guard is dropped, or its
/// holder killed.
pub fn try_folder(path: &Path) -> Result<Attempt> {
    #[cfg(windows)]
    {
        let opened = super::system::open_alone(&path.join(ALONE))?;
        Ok(opened.map_or(Attempt::Held, |file| Attempt::Taken(Guard { _file: file })))
    }
    #[cfg(not(windows))]
    {
        let file = open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Attempt::Taken(Guard { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(Attempt::Held),
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => {
                Ok(Attempt::Unsupported)
            }
            Err(TryLockError::Error(error)) => Err(error).on("lock", path),
        }
    }
}

/// Waits for leave to use a folder, which is its own lock; others may use it at the same time. `None`
/// where it has gone meanwhile, or another has taken its place.
pub fn shared_folder(path: &Path) -> Result<Option<Guard>> {
    let file = lock_of_folder(path)?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => file.lock_shared().on("lock", path)?,
        other => taken(other, path)?,
    }
    Ok(is_open_at(&file, path).then_some(Guard { _file: file }))
}

/// Leave to do away with a folder; `None` where somebody uses it, where it is gone, and where that
/// cannot be told because the file system has no locks.
pub fn unused_folder(path: &Path) -> Result<Option<Guard>> {
    let file = lock_of_folder(path)?;
    let locked = match file.try_lock() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock) => false,
        Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => false,
        Err(TryLockError::Error(error)) => Err(error).on("lock", path)?,
    };
    Ok((locked && is_open_at(&file, path)).then_some(Guard { _file: file }))
}

/// Whether somebody else holds the lock in a file at this moment.
pub fn is_held(path: &Path) -> bool {
    // Leave that is got is given back at once.
    open(path).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
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
        assert!(is_held(&path));
        drop((first, second));
        assert!(!is_held(&path) && !is_held(&folder.path().join("none")));
        let mut waited = false;
        exclusive_or(&path, || waited = true).unwrap();
        assert!(!waited);
    }

    #[test]
    fn a_folder_is_its_own_lock_for_as_long_as_it_stands_there() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("folder");
        assert!(shared_folder(&path).unwrap_err().is_not_found());
        crate::fsx::create_dir(&path).unwrap();
        let users = [shared_folder(&path).unwrap(), shared_folder(&path).unwrap()];
        assert!(users.iter().all(Option::is_some));
        assert!(unused_folder(&path).unwrap().is_none());
        drop(users);
        let alone = unused_folder(&path).unwrap();
        assert!(alone.is_some());
        let waiting = lock_of_folder(&path).unwrap();
        crate::fsx::remove_tree(&path).unwrap();
        assert!(!is_open_at(&waiting, &path));
        crate::fsx::create_dir(&path).unwrap();
        // Where the lock is another file, whoever waits for it gets no leave before it is let go of.
        #[cfg(unix)]
        assert!(!is_open_at(&waiting, &path));
        drop((alone, waiting));
        assert!(shared_folder(&path).unwrap().is_some());
    }

    #[test]
    fn who_changes_a_folder_is_alone_and_leaves_nothing() {
        let root = tempfile::tempdir().unwrap();
        let Attempt::Taken(first) = try_folder(root.path()).unwrap() else {
            panic!("nobody has it");
        };
        assert!(matches!(try_folder(root.path()).unwrap(), Attempt::Held));
        drop(first);
        assert!(crate::fsx::read_dir(root.path()).unwrap().is_empty());
        assert!(matches!(
            try_folder(root.path()).unwrap(),
            Attempt::Taken(_)
        ));
        assert!(
            try_folder(&root.path().join("none"))
                .unwrap_err()
                .is_not_found()
        );
    }
}
