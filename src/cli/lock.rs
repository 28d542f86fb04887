//! `lock` and what stands behind it.

use std::ffi::OsString;

use clap::{Args, Subcommand};

/// `lock`.
#[derive(Args, Debug)]
pub struct Lock {
    /// What to do with it.
    #[command(subcommand)]
    pub action: LockAction,
}

/// What can be done with a glide.lock.
#[derive(Subcommand, Debug)]
pub enum LockAction {
    /// Settle a merge conflict in glide.lock, or have git merge it so from now on
    Merge(MergeLocks),
}

/// `lock merge`.
#[derive(Args, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
pub struct MergeLocks {
    /// Have git merge glide.lock this way in this repository
    #[arg(long, conflicts_with_all = ["uninstall", "ours", "theirs", "files"])]
    pub install: bool,
    /// Have git merge glide.lock line by line again
    #[arg(long, conflicts_with_all = ["ours", "theirs", "files"])]
    pub uninstall: bool,
    /// With --install and --uninstall: in the user's configuration of git, for all repositories
    #[arg(long, conflicts_with_all = ["ours", "theirs", "files"])]
    pub global: bool,
    /// Where both sides changed the same in different ways, take what ours says
    #[arg(long, conflicts_with_all = ["theirs", "files"])]
    pub ours: bool,
    /// The same for theirs
    #[arg(long, conflicts_with = "files")]
    pub theirs: bool,
    /// What git hands a merge driver: %O %A %B %P, then perhaps %L %S %X %Y
    #[arg(value_name = "FILE")]
    pub files: Vec<OsString>,
}
