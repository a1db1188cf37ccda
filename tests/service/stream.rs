//! The program that streams: each piece arrives when it is written.

use std::time::{Duration, SystemTime};

use kit::{behaviour::Behaviour, binaries, events, runtime_api::Environment, server::FaultyServer, streamed::Piece};
use serde_json::{Value, json};

use crate::fixture::{assert_nothing_private, request_line};

/// For what takes at most the longest pause between two reads.
const SOON: Duration = Duration::from_secs(15);
/// The time of an invocation.
const TIME: Duration = Duration::from_secs(100);

/// What the table tells of the operation, and of the entries of its log.
fn table(status: &str, logged: u32, entries: &Value) -> Behaviour {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a date after 1970").as_secs();
    let (number, text) = (|number: u64| json!({"N": number.to_string()}), |text: &str| json!({"S": text}));
    let operation = json!({
        "operation_id": text("op"), "task_id": text("task"), "tool_name": text("generate_agent"), "owner": text("key1"),
        "fingerprint": text("f"), "status": text(status), "claims": number(1), "failures": number(0),
        "handed_over": {"BOOL": false}, "announced": {"BOOL": false}, "logged": number(logged.into()),
        "log_writes": number(1), "created_at": number(now), "updated_at": number(now), "deadline": number(now + 1_800),
        "expires_at": number(now + 9_000),
    });
    // One answer for a read of the operation and of the log: each takes its own part.
    Behaviour::says(json!({"Item": operation, "Items": [{"entries": text(&entries.to_string())}]}))
}

fn step(seq: u32, detail: &str) -> Value {
    json!([{"seq": seq, "at": "2026-11-27T12:00:00.000Z", "attempt": 1, "type": "step", "name": "planning", "detail": detail}])
}

async fn stream(table: &FaultyServer) -> Environment {
    let url = table.url();
    let variables = [
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_ENDPOINT_URL", url.as_str()),
        ("OPERATIONS_TABLE", "operations"),
        ("PROGRESS_TABLE", "progress"),
        ("OPERATIONS_BUCKET", "operations"),
    ];
    Environment::start(&binaries::function("stream"), &variables).await
}

fn listening(path: &str) -> Value {
    events::rest_with("GET", path, "", &[("Accept", "text/event-stream")])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_event_arrives_before_the_next_one_is_written() {
    let table_server = FaultyServer::start(table("running", 1, &json!([]))).await;
    let environment = stream(&table_server).await;
    let mut client = environment.listen(&listening("/operations/op/events"), TIME);
    let Piece::Head(head) = client.next(SOON).await else { panic!("status and headers come first") };
    assert_eq!((&head["statusCode"], &head["headers"]["content-type"]), (&json!(200), &json!("text/event-stream")));
    assert_eq!(head["headers"]["x-request-id"], json!(client.request_id));
    assert_eq!(client.text(SOON).await, "retry: 2000\n\n");
    assert!(client.text(SOON).await.starts_with("id: 1\nevent: accepted\ndata: {\"seq\":1,"));
    for seq in 2..5 {
        // Only now is it there to be read.
        table_server.behave(table("running", seq, &step(seq, &format!("{seq} steps"))));
        let event = client.text(SOON).await;
        assert!(event.starts_with(&format!("id: {seq}\nevent: step\ndata: {{")), "{event}");
        assert!(event.contains(&format!("\"detail\":\"{seq} steps\"")) && event.ends_with("\n\n"), "{event}");
    }
    table_server.behave(table("cancelled", 4, &json!([])));
    assert!(client.text(SOON).await.starts_with("id: 5\nevent: cancelled\n"));
    assert_eq!(client.next(SOON).await, Piece::End { is_whole: true });

    let seen = listening("/operations/op/events");
    let again = environment.invoke(&with_last_event_id(seen, "5"), TIME).await;
    assert_eq!((again.status(), again.text().as_str()), (Some(204), ""), "{again:?}");
    let writes = table_server.requests().into_iter().filter(|request| {
        let target = request.header("x-amz-target").unwrap_or_default();
        !target.ends_with(".GetItem") && !target.ends_with(".Query")
    });
    assert_eq!(writes.count(), 0, "it may only read");
    let logs = environment.finish().await;
    let line = request_line(&logs, &client.request_id);
    assert_eq!((&line["operation"], &line["outcome"], &line["events"]), (&json!("stream"), &json!("ended"), &json!(5)));
    assert_eq!((&line["operation_id"], &line["error_type"]), (&json!("op"), &Value::Null));
    assert_nothing_private(&logs);
}

fn with_last_event_id(mut event: Value, id: &str) -> Value {
    event["headers"]["Last-Event-ID"] = json!(id);
    event
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_goes_away_does_not_keep_the_function_past_the_operations_end() {
    let table_server = FaultyServer::start(table("running", 1, &json!([]))).await;
    let environment = stream(&table_server).await;
    let mut client = environment.listen(&listening("/operations/op/events"), TIME);
    client.next(SOON).await;
    let request_id = client.request_id.clone();
    // Lambda tells the function nothing of it.
    drop(client);
    table_server.behave(table("cancelled", 1, &json!([])));
    let next = environment.invoke(&listening("/operations/op/events"), TIME).await;
    assert_eq!(next.status(), Some(200), "the environment serves the next one: {next:?}");
    assert_eq!(request_line(&environment.finish().await, &request_id)["outcome"], "ended");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn errors_and_json_come_in_the_form_that_a_streaming_gateway_reads() {
    let table_server = FaultyServer::start(Behaviour::says(json!({}))).await;
    let environment = stream(&table_server).await;
    let unknown = environment.invoke(&listening("/operations/op/events"), TIME).await;
    assert_eq!((unknown.status(), &unknown.body()["error_type"]), (Some(404), &json!("not_found")), "{unknown:?}");
    table_server.behave(table("running", 2, &step(2, "a")));
    let json_form = environment.invoke(&events::rest("GET", "/operations/op/events", ""), TIME).await;
    assert_eq!((json_form.status(), &json_form.body()["next"]), (Some(200), &json!(2)), "{json_form:?}");
    let foreign = environment.invoke(&json!({"description": "a newsletter"}), TIME).await;
    assert_eq!(foreign.lambda_error_type(), Some("Runtime.UnknownEvent"), "{foreign:?}");
}
