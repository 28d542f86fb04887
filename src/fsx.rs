//! File operations whose errors name what was tried and on which path.
//!
//! The only module that calls `std::fs` (a lint holds that). Nothing here decides anything.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the module that wraps them"
)]

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::Classify;

#[cfg(unix)]
pub mod at;
#[cfg(windows)]
#[path = "fsx/at_windows.rs"]
pub mod at;
pub mod lock;
mod programs;
mod system;
mod temporary;

pub use programs::{find_program, is_program};
pub use system::{
    HAS_LINKS, HAS_MODES, below, canonicalize, free_space, is_executable, is_path_of_this_system,
    is_same, leads_to, link_folder, on_one_device, path_of_url, read_at, read_exact_at,
    remove_link, remove_tree, slashed, symlink,
};
use temporary::without_path;
pub use temporary::{nameless_file, temporary_folder};

/// A file operation that failed.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} `{}`", path.display())]
pub struct Error {
    /// What was tried, as a verb: "read", "rename".
    pub action: &'static str,
    /// The file or folder it was tried on.
    pub path: PathBuf,
    /// What the operating system said.
    pub source: io::Error,
}

impl Classify for Error {
    fn hints(&self) -> Vec<String> {
        hint(&self.source).map(str::to_owned).into_iter().collect()
    }
}

/// What to do where the operating system refuses; nothing where it depends on what was tried.
pub fn hint(error: &io::Error) -> Option<&'static str> {
    Some(match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "the disk is full (`df -h` shows it): make room, `glide-rs cache-clear` empties the cache, or put \
             Glide's files on another disk with GLIDE_HOME"
        }
        ErrorKind::PermissionDenied if cfg!(windows) => {
            "it is read-only, belongs to somebody else, or another program has it open, or a file in it"
        }
        ErrorKind::PermissionDenied => {
            "it belongs to somebody else, perhaps after a run as root or in a container: `ls -ld` shows to whom, \
             `chown` gives it back"
        }
        ErrorKind::ReadOnlyFilesystem => {
            "that file system can only be read: work on a copy, or put Glide's files elsewhere with GLIDE_HOME"
        }
        ErrorKind::IsADirectory => "a file is wanted there, and it is a folder: move that away",
        ErrorKind::NotADirectory => {
            "something on the way there is a file, where a folder is wanted: move it away"
        }
        _ => return None,
    })
}

impl Error {
    /// Whether there is no such file.
    pub fn is_not_found(&self) -> bool {
        self.source.kind() == io::ErrorKind::NotFound
    }

    /// Whether a file stands where a folder on the way to it would be.
    pub fn is_below_a_file(&self) -> bool {
        self.source.kind() == io::ErrorKind::NotADirectory
    }

    /// The error with its cause on one line, where there is room for no more.
    pub fn in_full(&self) -> String {
        format!("{self}: {}", self.source)
    }

    /// Whether something stands already where something new was to be.
    pub fn is_taken(&self) -> bool {
        self.source.kind() == io::ErrorKind::AlreadyExists
    }
}

/// The result of a file operation.
pub type Result<T> = std::result::Result<T, Error>;

/// Adds what was tried, and on what, to an `io::Result`.
pub trait Context<T> {
    /// Turns the error into an [`Error`] that names `action` and `path`.
    fn on(self, action: &'static str, path: &Path) -> Result<T>;
}

impl<T> Context<T> for io::Result<T> {
    fn on(self, action: &'static str, path: &Path) -> Result<T> {
        self.map_err(|source| Error {
            action,
            path: path.to_owned(),
            source,
        })
    }
}

/// Reads a whole file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).on("read", path)
}

/// Reads a whole file; `None` where there is none.
pub fn read_if_exists(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.on("read", path).map(Some),
    }
}

/// Longer files were written by nobody; some that look like files never end.
const LONGEST_TEXT: u64 = 16 << 20;

/// Reads a whole file that people write, unless it is longer than any of those. A pipe is waited for
/// only where the path itself is one of this process (`/dev/stdin`, a shell's `<(command)`): one that lies
/// in a project's place would keep us for ever.
pub fn read_text(path: &Path) -> Result<Vec<u8>> {
    read_up_to(path, LONGEST_TEXT)
}

/// The same for files that may be longer; `limit` is in bytes.
pub fn read_up_to(path: &Path, limit: u64) -> Result<Vec<u8>> {
    if !path.starts_with("/dev") {
        let there = fs::metadata(path).on("read", path)?;
        if !there.is_file() && !there.is_dir() {
            let error = io::Error::new(ErrorKind::InvalidInput, "it is not an ordinary file");
            return Err(error).on("read", path);
        }
    }
    let mut bytes = Vec::new();
    let mut file = File::open(path)
        .on("read", path)?
        .take(limit.saturating_add(1));
    file.read_to_end(&mut bytes).on("read", path)?;
    if file.limit() == 0 {
        let what = match limit >> 20 {
            0 => format!("it is longer than {limit} bytes"),
            megabytes => format!("it is longer than {megabytes} MiB"),
        };
        return Err(io::Error::new(ErrorKind::FileTooLarge, what)).on("read", path);
    }
    Ok(bytes)
}

/// The same; `None` where there is none.
pub fn read_text_if_exists(path: &Path) -> Result<Option<Vec<u8>>> {
    match read_text(path) {
        Err(error) if error.is_not_found() => Ok(None),
        other => other.map(Some),
    }
}

/// Writes a file so that it is seen whole or not at all: to the side, then renamed over it.
///
/// A link is followed, so that it goes on leading to the file; an existing file's mode is kept. What is no
/// file, as `/dev/null` is none, is not replaced by one.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let there = fs::metadata(&target).ok();
    if there.as_ref().is_some_and(|there| !there.is_file()) {
        let error = io::Error::new(io::ErrorKind::InvalidInput, "it is not an ordinary file");
        return Err(error).on("write", &target);
    }
    let file = beside(&target, bytes)?;
    file.as_file().sync_all().on("write", &target)?;
    if let Some(there) = there {
        fs::set_permissions(file.path(), there.permissions()).on("write", &target)?;
    }
    put_in_place(file, &target)
}

/// Puts a new file in the place of one that is there: another file with the mode of a new file, so
/// that other names of the old one keep its bytes. A link is replaced, not followed.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    put_in_place(beside(path, bytes)?, path)
}

/// Writes a file that must not be there, so that it is seen whole or not at all. Whatever stands at the
/// path, a link to nowhere included, is left alone and is an error that [`Error::is_taken`] knows.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    let file = beside(path, bytes)?;
    file.as_file().sync_all().on("write", path)?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
            Err(error.error).on("create", path)
        }
        // Some file systems can neither rename without replacing nor link.
        Err(_) => {
            let mut file = create_new(path)?;
            let written = file.write_all(bytes).and_then(|()| file.sync_all());
            if written.is_err() {
                let _ = remove_file(path);
            }
            written.on("write", path)
        }
    }
}

/// A file with these bytes in the folder of `path`, with the mode of a new file; it goes when
/// dropped.
fn beside(path: &Path, bytes: &[u8]) -> Result<NamedTempFile> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".glide-rs-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder
        .tempfile_in(folder)
        .map_err(without_path)
        .on("create a file in", folder)?;
    file.write_all(bytes)
        .map_err(without_path)
        .on("write", path)?;
    Ok(file)
}

fn put_in_place(file: NamedTempFile, path: &Path) -> Result<()> {
    let mut file = Some(file);
    let put = || match file.take().map(|file| file.persist(path)) {
        Some(Err(error)) => {
            file = Some(error.file);
            Err(error.error)
        }
        _ => Ok(()),
    };
    system::patiently(put).on("replace", path)
}

/// Creates a folder and those above it.
pub fn create_dir_all(path: &Path) -> Result<()> {
    fs::create_dir_all(path).on("create the folder", path)
}

/// Creates one folder, which must not be there.
pub fn create_dir(path: &Path) -> Result<()> {
    fs::create_dir(path).on("create the folder", path)
}

/// Creates a file that must not be there, for writing.
pub fn create_new(path: &Path) -> Result<File> {
    File::options()
        .write(true)
        .create_new(true)
        .open(path)
        .on("create", path)
}

/// Creates a file for writing; one that is there is emptied.
pub fn create(path: &Path) -> Result<File> {
    File::create(path).on("create", path)
}

/// Opens a file for reading.
pub fn open(path: &Path) -> Result<File> {
    File::open(path).on("open", path)
}

/// Opens a file for reading and writing, making it when it is missing; never truncates.
pub fn open_or_create(path: &Path) -> Result<File> {
    File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .on("open", path)
}

/// Renames a file or folder.
pub fn rename(from: &Path, to: &Path) -> Result<()> {
    system::patiently(|| fs::rename(from, to)).on("rename", from)
}

/// Removes a file; it is no error when there is none.
pub fn remove_file(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.on("remove", path),
    }
}

/// Removes a folder in which there is nothing.
pub fn remove_empty_dir(path: &Path) -> Result<()> {
    fs::remove_dir(path).on("remove", path)
}

/// Removes a folder and all below it; it is no error when there is none.
pub fn remove_dir_all(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.on("remove", path),
    }
}

/// Gives a file or folder the permissions of another.
pub fn copy_permissions(from: &Path, to: &Path) -> Result<()> {
    let permissions = fs::metadata(from).on("look at", from)?.permissions();
    fs::set_permissions(to, permissions).on("set the permissions of", to)
}

/// What stands at the path, links not followed; `None` where there is nothing.
pub fn lstat(path: &Path) -> Result<Option<Metadata>> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.on("look at", path).map(Some),
    }
}

/// What stands at the path, links followed; `None` where there is nothing.
pub fn stat(path: &Path) -> Result<Option<Metadata>> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.on("look at", path).map(Some),
    }
}

/// Whether something can be seen at the path, links followed.
pub fn exists(path: &Path) -> bool {
    path.exists()
}

/// Whether a folder can be seen at the path, links followed.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// What a folder's entry is, links not followed.
pub fn file_type(entry: &fs::DirEntry) -> Result<fs::FileType> {
    entry.file_type().on("look at", &entry.path())
}

/// Where a link leads.
pub fn read_link(path: &Path) -> Result<PathBuf> {
    fs::read_link(path).on("read the link", path)
}

/// Makes a second name for a file.
pub fn hard_link(from: &Path, to: &Path) -> Result<()> {
    fs::hard_link(from, to).on("link", from)
}

/// Copies a file with its mode.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).on("copy", from).map(drop)
}

/// The names in a folder with their types, sorted by name.
pub fn read_dir(path: &Path) -> Result<Vec<fs::DirEntry>> {
    let mut entries = fs::read_dir(path)
        .and_then(Iterator::collect::<io::Result<Vec<_>>>)
        .on("list", path)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    Ok(entries)
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    use super::*;

    #[test]
    #[cfg(unix)]
    fn what_is_new_takes_nobodys_place() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        write_new(&at("file"), b"new").unwrap();
        create_dir(&at("folder")).unwrap();
        symlink(Path::new("nowhere"), &at("link")).unwrap();
        for name in ["file", "folder", "link"] {
            assert!(
                write_new(&at(name), b"other").unwrap_err().is_taken(),
                "{name}"
            );
        }
        assert_eq!(read(&at("file")).unwrap(), b"new");
        assert_eq!(read_dir(folder.path()).unwrap().len(), 3);
    }

    #[test]
    #[cfg(unix)]
    fn what_is_no_file_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let _listener = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        let pipe = rustix::fs::FileType::Fifo;
        let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
        rustix::fs::mknodat(rustix::fs::CWD, at("pipe"), pipe, mode, 0).unwrap();
        for (name, target) in [("zero", "/dev/zero"), ("to-pipe", "pipe")] {
            symlink(Path::new(target), &at(name)).unwrap();
        }
        for name in ["socket", "pipe", "zero", "to-pipe"] {
            let error = read_text(&at(name)).unwrap_err();
            assert!(
                error.in_full().ends_with("it is not an ordinary file"),
                "{name}"
            );
        }
        assert!(read_text_if_exists(&at("none")).unwrap().is_none());
        assert_eq!(read_text(Path::new("/dev/null")).unwrap(), b"");
        replace(&at("file"), b"12345").unwrap();
        assert_eq!(read_up_to(&at("file"), 5).unwrap(), b"12345");
        let error = read_up_to(&at("file"), 4).unwrap_err();
        assert!(error.in_full().ends_with("it is longer than 4 bytes"));
        let error = read_text(Path::new("/dev/zero")).unwrap_err();
        assert!(error.in_full().ends_with("it is longer than 16 MiB"));
    }

    #[test]
    #[cfg(unix)]
    fn what_is_no_file_is_not_replaced_by_one() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        for path in [folder.path(), &socket] {
            let error = write_atomic(path, b"text").unwrap_err();
            assert!(
                error.in_full().ends_with("it is not an ordinary file"),
                "{error}"
            );
        }
        assert_eq!(read_dir(folder.path()).unwrap().len(), 1);
    }

    #[test]
    #[cfg(unix)]
    fn an_error_names_its_path_once() {
        let error = write_atomic(Path::new("/nowhere/at/all"), b"").unwrap_err();
        assert_eq!(error.to_string(), "cannot create a file in `/nowhere/at`");
        assert_eq!(
            error.source.to_string(),
            "No such file or directory (os error 2)"
        );
    }
}
