//! Messages of a queue: a batch of them, and what becomes of each.

mod batch;
mod consume;

pub use batch::{Batch, Message};
pub use consume::{BatchResponse, Consumer, Handled, Report, consume};
