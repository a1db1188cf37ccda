//! Kills a process, or loses an answer, between any two steps of an operation: what was answered 202 exists and ends,
//! every end is told, and nothing is done after it has ended. In memory and in the local cloud.

mod cloud;
mod every_step;
mod flows;
mod ledger;
mod life;
mod thousand;
mod world;
