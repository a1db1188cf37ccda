//! The built-in Agent Generator: a goal in plain words becomes an agent, without a network and always the same way.
//!
//! Rooms: [`catalogue`] (the blocks), [`planner`] (goal -> plan), [`instructions`] (plan <-> steps), [`assembler`]
//! (plan -> graph), [`fixer`] (what can be mended), [`validator`] (the rules a graph must keep), [`patcher`] (a wish and
//! an agent -> the changed agent); [`Builtin`] joins them behind the port that the functions speak to.

use std::sync::Arc;

use shared::{config::BadConfig, generator::AgentGenerator};

pub mod assembler;
mod builtin;
pub mod catalogue;
pub mod fixer;
pub mod instructions;
mod numbers;
pub mod patcher;
pub mod planner;
#[cfg(feature = "server")]
pub mod server;
pub mod validator;

pub use builtin::Builtin;

/// The built-in generator as a function wires it: over its own blocks, or over those of the catalogue whose text is given.
///
/// # Errors
/// The catalogue is broken.
pub fn builtin(catalogue: Option<&str>) -> Result<Arc<dyn AgentGenerator>, BadConfig> {
    Builtin::configured(catalogue).map(|builtin| -> Arc<dyn AgentGenerator> { Arc::new(builtin) })
}
