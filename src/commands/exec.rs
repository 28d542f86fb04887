//! `exec`: runs a command as if the project lay in GOPATH.
//!
//! The command is run and waited for, not become: what was made for it has to go afterwards. Its
//! streams are ours; signals reach it, and its end is ours, by way of [`Interrupt::run`].
//!
//! [`Interrupt::run`]: crate::interrupt::Interrupt::run

use std::ffi::{OsStr, OsString};
use std::io;
use std::process::Command;

use super::on_gopath::OnGopath;
use super::{Context, Outcome};
use crate::error::Failure;
use crate::interrupt::{self, Ended};

/// The exit code where there is no such command, as shells have it.
const MISSING: u8 = 127;
/// The exit code where the command cannot be run, as shells have it.
const NOT_STARTED: u8 = 126;

/// What `exec` is to run.
#[derive(Debug, Default)]
pub struct ExecOptions {
    /// The program and its arguments, which no shell sees.
    pub command: Vec<OsString>,
}

/// Runs the command; its exit code is ours. If a signal has ended it, that ends us.
pub fn exec(context: &Context<'_>, options: &ExecOptions) -> Result<Outcome, Failure> {
    let Some((program, arguments)) = options.command.split_first() else {
        return Err(Failure::user("there is no command to run"));
    };
    let orderly = context.interrupt.orderly();
    let place = OnGopath::new(context)?;
    warn_of_patterns(context, &place, arguments);
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(&place.folder)
        .env("PWD", &place.folder);
    for (name, value) in &place.variables {
        command.env(name, value);
    }
    let ended = context.interrupt.run(&mut command);
    let lacks_vendor = place.project.lacks_vendor();
    drop(place);
    drop(orderly);
    let code = match ended.map_err(|error| not_run(program, &error))? {
        Ended::Code(code) => {
            if code != 0 && lacks_vendor {
                // Go tells only where it has looked.
                context
                    .reporter
                    .warn("there is a glide.lock and no vendor/; `glide-rs install` fills it");
            }
            code
        }
        Ended::Signal(signal) => interrupt::end_by(signal),
        Ended::NotStarted => interrupt::EXIT_CODE,
    };
    Ok(Outcome {
        code,
        ..Outcome::default()
    })
}

fn not_run(program: &OsStr, error: &io::Error) -> Failure {
    let shown = program.display();
    let code = match error.kind() {
        io::ErrorKind::NotFound => MISSING,
        _ => NOT_STARTED,
    };
    let failure = Failure::user(format!("cannot run `{shown}`: {error}")).with_code(code);
    if code == NOT_STARTED {
        return failure.with_hint("it has to be a program, with the permission to be run");
    }
    let mut bytes = program.as_encoded_bytes().iter();
    if bytes.any(|byte| std::path::is_separator(char::from(*byte))) {
        return failure.with_hint("the file is missing, or the program that its first line names");
    }
    failure
        .with_hint(format!("no folder of PATH has a program `{shown}`"))
        .with_hint(if cfg!(windows) {
            "no shell is run; `exec -- cmd /c …` runs one"
        } else {
            "no shell is run; `exec -- sh -c '…'` runs one"
        })
}

/// Without an overlay Go looks for the packages of a pattern below GOPATH and passes the link by, and takes it
/// for no error if there are none. Patterns that begin with a point are looked for in the working folder, and found.
fn warn_of_patterns(context: &Context<'_>, place: &OnGopath, arguments: &[OsString]) {
    if place.matches_patterns {
        return;
    }
    let patterns = arguments.iter().filter_map(|word| word.to_str());
    for pattern in patterns.filter(|word| is_pattern_over(word, &place.package)) {
        context.reporter.warn(format!(
            "Go does not follow the link to the project for `{pattern}`; `./...` in its place is followed"
        ));
    }
}

/// Whether the word is a pattern of import paths that the project's own would match.
fn is_pattern_over(word: &str, package: &str) -> bool {
    let Some(start) = word.strip_suffix("/...") else {
        return false;
    };
    let at_or_below = |path: &str, folder: &str| {
        let rest = path.strip_prefix(folder);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    !start.is_empty() && (at_or_below(start, package) || at_or_below(package, start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_that_go_does_not_follow_are_known() {
        for (word, expected) in [
            ("h/me/app/...", true),
            ("h/me/app/cmd/...", true),
            ("h/me/...", true),
            ("h/...", true),
            ("./...", false),
            ("...", false),
            ("/...", false),
            ("h/me/ap/...", false),
            ("h/me/apps/...", false),
            ("h/me/app", false),
            ("-coverpkg=h/me/app/...", false),
            ("./cmd/...", false),
        ] {
            assert_eq!(is_pattern_over(word, "h/me/app"), expected, "{word}");
        }
    }
}
