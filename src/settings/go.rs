//! What the environment says of Go, and what `go env -w` has written down.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::{Environment, paths};
use crate::env as names;
use crate::fsx;
use crate::model::Platform;

/// What Go would be told of the machine.
#[derive(Clone, Debug, Default)]
pub struct GoSettings {
    /// The name of the program to run.
    pub name: OsString,
    /// Whether `GLIDE_GO_EXECUTABLE` gives that name.
    pub is_named: bool,
    /// Where that is; `None` where it cannot be found.
    pub program: Option<PathBuf>,
    /// Where Go is installed, if it is.
    pub goroot: Option<PathBuf>,
    /// `GOOS`, else this machine's.
    pub os: String,
    /// `GOARCH`, else this machine's.
    pub arch: String,
    /// Whether cgo counts: `CGO_ENABLED`, else where nothing is cross-compiled.
    pub cgo: bool,
    /// `GOFLAGS`, in the environment or else in Go's own configuration.
    pub flags: Option<String>,
    /// `GO111MODULE`, found in the same way.
    pub modules: Option<String>,
}

/// What Go would be told. It is not run: where it is follows from `GOROOT`, or from the program's
/// place.
pub(super) fn read(environment: &Environment, folder: &Path, home: Option<&Path>) -> GoSettings {
    let here = Platform::current();
    let value = |name, default: &str| environment.get(name).unwrap_or_else(|| default.to_owned());
    let (os, arch) = (value(names::GOOS, here.os), value(names::GOARCH, here.arch));
    let cgo = match environment.get(names::CGO_ENABLED).as_deref() {
        Some("1") => true,
        Some("0") => false,
        _ => os == here.os && arch == here.arch,
    };
    let name = environment.path(names::GLIDE_GO_EXECUTABLE);
    let is_named = name.is_some();
    let name = name.unwrap_or_else(|| PathBuf::from("go"));
    let program = program(environment, folder, &name);
    let its_root = || {
        let program = fsx::canonicalize(program.as_ref()?).ok()?;
        Some(program.parent()?.parent()?.to_owned())
    };
    let goroot = environment.path(names::GOROOT).or_else(its_root);
    let set = |name| {
        environment
            .get(name)
            .or_else(|| configured(environment, home, name))
    };
    GoSettings {
        name: name.into_os_string(),
        is_named,
        program: program.clone(),
        goroot: goroot.filter(|root| fsx::is_folder(&root.join("src").join("fmt"))),
        os,
        arch,
        cgo,
        flags: set(names::GOFLAGS),
        modules: set(names::GO111MODULE),
    }
}

/// Where a program is: a name is looked for on PATH, but never in the working folder.
fn program(environment: &Environment, folder: &Path, name: &Path) -> Option<PathBuf> {
    if name.components().count() > 1 || name.is_absolute() {
        return fsx::find_program([folder], name.as_os_str());
    }
    if name.as_os_str().is_empty() {
        return None;
    }
    fsx::find_program(paths(environment, names::PATH), name.as_os_str())
}

/// A variable as `go env -w` has set it.
fn configured(environment: &Environment, home: Option<&Path>, name: &str) -> Option<String> {
    let file = environment.path(names::GOENV).or_else(|| {
        let mut folder = environment.path(names::XDG_CONFIG_HOME);
        if cfg!(target_os = "macos") {
            folder = home.map(|home| home.join("Library/Application Support"));
        }
        if cfg!(windows) {
            folder = environment.path(names::APPDATA);
        }
        let folder = folder.or_else(|| Some(home?.join(".config")));
        Some(folder?.join("go").join("env"))
    })?;
    if file.as_os_str() == "off" || !fsx::stat(&file).ok()??.is_file() {
        return None;
    }
    let bytes = fsx::read_text(&file).ok()?;
    configured_in(&String::from_utf8_lossy(&bytes), name)
}

/// The same in the text of that file: `NAME=value`, a line each.
fn configured_in(text: &str, name: &str) -> Option<String> {
    let mut lines = text.lines();
    let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix('='))?;
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_go_has_written_down_is_read() {
        let text = "GOFLAGSX=1\n# GOFLAGS=2\nGOFLAGS=-v -mod=vendor\nGOBIN=\n";
        assert_eq!(
            configured_in(text, "GOFLAGS").as_deref(),
            Some("-v -mod=vendor")
        );
        assert_eq!(configured_in(text, "GOBIN"), None);
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("env");
        fsx::write_new(&file, text.as_bytes()).unwrap();
        let flags = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter();
            let pairs = pairs.map(|(name, value)| ((*name).to_owned(), (*value).into()));
            read(&pairs.collect(), Path::new("/"), Some(home.path())).flags
        };
        let file = file.to_str().unwrap();
        assert_eq!(flags(&[("GOENV", file)]).as_deref(), Some("-v -mod=vendor"));
        assert_eq!(
            flags(&[("GOENV", file), ("GOFLAGS", "-x")]).as_deref(),
            Some("-x")
        );
        for pairs in [&[("GOENV", "off")][..], &[("GOENV", "/")], &[]] {
            assert_eq!(flags(pairs), None);
        }
    }

    #[test]
    fn programs_are_looked_for_on_path_only() {
        let find = |path: &str, name: &str| {
            let path = [("PATH".to_owned(), path.into())];
            let environment: Environment = path.into_iter().collect();
            program(&environment, Path::new("/bin"), Path::new(name))
        };
        assert_eq!(find("/nowhere:/bin", "sh"), Some("/bin/sh".into()));
        assert_eq!(find("/nowhere", "/bin/sh"), Some("/bin/sh".into()));
        assert_eq!(find("/nowhere", "./sh"), Some("/bin/./sh".into()));
        for (path, name) in [
            (":.", "sh"),
            ("/bin", "no-such-program"),
            ("/", "bin"),
            ("/bin", ""),
        ] {
            assert_eq!(find(path, name), None, "{path} {name}");
        }
    }
}
