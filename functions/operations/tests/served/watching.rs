//! Watching an operation.

use std::time::Duration;

use lifecycle::memory::Call;
use serde_json::{Value, json};
use test_support::{rest, rest_with};
use tokio::time::{Instant, sleep};

use crate::world::{World, work_on_it};

fn watching(parameters: &Value) -> Value {
    let mut event = rest("GET", "/operations/op/events", "");
    event["queryStringParameters"] = parameters.clone();
    event
}

#[tokio::test]
async fn a_caller_watches_its_operation_from_event_to_event() {
    let world = World::new(None).await;
    let (status, body, headers) = world.get("/operations/op/events").await;
    assert_eq!((status, &body["operation_id"], &body["status"]), (200, &json!("op"), &json!("accepted")));
    assert_eq!((&body["events"][0]["type"], &body["next"]), (&json!("accepted"), &json!(1)));
    assert_eq!(headers["retry-after"], "5");
    work_on_it(&world).await;
    let (_, body, headers) = world.send(&watching(&json!({"after": "1", "wait": "20"}))).await;
    let event = &body["events"][0];
    assert_eq!((&event["seq"], &event["type"], &event["name"]), (&json!(2), &json!("step"), &json!("planning")));
    assert_eq!((&event["detail"], &body["status"], &body["next"]), (&json!("5 steps"), &json!("running"), &json!(2)));
    assert_eq!(headers["retry-after"], "1", "a caller who waits within the request comes back at once");
    world.end().await;
    let (_, body, headers) = world.send(&watching(&json!({"after": "2"}))).await;
    assert_eq!((&body["events"][0]["type"], &body["status"]), (&json!("completed"), &json!("completed")));
    assert_eq!((body["events"].as_array().unwrap().len(), &body["next"]), (1, &json!(3)));
    assert!(headers.get("retry-after").is_none(), "{headers}");
    assert_eq!(world.platform.events.published().len(), 1, "the end is announced as after a read of the status");
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_waits_hears_of_the_end_when_it_comes() {
    let world = World::new(None).await;
    let (begin, event) = (Instant::now(), watching(&json!({"after": "1", "wait": "20"})));
    let end = async {
        sleep(Duration::from_secs(5)).await;
        world.end().await;
    };
    let ((status, body, _), ()) = tokio::join!(world.send(&event), end);
    assert_eq!((status, &body["status"]), (200, &json!("completed")));
    assert!((5..=7).contains(&begin.elapsed().as_secs()), "{:?}", begin.elapsed());
    let begin = Instant::now();
    assert_eq!(world.send(&watching(&json!({"after": "2", "wait": "20"}))).await.1["events"], json!([]));
    assert_eq!(begin.elapsed(), Duration::ZERO, "nothing comes after an end");
}

#[tokio::test(start_paused = true)]
async fn the_events_of_another_owner_are_reported_as_unknown_at_once() {
    let world = World::new(None).await;
    let begin = Instant::now();
    for path in ["/operations/other/events", "/operations/none/events", "/operations/a%2Fb/events"] {
        let mut event = rest("GET", path, "");
        event["queryStringParameters"] = json!({"wait": "20"});
        let (status, body, _) = world.send(&event).await;
        assert_eq!((status, &body["message"]), (404, &json!("There is no operation with this id.")), "{path}");
    }
    assert_eq!(begin.elapsed(), Duration::ZERO);
    assert_eq!(world.platform.store.calls(Call::Entries), 0);
}

#[tokio::test]
async fn a_wrong_parameter_says_what_is_right() {
    let world = World::new(None).await;
    for (name, values, right) in [
        ("wait", ["21", "-1", "1.5", "soon"], "The parameter wait must be a whole number of seconds from 0 to 20."),
        ("after", ["-1", "+1", "x", "4294967296"], "The parameter after must be a whole number from 0 on"),
    ] {
        for value in values {
            let (status, body, _) = world.send(&watching(&json!({name: value}))).await;
            assert_eq!((status, &body["error_type"]), (400, &json!("invalid_request")), "{name}={value}");
            assert!(body["message"].as_str().unwrap().starts_with(right), "{body}");
        }
    }
    assert_eq!(world.platform.store.calls(Call::Get), 0);
}

#[tokio::test]
async fn a_client_that_wants_a_stream_learns_how_to_ask_for_json() {
    let world = World::new(None).await;
    let stream = rest_with("GET", "/operations/op/events", "", &[("Accept", "text/event-stream")]);
    let ui_messages = watching(&json!({"format": "ui-message-stream"}));
    for event in [stream, ui_messages, rest("GET", "/tasks/task-of-op/stream", "")] {
        let (status, body, _) = world.send(&event).await;
        let told = (status, &body["error_type"], &body["retryable"]);
        assert_eq!(told, (406, &json!("not_acceptable"), &json!(false)), "{event}");
        assert!(body["message"].as_str().unwrap().contains("Accept: application/json"), "{body}");
    }
}

#[tokio::test]
async fn an_outage_of_the_log_is_retryable() {
    let world = World::new(None).await;
    work_on_it(&world).await;
    world.platform.store.refuse(Call::Entries, 1);
    assert_eq!(world.get("/operations/op/events").await.0, 503);
    assert_eq!(world.get("/operations/op/events").await.0, 200);
}
