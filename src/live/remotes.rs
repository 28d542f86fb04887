//! From a dependency's remote to a repository that answers.

use std::sync::Arc;

use super::advice::advised;
use super::source::{GitSource, ProgramSource, Source};
use crate::discover::{self, Discover};
use crate::error::Failure;
use crate::http::mask;
use crate::manifest::Remote;
use crate::model::VcsKind;
use crate::report::{Traffic, Unwatched};
use crate::resolve::choose;
use crate::vcs::bzr::Bzr;
use crate::vcs::git::{Git, Want};
use crate::vcs::hg::Hg;
use crate::vcs::svn::Svn;
use crate::vcs::{Arrivals, ExternalClient, ExternalError, ExternalWatched, Fetched, ObjectId};
use crate::version::{Constraint, Version};

/// How many digits of a commit's id Git takes for it.
const SHORTEST_ID: usize = 4;

/// What may stand in glide.yaml in place of a commit id, or of no version at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Releases {
    /// All tags, in the order in which Glide meets them.
    pub tags: Vec<String>,
    /// Those of the commit whose id was given, in the same order.
    pub of_commit: Vec<String>,
}

/// Who gets commits, for each version control system.
pub struct Clients {
    /// For Git, which is spoken here.
    pub git: Git,
    /// For Mercurial, by the user's program, as those that follow.
    pub hg: Hg,
    /// For Subversion.
    pub svn: Svn,
    /// For Bazaar.
    pub bzr: Bzr,
}

/// Where dependencies come from, ready to be asked.
#[derive(Clone)]
pub struct Remotes {
    discover: Arc<Discover>,
    git: Git,
    hg: Arc<Hg>,
    svn: Arc<Svn>,
    bzr: Arc<Bzr>,
    traffic: Arc<dyn Traffic>,
    arrivals: Arc<Arrivals>,
    may_prompt: bool,
}

impl Remotes {
    /// Nothing is sent yet.
    pub fn new(discover: Arc<Discover>, clients: Clients) -> Self {
        Self {
            discover,
            git: clients.git,
            hg: Arc::new(clients.hg),
            svn: Arc::new(clients.svn),
            bzr: Arc::new(clients.bzr),
            traffic: Arc::new(Unwatched),
            arrivals: Arc::default(),
            may_prompt: false,
        }
    }

    /// The same, with somebody who watches what programs do, and notes of what has come; `may_prompt` is
    /// whether `ssh` may ask on the terminal. Git's client is watched by itself.
    #[must_use]
    pub fn watched(
        mut self,
        (traffic, arrivals): (Arc<dyn Traffic>, Arc<Arrivals>),
        may_prompt: bool,
    ) -> Self {
        (self.traffic, self.arrivals, self.may_prompt) = (traffic, arrivals, may_prompt);
        self
    }

    /// Who speaks for the repositories of a system; nobody for Git's, of which we know more.
    fn program(&self, kind: VcsKind) -> Option<Arc<dyn ExternalClient>> {
        let program: Arc<dyn ExternalClient> = match kind {
            VcsKind::Git => return None,
            VcsKind::Hg => self.hg.clone(),
            VcsKind::Svn => self.svn.clone(),
            VcsKind::Bzr => self.bzr.clone(),
        };
        let watching = (Arc::clone(&self.traffic), Arc::clone(&self.arrivals));
        let watched = ExternalWatched::new(program, watching, self.may_prompt);
        Some(Arc::new(watched))
    }

    /// Who knows which repository an import path belongs to.
    pub fn discover(&self) -> &Arc<Discover> {
        &self.discover
    }

    /// Gets a commit into the cache. A name that the repository does not have may be a range.
    pub fn obtain(&self, name: &str, remote: &Remote, want: &Want) -> Result<Fetched, Failure> {
        let by_name = match want {
            Want::Default => String::new(),
            Want::Commit(_) | Want::Named(_) => want.to_string(),
        };
        let may_be_range = matches!(want, Want::Named(text) if Constraint::parse(text).is_ok());
        self.located(name, remote, |kind, url| match self.program(kind) {
            None if may_be_range => self.in_range(kind, url, &by_name),
            None => Ok(self.git.obtain(url, want)?.into()),
            // The number of a revision looks like a range, too, but the cache may have it.
            Some(program) => match program.obtain(url, &by_name) {
                Err(ExternalError::NoSuchReference { .. }) if may_be_range => {
                    self.in_range(kind, url, &by_name)
                }
                found => Ok(found?),
            },
        })
    }

    /// Asks the repository which commit a name or range stands for, and gets that.
    fn in_range(&self, kind: VcsKind, url: &str, range: &str) -> Result<Fetched, Failure> {
        let source = self.source(kind, url)?;
        let (revision, _) = choose(&*source, range)?;
        source.obtain(&revision)
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

    /// The tags that a repository has, and which of them are the commit that `reference` names, should
    /// it be (the beginning of) a commit's id.
    pub fn releases(
        &self,
        name: &str,
        remote: &Remote,
        reference: &str,
    ) -> Result<Releases, Failure> {
        let source = self.open(name, remote)?;
        let is_id = reference.len() >= SHORTEST_ID
            && reference.bytes().all(|byte| byte.is_ascii_hexdigit());
        // A branch or tag may be called `beef`.
        let is_id = is_id && !source.names().iter().any(|known| known == reference);
        let of_commit = is_id.then(|| source.tags_of(&reference.to_ascii_lowercase()));
        Ok(Releases {
            tags: source.tags(),
            of_commit: of_commit.unwrap_or_default(),
        })
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
        self.located(name, remote, |kind, url| self.source(kind, url))
    }

    fn source(&self, kind: VcsKind, url: &str) -> Result<Arc<dyn Source>, Failure> {
        let url = url.to_owned();
        Ok(match self.program(kind) {
            None => Arc::new(GitSource {
                refs: self.git.refs(&url)?,
                git: self.git.clone(),
                url,
            }),
            Some(client) => Arc::new(ProgramSource {
                refs: client.open(&url)?,
                client,
                url,
            }),
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
        let done = self.at_its_place(name, remote, act);
        done.map_err(|failure| advised(failure, remote))
    }

    fn at_its_place<T>(
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

/// What the cache tells of a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// A tag that leads to it: the highest version among them, where one is a version.
    pub tag: Option<String>,
    /// When it was made, in seconds since 1970.
    pub seconds: Option<i64>,
}

impl Remotes {
    /// What the cache knows of a commit; nobody is asked. Only Git's repositories are looked at.
    pub fn known(&self, name: &str, remote: &Remote, commit: &str) -> Known {
        let Some(id) = ObjectId::parse(commit) else {
            return Known::default();
        };
        let known = self.located_offline(name, remote, |kind, url| {
            if kind != VcsKind::Git {
                return Ok(Known::default());
            }
            let tags = self.git.remembered_tags(url, id)?;
            let versions = tags.iter().filter_map(|tag| Version::parse(tag));
            let best = versions.max_by(Version::compare);
            let best = best.map(|version| version.original().to_owned());
            Ok(Known {
                tag: best.or(tags.first().cloned()),
                seconds: self.git.kept_note(url, id)?.map(|note| note.seconds),
            })
        });
        known.ok().flatten().unwrap_or_default()
    }

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
    if name.is_empty() && !said {
        let failure = Failure::user("the entry has no `package:`");
        return Some(
            failure.with_hint("give it the import path of a repository, as `github.com/acme/log`"),
        );
    }
    if let Some((_, path)) = name.split_once("://").filter(|_| !said) {
        let failure = Failure::user(format!(
            "`{}` is an address, and no import path",
            mask(name)
        ));
        return Some(failure.with_hint(format!(
            "it is `package: {}`, as in Go code; an address can stand in `repo:`",
            mask(path).trim_end_matches(".git")
        )));
    }
    (!said && !host.contains('.')).then(|| {
        Failure::user(format!(
            "`{name}` is no package of Go, and `{host}` is no host"
        ))
        .with_hint("`repo:` in glide.yaml can say where it comes from, `ignore:` leaves it out")
    })
}
