//! Whether what hosts answered in earlier runs counts.

/// Whether answers of earlier runs count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// They do: nothing that is remembered is asked again. For commands whose versions are
    /// pinned, or that need names only.
    Remember,
    /// They do not: every name is asked for once a run.
    Ask,
    /// They do, and there are no others: one for a name above says what the root is, too.
    Offline,
}
