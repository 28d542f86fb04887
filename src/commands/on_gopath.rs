//! Where a project can be built as Go wants it without modules: in GOPATH, at its import path. That is where
//! it stands, or else a private GOPATH that leads to it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::Context;
use super::project::{self, Project};
use crate::cache::{Cache, PrivateGopath};
use crate::error::{Failure, Place};
use crate::foreign::gomod;
use crate::fsx;
use crate::manifest::{self, Config};
use crate::model::VendorPath;
use crate::settings::Settings;

/// A project's place in a GOPATH, and all that a command has to be told of it.
pub(super) struct OnGopath {
    /// The environment variables, by name.
    pub(super) variables: Vec<(&'static str, OsString)>,
    /// The working folder, by the way through GOPATH; `PWD` has to be the same.
    pub(super) folder: PathBuf,
    /// What is built.
    pub(super) project: Project,
    /// The import path.
    pub(super) package: String,
    /// The private GOPATH, where there is need of one. A command may run for as long as it lives.
    pub(super) private: Option<PrivateGopath>,
    /// Whether Go finds the project by patterns of import paths, too.
    pub(super) matches_patterns: bool,
}

/// The flags in `GOFLAGS` that count with modules only. Go 1.19 refuses `-modfile` without them, Go 1.11
/// and 1.12 the others as well.
const MODULE_FLAGS: [&str; 3] = ["mod", "modfile", "modcacherw"];

/// The first Go 1.x with `-overlay`.
const OVERLAYS: u32 = 16;

impl OnGopath {
    /// Finds the project that we are in, and a place for it.
    pub(super) fn new(context: &Context<'_>) -> Result<Self, Failure> {
        let settings = context.settings;
        let (project, config) = project::config_offline(context)?;
        let name = name(&project, &config)?;
        let own = own_place(settings, &project, &name);
        let (place, gopath, private) = if let Some(place) = own {
            (place, joined(settings.gopath.iter())?, None)
        } else {
            let private = private(context, &project, &name)?;
            let gopath = joined([private.root()])?;
            (private.link().to_owned(), gopath, Some(private))
        };
        context.reporter.debug(format!(
            "{name} is built in `{}`, with GOPATH={}",
            place.display(),
            gopath.display()
        ));
        let mut variables = vec![
            ("GOPATH", gopath),
            ("GO111MODULE", "off".into()),
            ("GO15VENDOREXPERIMENT", "1".into()),
        ];
        let flags = Flags::new(settings, private.as_ref())?;
        if !flags.dropped.is_empty() {
            context.reporter.warn(format!(
                "GOFLAGS is passed on without {}, which Go takes with modules only",
                flags.dropped.join(" ")
            ));
        }
        let matches_patterns = private.is_none() || flags.overlaid;
        variables.extend(flags.changed.map(|flags| ("GOFLAGS", flags.into())));
        // With `--yaml` the project may be somewhere else; then we stay where we are.
        let folder = match settings.folder.strip_prefix(&project.folder) {
            Ok(below) if below.as_os_str().is_empty() => place,
            Ok(below) => place.join(below),
            Err(_) => settings.folder.clone(),
        };
        Ok(Self {
            variables,
            folder,
            project,
            package: name.as_str().to_owned(),
            private,
            matches_patterns,
        })
    }
}

/// The import path that glide.yaml gives the project.
fn name(project: &Project, config: &Config) -> Result<VendorPath, Failure> {
    VendorPath::new(&config.package).map_err(|_| {
        let text = project.read().ok();
        let line = text.and_then(|bytes| manifest::line(&bytes, "package"));
        let (place, name) = (Place::new(project.manifest.display(), line), &config.package);
        let what = format!("{place}: `package:` is {name:?}, which is no import path");
        Failure::user(what).at(place).with_hint(
            "it has to be the path by which the project's packages are imported, as github.com/me/app",
        )
    })
}

/// Where the project stands in the user's GOPATH, if that is at its import path.
fn own_place(settings: &Settings, project: &Project, name: &VendorPath) -> Option<PathBuf> {
    let mut places = settings.gopath.iter();
    let place = places.find_map(|root| {
        let place = name.below(&root.join("src"));
        fsx::exists(&place).then_some(place)
    })?;
    fsx::is_same(&place, &project.folder).then_some(place)
}

/// A private GOPATH for the project, below Glide's home.
fn private(
    context: &Context<'_>,
    project: &Project,
    name: &VendorPath,
) -> Result<PrivateGopath, Failure> {
    let bin = bin(context.settings);
    let cannot = |error: fsx::Error| {
        Failure::from(error)
            .about(format!("no private GOPATH can be made for {name}"))
            .with_hint("it stands in Glide's home: `GLIDE_HOME` or `--home` names another folder")
    };
    let folder = fsx::canonicalize(&project.folder)?;
    Cache::new(&context.settings.home)
        .private_gopath(&folder, name, bin.as_deref())
        .map_err(cannot)
}

/// Where Go installs programs for this user. Go takes a link to it for a folder only if it is there. Where
/// it cannot be made, Go will say so to whoever installs something.
fn bin(settings: &Settings) -> Option<PathBuf> {
    let bin = settings.gopath.first()?.join("bin");
    let _ = fsx::create_dir_all(&bin);
    Some(fsx::canonicalize(&bin).unwrap_or(bin))
}

/// Folders as `GOPATH` has them.
fn joined<P: AsRef<Path>>(folders: impl IntoIterator<Item = P>) -> Result<OsString, Failure> {
    let folders: Vec<PathBuf> = folders
        .into_iter()
        .map(|folder| folder.as_ref().to_owned())
        .collect();
    std::env::join_paths(&folders).map_err(|error| {
        let shown: Vec<_> = folders
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        Failure::user(format!("{} cannot be GOPATH: {error}", shown.join(", ")))
            .with_hint("`GLIDE_HOME` or `--home` names another folder for Glide's files")
    })
}

/// What is to become of `GOFLAGS`.
#[derive(Debug, Default, PartialEq, Eq)]
struct Flags {
    /// What it is to be, if anything else than it is.
    changed: Option<String>,
    /// What counts with modules only.
    dropped: Vec<String>,
    /// Whether the overlay of the private GOPATH is among them.
    overlaid: bool,
}

impl Flags {
    fn new(settings: &Settings, private: Option<&PrivateGopath>) -> Result<Self, Failure> {
        let overlay = match private {
            Some(private) if takes_overlays(settings) => private.overlay()?,
            _ => None,
        };
        // That of another project, if a command of it has started us.
        let cache = Cache::new(&settings.home);
        let stale = private.map(|_| cache.root());
        let given = settings.go.flags.as_deref().unwrap_or_default();
        Ok(Self::of(
            given,
            overlay.as_deref().and_then(Path::to_str),
            stale,
        ))
    }

    /// `overlay` is added to the flags given, unless they have one of the user's; one below `stale` goes.
    fn of(given: &str, overlay: Option<&str>, stale: Option<&Path>) -> Self {
        let mut flags = Self::default();
        let (mut kept, mut has_overlay, mut changed) = (Vec::new(), false, false);
        for word in given.split_whitespace() {
            let bare = word.strip_prefix('-').unwrap_or_default();
            let bare = bare.strip_prefix('-').unwrap_or(bare);
            let (name, value) = bare.split_once('=').unwrap_or((bare, ""));
            if MODULE_FLAGS.contains(&name) {
                flags.dropped.push(word.to_owned());
                changed = true;
            } else if name == "overlay"
                && stale.is_some_and(|folder| Path::new(value).starts_with(folder))
            {
                changed = true;
            } else {
                has_overlay |= name == "overlay";
                kept.push(word.to_owned());
            }
        }
        if let Some(overlay) = overlay.filter(|_| !has_overlay) {
            kept.push(format!("-overlay={overlay}"));
            (flags.overlaid, changed) = (true, true);
        }
        flags.changed = changed.then(|| kept.join(" "));
        flags
    }
}

/// Whether the `go` on PATH knows overlays; older ones fail at flags in `GOFLAGS` that they do not know.
fn takes_overlays(settings: &Settings) -> bool {
    let go = &settings.go;
    let version = || {
        let root = go.program.as_ref().and(go.goroot.as_ref())?;
        let text = fsx::read_text(&root.join("VERSION")).ok()?;
        gomod::minor(std::str::from_utf8(&text).ok()?)
    };
    version().is_some_and(|minor| minor >= OVERLAYS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goflags_lose_what_is_about_modules_and_get_the_overlay() {
        #[track_caller]
        fn check(given: &str, overlay: Option<&str>, changed: Option<&str>, dropped: &[&str]) {
            let flags = Flags::of(given, overlay, Some(Path::new("/c")));
            assert_eq!(flags.changed.as_deref(), changed, "{given}");
            assert_eq!(flags.dropped, dropped, "{given}");
            let ours = changed.is_some_and(|flags| flags.contains("-overlay=/c/new"));
            assert_eq!(flags.overlaid, ours, "{given}");
        }
        let new = Some("/c/new");
        check("-mod=vendor", None, Some(""), &["-mod=vendor"]);
        check(
            " -v --modfile=x  -tags=a,b -modcacherw ",
            None,
            Some("-v -tags=a,b"),
            &["--modfile=x", "-modcacherw"],
        );
        check("-v  -tags=mod -model=x mod", None, None, &[]);
        check("", None, None, &[]);
        check("", new, Some("-overlay=/c/new"), &[]);
        check(
            "-v -mod=mod",
            new,
            Some("-v -overlay=/c/new"),
            &["-mod=mod"],
        );
        check("-overlay=/mine", new, None, &[]);
        check("-overlay=/c/old -v", new, Some("-v -overlay=/c/new"), &[]);
        check("-overlay=/c/old", None, Some(""), &[]);
    }

    #[test]
    fn what_cannot_be_in_a_list_of_folders_is_told() {
        let failure = joined(["/a:b"]).unwrap_err().render();
        assert!(
            failure.contains("/a:b") && failure.contains("GLIDE_HOME"),
            "{failure}"
        );
        assert_eq!(joined(["/a", "/b"]).unwrap(), "/a:/b");
    }
}
