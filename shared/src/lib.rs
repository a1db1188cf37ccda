//! What every function of the set has in common.
//!
//! Data flows one way: event -> [`trigger`] -> [`request`] -> [`generator`] port -> outcome -> [`response`].
//! A function's crate knows this crate and the generator that it is wired to, and nothing of its neighbours.

pub mod action;
pub mod aws;
pub mod bad_request;
pub mod block_catalog;
pub mod callback;
pub mod caller;
pub mod config;
pub mod either;
pub mod environment;
pub mod error_answer;
pub mod error_type;
pub mod exchange;
pub mod failure;
pub mod function;
pub mod gateway_caller;
mod http_answer;
pub mod invocation;
pub mod json;
pub mod operations;
pub mod port;
pub mod port_error;
pub mod queue;
pub mod refusal;
pub mod remote;
pub mod reply;
pub mod request;
pub mod request_log;
pub mod response;
mod route;
pub mod runtime;
pub mod sanitise;
pub mod secret;
pub mod success;
mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
pub mod timestamp;
pub mod trigger;
pub mod upstream;
