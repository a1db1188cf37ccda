//! Runs the property [`fuzz::callback`] over whatever the fuzzer thinks of.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::callback::check(data));
