//! Answers of Bedrock that arrive in frames, and what can go wrong with them.

use std::time::Duration;

use kit::behaviour::{Act, Behaviour};
use serde_json::json;

use crate::{
    AMPLE, KEY, PROMPT, asked,
    bedrock::at,
    failure,
    frames::{self, EVENT_STREAM, event, exception, input, start, stop},
    hears_of_two_blocks, server, text, told,
};

const END: &[u8] = b"0\r\n\r\n";

fn head() -> Act {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {EVENT_STREAM}\r\nTransfer-Encoding: chunked\r\n\r\n");
    Act::Send(head.into_bytes())
}

fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

/// Sends these bytes in chunks of this length, then does `last`.
fn sends(bytes: &[u8], length: usize, last: Option<Act>) -> Behaviour {
    let chunks = bytes.chunks(length).map(|bytes| Act::Send(chunk(bytes)));
    let last = last.unwrap_or_else(|| Act::Send(END.to_vec()));
    Behaviour::Script([head()].into_iter().chain(chunks).chain([last]).collect())
}

fn streams(events: &[Vec<u8>]) -> Behaviour {
    sends(&events.concat(), usize::MAX, None)
}

fn plan() -> Vec<Vec<u8>> {
    let tool = json!({"start": {"toolUse": {"toolUseId": "t", "name": "plan"}}, "contentBlockIndex": 0});
    let thought = json!({"delta": {"reasoningContent": {"text": "hm"}}, "contentBlockIndex": 0});
    vec![
        start(),
        event("contentBlockDelta", &thought),
        event("contentBlockStart", &tool),
        input("{\"steps\":"),
        input("[\"é\"]}"),
        event("contentBlockStop", &json!({"contentBlockIndex": 0})),
        stop("tool_use"),
    ]
}

#[tokio::test]
async fn an_answer_in_frames_is_put_together_however_they_are_cut() {
    let bytes = plan().concat();
    for length in [1, 2, 3, 7, 11, 64, 129, bytes.len()] {
        let server = server([sends(&bytes, length, None)]).await;
        let completion = asked(&*at(&server), AMPLE).await;
        assert_eq!(text(&completion), "{\"steps\":[\"é\"]}", "{length}");
        assert_eq!((completion.used.input_tokens, completion.used.output_tokens), (120, 34), "{length}");
        assert!(server.requests()[0].path.ends_with("/converse-stream"), "{:?}", server.requests()[0].path);
    }
}

#[tokio::test]
async fn an_answer_as_text_is_one_too() {
    let server =
        server([streams(&[start(), frames::text("{\"steps\""), frames::text(":[]}"), stop("end_turn")])]).await;
    assert_eq!(text(&asked(&*at(&server), AMPLE).await), r#"{"steps":[]}"#);
}

#[tokio::test]
async fn a_watcher_hears_of_blocks_before_the_answer_is_there() {
    let begun = [start(), input(r#"{"steps":[{"block":"ReadRSSFeedBlock"},{"block":"Send"#)].concat();
    let more = input(r#"EmailBlock","title":"tell hunter2"}]}"#);
    let script = vec![head(), Act::Send(chunk(&begun)), Act::Send(chunk(&more)), Act::Hang];
    let server = server([Behaviour::Script(script)]).await;
    hears_of_two_blocks(&*at(&server)).await;
}

#[tokio::test]
async fn what_came_of_a_stream_that_breaks_or_stops_is_thrown_away_and_its_end_classified() {
    let begun = [start(), input("{\"steps\":[]}")].concat();
    let mut changed = plan().concat();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    for (name, behaviour, limit, class) in [
        ("reset", sends(&begun, usize::MAX, Some(Act::Reset)), AMPLE, "request_error"),
        ("closed", sends(&begun, usize::MAX, Some(Act::Close)), AMPLE, "request_error"),
        ("an end without a stop", streams(std::slice::from_ref(&begun)), AMPLE, "request_error"),
        ("half a frame", sends(&begun[..begun.len() - 9], usize::MAX, None), AMPLE, "request_error"),
        ("no frame at all", streams(&[]), AMPLE, "request_error"),
        ("a wrong checksum", sends(&changed, usize::MAX, None), AMPLE, "request_error"),
        ("no frames", sends(b"{\"message\": \"hunter2\"}", usize::MAX, None), AMPLE, "request_error"),
        ("silence", sends(&begun, usize::MAX, Some(Act::Hang)), Duration::from_millis(300), "llm_timeout"),
    ] {
        let server = server([behaviour]).await;
        let completion = asked(&*at(&server), limit).await;
        assert_eq!(told(&completion).0, class, "{name}");
        assert_eq!((completion.attempts, server.requests().len()), (1, 1), "{name}");
    }
}

#[tokio::test]
async fn an_exception_amid_a_stream_has_its_type_and_nothing_of_what_it_says() {
    for (name, class, said) in [
        ("throttlingException", "llm_rate_limit", "status 429, throttlingException"),
        ("modelStreamErrorException", "service_unavailable", "status 424, modelStreamErrorException"),
        ("modelTimeoutException", "llm_timeout", "status 408, modelTimeoutException"),
        ("serviceUnavailableException", "service_unavailable", "status 503, serviceUnavailableException"),
        ("internalServerException", "http_error", "status 500, internalServerException"),
        ("somethingNewException", "http_error", "status 500, somethingNewException"),
    ] {
        let said_of_it = format!("{PROMPT} {KEY}");
        for before in [vec![], vec![start(), input("{\"steps\":[]}")]] {
            let server = server([streams(&[before, vec![exception(name, &said_of_it)]].concat())]).await;
            let completion = asked(&*at(&server), AMPLE).await;
            assert_eq!(told(&completion).0, class, "{name}");
            assert!(failure(&completion).service_error.contains(said), "{name}: {completion:?}");
        }
    }
}

#[tokio::test]
async fn an_empty_answer_is_asked_for_once_more() {
    let server = server([streams(&[start(), stop("end_turn")]), streams(&plan())]).await;
    let completion = asked(&*at(&server), AMPLE).await;
    assert_eq!((text(&completion), completion.attempts), ("{\"steps\":[\"é\"]}", 2));
}

#[tokio::test]
async fn a_runaway_is_cut_off_by_its_limit_and_one_without_end_by_its_size() {
    let server_of_limit = server([streams(&[start(), input("{\"steps\": []} Thi"), stop("max_tokens")])]).await;
    assert!(asked(&*at(&server_of_limit), AMPLE).await.cut_off);
    let endless = input(&"x".repeat(60_000));
    let script = vec![head(), Act::SendForever(chunk(&endless), Duration::ZERO)];
    let server = server([Behaviour::Script(script)]).await;
    let completion = asked(&*at(&server), AMPLE).await;
    assert_eq!(told(&completion).2, "the language model's answer has more than 5 MiB");
}

#[tokio::test]
async fn a_model_that_cannot_stream_is_found_out_once() {
    for (status, name, message) in [
        (400, "ValidationException", "This model doesn't support the converse stream operation."),
        (400, "ValidationException", "This model doesn't support tool use in streaming mode."),
        (
            403,
            "AccessDeniedException",
            "User: hunter2 is not authorized to perform: bedrock:InvokeModelWithResponseStream on resource: hunter2",
        ),
    ] {
        let refused =
            Behaviour::answers_with(status, &[("x-amzn-errortype", name)], json!({"message": message}).to_string());
        let server = server([refused, crate::bedrock::good(), crate::bedrock::good()]).await;
        let model = at(&server);
        for attempts in [2, 1] {
            let completion = asked(&*model, AMPLE).await;
            assert_eq!(
                (text(&completion), completion.attempts),
                (r#"{"steps":[1.0,200000.0]}"#, attempts),
                "{message}"
            );
        }
        let requests = server.requests();
        let streamed: Vec<_> = requests.iter().map(|seen| seen.path.ends_with("/converse-stream")).collect();
        assert_eq!(streamed, [true, false, false], "{message}");
        assert!(requests[1].json().get("toolConfig").is_some(), "the tool stays: {message}");
    }
}
