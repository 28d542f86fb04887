//! glide-rs: a drop-in replacement for Glide 0.13.3, the vendoring tool of GOPATH-era Go.
//!
//! The library holds everything; `main.rs` only turns the environment and the arguments into a
//! call and the result into an exit code. From the top down, each module may use those below it
//! (`tests/it/architecture.rs` holds the `use` lines against the table in ARCHITECTURE.md):
//!
//! - [`cli`]: the arguments, as clap definitions; nothing else names clap.
//! - [`settings`], [`env`]: the environment, read once.
//! - [`commands`]: one short file a command: read, call, report.
//! - [`doctor`]: judges what stands around a project: git, proxies, certificates, cache, Go; pure.
//! - [`audit`]: checks over a project's lock, and how their findings are written down.
//! - [`live`]: the resolver's questions answered by remotes, cache and disk, ahead of time.
//! - [`workspace`]: Go packages on this machine's disk: the project's, vendor/'s, GOPATH's.
//! - [`resolve`]: the walk from imports to pinned repositories, and the conflict table; pure.
//! - [`vendor`]: staging, swapping, verifying, stripping vendor/.
//! - [`vcs`]: what can be asked of a repository; `git` is the wire, the transports and the store,
//!   `hg`, `svn` and `bzr` run the user's own programs.
//! - [`cache`]: everything under Glide's home: keys, layout, locks, repair.
//! - [`discover`]: from import path to repository: known hosts, then go-import meta tags.
//! - [`gosrc`]: reading Go source: package clause, imports, build constraints, folders.
//! - [`gotool`]: runs the user's `go`.
//! - [`http`]: the one HTTP client: proxies, certificates, credentials, retries, masking.
//! - [`manifest`]: glide.yaml, glide.lock, mirrors.yaml and the hash that ties the first two.
//! - [`version`]: Glide's version grammar: versions, ranges, which name a range picks.
//! - [`foreign`]: files of other dependency managers, those that Glide reads and those that it does not.
//! - [`yaml`]: text to typed structs and back, to the byte as Go's yaml.v2 does.
//! - [`model`]: the nouns, as checked types; what paths and file names mean.
//! - [`report`], [`ui`]: what the core may say, and how a terminal shows it.
//! - [`fsx`], [`error`], [`interrupt`]: file operations that name their path; failures and exit
//!   codes; Ctrl-C.

#![cfg_attr(
    windows,
    allow(
        clippy::large_enum_variant,
        clippy::result_large_err,
        reason = "a path takes a word more there"
    )
)]

pub mod audit;
pub mod cache;
pub mod cli;
pub mod commands;
pub mod discover;
pub mod doctor;
pub mod env;
pub mod error;
pub mod foreign;
pub mod fsx;
pub mod gosrc;
pub mod gotool;
pub mod http;
pub mod interrupt;
pub mod live;
pub mod manifest;
pub mod model;
pub mod report;
pub mod resolve;
pub mod settings;
pub mod ui;
pub mod vcs;
pub mod vendor;
pub mod version;
pub mod workspace;
pub mod yaml;
