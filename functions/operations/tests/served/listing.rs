//! A caller's own operations, page by page.

use std::time::Duration;

use lifecycle::{
    memory::{Call, new_operation},
    ports::OperationStore,
    record::NewOperation,
};
use serde_json::{Value, json};
use shared::{invocation::Clock, timestamp::Timestamp};
use test_support::rest;

use crate::world::World;

/// `op` is the newest; the others begin `gap` seconds apart before it.
async fn with_older(count: u32, gap: f64) -> World {
    let world = World::new(None).await;
    for number in 1..=count {
        let new = new_operation(&format!("older-{number}"), "key-1", Clock::system().now());
        let created_at = Timestamp(new.created_at.0 - f64::from(number) * gap);
        let deadline = created_at.after(Duration::from_secs(1_800));
        world.platform.store.create(&NewOperation { created_at, deadline, ..new }).await.unwrap();
    }
    world
}

async fn list(world: &World, parameters: &Value) -> (u64, Value) {
    let mut event = rest("GET", "/v1/operations", "");
    event["queryStringParameters"] = parameters.clone();
    let (status, body, _) = world.send(&event).await;
    (status, body)
}

fn ids(page: &Value) -> Vec<&str> {
    page["operations"].as_array().unwrap().iter().map(|head| head["operation_id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_caller_lists_its_own_operations_from_the_newest_on() {
    let world = with_older(4, 1.0).await;
    let (status, page) = list(&world, &json!({"limit": "2"})).await;
    assert_eq!((status, ids(&page)), (200, vec!["op", "older-1"]));
    let head = page["operations"][0].as_object().unwrap();
    let keys: Vec<_> = head.keys().map(String::as_str).collect();
    assert_eq!(keys, ["operation_id", "task_id", "tool_name", "status", "created_at", "updated_at"], "heads alone");
    assert_eq!((&head["task_id"], &head["status"]), (&json!("task-of-op"), &json!("accepted")));
    let (_, page) = list(&world, &json!({"limit": "2", "cursor": page["next"]})).await;
    assert_eq!(ids(&page), ["older-2", "older-3"]);
    let (_, page) = list(&world, &json!({"limit": "2", "cursor": page["next"]})).await;
    assert_eq!((ids(&page), &page["next"]), (vec!["older-4"], &Value::Null));
    let (_, page) = list(&world, &Value::Null).await;
    assert_eq!((ids(&page).len(), &page["next"]), (5, &Value::Null), "other owners' operations are not listed");
}

#[tokio::test]
async fn operations_of_one_status_are_found_among_all_others() {
    // Half an hour is the deadline: of 250 operations that nobody has ended, most are past it.
    let world = with_older(250, 60.0).await;
    world.end().await;
    let (_, completed) = list(&world, &json!({"status": "completed"})).await;
    assert_eq!((ids(&completed), &completed["next"]), (vec!["op"], &Value::Null));
    let (_, accepted) = list(&world, &json!({"status": "accepted", "limit": "100"})).await;
    assert_eq!(ids(&accepted).len(), 29);
    let mut seen = Vec::new();
    let mut parameters = json!({"status": "failed", "limit": "100"});
    loop {
        let (_, page) = list(&world, &parameters).await;
        for head in page["operations"].as_array().unwrap() {
            assert_eq!((&head["status"], &head["error_type"]), (&json!("failed"), &json!("timeout")));
            seen.push(head["operation_id"].as_str().unwrap().to_owned());
        }
        if page["next"].is_null() {
            break;
        }
        parameters["cursor"] = page["next"].clone();
    }
    let expected: Vec<_> = (30..=250).map(|number| format!("older-{number}")).collect();
    assert_eq!(seen, expected);
    let (_, cancelled) = list(&world, &json!({"status": "cancelled"})).await;
    assert_eq!((ids(&cancelled).len(), &cancelled["next"]), (0, &Value::Null));
}

#[tokio::test]
async fn a_request_looks_at_a_bounded_part_of_a_long_list() {
    let world = with_older(1_100, 0.5).await;
    world.end().await;
    let (_, first) = list(&world, &json!({"status": "running"})).await;
    assert_eq!(ids(&first).len(), 0);
    assert_eq!(world.platform.store.calls(Call::OfOwner), 10);
    let (_, second) = list(&world, &json!({"status": "running", "cursor": first["next"]})).await;
    assert_eq!((ids(&second).len(), &second["next"]), (0, &Value::Null), "an empty page is not the end; null is");
}

#[tokio::test]
async fn a_wrong_parameter_of_a_list_says_what_is_right() {
    let world = World::new(None).await;
    for (name, values, right) in [
        ("limit", ["0", "101", "x"], "The parameter limit must be a whole number from 1 to 100."),
        ("status", ["", "done", "FAILED"], "The parameter status must be accepted, running, completed, failed or"),
        ("cursor", ["", "x", "0000000000000000a/b"], "The parameter cursor must be the next of another page."),
    ] {
        for value in values {
            let (status, body) = list(&world, &json!({name: value})).await;
            assert_eq!((status, &body["error_type"]), (400, &json!("invalid_request")), "{name}={value}");
            assert!(body["message"].as_str().unwrap().starts_with(right), "{body}");
        }
    }
    assert_eq!(world.platform.store.calls(Call::OfOwner), 0);
}

#[tokio::test]
async fn a_caller_without_a_name_has_no_list() {
    let world = World::new(None).await;
    let mut nobody = rest("GET", "/operations", "");
    nobody["requestContext"]["identity"] = json!({});
    let (status, body, _) = world.send(&nobody).await;
    assert_eq!((status, &body["error_type"]), (400, &json!("invalid_request")));
    let right = "Only a caller with a name has operations to list, and the gateway names none. Send x-api-key, or \
                 let the authorizer give a principalId.";
    assert_eq!(body["message"], right);
}

#[tokio::test]
async fn an_outage_of_the_index_of_owners_is_retryable() {
    let world = World::new(None).await;
    world.platform.store.refuse(Call::OfOwner, 1);
    assert_eq!(list(&world, &Value::Null).await.0, 503);
    assert_eq!(list(&world, &Value::Null).await.0, 200);
}
