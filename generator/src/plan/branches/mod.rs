//! What happens only sometimes, or more than once.

mod condition;
mod counted;
mod judge;
mod news;
mod order;
mod outage;
mod repeat;
mod settle;
mod spoken;
pub(in crate::plan) mod unlike;
mod unsaid;
