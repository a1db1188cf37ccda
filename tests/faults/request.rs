//! The requests of the matrix, and their triggers.

use kit::{
    actions::{Action, CATALOG, DECOMPOSE, GENERATE, PATCH},
    events,
};
use serde_json::{Value, json};

use crate::assistants;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trigger {
    Rest,
    HttpApi,
    FunctionUrl,
    Direct,
    EventBridge,
    /// A call of a tool of `mcp`.
    Assistant,
}

impl Trigger {
    /// Whether the function answers with an HTTP status.
    pub(crate) fn is_http(self) -> bool {
        matches!(self, Self::Rest | Self::HttpApi | Self::FunctionUrl)
    }
}

/// A valid request, and what the function does with it.
#[derive(Debug)]
pub(crate) struct Request {
    /// Its name in the matrix.
    pub(crate) name: &'static str,
    /// Decides which faults concern it: see `Fault::kinds`.
    pub(crate) kind: &'static str,
    pub(crate) function: &'static str,
    method: &'static str,
    route: &'static str,
    body: &'static str,
    /// The body of a direct invocation.
    payload: &'static str,
    /// The action whose codes and messages its errors have.
    pub(crate) action: &'static Action,
    /// `type` of its result.
    pub(crate) result: &'static str,
    /// The number of calls without a fault.
    pub(crate) calls: usize,
    /// The number of good answers before the fault.
    pub(crate) answered: usize,
    /// What `details` repeats of the request.
    pub(crate) details: fn() -> Value,
}

const fn of_action(action: &'static Action, details: fn() -> Value) -> Request {
    Request {
        name: action.name,
        kind: action.name,
        function: action.name,
        method: action.method,
        route: action.route,
        body: action.request,
        payload: action.request,
        action,
        result: action.result,
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

const FROM_A_GOAL: Request = Request {
    name: "generate, from a goal",
    kind: "decompose",
    function: "generate",
    route: "/generate",
    result: "agent_preview",
    calls: 2,
    ..of_action(&DECOMPOSE, goal)
};

pub(crate) static STEPS: Request = of_action(&DECOMPOSE, goal);
pub(crate) static AGENT: Request = of_action(&GENERATE, nothing);
pub(crate) static AGENT_FROM_GOAL: Request = FROM_A_GOAL;
/// The steps arrive, then the fault strikes.
pub(crate) static AGENT_FROM_GOAL_AFTER_STEPS: Request = Request {
    name: "generate, from a goal, after the steps",
    kind: "generate",
    action: &GENERATE,
    answered: 1,
    ..FROM_A_GOAL
};
pub(crate) static CHANGE: Request = of_action(&PATCH, change);
pub(crate) static BLOCKS: Request =
    Request { name: "blocks", payload: r#"{"route":"blocks"}"#, ..of_action(&CATALOG, nothing) };
pub(crate) static HEALTH: Request = Request {
    name: "health",
    kind: "health",
    route: "/health",
    payload: r#"{"route":"health"}"#,
    ..of_action(&CATALOG, nothing)
};

impl Request {
    pub(crate) fn event(&self, trigger: Trigger) -> Value {
        let payload = || serde_json::from_str(self.payload).expect("a request is JSON");
        match trigger {
            Trigger::Rest => events::rest(self.method, self.route, self.body),
            Trigger::HttpApi => events::http_api(self.method, self.route, self.body),
            Trigger::FunctionUrl => events::function_url(self.method, self.route, self.body),
            Trigger::Direct => payload(),
            Trigger::EventBridge => events::event_bridge(payload()),
            Trigger::Assistant => self.tool_call(&payload()),
        }
    }

    /// The same request by the tool that asks the function.
    fn tool_call(&self, payload: &Value) -> Value {
        match self.function {
            "decompose" => assistants::call("plan_agent", &json!({"goal": payload["description"]})),
            "generate" => assistants::call("generate_agent", &json!({"steps": [{"title": "Read it"}]})),
            "patch" => {
                let arguments = json!({"agent_json": payload["current_agent_json"], "changes": payload["changes"]});
                assistants::call("change_agent", &arguments)
            }
            other => panic!("no tool asks {other}"),
        }
    }

    /// The program that serves it.
    pub(crate) fn binary(&self, trigger: Trigger) -> &'static str {
        if trigger == Trigger::Assistant { "mcp" } else { self.function }
    }

    /// The request as a message of the jobs queue: operation `operation_id`, which `owner` may read.
    pub(crate) fn job(&self, operation_id: &str, owner: &str) -> Value {
        let mut job: Value = serde_json::from_str(self.payload).expect("a request is JSON");
        job["operation_id"] = json!(operation_id);
        job["task_id"] = json!(format!("task-of-{operation_id}"));
        job["owner"] = json!(owner);
        events::sqs(&job.to_string())
    }

    pub(crate) fn session(&self) -> Option<&'static str> {
        self.body.contains("session_id").then_some("s-1")
    }

    /// `health` answers with a state instead of an error.
    pub(crate) fn is_health(&self) -> bool {
        self.kind == "health"
    }
}
