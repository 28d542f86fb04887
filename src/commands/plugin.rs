//! Plugins: a command that nobody knows is a program of the person's.
//!
//! `NAME` is `glide-rs-NAME`, else Glide's `glide-NAME`, each from PATH or else the working folder.
//! The plugin takes the place of this process, so that its streams, its exit code and signals to it
//! need no passing on. Glide ends in 0 whatever the plugin returns.

use std::convert::Infallible;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::process::CommandExt as _;
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
    let error = match replace_process(&name, &path, &options.arguments) {
        Ok(never) => match never {},
        Err(error) => error,
    };
    let name = name.to_string_lossy();
    // Glide text
    let failure = Failure::user(format!("Failed to execute {name}: {error}"));
    Err(failure.with_code(NOT_STARTED).with_hint(format!(
        "`{path_shown}` has to be a program, with the permission to be run"
    )))
}

fn replace_process(name: &OsStr, path: &Path, arguments: &[OsString]) -> io::Result<Infallible> {
    Err(Command::new(path).arg0(name).args(arguments).exec())
}

/// The plugin's program and where it is.
fn find(settings: &Settings, name: &OsStr) -> Option<(OsString, PathBuf)> {
    let is_name = !name.is_empty() && !name.as_encoded_bytes().contains(&b'/');
    if !is_name {
        return None;
    }
    ["glide-rs-", "glide-"].into_iter().find_map(|prefix| {
        let mut program = OsString::from(prefix);
        program.push(name);
        let on_path = settings.path.iter().map(|folder| folder.join(&program));
        let mut on_path = on_path.filter(|path| is_program(path));
        let here = settings.folder.join(&program);
        // What stands in the folder counts also if it cannot be run, so that the person is told.
        let found = on_path
            .next()
            .or_else(|| fsx::exists(&here).then_some(here))?;
        Some((program, found))
    })
}

/// Whether a file can be seen there, links followed, that may be run.
fn is_program(path: &Path) -> bool {
    let real = fsx::canonicalize(path);
    real.is_ok_and(|real| !fsx::is_folder(&real) && fsx::is_executable(&real).unwrap_or(false))
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
