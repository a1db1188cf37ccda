//! Work within a request that is safe to repeat.

use std::time::Duration;

use lambda::queue::Handled;
use lifecycle::{
    memory::Call,
    ports::OperationStore,
    record::{Outcome, Status},
    remembered::Answer,
    start::NotStarted,
};
use shared::{bad_request::BadRequest, error_type::ErrorType, request_log::RequestLog};
use tokio::time::{Instant, advance, sleep};

use crate::fixture::{AGENT, Fixture, Step};

const REQUEST: &str = r#"{"description":"x"}"#;

/// Posts a request with the key `k`, with 28 seconds to go.
async fn post(fixture: &Fixture, request: &str) -> Result<Answer, NotStarted> {
    post_within(fixture, request, 28).await
}

async fn post_within(fixture: &Fixture, request: &str, seconds: u64) -> Result<Answer, NotStarted> {
    let new = fixture.operation(request, &[("idempotency-key", "k")]);
    fixture.remembering().run(&fixture.job, &new, fixture.invocation(seconds), &mut RequestLog::default()).await
}

/// The body of an answer's result, or its error's class; and whether it is a replay.
fn told(answer: &Answer) -> (String, bool) {
    match answer {
        Answer::Now(Ok(reply)) => (reply.body.clone(), false),
        Answer::Now(Err(refusal)) => (format!("{refusal:?}"), false),
        Answer::Replayed(Outcome::Completed(body)) => (body.clone(), true),
        Answer::Replayed(Outcome::Failed { error_type, .. }) => (error_type.clone(), true),
        Answer::Started(started) => (started.operation_id.clone(), started.is_replayed),
    }
}

#[tokio::test(start_paused = true)]
async fn a_repeat_is_answered_with_the_first_result() {
    let fixture = Fixture::new([]);
    assert_eq!(told(&post(&fixture, REQUEST).await.unwrap()), (AGENT.to_owned(), false));
    assert_eq!(told(&post(&fixture, REQUEST).await.unwrap()), (AGENT.to_owned(), true));
    assert_eq!((fixture.job.asked().len(), fixture.events.published().len()), (1, 1));
    let other = post(&fixture, r#"{"description":"y"}"#).await.unwrap_err();
    assert_eq!(other, NotStarted::Refused(BadRequest::IdempotencyMismatch));
}

#[tokio::test(start_paused = true)]
async fn the_same_post_twenty_times_at_once_is_done_once_with_twenty_equal_answers() {
    let fixture = Fixture::new([Step::agent().after(10)]);
    let posts = (0..20).map(|_| {
        let fixture = fixture.clone();
        tokio::spawn(async move { told(&post(&fixture, REQUEST).await.unwrap()) })
    });
    let mut answers = Vec::new();
    for post in posts.collect::<Vec<_>>() {
        answers.push(post.await.unwrap());
    }
    assert!(answers.iter().all(|(body, _)| body == AGENT), "{answers:?}");
    assert_eq!(answers.iter().filter(|(_, is_replayed)| !is_replayed).count(), 1);
    assert_eq!(fixture.job.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_error_that_stays_is_replayed() {
    let fixture = Fixture::new([Step::Fails(ErrorType::ValidationError, None)]);
    assert!(matches!(post(&fixture, REQUEST).await, Ok(Answer::Now(Err(_)))));
    assert_eq!(told(&post(&fixture, REQUEST).await.unwrap()), ("validation_error".to_owned(), true));
    assert_eq!(fixture.job.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn after_an_error_that_may_pass_the_key_can_be_used_again() {
    let fixture = Fixture::new([Step::unavailable()]);
    assert!(matches!(post(&fixture, REQUEST).await, Ok(Answer::Now(Err(_)))));
    assert_eq!(told(&post(&fixture, REQUEST).await.unwrap()), (AGENT.to_owned(), false));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_waited_for_one_that_failed_does_the_work_itself() {
    let fixture = Fixture::new([Step::unavailable().after(5)]);
    let first = tokio::spawn({
        let fixture = fixture.clone();
        async move { post(&fixture, REQUEST).await }
    });
    sleep(Duration::from_secs(1)).await;
    assert_eq!(told(&post(&fixture, REQUEST).await.unwrap()), (AGENT.to_owned(), false));
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
    // As long as the first could live, a repeat only waits.
    assert!(matches!(post_within(&fixture, REQUEST, 10).await, Ok(Answer::Now(Err(_)))));
    assert_eq!(fixture.job.asked().len(), 1);
    advance(Duration::from_secs(20)).await;
    assert_eq!(told(&post(&fixture, REQUEST).await.unwrap()), (AGENT.to_owned(), false));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_died_before_it_began_does_not_block_its_key_for_ever() {
    let fixture = Fixture::new([]);
    fixture.store.create(&fixture.operation(REQUEST, &[("idempotency-key", "k")])).await.unwrap();
    assert!(matches!(post(&fixture, REQUEST).await, Ok(Answer::Now(Err(_)))));
    advance(fixture.settings.lease).await;
    assert_eq!(told(&post(&fixture, REQUEST).await.unwrap()), (AGENT.to_owned(), false));
}

#[tokio::test(start_paused = true)]
async fn who_waits_is_answered_before_the_gateway_gives_up() {
    let fixture = Fixture::new([Step::agent().after(20)]);
    let first = tokio::spawn({
        let fixture = fixture.clone();
        async move { post(&fixture, REQUEST).await }
    });
    sleep(Duration::from_secs(1)).await;
    let begin = Instant::now();
    let (waited, _) = told(&post_within(&fixture, REQUEST, 6).await.unwrap());
    assert!(waited.contains("Timeout") && begin.elapsed() <= Duration::from_secs(6), "{waited}");
    assert_eq!(told(&first.await.unwrap().unwrap()).0, AGENT);
}

#[tokio::test(start_paused = true)]
async fn without_time_left_nothing_begins_that_nobody_could_end() {
    let fixture = Fixture::new([]);
    let (answer, _) = told(&post_within(&fixture, REQUEST, 0).await.unwrap());
    assert!(answer.contains("Timeout"), "{answer}");
    assert_eq!((fixture.job.asked().len(), fixture.store.ids().len()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn work_that_somebody_waits_for_is_handed_over_to_nobody() {
    let fixture = Fixture::new([Step::agent(), Step::HandsOver]);
    assert_eq!(told(&post(&fixture, REQUEST).await.unwrap()).0, AGENT);
    assert!(!fixture.job.may_hand_over());
    // A job that does so all the same is at fault.
    let other = fixture.operation(r#"{"description":"y"}"#, &[("idempotency-key", "other")]);
    let answer =
        fixture.remembering().run(&fixture.job, &other, fixture.invocation(28), &mut RequestLog::default()).await;
    assert!(matches!(answer, Ok(Answer::Now(Err(_)))), "{answer:?}");
}

#[tokio::test(start_paused = true)]
async fn a_repeat_of_a_job_that_the_generator_took_over_is_told_where_to_ask() {
    let fixture = Fixture::new([Step::HandsOver]);
    fixture.start().await;
    assert_eq!(fixture.work().await, Handled::Again);
    assert!(fixture.job.may_hand_over());
    let request = r#"{"description":"a newsletter","operation_id":"op","task_id":"task"}"#;
    assert_eq!(told(&post(&fixture, request).await.unwrap()), ("op".to_owned(), true));
    assert_eq!(fixture.job.asked().len(), 1);
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
    // The worker fails and gives it back; who waits may take it, and must not take it away.
    assert_eq!(fixture.work().await, Handled::Again);
    assert_eq!(told(&waiting.await.unwrap().unwrap()).0, AGENT);
    assert_eq!((fixture.work().await, fixture.record().status), (Handled::Done, Status::Completed));
    assert_eq!(fixture.job.asked().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_repeat_that_fails_does_not_take_an_accepted_request_from_its_worker() {
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
    assert_eq!(told(&post(&fixture, REQUEST).await.unwrap()), (AGENT.to_owned(), false));
}

#[tokio::test(start_paused = true)]
async fn an_end_that_could_not_be_told_is_left_to_a_worker() {
    let fixture = Fixture::new([]);
    fixture.events.refuse(1);
    assert_eq!(told(&post(&fixture, REQUEST).await.unwrap()).0, AGENT);
    assert_eq!((fixture.jobs.enqueued().len(), fixture.events.published().len()), (1, 0));
}
