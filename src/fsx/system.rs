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

/// Whether a text can be nothing but a path in the form that this system alone has: with a drive or
/// backslashes in front, on Windows.
pub fn is_path_of_this_system(text: &str) -> bool {
    cfg!(windows) && is_windows_path(text)
}

/// `C:\x`, `C:/x`, `\\server\share`, `.\x`, `..\x`. Not `C:x`, which looks like a host, and would depend on
/// the working folder of the drive.
fn is_windows_path(text: &str) -> bool {
    let has_drive =
        matches!(text.as_bytes(), [letter, b':', b'/' | b'\\', ..] if letter.is_ascii_alphabetic());
    has_drive
        || ["\\", ".\\", "..\\"]
            .iter()
            .any(|start| text.starts_with(start))
}

/// The path that a `file://` URL names, from what comes after that, without escapes. `/C:/x` is `C:/x` on
/// Windows, and a host is that of a share.
pub fn path_of_url(rest: &str) -> PathBuf {
    if cfg!(windows) {
        return PathBuf::from(windows_path_of_url(rest));
    }
    PathBuf::from(rest)
}

fn windows_path_of_url(rest: &str) -> String {
    let rest = rest
        .strip_prefix("localhost/")
        .map_or_else(|| rest.to_owned(), |rest| format!("/{rest}"));
    match rest.strip_prefix('/') {
        Some(path) if is_windows_path(path) => path.to_owned(),
        None if !is_windows_path(&rest) => format!("//{rest}"),
        _ => rest,
    }
}

/// The path with `/` between names, which libgit2 looks for when it goes on from one file to another.
pub fn slashed(path: &Path) -> std::borrow::Cow<'_, Path> {
    match path.to_str() {
        Some(text) if cfg!(windows) => PathBuf::from(text.replace('\\', "/")).into(),
        _ => path.into(),
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
        let _ = metadata;
        Ok(false)
    }
}

/// Whether people can make links that lead to files. On Windows most may not, and Git writes a file
/// with the target's text in place of one.
pub const HAS_LINKS: bool = cfg!(unix);

/// Whether files say that they may be run.
pub const HAS_MODES: bool = cfg!(unix);

/// The absolute path without links; the path must exist.
pub fn canonicalize(path: &Path) -> Result<PathBuf> {
    #[cfg(unix)]
    let found = fs::canonicalize(path);
    // Without the prefix `\\?\`, wherever the same is meant without: no other program takes it.
    #[cfg(windows)]
    let found = dunce::canonicalize(path);
    found.on("resolve", path)
}

/// Makes a link at `path` that leads to a folder, given without links. On Windows it is a junction, for
/// which nobody needs leave.
pub fn link_folder(target: &Path, path: &Path) -> Result<()> {
    #[cfg(unix)]
    let made = std::os::unix::fs::symlink(target, path);
    #[cfg(windows)]
    let made = junction::create(target, path).inspect_err(|error| {
        // The folder that was to become one.
        if error.kind() != io::ErrorKind::AlreadyExists {
            let _ = fs::remove_dir(path);
        }
    });
    made.on("create the link", path)
}

/// Whether a link stands at `path` that leads to `target`; an error where nothing stands there.
pub fn leads_to(path: &Path, target: &Path) -> Result<bool> {
    let found = fs::read_link(path).on("read the link", path)?;
    #[cfg(windows)]
    let (found, target) = (dunce::simplified(&found), dunce::simplified(target));
    Ok(found == target)
}

/// Removes a link, to whatever it leads.
pub fn remove_link(path: &Path) -> Result<()> {
    #[cfg(windows)]
    if fs::remove_dir(path).is_ok() {
        return Ok(());
    }
    super::remove_file(path)
}

/// Does what other programs may be in the way of for a moment, where such a thing is: on Windows nothing
/// can be renamed that a virus scanner or an indexer has just opened. There it is tried for a second.
pub(super) fn patiently<T>(mut act: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    #[cfg(windows)]
    for pause in [1, 2, 5, 10, 20, 50, 100, 200, 300, 300] {
        /// `ERROR_ACCESS_DENIED`, `ERROR_SHARING_VIOLATION`, `ERROR_LOCK_VIOLATION`.
        const IN_USE: [i32; 3] = [5, 32, 33];
        match act() {
            Err(error)
                if error
                    .raw_os_error()
                    .is_some_and(|code| IN_USE.contains(&code)) =>
            {
                std::thread::sleep(std::time::Duration::from_millis(pause));
            }
            other => return other,
        }
    }
    act()
}

/// The file whose lock is a folder's: the folder itself, where such a thing can be locked. On Windows it
/// is one beside, `<parent>.locks/<name>`, which stays; the folder has to be there all the same.
pub(super) fn lock_of_folder(path: &Path) -> Result<File> {
    #[cfg(windows)]
    if let (Some(parent), Some(name)) = (path.parent(), path.file_name()) {
        fs::metadata(path).on("open", path)?;
        let mut locks = parent.as_os_str().to_owned();
        locks.push(".locks");
        super::create_dir_all(Path::new(&locks))?;
        return super::open_or_create(&Path::new(&locks).join(name));
    }
    super::open(path)
}

/// Opens what only one may have open at a time; `None` where another has. It goes with whoever has it,
/// killed or not.
#[cfg(windows)]
pub(super) fn open_alone(path: &Path) -> Result<Option<File>> {
    use std::os::windows::fs::OpenOptionsExt as _;
    /// `GENERIC_READ | GENERIC_WRITE | DELETE`
    const ACCESS: u32 = 0x8000_0000 | 0x4000_0000 | 0x0001_0000;
    /// `FILE_FLAG_DELETE_ON_CLOSE`
    const GOES: u32 = 0x0400_0000;
    /// `ERROR_SHARING_VIOLATION`
    const IN_USE: i32 = 32;
    let mut attempts = 0;
    loop {
        let opened = File::options()
            .write(true)
            .access_mode(ACCESS)
            .share_mode(0)
            .custom_flags(GOES)
            .create(true)
            .truncate(false)
            .open(path);
        match opened {
            Err(error) if error.raw_os_error() == Some(IN_USE) => return Ok(None),
            // It may be going just now, which looks like this for an instant.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied && attempts < 10 => {
                attempts += 1;
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
            other => return other.on("lock", path).map(Some),
        }
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
                #[expect(
                    clippy::permissions_set_readonly_false,
                    reason = "it means more on Unix, where this is not done"
                )]
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
    fn a_link_to_a_folder_is_known_and_goes_alone() {
        let root = tempfile::tempdir().unwrap();
        let root = canonicalize(root.path()).unwrap();
        let (one, other, link) = (root.join("one"), root.join("other"), root.join("link"));
        for folder in [&one, &other] {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join("file"), folder.as_os_str().as_encoded_bytes()).unwrap();
        }
        assert!(leads_to(&link, &one).is_err() && leads_to(&one, &other).is_err());
        let made = link_folder(&one, &link);
        // `ERROR_NOT_SUPPORTED`: a file system without junctions, and Wine.
        if made
            .as_ref()
            .is_err_and(|error| cfg!(windows) && error.source.raw_os_error() == Some(50))
        {
            assert!(!link.exists());
            return;
        }
        made.unwrap();
        assert!(leads_to(&link, &one).unwrap() && !leads_to(&link, &other).unwrap());
        assert!(is_same(&link, &one));
        assert_eq!(canonicalize(&link).unwrap(), one);
        assert_eq!(
            fs::read(link.join("file")).unwrap(),
            one.as_os_str().as_encoded_bytes()
        );
        remove_link(&link).unwrap();
        assert!(leads_to(&link, &one).is_err());
        assert!(one.join("file").exists());
        link_folder(&other, &link).unwrap();
        // What is removed with what stands around it is the link.
        fs::create_dir(root.join("around")).unwrap();
        fs::rename(&link, root.join("around/link")).unwrap();
        remove_tree(&root.join("around")).unwrap();
        assert!(other.join("file").exists());
    }

    #[test]
    fn paths_and_urls_of_windows_are_understood() {
        for text in [
            "C:/",
            r"c:\x",
            "D:/x",
            r"\\server\share",
            r"\x",
            r".\x",
            r"..\x",
        ] {
            assert!(is_windows_path(text), "{text}");
        }
        for text in [
            "", "C", "C:", "C:x", "/C:/x", "host:x", "é:/x", "9:x", "x", ".", "../x",
        ] {
            assert!(!is_windows_path(text), "{text}");
        }
        for (rest, path) in [
            ("/C:/a b/c", "C:/a b/c"),
            (r"/C:\a", r"C:\a"),
            ("C:/a", "C:/a"),
            ("localhost/C:/a", "C:/a"),
            ("/a/b", "/a/b"),
            ("server/share/a", "//server/share/a"),
        ] {
            assert_eq!(windows_path_of_url(rest), path, "{rest}");
        }
        assert_eq!(is_path_of_this_system("C:/x"), cfg!(windows));
        assert_eq!(path_of_url("/C:/x").starts_with("/C:"), cfg!(unix));
    }

    #[test]
    fn names_that_are_bytes_lead_below_their_folder() {
        let path = below(Path::new("a"), b"b/c d");
        assert_eq!(path, Path::new("a").join("b").join("c d"));
    }
}
