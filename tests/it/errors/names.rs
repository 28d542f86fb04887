//! Names that lead nowhere, or not where they were meant to.

use super::{LOG, imports, lists, plain, shown, world};
use crate::support::repo::Commit;
use crate::support::world::World;

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

/// A world with more hosts, which say of all these names that there is no such thing.
fn without(names: &[&str]) -> World {
    world(
        |_| (),
        |site| {
            for name in names {
                let page = serde_json::json!({"status": 404});
                let page = serde_json::from_value(page).unwrap();
                site.pages.insert((*name).to_owned(), page);
            }
        },
    )
}

pub(super) fn host_has_closed() -> Shown {
    let names = ["go.net", "go-uuid", "unheard-of"];
    let names = names.map(|name| format!("code.google.com/p/{name}"));
    let world = without(&names.each_ref().map(String::as_str));
    let [net, uuid, other] = names;
    let packages = [format!("{net}/websocket"), format!("{uuid}/uuid"), other];
    imports(&world.sandbox, &packages.each_ref().map(String::as_str));
    shown(&world, &["update"])
}

pub(super) fn bitbucket_has_it_no_more() -> Shown {
    let names = ["bitbucket.org/ww/goautoneg", "bitbucket.org/acme/kit"];
    let world = without(&names);
    lists(&world.sandbox, &names.map(|name| (name, "")));
    shown(&world, &["update"])
}

pub(super) fn no_version_at_gopkg_in() -> Shown {
    let world = without(&["gopkg.in/yaml"]);
    imports(&world.sandbox, &[LOG, "gopkg.in/yaml"]);
    shown(&world, &["update"])
}
