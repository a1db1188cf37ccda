//! The binaries that ship, under load: each as a process under a Lambda Runtime API, beside servers that behave and
//! misbehave, on the loopback interface alone.
//!
//! * [`soak`] invokes each binary many times, and looks at its memory and its file descriptors.
//! * [`flip`] has a generator that changes between good and each of its [`faults`].
//! * [`outage`] counts how often a generator is asked that is down.
//! * [`frozen`] stops a process between two invocations, as Lambda does, and wakes it.
//!
//! Every answer is held against the [`contract`]. `make load` runs it all in full, the tests of this crate in short.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "this measures what ships and does not ship: a panic is the failure that is reported"
)]

pub mod contract;
pub mod faults;
pub mod flip;
pub mod frozen;
pub mod gauge;
pub mod issuer;
pub mod lambda;
pub mod mixture;
pub mod outage;
pub mod platform;
pub mod report;
pub mod soak;
pub mod stage;
