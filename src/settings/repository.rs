//! What git says of the repository that it works on to programs that it starts.

use std::path::PathBuf;

use super::Environment;
use crate::env as names;

/// The repository that git works on.
#[derive(Clone, Debug, Default)]
pub struct RepositorySettings {
    /// `GIT_DIR`, where it is set.
    pub folder: Option<PathBuf>,
    /// The commits that `git merge` merges, from the names of `GITHEAD_<id>`; in a fixed order.
    pub heads: Vec<String>,
}

impl RepositorySettings {
    pub(super) fn of(environment: &Environment) -> Self {
        let variables = environment.variables.keys();
        let heads = variables.filter_map(|name| name.strip_prefix(names::GITHEAD));
        let mut heads: Vec<String> = heads.map(str::to_owned).collect();
        heads.sort();
        Self {
            folder: environment.path(names::GIT_DIR),
            heads,
        }
    }
}
