//! `hash`: what glide.lock must carry for the glide.yaml at hand.

use super::{Context, Outcome, project};
use crate::error::Failure;

/// Prints the hash of glide.yaml.
pub fn hash(context: &Context<'_>) -> Result<Outcome, Failure> {
    let config = project::config(context)?;
    Ok(Outcome::line(&config.hash()))
}
