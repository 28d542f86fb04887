//! `update`: versions anew for everything that the project imports, glide.lock and vendor/ with them.
//!
//! Project source → imports → [`resolve`] ⇄ remotes → pins → the same tail as `install`. The answer
//! depends on glide.yaml, the code and the remotes, never on what the cache or vendor/ held.

use std::collections::HashSet;
use std::time::SystemTime;

use super::fill::{Fill, NewLock, fill};
use super::install::{InstallOptions, pins};
use super::network::Network;
use super::project::{self, Project};
use super::{Context, Outcome};
use crate::discover::Policy;
use crate::error::Failure;
use crate::fsx;
use crate::gosrc::BuildContext;
use crate::live::{Live, ProjectSource};
use crate::manifest::{Config, Lock, Mirrors, Timestamp};
use crate::resolve::{self, Resolution, World};
use crate::settings::GoSettings;

/// The minor version of the newest Go that is known, where none is installed.
const NEWEST_GO: u32 = 27;

/// What `update` is asked to do.
#[derive(Clone, Copy, Debug, Default)]
pub struct UpdateOptions {
    /// What it shares with `install`.
    pub install: InstallOptions,
    /// Whether only what glide.yaml lists is fetched, and no lock written.
    pub listed_only: bool,
    /// Whether every package of a repository counts, and not only those that are imported.
    pub all_packages: bool,
    /// Whether build tags and file names of this machine decide which files count.
    pub this_platform: bool,
}

/// Resolves the project anew.
pub fn update(context: &Context<'_>, options: UpdateOptions) -> Result<Outcome, Failure> {
    // The zone of the time can be told only while there is one thread.
    let now = now(context);
    let project = Project::find(context)?;
    let network = Network::new(context.settings, Policy::Ask);
    let config = project.config(&network)?;
    project.warn_of_place(context, &config);
    let mirrors = project::mirrors(&context.settings.home)?;
    let resolution = resolved(context, (&project, &network), (&config, &mirrors), options)?;
    let lock = Lock::new(
        config.hash(),
        now,
        &resolution.imports,
        &resolution.test_imports,
    )?;
    let new = if options.listed_only {
        // Glide text
        context.reporter.warn(
            "Skipping lockfile generation because full dependency tree is not being calculated",
        );
        None
    } else {
        changed(context, &project, &lock)?
    };
    let pins = pins(context, (&config, &mirrors), &lock, options.install)?;
    let filled = Fill {
        vendor: &project.folder.join("vendor"),
        pins: &pins,
        strip: options.install.strip_vendor,
        lock: new,
    };
    fill(context, &network, &filled)?;
    // Glide text
    context.reporter.info(format!(
        "Project relies on {} dependencies.",
        lock.imports.len()
    ));
    Ok(Outcome::default())
}

fn resolved(
    context: &Context<'_>,
    (project, network): (&Project, &Network),
    (config, mirrors): (&Config, &Mirrors),
    options: UpdateOptions,
) -> Result<Resolution, Failure> {
    if options.this_platform {
        // Glide text
        let warning = "Only resolving dependencies for the current OS/Arch";
        context.reporter.warn(warning);
    }
    let build = build_context(&context.settings.go, options.this_platform);
    let names = [Some(config.package.clone()), project.place(context)];
    let names = names.into_iter().flatten().filter(|name| !name.is_empty());
    let source = ProjectSource::new(
        &project.folder,
        names.collect(),
        context.settings.go.goroot.clone(),
        build.clone(),
    );
    let remotes = network.remotes()?;
    let live = Live::new(remotes, mirrors.clone(), build, context.settings.fetches);
    if !options.listed_only {
        hint(&live, project, config, options.install);
    }
    let world = World {
        provider: &live,
        roots: &*network.discover,
        project: &source,
        reporter: context.reporter,
    };
    let options = resolve::Options {
        tests: options.install.tests,
        recursive: !options.listed_only,
        all_packages: options.all_packages,
    };
    Ok(resolve::resolve(config, world, options)?)
}

/// What glide.lock lists is likely to be needed again. What glide.yaml lists is expected anyway.
fn hint(live: &Live, project: &Project, config: &Config, options: InstallOptions) {
    // A lock that cannot be read gives no hint; it is not what `update` goes by.
    let Ok(Some(lock)) = project.lock() else {
        return;
    };
    let listed = config.imports.iter().chain(&config.test_imports);
    let listed: HashSet<&str> = listed.map(|listed| listed.name.as_str()).collect();
    let tests = lock.test_imports.iter().filter(|_| options.tests);
    let locked = lock.imports.iter().chain(tests);
    live.hint(locked.filter(|locked| {
        let name = locked.name.as_str();
        !listed.contains(name) && !config.has_ignore(name) && name != config.package
    }));
}

/// Which files of a folder count.
fn build_context(go: &GoSettings, this_platform: bool) -> BuildContext {
    if !this_platform {
        return BuildContext::all_files();
    }
    let version = go.goroot.as_ref().map(|root| root.join("VERSION"));
    let version = version.and_then(|path| fsx::read_if_exists(&path).ok().flatten());
    let minor = version.and_then(|text| {
        let text = String::from_utf8(text).ok()?;
        let minor = text.strip_prefix("go1.")?;
        let end = minor.find(|c: char| !c.is_ascii_digit());
        minor[..end.unwrap_or(minor.len())].parse().ok()
    });
    BuildContext::current(&go.os, &go.arch, go.cgo, minor.unwrap_or(NEWEST_GO))
}

/// The moment that the lock is to carry.
fn now(context: &Context<'_>) -> Timestamp {
    match context.settings.source_date_epoch {
        Some(seconds) => Timestamp::from_unix(seconds, 0),
        None => Timestamp::local(SystemTime::now()),
    }
}

/// The new lock, unless it says what the old one says.
fn changed(
    context: &Context<'_>,
    project: &Project,
    lock: &Lock,
) -> Result<Option<NewLock>, Failure> {
    let path = project.lock_path();
    let old = fsx::read_if_exists(&path)?;
    let old = old.and_then(|bytes| Lock::parse(&bytes).ok());
    let old = old.and_then(|old| old.fingerprint().ok());
    if old.is_some_and(|old| lock.fingerprint().is_ok_and(|new| new == old)) {
        // Glide text
        let message = "Versions did not change. Skipping glide.lock update.";
        context.reporter.info(message);
        return Ok(None);
    }
    let text = lock.to_yaml()?;
    Ok(Some(NewLock { path, text }))
}
