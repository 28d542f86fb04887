//! What the packages of Go's standard library import of one another, so that a vulnerability of one
//! is found in programs that import another.
//!
//! A table of Go 1.19's packages on its usual systems, a line each. Later versions add packages, of
//! which nothing is known here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

static IMPORTS: LazyLock<BTreeMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let lines = include_str!("standard.txt").lines();
    let rows = lines.filter_map(|line| line.split_once(':'));
    rows.map(|(path, imports)| (path, imports.split_whitespace().collect()))
        .collect()
});

/// Whether the table has the package.
pub(super) fn is_known(path: &str) -> bool {
    IMPORTS.contains_key(path)
}

/// The packages and all that they import, one through the other.
pub(super) fn closure<'a>(paths: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = paths.collect();
    while let Some(path) = open.pop() {
        if found.insert(path.to_owned()) {
            open.extend(IMPORTS.get(path).into_iter().flatten());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_imported_by_what_is_imported_is_reached() {
        let reached = closure(["net/http"].into_iter());
        for path in [
            "net/http",
            "crypto/tls",
            "crypto/internal/nistec",
            "net/textproto",
        ] {
            assert!(reached.contains(path), "{path}");
        }
        assert!(!reached.contains("archive/zip"));
        assert!(closure(["of/nobody"].into_iter()).len() == 1);
    }
}
