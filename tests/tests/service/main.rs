//! The functions as they ship, from outside: what callers, operators and neighbouring services rely on.
//!
//! One program for all of it, so that the tests run side by side under `cargo test` too, and link once.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests: a panic is the failure that is reported"
)]

mod catalog;
mod classification;
mod deadline;
mod environment;
mod event_files;
mod faults;
mod leaks;
mod model;
mod operations;
mod repeats;
mod start;
mod telemetry;
mod wire;
