//! The resolver's [`Provider`], over remotes and the cache.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::ahead::Ahead;
use super::budget::FileBudget;
use super::once::Once;
use super::remotes::Remotes;
use super::repository::LiveRepository;
use super::source::Source;
use crate::foreign::Formats;
use crate::gosrc::BuildContext;
use crate::manifest::{Dependency, LockedDependency, Mirrors, Remote};
use crate::model::{Revision, is_at_or_below};
use crate::resolve::{Fault, Provider, Repository, Scanned, choose, is_foreign, is_sound, join};

/// What decides who is asked, and for what.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Where addresses really lead.
    pub mirrors: Mirrors,
    /// Import paths that nobody is asked for, with all below them: what glide.yaml ignores, and the
    /// project itself.
    pub passed_over: Vec<String>,
    /// Which files of dependencies say what they need.
    pub formats: Formats,
}

impl Rules {
    fn passes_over(&self, import_path: &str) -> bool {
        let mut passed_over = self.passed_over.iter();
        passed_over.any(|path| is_at_or_below(import_path, path))
    }
}

/// Answers from the remotes, each question once.
pub struct Live {
    shared: Arc<Shared>,
}

/// What threads that run ahead share with the walk.
struct Shared {
    remotes: Remotes,
    rules: Rules,
    context: Arc<BuildContext>,
    budget: Arc<FileBudget>,
    /// How many threads may run ahead.
    threads: usize,
    ahead: Ahead,
    /// What remotes have said, by location and version control system.
    sources: Once<(String, String), Result<Arc<dyn Source>, Fault>>,
    /// The same as repositories, by the name that they go by in messages.
    repositories: Once<(String, String, String), Result<Arc<LiveRepository>, Fault>>,
    /// By name: how a repository will be asked for if it is.
    expected: Mutex<HashMap<String, Dependency>>,
    announced: Mutex<HashSet<String>>,
}

impl Live {
    /// Asks nobody yet; `threads` run ahead of the walk.
    pub fn new(remotes: Remotes, rules: Rules, context: BuildContext, threads: usize) -> Self {
        Self {
            shared: Arc::new(Shared {
                remotes,
                rules,
                context: Arc::new(context),
                budget: Arc::default(),
                threads,
                ahead: Ahead::new(),
                sources: Once::default(),
                repositories: Once::default(),
                expected: Mutex::default(),
                announced: Mutex::default(),
            }),
        }
    }

    /// These are likely to be needed, and at these commits: what they have is asked for now, and
    /// what the cache holds of them is read. Whether it was right makes no difference to any answer.
    pub fn hint<'a>(&self, locked: impl IntoIterator<Item = &'a LockedDependency>) {
        for locked in locked {
            let remote = locked.remote(&self.shared.rules.mirrors);
            // The root is not written down, save where it is the only package.
            let folders = match locked.subpackages.as_slice() {
                [] => vec![String::new()],
                below => below.to_vec(),
            };
            let root_only = locked.subpackages.is_empty();
            let remotes = &self.shared.remotes;
            if !remotes.may_ask_early(&locked.name, &remote, root_only) {
                continue;
            }
            let (name, at) = (locked.name.clone(), Revision::new(&locked.version));
            Shared::later(&self.shared, move |shared| {
                if let Ok(repository) = shared.repository_at(&name, &remote) {
                    repository.read_ahead(&at, &folders);
                }
            });
        }
    }
}

impl Shared {
    /// Does something ahead. Jobs hold what is shared weakly, or it would never go.
    fn later(shared: &Arc<Self>, job: impl FnOnce(&Arc<Self>) + Send + 'static) {
        let weak = Arc::downgrade(shared);
        shared.ahead.push(shared.threads, move || {
            if let Some(shared) = weak.upgrade() {
                job(&shared);
            }
        });
    }

    fn repository(&self, dependency: &Dependency) -> Result<Arc<LiveRepository>, Fault> {
        self.repository_at(&dependency.name, &dependency.remote(&self.rules.mirrors))
    }

    fn repository_at(&self, name: &str, remote: &Remote) -> Result<Arc<LiveRepository>, Fault> {
        let (location, vcs) = (remote.location.clone(), remote.vcs.clone());
        let question = (name.to_owned(), location.clone(), vcs.clone());
        self.repositories.get(question, || {
            let open = || self.remotes.open(name, remote).map_err(Arc::new);
            let source = self.sources.get((location, vcs), open)?;
            let discover = Arc::clone(self.remotes.discover());
            let reading = (Arc::clone(&self.context), self.rules.formats);
            let budget = Arc::clone(&self.budget);
            Ok(Arc::new(LiveRepository::new(
                name, source, discover, reading, budget,
            )))
        })
    }

    /// Asks for the refs behind an import path, and for the commit and its imports where the
    /// version is known.
    fn look_ahead(shared: &Arc<Self>, import_path: &str) {
        let root = shared.remotes.discover().guess(import_path);
        let expected = lock(&shared.expected).get(&root).cloned();
        // The walk may yet hear of a version, and then the tip was fetched in vain. To wait for the
        // walk costs more: it stands still while a large repository that is before this one comes.
        let dependency = expected.unwrap_or_else(|| Dependency::named(root.as_str()));
        if let Some(at) = shared.fetch_ahead(&dependency) {
            let below = import_path.strip_prefix(root.as_str()).unwrap_or_default();
            Self::scan_ahead(shared, &dependency, &at, below.trim_start_matches('/'));
        }
    }

    /// Fetches what a dependency that is known to be needed will be pinned to.
    fn fetch_ahead(&self, dependency: &Dependency) -> Option<Revision> {
        let repository = self.repository(dependency).ok()?;
        let reference = dependency.reference.as_str();
        let at = match reference {
            "" => repository.tip(),
            _ => choose(&*repository, reference).ok().map(|(at, _)| at),
        }?;
        // Whoever asks for it later is told what went wrong.
        repository.at(&at).ok()?;
        Some(at)
    }

    /// Reads a folder that the walk will come to, and announces what it imports.
    fn scan_ahead(shared: &Arc<Self>, dependency: &Dependency, at: &Revision, folder: &str) {
        let Ok(repository) = shared.repository(dependency) else {
            return;
        };
        let looked_into = format!("{}@{at} itself", dependency.name);
        if lock(&shared.announced).insert(looked_into) {
            for wanted in repository.declared_ahead(at) {
                let name = wanted.name.clone();
                lock(&shared.expected).entry(name).or_insert(wanted);
            }
        }
        if let Ok(Scanned::Package { imports, .. }) = repository.scan(at, folder) {
            Self::announce(shared, &imports);
        }
    }

    fn announce(shared: &Arc<Self>, import_paths: &[String]) {
        for import_path in import_paths {
            let wanted = is_foreign(import_path)
                && is_sound(import_path).is_ok()
                && !shared.rules.passes_over(import_path);
            if wanted && lock(&shared.announced).insert(import_path.clone()) {
                let import_path = import_path.clone();
                Self::later(shared, move |shared| Self::look_ahead(shared, &import_path));
            }
        }
    }
}

impl Provider for Live {
    fn location(&self, dependency: &Dependency) -> String {
        dependency.remote(&self.shared.rules.mirrors).location
    }

    fn open(&self, dependency: &Dependency) -> Result<Arc<dyn Repository>, Fault> {
        let repository = self.shared.repository(dependency)?;
        Ok(repository)
    }

    fn announce(&self, import_paths: &[String]) {
        Shared::announce(&self.shared, import_paths);
    }

    fn expect(&self, dependency: &Dependency, certain: bool) {
        let dependency = dependency.clone();
        let name = dependency.name.clone();
        lock(&self.shared.expected)
            .entry(name)
            .or_insert_with(|| dependency.clone());
        if certain {
            Shared::later(&self.shared, move |shared| {
                shared.fetch_ahead(&dependency);
            });
        }
    }

    fn refuses(&self, by: &Dependency, wanted: &Dependency) -> Option<String> {
        let mirrors = &self.shared.rules.mirrors;
        if mirrors.lookup(&wanted.repo).is_some() {
            // Where that leads, the user has said.
            return None;
        }
        let from = by.remote(mirrors).location;
        self.shared.remotes.refuses(&from, &wanted.repo)
    }

    fn prepare(&self, dependency: &Dependency, at: &Revision, folder: &str) {
        let prepared = format!("{}@{at}", join(&dependency.name, folder));
        if lock(&self.shared.announced).insert(prepared) {
            let (dependency, at) = (dependency.clone(), at.clone());
            let folder = folder.to_owned();
            Shared::later(&self.shared, move |shared| {
                Shared::scan_ahead(shared, &dependency, &at, &folder);
            });
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
