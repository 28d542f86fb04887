//! How messages look, and whether results are coloured.

use std::ffi::OsString;
use std::io::{self, IsTerminal as _};

use super::{Environment, build_service};
use crate::cli::{Colours, Global, MessageFormat};
use crate::env as names;
use crate::ui::{self, Form, Style};

/// How messages look, decided once.
pub(super) fn style(flags: &Global, environment: &Environment) -> Style {
    styled(
        flags,
        environment,
        io::stderr().is_terminal() && escapes(environment),
    )
}

/// The same where it is known whether standard error is a terminal.
fn styled(flags: &Global, environment: &Environment, terminal: bool) -> Style {
    let terminal = terminal && environment.get(names::TERM).as_deref() != Some("dumb");
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

/// Whether the terminal takes escape sequences. Terminals that are no consoles of Windows set `TERM`.
pub(super) fn escapes(environment: &Environment) -> bool {
    environment.get(names::TERM).is_some() || ui::understands_escapes()
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
    let may = |terminal| may_color(&flags, environment, terminal && escapes(environment));
    Colours {
        output: may(io::stdout().is_terminal()),
        errors: may(io::stderr().is_terminal()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pairs: &[(&str, &str)], flags: &Global, terminal: bool) -> (bool, bool) {
        let pairs = pairs.iter();
        let environment = pairs.map(|(name, value)| ((*name).to_owned(), (*value).into()));
        let style = styled(flags, &environment.collect(), terminal);
        (style.progress, style.color)
    }

    #[test]
    fn progress_is_for_people_at_a_terminal() {
        let plain = Global::default();
        for (pairs, terminal, expected) in [
            (&[][..], true, (true, true)),
            (&[("TERM", "xterm")], true, (true, true)),
            (&[("NO_COLOR", "1")], true, (true, false)),
            (&[("CI", "true")], true, (false, true)),
            (&[("TERM", "dumb")], true, (false, false)),
            (&[], false, (false, false)),
        ] {
            assert_eq!(shown(pairs, &plain, terminal), expected, "{pairs:?}");
        }
        let set = |change: fn(&mut Global)| {
            let mut flags = Global::default();
            change(&mut flags);
            shown(&[], &flags, true).0
        };
        assert!(set(|flags| flags.no_color = true));
        assert!(!set(|flags| flags.quiet = true));
        assert!(!set(|flags| flags.debug = true));
        assert!(!set(|flags| flags.message_format = MessageFormat::Json));
    }
}
