//! What reaches out of the machine, each part set up when it is first needed.
//!
//! Most runs need none of it: a project whose names are known, or whose vendor/ is as it should
//! be, has to work without a home that can be written, and past a git configuration that cannot be
//! read. So nothing here touches the disk before somebody asks for a page or a commit.

use std::sync::{Arc, OnceLock};

use crate::cache::Cache;
use crate::discover::{Discover, Pages, Policy};
use crate::error::Failure;
use crate::http::{self, Client};
use crate::live::{Clients, Remotes};
use crate::settings::Settings;
use crate::vcs::bzr::Bzr;
use crate::vcs::git::{self, ConfigError, Git, GitConfig, Wire};
use crate::vcs::hg::Hg;
use crate::vcs::svn::Svn;

/// From names to repositories, and from repositories to commits.
pub(crate) struct Network {
    /// From names to repositories.
    pub(crate) discover: Arc<Discover>,
    /// Where it is remembered what hosts answered and what is installed.
    pub(crate) cache: Cache,
    line: Arc<Line>,
}

impl Network {
    /// `policy` is whether go-import answers of earlier runs count; they do in any case where nobody is to be
    /// asked.
    pub(crate) fn new(settings: &Settings, policy: Policy) -> Self {
        let policy = if settings.net.offline {
            Policy::Offline
        } else {
            policy
        };
        let cache = Cache::new(&settings.home);
        let line = Arc::new(Line {
            settings: settings.clone(),
            wire: OnceLock::new(),
        });
        let discover = Discover::new(line.clone(), Arc::new(cache.memo()), policy);
        let discover = Arc::new(discover);
        Self {
            discover,
            cache,
            line,
        }
    }

    /// What gets commits, with a cache that can be written.
    pub(crate) fn remotes(&self) -> Result<Remotes, Failure> {
        let wire = self.line.wire().map_err(Failure::from)?.clone();
        self.cache.prepare().map_err(git::Error::Cache)?;
        let settings = &self.line.settings;
        let (cache, may_prompt) = (&self.cache, settings.ssh.may_prompt);
        let (offline, svn_ssh) = (settings.net.offline, settings.svn_ssh.clone());
        let clients = Clients {
            git: Git::new(wire, cache.clone()),
            hg: Hg::new(cache.clone(), may_prompt).offline(offline),
            svn: Svn::new(cache.clone(), svn_ssh).offline(offline),
            bzr: Bzr::new(cache.clone(), may_prompt).offline(offline),
        };
        Ok(Remotes::new(Arc::clone(&self.discover), clients))
    }

    /// What asks for pages and files.
    pub(crate) fn client(&self) -> Result<Arc<Client>, Failure> {
        let wire = self.line.wire().map_err(Failure::from)?;
        Ok(Arc::clone(&wire.http))
    }

    /// Fails if a page was needed and could not be asked for, whatever the host would have said: a
    /// name that was taken for its own root for this reason alone must not be believed.
    pub(crate) fn settled(&self) -> Result<(), Failure> {
        match self.line.wire.get() {
            Some(Err(error)) => Err(error.clone().into()),
            _ => Ok(()),
        }
    }
}

/// The way to remotes, opened once.
struct Line {
    settings: Settings,
    wire: OnceLock<Result<Wire, Arc<ConfigError>>>,
}

impl Line {
    fn wire(&self) -> Result<&Wire, Arc<ConfigError>> {
        let opened = self.wire.get_or_init(|| open(&self.settings));
        opened.as_ref().map_err(Arc::clone)
    }
}

impl Pages for Line {
    fn page(&self, url: &str) -> Result<Vec<u8>, http::Error> {
        let wire = self.wire().map_err(|error| http::Error::Setup {
            reason: error.to_string(),
        })?;
        Pages::page(wire.http.as_ref(), url)
    }
}

/// Reads git's configuration and makes the client; nothing is sent yet.
fn open(settings: &Settings) -> Result<Wire, Arc<ConfigError>> {
    let config = Arc::new(GitConfig::load(&settings.git_config)?);
    let mut ssh = settings.ssh.clone();
    ssh.shell_command = ssh.shell_command.or_else(|| config.ssh_command());
    ssh.variant = ssh.variant.or_else(|| config.ssh_variant());
    Ok(Wire {
        http: Arc::new(Client::new(settings.net.clone(), config.clone())),
        ssh,
        config,
    })
}
