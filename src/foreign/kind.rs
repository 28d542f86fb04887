//! The kinds of dependency files, and reading the one of a kind that a tree has.

use crate::manifest::Config;
use crate::model::Roots;

use super::declared::{DeclaredError, Files, Found};
use super::error::Error;
use super::imported::{Imported, Role};
use super::{dep, gb, godep, gom, govendor, gpm, modules, vndr};

/// Glide's own file.
const GLIDE_FILE: &str = "glide.yaml";

/// Which manager a file belongs to.
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
    /// Gopkg.toml and its lock.
    Dep,
    /// vendor/vendor.json.
    Govendor,
    /// vendor.conf.
    Vndr,
    /// go.mod.
    GoModule,
}

impl Kind {
    /// Those that Glide knows, in its order.
    pub const OF_GLIDE: [Self; 5] = [Self::GlideYaml, Self::Godep, Self::Gpm, Self::Gb, Self::Gom];

    /// Those that Glide does not know, in the order in which they are tried.
    pub const BEYOND_GLIDE: [Self; 4] = [Self::Dep, Self::Govendor, Self::Vndr, Self::GoModule];

    /// The file, below the repository's root.
    pub fn file(self) -> &'static str {
        match self {
            Self::GlideYaml => GLIDE_FILE,
            Self::Godep => godep::FILE,
            Self::Gpm => gpm::FILE,
            Self::Gb => gb::FILE,
            Self::Gom => gom::FILE,
            Self::Dep => dep::FILE,
            Self::Govendor => govendor::FILE,
            Self::Vndr => vndr::FILE,
            Self::GoModule => modules::FILE,
        }
    }

    /// Whether Glide does not know it.
    pub fn is_beyond_glide(self) -> bool {
        Self::BEYOND_GLIDE.contains(&self)
    }

    /// What Glide logs when it is about to read the file in `folder`; nothing for a glide.yaml.
    /// (Nor does it where a folder stands in place of the file.)
    pub fn messages(self, folder: &str) -> Vec<String> {
        let (file, manager) = match self {
            Self::GlideYaml => return Vec::new(),
            Self::Godep => ("Godeps.json file", "Godeps"),
            Self::Gpm => ("Godeps file", "GPM"),
            Self::Gb => ("GB manifest file", "GB"),
            Self::Gom => ("Gomfile", "Gomfile"),
            Self::Dep => (dep::FILE, "dep"),
            Self::Govendor => (govendor::FILE, "govendor"),
            Self::Vndr => (vndr::FILE, "vndr"),
            Self::GoModule => (modules::FILE, "module"),
        };
        vec![
            format!("Found {file} in {folder}"),
            format!("--> Parsing {manager} metadata..."),
        ]
    }

    /// Reads the file of this kind; `None` where there is none.
    ///
    /// A folder in place of Godeps or vendor/manifest counts as a file that names nothing, one in
    /// place of glide.yaml, Godeps.json or a lock is refused, and one in another's place is nothing.
    pub fn read<F: Files + ?Sized>(
        self,
        files: &F,
        role: Role,
        roots: &dyn Roots,
    ) -> Result<Option<Imported>, DeclaredError<F::Error>> {
        let bytes = match files.look(self.file()).map_err(DeclaredError::Look)? {
            Found::Nothing => return Ok(None),
            Found::Folder => return Ok(self.folder_instead()?),
            Found::File(bytes) => bytes,
        };
        let dependencies = match self {
            Self::GlideYaml => Config::read(&bytes, roots).map_err(Error::from)?.imports,
            Self::Godep => godep::read(&bytes, roots)?,
            Self::Gpm => gpm::read(&bytes)?,
            Self::Gb => gb::read(&bytes, roots)?,
            Self::Gom => {
                let lock = beside(files, gom::LOCK)?;
                let read = gom::read(&bytes, lock.as_deref(), roots)?;
                return Ok(Some(Imported {
                    dependencies: read.dependencies,
                    notes: read.notes,
                    ..Imported::default()
                }));
            }
            Self::Dep => {
                let lock = beside(files, dep::LOCK)?;
                return Ok(Some(dep::read(&bytes, lock.as_deref(), role, roots)?));
            }
            Self::Govendor => return Ok(Some(govendor::read(&bytes, role, roots)?)),
            Self::Vndr => return Ok(Some(vndr::read(&bytes, roots)?)),
            Self::GoModule => return Ok(Some(modules::read(&bytes, role, roots)?)),
        };
        Ok(Some(Imported {
            dependencies,
            ..Imported::default()
        }))
    }

    /// What a folder in place of the file comes to.
    fn folder_instead(self) -> Result<Option<Imported>, Error> {
        let mut imported = Imported::default();
        match self {
            Self::GlideYaml | Self::Godep => return Err(Error::Folder { file: self.file() }),
            Self::Gpm => {
                let note = "Godeps is a directory. This is probably a Godep project.";
                imported.notes.push(note.to_owned());
            }
            Self::Gb => {}
            _ => return Ok(None),
        }
        Ok(Some(imported))
    }
}

/// The bytes of a lock, in whose place no folder may be.
fn beside<F: Files + ?Sized>(
    files: &F,
    file: &'static str,
) -> Result<Option<Vec<u8>>, DeclaredError<F::Error>> {
    match files.look(file).map_err(DeclaredError::Look)? {
        Found::Nothing => Ok(None),
        Found::Folder => Err(Error::Folder { file }.into()),
        Found::File(bytes) => Ok(Some(bytes)),
    }
}
