#![no_main]
//! See `checks::yaml_read_emit`.

#[allow(dead_code)]
#[path = "../checks.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::yaml_read_emit(bytes));
