//! The one test binary; each module tells what it shows.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that panics has failed, which is what it is for; it makes and looks at files as a person would"
)]

mod architecture;
mod conformance;
mod faults;
mod fuzz_seeds;
mod harness;
mod hostile;
mod interrupted;
mod readme;
mod support;
