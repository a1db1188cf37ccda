//! Webhooks over TLS on real sockets, as a receiver gets them.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod answers;
mod fixture;
mod platform;
mod refusals;
mod signature;
