//! The environment, the working folder and the global flags, read once and turned into settings.
//!
//! The only module that reads environment variables; [`crate::env`] has their names.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the module that reads the environment"
)]

mod build;
mod go;
mod repository;
mod style;

use std::collections::HashMap;
use std::ffi::OsString;
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use crate::cli::{Global, MessageFormat};
use crate::env as names;
use crate::error::Failure;
use crate::fsx;
use crate::http::NetSettings;
use crate::ui::Style;
use crate::vcs::git::{GitSettings, SshOptions};

pub use build::BuildSettings;
pub use go::GoSettings;
pub use repository::RepositorySettings;
pub use style::colours;
pub use style::form;
use style::{escapes, may_color, style};

/// The environment variables of one run.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    variables: HashMap<String, OsString>,
}

impl Environment {
    /// Those of this process.
    pub fn capture() -> Self {
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            // Windows has `Path` for `PATH`, and makes no difference.
            .map(|(mut name, value)| {
                if cfg!(windows) {
                    name.make_ascii_uppercase();
                }
                (name, value)
            })
            .collect()
    }

    /// A variable that is set to something.
    fn get(&self, name: &str) -> Option<String> {
        let value = self.variables.get(name)?.to_str()?;
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// A variable that names a path.
    fn path(&self, name: &str) -> Option<PathBuf> {
        self.variables
            .get(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    }

    /// A variable that exists in lower and upper case; lower case counts first.
    fn either_case(&self, name: &str) -> Option<String> {
        self.get(name)
            .or_else(|| self.get(&name.to_ascii_uppercase()))
    }

    fn is_set(&self, name: &str) -> bool {
        self.variables.contains_key(name)
    }
}

impl FromIterator<(String, OsString)> for Environment {
    fn from_iter<I: IntoIterator<Item = (String, OsString)>>(variables: I) -> Self {
        Self {
            variables: variables.into_iter().collect(),
        }
    }
}

/// What a run knows before it starts.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The working folder.
    pub folder: PathBuf,
    /// The name of the file to use as glide.yaml.
    pub yaml: String,
    /// Where Glide's files are: mirrors.yaml and the cache.
    pub home: PathBuf,
    /// The folders in which programs are looked for; none that depends on where we are.
    pub path: Vec<PathBuf>,
    /// The folders that `GOPATH` names.
    pub gopath: Vec<PathBuf>,
    /// Whether it is set, or these are Go's own choice.
    pub gopath_is_set: bool,
    /// How messages look.
    pub style: Style,
    /// Whether results on standard output may be coloured.
    pub color_output: bool,
    /// What GitHub Actions says of the build, where it runs one.
    pub build: BuildSettings,
    /// Whether a person may be asked something: not in a build service.
    pub may_ask: bool,
    /// How to reach the network.
    pub net: NetSettings,
    /// How to run `ssh`.
    pub ssh: SshOptions,
    /// What `SVN_SSH` is to be for `svn`, where it is not to be what it is.
    pub svn_ssh: Option<String>,
    /// Where Git's configuration is.
    pub git_config: GitSettings,
    /// What git says of the repository that it works on, where it has started us.
    pub git: RepositorySettings,
    /// What the environment says of Go.
    pub go: GoSettings,
    /// `SOURCE_DATE_EPOCH`: the moment that takes the place of now, in seconds since 1970.
    pub source_date_epoch: Option<i64>,
    /// How many repositories are fetched at once.
    pub fetches: usize,
    /// How many threads write files.
    pub writers: usize,
}

/// How many repositories are fetched at once; the HTTP client bounds them further for each host.
const FETCHES: usize = 16;

/// More pairs of `GIT_CONFIG_KEY_n` than anybody sets.
const MOST_PAIRS: usize = 10_000;

/// The last second of the year 9999: no later moment can be written in glide.lock.
const LATEST: i64 = 253_402_300_799;

/// More threads than this do not make the disk faster.
const WRITERS: usize = 8;

impl Settings {
    /// Puts flags and environment together; flags win.
    pub fn new(flags: &Global, environment: &Environment) -> Result<Self, Failure> {
        let folder = working_folder(environment)?;
        let user = std::env::home_dir().filter(|home| !home.as_os_str().is_empty());
        let home = flags
            .home
            .clone()
            .filter(|home| !home.as_os_str().is_empty())
            .or_else(|| environment.path(names::GLIDE_HOME))
            .or_else(|| user.as_ref().map(|user| user.join(".glide")))
            .unwrap_or_else(|| folder.join(".glide"));
        let may_prompt = io::stdin().is_terminal()
            && environment.get(names::GIT_TERMINAL_PROMPT).as_deref() != Some("0")
            && !build_service(environment);
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Ok(Self {
            yaml: flags
                .yaml
                .clone()
                .unwrap_or_else(|| "glide.yaml".to_owned()),
            home: folder.join(home),
            path: paths(environment, names::PATH),
            gopath: gopath(environment, user.as_deref()),
            gopath_is_set: environment.path(names::GOPATH).is_some(),
            go: go::read(environment, &folder, user.as_deref()),
            git: RepositorySettings::of(environment),
            source_date_epoch: source_date_epoch(environment)?,
            style: style(flags, environment),
            color_output: may_color(
                flags,
                environment,
                io::stdout().is_terminal() && escapes(environment),
            ),
            build: BuildSettings::of(environment),
            // Whoever reads records does not answer.
            may_ask: !build_service(environment) && flags.message_format == MessageFormat::Human,
            net: net(environment, user.clone()),
            ssh: SshOptions {
                shell_command: environment.get(names::GIT_SSH_COMMAND),
                program: environment.get(names::GIT_SSH),
                variant: environment.get(names::GIT_SSH_VARIANT),
                may_prompt,
            },
            // The user's own command may ask; the one that `svn` has by itself must not.
            svn_ssh: (!may_prompt && !environment.is_set(names::SVN_SSH))
                .then(|| "ssh -q -o BatchMode=yes".to_owned()),
            git_config: git_config(environment, user, may_prompt),
            fetches: FETCHES,
            writers: cores.clamp(1, WRITERS),
            folder,
        })
    }
}

/// The working folder by the way that the shell went, as Go has it; by another, paths would not begin
/// like those in GOPATH.
fn working_folder(environment: &Environment) -> Result<PathBuf, Failure> {
    let folder = std::env::current_dir()
        .map_err(|error| Failure::user(format!("cannot tell the working folder: {error}")))?;
    let way = environment.path(names::PWD);
    let plain = |way: &PathBuf| {
        let mut parts = way.components();
        way.is_absolute() && !parts.any(|part| part == std::path::Component::ParentDir)
    };
    let way = way.filter(|way| plain(way) && fsx::is_same(way, &folder));
    Ok(way.unwrap_or(folder))
}

/// A moment that cannot be read is an error, as <https://reproducible-builds.org/specs/> wants it.
fn source_date_epoch(environment: &Environment) -> Result<Option<i64>, Failure> {
    let Some(text) = environment.get(names::SOURCE_DATE_EPOCH) else {
        return Ok(None);
    };
    match text.parse() {
        Ok(seconds) if (0..=LATEST).contains(&seconds) => Ok(Some(seconds)),
        _ => Err(Failure::user(format!(
            "SOURCE_DATE_EPOCH is `{text}`, which is no number of seconds since 1970 up to the year 9999"
        ))),
    }
}

/// Whether this is a build service: `CI` says anything but no.
fn build_service(environment: &Environment) -> bool {
    environment.get(names::CI).is_some_and(|value| {
        let value = value.to_ascii_lowercase();
        !matches!(value.as_str(), "0" | "false" | "no" | "off")
    })
}

/// The folders of `GOPATH`; `go` in the user's home where it is not set, as Go has it.
fn gopath(environment: &Environment, home: Option<&Path>) -> Vec<PathBuf> {
    if environment.path(names::GOPATH).is_some() {
        return paths(environment, names::GOPATH);
    }
    // Go itself may have been unpacked there.
    let is_go = |path: &PathBuf| fsx::is_folder(&path.join("src").join("fmt"));
    let default = home.map(|home| home.join("go"));
    default.into_iter().filter(|path| !is_go(path)).collect()
}

/// The folders of a variable, without those that depend on where we are.
fn paths(environment: &Environment, name: &str) -> Vec<PathBuf> {
    let paths = environment.path(name).unwrap_or_default();
    std::env::split_paths(&paths)
        .filter(|path| path.is_absolute())
        .collect()
}

fn net(environment: &Environment, home: Option<PathBuf>) -> NetSettings {
    // In a CGI process `HTTP_PROXY` is what the caller sent as a `Proxy:` header.
    let cgi = environment.is_set(names::REQUEST_METHOD);
    let http_proxy = if cgi {
        environment.get(names::HTTP_PROXY)
    } else {
        environment.either_case(names::HTTP_PROXY)
    };
    NetSettings {
        https_proxy: environment.either_case(names::HTTPS_PROXY),
        http_proxy,
        all_proxy: environment.either_case(names::ALL_PROXY),
        no_proxy: environment.either_case(names::NO_PROXY),
        ssl_cert_file: environment.path(names::SSL_CERT_FILE),
        ssl_cert_dir: environment.get(names::SSL_CERT_DIR),
        git_ssl_cainfo: environment.path(names::GIT_SSL_CAINFO),
        git_ssl_capath: environment.path(names::GIT_SSL_CAPATH),
        git_ssl_no_verify: environment.is_set(names::GIT_SSL_NO_VERIFY),
        netrc: environment.path(names::NETRC),
        home,
        ..NetSettings::default()
    }
}

fn git_config(environment: &Environment, home: Option<PathBuf>, terminal: bool) -> GitSettings {
    let count = environment
        .get(names::GIT_CONFIG_COUNT)
        .and_then(|count| count.parse().ok());
    let pairs = (0..count.unwrap_or(0_usize).min(MOST_PAIRS)).filter_map(|index| {
        let value = |name: &str| {
            environment
                .variables
                .get(&format!("{name}_{index}"))?
                .to_str()
        };
        Some((
            value("GIT_CONFIG_KEY")?.to_owned(),
            value("GIT_CONFIG_VALUE")?.to_owned(),
        ))
    });
    GitSettings {
        home,
        xdg_config_home: environment.path(names::XDG_CONFIG_HOME),
        config_global: environment.path(names::GIT_CONFIG_GLOBAL),
        config_system: environment.path(names::GIT_CONFIG_SYSTEM),
        no_system: environment
            .get(names::GIT_CONFIG_NOSYSTEM)
            .is_some_and(|value| !matches!(value.as_str(), "0" | "false" | "no" | "off")),
        pairs: pairs.collect(),
        allow_protocol: environment.get(names::GIT_ALLOW_PROTOCOL),
        terminal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).into()))
            .collect()
    }

    #[test]
    fn flags_win_over_the_environment_and_that_over_the_default() {
        let variables = environment(&[("GLIDE_HOME", "/g"), ("NO_COLOR", "1")]);
        let none = Global::default();
        let given = Global {
            home: Some("/h".into()),
            ..Global::default()
        };
        assert_eq!(
            Settings::new(&given, &variables).unwrap().home,
            PathBuf::from("/h")
        );
        assert_eq!(
            Settings::new(&none, &variables).unwrap().home,
            PathBuf::from("/g")
        );
        let relative = Global {
            home: Some("x".into()),
            ..Global::default()
        };
        assert!(
            Settings::new(&relative, &variables)
                .unwrap()
                .home
                .is_absolute()
        );
    }

    #[test]
    fn gopath_is_a_list_of_absolute_folders_and_has_a_default() {
        let paths = |pairs| gopath(&environment(pairs), Some(Path::new("/h")));
        assert_eq!(paths(&[]), [PathBuf::from("/h/go")]);
        assert_eq!(paths(&[("GOPATH", "")]), [PathBuf::from("/h/go")]);
        let given = paths(&[("GOPATH", "/a:b::/c")]);
        assert_eq!(given, [PathBuf::from("/a"), PathBuf::from("/c")]);
    }

    #[test]
    fn a_build_service_is_one_that_does_not_deny_it() {
        for (value, expected) in [
            ("true", true),
            ("1", true),
            ("woodpecker", true),
            ("", false),
            ("0", false),
            ("False", false),
            ("no", false),
        ] {
            let variables = environment(&[("CI", value)]);
            assert_eq!(build_service(&variables), expected, "{value}");
        }
        assert!(!build_service(&environment(&[])));
    }

    #[test]
    fn source_date_epoch_is_a_moment_or_an_error() {
        let read = |text| source_date_epoch(&environment(&[("SOURCE_DATE_EPOCH", text)]));
        for (text, seconds) in [("", None), ("0", Some(0)), ("253402300799", Some(LATEST))] {
            assert_eq!(read(text).ok(), Some(seconds), "{text}");
        }
        for text in ["-1", "now", "1.5", "253402300800", "99999999999999999999"] {
            let failure = read(text).unwrap_err().render();
            assert!(failure.contains(text), "{failure}");
        }
    }

    #[test]
    fn proxies_are_read_in_either_case_and_never_from_a_cgi_header() {
        let proxies = |pairs| net(&environment(pairs), None).http_proxy;
        assert_eq!(proxies(&[("HTTP_PROXY", "a")]).as_deref(), Some("a"));
        assert_eq!(
            proxies(&[("HTTP_PROXY", "a"), ("http_proxy", "b")]).as_deref(),
            Some("b")
        );
        assert_eq!(
            proxies(&[("HTTP_PROXY", "a"), ("REQUEST_METHOD", "GET")]),
            None
        );
    }

    #[test]
    fn pairs_of_git_configuration_are_counted() {
        let variables = environment(&[
            ("GIT_CONFIG_COUNT", "1"),
            ("GIT_CONFIG_KEY_0", "http.proxy"),
            ("GIT_CONFIG_VALUE_0", "p"),
            ("GIT_CONFIG_KEY_1", "not.counted"),
            ("GIT_CONFIG_VALUE_1", "x"),
            ("GIT_CONFIG_NOSYSTEM", "0"),
        ]);
        let settings = git_config(&variables, None, false);
        assert_eq!(settings.pairs, [("http.proxy".to_owned(), "p".to_owned())]);
        assert!(!settings.no_system);
    }
}
