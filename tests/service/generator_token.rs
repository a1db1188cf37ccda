//! The bearer token of a remote generator: where it comes from, and who receives it.

use std::time::Duration;

use kit::{
    actions::{ACTIONS, AMPLE, Action, CATALOG, DECOMPOSE, GENERATE, assert_failed, assert_good},
    behaviour::Behaviour,
    binaries, events,
    runtime_api::Environment,
    server::FaultyServer,
    unreachable::ClosedPort,
};
use serde_json::{Value, json};

use crate::fixture::{PASSWORD, SESSION_TOKEN, assert_names_variable, assert_nothing_private, refused, request_line};

const TOKEN: &str = "agt-hunter2-Geheim";
const ARN: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:team/generator-AbCdEf";

/// Secrets Manager's answer.
fn secret(text: &str) -> Behaviour {
    Behaviour::says(json!({"ARN": ARN, "SecretString": text}))
}

/// A process with the generator at `url` and Secrets Manager at `store`.
async fn environment(action: &Action, url: &str, store: &str) -> Environment {
    let variables = [
        ("AGENT_GENERATOR_URL", url),
        ("AGENT_GENERATOR_TOKEN_SECRET_ARN", ARN),
        ("AWS_ENDPOINT_URL_SECRETS_MANAGER", store),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", PASSWORD),
        ("AWS_SESSION_TOKEN", SESSION_TOKEN),
    ];
    Environment::start(&binaries::function(action.name), &variables).await
}

/// `Authorization` of each call.
fn authorizations(generator: &FaultyServer) -> Vec<String> {
    generator.requests().iter().map(|seen| seen.header("authorization").unwrap_or_default().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_has_the_token_and_the_log_does_not() {
    for action in ACTIONS.into_iter().chain([&CATALOG]) {
        let generator = FaultyServer::start(Behaviour::good()).await;
        let store = FaultyServer::start(secret(&json!({"token": TOKEN, "owner": "team"}).to_string())).await;
        let environment = environment(action, &generator.url(), &store.url()).await;
        assert_eq!(store.requests().len(), 1, "fetched before the first request");
        for _ in 0..2 {
            let answer = environment.invoke(&action.event(), AMPLE).await;
            assert_good(&answer, action);
            assert!(!answer.everything().contains("hunter2"), "{answer:?}");
        }
        assert_eq!(authorizations(&generator), [format!("Bearer {TOKEN}"), format!("Bearer {TOKEN}")]);
        assert_eq!(store.requests().len(), 1, "fetched once");
        assert_eq!(store.requests()[0].json(), json!({"SecretId": ARN}));
        assert_nothing_private(&environment.finish().await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotated_token_is_fetched_and_the_caller_gets_the_result() {
    let turns = vec![Behaviour::good(), Behaviour::answers(401, "{}"), Behaviour::good()];
    let generator = FaultyServer::start(Behaviour::Then(turns)).await;
    let store = FaultyServer::start(Behaviour::Then(vec![secret("old-hunter2"), secret("new-hunter2")])).await;
    let environment = environment(&GENERATE, &generator.url(), &store.url()).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let answer = environment.invoke(&GENERATE.event(), AMPLE).await;
        assert_good(&answer, &GENERATE);
        ids.push(answer.request_id);
    }
    let old_and_new = ["Bearer old-hunter2", "Bearer old-hunter2", "Bearer new-hunter2", "Bearer new-hunter2"];
    assert_eq!((authorizations(&generator), store.requests().len()), (old_and_new.map(str::to_owned).to_vec(), 2));
    let logs = environment.finish().await;
    let attempts: Vec<_> = ids.iter().map(|id| request_line(&logs, id)["attempts"].clone()).collect();
    assert_eq!(attempts, [json!(1), json!(2), json!(1)]);
    assert_nothing_private(&logs);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_token_is_not_retried_and_not_fetched_again_and_again() {
    let quoting = json!({"error": format!("unknown token {TOKEN}")}).to_string();
    let generator = FaultyServer::start(Behaviour::answers(401, quoting)).await;
    let store = FaultyServer::start(secret(TOKEN)).await;
    let environment = environment(&DECOMPOSE, &generator.url(), &store.url()).await;
    for _ in 0..4 {
        let answer = environment.invoke(&DECOMPOSE.event(), AMPLE).await;
        assert_failed(&answer, &DECOMPOSE, "http_error");
        let body = answer.body();
        assert_eq!((&body["retryable"], &body["details"]["attempts"]), (&Value::Bool(false), &json!(1)), "{body}");
        assert!(!answer.everything().contains("hunter2"), "{answer:?}");
    }
    assert_eq!((generator.requests().len(), store.requests().len()), (4, 2));
    assert_nothing_private(&environment.finish().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unavailable_token_is_a_service_error_without_the_account() {
    let generator = FaultyServer::start(Behaviour::good()).await;
    let denied = json!({"__type": "AccessDeniedException", "Message": format!("no {ARN} for you")}).to_string();
    let stores = [
        (Behaviour::answers(400, denied), "AWS Secrets Manager: AccessDeniedException"),
        (secret(""), "AWS Secrets Manager: the secret holds no key"),
        (Behaviour::hangs(), "there was no answer in time"),
    ];
    let closed = ClosedPort::take();
    let mut cases = vec![(None, "AWS Secrets Manager: the connection was refused")];
    for (behaviour, reason) in stores {
        cases.push((Some(FaultyServer::start(behaviour).await), reason));
    }
    for (store, reason) in &cases {
        let url = store.as_ref().map_or_else(|| closed.url(), FaultyServer::url);
        let environment = environment(&DECOMPOSE, &generator.url(), &url).await;
        let answer = environment.invoke(&DECOMPOSE.event(), Duration::from_millis(1500)).await;
        assert_failed(&answer, &DECOMPOSE, "service_unavailable");
        let details = &answer.body()["details"];
        let said = format!("the Agent Generator's token could not be fetched: {reason}");
        assert_eq!((&details["service_error"], &details["attempts"]), (&json!(said), &json!(0)));
        assert!(!answer.everything().contains("123456789012"), "{answer:?}");
        assert_nothing_private(&environment.finish().await);
    }
    assert_eq!(generator.connections(), 0, "called without a token");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redirect_does_not_receive_the_token() {
    let elsewhere = FaultyServer::start(Behaviour::good()).await;
    let location = format!("{}/api/decompose-description", elsewhere.url());
    for status in [302, 307, 308] {
        let redirect = Behaviour::answers_with(status, &[("Location", &location)], "");
        let generator = FaultyServer::start(redirect).await;
        let store = FaultyServer::start(secret(TOKEN)).await;
        let environment = environment(&DECOMPOSE, &generator.url(), &store.url()).await;
        assert_failed(&environment.invoke(&DECOMPOSE.event(), AMPLE).await, &DECOMPOSE, "http_error");
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_would_leak_or_be_unused_refuses_to_start_and_names_the_variable() {
    let keys = [("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", PASSWORD)];
    for (url, arn, variable) in [
        ("builtin", ARN, "AGENT_GENERATOR_TOKEN_SECRET_ARN"),
        ("https://generator.example", PASSWORD, "AGENT_GENERATOR_TOKEN_SECRET_ARN"),
        ("http://generator.example", ARN, "AGENT_GENERATOR_URL"),
    ] {
        let variables = [("AGENT_GENERATOR_URL", url), ("AGENT_GENERATOR_TOKEN_SECRET_ARN", arn)];
        assert_names_variable(&refused("decompose", &[&variables[..], &keys].concat()).await, variable, url);
    }
    // Over TLS the configuration is valid, and a bad request is rejected without a token.
    let variables = [("AGENT_GENERATOR_URL", "https://generator.invalid"), ("AGENT_GENERATOR_TOKEN_SECRET_ARN", ARN)];
    let started = Environment::start(&binaries::function("decompose"), &[&variables[..], &keys].concat()).await;
    assert_eq!(started.invoke(&events::rest("POST", "/decompose", "{}"), AMPLE).await.status(), Some(400));
}
