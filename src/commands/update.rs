//! `update`: versions anew for everything that the project imports, glide.lock and vendor/ with them.
//!
//! Project source → imports → [`resolve`](crate::resolve) ⇄ remotes → pins → the same tail as `install`. The
//! answer depends on glide.yaml, the code and the remotes, never on what the cache or vendor/ held.

use super::install::InstallOptions;
use super::locked;
use super::project::Project;
use super::renew::{Renewal, now, renew};
use super::{Context, Outcome};
use crate::discover::Policy;
use crate::error::Failure;

/// What `update` is asked to do.
#[derive(Clone, Copy, Debug, Default)]
pub struct UpdateOptions {
    /// What it shares with `install`.
    pub install: InstallOptions,
    /// Whether only what glide.yaml lists is fetched, and no lock written.
    pub listed_only: bool,
    /// Whether every package of a repository counts, and not only those that are imported.
    pub all_packages: bool,
    /// Whether build tags and file names of this machine decide which files count.
    pub this_platform: bool,
    /// The minor version of the Go that has to build what glide.yaml leaves open.
    pub go_version: Option<u32>,
}

/// Resolves the project anew.
pub fn update(context: &Context<'_>, options: UpdateOptions) -> Result<Outcome, Failure> {
    // The zone of the time can be told only while there is one thread.
    let now = now(context);
    let project = Project::find(context)?;
    if options.install.locked {
        if options.listed_only {
            let message = "`--locked` is about glide.lock, which `--no-recursive` leaves alone";
            return Err(Failure::user(message).with_hint("give one of them"));
        }
        if !project.has_lock() {
            return Err(locked::missing(&project));
        }
    }
    let opened = project.open(context, Policy::Ask)?;
    let renewal = Renewal {
        opened: &opened,
        options,
        now,
        imported: None,
        manifest: None,
    };
    let renewed = renew(context, renewal)?;
    if !options.listed_only {
        // Glide text
        let message = format!("Project relies on {} dependencies.", renewed.imports);
        context.reporter.info(message);
    }
    renewed.tell(context);
    Ok(Outcome::default())
}
