//! The authorizer against tokens that are forged in each way, an issuer that changes its keys, and one that is broken.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "in a test a panic is the report"
)]

mod bench;
mod claims;
mod forged;
mod gateway;
mod over_http;
mod published;
mod rotation;
mod signer;
