//! The authorizer against forged tokens, key rotation, and a broken issuer.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "in a test a panic is the report"
)]

mod claims;
mod fixture;
mod forged;
mod gateway;
mod over_http;
mod published;
mod rotation;
mod signer;
