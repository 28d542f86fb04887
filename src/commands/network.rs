//! What reaches out of the machine, each part set up when it is first needed.
//!
//! Most runs need none of it: a project whose names are known, or whose vendor/ is as it should
//! be, has to work without a home that can be written, and past a git configuration that cannot be
//! read. So nothing here touches the disk before somebody asks for a page or a commit.

use std::sync::{Arc, OnceLock};

use crate::cache::Cache;
use crate::discover::{Discover, Pages, Policy};
use crate::error::Failure;
use crate::http::{self, Client, Credential, Url, UrlConfig, UrlOptions};
use crate::live::{Clients, Remotes};
use crate::report::{Traffic, Unwatched};
use crate::settings::Settings;
use crate::vcs::Arrivals;
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
    traffic: Arc<dyn Traffic>,
    /// What has come so far.
    arrivals: Arc<Arrivals>,
}

impl Network {
    /// `policy` is whether go-import answers of earlier runs count; they do in any case where nobody is to be
    /// asked.
    pub(crate) fn new(settings: &Settings, policy: Policy) -> Self {
        Self::watched(settings, policy, Arc::new(Unwatched))
    }

    /// The same, with somebody who watches what comes.
    pub(crate) fn watched(settings: &Settings, policy: Policy, traffic: Arc<dyn Traffic>) -> Self {
        let policy = if settings.net.offline {
            Policy::Offline
        } else {
            policy
        };
        let cache = Cache::new(&settings.home);
        let line = Arc::new(Line {
            settings: settings.clone(),
            traffic: Arc::clone(&traffic),
            wire: OnceLock::new(),
        });
        let discover = Discover::new(line.clone(), Arc::new(cache.memo()), policy);
        let discover = Arc::new(discover);
        Self {
            discover,
            cache,
            line,
            traffic,
            arrivals: Arc::default(),
        }
    }

    /// What gets commits, with a cache that can be written.
    pub(crate) fn remotes(&self) -> Result<Remotes, Failure> {
        let wire = self.line.wire().map_err(Failure::from)?.clone();
        self.cache.prepare().map_err(git::Error::Cache)?;
        let settings = &self.line.settings;
        let (cache, may_prompt) = (&self.cache, settings.ssh.may_prompt);
        let (offline, svn_ssh) = (settings.net.offline, settings.svn_ssh.clone());
        let (traffic, arrivals) = (|| Arc::clone(&self.traffic), || Arc::clone(&self.arrivals));
        let clients = Clients {
            git: Git::new(wire, cache.clone()).watched(traffic(), arrivals()),
            hg: Hg::new(cache.clone(), may_prompt).offline(offline),
            svn: Svn::new(cache.clone(), svn_ssh).offline(offline),
            bzr: Bzr::new(cache.clone(), may_prompt).offline(offline),
        };
        let remotes = Remotes::new(Arc::clone(&self.discover), clients);
        Ok(remotes.watched((traffic(), arrivals()), may_prompt))
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
    traffic: Arc<dyn Traffic>,
    wire: OnceLock<Result<Wire, Arc<ConfigError>>>,
}

impl Line {
    fn wire(&self) -> Result<&Wire, Arc<ConfigError>> {
        let opened = self
            .wire
            .get_or_init(|| open(&self.settings, &self.traffic));
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
fn open(settings: &Settings, traffic: &Arc<dyn Traffic>) -> Result<Wire, Arc<ConfigError>> {
    let config = Arc::new(GitConfig::load(&settings.git_config)?);
    let mut ssh = settings.ssh.clone();
    ssh.shell_command = ssh.shell_command.or_else(|| config.ssh_command());
    ssh.variant = ssh.variant.or_else(|| config.ssh_variant());
    let asking = Asking {
        config: Arc::clone(&config),
        traffic: settings.git_config.terminal.then(|| Arc::clone(traffic)),
    };
    Ok(Wire {
        http: Arc::new(Client::new(settings.net.clone(), Arc::new(asking))),
        ssh,
        config,
    })
}

/// The user's configuration, whose helpers have the terminal to themselves where they may ask on it.
struct Asking {
    config: Arc<GitConfig>,
    traffic: Option<Arc<dyn Traffic>>,
}

impl Asking {
    fn alone<T>(&self, ask: impl FnOnce(&GitConfig) -> T) -> T {
        let _hold = self.traffic.as_ref().map(|traffic| traffic.hold());
        ask(&self.config)
    }
}

impl UrlConfig for Asking {
    fn options(&self, url: &Url) -> UrlOptions {
        self.config.options(url)
    }

    fn fill(&self, url: &Url) -> Option<Credential> {
        self.alone(|config| config.fill(url))
    }

    fn approve(&self, url: &Url, credential: &Credential) {
        self.alone(|config| config.approve(url, credential));
    }

    fn reject(&self, url: &Url, credential: &Credential) {
        self.alone(|config| config.reject(url, credential));
    }
}
