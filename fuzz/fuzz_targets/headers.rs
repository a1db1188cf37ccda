//! Runs the property [`fuzz::headers`] over whatever the fuzzer thinks of.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::headers::check(data));
