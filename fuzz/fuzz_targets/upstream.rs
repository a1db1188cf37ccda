//! Runs the property [`fuzz::upstream`] over whatever the fuzzer thinks of.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::upstream::check(data));
