//! What differs from one operating system to the next, behind one name for each: links, permissions,
//! identity of files, reading at a position, names as bytes.
//!
//! Here Unix is what is tested; the other branches say what comes closest.
#![expect(
    clippy::disallowed_methods,
    reason = "this is a part of the module that wraps them"
)]

use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use super::{Context as _, Result, read_dir, remove_dir_all};

/// The path of something below a folder, by its bytes with `/` between names, as Git has them. Where
/// names are no bytes, one that is no text leads to nothing.
pub fn below(folder: &Path, path: &[u8]) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;
        folder.join(std::ffi::OsStr::from_bytes(path))
    }
    #[cfg(not(unix))]
    {
        folder.join(String::from_utf8_lossy(path).as_ref())
    }
}

/// Reads what a file has at a position, as far as it comes at once; the position that others of the
/// file's users go by stays.
pub fn read_at(file: &File, bytes: &mut [u8], position: u64) -> io::Result<usize> {
    #[cfg(unix)]
    {
        std::os::unix::fs::FileExt::read_at(file, bytes, position)
    }
    #[cfg(windows)]
    {
        // It moves the position, by which nobody goes who reads like this.
        std::os::windows::fs::FileExt::seek_read(file, bytes, position)
    }
}

/// Reads as many bytes as there is room for; fewer are an error.
pub fn read_exact_at(file: &File, mut bytes: &mut [u8], mut position: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match read_at(file, bytes, position) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => {
                bytes = &mut bytes[count..];
                position += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Whether two folders are on one file system, so that one can be renamed into the other; taken for
/// granted where that cannot be told.
pub fn on_one_device(one: &Metadata, other: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        one.dev() == other.dev()
    }
    #[cfg(not(unix))]
    {
        let _ = (one, other);
        true
    }
}

/// How many bytes a user may still write to the disk that holds a path; `None` where that cannot be told.
pub fn free_space(path: &Path) -> Option<u64> {
    #[cfg(unix)]
    {
        let told = rustix::fs::statvfs(path).ok()?;
        told.f_bavail.checked_mul(told.f_frsize)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

/// Whether the path leads to the open file or folder; taken for granted where that cannot be told.
pub(super) fn is_open_at(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        let open = file.metadata().ok().map(|found| identity(&found));
        open.is_some() && open == fs::metadata(path).ok().map(|found| identity(&found))
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        path.exists()
    }
}

/// What tells a file from all others.
#[cfg(unix)]
fn identity(metadata: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.dev(), metadata.ino())
}

/// Whether two paths lead to the same file or folder.
pub fn is_same(one: &Path, other: &Path) -> bool {
    #[cfg(unix)]
    let place = |path: &Path| fs::metadata(path).ok().map(|found| identity(&found));
    #[cfg(not(unix))]
    let place = |path: &Path| fs::canonicalize(path).ok();
    place(one).is_some_and(|found| place(other) == Some(found))
}

/// Whether anyone may run the file; never on systems without such a mode.
pub fn is_executable(path: &Path) -> Result<bool> {
    let metadata = fs::symlink_metadata(path).on("look at", path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        Ok(metadata.permissions().mode() & 0o111 != 0)
    }
    #[cfg(not(unix))]
    {
        drop(metadata);
        Ok(false)
    }
}

/// Makes a link at `path` that leads to `target`.
pub fn symlink(target: &Path, path: &Path) -> Result<()> {
    #[cfg(unix)]
    let made = std::os::unix::fs::symlink(target, path);
    #[cfg(windows)]
    let made = std::os::windows::fs::symlink_file(target, path);
    made.on("create the link", path)
}

/// Removes a folder and all below it, also where folders in it may not be written to; it is no
/// error when there is none.
pub fn remove_tree(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            make_writable(path)?;
            remove_dir_all(path)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.on("remove", path),
    }
}

/// Lets the owner list and change a folder and all folders below it; links are not followed. On Windows,
/// where it is files that keep a folder from being removed, it is those that are read-only.
fn make_writable(path: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mut permissions = fs::symlink_metadata(path)
            .on("look at", path)?
            .permissions();
        if permissions.mode() & 0o700 != 0o700 {
            permissions.set_mode(permissions.mode() | 0o700);
            fs::set_permissions(path, permissions).on("make writable", path)?;
        }
    }
    for entry in read_dir(path)? {
        let kind = entry.file_type();
        if kind.as_ref().is_ok_and(fs::FileType::is_dir) {
            make_writable(&entry.path())?;
        }
        #[cfg(windows)]
        if kind.is_ok_and(|kind| kind.is_file()) {
            let path = entry.path();
            let mut permissions = entry.metadata().on("look at", &path)?.permissions();
            if permissions.readonly() {
                permissions.set_readonly(false);
                fs::set_permissions(&path, permissions).on("make writable", &path)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_at_a_position_takes_all_or_fails() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, b"0123456789").unwrap();
        let file = File::open(&path).unwrap();
        let mut bytes = [0; 4];
        read_exact_at(&file, &mut bytes, 3).unwrap();
        assert_eq!(&bytes, b"3456");
        let error = read_exact_at(&file, &mut bytes, 8).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }

    #[test]
    #[cfg(unix)]
    fn the_room_on_a_disk_is_told() {
        let folder = tempfile::tempdir().unwrap();
        assert!(free_space(folder.path()).is_some_and(|free| free > 0));
        assert_eq!(free_space(&folder.path().join("none")), None);
    }

    #[test]
    fn names_that_are_bytes_lead_below_their_folder() {
        let path = below(Path::new("a"), b"b/c d");
        assert_eq!(path, Path::new("a").join("b").join("c d"));
    }
}
