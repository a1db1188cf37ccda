//! Runs the property [`fuzz::callback`] under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::callback::check(data));
