//! Go's way of writing flags, turned into clap's: one dash before a long name is as good as two,
//! and a flag that is on or off may say so (`--quiet=false`).
//!
//! What is wrong stays wrong, and is written so that clap tells of it by the name that was given.

use std::ffi::OsString;

use clap::{Arg, Command};

/// The arguments with each flag written as clap reads it; the first one is the program's name.
pub(super) fn from_go(
    arguments: impl IntoIterator<Item = OsString>,
    root: &Command,
) -> Vec<OsString> {
    let mut arguments = arguments.into_iter();
    let mut command = root;
    let mut rewritten: Vec<OsString> = arguments.next().into_iter().collect();
    while let Some(argument) = arguments.next() {
        // What stands behind the name of another program is that program's.
        let anothers = command.get_positionals().any(Arg::is_trailing_var_arg_set);
        let Some(text) = argument.to_str() else {
            rewritten.push(argument);
            if anothers {
                break;
            }
            continue;
        };
        if text == "--" {
            // Before the command it ends the flags for all commands, and the command follows.
            if std::ptr::eq(command, root) {
                continue;
            }
            rewritten.push(argument);
            break;
        }
        let Some(flag) = Flag::read(text).and_then(|flag| flag.known(root, command)) else {
            rewritten.push(unknown(text, root, command).unwrap_or_else(|| argument.clone()));
            match command.find_subcommand(text) {
                Some(below) => command = below,
                // What stands behind a plugin's name is the plugin's.
                None if (anothers || std::ptr::eq(command, root)) && !text.starts_with('-') => {
                    break;
                }
                None => {}
            }
            continue;
        };
        rewritten.extend(flag.written());
        if flag.wants_value() {
            rewritten.extend(arguments.next());
        }
    }
    rewritten.extend(arguments);
    rewritten
}

/// A long name behind one dash that is no flag, behind two: clap would read it as letters, and speak
/// of one of them.
fn unknown(text: &str, root: &Command, command: &Command) -> Option<OsString> {
    let name = text.strip_prefix('-')?;
    if name.starts_with('-') || name.chars().nth(1).is_none() {
        return None;
    }
    for letter in name.chars() {
        let mut args = command.get_arguments().chain(root.get_arguments());
        match args.find(|arg| arg.get_short() == Some(letter)) {
            None => return Some(format!("--{name}").into()),
            // The rest is its value.
            Some(arg) if arg.get_action().takes_values() => return None,
            Some(_) => {}
        }
    }
    None
}

/// Something that looks like a flag.
struct Flag<'a> {
    name: &'a str,
    value: Option<&'a str>,
}

/// A flag that there is.
struct Known<'a> {
    flag: Flag<'a>,
    /// Its long name, where it has one.
    long: Option<String>,
    switch: bool,
}

impl<'a> Flag<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let bare = text.strip_prefix('-')?;
        let bare = bare.strip_prefix('-').unwrap_or(bare);
        let (name, value) = match bare.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (bare, None),
        };
        (!name.is_empty()).then_some(Self { name, value })
    }

    fn known(self, root: &Command, command: &Command) -> Option<Known<'a>> {
        let mut letters = self.name.chars();
        let letter = letters.next().filter(|_| letters.as_str().is_empty());
        let is_it = |arg: &&Arg| {
            let mut aliases = arg.get_all_aliases().into_iter().flatten();
            arg.get_long() == Some(self.name)
                || aliases.any(|alias| alias == self.name)
                || letter.is_some() && arg.get_short() == letter
        };
        let mut args = command.get_arguments().chain(root.get_arguments());
        let arg = args.find(is_it)?;
        let switch = !arg.get_action().takes_values();
        let long = arg.get_long().map(str::to_owned);
        Some(Known {
            flag: self,
            long,
            switch,
        })
    }
}

impl Known<'_> {
    fn wants_value(&self) -> bool {
        !self.switch && self.flag.value.is_none()
    }

    /// The flag for clap; nothing for a switch that is off.
    fn written(&self) -> Option<OsString> {
        let Flag { mut name, value } = self.flag;
        let value = match value {
            Some("0" | "f" | "F" | "false" | "False" | "FALSE") if self.switch => return None,
            Some("1" | "t" | "T" | "true" | "True" | "TRUE") if self.switch => None,
            other => other,
        };
        let mut dashes = if name.chars().count() == 1 { "-" } else { "--" };
        if let (true, Some(_), "-", Some(long)) = (self.switch, value, dashes, &self.long) {
            // Behind a letter clap would read the value as more letters.
            (dashes, name) = ("--", long);
        }
        let value = value.map(|value| format!("={value}")).unwrap_or_default();
        Some(format!("{dashes}{name}{value}").into())
    }
}

#[cfg(test)]
mod tests {
    use super::super::help;
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &str) {
        let words = |line: &str| -> Vec<OsString> { line.split(' ').map(Into::into).collect() };
        let root = help::definitions("g");
        assert_eq!(from_go(words(line), &root), words(expected), "{line}");
    }

    #[test]
    fn one_dash_is_as_good_as_two_and_switches_may_be_off() {
        for (line, expected) in [
            (
                "g -quiet install -strip-vendor",
                "g --quiet install --strip-vendor",
            ),
            (
                "g install -force --skip-test=true",
                "g install --force --skip-test",
            ),
            ("g --debug=false install -v=0 -s=t", "g install -s"),
            (
                "g -home /h -yaml=o.yaml name",
                "g --home /h --yaml=o.yaml name",
            ),
            ("g -y -quiet info -f -n", "g -y -quiet info -f -n"),
            ("g info -format=%n=%l", "g info --format=%n=%l"),
            ("g update -quick", "g update --quick"),
            ("g -q -- name -- x", "g -q name -- x"),
            (
                "g exec -quiet go -quiet -x=0",
                "g exec --quiet go -quiet -x=0",
            ),
            ("g exec -- -quiet -debug", "g exec -- -quiet -debug"),
        ] {
            check(line, expected);
        }
    }

    #[test]
    fn what_is_wrong_keeps_its_name() {
        for (line, expected) in [
            ("g nv -x=yes", "g nv --no-subdir=yes"),
            ("g up -quick=maybe", "g up --quick=maybe"),
            ("g -unknown name", "g --unknown name"),
            ("g install -unknown=1", "g install --unknown=1"),
        ] {
            check(line, expected);
        }
    }

    #[test]
    fn what_is_no_flag_stays() {
        for line in [
            "g install --nonsense",
            "g install -qv",
            "g nv -xdsub",
            "g install -z",
            "g fmt -",
            "g fmt -- -quiet",
            "g install --force=maybe",
            "g plugin -quiet --debug=false install -force",
            "g",
        ] {
            check(line, line);
        }
    }
}
