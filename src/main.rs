//! The program: the arguments and the environment in, a call, an exit code out.

#[path = "main/fault.rs"]
mod fault;
#[path = "main/options.rs"]
mod options;

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use glide_rs::cli::{self, Arguments, Command, LockAction, MirrorAction};
use glide_rs::commands::{
    self, Context, CreateOptions, DoctorOptions, ExecOptions, FmtOptions, MirrorOptions,
    NoVendorOptions, Outcome,
};
use glide_rs::error::{Failure, exit_code};
use glide_rs::fsx;
use glide_rs::gotool;
use glide_rs::interrupt::{self, Interrupt};
use glide_rs::report::{Questions, Reporter as _};
use glide_rs::settings::{self, Environment, Settings};
use glide_rs::ui::{Form, Style, Terminal};
use glide_rs::vcs;
use options::{
    audit_options, env_format, get_options, import_options, install_options, lock_merge_options,
    manual_options, outdated_options, plugin_options, update_options,
};

fn main() -> ExitCode {
    let started = Instant::now();
    let tell_panics = |form| fault::tell_panics(form, started, cfg!(panic = "abort"));
    tell_panics(Form::Text);
    let given: Vec<_> = std::env::args_os().collect();
    let environment = Environment::capture();
    let colours = settings::colours(&given, &environment);
    let arguments = match cli::parse_coloured(given, colours) {
        Ok(arguments) => arguments,
        Err((text, 0)) => {
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
    let form = settings::form(&arguments.global);
    tell_panics(form);
    let terminal = Terminal::new(Style {
        form,
        ..Style::default()
    });
    let command = arguments.command.as_ref();
    let name = command.map_or("", Command::name);
    let failed_early = |failure| {
        terminal.start(name);
        ended(&terminal, started, &Err(failure), 1)
    };
    let mut settings = match Settings::new(&arguments.global, &environment) {
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
    if settings.style.progress {
        let shown = Arc::clone(&terminal);
        interrupt.around_stop(move |stop| shown.without_progress(stop));
    }
    interrupt.listen();
    let result = run(&arguments, &context);
    vcs::end_programs();
    let unwritten = lost(arguments.command.as_ref());
    ended(&terminal, started, &result, unwritten)
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
        // The parser has answered the latter.
        None | Some(Command::Completions(_)) => Ok(Outcome::default()),
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
            let options = get_options(context, get)?;
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
        Some(Command::Plugin(_)) => commands::plugin(context, &plugin_options(&arguments.plugin)),
        Some(Command::Audit(audit)) => commands::audit(context, &audit_options(audit)?),
        Some(Command::Outdated(outdated)) => {
            commands::outdated(context, outdated_options(outdated)?)
        }
        Some(Command::Why(why)) => commands::why(context, &why.package),
        Some(Command::Doctor(doctor)) => {
            let options = DoctorOptions::new(doctor.online, &doctor.format)?;
            commands::doctor(context, options)
        }
        Some(Command::Lock(lock)) => {
            let LockAction::Merge(merge) = &lock.action;
            commands::lock_merge(context, &lock_merge_options(merge)?)
        }
        Some(Command::Man(asked)) => commands::manual(context, &manual_options(asked)),
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
