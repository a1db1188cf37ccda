//! From a Lambda event to an answer.
//!
//! [`trigger`] recognises what started the invocation, [`function`] has the traits that a function implements,
//! [`service`] calls it and writes the log line, [`queue`] takes a batch message by message, and [`start`] runs it all
//! under the Lambda runtime.

mod call;
pub mod caller;
pub mod function;
mod http;
mod http_answer;
mod origin;
mod payload;
pub mod queue;
mod queue_event;
pub mod response;
mod route;
pub mod service;
mod start;
mod telemetry;
pub mod trigger;

pub use self::{
    function::{Function, QueueFunction, RequestFunction},
    http_answer::REPLAYED,
    route::Route,
    service::Service,
    start::start,
};
