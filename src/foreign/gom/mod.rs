//! Gomfile, which gom reads, and Gomfile.lock, which it writes.

mod line;

use std::collections::HashMap;

use crate::manifest::{Dependency, split_name};
use crate::model::Roots;

use super::error::Error;
use super::merge::announce;
use super::text::replace_invalid;

use line::{Line, Value};

/// The file, below the project's root.
pub const FILE: &str = "Gomfile";
/// What is read in its place where it is there too.
pub const LOCK: &str = "Gomfile.lock";

/// Glide's buffer for a line. A longer one is taken for several.
const LONGEST_LINE: usize = 4096;

/// What a Gomfile says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gomfile {
    /// The packages of the groups `development` and `production` and of none.
    pub dependencies: Vec<Dependency>,
    /// What there is to tell about the others, each a line at Glide's level INFO.
    pub notes: Vec<String>,
}

/// Reads a Gomfile, or rather its lock if it has one; then it does not matter what is in it.
///
/// Nothing is merged: a repository comes as often as packages of it do.
pub fn read(gomfile: &[u8], lock: Option<&[u8]>, roots: &dyn Roots) -> Result<Gomfile, Error> {
    let (file, bytes) = match lock {
        Some(lock) => (LOCK, lock),
        None => (FILE, gomfile),
    };
    let text = replace_invalid_in_pieces(bytes);
    let mut wanted = Vec::new();
    let mut notes = Vec::new();
    for package in packages(file, &text)? {
        match package.check(file)? {
            Verdict::Wanted(reference) => wanted.push((package, reference)),
            Verdict::Skipped => {}
            Verdict::OtherGroup => notes.push(format!(
                "Skipping dependency '{}' because it isn't in the development or production group",
                package.name
            )),
        }
    }
    announce(wanted.iter().map(|(package, _)| package.name), roots);
    let dependencies = wanted.iter().map(|(package, reference)| {
        let (name, subpackage) = split_name(package.name, roots);
        let subpackages = [subpackage].into_iter();
        Dependency {
            reference: (*reference).to_owned(),
            subpackages: subpackages.filter(|name| !name.is_empty()).collect(),
            os: package.list("goos"),
            arch: package.list("goarch"),
            ..Dependency::named(name)
        }
    });
    Ok(Gomfile {
        dependencies: dependencies.collect(),
        notes,
    })
}

/// A package with its options; of one that is given twice the last counts.
struct Package<'a> {
    name: &'a str,
    options: HashMap<&'a str, Value<'a>>,
}

/// What becomes of a package.
enum Verdict<'a> {
    /// It is a dependency, at this version.
    Wanted(&'a str),
    /// The Gomfile says that it is none.
    Skipped,
    /// It is in other groups than those that count.
    OtherGroup,
}

impl<'a> Package<'a> {
    fn check(&self, file: &'static str) -> Result<Verdict<'a>, Error> {
        if self.text(file, "skipdep")? == Some("true") {
            return Ok(Verdict::Skipped);
        }
        if self.options.contains_key("command") {
            return Err(Error::GomCommand { file });
        }
        let counts = |group: &&str| ["development", "production"].contains(group);
        let is_wanted = match self.options.get("group") {
            None => true,
            Some(Value::Text(group)) => counts(group),
            Some(Value::List(groups)) => groups.iter().any(counts),
        };
        if !is_wanted {
            return Ok(Verdict::OtherGroup);
        }
        let mut reference = "";
        for option in ["commit", "tag", "branch"] {
            reference = self.text(file, option)?.unwrap_or(reference);
        }
        Ok(Verdict::Wanted(reference))
    }

    /// An option that must be a text.
    fn text(&self, file: &'static str, option: &'static str) -> Result<Option<&'a str>, Error> {
        match self.options.get(option) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(Value::List(_)) => Err(Error::GomList {
                file,
                name: self.name.to_owned(),
                option,
            }),
        }
    }

    /// An option that may be a text or a list of them.
    fn list(&self, option: &str) -> Option<Vec<String>> {
        Some(match self.options.get(option)? {
            Value::Text(text) => vec![(*text).to_owned()],
            Value::List(items) => items.iter().map(|&item| item.to_owned()).collect(),
        })
    }
}

/// All packages of the file, each in the group around it.
fn packages<'a>(file: &'static str, lines: &'a [String]) -> Result<Vec<Package<'a>>, Error> {
    let mut packages = Vec::new();
    let mut group = None;
    // The first `end` needs no group before it; each one after that does.
    let mut may_end = true;
    for (index, line) in lines.iter().enumerate() {
        let number = index + 1;
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match Line::read(line) {
            Some(Line::Group(names)) => {
                let names = group_names(names).ok_or(Error::GomGroup { file, line: number })?;
                group = Some(Value::List(names));
                may_end = true;
            }
            Some(Line::End) if may_end => {
                group = None;
                may_end = false;
            }
            Some(Line::Package { name, options }) => {
                let mut options: HashMap<_, _> = options.into_iter().collect();
                if let Some(group) = &group {
                    options.insert("group", group.clone());
                }
                packages.push(Package { name, options });
            }
            Some(Line::End) | None => return Err(Error::GomSyntax { file, line: number }),
        }
    }
    Ok(packages)
}

/// The names of a group, which commas part: without one, `:a :b` is the one group `a :b`.
fn group_names(names: &str) -> Option<Vec<&str>> {
    let names = names.split(',').map(|name| name.trim().strip_prefix(':'));
    names.collect()
}

/// The lines as text; those that are too long for Glide's buffer in pieces of its length.
fn replace_invalid_in_pieces(bytes: &[u8]) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let buffer = &rest[..rest.len().min(LONGEST_LINE)];
        let line_end = buffer.iter().position(|byte| *byte == b'\n');
        let length = match line_end {
            Some(line_end) => line_end + 1,
            // A carriage return may be the first half of a line end.
            None if buffer.len() == LONGEST_LINE && buffer.ends_with(b"\r") => LONGEST_LINE - 1,
            None => buffer.len(),
        };
        pieces.push(replace_invalid(&rest[..length]));
        rest = &rest[length..];
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::model::NoRoots;

    fn names(text: &str) -> Result<Vec<String>, String> {
        let read = read(text.as_bytes(), None, &NoRoots).map_err(|error| error.to_string())?;
        let names = read.dependencies.into_iter().map(|entry| entry.name);
        Ok(names.chain(read.notes).collect())
    }

    #[track_caller]
    fn check_refused(text: &str, expected: &str) {
        assert_eq!(names(text).unwrap_err(), expected, "{text:?}");
    }

    #[test]
    fn packages_of_other_groups_are_told() {
        let note =
            "Skipping dependency 'a' because it isn't in the development or production group";
        assert_eq!(
            names("group :x do\ngom 'a'\nend\ngom 'b'").unwrap(),
            ["b", note]
        );
    }

    #[test]
    fn what_glide_crashes_over_is_refused() {
        check_refused("\ngroup do\n", "Gomfile: a group without a name at line 2");
        check_refused(
            "group , :a do\n",
            "Gomfile: a group without a name at line 1",
        );
        check_refused(
            "gom 'a', :commit => [:b], :tag => 'c'",
            "Gomfile: option `commit` of `a` must be a text, not a list",
        );
        check_refused(
            "gom 'a', :skipdep => [:true]",
            "Gomfile: option `skipdep` of `a` must be a text, not a list",
        );
        // In other groups, it does not get that far.
        assert!(names("gom 'a', :group => 'x', :tag => [:b]").is_ok());
        assert!(names("gom 'a', :command => 'x', :skipdep => 'true'").is_ok());
    }

    #[test]
    fn lines_longer_than_the_buffer_are_several() {
        let line = |length: usize| format!("gom '{}'", "a".repeat(length - 6));
        assert_eq!(names(&line(4096)).unwrap()[0].len(), 4090);
        check_refused(&line(4097), "Gomfile: Syntax Error at line 1");
        let padded = |blanks: usize| format!("{}gom 'a'\n!", " ".repeat(blanks));
        check_refused(&padded(4089), "Gomfile: Syntax Error at line 3");
        check_refused(&padded(4088), "Gomfile: Syntax Error at line 2");
        let parted = format!("{}gom 'a'", "\r".repeat(4096));
        assert_eq!(names(&parted).unwrap(), ["a"]);
    }
}
