//! What the address of a remote tells of a failure to fetch from it: the mirror that leads there, the host that
//! has closed.

use crate::discover::{self, When};
use crate::error::{Failure, Kind};
use crate::http::{self, ONLINE, mask};
use crate::manifest::Remote;
use crate::vcs::ExternalError;
use crate::vcs::git;

/// What has failed, as far as an address can have to do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// The host could not be asked, or not to the end.
    Unreached,
    /// The host has no such repository, or shows it to nobody like us.
    Absent,
    /// The repository lacks what is wanted.
    Lacking,
}

/// A failure to get something from a remote, with what helps there.
pub(super) fn advised(mut failure: Failure, remote: &Remote) -> Failure {
    let Some(fault) = fault(&failure) else {
        return failure;
    };
    if remote.location.contains(char::is_whitespace) {
        let hint = format!(
            "is it meant to have a space in it? `{}`",
            mask(&remote.location)
        );
        failure.hints.insert(0, hint);
    }
    if let Some(mirror) = &remote.mirror {
        let (place, original) = (&mirror.place, mask(&mirror.original));
        let leads = format!("{place} leads there in place of `{original}`");
        let removal = format!("`glide-rs mirror remove {original}` takes that out");
        if is_missing(&failure) {
            // Here it is known what leads there.
            failure.hints = vec![format!(
                "{leads}: put the repository there, or change it; {removal}"
            )];
        } else {
            failure.hints.push(format!("{leads}; {removal}"));
        }
        return failure;
    }
    // Who does not want to ask is not told of those who would not answer.
    if fault == Fault::Lacking || failure.hints.iter().any(|hint| hint == ONLINE) {
        return failure;
    }
    match discover::advice(&remote.location) {
        Some(advice) if advice.when == When::Always => failure.hints = vec![advice.hint],
        Some(advice) if advice.when == When::Absent && is_missing(&failure) => {
            failure.hints = vec![advice.hint];
        }
        Some(advice) if advice.when == When::Absent && fault == Fault::Absent => {
            failure.hints.insert(0, advice.hint);
        }
        Some(advice) if advice.when == When::Unreached && fault == Fault::Unreached => {
            failure.hints.push(advice.hint);
        }
        _ => {}
    }
    failure
}

fn is_missing(failure: &Failure) -> bool {
    let error = failure.source.downcast_ref();
    matches!(error, Some(git::Error::Missing { .. }))
}

fn fault(failure: &Failure) -> Option<Fault> {
    if let Some(error) = failure.source.downcast_ref::<git::Error>() {
        return match error {
            git::Error::Missing { .. }
            | git::Error::Denied { .. }
            | git::Error::Http {
                source: http::Error::Unauthorized { .. },
                ..
            } => Some(Fault::Absent),
            git::Error::NoSuchReference { .. } => Some(Fault::Lacking),
            _ => (failure.kind == Kind::Network).then_some(Fault::Unreached),
        };
    }
    match failure.source.downcast_ref::<ExternalError>() {
        // What a program says is not read for why; nor does it help to install one for what is gone.
        Some(ExternalError::Remote { .. } | ExternalError::NotInstalled { .. }) => {
            Some(Fault::Absent)
        }
        Some(ExternalError::NoSuchReference { .. }) => Some(Fault::Lacking),
        Some(_) => None,
        None if failure.kind == Kind::Network => Some(Fault::Unreached),
        None => failure
            .source
            .is::<discover::Error>()
            .then_some(Fault::Absent),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::advised;
    use crate::error::Failure;
    use crate::manifest::{MirrorPlace, Remote};
    use crate::vcs::git;

    fn remote(location: &str) -> Remote {
        Remote {
            location: location.to_owned(),
            vcs: String::new(),
            mirror: None,
        }
    }

    fn broken() -> Failure {
        let source = io::Error::other("reset");
        let remote = "x".to_owned();
        git::Error::Broken { remote, source }.into()
    }

    fn lacking() -> Failure {
        let error = git::Error::NoSuchReference {
            remote: "x".to_owned(),
            reference: "v9".to_owned(),
        };
        error.into()
    }

    #[track_caller]
    fn check(failure: Failure, remote: &Remote, words: Option<&str>) {
        let before = failure.hints.clone();
        let after = advised(failure, remote).hints;
        match words {
            Some(words) => assert!(after.iter().any(|hint| hint.contains(words)), "{after:?}"),
            None => assert_eq!(after, before),
        }
    }

    #[test]
    fn each_advice_is_given_where_it_holds() {
        let net = remote("https://golang.org/x/net");
        check(broken(), &net, Some("github.com/golang/NAME"));
        check(lacking(), &net, None);
        let closed = remote("https://code.google.com/p/gcfg");
        check(broken(), &closed, Some("go-gcfg"));
        check(lacking(), &closed, None);
        let open = remote("https://bitbucket.org/a/b");
        check(broken(), &open, None);
        check(Failure::user("x"), &closed, None);
        let offline = || broken().with_hint(super::ONLINE);
        check(offline(), &closed, None);
        check(
            broken(),
            &remote("https://h.example/our log"),
            Some("a space"),
        );
    }

    #[test]
    fn a_mirror_is_named_whatever_fails_there() {
        let mut there = remote("https://mirror.example/gcfg");
        there.mirror = Some(MirrorPlace {
            place: "mirrors.yaml:7".to_owned(),
            original: "https://code.google.com/p/gcfg".to_owned(),
        });
        for failure in [broken(), lacking()] {
            check(failure, &there, Some("mirrors.yaml:7"));
        }
        check(Failure::user("x"), &there, None);
    }
}
