//! Operations from request to end, on a platform in memory and with a paused clock.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the failure")]

mod batch;
mod breaker;
mod cancel;
mod complete;
mod fixture;
mod follow;
mod idempotent;
mod polling;
mod progress;
mod report;
mod retry;
mod start;
mod status;
mod sweep;
mod work;
