//! The commands: one short file each. A command reads, calls what does the work, and returns its
//! data; what it has to say goes through the reporter.

mod fetch;
mod fmt;
mod hash;
mod info;
mod install;
mod name;
mod project;
mod treatment;

use std::sync::Arc;

use crate::cache::Cache;
use crate::discover::{Discover, Policy};
use crate::error::Failure;
use crate::http::Client;
use crate::interrupt::Interrupt;
use crate::report::Reporter;
use crate::settings::Settings;
use crate::vcs::git::{Git, GitConfig, Wire};

pub use fmt::{FmtOptions, fmt};
pub use hash::hash;
pub use info::info;
pub use install::{InstallOptions, install};
pub use name::name;

/// What every command is given. It stops here: what lies below is handed the few things it uses.
pub struct Context<'a> {
    /// What the environment and the flags say.
    pub settings: &'a Settings,
    /// Where messages go.
    pub reporter: &'a dyn Reporter,
    /// Whether somebody wants the run to end.
    pub interrupt: &'a Interrupt,
}

/// What a command gives back: data for standard output, and whether what it found calls for an
/// exit code other than 0 without being a failure (`fmt --check`).
#[derive(Debug, Default)]
pub struct Outcome {
    /// What to print.
    pub output: Vec<u8>,
    /// Whether to exit with 1 all the same.
    pub negative: bool,
}

impl Outcome {
    /// Prints a line.
    fn line(text: &str) -> Self {
        Self {
            output: format!("{text}\n").into_bytes(),
            negative: false,
        }
    }
}

/// What reaches out of the machine.
pub(crate) struct Network {
    /// From names to repositories.
    pub(crate) discover: Discover,
    /// From repositories to commits.
    pub(crate) git: Git,
    /// Where both remember.
    pub(crate) cache: Cache,
}

impl Context<'_> {
    /// Sets up what asks remotes; nothing is sent yet. `policy` is whether go-import answers of
    /// earlier runs count.
    pub(crate) fn network(&self, policy: Policy) -> Result<Network, Failure> {
        let cache = Cache::open(&self.settings.home)?;
        let config = Arc::new(GitConfig::load(&self.settings.git_config)?);
        let http = Arc::new(Client::new(self.settings.net.clone(), config.clone()));
        let mut ssh = self.settings.ssh.clone();
        ssh.shell_command = ssh.shell_command.or_else(|| config.ssh_command());
        ssh.variant = ssh.variant.or_else(|| config.ssh_variant());
        let discover = Discover::new(http.clone(), Arc::new(cache.memo()), policy);
        let git = Git::new(Wire { http, ssh, config }, cache.clone());
        Ok(Network {
            discover,
            git,
            cache,
        })
    }
}
