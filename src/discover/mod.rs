//! From import path to repository: known hosts, then go-import meta tags.
//!
//! Answers to `GetRootFromPackage` and `NormalizeName` of Glide's `util` and to
//! `detectVcsFromRemote` of its vcs library. It knows names and addresses; it fetches nothing but
//! go-get pages, and does not know mirrors, `insteadOf` or glide.yaml.
//!
//! Who is asked, in this order:
//!
//! 1. Glide's own patterns ([`hosts`]), which need nobody.
//! 2. What this run has been answered. As in Glide an answer is kept under the name that was asked
//!    for and serves the names below it; a name that nobody answers for is its own root, for the
//!    names below it too. (Where several kept names fit, Glide takes one at random; here it is
//!    the longest.)
//! 3. A table of well-known vanity hosts ([`vanity`]).
//! 4. With [`Policy::Remember`] and [`Policy::Offline`], what an earlier run was answered for the very same name.
//! 5. `https://NAME?go-get=1`, once a name and run. What is answered is remembered.
//!
//! Step 4 cannot change what `install` does: its commits are pinned by hash, so a remembered
//! repository that has the commit has the right one, and one that has not is no answer: then the
//! caller asks afresh with [`Discover::ask_remote`]. It keeps `install` working when the
//! vanity host is down. `update` decides versions by what the remote holds now, so it must use
//! [`Policy::Ask`], whose result never depends on the memory, unless it is told to ask nobody: then
//! [`Policy::Offline`] has what was answered for names above count, too.

mod answer;
mod departed;
mod go_import;
mod hosts;
mod offline;
mod pages;
mod policy;
mod remote;
mod vanity;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::fsx;
use crate::http::{self, DisplayUrl};
use crate::model::{Memo, Roots, VcsKind, is_below};

pub use answer::{Error, RemoteKind, Source};
pub use departed::{Advice, When, advice};
pub use go_import::GoImport;
pub use offline::Offline;
pub use pages::Pages;
pub use policy::Policy;
pub use remote::name_of;

use remote::Detected;

/// How many names are asked for at once when many are announced.
const ASKED_AT_ONCE: usize = 8;

/// What a host answered: the tags that hold for the name.
type Answer = Result<Vec<GoImport>, Arc<http::Error>>;

/// Knows roots and remotes. Shared by threads; two that ask for the same name wait for one
/// answer.
pub struct Discover {
    pages: Arc<dyn Pages>,
    memo: Arc<dyn Memo>,
    policy: Policy,
    /// Roots by the name that was asked for: Glide's cache.
    roots: Mutex<BTreeMap<String, String>>,
    /// Answers of this run by the name that was asked for.
    answers: Mutex<HashMap<String, Arc<OnceLock<Answer>>>>,
    /// Answers of this run by their prefix, so that a root found by way of a sub-package is not
    /// asked for again.
    by_prefix: Mutex<HashMap<String, GoImport>>,
}

impl Discover {
    /// Knows nothing yet but its tables.
    pub fn new(pages: Arc<dyn Pages>, memo: Arc<dyn Memo>, policy: Policy) -> Self {
        Self {
            pages,
            memo,
            policy,
            roots: Mutex::default(),
            answers: Mutex::default(),
            by_prefix: Mutex::default(),
        }
    }

    /// The version control system and address of a remote (`repo:`, a mirror, or `https://` and the
    /// name): what the address itself says, else the table, else what its host says.
    pub fn remote_kind(&self, remote: &str) -> Result<RemoteKind, Error> {
        match self.known(remote)? {
            Ok(known) => Ok(known),
            Err(name) => self.ask_for(remote, &name),
        }
    }

    /// The same, or the name to ask for.
    fn known(&self, remote: &str) -> Result<Result<RemoteKind, String>, Error> {
        let name = match at_hand(remote)? {
            Ok(known) => return Ok(Ok(known)),
            Err(name) => name,
        };
        let held = lock(&self.by_prefix).get(&name).cloned();
        let asked = held.and_then(|tag| usable(&tag, Source::Asked));
        let remembered = || usable(&self.remembered(&name)?, Source::Remembered);
        let known = asked.or_else(remembered);
        Ok(known.ok_or(name))
    }

    /// The same, if nobody has to be asked for it, now or at any time.
    pub fn kind_at_hand(&self, remote: &str) -> Option<VcsKind> {
        Some(at_hand(remote).ok()?.ok()?.kind)
    }

    /// The same from the host itself, past table and memory; for when what those say cannot be
    /// fetched. A name is asked for once a run all the same.
    pub fn ask_remote(&self, remote: &str) -> Result<RemoteKind, Error> {
        match by_address(remote)? {
            Ok(known) => Ok(known),
            Err(name) => self.ask_for(remote, &name),
        }
    }

    /// Asks for many import paths at once, so that later questions about their roots find the
    /// answers there. It asks only for what [`Roots::root_of`] would ask for and decides nothing,
    /// so that roots do not depend on who answers first.
    pub fn prefetch(&self, import_paths: &[&str], workers: usize) {
        let mut names: Vec<String> = import_paths.iter().map(|path| slashed(path)).collect();
        names.sort();
        names.dedup();
        names.retain(|name| self.needs_asking(name));
        // The answer for a name serves those below it.
        let all = names.clone();
        names.retain(|name| !all.iter().any(|above| is_below(name, above)));
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..workers.min(names.len()) {
                scope.spawn(|| {
                    while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                        // A failure is kept like an answer, for whoever needs it.
                        let _ = self.ask(name);
                    }
                });
            }
        });
    }

    /// What [`Roots::root_of`] is likely to say, for those who run ahead: it asks the name's host
    /// if need be, and decides nothing.
    pub fn guess(&self, import_path: &str) -> String {
        let name = slashed(import_path);
        let known = hosts::root(&name).map(str::to_owned);
        let known = known.or_else(|| kept_root(&lock(&self.roots), &name));
        let known = known.or_else(|| Some(vanity::lookup(&name)?.root.to_owned()));
        let known = known.or_else(|| may_be_remote(&name).then(|| self.asked_root(&name)));
        known.unwrap_or(name)
    }

    fn needs_asking(&self, name: &str) -> bool {
        hosts::root(name).is_none()
            && kept_root(&lock(&self.roots), name).is_none()
            && may_be_remote(name)
            && vanity::lookup(name).is_none()
            && self.remembered(name).is_none()
    }

    fn ask_for(&self, remote: &str, name: &str) -> Result<RemoteKind, Error> {
        let remote = DisplayUrl::new(remote);
        let tags = match self.ask(name) {
            Ok(tags) => tags,
            Err(source) => return Err(Error::Unreachable { remote, source }),
        };
        // Glide gives up at a first tag that it cannot use, such as `mod`; the next may do.
        let known = tags.iter().find_map(|tag| usable(tag, Source::Asked));
        known.ok_or_else(|| Error::Unknown {
            remote,
            tried: match tags.first() {
                None => format!("`https://{name}?go-get=1` has no go-import tag for it"),
                Some(tag) => format!(
                    "`https://{name}?go-get=1` says `{}`, which cannot be fetched",
                    http::mask_text(&tag.to_string())
                ),
            },
        })
    }

    /// The root, by asking; the name itself where there is no answer.
    fn asked_root(&self, name: &str) -> String {
        if let Some(tag) = self.remembered(name) {
            return tag.prefix;
        }
        match self.ask(name) {
            Ok(tags) => tags
                .into_iter()
                .next()
                .map_or_else(|| name.to_owned(), |tag| tag.prefix),
            Err(_) => name.to_owned(),
        }
    }

    fn remembered(&self, name: &str) -> Option<GoImport> {
        let remembered = |asked: &str| {
            let tag = GoImport::parse(&self.memo.get(asked)?)?;
            // A memory that does not fit the name is not believed.
            go_import::matching(vec![tag], name).pop()
        };
        match self.policy {
            Policy::Ask => None,
            Policy::Remember => remembered(name),
            Policy::Offline => {
                let ends = name.match_indices('/').map(|(end, _)| end);
                let ends: Vec<_> = ends.chain([name.len()]).collect();
                ends.iter().rev().find_map(|&end| remembered(&name[..end]))
            }
        }
    }

    /// Asks the name's host, once a run.
    fn ask(&self, name: &str) -> Answer {
        let cell = {
            let mut answers = lock(&self.answers);
            Arc::clone(answers.entry(name.to_owned()).or_default())
        };
        cell.get_or_init(|| self.fetch(name)).clone()
    }

    fn fetch(&self, name: &str) -> Answer {
        let separator = if name.contains('?') { '&' } else { '?' };
        let page = self
            .pages
            .page(&format!("https://{name}{separator}go-get=1"))
            .map_err(Arc::new)?;
        let path = name.split('?').next().unwrap_or(name);
        let tags = go_import::matching(go_import::tags(&page), path);
        let kept = tags.iter().find(|tag| usable(tag, Source::Asked).is_some());
        if let Some(tag) = kept {
            lock(&self.by_prefix)
                .entry(tag.prefix.clone())
                .or_insert_with(|| tag.clone());
        }
        // Where the first tag decides the root and another one the repository, as on pages that
        // also name a module proxy, both say the same root; anything else is not worth keeping.
        if let (Some(kept), Some(first)) = (kept, tags.first())
            && kept.prefix == first.prefix
        {
            self.memo.put(name, &kept.to_string());
            // The root's own page says the same, or the go tool would refuse the tag.
            if kept.prefix != name && kept.holds(path) {
                self.memo.put(&kept.prefix, &kept.to_string());
            }
        }
        Ok(tags)
    }
}

impl Roots for Discover {
    fn announce(&self, import_paths: &[&str]) {
        self.prefetch(import_paths, ASKED_AT_ONCE);
    }

    fn root_of(&self, import_path: &str) -> String {
        let name = slashed(import_path);
        if let Some(root) = hosts::root(&name) {
            return root.to_owned();
        }
        if let Some(root) = kept_root(&lock(&self.roots), &name) {
            return root;
        }
        if is_no_web_name(&name) {
            return name;
        }
        let root = match vanity::lookup(&name) {
            Some(known) => known.root.to_owned(),
            None if !name
                .split('/')
                .next()
                .is_some_and(|host| host.contains('.')) =>
            {
                name.clone()
            }
            None => self.asked_root(&name),
        };
        lock(&self.roots).insert(name, root.clone());
        root
    }
}

impl std::fmt::Debug for Discover {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Discover({:?})", self.policy)
    }
}

/// The root kept for the name itself or the nearest name above it.
fn kept_root(roots: &BTreeMap<String, String>, name: &str) -> Option<String> {
    let mut above = name;
    loop {
        if let Some(root) = roots.get(above) {
            return Some(root.clone());
        }
        above = above.rsplit_once('/')?.0;
    }
}

/// Glide's import paths have slashes, whichever way they lean.
fn slashed(import_path: &str) -> String {
    import_path.replace('\\', "/")
}

/// Whether the first element can be a host: without a dot it is none, and never remote.
fn may_be_remote(name: &str) -> bool {
    let host = name.split('/').next().unwrap_or_default();
    host.contains('.') && !is_no_web_name(name)
}

/// Whether `https://` and the name make no address that could be asked, as with
/// `git@github.com:a/b`: such a name is its own root, and says nothing about names below it.
fn is_no_web_name(name: &str) -> bool {
    name.contains('@')
        || name.contains("://")
        || name.chars().any(char::is_control)
        || http::Url::parse(&format!("https://{name}")).is_err()
}

/// What address or table say, or else the name to ask for.
fn at_hand(remote: &str) -> Result<Result<RemoteKind, String>, Error> {
    let known = by_address(remote)?;
    Ok(known.or_else(|name| {
        let known = vanity::lookup(&name)
            .filter(|known| known.root == name.trim_end_matches('/'))
            .and_then(|known| known.repository);
        known.ok_or(name).map(|url| RemoteKind {
            kind: VcsKind::Git,
            url,
            source: Source::Table,
        })
    }))
}

/// What the address says, or else the name to ask for.
fn by_address(remote: &str) -> Result<Result<RemoteKind, String>, Error> {
    let (kind, tried) = match remote::detect(remote) {
        Detected::AskFor(name) => return Ok(Err(name)),
        Detected::Kind(kind) => (Some(kind), String::new()),
        Detected::Nothing(reason) => (None, reason.to_owned()),
        Detected::Folder(path) => (
            folder_kind(&path),
            format!("there is no repository in `{}`", path.display()),
        ),
    };
    match kind {
        Some(kind) => Ok(Ok(RemoteKind {
            kind,
            url: remote.to_owned(),
            source: Source::Address,
        })),
        None => Err(Error::Unknown {
            remote: DisplayUrl::new(remote),
            tried,
        }),
    }
}

/// Where a tag leads, if it leads to a repository.
fn usable(tag: &GoImport, source: Source) -> Option<RemoteKind> {
    let kind = [VcsKind::Git, VcsKind::Hg, VcsKind::Bzr, VcsKind::Svn]
        .into_iter()
        .find(|kind| kind.as_str() == tag.vcs)?;
    remote::is_fetchable(&tag.repository).then(|| RemoteKind {
        kind,
        url: tag.repository.clone(),
        source,
    })
}

/// What sort of repository is in a folder: a checkout, as Glide looks for, or a bare one.
fn folder_kind(path: &Path) -> Option<VcsKind> {
    let has = |name: &str| fsx::exists(&path.join(name));
    if has(".git") || has("HEAD") && has("objects") && has("refs") {
        Some(VcsKind::Git)
    } else if has(".svn") || has("format") && has("db") && has("hooks") {
        Some(VcsKind::Svn)
    } else if has(".hg") {
        Some(VcsKind::Hg)
    } else if has(".bzr") {
        Some(VcsKind::Bzr)
    } else {
        None
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
