//! The commands: one short file each. A command reads, calls what does the work, and returns its
//! data; what it has to say goes through the reporter.

mod about;
mod audit;
mod cache_clear;
mod changed;
mod create;
mod doctor;
mod edited;
mod env;
mod exec;
mod fetch;
mod fill;
mod fmt;
mod get;
mod guess;
mod hash;
mod import;
mod imported;
mod info;
mod install;
mod list;
mod lock_merge;
mod locked;
mod manager;
mod manual;
mod mirror;
mod name;
mod naming;
mod network;
mod novendor;
mod on_gopath;
mod outdated;
mod parallel;
mod plugin;
mod project;
mod questions;
mod rebuild;
mod remove;
mod renew;
mod treatment;
mod tree;
mod update;
mod why;
mod wizard;
mod workspace;

use crate::interrupt::Interrupt;
use crate::report::{Output, Questions, Reporter};
use crate::settings::Settings;

pub use about::about;
pub use audit::{AuditOptions, Writing, audit};
pub use cache_clear::cache_clear;
pub use create::{CreateOptions, create};
pub use doctor::{DoctorOptions, doctor};
pub use env::{EnvFormat, env};
pub use exec::{ExecOptions, exec};
pub use fmt::{FmtOptions, fmt};
pub use get::{GetOptions, get};
pub use hash::hash;
pub use import::{ImportOptions, import};
pub use info::info;
pub use install::{InstallOptions, install};
pub use list::list;
pub use lock_merge::{LockMergeOptions, Setup, lock_merge};
pub use manual::{ManualOptions, manual};
pub use mirror::{MirrorOptions, mirror_list, mirror_remove, mirror_set};
pub use name::name;
pub use novendor::{NoVendorOptions, novendor};
pub use outdated::{OutdatedOptions, outdated};
pub use plugin::{PluginOptions, plugin};
pub use rebuild::rebuild;
pub use remove::remove;
pub use tree::tree;
pub use update::{UpdateOptions, update};
pub use why::why;
pub use wizard::config_wizard;

/// What every command is given. It stops here: what lies below is handed the few things it uses.
pub struct Context<'a> {
    /// What the environment and the flags say.
    pub settings: &'a Settings,
    /// When the run began.
    pub started: std::time::Instant,
    /// Where messages go.
    pub reporter: &'a dyn Reporter,
    /// Where data goes that may be too much to be held.
    pub output: &'a dyn Output,
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
    pub fn line(text: &str) -> Self {
        Self {
            output: format!("{text}\n").into_bytes(),
            code: 0,
        }
    }
}
