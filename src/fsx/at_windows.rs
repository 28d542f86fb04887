//! File operations relative to an open folder, as `at.rs` has them, for Windows.
//!
//! The standard library opens nothing below a handle there. So a folder is its path without links, and a
//! handle that is held for as long: while that is open, nobody can rename the folder or those above it, or
//! put a link in its place. What is below is reached by names that are checked one by one, under the prefix
//! `\\?\`, with which Windows takes a name for nothing but a name.

use std::fs::{self, File, Metadata};
use std::io;
use std::os::windows::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Component, Path, PathBuf};

/// The right to list a folder, and to read what it is.
const LIST_AND_LOOK: u32 = 0x1 | 0x80;
/// Others may read and write in a folder that we hold, but not remove or rename it.
const SHARED: u32 = 0x1 | 0x2;
/// Opens folders, too.
const BACKUP_SEMANTICS: u32 = 0x0200_0000;
/// Opens a link itself, not what it leads to.
const OPEN_REPARSE_POINT: u32 = 0x0020_0000;

/// The types of Unix, for [`Stamp::mode`].
const REGULAR: u32 = 0o100_644;
const LINK: u32 = 0o120_777;

/// 1970 in the system's count: units of 100 nanoseconds since 1601.
const UNIX_EPOCH: u64 = 116_444_736_000_000_000;

/// An open folder.
#[derive(Debug)]
pub struct Folder {
    /// Without links.
    path: PathBuf,
    _held: File,
}

/// What the file system says about a file; two stamps that are equal mean the same bytes, unless
/// somebody set the clock back to hide an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// When the bytes were last changed, in nanoseconds since 1970.
    pub modified: i64,
    /// When the file was made, in nanoseconds since 1970; a listing does not tell more.
    pub changed: i64,
    /// Always 0: a listing does not tell it.
    pub inode: u64,
    /// Type and permissions, as on Unix.
    pub mode: u32,
}

impl Stamp {
    /// Whether it is a regular file.
    pub fn is_file(&self) -> bool {
        self.mode == REGULAR
    }

    /// Whether it is a symbolic link, or another that leads elsewhere.
    pub fn is_link(&self) -> bool {
        self.mode == LINK
    }

    /// Whether its owner may run it; no file says so here.
    pub fn is_executable(&self) -> bool {
        false
    }
}

impl Folder {
    /// Opens a folder; links in the path are followed.
    pub fn open(path: &Path) -> io::Result<Self> {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is a part of the module that wraps them"
        )]
        Self::hold(fs::canonicalize(path)?)
    }

    fn hold(path: PathBuf) -> io::Result<Self> {
        let held = File::options()
            .access_mode(LIST_AND_LOOK)
            .share_mode(SHARED)
            .custom_flags(BACKUP_SEMANTICS | OPEN_REPARSE_POINT)
            .open(&path)?;
        if !held.metadata()?.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        Ok(Self { path, _held: held })
    }

    /// Opens a folder below this one, this one itself where the path is empty.
    pub fn open_below(&self, path: &[u8]) -> io::Result<Self> {
        Self::hold(self.below(path)?)
    }

    /// Creates a folder that must not be there.
    pub fn create_folder(&self, path: &[u8]) -> io::Result<()> {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is a part of the module that wraps them"
        )]
        fs::create_dir(self.below(path)?)
    }

    /// Creates a file that must not be there, link or not.
    pub fn create_file(&self, name: &[u8], _executable: bool) -> io::Result<File> {
        File::options()
            .write(true)
            .create_new(true)
            .custom_flags(OPEN_REPARSE_POINT)
            .open(self.below(name)?)
    }

    /// Creates a link that must not be there; most users may not.
    pub fn create_link(&self, target: &[u8], name: &[u8]) -> io::Result<()> {
        let target = std::str::from_utf8(target).map_err(|_| io::ErrorKind::InvalidFilename)?;
        std::os::windows::fs::symlink_file(target, self.below(name)?)
    }

    /// Gives a file of this folder a second name in another folder; a link is not followed.
    pub fn hard_link(&self, name: &[u8], to: &Self, new_name: &[u8]) -> io::Result<()> {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is a part of the module that wraps them"
        )]
        fs::hard_link(self.below(name)?, to.below(new_name)?)
    }

    /// The names in the folder, in no order, each with what the file system says about it; a
    /// folder in it has no stamp, and links are not followed.
    pub fn list(self) -> io::Result<Vec<(Vec<u8>, Option<Stamp>)>> {
        let mut found = Vec::new();
        #[expect(
            clippy::disallowed_methods,
            reason = "this is a part of the module that wraps them"
        )]
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            // It comes with the listing.
            let metadata = entry.metadata()?;
            let stamp = (!metadata.is_dir()).then(|| stamp(&metadata));
            found.push((entry.file_name().into_encoded_bytes(), stamp));
        }
        Ok(found)
    }

    /// The path of something in here: `/` and names that mean nothing else than names.
    fn below(&self, path: &[u8]) -> io::Result<PathBuf> {
        let mut below = self.path.clone();
        for name in path.split(|byte| *byte == b'/') {
            if path.is_empty() {
                break;
            }
            let name = std::str::from_utf8(name).map_err(|_| io::ErrorKind::InvalidFilename)?;
            let mut parts = Path::new(name).components();
            let is_name = parts.next() == Some(Component::Normal(name.as_ref()));
            if !is_name || parts.next().is_some() {
                return Err(io::ErrorKind::InvalidFilename.into());
            }
            below.push(name);
        }
        Ok(below)
    }
}

fn stamp(metadata: &Metadata) -> Stamp {
    Stamp {
        size: metadata.file_size(),
        modified: nanoseconds(metadata.last_write_time()),
        changed: nanoseconds(metadata.creation_time()),
        inode: 0,
        mode: if metadata.is_file() { REGULAR } else { LINK },
    }
}

fn nanoseconds(time: u64) -> i64 {
    time.wrapping_sub(UNIX_EPOCH)
        .cast_signed()
        .wrapping_mul(100)
}

/// Lets two files or folders change places: there is no such thing here.
pub fn exchange(_one: &Path, _other: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use std::io::{ErrorKind, Write as _};

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = Folder::open(folder)
            .unwrap()
            .list()
            .unwrap()
            .into_iter()
            .map(|(name, _)| String::from_utf8(name).unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_tree_is_written_and_listed() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::open(root.path()).unwrap();
        for path in ["a", "a/b", "a/b/c"] {
            folder.create_folder(path.as_bytes()).unwrap();
        }
        let below = folder.open_below(b"a/b/c").unwrap();
        below
            .create_file(b"x.go", true)
            .unwrap()
            .write_all(b"12345")
            .unwrap();
        let other = folder.open_below(b"").unwrap();
        below.hard_link(b"x.go", &other, b"again.go").unwrap();
        for taken in [
            below.create_file(b"x.go", false).map(drop),
            folder.create_folder(b"a/b"),
        ] {
            assert_eq!(taken.unwrap_err().kind(), ErrorKind::AlreadyExists);
        }
        let listed = below.list().unwrap();
        let (name, stamp) = &listed[0];
        let stamp = stamp.unwrap();
        assert_eq!((name.as_slice(), stamp.size), (&b"x.go"[..], 5));
        assert!(stamp.is_file() && !stamp.is_link() && !stamp.is_executable());
        // Later than 2020.
        assert!(stamp.modified > 1_577_836_800_000_000_000);
        assert_eq!(names(root.path()), ["a", "again.go"]);
        assert_eq!(
            folder
                .list()
                .unwrap()
                .iter()
                .filter(|it| it.1.is_none())
                .count(),
            1
        );
    }

    #[test]
    fn what_is_more_than_a_name_leads_nowhere() {
        let root = tempfile::tempdir().unwrap();
        let inner = root.path().join("inner");
        crate::fsx::create_dir(&inner).unwrap();
        let folder = Folder::open(&inner).unwrap();
        for path in [
            "..",
            "../x",
            "a/../../x",
            "/x",
            "C:\\x",
            "C:x",
            "\\x",
            "a\\..\\..\\x",
            ".",
            "a//b",
            "x:s",
        ] {
            for made in [
                folder.create_folder(path.as_bytes()),
                folder.create_file(path.as_bytes(), false).map(drop),
                folder.open_below(path.as_bytes()).map(drop),
            ] {
                assert_eq!(
                    made.unwrap_err().kind(),
                    ErrorKind::InvalidFilename,
                    "{path}"
                );
            }
        }
        assert_eq!(names(root.path()), ["inner"]);
        assert!(names(&inner).is_empty());
    }

    #[test]
    fn a_folder_that_is_held_stays_where_it_is() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        crate::fsx::create_dir_all(&at("a/b")).unwrap();
        let held = Folder::open(&at("a")).unwrap().open_below(b"b").unwrap();
        assert!(crate::fsx::remove_empty_dir(&at("a/b")).is_err());
        held.create_file(b"x", false).unwrap();
        drop(held);
        crate::fsx::rename(&at("a"), &at("c")).unwrap();
        assert_eq!(names(&at("c/b")), ["x"]);
    }

    #[test]
    fn a_path_may_be_longer_than_windows_has_them_by_itself() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::open(root.path()).unwrap();
        let mut path = String::new();
        for level in 0..40 {
            path.push_str(&format!(
                "{}folder-{level:03}",
                if level == 0 { "" } else { "/" }
            ));
            folder.create_folder(path.as_bytes()).unwrap();
        }
        let deepest = folder.open_below(path.as_bytes()).unwrap();
        deepest
            .create_file(b"x.go", false)
            .unwrap()
            .write_all(b"x")
            .unwrap();
        drop(deepest);
        let file = crate::fsx::below(root.path(), format!("{path}/x.go").as_bytes());
        assert!(file.as_os_str().len() > 400);
        assert_eq!(crate::fsx::read(&file).unwrap(), b"x");
        drop(folder);
        crate::fsx::remove_tree(&root.path().join("folder-000")).unwrap();
    }
}
