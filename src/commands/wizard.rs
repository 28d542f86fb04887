//! `config-wizard`: better versions for glide.yaml, one question after the other.
//!
//! All remotes are asked at once, before the first question. Nothing is written before the last one is answered, so a
//! run that ends at a question has changed nothing.

mod suggest;

use super::create::new_project;
use super::edited::Manifest;
use super::guess;
use super::network::Network;
use super::parallel::in_parallel;
use super::project::{self, Project};
use super::questions;
use super::{Context, Outcome};
use crate::discover::Policy;
use crate::error::Failure;
use crate::live::Releases;
use crate::manifest::{Dependency, Mirrors};
use crate::version::Constraint;
use suggest::Suggest;

/// Improves the project's glide.yaml, which is made first where there is none.
pub fn config_wizard(context: &Context<'_>) -> Result<Outcome, Failure> {
    let network = Network::watched(context.settings, Policy::Ask, context.reporter.traffic());
    let project = match Project::look(context) {
        Some(project) => project,
        None => made(context, &network)?,
    };
    improve(context, &network, &project)?;
    Ok(Outcome::default())
}

/// A project that somebody wants a glide.yaml for.
fn made(context: &Context<'_>, network: &Network) -> Result<Project, Failure> {
    if context.questions.is_some_and(questions::create) {
        let project = new_project(context)?;
        guess::write(context, network, &project, false)?;
        return Ok(project);
    }
    // Glide text
    let message =
        "Unable to find configuration file. Please create configuration information to continue.";
    context.reporter.error(message);
    let failure = Project::find(context).err();
    Err(failure.unwrap_or_else(|| Failure::user(message)))
}

/// Goes through the project's glide.yaml.
pub(super) fn improve(
    context: &Context<'_>,
    network: &Network,
    project: &Project,
) -> Result<(), Failure> {
    let reporter = context.reporter;
    let bytes = project.read()?;
    let mut config = project.config_of(&bytes, network)?;
    project.warn_of_place(context, &config);
    let mirrors = project::mirrors(&context.settings.home)?;
    let Some(questions) = context.questions else {
        reporter.warn("Nothing can be asked here, as CI is set: glide.yaml stays as it is");
        return Ok(());
    };
    // Glide text
    for line in [
        "Looking for dependencies to make suggestions on",
        "--> Scanning for dependencies not using version ranges",
        "--> Scanning for dependencies using commit ids",
    ] {
        reporter.info(line);
    }
    let all = config.imports.iter_mut().chain(&mut config.test_imports);
    // What is a range, or a version, says already what it has to.
    let mut entries: Vec<&mut Dependency> = all
        .filter(|entry| Constraint::parse(&entry.reference).is_err())
        .collect();
    // Glide text
    for line in [
        "Gathering information on each dependency",
        "--> This may take a moment. Especially on a codebase with many dependencies",
        "--> Gathering release information for dependencies",
        "--> Looking for dependency imports where versions are commit ids",
    ] {
        reporter.info(line);
    }
    let gathered = gathered(context, network, &mirrors, &entries)?;
    let mut suggest = Suggest::new(questions, reporter);
    for (entry, releases) in entries.iter_mut().zip(&gathered) {
        if let Some(releases) = releases {
            suggest.improve(entry, releases);
        }
    }
    let Suggest { asked, changes, .. } = suggest;
    match (changes, asked) {
        (0, false) => reporter.info("No proposed changes found. Have a nice day."), // Glide text
        (0, true) => reporter.info("Nothing is to be changed. Have a nice day."),
        _ => {
            let manifest = Manifest::edited(context, network, bytes, &config)?;
            if questions::write(questions) {
                write(context, project, manifest)?;
            } else {
                reporter.warn("Change not written to configuration file"); // Glide text
            }
        }
    }
    Ok(())
}

/// Writes what was agreed on, unless glide.yaml is another one by now.
fn write(context: &Context<'_>, project: &Project, manifest: Manifest) -> Result<(), Failure> {
    let yaml = &context.settings.yaml;
    // Glide text
    let message = format!("Writing updates to configuration file ({yaml})");
    context.reporter.info(message);
    if let Some(file) = manifest.file(project) {
        let _orderly = context.interrupt.orderly();
        file.write()
            .map_err(|failure| failure.about(format!("Could not save {yaml}")))?; // Glide text
    }
    // Glide text
    for line in [
        "You can now edit the glide.yaml file.:",
        "--> For more information on versions and ranges see https://glide.sh/docs/versions/",
        "--> For details on additional metadata see https://glide.sh/docs/glide.yaml/",
    ] {
        context.reporter.info(line);
    }
    context
        .reporter
        .info("--> Run update to bring glide.lock and vendor/ to these versions");
    Ok(())
}

/// What each repository has, in the order of the entries; nothing where it cannot be told, of which is warned.
fn gathered(
    context: &Context<'_>,
    network: &Network,
    mirrors: &Mirrors,
    entries: &[&mut Dependency],
) -> Result<Vec<Option<Releases>>, Failure> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let remotes = network.remotes()?;
    let entries: Vec<&Dependency> = entries.iter().map(|entry| &**entry).collect();
    let ask = |entry: &&Dependency| {
        remotes.releases(&entry.name, &entry.remote(mirrors), &entry.reference)
    };
    let task = context.reporter.task("Asking", entries.len());
    let step = |entry: &&Dependency| task.step(&entry.name);
    let results = in_parallel(&entries, context.settings.fetches, ask, step, |_, _| {});
    let kept = entries.iter().zip(results).map(|(entry, result)| {
        result
            .map_err(|failure| {
                let what = format!("cannot tell which releases {} has", entry.name);
                context.reporter.warn(failure.about(what).render());
            })
            .ok()
    });
    Ok(kept.collect())
}
