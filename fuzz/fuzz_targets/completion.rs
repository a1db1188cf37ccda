//! Runs the property [`fuzz::completion`] under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::completion::check(data));
