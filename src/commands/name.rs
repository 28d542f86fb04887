//! `name`: the project's name.

use super::{Context, Outcome, project};
use crate::error::Failure;

/// Prints `package` of glide.yaml.
pub fn name(context: &Context<'_>) -> Result<Outcome, Failure> {
    let (_, config) = project::config_offline(context)?;
    Ok(Outcome::line(&config.package))
}
