//! The nouns of the domain, as checked types; pure.

mod below;
mod digest;
mod file_name;
mod go_sort;
mod memo;
mod platform;
mod revision;
mod similar;
mod vcs_kind;
mod vendor_path;

pub use below::{below, is_at_or_below, is_below};
pub use digest::{sha256, sha256_hex};
pub use file_name::{is_dot_git, is_ignorable, unfit_for_windows};
pub use go_sort::go_sort;
pub use memo::{InMemory, Memo};
pub use platform::Platform;
pub use revision::Revision;
pub use similar::similar;
pub use vcs_kind::VcsKind;
pub use vendor_path::{PathError, VendorPath};

/// Answers which repository root an import path belongs to.
///
/// Reading glide.yaml needs it (names are split into root and sub-package) and may ask the
/// network for it, so the parser is handed this trait; `discover` is the real one, tests use
/// a table. Answers may change as more is asked: Glide keeps them for one run.
pub trait Roots {
    /// Tells which import paths are about to be asked for, so that whoever has to ask others can ask
    /// for all of them at once. Changes no answer.
    fn announce(&self, _import_paths: &[&str]) {}

    /// The root of the repository that holds the import path; the path itself where nobody knows.
    fn root_of(&self, import_path: &str) -> String;
}

/// Every import path is its own root; for tests and for texts that hold roots only.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoRoots;

impl Roots for NoRoots {
    fn root_of(&self, import_path: &str) -> String {
        import_path.to_owned()
    }
}

/// The first three elements of every import path are its root, as on many a host.
#[cfg(test)]
#[derive(Debug, Clone, Copy)]
pub(crate) struct ThreeElements;

#[cfg(test)]
impl Roots for ThreeElements {
    fn root_of(&self, import_path: &str) -> String {
        let elements: Vec<&str> = import_path.splitn(4, '/').take(3).collect();
        elements.join("/")
    }
}
