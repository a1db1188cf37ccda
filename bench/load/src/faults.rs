//! How a generator fails that can be reached: one list, for every run that needs a failing one.

use std::{sync::Arc, time::Duration};

use kit::behaviour::{Act, Behaviour};
use serde_json::json;

use crate::contract::Expected;

/// One way to fail, and the class that it has.
#[derive(Debug, Clone)]
pub struct Fault {
    /// In a few words.
    pub name: &'static str,
    /// What the generator does.
    pub behaviour: Arc<Behaviour>,
    /// The class of the error that a caller gets.
    pub error_type: &'static str,
    /// Where the class does not decide it.
    pub retryable: Option<bool>,
    /// It lasts until the deadline.
    pub lasts: bool,
    /// It has no end, and is taken as far as an answer is.
    pub is_endless: bool,
}

impl Fault {
    /// The answer that a caller gets.
    pub fn expected(&self) -> Expected {
        Expected::Error(self.error_type, self.retryable)
    }
}

fn fault(name: &'static str, behaviour: Behaviour, error_type: &'static str) -> Fault {
    Fault { name, behaviour: Arc::new(behaviour), error_type, retryable: None, lasts: false, is_endless: false }
}

fn lasting(name: &'static str, behaviour: Behaviour) -> Fault {
    Fault { lasts: true, ..fault(name, behaviour, "timeout") }
}

fn endless(name: &'static str, behaviour: Behaviour, error_type: &'static str) -> Fault {
    Fault { is_endless: true, ..fault(name, behaviour, error_type) }
}

fn status(name: &'static str, status: u16, error_type: &'static str) -> Fault {
    fault(name, Behaviour::answers(status, "{\"detail\":\"no\"}"), error_type)
}

/// The address of a generator that is down for a moment, and says so.
pub fn comes_back_soon() -> Behaviour {
    let headers = [("Content-Type", "application/json"), ("Retry-After", "1")];
    Behaviour::answers_with(503, &headers, "{\"detail\":\"no\"}")
}

/// Every fault.
pub fn all() -> Vec<Fault> {
    let says = |name, body, error_type| fault(name, Behaviour::says(body), error_type);
    let named = |name, status, body, error_type| fault(name, Behaviour::answers(status, body), error_type);
    vec![
        status("429", 429, "rate_limit"),
        status("503", 503, "service_unavailable"),
        status("504", 504, "timeout"),
        Fault { retryable: Some(true), ..status("500", 500, "http_error") },
        Fault { retryable: Some(false), ..status("400", 400, "http_error") },
        named("422 of a class", 422, r#"{"error_type":"validation_error","error":"No sink"}"#, "validation_error"),
        named("503 of a class", 503, r#"{"error_type":"llm_rate_limit"}"#, "llm_rate_limit"),
        says("it failed", json!({"success": false, "error_type": "llm_parse_error", "error": "x"}), "llm_parse_error"),
        says("it failed, of its own class", json!({"success": false, "error_type": "out_of_ink"}), "out_of_ink"),
        says("it failed without a word", json!({"success": false}), "unknown"),
        says("nothing of use", json!({"success": true}), "invalid_response"),
        fault("not JSON", Behaviour::answers(200, "<html>It works!</html>"), "invalid_response"),
        fault("half of its JSON", Behaviour::answers(200, "{\"success\": true, "), "invalid_response"),
        endless("body without end", Behaviour::endless_chunks(200), "invalid_response"),
        endless("headers without end", Behaviour::endless_headers(), "request_error"),
        fault("reset", Behaviour::resets(), "request_error"),
        fault("closed", Behaviour::closes(), "request_error"),
        fault("truncated", Behaviour::partial_body(200, 9, Act::Close), "request_error"),
        lasting("hangs", Behaviour::hangs()),
        lasting("hangs amid the body", Behaviour::partial_body(200, 9, Act::Hang)),
        lasting("drips", Behaviour::drips(Duration::from_millis(20))),
    ]
}
