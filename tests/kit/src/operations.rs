//! The functions that ask a generator, and the contract's tables of what they say when a call fails.

use std::time::Duration;

use crate::{answer::Answer, binaries, events, runtime_api::Environment};
use serde_json::{Value, json};

/// More time than any answer needs that does not wait for a deadline.
pub const AMPLE: Duration = Duration::from_secs(25);

/// One of the functions that call a generator.
#[derive(Debug)]
pub struct Operation {
    /// Its name.
    pub name: &'static str,
    /// The method of its route.
    pub method: &'static str,
    /// Its route.
    pub route: &'static str,
    /// Where it asks the generator.
    pub upstream: &'static str,
    /// A request that is in order.
    pub request: &'static str,
    /// The first half of its error codes.
    pub code: &'static str,
    /// The type of its answer where the generator answers well.
    pub result: &'static str,
    /// What fails, in its messages.
    failing: &'static str,
    unparseable: &'static str,
    invalid: &'static str,
}

/// Goal -> steps.
pub const DECOMPOSE: Operation = Operation {
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

/// Steps -> agent.
pub const GENERATE: Operation = Operation {
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

/// Agent and change -> agent.
pub const PATCH: Operation = Operation {
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

/// Asks the generator too, but is no operation that a person waits for: the blocks that can be built with.
pub const CATALOG: Operation = Operation {
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

/// The operations that a person waits for.
pub const OPERATIONS: [&Operation; 3] = [&DECOMPOSE, &GENERATE, &PATCH];

impl Operation {
    /// Its process, with the generator at `url`.
    pub async fn environment(&self, url: &str) -> Environment {
        self.environment_with(&[("AGENT_GENERATOR_URL", url)]).await
    }

    /// Its process, with these variables.
    pub async fn environment_with(&self, variables: &[(&str, &str)]) -> Environment {
        Environment::started(&binaries::function(self.name), variables).await
    }

    /// Its route through the gateway, with a request that is in order.
    pub fn event(&self) -> Value {
        events::rest(self.method, self.route, self.request)
    }

    /// The same request without a gateway.
    pub fn direct(&self) -> Value {
        serde_json::from_str(self.request).expect("a request is JSON")
    }

    /// HTTP status and `retryable` of an error type; `http_error` is that of a status below 500.
    pub fn consequence(error_type: &str) -> (u64, bool) {
        match error_type {
            "llm_parse_error" => (502, true),
            "validation_error" | "patch_error" => (422, false),
            "timeout" | "llm_timeout" => (504, true),
            "rate_limit" | "llm_rate_limit" => (429, true),
            "service_unavailable" => (503, true),
            "connection_error" | "request_error" => (502, true),
            "unexpected_error" => (500, false),
            _ => (502, false),
        }
    }

    /// What a person reads.
    pub fn message(&self, error_type: &str) -> String {
        match error_type {
            "llm_parse_error" => self.unparseable.to_owned(),
            "validation_error" => self.invalid.to_owned(),
            "patch_error" => "Failed to apply the changes. Please try a different approach.".to_owned(),
            "timeout" | "llm_timeout" => "The request took too long. Please try again.".to_owned(),
            "rate_limit" | "llm_rate_limit" => {
                "The service is currently busy. Please try again in a moment.".to_owned()
            }
            _ => format!("Failed to {}. Please try again.", self.failing),
        }
    }

    /// The session that its request belongs to.
    pub fn session(&self) -> Option<&'static str> {
        self.request.contains("session_id").then_some("s-1")
    }

    /// What `details` repeats of the request.
    pub fn asked(&self) -> Value {
        match self.name {
            "decompose" => json!({"description": "Summarise a page"}),
            "patch" => json!({"agent_id": "a-1", "changes": "Rename it"}),
            _ => json!({}),
        }
    }
}

/// Holds `answer` to be a failure of this type and nothing less: status, code, message, whether to try again.
pub fn assert_failed(answer: &Answer, operation: &Operation, error_type: &str) {
    let body = answer.body();
    let (status, _) = Operation::consequence(error_type);
    let said = (answer.status(), &body["error_type"], &body["error"], &body["message"]);
    let code = json!(format!("{}:{error_type}", operation.code));
    let message = json!(operation.message(error_type));
    assert_eq!(said, (Some(status), &json!(error_type), &code, &message), "{answer:?}");
}

/// Holds `answer` to be what the operation gives when all is well.
pub fn assert_good(answer: &Answer, operation: &Operation) {
    assert_eq!((answer.status(), &answer.body()["type"]), (Some(200), &json!(operation.result)), "{answer:?}");
}
