//! operations, event in, answer out, with its platform in memory.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use std::{sync::Arc, time::Duration};

use lambda::Service;
use lifecycle::{
    complete::Completions,
    memory::{Call, MemoryPlatform, MemoryQueue},
    ports::{Claim, JobQueue, OperationStore},
    progress::{Entry, ProgressLog, Told},
    record::{By, Fingerprint, NewOperation, Outcome, Tool},
    sweep::Sweeper,
};
use operations::{InternalKey, Operations};
use secrecy::SecretString;
use serde_json::{Value, json};
use shared::{caller::Owner, progress::Step};
use test_support::{Fixture, Scripted, batch, rest, rest_with, undocumented};
use tokio::time::{Instant, sleep};

const KEY: &str = "hunter2-the-internal-key";

struct World {
    fixture: Fixture<Operations>,
    platform: MemoryPlatform,
}

impl World {
    /// Ends the operation `op`, and tells nobody.
    async fn end(&self) {
        let by = By::Anyone(self.platform.store.record("op").unwrap().creation);
        let outcome = Outcome::Completed(r#"{"agent":1}"#.to_owned());
        let now = shared::invocation::Clock::system().now();
        self.platform.store.finish("op", by, &outcome, now).await.unwrap();
    }

    /// Has the operation `op` of the API key `key-1`, and `other` of `key-2`.
    async fn new(key: Option<&str>) -> Self {
        let platform = MemoryPlatform::default();
        let (ending, visibility) = (platform.platform().ending, platform.platform().visibility);
        let key = InternalKey(
            key.map(|key| -> Arc<dyn http_client::secret::SecretSource> { Arc::new(SecretString::from(key)) }),
        );
        let jobs: Arc<dyn JobQueue> = Arc::<MemoryQueue>::clone(&platform.jobs);
        let progress = platform.platform().log;
        let sweeper = Sweeper { ending: ending.clone(), jobs: vec![(Tool::GenerateAgent, jobs)] };
        let completions = Completions { ending, visibility, settings: platform.platform().settings };
        let fixture = Fixture::of_service(
            |_| Service::new(Operations { completions, key, sweeper, progress }).with_requests().with_queue(),
            Scripted::default(),
        );
        for (operation_id, owner) in [("op", "key-1"), ("other", "key-2")] {
            platform.store.create(&new_operation(operation_id, owner)).await.unwrap();
        }
        Self { fixture, platform }
    }

    async fn send(&self, event: &Value) -> (u64, Value, Value) {
        let answer = self.fixture.invoke(event).await.unwrap();
        let body = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        (answer["statusCode"].as_u64().unwrap(), body, answer["headers"].clone())
    }

    async fn get(&self, path: &str) -> (u64, Value, Value) {
        self.send(&rest("GET", path, "")).await
    }

    async fn complete(&self, path: &str, key: &[(&str, &str)], body: &Value) -> (u64, Value) {
        let (status, body, _) = self.send(&rest_with("POST", path, &body.to_string(), key)).await;
        (status, body)
    }
}

fn new_operation(operation_id: &str, owner: &str) -> NewOperation {
    let now = shared::invocation::Clock::system().now();
    NewOperation {
        operation_id: operation_id.to_owned(),
        task_id: format!("task-of-{operation_id}"),
        tool: Tool::GenerateAgent,
        owner: Some(Owner(owner.to_owned())),
        idempotency_key: None,
        fingerprint: Fingerprint("fingerprint".to_owned()),
        request: "{}".to_owned(),
        callback_url: None,
        session_id: None,
        created_at: now,
        deadline: now.after(Duration::from_secs(1_800)),
        expires_at: now.after(Duration::from_secs(3_600)),
    }
}

/// Claims the operation `op` and tells of a step.
async fn work_on_it(world: &World) {
    let store = &world.platform.store;
    let now = shared::invocation::Clock::system().now();
    let claim = store.claim("op", now, now.after(Duration::from_secs(90))).await.unwrap();
    let Claim::Taken { record, .. } = claim else { panic!("not taken") };
    let told = Told::Step { name: Step::Planning, detail: Some("5 steps".to_owned()) };
    let entries = [Entry { seq: 2, at: now.rfc3339(), attempt: 1, told }];
    store.append(&record, &entries, now).await.unwrap().unwrap();
}

fn watching(parameters: &Value) -> Value {
    let mut event = rest("GET", "/operations/op/events", "");
    event["queryStringParameters"] = parameters.clone();
    event
}

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
    for path in ["/operations", "/", "/operations/op/x"] {
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
    let event: Value = serde_json::from_str(include_str!("../../../events/operations-sweep.json")).unwrap();
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
    let event = rest_with("GET", "/operations/op/events", "", &[("Accept", "text/event-stream")]);
    let (status, body, _) = world.send(&event).await;
    assert_eq!((status, &body["error_type"], &body["retryable"]), (406, &json!("not_acceptable"), &json!(false)));
    assert!(body["message"].as_str().unwrap().contains("Accept: application/json"), "{body}");
}

#[tokio::test]
async fn an_outage_of_the_log_is_retryable() {
    let world = World::new(None).await;
    work_on_it(&world).await;
    world.platform.store.refuse(Call::Entries, 1);
    assert_eq!(world.get("/operations/op/events").await.0, 503);
    assert_eq!(world.get("/operations/op/events").await.0, 200);
}

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
        ..new_operation("newer", "key-1")
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

#[test]
fn openapi_yaml_documents_every_route_and_method() {
    assert_eq!(undocumented::<Operations>(), Vec::<String>::new());
}
