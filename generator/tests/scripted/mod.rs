//! A language model with scripted answers that records its requests.
#![allow(dead_code, clippy::unwrap_used, reason = "each test uses a part of it; in a test a panic is the report")]

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use generator::{
    Builtin,
    llm::LlmPlanner,
    model::{Chat, ChatModel, Completion, CompletionFuture, Turn},
};
use http_client::Limits;
use serde_json::{Value, value::to_raw_value};
use shared::{
    error_type::ErrorType,
    failure::{Called, Failure, ModelUse},
    port::{AgentGenerator, DecomposeCall, Decomposition, Draft, Drafted, GenerateCall, PatchCall},
};
use tokio::time::{Duration, Instant};

/// An answer, and how long it takes.
#[derive(Debug)]
pub(crate) struct Line {
    result: Result<String, Failure>,
    takes: Duration,
}

/// Answers a text; other values as JSON.
pub(crate) fn says(answer: impl Into<Value>) -> Line {
    let text = match answer.into() {
        Value::String(text) => text,
        other => other.to_string(),
    };
    Line { result: Ok(text), takes: Duration::ZERO }
}

pub(crate) fn fails(failure: Failure) -> Line {
    Line { result: Err(failure), takes: Duration::ZERO }
}

impl Line {
    /// Moves the clock, which has to be paused.
    pub(crate) fn after(self, takes: Duration) -> Self {
        Self { takes, ..self }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) instructions: String,
    pub(crate) turns: Vec<Turn>,
    pub(crate) form: &'static str,
    pub(crate) strict: bool,
    pub(crate) limits: Limits,
}

impl Request {
    /// The first turn, a JSON object.
    pub(crate) fn body(&self) -> Value {
        serde_json::from_str(&self.turns.first().unwrap().text).unwrap()
    }
}

#[derive(Debug, Default)]
pub(crate) struct Scripted {
    lines: Mutex<VecDeque<Line>>,
    asked: Mutex<Vec<Request>>,
}

impl Scripted {
    pub(crate) fn of(lines: impl IntoIterator<Item = Line>) -> Arc<Self> {
        Arc::new(Self { lines: Mutex::new(lines.into_iter().collect()), asked: Mutex::default() })
    }

    pub(crate) fn planner(self: &Arc<Self>) -> LlmPlanner {
        LlmPlanner::new(Builtin::new(), Arc::<Self>::clone(self))
    }

    pub(crate) fn asked(&self) -> Vec<Request> {
        self.asked.lock().unwrap().clone()
    }
}

impl ChatModel for Scripted {
    fn complete<'a>(&'a self, chat: Chat<'a>, limits: Limits) -> CompletionFuture<'a> {
        let late = || Failure::new(ErrorType::LlmTimeout, "no answer from the language model in time");
        let used = |tokens| ModelUse { model: "scripted".to_owned(), input_tokens: tokens, output_tokens: tokens / 10 };
        let deadline = limits.deadline;
        Box::pin(async move {
            if deadline <= Instant::now() {
                return Completion {
                    result: Err(late()),
                    cut_off: false,
                    prompt_cut: false,
                    attempts: 0,
                    upstream_status: None,
                    used: used(0),
                };
            }
            self.asked.lock().unwrap().push(Request {
                instructions: chat.instructions.to_owned(),
                turns: chat.turns.to_vec(),
                form: chat.form.name,
                strict: chat.form.strict,
                limits,
            });
            let line = self.lines.lock().unwrap().pop_front().unwrap();
            let left = deadline.saturating_duration_since(Instant::now());
            if !line.takes.is_zero() {
                tokio::time::advance(line.takes.min(left)).await;
            }
            let result = if line.takes <= left { line.result } else { Err(late()) };
            let status = if result.is_ok() { Some(200) } else { None };
            Completion {
                result,
                cut_off: false,
                prompt_cut: false,
                attempts: 1,
                upstream_status: status,
                used: used(100),
            }
        })
    }
}

pub(crate) fn soon() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

pub(crate) async fn decomposed(model: &Arc<Scripted>, goal: &str, context: Option<&str>) -> Called<Decomposition> {
    let call = DecomposeCall { description: goal, context, library_agents: None, operation: None };
    model.planner().decompose(call, soon()).await
}

pub(crate) async fn generated(model: &Arc<Scripted>, instructions: &Value) -> Called<Draft> {
    let instructions = to_raw_value(instructions).unwrap();
    model
        .planner()
        .generate(GenerateCall { instructions: &instructions, library_agents: None, operation: None }, soon())
        .await
        .map(at_once)
}

/// Like [`patched`], by a model with a window of `tokens`.
pub(crate) async fn patched_within(
    model: &Arc<Scripted>,
    tokens: usize,
    request: &str,
    agent: &Value,
) -> Called<Draft> {
    let agent = to_raw_value(agent).unwrap();
    let call = PatchCall { update_request: request, current_agent_json: &agent, library_agents: None, operation: None };
    model.planner().with_window(tokens, None).patch(call, soon()).await.map(at_once)
}

pub(crate) async fn patched(model: &Arc<Scripted>, request: &str, agent: &Value) -> Called<Draft> {
    let agent = to_raw_value(agent).unwrap();
    let call = PatchCall { update_request: request, current_agent_json: &agent, library_agents: None, operation: None };
    model.planner().patch(call, soon()).await.map(at_once)
}

#[allow(clippy::panic, reason = "a planner in this process takes nothing over")]
fn at_once(drafted: Drafted) -> Draft {
    match drafted {
        Drafted::Now(draft) => draft,
        Drafted::HandedOver | Drafted::Later(_) => panic!("taken over"),
    }
}

/// The JSON examples of a prompt: request, answer.
pub(crate) fn examples(prompt: &str) -> Vec<Value> {
    let fences = prompt.split("```json").skip(1).filter_map(|after| after.split_once("```"));
    fences.map(|(text, _)| serde_json::from_str(text).unwrap()).collect()
}

/// The example answer of the decompose prompt: a valid plan.
pub(crate) fn plan() -> Value {
    examples(include_str!("../../prompts/decompose.md")).remove(1)
}
