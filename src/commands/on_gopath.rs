//! Where a project can be built as Go wants it without modules: in GOPATH, at its import path. That is where
//! it stands, or else a private GOPATH that leads to it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::Context;
use super::project::{self, Project};
use crate::cache::{Cache, PrivateGopath};
use crate::error::Failure;
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
    /// The import path.
    pub(super) package: String,
    /// The private GOPATH, where there is need of one. A command may run for as long as it lives.
    pub(super) private: Option<PrivateGopath>,
}

/// The flags in `GOFLAGS` that count with modules only. Go 1.19 refuses `-modfile` without them, Go 1.11
/// and 1.12 the others as well.
const MODULE_FLAGS: [&str; 3] = ["mod", "modfile", "modcacherw"];

impl OnGopath {
    /// Finds the project that we are in, and a place for it.
    pub(super) fn new(context: &Context<'_>) -> Result<Self, Failure> {
        let settings = context.settings;
        let (project, config) = project::config_offline(context)?;
        let name = name(&project, &config)?;
        let (place, gopath, private) = match own_place(settings, &project, &name) {
            Some(place) => (place, joined(settings.gopath.iter())?, None),
            None => {
                let private = private(context, &project, &name)?;
                let gopath = joined([private.root()])?;
                (private.project().to_owned(), gopath, Some(private))
            }
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
        if let Some((flags, dropped)) = settings.go.flags.as_deref().and_then(without_modules) {
            context.reporter.warn(format!(
                "GOFLAGS is passed on without {dropped}, which Go takes with modules only"
            ));
            variables.push(("GOFLAGS", flags.into()));
        }
        // With `--yaml` the project may be somewhere else; then we stay where we are.
        let folder = match settings.folder.strip_prefix(&project.folder) {
            Ok(below) if below.as_os_str().is_empty() => place,
            Ok(below) => place.join(below),
            Err(_) => settings.folder.clone(),
        };
        Ok(Self {
            variables,
            folder,
            package: name.as_str().to_owned(),
            private,
        })
    }
}

/// The import path that glide.yaml gives the project.
fn name(project: &Project, config: &Config) -> Result<VendorPath, Failure> {
    VendorPath::new(&config.package).map_err(|_| {
        let (mut file, name) = (project.manifest.display().to_string(), &config.package);
        let line = project.read().ok();
        if let Some(line) = line.and_then(|bytes| manifest::line(&bytes, "package")) {
            file = format!("{file}:{line}");
        }
        let what = format!("{file}: `package:` is {name:?}, which is no import path");
        Failure::user(what).with_hint(
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

/// `GOFLAGS` without what counts with modules only, and what that was; `None` where there is none of it.
fn without_modules(flags: &str) -> Option<(String, String)> {
    let of_modules = |word: &&str| {
        let bare = word.strip_prefix('-').unwrap_or_default();
        let bare = bare.strip_prefix('-').unwrap_or(bare);
        let name = bare.split('=').next().unwrap_or_default();
        MODULE_FLAGS.contains(&name)
    };
    let (dropped, kept): (Vec<_>, Vec<_>) = flags.split_whitespace().partition(of_modules);
    (!dropped.is_empty()).then(|| (kept.join(" "), dropped.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goflags_lose_what_is_about_modules() {
        #[track_caller]
        fn check(flags: &str, expected: Option<(&str, &str)>) {
            let expected = expected.map(|(kept, dropped)| (kept.to_owned(), dropped.to_owned()));
            assert_eq!(without_modules(flags), expected, "{flags}");
        }
        check("-mod=vendor", Some(("", "-mod=vendor")));
        check(
            " -v --modfile=x  -tags=a,b -modcacherw ",
            Some(("-v -tags=a,b", "--modfile=x -modcacherw")),
        );
        check("-v -tags=mod -model=x mod", None);
        check("", None);
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
