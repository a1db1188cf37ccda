//! A function answers by itself, before Lambda or the gateway cuts it off.

use std::time::Duration;

use kit::{
    behaviour::{Act, Behaviour},
    binaries, events,
    faulty::FaultyGenerator,
    runtime_api::Environment,
};

use crate::operations::{AMPLE, DECOMPOSE, GENERATE, OPERATIONS, PATCH, assert_failed};

const THREE_SECONDS: Duration = Duration::from_secs(3);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_three_seconds_left_a_person_gets_a_time_out_and_not_a_dead_gateway() {
    for operation in OPERATIONS {
        let generator = FaultyGenerator::start(Behaviour::hangs()).await;
        let environment = operation.environment(&generator.url()).await;
        let answer = environment.invoke(&operation.event(), THREE_SECONDS).await;
        assert_failed(&answer, operation, "timeout");
        assert!(answer.elapsed < THREE_SECONDS, "too late: {:?}", answer.elapsed);
        // The reserve is half a second: who gives up much earlier throws away answers.
        assert!(answer.elapsed > Duration::from_secs(2), "gave up early: {:?}", answer.elapsed);
        assert_eq!(generator.requests().len(), 1, "a time-out is never repeated");
        assert!(environment.is_alive());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_calls_share_the_time_of_one_invocation() {
    let slow = Behaviour::Then(vec![Behaviour::good(), Behaviour::amid_body(200, 9, Act::Hang)]);
    let generator = FaultyGenerator::start(slow).await;
    let environment = GENERATE.environment(&generator.url()).await;
    let event = events::rest("POST", "/generate", r#"{"description":"Summarise a page"}"#);
    let answer = environment.invoke(&event, THREE_SECONDS).await;
    assert_failed(&answer, &GENERATE, "timeout");
    assert!(answer.elapsed < THREE_SECONDS, "too late: {:?}", answer.elapsed);
    assert_eq!(generator.requests().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_can_set_a_shorter_time_than_the_invocation_has() {
    let generator = FaultyGenerator::start(Behaviour::hangs()).await;
    let url = generator.url();
    let variables = [("AGENT_GENERATOR_URL", url.as_str()), ("AGENT_GENERATOR_TIMEOUT", "0.8")];
    let environment = Environment::started(&binaries::function("decompose"), &variables).await;
    let answer = environment.invoke(&DECOMPOSE.event(), AMPLE).await;
    assert_failed(&answer, &DECOMPOSE, "timeout");
    assert!(answer.elapsed >= Duration::from_millis(790), "gave up early: {:?}", answer.elapsed);
    assert!(answer.elapsed < Duration::from_secs(10), "waited for the invocation: {:?}", answer.elapsed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_time_that_an_operator_sets_does_not_outlast_the_invocation() {
    let generator = FaultyGenerator::start(Behaviour::hangs()).await;
    let url = generator.url();
    let variables = [("AGENT_GENERATOR_URL", url.as_str()), ("AGENT_GENERATOR_TIMEOUT", "600")];
    let environment = Environment::started(&binaries::function("patch"), &variables).await;
    let answer = environment.invoke(&PATCH.event(), Duration::from_secs(2)).await;
    assert_failed(&answer, &PATCH, "timeout");
    assert!(answer.elapsed < Duration::from_secs(2), "too late: {:?}", answer.elapsed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_less_time_than_the_reserve_the_answer_comes_at_once() {
    let generator = FaultyGenerator::start(Behaviour::hangs()).await;
    for operation in OPERATIONS {
        let environment = operation.environment(&generator.url()).await;
        for left in [Duration::from_millis(400), Duration::ZERO] {
            let answer = environment.invoke(&operation.event(), left).await;
            assert_failed(&answer, operation, "timeout");
        }
    }
    assert_eq!(generator.requests().len(), 0, "there was no time to ask");
}
