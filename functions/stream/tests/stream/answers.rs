//! Answers that are not streams, in the format of a gateway that streams.

use lifecycle::memory::Call;
use serde_json::{Value, json};
use stream::Stream;
use test_support::{handled, rest, rest_with, undocumented};

use crate::fixture::{STREAM, World, agent, step, watching};

fn json_of(body: &str) -> Value {
    serde_json::from_str(body).unwrap()
}

#[tokio::test]
async fn a_client_that_wants_json_gets_what_operations_answers() {
    let world = World::new().await;
    world.tell("op", [step("a")]).await;
    let (status, headers, body) = world.answer(&watching("op", json!({"after": "1"}), &[])).await;
    let body = json_of(&body);
    assert_eq!((status, &body["status"], &body["next"]), (200, &json!("running"), &json!(2)));
    assert_eq!((&body["events"][0]["detail"], &headers["retry-after"]), (&json!("a"), &json!("5")));
    assert_eq!(headers["content-type"], "application/json");
    world.end("op", agent()).await;
    let (status, headers, body) = world.answer(&watching("op", json!({"after": "2", "wait": "20"}), &[])).await;
    assert_eq!((status, &json_of(&body)["events"][0]["type"]), (200, &json!("completed")));
    assert!(headers.get("retry-after").is_none(), "{headers}");
    assert_eq!(world.platform.store.calls(Call::Announced), 0, "it may only read");
}

#[tokio::test(start_paused = true)]
async fn who_has_seen_everything_is_told_not_to_come_back() {
    let world = World::new().await;
    world.end("op", agent()).await;
    for seen in ["2", "3", "4294967295"] {
        let (status, _, body) = world.answer(&watching("op", json!(null), &[STREAM, ("Last-Event-ID", seen)])).await;
        assert_eq!((status, body.as_str()), (204, ""), "{seen}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_events_of_another_owner_are_reported_as_unknown_in_every_form() {
    let world = World::new().await;
    for operation_id in ["other", "none", "a%2Fb", "key%23key-1%230123"] {
        for (parameters, headers) in
            [(json!(null), &[STREAM][..]), (json!({"format": "ui-message-stream"}), &[]), (json!({"wait": "20"}), &[])]
        {
            let (status, headers, body) = world.answer(&watching(operation_id, parameters, headers)).await;
            assert_eq!((status, &headers["content-type"]), (404, &json!("application/json")), "{operation_id}");
            assert_eq!(json_of(&body)["message"], "There is no operation with this id.");
        }
    }
    assert_eq!(world.platform.store.calls(Call::Entries), 0);
}

#[tokio::test]
async fn a_wrong_request_says_what_is_right() {
    let world = World::new().await;
    let not_ours = "The parameter format must be ui-message-stream, if it is given.";
    for (parameters, header, message) in [
        (json!({"format": "ndjson"}), "1", not_ours),
        (json!({"after": "-1"}), "", "The parameter after must be a whole number from 0 on"),
        (json!(null), "x", "The header Last-Event-ID must be the id of the last event that you have."),
        (json!(null), "4294967296", "The header Last-Event-ID must be"),
    ] {
        let (status, _, body) = world.answer(&watching("op", parameters, &[STREAM, ("Last-Event-ID", header)])).await;
        let body = json_of(&body);
        assert_eq!((status, &body["error_type"]), (400, &json!("invalid_request")), "{header}");
        assert!(body["message"].as_str().unwrap().starts_with(message), "{body}");
    }
    let (status, headers, _) = world.answer(&rest("POST", "/operations/op/events", "{}")).await;
    assert_eq!((status, &headers["allow"]), (405, &json!("GET, HEAD")));
    assert_eq!(world.answer(&rest("GET", "/operations/op", "")).await.0, 404);
    assert_eq!(world.platform.store.calls(Call::Get), 0);
}

#[tokio::test]
async fn a_table_that_is_down_asks_the_client_to_come_back() {
    let world = World::new().await;
    world.platform.store.refuse(Call::Get, 2);
    for headers in [&[STREAM][..], &[]] {
        let (status, answered, body) = world.answer(&watching("op", json!(null), headers)).await;
        assert_eq!((status, &answered["retry-after"]), (503, &json!("10")));
        assert_eq!(json_of(&body)["error"], "operation_failed:service_unavailable", "as operations says it");
    }
}

#[tokio::test]
async fn a_head_request_opens_no_stream() {
    let world = World::new().await;
    let event = rest_with("HEAD", "/operations/op/events", "", &[STREAM]);
    let (status, headers, body) = world.answer(&event).await;
    assert_eq!((status, &headers["content-type"], body.as_str()), (200, &json!("text/event-stream"), ""));
}

#[tokio::test]
async fn nothing_but_a_request_over_http_is_taken() {
    let world = World::new().await;
    for event in [json!({"operation_id": "op"}), json!({"detail-type": "t", "detail": {}})] {
        let (error_type, _) = handled(&world.service, event.to_string().as_bytes()).await.unwrap_err();
        assert_eq!(error_type, "Runtime.UnknownEvent", "{event}");
    }
}

#[test]
fn openapi_yaml_documents_every_route_and_method() {
    assert_eq!(undocumented::<Stream>(), Vec::<String>::new());
}
