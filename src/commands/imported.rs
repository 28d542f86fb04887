//! What other dependency managers have left in a project that is to get a glide.yaml.
//!
//! [`MANAGERS`] has them in the order in which they are asked; the first whose file lists anything is taken. A
//! file that cannot be read is told of and passed over. (Glide passes over it without a word.)

use std::path::Path;

use super::{Context, manager};
use crate::foreign::{Imported, Kind};
use crate::model::Roots;
use crate::report::Level;

/// Who is asked: those that Glide asks, in its order, then those that it does not. (It has a reader for
/// Gomfile, but does not ask it here.)
const MANAGERS: [(Kind, &str); 8] = [
    (Kind::Godep, "Godep"),
    (Kind::Gpm, "GPM"),
    (Kind::Gb, "GB"),
    (Kind::Gom, "Gomfile"),
    (Kind::Dep, "dep"),
    (Kind::Govendor, "govendor"),
    (Kind::Vndr, "vndr"),
    (Kind::GoModule, "go.mod"),
];

/// What is listed by the first manager that lists anything.
pub(super) fn imported(context: &Context<'_>, folder: &Path, roots: &dyn Roots) -> Imported {
    let reporter = context.reporter;
    // Glide text
    reporter.info("Attempting to import from other package managers (use --skip-import to skip)");
    for (kind, name) in MANAGERS {
        match manager::read(context, folder, kind, roots) {
            Ok(Some(imported)) if !imported.dependencies.is_empty() => {
                // Glide text
                reporter.info(format!("Importing {name} configuration"));
                if kind == Kind::Godep {
                    // Glide text
                    let advice = "Godep uses commit id versions. Consider using Semantic Versions with Glide";
                    reporter.log(Level::Warn, advice);
                }
                return imported;
            }
            Ok(_) => {}
            Err(failure) => {
                let what = format!("{} is passed over", kind.file());
                reporter.warn(failure.about(what).render());
            }
        }
    }
    Imported::default()
}
