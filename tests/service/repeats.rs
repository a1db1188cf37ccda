//! A call is repeated only where the generator surely did not process it: counted at the generator.

use std::time::Duration;

use kit::{
    answer::Answer,
    behaviour::{Act, Behaviour},
    faulty::FaultyGenerator,
    unreachable::{ClosedPort, UNKNOWN_NAME},
};

use crate::{
    operations::{AMPLE, DECOMPOSE, GENERATE, OPERATIONS, Operation, assert_failed, assert_good},
    telemetry::request_line,
};

const NEAR: Duration = Duration::from_millis(1500);

fn waits(status: u16, after: &str) -> Behaviour {
    Behaviour::answers_with(status, &[("Content-Type", "application/json"), ("Retry-After", after)], "{}")
}

/// The answer to one request, and how often the generator was asked.
async fn asked(operation: &Operation, behaviour: Behaviour, limit: Duration) -> (Answer, usize) {
    let generator = FaultyGenerator::start(behaviour).await;
    let environment = operation.environment(&generator.url()).await;
    let answer = environment.invoke(&operation.event(), limit).await;
    (answer, generator.requests().len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_generator_that_is_free_again_in_a_second_costs_nobody_an_answer() {
    for (operation, status) in OPERATIONS.into_iter().zip([503, 429, 503]) {
        let (answer, times) =
            asked(operation, Behaviour::Then(vec![waits(status, "1"), Behaviour::good()]), AMPLE).await;
        assert_good(&answer, operation);
        assert_eq!(times, 2);
        assert!(answer.elapsed >= Duration::from_secs(1), "it asked for a second: {:?}", answer.elapsed);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generator_that_stays_busy_is_not_asked_without_end() {
    for (status, error_type) in [(503, "service_unavailable"), (429, "rate_limit")] {
        let (answer, times) = asked(&DECOMPOSE, waits(status, "0"), AMPLE).await;
        assert_failed(&answer, &DECOMPOSE, error_type);
        assert_eq!(times, 3, "once, and twice more");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wait_that_would_outlast_the_invocation_is_not_begun() {
    let limit = Duration::from_millis(2400);
    let (answer, times) = asked(&DECOMPOSE, waits(503, "2"), limit).await;
    assert_failed(&answer, &DECOMPOSE, "service_unavailable");
    assert_eq!(answer.header("retry-after").as_deref(), Some("2"));
    assert_eq!(times, 1);
    assert!(answer.elapsed < limit, "too late: {:?}", answer.elapsed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_that_may_have_begun_is_not_ordered_twice() {
    let cases = [
        ("500", Behaviour::answers(500, "{}"), "http_error"),
        ("500 with advice", waits(500, "1"), "http_error"),
        ("502 with advice", waits(502, "1"), "http_error"),
        ("504 with advice", waits(504, "1"), "timeout"),
        ("429 without advice", Behaviour::answers(429, "{}"), "rate_limit"),
        ("429, wait 10", waits(429, "10"), "rate_limit"),
        ("503, wait 3", waits(503, "3"), "service_unavailable"),
        ("503 without advice", Behaviour::answers(503, "{}"), "service_unavailable"),
        ("a fresh connection reset", Behaviour::resets(), "request_error"),
        ("a fresh connection closed", Behaviour::closes(), "request_error"),
        ("truncated", Behaviour::amid_body(200, 9, Act::Close), "request_error"),
        ("not JSON", Behaviour::answers(200, "no"), "invalid_response"),
    ];
    for (name, behaviour, error_type) in cases {
        let (answer, times) = asked(&GENERATE, behaviour, AMPLE).await;
        assert_failed(&answer, &GENERATE, error_type);
        assert_eq!(times, 1, "{name}");
    }
    let (answer, times) = asked(&GENERATE, Behaviour::hangs(), NEAR).await;
    assert_failed(&answer, &GENERATE, "timeout");
    assert_eq!(times, 1, "a time-out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_died_between_two_requests_costs_nobody_an_answer() {
    for operation in OPERATIONS {
        // The first invocation leaves a connection; the generator resets it when the second one comes over it.
        let turns = vec![Behaviour::good(), Behaviour::resets(), Behaviour::good()];
        let generator = FaultyGenerator::start(Behaviour::Then(turns)).await;
        let environment = operation.environment(&generator.url()).await;
        assert_good(&environment.invoke(&operation.event(), AMPLE).await, operation);
        assert_good(&environment.invoke(&operation.event(), AMPLE).await, operation);
        let came: Vec<usize> = generator.requests().iter().map(|request| request.connection).collect();
        assert_eq!(came, [0, 0, 1], "kept, found dead, made anew");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_closed_upon_the_second_request_costs_nobody_an_answer() {
    let turns = vec![Behaviour::good(), Behaviour::closes(), Behaviour::good()];
    let generator = FaultyGenerator::start(Behaviour::Then(turns)).await;
    let environment = DECOMPOSE.environment(&generator.url()).await;
    assert_good(&environment.invoke(&DECOMPOSE.event(), AMPLE).await, &DECOMPOSE);
    assert_good(&environment.invoke(&DECOMPOSE.event(), AMPLE).await, &DECOMPOSE);
    assert_eq!((generator.requests().len(), generator.connections()), (3, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generator_that_closes_after_each_answer_answers_every_request() {
    let generator = FaultyGenerator::start(Behaviour::good_then_closes()).await;
    let environment = DECOMPOSE.environment(&generator.url()).await;
    for _ in 0..5 {
        assert_good(&environment.invoke(&DECOMPOSE.event(), AMPLE).await, &DECOMPOSE);
    }
    assert_eq!((generator.requests().len(), generator.connections()), (5, 5));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reused_connection_that_broke_amid_an_answer_is_not_asked_again() {
    // Its first bytes say that the work was done.
    let turns = vec![Behaviour::good(), Behaviour::amid_body(200, 9, Act::Close), Behaviour::good()];
    let generator = FaultyGenerator::start(Behaviour::Then(turns)).await;
    let environment = GENERATE.environment(&generator.url()).await;
    assert_good(&environment.invoke(&GENERATE.event(), AMPLE).await, &GENERATE);
    assert_failed(&environment.invoke(&GENERATE.event(), AMPLE).await, &GENERATE, "request_error");
    assert_eq!(generator.requests().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reused_connection_that_hangs_is_not_asked_again() {
    let turns = vec![Behaviour::good(), Behaviour::hangs(), Behaviour::good()];
    let generator = FaultyGenerator::start(Behaviour::Then(turns)).await;
    let environment = DECOMPOSE.environment(&generator.url()).await;
    assert_good(&environment.invoke(&DECOMPOSE.event(), AMPLE).await, &DECOMPOSE);
    assert_failed(&environment.invoke(&DECOMPOSE.event(), NEAR).await, &DECOMPOSE, "timeout");
    assert_eq!(generator.requests().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_came_too_late_is_not_given_to_the_next_request() {
    // Answers the first request only half, and would give the other half to whoever comes over the same connection.
    let turns = vec![Behaviour::amid_body(200, 9, Act::Hang), Behaviour::good()];
    let generator = FaultyGenerator::start(Behaviour::Then(turns)).await;
    let environment = DECOMPOSE.environment(&generator.url()).await;
    assert_failed(&environment.invoke(&DECOMPOSE.event(), NEAR).await, &DECOMPOSE, "timeout");
    assert_good(&environment.invoke(&DECOMPOSE.event(), AMPLE).await, &DECOMPOSE);
    let came: Vec<usize> = generator.requests().iter().map(|request| request.connection).collect();
    assert_eq!(came, [0, 1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generator_that_is_just_being_restarted_is_asked_three_times() {
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

/// How often requests were answered, and how often the generator was asked for them, as callers and the log have it: 1,000
/// requests of one outage, to twenty environments at once.
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
    (told.len(), told.iter().map(|(attempts, _)| attempts.as_u64().expect("an error has its attempts")).sum())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_of_a_thousand_requests_is_not_made_worse_by_their_repeats() {
    let closed = ClosedPort::take();
    let (requests, calls) = outage(&closed.url()).await;
    assert_eq!(requests, 1_000);
    assert!(calls < 1_200, "{calls} calls");
    assert!(calls > 1_000, "nothing was repeated at all");

    let busy = FaultyGenerator::start(waits(503, "1")).await;
    let (requests, calls) = outage(&busy.url()).await;
    assert_eq!((requests, calls), (1_000, busy.requests().len() as u64));
    assert!(calls < 1_200, "{calls} calls");
}
