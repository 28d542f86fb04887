//! Which glide.yaml a merged lock was made for, where both sides made theirs for another one.
//!
//! Git merges glide.lock before glide.yaml and tells a driver nothing of other files. So the commits are looked up
//! by what git does tell (labels, environment, its own state) and believed only if their glide.lock is, to the
//! byte, the one that is being merged; their glide.yaml files are merged as git will. The hash of the result
//! is claimed only if the lock of either side belongs to its own glide.yaml: a lock that is out of date
//! must not come out of a merge as if it were not.

use std::cell::Cell;
use std::path::Path;

use super::super::Context;
use super::super::network::Network;
use crate::discover::{Discover, Policy};
use crate::manifest::{Config, Labels, Lock, Merge};
use crate::model::Roots;
use crate::vcs::git::{Known, WorkTree, merge_lines};

/// How long conflict markers are, in texts that nobody gets to see.
const MARKER: u16 = 7;

/// The versions of a glide.lock in a merge: base, ours, theirs.
pub(super) struct Versions<'a> {
    /// What git calls it.
    pub(super) path: &'a Path,
    pub(super) texts: [&'a [u8]; 3],
    pub(super) locks: [Option<&'a Lock>; 3],
    pub(super) labels: &'a Labels,
}

/// Why a hash stays open, or is not that of the merged glide.yaml.
pub(super) enum Doubt {
    /// It stays open.
    Open(String),
    /// A side's lock is out of date, and so is the merged one: it keeps the hash of that side.
    Stale(&'static str),
}

/// Settles the hash of a merge in which both sides have changed it, asking nobody.
pub(super) fn settle(
    context: &Context<'_>,
    merge: &mut Merge,
    versions: &Versions<'_>,
) -> Result<(), Doubt> {
    if merge.open_hash.is_none() {
        return Ok(());
    }
    let open = |reason: &str| Doubt::Open(reason.to_owned());
    let found = WorkTree::open(
        &context.settings.folder,
        context.settings.git.folder.as_deref(),
    );
    let tree = found.map_err(|error| Doubt::Open(error.to_string()))?;
    let tree = tree.ok_or_else(|| open("there is no git repository here"))?;
    let manifests = Manifests::of(context, &tree, versions);
    let (Some(ours), Some(theirs)) = (&manifests.ours, &manifests.theirs) else {
        return Err(open("git does not tell which commits are merged"));
    };
    let mut settings = context.settings.clone();
    settings.net.offline = true;
    let network = Network::new(&settings, Policy::Remember);
    let reader = Reader::new(&network.discover, Asking::Nobody);
    stale(merge, &reader, versions, &manifests)?;
    let base = manifests.base.as_deref().unwrap_or_default();
    let merged = merge_lines([base, ours, theirs], ["base", "ours", "theirs"], MARKER);
    let (text, _) = merged
        .filter(|(_, clean)| *clean)
        .ok_or_else(|| open("glide.yaml has a conflict, too"))?;
    let hash = reader.hash(&text);
    merge.settle_hash(hash.ok_or_else(|| open("what glide.yaml will be cannot be read"))?);
    Ok(())
}

/// Settles the hash by the glide.yaml that git has merged by now.
pub(super) fn settle_by(
    context: &Context<'_>,
    merge: &mut Merge,
    (tree, versions): (Option<&WorkTree>, &Versions<'_>),
    (config, network): (&Config, &Network),
) -> Result<(), Doubt> {
    if merge.open_hash.is_none() {
        return Ok(());
    }
    if let Some(tree) = tree {
        let manifests = Manifests::of(context, tree, versions);
        let reader = Reader::new(&network.discover, Asking::Hosts);
        stale(merge, &reader, versions, &manifests)?;
    }
    merge.settle_hash(config.hash());
    Ok(())
}

/// Settles the hash by that of a side whose lock is out of date, if one is.
fn stale(
    merge: &mut Merge,
    reader: &Reader<'_>,
    versions: &Versions<'_>,
    manifests: &Manifests,
) -> Result<(), Doubt> {
    let [_, ours, theirs] = versions.locks;
    for (name, lock, manifest) in [
        ("ours", ours, &manifests.ours),
        ("theirs", theirs, &manifests.theirs),
    ] {
        let hash = lock.map(|lock| &lock.hash);
        let Some(manifest) = manifest else {
            continue;
        };
        if reader.hash(manifest).as_ref() == hash {
            continue;
        }
        if reader.has_guessed.get() {
            let reason = "glide.yaml has names whose repositories are not known without asking";
            return Err(Doubt::Open(reason.to_owned()));
        }
        merge.settle_hash(hash.cloned().unwrap_or_default());
        return Err(Doubt::Stale(name));
    }
    Ok(())
}

/// Who may be asked for a root.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asking {
    /// The host that it stands on.
    Hosts,
    /// Nobody, so that a root that is not known is guessed.
    Nobody,
}

/// Reads manifests, and notes whether a root had to be guessed.
struct Reader<'a> {
    discover: &'a Discover,
    asking: Asking,
    has_guessed: Cell<bool>,
}

impl<'a> Reader<'a> {
    fn new(discover: &'a Discover, asking: Asking) -> Self {
        Self {
            discover,
            asking,
            has_guessed: Cell::new(false),
        }
    }

    fn hash(&self, text: &[u8]) -> Option<String> {
        Config::read(text, self).ok().map(|config| config.hash())
    }
}

impl Roots for Reader<'_> {
    fn root_of(&self, import_path: &str) -> String {
        // Afterwards it counts as known, whatever came of it.
        if self.asking == Asking::Nobody && !self.discover.knows_root(import_path) {
            self.has_guessed.set(true);
        }
        self.discover.root_of(import_path)
    }
}

/// The glide.yaml of each side, where it can be found.
struct Manifests {
    base: Option<Vec<u8>>,
    ours: Option<Vec<u8>>,
    theirs: Option<Vec<u8>>,
}

impl Manifests {
    fn of(context: &Context<'_>, tree: &WorkTree, versions: &Versions<'_>) -> Self {
        let name = Path::new(&context.settings.yaml).file_name();
        let wanted = versions.path.with_file_name(name.unwrap_or_default());
        let (labels, heads) = (versions.labels, &context.settings.git.heads);
        let mut ours = from_label(&labels.ours);
        ours.extend(["HEAD", ""].map(str::to_owned));
        let mut theirs = from_label(&labels.theirs);
        theirs.extend(heads.iter().cloned());
        theirs.extend(in_progress(tree));
        let recognise = |place: usize, revisions: &[String]| {
            let known = Known {
                path: versions.path,
                bytes: versions.texts[place],
            };
            tree.recognise(known, revisions).map(str::to_owned)
        };
        let (ours, mut theirs) = (recognise(1, &ours), recognise(2, &theirs));
        let mut bases = from_label(&labels.base);
        if theirs.is_none()
            && let Some(picked) = picked(tree, versions, &wanted)
        {
            theirs = Some(picked.theirs);
            bases.insert(0, picked.base);
        }
        let file = |revision: &Option<String>| tree.file(revision.as_ref()?, &wanted);
        let mut merged = Vec::new();
        if let (Some(ours), Some(theirs)) = (&ours, &theirs) {
            merged = tree.bases(ours, theirs);
            bases.extend(merged.iter().cloned());
            bases.push(format!("{theirs}^"));
        }
        let base = recognise(0, &bases);
        let is_merge = !heads.is_empty() || labels.base == "merged common ancestors";
        Self {
            base: match &base {
                Some(_) => file(&base),
                None if is_merge => base_of_bases(tree, &wanted, &merged),
                None => None,
            },
            ours: file(&ours),
            theirs: file(&theirs),
        }
    }
}

/// What is picked or reverted.
struct Picked {
    theirs: String,
    base: String,
}

/// The commit that git picks or reverts, and does not name before 2.44, by what it does to glide.lock. Several
/// may do that, as when one has been picked before; then they have to agree about glide.yaml.
fn picked(tree: &WorkTree, versions: &Versions<'_>, wanted: &Path) -> Option<Picked> {
    let [base, _, theirs] = versions.texts;
    let commits = |change| tree.changing(versions.path, change).into_iter();
    let picks = commits([base, theirs]).map(|commit| Picked {
        base: format!("{commit}^"),
        theirs: commit,
    });
    let reverts = commits([theirs, base]).map(|commit| Picked {
        theirs: format!("{commit}^"),
        base: commit,
    });
    let mut found = picks.chain(reverts);
    let first = found.next()?;
    let files = |picked: &Picked| [&picked.base, &picked.theirs].map(|at| tree.file(at, wanted));
    let expected = files(&first);
    found
        .all(|other| files(&other) == expected)
        .then_some(first)
}

/// Where two histories cross, they have two bases, which git merges first: that file is in no commit.
fn base_of_bases(tree: &WorkTree, wanted: &Path, bases: &[String]) -> Option<Vec<u8>> {
    let [one, other] = bases else {
        return None;
    };
    let before = tree.bases(one, other);
    let before = before.first().and_then(|base| tree.file(base, wanted));
    let [one, other] = [one, other].map(|revision| tree.file(revision, wanted));
    let texts = [&before.unwrap_or_default()[..], &one?, &other?];
    let merged = merge_lines(texts, ["base", "ours", "theirs"], MARKER);
    merged.and_then(|(text, clean)| clean.then_some(text))
}

/// The revisions that a label of git's can mean: `topic`, `1a2b3c4 (what was done)`, `parent of 1a2b3c4 (...)`.
fn from_label(label: &str) -> Vec<String> {
    let first = |text: &str| text.split(' ').next().unwrap_or_default().to_owned();
    match label {
        "Stashed changes" => stashes().collect(),
        "Stash base" => stashes().map(|name| format!("{name}^1")).collect(),
        "Updated upstream" => Vec::new(),
        _ => match label.strip_prefix("parent of ") {
            Some(child) => vec![format!("{}^", first(child))],
            None => vec![label.to_owned(), first(label)],
        },
    }
}

/// How many stashes are looked at.
const MOST_STASHES: usize = 50;

fn stashes() -> impl Iterator<Item = String> {
    (0..MOST_STASHES).map(|number| format!("refs/stash@{{{number}}}"))
}

/// What git has in hand: a merge, a cherry-pick, a rebase, a stash.
fn in_progress(tree: &WorkTree) -> Vec<String> {
    let heads = [
        "MERGE_HEAD",
        "CHERRY_PICK_HEAD",
        "REBASE_HEAD",
        "REVERT_HEAD^",
    ];
    let mut names: Vec<String> = heads.map(str::to_owned).to_vec();
    // The step that a rebase is at, `pick 1a2b3c4 what was done`.
    let done = tree.state("rebase-merge/done").unwrap_or_default();
    let done = String::from_utf8_lossy(&done).into_owned();
    let step = done.lines().last().and_then(|line| line.split(' ').nth(1));
    names.extend(step.map(str::to_owned));
    names.extend(stashes());
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_name_commits() {
        for (label, expected) in [
            ("topic", vec!["topic", "topic"]),
            ("1a2b3c4 (add x)", vec!["1a2b3c4 (add x)", "1a2b3c4"]),
            ("parent of 1a2b3c4 (add x)", vec!["1a2b3c4^"]),
            ("Updated upstream", vec![]),
        ] {
            assert_eq!(from_label(label), expected, "{label}");
        }
        assert_eq!(from_label("Stash base")[1], "refs/stash@{1}^1");
    }
}
