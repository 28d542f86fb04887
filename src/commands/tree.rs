//! `tree`: the imports of the project as a tree.

use std::io;

use super::workspace::workspace;
use super::{Context, Outcome};
use crate::error::Failure;

/// Writes the tree as it is found out. A reader that has seen enough is no failure.
pub fn tree(context: &Context<'_>) -> Result<Outcome, Failure> {
    // Glide text
    let warning = "The tree command is deprecated and will be removed in a future version";
    context.reporter.warn(warning);
    let workspace = workspace(context);
    let mut tree = workspace.tree(context.reporter);
    let mut output = context.output.open();
    match tree.write(&mut *output) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::user(format!(
            "cannot write to standard output: {error}"
        ))),
        _ => Ok(Outcome::default()),
    }
}
