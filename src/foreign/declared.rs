//! What a dependency says of its own dependencies: the first of the files that it has.

use crate::manifest::{Config, Dependency};
use crate::model::Roots;

use super::error::Error;
use super::{gb, godep, gom, gpm};

/// Glide's own file.
const GLIDE_FILE: &str = "glide.yaml";

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

/// The files of a dependency at some version.
pub trait Files {
    /// What looking may fail with.
    type Error;

    /// What stands at a path below the repository's root (`Godeps/Godeps.json`). Nothing does where
    /// a file stands in place of a folder on the way.
    fn look(&self, path: &str) -> Result<Found, Self::Error>;
}

/// Which of the files was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// glide.yaml.
    GlideYaml,
    /// Godeps/Godeps.json.
    Godep,
    /// Godeps.
    Gpm,
    /// vendor/manifest.
    Gb,
    /// Gomfile, or its lock.
    Gom,
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

impl Kind {
    /// What Glide logs when it is about to read the file in `folder`; nothing for a glide.yaml.
    /// (Nor does it where a folder stands in place of the file.)
    pub fn messages(self, folder: &str) -> Vec<String> {
        let (file, manager) = match self {
            Self::GlideYaml => return Vec::new(),
            Self::Godep => ("Godeps.json file", "Godeps"),
            Self::Gpm => ("Godeps file", "GPM"),
            Self::Gb => ("GB manifest file", "GB"),
            Self::Gom => ("Gomfile", "Gomfile"),
        };
        vec![
            format!("Found {file} in {folder}"),
            format!("--> Parsing {manager} metadata..."),
        ]
    }
}

/// Reads the first of the files that is there: glide.yaml, Godeps/Godeps.json, Godeps,
/// vendor/manifest, Gomfile; `None` where none is.
///
/// A folder in place of Godeps or vendor/manifest counts as a file that names nothing, so that
/// those after it are not looked for. One in place of Gomfile counts as nothing.
pub fn declared<F: Files + ?Sized>(
    files: &F,
    roots: &dyn Roots,
) -> Result<Option<Declared>, DeclaredError<F::Error>> {
    let look = |path| files.look(path).map_err(DeclaredError::Look);
    let found = |source, dependencies| {
        Ok(Some(Declared {
            source,
            dependencies,
            notes: Vec::new(),
        }))
    };
    if let Some(bytes) = file(GLIDE_FILE, look(GLIDE_FILE)?)? {
        let config = Config::read(&bytes, roots).map_err(Error::from)?;
        return found(Kind::GlideYaml, config.imports);
    }
    if let Some(bytes) = file(godep::FILE, look(godep::FILE)?)? {
        return found(Kind::Godep, godep::read(&bytes, roots)?);
    }
    match look(gpm::FILE)? {
        Found::Nothing => {}
        Found::File(bytes) => return found(Kind::Gpm, gpm::read(&bytes)?),
        Found::Folder => {
            let note = "Godeps is a directory. This is probably a Godep project.";
            return Ok(Some(Declared {
                source: Kind::Gpm,
                dependencies: Vec::new(),
                notes: vec![note.to_owned()],
            }));
        }
    }
    match look(gb::FILE)? {
        Found::Nothing => {}
        Found::File(bytes) => return found(Kind::Gb, gb::read(&bytes, roots)?),
        Found::Folder => return found(Kind::Gb, Vec::new()),
    }
    let Found::File(gomfile) = look(gom::FILE)? else {
        return Ok(None);
    };
    let locked = file(gom::LOCK, look(gom::LOCK)?)?;
    let read = gom::read(&gomfile, locked.as_deref(), roots)?;
    Ok(Some(Declared {
        source: Kind::Gom,
        dependencies: read.dependencies,
        notes: read.notes,
    }))
}

/// The bytes of a file in whose place no folder may be.
fn file(name: &'static str, found: Found) -> Result<Option<Vec<u8>>, Error> {
    match found {
        Found::Nothing => Ok(None),
        Found::Folder => Err(Error::Folder { file: name }),
        Found::File(bytes) => Ok(Some(bytes)),
    }
}
