//! What a remote's address alone says about its version control system; pure.
//!
//! Answers to `detectVcsFromURL` of Glide's vcs library. Unlike it, addresses of scp's kind need
//! no user (git's do not), and bitbucket.org means git unless the user is `hg`: it has dropped
//! Mercurial, so its API need not be asked.

use std::path::PathBuf;

use crate::http::Url;

use super::hosts::is_element;
use crate::model::VcsKind;

/// What an address says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Detected {
    /// It names the system.
    Kind(VcsKind),
    /// It is a folder on this machine, which has to be looked at.
    Folder(PathBuf),
    /// The web may know: the import path to ask for.
    AskFor(String),
    /// It says nothing, for this reason.
    Nothing(&'static str),
}

/// Looks at a remote's address.
pub(super) fn detect(remote: &str) -> Detected {
    if remote.starts_with('-') {
        return Detected::Nothing("it begins with `-`");
    }
    if remote.chars().any(char::is_control) {
        return Detected::Nothing("it has a control character");
    }
    if !remote.contains("://") {
        return scp_like(remote);
    }
    let Ok(url) = Url::parse(remote) else {
        return Detected::Nothing("it is no address");
    };
    if url.scheme() == "file" {
        return match url.to_file_path() {
            Ok(path) => Detected::Folder(path),
            Err(()) => Detected::Nothing("it names no folder on this machine"),
        };
    }
    let Some(host) = url.host_str().filter(|host| !host.is_empty()) else {
        return Detected::Nothing("it names no host");
    };
    let kind = match url.scheme() {
        "git" | "git+ssh" => Some(VcsKind::Git),
        "bzr" | "bzr+ssh" => Some(VcsKind::Bzr),
        "svn+ssh" | "svn" => Some(VcsKind::Svn),
        _ => by_place(host, url.port(), url.path(), url.username()),
    };
    match kind {
        Some(kind) => Detected::Kind(kind),
        None if url.scheme() == "https" => Detected::AskFor(import_path(remote, host, &url)),
        None if url.scheme() == "http" => Detected::Nothing("only https addresses are asked"),
        None => Detected::Nothing("neither host, ending nor user tells"),
    }
}

/// The remote as an import path, as it was written where possible.
fn import_path(remote: &str, host: &str, url: &Url) -> String {
    match remote.strip_prefix("https://") {
        Some(path) if url.username().is_empty() && url.query().is_none() => path.to_owned(),
        _ => match url.port() {
            Some(port) => format!("{host}:{port}{}", url.path()),
            None => format!("{host}{}", url.path()),
        },
    }
}

/// The import path of a repository at this address, as far as the address alone tells: host and path
/// without what ends in `.git`. Nothing where no import path could lead there.
pub fn name_of(address: &str) -> Option<String> {
    if address.starts_with('-') || address.chars().any(char::is_control) {
        return None;
    }
    let url;
    let (host, path) = if address.contains("://") {
        url = Url::parse(address).ok()?;
        let schemes = ["https", "http", "ssh", "git", "git+ssh"];
        schemes.contains(&url.scheme()).then_some(())?;
        (url.host_str()?, url.path())
    } else {
        let (_, host, path) = scp_parts(address)?;
        (host, path)
    };
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let ordinary = |element: &str| is_element(element) && element != "." && element != "..";
    let sound = host.contains('.') && is_element(host) && path.split('/').all(ordinary);
    sound.then(|| format!("{host}/{path}"))
}

/// `user@host:path` or `host:path`. What has a slash before the colon is a path, and two colons
/// (`ext::`) call a helper program, which nobody should.
fn scp_like(remote: &str) -> Detected {
    let Some((user, host, path)) = scp_parts(remote) else {
        return Detected::Nothing("it is neither an address nor of the form host:path");
    };
    let path = format!("/{}", path.trim_start_matches('/'));
    match by_place(host, None, &path, user) {
        Some(kind) => Detected::Kind(kind),
        None => Detected::Nothing("neither host, ending nor user tells"),
    }
}

/// User (perhaps empty), host and path.
fn scp_parts(remote: &str) -> Option<(&str, &str, &str)> {
    let (place, path) = remote.split_once(':')?;
    let (user, host) = place.split_once('@').unwrap_or(("", place));
    let sound = !path.starts_with(':') && is_element(host) && (user.is_empty() || is_element(user));
    sound.then_some((user, host, path))
}

/// By a known host, else the path's ending, else the user's name.
fn by_place(host: &str, port: Option<u16>, path: &str, user: &str) -> Option<VcsKind> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let known = if port.is_none() { host } else { "" };
    let elements: Vec<&str> = path.split('/').collect();
    let all_ordinary = elements.iter().all(|element| is_element(element));
    match known {
        "github.com" => return (elements.len() >= 2 && all_ordinary).then_some(VcsKind::Git),
        "bitbucket.org" => {
            let kind = if user == "hg" {
                VcsKind::Hg
            } else {
                VcsKind::Git
            };
            return (elements.len() >= 2 && all_ordinary).then_some(kind);
        }
        "git.openstack.org" => {
            return (elements.len() == 2 && all_ordinary).then_some(VcsKind::Git);
        }
        "launchpad.net" | "git.launchpad.net" | "hub.jazz.net" | "go.googlesource.com" => {
            let whole = format!("{known}/{path}");
            // Its own pattern must fit, not the one for endings, which comes last.
            let fits = super::hosts::root_at_host(&whole).is_some();
            let kind = if known == "launchpad.net" {
                VcsKind::Bzr
            } else {
                VcsKind::Git
            };
            return fits.then_some(kind);
        }
        _ => {}
    }
    let ending = path.rsplit_once('.').and_then(|(_, ending)| match ending {
        "git" | "hg" | "svn" | "bzr" => VcsKind::parse(ending),
        _ => None,
    });
    ending.or(match user {
        "git" => Some(VcsKind::Git),
        "hg" => Some(VcsKind::Hg),
        _ => None,
    })
}

/// Whether a repository address that a web page names may be used at all: a page must not lead
/// to files of this machine, to a helper program or to an option. Of the form `user@host:path`
/// the user must be there: without one it might as well be a file.
pub(super) fn is_fetchable(repository: &str) -> bool {
    const SCHEMES: &[&str] = &[
        "https", "http", "git", "ssh", "git+ssh", "svn", "svn+ssh", "bzr", "bzr+ssh",
    ];
    if repository.starts_with('-') || repository.chars().any(char::is_control) {
        return false;
    }
    if !repository.contains("://") {
        return scp_parts(repository)
            .is_some_and(|(user, host, _)| !user.is_empty() && !host.starts_with('-'));
    }
    Url::parse(repository).is_ok_and(|url| {
        SCHEMES.contains(&url.scheme())
            && url
                .host_str()
                .is_some_and(|host| !host.is_empty() && !host.starts_with('-'))
    })
}

#[cfg(test)]
mod tests {
    use super::{Detected, detect, is_fetchable, name_of};
    use crate::model::VcsKind::{self, Bzr, Git, Hg, Svn};

    #[track_caller]
    fn check(remote: &str, kind: VcsKind) {
        assert_eq!(detect(remote), Detected::Kind(kind), "{remote}");
    }

    #[track_caller]
    fn check_asks(remote: &str, path: &str) {
        assert_eq!(
            detect(remote),
            Detected::AskFor(path.to_owned()),
            "{remote}"
        );
    }

    #[track_caller]
    fn check_nothing(remote: &str) {
        assert!(matches!(detect(remote), Detected::Nothing(_)), "{remote}");
    }

    #[test]
    fn schemes_and_scp_addresses() {
        check("git://h.example/x", Git);
        check("git+ssh://h.example/x", Git);
        check("svn+ssh://h.example/x", Svn);
        check("bzr+ssh://h.example/x", Bzr);
        check("bzr://h.example/x", Bzr);
        check("svn://h.example/x", Svn);
        check("ssh://h.example/x.hg", Hg);
        check("git@github.com:a/b.git", Git);
        check("git@h.example:a/b", Git);
        check("hg@h.example:a/b", Hg);
        check("h.example:a/b.git", Git);
        check("me@github.com:a/b", Git);
        check("ssh://git@h.example:22/x", Git);
        check("ssh://hg@h.example/x", Hg);
        check_nothing("ssh://h.example/x");
        check_nothing("me@h.example:a/b");
    }

    #[test]
    fn known_hosts() {
        check("https://github.com/a/b", Git);
        check("http://github.com/a/b/c", Git);
        check("https://bitbucket.org/a/b", Git);
        check("https://hg@bitbucket.org/a/b", Hg);
        check("https://launchpad.net/p", Bzr);
        check("https://launchpad.net/~u/p/b", Bzr);
        check("https://git.launchpad.net/~u/+git/r", Git);
        check("https://go.googlesource.com/net", Git);
        check("https://go.googlesource.com/net/", Git);
        check("https://git.openstack.org/a/b", Git);
        check("https://hub.jazz.net/git/u/r", Git);
        check_asks("https://github.com/a", "github.com/a");
        check_asks("https://github.com/a/b/", "github.com/a/b/");
        check_asks(
            "https://go.googlesource.com/a/b.git",
            "go.googlesource.com/a/b.git",
        );
    }

    #[test]
    fn endings_and_users() {
        check("https://h.example/a.git", Git);
        check("https://h.example:8443/a/b.hg", Hg);
        check("http://h.example/a.svn", Svn);
        check("https://h.example/a.bzr", Bzr);
        check("https://git@h.example/x", Git);
        check_asks("https://h.example/a.git/", "h.example/a.git/");
        check_asks("https://h.example:8443/x", "h.example:8443/x");
        check_asks("https://me:pw@h.example/x", "h.example/x");
        check_asks("https://golang.org/x/net", "golang.org/x/net");
        check_nothing("http://h.example/x");
    }

    #[test]
    fn folders_are_looked_at() {
        assert_eq!(
            detect("file:///srv/a%20b"),
            Detected::Folder("/srv/a b".into())
        );
        check_nothing("file://host/share");
    }

    #[test]
    fn what_might_run_a_program_says_nothing() {
        for remote in [
            "-x",
            "--upload-pack=x",
            "ext::sh -c x",
            "fd::3",
            "/srv/x",
            "../x",
            "x",
            "",
            "https://a\nb/x.git",
            "./a:b.git",
        ] {
            check_nothing(remote);
        }
    }

    #[test]
    fn addresses_lead_back_to_names() {
        for (address, expected) in [
            ("https://github.com/me/app.git", Some("github.com/me/app")),
            ("https://me:pw@h.example:8443/a/b/", Some("h.example/a/b")),
            ("git@github.com:me/app.git", Some("github.com/me/app")),
            ("ssh://git@h.example:22/a.git", Some("h.example/a")),
            ("h.example:/a/b", Some("h.example/a/b")),
            ("/srv/git/app.git", None),
            ("../app", None),
            ("file:///srv/app", None),
            ("ext::sh -c x", None),
            ("--upload-pack=x", None),
            ("git@work:me/app", None),
            ("https://github.com", None),
            ("https://h.example/../a", Some("h.example/a")),
            ("h.example:../a", None),
            ("h.example:a b", None),
            ("https://h.example/a%0ab", None),
            ("", None),
        ] {
            assert_eq!(name_of(address).as_deref(), expected, "{address}");
        }
    }

    #[test]
    fn pages_lead_to_hosts_only() {
        for good in [
            "https://h/x",
            "http://h/x",
            "git://h/x",
            "ssh://git@h/x",
            "svn://h/x",
            "git@h:a/b.git",
        ] {
            assert!(is_fetchable(good), "{good}");
        }
        for bad in [
            "file:///etc",
            "ext::sh",
            "-x",
            "ssh://-oProxyCommand=x/y",
            "h:x",
            "git@-oProxyCommand=x:y",
            "git@-x:y",
            "git@h::x",
            "git@h/x:y",
            "git@h",
            "/x",
            "https://",
            "",
            "javascript:x",
        ] {
            assert!(!is_fetchable(bad), "{bad}");
        }
    }
}
