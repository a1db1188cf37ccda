//! What all functions share: error classes and their messages, requests, results, JSON that passes through, the port to
//! the generator, and calls with a deadline. Knows no function, no AWS and no HTTP client.

pub mod account;
pub mod action;
pub mod backoff;
pub mod bad_request;
pub mod caller;
pub mod environment;
pub mod error_answer;
pub mod error_type;
pub mod failure;
pub mod invocation;
pub mod json;
pub mod limits;
pub mod port;
pub mod port_error;
pub mod progress;
pub mod refusal;
pub mod reply;
pub mod request;
pub mod request_log;
pub mod success;
pub mod timestamp;
pub mod trace;
pub mod upstream;
