//! What `get` does with a package whose repository glide.yaml lists already. Pure.

use crate::manifest::{Config, Dependency};
use crate::report::Level;

/// Something that was done, or not done, with an entry.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) level: Level,
    pub(super) message: String,
    /// Whether the configuration is another one now.
    pub(super) is_change: bool,
}

impl Told {
    fn done(message: String) -> Self {
        Self {
            level: Level::Info,
            message,
            is_change: true,
        }
    }

    fn skipped(message: String) -> Self {
        Self {
            level: Level::Warn,
            message,
            is_change: false,
        }
    }
}

/// Moves an entry from `testImport` to `import` unless it is wanted for tests only, and adds the
/// sub-package. A version that is asked for changes nothing, as in Glide.
pub(super) fn already_listed(
    config: &mut Config,
    root: &str,
    below: &str,
    version: &str,
    for_tests: bool,
) -> Vec<Told> {
    let place = |list: &[Dependency]| list.iter().position(|entry| entry.name == root);
    let mut told = Vec::new();
    let imported = place(&config.imports).is_some();
    if for_tests && imported {
        // Glide text
        let message = format!("--> Test dependency {root} already listed as import");
        told.push(Told::skipped(message));
    }
    let moved = !for_tests && !imported;
    if moved && let Some(at) = place(&config.test_imports) {
        let entry = config.test_imports.remove(at);
        config.imports.push(entry);
        // Glide text
        let message = format!("--> Moving {root} from testImport to import");
        told.push(Told::done(message));
    }
    let mut all = config.imports.iter_mut().chain(&mut config.test_imports);
    let Some(entry) = all.find(|entry| entry.name == root) else {
        return told;
    };
    if !below.is_empty() && !entry.has_subpackage(below) {
        entry.subpackages.push(below.to_owned());
        // Glide text
        let message = format!("--> Adding sub-package {below} to existing import {root}");
        told.push(Told::done(message));
    } else if !moved {
        let name = match below {
            "" => root.to_owned(),
            _ => format!("{root}/{below}"),
        };
        // Glide text
        let message = format!("--> Package {name:?} is already in glide.yaml. Skipping");
        told.push(Told::skipped(message));
    }
    if !version.is_empty() && version != entry.reference {
        let message = format!(
            "--> The version of {root} stays as it is: change it in glide.yaml, then run `glide-rs update`"
        );
        told.push(Told::skipped(message));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(asked: (&str, &str, &str), for_tests: bool, expected: &[&str], yaml: &str) {
        let entry = |name: &str, subpackages: &[&str]| Dependency {
            subpackages: subpackages.iter().map(|&name| name.to_owned()).collect(),
            reference: "v1".to_owned(),
            ..Dependency::named(name)
        };
        let mut config = Config {
            imports: vec![entry("a.b/i", &["s"])],
            test_imports: vec![entry("a.b/t", &["s"])],
            ..Config::default()
        };
        let (root, below, version) = asked;
        let told = already_listed(&mut config, root, below, version, for_tests);
        let shown = told.iter().map(|told| {
            let mark = if told.is_change { "+" } else { "=" };
            told.message.replacen("--> ", mark, 1)
        });
        assert_eq!(shown.collect::<Vec<_>>(), expected);
        let shown = |list: &[Dependency]| {
            let names = list.iter().map(|entry| {
                let below = entry.subpackages.join(",");
                format!("{}:{below}", entry.name)
            });
            names.collect::<Vec<_>>().join(" ")
        };
        let all = format!(
            "{} | {}",
            shown(&config.imports),
            shown(&config.test_imports)
        );
        assert_eq!(all, yaml);
    }

    #[test]
    fn what_is_there_stays_or_moves_or_grows() {
        let same = "a.b/i:s | a.b/t:s";
        check(
            ("a.b/i", "", "v2"),
            false,
            &[
                "=Package \"a.b/i\" is already in glide.yaml. Skipping",
                "=The version of a.b/i stays as it is: change it in glide.yaml, then run `glide-rs update`",
            ],
            same,
        );
        check(
            ("a.b/i", "s", "v1"),
            false,
            &["=Package \"a.b/i/s\" is already in glide.yaml. Skipping"],
            same,
        );
        check(
            ("a.b/i", "n", ""),
            true,
            &[
                "=Test dependency a.b/i already listed as import",
                "+Adding sub-package n to existing import a.b/i",
            ],
            "a.b/i:s,n | a.b/t:s",
        );
        check(
            ("a.b/t", "s", ""),
            false,
            &["+Moving a.b/t from testImport to import"],
            "a.b/i:s a.b/t:s | ",
        );
        check(
            ("a.b/t", "n", ""),
            false,
            &[
                "+Moving a.b/t from testImport to import",
                "+Adding sub-package n to existing import a.b/t",
            ],
            "a.b/i:s a.b/t:s,n | ",
        );
        check(
            ("a.b/t", "n", ""),
            true,
            &["+Adding sub-package n to existing import a.b/t"],
            "a.b/i:s | a.b/t:s,n",
        );
    }
}
