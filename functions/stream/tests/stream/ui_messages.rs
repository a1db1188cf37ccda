//! The AI SDK's UI message stream. The SDK's own client reads the same files, in tests/system.

use lifecycle::{progress::Told, record::Outcome};
use serde_json::{Value, json};

use crate::fixture::{STREAM, World, agent, step, watching};

const AGENT: &str = include_str!("../../../../tests/ai_sdk/streams/agent.txt");
const FAILURE: &str = include_str!("../../../../tests/ai_sdk/streams/failure.txt");

/// The stream of the operation `op`, with the times of the files.
async fn text(world: &World) -> String {
    let (_, _, body) = world.answer(&watching("op", json!({"format": "ui-message-stream"}), &[])).await;
    let (before, times) = (r#""at":""#, "2026-11-27T12:00:00.000Z");
    let mut pieces = body.split(before);
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| text + before + times + &piece[times.len()..])
}

/// The parts of the operation `op`.
async fn parts(world: &World, headers: &[(&str, &str)]) -> Vec<Value> {
    let event = watching("op", json!({"format": "ui-message-stream", "after": "3"}), headers);
    let (status, headers, body) = world.answer(&event).await;
    assert_eq!((status, &headers["content-type"]), (200, &json!("text/event-stream")));
    assert_eq!(headers["x-vercel-ai-ui-message-stream"], "v1");
    let data = body.split_terminator("\n\n").map(|part| part.strip_prefix("data: ").expect("a part is one line"));
    let mut data: Vec<_> = data.collect();
    assert_eq!(data.pop(), Some("[DONE]"));
    data.into_iter().map(|part| serde_json::from_str(part).unwrap()).collect()
}

fn kinds(parts: &[Value]) -> Vec<&str> {
    parts.iter().map(|part| part["type"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_agent_is_one_message_of_its_progress_and_its_closing_words() {
    let world = World::new().await;
    let words = |delta: &str| Told::Text { delta: delta.to_owned() };
    world.tell("op", [step("a"), words("Every weekday "), words("at 8:00.\n")]).await;
    world.end("op", agent()).await;
    // Where the client is cannot be told: the parser needs the message's beginning.
    let parts = parts(&world, &[STREAM, ("Last-Event-ID", "3")]).await;
    let expected = ["start", "data-operation", "data-operation", "text-start", "text-delta", "text-delta"];
    assert_eq!(kinds(&parts), [&expected[..], &["data-operation", "text-end", "finish"]].concat());
    assert_eq!(parts[0]["messageId"], "op");
    let states = parts.iter().filter(|part| part["type"] == "data-operation");
    let states: Vec<_> = states.map(|part| (part["id"].clone(), part["data"]["status"].clone())).collect();
    assert_eq!(states, ["accepted", "running", "completed"].map(|status| (json!("op"), json!(status))));
    assert_eq!(parts[2]["data"]["event"]["detail"], "a");
    let words: String = parts.iter().filter_map(|part| part["delta"].as_str()).collect();
    assert_eq!(words, "Every weekday at 8:00.\n");
    assert_eq!(text(&world).await, AGENT);
    let ids: Vec<_> = parts.iter().filter(|part| part["type"].as_str().unwrap().starts_with("text")).collect();
    assert!(ids.iter().all(|part| part["id"] == "explanation"), "{ids:?}");
}

#[tokio::test]
async fn a_failure_is_an_error_of_the_message_and_a_cancellation_is_none() {
    let world = World::new().await;
    let body = r#"{"message":"Failed to generate the agent. Please try again."}"#.to_owned();
    world.end("op", Outcome::Failed { error_type: "timeout".to_owned(), body }).await;
    let told = parts(&world, &[]).await;
    assert_eq!(kinds(&told), ["start", "data-operation", "data-operation", "error", "finish"]);
    assert_eq!(told[3]["errorText"], "Failed to generate the agent. Please try again.");
    assert_eq!(text(&world).await, FAILURE);

    let world = World::new().await;
    world.end("op", Outcome::Cancelled).await;
    let told = parts(&world, &[]).await;
    assert_eq!(kinds(&told), ["start", "data-operation", "data-operation", "finish"]);
    assert_eq!(told[2]["data"]["status"], "cancelled");
}

#[tokio::test]
async fn a_client_that_knows_its_task_alone_gets_the_same_stream() {
    let world = World::new().await;
    world.tell("op", [step("a")]).await;
    world.end("op", agent()).await;
    let by_task = |task: &str| {
        let mut event = test_support::rest("GET", &format!("/v1/tasks/{task}/stream"), "");
        event["queryStringParameters"] = json!({"last_message_id": "1-0"});
        event
    };
    let (status, headers, body) = world.answer(&by_task("task-of-op")).await;
    assert_eq!((status, &headers["x-vercel-ai-ui-message-stream"]), (200, &json!("v1")));
    assert_eq!(body, world.answer(&watching("op", json!({"format": "ui-message-stream"}), &[])).await.2);
    for task in ["task-of-other", "none", "a%2Fb"] {
        let (status, _, body) = world.answer(&by_task(task)).await;
        assert_eq!(status, 404, "{task}");
        assert!(body.contains("There is no task with this id."), "{body}");
    }
}
