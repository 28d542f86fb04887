//! `name`: the project's name.

use super::project::Project;
use super::{Context, Outcome};
use crate::cache::Cache;
use crate::error::Failure;

/// Prints `package` of glide.yaml.
pub fn name(context: &Context<'_>) -> Result<Outcome, Failure> {
    let cache = Cache::open(&context.settings.home)?;
    let network = context.network(&cache)?;
    let config = Project::find(context)?.config(&network.discovery)?;
    Ok(Outcome::line(&config.package))
}
