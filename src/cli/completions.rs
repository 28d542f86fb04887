//! What a shell completes a command line by, written out of the definitions.

mod dependencies;

use clap::builder::PossibleValuesParser;
use clap::{Arg, Args, Command, ValueHint};
use clap_complete::Shell;

use super::help;

/// `completions`.
#[derive(Args, Debug)]
pub struct Completions {
    /// The shell: bash, elvish, fish, powershell or zsh
    #[arg(value_name = "SHELL", hide_possible_values = true)]
    pub shell: Shell,
}

/// What an argument takes: command, argument, values. The commands themselves read plain text, since their
/// own messages and exit codes tell more than clap would.
const VALUES: &[(&str, &str, &[&str])] = &[
    (
        "audit",
        "what",
        &[
            "drift",
            "integrity",
            "provenance",
            "vulnerabilities",
            "licences",
        ],
    ),
    (
        "audit",
        "format",
        &[
            "table",
            "json",
            "sarif",
            "cyclonedx",
            "spdx",
            "github",
            "osv",
        ],
    ),
    (
        "audit",
        "severity",
        &["note", "low", "medium", "high", "critical"],
    ),
    ("outdated", "format", &["table", "json"]),
    ("doctor", "format", &["text", "json"]),
    ("list", "output", &["text", "json", "json-pretty"]),
    (
        "env",
        "format",
        &["sh", "fish", "powershell", "json", "plain"],
    ),
    ("mirror set", "vcs", &["git", "hg", "svn", "bzr"]),
];

/// The script that makes a shell complete the command lines of a program of this name.
pub(super) fn script(shell: Shell, program: &'static str) -> String {
    let mut definitions = offered(&help::definitions(program), &mut Vec::new());
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut definitions, program, &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    let script = match shell {
        // clap_complete 4.6 takes the dash in our name for the space before a subcommand at one of two places, so
        // that no command is known.
        Shell::Bash => script.replace("glide__subcmd__rs", "glide__rs"),
        _ => script,
    };
    dependencies::added(&script, shell, program)
}

/// What is offered of a command, and of those below it: what its help shows, with the values that arguments take.
fn offered(command: &Command, path: &mut Vec<String>) -> Command {
    let here = path.join(" ");
    let shown = command.get_arguments().filter(|arg| !arg.is_hide_set());
    let mut offered = Command::new(command.get_name().to_owned())
        .about(command.get_about().cloned().unwrap_or_default())
        .visible_aliases(command.get_visible_aliases().map(str::to_owned))
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .args(shown.map(|arg| with_values(arg.clone(), &here)));
    for below in command.get_subcommands() {
        path.push(below.get_name().to_owned());
        offered = offered.subcommand(self::offered(below, path));
        path.pop();
    }
    offered
}

fn with_values(arg: Arg, command: &str) -> Arg {
    let id = arg.get_id().as_str();
    let mut rows = VALUES.iter();
    if let Some((_, _, values)) = rows.find(|(of, arg, _)| *of == command && *arg == id) {
        return arg.value_parser(PossibleValuesParser::new(*values));
    }
    let names = arg.get_value_names().unwrap_or_default();
    match names.first().map(clap::builder::Str::as_str) {
        Some("FILE") => arg.value_hint(ValueHint::FilePath),
        Some("PACKAGE") => arg.value_hint(ValueHint::Hostname), // what `dependencies` looks for
        Some("DIR") => arg.value_hint(ValueHint::DirPath),
        Some("PATH|URL") => arg.value_hint(ValueHint::AnyPath),
        _ => arg,
    }
}

/// The rows of values.
#[cfg(test)]
pub(super) fn values() -> &'static [(&'static str, &'static str, &'static [&'static str])] {
    VALUES
}
