//! Runs the property [`fuzz::event`] under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::event::check(data));
