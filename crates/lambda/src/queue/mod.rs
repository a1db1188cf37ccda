//! SQS batches: parses the event and processes each message on its own, so that one failure does not affect the others.

mod batch;
mod consume;

pub use batch::{Batch, Message};
pub use consume::{BatchResponse, Consumer, Handled, Report, consume};
