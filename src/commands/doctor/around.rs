//! The machine around the project: git, the way to servers, folders, programs, Go.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::super::network::Network;
use super::super::renew::installed_go;
use super::project::{closed, trouble};
use crate::cache;
use crate::doctor::{Cache, Certificates, Disk, Git, Go, Helper, Home, Program, Proxy, Setting};
use crate::error::Failure;
use crate::fsx;
use crate::http::{self, DisplayUrl, NetSettings, UrlConfig as _};
use crate::manifest::Remote;
use crate::model::VcsKind;
use crate::settings::Settings;
use crate::vcs::git::{Found, GitConfig};

/// An address that no key of git's configuration names, unless it holds for all.
const ANYBODY: &str = "https://nobody.invalid/";

/// git's configuration, and what stands out in it.
pub(super) fn git(settings: &Settings) -> (Git, Option<GitConfig>) {
    let files = settings.git_config.files_there();
    let config = match GitConfig::load(&settings.git_config) {
        Ok(config) => config,
        Err(error) => {
            let git = Git {
                trouble: Some(trouble(&Failure::from(error))),
                files,
                ..Git::default()
            };
            return (git, None);
        }
    };
    let survey = config.survey();
    let setting = |what: String, found: &Found| Setting {
        what,
        place: found.place.clone(),
    };
    let rewrites = survey.rewrites.iter();
    let unverified = survey.unverified.iter();
    let helpers = survey.helpers.iter();
    let forbidden = survey.forbidden.iter();
    let git = Git {
        trouble: None,
        files,
        rewrites: rewrites
            .map(|found| setting(format!("{} → {}", found.value, found.key), found))
            .collect(),
        unverified: unverified
            .map(|found| setting(format!("`{}` is off", found.key), found))
            .collect(),
        proxies: survey
            .proxies
            .iter()
            .map(|found| proxy(&format!("git's {}", found.key), &found.value))
            .collect(),
        helpers: helpers
            .map(|found| Helper {
                // What stands behind the program may be a secret.
                setting: setting(first_word(&found.value).to_owned(), found),
                found: helper_is_there(&found.value, &settings.path),
            })
            .collect(),
        forbidden: forbidden
            .map(|found| setting(found.key.clone(), found))
            .filter(|setting| ["http", "https", "git", "ssh", "*"].contains(&&*setting.what))
            .collect(),
    };
    (git, Some(config))
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

/// Whether a helper's program is there; `None` for a command of the shell.
fn helper_is_there(helper: &str, path: &[PathBuf]) -> Option<bool> {
    let first = first_word(helper);
    if first.is_empty() || first.starts_with('!') || first.contains(['$', '"', '\'', '~']) {
        return None;
    }
    if first.starts_with('/') {
        return Some(fsx::exists(Path::new(first)));
    }
    let name = format!("git-credential-{first}");
    // Those that come with git stand in a folder of its own.
    let beside = ["../lib/git-core", "../libexec/git-core"];
    let folders = path.iter().flat_map(|folder| {
        let own = beside.iter().map(|below| folder.join(below));
        own.chain([folder.clone()])
    });
    let folders: Vec<PathBuf> = folders.collect();
    let is_there = |folder: &PathBuf| fsx::exists(&folder.join(&name));
    Some(folders.iter().any(is_there) || fsx::find_program(&folders, name.as_ref()).is_some())
}

fn proxy(variable: &str, address: &str) -> Proxy {
    Proxy {
        variable: variable.to_owned(),
        address: DisplayUrl::new(address).as_str().to_owned(),
        trouble: http::wrong_with_proxy(address),
    }
}

/// The proxies that the environment names.
pub(super) fn proxies(net: &NetSettings) -> Vec<Proxy> {
    let named = [
        ("https_proxy", &net.https_proxy),
        ("http_proxy", &net.http_proxy),
        ("all_proxy", &net.all_proxy),
    ];
    let set = named
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_deref()?)));
    set.map(|(name, value)| proxy(name, value)).collect()
}

/// What servers are trusted by.
pub(super) fn certificates(settings: &Settings, config: Option<&GitConfig>) -> Certificates {
    let net = &settings.net;
    let of_git = http::Url::parse(ANYBODY).ok().zip(config);
    let of_git = of_git
        .map(|(url, config)| config.options(&url))
        .unwrap_or_default();
    let file = net.git_ssl_cainfo.clone().or(of_git.ca_file);
    let folder = net.git_ssl_capath.clone().or(of_git.ca_folder);
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let mut found = Certificates {
        unchecked_by: net.git_ssl_no_verify.then_some("GIT_SSL_NO_VERIFY"),
        now: now.map_or(0, |now| now.as_secs()),
        ..Certificates::default()
    };
    match http::roots(net, [file.as_deref(), folder.as_deref()]) {
        Ok(roots) => {
            found.source = roots.source;
            found.count = roots.count;
        }
        Err(error) => found.trouble = Some(trouble(&Failure::from(error))),
    }
    found
}

/// The nearest folder above a path that is there, or the path itself.
fn nearest(path: &Path) -> &Path {
    let mut above = path.ancestors();
    above.find(|path| fsx::is_folder(path)).unwrap_or(path)
}

/// Glide's home.
pub(super) fn home(path: &Path) -> Home {
    let exists = fsx::exists(path);
    let trouble = if exists && !fsx::is_folder(path) {
        Some("it is no folder".to_owned())
    } else {
        closed(nearest(path))
    };
    Home {
        path: path.to_owned(),
        exists,
        trouble,
    }
}

/// The cache, and what broken-off runs have left in it and in the project.
pub(super) fn cache(cache: &cache::Cache, project: Option<&Path>) -> Cache {
    let path = cache.root();
    let mut found = Cache {
        path: path.to_owned(),
        exists: fsx::exists(path),
        in_use: cache.is_in_use(),
        ..Cache::default()
    };
    if found.exists {
        match cache.measure() {
            Ok(measured) => {
                found.bytes = measured.bytes;
                found.repositories = measured.repositories;
                found.left_over = measured.left_over;
            }
            Err(error) => found.trouble = Some(error.in_full()),
        }
    }
    let names = project.and_then(|folder| fsx::read_dir(folder).ok());
    let beside = names
        .unwrap_or_default()
        .into_iter()
        .map(|entry| entry.path());
    found
        .left_over
        .extend(beside.filter(|path| cache::is_left_over(path)));
    found
}

/// The disks that the cache and the project are on; one alone where both are on the same.
pub(super) fn disks(home: &Path, project: Option<&Path>) -> Vec<Disk> {
    let home = nearest(home);
    let disk = |what, path: &Path| Disk {
        what,
        path: path.to_owned(),
        free: fsx::free_space(path),
        folds_case: folds_case(path),
    };
    let Some(project) = project else {
        return vec![disk("the cache", home)];
    };
    let devices = fsx::stat(home)
        .ok()
        .flatten()
        .zip(fsx::stat(project).ok().flatten());
    if devices.is_some_and(|(one, other)| fsx::on_one_device(&one, &other)) {
        return vec![disk("the project and the cache", project)];
    }
    vec![disk("the project", project), disk("the cache", home)]
}

/// Whether a name in a folder leads to the same in the other case. Nothing is made to find out.
fn folds_case(folder: &Path) -> Option<bool> {
    let names = fsx::read_dir(folder).ok()?;
    names.iter().find_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let other = name.to_ascii_uppercase();
        let differs = other != name && !names.iter().any(|entry| *entry.file_name() == *other);
        differs.then(|| fsx::is_same(&folder.join(&name), &folder.join(other)))
    })
}

/// Go, and its folders.
pub(super) fn go(settings: &Settings) -> Go {
    let go = &settings.go;
    let paths = settings.gopath.iter();
    Go {
        name: go.name.display().to_string(),
        is_named: go.is_named,
        program: go.program.clone(),
        minor: go.program.as_ref().and_then(|_| installed_go(go)),
        modules: go.modules.clone(),
        flags: go.flags.clone(),
        gopath: paths
            .map(|path| (path.clone(), fsx::is_folder(path)))
            .collect(),
        gopath_is_set: settings.gopath_is_set,
    }
}

/// The programs that the project's repositories are fetched by: one row each, with who needs it first.
pub(super) fn programs(
    settings: &Settings,
    network: &Network,
    config: Option<&GitConfig>,
    remotes: &[(String, Remote)],
) -> Vec<Program> {
    let mut programs: Vec<Program> = Vec::new();
    for (name, remote) in remotes {
        let location = config.map_or(remote.location.clone(), |config| {
            config.rewrite(&remote.location)
        });
        let named = VcsKind::parse(&remote.vcs);
        let kind = named.or_else(|| network.discover.kind_at_hand(&location));
        let (program, alias, package) = match kind {
            Some(VcsKind::Hg) => ("hg", "hg", "mercurial"),
            Some(VcsKind::Svn) => ("svn", "svn", "subversion"),
            Some(VcsKind::Bzr) => ("bzr", "brz", "brz"),
            _ if is_ssh(&location)
                && settings.ssh.shell_command.is_none()
                && settings.ssh.program.is_none() =>
            {
                ("ssh", "ssh", "openssh-client")
            }
            _ => continue,
        };
        if programs.iter().all(|known| known.name != program) {
            let there = |name: &str| fsx::find_program(&settings.path, name.as_ref()).is_some();
            programs.push(Program {
                name: program,
                package,
                needed_by: name.clone(),
                found: there(program) || there(alias),
            });
        }
    }
    programs
}

/// Whether an address leads through `ssh`: `ssh://…`, or `host:path` with a user or without.
fn is_ssh(address: &str) -> bool {
    if let Some((scheme, _)) = address.split_once("://") {
        return scheme.ends_with("ssh");
    }
    let host = address.split_once(':').map(|(host, _)| host);
    !fsx::is_path_of_this_system(address)
        && host.is_some_and(|host| !host.is_empty() && !host.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_through_ssh_or_not() {
        for (address, expected) in [
            ("ssh://git@a/b", true),
            ("git+ssh://a/b", true),
            ("git@a.example:b/c", true),
            ("a:b", true),
            ("https://a.example:1/b", false),
            ("/a:b", false),
            ("./a:b", false),
            ("a/b", false),
        ] {
            assert_eq!(is_ssh(address), expected, "{address}");
        }
    }

    #[test]
    fn helpers_are_looked_for_where_git_looks() {
        let root = tempfile::tempdir().unwrap();
        let bin = root.path().join("bin");
        let core = root.path().join("lib/git-core");
        for folder in [&bin, &core] {
            fsx::create_dir_all(folder).unwrap();
        }
        fsx::write_atomic(&core.join("git-credential-store"), b"").unwrap();
        fsx::write_atomic(&bin.join("git-credential-mine"), b"").unwrap();
        let there = |helper: &str| helper_is_there(helper, std::slice::from_ref(&bin));
        assert_eq!(there("store --file x"), Some(true));
        assert_eq!(there("mine"), Some(true));
        assert_eq!(there("manager-core"), Some(false));
        assert_eq!(
            there(bin.join("git-credential-mine").to_str().unwrap()),
            Some(true)
        );
        assert_eq!(there("/no/such/helper"), Some(false));
        for of_the_shell in ["!f() { :; }; f", "~/helper", "$HOME/helper", ""] {
            assert_eq!(there(of_the_shell), None, "{of_the_shell}");
        }
    }
}
