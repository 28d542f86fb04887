//! Which paths of a repository may be written, decided from their bytes alone.
//!
//! Trees come from outside, and nothing stops one from naming an entry `..` or `.git`. A name that
//! some file system takes for `.git` is refused on every file system, because a project is
//! copied from one to another with its vendor/.

use crate::model::{is_dot_git, is_ignorable, unfit_for_windows};

/// Why a path is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// No path at all.
    #[error("the path is empty")]
    Empty,
    /// It starts with `/`.
    #[error("the path is absolute")]
    Absolute,
    /// Two slashes in a row, or one at the end.
    #[error("the path has an empty name in it")]
    EmptyName,
    /// `.` or `..`.
    #[error("the path has a `.` or `..` in it")]
    Dots,
    /// Split at its backslashes, as on Windows, it would lead elsewhere.
    #[error("the path leads elsewhere where a backslash separates folders")]
    Backslash,
    /// No file system can hold it.
    #[error("the path has a NUL byte in it")]
    Nul,
    /// Removing such a tree again would need more open files than a process may have.
    #[error("the path is more than {MAX_DEPTH} folders deep")]
    TooDeep,
    /// `.git`, or what some file system takes for it.
    #[error("the path has a name in it that is `.git` on some file systems")]
    DotGit,
    /// No file on this system can be called so.
    #[error("the path has a name in it that cannot be had here: {0}")]
    Windows(&'static str),
}

/// How many names a path may have; removing a tree holds a folder open for each level, and 1024
/// is a common limit for that.
const MAX_DEPTH: usize = 500;

/// Checks a path made of `/` and names. Control characters other than NUL are allowed, as in Git.
pub(super) fn check(path: &[u8]) -> Result<(), BadName> {
    if path.is_empty() {
        return Err(BadName::Empty);
    }
    if path[0] == b'/' {
        return Err(BadName::Absolute);
    }
    if path.contains(&b'\\') {
        check_backslashes(path)?;
    }
    if path.contains(&0) {
        return Err(BadName::Nul);
    }
    if path.split(|byte| *byte == b'/').nth(MAX_DEPTH).is_some() {
        return Err(BadName::TooDeep);
    }
    path.split(|byte| *byte == b'/').try_for_each(check_name)
}

/// A backslash is an ordinary character here and real repositories have it in names, but what would
/// be refused with a slash in its place is not laid out for a Windows machine to find.
fn check_backslashes(path: &[u8]) -> Result<(), BadName> {
    if cfg!(windows) {
        return Err(BadName::Backslash);
    }
    path.split(|byte| *byte == b'/').try_for_each(|name| {
        let mut parts = name.split(|byte| *byte == b'\\');
        let drive = name.get(1..3) == Some(b":\\");
        if drive || parts.any(|part| check_name(part).is_err()) {
            return Err(BadName::Backslash);
        }
        Ok(())
    })
}

fn check_name(name: &[u8]) -> Result<(), BadName> {
    match name {
        b"" => Err(BadName::EmptyName),
        b"." | b".." => Err(BadName::Dots),
        _ if is_dot_git(name) => Err(BadName::DotGit),
        _ => match unfit_for_windows(name) {
            Some(why) if cfg!(windows) => Err(BadName::Windows(why)),
            _ => Ok(()),
        },
    }
}

/// A path as a message shows it: text where it is text, control characters made visible.
pub(super) fn shown(path: &[u8]) -> String {
    let mut text = String::with_capacity(path.len());
    for character in String::from_utf8_lossy(path).chars() {
        if character.is_control() || is_ignorable(character) {
            text.extend(character.escape_unicode());
        } else {
            text.push(character);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{BadName, check, shown};

    #[track_caller]
    fn refused(path: &str, why: BadName) {
        for path in [
            path.to_owned(),
            format!("a/{path}"),
            format!("{path}/b"),
            format!("a/b/{path}/c"),
        ] {
            assert_eq!(check(path.as_bytes()), Err(why), "{path:?}");
        }
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        refused("..", BadName::Dots);
        refused(".", BadName::Dots);
        for path in [
            "..\\..\\etc",
            "a\\..\\b",
            "\\etc",
            "\\\\host\\share",
            "C:\\x",
            "a\\.git\\b",
            ".GIT\\x",
        ] {
            refused(path, BadName::Backslash);
        }
        refused("a\0b", BadName::Nul);
        assert_eq!(check(b""), Err(BadName::Empty));
        assert_eq!(check(b"/etc/passwd"), Err(BadName::Absolute));
        assert_eq!(check(b"a//b"), Err(BadName::EmptyName));
        assert_eq!(check(b"a/"), Err(BadName::EmptyName));
        assert_eq!(
            check(["d"; 501].join("/").as_bytes()),
            Err(BadName::TooDeep)
        );
    }

    #[test]
    fn git_in_every_disguise_is_refused() {
        for name in [
            ".git",
            ".GIT",
            ".gIt",
            ".git ",
            ".git.",
            ".git . .",
            ".git::$INDEX_ALLOCATION",
            ".git:stream",
            ".Git.:x",
            "git~1",
            "GIT~1",
            "git~1 .",
            ".g\u{200c}it",
            "\u{feff}.git",
            ".git\u{206f}",
            ".G\u{202e}I\u{200f}T",
            ".gi\u{ad}t",
            ".g\u{2064}it\u{fe0f}.",
            "\u{e0041}.git",
        ] {
            refused(name, BadName::DotGit);
        }
    }

    #[test]
    fn ordinary_names_pass() {
        for path in [
            "a",
            ".gitignore",
            ".gitattributes",
            ".gitmodules",
            ".hgtags",
            ".github/x",
            "git",
            "a.git",
            ".git2",
            "..a",
            "back\\slash.txt",
            "...",
            "a\nb",
            "git~10",
            "\u{200b}x",
            "\u{e9}",
        ] {
            assert_eq!(check(path.as_bytes()), Ok(()), "{path:?}");
        }
        assert_eq!(check(b"latin-1 \xe9"), Ok(()));
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown_as_text() {
        assert_eq!(shown(b"a\x1b[2Jb"), "a\\u{1b}[2Jb");
        assert_eq!(shown("\u{202e}x".as_bytes()), "\\u{202e}x");
    }
}
