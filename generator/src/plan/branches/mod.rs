//! What happens only sometimes, or more than once.

mod condition;
mod judge;
mod news;
mod order;
mod outage;
mod repeat;
mod settle;
