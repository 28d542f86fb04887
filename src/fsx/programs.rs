//! Programs on disk: where one is, and what makes a file one.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::{canonicalize, is_executable, is_folder};

/// What a program's name may end in where names tell programs from other files, in the order in which the
/// shell tries it.
const ENDINGS: &[&str] = if cfg!(windows) {
    &[".com", ".exe", ".bat", ".cmd"]
} else {
    &[]
};

/// Whether a file can be seen there, links followed, that may be run.
pub fn is_program(path: &Path) -> bool {
    let Ok(real) = canonicalize(path) else {
        return false;
    };
    let may_run = ENDINGS.is_empty() && is_executable(&real).unwrap_or(false);
    !is_folder(&real) && (may_run || names_program(&real))
}

/// Whether the name says that it is a program.
fn names_program(path: &Path) -> bool {
    let ending = path.extension().and_then(OsStr::to_str);
    let is = |ending: &str, known: &&str| known[1..].eq_ignore_ascii_case(ending);
    ending.is_some_and(|ending| ENDINGS.iter().any(|known| is(ending, known)))
}

/// The first program of that name in these folders. An ending that programs have need not be named.
pub fn find_program(
    folders: impl IntoIterator<Item = impl AsRef<Path>>,
    name: &OsStr,
) -> Option<PathBuf> {
    let names = names(name);
    folders.into_iter().find_map(|folder| {
        let mut paths = names.iter().map(|name| folder.as_ref().join(name));
        paths.find(|path| is_program(path))
    })
}

/// What a program that goes by a name may be called: the name itself, and that with each ending.
fn names(name: &OsStr) -> Vec<OsString> {
    let with = |ending: &&str| {
        let mut name = name.to_owned();
        name.push(ending);
        name
    };
    std::iter::once(name.to_owned())
        .chain(ENDINGS.iter().map(with))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_in_order_and_nothing_else_is() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        let ending = if cfg!(windows) { ".exe" } else { "" };
        for folder in ["one", "two", "one/folder.exe", "one/folder"] {
            crate::fsx::create_dir(&at(folder)).unwrap();
        }
        let tool = at(&format!("two/tool{ending}"));
        let here = std::env::current_exe().unwrap();
        crate::fsx::copy(&here, &tool).unwrap();
        crate::fsx::write_new(&at("one/tool"), b"no program").unwrap();
        let folders = [at("none"), at("one"), at("two")];
        assert_eq!(find_program(&folders, "tool".as_ref()), Some(tool.clone()));
        assert!(is_program(&tool) && !is_program(&at("one/tool")));
        for missing in ["folder", "folder.exe", "other"] {
            assert_eq!(find_program(&folders, missing.as_ref()), None, "{missing}");
        }
        let whole = format!("tool{ending}");
        assert_eq!(find_program(&folders, whole.as_ref()), Some(tool));
    }
}
