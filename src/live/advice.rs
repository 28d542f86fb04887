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
