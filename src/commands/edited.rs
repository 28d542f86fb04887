//! A glide.yaml that changes: only the lines that have to, and only if nobody else changes it
//! meanwhile.

use super::Context;
use super::fill::NewFile;
use super::network::Network;
use super::project::{Opened, Project};
use crate::error::Failure;
use crate::manifest::{self, Config};

/// What glide.yaml is, and what it is to be.
pub(super) struct Manifest {
    old: Vec<u8>,
    new: String,
}

impl Opened {
    /// glide.yaml changed so that it says what the configuration says by now.
    pub(super) fn edited(&self, context: &Context<'_>) -> Result<Manifest, Failure> {
        Manifest::edited(context, &self.network, self.bytes.clone(), &self.config)
    }
}

impl Manifest {
    /// The text `old` changed so that it says what `wanted` says.
    pub(super) fn edited(
        context: &Context<'_>,
        network: &Network,
        old: Vec<u8>,
        wanted: &Config,
    ) -> Result<Self, Failure> {
        let edited = manifest::edit(&old, wanted, &*network.discover)?;
        if edited.comments_lost {
            warn_of_lost_comments(context, "glide.yaml");
        }
        Ok(Self {
            old,
            new: edited.text,
        })
    }

    /// The file to be written, if it is to be another one.
    pub(super) fn file(self, project: &Project) -> Option<NewFile> {
        (self.new.as_bytes() != self.old).then(|| NewFile {
            path: project.manifest.clone(),
            text: self.new,
            expected: Some(self.old),
        })
    }
}

/// Warns that a file is written anew, as Glide would.
pub(super) fn warn_of_lost_comments(context: &Context<'_>, file: &str) {
    context.reporter.warn(format!(
        "{file} is written in a way that cannot be changed line by line; some of its comments get lost"
    ));
}
