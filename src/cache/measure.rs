//! How much the cache holds, and what broken-off runs have left in it.

use std::path::{Path, PathBuf};

use super::{Cache, LOCK, REPOSITORIES};
use crate::fsx::{self, lock};

/// What was found in the cache.
#[derive(Debug, Default)]
pub struct Measured {
    /// The bytes of all files.
    pub bytes: u64,
    /// How many Git repositories it holds.
    pub repositories: usize,
    /// Files and folders that are made on the way and would have been renamed or removed.
    pub left_over: Vec<PathBuf>,
}

/// Whether a name is that of what a run makes on the way to something; the next run does not need it.
pub fn is_left_over(path: &Path) -> bool {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    name.is_some_and(|name| name.starts_with(".glide-rs-"))
}

impl Cache {
    /// Whether other runs use it at this moment.
    pub fn is_in_use(&self) -> bool {
        self.in_use.get().is_none() && lock::is_held(&self.root.join(LOCK))
    }

    /// Looks through all of it. Links are not followed; what goes meanwhile does not count.
    pub fn measure(&self) -> fsx::Result<Measured> {
        let mut measured = Measured::default();
        let repositories = self.root.join(REPOSITORIES);
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            let entries = match fsx::read_dir(&folder) {
                Err(error) if error.is_not_found() => continue,
                entries => entries?,
            };
            for entry in entries {
                let path = entry.path();
                let Some(found) = fsx::lstat(&path)? else {
                    continue;
                };
                if is_left_over(&path) {
                    measured.left_over.push(path.clone());
                }
                if found.is_dir() {
                    let is_history = path.extension().is_some_and(|end| end == "history");
                    measured.repositories += usize::from(folder == repositories && !is_history);
                    folders.push(path);
                } else {
                    measured.bytes += found.len();
                }
            }
        }
        Ok(measured)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_repositories_and_left_overs_are_counted() {
        let home = tempfile::tempdir().unwrap();
        let cache = Cache::new(home.path());
        assert!(!cache.is_in_use());
        cache.prepare().unwrap();
        assert!(!cache.is_in_use(), "that is us");
        assert!(Cache::new(home.path()).is_in_use());
        let before = cache.measure().unwrap();
        assert_eq!((before.repositories, before.left_over.len()), (0, 0));
        for (path, length) in [
            ("git/a/pack/p", 1000),
            ("git/a.history/pack/p", 10),
            ("git/a/pack/.glide-rs-x.tmp", 1),
        ] {
            let path = cache.root().join(path);
            fsx::create_dir_all(path.parent().unwrap()).unwrap();
            fsx::write_new(&path, &vec![b'x'; length]).unwrap();
        }
        fsx::symlink(home.path(), &cache.root().join("git/b")).unwrap();
        let after = cache.measure().unwrap();
        assert_eq!(after.repositories, 1);
        assert!(
            (1011..1200).contains(&(after.bytes - before.bytes)),
            "{after:?}"
        );
        let expected = cache.root().join("git/a/pack/.glide-rs-x.tmp");
        assert_eq!(after.left_over, [expected]);
    }
}
