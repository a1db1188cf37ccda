//! The files of `events/`, which people send first: each works, under Amazon's emulator and under ours.

use kit::{
    answer::Answer,
    behaviour::Behaviour,
    binaries::{self, FUNCTIONS},
    emulator::Emulator,
    events,
    faulty::FaultyGenerator,
    runtime_api::Environment,
};
use serde_json::{Value, json};

use crate::operations::{AMPLE, GENERATE, assert_failed};

/// A trigger, as the files name it.
const TRIGGERS: [&str; 6] = ["rest", "http-api", "function-url", "direct", "eventbridge", "wrong"];
/// An event that belongs to no function: `decompose` is the one that has to refuse it.
const UNKNOWN: &str = "unknown.json";
/// What the gateway asks: the tests of the authorizer send it, with an issuer to ask.
const OF_THE_GATEWAY: &str = "authorizer-token.json";
/// What works on a table and queues alone: the system tests send these to the deployed functions.
const OF_OPERATIONS: [&str; 8] = [
    "deliver-sqs.json",
    "generate-eventbridge-operation.json",
    "generate-poison.json",
    "generate-sqs.json",
    "operations-complete-rest.json",
    "operations-rest.json",
    "operations-sqs.json",
    "patch-sqs.json",
];

/// The files that a function is sent, with the trigger that each plays.
fn files_of(function: &str) -> Vec<(String, &'static str)> {
    let mut files: Vec<(String, &'static str)> =
        TRIGGERS.map(|trigger| (format!("{function}-{trigger}.json"), trigger)).into();
    // Nothing that a schedule or an event could want to know of the catalogue.
    files.retain(|(name, _)| name != "catalog-eventbridge.json");
    if function == "decompose" {
        files.push((UNKNOWN.to_owned(), "unknown"));
    }
    files
}

/// Holds the answer to the event of one file to be what a person who sends it expects.
fn hold(file: &str, function: &str, trigger: &str, answer: &Answer) {
    let body = answer.body();
    let result = match function {
        "decompose" => "instructions",
        "catalog" => "blocks",
        _ => "agent_preview",
    };
    match trigger {
        "unknown" => assert_eq!(answer.lambda_error_type(), Some("Runtime.UnknownEvent"), "{file}: {answer:?}"),
        "wrong" => {
            let status = if function == "catalog" { 405 } else { 400 };
            assert_eq!((answer.status(), &body["type"]), (Some(status), &json!("error")), "{file}: {answer:?}");
            assert!(body["message"].as_str().is_some_and(|message| !message.is_empty()), "{file}: {answer:?}");
        }
        "direct" | "eventbridge" => {
            assert_eq!((answer.status(), &answer.error), (None, &None), "{file}: {answer:?}");
            assert_eq!(body["type"], result, "{file}: {answer:?}");
        }
        _ => assert_eq!((answer.status(), &body["type"]), (Some(200), &json!(result)), "{file}: {answer:?}"),
    }
}

#[test]
fn no_event_is_shipped_that_nobody_ever_sent() {
    let mut sent: Vec<String> =
        FUNCTIONS.iter().flat_map(|function| files_of(function)).map(|(name, _)| name).collect();
    sent.extend(OF_OPERATIONS.into_iter().chain([OF_THE_GATEWAY]).map(str::to_owned));
    sent.sort();
    assert_eq!(events::files(), sent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_works_with_the_built_in_generator() {
    for function in FUNCTIONS {
        let binary = binaries::function(function);
        let environment = Environment::started(&binary, &[("AGENT_GENERATOR_URL", "builtin")]).await;
        for (file, trigger) in files_of(function) {
            let answer = environment.invoke(&events::file(&file), AMPLE).await;
            hold(&file, function, trigger, &answer);
        }
        assert!(environment.is_alive());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_works_with_a_remote_generator() {
    for function in FUNCTIONS {
        let generator = FaultyGenerator::start(Behaviour::good()).await;
        let url = generator.url();
        let binary = binaries::function(function);
        let environment = Environment::started(&binary, &[("AGENT_GENERATOR_URL", url.as_str())]).await;
        for (file, trigger) in files_of(function) {
            let before = generator.requests().len();
            let answer = environment.invoke(&events::file(&file), AMPLE).await;
            hold(&file, function, trigger, &answer);
            let refused = ["wrong", "unknown"].contains(&trigger);
            assert_eq!(generator.requests().len() == before, refused, "{file}: asked the generator or not");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_of_decompose_works_under_amazons_emulator() {
    under_the_emulator("decompose").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_of_generate_works_under_amazons_emulator() {
    under_the_emulator("generate").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_of_patch_works_under_amazons_emulator() {
    under_the_emulator("patch").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_of_catalog_works_under_amazons_emulator() {
    under_the_emulator("catalog").await;
}

async fn under_the_emulator(function: &str) {
    let emulator = Emulator::start(&binaries::function(function), &[("AGENT_GENERATOR_URL", "builtin")]).await;
    for (file, trigger) in files_of(function) {
        hold(&file, function, trigger, &emulator.invoke(&events::file(&file)).await);
    }
    // An event that was refused has not ended the function.
    let (file, trigger) = &files_of(function)[0];
    hold(file, function, trigger, &emulator.invoke(&events::file(file)).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_function_url_finds_the_function_at_its_root() {
    let environment =
        Environment::started(&binaries::function("decompose"), &[("AGENT_GENERATOR_URL", "builtin")]).await;
    let request = json!({"description": "Summarise a web page"}).to_string();
    for event in [
        events::function_url("POST", "/", &request),
        events::function_url("POST", "/decompose/", &request),
        events::http_api("POST", "/base/decompose", &request),
        events::rest("POST", "/base/decompose/", &request),
    ] {
        let answer = environment.invoke(&event, AMPLE).await;
        assert_eq!(answer.status(), Some(200), "{event} {answer:?}");
    }
    let answer = environment.invoke(&events::http_api("POST", "/patch", &request), AMPLE).await;
    assert_eq!((answer.status(), &answer.body()["error_type"]), (Some(404), &json!("not_found")), "{answer:?}");
    let answer = environment.invoke(&events::rest("GET", "/decompose", ""), AMPLE).await;
    assert_eq!((answer.status(), answer.header("allow").as_deref()), (Some(405), Some("POST")), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_trigger_tells_of_a_failure_in_its_own_way() {
    let operation = &GENERATE;
    let generator =
        FaultyGenerator::start(Behaviour::answers(500, r#"{"error_type":"validation_error","error":"No sink"}"#)).await;
    let environment = operation.environment(&generator.url()).await;
    let message = json!(operation.message("validation_error"));

    for event in
        [events::http_api("POST", "/generate", operation.request), events::function_url("POST", "/", operation.request)]
    {
        let answer = environment.invoke(&event, AMPLE).await;
        assert_failed(&answer, operation, "validation_error");
        assert_eq!(answer.header("x-request-id"), Some(answer.request_id.clone()), "{answer:?}");
    }
    let direct = environment.invoke(&operation.direct(), AMPLE).await;
    assert_eq!((direct.status(), &direct.error), (None, &None), "{direct:?}");
    assert_eq!((&direct.body()["error_type"], &direct.body()["message"]), (&json!("validation_error"), &message));

    let event = environment.invoke(&events::event_bridge(operation.direct()), AMPLE).await;
    assert_eq!(event.lambda_error_type(), Some("validation_error"), "Lambda does not try again: {event:?}");
    assert_eq!(event.error.map(|error| error["errorMessage"].clone()), Some(message.clone()));

    let accept = [("Accept", "application/problem+json")];
    let answer = environment.invoke(&events::rest_with("POST", "/generate", operation.request, &accept), AMPLE).await;
    let problem: Value = answer.body();
    assert_eq!(answer.header("content-type").as_deref(), Some("application/problem+json"), "{answer:?}");
    assert_eq!(problem["type"], "urn:agent-generator:error:validation_error");
    assert_eq!((&problem["status"], &problem["detail"]), (&json!(422), &message));
    assert_eq!(problem["instance"], format!("urn:uuid:{}", answer.request_id));
}
