//! What a function is asked, and the triggers that it may be asked by.

use kit::{
    events,
    operations::{CATALOG, DECOMPOSE, GENERATE, Operation, PATCH},
};
use serde_json::{Value, json};

/// How a request comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trigger {
    Rest,
    HttpApi,
    FunctionUrl,
    Direct,
    EventBridge,
}

impl Trigger {
    /// Whether a gateway stands before the function.
    pub(crate) fn is_http(self) -> bool {
        matches!(self, Self::Rest | Self::HttpApi | Self::FunctionUrl)
    }
}

/// A request that is in order, and what the function makes of it.
#[derive(Debug)]
pub(crate) struct Asked {
    /// What the matrix calls it.
    pub(crate) name: &'static str,
    /// The faults that concern it are those of this.
    pub(crate) kind: &'static str,
    pub(crate) function: &'static str,
    method: &'static str,
    route: &'static str,
    body: &'static str,
    /// The same without a gateway.
    payload: &'static str,
    /// Whose words it fails with.
    pub(crate) words: &'static Operation,
    /// The type of its result.
    pub(crate) result: &'static str,
    /// How many calls it takes when all is well.
    pub(crate) calls: usize,
    /// How many of them are answered well before the fault.
    pub(crate) answered: usize,
    /// What `details` repeats of it.
    pub(crate) details: fn() -> Value,
}

const fn operation(words: &'static Operation, details: fn() -> Value) -> Asked {
    Asked {
        name: words.name,
        kind: words.name,
        function: words.name,
        method: words.method,
        route: words.route,
        body: words.request,
        payload: words.request,
        words,
        result: words.result,
        calls: 1,
        answered: 0,
        details,
    }
}

fn goal() -> Value {
    json!({"description": "Summarise a page"})
}

fn change() -> Value {
    json!({"agent_id": "a-1", "changes": "Rename it"})
}

fn nothing() -> Value {
    json!({})
}

const FROM_A_GOAL: Asked = Asked {
    name: "generate, from a goal",
    kind: "decompose",
    function: "generate",
    route: "/generate",
    result: "agent_preview",
    calls: 2,
    ..operation(&DECOMPOSE, goal)
};

pub(crate) static STEPS: Asked = operation(&DECOMPOSE, goal);
pub(crate) static AGENT: Asked = operation(&GENERATE, nothing);
pub(crate) static AGENT_FROM_A_GOAL: Asked = FROM_A_GOAL;
/// The steps come, and then no agent.
pub(crate) static AGENT_FROM_STEPS_MADE: Asked = Asked {
    name: "generate, from a goal whose steps came",
    kind: "generate",
    words: &GENERATE,
    answered: 1,
    ..FROM_A_GOAL
};
pub(crate) static CHANGE: Asked = operation(&PATCH, change);
pub(crate) static BLOCKS: Asked =
    Asked { name: "blocks", payload: r#"{"route":"blocks"}"#, ..operation(&CATALOG, nothing) };
pub(crate) static HEALTH: Asked = Asked {
    name: "health",
    kind: "health",
    route: "/health",
    payload: r#"{"route":"health"}"#,
    ..operation(&CATALOG, nothing)
};

impl Asked {
    /// The event that it is.
    pub(crate) fn event(&self, trigger: Trigger) -> Value {
        let payload = || serde_json::from_str(self.payload).expect("a request is JSON");
        match trigger {
            Trigger::Rest => events::rest(self.method, self.route, self.body),
            Trigger::HttpApi => events::http_api(self.method, self.route, self.body),
            Trigger::FunctionUrl => events::function_url(self.method, self.route, self.body),
            Trigger::Direct => payload(),
            Trigger::EventBridge => events::event_bridge(payload()),
        }
    }

    /// The same as a message on its jobs queue: the work of this operation, which this caller may read.
    pub(crate) fn job(&self, operation_id: &str, owner: &str) -> Value {
        let mut job: Value = serde_json::from_str(self.payload).expect("a request is JSON");
        job["operation_id"] = json!(operation_id);
        job["task_id"] = json!(format!("task-of-{operation_id}"));
        job["owner"] = json!(owner);
        events::sqs(&job.to_string())
    }

    /// The session that it belongs to.
    pub(crate) fn session(&self) -> Option<&'static str> {
        self.body.contains("session_id").then_some("s-1")
    }

    /// Whether it asks for a state, which is an answer even where nobody can tell it.
    pub(crate) fn is_health(&self) -> bool {
        self.kind == "health"
    }
}
