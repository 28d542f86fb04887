//! Filling vendor/, as a transaction.
//!
//! The new tree is built beside vendor/, on the same file system, straight from the object stores;
//! then it takes vendor/'s place by one rename, and the old tree is removed last. Whatever fails,
//! and whenever the process dies, vendor/ is the old tree or the new one, whole; what a killed
//! run leaves beside it is cleared by the next. Everything that comes out of a repository
//! is hostile until checked ([`names`], [`plan`]), and nothing is written outside the staging folder.
//!
//! What is installed is remembered outside vendor/ ([`record`]), so that a run with nothing to do
//! does nothing, and one that changes three repositories writes three. Which packages belong in
//! vendor/ (`ignore`, operating systems, tests) is the caller's business. Answers to Glide's
//! `repo/installer.go` (`Export`) and `path/path.go` (`Vendor`).

pub mod attributes;
pub mod strip;
