//! stream, event in, answer out, with its platform in memory.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "in a test a panic is the report"
)]

mod answers;
mod cut;
mod fixture;
mod listening;
mod ui_messages;
