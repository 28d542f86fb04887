//! The program: the arguments and the environment in, a call, an exit code out.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use glide_rs::audit::Severity;
use glide_rs::audit::advisories::GoVersion;
use glide_rs::audit::render::Format;
use glide_rs::cli::{
    self, Arguments, Command, Filling, From, LockAction, MergeLocks, MirrorAction, Walking,
};
use glide_rs::commands::{
    self, AuditOptions, Context, CreateOptions, EnvFormat, ExecOptions, FmtOptions, GetOptions,
    ImportOptions, InstallOptions, LockMergeOptions, ManualOptions, MirrorOptions, NoVendorOptions, Outcome,
    OutdatedOptions, PluginOptions, Setup, UpdateOptions, Writing,
};
use glide_rs::error::{Failure, exit_code};
use glide_rs::foreign::{Formats, Kind, gomod};
use glide_rs::fsx;
use glide_rs::gotool;
use glide_rs::interrupt::{self, Interrupt};
use glide_rs::manifest::Side;
use glide_rs::report::{Questions, Reporter as _};
use glide_rs::settings::{self, Environment, Settings};
use glide_rs::ui::{Style, Terminal};
use glide_rs::vcs;

fn main() -> ExitCode {
    let arguments = match cli::parse(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err((text, 0)) => {
            let started = Instant::now();
            let terminal = Terminal::new(Style::default());
            let output = text.into_bytes();
            let outcome = Outcome { output, code: 0 };
            return ended(&terminal, started, &Ok(outcome), lost(None));
        }
        Err((text, code)) => {
            // Nobody is left to be told that standard error is closed.
            let _ = io::stderr().write_all(text.as_bytes());
            return ExitCode::from(code);
        }
    };
    let started = Instant::now();
    let terminal = Terminal::new(Style {
        form: settings::form(&arguments.global),
        ..Style::default()
    });
    let command = arguments.command.as_ref();
    let name = command.map_or("", Command::name);
    let failed_early = |failure| {
        terminal.start(name);
        ended(&terminal, started, &Err(failure))
    };
    let mut settings = match Settings::new(&arguments.global, &Environment::capture()) {
        Ok(settings) => settings,
        Err(failure) => return failed_early(failure),
    };
    settings.net.offline = command.is_some_and(Command::is_offline);
    let terminal = match opened(&arguments.global, &settings) {
        Ok(terminal) => Arc::new(terminal),
        Err(failure) => return failed_early(failure),
    };
    terminal.start(name);
    let interrupt = Interrupt::default();
    let context = Context {
        settings: &settings,
        started,
        reporter: &*terminal,
        output: &*terminal,
        questions: settings.may_ask.then_some(&*terminal as &dyn Questions),
        interrupt: &interrupt,
    };
    interrupt.before_end(vcs::end_programs);
    interrupt.before_end(gotool::end_program);
    let last = Arc::clone(&terminal);
    interrupt.before_end(move || last.finish(interrupt::EXIT_CODE, started.elapsed()));
    interrupt.listen();
    let result = run(&arguments, &context);
    vcs::end_programs();
    let lost = lost(arguments.command.as_ref());
    ended(&terminal, started, &result, lost)
}

/// Where messages go.
fn opened(flags: &cli::Global, settings: &Settings) -> Result<Terminal, Failure> {
    let terminal = Terminal::new(settings.style);
    let named = flags.message_file.as_ref();
    let Some(file) = named.filter(|file| !file.as_os_str().is_empty()) else {
        return Ok(terminal);
    };
    let path = settings.folder.join(file);
    let kept = fsx::create(&path)?;
    Ok(terminal.keeping(path.display().to_string(), Box::new(kept)))
}

/// Shows what came of it; `lost` is the code where that cannot be written.
fn ended(
    terminal: &Terminal,
    started: Instant,
    result: &Result<Outcome, Failure>,
    lost: u8,
) -> ExitCode {
    let mut code = match result {
        Ok(outcome) if outcome.code != 0 => outcome.code,
        Ok(_) => exit_code(Ok(()), terminal.had_error()),
        Err(failure) => {
            terminal.failure(failure);
            exit_code(Err(failure), true)
        }
    };
    if let Ok(outcome) = result
        && let Err(error) = printed(&outcome.output)
    {
        let message = format!("cannot write to standard output: {error}");
        terminal.failure(&Failure::user(message));
        code = lost;
    }
    terminal.finish(code, started.elapsed());
    ExitCode::from(code)
}

fn run(arguments: &Arguments, context: &Context<'_>) -> Result<Outcome, Failure> {
    if let Some(warning) = arguments.command.as_ref().and_then(Command::unread) {
        context.reporter.warn(warning);
    }
    match arguments.command.as_ref() {
        None => Ok(Outcome::default()),
        Some(Command::Install(install)) => {
            let mut options = install_options(context, &install.filling);
            options.locked = install.strictness.keeps_lock();
            commands::install(context, options)
        }
        Some(Command::Update(update)) => {
            let mut options = update_options(context, &update.walking, &update.filling)?;
            options.install.locked = update.strictness.keeps_lock();
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
        Some(Command::Lock(lock)) => {
            let LockAction::Merge(merge) = &lock.action;
            commands::lock_merge(context, &lock_merge_options(merge)?)
        }
        Some(Command::Man(asked)) => {
            let pages = asked.pages.iter();
            let options = ManualOptions {
                folder: asked.dir.clone().unwrap_or_default(),
                pages: pages.map(|page| (page.file.clone(), page.text.clone())).collect(),
            };
            commands::manual(context, &options)
        }
        // The parser has answered it.
        Some(Command::Completions(_)) => Ok(Outcome::default()),
        Some(Command::Hash) => commands::hash(context),
        Some(Command::Fmt(fmt)) => {
            let options = FmtOptions {
                check: fmt.check,
                file: fmt.file.clone(),
            };
            commands::fmt(context, &options)
        }
        Some(Command::Exec(exec)) => {
            let options = ExecOptions {
                command: exec.command.clone(),
            };
            commands::exec(context, &options)
        }
        Some(Command::Env(env)) => commands::env(context, env_format(&env.format)?),
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
        since: audit.since.clone(),
        baseline: audit.baseline.clone(),
        written: written(&audit.written)?,
    })
}

/// What `lock merge` is told.
fn lock_merge_options(merge: &MergeLocks) -> Result<LockMergeOptions, Failure> {
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

/// Whose language `env` writes.
fn env_format(name: &str) -> Result<EnvFormat, Failure> {
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
        locked: false,
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

/// The code where a result cannot be written: 1, which for an audit would be that something was found.
fn lost(command: Option<&Command>) -> u8 {
    match command {
        Some(Command::Audit(_) | Command::Outdated(_)) => 2,
        _ => 1,
    }
}

/// Writes a result to standard output; a reader that has gone away is no failure.
fn printed(bytes: &[u8]) -> io::Result<()> {
    let mut output = io::stdout().lock();
    match output.write_all(bytes).and_then(|()| output.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
