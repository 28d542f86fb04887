//! Reports as text, in the formats that people and programs read. Pure: the moment, the terminal and
//! the build that a report belongs to are told.

mod cyclonedx;
mod folded;
mod github;
mod json;
mod osv;
mod outdated;
mod sarif;
mod since;
mod spdx;
mod table;
mod text;
mod unknown;

pub use github::Snapshot;
pub use json::SCHEMA;
pub use outdated::{outdated_json, outdated_table};
pub use table::summary;

use super::finding::Severity;
use super::report::Report;

/// A report that cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The bill of materials cannot be put in its format.
    #[error("cannot write the bill of materials: {0}")]
    Bom(String),
    /// Nobody says which build a snapshot belongs to.
    #[error("a snapshot needs a commit and a ref")]
    NoSnapshot,
}

/// A format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// All that is known, in this program's own schema.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// A bill of materials in `CycloneDX` 1.5.
    CycloneDx,
    /// A bill of materials in SPDX 2.3.
    Spdx,
    /// A snapshot for GitHub's dependency graph.
    Github,
    /// A custom lock file for osv-scanner.
    Osv,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Table,
        Self::Json,
        Self::Sarif,
        Self::CycloneDx,
        Self::Spdx,
        Self::Github,
        Self::Osv,
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::CycloneDx => "cyclonedx",
            Self::Spdx => "spdx",
            Self::Github => "github",
            Self::Osv => "osv",
        }
    }

    /// The format of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Whether it tells which dependency needs which.
    pub fn tells_edges(self) -> bool {
        matches!(self, Self::CycloneDx | Self::Spdx | Self::Github)
    }
}

/// What a renderer has to know besides the report.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The mildest severity that makes the audit fail.
    pub floor: Severity,
    /// The moment, in seconds since 1970.
    pub now: i64,
    /// Whether the text may be coloured.
    pub color: bool,
    /// Which build the report belongs to.
    pub snapshot: Option<Snapshot>,
}

/// The report as bytes.
pub fn render(format: Format, report: &Report, facts: &Facts) -> Result<Vec<u8>, RenderError> {
    Ok(match format {
        Format::Table => table::table(report, facts).into_bytes(),
        Format::Json => written(&json::json(report, facts)),
        Format::Sarif => written(&sarif::sarif(report)),
        Format::CycloneDx => cyclonedx::cyclonedx(report, facts)?,
        Format::Spdx => written(&spdx::spdx(report, facts)),
        Format::Github => {
            let snapshot = facts.snapshot.as_ref().ok_or(RenderError::NoSnapshot)?;
            written(&github::github(report, snapshot, facts))
        }
        Format::Osv => written(&osv::osv(report)),
    })
}

fn written(document: &serde_json::Value) -> Vec<u8> {
    text::unarmed(&format!("{document:#}\n")).into_bytes()
}

/// The name of this program in what it writes.
const PROGRAM: &str = env!("CARGO_PKG_NAME");
/// Its version.
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[cfg(test)]
mod tests;
