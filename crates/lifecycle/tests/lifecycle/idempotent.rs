//! Repeats of requests with an idempotency key or an operation id.

use std::time::Duration;

use lambda::queue::Handled;
use lifecycle::{
    idempotent::Answer,
    memory::Call,
    ports::OperationStore,
    record::{Outcome, Status},
    start::NotStarted,
};
use shared::{bad_request::BadRequest, error_type::ErrorType, request_log::RequestLog};
use tokio::time::{Instant, advance, sleep};

use crate::fixture::{AGENT, Fixture, Step};

const REQUEST: &str = r#"{"description":"x"}"#;

/// Posts a request with the key `k` and 28 s to go.
async fn post(fixture: &Fixture, request: &str) -> Result<Answer, NotStarted> {
    post_within(fixture, request, 28).await
}

async fn post_within(fixture: &Fixture, request: &str, seconds: u64) -> Result<Answer, NotStarted> {
    let new = fixture.operation(request, &[("idempotency-key", "k")]);
    fixture.idempotent_runner().run(&fixture.job, &new, fixture.invocation(seconds), &mut RequestLog::default()).await
}

/// The body or the error of an answer, and whether it is a replay.
fn summary(answer: &Answer) -> (String, bool) {
    match answer {
        Answer::Now(Ok(reply)) => (reply.body.clone(), false),
        Answer::Now(Err(refusal)) => (format!("{refusal:?}"), false),
        Answer::Replayed(_, Outcome::Completed(body)) => (body.clone(), true),
        Answer::Replayed(_, Outcome::Failed { error_type, .. }) => (error_type.clone(), true),
        Answer::Replayed(operation, Outcome::Cancelled) => (operation.status.name().to_owned(), true),
        Answer::Started(started) => (started.operation_id.clone(), started.is_replayed),
    }
}

#[tokio::test(start_paused = true)]
async fn a_repeat_is_answered_with_the_first_result() {
    let fixture = Fixture::new([]);
    assert_eq!(summary(&post(&fixture, REQUEST).await.unwrap()), (AGENT.to_owned(), false));
    assert_eq!(summary(&post(&fixture, REQUEST).await.unwrap()), (AGENT.to_owned(), true));
    assert_eq!((fixture.job.calls().len(), fixture.events.published().len()), (1, 1));
    let other = post(&fixture, r#"{"description":"y"}"#).await.unwrap_err();
    assert_eq!(other, NotStarted::Refused(BadRequest::IdempotencyMismatch));
}

#[tokio::test(start_paused = true)]
async fn twenty_concurrent_posts_of_one_request_are_done_once_and_get_equal_answers() {
    let fixture = Fixture::new([Step::agent().after(10)]);
    let posts = (0..20).map(|_| {
        let fixture = fixture.clone();
        tokio::spawn(async move { summary(&post(&fixture, REQUEST).await.unwrap()) })
    });
    let mut answers = Vec::new();
    for post in posts.collect::<Vec<_>>() {
        answers.push(post.await.unwrap());
    }
    assert!(answers.iter().all(|(body, _)| body == AGENT), "{answers:?}");
    assert_eq!(answers.iter().filter(|(_, is_replayed)| !is_replayed).count(), 1);
    assert_eq!(fixture.job.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_permanent_error_is_replayed() {
    let fixture = Fixture::new([Step::Fails(ErrorType::ValidationError, None)]);
    assert!(matches!(post(&fixture, REQUEST).await, Ok(Answer::Now(Err(_)))));
    assert_eq!(summary(&post(&fixture, REQUEST).await.unwrap()), ("validation_error".to_owned(), true));
    assert_eq!(fixture.job.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn after_a_transient_error_the_key_can_be_used_again() {
    let fixture = Fixture::new([Step::unavailable()]);
    assert!(matches!(post(&fixture, REQUEST).await, Ok(Answer::Now(Err(_)))));
    assert_eq!(summary(&post(&fixture, REQUEST).await.unwrap()), (AGENT.to_owned(), false));
}

#[tokio::test(start_paused = true)]
async fn a_repeat_that_waited_for_a_failed_request_does_the_work_itself() {
    let fixture = Fixture::new([Step::unavailable().after(5)]);
    let first = tokio::spawn({
        let fixture = fixture.clone();
        async move { post(&fixture, REQUEST).await }
    });
    sleep(Duration::from_secs(1)).await;
    assert_eq!(summary(&post(&fixture, REQUEST).await.unwrap()), (AGENT.to_owned(), false));
    assert!(matches!(first.await.unwrap(), Ok(Answer::Now(Err(_)))));
}

#[tokio::test(start_paused = true)]
async fn a_repeat_does_the_work_of_a_request_that_was_killed() {
    let fixture = Fixture::new([Step::agent().after(3600)]);
    let killed = tokio::spawn({
        let fixture = fixture.clone();
        async move { post(&fixture, REQUEST).await }
    });
    sleep(Duration::from_secs(5)).await;
    killed.abort();
    // While the first request could still be alive, a repeat only waits.
    assert!(matches!(post_within(&fixture, REQUEST, 10).await, Ok(Answer::Now(Err(_)))));
    assert_eq!(fixture.job.calls().len(), 1);
    advance(Duration::from_secs(20)).await;
    assert_eq!(summary(&post(&fixture, REQUEST).await.unwrap()), (AGENT.to_owned(), false));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_died_before_its_claim_frees_its_key_after_a_lease() {
    let fixture = Fixture::new([]);
    fixture.store.create(&fixture.operation(REQUEST, &[("idempotency-key", "k")])).await.unwrap();
    assert!(matches!(post(&fixture, REQUEST).await, Ok(Answer::Now(Err(_)))));
    advance(fixture.settings.lease).await;
    assert_eq!(summary(&post(&fixture, REQUEST).await.unwrap()), (AGENT.to_owned(), false));
}

#[tokio::test(start_paused = true)]
async fn a_repeat_that_waits_is_answered_before_the_gateway_times_out() {
    let fixture = Fixture::new([Step::agent().after(20)]);
    let first = tokio::spawn({
        let fixture = fixture.clone();
        async move { post(&fixture, REQUEST).await }
    });
    sleep(Duration::from_secs(1)).await;
    let begin = Instant::now();
    let (waited, _) = summary(&post_within(&fixture, REQUEST, 6).await.unwrap());
    assert!(waited.contains("Timeout") && begin.elapsed() <= Duration::from_secs(6), "{waited}");
    assert_eq!(summary(&first.await.unwrap().unwrap()).0, AGENT);
}

#[tokio::test(start_paused = true)]
async fn without_time_left_no_operation_is_created() {
    let fixture = Fixture::new([]);
    let (answer, _) = summary(&post_within(&fixture, REQUEST, 0).await.unwrap());
    assert!(answer.contains("Timeout"), "{answer}");
    assert_eq!((fixture.job.calls().len(), fixture.store.ids().len()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn work_within_a_request_is_never_handed_over() {
    let fixture = Fixture::new([Step::agent(), Step::HandsOver]);
    assert_eq!(summary(&post(&fixture, REQUEST).await.unwrap()).0, AGENT);
    assert!(!fixture.job.may_hand_over());
    // A job that hands over all the same is a bug.
    let other = fixture.operation(r#"{"description":"y"}"#, &[("idempotency-key", "other")]);
    let answer =
        fixture.idempotent_runner().run(&fixture.job, &other, fixture.invocation(28), &mut RequestLog::default()).await;
    assert!(matches!(answer, Ok(Answer::Now(Err(_)))), "{answer:?}");
}

#[tokio::test(start_paused = true)]
async fn a_repeat_of_a_job_that_was_handed_over_gets_the_operation_id() {
    let fixture = Fixture::new([Step::HandsOver]);
    fixture.start().await;
    assert_eq!(fixture.work().await, Handled::Again);
    assert!(fixture.job.may_hand_over());
    let request = r#"{"description":"a newsletter","operation_id":"op","task_id":"task"}"#;
    assert_eq!(summary(&post(&fixture, request).await.unwrap()), ("op".to_owned(), true));
    assert_eq!(fixture.job.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_repeat_of_an_accepted_request_waits_for_its_worker() {
    let fixture = Fixture::new([Step::unavailable()]);
    let request = r#"{"description":"a newsletter","operation_id":"op","task_id":"task"}"#;
    fixture.start().await;
    let waiting = tokio::spawn({
        let fixture = fixture.clone();
        async move { post(&fixture, request).await }
    });
    sleep(Duration::from_secs(1)).await;
    assert_eq!(fixture.jobs.enqueued(), ["op"]);
    // The worker fails and releases it; the waiting repeat may claim it, and must not delete it.
    assert_eq!(fixture.work().await, Handled::Again);
    assert_eq!(summary(&waiting.await.unwrap().unwrap()).0, AGENT);
    assert_eq!((fixture.work().await, fixture.record().status), (Handled::Done, Status::Completed));
    assert_eq!(fixture.job.calls().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_repeat_that_fails_does_not_delete_an_accepted_operation() {
    let fixture = Fixture::new([Step::unavailable(), Step::unavailable()]);
    let request = r#"{"description":"a newsletter","operation_id":"op","task_id":"task"}"#;
    fixture.start().await;
    assert_eq!(fixture.work().await, Handled::Again);
    assert!(matches!(post(&fixture, request).await, Ok(Answer::Now(Err(_)))));
    assert_eq!((fixture.work().await, fixture.record().status), (Handled::Done, Status::Completed));
}

#[tokio::test(start_paused = true)]
async fn a_table_that_is_down_at_the_end_does_not_cost_the_caller_its_result() {
    let fixture = Fixture::new([]);
    fixture.store.refuse(Call::Finish, 1_000);
    assert_eq!(summary(&post(&fixture, REQUEST).await.unwrap()), (AGENT.to_owned(), false));
}

#[tokio::test(start_paused = true)]
async fn an_end_that_could_not_be_announced_is_left_to_a_worker() {
    let fixture = Fixture::new([]);
    fixture.events.refuse(1);
    assert_eq!(summary(&post(&fixture, REQUEST).await.unwrap()).0, AGENT);
    assert_eq!((fixture.jobs.enqueued().len(), fixture.events.published().len()), (1, 0));
}
