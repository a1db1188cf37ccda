//! The port to an Agent Generator: what a function asks of it, and what can come back.
//!
//! The crate `generator` has the adapters. Steps and agents cross the port as the JSON text they came as, so that unknown
//! keys, the order of keys and the text of numbers survive.

use std::{future::Future, pin::Pin};

use serde::Serialize;
use serde_json::value::RawValue;
use tokio::time::Instant;

use crate::failure::Called;

/// A call on its way. Boxed, so that a generator can be a trait object as well.
pub type CallFuture<'a, T> = Pin<Box<dyn Future<Output = Called<T>> + Send + 'a>>;

/// An Agent Generator. Every method answers by `deadline` at the latest.
pub trait AgentGenerator: Send + Sync + 'static {
    /// `builtin` or `remote`, as `GET /health` names it.
    fn kind(&self) -> &'static str;
    /// Goal -> steps, or questions, or why not.
    fn decompose<'a>(&'a self, call: DecomposeCall<'a>, deadline: Instant) -> CallFuture<'a, Decomposition>;
    /// Steps -> agent.
    fn generate<'a>(&'a self, call: GenerateCall<'a>, deadline: Instant) -> CallFuture<'a, Drafted>;
    /// Agent and wished change -> the complete updated agent, or questions.
    fn patch<'a>(&'a self, call: PatchCall<'a>, deadline: Instant) -> CallFuture<'a, Drafted>;
    /// The blocks it can build with: a JSON array.
    fn blocks(&self, deadline: Instant) -> CallFuture<'_, Box<RawValue>>;
    /// Whether it is up and has its blocks.
    fn health(&self, deadline: Instant) -> CallFuture<'_, Health>;
}

/// What decompose asks.
#[derive(Debug, Clone, Copy)]
pub struct DecomposeCall<'a> {
    /// The goal in the person's words, not blank.
    pub description: &'a str,
    /// What the person added, answers to questions among it; not empty.
    pub context: Option<&'a str>,
    /// The person's own agents: a JSON array that is not empty.
    pub library_agents: Option<&'a RawValue>,
    /// The operation that the call is made for, if any. Such a call is made once (its queue repeats it), and a remote
    /// generator may take it over.
    pub operation: Option<OperationIds<'a>>,
}

/// What generate asks.
#[derive(Debug, Clone, Copy)]
pub struct GenerateCall<'a> {
    /// A whole decompose result: a JSON object, usually `{type, steps}`.
    pub instructions: &'a RawValue,
    /// The person's own agents: a JSON array that is not empty.
    pub library_agents: Option<&'a RawValue>,
    /// The operation that the call is made for, if any. Such a call is made once (its queue repeats it), and a remote
    /// generator may take it over.
    pub operation: Option<OperationIds<'a>>,
}

/// What patch asks.
#[derive(Debug, Clone, Copy)]
pub struct PatchCall<'a> {
    /// The wished change, with the context already joined to it.
    pub update_request: &'a str,
    /// The agent as it is: a JSON object.
    pub current_agent_json: &'a RawValue,
    /// The person's own agents: a JSON array that is not empty.
    pub library_agents: Option<&'a RawValue>,
    /// The operation that the call is made for, if any. Such a call is made once (its queue repeats it), and a remote
    /// generator may take it over.
    pub operation: Option<OperationIds<'a>>,
}

/// The operation that a call is made for: CONTRACT 6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OperationIds<'a> {
    /// Its id.
    pub operation_id: &'a str,
    /// The id of the caller's task.
    pub task_id: &'a str,
}

/// What became of a goal.
#[derive(Debug, Clone)]
pub enum Decomposition {
    /// The steps to take: a JSON array of strings or objects.
    Instructions {
        /// The array, as it came.
        steps: Box<RawValue>,
    },
    /// What has to be known first.
    ClarifyingQuestions(Vec<Question>),
    /// No block serves the goal.
    UnachievableGoal {
        /// Why not.
        reason: Option<String>,
        /// The nearest thing that could be done.
        suggested_goal: Option<String>,
    },
    /// There is nothing to go on.
    VagueGoal {
        /// A goal that could be built.
        suggested_goal: Option<String>,
    },
}

/// What became of steps, or of a wished change.
#[derive(Debug, Clone)]
pub enum Draft {
    /// The complete agent: a JSON object.
    Agent(Box<RawValue>),
    /// What has to be known first.
    ClarifyingQuestions(Vec<Question>),
}

/// What became of steps or a wished change for an operation.
#[derive(Debug, Clone)]
pub enum Drafted {
    /// It was drafted at once.
    Now(Draft),
    /// The generator has taken the job over: a completion will come.
    HandedOver,
}

/// A question to the person; exactly these three keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Question {
    /// The question itself.
    pub question: String,
    /// What it is about, in a word; may be empty.
    pub keyword: String,
    /// An answer that would do.
    pub example: Option<String>,
}

/// The state of a generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Health {
    /// It says that it is healthy.
    pub healthy: bool,
    /// It has its blocks.
    pub blocks_loaded: bool,
}
