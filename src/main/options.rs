//! From what stands on the command line to what the commands are asked for.

use glide_rs::audit::Severity;
use glide_rs::audit::advisories::GoVersion;
use glide_rs::audit::render::Format;
use glide_rs::cli::{self, Filling, From, MergeLocks, Walking};
use glide_rs::commands::{
    AuditOptions, Context, EnvFormat, GetOptions, ImportOptions, InstallOptions, LockMergeOptions,
    ManualOptions, OutdatedOptions, PluginOptions, Setup, UpdateOptions, Writing,
};
use glide_rs::error::Failure;
use glide_rs::foreign::{Formats, Kind, gomod};
use glide_rs::manifest::Side;

/// What `audit` is told.
pub(super) fn audit_options(audit: &cli::Audit) -> Result<AuditOptions, Failure> {
    let (checks, paths) = AuditOptions::sorted_out(&audit.what);
    Ok(AuditOptions {
        checks,
        paths,
        workspace: audit.workspace,
        policy: audit.policy.clone(),
        offline: audit.offline,
        floor: audit.severity.as_deref().map(severity).transpose()?,
        database: audit.database.clone(),
        go: audit
            .go_version
            .as_deref()
            .map(full_go_version)
            .transpose()?,
        since: audit.since.clone(),
        baseline: audit.baseline.clone(),
        written: written(&audit.written)?,
    })
}

/// What `lock merge` is told.
pub(super) fn lock_merge_options(merge: &MergeLocks) -> Result<LockMergeOptions, Failure> {
    let setup = Setup {
        global: merge.global,
    };
    if setup.global && !merge.install && !merge.uninstall {
        return Err(Failure::user("--global goes with --install or --uninstall"));
    }
    let favoured = [(merge.ours, Side::Ours), (merge.theirs, Side::Theirs)];
    let favoured = favoured
        .into_iter()
        .find_map(|(is, side)| is.then_some(side));
    Ok(if merge.install {
        LockMergeOptions::Install(setup)
    } else if merge.uninstall {
        LockMergeOptions::Uninstall(setup)
    } else if merge.files.is_empty() {
        LockMergeOptions::Resolve { favoured }
    } else {
        LockMergeOptions::Driver(merge.files.clone())
    })
}

/// What `outdated` is asked for.
pub(super) fn outdated_options(outdated: &cli::Outdated) -> Result<OutdatedOptions, Failure> {
    let format = Format::parse(&outdated.format);
    let format = format.filter(|format| matches!(format, Format::Table | Format::Json));
    let format = format.ok_or_else(|| {
        let message = format!(
            "there is no format `{}`; there are table, json",
            outdated.format
        );
        Failure::user(message).with_code(2)
    })?;
    Ok(OutdatedOptions {
        format,
        all: outdated.all,
        offline: outdated.offline,
        fails: outdated.exit_code,
    })
}

/// What `get` is told.
pub(super) fn get_options(context: &Context<'_>, get: &cli::Get) -> Result<GetOptions, Failure> {
    Ok(GetOptions {
        update: update_options(context, &get.walking, &get.filling)?,
        packages: get.packages.clone(),
        for_tests: get.test,
        insecure: get.insecure,
        silent: get.non_interactive,
    })
}

/// What `man` writes, and where.
pub(super) fn manual_options(asked: &cli::Manual) -> ManualOptions {
    let pages = asked.pages.iter();
    ManualOptions {
        folder: asked.dir.clone().unwrap_or_default(),
        pages: pages
            .map(|page| (page.file.clone(), page.text.clone()))
            .collect(),
    }
}

/// The plugin that is to be run.
pub(super) fn plugin_options(plugin: &cli::Plugin) -> PluginOptions {
    PluginOptions {
        name: plugin.name.clone(),
        arguments: plugin.arguments.clone(),
        similar: plugin.similar.clone(),
        program: plugin.program,
    }
}

/// Whose language `env` writes.
pub(super) fn env_format(name: &str) -> Result<EnvFormat, Failure> {
    EnvFormat::parse(name).ok_or_else(|| {
        let known = EnvFormat::ALL.map(EnvFormat::name).join(", ");
        Failure::user(format!("there is no format `{name}`; there are {known}"))
    })
}

/// The severity of that name.
fn severity(name: &str) -> Result<Severity, Failure> {
    Severity::parse(name).ok_or_else(|| {
        let known = Severity::ALL.map(Severity::name).join(", ");
        Failure::user(format!("there is no severity `{name}`; there are {known}")).with_code(2)
    })
}

/// How the report of an audit is written.
fn written(written: &cli::Written) -> Result<Writing, Failure> {
    let format = Format::parse(&written.format).ok_or_else(|| {
        let known = Format::ALL.map(Format::name).join(", ");
        let message = format!("there is no format `{}`; there are {known}", written.format);
        Failure::user(message).with_code(2)
    })?;
    Ok(Writing {
        format,
        output: written.output.clone(),
        sha: written.sha.clone(),
        reference: written.reference.clone(),
        job: written.job.clone(),
    })
}

/// The minor version of `1.19`, `1.19.8` or `go1.19`.
fn go_minor(text: &str) -> Result<u32, Failure> {
    gomod::minor(text)
        .ok_or_else(|| Failure::user(format!("`{text}` is no version of Go, as 1.19 is")))
}

/// A full version of Go, `1.19.3` or `go1.19.3`.
fn full_go_version(text: &str) -> Result<GoVersion, Failure> {
    GoVersion::parse(text).ok_or_else(|| {
        Failure::user(format!("`{text}` is no full version of Go, as 1.19.3 is")).with_code(2)
    })
}

/// What `install` is asked for, once it has been warned of flags without effect.
pub(super) fn install_options(context: &Context<'_>, install: &Filling) -> InstallOptions {
    for warning in install.deprecated.warnings() {
        context.reporter.warn(warning);
    }
    InstallOptions {
        tests: !install.skip_test,
        strip_vendor: install.strip_vendor,
        locked: false,
        formats: if install.import_all {
            Formats::All
        } else {
            Formats::OfGlide
        },
    }
}

pub(super) fn update_options(
    context: &Context<'_>,
    walking: &Walking,
    filling: &Filling,
) -> Result<UpdateOptions, Failure> {
    Ok(UpdateOptions {
        install: install_options(context, filling),
        listed_only: walking.no_recursive,
        all_packages: walking.all_dependencies,
        this_platform: walking.resolve_current,
        go_version: walking.go_version.as_deref().map(go_minor).transpose()?,
    })
}

pub(super) fn import_options(from: &From) -> ImportOptions {
    let (from, imported) = match from {
        From::Godep(imported) => (Kind::Godep, imported),
        From::Gpm(imported) => (Kind::Gpm, imported),
        From::Gb(imported) => (Kind::Gb, imported),
        From::Gom(imported) => (Kind::Gom, imported),
        From::Dep(imported) => (Kind::Dep, imported),
        From::Govendor(imported) => (Kind::Govendor, imported),
        From::Vndr(imported) => (Kind::Vndr, imported),
        From::Gomod(imported) => (Kind::GoModule, imported),
    };
    ImportOptions {
        from,
        file: imported
            .file
            .clone()
            .filter(|file| !file.as_os_str().is_empty()),
    }
}
