//! Texts that several formats share: paths, package URLs, moments, ids.

use std::fmt::Write as _;

use super::super::component::Component;
use super::super::finding::{Check, Finding};
use super::super::report::ProjectReport;
use crate::manifest::Timestamp;
use crate::model::sha256;

/// The path of a project's file from the folder where the program runs.
pub(super) fn path(project: &ProjectReport, file: &str) -> String {
    match project.name.as_str() {
        "" => file.to_owned(),
        name => format!("{}/{file}", name.trim_end_matches('/')),
    }
}

/// The path of the file that a finding is about. (A policy is no file of one project.)
pub(super) fn place(project: &ProjectReport, finding: &Finding) -> String {
    match finding.rule.check {
        Check::Policy => finding.place.file.clone(),
        _ => path(project, &finding.place.file),
    }
}

/// The same with its line.
pub(super) fn spot(project: &ProjectReport, finding: &Finding) -> String {
    let place = place(project, finding);
    match finding.place.line {
        0 => place,
        line => format!("{place}:{line}"),
    }
}

/// Folder and import path of a project, as far as there are any.
pub(super) fn named(project: &ProjectReport) -> String {
    match (project.name.as_str(), project.package.as_str()) {
        ("" | ".", "") => "the working folder".to_owned(),
        (name, "") => name.to_owned(),
        ("", package) => package.to_owned(),
        (name, package) => format!("{name} ({package})"),
    }
}

/// What to call a project: its import path, else its folder.
pub(super) fn title(project: &ProjectReport) -> &str {
    match (project.package.as_str(), project.name.as_str()) {
        ("", "") => "project",
        ("", name) => name,
        (package, _) => package,
    }
}

/// The package URL of a dependency. Its type's definition wants lower case, whatever Go tells apart.
pub(super) fn purl(component: &Component) -> String {
    let mut purl = "pkg:golang".to_owned();
    let name = component.name().to_lowercase();
    for segment in name.split('/').filter(|segment| !segment.is_empty()) {
        purl.push('/');
        purl.push_str(&encoded(segment, ""));
    }
    let version = component.shown_version();
    if !version.is_empty() {
        purl.push('@');
        purl.push_str(&encoded(version, ""));
    }
    purl
}

/// The text with all bytes but letters, digits, `-._~` and `more` as percent signs and digits.
pub(super) fn encoded(text: &str, more: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        let letter = char::from(byte);
        if byte.is_ascii_alphanumeric() || "-._~".contains(letter) || more.contains(letter) {
            encoded.push(letter);
        } else {
            // A string takes whatever it is given.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Where the commit can be had, as SPDX writes addresses of version control systems.
pub(super) fn location(component: &Component) -> Option<String> {
    let repository = component.repository();
    let vcs = match component.pin.entry.vcs.as_str() {
        "" => "git",
        vcs => vcs,
    };
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    let address = match repository.split_once("://") {
        Some(("file", _)) => return None,
        Some(_) => repository,
        // user@host:path
        None => {
            let (host, path) = repository.split_once(':')?;
            let path = path.trim_start_matches('/');
            host.contains('@').then(|| format!("ssh://{host}/{path}"))?
        }
    };
    let version = &component.pin.entry.version;
    let known = matches!(vcs, "git" | "hg" | "svn" | "bzr");
    (known && plain(&address) && plain(version)).then(|| format!("{vcs}+{address}@{version}"))
}

/// The moment in UTC, as RFC 3339 writes it.
pub(super) fn moment(seconds: i64) -> String {
    Timestamp::from_unix(seconds, 0).to_string()
}

/// An id for a document, made from what it says: the same document has the same id on every machine.
pub(super) fn uuid(content: &[u8]) -> String {
    let mut bytes = sha256(content);
    // Version 8 is what RFC 9562 has for ids made in one's own way.
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut id = String::with_capacity(36);
    for (at, byte) in bytes.iter().take(16).enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            id.push('-');
        }
        let _ = write!(id, "{byte:02x}");
    }
    id
}

/// The text on one line with whatever could drive a terminal made visible.
pub(super) fn harmless(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_hostile(letter) {
            safe.extend(letter.escape_unicode());
        } else {
            safe.push(letter);
        }
    }
    safe
}

/// A JSON text with such letters written as numbers: it may be read on a terminal too. (Those below the
/// space are written so by whoever makes JSON.)
pub(super) fn unarmed(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for letter in json.chars() {
        if is_hostile(letter) && letter != '\n' {
            let _ = write!(safe, "\\u{:04x}", u32::from(letter));
        } else {
            safe.push(letter);
        }
    }
    safe
}

fn is_hostile(letter: char) -> bool {
    letter.is_control()
        // What turns the direction of writing, breaks lines, or is not seen.
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(letter, '\u{2060}'..='\u{2069}' | '\u{61c}' | '\u{feff}')
}
