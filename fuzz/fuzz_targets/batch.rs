//! Runs the property [`fuzz::batch`] over whatever the fuzzer thinks of.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::batch::check(data));
