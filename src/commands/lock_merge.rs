//! `lock merge`: two glide.locks put together by what they say: as git's merge driver, and for a glide.lock
//! that git has left with conflict markers.
//!
//! Nobody is asked what is needed: entries are merged, not resolved. What they say about glide.yaml, the hash, is
//! found out, and left open where it cannot be.

mod attributes;
mod driver;
mod hash;
mod install;
mod resolve;
mod telling;

use std::ffi::OsString;

use super::{Context, Outcome};
use crate::error::Failure;
use crate::manifest::Side;

/// What `lock merge` is asked to do.
#[derive(Debug)]
pub enum LockMergeOptions {
    /// To merge what git's merge drivers are handed: `%O %A %B %P`, then perhaps `%L %S %X %Y`.
    Driver(Vec<OsString>),
    /// To settle the conflict in the project's glide.lock.
    Resolve {
        /// Whose word counts where the two sides disagree; without it their disagreement is told.
        favoured: Option<Side>,
    },
    /// To tell git of the driver.
    Install(Setup),
    /// To take that back.
    Uninstall(Setup),
}

/// Where git is told.
#[derive(Clone, Copy, Debug, Default)]
pub struct Setup {
    /// In the user's configuration, for all repositories, instead of the repository's own.
    pub global: bool,
}

/// Merges, or sets merging up.
pub fn lock_merge(context: &Context<'_>, options: &LockMergeOptions) -> Result<Outcome, Failure> {
    match options {
        LockMergeOptions::Driver(words) => driver::run(context, words),
        LockMergeOptions::Resolve { favoured } => resolve::run(context, *favoured),
        LockMergeOptions::Install(setup) => install::install(context, *setup),
        LockMergeOptions::Uninstall(setup) => install::uninstall(context, *setup),
    }
}
