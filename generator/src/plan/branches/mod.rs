//! What happens only sometimes, or more than once.

mod condition;
mod counted;
mod judge;
mod news;
mod order;
mod outage;
mod repeat;
mod settle;
pub(in crate::plan) mod unlike;
mod unsaid;
