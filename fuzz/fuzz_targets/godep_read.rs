#![no_main]
//! See `checks::godep_read`.

#[allow(dead_code)]
#[path = "../checks.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::godep_read(bytes));
