//! An operation by its task.

use std::time::Duration;

use lifecycle::{
    memory::{Call, new_operation},
    ports::OperationStore,
    record::NewOperation,
};
use serde_json::json;
use shared::invocation::Clock;
use test_support::rest;

use crate::world::World;

#[tokio::test]
async fn a_caller_that_knows_only_its_task_finds_its_newest_operation() {
    let world = World::new(None).await;
    let (status, body, headers) = world.get("/v1/tasks/task-of-op").await;
    assert_eq!((status, &body["task_id"], &body["operation_id"]), (200, &json!("task-of-op"), &json!("op")));
    assert_eq!((&body["status"], &body["tool_name"]), (&json!("accepted"), &json!("generate_agent")));
    assert!(body["session_id"].is_null() && body["created_at"].is_string(), "{body}");
    assert_eq!(headers["retry-after"], "5");
    world.end().await;
    let (_, body, headers) = world.get("/tasks/task-of-op").await;
    assert_eq!((&body["status"], headers.get("retry-after")), (&json!("completed"), None));
    let newer = NewOperation {
        task_id: "task-of-op".to_owned(),
        session_id: Some("session-1".to_owned()),
        created_at: world.platform.store.record("op").unwrap().created_at.after(Duration::from_secs(1)),
        ..new_operation("newer", "key-1", Clock::system().now())
    };
    world.platform.store.create(&newer).await.unwrap();
    let (_, body, _) = world.get("/tasks/task-of-op").await;
    assert_eq!((&body["operation_id"], &body["session_id"]), (&json!("newer"), &json!("session-1")));
}

#[tokio::test]
async fn the_task_of_another_owner_is_reported_as_unknown() {
    let world = World::new(None).await;
    for path in ["/tasks/task-of-other", "/tasks/none", "/tasks/a%2Fb", "/tasks/%20"] {
        let (status, body, _) = world.get(path).await;
        assert_eq!((status, &body["error_type"]), (404, &json!("not_found")), "{path}");
        assert_eq!(body["message"], "There is no task with this id.", "{path}");
    }
    let mut nobody = rest("GET", "/tasks/task-of-op", "");
    nobody["requestContext"]["identity"] = json!({});
    assert_eq!(world.send(&nobody).await.0, 404, "a caller without a name has no operation");
    assert_eq!(world.platform.store.calls(Call::NewestOfTask), 2, "invalid ids are not looked up");
    let (status, _, headers) = world.send(&rest("POST", "/tasks/task-of-op", "")).await;
    assert_eq!((status, &headers["allow"]), (405, &json!("GET, HEAD")));
}

#[tokio::test]
async fn an_outage_of_the_index_of_tasks_is_retryable() {
    let world = World::new(None).await;
    world.platform.store.refuse(Call::NewestOfTask, 1);
    let (status, body, _) = world.get("/tasks/task-of-op").await;
    assert_eq!((status, &body["retryable"]), (503, &json!(true)));
    assert_eq!(world.get("/tasks/task-of-op").await.0, 200);
}
