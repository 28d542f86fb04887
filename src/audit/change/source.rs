//! Where an entry of glide.lock is fetched from, to be compared.

use std::fmt;

use super::super::subject::Pinned;
use crate::http::mask;
use crate::manifest::Mirrors;

/// What glide.lock says, whatever mirrors this machine has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    location: String,
    vcs: String,
}

impl Source {
    /// That of an entry.
    pub(super) fn of(pin: &Pinned) -> Self {
        let remote = pin.entry.remote(&Mirrors::default());
        Self {
            location: remote.location,
            vcs: remote.vcs,
        }
    }

    /// Whether both are one repository by its host and path, asked in another way: by another protocol, with
    /// another spelling, or with the system named that is the usual one.
    pub(super) fn is_same_place(&self, other: &Self) -> bool {
        let vcs = |source: &Self| match source.vcs.as_str() {
            "" => "git".to_owned(),
            vcs => vcs.to_owned(),
        };
        let places = (place(&self.location), place(&other.location));
        let is_one = match places {
            (Some(one), Some(other)) => one == other,
            _ => self.location == other.location,
        };
        is_one && vcs(self) == vcs(other)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&mask(&self.location))?;
        match self.vcs.as_str() {
            "" => Ok(()),
            vcs => write!(f, " ({vcs})"),
        }
    }
}

/// The user, host and path of a URL or an scp-like address; `None` for a folder. `git` is no user, but the name by
/// which hosts let everybody in.
fn place(location: &str) -> Option<(String, String, String)> {
    let (authority, path) = match location.split_once("://") {
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("file") => return None,
        Some((_, rest)) => rest.split_once('/')?,
        None => {
            let (before, path) = location.split_once(':')?;
            (!before.contains('/')).then_some((before, path))?
        }
    };
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let user = user.split(':').next().unwrap_or_default();
    let user = if user == "git" { "" } else { user };
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    Some((user.to_owned(), host.to_ascii_lowercase(), path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(one: (&str, &str), other: (&str, &str), expected: bool) {
        let source = |(location, vcs): (&str, &str)| Source {
            location: location.to_owned(),
            vcs: vcs.to_owned(),
        };
        assert_eq!(source(one).is_same_place(&source(other)), expected);
        assert_eq!(source(other).is_same_place(&source(one)), expected);
    }

    #[test]
    fn one_place_can_be_asked_in_several_ways() {
        let usual = ("https://github.com/a/b", "");
        for same in [
            "https://github.com/a/b.git",
            "https://GitHub.com/a/b/",
            "http://github.com/a/b",
            "ssh://git@github.com/a/b.git",
            "git@github.com:a/b",
        ] {
            check(usual, (same, ""), true);
            check(usual, (same, "git"), true);
            check(usual, (same, "hg"), false);
        }
        for other in [
            "https://github.com/a/c",
            "https://github.com/A/b",
            "https://github.com:8443/a/b",
            "https://github.com.evil.example/a/b",
            "https://evil.example/github.com/a/b",
            "https://github.com@evil.example/a/b",
            "eve@github.com:a/b",
            "file:///github.com/a/b",
            "/github.com/a/b",
            "https://github.com",
            "",
        ] {
            check(usual, (other, ""), false);
        }
        check(("/a/b", ""), ("/a/b", "git"), true);
        check(("file://a/b", ""), ("https://a/b", ""), false);
    }

    #[test]
    fn secrets_are_not_shown() {
        let source = Source {
            location: "https://me:secret@h.example/a".to_owned(),
            vcs: "hg".to_owned(),
        };
        let shown = source.to_string();
        assert!(
            !shown.contains("secret") && shown.ends_with(" (hg)"),
            "{shown}"
        );
    }
}
