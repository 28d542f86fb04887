//! Getting many pinned commits at once, and telling about it in a fixed order.

use std::path::Path;

use super::Context;
use super::parallel::in_parallel;
use crate::error::{Failure, Hinted, Place};
use crate::fsx;
use crate::http::mask;
use crate::live::Remotes;
use crate::manifest::{self, Remote};
use crate::model::VendorPath;
use crate::report::{Event, Level, Phase, timed};
use crate::vcs::Fetched;
use crate::vcs::git::Want;
use crate::vendor::{Item, PlacedTree};

/// One dependency at one version.
#[derive(Clone, Debug)]
pub(crate) struct Pin {
    /// Where it goes.
    pub(crate) path: VendorPath,
    /// Which version.
    pub(crate) want: Want,
    /// Where it comes from.
    pub(crate) remote: Remote,
}

impl Pin {
    /// The folder and the commit, where the version is a whole commit id.
    pub(crate) fn known(&self) -> Option<(&VendorPath, String)> {
        match &self.want {
            Want::Commit(id) => Some((&self.path, id.to_string())),
            _ => None,
        }
    }
}

/// What has been got.
pub(crate) struct Got {
    pub(crate) items: Vec<Item>,
    /// How many of them came from remotes.
    pub(crate) fetched: usize,
}

/// Gets all of them, in parallel, telling of each at `level`; fails with every failure told. `lock` is the
/// file that the pins stand in, if they stand in one.
pub(crate) fn all(
    context: &Context<'_>,
    remotes: &Remotes,
    (pins, lock): (&[Pin], Option<&Path>),
    level: Level,
) -> Result<Got, Failure> {
    if pins.is_empty() {
        context
            .reporter
            .info("No dependencies found. Nothing installed."); // Glide text
        let items = Vec::new();
        return Ok(Got { items, fetched: 0 });
    }
    let message = "Downloading dependencies. Please wait..."; // Glide text
    context.reporter.log(level, message);
    let _timed = timed(context.reporter, Phase::Fetch);
    let task = context.reporter.task("Fetching", pins.len());
    let results = in_parallel(
        pins,
        context.settings.fetches,
        |pin| remotes.obtain(pin.path.as_str(), &pin.remote, &pin.want),
        |pin| task.step(pin.path.as_str()),
        |pin, result| {
            if let Ok(fetched) = result {
                tell(context, level, pin, fetched);
            }
        },
    );
    drop(task);
    let mut items = Vec::new();
    let (mut failures, mut came) = (Vec::new(), 0);
    for (pin, result) in pins.iter().zip(results) {
        match result {
            Ok(fetched) => {
                came += usize::from(!fetched.from_cache);
                items.push(item(pin, fetched));
            }
            Err(failure) => {
                let place = lock.and_then(|lock| place(lock, pin.path.as_str()));
                let shown = place.as_ref().map(|place| format!(" ({place})"));
                let shown = shown.unwrap_or_default();
                let what = format!("cannot get {} {}{shown}", pin.path, pin.want);
                failures.push((pin.path.as_str(), failure.about(what).at(place)));
            }
        }
    }
    let hints = Hinted::take_shared(failures.iter_mut().map(|(_, failure)| failure));
    for (name, failure) in &failures {
        context.reporter.problem(Some(name), failure);
    }
    let failed = failures.len();
    if failed == 0 {
        let fetched = came;
        return Ok(Got { items, fetched });
    }
    let mut failure = Failure::user(format!(
        "{failed} of {} dependencies cannot be had; vendor/ is as it was",
        pins.len()
    ));
    failure.hints = hints;
    Err(failure)
}

/// Where in a lock a name stands. Read for messages alone.
pub(super) fn place(lock: &Path, name: &str) -> Option<Place> {
    let text = fsx::read_text(lock).ok()?;
    let lists = ["imports", "testImports"].into_iter();
    let mut lines = lists.flat_map(|list| manifest::lines(&text, list, "name"));
    let (_, line) = lines.find(|(found, _)| found == name)?;
    Some(Place::new(lock.file_name()?.display(), line))
}

/// Throws away what the cache holds of the dependencies that could not be read from it.
pub(crate) fn forget(
    context: &Context<'_>,
    items: &[Item],
    damaged: &[&VendorPath],
) -> Result<(), Failure> {
    for item in items.iter().filter(|item| damaged.contains(&&item.path)) {
        let path = &item.path;
        context
            .reporter
            .warn(format!("the cache of {path} is damaged; fetching it again"));
        for tree in &item.trees {
            tree.snapshot.discard()?;
        }
    }
    Ok(())
}

fn item(pin: &Pin, fetched: Fetched) -> Item {
    let trees = fetched
        .trees
        .into_iter()
        .map(|(at, snapshot)| PlacedTree { at, snapshot });
    Item {
        path: pin.path.clone(),
        revision: fetched.content,
        trees: trees.collect(),
    }
}

fn tell(context: &Context<'_>, level: Level, pin: &Pin, fetched: &Fetched) {
    let commit = &fetched.revision;
    let from = mask(&pin.remote.location);
    context
        .reporter
        .debug(format!("{} comes from {from}", pin.path));
    let message = if fetched.from_cache {
        // Glide text
        format!("--> Found desired version locally {} {commit}!", pin.path)
    } else {
        format!("--> Fetched {} {commit}", pin.path)
    };
    context.reporter.log(level, &message);
    context.reporter.event(&Event::Fetched {
        name: pin.path.as_str(),
        version: commit,
        from_cache: fetched.from_cache,
        bytes: fetched.bytes,
    });
}
