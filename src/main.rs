//! The program: the arguments and the environment in, a call, an exit code out.

use std::io::{self, Write as _};
use std::process::ExitCode;

use glide_rs::audit::Severity;
use glide_rs::audit::advisories::GoVersion;
use glide_rs::audit::render::Format;
use glide_rs::cli::{self, Arguments, Command, Filling, From, MirrorAction, Walking};
use glide_rs::commands::{
    self, AuditOptions, Context, CreateOptions, FmtOptions, GetOptions, ImportOptions,
    InstallOptions, MirrorOptions, NoVendorOptions, Outcome, OutdatedOptions, PluginOptions,
    UpdateOptions, Writing,
};
use glide_rs::error::{Failure, exit_code};
use glide_rs::foreign::{Formats, Kind, gomod};
use glide_rs::gotool;
use glide_rs::interrupt::Interrupt;
use glide_rs::report::{Questions, Reporter as _};
use glide_rs::settings::{Environment, Settings};
use glide_rs::ui::{Style, Terminal};
use glide_rs::vcs;

fn main() -> ExitCode {
    if cfg!(panic = "abort") {
        end_on_panic();
    }
    let arguments = match cli::parse(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err((text, 0)) => return printed(text.as_bytes(), ExitCode::SUCCESS),
        Err((text, code)) => {
            // Nobody is left to be told that standard error is closed.
            let _ = io::stderr().write_all(text.as_bytes());
            return ExitCode::from(code);
        }
    };
    let settings = match Settings::new(&arguments.global, &Environment::capture()) {
        Ok(settings) => settings,
        Err(failure) => {
            Terminal::new(Style::default()).failure(&failure);
            return exit_code(Err(&failure), true);
        }
    };
    let terminal = Terminal::new(settings.style);
    let interrupt = Interrupt::default();
    let context = Context {
        settings: &settings,
        reporter: &terminal,
        output: &terminal,
        questions: settings.may_ask.then_some(&terminal as &dyn Questions),
        interrupt: &interrupt,
    };
    interrupt.before_end(vcs::end_programs);
    interrupt.before_end(gotool::end_program);
    interrupt.listen();
    let result = run(&arguments, &context);
    vcs::end_programs();
    match result {
        Err(failure) => {
            terminal.failure(&failure);
            exit_code(Err(&failure), true)
        }
        Ok(outcome) => {
            let code = match outcome.code {
                0 => exit_code(Ok(()), terminal.had_error()),
                code => ExitCode::from(code),
            };
            printed(&outcome.output, code)
        }
    }
}

/// Where panics do not unwind, as in the program that is given away, no guard runs. What other processes would
/// notice is done here: the programs that were started end, and the exit code is that of a panic, without a
/// core dump. What is left besides is what SIGKILL leaves, with which the next run deals.
#[expect(
    clippy::exit,
    clippy::disallowed_methods,
    reason = "there is nothing to return to"
)]
fn end_on_panic() {
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        tell(panic);
        vcs::end_programs();
        gotool::end_program();
        std::process::exit(101);
    }));
}

fn run(arguments: &Arguments, context: &Context<'_>) -> Result<Outcome, Failure> {
    if let Some(warning) = arguments.command.as_ref().and_then(Command::unread) {
        context.reporter.warn(warning);
    }
    match arguments.command.as_ref() {
        None => Ok(Outcome::default()),
        Some(Command::Install(install)) => {
            commands::install(context, install_options(context, &install.filling))
        }
        Some(Command::Update(update)) => {
            let options = update_options(context, &update.walking, &update.filling)?;
            commands::update(context, options)
        }
        Some(Command::Get(get)) => {
            let options = GetOptions {
                update: update_options(context, &get.walking, &get.filling)?,
                packages: get.packages.clone(),
                for_tests: get.test,
                insecure: get.insecure,
                silent: get.non_interactive,
            };
            commands::get(context, &options)
        }
        Some(Command::Remove(remove)) => commands::remove(context, &remove.packages),
        Some(Command::Create(create)) => {
            let options = CreateOptions {
                skip_import: create.skip_import,
                silent: create.non_interactive,
            };
            commands::create(context, options)
        }
        Some(Command::ConfigWizard(_)) => commands::config_wizard(context),
        Some(Command::Name(_)) => commands::name(context),
        Some(Command::Info(info)) => {
            commands::info(context, info.format.as_deref().unwrap_or_default())
        }
        Some(Command::Novendor(novendor)) => {
            let options = NoVendorOptions {
                folder: novendor.dir.clone(),
                bare: novendor.no_subdir,
            };
            Ok(commands::novendor(context, &options))
        }
        Some(Command::Rebuild(_)) => commands::rebuild(context),
        Some(Command::Tree(_)) => commands::tree(context),
        Some(Command::List(list)) => commands::list(context, &list.output),
        Some(Command::About(_)) => Ok(commands::about()),
        Some(Command::Import(import)) => commands::import(context, &import_options(&import.from)),
        Some(Command::CacheClear(_)) => commands::cache_clear(context),
        Some(Command::Mirror(mirror)) => mirrors(context, &mirror.action),
        Some(Command::Plugin(_)) => {
            let plugin = &arguments.plugin;
            let options = PluginOptions {
                name: plugin.name.clone(),
                arguments: plugin.arguments.clone(),
                similar: plugin.similar.clone(),
                program: plugin.program,
            };
            commands::plugin(context, &options)
        }
        Some(Command::Audit(audit)) => commands::audit(context, &audit_options(audit)?),
        Some(Command::Outdated(outdated)) => {
            commands::outdated(context, outdated_options(outdated)?)
        }
        Some(Command::Why(why)) => commands::why(context, &why.package),
        Some(Command::Hash) => commands::hash(context),
        Some(Command::Fmt(fmt)) => {
            let options = FmtOptions {
                check: fmt.check,
                file: fmt.file.clone(),
            };
            commands::fmt(context, &options)
        }
    }
}

/// What `audit` is told.
fn audit_options(audit: &cli::Audit) -> Result<AuditOptions, Failure> {
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
        baseline: audit.baseline.clone(),
        written: written(&audit.written)?,
    })
}

/// What `outdated` is asked for.
fn outdated_options(outdated: &cli::Outdated) -> Result<OutdatedOptions, Failure> {
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

fn mirrors(context: &Context<'_>, action: &MirrorAction) -> Result<Outcome, Failure> {
    match action {
        MirrorAction::List(_) => commands::mirror_list(context),
        MirrorAction::Remove(remove) => commands::mirror_remove(context, &remove.original),
        MirrorAction::Set(set) => {
            let options = MirrorOptions {
                original: set.original.clone(),
                replacement: set.replacement.clone(),
                vcs: set.vcs.clone(),
            };
            commands::mirror_set(context, &options)
        }
    }
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
fn install_options(context: &Context<'_>, install: &Filling) -> InstallOptions {
    for warning in install.deprecated.warnings() {
        context.reporter.warn(warning);
    }
    InstallOptions {
        tests: !install.skip_test,
        strip_vendor: install.strip_vendor,
        formats: if install.import_all {
            Formats::All
        } else {
            Formats::OfGlide
        },
    }
}

fn update_options(
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

fn import_options(from: &From) -> ImportOptions {
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

/// Writes a result to standard output; a reader that has gone away is no failure.
fn printed(bytes: &[u8], code: ExitCode) -> ExitCode {
    let mut output = io::stdout().lock();
    match output.write_all(bytes).and_then(|()| output.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            // Standard error is all that is left to say it on.
            let _ = writeln!(
                io::stderr(),
                "[ERROR]\tcannot write to standard output: {error}"
            );
            ExitCode::FAILURE
        }
        _ => code,
    }
}
