//! operations, event in, answer out, with its platform in memory.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

mod listing;
mod reporting;
mod tasks;
mod watching;
mod world;

use lifecycle::memory::Call;
use operations::Operations;
use serde_json::{Value, json};
use test_support::{batch, rest, rest_with, undocumented};

use world::{KEY, World};

fn done() -> Value {
    json!({"success": true, "result": {"agent": 1}})
}

#[tokio::test]
async fn a_caller_polls_its_operation_until_it_has_ended() {
    let world = World::new(None).await;
    let (status, body, headers) = world.get("/operations/op").await;
    assert_eq!((status, &body["status"], &headers["retry-after"]), (200, &json!("accepted"), &json!("5")));
    world.end().await;
    let (status, body, headers) = world.get("/v1/operations/op/").await;
    assert_eq!((status, &body["status"], &body["result"]), (200, &json!("completed"), &json!({"agent": 1})));
    assert!(headers.get("retry-after").is_none(), "{headers}");
}

#[tokio::test]
async fn an_operation_of_another_owner_is_reported_as_unknown() {
    let world = World::new(None).await;
    for path in ["/operations/other", "/operations/none", "/operations/a%2Fb", "/operations/key%23key-1%230123"] {
        let (status, body, _) = world.get(path).await;
        assert_eq!((status, &body["error_type"]), (404, &json!("not_found")), "{path}");
        assert_eq!(body["message"], "There is no operation with this id.", "{path}");
    }
    assert_eq!(world.platform.store.calls(Call::GetWithOutcome), 2, "invalid ids are not looked up");
    for path in ["/tasks", "/", "/operations/op/x"] {
        let (status, body, _) = world.get(path).await;
        assert_eq!(status, 404, "{path}");
        assert!(body["message"].as_str().unwrap().contains("/operations/{operation_id}"), "{body}");
    }
    let (status, _, headers) = world.send(&rest("DELETE", "/operations/op", "")).await;
    assert_eq!((status, &headers["allow"]), (405, &json!("GET, HEAD")));
}

#[tokio::test]
async fn a_caller_stops_its_operation_and_may_say_so_twice() {
    let world = World::new(Some(KEY)).await;
    let (status, first, headers) = world.send(&rest("POST", "/v1/operations/op/cancel", "")).await;
    assert_eq!((status, &first["operation_id"], &first["status"]), (200, &json!("op"), &json!("cancelled")));
    assert!(headers.get("retry-after").is_none(), "{headers}");
    assert_eq!(world.send(&rest("POST", "/operations/op/cancel", "{}")).await.1, first);
    assert_eq!(world.get("/operations/op").await.1, first);
    let late = world.complete("/operations/op/complete", &[("x-api-key", KEY)], &done()).await;
    assert_eq!(late, (200, json!({"status": "ok", "task_id": "task-of-op"})));
    assert_eq!(world.get("/operations/op").await.1, first, "a late completion changes nothing");
    let told: Vec<_> = world.platform.events.published().iter().map(|event| event.detail_type()).collect();
    assert_eq!(told, ["Operation Cancelled"]);
}

#[tokio::test]
async fn who_cancels_too_late_gets_the_result_with_the_error() {
    let world = World::new(None).await;
    world.end().await;
    let read = world.get("/operations/op").await.1;
    let (status, body, _) = world.send(&rest("POST", "/operations/op/cancel", "")).await;
    assert_eq!((status, &body["error_type"], &body["retryable"]), (409, &json!("already_ended"), &json!(false)));
    assert_eq!((&body["error"], &body["operation"]), (&json!("already_ended"), &read));
    assert_eq!(body["message"], "This operation cannot be cancelled: it has completed.");
    let problem = rest_with("POST", "/operations/op/cancel", "", &[("Accept", "application/problem+json")]);
    let (status, body, _) = world.send(&problem).await;
    assert_eq!((status, &body["title"], &body["operation"]), (409, &json!("Already ended"), &read));
}

#[tokio::test]
async fn nobody_stops_the_operation_of_another() {
    let world = World::new(Some(KEY)).await;
    let unknown = world.send(&rest("POST", "/operations/none/cancel", "")).await.1["message"].clone();
    for path in ["/operations/other/cancel", "/operations/a%2Fb/cancel", "/operations/key%23key-1%230123/cancel"] {
        let (status, body, _) = world.send(&rest("POST", path, "")).await;
        assert_eq!((status, &body["message"]), (404, &unknown), "{path}");
    }
    assert_eq!(world.platform.store.calls(Call::Finish), 0);
    let (status, _, headers) = world.get("/operations/op/cancel").await;
    assert_eq!((status, &headers["allow"]), (405, &json!("POST")), "a link that is followed stops nothing");
}

#[tokio::test]
async fn a_cancellation_that_the_table_does_not_take_can_be_repeated() {
    let world = World::new(None).await;
    world.platform.store.refuse(Call::Finish, 1);
    let (status, body, _) = world.send(&rest("POST", "/operations/op/cancel", "")).await;
    assert_eq!((status, &body["error_type"], &body["retryable"]), (503, &json!("service_unavailable"), &json!(true)));
    assert_eq!(world.send(&rest("POST", "/operations/op/cancel", "")).await.0, 200);
}

#[tokio::test]
async fn a_completion_needs_the_internal_key() {
    let world = World::new(Some(KEY)).await;
    let key = [("x-api-key", KEY)];
    for wrong in [&[][..], &[("x-api-key", "key-1")]] {
        let (status, body) = world.complete("/operations/op/complete", wrong, &done()).await;
        assert_eq!((status, &body["error_type"]), (401, &json!("unauthorized")));
    }
    let mut twice = rest_with("POST", "/operations/op/complete", &done().to_string(), &[]);
    for keys in [json!(["x", KEY]), json!([KEY, "x"]), json!([KEY, KEY])] {
        twice["multiValueHeaders"] = json!({"x-api-key": keys});
        assert_eq!(world.send(&twice).await.0, 401, "{keys}");
    }
    assert_eq!(world.complete("/operations/none/complete", &key, &done()).await.0, 404);
    assert_eq!(world.complete("/operations/op/complete", &key, &json!({})).await.0, 400);
    for _ in 0..2 {
        let (status, body) = world.complete("/v1/operations/op/complete", &key, &done()).await;
        assert_eq!((status, body), (200, json!({"status": "ok", "task_id": "task-of-op"})));
    }
    let unconfigured = World::new(None).await;
    let (status, body) = unconfigured.complete("/operations/op/complete", &key, &done()).await;
    assert_eq!((status, &body["error_type"]), (503, &json!("service_not_configured")));
    assert_eq!(body["message"], "Completions are not available: no internal key is configured.");
    assert_eq!(body["details"]["service_error"], "The internal key is not configured");
}

#[tokio::test]
async fn an_outage_of_the_table_is_retryable() {
    let world = World::new(Some(KEY)).await;
    world.platform.store.refuse(Call::GetWithOutcome, 1);
    let (status, body, headers) = world.get("/operations/op").await;
    assert_eq!((status, &body["error"]), (503, &json!("operation_failed:service_unavailable")));
    assert_eq!((&body["retryable"], &headers["retry-after"]), (&json!(true), &json!("10")));
    assert_eq!(world.get("/operations/op").await.0, 200);
}

#[tokio::test]
async fn completions_by_queue_are_processed_and_unknown_operations_stay_on_the_queue() {
    let world = World::new(None).await;
    let completion = json!({"task_id": "task-of-op", "success": true}).to_string();
    let unknown = json!({"operation_id": "none", "success": true}).to_string();
    let answer = world.fixture.invoke(&batch(&["{", &unknown, &completion])).await.unwrap();
    assert_eq!(answer, json!({"batchItemFailures": [{"itemIdentifier": "m0"}, {"itemIdentifier": "m1"}]}));
    assert_eq!(world.get("/operations/op").await.1["result"], json!({"status": "completed"}));
}

#[tokio::test]
async fn the_schedule_has_ends_announced_that_nobody_told() {
    let world = World::new(None).await;
    world.end().await;
    world.platform.store.due_now("op");
    let event: Value = serde_json::from_str(include_str!("../../../../events/operations-sweep.json")).unwrap();
    assert_eq!(world.fixture.invoke(&event).await.unwrap(), json!({"done": 1, "failed": 0}));
    assert_eq!(world.platform.events.published().len(), 1);
    world.platform.store.refuse(Call::Due, 1);
    let (error_type, _) = world.fixture.invoke(&event).await.unwrap_err();
    assert_eq!(error_type, "service_unavailable", "an alarm tells of a sweep that fails");
}

#[tokio::test]
async fn any_other_payload_fails_the_invocation_and_says_what_to_send() {
    let world = World::new(Some(KEY)).await;
    for event in [json!({"operation_id": "op"}), json!({"sweep": 1}), json!({"detail-type": "t", "detail": {}})] {
        let (error_type, message) = world.fixture.invoke(&event).await.unwrap_err();
        assert_eq!(error_type, "invalid_request");
        assert!(message.contains(r#"{"sweep": true}"#), "{message}");
    }
    assert_eq!(world.platform.store.calls(Call::Due), 0);
}

#[test]
fn openapi_yaml_documents_every_route_and_method() {
    assert_eq!(undocumented::<Operations>(), Vec::<String>::new());
}
