//! The real world behind the resolver's questions: repositories, asked ahead of time, and the
//! project's folders.
//!
//! Every answer is found out once a run, by the walk or by a thread that runs ahead of it
//! ([`ahead`]): what glide.yaml lists at its version, and whatever a scan names, at the version that
//! has been asked for so far or else at its tip. Now and then the walk hears of another version later, and a
//! few bytes have come in vain; to wait for it would add up the time of all large repositories. What
//! glide.lock lists is asked for its refs at the very start ([`Live::hint`]).

mod advice;
mod ahead;
mod budget;
mod once;
mod past;
mod project;
mod provider;
mod remotes;
mod repository;
mod source;
mod tree;

pub(crate) use once::Once;
pub use past::Asked;
pub use project::ProjectSource;
pub use provider::{Live, Rules};
pub use remotes::{Clients, Known, Releases, Remotes};
pub use tree::scan_tree;

use crate::gosrc::{self, BuildContext, FileSummary, ScanError};
use crate::resolve::Scanned;

/// What a folder's files come to; `place` is the folder, as messages name it.
fn scanned(files: &[FileSummary], context: &BuildContext, place: &str) -> Scanned {
    let whole = gosrc::import_folder(files, context);
    let by_tags = matches!(whole, Err(ScanError::SeveralPackages { .. }));
    let scanned = if by_tags {
        gosrc::scan_by_tags(files, context)
    } else {
        whole
    };
    match scanned {
        Ok(package) => Scanned::Package {
            imports: package.imports,
            test_imports: package.test_imports,
        },
        Err(ScanError::NoGoFiles) => Scanned::NoGoFiles,
        Err(error) if by_tags => Scanned::BrokenByTags(format!("{place}{error}")),
        Err(error) => Scanned::Broken(format!("{place}{error}")),
    }
}
