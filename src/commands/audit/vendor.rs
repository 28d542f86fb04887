//! vendor/ beside the commits that it should hold.

use std::collections::HashSet;

use super::super::{Context, parallel};
use super::shared::Shared;
use crate::audit::{Subject, VendorState};
use crate::error::Failure;
use crate::fsx;
use crate::live::Remotes;
use crate::model::VendorPath;
use crate::vcs::git::Want;
use crate::vendor::{self, Item, PlacedTree};

/// Compares vendor/ with the pinned commits, which are fetched where the cache has none.
pub(super) fn vendor_state(
    context: &Context<'_>,
    subject: &Subject,
    (remotes, shared): (&Remotes, &Shared),
) -> VendorState {
    let vendor = subject.folder.join("vendor");
    if !fsx::is_folder(&vendor) {
        return VendorState::Absent;
    }
    let mut seen = HashSet::new();
    let own = subject
        .manifest
        .as_ref()
        .map(|manifest| &manifest.config.package);
    let mut pins: Vec<_> = subject.pins.iter().collect();
    pins.retain(|pin| seen.insert(&pin.entry.name) && Some(&pin.entry.name) != own);
    let results = parallel::map(&pins, context.settings.fetches, |pin| {
        let path = VendorPath::new(&pin.entry.name).map_err(|error| error.to_string())?;
        let want = Want::parse(&pin.entry.version);
        let fetched = remotes.obtain(&pin.entry.name, &pin.remote, &want);
        let fetched = fetched.map_err(|failure| shared.reason(&failure))?;
        let trees = fetched.trees.into_iter();
        Ok(Item {
            path,
            revision: fetched.content,
            trees: trees
                .map(|(at, snapshot)| PlacedTree { at, snapshot })
                .collect(),
        })
    });
    let (mut items, mut unread) = (Vec::new(), Vec::new());
    for (pin, result) in pins.iter().zip(results) {
        match result {
            Ok(item) => items.push(item),
            Err(reason) => unread.push((pin.entry.name.clone(), reason)),
        }
    }
    match vendor::verify(&vendor, &items, context.settings.writers) {
        Ok(verified) => VendorState::Compared {
            packages: items
                .iter()
                .map(|item| item.path.as_str().to_owned())
                .collect(),
            verified,
            unread,
        },
        Err(error) => VendorState::Unreadable(Failure::from(error).render()),
    }
}
