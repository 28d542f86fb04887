//! glide.lock as it was at a revision of the project's own repository.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

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
    known: Mutex<HashMap<PathBuf, ObjectId>>,
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
            known: Mutex::default(),
        })
    }

    /// What has become of a project's pins; that this cannot be told, where it cannot.
    pub(super) fn changes(
        &self,
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
                let reason = format!("what has changed since {}: {reason}", self.revision);
                let unchecked = Unchecked::new(Check::Provenance, "", reason);
                let checked = Checked {
                    unchecked: vec![unchecked],
                    ..Checked::default()
                };
                (None, checked)
            }
        }
    }

    /// The commit in a repository, found out once.
    fn commit(&self, place: &Earlier) -> Result<ObjectId, Failure> {
        let repository = place.repository();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(commit) = known.get(repository) {
            return Ok(*commit);
        }
        let commit = place.commit(self.revision)?;
        known.insert(repository.to_owned(), commit);
        Ok(commit)
    }

    fn earlier(&self, subject: &Subject) -> Result<EarlierLock, Failure> {
        let place = Earlier::of(&subject.folder)?;
        let commit = self.commit(&place)?;
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
