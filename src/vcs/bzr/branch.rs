//! One branch in the cache: made to the side, pulled into, asked, made anew where `bzr` can make
//! nothing of it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::Error;
use super::names::Names;
use crate::cache::{Entry as CacheEntry, Guard, read_sealed, write_sealed};
use crate::fsx;
use crate::http::mask;
use crate::vcs::CommitNote;
use crate::vcs::external::date::mail_date;
use crate::vcs::external::export::Export;
use crate::vcs::external::program::{Program, Ran};
use crate::vcs::external::{clear_incoming, incoming};

const CLONE: &str = "clone";
const NAMES: &str = "names";

/// How `bzr` begins the line that says why it gives up, under either name.
const COMPLAINTS: [&str; 2] = ["brz: ERROR:", "bzr: ERROR:"];

/// What it complains about when a branch is sound and has no revision of that name.
const NOT_THERE: [&str; 3] = [
    "Requested revision",
    "No such tag",
    "does not exist in branch",
];

/// What it prints in place of a number where the branch has no such revision.
const UNKNOWN: &str = "???";

/// Where a remote's branch is, or is to be.
#[derive(Clone, Debug)]
pub(super) struct Branch {
    pub(super) place: CacheEntry,
    /// The address as `bzr` gets it.
    pub(super) remote: String,
    pub(super) program: Program,
}

impl Branch {
    fn folder(&self) -> PathBuf {
        self.place.folder().join(CLONE)
    }

    /// Whether there is a branch; it may be damaged all the same.
    fn is_there(&self) -> bool {
        fsx::is_folder(&self.folder().join(".bzr"))
    }

    /// The names that the branch had when it was last complete.
    pub(super) fn held_names(&self, _reading: &Guard) -> Result<Option<Names>, Error> {
        if !self.is_there() {
            return Ok(None);
        }
        let text = read_sealed(&self.place.folder().join(NAMES))?;
        Ok(text.and_then(|text| Names::read(&text)))
    }

    /// The names that the remote has, the branch brought up to date with it; where nobody is to be asked,
    /// those that the branch has had.
    pub(super) fn names(&self, writing: &Guard) -> Result<Names, Error> {
        match self.program.may_ask(&self.remote) {
            Ok(()) => self.refresh(writing),
            Err(offline) => self.held_names(writing)?.ok_or(offline),
        }
    }

    /// The error for a name that the branch does not have.
    pub(super) fn lacks(&self, name: &str) -> Error {
        let asked = self.program.may_ask(&self.remote);
        asked
            .err()
            .unwrap_or_else(|| Error::missing(&self.remote, name))
    }

    /// Makes the branch what a fresh one would be; gives its names.
    pub(super) fn refresh(&self, writing: &Guard) -> Result<Names, Error> {
        clear_incoming(&self.place, writing)?;
        let known = self.held_names(writing)?;
        // From here on, until all is well again, neither names nor numbers are to be believed.
        let file = self.place.folder().join(NAMES);
        fsx::remove_file(&file)?;
        if !self.pull()? {
            self.make()?;
        }
        let names = self.with_repair(|| self.list())?;
        if !self.goes_on(known.as_ref(), &names)? {
            Export::forget_all(&self.place, writing)?;
        }
        write_sealed(&file, &names.write())?;
        Ok(names)
    }

    /// Whether the history that was known is the beginning of the one that there is: then all of
    /// its numbers are what they were.
    fn goes_on(&self, known: Option<&Names>, names: &Names) -> Result<bool, Error> {
        match known.and_then(Names::tip_and_id) {
            tip @ Some(_) if tip == names.tip_and_id() => Ok(true),
            Some((number, id)) => {
                let now = self.look_up(&format!("revno:{number}"))?;
                Ok(now == Some((number.to_string(), id.to_owned())))
            }
            None => Ok(false),
        }
    }

    /// Brings the branch up to date; `false` where only a new one can be right: there is none, or it
    /// cannot be pulled into.
    fn pull(&self) -> Result<bool, Error> {
        if !self.is_there() {
            return Ok(false);
        }
        // Nobody else is at work here, so these are what a killed `bzr` has left; it would wait for
        // minutes.
        for lock in ["branch-lock", "branch/lock", "repository/lock"] {
            fsx::remove_tree(&self.folder().join(".bzr").join(lock).join("held"))?;
        }
        // A pull leaves tags that the remote has no more; those that are missing it brings along.
        let tags = self.folder().join(".bzr/branch/tags");
        if fsx::exists(&tags) {
            fsx::write_atomic(&tags, b"")?;
        }
        let mut arguments = words(&["pull", "--quiet", "--overwrite", "--directory"]);
        arguments.extend([
            self.folder().into(),
            "--".into(),
            OsString::from(&self.remote),
        ]);
        Ok(self.run(arguments)?.succeeded())
    }

    /// Branches to the side, then puts that in the place of what was there.
    fn make(&self) -> Result<(), Error> {
        self.program.may_ask(&self.remote)?;
        let side = incoming(&self.place)?;
        let made = side.as_ref().join(CLONE);
        // A repository that is shared by what stands in a folder above is none of ours.
        let mut arguments = words(&["branch", "--quiet", "--no-tree", "--standalone", "--"]);
        arguments.extend([OsString::from(&self.remote), made.clone().into()]);
        let ran = self.run(arguments)?;
        if !ran.succeeded() {
            return Err(Error::Remote {
                remote: mask(&self.remote),
                said: said(&ran),
            });
        }
        fsx::remove_file(&self.place.folder().join(NAMES))?;
        fsx::remove_tree(&self.folder())?;
        fsx::rename(&made, &self.folder())?;
        Ok(())
    }

    /// Does what reads the branch; if it is damaged, once more with a new one. The exclusive lock
    /// must be held.
    pub(super) fn with_repair<T>(&self, work: impl Fn() -> Result<T, Error>) -> Result<T, Error> {
        match work() {
            Err(Error::Damaged { program, said }) => match self.make() {
                Ok(()) => work(),
                Err(_) => Err(Error::Damaged { program, said }),
            },
            other => other,
        }
    }

    fn list(&self) -> Result<Names, Error> {
        let tip = self.bzr(&["revision-info"])?;
        let tags = self.bzr(&["tags"])?;
        Names::parse(&tip, &tags).ok_or_else(|| Error::Damaged {
            program: self.program.name,
            said: "its lists of names make no sense".to_owned(),
        })
    }

    /// The number of the revision that a specification stands for. Somebody holds the lock.
    pub(super) fn number_of(&self, specification: &str) -> Result<Option<String>, Error> {
        let found = self.look_up(specification)?;
        let number = found.map(|(number, _)| number);
        // 0 is the emptiness before the first revision.
        Ok(number.filter(|number| number != UNKNOWN && number != "0"))
    }

    /// Number and id of what a specification stands for, as `bzr` prints them.
    fn look_up(&self, specification: &str) -> Result<Option<(String, String)>, Error> {
        let ran = self.run_here(&["revision-info", &format!("--revision={specification}")])?;
        let complaints = ran.complaints();
        if !ran.succeeded() && NOT_THERE.iter().any(|known| complaints.contains(known)) {
            return Ok(None);
        }
        let found = self.sound(&ran)?;
        let found = found.trim_end().split_once(' ');
        Ok(found.map(|(number, id)| (number.to_owned(), id.to_owned())))
    }

    /// Author, date and subject of a revision. Somebody holds the lock.
    pub(super) fn note(&self, number: &str) -> Result<Option<CommitNote>, Error> {
        let mut arguments = words(&["log", "--log-format=long"]);
        arguments.push(format!("--revision=revno:{number}").into());
        arguments.extend(["--".into(), self.folder().into()]);
        Ok(note(&self.sound(&self.run(arguments)?)?))
    }

    /// Writes a revision's files to a folder that is not there.
    pub(super) fn export(&self, number: &str, folder: &Path) -> Result<(), Error> {
        self.with_repair(|| {
            fsx::remove_tree(folder)?;
            let mut arguments = words(&["export", "--quiet", "--format=dir"]);
            arguments.push(format!("--revision=revno:{number}").into());
            arguments.extend(["--".into(), folder.into(), self.folder().into()]);
            self.sound(&self.run(arguments)?).map(drop)
        })
    }

    /// Asks the branch.
    fn bzr(&self, arguments: &[&str]) -> Result<String, Error> {
        self.sound(&self.run_here(arguments)?)
    }

    fn run_here(&self, arguments: &[&str]) -> Result<Ran, Error> {
        let mut all = words(arguments);
        all.extend(["--directory".into(), self.folder().into()]);
        self.run(all)
    }

    fn run(&self, arguments: Vec<OsString>) -> Result<Ran, Error> {
        let mut all = words(&["--no-plugins", "--no-aliases"]);
        all.extend(arguments);
        fsx::create_dir_all(self.place.folder())?;
        self.program.run(self.place.folder(), all)
    }

    /// What it printed.
    fn sound(&self, ran: &Ran) -> Result<String, Error> {
        if ran.succeeded() {
            return Ok(String::from_utf8_lossy(&ran.output).into_owned());
        }
        Err(Error::Damaged {
            program: self.program.name,
            said: said(ran),
        })
    }
}

fn words(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}

fn said(ran: &Ran) -> String {
    let complaints = ran.complaints();
    let marker = COMPLAINTS
        .iter()
        .find(|marker| complaints.contains(**marker));
    ran.said(marker.unwrap_or(&COMPLAINTS[0]))
}

/// Reads an entry of `bzr log` in its long format.
fn note(log: &str) -> Option<CommitNote> {
    let (head, message) = log.split_once("\nmessage:\n").unwrap_or((log, ""));
    let field = |name: &str| {
        let mut lines = head.lines();
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    };
    // As in `Sun 2020-09-13 12:26:40 +0200`.
    let date = field("timestamp").and_then(|date| {
        let mut words = date.split_whitespace().skip(1);
        mail_date(words.next()?, words.next()?, words.next()?)
    });
    Some(CommitNote {
        author: field("committer")?.to_owned(),
        date: date.unwrap_or_default(),
        subject: message.lines().next().unwrap_or_default().trim().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::note;

    #[test]
    fn a_log_is_told() {
        let log = "----\nrevno: 2 [merge]\ntags: v1\ncommitter: A B <a@example.com>\nbranch nick: x\n\
            timestamp: Sun 2020-09-13 12:26:40 -0200\nmessage:\n  one\n  timestamp: two\n";
        let note = note(log).unwrap();
        assert_eq!(note.author, "A B <a@example.com>");
        assert_eq!(note.date, "Sun, 13 Sep 2020 12:26:40 -0200");
        assert_eq!(note.subject, "one");
        assert_eq!(super::note(""), None);
        let bare = super::note("committer: x\ntimestamp: y\n").unwrap();
        assert_eq!((bare.date.as_str(), bare.subject.as_str()), ("", ""));
    }
}
