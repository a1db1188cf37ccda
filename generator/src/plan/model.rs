//! A plan: the steps of an agent, each a block with what goes into it.

use serde_json::Value;
pub use shared::account::{LeftOut, Reason};

/// The steps of an agent, in an order in which each needs only those before it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// The name of the agent.
    pub name: String,
    /// What it does.
    pub description: String,
    /// When it should run, as a cron expression of five fields.
    pub cron: Option<String>,
    /// The time zone of `cron`, as in the IANA database.
    pub timezone: Option<String>,
    /// What was asked for and is not done.
    pub left_out: Vec<LeftOut>,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// One step: a block and what goes into it.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The id of the block.
    pub block: String,
    /// Its name for people.
    pub title: String,
    /// What it does, in a sentence.
    pub says: String,
    /// What goes into it; an input stands once.
    pub inputs: Vec<Input>,
}

/// One input of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Its name, or that of a part of it (`prompt_values_#_text`).
    pub name: String,
    /// What goes into it.
    pub binding: Binding,
}

/// What goes into an input.
#[derive(Debug, Clone, PartialEq)]
pub enum Binding {
    /// A value.
    Value(Value),
    /// An output of an earlier step.
    From {
        /// The step, counted from 0.
        step: usize,
        /// The output.
        output: String,
    },
}

impl Step {
    /// The steps whose results go into it.
    pub fn fed_by(&self) -> impl Iterator<Item = usize> {
        self.inputs.iter().filter_map(|input| match &input.binding {
            Binding::From { step, .. } => Some(*step),
            Binding::Value(_) => None,
        })
    }

    /// What goes into the input of this name.
    pub fn binding(&self, name: &str) -> Option<&Binding> {
        self.inputs.iter().find(|input| input.name == name).map(|input| &input.binding)
    }

    /// Puts something into an input, in place of what was there.
    pub fn bind(&mut self, name: &str, binding: Binding) {
        match self.inputs.iter_mut().find(|input| input.name == name) {
            Some(input) => input.binding = binding,
            None => self.inputs.push(Input { name: name.to_owned(), binding }),
        }
    }
}
