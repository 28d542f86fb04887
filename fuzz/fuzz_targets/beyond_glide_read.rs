#![no_main]
//! See `checks::beyond_glide_read`.

#[allow(dead_code)]
#[path = "../checks.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::beyond_glide_read(bytes));
