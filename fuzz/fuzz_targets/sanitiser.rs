//! Runs the property [`fuzz::sanitiser`] over whatever the fuzzer thinks of.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::sanitiser::check(data));
