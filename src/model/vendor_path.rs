//! Where a dependency lands below vendor/.

use std::fmt;
use std::path::{Path, PathBuf};

use super::{is_dot_git, unfit_for_windows};

/// A dependency's folder below vendor/: relative, made of ordinary names only.
///
/// Names come from glide.lock, which is hostile until checked: `..`, absolute paths, empty
/// elements, `.git` and control characters are refused. (Glide joins whatever stands there.)
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VendorPath(String);

/// Why a name cannot be a folder below vendor/.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the name {name:?} cannot be a folder below vendor/: {reason}")]
pub struct PathError {
    name: String,
    reason: &'static str,
}

impl crate::error::Classify for PathError {}

impl VendorPath {
    /// Checks a dependency's name.
    pub fn new(name: &str) -> Result<Self, PathError> {
        let refuse = |reason| {
            Err(PathError {
                name: name.to_owned(),
                reason,
            })
        };
        if name.is_empty() {
            return refuse("it is empty");
        }
        if name.starts_with('/') {
            return refuse("it is absolute");
        }
        if name.contains('\\') {
            return refuse("it has a backslash");
        }
        if name.chars().any(char::is_control) {
            return refuse("it has a control character");
        }
        for element in name.split('/') {
            match element {
                "" => return refuse("it has an empty element"),
                "." | ".." => return refuse("it has a `.` or `..` element"),
                _ if is_dot_git(element.as_bytes()) => {
                    return refuse("it has an element that is `.git` on some file systems");
                }
                _ => {}
            }
            if let Some(why) = unfit_for_windows(element.as_bytes()).filter(|_| cfg!(windows)) {
                return refuse(why);
            }
        }
        Ok(Self(name.to_owned()))
    }

    /// The name, with `/` between its elements.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder below `vendor`.
    pub fn below(&self, vendor: &Path) -> PathBuf {
        let mut path = vendor.to_owned();
        // With what this system writes between names.
        path.extend(self.0.split('/'));
        path
    }
}

impl fmt::Display for VendorPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::VendorPath;

    #[test]
    fn names_that_would_leave_vendor_are_refused() {
        for name in [
            "",
            "/etc",
            "../x",
            "a/../b",
            "a//b",
            "a/.git/b",
            "a/.GIT",
            "a\\b",
            "a/",
            "./a",
            "a\n",
            "a/.git./b",
            "a/.g\u{200c}it",
            "git~1",
            "C:\\x",
            "\\\\host\\share",
        ] {
            assert!(VendorPath::new(name).is_err(), "{name:?}");
        }
        for name in [
            "github.com/a/b",
            "y",
            "gopkg.in/yaml.v2",
            "a/..b",
            "https:x",
        ] {
            assert!(VendorPath::new(name).is_ok(), "{name:?}");
        }
    }
}
