//! Runs the property [`fuzz::headers`] under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::headers::check(data));
