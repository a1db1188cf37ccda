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

mod authorizer;
mod catalog;
mod concurrency;
mod deadline;
mod environment;
mod event_files;
mod leaks;
mod model;
mod repeats;
mod start;
mod telemetry;
mod token;
mod wire;

use kit::operations;
