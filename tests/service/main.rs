//! The binaries from outside: what callers, operators and generators rely on.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a panic fails the test"
)]

mod authorizer;
mod catalog;
mod concurrency;
mod configuration;
mod deadline;
mod environment;
mod event_files;
mod fixture;
mod generator_calls;
mod generator_token;
mod leaks;
mod memory;
mod model;
mod retries;
mod runtime_api;
mod stream;
mod telemetry;
