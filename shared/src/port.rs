//! The port to an Agent Generator; the crate `generator` has the adapters.
//!
//! Steps and agents cross it as JSON text, so that unknown keys, key order and the text of numbers survive.

use std::{future::Future, pin::Pin};

use serde::Serialize;
use serde_json::value::RawValue;
use tokio::time::Instant;

use crate::{
    account::Account,
    failure::Called,
    progress::{Progress, Step},
};

/// Boxed, so that a generator can be a trait object.
pub type CallFuture<'a, T> = Pin<Box<dyn Future<Output = Called<T>> + Send + 'a>>;

/// Every method must answer by `deadline`.
pub trait AgentGenerator: Send + Sync + 'static {
    /// `builtin` or `remote`, for `GET /health`.
    fn kind(&self) -> &'static str;
    /// Goal -> steps or questions, or why neither is possible.
    fn decompose<'a>(&'a self, call: DecomposeCall<'a>, deadline: Instant) -> CallFuture<'a, Decomposition>;
    /// Steps -> agent.
    fn generate<'a>(&'a self, call: GenerateCall<'a>, deadline: Instant) -> CallFuture<'a, Drafted>;
    /// Agent and change -> the complete updated agent, or questions.
    fn patch<'a>(&'a self, call: PatchCall<'a>, deadline: Instant) -> CallFuture<'a, Drafted>;
    /// A JSON array.
    fn blocks(&self, deadline: Instant) -> CallFuture<'_, Box<RawValue>>;
    fn health(&self, deadline: Instant) -> CallFuture<'_, Health>;
    /// What a draft of this generator tells of its agent, computed again; with the edit if the agent came out of `before`.
    fn account(&self, before: Option<&RawValue>, agent: &RawValue) -> Box<Account>;
}

#[derive(Debug, Clone, Copy)]
pub struct DecomposeCall<'a> {
    /// The goal in the person's words, not blank.
    pub description: &'a str,
    /// Additions such as answers to questions; not empty.
    pub context: Option<&'a str>,
    /// The person's own agents: a JSON array, not empty.
    pub library_agents: Option<&'a RawValue>,
    pub operation: Option<Background<'a>>,
}

#[derive(Debug, Clone, Copy)]
pub struct GenerateCall<'a> {
    /// A whole decompose result: a JSON object, usually `{type, steps}`.
    pub instructions: &'a RawValue,
    /// The person's own agents: a JSON array, not empty.
    pub library_agents: Option<&'a RawValue>,
    pub operation: Option<Background<'a>>,
}

#[derive(Debug, Clone, Copy)]
pub struct PatchCall<'a> {
    /// The changes, followed by the context.
    pub update_request: &'a str,
    /// A JSON object.
    pub current_agent_json: &'a RawValue,
    /// The person's own agents: a JSON array, not empty.
    pub library_agents: Option<&'a RawValue>,
    pub operation: Option<Background<'a>>,
}

/// Long-running work that a call belongs to (CONTRACT 6). Such a call is sent once, since its queue repeats it, and a
/// remote generator may take the job over.
#[derive(Debug, Clone, Copy)]
pub struct Background<'a> {
    pub ids: OperationIds<'a>,
    /// Where the work tells what it does.
    pub progress: &'a dyn Progress,
}

/// Tells the log of the operation, if there is one.
impl Progress for Option<Background<'_>> {
    fn step(&self, step: Step, detail: Option<&str>) {
        if let Some(background) = self {
            background.progress.step(step, detail);
        }
    }

    fn block_added(&self, node: &str, block: &str, name: &str) {
        if let Some(background) = self {
            background.progress.block_added(node, block, name);
        }
    }

    fn fixed(&self, rule: &str) {
        if let Some(background) = self {
            background.progress.fixed(rule);
        }
    }

    fn text(&self, delta: &str) {
        if let Some(background) = self {
            background.progress.text(delta);
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OperationIds<'a> {
    pub operation_id: &'a str,
    /// The caller's own id.
    pub task_id: &'a str,
    /// From [`Drafted::Later`]: the generator is at it already, and is asked how far it is.
    #[serde(skip)]
    pub ticket: Option<&'a str>,
}

#[derive(Debug, Clone)]
pub enum Decomposition {
    /// `steps` is a JSON array of strings or objects.
    Instructions {
        steps: Box<RawValue>,
        account: Box<Account>,
    },
    ClarifyingQuestions(Vec<Question>),
    /// No block serves the goal.
    UnachievableGoal {
        reason: Option<String>,
        suggested_goal: Option<String>,
    },
    VagueGoal {
        suggested_goal: Option<String>,
    },
}

#[derive(Debug, Clone)]
pub enum Draft {
    /// The complete agent, a JSON object.
    Agent(Box<RawValue>, Box<Account>),
    ClarifyingQuestions(Vec<Question>),
}

#[derive(Debug, Clone)]
pub enum Drafted {
    Now(Draft),
    /// A remote generator has taken the job over and will send a completion. Only for a call in the [`Background`].
    HandedOver,
    /// A remote generator is at it: the same call with this ticket asks how far it is. Only for a call in the
    /// [`Background`].
    Later(Ticket),
}

/// What it takes to ask for a job of a generator again, from another process too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// At most [`Self::LONGEST`] bytes.
    pub text: String,
    /// Seconds that the generator wants to be left alone.
    pub again_in: Option<u32>,
}

impl Ticket {
    pub const LONGEST: usize = 16 * 1024;
}

/// A question to the person; serialised with exactly these keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Question {
    pub question: String,
    /// Topic in a word; may be empty.
    pub keyword: String,
    /// An example answer.
    pub example: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Health {
    pub healthy: bool,
    pub blocks_loaded: bool,
}
