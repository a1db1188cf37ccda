//! Runs the property [`fuzz::catalogue`] over whatever the fuzzer thinks of.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::catalogue::check(data));
