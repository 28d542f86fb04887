//! What a dependency says of its own dependencies: the first of the files that it has.

use crate::manifest::Dependency;
use crate::model::Roots;

use super::error::Error;
use super::imported::Role;
use super::kind::Kind;

/// What stands at a path of a dependency's tree, links followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing, or something that is neither file nor folder.
    Nothing,
    /// A folder.
    Folder,
    /// A file.
    File(Vec<u8>),
}

/// The files of a repository at some version, or those of a project.
pub trait Files {
    /// What looking may fail with.
    type Error;

    /// What stands at a path below the repository's root (`Godeps/Godeps.json`). Nothing does where
    /// a file stands in place of a folder on the way.
    fn look(&self, path: &str) -> Result<Found, Self::Error>;
}

/// Which files of dependencies are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Formats {
    /// Those that Glide reads.
    #[default]
    OfGlide,
    /// Where there is none of those, the others too.
    All,
}

/// What a dependency says of its own dependencies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The file that says it.
    pub source: Kind,
    /// What it needs; of a glide.yaml the imports, not the test imports.
    pub dependencies: Vec<Dependency>,
    /// What there is to tell about it, each a line at Glide's level INFO.
    pub notes: Vec<String>,
}

/// Why it could not be said what a dependency needs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeclaredError<E> {
    /// Its files could not be looked at.
    #[error(transparent)]
    Look(E),
    /// One of them is refused.
    #[error(transparent)]
    Unreadable(#[from] Error),
}

/// Reads the first of the files that is there: glide.yaml, Godeps/Godeps.json, Godeps,
/// vendor/manifest, Gomfile, and with [`Formats::All`] Gopkg.toml, vendor/vendor.json, vendor.conf and
/// go.mod; `None` where none is.
///
/// What counts as a file that names nothing ([`Kind::read`]) ends the search.
pub fn declared<F: Files + ?Sized>(
    files: &F,
    formats: Formats,
    roots: &dyn Roots,
) -> Result<Option<Declared>, DeclaredError<F::Error>> {
    let others: &[Kind] = match formats {
        Formats::OfGlide => &[],
        Formats::All => &Kind::BEYOND_GLIDE,
    };
    for &source in Kind::OF_GLIDE.iter().chain(others) {
        if let Some(read) = source.read(files, Role::Dependency, roots)? {
            return Ok(Some(Declared {
                source,
                dependencies: read.dependencies,
                notes: read.notes,
            }));
        }
    }
    Ok(None)
}
