//! `mirror`: the addresses that repositories are fetched from instead of their own.
//!
//! mirrors.yaml stays what the person wrote; Glide writes it anew. Runs that change it wait for each
//! other at a lock beside it.

use std::path::PathBuf;

use super::edited::warn_of_lost_comments;
use super::{Context, Outcome};
use crate::error::Failure;
use crate::fsx::{self, lock};
use crate::http::mask;
use crate::manifest::{Edited, Mirror, MirrorChange, Mirrors, edit_mirrors};
use crate::model::VcsKind;

/// Glide's exit code where it goes on after an error, which is all that is left to it.
const WENT_ON: u8 = 2;

/// A mirror as the person wants it; nothing is checked yet.
#[derive(Debug)]
pub struct MirrorOptions {
    /// The address that is not to be used.
    pub original: String,
    /// The address to be used instead.
    pub replacement: String,
    /// The version control system there; empty to find out.
    pub vcs: String,
}

/// Tells which mirrors there are.
pub fn mirror_list(context: &Context<'_>) -> Result<Outcome, Failure> {
    let file = MirrorsFile::of(context);
    let reporter = context.reporter;
    let Some(bytes) = file.read().map_err(unreadable)? else {
        reporter.info("No mirrors exist. No mirrors.yaml file not found"); // Glide text
        return Ok(Outcome::default());
    };
    let mirrors = Mirrors::parse(&bytes)
        .map_err(Failure::from)
        .map_err(unreadable)?;
    if mirrors.repos.is_empty() {
        reporter.info("No mirrors found"); // Glide text
        return Ok(Outcome::default());
    }
    reporter.info("Mirrors..."); // Glide text
    for mirror in &mirrors.repos {
        let (original, repo) = (mask(&mirror.original), mask(&mirror.repo));
        let kind = match mirror.vcs.as_str() {
            "" => String::new(),
            vcs => format!(" ({vcs})"),
        };
        // Glide text
        reporter.info(format!("--> {original} replaced by {repo}{kind}"));
    }
    Ok(Outcome::default())
}

/// Sets a mirror, or changes it.
pub fn mirror_set(context: &Context<'_>, options: &MirrorOptions) -> Result<Outcome, Failure> {
    let reporter = context.reporter;
    if options.original.is_empty() || options.replacement.is_empty() {
        // Glide text
        let failure = Failure::user("Both the original and mirror values are required");
        let hint = "as in `mirror set https://github.com/a/b https://git.example.com/a/b`";
        return Err(failure.with_code(WENT_ON).with_hint(hint));
    }
    let mirror = checked(options)?;
    for address in [&mirror.original, &mirror.repo] {
        if is_import_path(address) {
            reporter.warn(format!(
                "`{address}` is an import path, where an address is wanted, such as https://{address}"
            ));
        }
    }
    let file = MirrorsFile::of(context);
    let _lock = file.lock()?;
    let about = "Error reading existing mirrors.yaml file"; // Glide text
    let bytes = file.read().map_err(|failure| failure.about(about))?;
    let text = bytes.as_deref().unwrap_or_default();
    let edited = edit_mirrors(text, MirrorChange::Set(&mirror));
    let edited = edited.map_err(|error| Failure::from(error).about(about))?;
    let (original, repo) = (mask(&mirror.original), mask(&mirror.repo));
    if bytes.is_none() {
        reporter.info("No mirrors.yaml file exists. Creating new one"); // Glide text
    } else if Mirrors::parse(text).is_ok_and(|known| known.lookup(&mirror.original).is_some()) {
        // Glide text
        reporter.info(format!(
            "{original} found in mirrors. Replacing with new settings"
        ));
    }
    reporter.info(format!("{original} being set to {repo}")); // Glide text
    file.write(context, &edited)
}

/// Forgets a mirror.
pub fn mirror_remove(context: &Context<'_>, original: &str) -> Result<Outcome, Failure> {
    let reporter = context.reporter;
    if original.is_empty() {
        // Glide text
        let failure = Failure::user("The mirror to remove is required");
        let hint = "`mirror list` shows the mirrors; the address on the left is wanted";
        return Err(failure.with_code(WENT_ON).with_hint(hint));
    }
    let file = MirrorsFile::of(context);
    // Without a file there is nothing to lock, maybe not even a home.
    let _lock = match fsx::stat(&file.path)? {
        Some(_) => Some(file.lock()?),
        None => None,
    };
    let Some(bytes) = file.read().map_err(unreadable)? else {
        let failure = Failure::user("mirrors.yaml file not found"); // Glide text
        let hint = format!("it was looked for at `{}`", file.path.display());
        return Err(failure.with_code(WENT_ON).with_hint(hint));
    };
    let mirrors = Mirrors::parse(&bytes)
        .map_err(Failure::from)
        .map_err(unreadable)?;
    let shown = mask(original);
    if mirrors.lookup(original).is_none() {
        reporter.warn(format!("{shown} was not found in mirrors")); // Glide text
        reporter.info("`mirror list` shows them; the address on the left is wanted");
        return Ok(Outcome::default());
    }
    let edited = edit_mirrors(&bytes, MirrorChange::Remove(original));
    let edited = edited.map_err(Failure::from).map_err(unreadable)?;
    reporter.info(format!("{shown} was removed from mirrors")); // Glide text
    file.write(context, &edited)
}

/// The mirror, if it can be one.
fn checked(options: &MirrorOptions) -> Result<Mirror, Failure> {
    for value in [&options.original, &options.replacement] {
        if value.contains(char::is_control) {
            let shown = mask(value);
            let message = format!("`{shown}` has control characters, which no address has");
            return Err(Failure::user(message));
        }
    }
    let vcs = match options.vcs.as_str() {
        "" => "",
        name => VcsKind::parse(name)
            .ok_or_else(|| {
                let message = format!("`{name}` is no version control system that Glide knows");
                Failure::user(message).with_hint("--vcs is one of git, hg, svn and bzr")
            })?
            .as_str(),
    };
    Ok(Mirror {
        original: options.original.clone(),
        repo: options.replacement.clone(),
        vcs: vcs.to_owned(),
    })
}

/// Whether a text is no address, but what stands in Go code: no fetch ever asks for that.
fn is_import_path(text: &str) -> bool {
    let first = text.split('/').next().unwrap_or(text);
    let is_host = first.contains('.') && !first.starts_with('.');
    is_host && text.contains('/') && !text.contains([':', '\\'])
}

fn unreadable(failure: Failure) -> Failure {
    failure.about("Unable to read mirrors.yaml file") // Glide text
}

/// mirrors.yaml in Glide's home.
struct MirrorsFile {
    home: PathBuf,
    path: PathBuf,
}

impl MirrorsFile {
    fn of(context: &Context<'_>) -> Self {
        let home = context.settings.home.clone();
        let path = home.join("mirrors.yaml");
        Self { home, path }
    }

    fn read(&self) -> Result<Option<Vec<u8>>, Failure> {
        let bytes = fsx::read_text_if_exists(&self.path)?;
        if bytes.is_none() && fsx::lstat(&self.path)?.is_some() {
            let message = format!("`{}` is a link that leads nowhere", self.path.display());
            return Err(Failure::user(message));
        }
        Ok(bytes)
    }

    /// Waits until no other run changes the file; makes the home, where there is none.
    fn lock(&self) -> Result<lock::Guard, Failure> {
        fsx::create_dir_all(&self.home).map_err(unwritable)?;
        lock::exclusive(&self.beside()).map_err(unwritable)
    }

    fn beside(&self) -> PathBuf {
        self.home.join("mirrors.yaml.lock")
    }

    fn write(&self, context: &Context<'_>, edited: &Edited) -> Result<Outcome, Failure> {
        let bytes = edited.text.as_bytes();
        if fsx::read_text_if_exists(&self.path)?.is_some_and(|old| old == bytes) {
            context.reporter.info("mirrors.yaml says so already");
            return Ok(Outcome::default());
        }
        if edited.comments_lost {
            warn_of_lost_comments(context, "mirrors.yaml");
        }
        let _orderly = context.interrupt.orderly();
        fsx::write_atomic(&self.path, bytes).map_err(unwritable)?;
        context.reporter.info("mirrors.yaml written with changes"); // Glide text
        Ok(Outcome::default())
    }
}

fn unwritable(error: fsx::Error) -> Failure {
    // Glide text
    Failure::from(error)
        .about("Error writing mirrors.yaml file")
        .with_code(WENT_ON)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_path_is_told_from_an_address() {
        for (text, expected) in [
            ("github.com/a/b", true),
            ("gopkg.in/yaml.v2", true),
            ("https://github.com/a/b", false),
            ("git@github.com:a/b", false),
            ("/srv/git.d/b", false),
            ("../b", false),
            ("a/b", false),
            ("a.b", false),
        ] {
            assert_eq!(is_import_path(text), expected, "{text}");
        }
    }

    #[test]
    fn long_names_of_systems_become_short_ones_and_others_are_refused() {
        let vcs = |vcs: &str| {
            let options = MirrorOptions {
                original: "a".to_owned(),
                replacement: "b".to_owned(),
                vcs: vcs.to_owned(),
            };
            checked(&options).ok().map(|mirror| mirror.vcs)
        };
        for (name, expected) in [
            ("", Some("")),
            ("git", Some("git")),
            ("mercurial", Some("hg")),
            ("Git", None),
            ("cvs", None),
        ] {
            assert_eq!(vcs(name).as_deref(), expected, "{name}");
        }
    }
}
