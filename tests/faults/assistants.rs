//! Messages of assistants that cannot be served, from outside; and how the failure of a tool is told.

use std::time::Duration;

use kit::{answer::Answer, behaviour::Behaviour, binaries, events, runtime_api::Environment, server::FaultyServer};
use serde_json::{Value, json};

use crate::limits::AMPLE;

/// What an answer takes of a model's context at most, in bytes.
const LARGEST: usize = 25 * 1024;
/// Of a body, in bytes.
const MOST: usize = 5 * 1024 * 1024;
/// To read and refuse the largest of them, on a busy machine.
const SOON: Duration = Duration::from_secs(10);

/// A call of a tool.
pub(crate) fn call(tool: &str, arguments: &Value) -> Value {
    post(&message(tool, arguments))
}

fn message(tool: &str, arguments: &Value) -> String {
    let params = json!({"name": tool, "arguments": arguments});
    json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}).to_string()
}

fn post(body: &str) -> Value {
    events::rest("POST", "/mcp", body)
}

/// Whether a tool has failed, and what its model reads.
pub(crate) fn told(answer: &Answer) -> (bool, Value) {
    let result = &answer.body()["result"];
    let text = result["content"][0]["text"].as_str().unwrap_or_default();
    (result["isError"] == true, serde_json::from_str(text).unwrap_or_default())
}

/// The answer has to be a result of the tool: a failure of this class, which may pass.
pub(crate) fn failure_differs(answer: &Answer, error_type: &str) -> Option<String> {
    let (is_error, told) = told(answer);
    let has_next = told["next"].as_str().is_some_and(|next| next.starts_with("Call the tool again"));
    let is = json!([answer.status(), is_error, told["error_type"], told["retryable"], has_next]);
    let should = json!([200, true, error_type, true, true]);
    (is != should).then(|| format!("status, isError, class, retryable and next are {is}, expected {should}"))
}

/// How a message that cannot be served is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// A result with `isError`, of this class.
    Failure(&'static str),
    /// An error of the protocol.
    Fault(u64, i32),
    /// An error of HTTP.
    Refusal(u64, &'static str),
    /// Acknowledged.
    Nothing,
}

struct Broken {
    name: &'static str,
    body: fn() -> String,
    seen: Seen,
}

fn all() -> Vec<Broken> {
    let row = |name, body, seen| Broken { name, body, seen };
    let failure = |name, body| row(name, body, Seen::Failure("invalid_request"));
    vec![
        failure("100,000 arguments that there are not", || {
            let arguments: Vec<String> = (0..100_000).map(|at| format!("\"a{at}\":1")).collect();
            let call = message("get_agent", &json!("HOLE"));
            call.replace("\"HOLE\"", &format!("{{{}}}", arguments.join(",")))
        }),
        failure("one with a name of 4 MB", || message("get_agent", &json!({"x".repeat(4_000_000): 1}))),
        failure("a goal of 4 MB", || message("plan_agent", &json!({"goal": "x".repeat(4_000_000)}))),
        failure("arguments of the wrong type", || message("patch_agent", &json!({"patches": {}, "agent_id": [1]}))),
        failure("100,000 edits", || {
            message("patch_agent", &json!({"agent_id": "a", "patches": vec![json!({}); 100_000]}))
        }),
        row("a plan of 500 steps of unknown blocks", || plan(500, 20), Seen::Failure("validation_error")),
        row("a plan of 501 steps", || plan(501, 20), Seen::Failure("request_too_large")),
        row("a plan of more than 1 MiB", || plan(500, 3_000), Seen::Failure("request_too_large")),
        row("a tool that there is not", || message(&"x".repeat(4_000_000), &json!({})), Seen::Fault(200, -32602)),
        row("half a message", || message("find_blocks", &json!({}))[..40].to_owned(), Seen::Fault(400, -32700)),
        row("a batch", || format!("[{}]", message("find_blocks", &json!({"query": "x"}))), Seen::Fault(400, -32600)),
        row(
            "more than 5 MiB",
            || message("plan_agent", &json!({"goal": "x".repeat(MOST)})),
            Seen::Refusal(413, "request_too_large"),
        ),
        row(
            "`notifications/cancelled`, for a call that another process serves",
            || {
                let params = json!({"requestId": 1, "reason": "impatient"});
                json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params}).to_string()
            },
            Seen::Nothing,
        ),
    ]
}

fn plan(steps: usize, title: usize) -> String {
    let step = json!({"block": "NoSuchBlock", "title": "x".repeat(title)});
    message("build_agent", &json!({"plan": {"steps": vec![step; steps]}}))
}

/// What the page tells of them.
pub(crate) fn rows() -> Vec<(&'static str, String)> {
    let seen = |seen| match seen {
        Seen::Failure(class) => format!("a result with `isError`: `{class}`"),
        Seen::Fault(status, code) => format!("an error of the protocol: {status}, `{code}`"),
        Seen::Refusal(status, class) => format!("{status}, `{class}`"),
        Seen::Nothing => "202; the call ends as if nothing had come".to_owned(),
    };
    all().into_iter().map(|broken| (broken.name, seen(broken.seen))).collect()
}

impl Seen {
    fn is_in(self, answer: &Answer) -> bool {
        let (body, (is_error, told)) = (answer.body(), told(answer));
        let has_status = |status| answer.status() == Some(status);
        match self {
            Self::Failure(class) => has_status(200) && is_error && told["error_type"] == class,
            Self::Fault(status, code) => has_status(status) && body["error"]["code"] == code,
            Self::Refusal(status, class) => has_status(status) && body["error_type"] == class,
            Self::Nothing => has_status(202) && answer.text().is_empty(),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_cannot_be_served_is_told_so_in_few_words_and_asks_nobody() {
    let generator = FaultyServer::start(Behaviour::good()).await;
    let environment =
        Environment::start(&binaries::function("mcp"), &[("AGENT_GENERATOR_URL", &generator.url())]).await;
    let mut wrong = Vec::new();
    for Broken { name, body, seen: expected } in all() {
        let answer = environment.invoke(&post(&body()), AMPLE).await;
        let size = answer.text().len();
        if !expected.is_in(&answer) || size > LARGEST || answer.elapsed > SOON || !environment.is_alive() {
            let shown: String = answer.everything().chars().take(300).collect();
            wrong.push(format!("- {name}, expected {expected:?}; {size} bytes, {:?}: {shown}", answer.elapsed));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(generator.requests().is_empty(), "a generator was asked");
    let good = environment.invoke(&call("plan_agent", &json!({"goal": "Summarise a page"})), AMPLE).await;
    assert!(!told(&good).0, "{good:?}");
}
