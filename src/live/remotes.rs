//! From a dependency's remote to a repository that answers.

use std::sync::Arc;

use super::source::{GitSource, HgSource, Source, SvnSource};
use crate::discover::{self, Discover};
use crate::error::Failure;
use crate::http::mask;
use crate::manifest::Remote;
use crate::model::VcsKind;
use crate::resolve::choose;
use crate::vcs::git::{Git, Want};
use crate::vcs::hg::Hg;
use crate::vcs::svn::Svn;
use crate::vcs::{Fetched, Freshness};
use crate::version::Constraint;

/// Where dependencies come from, ready to be asked.
#[derive(Clone)]
pub struct Remotes {
    discover: Arc<Discover>,
    git: Git,
    hg: Hg,
    svn: Svn,
}

impl Remotes {
    /// Nothing is sent yet.
    pub fn new(discover: Arc<Discover>, (git, hg, svn): (Git, Hg, Svn)) -> Self {
        Self {
            discover,
            git,
            hg,
            svn,
        }
    }

    /// Who knows which repository an import path belongs to.
    pub fn discover(&self) -> &Arc<Discover> {
        &self.discover
    }

    /// Gets a commit into the cache. A name that the repository does not have may be a range.
    pub fn obtain(&self, name: &str, remote: &Remote, want: &Want) -> Result<Fetched, Failure> {
        if let Want::Named(text) = want
            && Constraint::parse(text).is_ok()
        {
            let source = self.open(name, remote)?;
            let (revision, _) = choose(&*source, text)?;
            return source.obtain(&revision);
        }
        let want_by_name = match want {
            Want::Default => String::new(),
            Want::Commit(_) | Want::Named(_) => want.to_string(),
        };
        self.located(name, remote, |kind, url| match kind {
            VcsKind::Git => Ok(self.git.obtain(url, want)?.into()),
            VcsKind::Hg => Ok(self.hg.obtain(url, &want_by_name)?),
            VcsKind::Svn => Ok(self.svn.obtain(url, &want_by_name)?),
            VcsKind::Bzr => Err(bazaar(url)),
        })
    }

    /// Why the repository at `from` must not lead to the address `to`; `None` where it may.
    pub(super) fn refuses(&self, from: &str, to: &str) -> Option<String> {
        (!self.git.lets_lead(from, to)).then(|| {
            format!(
                "Git's configuration lets no repository lead to `{}` (protocol.*.allow)",
                mask(to)
            )
        })
    }

    /// The tags that a repository has, in the order in which Glide meets them.
    pub fn tags(&self, name: &str, remote: &Remote) -> Result<Vec<String>, Failure> {
        Ok(self.open(name, remote)?.tags())
    }

    /// Whether a remote may be asked what it has before it is known to be needed, so that it costs
    /// one request at most should it not be. A host that is to be asked about a name is asked about
    /// each folder as well, unless the name itself was first: whoever knows that it will be says so.
    pub(super) fn may_ask_early(&self, name: &str, remote: &Remote, name_is_asked: bool) -> bool {
        let kind = match named_kind(name, &remote.vcs) {
            Ok(None) => self.discover.kind_at_hand(&remote.location),
            Ok(named) => named,
            Err(_) => return false,
        };
        kind.map_or(name_is_asked, |kind| kind == VcsKind::Git)
    }

    /// Asks the repository what it has.
    pub(super) fn open(&self, name: &str, remote: &Remote) -> Result<Arc<dyn Source>, Failure> {
        self.located(name, remote, |kind, url| {
            let url = url.to_owned();
            let source: Arc<dyn Source> = match kind {
                VcsKind::Git => Arc::new(GitSource {
                    refs: self.git.refs(&url)?,
                    git: self.git.clone(),
                    url,
                }),
                VcsKind::Hg => Arc::new(HgSource {
                    refs: self.hg.refs(&url, Freshness::Ask)?,
                    hg: self.hg.clone(),
                    url,
                }),
                VcsKind::Svn => Arc::new(SvnSource {
                    refs: self.svn.refs(&url)?,
                    svn: self.svn.clone(),
                    url,
                }),
                VcsKind::Bzr => return Err(bazaar(&url)),
            };
            Ok(source)
        })
    }

    /// Finds out where the remote is and does something there.
    ///
    /// What a table or an earlier run knows of a vanity name may be out of date: where it leads to
    /// nothing, the name's own host is asked.
    pub(super) fn located<T>(
        &self,
        name: &str,
        remote: &Remote,
        act: impl Fn(VcsKind, &str) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let location = &remote.location;
        if let Some(kind) = named_kind(name, &remote.vcs)? {
            return act(kind, location);
        }
        if let Some(nowhere) = nowhere(name, location) {
            return Err(nowhere);
        }
        let known = self.discover.remote_kind(location)?;
        let first = act(known.kind, &known.url);
        if first.is_ok()
            || !matches!(
                known.source,
                discover::Source::Table | discover::Source::Remembered
            )
        {
            return first;
        }
        match self.discover.ask_remote(location) {
            Ok(asked) if (asked.kind, &asked.url) != (known.kind, &known.url) => {
                act(asked.kind, &asked.url)
            }
            _ => first,
        }
    }
}

impl Remotes {
    /// Does something where the remote is known to be; `None` where somebody would have to be asked.
    pub(super) fn located_offline<T>(
        &self,
        name: &str,
        remote: &Remote,
        act: impl Fn(VcsKind, &str) -> Result<T, Failure>,
    ) -> Result<Option<T>, Failure> {
        if let Some(kind) = named_kind(name, &remote.vcs)? {
            return act(kind, &remote.location).map(Some);
        }
        let known = self.discover.known_kind(&remote.location);
        known.map(|known| act(known.kind, &known.url)).transpose()
    }

    pub(super) fn git(&self) -> &Git {
        &self.git
    }

    pub(super) fn hg(&self) -> &Hg {
        &self.hg
    }
}

/// The version control system that `vcs:` names, if it names one.
fn named_kind(name: &str, vcs: &str) -> Result<Option<VcsKind>, Failure> {
    match vcs {
        "" | "None" => Ok(None),
        vcs => match VcsKind::parse(vcs).filter(|kind| kind.as_str() == vcs) {
            Some(kind) => Ok(Some(kind)),
            // Glide text
            None => Err(Failure::user(format!(
                "Unknown VCS type {vcs} set for {name}"
            ))),
        },
    }
}

/// The failure for a name that no host goes by, unless it is said where it comes from. Asked for all
/// the same, some machine of the local network might answer.
fn nowhere(name: &str, location: &str) -> Option<Failure> {
    let host = name.split('/').next().unwrap_or_default();
    let said = location.strip_prefix("https://") != Some(name);
    (!said && !host.contains('.')).then(|| {
        Failure::user(format!(
            "`{name}` is no package of Go, and `{host}` is no host"
        ))
        .with_hint("`repo:` in glide.yaml can say where it comes from, `ignore:` leaves it out")
    })
}

pub(super) fn bazaar(url: &str) -> Failure {
    Failure::user(format!(
        "`{}` is a Bazaar repository, which glide-rs does not fetch",
        mask(url)
    ))
}
