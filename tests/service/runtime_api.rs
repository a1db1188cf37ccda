//! What Lambda's Runtime API may send besides the event: an odd header ends no process, and one that ends says why.

use std::{sync::Arc, time::Duration};

use kit::{
    actions::{AMPLE, DECOMPOSE, assert_good},
    behaviour::{Act, Behaviour},
    binaries,
    process::Process,
    runtime_api::{DEADLINE, Environment, lambda_variables},
    server::FaultyServer,
};
use serde_json::{Value, json};
use tokio::{process::Command, sync::Barrier};

/// 2096: no test runs out of time.
const FAR: (&str, &str) = (DEADLINE, "3976214400000");
const CONTEXT: &str = "Lambda-Runtime-Client-Context";
const IDENTITY: &str = "Lambda-Runtime-Cognito-Identity";

/// What callers of `Invoke` and mobile applications may send; Lambda passes it on unread.
const ODD: [(&str, &str); 13] = [
    (CONTEXT, r#"{"custom":{"tenant":{"id":7}}}"#),
    (CONTEXT, r#"{"custom":null,"environment":[]}"#),
    (CONTEXT, r#"{"client":{"installation_id":"i"}}"#),
    (CONTEXT, "[]"),
    (CONTEXT, "7"),
    (CONTEXT, "null"),
    (CONTEXT, "not JSON {"),
    (CONTEXT, "\u{fc}ml\u{e4}ut"),
    (IDENTITY, r#"{"cognitoIdentityId":null,"cognitoIdentityPoolId":null}"#),
    (IDENTITY, "{}"),
    (IDENTITY, "x"),
    ("Lambda-Runtime-Invoked-Function-Arn", "\u{fc}"),
    ("Lambda-Runtime-Trace-Id", "\u{fc} \t;=;"),
];

async fn decompose(variables: &[(&str, &str)]) -> Environment {
    let variables = [&[("AGENT_GENERATOR_URL", "builtin")], variables].concat();
    Environment::start(&binaries::function("decompose"), &variables).await
}

/// Runs `decompose` with `api` as its Runtime API.
fn process_under(api: &str, variables: &[(&str, &str)]) -> Process {
    let binary = binaries::function("decompose");
    let mut command = Command::new(&binary);
    command.env_clear().envs(lambda_variables(&binary)).env("AGENT_GENERATOR_URL", "builtin");
    Process::start(command.env("AWS_LAMBDA_RUNTIME_API", api).envs(variables.iter().copied()))
}

fn assert_logged(logs: &[String], texts: &[&str]) {
    let is_it = |line: &&String| texts.iter().all(|text| line.contains(text));
    let line = logs.iter().find(is_it).unwrap_or_else(|| panic!("no line with {texts:?}: {logs:#?}"));
    assert!(serde_json::from_str::<Value>(line).is_ok(), "not JSON: {line}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invocation_with_an_odd_client_context_or_identity_is_answered() {
    let environment = decompose(&[]).await;
    for odd in ODD {
        let answer = environment.invoke_with_headers(DECOMPOSE.request, &[FAR, odd], AMPLE).await;
        assert!(answer.error.is_none() && answer.body()["type"].is_string(), "{odd:?}: {answer:?}");
    }
    assert!(environment.is_alive());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_invocations_lose_no_worker_to_an_odd_one() {
    let generator = FaultyServer::start(Behaviour::good()).await;
    let url = generator.url();
    let environment = decompose(&[("AGENT_GENERATOR_URL", &url), ("AWS_LAMBDA_MAX_CONCURRENCY", "2")]).await;
    for odd in ODD {
        environment.invoke_with_headers(DECOMPOSE.request, &[FAR, odd], AMPLE).await;
    }
    // Each call is answered only once the other has come too: that takes both workers.
    let both = Arc::new(Barrier::new(2));
    generator.behave(Behaviour::Script(vec![Act::Gather(both), Act::Good]));
    let event = DECOMPOSE.event();
    let (one, other) = tokio::join!(environment.invoke(&event, AMPLE), environment.invoke(&event, AMPLE));
    assert_good(&one, &DECOMPOSE);
    assert_good(&other, &DECOMPOSE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_deadline_an_invocation_is_answered_and_the_log_names_the_header() {
    let environment = decompose(&[]).await;
    for deadline in [
        None,
        Some(""),
        Some("soon"),
        Some("-1"),
        Some("600"),
        Some("1e12"),
        Some("18446744073709551616"),
        Some("\u{fc}"),
    ] {
        let headers: Vec<_> = deadline.iter().map(|deadline| (DEADLINE, *deadline)).collect();
        let answer = environment.invoke_with_headers(DECOMPOSE.request, &headers, AMPLE).await;
        assert!(answer.error.is_none() && answer.body()["error_type"].is_null(), "{deadline:?}: {answer:?}");
        assert_logged(&environment.logs(), &["ERROR", DEADLINE, &answer.request_id]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_variable_of_the_platform_that_is_missing_is_named_in_the_log() {
    for name in ["AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION"] {
        let environment = decompose(&[(name, "")]).await;
        let answer = environment.invoke(&DECOMPOSE.event(), AMPLE).await;
        assert_eq!(answer.status(), Some(200), "{answer:?}");
        assert_logged(&environment.finish().await, &["WARN", name]);
    }
    for address in ["", "/no-host", "not an address"] {
        let process = process_under(address, &[]);
        assert!(!process.exit().await.success());
        assert_logged(&process.logs(), &["ERROR", "AWS_LAMBDA_RUNTIME_API"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_gets_no_invocations_ends_and_says_what_the_runtime_api_answered() {
    let refusal = json!({"errorType": "InvalidStateTransition", "errorMessage": "State transition is not allowed"});
    let no_id = Behaviour::answers_with(200, &[FAR], "{}");
    for (concurrency, answer, said) in [
        ("1", Behaviour::answers(403, refusal.to_string()), ["403 Forbidden", "InvalidStateTransition"]),
        ("4", Behaviour::answers(500, "\n{\"level\":\"ERROR\"}"), ["500 Internal Server Error", "/invocation/next"]),
        ("1", no_id, ["Lambda-Runtime-Aws-Request-Id", "the Runtime API"]),
        ("1", Behaviour::closes(), ["no invocation", "the Runtime API"]),
    ] {
        let api = FaultyServer::start(answer).await;
        let address = format!("127.0.0.1:{}", api.port());
        let process = process_under(&address, &[("AWS_LAMBDA_MAX_CONCURRENCY", concurrency)]);
        assert!(!process.exit().await.success());
        assert_logged(&process.logs(), &[&["ERROR", "the process ends"][..], &said[..]].concat());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_failed_poll_ends_no_process() {
    let id = ("Lambda-Runtime-Aws-Request-Id", "r-1");
    let api = FaultyServer::start(Behaviour::Then(vec![
        Behaviour::answers(500, "{}"),
        Behaviour::answers_with(200, &[FAR, id], DECOMPOSE.request),
        Behaviour::answers(202, "{}"),
        Behaviour::hangs(),
    ]))
    .await;
    let _process = process_under(&format!("127.0.0.1:{}", api.port()), &[]);
    tokio::time::timeout(AMPLE, api.until_received(3)).await.expect("the invocation is answered");
    let answer = api.requests().swap_remove(2);
    assert_eq!(answer.path, "/2018-06-01/runtime/invocation/r-1/response");
    assert!(answer.json()["type"].is_string(), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_keeps_waiting_when_a_local_emulator_ends_a_wait_without_a_call() {
    let id = ("Lambda-Runtime-Aws-Request-Id", "r-1");
    let mut answers = vec![Behaviour::answers(408, ""); 7];
    answers.extend([
        Behaviour::answers_with(200, &[FAR, id], DECOMPOSE.request),
        Behaviour::answers(202, "{}"),
        Behaviour::hangs(),
    ]);
    let api = FaultyServer::start(Behaviour::Then(answers)).await;
    let process = process_under(&format!("127.0.0.1:{}", api.port()), &[]);
    tokio::time::timeout(AMPLE, api.until_received(9)).await.expect("the invocation is answered");
    assert!(api.requests().swap_remove(8).json()["type"].is_string());
    let told = |line: &String| line.contains("Request Timeout");
    assert!(!process.logs().iter().any(told), "{:?}", process.logs());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_number_of_headers_gets_an_answer() {
    let environment = decompose(&[]).await;
    for (count, status) in [(1_000, 200), (10_001, 400), (24_577, 400), (60_000, 400)] {
        let mut event = DECOMPOSE.event();
        for number in 0..count {
            event["headers"][format!("x-{number}")] = json!("1");
        }
        let answer = environment.invoke(&event, AMPLE).await;
        assert_eq!(answer.status(), Some(status), "{count}: {answer:?}");
    }
    assert!(environment.peak_memory_bytes() < 128_000_000, "{}", environment.peak_memory_bytes());
    assert!(environment.invoke(&DECOMPOSE.event(), Duration::from_secs(9)).await.status() == Some(200));
}
