//! go.mod, as far as it says which modules are meant: `module`, `require` and `replace`.
//!
//! Answers to the go command, not to Glide, which knows nothing of modules. Paths and versions are
//! handed on as they are written; whether they make sense is for whoever uses them. Directives that
//! are not known are passed over, so that the go.mod of tomorrow can be read too.

use crate::gosrc;

use super::error::Error;

/// What a go.mod says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GoMod {
    /// The module's own path, if it is given.
    pub module: Option<String>,
    /// What it requires, in the order of the text.
    pub requires: Vec<Require>,
    /// What is to be taken in place of what it requires.
    pub replaces: Vec<Replace>,
}

/// A module that is required.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Require {
    /// The module's path.
    pub path: String,
    /// Its version, most often `v1.2.3` or one made of a commit.
    pub version: String,
    /// Whether a comment says that only other modules need it.
    pub indirect: bool,
}

/// A module that is replaced by another one or by a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replace {
    /// The path of the module that is replaced.
    pub path: String,
    /// The only version that is replaced; every one where none is given.
    pub version: Option<String>,
    /// The module, or the folder, that takes its place.
    pub with: String,
    /// The version of that module; a folder has none.
    pub with_version: Option<String>,
}

/// The path of the module that a go.mod makes, whatever else may be wrong with the file.
pub fn module_path(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.lines().filter_map(|line| Line::read(line).ok());
    let mut in_block = false;
    for line in lines {
        match *line.tokens {
            ["module", "("] => in_block = true,
            ["module", path] => return value(path),
            [path] if in_block && path != ")" => return value(path),
            [] => {}
            _ => in_block = false,
        }
    }
    None
}

/// The minor version of the Go that a go.mod is written for (21 for `go 1.21` and `go 1.21.3`),
/// whatever else may be wrong with the file.
pub fn go_minor(bytes: &[u8]) -> Option<u32> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines().filter_map(|line| Line::read(line).ok());
    lines.find_map(|line| match *line.tokens {
        ["go", version] => minor(version),
        _ => None,
    })
}

/// The second number of a version of Go: `1.21`, `1.21.3`, `1.21rc2`, `go1.21`.
pub fn minor(version: &str) -> Option<u32> {
    let version = version.strip_prefix("go").unwrap_or(version);
    let rest = version.strip_prefix("1.")?;
    let end = rest.find(|c: char| !c.is_ascii_digit());
    rest[..end.unwrap_or(rest.len())].parse().ok()
}

/// The versions that a go.mod retracts, as the lowest and the highest of each range; what is not
/// understood is passed over, and a file that is no go.mod retracts nothing.
pub fn retracted(bytes: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(bytes);
    let mut block = Block::default();
    let mut found = Vec::new();
    for line in text.lines() {
        let Ok(line) = Line::read(line) else {
            return Vec::new();
        };
        let words = match block.take(&line) {
            Ok(Some((verb, words))) if verb == "retract" => words,
            Ok(_) => continue,
            Err(_) => return Vec::new(),
        };
        let range = match *words {
            ["[", low, ",", high, "]", ..] => value(low).zip(value(high)),
            ["[", ..] | [] => None,
            [version, ..] => value(version).map(|version| (version.clone(), version)),
        };
        found.extend(range);
    }
    found
}

/// Reads a go.mod.
pub fn read(bytes: &[u8]) -> Result<GoMod, Error> {
    let text = String::from_utf8_lossy(bytes);
    let mut read = GoMod::default();
    let mut block = Block::default();
    let mut number = 0;
    for line in text.lines() {
        number += 1;
        let refused = |reason| Error::GoMod {
            line: number,
            reason,
        };
        let line = Line::read(line).map_err(refused)?;
        if let Some((verb, arguments)) = block.take(&line).map_err(refused)? {
            read.add(&verb, arguments, &line).map_err(refused)?;
        }
    }
    if block.verb.is_some() {
        let reason = "a block has no end";
        return Err(Error::GoMod {
            line: number,
            reason,
        });
    }
    Ok(read)
}

impl GoMod {
    fn add(&mut self, verb: &str, arguments: &[&str], line: &Line<'_>) -> Result<(), &'static str> {
        match verb {
            "module" => {
                let &[path] = arguments else {
                    return Err("`module` takes a path");
                };
                if self.module.is_some() {
                    return Err("a second `module`");
                }
                self.module = Some(text(path)?);
            }
            "require" => {
                let &[path, version] = arguments else {
                    return Err("`require` takes a path and a version");
                };
                self.requires.push(Require {
                    path: text(path)?,
                    version: text(version)?,
                    indirect: line.is_indirect(),
                });
            }
            "replace" => self.replaces.push(replace(arguments)?),
            _ => {}
        }
        Ok(())
    }
}

fn replace(arguments: &[&str]) -> Result<Replace, &'static str> {
    let (path, version, with, with_version) = match *arguments {
        [path, "=>", with] => (path, None, with, None),
        [path, version, "=>", with] => (path, Some(version), with, None),
        [path, "=>", with, with_version] => (path, None, with, Some(with_version)),
        [path, version, "=>", with, with_version] => {
            (path, Some(version), with, Some(with_version))
        }
        _ => return Err("`replace` takes a path, `=>` and what takes its place"),
    };
    let replace = Replace {
        path: text(path)?,
        version: version.map(text).transpose()?,
        with: text(with)?,
        with_version: with_version.map(text).transpose()?,
    };
    let with = &replace.with;
    let is_folder = with.starts_with(['/', '\\'])
        || ["./", "../", ".\\", "..\\"]
            .iter()
            .any(|start| with.starts_with(start))
        || matches!(with.as_str(), "." | "..")
        || with.as_bytes().get(1) == Some(&b':');
    match (is_folder, &replace.with_version) {
        (true, Some(_)) => Err("a folder that takes a module's place has no version"),
        (false, None) => Err("what takes a module's place needs a version, or to be a folder"),
        _ => Ok(replace),
    }
}

/// The value of a word or quoted text.
fn text(token: &str) -> Result<String, &'static str> {
    value(token).ok_or("a quoted text is malformed")
}

fn value(token: &str) -> Option<String> {
    if token.starts_with(['"', '`']) {
        return gosrc::string_value(token.as_bytes());
    }
    (!token.contains(['"', '\'', '`'])).then(|| token.to_owned())
}

/// A line of the file: its words, and the comment at its end.
struct Line<'a> {
    tokens: Vec<&'a str>,
    comment: Option<&'a str>,
}

impl<'a> Line<'a> {
    fn read(line: &'a str) -> Result<Self, &'static str> {
        let mut tokens = Vec::new();
        let mut rest = line;
        loop {
            rest = rest.trim_start_matches([' ', '\t', '\r']);
            let Some(first) = rest.chars().next() else {
                return Ok(Self {
                    tokens,
                    comment: None,
                });
            };
            if let Some(comment) = rest.strip_prefix("//") {
                return Ok(Self {
                    tokens,
                    comment: Some(comment),
                });
            }
            let length = match first {
                '(' | ')' | '[' | ']' | '{' | '}' | ',' => 1,
                '"' | '`' => quoted(rest, first).ok_or("a quoted text has no end")?,
                _ => word(rest)?,
            };
            let (token, after) = rest.split_at(length);
            tokens.push(token);
            rest = after;
        }
    }

    /// Whether the comment begins with `indirect`, alone or set off by a semicolon.
    fn is_indirect(&self) -> bool {
        let mut words = self.comment.unwrap_or_default().split_whitespace();
        match words.next() {
            Some("indirect") => words.next().is_none(),
            Some("indirect;") => words.next().is_some(),
            _ => false,
        }
    }
}

/// The length of the quoted text that `rest` begins with.
fn quoted(rest: &str, quote: char) -> Option<usize> {
    let mut escaped = true;
    for (place, character) in rest.char_indices() {
        if escaped {
            escaped = false;
        } else if character == quote {
            return Some(place + 1);
        } else {
            escaped = character == '\\' && quote == '"';
        }
    }
    None
}

/// The length of the word that `rest` begins with.
fn word(rest: &str) -> Result<usize, &'static str> {
    let ends = |c: char| "()[]{},".contains(c) || c.is_whitespace() || c.is_control();
    let length = rest.find(ends).unwrap_or(rest.len());
    let length = rest[..length].find("//").unwrap_or(length);
    if rest[..length].contains("/*") {
        return Err("a comment begins with `//` here, not with `/*`");
    }
    if length == 0 {
        return Err("a character that has no place here");
    }
    Ok(length)
}

/// The block that the lines are in, if they are in one.
#[derive(Default)]
struct Block {
    /// What it began with; empty for a block of which nothing is known.
    verb: Option<String>,
}

impl Block {
    /// The directive that the line is, and what it is about.
    fn take<'l, 'a>(
        &mut self,
        line: &'l Line<'a>,
    ) -> Result<Option<(String, &'l [&'a str])>, &'static str> {
        let tokens = line.tokens.as_slice();
        if let Some(verb) = &self.verb {
            return match tokens {
                [] => Ok(None),
                [")"] => {
                    self.verb = None;
                    Ok(None)
                }
                [")", ..] => Err("only a comment may follow the end of a block"),
                _ => Ok(Some((verb.clone(), tokens))),
            };
        }
        match tokens {
            [] | [_, .., "(", ")"] => Ok(None),
            [verb, words @ .., "("] => {
                let verb = if words.is_empty() { verb } else { "" };
                self.verb = Some(verb.to_owned());
                Ok(None)
            }
            [verb, arguments @ ..] => Ok(Some(((*verb).to_owned(), arguments))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{GoMod, module_path, read};

    #[track_caller]
    fn check_path(text: &str, expected: Option<&str>) {
        assert_eq!(
            module_path(text.as_bytes()).as_deref(),
            expected,
            "{text:?}"
        );
    }

    #[test]
    fn the_module_s_path_is_found_whatever_else_is_wrong() {
        check_path("module example.com/a/v2\n", Some("example.com/a/v2"));
        check_path(
            "// c\r\n\r\nmodule\texample.com/a // d\r\n",
            Some("example.com/a"),
        );
        check_path("module \"example.com/a\"", Some("example.com/a"));
        check_path("module `example.com/a`//x", Some("example.com/a"));
        check_path("module \"example.com/\\x61\"", Some("example.com/a"));
        check_path("module (\n\n\texample.com/a\n)\n", Some("example.com/a"));
        check_path("/* x */\n\"\nrequire (\n a\n)\nmodule a\n", Some("a"));
        check_path("\tgo 1.12\n  module a\n", Some("a"));
        check_path("", None);
        check_path("module\n", None);
        check_path("modulea\n", None);
        check_path("module a b\n", None);
        check_path("module a\"b\n", None);
        check_path("module \"a\n", None);
        check_path("require (\nmodule a\n", Some("a"));
        check_path("module (\n)\na\n", None);
        check_path("// module a\n", None);
    }

    #[test]
    fn retractions_are_versions_and_ranges() {
        let check = |text: &str, expected: &[(&str, &str)]| {
            let found = super::retracted(text.as_bytes());
            let found: Vec<_> = found.iter().map(|(low, high)| (&**low, &**high)).collect();
            assert_eq!(found, expected, "{text:?}");
        };
        check("module a\nretract v1.0.0 // why\n", &[("v1.0.0", "v1.0.0")]);
        check("retract [v1.0.0, v1.9.9]", &[("v1.0.0", "v1.9.9")]);
        check(
            "retract (\n\t// why\n\tv1.0.0\n\t[v1.1.0, \"v1.2.0\"]\n)\nretract v2.0.0\n",
            &[
                ("v1.0.0", "v1.0.0"),
                ("v1.1.0", "v1.2.0"),
                ("v2.0.0", "v2.0.0"),
            ],
        );
        check(
            "retract [v1.0.0\nretract [v1.0.0,]\nretract v1.2.0",
            &[("v1.2.0", "v1.2.0")],
        );
        check("require (\n v1.0.0 v1\n)\nodd (\n retract v1\n)\n", &[]);
        check("retract v1.0.0\n\"\n", &[]);
        check("", &[]);
    }

    /// A line for everything that was read.
    fn summary(read: &GoMod) -> Vec<String> {
        let version = |version: &Option<String>| version.clone().unwrap_or_default();
        let mut lines: Vec<String> = read.module.iter().cloned().collect();
        for require in &read.requires {
            let end = if require.indirect { " indirect" } else { "" };
            lines.push(format!("{} {}{end}", require.path, require.version));
        }
        for replace in &read.replaces {
            let (old, new) = (version(&replace.version), version(&replace.with_version));
            lines.push(format!("{} {old} => {} {new}", replace.path, replace.with));
        }
        lines
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(
            summary(&read(text.as_bytes()).unwrap()),
            expected,
            "{text:?}"
        );
    }

    #[track_caller]
    fn check_refused(text: &str, expected: &str) {
        assert_eq!(read(text.as_bytes()).unwrap_err().to_string(), expected);
    }

    #[test]
    fn requirements_stand_alone_or_in_blocks() {
        check("", &[]);
        check(
            "module a\ngo 1.12\nrequire b v1.0.0\nrequire (\n\t\"c\" v2.0.0+incompatible // indirect\n\
             \n\td v0.0.0-20170101000000-0123456789ab // indirect; why\n\t// indirect\n\te v1//x\n)\n",
            &[
                "a",
                "b v1.0.0",
                "c v2.0.0+incompatible indirect",
                "d v0.0.0-20170101000000-0123456789ab indirect",
                "e v1",
            ],
        );
        check(
            "require a v1 // indirectly\nrequire b v1 // indirect;\nrequire c v1 // indirect x\n",
            &["a v1", "b v1", "c v1"],
        );
        check(
            "require ()\nrequire ( ) // x\nrequire ( // x\n) // y\n",
            &[],
        );
        check(
            "retract [v1.0.0, v1.9.9] // x\nexclude a v1\ntool (\n b\n)\nx y (\n require\n)\n",
            &[],
        );
    }

    #[test]
    fn replacements_are_modules_or_folders() {
        check(
            "replace a => b v1\nreplace (\n\ta v1 => b v2\n\ta => ../b\n\ta v2 => \"/x y\"\n)\n",
            &["a  => b v1", "a v1 => b v2", "a  => ../b ", "a v2 => /x y "],
        );
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        check_refused("module a\n\nmodule b\n", "go.mod:3: a second `module`");
        check_refused(
            "require a\n",
            "go.mod:1: `require` takes a path and a version",
        );
        check_refused("require (\n\ta v1\n", "go.mod:2: a block has no end");
        check_refused(
            "require (\n) x\n",
            "go.mod:2: only a comment may follow the end of a block",
        );
        check_refused("require \"a v1\n", "go.mod:1: a quoted text has no end");
        check_refused("require 'a' v1\n", "go.mod:1: a quoted text is malformed");
        check_refused(
            "require \"\\q\" v1\n",
            "go.mod:1: a quoted text is malformed",
        );
        check_refused(
            "module a /* b */\n",
            "go.mod:1: a comment begins with `//` here, not with `/*`",
        );
        check_refused(
            "replace a => b\n",
            "go.mod:1: what takes a module's place needs a version, or to be a folder",
        );
        check_refused(
            "replace a => ./b v1\n",
            "go.mod:1: a folder that takes a module's place has no version",
        );
        check_refused(
            "module a\u{7}\n",
            "go.mod:1: a character that has no place here",
        );
    }
}
