//! Names that lead nowhere, or not where they were meant to.

use super::{LOG, imports, lists, plain, shown, world};
use crate::support::repo::Commit;

type Shown = Option<String>;

/// The code imports it, nothing lists it.
fn importing(package: &str) -> Shown {
    let world = plain();
    imports(&world.sandbox, &[LOG, package]);
    shown(&world, &["update"])
}

pub(super) fn typo_in_a_name() -> Shown {
    let world = plain();
    imports(&world.sandbox, &[LOG]);
    lists(
        &world.sandbox,
        &[(LOG, ""), ("github.com/acme/lgo", "^1.0.0")],
    );
    shown(&world, &["update"])
}

pub(super) fn typo_in_a_host() -> Shown {
    importing("gihtub.com/acme/log")
}

pub(super) fn typo_in_a_listed_host() -> Shown {
    let world = plain();
    lists(
        &world.sandbox,
        &[(LOG, ""), ("gitub.com/acme/kit", "^1.0.0")],
    );
    shown(&world, &["update"])
}

pub(super) fn typo_in_a_folder() -> Shown {
    importing("github.com/acme/log/formater")
}

pub(super) fn no_go_import_page() -> Shown {
    let page = "<html><head></head><body>hello</body></html>".to_owned();
    let page = serde_json::from_value(page.into()).unwrap();
    let world = world(
        |_| (),
        |site| drop(site.pages.insert("go.acme.example".to_owned(), page)),
    );
    imports(&world.sandbox, &["go.acme.example/kit"]);
    shown(&world, &["update"])
}

pub(super) fn wrong_case() -> Shown {
    const KIT: &str = "github.com/acme/kit";
    const UPPER: &str = "github.com/Acme/log";
    let build = |remotes: &mut super::Remotes| {
        let kit = format!("package kit\n\nimport _ {UPPER:?}\n");
        remotes.commit(KIT, &Commit::new().file("kit.go", kit));
        remotes.commit(UPPER, &Commit::new().file("log.go", "package log\n"));
    };
    let world = world(build, |_| ());
    imports(&world.sandbox, &[LOG, KIT]);
    shown(&world, &["update"])
}

pub(super) fn own_package_missing() -> Shown {
    let world = plain();
    world.sandbox.write("server/server.go", "package server\n");
    imports(&world.sandbox, &[LOG, "github.com/me/app/serevr"]);
    shown(&world, &["update"])
}

pub(super) fn import_path_is_none() -> Shown {
    importing("acme/log")
}
