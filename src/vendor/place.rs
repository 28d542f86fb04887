//! Where vendor/ really is, whose turn it is to change it, and what killed runs left beside it.
//!
//! A run stages its tree in `.glide-rs-<vendor's name>-<8 hex digits>` beside the real folder. Whoever
//! changes vendor/ holds a lock on the folder that both are in, so whatever has such a name while
//! the lock is held was left by a run that was killed. The lock is the operating system's
//! ([`lock::try_folder`]): it ends with the process, and no lock file is left behind.

use std::ffi::{OsStr, OsString};
use std::hash::{BuildHasher as _, RandomState};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::error::Error;
use super::moves::Moves;
use crate::fsx;
use crate::fsx::lock::{self, Attempt, Guard};
use crate::report::Reporter;

/// How many links are followed from vendor/ on, as in Glide.
const MAX_LINKS: usize = 255;

/// How often a waiting run looks whether it is its turn.
const LOCK_INTERVAL: Duration = Duration::from_millis(50);

/// Hex digits at the end of a staging folder's name.
const RANDOM_DIGITS: usize = 8;

/// What the old tree is called while it is set aside, where two folders cannot be exchanged.
const SET_ASIDE: &str = ".old";

/// What the new tree is called while the old one is being removed, where that cannot be moved.
const READY: &str = ".new";

/// What a run that was killed has left beside vendor/.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leftover {
    /// A tree that is not complete, or not wanted any more.
    Waste,
    /// The old tree; it belongs back if there is no vendor/.
    SetAside,
    /// The new tree, complete; what there still is of the old one has to go.
    Ready,
}

/// The folder that vendor/ stands for.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The folder it is in, without links.
    parent: PathBuf,
    name: OsString,
}

/// The right to change a [`Place`]; ends when dropped.
#[derive(Debug)]
pub(super) struct Turn {
    _folder: Option<Guard>,
    /// False where the file system knows no locks: then nothing beside the folder can be told
    /// from what another run is using.
    exclusive: bool,
}

impl Place {
    /// Follows vendor/ if it is a link; the last link may lead to nothing yet.
    pub(super) fn find(vendor: &Path) -> Result<Self, Error> {
        let mut target = vendor.to_owned();
        let mut links = 0;
        while fsx::lstat(&target)?.is_some_and(|found| found.is_symlink()) {
            links += 1;
            if links > MAX_LINKS {
                return Err(Error::TooManyLinks {
                    path: vendor.to_owned(),
                });
            }
            let next = fsx::read_link(&target)?;
            target = folder_of(&target).join(next);
        }
        let parent = folder_of(&target);
        let place = Self {
            name: match target.file_name() {
                Some(name) => name.to_owned(),
                // The link leads to `/` or ends in `..`: nothing stands beside such a folder.
                None => return Err(Error::MountPoint { path: target }),
            },
            parent: fsx::canonicalize(&parent).map_err(|error| {
                if error.is_not_found() {
                    Error::NoParent { path: parent }
                } else {
                    error.into()
                }
            })?,
        };
        place.check_folder()?;
        Ok(place)
    }

    /// Whether there is a vendor/ at all; an error when it is something else, or mounted.
    fn check_folder(&self) -> Result<(), Error> {
        let path = self.path();
        let Some(found) = fsx::lstat(&path)? else {
            return Ok(());
        };
        if !found.is_dir() {
            return Err(Error::NotADirectory { path });
        }
        let around = fsx::stat(&self.parent)?;
        if around.is_some_and(|around| !fsx::on_one_device(&around, &found)) {
            return Err(Error::MountPoint { path });
        }
        Ok(())
    }

    /// The folder itself.
    pub(super) fn path(&self) -> PathBuf {
        self.parent.join(&self.name)
    }

    /// Whether the folder is there now.
    pub(super) fn exists(&self) -> Result<bool, Error> {
        Ok(fsx::lstat(&self.path())?.is_some())
    }

    /// Waits until no other run changes this folder, or until `cancelled` is true.
    pub(super) fn turn(
        &self,
        cancelled: Option<&AtomicBool>,
        reporter: &dyn Reporter,
    ) -> Result<Turn, Error> {
        let mut told = false;
        let (folder, exclusive) = loop {
            match lock::try_folder(&self.parent)? {
                Attempt::Taken(guard) => break (Some(guard), true),
                Attempt::Unsupported => break (None, false),
                Attempt::Held => {}
            }
            if !std::mem::replace(&mut told, true) {
                reporter.info(format!(
                    "Waiting for another glide-rs that is filling {}",
                    self.path().display()
                ));
            }
            if cancelled.is_some_and(|flag| flag.load(Ordering::Relaxed)) {
                return Err(Error::Interrupted);
            }
            // Waiting in the lock itself could not be interrupted by the flag.
            std::thread::sleep(LOCK_INTERVAL);
        };
        // The other run may have left something else here.
        self.check_folder()?;
        Ok(Turn {
            _folder: folder,
            exclusive,
        })
    }

    /// A name for a new staging folder.
    pub(super) fn staging(&self) -> PathBuf {
        // The standard library's hash seeds are the one source of randomness at hand; all that
        // is asked of it is a name that is not there, and creating the folder checks that.
        let random = RandomState::new().hash_one(0) & 0xFFFF_FFFF;
        self.parent
            .join(self.leftover_name(&format!("{random:08x}")))
    }

    /// Where the old tree waits while the new one takes its place.
    pub(super) fn set_aside(staging: &Path) -> PathBuf {
        named(staging, SET_ASIDE)
    }

    /// Where the new tree waits while the old one is being removed.
    pub(super) fn ready(staging: &Path) -> PathBuf {
        named(staging, READY)
    }

    fn leftover_name(&self, random: &str) -> OsString {
        let mut name = OsString::from(".glide-rs-");
        name.push(&self.name);
        name.push("-");
        name.push(random);
        name
    }

    /// Puts back an old tree that a killed run had set aside, or the new one that it was about to put in
    /// place, and removes what else killed runs left. Returns what could not be removed.
    pub(super) fn recover(&self, turn: &Turn, moves: &dyn Moves) -> Result<Vec<fsx::Error>, Error> {
        let mut left = Vec::new();
        if !turn.exclusive {
            return Ok(left);
        }
        for entry in fsx::read_dir(&self.parent)? {
            let name = entry.file_name();
            let Some(leftover) = self.leftover(&name) else {
                continue;
            };
            let path = self.parent.join(&name);
            let is_wanted = match leftover {
                Leftover::Waste => false,
                Leftover::SetAside => !self.exists()?,
                Leftover::Ready => true,
            };
            // A link or a file of such a name is nothing that a run has left.
            let is_tree = fsx::lstat(&path)?.is_some_and(|found| found.is_dir());
            if is_wanted && is_tree {
                self.take_in(&path, moves)?;
            } else if let Err(error) = moves.remove_tree(&path) {
                left.push(error);
            }
        }
        Ok(left)
    }

    /// Makes a tree vendor/, once what there is in its place has been removed.
    pub(super) fn take_in(&self, tree: &Path, moves: &dyn Moves) -> fsx::Result<()> {
        let path = self.path();
        if fsx::lstat(&path)?.is_some() {
            moves.remove_tree(&path)?;
        }
        moves.rename(tree, &path)
    }

    /// Whether no run, dead or alive, has anything beside the folder.
    pub(super) fn is_tidy(&self) -> bool {
        fsx::read_dir(&self.parent).is_ok_and(|entries| {
            entries
                .iter()
                .all(|entry| self.leftover(&entry.file_name()).is_none())
        })
    }

    /// What a name of [`Self::staging`]'s, [`Self::set_aside`]'s or [`Self::ready`]'s stands for.
    fn leftover(&self, name: &OsStr) -> Option<Leftover> {
        let prefix = self.leftover_name("");
        let rest = name
            .as_encoded_bytes()
            .strip_prefix(prefix.as_encoded_bytes())?;
        let (random, rest) = rest.split_at_checked(RANDOM_DIGITS)?;
        if !random.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        match std::str::from_utf8(rest).ok()? {
            "" => Some(Leftover::Waste),
            SET_ASIDE => Some(Leftover::SetAside),
            READY => Some(Leftover::Ready),
            _ => None,
        }
    }
}

fn named(staging: &Path, end: &str) -> PathBuf {
    let mut name = staging.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// The folder a path is in.
fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
        Some(parent) => parent.to_owned(),
        None => PathBuf::from("/"),
    }
}
