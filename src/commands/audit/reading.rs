//! A project's files, read to be audited.

use super::super::network::Network;
use super::super::project::Project;
use crate::audit::{Manifest, Subject};
use crate::error::Failure;
use crate::fsx;
use crate::manifest::Mirrors;

/// Reads a project; `name` is what reports call it.
pub(in super::super) fn subject(
    project: &Project,
    name: &str,
    (network, mirrors): (&Network, &Mirrors),
) -> Result<Subject, Failure> {
    let lock_path = project.lock_path();
    let lock_text = fsx::read_text(&lock_path).map_err(Failure::from)?;
    let lock = project.parse_lock(&lock_text)?;
    if lock.hash.is_empty() && lock.imports.is_empty() && lock.test_imports.is_empty() {
        let what = format!("`{}` says nothing", lock_path.display());
        return Err(Failure::user(what).with_hint("`glide-rs update` writes it anew"));
    }
    let manifest = match fsx::read_text_if_exists(&project.manifest)? {
        None => None,
        Some(text) => Some(Manifest {
            file: file_name(project),
            config: project.config_of(&text, network)?,
            text,
        }),
    };
    Ok(Subject {
        name: name.to_owned(),
        folder: project.folder.clone(),
        manifest,
        pins: Subject::pins(&lock, &lock_text, mirrors),
        lock,
        lock_text,
        usage: None,
    })
}

fn file_name(project: &Project) -> String {
    let name = project.manifest.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
