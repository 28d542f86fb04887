//! The one test binary; each module tells what it shows.
//!
//! Nothing here leaves the machine: remotes are made by the tests and served on loopback.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the rules are about the program; a test reads files itself and may fail loudly"
)]

mod architecture;
mod audit_history;
mod audit_licences;
mod audit_outputs;
mod audit_vulnerabilities;
mod cli;
mod conformance;
mod faults;
mod fuzz_seeds;
mod get;
mod harness;
mod hostile;
mod hostile_update;
mod interrupted;
mod outdated;
mod readme;
mod remotes;
mod support;
mod update;
mod update_faults;
