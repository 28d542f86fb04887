//! vendor.conf, which vndr reads, and trash: a repository, a version and an address a line.

use crate::manifest::Dependency;
use crate::model::Roots;

use super::error::Error;
use super::imported::{Gathering, Imported, address};
use super::text::replace_invalid;

/// The file, below the project's root.
pub const FILE: &str = "vendor.conf";

/// Reads a vendor.conf.
///
/// The first line of one word is the project's own name, with trash.
pub fn read(bytes: &[u8], roots: &dyn Roots) -> Result<Imported, Error> {
    let text = replace_invalid(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let lines: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default())
        .map(|line| line.split_whitespace().collect())
        .collect();
    let names = lines.iter().filter_map(|words| words.first().copied());
    let names = names.filter(|name| !name.starts_with('-'));
    let mut gathering = Gathering::new(FILE, names, roots);
    let mut own_name = None;
    for (index, words) in lines.iter().enumerate() {
        let line = index + 1;
        let (name, version, rest) = match words[..] {
            [] => continue,
            [name] if own_name.is_none() && !name.starts_with('-') => {
                own_name = Some(name);
                continue;
            }
            [name] => (name, "", &[][..]),
            [name, version, ref rest @ ..] => (name, version, rest),
        };
        if let Some(left_out) = name.strip_prefix('-') {
            gathering.note(format!(
                "{FILE}:{line}: that `{left_out}` is cut out of vendor/ cannot be said in a glide.yaml"
            ));
            continue;
        }
        let (options, addresses): (Vec<&str>, Vec<&str>) =
            rest.iter().partition(|word| is_option(word));
        if addresses.len() > 1 {
            return Err(Error::VndrLine { line });
        }
        for option in options {
            gathering.note(format!("{FILE}:{line}: `{option}` is passed over"));
        }
        gathering.add(Dependency {
            reference: version.to_owned(),
            repo: address(addresses.first().copied().unwrap_or_default()),
            ..Dependency::named(name)
        });
    }
    Ok(gathering.finish())
}

/// Whether a word is an option of trash's: `transitive=true`.
fn is_option(word: &str) -> bool {
    let name = word.split_once('=').map(|(name, _)| name);
    name.is_some_and(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::model::NoRoots;

    #[track_caller]
    fn check(text: &str, expected: &[[&str; 3]], notes: &[&str]) {
        let read = read(text.as_bytes(), &NoRoots).unwrap();
        let rows = read.dependencies.iter();
        let rows: Vec<_> = rows
            .map(|entry| [&*entry.name, &*entry.reference, &*entry.repo])
            .collect();
        assert_eq!(rows, expected);
        assert_eq!(read.notes, notes);
    }

    #[test]
    fn a_line_has_a_repository_a_version_and_an_address() {
        check(
            "\u{feff}# one\r\na.b/c v1 # two\r\n\na.b/d  abc\thttps://x.y/d.git#z\n",
            &[["a.b/c", "v1", ""], ["a.b/d", "abc", "https://x.y/d.git"]],
            &[],
        );
        check("", &[], &[]);
    }

    #[test]
    fn trash_has_a_name_options_and_what_is_cut_out() {
        check(
            "a.b/own\na.b/c\na.b/d v1 transitive=true,staging=true\na.b/e v1 x.y/e?a=b t=\n-a.b/c/x\n- \n",
            &[
                ["a.b/c", "", ""],
                ["a.b/d", "v1", ""],
                ["a.b/e", "v1", "https://x.y/e?a=b"],
            ],
            &[
                "vendor.conf:3: `transitive=true,staging=true` is passed over",
                "vendor.conf:4: `t=` is passed over",
                "vendor.conf:5: that `a.b/c/x` is cut out of vendor/ cannot be said in a glide.yaml",
                "vendor.conf:6: that `` is cut out of vendor/ cannot be said in a glide.yaml",
            ],
        );
    }

    #[test]
    fn two_addresses_are_refused() {
        let error = read(b"a.b/c v1\na.b/d v1 x.y z.w", &NoRoots).unwrap_err();
        assert_eq!(
            error.to_string(),
            "vendor.conf:2: more words than a name, a version and an address"
        );
    }
}
