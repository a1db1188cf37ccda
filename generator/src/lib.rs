//! The built-in Agent Generator: a goal in plain words becomes an agent, by rules (without a network, and always the
//! same way) or by asking a language model.
//!
//! Rooms: [`catalogue`] (the blocks), [`planner`] (goal -> plan), [`instructions`] (plan <-> steps), [`assembler`]
//! (plan -> graph), [`fixer`] (what can be mended), [`validator`] (the rules a graph must keep), [`patcher`] (a wish and
//! an agent -> the changed agent); [`Builtin`] joins them behind the port that the functions speak to. [`llm`] plans with a
//! language model instead and checks what that made in the same rooms; [`model`] is the way to one.

use shared::{config::Config, either::Either, environment::BadConfig};

pub mod assembler;
mod builtin;
pub mod catalogue;
pub mod fixer;
pub mod instructions;
pub mod llm;
pub mod model;
mod numbers;
pub mod patcher;
pub mod planner;
#[cfg(feature = "server")]
pub mod server;
pub mod validator;

pub use builtin::Builtin;
use llm::LlmPlanner;

/// The built-in generator as `config` has it: planning by rules or by asking a language model, over its own blocks or over
/// those of the catalogue whose text is given.
///
/// # Errors
/// The catalogue is broken, or the model's client cannot be built.
pub fn builtin(config: &Config, catalogue: Option<&str>) -> Result<Either<Builtin, LlmPlanner>, BadConfig> {
    let rules = Builtin::configured(catalogue)?;
    Ok(match model::configured(config)? {
        None => Either::First(rules),
        Some(model) => Either::Second(LlmPlanner::new(rules, model)),
    })
}

/// The rules alone, whatever planner `config` names: for a function that only lists blocks.
///
/// # Errors
/// The catalogue is broken.
pub fn rules(_: &Config, catalogue: Option<&str>) -> Result<Builtin, BadConfig> {
    Builtin::configured(catalogue)
}
