//! What fails and may pass, and a platform that fails meanwhile.

use std::time::Duration;

use lambda::queue::Handled;
use lifecycle::{memory::Call, record::Status};
use shared::error_type::ErrorType;
use tokio::time::{advance, sleep};

use crate::fixture::{AGENT, Fixture, Step};

/// Works until the message is done, waiting as long as it is hidden; gives back the waits.
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
async fn a_generator_that_is_down_twice_and_then_well_is_asked_later_each_time() {
    let fixture = Fixture::new([Step::unavailable(), Step::unavailable()]);
    fixture.start().await;
    let waits = work_through(&fixture).await;
    assert!(waits.len() == 2 && waits[0] < waits[1], "{waits:?}");
    assert_eq!((fixture.record().status, fixture.job.asked().len()), (Status::Completed, 3));
    assert_eq!(fixture.events.published().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_generator_that_stays_down_is_given_up_with_its_own_error() {
    let fixture = Fixture::new((0..9).map(|_| Step::unavailable()));
    fixture.start().await;
    assert_eq!(work_through(&fixture).await.len(), 3);
    assert_eq!((fixture.error_type().as_deref(), fixture.job.asked().len()), (Some("service_unavailable"), 4));
    assert_eq!(fixture.outcome().unwrap()["message"], "Failed to generate the agent. Please try again.");
    assert_eq!(fixture.outcome().unwrap()["session_id"], "s");
    assert_eq!(fixture.events.published()[0].detail_type(), "Operation Failed");
}

#[tokio::test(start_paused = true)]
async fn a_generator_that_asks_for_a_pause_gets_it() {
    let fixture = Fixture::new([Step::Fails(ErrorType::RateLimit, Some(300))]);
    fixture.start().await;
    assert_eq!(work_through(&fixture).await, [Duration::from_secs(300)]);
    assert_eq!(fixture.record().status, Status::Completed);
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_will_not_pass_is_recorded_at_once() {
    for (step, error_type) in [
        (Step::Fails(ErrorType::ValidationError, None), "validation_error"),
        (Step::Fails(ErrorType::InvalidResponse, None), "invalid_response"),
        (Step::Panics, "unexpected_error"),
    ] {
        let fixture = Fixture::new([step]);
        fixture.start().await;
        assert_eq!(fixture.work().await, Handled::Done);
        assert_eq!((fixture.error_type().as_deref(), fixture.job.asked().len()), (Some(error_type), 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_the_last_where_the_next_try_would_come_after_the_deadline() {
    let fixture = Fixture::new([Step::Fails(ErrorType::RateLimit, Some(1700))]);
    fixture.start().await;
    advance(Duration::from_secs(200)).await;
    assert_eq!(fixture.work().await, Handled::Done);
    assert_eq!(fixture.error_type().as_deref(), Some("rate_limit"));
}

#[tokio::test(start_paused = true)]
async fn an_answer_longer_than_what_a_reader_can_be_sent_is_an_error_and_not_lost() {
    let fixture = Fixture::new([Step::Gives(format!("\"{}\"", "\\n".repeat(3_000_000)))]);
    fixture.start().await;
    assert_eq!(fixture.work().await, Handled::Done);
    assert_eq!(fixture.error_type().as_deref(), Some("invalid_response"));
}

#[tokio::test(start_paused = true)]
async fn a_table_that_is_down_while_a_worker_ends_costs_no_second_generation() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    fixture.store.refuse(Call::Finish, 12);
    assert_eq!(fixture.work().await, Handled::Done);
    assert_eq!((fixture.job.asked().len(), fixture.outcome()), (1, Some(serde_json::from_str(AGENT).unwrap())));
    // The message was kept out of others' sight meanwhile.
    assert!(fixture.messages.hidden().len() > 2, "{:?}", fixture.messages.hidden());
}

#[tokio::test(start_paused = true)]
async fn a_job_whose_end_could_not_be_written_comes_again_instead_of_vanishing() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    fixture.store.refuse(Call::Finish, 120);
    assert_eq!(fixture.work().await, Handled::Again);
    assert_eq!((fixture.record().status, fixture.job.asked().len()), (Status::Running, 1));
    assert!(fixture.store.calls(Call::Finish) > 60, "it was not given up while there was time");
    work_through(&fixture).await;
    assert_eq!((fixture.record().status, fixture.job.asked().len()), (Status::Completed, 2));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_stored_is_not_asked_for_again_though_nobody_heard_that_it_is() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    fixture.store.lose_answer(Call::Finish, 1);
    assert_eq!(fixture.work().await, Handled::Done);
    assert_eq!((fixture.job.asked().len(), fixture.events.published().len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn an_end_that_could_not_be_told_is_told_by_whoever_finds_it() {
    let fixture = Fixture::new([Step::Fails(ErrorType::PatchError, None)]);
    fixture.start().await;
    fixture.events.refuse(200);
    assert_eq!(fixture.work().await, Handled::Again);
    assert_eq!((fixture.record().status, fixture.events.published().len()), (Status::Failed, 0));
    while fixture.work().await == Handled::Again {}
    assert_eq!((fixture.job.asked().len(), fixture.events.published().len()), (1, 1));
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
        "refused, unheard of, then taken: {waits:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_could_not_be_written_is_tried_again_all_the_same() {
    let fixture = Fixture::new([Step::unavailable()]);
    fixture.start().await;
    fixture.store.refuse(Call::Release, 1);
    work_through(&fixture).await;
    assert_eq!((fixture.record().status, fixture.job.asked().len()), (Status::Completed, 2));
}

#[tokio::test(start_paused = true)]
async fn a_job_that_kills_its_workers_does_not_do_so_for_ever() {
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
    assert_eq!((fixture.error_type().as_deref(), fixture.job.asked().len()), (Some("unexpected_error"), 4));
}
