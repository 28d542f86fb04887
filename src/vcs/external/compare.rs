//! For tests: trees as text, those of a folder and those that were fetched, to be compared.

use std::fmt::Write as _;
use std::path::Path;

use crate::fsx;
use crate::vcs::Fetched;

/// All files below a folder, with kinds and bytes, as [`shown`] has them.
pub(in crate::vcs) fn listing(folder: &Path) -> String {
    let mut text = String::new();
    list(folder, folder, &mut text);
    text
}

fn list(root: &Path, folder: &Path, text: &mut String) {
    for entry in fsx::read_dir(folder).unwrap() {
        let (path, kind) = (entry.path(), entry.file_type().unwrap());
        if kind.is_dir() {
            list(root, &path, text);
            continue;
        }
        let name = path.strip_prefix(root).unwrap().display().to_string();
        let read = || String::from_utf8(fsx::read(&path).unwrap()).unwrap();
        let (kind, bytes) = if kind.is_symlink() {
            let target = fsx::read_link(&path).unwrap();
            ("Symlink", target.to_str().unwrap().to_owned())
        } else if fsx::is_executable(&path).unwrap() {
            ("Executable", read())
        } else {
            ("File", read())
        };
        writeln!(text, "{name} {kind} {bytes:?}").unwrap();
    }
}

/// All files of what was fetched.
pub(in crate::vcs) fn shown(fetched: &Fetched) -> String {
    let (at, snapshot) = &fetched.trees[0];
    assert!(at.is_empty() && fetched.trees.len() == 1 && !snapshot.heeds_attributes());
    let mut reader = snapshot.reader().unwrap();
    let mut text = String::new();
    for entry in reader.entries().unwrap() {
        let mut bytes = Vec::new();
        reader.read_blob(entry.id, &mut bytes).unwrap();
        let (path, bytes) = (String::from_utf8(entry.path), String::from_utf8(bytes));
        let bytes = bytes.unwrap();
        writeln!(text, "{} {:?} {bytes:?}", path.unwrap(), entry.kind).unwrap();
    }
    text
}
