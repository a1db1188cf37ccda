//! Whatever comes in from outside: what holds of any bytes at all.
//!
//! Each module is one way in, and its `check` panics where its property does not hold of some bytes. Three things use the
//! same functions: the programs in `fuzz_targets`, which libFuzzer drives for as long as one likes; `tests/any_bytes.rs`,
//! which replays the kept inputs and as many changed ones as `cargo test` has time for; and whoever looks into a finding.
//!
//! A panic that a function answers by itself is found too: see `world`.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "none of it ships: a panic is the finding that is reported"
)]

mod answer;
mod world;

pub mod batch;
pub mod callback;
pub mod catalogue;
pub mod completion;
pub mod event;
pub mod graph;
pub mod headers;
pub mod plan;
pub mod request;
pub mod sanitiser;
pub mod token;
pub mod upstream;
