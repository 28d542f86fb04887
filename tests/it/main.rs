//! The one test binary; each module tells what it shows.

mod fuzz_seeds;
