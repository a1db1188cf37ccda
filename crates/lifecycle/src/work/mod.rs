//! A worker: takes a message of a jobs queue and brings its operation to an end, or a step nearer to it.

mod held;
mod receive;
mod settle;
mod worker;

pub use worker::Worker;
