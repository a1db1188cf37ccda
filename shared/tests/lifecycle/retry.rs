//! What fails and may pass, and a platform that fails meanwhile.

use std::time::Duration;

use shared::{
    error_type::ErrorType,
    operations::{memory::Call, record::Status},
    queue::Handled,
};
use tokio::time::{advance, sleep};

use crate::bench::{AGENT, Bench, Step};

/// Works until the message is done, waiting as long as it is hidden; gives back the waits.
async fn work_through(bench: &Bench) -> Vec<Duration> {
    let mut waits = Vec::new();
    while bench.work().await == Handled::Again {
        assert!(waits.len() < 20, "the job never ends");
        waits.push(bench.hidden_last());
        sleep(bench.hidden_last()).await;
    }
    waits
}

#[tokio::test(start_paused = true)]
async fn a_generator_that_is_down_twice_and_then_well_is_asked_later_each_time() {
    let bench = Bench::new([Step::unavailable(), Step::unavailable()]);
    bench.start().await;
    let waits = work_through(&bench).await;
    assert!(waits.len() == 2 && waits[0] < waits[1], "{waits:?}");
    assert_eq!((bench.record().status, bench.job.asked().len()), (Status::Completed, 3));
    assert_eq!(bench.events.published().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_generator_that_stays_down_is_given_up_with_its_own_error() {
    let bench = Bench::new((0..9).map(|_| Step::unavailable()));
    bench.start().await;
    assert_eq!(work_through(&bench).await.len(), 3);
    assert_eq!((bench.error_type().as_deref(), bench.job.asked().len()), (Some("service_unavailable"), 4));
    assert_eq!(bench.outcome().unwrap()["message"], "Failed to generate the agent. Please try again.");
    assert_eq!(bench.outcome().unwrap()["session_id"], "s");
    assert_eq!(bench.events.published()[0].detail_type(), "Operation Failed");
}

#[tokio::test(start_paused = true)]
async fn a_generator_that_asks_for_a_pause_gets_it() {
    let bench = Bench::new([Step::Fails(ErrorType::RateLimit, Some(300))]);
    bench.start().await;
    assert_eq!(work_through(&bench).await, [Duration::from_secs(300)]);
    assert_eq!(bench.record().status, Status::Completed);
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_will_not_pass_is_recorded_at_once() {
    for (step, error_type) in [
        (Step::Fails(ErrorType::ValidationError, None), "validation_error"),
        (Step::Fails(ErrorType::InvalidResponse, None), "invalid_response"),
        (Step::Panics, "unexpected_error"),
    ] {
        let bench = Bench::new([step]);
        bench.start().await;
        assert_eq!(bench.work().await, Handled::Done);
        assert_eq!((bench.error_type().as_deref(), bench.job.asked().len()), (Some(error_type), 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_the_last_where_the_next_try_would_come_after_the_deadline() {
    let bench = Bench::new([Step::Fails(ErrorType::RateLimit, Some(1700))]);
    bench.start().await;
    advance(Duration::from_secs(200)).await;
    assert_eq!(bench.work().await, Handled::Done);
    assert_eq!(bench.error_type().as_deref(), Some("rate_limit"));
}

#[tokio::test(start_paused = true)]
async fn an_answer_longer_than_what_a_reader_can_be_sent_is_an_error_and_not_lost() {
    let bench = Bench::new([Step::Gives(format!("\"{}\"", "\\n".repeat(3_000_000)))]);
    bench.start().await;
    assert_eq!(bench.work().await, Handled::Done);
    assert_eq!(bench.error_type().as_deref(), Some("invalid_response"));
}

#[tokio::test(start_paused = true)]
async fn a_table_that_is_down_while_a_worker_ends_costs_no_second_generation() {
    let bench = Bench::new([]);
    bench.start().await;
    bench.store.refuse(Call::Finish, 12);
    assert_eq!(bench.work().await, Handled::Done);
    assert_eq!((bench.job.asked().len(), bench.outcome()), (1, Some(serde_json::from_str(AGENT).unwrap())));
    // The message was kept out of others' sight meanwhile.
    assert!(bench.messages.hidden().len() > 2, "{:?}", bench.messages.hidden());
}

#[tokio::test(start_paused = true)]
async fn a_job_whose_end_could_not_be_written_comes_again_instead_of_vanishing() {
    let bench = Bench::new([]);
    bench.start().await;
    bench.store.refuse(Call::Finish, 120);
    assert_eq!(bench.work().await, Handled::Again);
    assert_eq!((bench.record().status, bench.job.asked().len()), (Status::Running, 1));
    assert!(bench.store.calls(Call::Finish) > 60, "it was not given up while there was time");
    work_through(&bench).await;
    assert_eq!((bench.record().status, bench.job.asked().len()), (Status::Completed, 2));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_stored_is_not_asked_for_again_though_nobody_heard_that_it_is() {
    let bench = Bench::new([]);
    bench.start().await;
    bench.store.lose_answer(Call::Finish, 1);
    assert_eq!(bench.work().await, Handled::Done);
    assert_eq!((bench.job.asked().len(), bench.events.published().len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn an_end_that_could_not_be_told_is_told_by_whoever_finds_it() {
    let bench = Bench::new([Step::Fails(ErrorType::PatchError, None)]);
    bench.start().await;
    bench.events.refuse(200);
    assert_eq!(bench.work().await, Handled::Again);
    assert_eq!((bench.record().status, bench.events.published().len()), (Status::Failed, 0));
    while bench.work().await == Handled::Again {}
    assert_eq!((bench.job.asked().len(), bench.events.published().len()), (1, 1));
    assert_eq!(bench.events.published()[0].error_type.as_deref(), Some("patch_error"));
}

#[tokio::test(start_paused = true)]
async fn a_claim_that_fails_loses_no_job() {
    let bench = Bench::new([]);
    bench.start().await;
    bench.store.refuse(Call::Claim, 1);
    bench.store.lose_answer(Call::Claim, 1);
    let waits = work_through(&bench).await;
    assert_eq!(
        (waits.len(), bench.record().status),
        (3, Status::Completed),
        "refused, unheard of, then taken: {waits:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_could_not_be_written_is_tried_again_all_the_same() {
    let bench = Bench::new([Step::unavailable()]);
    bench.start().await;
    bench.store.refuse(Call::Release, 1);
    work_through(&bench).await;
    assert_eq!((bench.record().status, bench.job.asked().len()), (Status::Completed, 2));
}

#[tokio::test(start_paused = true)]
async fn a_job_that_kills_its_workers_does_not_do_so_for_ever() {
    let bench = Bench::new((0..9).map(|_| Step::agent().after(3600)));
    bench.start().await;
    for _ in 0..4 {
        let worker = tokio::spawn({
            let bench = bench.clone();
            async move { bench.work().await }
        });
        sleep(Duration::from_secs(1)).await;
        worker.abort();
        advance(Duration::from_secs(120)).await;
    }
    assert_eq!(bench.work().await, Handled::Done);
    assert_eq!((bench.error_type().as_deref(), bench.job.asked().len()), (Some("unexpected_error"), 4));
}
