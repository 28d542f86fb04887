//! URLs and error texts with their secrets taken out, fit to be shown.
//!
//! Everything that ends up in a message passes through here: passwords, tokens that stand in
//! for a user name, and query parameters that carry keys. Pure text in, text out.

use std::fmt;

use url::Url;

/// What stands in the place of a secret.
const HIDDEN: &str = "***";

/// User names that are no secret although no password follows them.
const PLAIN_USERS: &[&str] = &["git", "hg", "svn", "bzr", "anonymous"];

/// Parts of a query parameter's name that say its value is a secret.
const SECRET_PARTS: &[&str] = &[
    "token",
    "secret",
    "passw",
    "passphrase",
    "signature",
    "credential",
    "auth",
    "apikey",
    "api_key",
    "api-key",
    "session",
    "jwt",
];

/// Names of query parameters that are secret as a whole.
const SECRET_NAMES: &[&str] = &["key", "sig", "pwd", "pass", "code", "access_key"];

/// A URL that shows itself without its secrets.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DisplayUrl(String);

impl DisplayUrl {
    /// Takes the secrets out of a URL, or of whatever was meant to be one.
    pub fn new(url: &str) -> Self {
        Self(mask(url))
    }

    /// The masked text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&Url> for DisplayUrl {
    fn from(url: &Url) -> Self {
        Self::new(url.as_str())
    }
}

impl fmt::Display for DisplayUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for DisplayUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// The URL with its secrets replaced by `***` and control characters made visible.
///
/// Text that is no URL comes back as it is. A URL that cannot be read properly loses everything
/// before its last `@`, since no one can tell where its password ends.
pub fn mask(url: &str) -> String {
    let masked = match url.split_once("://") {
        Some((scheme, rest)) => mask_after_scheme(scheme, rest, Url::parse(url).is_ok()),
        None => mask_scp_like(url),
    };
    visible(&masked)
}

/// Any text with [`mask`] applied to each URL in it, such as the message of a library's error.
pub fn mask_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let start = rest[..at]
            .rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')))
            .map_or(0, |before| {
                before + rest[before..].chars().next().map_or(1, char::len_utf8)
            });
        let end = rest[at..]
            .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>'))
            .map_or(rest.len(), |length| at + length);
        out.push_str(&rest[..start]);
        // A bracket or comma that closes the sentence around the URL is not part of it.
        let url = rest[start..end].trim_end_matches([')', ']', ',', ';', ':', '.']);
        out.push_str(&mask(url));
        rest = &rest[start + url.len()..];
    }
    out.push_str(rest);
    out
}

fn mask_after_scheme(scheme: &str, rest: &str, readable: bool) -> String {
    if !readable {
        let kept = rest.rfind('@').map_or(rest, |at| &rest[at + 1..]);
        let hidden = if kept.len() == rest.len() { "" } else { "***@" };
        return format!("{scheme}://{hidden}{}", mask_query(kept));
    }
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let authority = match authority.rsplit_once('@') {
        Some((user_info, host)) => format!("{}@{host}", mask_user_info(scheme, user_info)),
        None => authority.to_owned(),
    };
    format!("{scheme}://{authority}{}", mask_query(path))
}

/// `user:password` without what is secret in it. Over http a lone user name is taken for a
/// token, as GitHub and others accept it; with ssh it is just a user name.
fn mask_user_info(scheme: &str, user_info: &str) -> String {
    let (user, password) = match user_info.split_once(':') {
        Some((user, password)) => (user, Some(password)),
        None => (user_info, None),
    };
    let over_http = scheme.to_ascii_lowercase().contains("http");
    let user_is_token = over_http
        && !PLAIN_USERS.contains(&user)
        && matches!(password, None | Some("" | "x-oauth-basic"));
    let user = if user_is_token { HIDDEN } else { user };
    match password {
        None => user.to_owned(),
        Some("") => format!("{user}:"),
        Some(_) => format!("{user}:{HIDDEN}"),
    }
}

/// `user:password@host:path` without the password; `git@host:path` as it is.
fn mask_scp_like(address: &str) -> String {
    let end = address.find('/').unwrap_or(address.len());
    let Some((user_info, rest)) = address[..end].rsplit_once('@') else {
        return mask_query(address);
    };
    let user_info = mask_user_info("ssh", user_info);
    format!("{user_info}@{rest}{}", mask_query(&address[end..]))
}

/// The path with the values of secret parameters, in query and fragment, hidden.
fn mask_query(path: &str) -> String {
    let Some(at) = path.find(['?', '#']) else {
        return path.to_owned();
    };
    let (before, query) = path.split_at(at);
    let mut out = before.to_owned();
    for piece in query.split_inclusive(['?', '#', '&', ';']) {
        let (piece, separator) = match piece.strip_suffix(['?', '#', '&', ';']) {
            Some(stripped) => (stripped, &piece[stripped.len()..]),
            None => (piece, ""),
        };
        match piece.split_once('=') {
            Some((name, value)) if !value.is_empty() && is_secret_name(name) => {
                out.push_str(name);
                out.push('=');
                out.push_str(HIDDEN);
            }
            _ => out.push_str(piece),
        }
        out.push_str(separator);
    }
    out
}

fn is_secret_name(name: &str) -> bool {
    let name = String::from_utf8_lossy(&super::percent_decode(name)).to_ascii_lowercase();
    SECRET_NAMES.contains(&name.as_str()) || SECRET_PARTS.iter().any(|part| name.contains(part))
}

/// Control characters as escapes, so that a URL cannot move the terminal's cursor.
fn visible(text: &str) -> String {
    if !text.chars().any(char::is_control) {
        return text.to_owned();
    }
    text.chars()
        .map(|c| {
            if c.is_control() {
                c.escape_default().to_string()
            } else {
                c.to_string()
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{DisplayUrl, mask, mask_text};

    #[track_caller]
    fn check(url: &str, shown: &str) {
        assert_eq!(mask(url), shown);
        assert_eq!(DisplayUrl::new(url).to_string(), shown);
    }

    #[test]
    fn passwords_and_tokens_in_user_info_are_hidden() {
        check(
            "https://me:hunter2@h.example/x",
            "https://me:***@h.example/x",
        );
        check(
            "https://ghp_abc@github.com/a/b",
            "https://***@github.com/a/b",
        );
        check("https://ghp_abc:@github.com/a", "https://***:@github.com/a");
        check(
            "https://ghp_abc:x-oauth-basic@github.com/a",
            "https://***:***@github.com/a",
        );
        check("https://git@h.example/x", "https://git@h.example/x");
        check("https://me:p@ss@h.example/x", "https://me:***@h.example/x");
        check("ssh://git@h.example:22/x", "ssh://git@h.example:22/x");
        check("ssh://me:pw@h.example/x", "ssh://me:***@h.example/x");
        check(
            "socks5h://u:pw@p.example:1080",
            "socks5h://u:***@p.example:1080",
        );
        check("git+https://tok@h.example/x", "git+https://***@h.example/x");
    }

    #[test]
    fn a_url_that_cannot_be_read_loses_all_before_its_last_at_sign() {
        check("https://me:pa/ss@h.example/x", "https://***@h.example/x");
        check("https://me:pa?ss@h.example/x", "https://***@h.example/x");
        check("https://h.example:port/x", "https://h.example:port/x");
    }

    #[test]
    fn secret_parameters_are_hidden_and_others_kept() {
        check(
            "https://h.example/x?go-get=1&access_token=abc&ref=v1",
            "https://h.example/x?go-get=1&access_token=***&ref=v1",
        );
        check(
            "https://h.example/?PRIVATE_TOKEN=a",
            "https://h.example/?PRIVATE_TOKEN=***",
        );
        check(
            "https://h.example/?access%5Ftoken=a",
            "https://h.example/?access%5Ftoken=***",
        );
        check(
            "https://h.example/?X-Amz-Signature=a#t",
            "https://h.example/?X-Amz-Signature=***#t",
        );
        check(
            "https://h.example/#access_token=a",
            "https://h.example/#access_token=***",
        );
        check(
            "https://h.example/?sig=a;key=b",
            "https://h.example/?sig=***;key=***",
        );
        check("https://h.example/?token=", "https://h.example/?token=");
        check(
            "https://h.example/?service=git-upload-pack",
            "https://h.example/?service=git-upload-pack",
        );
    }

    #[test]
    fn other_addresses_stay_readable() {
        check("git@github.com:a/b.git", "git@github.com:a/b.git");
        check("me:pw@host:a/b", "me:***@host:a/b");
        check("/srv/git/x@y", "/srv/git/x@y");
        check("file:///srv/x", "file:///srv/x");
        check(
            "https://h.example/\u{1b}[2J",
            "https://h.example/\\u{1b}[2J",
        );
    }

    #[test]
    fn urls_inside_a_sentence_are_masked_too() {
        assert_eq!(
            mask_text("error for url (https://me:pw@h.example/?token=x): refused, http://t@h/"),
            "error for url (https://me:***@h.example/?token=***): refused, http://***@h/"
        );
        assert_eq!(mask_text("no address here"), "no address here");
        assert_eq!(mask_text("é://"), "é://");
        assert_eq!(mask_text("a ´x://u:p@h"), "a ´x://u:***@h");
    }
}
