//! Runs the property [`fuzz::sanitiser`] under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::sanitiser::check(data));
