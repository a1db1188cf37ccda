//! A function for the kit's own tests, which does what its event says: echo it, fail, die, or answer with a number of bytes.
//! With `TOY_START=refuse` it reports an error instead of asking for an event.
#![allow(clippy::expect_used, reason = "runs in tests alone: a panic fails the test")]

use std::{io::Write, process::exit};

use kit::wire::{Connection, Message};
use serde_json::{Value, json};
use tokio::{net::TcpStream, runtime};

const ROOT: &str = "/2018-06-01/runtime";

fn main() {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(serve());
}

async fn serve() {
    let address = std::env::var("AWS_LAMBDA_RUNTIME_API").expect("Lambda names its API");
    let stream = TcpStream::connect(address).await.expect("the Runtime API listens");
    let mut api = Connection::new(stream);
    say("ready\n", "to stderr\n");
    if std::env::var("TOY_START").is_ok_and(|value| value == "refuse") {
        post(&mut api, "init/error", &json!({"errorType": "Toy.Refused", "errorMessage": "not today"}).to_string())
            .await;
        exit(3);
    }
    loop {
        let next = ask(&mut api, &format!("GET {ROOT}/invocation/next HTTP/1.1\r\nHost: api\r\n\r\n")).await;
        let id = next.header("lambda-runtime-aws-request-id").unwrap_or_default().to_owned();
        let deadline = next.header("lambda-runtime-deadline-ms").unwrap_or_default().to_owned();
        let event: Value = serde_json::from_slice(&next.body).expect("an event is JSON");
        match (event.get("do").and_then(Value::as_str), event.get("bytes").and_then(Value::as_u64)) {
            (Some("die"), _) => exit(4),
            (Some("fail"), _) => {
                let error = json!({"errorType": "Toy.Failed", "errorMessage": "as told"});
                post(&mut api, &format!("invocation/{id}/error"), &error.to_string()).await;
            }
            (_, Some(bytes)) => {
                let quoted = bytes.saturating_sub(2).try_into().expect("a number of bytes that fits into memory");
                post(&mut api, &format!("invocation/{id}/response"), &format!("\"{}\"", "x".repeat(quoted))).await;
            }
            _ => {
                let answer = json!({"event": event, "request_id": id, "deadline_ms": deadline});
                post(&mut api, &format!("invocation/{id}/response"), &answer.to_string()).await;
            }
        }
        say("after the answer\n", "");
    }
}

async fn post(api: &mut Connection, path: &str, body: &str) -> Message {
    let length = body.len();
    let request = format!("POST {ROOT}/{path} HTTP/1.1\r\nHost: api\r\nContent-Length: {length}\r\n\r\n{body}");
    ask(api, &request).await
}

async fn ask(api: &mut Connection, request: &str) -> Message {
    api.send(request.as_bytes()).await.expect("the Runtime API reads");
    api.receive().await.expect("the Runtime API answers").unwrap_or_else(|| exit(0))
}

fn say(out: &str, err: &str) {
    // The test notices a missing line.
    let _ = std::io::stdout().write_all(out.as_bytes());
    let _ = std::io::stderr().write_all(err.as_bytes());
}
