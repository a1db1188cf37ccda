//! The fault matrix: every function, by every trigger, with every fault, from outside, as the binaries ship.
//!
//! [`fault`] says what a fault is and what the contract expects of it, once; `list/` has them all. [`site`] plays one,
//! [`line`](mod@line) asks a function over it by one trigger, [`answers`] holds what came back against the contract. Jobs
//! of a queue are in [`jobs`]; what operations are kept in fails in [`platform`], and those who are told of an end in
//! [`receivers`]. [`document`] is all of it as
//! `docs/FAULTS.md`, and fails where that says something else.
//!
//! `FAULTS_LONG=1` gives what waits for a deadline the 28 s that it has in production, and `FAULTS_FROZEN_SECONDS` says for
//! how long Lambda leaves a function frozen.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests: a panic is the failure that is reported"
)]

mod answers;
mod asked;
mod document;
mod fault;
mod functions;
mod jobs;
mod line;
mod list;
mod platform;
mod receivers;
mod site;
mod times;
