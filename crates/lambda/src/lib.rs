//! Turns a Lambda event into a request, and the result into an answer.
//!
//! [`trigger`] recognises the event, [`function`] has the traits a function implements, [`service`] dispatches the event
//! to them, [`queue`] processes a batch message by message, [`stream`] sends an answer piece by piece, and [`start`] runs it
//! all under the Lambda runtime.

mod call;
pub mod caller;
pub mod coding;
pub mod condition;
mod foreign;
pub mod function;
pub mod header_list;
mod http;
mod http_answer;
mod http_stream;
pub mod media;
mod origin;
mod payload;
mod preflight;
pub mod query;
pub mod queue;
mod queue_event;
pub mod response;
mod route;
mod runtime_api;
pub mod service;
mod start;
pub mod stream;
mod telemetry;
pub mod trigger;

pub use self::{
    function::{Function, QueueFunction, RequestFunction, StreamFunction},
    http_answer::REPLAYED,
    route::{Route, methods},
    service::Service,
    start::start,
};
