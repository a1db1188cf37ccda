//! Faults while somebody listens to an operation, and faults of its log while a worker is at it.

use std::time::Duration;

use kit::{
    answer::Answer,
    behaviour::{Act, Behaviour},
    binaries,
    cloud_resources::CloudResources,
    events,
    operations_table::{self, operation, step},
    runtime_api::Environment,
    server::FaultyServer,
    streamed::{Listening, Piece},
};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{limits::AMPLE, request::AGENT};

/// The time of an invocation of `stream`.
const TIME: Duration = Duration::from_secs(100);
/// A stream that ends before this is over has a sign of life in it.
const SHORT: Duration = Duration::from_secs(14);
/// For a piece that a hanging call of the table holds up: the call is made again after 5 s.
const SOON: Duration = Duration::from_secs(30);
/// `apiKeyId` in the kit's REST events.
const OWNER: &str = "key1";

/// What fails, and what a caller or the queue sees of it.
pub(crate) type Row = (&'static str, &'static str);

const ALL_OF_IT: &str = "a listener hears every event once and in order";
const LASTS: Row = (
    "the table fails until the invocation ends",
    "the stream shows that it lives, and ends whole in time; with `Last-Event-ID` the client hears the rest, once",
);
const GONE: Row =
    ("the listener goes away", "its stream ends with the operation, or after 90 s; the next one is served");
const NO_LOG: Row = ("a worker cannot write the log", "the job is done all the same; its events show with its end");
const CANCELLED: Row = (
    "an operation is cancelled while a worker is at it",
    "the late result is dropped, and no event comes after `cancelled`",
);
const SUPERSEDED: Row =
    ("a worker is superseded", "neither its result nor an event of it is seen once the other worker has begun");

pub(crate) fn rows() -> Vec<Row> {
    let passing = faults().into_iter().map(|fault| (fault.name, ALL_OF_IT));
    passing.chain([LASTS, GONE, NO_LOG, CANCELLED, SUPERSEDED]).collect()
}

/// A fault of the table once a stream has begun.
struct StreamFault {
    name: &'static str,
    /// One answer, before the table is well again.
    fails: Behaviour,
    /// The time that every answer takes.
    takes: Duration,
}

fn faults() -> Vec<StreamFault> {
    let passes = |name, fails| StreamFault { name, fails, takes: Duration::ZERO };
    let code = |code: &str| json!({"__type": format!("com.amazonaws.dynamodb.v20120810#{code}")}).to_string();
    vec![
        passes("the table says 500", Behaviour::answers(500, "{}")),
        passes("the table is throttled", Behaviour::answers(400, code("ProvisionedThroughputExceededException"))),
        passes("the table denies access", Behaviour::answers(400, code("AccessDeniedException"))),
        passes("the table resets a connection", Behaviour::resets()),
        passes("the table closes in the body", Behaviour::partial_body(200, 9, Act::Close)),
        passes("the table hangs", Behaviour::hangs()),
        passes("the table hangs in the body", Behaviour::partial_body(200, 9, Act::Hang)),
        StreamFault {
            name: "the table takes 0.7 s for every answer",
            fails: Behaviour::answers(500, "{}"),
            takes: Duration::from_millis(700),
        },
    ]
}

async fn stream(table: &FaultyServer) -> Environment {
    Environment::start(&binaries::function("stream"), &operations_table::variables(&table.url())).await
}

fn listening(last_event_id: Option<&str>) -> Value {
    let headers = [("Accept", "text/event-stream"), ("Last-Event-ID", last_event_id.unwrap_or_default())];
    events::rest_with("GET", "/operations/op/events", "", &headers[..1 + usize::from(last_event_id.is_some())])
}

/// What a listener has heard.
#[derive(Debug, Default, PartialEq, Eq)]
struct Heard {
    /// The ids of the events.
    ids: Vec<u32>,
    /// The stream has shown that it lives.
    signs: bool,
    /// All of it has come.
    is_whole: bool,
}

impl Heard {
    /// Listens until the event `id` has come, or to the end.
    async fn until(&mut self, client: &mut Listening, id: Option<u32>) {
        while id.is_none() || self.ids.last().copied() < id {
            match client.next(SOON).await {
                Piece::Head(_) => {}
                Piece::Text(text) => {
                    self.signs |= text.starts_with(':');
                    self.ids.extend(text.lines().filter_map(|line| line.strip_prefix("id: ")?.parse::<u32>().ok()));
                }
                Piece::End { is_whole } => {
                    self.is_whole = is_whole;
                    return;
                }
            }
        }
    }
}

impl StreamFault {
    /// What is heard by somebody who listens all the time.
    async fn play(&self) -> Heard {
        let table = FaultyServer::start(operation("running", 1, &json!([])).after(self.takes)).await;
        let environment = stream(&table).await;
        let mut client = environment.listen(&listening(None), TIME);
        let mut heard = Heard::default();
        heard.until(&mut client, Some(1)).await;
        table.behave(self.fails.clone());
        table.until_received(table.requests().len() + 1).await;
        for (status, id) in [("running", Some(2)), ("cancelled", None)] {
            table.behave(operation(status, 2, &step(2, "a")).after(self.takes));
            heard.until(&mut client, id).await;
        }
        heard
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listener_hears_everything_though_the_table_fails_for_a_while() {
    let mut playing = JoinSet::new();
    for fault in faults() {
        playing.spawn(async move { (fault.name, fault.play().await) });
    }
    for (name, heard) in playing.join_all().await {
        assert_eq!((&*heard.ids, heard.is_whole), (&[1, 2, 3][..], true), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_whose_table_stays_down_ends_in_time_and_is_gone_on_with() {
    let table = FaultyServer::start(operation("running", 1, &json!([]))).await;
    let environment = stream(&table).await;
    let mut client = environment.listen(&listening(None), SHORT);
    let mut heard = Heard::default();
    heard.until(&mut client, Some(1)).await;
    table.behave(Behaviour::answers(500, "{}"));
    heard.until(&mut client, None).await;
    assert_eq!(heard, Heard { ids: vec![1], signs: true, is_whole: true });
    table.behave(operation("cancelled", 2, &step(2, "a")));
    let mut rest = Heard::default();
    rest.until(&mut environment.listen(&listening(Some("1")), TIME), None).await;
    assert_eq!((&*rest.ids, rest.is_whole), (&[2, 3][..], true));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_goes_away_does_not_keep_the_function_past_the_operations_end() {
    let table = FaultyServer::start(operation("running", 1, &json!([]))).await;
    let environment = stream(&table).await;
    let mut client = environment.listen(&listening(None), TIME);
    Heard::default().until(&mut client, Some(1)).await;
    let request_id = client.request_id.clone();
    // Lambda tells the function nothing of it.
    drop(client);
    table.behave(operation("cancelled", 1, &json!([])));
    let next = environment.invoke(&listening(None), TIME).await;
    assert_eq!(next.status(), Some(200), "the environment serves the next one: {next:?}");
    let logs = environment.finish().await;
    let ended = logs.iter().filter(|line| line.contains(&request_id) && line.contains(r#""outcome":"ended""#));
    assert_eq!(ended.count(), 1, "{logs:?}");
}

/// A worker of the jobs of `generate`.
async fn worker(cloud: &CloudResources, generator: &FaultyServer, progress_table: Option<&str>) -> Environment {
    let url = generator.url();
    let mut variables = cloud.variables();
    variables.push(("AGENT_GENERATOR_URL", &url));
    if let Some(table) = progress_table {
        variables.retain(|(name, _)| *name != "PROGRESS_TABLE");
        variables.push(("PROGRESS_TABLE", table));
    }
    Environment::start(&binaries::function("generate"), &variables).await
}

/// `type attempt` of each event of the operation, as its owner reads them.
async fn story(cloud: &CloudResources, operation_id: &str) -> Vec<(String, u64)> {
    let operations = Environment::start(&binaries::function("operations"), &cloud.variables()).await;
    let read = operations.invoke(&events::rest("GET", &format!("/operations/{operation_id}/events"), ""), AMPLE).await;
    let body = read.body();
    let events = body["events"].as_array().unwrap_or_else(|| panic!("{read:?}"));
    events
        .iter()
        .map(|event| (event["type"].as_str().unwrap().to_owned(), event["attempt"].as_u64().unwrap()))
        .collect()
}

/// Whether the message of `event` stays on its queue.
fn stays(answer: &Answer) -> bool {
    answer.payload.as_ref().is_some_and(|payload| payload["batchItemFailures"] != json!([]))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_whose_log_cannot_be_written_is_done_and_its_events_show_with_its_end() {
    let Some(cloud) = CloudResources::create().await else { return };
    let generator = FaultyServer::start(Behaviour::good().after(Duration::from_millis(700))).await;
    let worker = worker(&cloud, &generator, Some("no-such-table")).await;
    let operation_id = Uuid::new_v4().to_string();
    let answer = worker.invoke(&AGENT.job(&operation_id, OWNER), AMPLE).await;
    assert!(!stays(&answer) && answer.elapsed < Duration::from_secs(10), "{answer:?}");
    let story = story(&cloud, &operation_id).await;
    let told: Vec<_> = story.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!((told[0], told[1], *told.last().unwrap()), ("accepted", "started", "completed"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_result_that_comes_after_a_cancellation_is_dropped_and_tells_nothing() {
    let Some(cloud) = CloudResources::create().await else { return };
    let generator = FaultyServer::start(Behaviour::good().after(Duration::from_secs(3))).await;
    let worker = worker(&cloud, &generator, None).await;
    let operations = Environment::start(&binaries::function("operations"), &cloud.variables()).await;
    let operation_id = Uuid::new_v4().to_string();
    let event = AGENT.job(&operation_id, OWNER);
    let cancel = async {
        generator.until_received(1).await;
        operations.invoke(&events::rest("POST", &format!("/operations/{operation_id}/cancel"), ""), AMPLE).await
    };
    let (late, cancelled) = tokio::join!(worker.invoke(&event, AMPLE), cancel);
    assert_eq!(cancelled.status(), Some(200), "{cancelled:?}");
    assert!(!stays(&late), "{late:?}");
    let story = story(&cloud, &operation_id).await;
    let ends = story.iter().filter(|(kind, _)| ["completed", "failed", "cancelled"].contains(&kind.as_str()));
    assert_eq!((ends.count(), story.last().unwrap().0.as_str()), (1, "cancelled"), "{story:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_was_thought_dead_tells_nothing_once_another_has_begun() {
    let Some(cloud) = CloudResources::create().await else { return };
    let slow = FaultyServer::start(Behaviour::good().after(Duration::from_secs(4))).await;
    let quick = FaultyServer::start(Behaviour::good()).await;
    let (dead, alive) = (worker(&cloud, &slow, None).await, worker(&cloud, &quick, None).await);
    let operation_id = Uuid::new_v4().to_string();
    let event = AGENT.job(&operation_id, OWNER);
    let next = async {
        slow.until_received(1).await;
        cloud.lapse_lease(&operation_id).await;
        alive.invoke(&event, AMPLE).await
    };
    let (late, next) = tokio::join!(dead.invoke(&event, AMPLE), next);
    assert!(!stays(&next), "{next:?}");
    assert!(!stays(&late), "the operation has ended: {late:?}");
    let story = story(&cloud, &operation_id).await;
    let attempts: Vec<_> = story.iter().map(|(_, attempt)| *attempt).collect();
    assert!(attempts.is_sorted(), "{story:?}");
    assert_eq!(story.last(), Some(&("completed".to_owned(), 2)), "{story:?}");
    assert_eq!(story.iter().filter(|(kind, _)| kind == "completed").count(), 1, "{story:?}");
}
