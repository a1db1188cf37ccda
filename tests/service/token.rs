//! The token that a remote generator knows us by: where it comes from, who gets it, and who does not.

use std::time::Duration;

use kit::{
    behaviour::Behaviour, binaries, events, faulty::FaultyGenerator, runtime_api::Environment, unreachable::ClosedPort,
};
use serde_json::{Value, json};

use crate::{
    model::assert_discreet,
    operations::{AMPLE, CATALOG, DECOMPOSE, GENERATE, OPERATIONS, Operation, assert_failed, assert_good},
    start::{PASSWORD, hold, refused},
    telemetry::request_line,
};

const TOKEN: &str = "agt-hunter2-Geheim";
const ARN: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:team/generator-AbCdEf";

/// Secrets Manager with this secret.
fn holds(secret: &str) -> Behaviour {
    Behaviour::says(json!({"ARN": ARN, "SecretString": secret}))
}

/// The process of `operation`, whose generator is at `url` and whose token `store` has.
async fn environment(operation: &Operation, url: &str, store: &str) -> Environment {
    let variables = [
        ("AGENT_GENERATOR_URL", url),
        ("AGENT_GENERATOR_TOKEN_SECRET_ARN", ARN),
        ("AWS_ENDPOINT_URL_SECRETS_MANAGER", store),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", PASSWORD),
        ("AWS_SESSION_TOKEN", "token-of-the-role"),
    ];
    Environment::started(&binaries::function(operation.name), &variables).await
}

/// In whose name the generator was asked, each time.
fn names(generator: &FaultyGenerator) -> Vec<String> {
    generator.requests().iter().map(|seen| seen.header("authorization").unwrap_or_default().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_of_a_generator_has_the_token_and_no_log_has_it() {
    for operation in OPERATIONS.into_iter().chain([&CATALOG]) {
        let generator = FaultyGenerator::start(Behaviour::good()).await;
        let store = FaultyGenerator::start(holds(&json!({"token": TOKEN, "owner": "team"}).to_string())).await;
        let environment = environment(operation, &generator.url(), &store.url()).await;
        assert_eq!(store.requests().len(), 1, "no request waits for it");
        for _ in 0..2 {
            let answer = environment.invoke(&operation.event(), AMPLE).await;
            assert_good(&answer, operation);
            assert!(!answer.everything().contains("hunter2"), "{answer:?}");
        }
        assert_eq!(names(&generator), [format!("Bearer {TOKEN}"), format!("Bearer {TOKEN}")]);
        assert_eq!(store.requests().len(), 1, "it is kept");
        assert_eq!(store.requests()[0].json(), json!({"SecretId": ARN}));
        assert_discreet(&environment.finish().await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_was_changed_costs_nobody_an_answer() {
    let turns = vec![Behaviour::good(), Behaviour::answers(401, "{}"), Behaviour::good()];
    let generator = FaultyGenerator::start(Behaviour::Then(turns)).await;
    let store = FaultyGenerator::start(Behaviour::Then(vec![holds("old-hunter2"), holds("new-hunter2")])).await;
    let environment = environment(&GENERATE, &generator.url(), &store.url()).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let answer = environment.invoke(&GENERATE.event(), AMPLE).await;
        assert_good(&answer, &GENERATE);
        ids.push(answer.request_id);
    }
    let old_and_new = ["Bearer old-hunter2", "Bearer old-hunter2", "Bearer new-hunter2", "Bearer new-hunter2"];
    assert_eq!((names(&generator), store.requests().len()), (old_and_new.map(str::to_owned).to_vec(), 2));
    let logs = environment.finish().await;
    let attempts: Vec<_> = ids.iter().map(|id| request_line(&logs, id)["attempts"].clone()).collect();
    assert_eq!(attempts, [json!(1), json!(2), json!(1)]);
    assert_discreet(&logs);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_is_wrong_and_stays_so_costs_no_second_call_and_no_flood_of_fetches() {
    let quoting = json!({"error": format!("unknown token {TOKEN}")}).to_string();
    let generator = FaultyGenerator::start(Behaviour::answers(401, quoting)).await;
    let store = FaultyGenerator::start(holds(TOKEN)).await;
    let environment = environment(&DECOMPOSE, &generator.url(), &store.url()).await;
    for _ in 0..4 {
        let answer = environment.invoke(&DECOMPOSE.event(), AMPLE).await;
        assert_failed(&answer, &DECOMPOSE, "http_error");
        let body = answer.body();
        assert_eq!((&body["retryable"], &body["details"]["attempts"]), (&Value::Bool(false), &json!(1)), "{body}");
        assert!(!answer.everything().contains("hunter2"), "{answer:?}");
    }
    assert_eq!((generator.requests().len(), store.requests().len()), (4, 2));
    assert_discreet(&environment.finish().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_is_not_to_be_had_is_an_outage_that_names_no_account() {
    let generator = FaultyGenerator::start(Behaviour::good()).await;
    let denied = json!({"__type": "AccessDeniedException", "Message": format!("no {ARN} for you")}).to_string();
    let stores = [
        (Behaviour::answers(400, denied), "AWS Secrets Manager: AccessDeniedException"),
        (holds(""), "AWS Secrets Manager: the secret holds no key"),
        (Behaviour::hangs(), "there was no answer in time"),
    ];
    let closed = ClosedPort::take();
    let mut cases = vec![(None, "AWS Secrets Manager: the connection was refused")];
    for (behaviour, reason) in stores {
        cases.push((Some(FaultyGenerator::start(behaviour).await), reason));
    }
    for (store, reason) in &cases {
        let url = store.as_ref().map_or_else(|| closed.url(), FaultyGenerator::url);
        let environment = environment(&DECOMPOSE, &generator.url(), &url).await;
        let answer = environment.invoke(&DECOMPOSE.event(), Duration::from_millis(1500)).await;
        assert_failed(&answer, &DECOMPOSE, "service_unavailable");
        let details = &answer.body()["details"];
        let said = format!("the Agent Generator's token is not to be had: {reason}");
        assert_eq!((&details["service_error"], &details["attempts"]), (&json!(said), &json!(0)));
        assert!(!answer.everything().contains("123456789012"), "{answer:?}");
        assert_discreet(&environment.finish().await);
    }
    assert_eq!(generator.connections(), 0, "asked in nobody's name");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generator_that_sends_us_elsewhere_does_not_hand_on_the_token() {
    let elsewhere = FaultyGenerator::start(Behaviour::good()).await;
    let location = format!("{}/api/decompose-description", elsewhere.url());
    for status in [302, 307, 308] {
        let sends = Behaviour::answers_with(status, &[("Location", &location)], "");
        let generator = FaultyGenerator::start(sends).await;
        let store = FaultyGenerator::start(holds(TOKEN)).await;
        let environment = environment(&DECOMPOSE, &generator.url(), &store.url()).await;
        assert_failed(&environment.invoke(&DECOMPOSE.event(), AMPLE).await, &DECOMPOSE, "http_error");
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_would_go_astray_stops_the_deployment_and_names_the_variable() {
    let keys = [("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", PASSWORD)];
    for (url, arn, variable) in [
        ("builtin", ARN, "AGENT_GENERATOR_TOKEN_SECRET_ARN"),
        ("https://generator.example", PASSWORD, "AGENT_GENERATOR_TOKEN_SECRET_ARN"),
        ("http://generator.example", ARN, "AGENT_GENERATOR_URL"),
    ] {
        let variables = [("AGENT_GENERATOR_URL", url), ("AGENT_GENERATOR_TOKEN_SECRET_ARN", arn)];
        hold(&refused("decompose", &[&variables[..], &keys].concat()).await, variable, url);
    }
    // Over TLS it is no mistake, and a goal that is wrong is refused without asking for it.
    let variables = [("AGENT_GENERATOR_URL", "https://generator.invalid"), ("AGENT_GENERATOR_TOKEN_SECRET_ARN", ARN)];
    let started = Environment::started(&binaries::function("decompose"), &[&variables[..], &keys].concat()).await;
    assert_eq!(started.invoke(&events::rest("POST", "/decompose", "{}"), AMPLE).await.status(), Some(400));
}
