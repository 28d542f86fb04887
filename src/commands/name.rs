//! `name`: the project's name.

use super::project::Project;
use super::{Context, Outcome};
use crate::error::Failure;

/// Prints `package` of glide.yaml.
pub fn name(context: &Context<'_>) -> Result<Outcome, Failure> {
    let network = context.network()?;
    let config = Project::find(context)?.config(&network.discovery)?;
    Ok(Outcome::line(&config.package))
}
