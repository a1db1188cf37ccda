//! Operations from their first request to their end, with a platform in memory and time that passes at once.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the failure")]

mod batch;
mod breaker;
mod complete;
mod fixture;
mod remembered;
mod retry;
mod start;
mod status;
mod work;
