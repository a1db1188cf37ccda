//! The actions that call a generator, and the contract's tables of their errors.

use std::time::Duration;

use crate::{answer::Answer, binaries, events, runtime_api::Environment};
use serde_json::{Value, json};

/// Enough time for every answer that does not wait for a deadline.
pub const AMPLE: Duration = Duration::from_secs(25);

#[derive(Debug)]
pub struct Action {
    pub name: &'static str,
    pub method: &'static str,
    pub route: &'static str,
    /// The generator's path.
    pub upstream: &'static str,
    /// A valid request.
    pub request: &'static str,
    /// The part of its error codes before the colon.
    pub code: &'static str,
    /// `type` of a good answer.
    pub result: &'static str,
    /// Completes "Failed to …" in its messages.
    failing: &'static str,
    unparseable: &'static str,
    invalid: &'static str,
}

pub const DECOMPOSE: Action = Action {
    name: "decompose",
    method: "POST",
    route: "/decompose",
    upstream: "/api/decompose-description",
    request: r#"{"description":"Summarise a page","session_id":"s-1"}"#,
    code: "decomposition_failed",
    result: "instructions",
    failing: "analyze the goal",
    unparseable: "The AI had trouble understanding this request. Please try rephrasing your goal.",
    invalid: "The request failed validation. Please try rephrasing.",
};

pub const GENERATE: Action = Action {
    name: "generate",
    method: "POST",
    route: "/generate",
    upstream: "/api/generate-agent",
    request: r#"{"instructions":{"type":"instructions","steps":["Read it"]},"session_id":"s-1"}"#,
    code: "generation_failed",
    result: "agent_preview",
    failing: "generate the agent",
    unparseable: "The AI had trouble generating the agent. Please try again or simplify your goal.",
    invalid: "The generated agent failed validation. Please try rephrasing your goal.",
};

pub const PATCH: Action = Action {
    name: "patch",
    method: "POST",
    route: "/patch",
    upstream: "/api/update-agent",
    request: r#"{"current_agent_json":{"id":"a-1","nodes":[],"links":[]},"changes":"Rename it","session_id":"s-1"}"#,
    code: "update_generation_failed",
    result: "agent_preview",
    failing: "generate the changes",
    unparseable: "The AI had trouble generating the changes. Please try again or simplify your request.",
    invalid: "The generated changes failed validation. Please try rephrasing your request.",
};

/// Lists the blocks. Not in [`ACTIONS`]: it has no request body and no result for a person.
pub const CATALOG: Action = Action {
    name: "catalog",
    method: "GET",
    route: "/blocks",
    upstream: "/api/blocks",
    request: "",
    code: "catalog_failed",
    result: "blocks",
    failing: "list the blocks",
    unparseable: "The AI had trouble processing this request. Please try again.",
    invalid: "The request failed validation. Please try rephrasing.",
};

/// What a person waits for.
pub const ACTIONS: [&Action; 3] = [&DECOMPOSE, &GENERATE, &PATCH];

impl Action {
    /// Starts its process with the generator at `url`.
    pub async fn environment(&self, url: &str) -> Environment {
        self.environment_with(&[("AGENT_GENERATOR_URL", url)]).await
    }

    pub async fn environment_with(&self, variables: &[(&str, &str)]) -> Environment {
        Environment::start(&binaries::function(self.name), variables).await
    }

    /// A valid request over a REST API.
    pub fn event(&self) -> Value {
        events::rest(self.method, self.route, self.request)
    }

    /// The same request as a direct invocation.
    pub fn direct(&self) -> Value {
        serde_json::from_str(self.request).expect("a request is JSON")
    }

    /// HTTP status and `retryable` of an error type; for `http_error`, those after a generator's 4xx.
    pub fn consequence(error_type: &str) -> (u64, bool) {
        match error_type {
            "llm_parse_error" => (502, true),
            "validation_error" | "patch_error" => (422, false),
            "timeout" | "llm_timeout" => (504, true),
            "rate_limit" | "llm_rate_limit" => (429, true),
            "quota_exceeded" => (429, false),
            "service_unavailable" => (503, true),
            "connection_error" | "request_error" => (502, true),
            "unexpected_error" => (500, false),
            _ => (502, false),
        }
    }

    /// The message for the person.
    pub fn message(&self, error_type: &str) -> String {
        match error_type {
            "llm_parse_error" => self.unparseable.to_owned(),
            "validation_error" => self.invalid.to_owned(),
            "patch_error" => "Failed to apply the changes. Please try a different approach.".to_owned(),
            "timeout" | "llm_timeout" => "The request took too long. Please try again.".to_owned(),
            "rate_limit" | "llm_rate_limit" => {
                "The service is currently busy. Please try again in a moment.".to_owned()
            }
            "quota_exceeded" => "The AI service's quota is used up. Please contact the operator.".to_owned(),
            _ => format!("Failed to {}. Please try again.", self.failing),
        }
    }
}

/// Checks status, code and message of an error answer.
pub fn assert_failed(answer: &Answer, action: &Action, error_type: &str) {
    let body = answer.body();
    let (status, _) = Action::consequence(error_type);
    let said = (answer.status(), &body["error_type"], &body["error"], &body["message"]);
    let code = json!(format!("{}:{error_type}", action.code));
    let message = json!(action.message(error_type));
    assert_eq!(said, (Some(status), &json!(error_type), &code, &message), "{answer:?}");
}

/// Checks that the answer is the action's result.
pub fn assert_good(answer: &Answer, action: &Action) {
    assert_eq!((answer.status(), &answer.body()["type"]), (Some(200), &json!(action.result)), "{answer:?}");
}
