//! Versions that are not there, or not at once.

use super::{LOG, imports, lists, plain, shown, world};
use crate::support::repo::Commit;

type Shown = Option<String>;

fn wanting(version: &str) -> Shown {
    let world = plain();
    lists(&world.sandbox, &[(LOG, version)]);
    shown(&world, &["update"])
}

pub(super) fn no_such_tag() -> Shown {
    wanting("v1.2.4")
}

pub(super) fn no_such_branch() -> Shown {
    wanting("mastre")
}

pub(super) fn no_such_tag_by_get() -> Shown {
    let world = plain();
    lists(&world.sandbox, &[]);
    shown(&world, &["get", "github.com/acme/log#v1.2.4"])
}

pub(super) fn range_matches_nothing() -> Shown {
    wanting("^3.0.0")
}

pub(super) fn range_is_none() -> Shown {
    wanting("\">=1.0.0 <\"")
}

pub(super) fn pinned_commit_is_gone() -> Shown {
    let world = plain();
    world.pin(&[(LOG, "0123456789012345678901234567890123456789")]);
    shown(&world, &["install"])
}

const WEB: &str = "github.com/acme/web";
const ROUTER: &str = "github.com/acme/router";

/// A library that imports another one and wants a version of it.
fn wants(name: &str, imported: &str, version: &str) -> Commit {
    let package = name.rsplit('/').next().unwrap_or(name);
    let yaml = format!("package: {name}\nimport:\n- package: {imported}\n  version: {version}\n");
    let code = format!("package {package}\n\nimport _ {imported:?}\n");
    Commit::new().file("x.go", code).file("glide.yaml", yaml)
}

/// glide.yaml wants one version, and a library that another one imports wants another.
fn at_odds(ours: &str, theirs: &str) -> Shown {
    let build = |remotes: &mut super::Remotes| {
        remotes.commit(WEB, &wants(WEB, ROUTER, "master"));
        remotes.commit(ROUTER, &wants(ROUTER, LOG, theirs));
    };
    let world = world(build, |_| ());
    imports(&world.sandbox, &[WEB]);
    lists(&world.sandbox, &[(WEB, ""), (LOG, ours)]);
    shown(&world, &["update"])
}

pub(super) fn conflict_of_ranges() -> Shown {
    at_odds("^1.0.0", "^2.0.0")
}

pub(super) fn conflict_of_tags() -> Shown {
    at_odds("v1.0.0", "v2.0.0")
}

/// Three libraries want versions of a fourth, two of them the same, and glide.yaml says nothing about it.
pub(super) fn two_libraries_disagree() -> Shown {
    const AUTH: &str = "github.com/acme/auth";
    let build = |remotes: &mut super::Remotes| {
        remotes.commit(AUTH, &wants(AUTH, LOG, "^1.1.0"));
        remotes.commit(WEB, &wants(WEB, ROUTER, "master"));
        remotes.commit(ROUTER, &wants(ROUTER, LOG, "v2.0.0"));
    };
    let world = world(build, |_| ());
    imports(&world.sandbox, &[AUTH, WEB]);
    lists(&world.sandbox, &[(AUTH, ""), (WEB, "")]);
    shown(&world, &["update"])
}
