//! One repository that has answered: what the walk asks of it, found out once.

use std::sync::Arc;

use super::once::Once;
use super::scanned;
use super::source::Source;
use crate::discover::Discover;
use crate::error::Failure;
use crate::foreign::{self, Files, Found};
use crate::gosrc::{self, BuildContext};
use crate::model::Revision;
use crate::resolve::{CommitNote, Declared, Fault, Repository, Scanned, is_source, join};
use crate::vcs::{Checkout, NodeKind, ReadError};

/// Longer files are neither source nor dependency files.
const LONGEST: u64 = 16 << 20;

type Answer<T> = Result<T, Fault>;

/// A repository whose refs are known.
pub(super) struct LiveRepository {
    name: String,
    source: Arc<dyn Source>,
    discover: Arc<Discover>,
    context: Arc<BuildContext>,
    checkouts: Once<Revision, Answer<Checkout>>,
    scans: Once<(Revision, String), Answer<Scanned>>,
}

impl LiveRepository {
    pub(super) fn new(
        name: &str,
        source: Arc<dyn Source>,
        discover: Arc<Discover>,
        context: Arc<BuildContext>,
    ) -> Self {
        Self {
            name: name.to_owned(),
            source,
            discover,
            context,
            checkouts: Once::default(),
            scans: Once::default(),
        }
    }

    /// The files of a commit, which is fetched if it has to be.
    pub(super) fn at(&self, revision: &Revision) -> Answer<Checkout> {
        self.checkouts.get(revision.clone(), || {
            let fetched = self.source.obtain(revision).map_err(Arc::new)?;
            Checkout::new(fetched.trees).map_err(|error| self.unreadable(&error))
        })
    }

    /// Reads folders of a commit ahead, if that can be done without fetching it.
    pub(super) fn read_ahead(&self, at: &Revision, folders: &[String]) {
        if !self.source.is_held(at) {
            return;
        }
        for folder in folders {
            // Whoever asks for it later is told what went wrong.
            let _ = self.scan(at, folder);
        }
    }

    fn read(&self, checkout: &Checkout, path: &str) -> Answer<Option<Vec<u8>>> {
        let read = checkout.read(path, LONGEST);
        read.map_err(|error| self.unreadable(&error))
    }

    fn look(&self, checkout: &Checkout, folder: &str) -> Answer<Scanned> {
        let Some(nodes) = checkout.folder(folder) else {
            return Ok(Scanned::Missing);
        };
        let mut summaries = Vec::new();
        for (name, kind) in nodes {
            if kind != NodeKind::File || !gosrc::counts(&name) {
                continue;
            }
            let bytes = self.read(checkout, &join(folder, &name))?;
            // A link may lead to nothing.
            let Some(bytes) = bytes else { continue };
            let summary = gosrc::summarise(&name, &mut bytes.as_slice());
            summaries.extend(summary.ok().flatten());
        }
        let place = format!("{}/", join(&self.name, folder));
        Ok(scanned(&summaries, &self.context, &place))
    }

    fn unreadable(&self, error: &ReadError) -> Fault {
        let failure = Failure::user(format!("{}: {error}", self.name));
        Arc::new(failure.with_hint("running it again fetches what is damaged"))
    }
}

impl Repository for LiveRepository {
    fn tip(&self) -> Option<Revision> {
        self.source.tip()
    }

    fn is_reference(&self, text: &str) -> Answer<bool> {
        self.source.is_reference(text).map_err(Arc::new)
    }

    fn checkout(&self, text: &str) -> Answer<Option<Revision>> {
        self.source.checkout(text).map_err(Arc::new)
    }

    fn names(&self) -> Vec<String> {
        self.source.names()
    }

    fn scan(&self, at: &Revision, folder: &str) -> Answer<Scanned> {
        let question = (at.clone(), folder.to_owned());
        self.scans
            .get(question, || self.look(&self.at(at)?, folder))
    }

    fn folders(&self, at: &Revision, below: &str) -> Answer<Option<Vec<String>>> {
        let checkout = self.at(at)?;
        if checkout.kind(below) != Some(NodeKind::Folder) {
            return Ok(None);
        }
        let mut folders = checkout.folders(below);
        folders.retain(|folder| {
            let inside = folder.strip_prefix(below).unwrap_or(folder);
            inside.split('/').all(is_source)
        });
        Ok(Some(folders))
    }

    fn declared(&self, at: &Revision) -> Answer<Result<Declared, String>> {
        let files = Tree {
            repository: self,
            checkout: self.at(at)?,
        };
        match foreign::declared(&files, &*self.discover) {
            Ok(None) => Ok(Ok(Declared::default())),
            Ok(Some(declared)) => Ok(Ok(Declared {
                dependencies: declared.dependencies,
                notes: declared.notes,
            })),
            Err(foreign::DeclaredError::Look(fault)) => Err(fault),
            Err(foreign::DeclaredError::Unreadable(error)) => Ok(Err(error.to_string())),
        }
    }

    fn module_path(&self, at: &Revision) -> Answer<Option<String>> {
        let go_mod = self.read(&self.at(at)?, "go.mod")?;
        Ok(go_mod.and_then(|bytes| foreign::gomod::module_path(&bytes)))
    }

    fn describe(&self, at: &Revision) -> Option<CommitNote> {
        self.source.describe(at)
    }
}

/// A commit's files, for the readers of dependency files.
struct Tree<'a> {
    repository: &'a LiveRepository,
    checkout: Checkout,
}

impl Files for Tree<'_> {
    type Error = Fault;

    fn look(&self, path: &str) -> Answer<Found> {
        match self.checkout.kind(path) {
            None => Ok(Found::Nothing),
            Some(NodeKind::Folder) => Ok(Found::Folder),
            Some(NodeKind::File) => {
                let bytes = self.repository.read(&self.checkout, path)?;
                Ok(bytes.map_or(Found::Nothing, Found::File))
            }
        }
    }
}
