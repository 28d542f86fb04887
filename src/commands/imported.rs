//! What other dependency managers have left in a project that is to get a glide.yaml.
//!
//! [`MANAGERS`] has them in the order in which they are asked; the first whose file lists anything is taken. A
//! file that cannot be read is told of and passed over. (Glide passes over it without a word.)

use std::path::Path;

use super::Context;
use crate::error::Failure;
use crate::foreign::{self, Kind, gb, godep, gpm};
use crate::fsx;
use crate::manifest::Dependency;
use crate::model::Roots;
use crate::report::Level;

/// Larger files list no dependencies.
const LARGEST: u64 = 64 << 20;

/// One that may have left a file. To add another, write how it is read, and put it into [`MANAGERS`].
struct Manager {
    /// The file, below the project's folder.
    file: &'static str,
    /// What is said when its file lists something, and how loud.
    taken: &'static [(Level, &'static str)],
    /// Reads the file; nothing comes of one that is not there.
    read: fn(&Folder<'_>) -> Result<Vec<Dependency>, Failure>,
}

/// Who is asked, in Glide's order. (Glide has a reader for Gomfile, but does not ask it here.)
const MANAGERS: &[Manager] = &[
    Manager {
        file: godep::FILE,
        // Glide text
        taken: &[
            (Level::Info, "Importing Godep configuration"),
            (
                Level::Warn,
                "Godep uses commit id versions. Consider using Semantic Versions with Glide",
            ),
        ],
        read: |folder| {
            folder.read(godep::FILE, Some(Kind::Godep), |bytes| {
                godep::read(bytes, folder.roots)
            })
        },
    },
    Manager {
        file: gpm::FILE,
        taken: &[(Level::Info, "Importing GPM configuration")], // Glide text
        read: |folder| folder.read(gpm::FILE, Some(Kind::Gpm), gpm::read),
    },
    Manager {
        file: gb::FILE,
        taken: &[(Level::Info, "Importing GB configuration")], // Glide text
        read: |folder| {
            folder.read(gb::FILE, Some(Kind::Gb), |bytes| {
                gb::read(bytes, folder.roots)
            })
        },
    },
];

/// What is listed by the first manager that lists anything.
pub(super) fn imported(context: &Context<'_>, folder: &Path, roots: &dyn Roots) -> Vec<Dependency> {
    let reporter = context.reporter;
    // Glide text
    reporter.info("Attempting to import from other package managers (use --skip-import to skip)");
    let folder = Folder {
        context,
        path: folder,
        roots,
    };
    for manager in MANAGERS {
        match (manager.read)(&folder) {
            Ok(dependencies) if dependencies.is_empty() => {}
            Ok(dependencies) => {
                for (level, message) in manager.taken {
                    reporter.log(*level, message);
                }
                return dependencies;
            }
            Err(failure) => {
                let what = format!("{} is passed over", manager.file);
                reporter.warn(failure.about(what).render());
            }
        }
    }
    Vec::new()
}

/// The project's folder, as the managers' readers see it.
struct Folder<'a> {
    context: &'a Context<'a>,
    path: &'a Path,
    roots: &'a dyn Roots,
}

impl Folder<'_> {
    /// What a file lists; nothing where it is not there.
    fn read(
        &self,
        name: &str,
        kind: Option<Kind>,
        parse: impl FnOnce(&[u8]) -> Result<Vec<Dependency>, foreign::Error>,
    ) -> Result<Vec<Dependency>, Failure> {
        match self.file(name, kind)? {
            Some(bytes) => Ok(parse(&bytes)?),
            None => Ok(Vec::new()),
        }
    }

    /// The bytes of a file, if there is one; tells that it was found where Glide does.
    fn file(&self, name: &str, kind: Option<Kind>) -> Result<Option<Vec<u8>>, Failure> {
        let path = self.path.join(name);
        let found = match fsx::stat(&path) {
            Ok(Some(found)) => found,
            Ok(None) => return Ok(None),
            // `Godeps` may be a file, so that there is no `Godeps/Godeps.json`.
            Err(error) if error.is_below_a_file() => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        if !found.is_file() {
            return Ok(None);
        }
        if found.len() > LARGEST {
            return Err(Failure::user(format!("it has {} bytes", found.len())));
        }
        let messages = kind.map(|kind| kind.messages(&self.path.display().to_string()));
        for message in messages.into_iter().flatten() {
            self.context.reporter.info(message);
        }
        Ok(Some(fsx::read(&path)?))
    }
}
