//! A generator that has taken a job over tells what it does.

use std::time::Duration;

use lifecycle::{
    memory::Call,
    ports::{Claim, OperationStore},
};
use serde_json::{Value, json};
use shared::invocation::Clock;
use test_support::{rest, rest_with};

use crate::world::{KEY, World};

const PATH: &str = "/v1/operations/op/events";

fn events() -> Value {
    json!({"events": [
        {"type": "step", "name": "planning", "detail": "3 parts"},
        {"type": "block_added", "node": "n1", "block": "ReadRssBlock", "name": "Read the feed"},
    ]})
}

async fn handed_over() -> World {
    let world = World::new(Some(KEY)).await;
    let (store, now) = (&world.platform.store, Clock::system().now());
    let claim = store.claim("op", now, now.after(Duration::from_secs(90))).await.unwrap();
    let Claim::Taken { fence, .. } = claim else { panic!("not taken") };
    assert!(store.hand_over("op", fence, None, now).await.unwrap());
    world
}

#[tokio::test]
async fn a_caller_sees_what_the_generator_that_has_its_job_does() {
    let world = handed_over().await;
    let told = world.complete(PATH, &[("x-api-key", KEY)], &events()).await;
    assert_eq!(told, (202, json!({"status": "ok", "task_id": "task-of-op", "taken": 2, "dropped": 0})));
    let (_, seen, _) = world.get("/operations/op/events").await;
    let seen: Vec<_> = seen["events"].as_array().unwrap().iter().skip(1).cloned().collect();
    assert_eq!((&seen[0]["name"], &seen[0]["detail"]), (&json!("planning"), &json!("3 parts")));
    assert_eq!((&seen[1]["seq"], &seen[1]["block"]), (&json!(3), &json!("ReadRssBlock")));
    world.end().await;
    let told = world.complete(PATH, &[("x-api-key", KEY)], &events()).await;
    assert_eq!(told, (202, json!({"status": "ok", "task_id": "task-of-op", "taken": 0, "dropped": 2})));
}

#[tokio::test]
async fn nobody_without_the_internal_key_tells_anything() {
    let world = handed_over().await;
    for key in [&[][..], &[("x-api-key", "key-1")]] {
        let (status, body) = world.complete(PATH, key, &json!({"events": 1})).await;
        assert_eq!((status, &body["error_type"]), (401, &json!("unauthorized")));
    }
    assert_eq!((world.platform.store.calls(Call::Get), world.platform.store.calls(Call::Append)), (0, 0));
    let unconfigured = World::new(None).await;
    assert_eq!(unconfigured.complete(PATH, &[("x-api-key", KEY)], &events()).await.0, 503);
}

#[tokio::test]
async fn wrong_events_say_what_is_right_and_an_unknown_operation_is_not_found() {
    let world = handed_over().await;
    let (status, body) = world.complete(PATH, &[("x-api-key", KEY)], &json!({"events": []})).await;
    assert_eq!((status, &body["error_type"]), (400, &json!("invalid_request")));
    assert!(body["message"].as_str().unwrap().starts_with("The field events must be 1 to 20 objects"), "{body}");
    for path in ["/operations/none/events", "/operations/a%2Fb/events"] {
        assert_eq!(world.complete(path, &[("x-api-key", KEY)], &events()).await.0, 404, "{path}");
    }
    world.platform.store.refuse(Call::Append, 1);
    let event = rest_with("POST", PATH, &events().to_string(), &[("x-api-key", KEY)]);
    let (status, body, _) = world.send(&event).await;
    assert_eq!((status, &body["retryable"]), (503, &json!(true)));
    let (status, _, headers) = world.send(&rest("DELETE", PATH, "")).await;
    assert_eq!((status, &headers["allow"]), (405, &json!("GET, HEAD, POST")));
}
