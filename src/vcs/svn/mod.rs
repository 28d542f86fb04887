//! Subversion: folders of a repository at one revision, exported by the user's own `svn`, which is
//! looked for when a dependency needs it.
//!
//! There are no tags and branches here: these are other addresses, and a version is a revision.
//! Which one stands in glide.lock is the last that changed the folder, as in `svn.go` of Glide's
//! vcs library; other than there, externals are left out, since they are pinned by nothing.

mod answer;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::path::Path;

use crate::cache::{Cache, Entry as CacheEntry, Guard, read_sealed, write_sealed_unsynced};
use crate::fsx;
use crate::http::mask;
use crate::model::VcsKind;
use crate::vcs::external::export::Export;
use crate::vcs::external::program::{Program, Ran};
use crate::vcs::external::{self, Client, address, clear_incoming};
use crate::vcs::{CommitNote, Fetched};

pub use crate::vcs::external::Error;

/// What Subversion itself fetches over.
const SCHEMES: &[&str] = &["http", "https", "svn", "svn+ssh", "file"];

/// What remotes have said, for runs that may ask nobody: for each revision that was asked for, the last
/// one up to it that changed the folder.
const CHANGED: &str = "changed";

/// How `svn` begins its complaints.
const COMPLAINT: &str = "svn:";

/// What it complains about when the repository is there, and the revision, or the folder in it, is
/// not.
const NOT_THERE: &[&str] = &["E160006", "E160013", "E195012", "W170000", "E205000"];

/// Gets Subversion's revisions into the cache and out of it.
#[derive(Clone, Debug)]
pub struct Svn {
    cache: Cache,
    program: Program,
}

/// What a remote has. Every question asks the remote, unless nobody is to be asked: there is no clone.
#[derive(Clone, Debug)]
pub struct Refs {
    svn: Svn,
    remote: String,
    default: String,
}

/// An address and its place in the cache.
struct Folder {
    url: String,
    place: CacheEntry,
}

impl Svn {
    /// Keeps what it gets in `cache`; `ssh` is the command for `svn+ssh` addresses, where it is
    /// not to be the user's. The user's own configuration of Subversion stays in force.
    pub fn new(cache: Cache, ssh: Option<String>) -> Self {
        // Names of files are not in ASCII everywhere, and `$Date$` is expanded in local time.
        let fixed = [("LC_ALL", "C.UTF-8"), ("TZ", "UTC")];
        let mut set: Vec<_> = fixed.map(|(name, value)| (name, value.to_owned())).into();
        set.extend(ssh.map(|command| ("SVN_SSH", command)));
        Self {
            cache,
            program: Program {
                name: "svn",
                alias: None,
                package: "subversion",
                set,
                unset: &["LANGUAGE", "SVN_EDITOR"],
                offline: false,
            },
        }
    }

    /// The same; where `offline`, programs are not started for what is not on this machine, and what the
    /// cache holds is all there is.
    #[must_use]
    pub fn offline(mut self, offline: bool) -> Self {
        self.program.offline = offline;
        self
    }

    /// Asks the remote for its newest revision.
    pub fn refs(&self, remote: &str) -> Result<Refs, Error> {
        let folder = self.folder(remote)?;
        let default = self.changed(&folder, "HEAD")?;
        Ok(Refs {
            svn: self.clone(),
            remote: remote.to_owned(),
            default: default.ok_or_else(|| Error::missing(remote, "HEAD"))?,
        })
    }

    /// Makes sure that the cache holds what is wanted, exported, and gives it.
    ///
    /// `want` is the number of the revision, for which the remote is only asked if the cache lacks
    /// it; or `HEAD`, a date in braces, or nothing for the newest, for which it always is.
    pub fn obtain(&self, remote: &str, want: &str) -> Result<Fetched, Error> {
        let folder = self.folder(remote)?;
        if let Some(number) = number(want) {
            let reading = folder.place.lock_shared()?;
            if let Some(export) = Export::find(&folder.place, &number, &reading)? {
                return Ok(export.fetched(&number, true));
            }
        }
        let changed = self.changed(&folder, want)?;
        let number = changed.ok_or_else(|| Error::missing(remote, want))?;
        let writing = folder.place.lock_exclusive()?;
        if let Some(export) = Export::find(&folder.place, &number, &writing)? {
            return Ok(export.fetched(&number, false));
        }
        let export = self.export(&folder, &number, &writing)?;
        Ok(export.fetched(&number, false))
    }

    /// What there is to tell of a revision; `None` where the remote has none of that number.
    pub fn describe(&self, remote: &str, revision: &str) -> Result<Option<CommitNote>, Error> {
        let folder = self.folder(remote)?;
        let Some(number) = self.changed(&folder, revision)? else {
            return Ok(None);
        };
        self.program.may_ask(&folder.url)?;
        let ran = self.svn(
            &folder,
            &["log", "--xml", "--revision", &number],
            &number,
            None,
        )?;
        Ok(answer::note(
            &Self::told(&folder, &ran)?.unwrap_or_default(),
        ))
    }

    fn folder(&self, remote: &str) -> Result<Folder, Error> {
        let address = address::check(remote, SCHEMES)?;
        let url = match address.strip_prefix('/') {
            Some(path) => format!("file:///{path}"),
            None => address,
        };
        let place = self.cache.place(VcsKind::Svn, &url);
        Ok(Folder { url, place })
    }

    /// The last revision, up to the one that is named, that changed the folder; `None` where there
    /// is no such revision, or no such folder in it.
    fn changed(&self, folder: &Folder, name: &str) -> Result<Option<String>, Error> {
        let (revision, peg) = match (number(name), name) {
            (Some(number), _) => (number.clone(), number),
            (None, "" | "HEAD") => ("HEAD".to_owned(), "HEAD".to_owned()),
            (None, name) if is_date(name) => (name.to_owned(), "HEAD".to_owned()),
            _ => return Ok(None),
        };
        // Dates are no names for files.
        let told = folder.place.folder().join(CHANGED).join(&revision);
        let told = Some(told).filter(|_| !is_date(&revision));
        if let Err(offline) = self.program.may_ask(&folder.url) {
            let told = told.map(|file| read_sealed(&file)).transpose()?.flatten();
            let known = told.and_then(|number| String::from_utf8(number).ok());
            return known.map(Some).ok_or(offline);
        }
        let ran = self.svn(
            folder,
            &["info", "--xml", "--revision", &revision],
            &peg,
            None,
        )?;
        let Some(text) = Self::told(folder, &ran)? else {
            return Ok(None);
        };
        let changed = answer::last_changed(&text).ok_or_else(|| Error::Remote {
            remote: mask(&folder.url),
            said: "what `svn info` says makes no sense, or is about a single file".to_owned(),
        })?;
        if let Some(file) = told {
            fsx::create_dir_all(&folder.place.folder().join(CHANGED))?;
            write_sealed_unsynced(&file, changed.as_bytes())?;
        }
        Ok(Some(changed))
    }

    fn export(&self, folder: &Folder, number: &str, writing: &Guard) -> Result<Export, Error> {
        self.program.may_ask(&folder.url)?;
        clear_incoming(&folder.place, writing)?;
        Export::make(&folder.place, number, &folder.url, |files| {
            let options = [
                "export",
                "--quiet",
                "--ignore-externals",
                "--revision",
                number,
            ];
            let ran = self.svn(folder, &options, number, Some(files))?;
            let told = Self::told(folder, &ran)?;
            told.map(drop)
                .ok_or_else(|| Error::missing(&folder.url, number))
        })
    }

    /// Runs `svn` on the folder as it was called at the revision `peg`.
    fn svn(
        &self,
        folder: &Folder,
        options: &[&str],
        peg: &str,
        target: Option<&Path>,
    ) -> Result<Ran, Error> {
        fsx::create_dir_all(folder.place.folder())?;
        let mut arguments: Vec<OsString> = options.iter().map(OsString::from).collect();
        arguments.extend(["--non-interactive", "--"].map(OsString::from));
        arguments.push(format!("{}@{peg}", folder.url).into());
        arguments.extend(target.map(OsString::from));
        self.program.run(folder.place.folder(), arguments)
    }

    /// What it printed; `None` if what was asked about does not exist.
    fn told(folder: &Folder, ran: &Ran) -> Result<Option<String>, Error> {
        if ran.succeeded() {
            return Ok(Some(String::from_utf8_lossy(&ran.output).into_owned()));
        }
        let complaints = ran.complaints();
        if NOT_THERE.iter().any(|code| complaints.contains(code)) {
            return Ok(None);
        }
        Err(Error::Remote {
            remote: mask(&folder.url),
            said: ran.said(COMPLAINT),
        })
    }
}

impl Client for Svn {
    fn open(&self, remote: &str) -> Result<Box<dyn external::Refs>, Error> {
        Ok(Box::new(self.refs(remote)?))
    }

    fn obtain(&self, remote: &str, want: &str) -> Result<Fetched, Error> {
        self.obtain(remote, want)
    }
}

impl external::Refs for Refs {
    /// The newest revision that changed the folder.
    fn default_commit(&self) -> Option<&str> {
        Some(&self.default)
    }

    fn tags(&self) -> Vec<String> {
        Vec::new()
    }

    /// The revision that glide.lock is to have for a name: a number, `HEAD`, or a date in braces.
    fn commit(&self, name: &str) -> Result<Option<String>, Error> {
        match name {
            "" | "HEAD" => Ok(Some(self.default.clone())),
            name => self.svn.changed(&self.svn.folder(&self.remote)?, name),
        }
    }

    fn describe(&self, name: &str) -> Result<Option<CommitNote>, Error> {
        self.svn.describe(&self.remote, name)
    }
}

/// A revision's number, as `svn` takes it: digits, perhaps with an `r` before them.
fn number(name: &str) -> Option<String> {
    let digits = name.strip_prefix('r').unwrap_or(name);
    let number: u32 = digits.parse().ok()?;
    digits
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| number.to_string())
}

/// A date as `svn` takes it, in braces.
fn is_date(name: &str) -> bool {
    let inside = name
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    inside.is_some_and(|date| {
        let fine = |byte: u8| byte.is_ascii_alphanumeric() || b"-+:. ".contains(&byte);
        !date.is_empty() && date.bytes().all(fine)
    })
}
