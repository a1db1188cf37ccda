//! Runs the property [`fuzz::catalogue`] under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::catalogue::check(data));
