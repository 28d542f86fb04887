//! What can go wrong while vendor/ is filled, and how it is told.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::PathBuf;

use super::names::{BadName, shown};
use crate::error::{Classify, Kind};
use crate::fsx;
use crate::model::VendorPath;
use crate::vcs::ReadError;

/// vendor/ was not replaced; it is as it was.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or something else stands where vendor/ should be (Glide's text).
    #[error("Vendor is not a directory: `{}`", path.display())]
    NotADirectory {
        /// What was found there.
        path: PathBuf,
    },
    /// Links lead on and on.
    #[error("`{}` leads through more than 255 links", path.display())]
    TooManyLinks {
        /// The first link.
        path: PathBuf,
    },
    /// The folder that vendor/ is to be made in is missing.
    #[error("the folder `{}`, which vendor/ leads to, does not exist", path.display())]
    NoParent {
        /// The missing folder.
        path: PathBuf,
    },
    /// A mounted folder cannot be renamed.
    #[error("`{}` is a mount point, and those cannot be replaced as a whole", path.display())]
    MountPoint {
        /// The folder.
        path: PathBuf,
    },
    /// Files of packages could not be staged.
    #[error(transparent)]
    Packages(Problems),
    /// Finishing the staged tree (stripping it) failed.
    #[error("the new vendor/ cannot be finished")]
    Treatment(#[source] Box<dyn StdError + Send + Sync>),
    /// Somebody asked the run to stop.
    #[error("interrupted before vendor/ was replaced")]
    Interrupted,
    /// A file operation on vendor/ itself failed.
    #[error(transparent)]
    File(#[from] fsx::Error),
}

impl Error {
    /// The packages whose cached repository is damaged: fetching these again may help.
    pub fn damaged(&self) -> Vec<&VendorPath> {
        let Self::Packages(problems) = self else {
            return Vec::new();
        };
        let mut damaged: Vec<&VendorPath> = problems
            .list
            .iter()
            .filter(|problem| {
                matches!(
                    problem.cause,
                    Cause::Read(ReadError::Object { .. } | ReadError::Store { .. })
                )
            })
            .map(|problem| &problem.package)
            .collect();
        damaged.dedup();
        damaged
    }
}

impl Classify for Error {
    fn kind(&self) -> Kind {
        Kind::User
    }

    fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::MountPoint { .. } => {
                "mount the project's folder instead of vendor/, or make vendor/ a link into the \
                 mounted folder"
            }
            Self::NotADirectory { .. } => "move it away and run the command again",
            Self::NoParent { .. } | Self::TooManyLinks { .. } => {
                "vendor/ is a link: let it lead to a folder"
            }
            Self::File(error) => return error.hints(),
            _ => return Vec::new(),
        };
        vec![hint.to_owned()]
    }
}

/// Everything that kept the packages from being staged, in the order of the packages.
#[derive(Debug)]
pub struct Problems {
    pub(super) list: Vec<Problem>,
    /// How many more there were than are listed.
    pub(super) unlisted: usize,
}

/// One file, or one package, that could not be staged.
#[derive(Debug)]
pub struct Problem {
    /// The package it belongs to.
    pub package: VendorPath,
    /// The path within the package, made printable; `None` where it is about all of it.
    pub path: Option<String>,
    /// What is wrong.
    pub cause: Cause,
}

/// Why a file could not be staged.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// The path may not be written.
    #[error("{0}")]
    Name(#[from] BadName),
    /// Two dependencies, or two of a dependency's trees, ask for the same folder.
    #[error("the folder is asked for twice")]
    SameFolder,
    /// The tree names the same path twice.
    #[error("the path appears twice")]
    Twice,
    /// A file stands where the path needs a folder.
    #[error("`{file}` of {package} is a file, so nothing can be below it")]
    BelowFile {
        /// The package that the file is from.
        package: VendorPath,
        /// Its path below vendor/.
        file: String,
    },
    /// The path would be written through a link.
    #[error("it would be written through the link `{link}` of {package}")]
    ThroughLink {
        /// The package that the link is from.
        package: VendorPath,
        /// Its path below vendor/.
        link: String,
    },
    /// The file system takes two names for the same.
    #[error(
        "the file system has this name already: another differs only in letter case or in \
         how Unicode spells it"
    )]
    NameTaken,
    /// The name or the path is too long for the file system.
    #[error("the name is longer than the file system permits")]
    NameTooLong,
    /// A link's target cannot be a target.
    #[error("the link's target {0}")]
    LinkTarget(&'static str),
    /// The store gave other bytes than it had announced.
    #[error("the cached object has another size than the cache says")]
    Size,
    /// The file says how others are converted, and is unreasonable.
    #[error("the file is larger than 1 MiB")]
    AttributesTooLarge,
    /// The cached repository could not be read.
    #[error("{}", with_source(.0))]
    Read(ReadError),
    /// The file could not be written.
    #[error("cannot write it: {0}")]
    Write(io::Error),
    /// The file in vendor/ could not be read.
    #[error("{}", with_reason(.0))]
    File(fsx::Error),
}

fn with_source(error: &ReadError) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

fn with_reason(error: &fsx::Error) -> String {
    format!("{error}: {}", error.source)
}

impl Cause {
    /// What a failed creation stands for.
    pub(super) fn of_write(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::AlreadyExists => Self::NameTaken,
            io::ErrorKind::InvalidFilename => Self::NameTooLong,
            _ => Self::Write(error),
        }
    }

    /// Whether every further write would fail the same way.
    pub(super) fn is_general(&self) -> bool {
        use io::ErrorKind as K;
        matches!(self, Self::Write(error) if matches!(
            error.kind(),
            K::StorageFull | K::QuotaExceeded | K::ReadOnlyFilesystem
        ))
    }
}

impl From<ReadError> for Cause {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Output(error) => Self::of_write(error),
            other => Self::Read(other),
        }
    }
}

impl Problem {
    pub(super) fn new(package: &VendorPath, path: Option<&[u8]>, cause: impl Into<Cause>) -> Self {
        Self {
            package: package.clone(),
            path: path.filter(|path| !path.is_empty()).map(shown),
            cause: cause.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(f, "{}: `{path}`: {}", self.package, self.cause),
            None => write!(f, "{}: {}", self.package, self.cause),
        }
    }
}

impl Problems {
    /// The problems, sorted by package and path.
    pub fn list(&self) -> &[Problem] {
        &self.list
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "vendor/ cannot be filled")?;
        for problem in &self.list {
            write!(f, "\n{problem}")?;
        }
        match self.unlisted {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

impl StdError for Problems {}

/// Where workers put what goes wrong.
#[derive(Debug, Default)]
pub(super) struct Collector {
    list: Vec<Problem>,
}

/// How many problems of one package are listed: a person reads no more.
const LISTED_PER_PACKAGE: usize = 20;

impl Collector {
    pub(super) fn push(&mut self, problem: Problem) {
        self.list.push(problem);
    }

    /// Everything, sorted, so that the text does not tell how many workers there were.
    pub(super) fn into_list(self) -> Vec<Problem> {
        let mut list = self.list;
        list.sort_by(|a, b| (&a.package, &a.path).cmp(&(&b.package, &b.path)));
        // Each worker tells of a store that it cannot open.
        list.dedup_by(|a, b| a.to_string() == b.to_string());
        list
    }

    /// An error if there was a problem.
    pub(super) fn finish(self) -> Result<(), Error> {
        let list = self.into_list();
        if list.is_empty() {
            return Ok(());
        }
        let all = list.len();
        let mut listed: Vec<Problem> = Vec::new();
        for problem in list {
            let enough = listed.len().checked_sub(LISTED_PER_PACKAGE);
            if enough.is_none_or(|first| listed[first].package != problem.package) {
                listed.push(problem);
            }
        }
        Err(Error::Packages(Problems {
            unlisted: all - listed.len(),
            list: listed,
        }))
    }
}
