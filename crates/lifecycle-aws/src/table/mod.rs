//! The operation store on DynamoDB.
//!
//! There is an item per operation, and an item per idempotency key that names its operation. The partition key of
//! both is `operation_id`; the index `task_id-index` finds operations by task. The log has a table of its own.

mod begin;
mod change;
mod expression;
mod find;
mod log;
mod read;
mod store;
mod write_id;

pub use self::{log::Log, read::Table};
