//! The content of a webhook, verified with the standard's own library.

use std::sync::Arc;

use deliver::Ended;
use kit::{behaviour::Behaviour, server::ReceivedRequest};
use lambda_http::http::{HeaderMap, HeaderName};
use lifecycle::{memory::Call, ports::OperationStore, record::Outcome};
use secrecy::SecretString;
use serde_json::{Value, json};
use shared::timestamp::Timestamp;
use standardwebhooks::Webhook;

use crate::fixture::{Fixture, IN_THE_RESULT, KEY, OPERATION_ID, completed, now};

const OTHER_KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn is_verified(request: &ReceivedRequest, key: &str) -> bool {
    let headers = request
        .headers
        .iter()
        .map(|(name, value)| (HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap()));
    let headers: HeaderMap = headers.collect();
    Webhook::new(key).unwrap().verify(request.body.as_bytes(), &headers).is_ok()
}

/// The request for an operation with this outcome.
async fn webhook(operation_id: &str, session_id: Option<&str>, outcome: &Outcome) -> ReceivedRequest {
    let fixture = Fixture::empty(Behaviour::good()).await;
    fixture.started(operation_id, Some(&fixture.address()), session_id).await;
    fixture
        .store
        .finish(operation_id, fixture.anyone(operation_id), outcome, Timestamp(now().0.floor()))
        .await
        .unwrap();
    let attempt = fixture.deliver.attempt(operation_id, crate::fixture::invocation(std::time::Duration::from_secs(60)));
    assert_eq!(attempt.await, Ok(Ended::Delivered));
    assert_eq!(fixture.store.calls(Call::GetWithOutcome), 0, "a result can be megabytes");
    fixture.requests().remove(0)
}

#[tokio::test]
async fn a_receiver_can_verify_a_webhook_and_learns_what_ended() {
    let request = webhook(OPERATION_ID, Some("session"), &completed()).await;
    assert!(is_verified(&request, KEY) && !is_verified(&request, OTHER_KEY));
    assert_eq!(request.method, "POST");
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("webhook-id"), Some(&*format!("msg_{OPERATION_ID}")));
    let body: Value = request.json();
    assert_eq!(body["type"], "operation.completed");
    let timestamp = body["timestamp"].as_str().unwrap();
    assert!(timestamp.len() == "2026-01-01T00:00:00.000Z".len() && timestamp.ends_with('Z'), "{timestamp}");
    assert_eq!(
        body["data"],
        json!({"operation_id": OPERATION_ID, "task_id": "task", "tool_name": "generate_agent", "status": "completed",
               "success": true, "error_type": null, "session_id": "session"})
    );
    assert!(!request.body.contains(IN_THE_RESULT), "the result is only for the caller");
}

#[tokio::test]
async fn a_receiver_learns_why_an_operation_failed() {
    let failed = Outcome::Failed { error_type: "llm_timeout".into(), body: r#"{"type":"error"}"#.into() };
    let body = webhook(OPERATION_ID, None, &failed).await.json();
    assert_eq!(body["type"], "operation.failed");
    let data = &body["data"];
    assert_eq!((&data["status"], &data["success"]), (&json!("failed"), &json!(false)));
    assert_eq!((&data["error_type"], &data["session_id"]), (&json!("llm_timeout"), &Value::Null));
}

#[tokio::test]
async fn a_receiver_learns_that_an_operation_was_cancelled() {
    let body = webhook(OPERATION_ID, Some("session"), &Outcome::Cancelled).await.json();
    assert_eq!(body["type"], "operation.cancelled");
    assert_eq!(
        body["data"],
        json!({"operation_id": OPERATION_ID, "task_id": "task", "tool_name": "generate_agent", "status": "cancelled",
               "success": false, "error_type": null, "session_id": "session"})
    );
}

#[tokio::test]
async fn during_a_key_rotation_the_old_and_the_new_key_both_verify() {
    let mut fixture = Fixture::new(Behaviour::good()).await;
    let rotating = json!({"current": OTHER_KEY, "previous": KEY}).to_string();
    fixture.deliver.keys = Some(Arc::new(SecretString::from(rotating)));
    assert_eq!(fixture.attempt().await, Ok(Ended::Delivered));
    let request = fixture.requests().remove(0);
    assert!(is_verified(&request, KEY) && is_verified(&request, OTHER_KEY));
    assert_eq!(request.header("webhook-signature").unwrap().split(' ').count(), 2);
}

#[tokio::test]
async fn a_webhook_stays_small_and_valid_with_any_id_and_session() {
    let odd_id = "a.b \u{e4}\r\nX-Injected: yes";
    let request = webhook(odd_id, Some(&"s".repeat(100_000)), &completed()).await;
    assert!(is_verified(&request, KEY));
    assert!(request.body.len() < 20_000 && request.header("x-injected").is_none());
    let data = &request.json()["data"];
    assert_eq!((&data["operation_id"], &data["session_id"]), (&json!(odd_id), &Value::Null));
}
