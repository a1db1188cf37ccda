//! A function answers before Lambda or the gateway cuts it off.

use std::time::Duration;

use kit::{
    actions::{ACTIONS, AMPLE, DECOMPOSE, GENERATE, PATCH, assert_failed},
    behaviour::{Act, Behaviour},
    binaries, events,
    runtime_api::Environment,
    server::FaultyServer,
};

const THREE_SECONDS: Duration = Duration::from_secs(3);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_three_seconds_left_a_caller_gets_a_time_out_error_instead_of_a_cut_connection() {
    for action in ACTIONS {
        let generator = FaultyServer::start(Behaviour::hangs()).await;
        let environment = action.environment(&generator.url()).await;
        let answer = environment.invoke(&action.event(), THREE_SECONDS).await;
        assert_failed(&answer, action, "timeout");
        assert!(answer.elapsed < THREE_SECONDS, "too late: {:?}", answer.elapsed);
        // The reserve is half a second: giving up much earlier loses answers.
        assert!(answer.elapsed > Duration::from_secs(2), "gave up early: {:?}", answer.elapsed);
        assert_eq!(generator.requests().len(), 1, "a time-out is not retried");
        assert!(environment.is_alive());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_calls_share_one_deadline() {
    let slow = Behaviour::Then(vec![Behaviour::good(), Behaviour::partial_body(200, 9, Act::Hang)]);
    let generator = FaultyServer::start(slow).await;
    let environment = GENERATE.environment(&generator.url()).await;
    let event = events::rest("POST", "/generate", r#"{"description":"Summarise a page"}"#);
    let answer = environment.invoke(&event, THREE_SECONDS).await;
    assert_failed(&answer, &GENERATE, "timeout");
    assert!(answer.elapsed < THREE_SECONDS, "too late: {:?}", answer.elapsed);
    assert_eq!(generator.requests().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operators_time_limit_ends_a_call_before_the_deadline() {
    let generator = FaultyServer::start(Behaviour::hangs()).await;
    let url = generator.url();
    let variables = [("AGENT_GENERATOR_URL", url.as_str()), ("AGENT_GENERATOR_TIMEOUT", "0.8")];
    let environment = Environment::start(&binaries::function("decompose"), &variables).await;
    let answer = environment.invoke(&DECOMPOSE.event(), AMPLE).await;
    assert_failed(&answer, &DECOMPOSE, "timeout");
    assert!(answer.elapsed >= Duration::from_millis(790), "gave up early: {:?}", answer.elapsed);
    assert!(answer.elapsed < Duration::from_secs(10), "waited for the invocation: {:?}", answer.elapsed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operators_long_time_limit_does_not_outlast_the_deadline() {
    let generator = FaultyServer::start(Behaviour::hangs()).await;
    let url = generator.url();
    let variables = [("AGENT_GENERATOR_URL", url.as_str()), ("AGENT_GENERATOR_TIMEOUT", "600")];
    let environment = Environment::start(&binaries::function("patch"), &variables).await;
    let answer = environment.invoke(&PATCH.event(), Duration::from_secs(2)).await;
    assert_failed(&answer, &PATCH, "timeout");
    assert!(answer.elapsed < Duration::from_secs(2), "too late: {:?}", answer.elapsed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_less_time_than_the_reserve_the_error_comes_at_once() {
    let generator = FaultyServer::start(Behaviour::hangs()).await;
    for action in ACTIONS {
        let environment = action.environment(&generator.url()).await;
        for left in [Duration::from_millis(400), Duration::ZERO] {
            let answer = environment.invoke(&action.event(), left).await;
            assert_failed(&answer, action, "timeout");
        }
    }
    assert_eq!(generator.requests().len(), 0, "there was no time for a call");
}
