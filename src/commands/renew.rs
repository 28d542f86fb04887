//! What `update`, `get` and `remove` share: everything resolved anew, and the project's files changed
//! together.

use std::collections::HashSet;
use std::time::SystemTime;

use super::Context;
use super::changed::tell_changes;
use super::edited::Manifest;
use super::fill::{Fill, NewFile, fill};
use super::install::{InstallOptions, pins};
use super::locked;
use super::project::{Opened, Project};
use super::update::UpdateOptions;
use crate::error::Failure;
use crate::foreign::gomod;
use crate::fsx;
use crate::gosrc::BuildContext;
use crate::live::{Live, ProjectSource, Rules};
use crate::manifest::{self, Config, Lock, Timestamp};
use crate::model::is_at_or_below;
use crate::report::{Event, Phase, Summary, timed};
use crate::resolve::{self, Resolution, World};
use crate::settings::GoSettings;

/// The minor version of the newest Go that is known, where none is installed.
const NEWEST_GO: u32 = 27;

/// What is to be resolved.
pub(super) struct Renewal<'a> {
    /// The project; its configuration is glide.yaml as it counts or, where it changes, as it will.
    pub(super) opened: &'a Opened,
    pub(super) options: UpdateOptions,
    pub(super) now: Timestamp,
    /// Where the project's own imports ask for these repositories only, however its code reads.
    pub(super) imported: Option<&'a [String]>,
    /// What glide.yaml is to be, where it changes. The lock is written then in any case.
    pub(super) manifest: Option<Manifest>,
}

/// What came of it.
pub(super) struct Renewed {
    /// How many dependencies there are, those of tests left out.
    pub(super) imports: usize,
    summary: Summary,
}

impl Renewed {
    /// Tells it: the last word of the run.
    pub(super) fn tell(&self, context: &Context<'_>) {
        context.reporter.event(&Event::Summary(self.summary));
    }
}

/// Resolves everything anew, then changes glide.yaml, glide.lock and vendor/ together or not at all.
pub(super) fn renew(context: &Context<'_>, renewal: Renewal<'_>) -> Result<Renewed, Failure> {
    let timed = timed(context.reporter, Phase::Resolve);
    let (resolution, uncounted) = resolved(context, &renewal)?;
    let resolve = timed.end();
    let (opened, options) = (renewal.opened, renewal.options);
    let mut test_imports = resolution.test_imports;
    if options.listed_only {
        // No lock is written, so it does not matter that both lists may want one at two versions.
        let is_import = |name: &str| {
            let mut imports = resolution.imports.iter();
            imports.any(|import| import.dependency.name == name)
        };
        test_imports.retain(|test| !is_import(&test.dependency.name));
    }
    let mut lock = Lock::new(
        opened.config.hash(),
        renewal.now,
        &resolution.imports,
        &test_imports,
    )?;
    if options.install.locked {
        locked::unchanged(context, &opened.project, &lock)?;
    }
    let edits = renewal.manifest.is_some();
    if edits && options.install.strip_vendor {
        forget_workspaces(&mut lock);
    }
    tell_of_missing(context, &lock, &uncounted);
    // One that cannot be read is made anew.
    let old = opened.project.lock().unwrap_or_default();
    let mut files = Vec::new();
    if let Some(manifest) = renewal.manifest {
        files.extend(manifest.file(&opened.project));
    }
    if options.listed_only {
        // Glide text
        context.reporter.warn(
            "Skipping lockfile generation because full dependency tree is not being calculated",
        );
    } else if edits || is_new(context, &opened.project, &lock)? {
        files.push(NewFile {
            path: opened.project.lock_path(),
            text: lock.to_yaml()?,
            expected: None,
        });
    }
    let pins = pins(context, opened, &lock, options.install)?;
    let filled = Fill {
        vendor: &opened.project.folder.join("vendor"),
        pins: &pins,
        strip: options.install.strip_vendor,
        resolved: true,
        insist: None,
        files,
    };
    let filled = fill(context, &opened.network, &filled)?;
    let changes = (!options.listed_only).then(|| old.changes(&lock));
    let changes = changes.map(|changes| tell_changes(context, opened, &changes));
    Ok(Renewed {
        imports: lock.imports.len(),
        summary: Summary {
            dependencies: pins.len(),
            fetched: filled.fetched,
            changes: changes.transpose()?,
            resolve: Some(resolve),
            write: filled.write,
            took: context.started.elapsed(),
        },
    })
}

/// Warns of imports of the project that vendor/ is not going to have.
fn tell_of_missing(context: &Context<'_>, lock: &Lock, uncounted: &[String]) {
    for import in uncounted {
        let mut entries = lock.imports.iter().chain(&lock.test_imports);
        let has = entries.any(|entry| is_at_or_below(import, &entry.name));
        if !has {
            let message = format!("--> The project still imports {import}");
            context.reporter.warn(message);
        }
    }
}

/// Leaves out of a lock what `--strip-vendor` takes out of vendor/. (Glide does so in `get` only.)
fn forget_workspaces(lock: &mut Lock) {
    for entry in lock.imports.iter_mut().chain(&mut lock.test_imports) {
        let is_stripped = |name: &String| name.starts_with("Godeps/_workspace/src");
        entry.subpackages.retain(|name| !is_stripped(name));
    }
}

/// What the project needs, and what it imports that was not to count.
fn resolved(
    context: &Context<'_>,
    renewal: &Renewal<'_>,
) -> Result<(Resolution, Vec<String>), Failure> {
    let Renewal {
        opened,
        options,
        imported,
        ..
    } = *renewal;
    let Opened {
        project,
        network,
        config,
        mirrors,
        ..
    } = opened;
    if options.this_platform {
        // Glide text
        let warning = "Only resolving dependencies for the current OS/Arch";
        context.reporter.warn(warning);
    }
    let installed_go = installed_go(&context.settings.go);
    let build = build_context(&context.settings.go, options.this_platform, installed_go);
    let names = [Some(config.package.clone()), project.place(context)];
    let names = names.into_iter().flatten().filter(|name| !name.is_empty());
    let names: Vec<String> = names.collect();
    let source = ProjectSource::new(
        &project.folder,
        names.clone(),
        context.settings.go.goroot.clone(),
        build.clone(),
    )
    .only(imported)
    .listing(&context.settings.yaml, &opened.bytes);
    let remotes = network.remotes()?;
    let rules = Rules {
        mirrors: mirrors.clone(),
        passed_over: config.ignore.iter().chain(&names).cloned().collect(),
        formats: options.install.formats,
    };
    let live = Live::new(remotes, rules, build, context.settings.fetches);
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
        installed_go,
        go_version: options.go_version,
    };
    let resolution = resolve::resolve(config, world, options)?;
    Ok((resolution, source.uncounted()))
}

/// What glide.lock lists is likely to be needed again. What glide.yaml lists is expected anyway.
fn hint(live: &Live, project: &Project, config: &Config, options: InstallOptions) {
    // A lock that cannot be read gives no hint; it is not what `update` goes by.
    let Ok(lock) = project.lock() else { return };
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
fn build_context(go: &GoSettings, this_platform: bool, installed: Option<u32>) -> BuildContext {
    if !this_platform {
        return BuildContext::all_files();
    }
    BuildContext::current(&go.os, &go.arch, go.cgo, installed.unwrap_or(NEWEST_GO))
}

/// The minor version of the Go that is installed, if one is.
pub(super) fn installed_go(go: &GoSettings) -> Option<u32> {
    let version = fsx::read_if_exists(&go.goroot.as_ref()?.join("VERSION"));
    gomod::minor(&String::from_utf8(version.ok()??).ok()?)
}

/// The moment that the lock is to carry. Its zone can be told only while there is one thread.
pub(super) fn now(context: &Context<'_>) -> Timestamp {
    match context.settings.source_date_epoch {
        Some(seconds) => Timestamp::from_unix(seconds, 0),
        None => Timestamp::local(SystemTime::now()),
    }
}

/// Whether the lock says anything that the old one does not; tells it if not.
fn is_new(context: &Context<'_>, project: &Project, lock: &Lock) -> Result<bool, Failure> {
    let old = fsx::read_text_if_exists(&project.lock_path())?;
    let old = old.and_then(|bytes| match Lock::parse(&bytes) {
        Err(manifest::Error::ConflictMarkers { line, .. }) => {
            context.reporter.warn(format!(
                "glide.lock had git's conflict markers in it (line {line}): it is made anew, and what either side had pinned does not count"
            ));
            None
        }
        read => read.ok(),
    });
    let old = old.and_then(|old| old.fingerprint().ok());
    if old.is_some_and(|old| lock.fingerprint().is_ok_and(|new| new == old)) {
        // Glide text
        let message = "Versions did not change. Skipping glide.lock update.";
        context.reporter.info(message);
        return Ok(false);
    }
    Ok(true)
}
