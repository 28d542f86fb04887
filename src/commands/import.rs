//! `import`: what another dependency manager's file lists, added to glide.yaml.
//!
//! Foreign file → entries → the configuration → standard output or a file. Where that is the project's own
//! glide.yaml, only lines are added to it; what else there is to write is written as Glide would.

use std::path::{Path, PathBuf};

use super::edited::Manifest;
use super::manager;
use super::network::Network;
use super::project::Project;
use super::{Context, Outcome};
use crate::discover::Policy;
use crate::error::Failure;
use crate::foreign::{Imported, Kind};
use crate::fsx;
use crate::manifest::{self, Config};

/// What `import` is asked to do.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// Whose file it is.
    pub from: Kind,
    /// Where the glide.yaml goes; to standard output where that is not said.
    pub file: Option<PathBuf>,
}

/// Adds what another dependency manager's file lists.
pub fn import(context: &Context<'_>, options: &ImportOptions) -> Result<Outcome, Failure> {
    let project = Project::find(context)?;
    let network = Network::watched(
        context.settings,
        Policy::Remember,
        context.reporter.traffic(),
    );
    let bytes = project.read()?;
    let config = project.config_of(&bytes, &network)?;
    project.warn_of_place(context, &config);
    let target = options.file.as_deref();
    let target = target.filter(|file| !file.as_os_str().is_empty());
    let target = target.map(|file| context.settings.folder.join(file));
    if let Some(target) = &target {
        check_target(target)?;
    }
    let imported = read(context, &project, options.from, &network)?;
    let mut wanted = config.clone();
    if imported.dependencies.is_empty() {
        context.reporter.info("No dependencies added."); // Glide text
    }
    manager::leave_out(&mut wanted, &imported.ignored);
    wanted
        .add_imports(imported.dependencies)
        .map_err(not_added)?;
    let is_own = |target: &PathBuf| is_same_name(target, &project.manifest);
    let own = target.as_ref().is_some_and(is_own);
    if own || options.from.is_beyond_glide() {
        wanted = settled(context, &network, &wanted)?;
    }
    match target {
        None => Ok(Outcome {
            output: wanted.to_yaml().into_bytes(),
            ..Outcome::default()
        }),
        Some(_) if own => {
            let manifest = Manifest::edited(context, &network, bytes, &wanted)?;
            if let Some(file) = manifest.file(&project) {
                let _orderly = context.interrupt.orderly();
                file.write().map_err(not_written)?;
            }
            Ok(Outcome::default())
        }
        Some(target) => {
            let _orderly = context.interrupt.orderly();
            fsx::write_atomic(&target, wanted.to_yaml().as_bytes())
                .map_err(|error| not_written(error.into()))?;
            Ok(Outcome::default())
        }
    }
}

/// Reads the file, and tells what there is to tell about it.
fn read(
    context: &Context<'_>,
    project: &Project,
    from: Kind,
    network: &Network,
) -> Result<Imported, Failure> {
    let (missing, failed) = words(from);
    let read = manager::read(context, &project.folder, from, &*network.discover);
    let read = read.map_err(|failure| failure.about(failed))?;
    network.settled()?;
    read.ok_or_else(|| {
        let path = project.folder.join(from.file());
        Failure::user(missing).with_hint(format!("it was looked for at `{}`", path.display()))
    })
}

/// What is said where there is no such file, and where it cannot be read.
fn words(from: Kind) -> (String, String) {
    let (missing, file) = match from {
        // Glide text
        Kind::Godep => ("No Godep data found.", "Godeps file"),
        Kind::Gpm => ("No GPM Godeps file found.", "GPM Godeps file"),
        Kind::Gb => ("There is no GB manifest to import.", "GB manifest"),
        Kind::Gom => ("No gom data found.", "Gomfile"),
        other => {
            let missing = format!("There is no {} to import.", other.file());
            return (missing, format!("Failed to extract {}", other.file()));
        }
    };
    (missing.to_owned(), format!("Failed to extract {file}"))
}

/// The configuration as it counts once it is written: without the project itself and what is ignored.
fn settled(context: &Context<'_>, network: &Network, wanted: &Config) -> Result<Config, Failure> {
    let settled = Config::read(wanted.to_yaml().as_bytes(), &*network.discover);
    let settled = settled.map_err(not_added)?;
    network.settled()?;
    for entry in &wanted.imports {
        let why = if entry.name == wanted.package {
            "is the project itself"
        } else if wanted.ignore.contains(&entry.name) {
            "is ignored in glide.yaml"
        } else {
            continue;
        };
        let message = format!("--> {} {why}. Skipping", entry.name.escape_debug());
        context.reporter.warn(message);
    }
    Ok(settled)
}

/// Refuses to replace what is no file.
fn check_target(target: &Path) -> Result<(), Failure> {
    match fsx::stat(target).map_err(|error| not_written(error.into()))? {
        Some(found) if !found.is_file() => {
            let what = if found.is_dir() {
                "a folder"
            } else {
                "no file"
            };
            let failure = Failure::user(format!("`{}` is {what}", target.display()))
                .with_hint("without `--file` the glide.yaml goes to standard output");
            Err(not_written(failure))
        }
        _ => Ok(()),
    }
}

/// Whether two names lead to one name of one file, all links followed.
fn is_same_name(one: &Path, other: &Path) -> bool {
    match (fsx::canonicalize(one), fsx::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

fn not_added(error: manifest::Error) -> Failure {
    Failure::from(error)
        .about("Failed to add imports") // Glide text
        .with_hint("a repository can be listed at one version, from one address and for the same systems only")
}

fn not_written(failure: Failure) -> Failure {
    failure.about("Failed to write glide.yaml") // Glide text
}
