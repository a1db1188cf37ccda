//! Operations in memory, a worker that tells of them, and a client that listens.

use std::time::Duration;

use lambda::Service;
use lifecycle::{
    memory::{MemoryPlatform, new_operation},
    ports::{Claim, OperationStore},
    progress::{Entry, LogReader, ProgressLog, Told},
    record::{By, Outcome},
};
use serde_json::{Value, json};
use shared::{invocation::Clock, progress::Step};
use stream::Stream;
use test_support::{Pieces, handled, rest_with, streamed};
use tokio::time::timeout;

pub(crate) const STREAM: (&str, &str) = ("Accept", "text/event-stream");

pub(crate) struct World {
    pub(crate) platform: MemoryPlatform,
    pub(crate) service: Service<Stream>,
    clock: Clock,
}

impl World {
    /// Has the operation `op` of the API key `key-1`, and `other` of `key-2`.
    pub(crate) async fn new() -> Self {
        let platform = MemoryPlatform::default();
        let log_reader = LogReader { store: platform.store.clone(), log: platform.store.clone() };
        let world =
            Self { platform, service: Service::new(Stream { log_reader }).with_streams(), clock: Clock::system() };
        world.start("op", "key-1").await;
        world.start("other", "key-2").await;
        world
    }

    pub(crate) async fn start(&self, operation_id: &str, owner: &str) {
        let new = new_operation(operation_id, owner, self.clock.now());
        self.platform.store.create(&new).await.unwrap();
    }

    /// A worker that has begun tells of each of these in a write of its own.
    pub(crate) async fn tell(&self, operation_id: &str, all: impl IntoIterator<Item = Told>) {
        let (store, now) = (&self.platform.store, self.clock.now());
        if let Claim::Busy { .. } | Claim::Taken { .. } =
            store.claim(operation_id, now, now.after(Duration::from_secs(900))).await.unwrap()
        {
            for told in all {
                let holder = store.record(operation_id).unwrap();
                let entry = Entry { seq: holder.logged.last + 1, at: now.rfc3339(), attempt: 1, told };
                store.append(&holder, &[entry], self.clock.now()).await.unwrap().unwrap();
            }
        }
    }

    pub(crate) async fn end(&self, operation_id: &str, outcome: Outcome) {
        let by = By::Anyone(self.platform.store.record(operation_id).unwrap().creation);
        self.platform.store.finish(operation_id, by, &outcome, self.clock.now()).await.unwrap();
    }

    /// Status, headers and body of an answer that is read to its end.
    pub(crate) async fn answer(&self, event: &Value) -> (u64, Value, String) {
        let answer = handled(&self.service, event.to_string().as_bytes()).await.unwrap();
        let body = answer["body"].as_str().unwrap().to_owned();
        (answer["statusCode"].as_u64().unwrap(), answer["headers"].clone(), body)
    }

    /// Listens in an invocation of this many seconds.
    pub(crate) async fn listen(&self, event: &Value, seconds: u64) -> Pieces {
        let time = Duration::from_secs(seconds);
        let (head, pieces) = streamed(&self.service, event.to_string().as_bytes(), time).await.unwrap();
        assert_eq!((&head["statusCode"], &head["headers"]["content-type"]), (&json!(200), &json!("text/event-stream")));
        pieces
    }
}

/// A request for the events of an operation.
pub(crate) fn watching(operation_id: &str, parameters: Value, headers: &[(&str, &str)]) -> Value {
    let mut event = rest_with("GET", &format!("/operations/{operation_id}/events"), "", headers);
    event["queryStringParameters"] = parameters;
    event
}

pub(crate) fn step(detail: &str) -> Told {
    Told::Step { name: Step::Planning, detail: Some(detail.to_owned()) }
}

pub(crate) fn agent() -> Outcome {
    let body = r#"{"type":"agent_preview","agent_name":"News","node_count":3,"link_count":2,"agent_json":{}}"#;
    Outcome::Completed(body.to_owned())
}

/// The next piece, which has to come within this many seconds; 0: at once.
pub(crate) async fn next(pieces: &mut Pieces, seconds: u64) -> Option<String> {
    // A piece passes through several tasks.
    let time = Duration::from_secs(seconds) + Duration::from_millis(50);
    timeout(time, pieces.next()).await.expect("a piece in time").expect("an unbroken body")
}

/// The fields of each event in the text of a stream, without comments and `retry`.
pub(crate) fn events_in(text: &str) -> Vec<(u64, String, Value)> {
    let field = |event: &str, name: &str| {
        event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).map(str::to_owned)
    };
    let event = |event: &str| {
        let id = field(event, "id")?.parse().unwrap();
        Some((id, field(event, "event").unwrap(), serde_json::from_str(&field(event, "data").unwrap()).unwrap()))
    };
    assert!(text.is_empty() || text.ends_with("\n\n"), "an event is whole: {text:?}");
    text.split("\n\n").filter_map(event).collect()
}
