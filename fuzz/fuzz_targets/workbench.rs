//! Runs the property [`fuzz::workbench`] under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::workbench::check(data));
