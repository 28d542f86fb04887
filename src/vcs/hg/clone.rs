//! One repository's clone in the cache: made to the side, pulled into, asked, made anew where `hg`
//! can make nothing of it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::names::Names;
use super::{Error, full_id};
use crate::cache::{Entry as CacheEntry, Guard, read_sealed, write_sealed};
use crate::fsx;
use crate::http::mask;
use crate::vcs::external::export::Export;
use crate::vcs::external::program::{Program, Ran};
use crate::vcs::external::{clear_incoming, incoming};
use crate::vcs::graph::Link;
use crate::vcs::{CommitNote, ObjectId};

const CLONE: &str = "clone";
pub(super) const NAMES: &str = "names";

/// How `hg` begins the line that says why it gives up.
const ABORT: &str = "abort:";

/// How it says that several commits' ids begin so.
const AMBIGUOUS: &str = "ambiguous identifier";

/// The templates of what is asked for, one thing a line.
const COMMIT: &str = "{node}\n";
const NOTE: &str = "{author|person}\n{author|email}\n{date|rfc822date}\n{desc|firstline}\n";
const TAG: &str = "{node} {tag}\n";
const BRANCH: &str = "{node} {closed} {branch}\n";
const DEFAULT: &str = "{node} {ifcontains('@', bookmarks, '@')}\n";
const LINK: &str = "{node} {p1node} {p2node} {date|hgdate}\n";
/// The bookmark that a fresh clone stands at, and the newest commit.
const DEFAULT_REVISIONS: &str = "present(bookmark('literal:@')) or tip";

/// Where a remote's clone is, or is to be.
#[derive(Clone, Debug)]
pub(super) struct Clone {
    pub(super) place: CacheEntry,
    /// The address as `hg` gets it.
    pub(super) remote: String,
    pub(super) program: Program,
    pub(super) may_prompt: bool,
}

impl Clone {
    fn folder(&self) -> PathBuf {
        self.place.folder().join(CLONE)
    }

    /// Whether there is a clone; it may be damaged all the same.
    pub(super) fn is_there(&self) -> bool {
        fsx::is_folder(&self.folder().join(".hg"))
    }

    /// The names that the clone had when it was last complete.
    pub(super) fn held_names(&self, _reading: &Guard) -> Result<Option<Names>, Error> {
        if !self.is_there() {
            return Ok(None);
        }
        let text = read_sealed(&self.place.folder().join(NAMES))?;
        Ok(text.and_then(|text| Names::read(&text)))
    }

    /// The names that the remote has, the clone brought up to date with it; where nobody is to be asked,
    /// those that the clone has had.
    pub(super) fn names(&self, writing: &Guard) -> Result<Names, Error> {
        match self.program.may_ask(&self.remote) {
            Ok(()) => self.refresh(writing),
            Err(offline) => self.held_names(writing)?.ok_or(offline),
        }
    }

    /// The error for a name that the clone does not have.
    pub(super) fn lacks(&self, name: &str) -> Error {
        let asked = self.program.may_ask(&self.remote);
        asked
            .err()
            .unwrap_or_else(|| Error::missing(&self.remote, name))
    }

    /// Makes the clone what a fresh one would be; gives its names.
    pub(super) fn refresh(&self, writing: &Guard) -> Result<Names, Error> {
        clear_incoming(&self.place, writing)?;
        let known = self.held_names(writing)?;
        // From here on, until all is well again, the names are not to be believed.
        let file = self.place.folder().join(NAMES);
        fsx::remove_file(&file)?;
        if !self.pull()? {
            self.make()?;
        }
        let names = self.with_repair(|| self.list())?;
        if known.is_none_or(|known| known.tags_differ(&names)) {
            Export::forget_all(&self.place, writing)?;
        }
        write_sealed(&file, &names.write())?;
        Ok(names)
    }

    /// Brings the clone up to date; `false` where only a new clone can be right: there is none, it
    /// cannot be pulled into, or the remote no longer has all that the clone has.
    fn pull(&self) -> Result<bool, Error> {
        if !self.is_there() {
            return Ok(false);
        }
        // A pull leaves bookmarks that the remote has no more, and does not move back those that
        // it has moved back; those that are missing it brings along.
        for store in [".hg/bookmarks", ".hg/store/bookmarks"] {
            fsx::remove_file(&self.folder().join(store))?;
        }
        if !self.hg_remote(&["pull", "--quiet"])?.succeeded() {
            return Ok(false);
        }
        // Exit code 1: there is nothing here that the remote lacks.
        let outgoing = self.hg_remote(&["outgoing", "--quiet", "--limit", "1"])?;
        Ok(outgoing.code == Some(1))
    }

    /// Clones to the side, then puts that in the place of what was there.
    fn make(&self) -> Result<(), Error> {
        self.program.may_ask(&self.remote)?;
        let side = incoming(&self.place)?;
        let made = side.as_ref().join(CLONE);
        let mut arguments = self.ssh_options()?;
        // A repository of this machine is not shared by hard links: what damages one must not
        // damage the other.
        arguments.extend(["clone", "--quiet", "--noupdate", "--pull", "--"].map(OsString::from));
        arguments.extend([OsString::from(&self.remote), made.clone().into()]);
        let ran = self.run(arguments)?;
        if !ran.succeeded() {
            return Err(Error::Remote {
                remote: mask(&self.remote),
                said: ran.said(ABORT),
            });
        }
        fsx::remove_file(&self.place.folder().join(NAMES))?;
        fsx::remove_tree(&self.folder())?;
        fsx::rename(&made, &self.folder())?;
        Ok(())
    }

    /// Does what reads the clone; if the clone is damaged, once more with a new one.
    /// The exclusive lock must be held.
    pub(super) fn with_repair<T>(&self, work: impl Fn() -> Result<T, Error>) -> Result<T, Error> {
        match work() {
            Err(Error::Damaged { program, said }) => match self.make() {
                Ok(()) => work(),
                Err(_) => Err(Error::Damaged { program, said }),
            },
            other => other,
        }
    }

    /// Tags, branches and where a fresh clone would stand.
    fn list(&self) -> Result<Names, Error> {
        let tags = self.hg(&["tags", "--template", TAG])?;
        let branches = self.hg(&["branches", "--closed", "--template", BRANCH])?;
        let default = ["log", "--rev", DEFAULT_REVISIONS, "--template", DEFAULT];
        let default = self.hg(&default)?;
        let names = Names::parse(&tags, &branches, &default).ok_or_else(|| Error::Damaged {
            program: self.program.name,
            said: "its lists of names make no sense".to_owned(),
        })?;
        // What an address has after `#` is the branch that `hg clone` checks out.
        Ok(match self.remote.split_once('#') {
            Some((_, branch)) => names.with_default(self.commit(branch)?),
            None => names,
        })
    }

    /// The full id of what a name stands for: a tag, branch, bookmark, number or beginning of an
    /// id, and no expression. Somebody holds the lock.
    pub(super) fn commit(&self, name: &str) -> Result<Option<String>, Error> {
        Ok(self
            .look_up(name, COMMIT)?
            .and_then(|found| full_id(found.trim_end())))
    }

    /// Author, date and subject of a commit. Somebody holds the lock.
    pub(super) fn note(&self, name: &str) -> Result<Option<CommitNote>, Error> {
        let found = self.look_up(name, NOTE)?.unwrap_or_default();
        let mut lines = found.lines();
        Ok(lines.next().map(|person| CommitNote {
            author: format!("{person} <{}>", lines.next().unwrap_or_default()),
            date: lines.next().unwrap_or_default().to_owned(),
            subject: lines.next().unwrap_or_default().to_owned(),
        }))
    }

    /// What the template makes of the commit of that name.
    fn look_up(&self, name: &str, template: &str) -> Result<Option<String>, Error> {
        let Some(revision) = literal(name) else {
            return Ok(None);
        };
        let arguments = ["log", "--rev", &revision, "--template", template];
        let ran = self.run_here(&arguments)?;
        if !ran.succeeded() && ran.complaints().contains(AMBIGUOUS) {
            return Ok(None);
        }
        self.sound(ran).map(|ran| Some(text(&ran)))
    }

    /// All commits with their times and what comes before them. Somebody holds the lock.
    pub(super) fn links(&self) -> Result<BTreeMap<ObjectId, Link>, Error> {
        let listed = self.hg(&["log", "--rev", "all()", "--template", LINK])?;
        let links: Option<_> = listed.lines().map(link).collect();
        links.ok_or_else(|| Error::Damaged {
            program: self.program.name,
            said: "its list of commits makes no sense".to_owned(),
        })
    }

    /// Writes a commit's files to a folder that is not there.
    pub(super) fn archive(&self, id: &str, folder: &Path) -> Result<(), Error> {
        self.with_repair(|| {
            fsx::remove_tree(folder)?;
            let mut arguments = self.here();
            arguments.extend(["archive", "--type", "files", "--rev", id, "--"].map(OsString::from));
            arguments.push(folder.into());
            self.sound(self.run(arguments)?).map(drop)
        })
    }

    fn here(&self) -> Vec<OsString> {
        vec!["--repository".into(), self.folder().into()]
    }

    /// Asks the clone.
    fn hg(&self, arguments: &[&str]) -> Result<String, Error> {
        let ran = self.run_here(arguments)?;
        self.sound(ran).map(|ran| text(&ran))
    }

    fn run_here(&self, arguments: &[&str]) -> Result<Ran, Error> {
        let mut all = self.here();
        all.extend(arguments.iter().map(OsString::from));
        self.run(all)
    }

    /// Has the clone and the remote compared, in whatever way; what the program makes of it is the
    /// caller's to judge.
    fn hg_remote(&self, arguments: &[&str]) -> Result<Ran, Error> {
        let mut all = self.here();
        all.extend(self.ssh_options()?);
        all.extend(arguments.iter().map(OsString::from));
        all.extend(["--".into(), OsString::from(&self.remote)]);
        self.run(all)
    }

    fn run(&self, mut arguments: Vec<OsString>) -> Result<Ran, Error> {
        arguments.insert(0, "--noninteractive".into());
        fsx::create_dir_all(self.place.folder())?;
        self.program.run(self.place.folder(), arguments)
    }

    fn sound(&self, ran: Ran) -> Result<Ran, Error> {
        if ran.succeeded() {
            return Ok(ran);
        }
        Err(Error::Damaged {
            program: self.program.name,
            said: ran.said(ABORT),
        })
    }

    /// Keeps the user's `ssh` from asking where there is nobody to answer.
    fn ssh_options(&self) -> Result<Vec<OsString>, Error> {
        if self.may_prompt || !self.remote.starts_with("ssh://") {
            return Ok(Vec::new());
        }
        let configured = self.run(vec!["config".into(), "ui.ssh".into()])?;
        let configured = String::from_utf8_lossy(&configured.output)
            .trim()
            .to_owned();
        Ok(vec!["--config".into(), quiet_ssh(&configured).into()])
    }
}

/// One line of the list of commits.
fn link(line: &str) -> Option<(ObjectId, Link)> {
    let mut words = line.split(' ');
    let id = ObjectId::parse(words.next()?)?;
    let parents = [words.next()?, words.next()?].into_iter();
    let parents = parents.filter_map(|id| ObjectId::parse(&full_id(id)?));
    let parents = parents.collect();
    let time = words.next()?.parse().ok()?;
    Some((id, Link { time, parents }))
}

fn text(ran: &Ran) -> String {
    String::from_utf8_lossy(&ran.output).into_owned()
}

/// The setting that makes the configured `ssh` ask nothing.
fn quiet_ssh(configured: &str) -> String {
    let command = if configured.is_empty() {
        "ssh"
    } else {
        configured
    };
    let plink = command.to_ascii_lowercase().contains("plink");
    let option = if plink { "-batch" } else { "-o BatchMode=yes" };
    format!("ui.ssh={command} {option}")
}

/// A name as an expression that stands for that name alone, and for nothing if there is none;
/// `None` for what no name can be.
fn literal(name: &str) -> Option<String> {
    // These stand for a working copy's parent, which there is not, and for no commit.
    if matches!(name, "" | "." | "null") || name.chars().any(char::is_control) {
        return None;
    }
    let escaped = name.replace('\\', r"\\").replace('"', "\\\"");
    Some(format!("present(\"{escaped}\")"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_can_leave_its_quotes() {
        assert_eq!(literal("v1").as_deref(), Some(r#"present("v1")"#));
        let hostile = r#"\") or all() or present(""#;
        let expected = r#"present("\\\") or all() or present(\"")"#;
        assert_eq!(literal(hostile).as_deref(), Some(expected));
        for none in ["", ".", "null", "a\nb", "a\0"] {
            assert_eq!(literal(none), None, "{none:?}");
        }
    }

    #[test]
    fn the_users_ssh_is_kept_and_made_quiet() {
        assert_eq!(quiet_ssh(""), "ui.ssh=ssh -o BatchMode=yes");
        assert_eq!(quiet_ssh("ssh -C"), "ui.ssh=ssh -C -o BatchMode=yes");
        assert_eq!(quiet_ssh("TortoisePlink"), "ui.ssh=TortoisePlink -batch");
    }
}
