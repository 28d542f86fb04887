//! What GitHub Actions says of the build.

use super::Environment;
use crate::env as names;

/// The build that a run belongs to, as GitHub Actions tells it.
#[derive(Clone, Debug, Default)]
pub struct BuildSettings {
    /// The commit.
    pub sha: Option<String>,
    /// The branch or tag, as `refs/heads/master`.
    pub reference: Option<String>,
    /// The id of the run.
    pub run: Option<String>,
    /// The workflow and the job, which runs of the same kind share.
    pub correlator: Option<String>,
    /// The page of the run.
    pub page: Option<String>,
}

impl BuildSettings {
    pub(super) fn of(environment: &Environment) -> Self {
        let run = environment.get(names::GITHUB_RUN_ID);
        let workflow = environment.get(names::GITHUB_WORKFLOW);
        let job = environment.get(names::GITHUB_JOB);
        let parts: Vec<_> = workflow.into_iter().chain(job).collect();
        let server = environment.get(names::GITHUB_SERVER_URL);
        let repository = environment.get(names::GITHUB_REPOSITORY);
        let page = match (server, repository, &run) {
            (Some(server), Some(repository), Some(run)) => {
                Some(format!("{server}/{repository}/actions/runs/{run}"))
            }
            _ => None,
        };
        Self {
            sha: environment.get(names::GITHUB_SHA),
            reference: environment.get(names::GITHUB_REF),
            run,
            correlator: (!parts.is_empty()).then(|| parts.join("_")),
            page,
        }
    }
}
