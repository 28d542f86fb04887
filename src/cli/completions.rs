//! What a shell completes a command line by, written out of the definitions.

use clap::builder::PossibleValuesParser;
use clap::{Args, Command, ValueHint};
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
    ("audit", "severity", &["low", "medium", "high", "critical"]),
    ("outdated", "format", &["table", "json"]),
    ("doctor", "format", &["text", "json"]),
    ("list", "output", &["text", "json", "json-pretty"]),
    ("mirror set", "vcs", &["git", "hg", "svn", "bzr"]),
];

/// The script that makes a shell complete the command lines of a program of this name.
pub(super) fn script(shell: Shell, program: &'static str) -> String {
    let mut definitions = with_values(help::definitions(program), &mut Vec::new());
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut definitions, program, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// Tells a command, and those below it, what their arguments take.
fn with_values(command: Command, path: &mut Vec<String>) -> Command {
    let here = path.join(" ");
    let mut command = command.mut_args(|arg| {
        let id = arg.get_id().as_str();
        if let Some((_, _, values)) = VALUES.iter().find(|(of, arg, _)| *of == here && *arg == id) {
            return arg.value_parser(PossibleValuesParser::new(*values));
        }
        let names = arg.get_value_names().unwrap_or_default();
        match names.first().map(|name| name.as_str()) {
            Some("FILE") => arg.value_hint(ValueHint::FilePath),
            Some("DIR") => arg.value_hint(ValueHint::DirPath),
            Some("PATH|URL") => arg.value_hint(ValueHint::AnyPath),
            _ => arg,
        }
    });
    let names: Vec<String> = command
        .get_subcommands()
        .map(|below| below.get_name().to_owned())
        .collect();
    for name in names {
        path.push(name.clone());
        command = command.mut_subcommand(name, |below| with_values(below, path));
        path.pop();
    }
    command
}

/// The rows of values.
#[cfg(test)]
pub(super) fn values() -> &'static [(&'static str, &'static str, &'static [&'static str])] {
    VALUES
}
