//! The kit that proves the functions from outside, over real sockets and as the binaries that ship.
//!
//! * [`faulty`] is an Agent Generator that fails in every way that networks fail ([`behaviour`] says how), and
//!   [`mod@unreachable`] has the addresses where none answers; [`private_tls`] puts TLS before it, [`names`] a resolver.
//!   [`changing`] is one for long runs: it changes its behaviour, and remembers nothing.
//! * [`runtime_api`] plays the AWS Lambda Runtime API for one process of a function; [`emulator`] does the same with
//!   Amazon's own emulator.
//! * [`events`] builds what Lambda hands over, [`answer`] reads what comes back, [`binaries`] finds what is tested,
//!   [`operations`] knows what the contract has each of them say.
//! * [`local_cloud`] makes what operations are kept in, where there is a cloud on this machine.
//!
//! Everything listens on the loopback interface alone, on ports that the system chooses.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the kit runs in tests alone, where a panic is the failure that is reported"
)]

pub mod answer;
pub mod behaviour;
pub mod binaries;
pub mod changing;
pub mod emulator;
pub mod events;
pub mod faulty;
pub mod local_cloud;
pub mod names;
pub mod operations;
pub mod private_tls;
pub mod process;
pub mod runtime_api;
pub mod unreachable;
pub mod wire;
