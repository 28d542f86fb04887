//! One repository that has answered: what the walk asks of it, found out once.

use std::sync::{Arc, OnceLock};

use super::budget::FileBudget;
use super::once::Once;
use super::scanned;
use super::source::Source;
use crate::discover::Discover;
use crate::error::Failure;
use crate::foreign::{self, Files, Formats, Found};
use crate::fsx;
use crate::gosrc::{self, BuildContext, FileSummary};
use crate::manifest::Dependency;
use crate::model::{Revision, Roots};
use crate::resolve::{
    CommitNote, Declared, Fault, Module, Names, Repository, Scanned, is_source, join,
};
use crate::vcs::{Checkout, NodeKind, ReadError};

/// Longer files are neither source nor dependency files: no host of repositories takes them. One is
/// held in memory while it is looked at.
pub(super) const LONGEST: u64 = 128 << 20;

type Answer<T> = Result<T, Fault>;

/// A repository whose refs are known.
pub(super) struct LiveRepository {
    name: String,
    source: Arc<dyn Source>,
    discover: Arc<Discover>,
    context: Arc<BuildContext>,
    formats: Formats,
    budget: Arc<FileBudget>,
    checkouts: Once<Revision, Answer<Checkout>>,
    /// Where what the cache held was damaged: the same, fetched anew.
    mended: Once<Revision, Answer<Checkout>>,
    /// What came of throwing the damaged cache away, which is done once a run.
    discarded: OnceLock<Answer<()>>,
    scans: Once<(Revision, String), Answer<Scanned>>,
}

impl LiveRepository {
    pub(super) fn new(
        name: &str,
        source: Arc<dyn Source>,
        discover: Arc<Discover>,
        (context, formats): (Arc<BuildContext>, Formats),
        budget: Arc<FileBudget>,
    ) -> Self {
        Self {
            name: name.to_owned(),
            source,
            discover,
            context,
            formats,
            budget,
            checkouts: Once::default(),
            mended: Once::default(),
            discarded: OnceLock::new(),
            scans: Once::default(),
        }
    }

    /// The files of a commit, which is fetched if it has to be.
    pub(super) fn at(&self, revision: &Revision) -> Answer<Checkout> {
        self.checkouts.get(revision.clone(), || {
            let trees = self.source.obtain(revision).map_err(Arc::new)?.trees;
            match Checkout::new(trees.clone()) {
                Err(error) if error.is_damage() => self.mend(revision, || {
                    trees.iter().try_for_each(|(_, tree)| tree.discard())
                }),
                made => made.map_err(|error| self.unreadable(&error)),
            }
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

    /// What the repository's own dependency files ask for, as far as can be guessed: where names
    /// belong is for the walk to decide.
    pub(super) fn declared_ahead(&self, at: &Revision) -> Vec<Dependency> {
        let declared = self.declared_with(at, &Guesses(&self.discover));
        let mut wanted = declared.map_or_else(
            |_| Vec::new(),
            |declared| declared.map_or_else(|_| Vec::new(), |declared| declared.dependencies),
        );
        wanted.retain(|wanted| !wanted.reference.is_empty());
        wanted
    }

    fn declared_with(&self, at: &Revision, roots: &dyn Roots) -> Answer<Result<Declared, String>> {
        let files = Tree {
            repository: self,
            checkout: self.at(at)?,
            at,
        };
        match foreign::declared(&files, self.formats, roots) {
            Ok(None) => Ok(Ok(Declared::default())),
            Ok(Some(declared)) => Ok(Ok(Declared {
                dependencies: declared.dependencies,
                notes: declared.notes,
            })),
            Err(foreign::DeclaredError::Look(fault)) => Err(fault),
            Err(foreign::DeclaredError::Unreadable(error)) => Ok(Err(error.to_string())),
        }
    }

    /// The files of a commit after the cache could not give what it should hold; `discard` throws
    /// that away.
    fn mend(
        &self,
        revision: &Revision,
        discard: impl FnOnce() -> fsx::Result<()>,
    ) -> Answer<Checkout> {
        self.mended.get(revision.clone(), || {
            let discard = || discard().map_err(|error| Arc::new(error.into()));
            self.discarded.get_or_init(discard).clone()?;
            let fetched = self.source.obtain(revision).map_err(Arc::new)?;
            let checkout = Checkout::new(fetched.trees).map_err(|error| self.unreadable(&error))?;
            if !self.budget.take(checkout.nodes()) {
                let name = &self.name;
                let message = format!("with {name} there are more files than any project needs");
                return Err(Arc::new(Failure::user(message)));
            }
            Ok(checkout)
        })
    }

    fn read(&self, at: &Revision, path: &str) -> Answer<Option<Vec<u8>>> {
        let checkout = self.at(at)?;
        let read = match checkout.read(path, LONGEST) {
            Err(error) if error.is_damage() => {
                let mended = self.mend(at, || checkout.discard())?;
                mended.read(path, LONGEST)
            }
            read => read,
        };
        read.map_err(|error| self.unreadable(&error))
    }

    fn look(&self, at: &Revision, folder: &str) -> Answer<Scanned> {
        let Some(nodes) = self.at(at)?.folder(folder) else {
            return Ok(Scanned::Missing);
        };
        let mut summaries = Vec::new();
        for (name, kind) in nodes {
            if kind != NodeKind::File || !gosrc::counts(&name) {
                continue;
            }
            let summary = match self.read(at, &join(folder, &name))? {
                Some(bytes) => gosrc::summarise(&name, &mut bytes.as_slice())
                    .unwrap_or_else(|error| FileSummary::unreadable(&name, error.to_string())),
                None => FileSummary::unreadable(&name, "it leads to nothing"),
            };
            summaries.extend(summary);
        }
        let place = format!("{}/", join(&self.name, folder));
        Ok(scanned(&summaries, &self.context, &place))
    }

    fn unreadable(&self, error: &ReadError) -> Fault {
        Arc::new(Failure::user(format!("{}: {error}", self.name)))
    }
}

impl Names for LiveRepository {
    fn is_reference(&self, text: &str) -> Answer<bool> {
        self.source.is_reference(text)
    }

    fn checkout(&self, text: &str) -> Answer<Option<Revision>> {
        self.source.checkout(text)
    }

    fn names(&self) -> Vec<String> {
        self.source.names()
    }
}

impl Repository for LiveRepository {
    fn tip(&self) -> Option<Revision> {
        self.source.tip()
    }

    fn scan(&self, at: &Revision, folder: &str) -> Answer<Scanned> {
        let question = (at.clone(), folder.to_owned());
        self.scans.get(question, || self.look(at, folder))
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
        self.declared_with(at, &*self.discover)
    }

    fn module(&self, at: &Revision) -> Answer<Module> {
        let go_mod = self.read(at, "go.mod")?;
        Ok(go_mod.map_or_else(Module::default, |bytes| Module {
            path: foreign::gomod::module_path(&bytes),
            go: foreign::gomod::go_minor(&bytes),
        }))
    }

    fn describe(&self, at: &Revision) -> Option<CommitNote> {
        self.source.describe(at)
    }
}

/// Roots as those who run ahead know them.
struct Guesses<'a>(&'a Discover);

impl Roots for Guesses<'_> {
    fn root_of(&self, import_path: &str) -> String {
        self.0.guess(import_path)
    }
}

/// A commit's files, for the readers of dependency files.
struct Tree<'a> {
    repository: &'a LiveRepository,
    checkout: Checkout,
    at: &'a Revision,
}

impl Files for Tree<'_> {
    type Error = Fault;

    fn look(&self, path: &str) -> Answer<Found> {
        match self.checkout.kind(path) {
            None => Ok(Found::Nothing),
            Some(NodeKind::Folder) => Ok(Found::Folder),
            Some(NodeKind::File) => {
                let bytes = self.repository.read(self.at, path)?;
                Ok(bytes.map_or(Found::Nothing, Found::File))
            }
        }
    }
}
