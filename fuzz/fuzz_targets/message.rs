//! Runs the property [`fuzz::message`] under libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::message::check(data));
