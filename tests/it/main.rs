//! The one test binary; each module tells what it shows.

mod architecture;
mod conformance;
mod faults;
mod harness;
mod hostile;
mod interrupted;
mod readme;
mod support;
