//! `name`: the project's name.

use super::project::Project;
use super::{Context, Outcome};
use crate::discover::Policy;
use crate::error::Failure;

/// Prints `package` of glide.yaml.
pub fn name(context: &Context<'_>) -> Result<Outcome, Failure> {
    let network = context.network(Policy::Remember)?;
    let config = Project::find(context)?.config(&network.discover)?;
    Ok(Outcome::line(&config.package))
}
