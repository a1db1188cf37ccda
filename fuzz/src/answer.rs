//! Checks that hold for every answer: CONTRACT 4 and 5.

use serde_json::Value;
use shared::error_type::{ErrorType, TABLE};

/// The types of results.
const RESULTS: [&str; 7] = [
    "instructions",
    "clarifying_questions",
    "unachievable_goal",
    "vague_goal",
    "agent_preview",
    "blocks",
    "operation_started",
];

/// Checks an answer over HTTP: status, headers and body, which an answer to `HEAD` has not.
pub(crate) fn http(answer: &Value, is_head: bool) {
    let status = answer["statusCode"].as_u64().expect("a status");
    let header = |name: &str| answer["headers"][name].as_str().unwrap_or_default();
    assert_eq!(header("cache-control"), "no-store, no-cache, must-revalidate, private", "{answer}");
    assert_eq!(header("x-content-type-options"), "nosniff", "{answer}");
    assert_eq!(header("x-request-id"), test_support::REQUEST_ID, "{answer}");
    let text = answer["body"].as_str().expect("a body");
    if is_head {
        assert_eq!(text, "", "{answer}");
        return;
    }
    let body: Value = serde_json::from_str(text).expect("a JSON body");
    match header("content-type") {
        "application/problem+json" => {
            assert_eq!(body["status"].as_u64(), Some(status), "{answer}");
            let class = body["error_type"].as_str().expect("a class");
            assert_eq!(body["type"], format!("urn:agent-generator:error:{class}"), "{answer}");
            assert_eq!(failure(&body), status, "{answer}");
        }
        "application/json" if body["type"] == "error" => assert_eq!(failure(&body), status, "{answer}"),
        "application/json" => {
            // The health of an unhealthy generator is a 503 but not an error.
            let unhealthy = status == 503 && body["status"] == "unhealthy";
            assert!(matches!(status, 200 | 202) || unhealthy, "{answer}");
            result(&body);
        }
        other => panic!("{other:?}: {answer}"),
    }
}

/// Checks an answer without HTTP.
pub(crate) fn payload(body: &Value) {
    if body["type"] == "error" {
        failure(body);
    } else {
        result(body);
    }
}

/// Checks an error class: one of the table, or a generator's own.
pub(crate) fn class(name: &str) -> ErrorType {
    let own =
        (1..=64).contains(&name.len()) && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    assert!(own || TABLE.iter().any(|row| row.name == name), "{name:?}");
    ErrorType::named(name)
}

/// Checks a generator's text in an answer: one short line.
pub(crate) fn said(text: &str, limit: usize) {
    assert!(text.chars().count() <= limit, "{text:?}");
    assert!(!text.contains(char::is_control), "{text:?}");
}

fn result(body: &Value) {
    let known = body["type"].as_str().is_some_and(|kind| RESULTS.contains(&kind));
    // Health, an operation and an accepted completion have a status instead; the authorizer returns a policy, a sweep its
    // counts, a list its page.
    let counts = body["done"].is_u64() && body["failed"].is_u64();
    let page = body["operations"].is_array();
    assert!(known || body["status"].is_string() || body["policyDocument"].is_object() || counts || page, "{body}");
}

/// Checks an error; returns the status that it must have.
fn failure(body: &Value) -> u64 {
    let class = class(body["error_type"].as_str().expect("a class"));
    assert_ne!(class, ErrorType::UnexpectedError, "{body}");
    assert!(body["error"].as_str().is_some_and(|code| !code.is_empty()), "{body}");
    assert!(body["retryable"].is_boolean() && body["request_id"].is_string(), "{body}");
    assert_eq!(body["details"]["error_type"], class.name(), "{body}");
    let message = body.get("message").or(body.get("detail")).and_then(Value::as_str);
    assert!(message.is_some_and(|message| !message.is_empty()), "{body}");
    if let Some(text) = body["details"]["service_error"].as_str() {
        said(text, 200);
    }
    class.row().status.into()
}
