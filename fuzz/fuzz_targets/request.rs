//! Runs the property [`fuzz::request`] under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::request::check(data));
