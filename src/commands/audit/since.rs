//! glide.lock as it was at a revision of the project's own repository.

use std::collections::HashMap;
use std::path::PathBuf;

use super::super::project::LOCK;
use crate::audit::{self, Changes, Check, Checked, EarlierLock, Histories, Subject, Unchecked};
use crate::error::Failure;
use crate::manifest::{Lock, Mirrors};
use crate::vcs::ObjectId;
use crate::vcs::git::Earlier;

/// Reads the locks of projects as they were at one revision.
pub(super) struct Since<'a> {
    revision: &'a str,
    mirrors: &'a Mirrors,
    /// The commit of the revision in each repository that has been asked.
    known: HashMap<PathBuf, ObjectId>,
}

impl<'a> Since<'a> {
    /// For the revision that `--since` names, if the check that tells of it is among those asked for.
    pub(super) fn new(
        revision: &'a str,
        checks: &[Check],
        mirrors: &'a Mirrors,
    ) -> Result<Self, Failure> {
        if revision.is_empty() {
            return Err(Failure::user("`--since` names no revision")
                .with_hint("it wants a branch, tag or commit of the project's repository"));
        }
        if !checks.contains(&Check::Provenance) {
            let message = "`--since` belongs to the check `provenance`, which is not asked for";
            return Err(Failure::user(message)
                .with_hint("name `provenance` among the checks, or leave `--since` out"));
        }
        Ok(Self {
            revision,
            mirrors,
            known: HashMap::new(),
        })
    }

    /// What has become of a project's pins; that this cannot be told, where it cannot.
    pub(super) fn changes(
        &mut self,
        subject: &Subject,
        histories: &dyn Histories,
    ) -> (Option<Changes>, Checked) {
        match self.earlier(subject) {
            Ok(earlier) => {
                let (changes, checked) = audit::changes(subject, &earlier, histories);
                (Some(changes), checked)
            }
            Err(failure) => {
                let reason = failure.render();
                let unchecked = Unchecked {
                    check: Check::Provenance,
                    package: String::new(),
                    reason: format!("what has changed since {}: {reason}", self.revision),
                };
                let checked = Checked {
                    unchecked: vec![unchecked],
                    ..Checked::default()
                };
                (None, checked)
            }
        }
    }

    fn earlier(&mut self, subject: &Subject) -> Result<EarlierLock, Failure> {
        let place = Earlier::of(&subject.folder)?;
        let known = self.known.get(place.repository()).copied();
        let commit = known.map_or_else(|| place.commit(self.revision), Ok)?;
        self.known.insert(place.repository().to_owned(), commit);
        let pins = match place.file(commit, LOCK)? {
            None => None,
            Some(text) => {
                let lock = Lock::parse(&text).map_err(|error| {
                    let what = format!("cannot read the glide.lock of {commit}");
                    Failure::from(error).about(what)
                })?;
                Some(Subject::pins(&lock, &text, self.mirrors))
            }
        };
        Ok(EarlierLock {
            revision: self.revision.to_owned(),
            commit: commit.to_string(),
            pins,
        })
    }
}
