//! What is known of a repository's past: its branches and tags, the commits that these lead to, and
//! those that they led to once.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::time::SystemTime;

use super::graph::{Graph, Set};
use super::{ObjectId, fsx};
use crate::cache::{read_sealed, write_sealed, write_sealed_unsynced};

/// The names and tips of a repository at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The tip of the default branch.
    pub head: Option<String>,
    /// The name of the default branch, where it is known.
    pub default_branch: Option<String>,
    /// All branches and their tips, in byte order.
    pub branches: Vec<(String, String)>,
    /// All tags and the commits that they lead to, in byte order.
    pub tags: Vec<(String, String)>,
    /// Where the repository really stands, if its host sends on whoever asks; secrets masked.
    pub moved_to: Option<String>,
}

impl Names {
    /// All commits that branches and tags lead to.
    pub(super) fn tips(&self) -> BTreeSet<ObjectId> {
        let named = self.branches.iter().chain(&self.tags);
        named.filter_map(|(_, id)| ObjectId::parse(id)).collect()
    }

    /// Remembers them beside a repository's objects; the file's time tells when that was.
    pub(super) fn keep(&self, file: &Path) -> fsx::Result<()> {
        write_sealed(file, self.write().as_bytes())
    }

    /// Remembers them by themselves, for runs that may ask nobody.
    pub(super) fn keep_unsynced(&self, file: &Path) -> fsx::Result<()> {
        write_sealed_unsynced(file, self.write().as_bytes())
    }

    fn write(&self) -> String {
        let mut text = String::new();
        let mut line = |kind: &str, id: &str, name: &str| {
            writeln!(text, "{kind} {id} {name}").expect("a string takes all");
        };
        self.head.iter().for_each(|id| line("head", id, ""));
        let branch = self.default_branch.iter();
        branch.for_each(|name| line("default", "-", name));
        self.moved_to.iter().for_each(|url| line("moved", "-", url));
        for (kind, list) in [("branch", &self.branches), ("tag", &self.tags)] {
            for (name, id) in list {
                line(kind, id, name);
            }
        }
        text
    }

    /// Those that were remembered last, and when; `None` where there are none, or they are damaged.
    pub(super) fn kept(file: &Path) -> fsx::Result<Option<(Self, Option<SystemTime>)>> {
        let Some(bytes) = read_sealed(file)? else {
            return Ok(None);
        };
        let time = fsx::lstat(file)?.and_then(|status| status.modified().ok());
        let names = std::str::from_utf8(&bytes).ok().and_then(Self::parse);
        Ok(names.map(|names| (names, time)))
    }

    fn parse(text: &str) -> Option<Self> {
        let mut names = Self::default();
        for line in text.lines() {
            let mut parts = line.splitn(3, ' ');
            let (kind, id, name) = (parts.next()?, parts.next()?, parts.next()?.to_owned());
            match kind {
                "head" => names.head = Some(id.to_owned()),
                "default" => names.default_branch = Some(name),
                "moved" => names.moved_to = Some(name),
                "branch" => names.branches.push((name, id.to_owned())),
                "tag" => names.tags.push((name, id.to_owned())),
                _ => return None,
            }
        }
        Some(names)
    }
}

/// A repository's past.
#[derive(Clone)]
pub struct Past {
    /// Its branches and tags.
    pub names: Names,
    /// The commits that these lead to.
    pub graph: Graph,
    /// When the names were asked for, as far as that is known.
    pub asked: Option<SystemTime>,
    /// Commits that names led to at an earlier time, and do no longer.
    pub(super) lost: Vec<ObjectId>,
}

impl Past {
    /// Whether names led to the commit at an earlier time, and do no longer: history was rewritten, or
    /// a branch removed.
    pub fn has_lost(&self, commit: ObjectId) -> bool {
        self.lost.binary_search(&commit).is_ok() && self.graph.find(commit).is_none()
    }

    /// The commit and all before it; `None` where names do not lead to it.
    pub fn up_to(&self, commit: ObjectId) -> Option<Set> {
        self.graph.find(commit).map(|found| self.graph.up_to(found))
    }
}

/// More commits than this are not remembered once they are lost.
const MAX_LOST: usize = 200_000;

/// The commits that were lost before, and now.
pub(super) fn lost(before: &[ObjectId], old: Option<&Graph>, new: &Graph) -> Vec<ObjectId> {
    let gone = old.into_iter().flat_map(Graph::ids);
    let gone = gone.chain(before.iter().copied());
    let mut lost: Vec<_> = gone.filter(|id| new.find(*id).is_none()).collect();
    lost.sort_unstable();
    lost.dedup();
    lost.truncate(MAX_LOST);
    lost
}

/// Remembers lost commits; the ids alone, one behind the other.
pub(super) fn keep_lost(file: &Path, lost: &[ObjectId]) -> fsx::Result<()> {
    if lost.is_empty() {
        return fsx::remove_file(file);
    }
    let bytes: Vec<u8> = lost.iter().flat_map(|id| id.0).collect();
    write_sealed(file, &bytes)
}

/// The lost commits that are remembered, in order.
pub(super) fn kept_lost(file: &Path) -> fsx::Result<Vec<ObjectId>> {
    let bytes = read_sealed(file)?.unwrap_or_default();
    let (ids, _) = bytes.as_chunks::<20>();
    let lost: Vec<_> = ids.iter().map(|id| ObjectId(*id)).collect();
    Ok(if lost.is_sorted() { lost } else { Vec::new() })
}

/// The graph that is kept in a file for the names of this digest.
pub(super) fn kept_graph(file: &Path, digest: Option<&str>) -> fsx::Result<Option<Graph>> {
    let Some(mut bytes) = read_sealed(file)? else {
        return Ok(None);
    };
    let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
        return Ok(None);
    };
    let is_asked_for = digest.is_none_or(|digest| digest.as_bytes() == &bytes[..end]);
    Ok(is_asked_for
        .then(|| bytes.split_off(end + 1))
        .and_then(Graph::read))
}

/// Keeps a graph for [`kept_graph`].
pub(super) fn keep_graph(file: &Path, digest: &str, graph: &Graph) -> fsx::Result<()> {
    let mut bytes = Vec::with_capacity(digest.len() + 1 + graph.bytes().len());
    bytes.extend_from_slice(digest.as_bytes());
    bytes.push(b'\n');
    bytes.extend_from_slice(graph.bytes());
    write_sealed(file, &bytes)
}
