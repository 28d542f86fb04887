//! How messages look, and whether results are coloured.

use std::ffi::OsString;
use std::io::{self, IsTerminal as _};

use super::{Environment, build_service};
use crate::cli::{Colours, Global, MessageFormat};
use crate::env as names;
use crate::ui::{Form, Style};

/// How messages look, decided once.
pub(super) fn style(flags: &Global, environment: &Environment) -> Style {
    let terminal =
        io::stderr().is_terminal() && environment.get(names::TERM).as_deref() != Some("dumb");
    let form = form(flags);
    let talkative = !flags.quiet && !flags.debug;
    Style {
        quiet: flags.quiet,
        debug: flags.debug,
        color: may_color(flags, environment, terminal),
        progress: terminal && talkative && !build_service(environment) && form == Form::Text,
        form,
    }
}

/// In which form messages are written; needs no environment, so that it counts for what is wrong there.
pub fn form(flags: &Global) -> Form {
    match flags.message_format {
        MessageFormat::Human => Form::Text,
        MessageFormat::Json => Form::Json,
    }
}

/// Whether a stream may be coloured.
pub(super) fn may_color(flags: &Global, environment: &Environment, terminal: bool) -> bool {
    terminal
        && environment.get(names::TERM).as_deref() != Some("dumb")
        && !flags.no_color
        && environment.get(names::NO_COLOR).is_none()
}

/// Which streams may be coloured by what is told before the arguments are understood: help, and what is wrong with
/// them.
pub fn colours(arguments: &[OsString], environment: &Environment) -> Colours {
    let given = |argument: &OsString| argument == "--no-color" || argument == "-no-color";
    let flags = Global {
        no_color: arguments.iter().any(given),
        ..Global::default()
    };
    let may = |terminal| may_color(&flags, environment, terminal);
    Colours {
        output: may(io::stdout().is_terminal()),
        errors: may(io::stderr().is_terminal()),
    }
}
