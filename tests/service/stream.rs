//! The program that streams: each piece arrives when it is written.

use std::time::Duration;

use kit::{
    behaviour::Behaviour,
    binaries, events,
    operations_table::{self, operation, step},
    runtime_api::Environment,
    server::FaultyServer,
    streamed::Piece,
};
use serde_json::{Value, json};

use crate::fixture::{assert_nothing_private, request_line};

/// For what takes at most the longest pause between two reads.
const SOON: Duration = Duration::from_secs(15);
/// The time of an invocation.
const TIME: Duration = Duration::from_secs(100);

async fn stream(table: &FaultyServer) -> Environment {
    Environment::start(&binaries::function("stream"), &operations_table::variables(&table.url())).await
}

fn listening(path: &str) -> Value {
    events::rest_with("GET", path, "", &[("Accept", "text/event-stream")])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_event_arrives_before_the_next_one_is_written() {
    let table_server = FaultyServer::start(operation("running", 1, &json!([]))).await;
    let environment = stream(&table_server).await;
    let mut client = environment.listen(&listening("/operations/op/events"), TIME);
    let Piece::Head(head) = client.next(SOON).await else { panic!("status and headers come first") };
    assert_eq!((&head["statusCode"], &head["headers"]["content-type"]), (&json!(200), &json!("text/event-stream")));
    assert_eq!(head["headers"]["x-request-id"], json!(client.request_id));
    assert_eq!(client.text(SOON).await, "retry: 2000\n\n");
    assert!(client.text(SOON).await.starts_with("id: 1\nevent: accepted\ndata: {\"seq\":1,"));
    for seq in 2..5 {
        // Only now is it there to be read.
        table_server.behave(operation("running", seq, &step(seq, &format!("{seq} steps"))));
        let event = client.text(SOON).await;
        assert!(event.starts_with(&format!("id: {seq}\nevent: step\ndata: {{")), "{event}");
        assert!(event.contains(&format!("\"detail\":\"{seq} steps\"")) && event.ends_with("\n\n"), "{event}");
    }
    table_server.behave(operation("cancelled", 4, &json!([])));
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
async fn errors_and_json_come_in_the_form_that_a_streaming_gateway_reads() {
    let table_server = FaultyServer::start(Behaviour::says(json!({}))).await;
    let environment = stream(&table_server).await;
    let unknown = environment.invoke(&listening("/operations/op/events"), TIME).await;
    assert_eq!((unknown.status(), &unknown.body()["error_type"]), (Some(404), &json!("not_found")), "{unknown:?}");
    table_server.behave(operation("running", 2, &step(2, "a")));
    let json_form = environment.invoke(&events::rest("GET", "/operations/op/events", ""), TIME).await;
    assert_eq!((json_form.status(), &json_form.body()["next"]), (Some(200), &json!(2)), "{json_form:?}");
    let foreign = environment.invoke(&json!({"description": "a newsletter"}), TIME).await;
    assert_eq!(foreign.lambda_error_type(), Some("Runtime.UnknownEvent"), "{foreign:?}");
}
