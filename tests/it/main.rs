//! The one test binary; each module tells what it shows.
//!
//! Nothing here leaves the machine: remotes are made by the tests and served on loopback.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the rules are about the program; a test reads files itself and may fail loudly"
)]

mod architecture;
mod audit_faults;
mod audit_history;
mod audit_hostile;
mod audit_licences;
mod audit_outputs;
mod audit_since;
mod audit_vulnerabilities;
mod book;
mod cache_clear;
mod cli;
mod completions;
mod conformance;
mod create;
mod doctor;
mod errors;
mod events;
mod exec;
mod exec_go;
mod exit_codes;
mod external;
mod faults;
mod fuzz_seeds;
mod get;
mod harness;
mod help;
mod hostile;
mod hostile_update;
mod import;
mod interrupted;
mod layers;
mod local;
mod lock_merge;
mod locked;
mod mirror;
mod offline;
mod outdated;
mod plugin;

mod progress;
mod release;
mod remotes;
mod static_root;
mod steps;
mod support;
mod update;
mod update_faults;
