//! A call is retried only if the generator certainly did not process it. The tests count calls at the generator.

use std::time::Duration;

use kit::{
    actions::{ACTIONS, AMPLE, Action, DECOMPOSE, GENERATE, assert_failed, assert_good},
    answer::Answer,
    behaviour::{Act, Behaviour},
    server::FaultyServer,
    unreachable::{ClosedPort, UNKNOWN_NAME},
};

use crate::fixture::request_line;

const NEAR: Duration = Duration::from_millis(1500);

fn waits(status: u16, after: &str) -> Behaviour {
    Behaviour::answers_with(status, &[("Content-Type", "application/json"), ("Retry-After", after)], "{}")
}

/// The answer to one request, and the number of calls.
async fn call(action: &Action, behaviour: Behaviour, limit: Duration) -> (Answer, usize) {
    let generator = FaultyServer::start(behaviour).await;
    let environment = action.environment(&generator.url()).await;
    let answer = environment.invoke(&action.event(), limit).await;
    (answer, generator.requests().len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generator_that_is_busy_for_a_second_is_retried_and_the_caller_gets_the_result() {
    for (action, status) in ACTIONS.into_iter().zip([503, 429, 503]) {
        let (answer, times) = call(action, Behaviour::Then(vec![waits(status, "1"), Behaviour::good()]), AMPLE).await;
        assert_good(&answer, action);
        assert_eq!(times, 2);
        assert!(answer.elapsed >= Duration::from_secs(1), "Retry-After was one second: {:?}", answer.elapsed);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generator_that_stays_busy_is_called_three_times() {
    for (status, error_type) in [(503, "service_unavailable"), (429, "rate_limit")] {
        let (answer, times) = call(&DECOMPOSE, waits(status, "0"), AMPLE).await;
        assert_failed(&answer, &DECOMPOSE, error_type);
        assert_eq!(times, 3, "one call and two retries");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retry_that_would_miss_the_deadline_is_not_attempted() {
    let limit = Duration::from_millis(2400);
    let (answer, times) = call(&DECOMPOSE, waits(503, "2"), limit).await;
    assert_failed(&answer, &DECOMPOSE, "service_unavailable");
    assert_eq!(answer.header("retry-after").as_deref(), Some("2"));
    assert_eq!(times, 1);
    assert!(answer.elapsed < limit, "too late: {:?}", answer.elapsed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_that_may_have_started_is_not_requested_twice() {
    let cases = [
        ("500", Behaviour::answers(500, "{}"), "http_error"),
        ("500 with Retry-After", waits(500, "1"), "http_error"),
        ("502 with Retry-After", waits(502, "1"), "http_error"),
        ("504 with Retry-After", waits(504, "1"), "timeout"),
        ("429 without Retry-After", Behaviour::answers(429, "{}"), "rate_limit"),
        ("429, wait 10", waits(429, "10"), "rate_limit"),
        ("503, wait 3", waits(503, "3"), "service_unavailable"),
        ("503 without Retry-After", Behaviour::answers(503, "{}"), "service_unavailable"),
        ("a fresh connection reset", Behaviour::resets(), "request_error"),
        ("a fresh connection closed", Behaviour::closes(), "request_error"),
        ("truncated", Behaviour::partial_body(200, 9, Act::Close), "request_error"),
        ("not JSON", Behaviour::answers(200, "no"), "invalid_response"),
    ];
    for (name, behaviour, error_type) in cases {
        let (answer, times) = call(&GENERATE, behaviour, AMPLE).await;
        assert_failed(&answer, &GENERATE, error_type);
        assert_eq!(times, 1, "{name}");
    }
    let (answer, times) = call(&GENERATE, Behaviour::hangs(), NEAR).await;
    assert_failed(&answer, &GENERATE, "timeout");
    assert_eq!(times, 1, "a time-out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reused_connection_that_is_reset_is_replaced_and_the_caller_gets_the_result() {
    for action in ACTIONS {
        // The generator resets the kept connection at the second request.
        let turns = vec![Behaviour::good(), Behaviour::resets(), Behaviour::good()];
        let generator = FaultyServer::start(Behaviour::Then(turns)).await;
        let environment = action.environment(&generator.url()).await;
        assert_good(&environment.invoke(&action.event(), AMPLE).await, action);
        assert_good(&environment.invoke(&action.event(), AMPLE).await, action);
        let came: Vec<usize> = generator.requests().iter().map(|request| request.connection).collect();
        assert_eq!(came, [0, 0, 1], "reused, reset, replaced");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reused_connection_that_is_closed_is_replaced_and_the_caller_gets_the_result() {
    let turns = vec![Behaviour::good(), Behaviour::closes(), Behaviour::good()];
    let generator = FaultyServer::start(Behaviour::Then(turns)).await;
    let environment = DECOMPOSE.environment(&generator.url()).await;
    assert_good(&environment.invoke(&DECOMPOSE.event(), AMPLE).await, &DECOMPOSE);
    assert_good(&environment.invoke(&DECOMPOSE.event(), AMPLE).await, &DECOMPOSE);
    assert_eq!((generator.requests().len(), generator.connections()), (3, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generator_that_closes_after_each_answer_serves_every_request() {
    let generator = FaultyServer::start(Behaviour::good_then_closes()).await;
    let environment = DECOMPOSE.environment(&generator.url()).await;
    for _ in 0..5 {
        assert_good(&environment.invoke(&DECOMPOSE.event(), AMPLE).await, &DECOMPOSE);
    }
    assert_eq!((generator.requests().len(), generator.connections()), (5, 5));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reused_connection_that_breaks_in_an_answer_is_not_retried() {
    // Its first byte says that the work was done.
    for broken in [
        Behaviour::bytes_then("H", Act::Close),
        Behaviour::bytes_then("HTTP/1.1 200 OK\r\nContent-Le", Act::Close),
        Behaviour::partial_headers(Act::Close),
        Behaviour::partial_body(200, 9, Act::Close),
    ] {
        let generator = FaultyServer::start(Behaviour::Then(vec![Behaviour::good(), broken, Behaviour::good()])).await;
        let environment = GENERATE.environment(&generator.url()).await;
        assert_good(&environment.invoke(&GENERATE.event(), AMPLE).await, &GENERATE);
        assert_failed(&environment.invoke(&GENERATE.event(), AMPLE).await, &GENERATE, "request_error");
        assert_eq!(generator.requests().len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reused_connection_that_hangs_is_not_retried() {
    let turns = vec![Behaviour::good(), Behaviour::hangs(), Behaviour::good()];
    let generator = FaultyServer::start(Behaviour::Then(turns)).await;
    let environment = DECOMPOSE.environment(&generator.url()).await;
    assert_good(&environment.invoke(&DECOMPOSE.event(), AMPLE).await, &DECOMPOSE);
    assert_failed(&environment.invoke(&DECOMPOSE.event(), NEAR).await, &DECOMPOSE, "timeout");
    assert_eq!(generator.requests().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_answer_is_not_given_to_the_next_request() {
    // The second half of the first answer would follow on the same connection.
    let turns = vec![Behaviour::partial_body(200, 9, Act::Hang), Behaviour::good()];
    let generator = FaultyServer::start(Behaviour::Then(turns)).await;
    let environment = DECOMPOSE.environment(&generator.url()).await;
    assert_failed(&environment.invoke(&DECOMPOSE.event(), NEAR).await, &DECOMPOSE, "timeout");
    assert_good(&environment.invoke(&DECOMPOSE.event(), AMPLE).await, &DECOMPOSE);
    let came: Vec<usize> = generator.requests().iter().map(|request| request.connection).collect();
    assert_eq!(came, [0, 1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generator_that_cannot_be_reached_is_tried_three_times() {
    let closed = ClosedPort::take();
    for url in [closed.url().as_str(), UNKNOWN_NAME] {
        let environment = DECOMPOSE.environment(url).await;
        let answer = environment.invoke(&DECOMPOSE.event(), AMPLE).await;
        assert_failed(&answer, &DECOMPOSE, "connection_error");
        assert_eq!(answer.body()["details"]["attempts"], 3, "{answer:?}");
        let line = request_line(&environment.finish().await, &answer.request_id);
        assert_eq!(line["attempts"], 3, "{line}");
    }
}

/// Sends 1,000 requests to 20 processes during an outage; returns the number of answers, and of calls according to answers and
/// log.
async fn outage(url: &str) -> (usize, u64) {
    let mut environments = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let url = url.to_owned();
        environments.spawn(async move {
            let environment = DECOMPOSE.environment(&url).await;
            let mut told = Vec::new();
            for _ in 0..50 {
                let answer = environment.invoke(&DECOMPOSE.event(), AMPLE).await;
                told.push((answer.body()["details"]["attempts"].clone(), answer.request_id));
            }
            let logs = environment.finish().await;
            for (attempts, request_id) in &told {
                assert_eq!(request_line(&logs, request_id)["attempts"], *attempts);
            }
            told
        });
    }
    let told = environments.join_all().await.concat();
    (told.len(), told.iter().map(|(attempts, _)| attempts.as_u64().expect("attempts in the error")).sum())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retries_add_less_than_a_fifth_to_the_calls_of_an_outage() {
    let closed = ClosedPort::take();
    let (requests, calls) = outage(&closed.url()).await;
    assert_eq!(requests, 1_000);
    assert!(calls < 1_200, "{calls} calls");
    assert!(calls > 1_000, "nothing was retried");

    let busy = FaultyServer::start(waits(503, "1")).await;
    let (requests, calls) = outage(&busy.url()).await;
    assert_eq!((requests, calls), (1_000, busy.requests().len() as u64));
    assert!(calls < 1_200, "{calls} calls");
}
