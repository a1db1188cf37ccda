//! Webhooks as a receiver gets them, over TLS on real sockets.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod answers;
mod fixture;
mod platform;
mod refusals;
mod signature;
