//! Runs the property [`fuzz::graph`] under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::graph::check(data));
