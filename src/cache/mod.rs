//! Everything that glide-rs keeps under Glide's home: keys, layout, locks, repair.
//!
//! All of it stands below `<home>/cache/v1` and can be fetched or computed again at any time, so
//! whatever is damaged is dropped, that entry alone. Real Glide's own folders (`cache/src`,
//! `cache/info`) stand beside it; [`clear`](Cache::clear) alone touches them.
//!
//! Whoever writes holds the lock of the whole cache, shared; who clears it, holds it alone.
//!
//! ```text
//! <home>/cache/v1/lock                  the lock of it all; stays for ever, holds no data
//! <home>/cache/v1/CACHEDIR.TAG          tells backup programs to pass by
//! <home>/cache/v1/git/<key>/pack/       one repository's packs, nothing else
//! <home>/cache/v1/git/<key>.lock        its lock; stays for ever, holds no data
//! <home>/cache/v1/git/<key>.history/pack/
//!                                       its commits without their files, a lock beside
//! <home>/cache/v1/git/<key>.history/names
//!                                       what its names led to when last asked for, sealed
//! <home>/cache/v1/git/<key>.history/{graph,lost}
//!                                       who comes before whom; what names led to once; sealed
//! <home>/cache/v1/refs/<key>           what a Git repository's names led to when `update` last asked, sealed
//! <home>/cache/v1/hg/<key>/clone/       one Mercurial repository, without working copy
//! <home>/cache/v1/hg/<key>/names        its tags and branches, sealed; there once it is complete
//! <home>/cache/v1/hg/<key>/{graph,lost} the same as for Git
//! <home>/cache/v1/hg/<key>/export/<id>/ a commit: its files, and a sealed list of them
//! <home>/cache/v1/svn/<key>/export/<n>/ a revision of a Subversion folder, in the same form
//! <home>/cache/v1/svn/<key>/changed/<n> the last revision up to that one that changed the folder, sealed
//! <home>/cache/v1/bzr/<key>/            a Bazaar branch, without working tree, in the form of hg
//! <home>/cache/v1/{hg,svn,bzr}/<key>.lock
//!                                       their locks
//! <home>/cache/v1/roots/<key>           what a vanity host answered
//! <home>/cache/v1/downloads/<key>       a file that was asked for by its address, sealed
//! <home>/cache/v1/licences              which licences texts have been found to be, sealed
//! <home>/cache/v1/installed/<key>       what stands in one project's vendor/
//! <home>/cache/v1/gopath/<key>/         a GOPATH with one project in it, while commands use it; its own
//!                                       lock, so that a command that runs may clear the cache
//! <home>/cache/v1/gopath.locks/<key>    that lock on Windows, where a folder has none; stays for ever
//! ```

mod clear;
mod gopath;
mod key;
mod measure;
mod memo;
mod sealed;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

pub use clear::Cleared;
pub use gopath::PrivateGopath;
pub use key::key;
pub use measure::{Measured, is_left_over};
pub use memo::FileMemo;
pub use sealed::{read_sealed, write_sealed, write_sealed_unsynced};

pub use crate::fsx::lock::Guard;
use crate::fsx::{self, lock};
use crate::model::VcsKind;

/// The cache below one home.
#[derive(Clone, Debug)]
pub struct Cache {
    root: PathBuf,
    /// Holds the lock of the whole cache from when it is prepared, for as long as any copy lives.
    in_use: Arc<OnceLock<Guard>>,
}

/// The folder in Glide's home that holds ours, and those of real Glide.
const FOLDER: &str = "cache";
const VERSION: &str = "v1";
const LOCK: &str = "lock";
const TAG_NAME: &str = "CACHEDIR.TAG";
const REPOSITORIES: &str = "git";
const ROOTS: &str = "roots";
const REFS: &str = "refs";
const INSTALLED: &str = "installed";
const DOWNLOADS: &str = "downloads";
const LICENCES: &str = "licences";
const GOPATHS: &str = "gopath";
/// Where folders cannot be locked.
const GOPATH_LOCKS: &str = "gopath.locks";

const TAG: &[u8] = b"Signature: 8a477f597d28d172789f06886806bc55\n\
# This is a cache of glide-rs; whatever stands here can be fetched again.\n";

impl Cache {
    /// The cache below `home`. Nothing is touched, so that runs that need no cache need no home.
    pub fn new(home: &Path) -> Self {
        Self {
            root: home.join(FOLDER).join(VERSION),
            in_use: Arc::default(),
        }
    }

    /// The folder that holds all of it.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Makes the folders that are missing, and keeps the cache from being cleared; to be called
    /// before anything is written.
    pub fn prepare(&self) -> fsx::Result<()> {
        self.make_folders()?;
        if self.in_use.get().is_none() {
            // A cache that cannot even be locked cannot be cleared either, so nothing is amiss.
            if let Ok(guard) = lock::shared(&self.root.join(LOCK)) {
                let _ = self.in_use.set(guard);
            }
            // It may have been cleared while we waited.
            self.make_folders()?;
        }
        Ok(())
    }

    fn make_folders(&self) -> fsx::Result<()> {
        let places = [VcsKind::Hg, VcsKind::Svn, VcsKind::Bzr].map(VcsKind::as_str);
        for folder in [REPOSITORIES, ROOTS, REFS, INSTALLED, DOWNLOADS]
            .into_iter()
            .chain(places)
        {
            fsx::create_dir_all(&self.root.join(folder))?;
        }
        let tag = self.root.join(TAG_NAME);
        if fsx::lstat(&tag)?.is_none() {
            fsx::write_atomic(&tag, TAG)?;
        }
        Ok(())
    }

    /// The store of the repository at an address; it need not exist yet.
    pub fn repository(&self, address: &str) -> Entry {
        self.entry(&key(address))
    }

    /// The store of that repository's history: commits that may stand there without their files.
    pub fn history(&self, address: &str) -> Entry {
        self.entry(&format!("{}.history", key(address)))
    }

    fn entry(&self, key: &str) -> Entry {
        let folder = self.root.join(REPOSITORIES);
        Entry {
            objects: folder.join(key),
            lock: folder.join(format!("{key}.lock")),
        }
    }

    /// The place of what was got from an address with a program of the system's; it need not
    /// exist yet.
    ///
    /// Such a place is not named by content alone, so that addresses share it less readily than
    /// Git's: a final slash or `.git` counts.
    pub fn place(&self, kind: VcsKind, address: &str) -> Entry {
        let key = key(&format!("{address}#{kind}"));
        let folder = self.root.join(kind.as_str());
        Entry {
            objects: folder.join(&key),
            lock: folder.join(format!("{key}.lock")),
        }
    }

    /// Where it is remembered what stands in the vendor/ folder at `vendor`.
    pub fn installed(&self, vendor: &Path) -> PathBuf {
        self.root
            .join(INSTALLED)
            .join(key(&vendor.to_string_lossy()))
    }

    /// Where it is remembered what the names of the Git repository at an address led to.
    pub fn refs(&self, address: &str) -> PathBuf {
        self.root.join(REFS).join(key(address))
    }

    /// Where the file at an address is kept.
    pub fn download(&self, address: &str) -> PathBuf {
        self.root.join(DOWNLOADS).join(key(address))
    }

    /// Where it is kept which licences texts are.
    pub fn licences(&self) -> PathBuf {
        self.root.join(LICENCES)
    }

    /// What vanity hosts have answered in earlier runs.
    pub fn memo(&self) -> FileMemo {
        FileMemo::new(self.clone())
    }
}

/// One repository's place in the cache.
#[derive(Clone, Debug)]
pub struct Entry {
    objects: PathBuf,
    lock: PathBuf,
}

impl Entry {
    /// The folder that holds `pack/`.
    pub fn objects(&self) -> &Path {
        &self.objects
    }

    /// The folder that holds whatever belongs to the repository.
    pub fn folder(&self) -> &Path {
        &self.objects
    }

    /// Waits for leave to read; others may read at the same time. A cache that may only be read
    /// serves what it holds.
    pub fn lock_shared(&self) -> fsx::Result<Guard> {
        lock::shared(&self.lock)
    }

    /// Waits for leave to write; nobody else reads or writes meanwhile. Whoever holds it must not
    /// wait for another entry's lock.
    pub fn lock_exclusive(&self) -> fsx::Result<Guard> {
        lock::exclusive(&self.lock)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_cache_that_may_only_be_read_can_be_read() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::new(home.path());
        cache.prepare().unwrap();
        let entry = cache.repository("https://github.com/a/b");
        drop(entry.lock_exclusive().unwrap());
        let mode = |path: &Path, mode| {
            let file = fsx::open(path).unwrap();
            file.set_permissions(std::fs::Permissions::from_mode(mode))
        };
        // An administrator may write all the same.
        mode(&entry.lock, 0o444).unwrap();
        cache.prepare().unwrap();
        entry.lock_shared().unwrap();
    }

    #[test]
    fn preparing_twice_changes_nothing_and_leaves_real_glide_alone() {
        let home = tempfile::tempdir().unwrap();
        let theirs = home.path().join("cache/src/https-github.com-a-b/.git");
        fsx::create_dir_all(&theirs).unwrap();
        Cache::new(home.path()).prepare().unwrap();
        Cache::new(home.path()).prepare().unwrap();
        assert!(fsx::is_folder(&theirs));
    }
}
