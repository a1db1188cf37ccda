//! Faults of the operations table: nothing starts, nothing is lost, and the caller gets an answer in time.

use std::time::Duration;

use kit::{
    answer::Answer,
    behaviour::{Act, Behaviour},
    binaries, events,
    runtime_api::Environment,
    server::FaultyServer,
    unreachable::ClosedPort,
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{
    assistants,
    limits::{AMPLE, RESERVE},
};

/// The limit of a request to a silent table: shorter than the 5 s after which the table is called again.
const NEAR: Duration = Duration::from_secs(2);
/// The limit of a message to a silent table: a message is not processed if less time is left than the work needs.
const LONG: Duration = Duration::from_secs(20);

/// A fault of the table and the error for the caller.
pub(crate) struct TableFault {
    pub(crate) name: &'static str,
    /// `None`: the port refuses connections.
    pub(crate) behaviour: Option<Behaviour>,
    pub(crate) error_type: &'static str,
    /// The number of calls of the table.
    pub(crate) calls: usize,
}

pub(crate) fn faults() -> Vec<TableFault> {
    let row = |name, behaviour, error_type, calls| TableFault { name, behaviour, error_type, calls };
    let temporary = |name, behaviour| row(name, Some(behaviour), "service_unavailable", 4);
    let permanent = |name, behaviour| row(name, Some(behaviour), "service_unavailable", 1);
    let silent = |name, behaviour| row(name, Some(behaviour), "timeout", 1);
    let code = |code: &str| json!({"__type": format!("com.amazonaws.dynamodb.v20120810#{code}")}).to_string();
    vec![
        row("refused", None, "service_unavailable", 0),
        temporary("500", Behaviour::answers(500, "{}")),
        temporary("503", Behaviour::answers(503, "<html>")),
        temporary("throttled", Behaviour::answers(400, code("ProvisionedThroughputExceededException"))),
        temporary("reset", Behaviour::resets()),
        temporary("closed", Behaviour::closes()),
        temporary("closed in the body", Behaviour::partial_body(200, 9, Act::Close)),
        temporary("not HTTP", Behaviour::bytes_then("SSH-2.0-OpenSSH_9.2\r\n", Act::Close)),
        permanent("access denied", Behaviour::answers(400, code("AccessDeniedException"))),
        permanent("no such table", Behaviour::answers(400, code("ResourceNotFoundException"))),
        silent("hangs", Behaviour::hangs()),
        silent("hangs in the body", Behaviour::partial_body(200, 9, Act::Hang)),
        silent("a byte every 50 ms", Behaviour::drips(Duration::from_millis(50))),
    ]
}

/// The services without a fault.
struct GoodServices {
    sqs: FaultyServer,
    secrets: FaultyServer,
    generator: FaultyServer,
}

/// A request or a message to one function.
struct Case {
    function: &'static str,
    event: fn() -> Value,
    way: Way,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Request,
    /// It comes from a queue and has to stay there.
    Message,
    /// The failure is a result.
    Tool,
}

const ID: &str = "0f4c8d52-6a1b-4e7d-9c3f-5b2a7e9d1c84";
const KEY: &str = "internal-key-of-this-test";

fn status_path() -> String {
    format!("/operations/{ID}")
}

fn completion() -> Value {
    events::rest_with(
        "POST",
        &format!("/operations/{ID}/complete"),
        r#"{"success":true,"result":{}}"#,
        &[("x-api-key", KEY)],
    )
}

fn report() -> Value {
    let body = r#"{"events":[{"type":"step","name":"planning"}]}"#;
    events::rest_with("POST", &format!("{}/events", status_path()), body, &[("x-api-key", KEY)])
}

fn in_background(path: &str, body: &str) -> Value {
    events::rest_with("POST", path, body, &[("Prefer", "respond-async")])
}

impl Case {
    /// Plays every fault of the table.
    async fn check(self) {
        let mut playing = JoinSet::new();
        for fault in faults() {
            let (function, event, way) = (self.function, (self.event)(), self.way);
            playing.spawn(async move {
                let wrong = play(function, event, way, &fault).await;
                wrong.into_iter().map(move |wrong| format!("- {}: {wrong}", fault.name)).collect::<Vec<_>>()
            });
        }
        let wrong = playing.join_all().await.concat();
        assert!(wrong.is_empty(), "{} wrong of {}:\n{}", wrong.len(), self.function, wrong.join("\n"));
    }
}

async fn play(function: &'static str, event: Value, way: Way, fault: &TableFault) -> Vec<String> {
    let good = GoodServices {
        sqs: FaultyServer::start(Behaviour::says(json!({}))).await,
        secrets: FaultyServer::start(Behaviour::says(json!({"SecretString": KEY}))).await,
        generator: FaultyServer::start(Behaviour::good()).await,
    };
    let (sqs, secrets, generator) = (good.sqs.url(), good.secrets.url(), good.generator.url());
    let closed = ClosedPort::take();
    let table = match &fault.behaviour {
        Some(behaviour) => Some(FaultyServer::start(behaviour.clone()).await),
        None => None,
    };
    let address = table.as_ref().map_or_else(|| closed.url(), FaultyServer::url);
    let queue = format!("{sqs}/queue");
    let variables = [
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_ENDPOINT_URL", address.as_str()),
        ("AWS_ENDPOINT_URL_SQS", &sqs),
        ("AWS_ENDPOINT_URL_SECRETS_MANAGER", &secrets),
        ("AGENT_GENERATOR_URL", &generator),
        ("OPERATIONS_TABLE", "operations"),
        ("PROGRESS_TABLE", "progress"),
        ("OPERATIONS_BUCKET", "operations"),
        ("EVENT_BUS_NAME", "bus"),
        ("JOBS_QUEUE_URL", &queue),
        ("GENERATE_JOBS_QUEUE_URL", &queue),
        ("PATCH_JOBS_QUEUE_URL", &queue),
        ("CALLBACKS_QUEUE_URL", &queue),
        ("COMPLETIONS_QUEUE_URL", &queue),
        ("INTERNAL_KEY_SECRET_ARN", "internal-key"),
        ("WEBHOOK_SECRET_ARN", "webhook-key"),
    ];
    let environment = Environment::start(&binaries::function(function), &variables).await;
    let is_silent = fault.error_type == "timeout";
    let limit = match (is_silent, way) {
        (false, _) => AMPLE,
        (true, Way::Message) => LONG,
        (true, _) => NEAR,
    };
    let answer = environment.invoke(&event, limit).await;
    let mut wrong = match way {
        Way::Request => check_error(fault, &answer),
        Way::Message => check_message(&event, &answer),
        Way::Tool => assistants::failure_differs(&answer, fault.error_type).into_iter().collect(),
    };
    let calls = table.as_ref().map_or(0, |table| table.requests().len());
    if limit != LONG && calls != fault.calls {
        wrong.push(format!("the table was called {calls} times, expected {}", fault.calls));
    }
    if !good.generator.requests().is_empty() {
        wrong.push("the generator was called".to_owned());
    }
    let in_time = answer.elapsed < limit && (limit != NEAR || answer.elapsed + RESERVE * 2 > limit);
    if !in_time {
        wrong.push(format!("it took {:?} of {limit:?}", answer.elapsed));
    }
    if ["127.0.0.1", "arn:", "operations#"].iter().any(|name| answer.everything().contains(name)) {
        wrong.push("it contains the table's address".to_owned());
    }
    if !environment.is_alive() {
        wrong.push("the process ended".to_owned());
    }
    if !wrong.is_empty() {
        wrong.push(answer.everything().chars().take(600).collect());
    }
    wrong
}

/// What is wrong with the answer to a request.
fn check_error(fault: &TableFault, answer: &Answer) -> Vec<String> {
    let (status, retry_after) = if fault.error_type == "timeout" { (504, None) } else { (503, Some("10")) };
    let body = answer.body();
    let message = body["message"].as_str().unwrap_or_default();
    let is = json!([answer.status(), body["error_type"], body["retryable"], answer.header("retry-after")]);
    let should = json!([status, fault.error_type, true, retry_after]);
    let mut wrong = Vec::new();
    if is != should {
        wrong.push(format!("status, class, retryable and Retry-After are {is}, expected {should}"));
    }
    if !message.ends_with("Please try again.") {
        wrong.push(format!("the message is {message:?}"));
    }
    wrong
}

/// The message has to stay on the queue.
fn check_message(event: &Value, answer: &Answer) -> Vec<String> {
    let stays = json!({"batchItemFailures": [{"itemIdentifier": event["Records"][0]["messageId"]}]});
    if answer.payload.as_ref() == Some(&stays) { Vec::new() } else { vec!["the message does not stay".to_owned()] }
}

macro_rules! cases {
    ($($name:ident: $function:literal $way:ident $event:expr;)*) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            Case { function: $function, event: || $event, way: Way::$way }.check().await;
        })*
    };
}

const GOAL: &str = r#"{"instructions":{"type":"instructions","steps":["Read it"]}}"#;
const CHANGE: &str = r#"{"current_agent_json":{"id":"a-1","nodes":[],"links":[]},"changes":"Rename it"}"#;

fn message() -> Value {
    events::sqs(&json!({"operation_id": ID}).to_string())
}

cases! {
    a_status_through_a_rest_api_asks_the_caller_to_try_again: "operations" Request events::rest("GET", &status_path(), "");
    a_status_through_an_http_api_asks_the_caller_to_try_again: "operations" Request events::http_api("GET", &status_path(), "");
    a_status_through_a_function_url_asks_the_caller_to_try_again: "operations" Request events::function_url("GET", &status_path(), "");
    a_cancellation_that_cannot_be_stored_asks_the_caller_to_try_again: "operations" Request events::rest("POST", &format!("{}/cancel", status_path()), "");
    a_caller_who_lists_its_operations_is_asked_to_try_again: "operations" Request events::rest("GET", "/operations", "");
    a_caller_who_looks_for_its_task_is_asked_to_try_again: "operations" Request events::rest("GET", "/tasks/task-1", "");
    a_caller_who_watches_is_asked_to_try_again: "operations" Request events::rest("GET", &format!("{}/events", status_path()), "");
    a_listener_is_asked_to_try_again: "stream" Request events::rest_with("GET", &format!("{}/events", status_path()), "", &[("Accept", "text/event-stream")]);
    a_generator_whose_events_cannot_be_stored_is_asked_to_try_again: "operations" Request report();
    a_completion_that_cannot_be_stored_asks_the_generator_to_send_it_again: "operations" Request completion();
    a_completion_that_cannot_be_stored_stays_on_its_queue: "operations" Message events::sqs(&json!({"operation_id": ID, "success": true}).to_string());
    an_agent_in_the_background_is_not_accepted_if_it_cannot_be_stored: "generate" Request in_background("/generate", GOAL);
    a_change_in_the_background_is_not_accepted_if_it_cannot_be_stored: "patch" Request in_background("/patch", CHANGE);
    a_model_that_follows_its_work_is_told_to_call_again: "mcp" Tool assistants::call("operation_status", &json!({"operation_id": ID}));
    a_model_that_stops_its_work_is_told_to_call_again: "mcp" Tool assistants::call("cancel_operation", &json!({"operation_id": ID}));
    a_model_that_begins_work_is_told_to_call_again: "mcp" Tool assistants::call("generate_agent", &json!({"steps": [], "background": true}));
    a_job_for_an_agent_stays_on_its_queue: "generate" Message message();
    a_job_for_a_change_stays_on_its_queue: "patch" Message message();
    a_webhook_stays_on_its_queue: "deliver" Message message();
}
