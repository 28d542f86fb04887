//! Go's way of writing flags, turned into clap's: one dash before a long name is as good as two,
//! and a flag that is on or off may say so (`--quiet=false`).
//!
//! Only flags that exist are touched; what is wrong stays wrong and clap tells of it.

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
        let Some(text) = argument.to_str() else {
            rewritten.push(argument);
            continue;
        };
        if text == "--" {
            rewritten.push(argument);
            break;
        }
        let Some(flag) = Flag::read(text).and_then(|flag| flag.known(root, command)) else {
            rewritten.push(argument.clone());
            match command.find_subcommand(text) {
                Some(below) => command = below,
                // What stands behind a plugin's name is the plugin's.
                None if std::ptr::eq(command, root) && !text.starts_with('-') => break,
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

/// Something that looks like a flag.
struct Flag<'a> {
    name: &'a str,
    value: Option<&'a str>,
}

/// A flag that there is.
struct Known<'a> {
    flag: Flag<'a>,
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
            arg.get_long() == Some(self.name) || letter.is_some() && arg.get_short() == letter
        };
        let mut args = command.get_arguments().chain(root.get_arguments());
        let switch = !args.find(is_it)?.get_action().takes_values();
        Some(Known { flag: self, switch })
    }
}

impl Known<'_> {
    fn wants_value(&self) -> bool {
        !self.switch && self.flag.value.is_none()
    }

    /// The flag for clap; nothing for a switch that is off.
    fn written(&self) -> Option<OsString> {
        let Flag { name, value } = self.flag;
        let dashes = if name.chars().count() == 1 { "-" } else { "--" };
        let value = match value {
            Some("0" | "f" | "F" | "false" | "False" | "FALSE") if self.switch => return None,
            Some("1" | "t" | "T" | "true" | "True" | "TRUE") if self.switch => None,
            other => other,
        };
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
        ] {
            check(line, expected);
        }
    }

    #[test]
    fn what_is_no_flag_stays() {
        for line in [
            "g install --nonsense",
            "g install -qv",
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
