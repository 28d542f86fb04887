//! Repositories in memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::super::{
    CommitNote, Declared, Fault, Module, Names, Provider, Repository, Scanned, is_source, join,
};
use crate::error::Failure;
use crate::manifest::{Dependency, Mirrors};
use crate::model::{Revision, sha256_hex};

/// What stands in a folder.
#[derive(Clone, Debug)]
pub(super) enum Folder {
    Go(Vec<String>, Vec<String>),
    Empty,
    Broken,
}

impl Folder {
    pub(super) fn scanned(&self, path: &str) -> Scanned {
        match self {
            Self::Go(imports, test_imports) => Scanned::Package {
                imports: imports.clone(),
                test_imports: test_imports.clone(),
            },
            Self::Empty => Scanned::NoGoFiles,
            Self::Broken => Scanned::Broken(format!("{path}/broken.go:1:1: expected 'package'")),
        }
    }
}

/// Folders by path; those above others exist too.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree(pub(super) BTreeMap<String, Folder>);

impl Tree {
    pub(super) fn scan(&self, folder: &str) -> Scanned {
        match self.0.get(folder) {
            Some(found) => found.scanned(folder),
            None if self.exists(folder) => Scanned::NoGoFiles,
            None => Scanned::Missing,
        }
    }

    pub(super) fn exists(&self, folder: &str) -> bool {
        let inside = |path: &String| {
            let rest = path.strip_prefix(folder);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        folder.is_empty() || self.0.keys().any(inside)
    }

    /// The folders at and below one that may hold source.
    fn below(&self, below: &str) -> Option<Vec<String>> {
        let source = |path: &String| path.is_empty() || path.split('/').all(is_source);
        let mut found = self.all_below(below)?;
        found.retain(source);
        Some(found)
    }

    fn all_below(&self, below: &str) -> Option<Vec<String>> {
        if !self.exists(below) {
            return None;
        }
        let mut all: Vec<String> = vec![below.to_owned()];
        for path in self.0.keys() {
            let mut folder = path.as_str();
            while !folder.is_empty() {
                all.push(folder.to_owned());
                folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
            }
        }
        all.retain(|path| {
            below.is_empty() || path == below || path.starts_with(&format!("{below}/"))
        });
        all.sort();
        all.dedup();
        Some(all)
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Commit {
    pub(super) label: String,
    pub(super) id: String,
    pub(super) tree: Tree,
    /// What the repository's own files ask for, or that they cannot be read.
    pub(super) wants: Vec<Dependency>,
    pub(super) garbled: bool,
    pub(super) module: Module,
}

/// A repository: commits, and the names that lead to them.
#[derive(Debug, Default)]
pub(super) struct Store {
    pub(super) name: String,
    pub(super) head: String,
    pub(super) commits: Vec<Commit>,
    pub(super) branches: BTreeMap<String, usize>,
    pub(super) tags: BTreeMap<String, usize>,
    pub(super) calls: Arc<Calls>,
}

/// How often each thing was asked.
#[derive(Debug, Default)]
pub(super) struct Calls {
    pub(super) open: AtomicUsize,
    pub(super) references: AtomicUsize,
    pub(super) scan: AtomicUsize,
    pub(super) declared: AtomicUsize,
}

fn count(calls: &AtomicUsize) {
    calls.fetch_add(1, Ordering::Relaxed);
}

/// The id that the commit of this label has.
pub(super) fn commit_id(repository: &str, label: &str) -> String {
    sha256_hex(format!("{repository} {label}").as_bytes())[..40].to_owned()
}

impl Store {
    fn id(&self, at: usize) -> Revision {
        Revision::new(&self.commits[at].id)
    }

    fn commit(&self, at: &Revision) -> &Commit {
        let mut commits = self.commits.iter();
        commits
            .find(|commit| commit.id == at.as_str())
            .expect("only commits of the repository are asked for")
    }

    /// As `git rev-parse` in a fresh clone, which has one branch of its own.
    fn parsed(&self, text: &str) -> Option<usize> {
        if (text == "HEAD" || text == self.head)
            && let Some(&at) = self.branches.get(&self.head)
        {
            return Some(at);
        }
        if let Some(&at) = self.tags.get(text) {
            return Some(at);
        }
        if let Some(branch) = text.strip_prefix("origin/") {
            return self.branches.get(branch).copied();
        }
        let is_id = text.len() >= 4 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        (0..self.commits.len()).find(|&at| is_id && self.id(at).as_str().starts_with(text))
    }
}

impl Names for Store {
    fn is_reference(&self, text: &str) -> Result<bool, Fault> {
        count(&self.calls.references);
        let is_id = text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        // Git reads a caret in front as "not".
        let parsed = self.parsed(text.strip_prefix('^').unwrap_or(text));
        let ends = |name: &String| name == text || name.ends_with(&format!("/{text}"));
        let shown = self.branches.keys().chain(self.tags.keys()).any(ends);
        Ok(is_id || parsed.is_some() || shown)
    }

    fn checkout(&self, text: &str) -> Result<Option<Revision>, Fault> {
        count(&self.calls.references);
        let at = self
            .parsed(text)
            .or_else(|| self.branches.get(text).copied());
        Ok(at.map(|at| self.id(at)))
    }

    fn names(&self) -> Vec<String> {
        self.branches
            .keys()
            .chain(self.tags.keys())
            .cloned()
            .collect()
    }
}

impl Repository for Store {
    fn tip(&self) -> Option<Revision> {
        self.branches.get(&self.head).map(|&at| self.id(at))
    }

    fn scan(&self, at: &Revision, folder: &str) -> Result<Scanned, Fault> {
        count(&self.calls.scan);
        Ok(self.commit(at).tree.scan(folder))
    }

    fn folders(&self, at: &Revision, below: &str) -> Result<Option<Vec<String>>, Fault> {
        Ok(self.commit(at).tree.below(below))
    }

    fn declared(&self, at: &Revision) -> Result<Result<Declared, String>, Fault> {
        count(&self.calls.declared);
        let commit = self.commit(at);
        if commit.garbled {
            return Ok(Err("glide.yaml: line 1: not YAML".to_owned()));
        }
        Ok(Ok(Declared {
            dependencies: commit.wants.clone(),
            notes: Vec::new(),
        }))
    }

    fn module(&self, at: &Revision) -> Result<Module, Fault> {
        Ok(self.commit(at).module.clone())
    }

    fn describe(&self, at: &Revision) -> Option<CommitNote> {
        Some(CommitNote {
            author: "A <a@example.com>".to_owned(),
            date: "2020-01-01".to_owned(),
            subject: self.commit(at).label.clone(),
        })
    }
}

/// All repositories that there are, by location.
#[derive(Debug, Default)]
pub(super) struct Memory {
    stores: BTreeMap<String, Arc<Store>>,
    labels: HashMap<String, String>,
    pub(super) mirrors: Mirrors,
    pub(super) calls: Arc<Calls>,
}

impl Memory {
    pub(super) fn add(&mut self, mut store: Store) {
        store.calls = self.calls.clone();
        for commit in &mut store.commits {
            commit.id = commit_id(&store.name, &commit.label);
            self.labels.insert(commit.id.clone(), commit.label.clone());
        }
        let location = format!("https://{}", store.name);
        self.stores.insert(location, Arc::new(store));
    }

    /// The label of a commit.
    pub(super) fn label(&self, revision: &str) -> Option<&str> {
        self.labels.get(revision).map(String::as_str)
    }
}

impl Provider for Memory {
    fn location(&self, dependency: &Dependency) -> String {
        dependency.remote(&self.mirrors).location
    }

    fn open(&self, dependency: &Dependency) -> Result<Arc<dyn Repository>, Fault> {
        count(&self.calls.open);
        let location = self.location(dependency);
        match self.stores.get(&location) {
            Some(store) => Ok(store.clone()),
            None => Err(Arc::new(Failure::user(format!(
                "cannot reach `{location}`"
            )))),
        }
    }
}

pub(super) use crate::model::ThreeElements;

/// The project's own source.
#[derive(Clone, Debug, Default)]
pub(super) struct Source {
    pub(super) package: String,
    pub(super) tree: Tree,
}

impl super::super::Project for Source {
    fn list(&self, folder: &str) -> Result<Vec<(String, bool)>, String> {
        let all = self.tree.all_below(folder).unwrap_or_default();
        let children = all.iter().filter_map(|path| {
            let name = match folder {
                "" => Some(path.as_str()),
                _ => path.strip_prefix(folder)?.strip_prefix('/'),
            };
            name.filter(|name| !name.is_empty() && !name.contains('/'))
        });
        let mut children: Vec<(String, bool)> =
            children.map(|name| (name.to_owned(), true)).collect();
        if let Some(Folder::Go(..)) = self.tree.0.get(folder) {
            children.push(("x.go".to_owned(), false));
        }
        children.sort();
        Ok(children)
    }

    fn scan(&self, folder: &str) -> Result<Scanned, String> {
        Ok(self.tree.scan(folder))
    }

    fn own_folder(&self, import_path: &str) -> Option<String> {
        let rest = import_path.strip_prefix(&self.package)?;
        let folder = match rest {
            "" => "",
            _ => rest.strip_prefix('/')?,
        };
        self.tree.exists(folder).then(|| join("", folder))
    }
}
