//! `env`: prints what `exec` tells its command, for a shell or a program to take over.

use std::ffi::{OsStr, OsString};

use super::list::quoted;
use super::on_gopath::OnGopath;
use super::{Context, Outcome};
use crate::error::Failure;

/// Whose language the variables are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnvFormat {
    /// That of `sh` and all that is like it.
    Sh,
    /// That of fish.
    Fish,
    /// That of PowerShell.
    PowerShell,
    /// An object of JSON, for programs.
    Json,
    /// `NAME=value`, a line each, as build services read it.
    Plain,
}

/// A variable and its value.
type Variable = (&'static str, OsString);

impl EnvFormat {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Sh,
        Self::Fish,
        Self::PowerShell,
        Self::Json,
        Self::Plain,
    ];

    /// What the format is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sh => "sh",
            Self::Fish => "fish",
            Self::PowerShell => "powershell",
            Self::Json => "json",
            Self::Plain => "plain",
        }
    }

    /// The format of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The variables, and the way to the folder. Shells of Unix have `PWD` in their own hands, and keep it as
    /// they went.
    fn write(self, variables: &[Variable], folder: &OsStr) -> Result<Vec<u8>, Failure> {
        let all = || {
            let folder = ("PWD", folder.to_owned());
            variables.iter().cloned().chain([folder])
        };
        match self {
            Self::Sh => Ok(SH.script(variables, folder)),
            Self::Fish => Ok(FISH.script(variables, folder)),
            Self::PowerShell => {
                all().try_for_each(|(name, value)| text(name, &value).map(drop))?;
                let mut script = POWERSHELL.script(variables, folder);
                // It leaves `PWD` as it found it, and Go goes by it.
                POWERSHELL.variable(&mut script, "PWD", folder);
                Ok(script)
            }
            Self::Json => {
                let members = all().map(|(name, value)| {
                    let value = quoted(text(name, &value)?);
                    Ok(format!("  \"{name}\": {value}"))
                });
                let members = members.collect::<Result<Vec<_>, Failure>>()?;
                Ok(format!("{{\n{}\n}}\n", members.join(",\n")).into_bytes())
            }
            Self::Plain => {
                let lines = all().map(|(name, value)| line(name, &value));
                let lines = lines.collect::<Result<Vec<_>, Failure>>()?;
                Ok(lines.concat())
            }
        }
    }
}

/// A value as text, which not every path is.
fn text<'v>(name: &str, value: &'v OsStr) -> Result<&'v str, Failure> {
    value.to_str().ok_or_else(|| {
        let message = format!("{name} is `{}`, which is not UTF-8", value.display());
        Failure::user(message).with_hint("`env --format sh` can write it")
    })
}

fn line(name: &str, value: &OsStr) -> Result<Vec<u8>, Failure> {
    let bytes = value.as_encoded_bytes();
    if bytes.contains(&b'\n') || bytes.contains(&b'\r') {
        let value = value.to_string_lossy();
        let message = format!("{name} is {value:?}, which is more than a line");
        return Err(Failure::user(message).with_hint("`env --format sh` can write it"));
    }
    Ok([name.as_bytes(), b"=", bytes, b"\n"].concat())
}

/// How a shell is told something.
struct Shell {
    /// What stands before and after the name of a variable.
    set: [&'static str; 2],
    /// What stands before a folder to go to.
    go: &'static str,
    end: &'static str,
    /// What has to be written otherwise between single quotes.
    escapes: &'static [(&'static str, &'static str)],
}

const SH: Shell = Shell {
    set: ["export ", "="],
    go: "cd ",
    end: ";\n",
    escapes: &[("'", "'\\''")],
};

const FISH: Shell = Shell {
    set: ["set -gx ", " "],
    go: "cd ",
    end: ";\n",
    escapes: &[("'", "\\'"), ("\\", "\\\\")],
};

/// It reads what a program writes by lines, whatever ends them, and typographic quotes are quotes to it.
const POWERSHELL: Shell = Shell {
    set: ["$env:", " = "],
    go: "Set-Location -LiteralPath ",
    end: "\n",
    escapes: &[
        ("'", "''"),
        ("\u{2018}", "\u{2018}\u{2018}"),
        ("\u{2019}", "\u{2019}\u{2019}"),
        ("\u{201a}", "\u{201a}\u{201a}"),
        ("\u{201b}", "\u{201b}\u{201b}"),
        ("\n", "' + [char]10 + '"),
        ("\r", "' + [char]13 + '"),
    ],
};

impl Shell {
    fn script(&self, variables: &[Variable], folder: &OsStr) -> Vec<u8> {
        let mut script = Vec::new();
        for (name, value) in variables {
            self.variable(&mut script, name, value);
        }
        script.extend_from_slice(self.go.as_bytes());
        self.quote(&mut script, folder);
        script.extend_from_slice(self.end.as_bytes());
        script
    }

    fn variable(&self, script: &mut Vec<u8>, name: &str, value: &OsStr) {
        let [before, after] = self.set;
        script.extend_from_slice([before, name, after].concat().as_bytes());
        self.quote(script, value);
        script.extend_from_slice(self.end.as_bytes());
    }

    /// Writes a value in single quotes; in brackets as well, where it has to be put together.
    fn quote(&self, script: &mut Vec<u8>, value: &OsStr) {
        let start = script.len();
        let mut rest = value.as_encoded_bytes();
        let mut is_sum = false;
        script.push(b'\'');
        while let Some((&byte, after)) = rest.split_first() {
            let mut escapes = self.escapes.iter();
            let escape = escapes.find(|(special, _)| rest.starts_with(special.as_bytes()));
            if let Some((special, written)) = escape {
                is_sum |= written.contains('+');
                script.extend_from_slice(written.as_bytes());
                rest = &rest[special.len()..];
            } else {
                script.push(byte);
                rest = after;
            }
        }
        script.push(b'\'');
        if is_sum {
            script.insert(start, b'(');
            script.push(b')');
        }
    }
}

/// Prints the variables. A private GOPATH that they lead to stays until the cache is cleared, or the project
/// gone.
pub fn env(context: &Context<'_>, format: EnvFormat) -> Result<Outcome, Failure> {
    let place = OnGopath::new(context)?;
    let output = format.write(&place.variables, place.folder.as_os_str())?;
    if let Some(private) = &place.private {
        private.keep()?;
    }
    Ok(Outcome { output, code: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(format: EnvFormat, value: &str) -> Result<String, String> {
        let value = OsStr::new(value);
        let written = format.write(&[("N", value.to_owned())], value);
        let written = written.map_err(|failure| failure.render())?;
        Ok(String::from_utf8(written).unwrap())
    }

    #[test]
    fn values_are_quoted_as_each_reader_wants_it() {
        let hostile = "/a b'\\$(x)`\"\u{2019}";
        for (format, expected) in [
            (
                EnvFormat::Sh,
                "export N='/a b'\\''\\$(x)`\"’';\ncd '/a b'\\''\\$(x)`\"’';\n",
            ),
            (
                EnvFormat::Fish,
                "set -gx N '/a b\\'\\\\$(x)`\"’';\ncd '/a b\\'\\\\$(x)`\"’';\n",
            ),
            (
                EnvFormat::PowerShell,
                "$env:N = '/a b''\\$(x)`\"’’'\nSet-Location -LiteralPath '/a b''\\$(x)`\"’’'\n\
                 $env:PWD = '/a b''\\$(x)`\"’’'\n",
            ),
            (
                EnvFormat::Json,
                "{\n  \"N\": \"/a b'\\\\$(x)`\\\"’\",\n  \"PWD\": \"/a b'\\\\$(x)`\\\"’\"\n}\n",
            ),
            (EnvFormat::Plain, "N=/a b'\\$(x)`\"’\nPWD=/a b'\\$(x)`\"’\n"),
        ] {
            assert_eq!(written(format, hostile).unwrap(), expected);
            assert_eq!(EnvFormat::parse(format.name()), Some(format));
        }
    }

    #[test]
    fn powershell_is_given_all_of_a_text_on_one_line() {
        for (value, expected) in [
            ("", "''"),
            ("$env:x", "'$env:x'"),
            ("a;b", "'a;b'"),
            ("1 + 1", "'1 + 1'"),
            ("a\nb'\r", "('a' + [char]10 + 'b''' + [char]13 + '')"),
            ("\n", "('' + [char]10 + '')"),
            ("‘‚‛", "'‘‘‚‚‛‛'"),
        ] {
            let script = written(EnvFormat::PowerShell, value).unwrap();
            let first = format!("$env:N = {expected}\n");
            assert!(script.starts_with(&first), "{value:?}: {script}");
            assert_eq!(script.lines().count(), 3, "{script}");
        }
    }

    #[test]
    fn what_a_line_cannot_hold_is_told() {
        for value in ["a\nEVIL=1", "a\rEVIL=1"] {
            let told = written(EnvFormat::Plain, value).unwrap_err();
            let words = format!("N is {value:?}, which is more than a line");
            assert!(
                told.contains(&words) && told.contains("`env --format sh`"),
                "{told}"
            );
        }
        let json = written(EnvFormat::Json, "a\nb").unwrap();
        assert_eq!(json, "{\n  \"N\": \"a\\nb\",\n  \"PWD\": \"a\\nb\"\n}\n");
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_no_text_are_for_shells_of_unix() {
        use std::os::unix::ffi::OsStrExt as _;

        let odd = OsStr::from_bytes(b"/\xff'");
        let write = |format: EnvFormat| format.write(&[("N", odd.to_owned())], odd);
        assert_eq!(
            write(EnvFormat::Sh).unwrap(),
            b"export N='/\xff'\\''';\ncd '/\xff'\\''';\n"
        );
        for format in [EnvFormat::PowerShell, EnvFormat::Json] {
            let told = write(format).unwrap_err().render();
            assert!(
                told.contains("N is `/\u{fffd}'`, which is not UTF-8"),
                "{told}"
            );
        }
    }
}
