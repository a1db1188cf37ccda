//! Runs the property [`fuzz::plan`] over whatever the fuzzer thinks of.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::plan::check(data));
