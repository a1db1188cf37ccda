//! The faults of a generator that can be reached.

use std::{sync::Arc, time::Duration};

use kit::behaviour::{Act, Behaviour};
use serde_json::json;

use crate::contract::Expected;

/// A fault and the error class for it.
#[derive(Debug, Clone)]
pub struct Fault {
    pub name: &'static str,
    pub behaviour: Arc<Behaviour>,
    pub error_type: &'static str,
    /// If the class does not decide it.
    pub retryable: Option<bool>,
    /// The answer comes at the deadline.
    pub lasts: bool,
    /// The generator's answer never ends; the function reads it up to its limit.
    pub is_endless: bool,
}

impl Fault {
    /// The error for the caller.
    pub fn expected(&self) -> Expected {
        Expected::Error(self.error_type, self.retryable)
    }
}

fn fault(name: &'static str, behaviour: Behaviour, error_type: &'static str) -> Fault {
    Fault { name, behaviour: Arc::new(behaviour), error_type, retryable: None, lasts: false, is_endless: false }
}

fn until_deadline(name: &'static str, behaviour: Behaviour) -> Fault {
    Fault { lasts: true, ..fault(name, behaviour, "timeout") }
}

fn endless(name: &'static str, behaviour: Behaviour, error_type: &'static str) -> Fault {
    Fault { is_endless: true, ..fault(name, behaviour, error_type) }
}

fn status(name: &'static str, status: u16, error_type: &'static str) -> Fault {
    fault(name, Behaviour::answers(status, "{\"detail\":\"no\"}"), error_type)
}

/// 503 with `Retry-After: 1`.
pub fn unavailable() -> Behaviour {
    let headers = [("Content-Type", "application/json"), ("Retry-After", "1")];
    Behaviour::answers_with(503, &headers, "{\"detail\":\"no\"}")
}

pub fn all() -> Vec<Fault> {
    let says = |name, body, error_type| fault(name, Behaviour::says(body), error_type);
    let named = |name, status, body, error_type| fault(name, Behaviour::answers(status, body), error_type);
    vec![
        status("429", 429, "rate_limit"),
        status("503", 503, "service_unavailable"),
        status("504", 504, "timeout"),
        Fault { retryable: Some(true), ..status("500", 500, "http_error") },
        Fault { retryable: Some(false), ..status("400", 400, "http_error") },
        named("422 with a class", 422, r#"{"error_type":"validation_error","error":"No sink"}"#, "validation_error"),
        named("503 with a class", 503, r#"{"error_type":"llm_rate_limit"}"#, "llm_rate_limit"),
        says(
            "reported failure",
            json!({"success": false, "error_type": "llm_parse_error", "error": "x"}),
            "llm_parse_error",
        ),
        says(
            "reported failure, a class of its own",
            json!({"success": false, "error_type": "out_of_ink"}),
            "out_of_ink",
        ),
        says("reported failure without a class", json!({"success": false}), "unknown"),
        says("success without a result", json!({"success": true}), "invalid_response"),
        fault("not JSON", Behaviour::answers(200, "<html>It works!</html>"), "invalid_response"),
        fault("half of the JSON", Behaviour::answers(200, "{\"success\": true, "), "invalid_response"),
        endless("endless body", Behaviour::endless_chunks(200), "invalid_response"),
        endless("endless headers", Behaviour::endless_headers(), "request_error"),
        fault("reset", Behaviour::resets(), "request_error"),
        fault("closed", Behaviour::closes(), "request_error"),
        fault("truncated", Behaviour::partial_body(200, 9, Act::Close), "request_error"),
        until_deadline("hangs", Behaviour::hangs()),
        until_deadline("hangs in the body", Behaviour::partial_body(200, 9, Act::Hang)),
        until_deadline("drips", Behaviour::drips(Duration::from_millis(20))),
    ]
}
