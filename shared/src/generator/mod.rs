//! The port to an Agent Generator: what a function asks of it, and what can come back.
//!
//! Two adapters exist: the HTTP client in [`http`] for a remote generator, and the built-in planner in the
//! `generator` crate; [`Either`] is the one that the configuration chose. Steps and agents cross the port as the JSON text they came as, so that unknown keys, the order
//! of keys and the text of numbers survive.

#[cfg(feature = "testing")]
pub mod answers;
mod either;
pub mod http;
mod wire;

use std::{future::Future, pin::Pin};

use serde::Serialize;
use serde_json::value::RawValue;
use tokio::time::Instant;

pub use self::either::Either;
use crate::error_type::ErrorType;

/// A call on its way. Boxed, so that a generator can be a trait object as well.
pub type CallFuture<'a, T> = Pin<Box<dyn Future<Output = Called<T>> + Send + 'a>>;

/// An Agent Generator. Every method answers by `deadline` at the latest.
pub trait AgentGenerator: Send + Sync + 'static {
    /// `builtin` or `remote`, as `GET /health` names it.
    fn kind(&self) -> &'static str;
    /// Goal -> steps, or questions, or why not.
    fn decompose<'a>(&'a self, call: DecomposeCall<'a>, deadline: Instant) -> CallFuture<'a, Decomposition>;
    /// Steps -> agent.
    fn generate<'a>(&'a self, call: GenerateCall<'a>, deadline: Instant) -> CallFuture<'a, Draft>;
    /// Agent and wished change -> the complete updated agent, or questions.
    fn patch<'a>(&'a self, call: PatchCall<'a>, deadline: Instant) -> CallFuture<'a, Draft>;
    /// The blocks it can build with: a JSON array.
    fn blocks(&self, deadline: Instant) -> CallFuture<'_, Box<RawValue>>;
    /// Whether it is up and has its blocks.
    fn health(&self, deadline: Instant) -> CallFuture<'_, Health>;

    /// As [`Self::decompose`], for an operation: asked once, for a failure that may pass is the queue's to repeat.
    fn decompose_for<'a>(
        &'a self,
        call: DecomposeCall<'a>,
        _operation: OperationIds<'a>,
        deadline: Instant,
    ) -> CallFuture<'a, Decomposition> {
        self.decompose(call, deadline)
    }

    /// As [`Self::generate`], for an operation, which it may take over. Asked once. A generator that works in this process
    /// takes nothing over.
    fn generate_for<'a>(
        &'a self,
        call: GenerateCall<'a>,
        _operation: OperationIds<'a>,
        deadline: Instant,
    ) -> CallFuture<'a, Drafted> {
        Box::pin(async move { self.generate(call, deadline).await.map(Drafted::Now) })
    }

    /// As [`Self::patch`], for an operation, likewise.
    fn patch_for<'a>(
        &'a self,
        call: PatchCall<'a>,
        _operation: OperationIds<'a>,
        deadline: Instant,
    ) -> CallFuture<'a, Drafted> {
        Box::pin(async move { self.patch(call, deadline).await.map(Drafted::Now) })
    }
}

/// What a call came to, with what the log line says of it.
#[derive(Debug)]
pub struct Called<T> {
    /// The typed result, or the classified failure.
    pub result: Result<T, Failure>,
    /// How often the generator was asked; 0 where there was no time left to ask.
    pub attempts: u32,
    /// The HTTP status of the last answer, where there was one.
    pub upstream_status: Option<u16>,
    /// The language model that was asked, where one was.
    pub model: Option<ModelUse>,
}

impl<T> Called<T> {
    /// A call that was answered in this process, without a network.
    pub fn in_process(result: Result<T, Failure>) -> Self {
        Self { result, attempts: 1, upstream_status: None, model: None }
    }

    /// The same call with `change` made to its result.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Called<U> {
        let Self { result, attempts, upstream_status, model } = self;
        Called { result: result.map(change), attempts, upstream_status, model }
    }
}

/// What a call had of a language model: for the log line, never its words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModelUse {
    /// The model, as the configuration names it.
    pub model: String,
    /// Tokens that it read, by its own count; 0 where it does not count.
    pub input_tokens: u64,
    /// Tokens that it wrote, by its own count; 0 where it does not count.
    pub output_tokens: u64,
}

impl ModelUse {
    /// Adds what another call had of the same model.
    pub fn add(&mut self, other: Self) {
        self.model = other.model;
        self.input_tokens = self.input_tokens.saturating_add(other.input_tokens);
        self.output_tokens = self.output_tokens.saturating_add(other.output_tokens);
    }
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
}

/// What generate asks.
#[derive(Debug, Clone, Copy)]
pub struct GenerateCall<'a> {
    /// A whole decompose result: a JSON object, usually `{type, steps}`.
    pub instructions: &'a RawValue,
    /// The person's own agents: a JSON array that is not empty.
    pub library_agents: Option<&'a RawValue>,
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

/// A failed call, classified. The texts may hold anything that the generator said: they are sanitised where they
/// leave the process, in an answer or a log line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its class.
    pub error_type: ErrorType,
    /// What happened, for an engineer; not sanitised yet.
    pub service_error: String,
    /// The HTTP status that it came with, where it came with one.
    pub upstream_status: Option<u16>,
    /// Seconds after which the generator asked to be tried again, as it said so.
    pub retry_after: Option<u32>,
}

impl Failure {
    /// A failure that came without a status and without advice.
    pub fn new(error_type: ErrorType, service_error: impl Into<String>) -> Self {
        Self { error_type, service_error: service_error.into(), upstream_status: None, retry_after: None }
    }
}
