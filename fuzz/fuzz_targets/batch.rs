//! Runs the property [`fuzz::batch`] under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::batch::check(data));
