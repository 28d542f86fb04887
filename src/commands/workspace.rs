//! Where `list` and `tree` look: at the code in the working folder, be there a glide.yaml or not.

use super::Context;
use super::project::{self, Project};
use crate::workspace::Workspace;

/// The code in the working folder, as part of the project that it is in.
pub(super) fn workspace(context: &Context<'_>) -> Workspace {
    let settings = context.settings;
    let project = Project::find(context).ok();
    // Only for its name, without which Glide does, too.
    let config = project::config_offline(context);
    if let (Some(_), Err(failure)) = (&project, &config) {
        context.reporter.debug(failure.render());
    }
    Workspace::new(
        &settings.folder,
        project
            .as_ref()
            .map_or(&settings.folder, |project| &project.folder),
        &settings.gopath,
        settings.go.goroot.as_deref(),
        config.ok().map(|(_, config)| config.package),
    )
}
