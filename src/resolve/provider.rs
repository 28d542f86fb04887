//! What the walk may ask of repositories.

use std::sync::Arc;

use crate::error::Failure;
use crate::manifest::Dependency;
use crate::model::Revision;

/// Something that cannot be had; shared, since many may ask for it.
pub type Fault = Arc<Failure>;

/// Knows repositories. Answers must not depend on the order of questions, nor on when they come: all
/// of them may be found out ahead.
pub trait Provider {
    /// Where a dependency comes from, mirrors applied. Dependencies of one location are one
    /// repository, of which one commit is looked at at a time.
    fn location(&self, dependency: &Dependency) -> String;

    /// Reaches the repository.
    fn open(&self, dependency: &Dependency) -> Result<Arc<dyn Repository>, Fault>;

    /// These import paths will be asked for soon.
    fn announce(&self, _import_paths: &[String]) {}

    /// Should this repository be asked for, it will be as this dependency; `certain` where it will.
    fn expect(&self, _dependency: &Dependency, _certain: bool) {}

    /// Why what the repository of `by` asks for must not be fetched from where it says; `None` where
    /// it may. A repository is trusted less than the person who writes glide.yaml.
    fn refuses(&self, _by: &Dependency, _wanted: &Dependency) -> Option<String> {
        None
    }

    /// This folder of this commit will be asked for.
    fn prepare(&self, _dependency: &Dependency, _at: &Revision, _folder: &str) {}
}

/// The names of a repository.
pub trait Names {
    /// Whether a text names a commit, branch or tag, as Glide's `IsReference` has it.
    fn is_reference(&self, text: &str) -> Result<bool, Fault>;

    /// The commit that checking out `text` in a fresh clone leads to.
    fn checkout(&self, text: &str) -> Result<Option<Revision>, Fault>;

    /// The names that a range chooses from: branches, then tags.
    fn names(&self) -> Vec<String>;
}

/// A repository that has answered.
pub trait Repository: Names {
    /// The tip of its default branch, if it has one.
    fn tip(&self) -> Option<Revision>;

    /// What the Go files in a folder import; `""` is the root.
    fn scan(&self, at: &Revision, folder: &str) -> Result<Scanned, Fault>;

    /// All folders that may hold source, at and below one, in the order of their paths; `None`
    /// where there is none of that name.
    fn folders(&self, at: &Revision, below: &str) -> Result<Option<Vec<String>>, Fault>;

    /// What the repository's own dependency files ask for. What is wrong with them is an answer.
    fn declared(&self, at: &Revision) -> Result<Result<Declared, String>, Fault>;

    /// What go.mod at the root says.
    fn module(&self, at: &Revision) -> Result<Module, Fault>;

    /// Who made a commit, when and why; only asked for messages.
    fn describe(&self, at: &Revision) -> Option<CommitNote>;
}

/// What looking at a folder of Go source finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanned {
    /// A package: its imports, and those of its tests.
    Package {
        /// In Glide's order.
        imports: Vec<String>,
        /// In Glide's order.
        test_imports: Vec<String>,
    },
    /// A folder without Go files that count.
    NoGoFiles,
    /// No such folder.
    Missing,
    /// Something that Go's scanner refuses, and why.
    Broken(String),
    /// The same in a folder of several packages, which is looked at tag by tag: a dependency's is
    /// reported and passed over.
    BrokenByTags(String),
}

/// What a go.mod says of the module; nothing where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Module {
    /// Its path.
    pub path: Option<String>,
    /// The minor version of the Go that it is written for: 21 for 1.21.
    pub go: Option<u32>,
}

/// What a repository's own files ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// In the order of the file.
    pub dependencies: Vec<Dependency>,
    /// What there is to say about the file.
    pub notes: Vec<String>,
}

/// What is told of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitNote {
    /// `Name <mail>`.
    pub author: String,
    /// The day and time of the commit, in its own zone.
    pub date: String,
    /// The first line of the message.
    pub subject: String,
}
