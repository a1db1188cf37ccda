//! Retries of transient failures, and of writes to a platform that fails.

use std::time::Duration;

use lambda::queue::Handled;
use lifecycle::{memory::Call, record::Status};
use shared::error_type::ErrorType;
use tokio::time::{advance, sleep};

use crate::fixture::{AGENT, Fixture, Step};

/// Runs the job until its message is done, waiting whenever it is hidden; returns the waits.
async fn work_through(fixture: &Fixture) -> Vec<Duration> {
    let mut waits = Vec::new();
    while fixture.work().await == Handled::Again {
        assert!(waits.len() < 20, "the job never ends");
        waits.push(fixture.hidden_last());
        sleep(fixture.hidden_last()).await;
    }
    waits
}

#[tokio::test(start_paused = true)]
async fn a_transient_failure_is_retried_after_a_growing_wait() {
    let fixture = Fixture::new([Step::unavailable(), Step::unavailable()]);
    fixture.start().await;
    let waits = work_through(&fixture).await;
    assert!(waits.len() == 2 && waits[0] < waits[1], "{waits:?}");
    assert_eq!((fixture.record().status, fixture.job.calls().len()), (Status::Completed, 3));
    assert_eq!(fixture.events.published().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_last_attempt_ends_the_operation_with_its_error() {
    let fixture = Fixture::new((0..9).map(|_| Step::unavailable()));
    fixture.start().await;
    assert_eq!(work_through(&fixture).await.len(), 3);
    assert_eq!((fixture.error_type().as_deref(), fixture.job.calls().len()), (Some("service_unavailable"), 4));
    assert_eq!(fixture.outcome().unwrap()["message"], "Failed to generate the agent. Please try again.");
    assert_eq!(fixture.outcome().unwrap()["session_id"], "s");
    assert_eq!(fixture.events.published()[0].detail_type(), "Operation Failed");
}

#[tokio::test(start_paused = true)]
async fn a_retry_waits_for_the_generators_retry_after() {
    let fixture = Fixture::new([Step::Fails(ErrorType::RateLimit, Some(300))]);
    fixture.start().await;
    assert_eq!(work_through(&fixture).await, [Duration::from_secs(300)]);
    assert_eq!(fixture.record().status, Status::Completed);
}

#[tokio::test(start_paused = true)]
async fn a_permanent_failure_ends_the_operation_at_once() {
    for (step, error_type) in [
        (Step::Fails(ErrorType::ValidationError, None), "validation_error"),
        (Step::Fails(ErrorType::InvalidResponse, None), "invalid_response"),
        (Step::Panics, "unexpected_error"),
    ] {
        let fixture = Fixture::new([step]);
        fixture.start().await;
        assert_eq!(fixture.work().await, Handled::Done);
        assert_eq!((fixture.error_type().as_deref(), fixture.job.calls().len()), (Some(error_type), 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_the_last_if_the_retry_would_come_after_the_deadline() {
    let fixture = Fixture::new([Step::Fails(ErrorType::RateLimit, Some(1700))]);
    fixture.start().await;
    advance(Duration::from_secs(200)).await;
    assert_eq!(fixture.work().await, Handled::Done);
    assert_eq!(fixture.error_type().as_deref(), Some("rate_limit"));
}

#[tokio::test(start_paused = true)]
async fn a_result_too_long_for_a_response_is_an_error() {
    let fixture = Fixture::new([Step::Returns(format!("\"{}\"", "\\n".repeat(3_000_000)))]);
    fixture.start().await;
    assert_eq!(fixture.work().await, Handled::Done);
    assert_eq!(fixture.error_type().as_deref(), Some("invalid_response"));
}

#[tokio::test(start_paused = true)]
async fn a_table_that_is_down_at_the_end_costs_no_second_call_of_the_generator() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    fixture.store.refuse(Call::Finish, 12);
    assert_eq!(fixture.work().await, Handled::Done);
    assert_eq!((fixture.job.calls().len(), fixture.outcome()), (1, Some(serde_json::from_str(AGENT).unwrap())));
    // The message stayed hidden meanwhile.
    assert!(fixture.messages.hidden().len() > 2, "{:?}", fixture.messages.hidden());
}

#[tokio::test(start_paused = true)]
async fn a_job_whose_outcome_could_not_be_stored_comes_again() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    fixture.store.refuse(Call::Finish, 120);
    assert_eq!(fixture.work().await, Handled::Again);
    assert_eq!((fixture.record().status, fixture.job.calls().len()), (Status::Running, 1));
    assert!(fixture.store.calls(Call::Finish) > 60, "gave up with time left");
    work_through(&fixture).await;
    assert_eq!((fixture.record().status, fixture.job.calls().len()), (Status::Completed, 2));
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_of_the_table_costs_no_second_call_of_the_generator() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    fixture.store.lose_answer(Call::Finish, 1);
    assert_eq!(fixture.work().await, Handled::Done);
    assert_eq!((fixture.job.calls().len(), fixture.events.published().len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn an_end_that_could_not_be_announced_is_announced_by_the_next_delivery() {
    let fixture = Fixture::new([Step::Fails(ErrorType::PatchError, None)]);
    fixture.start().await;
    fixture.events.refuse(200);
    assert_eq!(fixture.work().await, Handled::Again);
    assert_eq!((fixture.record().status, fixture.events.published().len()), (Status::Failed, 0));
    while fixture.work().await == Handled::Again {}
    assert_eq!((fixture.job.calls().len(), fixture.events.published().len()), (1, 1));
    assert_eq!(fixture.events.published()[0].error_type.as_deref(), Some("patch_error"));
}

#[tokio::test(start_paused = true)]
async fn a_claim_that_fails_loses_no_job() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    fixture.store.refuse(Call::Claim, 1);
    fixture.store.lose_answer(Call::Claim, 1);
    let waits = work_through(&fixture).await;
    assert_eq!(
        (waits.len(), fixture.record().status),
        (3, Status::Completed),
        "refused, answer lost, busy, then taken: {waits:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_job_is_retried_even_if_its_failure_could_not_be_stored() {
    let fixture = Fixture::new([Step::unavailable()]);
    fixture.start().await;
    fixture.store.refuse(Call::Release, 1);
    work_through(&fixture).await;
    assert_eq!((fixture.record().status, fixture.job.calls().len()), (Status::Completed, 2));
}

#[tokio::test(start_paused = true)]
async fn a_job_that_kills_its_workers_is_given_up_after_four() {
    let fixture = Fixture::new((0..9).map(|_| Step::agent().after(3600)));
    fixture.start().await;
    for _ in 0..4 {
        let worker = tokio::spawn({
            let fixture = fixture.clone();
            async move { fixture.work().await }
        });
        sleep(Duration::from_secs(1)).await;
        worker.abort();
        advance(Duration::from_secs(120)).await;
    }
    assert_eq!(fixture.work().await, Handled::Done);
    assert_eq!((fixture.error_type().as_deref(), fixture.job.calls().len()), (Some("unexpected_error"), 4));
}
