//! Load tests of the release binaries: each is one process under a Lambda Runtime API, among good and faulty servers on the
//! loopback interface.
//!
//! * [`soak`] invokes each binary many times and watches memory and file descriptors.
//! * [`flip`] has a generator that alternates between good and each of the [`faults`].
//! * [`outage`] counts the calls of a generator that is down.
//! * [`limits`] sends the largest legal request of each [`hostile`] shape.
//! * [`frozen`] freezes a process between two invocations, as Lambda does.
//!
//! Every answer is checked against the [`contract`]. `make load` runs everything in full and `make limits` [`limits`], the
//! tests of this crate a short version.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a load test does not ship: a panic fails the run"
)]

pub mod contract;
pub mod fake_aws;
pub mod fake_library;
pub mod faults;
pub mod flip;
pub mod frozen;
pub mod gauge;
pub mod hostile;
pub mod issuer;
pub mod lambda;
pub mod limits;
pub mod outage;
pub mod report;
pub mod soak;
pub mod stage;
pub mod workload;
