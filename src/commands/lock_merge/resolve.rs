//! A glide.lock that git has left in conflict: both sides read out of it, merged, and written back.

use std::path::PathBuf;

use super::super::network::Network;
use super::super::project::Project;
use super::super::{Context, Outcome};
use super::hash::{self, Versions};
use super::telling;
use crate::discover::{Offline, Policy};
use crate::error::{Failure, Place};
use crate::fsx;
use crate::manifest::{self, Config, Labels, Lock, MarkerError, Side, Sides, merge};
use crate::vcs::git::WorkTree;

/// Settles the conflict in the project's glide.lock, as far as the two sides agree.
pub(super) fn run(context: &Context<'_>, favoured: Option<Side>) -> Result<Outcome, Failure> {
    let project = Project::find(context)?;
    let path = project.lock_path();
    let text = fsx::read_text(&path)?;
    let tree = WorkTree::open(&project.folder, context.settings.git.folder.as_deref());
    let tree = tree.unwrap_or_else(|error| {
        let message = format!("{error}: what is not between the conflict markers is not known");
        context.reporter.warn(message);
        None
    });
    let Some(conflict) = Conflict::read(context, &project, tree.as_ref(), &text)? else {
        return nothing_to_merge(context, &project);
    };
    // Before anything else: the hash hangs on it.
    let network = Network::new(context.settings, Policy::Remember);
    let config = merged_manifest(&project, &network)?;
    let (base, ours, theirs) = conflict.locks(context)?;
    let mut merge = merge(base.as_ref(), &ours, &theirs)?;
    if let Some(side) = favoured {
        telling::decided(context, &merge, side);
        merge.decide(side);
    }
    let committed = conflict.committed.as_ref();
    let texts = committed.map_or([&[][..]; 3], |texts| texts.each_ref().map(Vec::as_slice));
    let versions = Versions {
        path: &conflict.name,
        texts,
        locks: [base.as_ref(), Some(&ours), Some(&theirs)],
        labels: &conflict.labels,
    };
    let tree = tree.as_ref().filter(|_| committed.is_some());
    let doubt = hash::settle_by(context, &mut merge, (tree, &versions), (&config, &network));
    let settled = merge.is_settled();
    let written = merge.to_yaml(&conflict.labels)?;
    let _orderly = context.interrupt.orderly();
    fsx::write_atomic(&path, written.as_bytes())?;
    telling::tell(context, &merge, "glide.lock", &conflict.labels, doubt.err());
    if settled {
        let next = if committed.is_some() {
            "; `git add glide.lock` tells git so"
        } else {
            ""
        };
        context.reporter.info(format!("glide.lock is merged{next}"));
    }
    Ok(Outcome {
        output: Vec::new(),
        code: u8::from(!settled),
    })
}

/// What there is to say where glide.lock has no conflict: it may still be that of glide.yaml's.
fn nothing_to_merge(context: &Context<'_>, project: &Project) -> Result<Outcome, Failure> {
    let read = Config::read(&project.read()?, &Offline);
    if let Err(error @ manifest::Error::ConflictMarkers { .. }) = read {
        let what = "glide.lock has no conflict markers, but glide.yaml has";
        return Err(project.malformed(error).about(what));
    }
    let what = "glide.lock has no conflict markers: there is nothing to merge";
    context.reporter.info(what);
    Ok(Outcome::default())
}

/// glide.yaml, which must have been merged by now.
fn merged_manifest(project: &Project, network: &Network) -> Result<Config, Failure> {
    project
        .config(network)
        .map_err(|failure| failure.about("glide.yaml comes before glide.lock"))
}

/// The sides of a conflict.
struct Conflict {
    ours: Vec<u8>,
    theirs: Vec<u8>,
    base: Option<Vec<u8>>,
    labels: Labels,
    /// What git calls the file.
    name: PathBuf,
    /// The three versions as they were committed, if git still has the conflict.
    committed: Option<[Vec<u8>; 3]>,
}

impl Conflict {
    /// The sides as locks.
    fn locks(&self, context: &Context<'_>) -> Result<(Option<Lock>, Lock, Lock), Failure> {
        let lock = |text: &[u8], side: Side| {
            Lock::parse(text).map_err(|error| {
                let what = format!("glide.lock of {} cannot be read", side.name());
                Failure::from(error)
                    .about(what)
                    .with_hint("`glide-rs update` makes it anew")
            })
        };
        let ours = lock(&self.ours, Side::Ours)?;
        let theirs = lock(&self.theirs, Side::Theirs)?;
        let base = self.base.as_deref();
        let base = base.and_then(|text| Lock::parse(text).ok());
        if base.is_none() {
            context.reporter.warn(
                "glide.lock does not tell what it was before: what either side has is kept, so look for what one of them had removed",
            );
        }
        Ok((base, ours, theirs))
    }

    /// Reads the sides out of the text, where somebody may have settled a part of it already, and what both
    /// came from out of git's index, which has all of it whatever the style of the markers.
    fn read(
        context: &Context<'_>,
        project: &Project,
        tree: Option<&WorkTree>,
        text: &[u8],
    ) -> Result<Option<Self>, Failure> {
        let path = project.lock_path();
        let malformed = |error: MarkerError| {
            let place = Place::new(path.display(), error.line);
            let what = format!("Could not load {}", path.display()); // Glide text
            Failure::from(error).about(what).at(place)
        };
        let sides = Sides::read(text).map_err(malformed)?;
        let name = tree
            .and_then(|tree| tree.name_of(&path))
            .unwrap_or_default();
        let stages = tree.and_then(|tree| tree.stages(&name));
        let committed = stages.and_then(|stages| {
            Some([
                stages.base.unwrap_or_default(),
                stages.ours?,
                stages.theirs?,
            ])
        });
        let held = committed
            .as_ref()
            .map(|[base, ..]| base.clone())
            .filter(|base| !base.is_empty());
        if let Some(sides) = sides {
            context
                .reporter
                .debug(format!("{} conflicts in glide.lock", sides.count));
            return Ok(Some(Self {
                ours: sides.ours,
                theirs: sides.theirs,
                base: held.or(sides.base),
                labels: sides.labels,
                name,
                committed,
            }));
        }
        // Git could not merge it at all, and nobody has touched it since: our version stands there.
        let untouched = committed.as_ref().filter(|[_, ours, _]| *ours == text);
        Ok(untouched.cloned().map(|[base, ours, theirs]| Self {
            base: Some(base).filter(|base| !base.is_empty()),
            ours,
            theirs,
            labels: Labels::default(),
            name,
            committed,
        }))
    }
}
