//! The four version control systems that Glide knows.

use std::fmt;

/// A version control system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VcsKind {
    /// Git.
    Git,
    /// Mercurial.
    Hg,
    /// Bazaar (Breezy).
    Bzr,
    /// Subversion.
    Svn,
}

impl VcsKind {
    /// The kind that a `vcs:` value names; long names count, as in Glide. Case matters.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "git" => Self::Git,
            "hg" | "mercurial" => Self::Hg,
            "bzr" | "bazaar" => Self::Bzr,
            "svn" | "subversion" => Self::Svn,
            _ => return None,
        })
    }

    /// The short name, as it stands in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Git => "git",
            Self::Hg => "hg",
            Self::Bzr => "bzr",
            Self::Svn => "svn",
        }
    }
}

impl fmt::Display for VcsKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
