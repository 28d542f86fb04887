//! What an update has changed, told with the tags and days that the cache knows.

use super::Context;
use super::project::Opened;
use crate::error::Failure;
use crate::live::Remotes;
use crate::manifest::{Changes, LockedDependency, Timestamp};
use crate::report::{Counts, Event, Version};

/// Tells each change of a version; gives back how many there are.
pub(super) fn tell_changes(
    context: &Context<'_>,
    opened: &Opened,
    changes: &Changes,
) -> Result<Counts, Failure> {
    let mut counts = Counts {
        unchanged: changes.unchanged,
        ..Counts::default()
    };
    let remotes = opened.network.remotes()?;
    let version = |entry: &Option<LockedDependency>| {
        let entry = entry.as_ref();
        entry.map(|entry| version(&remotes, opened, entry))
    };
    for change in &changes.list {
        match (&change.old, &change.new) {
            _ if !change.is_of_version() => {
                counts.unchanged += 1;
                continue;
            }
            (None, _) => counts.added += 1,
            (_, None) => counts.removed += 1,
            _ => counts.updated += 1,
        }
        context.reporter.event(&Event::Changed {
            name: &change.name,
            old: version(&change.old),
            new: version(&change.new),
        });
    }
    Ok(counts)
}

/// The version of a locked entry; nobody is asked.
fn version(remotes: &Remotes, opened: &Opened, entry: &LockedDependency) -> Version {
    let remote = entry.remote(&opened.mirrors);
    let known = remotes.known(&entry.name, &remote, &entry.version);
    Version {
        commit: entry.version.clone(),
        tag: known.tag,
        date: known.seconds.map(|seconds| {
            let day = Timestamp::from_unix(seconds, 0).to_string();
            day.split('T').next().unwrap_or_default().to_owned()
        }),
    }
}
