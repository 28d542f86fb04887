//! File operations relative to an open folder, and those that the standard library lacks.
//!
//! What is below an open folder is reached by its bytes, last name never followed when it is a
//! link, so that a tree written this way stays inside the folder. Errors are plain `io::Error`s:
//! the caller knows the package and the path that they belong to.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, Stat, statat};

/// An open folder.
#[derive(Debug)]
pub struct Folder(OwnedFd);

/// What the file system says about a file; two stamps that are equal mean the same bytes, unless
/// somebody set the clock back to hide an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// When the bytes were last changed, in nanoseconds since 1970.
    pub modified: i64,
    /// When the inode was last changed, in nanoseconds since 1970.
    pub changed: i64,
    /// The inode's number.
    pub inode: u64,
    /// Type and permissions.
    pub mode: u32,
}

impl Stamp {
    /// Whether it is a regular file.
    pub fn is_file(&self) -> bool {
        FileType::from_raw_mode(raw(self.mode)) == FileType::RegularFile
    }

    /// Whether it is a symbolic link.
    pub fn is_link(&self) -> bool {
        FileType::from_raw_mode(raw(self.mode)) == FileType::Symlink
    }

    /// Whether its owner may run it.
    pub fn is_executable(&self) -> bool {
        self.mode & 0o100 != 0
    }
}

impl Folder {
    /// Opens a folder; links in the path are followed.
    pub fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self(rustix::fs::open(path, flags, Mode::empty())?))
    }

    /// Opens a folder below this one, this one itself where the path is empty.
    pub fn open_below(&self, path: &[u8]) -> io::Result<Self> {
        let path = if path.is_empty() { b"." } else { path };
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(Self(rustix::fs::openat(
            &self.0,
            path,
            flags,
            Mode::empty(),
        )?))
    }

    /// Creates a folder that must not be there, in mode 777 less the umask.
    pub fn create_folder(&self, path: &[u8]) -> io::Result<()> {
        Ok(rustix::fs::mkdirat(
            &self.0,
            path,
            Mode::from_raw_mode(0o777),
        )?)
    }

    /// Creates a file that must not be there, in mode 666 or 777 less the umask.
    pub fn create_file(&self, name: &[u8], executable: bool) -> io::Result<File> {
        let mode = if executable { 0o777 } else { 0o666 };
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = rustix::fs::openat(&self.0, name, flags, Mode::from_raw_mode(mode))?;
        Ok(File::from(file))
    }

    /// Creates a link that must not be there.
    pub fn create_link(&self, target: &[u8], name: &[u8]) -> io::Result<()> {
        Ok(rustix::fs::symlinkat(target, &self.0, name)?)
    }

    /// Gives a file of this folder a second name in another folder; a link is not followed.
    pub fn hard_link(&self, name: &[u8], to: &Self, new_name: &[u8]) -> io::Result<()> {
        Ok(rustix::fs::linkat(
            &self.0,
            name,
            &to.0,
            new_name,
            AtFlags::empty(),
        )?)
    }

    /// The names in the folder, in no order, each with what the file system says about it; a
    /// folder in it has no stamp, and links are not followed.
    pub fn list(self) -> io::Result<Vec<(Vec<u8>, Option<Stamp>)>> {
        let mut found = Vec::new();
        let mut folder = Dir::new(self.0)?;
        while let Some(entry) = folder.read() {
            let entry = entry?;
            let name = entry.file_name();
            if name == c"." || name == c".." {
                continue;
            }
            let stamp = match entry.file_type() {
                FileType::Directory => None,
                // Some file systems do not say the type in the listing, so the mode decides.
                _ => Some(statat(folder.fd()?, name, AtFlags::SYMLINK_NOFOLLOW)?)
                    .filter(|stat| FileType::from_raw_mode(stat.st_mode) != FileType::Directory)
                    .map(|stat| stamp(&stat)),
            };
            found.push((name.to_bytes().to_vec(), stamp));
        }
        Ok(found)
    }
}

fn stamp(stat: &Stat) -> Stamp {
    Stamp {
        size: u64::try_from(stat.st_size).unwrap_or(0),
        modified: nanoseconds(stat.st_mtime, stat.st_mtime_nsec),
        changed: nanoseconds(stat.st_ctime, stat.st_ctime_nsec),
        inode: stat.st_ino,
        mode: wide(stat.st_mode),
    }
}

/// A mode as the system has it: 16 bits on macOS, 32 on Linux.
fn raw<T: TryFrom<u32> + Default>(mode: u32) -> T {
    T::try_from(mode).unwrap_or_default()
}

/// The other way.
fn wide(mode: impl Into<u32>) -> u32 {
    mode.into()
}

/// Generic because the fields have other types on other systems.
fn nanoseconds(seconds: impl Into<i64>, nanoseconds: impl TryInto<i64>) -> i64 {
    seconds
        .into()
        .wrapping_mul(1_000_000_000)
        .wrapping_add(nanoseconds.try_into().unwrap_or(0))
}

/// Lets two files or folders change places, so that each name always leads to one of the two.
///
/// Fails with [`io::ErrorKind::Unsupported`] or `InvalidInput` where the file system cannot.
pub fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    {
        let flags = rustix::fs::RenameFlags::EXCHANGE;
        Ok(rustix::fs::renameat_with(CWD, one, CWD, other, flags)?)
    }
    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    {
        let _ = (CWD, one, other);
        Err(io::ErrorKind::Unsupported.into())
    }
}
