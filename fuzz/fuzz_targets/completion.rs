//! Runs the property [`fuzz::completion`] over whatever the fuzzer thinks of.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::completion::check(data));
