//! Go, and where it looks for packages.

use super::facts::{Go, Place, Project};
use super::notes::Notes;

/// The first Go 1.x that knows vendor/ without being told.
const VENDORS: u32 = 6;
/// The first Go 1.x in which modules have to be turned off.
const MODULES: u32 = 16;

pub(super) fn go(go: &Go, notes: &mut Notes) {
    const TOPIC: &str = "go";
    let name = &go.name;
    let Some(program) = &go.program else {
        let said = format!("`{name}` is not there; glide-rs itself needs it for `rebuild` alone");
        if go.is_named {
            let next = "GLIDE_GO_EXECUTABLE has to name a program, or not be set";
            notes.problem(TOPIC, said, next);
        } else {
            notes.warn(TOPIC, said, "install Go to build the project");
        }
        return;
    };
    let program = program.display();
    match go.minor {
        None => notes.ok(
            TOPIC,
            format!("`{program}`; which version is not told by its place"),
        ),
        Some(minor) if minor < VENDORS => notes.warn(
            TOPIC,
            format!("`{program}` is Go 1.{minor}, which passes vendor/ by unless it is told"),
            "set GO15VENDOREXPERIMENT=1 (1.5), or install a newer Go",
        ),
        Some(minor) => notes.ok(
            TOPIC,
            format!("`{program}`, Go 1.{minor}, which builds in GOPATH mode"),
        ),
    }
    let by_modules = match go.modules.as_deref() {
        Some("on") => Some("GO111MODULE is `on`".to_owned()),
        Some("off" | "auto") => None,
        Some(other) => Some(format!("GO111MODULE is `{other}`")),
        None => go
            .minor
            .filter(|minor| *minor >= MODULES)
            .map(|minor| format!("Go 1.{minor} builds with modules unless GO111MODULE is `off`")),
    };
    if let Some(said) = by_modules {
        notes.warn(
            TOPIC,
            said,
            "`glide-rs exec -- go build ./...` sets it; or set GO111MODULE=off yourself",
        );
    }
    let flags = go.flags.as_deref().unwrap_or_default();
    let for_modules = |word: &&str| {
        let bare = word.trim_start_matches('-');
        let name = bare.split('=').next().unwrap_or(bare);
        ["mod", "modfile", "modcacherw"].contains(&name)
    };
    if let Some(flag) = flags.split_whitespace().find(for_modules) {
        notes.warn(
            TOPIC,
            format!("GOFLAGS has `{flag}`, which Go takes with modules only"),
            "`glide-rs exec` takes it out for its command; `go env -u GOFLAGS` if `go env -w` has set it",
        );
    }
}

pub(super) fn gopath(go: &Go, project: &Project, notes: &mut Notes) {
    const TOPIC: &str = "GOPATH";
    for (path, _) in go
        .gopath
        .iter()
        .filter(|(_, exists)| go.gopath_is_set && !exists)
    {
        notes.warn(
            TOPIC,
            format!("`{}` is not there", path.display()),
            "make the folder, or set GOPATH to the one that is meant",
        );
    }
    let paths: Vec<_> = go
        .gopath
        .iter()
        .map(|(path, _)| path.display().to_string())
        .collect();
    let paths = if paths.is_empty() {
        "none".to_owned()
    } else {
        paths.join(", ")
    };
    if project.manifest.is_none() || project.trouble.is_some() {
        if notes.is_fine(TOPIC) {
            notes.ok(TOPIC, paths);
        }
        return;
    }
    let package = &project.package;
    match &project.place {
        Place::InGopath(here) if here == package => {
            notes.ok(
                TOPIC,
                format!("{paths}; the project stands there at its import path"),
            );
        }
        Place::InGopath(here) => notes.warn(
            TOPIC,
            format!("the project stands there as {here}, and glide.yaml calls it {package}"),
            "move it, or change `package:`; `glide-rs exec -- go build ./...` works from here, too",
        ),
        Place::Elsewhere => notes.ok(
            TOPIC,
            format!(
                "{paths}; the project is not there: build it by `glide-rs exec -- go build ./...`"
            ),
        ),
    }
}
