//! What a module's path says of its versions.

use super::NoVersion;
use crate::version::go;

/// A module's path, and where in its repository it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModulePath {
    path: String,
    /// The folder below the repository's root; empty for the root.
    folder: String,
    /// `/v2`, `.v2`, `.v2-unstable`; empty for `v0` and `v1`.
    suffix: String,
    /// Whether the whole path is the repository's root.
    is_root: bool,
}

impl ModulePath {
    /// The module of that path in the repository of that root.
    pub fn new(root: &str, path: &str) -> Result<Self, NoVersion> {
        let bad = || NoVersion::Path(path.to_owned());
        let (prefix, suffix) = split(path).ok_or_else(bad)?;
        let folder = if root == path {
            ""
        } else {
            let below = prefix.strip_prefix(root).ok_or_else(bad)?;
            if !below.is_empty() && !below.starts_with('/') {
                return Err(bad());
            }
            below.trim_matches('/')
        };
        Ok(Self {
            path: path.to_owned(),
            folder: folder.to_owned(),
            suffix: suffix.to_owned(),
            is_root: root == path,
        })
    }

    /// The path itself.
    pub fn as_str(&self) -> &str {
        &self.path
    }

    /// The major version that the path names, with its `v`.
    pub fn major(&self) -> Option<&str> {
        major(&self.suffix)
    }

    /// The tag that marks a version of the module; the path of a file in its folder.
    pub(super) fn tag(&self, version: &str) -> String {
        match self.folder.as_str() {
            "" => version.to_owned(),
            folder => format!("{folder}/{version}"),
        }
    }

    /// The canonical version that a tag of the module stands for, whatever follows a `+`.
    pub(super) fn version_of(&self, tag: &str) -> Option<String> {
        let version = match self.folder.as_str() {
            "" => tag,
            folder => tag.strip_prefix(folder)?.strip_prefix('/')?,
        };
        let canonical = go::canonical(version)?;
        // `v1` and `v1.2` do not count. Neither do pseudo-versions, of modules at the root: of others
        // the go command looks at the whole tag, which never is one.
        (version.starts_with(&canonical) && !go::is_pseudo(tag)).then_some(canonical)
    }

    /// Whether tags may mark versions; of unstable ones they cannot.
    pub(super) fn has_tags(&self) -> bool {
        !self.suffix.ends_with("-unstable")
    }

    /// Whether a version may be one of this path, without a mark.
    pub(super) fn matches(&self, version: &str) -> bool {
        match self.major() {
            None => matches!(go::major(version), Some("v0" | "v1")),
            // The go command made such ones once.
            Some("v1") if self.suffix.starts_with('.') && version.starts_with("v0.0.0-") => true,
            major => go::major(version) == major,
        }
    }

    /// Whether it is a repository's root, without a major version.
    pub(super) fn is_plain_root(&self) -> bool {
        self.folder.is_empty() && self.suffix.is_empty()
    }

    /// Whether there may be such a module without a go.mod.
    pub(super) fn needs_no_file(&self) -> bool {
        self.folder.is_empty() && !self.suffix.starts_with('/')
    }

    /// The go.mod in a folder that is called as the major version.
    pub(super) fn major_folder(&self) -> Option<String> {
        let major = self.suffix.strip_prefix('/').filter(|_| !self.is_root)?;
        Some(self.tag(&format!("{major}/go.mod")))
    }

    /// Whether the go.mod of this module may give it that path. Only major versions are compared, for
    /// a fork may keep its parent's path; unless `exactly`, a path of gopkg.in is let pass where the
    /// own one names no major version, for the go command did so once.
    pub(super) fn may_be_called(&self, path: &str, exactly: bool) -> bool {
        if !exactly && self.suffix.is_empty() && path.starts_with("gopkg.in/") {
            return true;
        }
        let Some((_, suffix)) = split(path).filter(|_| !path.is_empty()) else {
            return false;
        };
        match (self.suffix.get(1..), suffix.get(1..)) {
            (None, _) => matches!(major(suffix), None | Some("v0" | "v1")),
            (own, other) => own == other,
        }
    }
}

fn major(suffix: &str) -> Option<&str> {
    let major = suffix.get(1..)?;
    Some(major.strip_suffix("-unstable").unwrap_or(major))
}

/// Splits the major version off a module's path; `None` where it is malformed.
fn split(path: &str) -> Option<(&str, &str)> {
    if path.starts_with("gopkg.in/") {
        let stable = path.strip_suffix("-unstable").unwrap_or(path);
        let prefix = stable.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = &stable[prefix.len()..];
        let is_padded = digits.starts_with('0') && &path[prefix.len()..] != "0";
        let prefix = prefix.strip_suffix(".v")?;
        return (!digits.is_empty() && !is_padded).then(|| path.split_at(prefix.len()));
    }
    let end = path.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number = &path[end.len()..];
    let Some(prefix) = end.strip_suffix("/v").filter(|_| !number.is_empty()) else {
        return Some((path, ""));
    };
    let is_bad = number.contains('.') || number.starts_with('0') || number == "1";
    (!is_bad).then(|| path.split_at(prefix.len()))
}
