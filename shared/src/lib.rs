//! What every function of the set has in common.
//!
//! Data flows one way: event -> [`trigger`] -> [`request`] -> [`generator`] port -> outcome -> [`response`].
//! A function's crate knows this crate and the generator that it is wired to, and nothing of its neighbours.

pub mod aws;
pub mod bad_request;
pub mod block_catalog;
pub mod callback;
pub mod caller;
pub mod config;
pub mod error_type;
pub mod exchange;
pub mod function;
pub mod generator;
mod http_answer;
pub mod invocation;
pub mod json;
pub mod operation;
pub mod operations;
pub mod queue;
pub mod record;
pub mod refusal;
pub mod request;
pub mod response;
mod route;
pub mod runtime;
pub mod sanitise;
pub mod secret;
pub mod success;
mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
pub mod trigger;
pub mod upstream;
