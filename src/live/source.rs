//! What a version control system says of one repository.

use std::sync::Arc;

use crate::error::Failure;
use crate::manifest::Timestamp;
use crate::model::Revision;
use crate::resolve::{CommitNote, Fault, Names};
use crate::vcs::git::{Answer, Git, Refs, Want};
use crate::vcs::{ExternalClient, ExternalRefs, Fetched, ObjectId};

/// What a repository is asked; its refs are known when there is one of these.
pub(super) trait Source: Names + Send + Sync {
    /// The tip of the default branch.
    fn tip(&self) -> Option<Revision>;

    /// The tags alone.
    fn tags(&self) -> Vec<String>;

    /// The tags of the commits whose ids begin with `id`.
    fn tags_of(&self, id: &str) -> Vec<String>;

    /// Gets a commit into the cache.
    fn obtain(&self, at: &Revision) -> Result<Fetched, Failure>;

    /// Whether a commit that is still the tip of something is in the cache; said only where that is
    /// quick to tell.
    fn is_held(&self, _at: &Revision) -> bool {
        false
    }

    /// Who made a commit, when and why, if that can be told.
    fn describe(&self, at: &Revision) -> Option<CommitNote>;
}

/// A git repository.
pub(super) struct GitSource {
    pub(super) git: Git,
    pub(super) url: String,
    pub(super) refs: Refs,
}

impl GitSource {
    fn expand(&self, text: &str) -> Result<Option<ObjectId>, Fault> {
        let found = self.git.expand(&self.url, text, Some(&self.refs));
        found.map_err(fault)
    }
}

impl Names for GitSource {
    fn is_reference(&self, text: &str) -> Result<bool, Fault> {
        match self.refs.is_reference(text) {
            Answer::Yes => Ok(true),
            Answer::No => Ok(false),
            Answer::NeedsHistory => Ok(self.expand(text)?.is_some()),
        }
    }

    fn checkout(&self, text: &str) -> Result<Option<Revision>, Fault> {
        let known = self.refs.commit(text).or_else(|| ObjectId::parse(text));
        let found = match known {
            Some(id) => Some(id),
            None if self.refs.is_reference(text) == Answer::NeedsHistory => self.expand(text)?,
            None => None,
        };
        Ok(found.map(|id| Revision::new(id.to_string())))
    }

    fn names(&self) -> Vec<String> {
        let names = self.refs.names().into_iter();
        names.map(str::to_owned).collect()
    }
}

impl Source for GitSource {
    fn tip(&self) -> Option<Revision> {
        self.refs.head.map(|id| Revision::new(id.to_string()))
    }

    fn tags(&self) -> Vec<String> {
        let tags = self.refs.tags.iter();
        tags.map(|(name, _)| name.clone()).collect()
    }

    fn tags_of(&self, id: &str) -> Vec<String> {
        let tags = self.refs.tags.iter();
        let tags = tags.filter(|(_, commit)| commit.to_string().starts_with(id));
        tags.map(|(name, _)| name.clone()).collect()
    }

    fn obtain(&self, at: &Revision) -> Result<Fetched, Failure> {
        Ok(self
            .git
            .obtain(&self.url, &Want::parse(at.as_str()))?
            .into())
    }

    fn is_held(&self, at: &Revision) -> bool {
        let id = ObjectId::parse(at.as_str());
        id.is_some_and(|id| self.refs.has_tip(id) && self.git.holds(&self.url, id))
    }

    fn describe(&self, at: &Revision) -> Option<CommitNote> {
        let id = ObjectId::parse(at.as_str())?;
        let note = self.git.describe(&self.url, id).ok()?;
        Some(CommitNote {
            author: note.author,
            date: Timestamp::from_unix(note.seconds, note.offset).to_string(),
            subject: note.subject,
        })
    }
}

/// A repository that a program of the user's speaks for.
pub(super) struct ProgramSource {
    pub(super) client: Arc<dyn ExternalClient>,
    pub(super) url: String,
    pub(super) refs: Box<dyn ExternalRefs>,
}

impl Names for ProgramSource {
    fn is_reference(&self, text: &str) -> Result<bool, Fault> {
        Ok(self.checkout(text)?.is_some())
    }

    fn checkout(&self, text: &str) -> Result<Option<Revision>, Fault> {
        let found = self.refs.commit(text).map_err(fault)?;
        Ok(found.map(Revision::new))
    }

    fn names(&self) -> Vec<String> {
        let mut names = self.refs.branches();
        names.extend(self.refs.tags());
        names
    }
}

impl Source for ProgramSource {
    fn tip(&self) -> Option<Revision> {
        self.refs.default_commit().map(Revision::new)
    }

    fn tags(&self) -> Vec<String> {
        self.refs.tags()
    }

    fn tags_of(&self, id: &str) -> Vec<String> {
        self.refs.tags_of(id)
    }

    fn obtain(&self, at: &Revision) -> Result<Fetched, Failure> {
        Ok(self.client.obtain(&self.url, at.as_str())?)
    }

    fn describe(&self, at: &Revision) -> Option<CommitNote> {
        let note = self.refs.describe(at.as_str()).ok()??;
        Some(CommitNote {
            author: note.author,
            date: note.date,
            subject: note.subject,
        })
    }
}

fn fault(error: impl Into<Failure>) -> Fault {
    Arc::new(error.into())
}
