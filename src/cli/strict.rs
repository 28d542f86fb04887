//! How strict `install`, `update` and `get` are told to be: what may change, and who may be asked.

use clap::Args;

/// What `install` and `update` may do.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct Strictness {
    /// Fail, and say why, where glide.lock would have to change
    #[arg(long)]
    pub locked: bool,
    /// Ask nobody: what the cache holds has to do.
    #[command(flatten)]
    pub reach: Reach,
    /// The same as --locked and --offline
    #[arg(long)]
    pub frozen: bool,
}

/// Who may be asked.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct Reach {
    /// Ask nobody: what the cache holds has to do, with branches and tags as they were last seen
    #[arg(long)]
    pub offline: bool,
}

impl Strictness {
    /// Whether glide.lock must not change.
    pub fn keeps_lock(self) -> bool {
        self.locked || self.frozen
    }

    /// Whether nobody may be asked.
    pub fn is_offline(self) -> bool {
        self.reach.offline || self.frozen
    }
}
