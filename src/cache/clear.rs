//! Emptying the cache, ours and real Glide's.

use std::path::Path;

use super::{Cache, GOPATH_LOCKS, GOPATHS, LOCK, TAG_NAME, VERSION};
use crate::fsx::{self, lock};

/// What real Glide keeps beside us: clones, and what it knows of them.
const OF_GLIDE: [&str; 2] = ["src", "info"];

/// What came of clearing the cache.
#[derive(Debug, Default)]
pub struct Cleared {
    /// The bytes of all files that are gone.
    pub freed: u64,
    /// What could not be removed.
    pub failures: Vec<fsx::Error>,
    /// How many private GOPATHs stay because commands use them.
    pub used: usize,
    /// Names beside ours and Glide's, which nobody knows and which stay.
    pub unknown: Vec<String>,
}

impl Cache {
    /// Removes all that was fetched, by us or by Glide. The cache and `v1` in it may be links to
    /// other places: these are emptied and the links stay. A link anywhere else goes, and what it
    /// leads to stays.
    ///
    /// `waiting` is called if other runs use the cache; their end is waited for.
    pub fn clear(&self, waiting: impl FnOnce()) -> fsx::Result<Cleared> {
        let mut cleared = Cleared::default();
        let Some(folder) = self.root.parent() else {
            return Ok(cleared);
        };
        if fsx::stat(folder)?.is_none() {
            return Ok(cleared);
        }
        if fsx::stat(&self.root)?.is_some() {
            let _alone = lock::exclusive_or(&self.root.join(LOCK), waiting)?;
            let gopaths = self.root.join(GOPATHS);
            let stays = [LOCK, TAG_NAME, GOPATHS, GOPATH_LOCKS];
            cleared.empty(&self.root, |name| !stays.contains(&name))?;
            if fsx::lstat(&gopaths)?.is_some_and(|found| found.is_dir()) {
                cleared.empty_unused(&gopaths)?;
            }
        }
        cleared.empty(folder, |name| OF_GLIDE.contains(&name))?;
        for entry in fsx::read_dir(folder)? {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name != VERSION && !OF_GLIDE.contains(&name.as_str()) {
                cleared.unknown.push(name);
            }
        }
        Ok(cleared)
    }
}

impl Cleared {
    /// Removes the private GOPATHs that no command uses. One that does may have called us, so that its
    /// end cannot be waited for.
    fn empty_unused(&mut self, gopaths: &Path) -> fsx::Result<()> {
        for entry in fsx::read_dir(gopaths)? {
            let path = entry.path();
            match lock::unused_folder(&path) {
                Ok(Some(_alone)) => {
                    let size = size(&path);
                    match fsx::remove_tree(&path) {
                        Ok(()) => self.freed += size,
                        Err(error) => self.failures.push(error),
                    }
                }
                Ok(None) => self.used += 1,
                Err(error) if error.is_not_found() => {}
                Err(error) => self.failures.push(error),
            }
        }
        // It stays where it is not empty.
        let _ = fsx::remove_empty_dir(gopaths);
        Ok(())
    }

    /// Removes what in a folder has a name that `goes`, as far as that is possible.
    fn empty(&mut self, folder: &Path, goes: impl Fn(&str) -> bool) -> fsx::Result<()> {
        for entry in fsx::read_dir(folder)? {
            let path = entry.path();
            if !goes(&entry.file_name().to_string_lossy()) {
                continue;
            }
            let size = size(&path);
            let removed = match fsx::file_type(&entry) {
                Ok(kind) if kind.is_dir() => fsx::remove_tree(&path),
                Ok(_) => fsx::remove_file(&path),
                Err(error) => Err(error),
            };
            match removed {
                Ok(()) => self.freed += size,
                Err(error) => self.failures.push(error),
            }
        }
        Ok(())
    }
}

/// The bytes of all files below a path, as far as they can be seen; links are not followed.
fn size(path: &Path) -> u64 {
    let Ok(Some(metadata)) = fsx::lstat(path) else {
        return 0;
    };
    if !metadata.is_dir() {
        return metadata.len();
    }
    let entries = fsx::read_dir(path).unwrap_or_default();
    entries.iter().map(|entry| size(&entry.path())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_fetched_goes_and_what_nobody_knows_stays() {
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::new(home.path());
        drop(cache.clone());
        assert_eq!(cache.clear(|| {}).unwrap().freed, 0);
        assert!(!fsx::exists(&home.path().join("cache")));
        Cache::new(home.path()).prepare().unwrap();
        for (path, bytes) in [
            ("cache/v1/git/a/pack/p", 1000),
            ("cache/v1/git/a.lock", 0),
            ("cache/v1/installed/x", 100),
            ("cache/src/https-github.com-a-b/.git/config", 10),
            ("cache/info/x.json", 1),
            ("cache/mine", 5),
            ("mirrors.yaml", 5),
        ] {
            let path = home.path().join(path);
            fsx::create_dir_all(path.parent().unwrap()).unwrap();
            fsx::write_atomic(&path, &vec![b'x'; bytes]).unwrap();
        }
        let cleared = cache.clear(|| {}).unwrap();
        assert_eq!((cleared.freed, cleared.failures.len()), (1111, 0));
        assert_eq!(cleared.unknown, ["mine"]);
        let names = |path: &str| -> Vec<_> {
            let entries = fsx::read_dir(&home.path().join(path)).unwrap();
            entries.iter().map(std::fs::DirEntry::file_name).collect()
        };
        assert_eq!(names("cache/v1"), ["CACHEDIR.TAG", "lock"]);
        assert_eq!(names("cache"), ["mine", "v1"]);
        assert!(fsx::exists(&home.path().join("mirrors.yaml")));
    }

    #[test]
    fn no_link_is_followed_but_the_cache_itself() {
        let home = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let (kept, moved) = (
            elsewhere.path().join("kept"),
            elsewhere.path().join("moved"),
        );
        for folder in [kept.clone(), moved.join("v1/git/x"), moved.join("info")] {
            fsx::create_dir_all(&folder).unwrap();
            fsx::write_atomic(&folder.join("file"), b"x").unwrap();
        }
        fsx::symlink(&moved, &home.path().join("cache")).unwrap();
        fsx::symlink(&kept, &moved.join("src")).unwrap();
        fsx::symlink(&kept, &moved.join("v1/hg")).unwrap();
        fsx::symlink(&kept, &moved.join("v1/git/x/deep")).unwrap();
        let cleared = Cache::new(home.path()).clear(|| {}).unwrap();
        assert!(cleared.failures.is_empty(), "{:?}", cleared.failures);
        assert!(fsx::exists(&kept.join("file")));
        assert!(fsx::lstat(&home.path().join("cache")).unwrap().is_some());
        assert!(fsx::exists(&moved.join("v1/lock")));
        for gone in ["src", "info", "v1/hg", "v1/git"] {
            assert!(fsx::lstat(&moved.join(gone)).unwrap().is_none(), "{gone}");
        }
    }

    #[test]
    fn who_uses_the_cache_is_waited_for() {
        let home = tempfile::tempdir().unwrap();
        let user = Cache::new(home.path());
        user.prepare().unwrap();
        let (told, heard) = std::sync::mpsc::channel();
        std::thread::scope(|scope| {
            let clearing =
                scope.spawn(|| Cache::new(home.path()).clear(move || told.send(()).unwrap()));
            heard.recv().unwrap();
            assert!(fsx::exists(&home.path().join("cache/v1/git")));
            drop(user);
            clearing.join().unwrap().unwrap();
        });
        assert!(!fsx::exists(&home.path().join("cache/v1/git")));
    }

    #[test]
    fn a_file_in_place_of_the_cache_is_an_error() {
        let home = tempfile::tempdir().unwrap();
        fsx::write_atomic(&home.path().join("cache"), b"mine").unwrap();
        assert!(Cache::new(home.path()).clear(|| {}).is_err());
    }
}
