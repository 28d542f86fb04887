//! Which version of a Go module a pinned commit is: what the check asks, and an answer from tags alone.

use std::sync::Arc;

use super::names::GoMod;
use super::semver::Semver;
use crate::audit::history::History;
use crate::audit::subject::Pinned;

/// How a version is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confidence {
    /// A tag leads to the commit itself.
    ExactTag,
    /// The commit stands behind a tag, or there is none before it.
    PseudoVersion,
}

/// The version of a commit as a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Version {
    /// As Go has it, without the `v`: canonical, or the pseudo-version.
    Known {
        /// The version.
        text: String,
        /// How it is known.
        confidence: Confidence,
    },
    /// The commit is no version of this module, but of the same with another major version.
    Elsewhere,
    /// Nobody knows, and why.
    Unknown(String),
}

impl Version {
    /// Whether it is known, and of that major version.
    pub fn is_of(&self, major: u64) -> bool {
        match self {
            Self::Known { text, .. } => {
                Semver::parse(text).is_some_and(|it| it.major() == major.to_string())
            }
            Self::Elsewhere | Self::Unknown(_) => false,
        }
    }
}

/// Tells which versions pinned commits are.
pub trait Versions {
    /// The version of a pin as `module`, whose files stand in `folder` of the repository (`""` for its
    /// top). `major` is the number that the module's path ends in, if it does.
    fn version(&self, pin: &Pinned, folder: &str, major: Option<u64>) -> Version;

    /// The tags that lead to the pinned commit; `None` where they are not known.
    fn tags(&self, pin: &Pinned) -> Option<Vec<String>>;

    /// Whether there is a tag of this name.
    fn has_tag(&self, pin: &Pinned, tag: &str) -> bool;

    /// What go.mod says at the pinned commit.
    fn go_mod(&self, pin: &Pinned) -> GoMod;

    /// The history of the pin's repository; `None` where it is not known.
    fn history(&self, pin: &Pinned) -> Option<Arc<dyn History>>;
}

/// The version that the tags of a commit make it. Tags of a module in a folder begin with the folder's
/// name. The highest counts, of those that have the right major version.
pub fn tagged(tags: &[String], folder: &str, major: Option<u64>) -> Version {
    let prefix = if folder.is_empty() {
        String::new()
    } else {
        format!("{folder}/")
    };
    let names = tags.iter().filter_map(|tag| tag.strip_prefix(&prefix));
    // Glide takes tags without a `v` for versions, and so do the projects that have them.
    let versions: Vec<_> = names.filter_map(Semver::parse).collect();
    let fits = |version: &&Semver<'_>| match major {
        None => true,
        Some(major @ (0 | 1)) => version.major() == "0" || version.major() == major.to_string(),
        Some(major) => version.major() == major.to_string(),
    };
    let fitting = versions.iter().filter(fits);
    match fitting.max_by(|one, other| one.compare(other)) {
        Some(highest) => Version::Known {
            text: highest.canonical(),
            confidence: Confidence::ExactTag,
        },
        None if !versions.is_empty() => Version::Elsewhere,
        None => Version::Unknown("no tag leads to the commit".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(tags: &[&str], folder: &str, major: Option<u64>, expected: Option<&str>) {
        let tags: Vec<_> = tags.iter().map(|tag| (*tag).to_owned()).collect();
        let version = match tagged(&tags, folder, major) {
            Version::Known { text, .. } => Some(text),
            Version::Elsewhere => Some("elsewhere".to_owned()),
            Version::Unknown(_) => None,
        };
        assert_eq!(version.as_deref(), expected);
    }

    #[test]
    fn the_highest_fitting_tag_is_the_version() {
        check(&[], "", None, None);
        check(&["release-1"], "", None, None);
        check(&["v1.2.3"], "", None, Some("1.2.3"));
        check(&["1.2"], "", None, Some("1.2.0"));
        check(
            &["v1.10.0", "v1.9.0", "v1.10.0-rc1"],
            "",
            None,
            Some("1.10.0"),
        );
        check(&["v1.9.0", "v2.0.0"], "", None, Some("2.0.0"));
        check(&["v1.9.0", "v2.0.0"], "", Some(1), Some("1.9.0"));
        check(&["v2.0.0+incompatible"], "", Some(2), Some("2.0.0"));
        check(&["v3.0.0"], "", Some(2), Some("elsewhere"));
        check(&["v0.9.0"], "", Some(1), Some("0.9.0"));
        check(&["v1.0.0", "api/v0.3.0"], "api", None, Some("0.3.0"));
        check(&["v1.0.0"], "api", None, None);
    }
}
