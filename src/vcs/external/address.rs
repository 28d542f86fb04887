//! Which addresses are handed to a program: those of a few schemes, and folders of this machine.
//!
//! Addresses come from glide.yaml, glide.lock, mirrors.yaml and meta tags. What would reach an
//! option parser or another program as something else than an address is refused.

use std::path::Path;

use super::Error;
use crate::fsx;
use crate::http::{mask, percent_decode};

/// The address as the program is to get it, a folder's as an absolute path.
pub(in crate::vcs) fn check(address: &str, schemes: &[&str]) -> Result<String, Error> {
    look_at(address, schemes).map_err(|reason| Error::Address {
        address: mask(address),
        reason,
    })?;
    if address.contains("://") || address.starts_with('/') {
        return Ok(address.to_owned());
    }
    let folder = fsx::canonicalize(Path::new(address))?;
    match folder.to_str() {
        Some(folder) => Ok(folder.to_owned()),
        None => Err(Error::Address {
            address: mask(address),
            reason: "its path is not UTF-8",
        }),
    }
}

/// Whether a checked address is a folder of this machine.
pub(in crate::vcs) fn is_local(address: &str) -> bool {
    address.starts_with("file://") || !address.contains("://")
}

fn look_at(address: &str, schemes: &[&str]) -> Result<(), &'static str> {
    if address.is_empty() {
        return Err("it is empty");
    }
    if address.starts_with('-') {
        return Err("it begins with `-`, as an option would");
    }
    if address.chars().any(char::is_control) {
        return Err("it has a control character");
    }
    let Some((scheme, rest)) = address.split_once("://") else {
        let before = address.split('/').next().unwrap_or_default();
        return if before.contains(':') && !fsx::is_path_of_this_system(address) {
            Err("it is neither a URL nor a folder")
        } else {
            Ok(())
        };
    };
    if !schemes.contains(&scheme) {
        return Err("its scheme is none that is fetched over");
    }
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    if scheme == "file" {
        return match authority {
            "" | "localhost" => Ok(()),
            _ => Err("it names another machine's file"),
        };
    }
    // A host that is written with escapes is looked at as the program will.
    let authority = percent_decode(authority);
    let parts = authority.split(|byte| matches!(byte, b'@' | b':'));
    if parts.clone().any(|part| part.starts_with(b"-")) {
        return Err("its user or host begins with `-`, as an option would");
    }
    if authority.split(|byte| *byte == b'@').next_back() == Some(b"") {
        return Err("it has no host");
    }
    if percent_decode(path).starts_with(b"-") {
        return Err("its path begins with `-`, as an option would");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{check, look_at};

    const SCHEMES: &[&str] = &["https", "ssh", "file"];

    #[test]
    fn urls_and_folders_are_handed_on() {
        for good in [
            "https://h/x",
            "https://me:pw@h:8443/x#stable",
            "ssh://hg@h/x",
            "ssh://h//abs/x",
            "file:///srv/x",
            "file://localhost/srv/x",
            "/srv/a b",
        ] {
            assert_eq!(check(good, SCHEMES).unwrap(), good);
        }
        assert!(check(".", SCHEMES).unwrap().starts_with('/'));
    }

    #[test]
    fn what_could_run_something_is_refused() {
        for bad in [
            "",
            "-x",
            "--config=alias.clone=!id",
            "ssh://-oProxyCommand=id/x",
            "ssh://%2DoProxyCommand=id/x",
            "ssh://hg@-oProxyCommand=id/x",
            "ssh://-x@h/x",
            "ssh://h/-x",
            "ssh://h/%2dx",
            "ssh:///x",
            "https://hg@/x",
            "bundle://x",
            "ext::sh -c id",
            "h:x",
            "hg@h:x/y",
            "file://h/x",
            "https://h/a\nb",
            "HTTPS+x://h/x",
        ] {
            assert!(look_at(bad, SCHEMES).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_refusal_does_not_show_the_password() {
        let error = check("ftp://me:hush@h/x", SCHEMES).unwrap_err().to_string();
        assert!(!error.contains("hush"), "{error}");
    }
}
