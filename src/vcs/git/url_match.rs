//! Which of several `<section>.<url>.<key>` settings holds for a URL, by git's rules; pure.

use crate::http::Url;

/// How closely a pattern fits; the greater one wins, and of equals the later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fit {
    host: usize,
    exact_host: bool,
    path: usize,
    user: bool,
}

/// How the pattern fits the URL, if it does: same scheme and port, same host (`*` stands for one
/// label), the same user where the pattern names one, and a path that begins with the
/// pattern's, whole elements only.
pub(super) fn fit(pattern: &str, url: &Url) -> Option<Fit> {
    let pattern = Url::parse(pattern).ok()?;
    let same_place = pattern.scheme() == url.scheme()
        && pattern.port_or_known_default() == url.port_or_known_default();
    let names_user = !pattern.username().is_empty();
    if !same_place || names_user && pattern.username() != url.username() {
        return None;
    }
    let host = pattern.host_str()?;
    if !host_fits(host, url.host_str()?) {
        return None;
    }
    let path = pattern.path().trim_end_matches('/');
    let rest = url.path().strip_prefix(path)?;
    if !rest.is_empty() && !rest.starts_with('/') {
        return None;
    }
    Some(Fit {
        host: host.len(),
        exact_host: !host.contains('*'),
        path: path.len() + 1,
        user: names_user,
    })
}

/// The same for `credential.<pattern>.*`, where scheme, host and path may each be left out.
pub(super) fn fits_credential(pattern: &str, url: &Url) -> bool {
    if fit(pattern, url).is_some() {
        return true;
    }
    let (scheme, rest) = match pattern.split_once("://") {
        Some((scheme, rest)) => (Some(scheme), rest),
        None => (None, pattern),
    };
    if scheme.is_some_and(|scheme| scheme != url.scheme()) {
        return false;
    }
    let (user, rest) = match rest.split_once('@') {
        Some((user, rest)) => (Some(user), rest),
        None => (None, rest),
    };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let path = path.trim_end_matches('/');
    user.is_none_or(|user| user == url.username())
        && (host.is_empty() || host == host_and_port(url))
        && (path.is_empty() || path == url.path().trim_matches('/'))
}

/// `host` or `host:port`, as credential helpers know it.
pub(super) fn host_and_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn host_fits(pattern: &str, host: &str) -> bool {
    if !pattern.contains('*') {
        return pattern == host;
    }
    let (patterns, labels) = (pattern.split('.'), host.split('.'));
    patterns.clone().count() == labels.clone().count()
        && patterns
            .zip(labels)
            .all(|(pattern, label)| pattern == "*" || pattern == label)
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{fit, fits_credential};

    #[track_caller]
    fn check(pattern: &str, url: &str, fits: bool) {
        assert_eq!(
            fit(pattern, &Url::parse(url).unwrap()).is_some(),
            fits,
            "{pattern} {url}"
        );
    }

    #[test]
    fn scheme_host_port_user_and_path_must_agree() {
        let url = "https://me@git.example:8443/a/b.git";
        check("https://git.example:8443", url, true);
        check("https://GIT.example:8443/", url, true);
        check("https://me@git.example:8443/a", url, true);
        check("https://you@git.example:8443/a", url, false);
        check("https://git.example", url, false);
        check("http://git.example:8443", url, false);
        check("https://git.example:8443/a/", url, true);
        check("https://git.example:8443/a/b", url, false);
        check("https://example:8443", url, false);
        check("https://git.example:443", "https://git.example/x", true);
        check("git.example", "https://git.example/x", false);
    }

    #[test]
    fn a_star_is_one_label() {
        check("https://*.example", "https://git.example/", true);
        check("https://*.example", "https://a.git.example/", false);
        check("https://g*.example", "https://git.example/", false);
    }

    #[test]
    fn the_closer_fit_is_greater() {
        let url = Url::parse("https://me@git.example/a/b").unwrap();
        let closer = [
            "https://*.example",
            "https://git.example",
            "https://me@git.example",
            "https://git.example/a",
            "https://me@git.example/a",
            "https://git.example/a/b",
        ];
        for pair in closer.windows(2) {
            assert!(fit(pair[0], &url) < fit(pair[1], &url), "{pair:?}");
        }
    }

    #[test]
    fn credentials_take_parts_of_an_address() {
        let url = Url::parse("https://me@git.example:8443/a/b").unwrap();
        for (pattern, fits) in [
            ("https://", true),
            ("http://", false),
            ("git.example:8443", true),
            ("git.example", false),
            ("me@git.example:8443", true),
            ("you@git.example:8443", false),
            ("git.example:8443/a/b", true),
            ("git.example:8443/a", false),
            ("https://git.example:8443/a", true),
        ] {
            assert_eq!(fits_credential(pattern, &url), fits, "{pattern}");
        }
    }
}
