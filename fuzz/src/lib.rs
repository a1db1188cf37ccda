//! Properties that hold for any bytes from outside.
//!
//! Each module is one kind of input; its `check` panics if the property does not hold. The programs in `fuzz_targets` run the
//! checks under libFuzzer, and `tests/any_bytes.rs` runs them in `cargo test`, over the stored inputs and mutations of them.
//!
//! A panic that a function catches and answers is a finding too: see `world`.
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
pub mod message;
pub mod plan;
pub mod request;
pub mod sanitiser;
pub mod token;
pub mod upstream;
pub mod workbench;
