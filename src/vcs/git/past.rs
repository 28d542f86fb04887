//! A repository's past: names and commits, asked for or as they were when last asked for.
//!
//! Beside the packs of a repository's history stand what its names led to when they were last asked
//! for, the graph of the commits behind them, and which commits they led to before and do no longer.
//! Each is sealed, and made anew from the packs, or these fetched again, where it does not verify.

use git2::{ErrorCode, ObjectType, Repository};

use super::fetch::Fetch;
use super::history::{clear_packs, is_of, names_of};
use super::protocol::{Content, Depth, Greeting};
use super::remote::{Remote, advertised};
use super::store::{self, Store};
use super::transport::Trouble;
use super::{Address, Error, Git, Refs, local, note};
use crate::cache::Entry;
use crate::http::mask;
use crate::vcs::graph::{Graph, Link};
use crate::vcs::past::{self, Names, Past};
use crate::vcs::{Freshness, ObjectId, ReadError};

const NAMES: &str = "names";
const GRAPH: &str = "graph";
const LOST: &str = "lost";

/// A server needs no more of what is held to leave out what is behind.
const MAX_HELD: usize = 256;

/// Whether a remote gives a commit to whoever names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Served {
    /// It does, whether or not a branch or tag leads there.
    Yes,
    /// It does not have it, or does not give it.
    No,
    /// It gives nothing by its id, so there is no telling.
    Untold,
}

impl Git {
    /// A repository's names and the commits that these lead to; `None` where they are not known and
    /// nobody may be asked.
    pub fn past(&self, remote: &str, freshness: Freshness) -> Result<Option<Past>, Error> {
        let remote = self.remote(remote)?;
        let entry = self.cache.history(&remote.url);
        if freshness != Freshness::Ask {
            let _reading = entry.lock_shared()?;
            if let Some(past) = kept(&entry)? {
                return Ok(Some(past));
            }
        }
        if freshness == Freshness::Offline && !matches!(remote.address, Address::Local(_)) {
            return past_from_packs(&remote, &entry);
        }
        let _writing = entry.lock_exclusive()?;
        let (refs, moved_to) = self.ask(&remote)?;
        let is_new = past::kept_graph(&entry.objects().join(GRAPH), Some(&names_of(&refs)))?;
        let refs = match is_new {
            Some(_) => refs,
            None => self.renew(&remote, &entry, refs)?,
        };
        names(&refs, moved_to).keep(&entry.objects().join(NAMES))?;
        let past = kept(&entry)?;
        past.map(Some).ok_or_else(|| unreadable(&remote))
    }

    /// What the remote has, and where it has moved to.
    fn ask(&self, remote: &Remote) -> Result<(Refs, Option<String>), Error> {
        if let Address::Local(path) = &remote.address {
            return Ok((Refs::of(&local::refs(path)?), None));
        }
        let connection = &mut *self.connect(remote)?;
        let refs = advertised(connection).map_err(|trouble| trouble.about(&remote.url))?;
        let moved_to = connection.moved_to().map(|url| mask(&url));
        Ok((Refs::of(&refs), moved_to))
    }

    /// Makes the graph of what the remote has now; gives what it had when that was fetched.
    fn renew(&self, remote: &Remote, entry: &Entry, refs: Refs) -> Result<Refs, Error> {
        let file = |name: &str| entry.objects().join(name);
        let old = past::kept_graph(&file(GRAPH), None)?;
        let (refs, graph) = match &remote.address {
            Address::Local(path) => {
                let graph = local_graph(&local::open(path)?, &refs, old.as_ref());
                (refs, graph)
            }
            _ if names(&refs, None).tips().is_empty() => (refs, nothing()),
            _ => self.fetched(&fetch(remote, entry), remote, old.as_ref())?,
        };
        let lost = past::lost(&past::kept_lost(&file(LOST))?, old.as_ref(), &graph);
        // A crash from here on forgets at most what is lost, or has it twice.
        crate::fsx::create_dir_all(entry.objects())?;
        past::keep_lost(&file(LOST), &lost)?;
        past::keep_graph(&file(GRAPH), &names_of(&refs), &graph)?;
        Ok(refs)
    }

    /// Brings the store up to date, by what is new alone where that leaves no doubt.
    fn fetched(
        &self,
        fetch: &Fetch<'_>,
        remote: &Remote,
        old: Option<&Graph>,
    ) -> Result<(Refs, Graph), Error> {
        let connection = &mut *self.connect(remote)?;
        let old = old.filter(|old| !old.is_cut());
        if let Some(old) = old {
            let held = held(fetch, old);
            if !held.is_empty()
                && let Ok(refs) = fetch.history(connection, &held)
                && let Ok(graph) = gathered(fetch, &refs, Some(old))
                && !graph.is_cut()
                && old.ids().all(|id| graph.find(id).is_some())
            {
                return Ok((refs, graph));
            }
            clear_packs(fetch.objects)?;
        }
        let refs = fetch.history(connection, &[])?;
        match gathered(fetch, &refs, None) {
            Ok(graph) if !graph.is_cut() => Ok((refs, graph)),
            // What an earlier call has fetched may be damaged.
            _ => {
                clear_packs(fetch.objects)?;
                let refs = fetch.history(connection, &[])?;
                let graph = gathered(fetch, &refs, None);
                Ok((refs, graph.map_err(|error| fetch.incomplete(error))?))
            }
        }
    }

    /// Whether the remote gives a commit, wherever it comes from: hosts keep what branches have led to
    /// once, and what forks hold.
    pub fn serves(&self, remote: &str, commit: ObjectId) -> Result<Served, Error> {
        let place = self.remote(remote)?;
        if let Address::Local(path) = &place.address {
            let is_there = local::describe(path, commit).is_ok();
            return Ok(if is_there { Served::Yes } else { Served::No });
        }
        let about = |trouble: Trouble| trouble.about(&place.url);
        let entry = self.cache.history(&place.url);
        let connection = &mut *self.connect(&place)?;
        let greeting = connection.greet().map_err(about)?;
        let _reading = entry.lock_shared()?;
        let side = store::side_folder(entry.objects())?;
        let fetch = Fetch {
            remote: &place.url,
            objects: side.as_ref(),
        };
        let answer = match greeting {
            Greeting::V2 { filters } => {
                let content = if filters {
                    Content::Commits
                } else {
                    Content::Whole
                };
                fetch.try_pack(connection, &[commit], Depth::One, content)
            }
            Greeting::V0(server) if server.has("allow-any-sha1-in-want") => {
                fetch.try_pack_v0(connection, &server, &[commit], Depth::One)
            }
            Greeting::V0(_) => return Ok(Served::Untold),
        };
        match answer {
            Ok(None) => {
                let came = Store::open(side.as_ref()).is_ok_and(|store| store.holds(commit));
                Ok(if came { Served::Yes } else { Served::Untold })
            }
            Ok(Some(reason)) if is_refusal(&reason) => Ok(Served::No),
            Ok(Some(_)) | Err(Trouble::NotSpoken(_)) => Ok(Served::Untold),
            Err(trouble) => Err(about(trouble)),
        }
    }
}

/// Whether a server says that the very object is not to be had: Git's words, and those of `JGit`.
fn is_refusal(reason: &str) -> bool {
    reason.contains("not our ref") || reason.contains("not valid")
}

fn fetch<'a>(remote: &'a Remote, entry: &'a Entry) -> Fetch<'a> {
    Fetch {
        remote: &remote.url,
        objects: entry.objects(),
    }
}

/// What is known from the last time, if it is whole.
fn kept(entry: &Entry) -> Result<Option<Past>, Error> {
    let file = |name: &str| entry.objects().join(name);
    let Some((names, asked)) = Names::kept(&file(NAMES))? else {
        return Ok(None);
    };
    let digest = names_of(&refs(&names));
    let Some(graph) = past::kept_graph(&file(GRAPH), Some(&digest))? else {
        return Ok(None);
    };
    Ok(Some(Past {
        names,
        graph,
        asked,
        lost: past::kept_lost(&file(LOST))?,
    }))
}

/// The past as it was, where the graph alone is damaged.
fn past_from_packs(remote: &Remote, entry: &Entry) -> Result<Option<Past>, Error> {
    let Some((names, _)) = Names::kept(&entry.objects().join(NAMES))? else {
        return Ok(None);
    };
    let refs = refs(&names);
    let _writing = entry.lock_exclusive()?;
    if !is_of(entry.objects(), &refs) {
        return Ok(None);
    }
    match gathered(&fetch(remote, entry), &refs, None) {
        Ok(graph) if !graph.is_cut() => {
            past::keep_graph(&entry.objects().join(GRAPH), &names_of(&refs), &graph)?;
            kept(entry)
        }
        _ => Ok(None),
    }
}

impl Git {
    /// Remembers what a remote has, for runs that may ask nobody. A cache that cannot be written is told
    /// of where it matters.
    pub(super) fn remember(&self, remote: &Remote, refs: &Refs) {
        let names = names(refs, None);
        let _ = names.keep_unsynced(&self.cache.refs(&remote.url));
    }

    /// The tags that led to a commit when the remote was last asked, in byte order; nobody is asked but
    /// this machine's disk, which remembers for itself.
    pub fn remembered_tags(&self, remote: &str, commit: ObjectId) -> Result<Vec<String>, Error> {
        let remote = self.remote(remote)?;
        let refs = match &remote.address {
            Address::Local(path) => Refs::of(&local::refs(path)?),
            _ => self.remembered(&remote).unwrap_or_default(),
        };
        let tags = refs.tags.into_iter().filter(|(_, id)| *id == commit);
        Ok(tags.map(|(name, _)| name).collect())
    }

    /// What a remote had when it was last asked, in whichever way; nobody is asked.
    pub(super) fn remembered(&self, remote: &Remote) -> Option<Refs> {
        let history = self.cache.history(&remote.url);
        let files = [self.cache.refs(&remote.url), history.objects().join(NAMES)];
        let kept = files.iter().filter_map(|file| Names::kept(file).ok()?);
        let newest = kept.max_by_key(|(_, time)| *time);
        newest.map(|(names, _)| refs(&names))
    }
}

fn names(refs: &Refs, moved_to: Option<String>) -> Names {
    let list = |refs: &[(String, ObjectId)]| {
        let named = refs.iter().map(|(name, id)| (name.clone(), id.to_string()));
        named.collect()
    };
    Names {
        head: refs.head.map(|id| id.to_string()),
        default_branch: refs.default_branch.clone(),
        branches: list(&refs.branches),
        tags: list(&refs.tags),
        moved_to,
    }
}

/// What was remembered.
fn refs(names: &Names) -> Refs {
    let list = |names: &[(String, String)]| {
        let parsed = names
            .iter()
            .filter_map(|(name, id)| Some((name.clone(), ObjectId::parse(id)?)));
        parsed.collect()
    };
    Refs {
        head: names.head.as_deref().and_then(ObjectId::parse),
        default_branch: names.default_branch.clone(),
        branches: list(&names.branches),
        tags: list(&names.tags),
    }
}

fn tips(refs: &Refs) -> impl Iterator<Item = ObjectId> {
    names(refs, None).tips().into_iter()
}

/// Commits of the old graph that nothing comes behind, as far as the store has them.
fn held(fetch: &Fetch<'_>, old: &Graph) -> Vec<ObjectId> {
    let Ok(store) = Store::open(fetch.objects) else {
        return Vec::new();
    };
    let tips = old.tips();
    if tips.iter().any(|id| !store.holds(*id)) {
        return Vec::new();
    }
    tips.into_iter().rev().take(MAX_HELD).collect()
}

/// The graph of what a store holds.
fn gathered(fetch: &Fetch<'_>, refs: &Refs, old: Option<&Graph>) -> Result<Graph, ReadError> {
    let store = Store::open(fetch.objects)?;
    // Tags may lead to what is no commit.
    let is_commit = |id: &ObjectId| {
        store
            .peel_if_commit(*id)
            .map_or(true, |found| found.is_some())
    };
    Graph::gather(tips(refs).filter(is_commit), |id| {
        if let Some(link) = known(old, id) {
            return Ok(Some(link));
        }
        if !store.holds(id) {
            return Ok(None);
        }
        Ok(Some(note::link(&store.commit(id)?)))
    })
}

fn known(old: Option<&Graph>, id: ObjectId) -> Option<Link> {
    let old = old.filter(|old| !old.is_cut())?;
    old.find(id).map(|found| old.link(found))
}

fn nothing() -> Graph {
    let Ok(graph) = Graph::gather([], |_| Ok::<_, std::convert::Infallible>(None));
    graph
}

/// The graph of a repository of this machine; commits that it lacks are missing from it.
fn local_graph(repository: &Repository, refs: &Refs, old: Option<&Graph>) -> Graph {
    let kind = |id: ObjectId| {
        let odb = repository.odb().ok()?;
        match odb.read_header(store::oid(id)) {
            Ok((_, kind)) => Some(kind),
            Err(error) if error.code() == ErrorCode::NotFound => None,
            Err(_) => Some(ObjectType::Commit),
        }
    };
    let is_commit = |id: &ObjectId| kind(*id).is_none_or(|kind| kind == ObjectType::Commit);
    let odb = repository.odb().ok();
    let Ok(graph) = Graph::gather(tips(refs).filter(is_commit), |id| {
        if let Some(link) = known(old, id) {
            return Ok::<_, std::convert::Infallible>(Some(link));
        }
        let object = odb.as_ref().and_then(|odb| odb.read(store::oid(id)).ok());
        let commit = object.filter(|object| object.kind() == ObjectType::Commit);
        Ok(commit.map(|commit| note::link(commit.data())))
    });
    graph
}

fn unreadable(remote: &Remote) -> Error {
    Error::Incomplete {
        remote: mask(&remote.url),
        source: ReadError::Store {
            reason: "what was just written cannot be read back".to_owned(),
        },
    }
}
