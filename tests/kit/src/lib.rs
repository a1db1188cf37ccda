//! For tests of the binaries: everything that stands around a function, on the loopback interface.
//!
//! * Servers: [`server`] records requests and answers with a [`behaviour`], good or faulty; [`changing_server`] does the
//!   same for long runs and records nothing. [`mod@unreachable`] has addresses that refuse or never accept a connection,
//!   [`private_tls`] adds TLS in front of a server, [`dns`] scripts name resolution.
//! * Hosts of a function: [`runtime_api`] plays the AWS Lambda Runtime API for one process, with [`streamed`] answers too;
//!   [`emulator`] runs Amazon's own emulator.
//! * [`events`] builds what Lambda hands over, [`answer`] reads what comes back, [`actions`] has the contract's tables,
//!   [`binaries`] finds the programs under test.
//! * [`local_cloud`] creates tables, buckets and queues in the local cloud; [`operations_table`] has answers for a server that
//!   plays the tables.
//!
//! Every port is chosen by the system.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the kit runs in tests alone: a panic fails the test"
)]

pub mod actions;
pub mod answer;
pub mod behaviour;
pub mod binaries;
pub mod changing_server;
pub mod cloud_resources;
pub mod dns;
pub mod emulator;
pub mod events;
pub mod local_cloud;
pub mod operations_table;
mod play;
pub mod private_tls;
pub mod process;
pub mod runtime_api;
pub mod server;
pub mod streamed;
pub mod unreachable;
pub mod wire;
