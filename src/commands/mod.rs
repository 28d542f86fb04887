//! The commands: one short file each. A command reads, calls what does the work, and returns its
//! data; what it has to say goes through the reporter.

mod audit;
mod fetch;
mod fill;
mod fmt;
mod get;
mod hash;
mod info;
mod install;
mod name;
mod network;
mod outdated;
mod parallel;
mod project;
mod questions;
mod remove;
mod renew;
mod treatment;
mod update;
mod why;

use crate::interrupt::Interrupt;
use crate::report::{Questions, Reporter};
use crate::settings::Settings;

pub use audit::{AuditOptions, Writing, audit};
pub use fmt::{FmtOptions, fmt};
pub use get::{GetOptions, get};
pub use hash::hash;
pub use info::info;
pub use install::{InstallOptions, install};
pub use name::name;
pub use outdated::{OutdatedOptions, outdated};
pub use remove::remove;
pub use update::{UpdateOptions, update};
pub use why::why;

/// What every command is given. It stops here: what lies below is handed the few things it uses.
pub struct Context<'a> {
    /// What the environment and the flags say.
    pub settings: &'a Settings,
    /// Where messages go.
    pub reporter: &'a dyn Reporter,
    /// Who may be asked; nobody in a build service.
    pub questions: Option<&'a dyn Questions>,
    /// Whether somebody wants the run to end.
    pub interrupt: &'a Interrupt,
}

/// What a command gives back: data for standard output, and whether what it found calls for an
/// exit code other than 0 without being a failure (`fmt --check`).
#[derive(Debug, Default)]
pub struct Outcome {
    /// What to print.
    pub output: Vec<u8>,
    /// The exit code to end with all the same, where it is not 0.
    pub code: u8,
}

impl Outcome {
    /// Prints a line.
    fn line(text: &str) -> Self {
        Self {
            output: format!("{text}\n").into_bytes(),
            code: 0,
        }
    }
}
