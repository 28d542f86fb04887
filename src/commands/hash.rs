//! `hash`: what glide.lock must carry for the glide.yaml at hand.

use super::project::Project;
use super::{Context, Outcome};
use crate::cache::Cache;
use crate::error::Failure;

/// Prints the hash of glide.yaml.
pub fn hash(context: &Context<'_>) -> Result<Outcome, Failure> {
    let cache = Cache::open(&context.settings.home)?;
    let network = context.network(&cache)?;
    let config = Project::find(context)?.config(&network.discovery)?;
    Ok(Outcome::line(&config.hash()))
}
