//! Hosts whose repositories are told from the import path alone; pure.
//!
//! The patterns are Glide's (`util/util.go`), in Glide's order, oddities included, since the root
//! decides a dependency's name in glide.lock and the hash of glide.yaml.

/// The repository root of an import path at a known host, or below an element that ends in
/// the name of a version control system.
pub(super) fn root(path: &str) -> Option<&str> {
    let (host, rest) = path.split_once('/').unwrap_or((path, ""));
    root_at_host(path).or_else(|| by_suffix(path, host, rest))
}

/// The root by the host's own pattern.
pub(super) fn root_at_host(path: &str) -> Option<&str> {
    let (host, rest) = path.split_once('/').unwrap_or((path, ""));
    match host {
        "github.com" | "bitbucket.org" => plain(path, rest, 2),
        "launchpad.net" => launchpad(path, rest),
        "git.launchpad.net" => git_launchpad(path, rest),
        "hub.jazz.net" => jazz(path, rest),
        "go.googlesource.com" => googlesource(path, rest),
        "code.google.com" => google_code(path, rest),
        _ => google_code_host(path, host, rest),
    }
}

/// Whether it is a path element as Glide's patterns know them.
pub(super) fn is_element(element: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    !element.is_empty() && element.bytes().all(fits)
}

/// The path up to and with the first `count` elements of `rest`, its end.
pub(super) fn leading<'a>(path: &'a str, rest: &str, count: usize) -> &'a str {
    let tail: usize = rest
        .split('/')
        .skip(count)
        .map(|element| element.len() + 1)
        .sum();
    &path[..path.len() - tail]
}

/// `count` or more ordinary elements, of which the first `count` make the root.
fn plain<'a>(path: &'a str, rest: &str, count: usize) -> Option<&'a str> {
    let enough = rest.split('/').count() >= count && rest.split('/').all(is_element);
    enough.then(|| leading(path, rest, count))
}

/// `project`, `project/series`, or `~user/project/branch`, and packages below the latter two.
fn launchpad<'a>(path: &'a str, rest: &str) -> Option<&'a str> {
    let Some(personal) = rest.strip_prefix('~') else {
        return plain(path, rest, 2).or_else(|| plain(path, rest, 1));
    };
    let mut elements = personal.split('/');
    let fits = elements.next().is_some_and(is_element)
        && elements
            .next()
            .is_some_and(|element| element == "+junk" || is_element(element))
        && elements.next().is_some_and(is_element)
        && elements.all(is_element);
    fits.then(|| leading(path, rest, 3))
}

/// `project` or `~user/project/repository`, and nothing below.
fn git_launchpad<'a>(path: &'a str, rest: &str) -> Option<&'a str> {
    let fits = match rest.strip_prefix('~') {
        None => is_element(rest),
        Some(personal) => {
            let elements: Vec<&str> = personal.split('/').collect();
            matches!(elements[..], [user, project, name]
                if is_element(user) && (project == "+git" || is_element(project)) && is_element(name))
        }
    };
    fits.then_some(path)
}

fn jazz<'a>(path: &'a str, rest: &str) -> Option<&'a str> {
    let mut elements = rest.split('/');
    let user = |element: &str| {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        !element.is_empty() && element.bytes().all(fits)
    };
    let fits = elements.next() == Some("git")
        && elements.next().is_some_and(user)
        && elements.next().is_some_and(is_element)
        && elements.all(is_element);
    fits.then(|| leading(path, rest, 3))
}

/// One element; a final slash is let through and stays part of the root.
fn googlesource<'a>(path: &'a str, rest: &str) -> Option<&'a str> {
    is_element(rest.strip_suffix('/').unwrap_or(rest)).then_some(path)
}

/// `p/name`, `r/name` and `p/name.subrepository`.
fn google_code<'a>(path: &'a str, rest: &str) -> Option<&'a str> {
    let word = |word: &str| {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !word.is_empty() && word.bytes().all(fits)
    };
    let mut elements = rest.split('/');
    let fits = matches!(elements.next(), Some("p" | "r"))
        && elements
            .next()
            .is_some_and(|name| match name.split_once('.') {
                Some((name, subrepository)) => word(name) && word(subrepository),
                None => word(name),
            })
        && elements.all(is_element);
    fits.then(|| leading(path, rest, 2))
}

/// `name.googlecode.com/svn/…`, which is a root as a whole, and `…/git` and `…/hg`.
fn google_code_host<'a>(path: &'a str, host: &str, rest: &str) -> Option<&'a str> {
    let name = host.strip_suffix(".googlecode.com")?;
    let fits = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-' | b'.')
    };
    if name.is_empty() || !name.bytes().all(fits) || rest.contains('\n') {
        return None;
    }
    match rest.split('/').next() {
        Some("svn") => Some(path),
        Some("git" | "hg") => Some(leading(path, rest, 1)),
        _ => None,
    }
}

/// Any host, and the first element ending in `.bzr`, `.git`, `.hg` or `.svn` after which only
/// ordinary elements follow.
fn by_suffix<'a>(path: &'a str, host: &str, rest: &str) -> Option<&'a str> {
    if !is_host(host) {
        return None;
    }
    for (at, _) in rest.match_indices('.') {
        let before = &rest[..at];
        if !before
            .split('/')
            .all(|element| element.is_empty() || is_element(element))
        {
            return None;
        }
        for suffix in [".bzr", ".git", ".hg", ".svn"] {
            let Some(after) = rest[at..].strip_prefix(suffix) else {
                continue;
            };
            let below = after.strip_prefix('/');
            if after.is_empty() || below.is_some_and(|below| below.split('/').all(is_element)) {
                return Some(&path[..path.len() - after.len()]);
            }
        }
    }
    None
}

/// A host of lower-case letters with a dot inside, and a port or none.
fn is_host(host: &str) -> bool {
    let (name, port) = match host.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (host, None),
    };
    let fits = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-')
    };
    let dot_inside = |name: &[u8]| name.len() >= 3 && name[1..name.len() - 1].contains(&b'.');
    name.bytes().all(fits)
        && dot_inside(name.as_bytes())
        && port.is_none_or(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::root;

    #[track_caller]
    fn check(path: &str, expected: Option<&str>) {
        assert_eq!(root(path), expected, "{path}");
    }

    #[test]
    fn hosts_with_user_and_repository() {
        check("github.com/a/b", Some("github.com/a/b"));
        check("github.com/a/b/c/d", Some("github.com/a/b"));
        check("github.com/a/b.git/c", Some("github.com/a/b.git"));
        check("github.com/a", None);
        check("github.com/a/b/", None);
        check("github.com/a/b//c", None);
        check("github.com/a/b/c d", None);
        check("GitHub.com/a/b", None);
        check("github.com:443/a/b", None);
        check("bitbucket.org/a/b/c", Some("bitbucket.org/a/b"));
        check("hub.jazz.net/git/u1/r/x", Some("hub.jazz.net/git/u1/r"));
        check("hub.jazz.net/git/U/r", None);
        check("hub.jazz.net/u/r", None);
    }

    #[test]
    fn launchpads_projects_series_and_branches() {
        check("launchpad.net/p", Some("launchpad.net/p"));
        check("launchpad.net/p/s", Some("launchpad.net/p/s"));
        check("launchpad.net/p/s/x", Some("launchpad.net/p/s"));
        check("launchpad.net/~u/p/b/x", Some("launchpad.net/~u/p/b"));
        check("launchpad.net/~u/+junk/b", Some("launchpad.net/~u/+junk/b"));
        check("launchpad.net/~u/p", None);
        check("git.launchpad.net/p", Some("git.launchpad.net/p"));
        check(
            "git.launchpad.net/~u/+git/r",
            Some("git.launchpad.net/~u/+git/r"),
        );
        check("git.launchpad.net/~u/+git/r/x", None);
        check("git.launchpad.net/p/x", None);
    }

    #[test]
    fn googles_hosts() {
        check("go.googlesource.com/net", Some("go.googlesource.com/net"));
        check("go.googlesource.com/net/", Some("go.googlesource.com/net/"));
        check("go.googlesource.com/net/html", None);
        check("code.google.com/p/x", Some("code.google.com/p/x"));
        check("code.google.com/p/x.sub/y", Some("code.google.com/p/x.sub"));
        check("code.google.com/p/x.y.z", None);
        check("code.google.com/q/x", None);
        check(
            "x.googlecode.com/svn/trunk/a",
            Some("x.googlecode.com/svn/trunk/a"),
        );
        check("x.googlecode.com/git/a", Some("x.googlecode.com/git"));
        check("x.googlecode.com/hg", Some("x.googlecode.com/hg"));
        check("x.googlecode.com/gitx", None);
    }

    #[test]
    fn an_element_that_ends_in_a_version_control_system() {
        check("h.example/a.git", Some("h.example/a.git"));
        check("h.example/a.git/b", Some("h.example/a.git"));
        check("h.example:8080/x/a.hg/b/c", Some("h.example:8080/x/a.hg"));
        check("h.example/a.svn/b.bzr", Some("h.example/a.svn"));
        check("h.example/a.gitx/b.git/c", Some("h.example/a.gitx/b.git"));
        check("h.example/a.git/", None);
        check("h.example/.git", Some("h.example/.git"));
        check("h.example/a~b.git", None);
        check("host/a.git", None);
        check("H.example/a.git", None);
        check("golang.org/x/net", None);
        check("", None);
        check("é.example/é.git", None);
    }
}
