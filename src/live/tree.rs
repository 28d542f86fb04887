//! Go source in a commit's tree, without anybody running ahead.

use crate::gosrc::{self, BuildContext, FileSummary};
use crate::resolve::{Scanned, join};
use crate::vcs::{Checkout, NodeKind, ReadError};

use super::repository::LONGEST;
use super::scanned;

/// What the Go files in a folder of a commit import; `place` is the folder, as messages name it.
pub fn scan_tree(
    checkout: &Checkout,
    folder: &str,
    context: &BuildContext,
    place: &str,
) -> Result<Scanned, ReadError> {
    let Some(nodes) = checkout.folder(folder) else {
        return Ok(Scanned::Missing);
    };
    let mut summaries = Vec::new();
    for (name, kind) in nodes {
        if kind != NodeKind::File || !gosrc::counts(&name) {
            continue;
        }
        let summary = match checkout.read(&join(folder, &name), LONGEST)? {
            Some(bytes) => gosrc::summarise(&name, &mut bytes.as_slice())
                .unwrap_or_else(|error| FileSummary::unreadable(&name, error.to_string())),
            None => FileSummary::unreadable(&name, "it leads to nothing"),
        };
        summaries.extend(summary);
    }
    Ok(scanned(&summaries, context, place))
}
