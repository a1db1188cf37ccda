//! Runs the property [`fuzz::upstream`] under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::upstream::check(data));
