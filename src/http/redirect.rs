//! Where an answer sends us, and whether we go there; pure.

use url::Url;

use super::error::Error;
use super::mask::DisplayUrl;

/// How many redirects are followed.
pub(super) const LIMIT: usize = 10;

/// The address to ask next, or `None` where the answer is to be taken as it is.
///
/// A POST is sent again as a POST, and only to an address that ends in the same path element
/// (`git-upload-pack`), as git's own rule for moved repositories has it; 303 would turn it
/// into a GET, which makes no sense to a git server and is taken as it is.
pub(super) fn next(
    from: &Url,
    is_post: bool,
    status: u16,
    location: Option<&str>,
) -> Result<Option<Url>, Error> {
    let followed = match status {
        301 | 302 | 307 | 308 => true,
        303 => !is_post,
        _ => false,
    };
    let Some(location) = location.filter(|_| followed) else {
        return Ok(None);
    };
    let refuse = |reason| {
        Err(Error::Redirect {
            from: from.into(),
            to: DisplayUrl::new(location),
            reason,
        })
    };
    let Ok(mut to) = from.join(location) else {
        return refuse("it is no address");
    };
    match (from.scheme(), to.scheme()) {
        ("https", "http") => return refuse("it leads from https to unprotected http"),
        (_, "http" | "https") => {}
        _ => return refuse("it leads away from http"),
    }
    if is_post && last_element(from) != last_element(&to) {
        return refuse("a request with a body follows a redirect to the same service only");
    }
    // Credentials in a redirect are the server's idea, not the user's. Those of the address that
    // was asked for hold for the same origin only.
    let same_origin = from.origin() == to.origin();
    let (user, password) = if same_origin {
        (from.username(), from.password())
    } else {
        ("", None)
    };
    if to.set_username(user).is_err() || to.set_password(password).is_err() {
        return refuse("it names no host");
    }
    if to.fragment().is_none() {
        to.set_fragment(from.fragment());
    }
    Ok(Some(to))
}

fn last_element(url: &Url) -> &str {
    url.path().rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::next;

    #[track_caller]
    fn check(from: &str, is_post: bool, status: u16, location: &str, expected: Option<&str>) {
        let next = next(&Url::parse(from).unwrap(), is_post, status, Some(location)).unwrap();
        assert_eq!(next.as_ref().map(Url::as_str), expected);
    }

    #[track_caller]
    fn check_refused(from: &str, is_post: bool, location: &str, part: &str) {
        let error = next(&Url::parse(from).unwrap(), is_post, 301, Some(location)).unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
    }

    #[test]
    fn get_follows_every_kind_of_redirect() {
        for status in [301, 302, 303, 307, 308] {
            check("https://a/x", false, status, "/y?z", Some("https://a/y?z"));
        }
        check("http://a/x/y", false, 301, "z", Some("http://a/x/z"));
        check("http://a/x", false, 301, "https://b/x", Some("https://b/x"));
        check("https://a/x", false, 300, "/y", None);
        check("https://a/x", false, 200, "/y", None);
        assert_eq!(
            next(&Url::parse("https://a/").unwrap(), false, 301, None).unwrap(),
            None
        );
    }

    #[test]
    fn post_follows_to_the_same_service_only() {
        let from = "https://a/old/git-upload-pack";
        check(
            from,
            true,
            301,
            "https://b/new/git-upload-pack",
            Some("https://b/new/git-upload-pack"),
        );
        check(from, true, 303, "https://b/new/git-upload-pack", None);
        check_refused(from, true, "https://b/login", "same service");
    }

    #[test]
    fn user_and_password_stay_with_their_origin() {
        check("https://u:p@a/x", false, 301, "/y", Some("https://u:p@a/y"));
        check(
            "https://u:p@a/x",
            false,
            301,
            "https://b/y",
            Some("https://b/y"),
        );
        check(
            "https://u:p@a/x",
            false,
            301,
            "https://a:8443/y",
            Some("https://a:8443/y"),
        );
        check(
            "https://a/x",
            false,
            301,
            "https://u:p@a/y",
            Some("https://a/y"),
        );
        check(
            "https://u:p@a/x",
            false,
            301,
            "//evil/y",
            Some("https://evil/y"),
        );
    }

    #[test]
    fn redirects_never_leave_protection_or_http() {
        check_refused("https://a/x", false, "http://a/x", "unprotected");
        check_refused("https://a/x", false, "file:///etc/passwd", "away from http");
        check_refused("http://a/x", false, "gopher://a/x", "away from http");
        check_refused("https://a/x", false, "https://[", "no address");
    }
}
