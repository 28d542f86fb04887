//! What a Git remote's address means: which transport, which host, which path.
//!
//! Addresses come from glide.yaml, glide.lock, mirrors.yaml, meta tags and .gitmodules, so
//! everything that would reach a shell or an option parser is refused here: values that begin
//! with `-`, control characters, `ext::` and other remote helpers.

use std::path::PathBuf;

use crate::fsx;
use crate::http::{mask, percent_decode};

/// A remote's address, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// `http://` or `https://`, without a final slash.
    Http(String),
    /// `ssh://`, `git+ssh://` or the scp-like `user@host:path`.
    Ssh {
        /// `user@host` or `host`, as `ssh` takes it.
        destination: String,
        /// The port, where one is named.
        port: Option<u16>,
        /// The path on the other side.
        path: String,
    },
    /// `git://`, the anonymous protocol.
    Daemon {
        /// Host and port (9418 unless named).
        host: String,
        /// The port.
        port: u16,
        /// The path on the other side.
        path: String,
    },
    /// A folder of this machine.
    Local(PathBuf),
}

/// An address that is not used, and why.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the address `{address}` is refused: {reason}")]
pub struct AddressError {
    /// The address, secrets masked.
    pub address: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl Address {
    /// Takes an address apart.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let refuse = |reason| {
            Err(AddressError {
                address: mask(text),
                reason,
            })
        };
        if text.is_empty() {
            return refuse("it is empty");
        }
        if text.starts_with('-') {
            return refuse("it begins with `-`, as an option would");
        }
        if text.chars().any(|c| c.is_control() || c == ' ') {
            return refuse("it has a space or a control character");
        }
        if let Some((scheme, rest)) = text.split_once("://") {
            return match scheme.to_ascii_lowercase().as_str() {
                "http" | "https" => Ok(Self::Http(text.trim_end_matches('/').to_owned())),
                "ssh" | "git+ssh" | "ssh+git" => Self::ssh(rest).or_else(refuse),
                "git" => Self::daemon(rest).or_else(refuse),
                "file" => Ok(Self::Local(fsx::path_of_url(&unescaped(rest)))),
                _ => refuse("its scheme is none that Git is fetched over"),
            };
        }
        if text.contains("::") {
            return refuse("remote helpers are not run");
        }
        if is_path(text) {
            return Ok(Self::Local(PathBuf::from(text)));
        }
        match text.split_once(':') {
            Some((destination, path)) if !destination.contains('/') => {
                Self::ssh_parts(destination, None, path.to_owned()).or_else(refuse)
            }
            _ => Ok(Self::Local(PathBuf::from(text))),
        }
    }

    fn ssh(rest: &str) -> Result<Self, &'static str> {
        let (authority, path) = rest.split_once('/').ok_or("it has no path")?;
        let (destination, port) = split_port(authority)?;
        // `ssh://host/~user/x` names a path below a home folder, which is sent without the slash.
        let path = if path.starts_with('~') {
            path.to_owned()
        } else {
            format!("/{path}")
        };
        Self::ssh_parts(destination, port, unescaped(&path))
    }

    fn ssh_parts(destination: &str, port: Option<u16>, path: String) -> Result<Self, &'static str> {
        let host = destination.rsplit('@').next().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            return Err("it has no host");
        }
        if host.starts_with('-') || destination.starts_with('-') {
            return Err("its host begins with `-`, as an option would");
        }
        if path.is_empty() {
            return Err("it has no path");
        }
        if path.starts_with('-') {
            return Err("its path begins with `-`, as an option would");
        }
        let destination = destination.replace(['[', ']'], "");
        // A password has no use for `ssh`, and would show in the process list.
        let destination = match destination.split_once('@') {
            Some((user, host)) => format!("{}@{host}", user.split(':').next().unwrap_or_default()),
            None => destination,
        };
        Ok(Self::Ssh {
            destination,
            port,
            path,
        })
    }

    fn daemon(rest: &str) -> Result<Self, &'static str> {
        let (authority, path) = rest.split_once('/').ok_or("it has no path")?;
        let (host, port) = split_port(authority)?;
        if host.is_empty() {
            return Err("it has no host");
        }
        let host = host.replace(['[', ']'], "");
        Ok(Self::Daemon {
            host,
            port: port.unwrap_or(9418),
            path: format!("/{}", unescaped(path)),
        })
    }
}

impl Address {
    /// The protocol's name in Git's configuration (`protocol.<name>.allow`).
    pub fn protocol(&self) -> &'static str {
        match self {
            Self::Http(url) if url.to_ascii_lowercase().starts_with("http:") => "http",
            Self::Http(_) => "https",
            Self::Ssh { .. } => "ssh",
            Self::Daemon { .. } => "git",
            Self::Local(_) => "file",
        }
    }
}

/// Whether the address is plainly a folder's path; on Windows a drive's letter is no host, as Git has it.
fn is_path(text: &str) -> bool {
    text.starts_with('/')
        || text.starts_with("./")
        || text.starts_with("../")
        || fsx::is_path_of_this_system(text)
}

/// The protocol of an address by the looks of it, whatever else is wrong with it: the name that
/// Git's configuration has for it, `file` for all that names something on this machine.
pub(super) fn protocol_of(text: &str) -> String {
    if let Some((scheme, _)) = text.split_once("://") {
        let scheme = scheme.to_ascii_lowercase();
        return match scheme.as_str() {
            "git+ssh" | "ssh+git" => "ssh".to_owned(),
            _ => scheme,
        };
    }
    if text.contains("::") {
        return "ext".to_owned();
    }
    let is_scp = text
        .split_once(':')
        .is_some_and(|(destination, _)| !destination.contains('/') && !is_path(text));
    if is_scp { "ssh" } else { "file" }.to_owned()
}

fn split_port(authority: &str) -> Result<(&str, Option<u16>), &'static str> {
    match authority.rsplit_once(':') {
        // Neither an address in brackets nor a password holds the port.
        Some((host, port)) if !port.contains([']', '@']) => {
            if port.is_empty() {
                return Ok((host, None));
            }
            let port = port
                .parse()
                .map_err(|_| "its port is no number below 65536")?;
            Ok((host, Some(port)))
        }
        _ => Ok((authority, None)),
    }
}

/// What `%XX` escapes stand for; a path that is no text then is left as it is written.
fn unescaped(text: &str) -> String {
    String::from_utf8(percent_decode(text)).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Address) {
        assert_eq!(Address::parse(text), Ok(expected), "{text}");
    }

    fn ssh(destination: &str, port: Option<u16>, path: &str) -> Address {
        Address::Ssh {
            destination: destination.into(),
            port,
            path: path.into(),
        }
    }

    #[test]
    fn every_form_of_address_is_understood() {
        check(
            "https://github.com/a/b/",
            Address::Http("https://github.com/a/b".into()),
        );
        check(
            "git@github.com:a/b.git",
            ssh("git@github.com", None, "a/b.git"),
        );
        check("host:b", ssh("host", None, "b"));
        check("ssh://git@h:2222/a/b", ssh("git@h", Some(2222), "/a/b"));
        check("ssh://u:secret@h/~me/b", ssh("u@h", None, "~me/b"));
        check("git+ssh://[::1]:22/a", ssh("::1", Some(22), "/a"));
        check(
            "git://h/a%20b",
            Address::Daemon {
                host: "h".into(),
                port: 9418,
                path: "/a b".into(),
            },
        );
        check("file:///srv/a%20b", Address::Local("/srv/a b".into()));
        check("/srv/a", Address::Local("/srv/a".into()));
        check("../a", Address::Local("../a".into()));
    }

    #[test]
    fn the_protocol_shows_in_what_is_no_sound_address_too() {
        for (text, protocol) in [
            ("https://h/x", "https"),
            ("git+ssh://h/x", "ssh"),
            ("me@h:x", "ssh"),
            ("h:x", "ssh"),
            ("svn://h/x", "svn"),
            ("FILE:///x", "file"),
            ("file:///a b", "file"),
            ("/a b", "file"),
            ("../x", "file"),
            ("./h:x", "file"),
            ("x", "file"),
            ("", "file"),
            ("ext::sh -c id", "ext"),
        ] {
            assert_eq!(protocol_of(text), protocol, "{text}");
        }
    }

    #[test]
    fn addresses_that_could_run_something_are_refused() {
        for text in [
            "",
            "-u",
            "--upload-pack=x",
            "ext::sh -c id",
            "ext::id",
            "fd::17",
            "ssh://-oProxyCommand=id/x",
            "-oProxyCommand=id:x",
            "git@-oProxyCommand=id:x",
            "h:-x",
            "ftp://h/x",
            "javascript://x",
            "https://h/a\nb",
            "git://h:99999/x",
            "ssh://h",
        ] {
            assert!(Address::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_refusal_does_not_show_the_password() {
        let error = Address::parse("ftp://me:hush@h/x").unwrap_err().to_string();
        assert!(!error.contains("hush"), "{error}");
    }
}
