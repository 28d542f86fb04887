//! `env`: prints what `exec` tells its command, for a shell to take over.

use std::ffi::OsStr;

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
    /// `NAME=value`, a line each, as build services read it.
    Plain,
}

impl EnvFormat {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Sh, Self::Fish, Self::Plain];

    /// What the format is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sh => "sh",
            Self::Fish => "fish",
            Self::Plain => "plain",
        }
    }

    /// The format of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    fn variable(self, output: &mut Vec<u8>, name: &str, value: &OsStr) -> Result<(), Failure> {
        match self {
            Self::Sh => {
                output.extend_from_slice(format!("export {name}=").as_bytes());
                quote(output, value, SH);
                output.extend_from_slice(b";\n");
            }
            Self::Fish => {
                output.extend_from_slice(format!("set -gx {name} ").as_bytes());
                quote(output, value, FISH);
                output.extend_from_slice(b";\n");
            }
            Self::Plain => {
                let bytes = value.as_encoded_bytes();
                if bytes.contains(&b'\n') || bytes.contains(&b'\r') {
                    return Err(Failure::user(format!(
                        "{name} is {:?}, which is more than a line",
                        value.to_string_lossy()
                    ))
                    .with_hint("`env --format sh` can write it"));
                }
                output.extend_from_slice(name.as_bytes());
                output.push(b'=');
                output.extend_from_slice(bytes);
                output.push(b'\n');
            }
        }
        Ok(())
    }

    /// Goes to a folder. Shells have `PWD` in their own hands, and keep it as they went.
    fn folder(self, output: &mut Vec<u8>, folder: &OsStr) -> Result<(), Failure> {
        let escapes = match self {
            Self::Sh => SH,
            Self::Fish => FISH,
            Self::Plain => return self.variable(output, "PWD", folder),
        };
        output.extend_from_slice(b"cd ");
        quote(output, folder, escapes);
        output.extend_from_slice(b";\n");
        Ok(())
    }
}

/// What has to be written otherwise between single quotes.
type Escapes = &'static [(u8, &'static [u8])];

const SH: Escapes = &[(b'\'', b"'\\''")];
const FISH: Escapes = &[(b'\'', b"\\'"), (b'\\', b"\\\\")];

fn quote(output: &mut Vec<u8>, value: &OsStr, escapes: Escapes) {
    output.push(b'\'');
    for &byte in value.as_encoded_bytes() {
        match escapes.iter().find(|(special, _)| *special == byte) {
            Some((_, written)) => output.extend_from_slice(written),
            None => output.push(byte),
        }
    }
    output.push(b'\'');
}

/// Prints the variables. A private GOPATH that they lead to stays until the cache is cleared, or the project
/// gone.
pub fn env(context: &Context<'_>, format: EnvFormat) -> Result<Outcome, Failure> {
    let place = OnGopath::new(context)?;
    let mut output = Vec::new();
    for (name, value) in &place.variables {
        format.variable(&mut output, name, value)?;
    }
    format.folder(&mut output, place.folder.as_os_str())?;
    if let Some(private) = &place.private {
        private.keep()?;
    }
    Ok(Outcome { output, code: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_as_each_reader_wants_it() {
        let written = |format: EnvFormat, value: &str| {
            let mut output = Vec::new();
            format
                .variable(&mut output, "N", OsStr::new(value))
                .unwrap();
            format.folder(&mut output, OsStr::new(value)).unwrap();
            String::from_utf8(output).unwrap()
        };
        let hostile = "/a b'\\$(x)`\"";
        for (format, expected) in [
            (
                EnvFormat::Sh,
                "export N='/a b'\\''\\$(x)`\"';\ncd '/a b'\\''\\$(x)`\"';\n",
            ),
            (
                EnvFormat::Fish,
                "set -gx N '/a b\\'\\\\$(x)`\"';\ncd '/a b\\'\\\\$(x)`\"';\n",
            ),
            (EnvFormat::Plain, "N=/a b'\\$(x)`\"\nPWD=/a b'\\$(x)`\"\n"),
        ] {
            assert_eq!(written(format, hostile), expected);
            assert_eq!(EnvFormat::parse(format.name()), Some(format));
        }
        let broken = EnvFormat::Plain.variable(&mut Vec::new(), "N", OsStr::new("a\nEVIL=1"));
        assert!(broken.unwrap_err().render().contains("N is \"a\\nEVIL=1\""));
    }
}
