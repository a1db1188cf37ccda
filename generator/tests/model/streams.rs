//! Answers that arrive in pieces, and those that stop arriving.

use std::time::Duration;

use http_client::{Body, Fault, HttpClient, HttpRequest, Limits};
use kit::behaviour::{Act, Behaviour};
use reqwest::Url;
use serde_json::json;
use tokio::time::Instant;

use crate::{AMPLE, asked, hears_of_two_blocks, openai::at, server, text, told};

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

fn event(piece: &str) -> String {
    let event = format!("data: {}\n\n", json!({"choices": [{"delta": {"content": piece}}]}));
    format!("{:x}\r\n{event}\r\n", event.len())
}

/// Sends the beginning of an answer, then does `last`.
fn begins_then(last: Act) -> Behaviour {
    Behaviour::bytes_then(format!("{HEAD}{}", event("{\"steps\":")), last)
}

#[tokio::test]
async fn an_answer_in_pieces_is_put_together() {
    let end = "data: [DONE]\n\n";
    let script = vec![
        Act::Send(format!("{HEAD}{}", event("{\"steps\":")).into_bytes()),
        Act::Send(event("[]}").into_bytes()),
        Act::Send(format!("{:x}\r\n{end}\r\n0\r\n\r\n", end.len()).into_bytes()),
    ];
    let server = server([Behaviour::Script(script)]).await;
    assert_eq!(text(&asked(&*at(&server), AMPLE).await), r#"{"steps":[]}"#);
}

#[tokio::test]
async fn a_watcher_hears_of_blocks_before_the_answer_is_there() {
    let first = event(r#"{"steps":[{"block":"ReadRSSFeedBlock"},{"block":"Send"#);
    let script = vec![
        Act::Send(format!("{HEAD}{first}").into_bytes()),
        Act::Send(event(r#"EmailBlock","title":"tell hunter2"}]}"#).into_bytes()),
        Act::Hang,
    ];
    let server = server([Behaviour::Script(script)]).await;
    hears_of_two_blocks(&*at(&server)).await;
}

#[tokio::test]
async fn what_came_of_a_stream_that_breaks_or_stops_is_thrown_away_and_its_end_classified() {
    for (last, limit, class) in [
        (Act::Reset, AMPLE, "request_error"),
        (Act::Close, AMPLE, "request_error"),
        (Act::Hang, Duration::from_millis(300), "llm_timeout"),
    ] {
        let server = server([begins_then(last.clone())]).await;
        let completion = asked(&*at(&server), limit).await;
        assert_eq!(told(&completion).0, class, "{last:?}");
        assert_eq!((completion.attempts, server.requests().len()), (1, 1), "{last:?}");
    }
}

#[tokio::test]
async fn a_stream_that_pauses_for_too_long_is_given_up_long_before_the_deadline() {
    let server = server([begins_then(Act::Hang)]).await;
    let client = HttpClient::new("X", false, None).unwrap();
    let request = HttpRequest::post(&Url::parse(&server.url()).unwrap(), "/", Vec::new()).streamed();
    let deadline = Instant::now() + AMPLE;
    let answer = client.send(&request, Limits::by(deadline)).await.result.unwrap();
    let Body::Open(mut open) = answer.body else { panic!("{answer:?}") };
    assert!(open.next(AMPLE, deadline).await.unwrap().is_some());
    assert_eq!(open.next(Duration::from_millis(20), deadline).await, Err(Fault::OutOfTime));
    assert!(Instant::now() < deadline);
}
