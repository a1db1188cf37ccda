//! The fault matrix: the binaries, from outside, through every trigger, with every fault of the network and of AWS.
//!
//! A row is a [`fault`] and what the contract expects of it; `list/` has all rows. A [`column`] is a [`request`] through one
//! trigger; [`columns`] has all of them, one test each. [`upstream`] runs the generator of a row, [`answers`] checks what came
//! back. [`jobs`] plays the rows through a queue. The [`table`], [`streams`] with the log that they show, the [`library`], the messages
//! of [`assistants`], and the receivers of [`webhooks`] have faults of their own.
//! [`document`] writes all of it into `docs/FAULTS.md` and fails if the page is out of date.
//!
//! `FAULTS_LONG=1` runs with production's limit of 28 s. `FAULTS_FROZEN_SECONDS` is how long a process stays frozen.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a panic fails the test"
)]

mod answers;
mod assistants;
mod column;
mod columns;
mod document;
mod fault;
mod jobs;
mod library;
mod limits;
mod list;
mod measured;
mod request;
mod streams;
mod table;
mod upstream;
mod webhooks;
