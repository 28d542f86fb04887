//! `create`: a glide.yaml for a project that has none.

use super::guess::{self, taken};
use super::network::Network;
use super::project::Project;
use super::questions;
use super::wizard;
use super::{Context, Outcome};
use crate::discover::Policy;
use crate::error::Failure;
use crate::fsx;

/// What `create` is asked to do.
#[derive(Clone, Copy, Debug, Default)]
pub struct CreateOptions {
    /// Whether the files of other dependency managers do not count.
    pub skip_import: bool,
    /// Whether nothing is to be asked.
    pub silent: bool,
}

/// Writes the glide.yaml of the working folder, where there must be none.
pub fn create(context: &Context<'_>, options: CreateOptions) -> Result<Outcome, Failure> {
    let network = Network::watched(context.settings, Policy::Ask, context.reporter.traffic());
    let project = new_project(context)?;
    guess::write(context, &network, &project, options.skip_import)?;
    let questions = context.questions.filter(|_| !options.silent);
    if questions.is_some_and(questions::improve) {
        wizard::improve(context, &network, &project)?;
        return Ok(Outcome::default());
    }
    // Glide text
    for line in [
        "You can now edit the glide.yaml file. Consider:",
        "--> Using versions and ranges. See https://glide.sh/docs/versions/",
        "--> Adding additional metadata. See https://glide.sh/docs/glide.yaml/",
        "--> Running the config-wizard command to improve the versions in your configuration",
    ] {
        context.reporter.info(line);
    }
    context
        .reporter
        .info("--> Running update to find versions and fill vendor/");
    Ok(Outcome::default())
}

/// The working folder as a project that has no glide.yaml yet.
pub(super) fn new_project(context: &Context<'_>) -> Result<Project, Failure> {
    let folder = context.settings.folder.clone();
    let manifest = folder.join(&context.settings.yaml);
    let project = Project { folder, manifest };
    if fsx::lstat(&project.manifest)?.is_some() {
        return Err(taken(&project));
    }
    let parent = project.manifest.parent();
    if let Some(parent) = parent.filter(|parent| !fsx::is_folder(parent)) {
        return Err(Failure::user(format!(
            "there is no folder `{}` to write {} to",
            parent.display(),
            context.settings.yaml
        )));
    }
    Ok(project)
}
