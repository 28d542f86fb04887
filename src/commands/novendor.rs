//! `novendor`: the folders of the project that hold Go code, for `go test $(glide-rs novendor)`.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use super::{Context, Outcome};
use crate::fsx;

/// What `novendor` is asked for.
#[derive(Debug)]
pub struct NoVendorOptions {
    /// Look in this folder.
    pub folder: PathBuf,
    /// Write no `/...` behind folders.
    pub bare: bool,
}

/// Lists the folders. What stands below the working folder begins with `./`.
pub fn novendor(context: &Context<'_>, options: &NoVendorOptions) -> Outcome {
    match list(&context.settings.folder, options) {
        Ok(output) => Outcome { output, code: 0 },
        Err(error) => {
            // Glide text
            let what = format!("Failed to walk file tree: {}", error.in_full());
            context.reporter.error(what);
            Outcome::default()
        }
    }
}

fn list(working_folder: &Path, options: &NoVendorOptions) -> fsx::Result<Vec<u8>> {
    let folder = &options.folder;
    let path = working_folder.join(folder);
    let mut output = Vec::new();
    let mut line = |parts: &[&[u8]]| {
        output.extend(parts.concat());
        output.push(b'\n');
    };
    let mut has_go = false;
    if !fsx::is_folder(&path) {
        // A file stands for itself; where there is nothing, opening it tells why.
        fsx::open(&path)?;
        line(&[folder.as_os_str().as_encoded_bytes()]);
        return Ok(output);
    }
    let start: &[u8] = if folder.is_absolute() { b"" } else { b"./" };
    let end: &[u8] = if options.bare { b"/" } else { b"/..." };
    for entry in fsx::read_dir(&path)? {
        let name = entry.file_name();
        if name.as_encoded_bytes().starts_with(b"_") || name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if !fsx::file_type(&entry)?.is_dir() {
            has_go |= extension(&name) == b"go";
        } else if name != "vendor" && holds_go(&entry.path()) {
            let shown = tidy(&folder.join(&name));
            line(&[start, shown.as_os_str().as_encoded_bytes(), end]);
        }
    }
    if has_go {
        line(&[b"."]);
    }
    Ok(output)
}

/// What follows the last point in a name; Go's idea of it, for which `.go` is all extension.
fn extension(name: &OsStr) -> &[u8] {
    let bytes = name.as_encoded_bytes();
    let point = bytes.iter().rposition(|byte| *byte == b'.');
    point.map_or(&[], |point| &bytes[point + 1..])
}

/// A path without what means nothing in it, as Go's `filepath.Clean` has it.
fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(tidy.components().next_back(), Some(Component::Normal(_))) =>
            {
                tidy.pop();
            }
            Component::ParentDir if tidy.has_root() => {}
            _ => tidy.push(part),
        }
    }
    tidy
}

/// Whether anything at or below the folder has a name that ends in `.go`, in whatever case. Folders
/// that cannot be read hold nothing; links are not followed.
fn holds_go(folder: &Path) -> bool {
    let is_go = |name: &OsStr| extension(name).eq_ignore_ascii_case(b"go");
    if folder.file_name().is_some_and(is_go) {
        return true;
    }
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fsx::read_dir(&folder).unwrap_or_default() {
            if is_go(&entry.file_name()) {
                return true;
            }
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(entry.path());
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_tidied_as_go_does() {
        #[track_caller]
        fn check(given: &str, expected: &str) {
            assert_eq!(tidy(Path::new(given)), Path::new(expected), "{given}");
        }
        check("./a", "a");
        check("a/./b//c/", "a/b/c");
        check("a/../b", "b");
        check("../x/../../a", "../../a");
        check("/../a", "/a");
    }

    #[test]
    fn extensions_are_gos() {
        for (name, expected) in [
            ("a.go", "go"),
            (".go", "go"),
            ("a.b.GO", "GO"),
            ("go", ""),
            ("a.", ""),
        ] {
            assert_eq!(extension(OsStr::new(name)), expected.as_bytes(), "{name}");
        }
    }
}
