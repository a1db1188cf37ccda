//! Agent Generators behind the port that the functions speak to: a remote one, and the built-in one, which turns a goal in
//! plain words into an agent by rules (offline, always the same way) or by asking a language model.
//!
//! [`connect`] prepares the one that the environment names: a [`remote`] one, or the built-in one. Its rooms:
//! [`catalogue`] (the blocks), [`planner`] (goal -> plan), [`instructions`] (plan <-> steps), [`assembler`] (plan ->
//! graph), [`fixer`] (what can be mended), [`validator`] (the rules a graph must keep), [`patcher`] (wish and agent ->
//! changed agent); [`Builtin`] joins them. [`llm`] plans with a language model instead and has its work checked in the
//! same rooms; [`model`] is the way to one.

pub mod assembler;
pub mod block_catalog;
mod builtin;
pub mod catalogue;
mod chosen;
pub mod config;
mod connect;
pub mod fixer;
pub mod instructions;
pub mod llm;
pub mod model;
mod numbers;
pub mod patcher;
pub mod planner;
pub mod remote;
#[cfg(feature = "server")]
pub mod server;
pub mod validator;

pub use self::{
    builtin::Builtin,
    chosen::Generator,
    connect::{builtin, connect, connect_without_model},
};
