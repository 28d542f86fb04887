//! Plugins: a command that nobody knows is a program of the person's.
//!
//! `NAME` is `glide-rs-NAME`, else Glide's `glide-NAME`, each from PATH or else the working folder.
//! The plugin takes the place of this process, so that its streams, its exit code and signals to it
//! need no passing on; where no process can become another, it is waited for. Glide ends in 0 whatever
//! the plugin returns.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Context, Outcome};
use crate::error::Failure;
use crate::fsx;
use crate::settings::Settings;

/// Glide's exit code where there is no such plugin.
const MISSING: u8 = 99;
/// Glide's exit code where a plugin cannot be started.
const NOT_STARTED: u8 = 98;

/// A command that is none of ours.
#[derive(Debug, Default)]
pub struct PluginOptions {
    /// Its name.
    pub name: OsString,
    /// All other arguments, also those before the name, as they were given.
    pub arguments: Vec<OsString>,
    /// The command with a name most like it.
    pub similar: Option<String>,
    /// How we are called.
    pub program: &'static str,
}

/// Becomes the plugin; comes back only if it cannot.
pub fn plugin(context: &Context<'_>, options: &PluginOptions) -> Result<Outcome, Failure> {
    let Some((name, path)) = find(context.settings, &options.name) else {
        return Err(missing(options));
    };
    let path_shown = path.display();
    context
        .reporter
        .debug(format!("Delegating to plugin {path_shown}"));
    let error = match become_plugin(context, &name, &path, &options.arguments) {
        Ok(outcome) => return Ok(outcome),
        Err(error) => error,
    };
    let name = name.to_string_lossy();
    // Glide text
    let failure = Failure::user(format!("Failed to execute {name}: {error}"));
    Err(failure.with_code(NOT_STARTED).with_hint(format!(
        "`{path_shown}` has to be a program, with the permission to be run"
    )))
}

#[cfg(unix)]
fn become_plugin(
    _context: &Context<'_>,
    name: &OsStr,
    path: &Path,
    arguments: &[OsString],
) -> io::Result<Outcome> {
    use std::os::unix::process::CommandExt as _;
    Err(Command::new(path).arg0(name).args(arguments).exec())
}

#[cfg(not(unix))]
fn become_plugin(
    context: &Context<'_>,
    _name: &OsStr,
    path: &Path,
    arguments: &[OsString],
) -> io::Result<Outcome> {
    use crate::interrupt::{self, Ended};
    let code = match context.interrupt.run(Command::new(path).args(arguments))? {
        Ended::Code(code) => code,
        Ended::Signal(signal) => interrupt::end_by(signal),
        Ended::NotStarted => interrupt::EXIT_CODE,
    };
    Ok(Outcome {
        code,
        ..Outcome::default()
    })
}

/// The plugin's program and where it is.
fn find(settings: &Settings, name: &OsStr) -> Option<(OsString, PathBuf)> {
    let leads_on =
        |byte: &u8| std::path::is_separator(char::from(*byte)) || cfg!(windows) && *byte == b':';
    if name.is_empty() || name.as_encoded_bytes().iter().any(leads_on) {
        return None;
    }
    ["glide-rs-", "glide-"].into_iter().find_map(|prefix| {
        let mut program = OsString::from(prefix);
        program.push(name);
        // What stands in the folder counts also if it cannot be run, so that the person is told.
        let here = || {
            let here = settings.folder.join(&program);
            let found = fsx::find_program([&settings.folder], &program);
            found.or_else(|| fsx::exists(&here).then_some(here))
        };
        let found = fsx::find_program(&settings.path, &program).or_else(here)?;
        Some((program, found))
    })
}

fn missing(options: &PluginOptions) -> Failure {
    let (name, program) = (options.name.to_string_lossy(), options.program);
    // Glide text
    let mut failure =
        Failure::user(format!("Command glide-{name} does not exist.")).with_code(MISSING);
    if let Some(similar) = &options.similar {
        failure = failure.with_hint(format!("did you mean `{program} {similar}`?"));
    }
    failure.with_hint(format!(
        "`{program} help` lists the commands; others are programs called glide-NAME on PATH"
    ))
}
