//! The built-in Agent Generator: a goal in plain words becomes an agent, without a network and always the same way.
//!
//! Rooms: [`catalogue`] (the blocks), [`planner`] (goal -> plan), [`instructions`] (plan <-> steps), [`assembler`]
//! (plan -> graph), [`validator`] (the rules a graph must keep), [`patcher`] (a wish and an agent -> the changed agent);
//! [`Builtin`] joins them behind the port that the functions speak to.

pub mod assembler;
mod builtin;
pub mod catalogue;
pub mod instructions;
mod numbers;
pub mod patcher;
pub mod planner;
#[cfg(feature = "server")]
pub mod server;
pub mod validator;

pub use builtin::Builtin;
