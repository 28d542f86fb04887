#![no_main]
//! See `checks::gom_read`.

#[allow(dead_code)]
#[path = "../checks.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::gom_read(bytes));
