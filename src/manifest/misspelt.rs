//! Keys in glide.yaml that nothing reads, and that were meant to be others.

use crate::model::similar;
use crate::yaml::{self, NodeId};

/// A key that nothing reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misspelt {
    /// The line that it stands on, counted from 1.
    pub line: usize,
    /// As it is written.
    pub key: String,
    /// What it was probably meant to be.
    pub meant: &'static str,
}

/// The outermost keys; those that change nothing come first.
const KEYS: (&[&str], &[&str]) = (
    &["description", "homepage", "license", "owners"],
    &["package", "ignore", "excludeDirs", "import", "testImport"],
);

/// The keys of an entry of `import:` and `testImport:`, in the same order.
const KEYS_OF_ENTRY: (&[&str], &[&str]) = (
    &["ref"],
    &[
        "package",
        "version",
        "repo",
        "vcs",
        "subpackages",
        "arch",
        "os",
    ],
);

/// The keys of a glide.yaml that are nearly ones that count. Others, of which Glide takes no notice either,
/// may be there for somebody else.
pub fn misspelt(bytes: &[u8]) -> Vec<Misspelt> {
    let Ok(Some(document)) = yaml::parse(bytes) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut look = |node: NodeId, (idle, counting): (&[&str], &'static [&'static str])| {
        for (key, _) in document.entries(node).unwrap_or_default() {
            let written = document.scalar(*key).unwrap_or_default();
            if idle.contains(&written) || counting.contains(&written) {
                continue;
            }
            found.extend(
                similar(written, counting.iter().copied()).map(|meant| Misspelt {
                    line: document.line(*key),
                    key: written.to_owned(),
                    meant,
                }),
            );
        }
    };
    look(document.root(), KEYS);
    for (key, list) in document.entries(document.root()).unwrap_or_default() {
        if matches!(document.scalar(*key), Some("import" | "testImport")) {
            for entry in document.items(*list).unwrap_or_default() {
                look(*entry, KEYS_OF_ENTRY);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::misspelt;

    #[track_caller]
    fn check(text: &str, expected: &[(usize, &str, &str)]) {
        let found = misspelt(text.as_bytes());
        let found: Vec<_> = found
            .iter()
            .map(|found| (found.line, found.key.as_str(), found.meant))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn slips_are_told_with_their_lines() {
        check(
            "package: a\nimports:\n- name: b\n",
            &[(2, "imports", "import")],
        );
        check(
            "package: a\ntestimport: []\n",
            &[(2, "testimport", "testImport")],
        );
        check(
            "package: a\nimport:\n- package: b\n  verison: ^1\n- pacakge: c\n  subpackage: [x]\n",
            &[
                (4, "verison", "version"),
                (5, "pacakge", "package"),
                (6, "subpackage", "subpackages"),
            ],
        );
        check(
            "testImport:\n- package: b\n  repos: x\n",
            &[(3, "repos", "repo")],
        );
    }

    #[test]
    fn other_keys_are_left_alone() {
        check(
            "package: a\nhomepage: x\nx-mine: 1\ndependencies: []\nowners:\n- nmae: x\nimport:\n- package: b\n  \
             ref: x\n  why: because\n  tag: y\n",
            &[],
        );
        for text in [
            "",
            "- a\n",
            "import: x\n",
            "import:\n- x\n",
            "\t",
            "? [a]\n: b\n",
        ] {
            check(text, &[]);
        }
    }
}
