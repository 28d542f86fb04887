//! A project's files, read to be audited.

use super::super::network::Network;
use super::super::project::Project;
use crate::audit::{Manifest, Subject};
use crate::error::Failure;
use crate::fsx;
use crate::manifest::{Lock, Mirrors};

/// Reads a project; `name` is what reports call it.
pub(in super::super) fn subject(
    project: &Project,
    name: &str,
    (network, mirrors): (&Network, &Mirrors),
) -> Result<Subject, Failure> {
    let lock_path = project.lock_path();
    let lock_text = fsx::read(&lock_path).map_err(Failure::from)?;
    let lock = Lock::parse(&lock_text).map_err(|error| {
        let what = format!("Could not load {}", lock_path.display()); // Glide text
        Failure::from(error).about(what)
    })?;
    let manifest = match fsx::read_if_exists(&project.manifest)? {
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
