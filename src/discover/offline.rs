//! Roots for those who must not ask anybody.

use crate::model::Roots;

use super::{Discover, hosts, lock, may_be_remote, slashed, vanity};

/// Knows the roots that can be told without asking: what Glide's own patterns and the table of
/// vanity hosts say. All else is its own root.
#[derive(Clone, Copy, Debug, Default)]
pub struct Offline;

impl Roots for Offline {
    fn root_of(&self, import_path: &str) -> String {
        let path = slashed(import_path);
        let known = hosts::root(&path).map(str::to_owned);
        let known = known.or_else(|| Some(vanity::lookup(&path)?.root.to_owned()));
        known.unwrap_or(path)
    }
}

impl Discover {
    /// Takes names for roots, as if their hosts had been asked; what lies below them belongs to them.
    pub fn take_for_roots<'a>(&self, names: impl Iterator<Item = &'a str>) {
        let names = names.map(slashed).filter(|name| may_be_remote(name));
        let roots = names.map(|name| (name.clone(), name));
        lock(&self.roots).extend(roots);
    }

    /// Whether the root of an import path is known by now, so that nobody has to be asked for it.
    pub fn knows_root(&self, import_path: &str) -> bool {
        !self.needs_asking(&slashed(import_path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_are_told_as_far_as_names_tell_them() {
        for (path, root) in [
            ("github.com/a/b/c", "github.com/a/b"),
            ("golang.org/x/net/context", "golang.org/x/net"),
            ("corp.example/a/b.git/c", "corp.example/a/b.git"),
            ("corp.example/a/b", "corp.example/a/b"),
        ] {
            assert_eq!(Offline.root_of(path), root);
        }
    }
}
