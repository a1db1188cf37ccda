//! Every row of the contract's classification, against a real socket, for each function that calls a generator.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use service_tests::{
    answer::Answer,
    behaviour::Behaviour,
    faulty::FaultyGenerator,
    private_tls::PrivateTls,
    unreachable::{BadTls, ClosedPort, FullQueue, UNKNOWN_NAME},
};
use tokio::{sync::Semaphore, task::JoinSet};

use crate::{
    faults::{self, Fault, Place, Says},
    operations::{AMPLE, CATALOG, DECOMPOSE, GENERATE, OPERATIONS, Operation, PATCH, assert_good},
};

/// What a call is given that lasts until its deadline: a start, and half a second in reserve.
const NEAR: Duration = Duration::from_millis(2000);
/// A test shares its machine with others: more processes at once would only wait for each other.
const AT_ONCE: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_is_told_to_wait_or_to_give_up_as_the_status_says() {
    check(faults::statuses()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_class_that_the_generator_names_is_not_lost_with_an_error_status() {
    check(faults::named()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decompose_that_fails_on_its_way_says_how() {
    check_of(faults::connections(), &DECOMPOSE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generate_that_fails_on_its_way_says_how() {
    check_of(faults::connections(), &GENERATE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_patch_that_fails_on_its_way_says_how() {
    check_of(faults::connections(), &PATCH).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_catalogue_that_does_not_come_says_why() {
    let faults = [faults::statuses(), faults::connections(), faults::unusable()].concat();
    check_of(faults, &CATALOG).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_cannot_be_used_is_no_result() {
    check(faults::unusable()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generator_that_says_no_is_quoted() {
    check(faults::shapes()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_good_answer_after_informational_ones_is_not_missed() {
    for operation in OPERATIONS {
        let generator = FaultyGenerator::start(Behaviour::good().after_informational()).await;
        let environment = operation.environment(&generator.url()).await;
        assert_good(&environment.invoke(&operation.event(), AMPLE).await, operation);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn generate_from_a_goal_says_that_it_was_the_goal_that_failed() {
    let generator = FaultyGenerator::start(Behaviour::answers(500, r#"{"error_type":"llm_parse_error"}"#)).await;
    let environment = GENERATE.environment(&generator.url()).await;
    let event = service_tests::events::rest("POST", "/generate", r#"{"description":"Summarise a page"}"#);
    let body = environment.invoke(&event, AMPLE).await.body();
    assert_eq!(body["error"], "decomposition_failed:llm_parse_error", "{body}");
    assert_eq!(body["message"], DECOMPOSE.message("llm_parse_error"), "{body}");
    assert_eq!(body["details"]["description"], "Summarise a page", "{body}");
}

async fn check(faults: Vec<Fault>) {
    for operation in OPERATIONS {
        check_of(faults.clone(), operation).await;
    }
}

/// Plays every fault that concerns the operation, each to a process of its own, and tells of all that went wrong.
async fn check_of(faults: Vec<Fault>, operation: &'static Operation) {
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    let mut playing = JoinSet::new();
    for fault in faults.into_iter().filter(|fault| fault.of.contains(&operation.name)) {
        let permits = Arc::clone(&permits);
        playing.spawn(async move {
            let _permit = permits.acquire_owned().await.expect("nobody closes the permits");
            play(&fault, operation).await
        });
    }
    let wrong: Vec<String> = playing.join_all().await.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{} faults of {}:\n{}", wrong.len(), operation.name, wrong.join("\n"));
}

/// What is wrong with the answer to one fault, if anything.
async fn play(fault: &Fault, operation: &'static Operation) -> Option<String> {
    let limit = if fault.lasts { NEAR } else { AMPLE };
    let answer = match &fault.place {
        Place::There(behaviour) => {
            let generator = FaultyGenerator::start(behaviour.clone()).await;
            ask(operation, &generator.url(), limit).await
        }
        Place::Refused => ask(operation, &ClosedPort::take().url(), limit).await,
        Place::FullQueue => ask(operation, &FullQueue::start().await.url(), limit).await,
        Place::UnknownName => ask(operation, UNKNOWN_NAME, limit).await,
        Place::PlainTls => ask(operation, &BadTls::plain().await.url(), limit).await,
        Place::SelfSignedTls => {
            let generator = FaultyGenerator::start(Behaviour::good()).await;
            ask(operation, &PrivateTls::before(generator.port()).await.url(), limit).await
        }
        Place::SilentTls => ask(operation, &BadTls::silent().await.url(), limit).await,
    };
    let wrong = differences(fault, operation, &answer);
    let brief: String = answer.everything().chars().take(1200).collect();
    (!wrong.is_empty()).then(|| format!("- {}: {}\n  {brief}", fault.name, wrong.join("; ")))
}

async fn ask(operation: &'static Operation, url: &str, limit: Duration) -> Answer {
    let environment = operation.environment(url).await;
    environment.invoke(&operation.event(), limit).await
}

fn differences(fault: &Fault, operation: &Operation, answer: &Answer) -> Vec<String> {
    let (status, retryable) = Operation::consequence(fault.error_type);
    let body = answer.body();
    let mut wrong = Vec::new();
    let mut same = |what: &str, is: Value, should: Value| {
        if is != should {
            wrong.push(format!("{what} is {is}, not {should}"));
        }
    };
    same("status", json!(answer.status()), json!(status));
    same("type", body["type"].clone(), json!("error"));
    same("error_type", body["error_type"].clone(), json!(fault.error_type));
    same("error", body["error"].clone(), json!(format!("{}:{}", operation.code, fault.error_type)));
    same("message", body["message"].clone(), json!(operation.message(fault.error_type)));
    same("retryable", body["retryable"].clone(), json!(fault.retryable.unwrap_or(retryable)));
    same("session_id", body["session_id"].clone(), json!(operation.session()));
    same("request_id", body["request_id"].clone(), json!(answer.request_id));
    same("details.error_type", body["details"]["error_type"].clone(), json!(fault.error_type));
    for (key, asked) in operation.asked().as_object().into_iter().flatten() {
        same(key, body["details"][key].clone(), asked.clone());
    }
    // Only who waited for an agent can be helped by waiting elsewhere.
    let hint = body["details"]["hint"].as_str().is_some_and(|hint| hint.contains("Prefer: respond-async"));
    same(
        "a hint at more time",
        json!(hint),
        json!(fault.error_type == "timeout" && ["generate", "patch"].contains(&operation.name)),
    );
    same("X-Request-Id", json!(answer.header("x-request-id")), json!(answer.request_id));
    same("X-Content-Type-Options", json!(answer.header("x-content-type-options")), json!("nosniff"));
    let uncached = "no-store, no-cache, must-revalidate, private";
    same("Cache-Control", json!(answer.header("cache-control")), json!(uncached));
    same("Content-Type", json!(answer.header("content-type")), json!("application/json"));
    let waits = answer.header("retry-after").and_then(|seconds| seconds.parse::<u64>().ok());
    let in_time = match expected_wait(fault) {
        Some((lowest, highest)) => waits.is_some_and(|seconds| (lowest..=highest).contains(&seconds)),
        None => waits.is_none(),
    };
    if !in_time {
        wrong.push(format!("Retry-After is {waits:?}, not {:?}", expected_wait(fault)));
    }
    let said = body["details"]["service_error"].as_str().unwrap_or_default();
    let fits = match fault.says {
        Says::Begins(begins) => said.starts_with(begins) && !said.is_empty(),
        Says::With(begins, too) => said.starts_with(begins) && said.contains(too),
        Says::Exactly(text) => said == text,
    };
    let private = ["127.0.0.1", "://", ".invalid"].iter().any(|text| said.contains(text));
    if !fits || private || said.chars().count() > 200 {
        wrong.push(format!("service_error is {said:?}, not {:?}", fault.says));
    }
    wrong
}

fn expected_wait(fault: &Fault) -> Option<(u64, u64)> {
    fault.retry_after.or(match fault.error_type {
        "rate_limit" | "llm_rate_limit" => Some((5, 5)),
        "service_unavailable" => Some((10, 10)),
        _ => None,
    })
}
