//! Runs the property [`fuzz::graph`] over whatever the fuzzer thinks of.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::graph::check(data));
