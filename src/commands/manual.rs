//! `man --dir`: the manual pages, where `man` finds them.

use std::path::PathBuf;

use super::{Context, Outcome};
use crate::error::Failure;
use crate::fsx;

/// The pages, and where they go.
#[derive(Debug)]
pub struct ManualOptions {
    /// The folder, which is made where there is none.
    pub folder: PathBuf,
    /// Names of files and their texts.
    pub pages: Vec<(String, String)>,
}

/// Writes each page to its file. What stood there by that name is replaced.
pub fn manual(context: &Context<'_>, options: &ManualOptions) -> Result<Outcome, Failure> {
    let folder = context.settings.folder.join(&options.folder);
    fsx::create_dir_all(&folder)?;
    for (name, text) in &options.pages {
        fsx::write_atomic(&folder.join(name), text.as_bytes())?;
    }
    let (number, shown) = (options.pages.len(), folder.display());
    context
        .reporter
        .info(format!("{number} manual pages are in {shown}"));
    Ok(Outcome::default())
}
