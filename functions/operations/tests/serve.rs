//! operations with a platform in memory: status, completion, the internal key.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::{sync::Arc, time::Duration};

use http_client::secret::SecretSource;
use lambda::queue::{Consumer, Handled, Message};
use lifecycle::{
    complete::Completions,
    end::Ending,
    memory::{Call, MemoryEvents, MemoryQueue, MemoryStore, new_operation},
    ports::OperationStore,
    record::{NewOperation, Outcome},
    settings::Settings,
    sweep::Sweeper,
};
use operations::{InternalKey, Operations, Refused};
use secrecy::SecretString;
use serde_json::{Value, json};
use shared::{
    bad_request::BadRequest,
    caller::Owner,
    invocation::{Clock, Invocation},
    port_error::{PortError, PortFuture},
    request_log::RequestLog,
    timestamp::Timestamp,
};
use tokio::time::Instant;

const KEY: &str = "hunter2-the-internal-key";
const START: Timestamp = Timestamp(1_795_000_000.0);

struct Fixture {
    operations: Operations,
    store: Arc<MemoryStore>,
    events: Arc<MemoryEvents>,
}

impl Fixture {
    /// Has the operation `op` of the owner `alice`.
    async fn new(key: Option<Arc<dyn SecretSource>>) -> Self {
        let (store, events) = (Arc::new(MemoryStore::default()), Arc::new(MemoryEvents::default()));
        let queue = Arc::new(MemoryQueue::default());
        let ending = Ending {
            store: Arc::<MemoryStore>::clone(&store),
            events: Arc::<MemoryEvents>::clone(&events),
            callbacks: Arc::<MemoryQueue>::clone(&queue),
        };
        let progress = Arc::<MemoryStore>::clone(&store);
        let sweeper = Sweeper { ending: ending.clone(), jobs: Vec::new() };
        let completions = Completions { ending, visibility: queue, settings: Settings::default(), saver: None };
        let new = NewOperation { task_id: "task".to_owned(), ..new_operation("op", "alice", START) };
        store.create(&new).await.unwrap();
        Self { operations: Operations { completions, key: InternalKey(key), sweeper, progress }, store, events }
    }

    async fn with_key() -> Self {
        Self::new(Some(secret(KEY))).await
    }

    async fn status(&self, operation_id: &str, reader: Option<&str>) -> Result<Value, Refused> {
        let reader = reader.map(|reader| Owner(reader.to_owned()));
        let answer = self.operations.status(operation_id, reader.as_ref(), invocation()).await?;
        Ok(serde_json::from_str(&answer.body).unwrap())
    }

    async fn complete(&self, operation_id: &str, key: Option<&str>, body: &Value) -> Result<Value, Refused> {
        let answer = self.operations.complete(operation_id, key, &body.to_string(), invocation()).await?;
        Ok(serde_json::from_str(&answer).unwrap())
    }
}

fn secret(text: &str) -> Arc<dyn SecretSource> {
    Arc::new(SecretString::from(text))
}

fn invocation() -> Invocation<'static> {
    let clock = Clock::at(START.after(Duration::from_secs(60)));
    Invocation { clock, end: Instant::now() + Duration::from_secs(30), request_id: "r" }
}

fn done() -> Value {
    json!({"success": true, "result": {"agent": 1}})
}

#[tokio::test]
async fn a_caller_sees_its_own_operation_only() {
    let fixture = Fixture::with_key().await;
    let own = fixture.status("op", Some("alice")).await.unwrap();
    assert_eq!(
        (&own["operation_id"], &own["task_id"], &own["status"]),
        (&json!("op"), &json!("task"), &json!("accepted"))
    );
    for (operation_id, reader) in [("op", Some("bob")), ("op", None), ("other", Some("alice"))] {
        let refused = fixture.status(operation_id, reader).await.unwrap_err();
        assert_eq!(refused, Refused::Bad(BadRequest::NoSuchOperation), "{operation_id} {reader:?}");
    }
}

#[tokio::test]
async fn a_repeated_completion_changes_nothing() {
    let fixture = Fixture::with_key().await;
    let answer = json!({"status": "ok", "task_id": "task"});
    assert_eq!(fixture.complete("op", Some(KEY), &done()).await.unwrap(), answer);
    let contrary = json!({"success": false, "error": "no", "error_type": "timeout"});
    for again in [done(), contrary] {
        assert_eq!(fixture.complete("op", Some(KEY), &again).await.unwrap(), answer);
    }
    let status = fixture.status("op", Some("alice")).await.unwrap();
    assert_eq!((&status["status"], &status["result"]), (&json!("completed"), &json!({"agent": 1})));
    assert_eq!(fixture.events.published().len(), 1);
}

#[tokio::test]
async fn a_completion_that_names_another_operation_or_task_changes_nothing() {
    let fixture = Fixture::with_key().await;
    for ids in [json!({"task_id": "another"}), json!({"operation_id": "another", "task_id": "task"})] {
        let mut body = done();
        body.as_object_mut().unwrap().extend(ids.as_object().unwrap().clone());
        let refused = fixture.complete("op", Some(KEY), &body).await.unwrap_err();
        assert_eq!(refused, Refused::Bad(BadRequest::NoSuchOperation), "{ids}");
        assert_eq!(fixture.store.calls(Call::Finish), 0, "{ids}");
    }
    let mut body = done();
    body["operation_id"] = json!("op");
    body["task_id"] = json!("task");
    assert!(fixture.complete("op", Some(KEY), &body).await.is_ok());
}

#[tokio::test]
async fn without_a_configured_key_nobody_completes_an_operation() {
    for key in [None, Some(secret("")), Some(secret(" \n"))] {
        let fixture = Fixture::new(key).await;
        for given in [None, Some(""), Some(" \n"), Some(KEY)] {
            assert_eq!(fixture.complete("op", given, &done()).await, Err(Refused::NotConfigured), "{given:?}");
        }
    }
}

#[tokio::test]
async fn a_caller_with_a_wrong_key_completes_nothing_and_learns_nothing() {
    let fixture = Fixture::with_key().await;
    let longer = format!("{KEY}0");
    let keys = [None, Some(""), Some("x"), Some(&KEY[1..]), Some(&KEY[..KEY.len() - 1]), Some(&*longer)];
    for (operation_id, body) in [("op", done()), ("other", done()), ("op", json!([]))] {
        for key in keys {
            let refused = fixture.complete(operation_id, key, &body).await.unwrap_err();
            assert_eq!(refused, Refused::Bad(BadRequest::Unauthorized), "{key:?}");
        }
    }
    assert_eq!((fixture.store.calls(Call::Get), fixture.store.calls(Call::Finish)), (0, 0));
}

#[tokio::test]
async fn an_invalid_completion_says_what_is_wrong() {
    let fixture = Fixture::with_key().await;
    let unknown = fixture.complete("other", Some(KEY), &done()).await.unwrap_err();
    assert_eq!(unknown, Refused::Bad(BadRequest::NoSuchOperation));
    for body in [json!([]), json!({}), json!({"success": "yes"})] {
        let refused = fixture.complete("op", Some(KEY), &body).await.unwrap_err();
        assert!(matches!(refused, Refused::Bad(_)), "{body}");
    }
    assert_eq!(fixture.status("op", Some("alice")).await.unwrap()["status"], "accepted");
}

/// A secret store that is down.
#[derive(Debug)]
struct Down;

impl SecretSource for Down {
    fn read(&self) -> PortFuture<'_, SecretString> {
        Box::pin(async { Err(PortError { service: "secrets", code: "ThrottlingException".to_owned() }) })
    }
}

#[tokio::test]
async fn an_outage_of_the_platform_does_not_reject_the_key_and_loses_no_completion() {
    let fixture = Fixture::new(Some(Arc::new(Down))).await;
    assert!(matches!(fixture.complete("op", Some(KEY), &done()).await, Err(Refused::Platform(_))));
    let fixture = Fixture::with_key().await;
    fixture.store.refuse(Call::Finish, 1);
    fixture.events.refuse(1);
    for _ in 0..2 {
        assert!(matches!(fixture.complete("op", Some(KEY), &done()).await, Err(Refused::Platform(_))));
    }
    assert!(fixture.complete("op", Some(KEY), &done()).await.is_ok());
    assert_eq!(fixture.store.outcome("op"), Some(Outcome::Completed(r#"{"agent":1}"#.to_owned())));
    assert_eq!(fixture.events.published().len(), 1);
}

#[tokio::test]
async fn a_completion_by_queue_has_the_effect_of_one_by_http() {
    let fixture = Fixture::with_key().await;
    let body = json!({"operation_id": "op", "task_id": "task", "success": true, "result": {"agent": 1}}).to_string();
    let message = Message { id: "m".into(), receipt_handle: "h".into(), body, receives: 1, source: None };
    assert_eq!(
        fixture.operations.completions.consume(&message, invocation(), &mut RequestLog::default()).await,
        Handled::Done
    );
    assert_eq!(fixture.store.outcome("op"), Some(Outcome::Completed(r#"{"agent":1}"#.to_owned())));
    assert!(fixture.complete("op", Some(KEY), &done()).await.is_ok(), "a repeat over HTTP changes nothing");
    assert_eq!(fixture.events.published().len(), 1);
}

#[tokio::test]
async fn debug_output_and_errors_hide_the_internal_key() {
    let fixture = Fixture::with_key().await;
    let refused = fixture.complete("op", Some("wrong"), &done()).await.unwrap_err();
    for shown in [format!("{:?}", fixture.operations), format!("{refused:?}"), refused.to_string()] {
        assert!(!shown.contains(KEY), "{shown}");
    }
}
