//! `hash`: what glide.lock must carry for the glide.yaml at hand.

use super::project::Project;
use super::{Context, Outcome};
use crate::discover::Policy;
use crate::error::Failure;

/// Prints the hash of glide.yaml.
pub fn hash(context: &Context<'_>) -> Result<Outcome, Failure> {
    let network = context.network(Policy::Remember)?;
    let config = Project::find(context)?.config(&network.discover)?;
    Ok(Outcome::line(&config.hash()))
}
