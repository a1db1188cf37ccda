//! Work within a request that is safe to repeat.

use std::time::Duration;

use shared::{
    bad_request::BadRequest,
    error_type::ErrorType,
    operations::{
        memory::Call,
        ports::OperationStore,
        record::{Outcome, Status},
        remembered::Answer,
        start::NotStarted,
    },
    queue::Handled,
    request_log::RequestLog,
};
use tokio::time::{Instant, advance, sleep};

use crate::bench::{AGENT, Bench, Step};

const REQUEST: &str = r#"{"description":"x"}"#;

/// Posts a request with the key `k`, with 28 seconds to go.
async fn post(bench: &Bench, request: &str) -> Result<Answer, NotStarted> {
    post_within(bench, request, 28).await
}

async fn post_within(bench: &Bench, request: &str, seconds: u64) -> Result<Answer, NotStarted> {
    let new = bench.operation(request, &[("idempotency-key", "k")]);
    bench.remembering().run(&bench.job, &new, bench.invocation(seconds), &mut RequestLog::default()).await
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
    let bench = Bench::new([]);
    assert_eq!(told(&post(&bench, REQUEST).await.unwrap()), (AGENT.to_owned(), false));
    assert_eq!(told(&post(&bench, REQUEST).await.unwrap()), (AGENT.to_owned(), true));
    assert_eq!((bench.job.asked().len(), bench.events.published().len()), (1, 1));
    let other = post(&bench, r#"{"description":"y"}"#).await.unwrap_err();
    assert_eq!(other, NotStarted::Refused(BadRequest::IdempotencyMismatch));
}

#[tokio::test(start_paused = true)]
async fn the_same_post_twenty_times_at_once_is_done_once_with_twenty_equal_answers() {
    let bench = Bench::new([Step::agent().after(10)]);
    let posts = (0..20).map(|_| {
        let bench = bench.clone();
        tokio::spawn(async move { told(&post(&bench, REQUEST).await.unwrap()) })
    });
    let mut answers = Vec::new();
    for post in posts.collect::<Vec<_>>() {
        answers.push(post.await.unwrap());
    }
    assert!(answers.iter().all(|(body, _)| body == AGENT), "{answers:?}");
    assert_eq!(answers.iter().filter(|(_, is_replayed)| !is_replayed).count(), 1);
    assert_eq!(bench.job.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_error_that_stays_is_replayed() {
    let bench = Bench::new([Step::Fails(ErrorType::ValidationError, None)]);
    assert!(matches!(post(&bench, REQUEST).await, Ok(Answer::Now(Err(_)))));
    assert_eq!(told(&post(&bench, REQUEST).await.unwrap()), ("validation_error".to_owned(), true));
    assert_eq!(bench.job.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn after_an_error_that_may_pass_the_key_can_be_used_again() {
    let bench = Bench::new([Step::unavailable()]);
    assert!(matches!(post(&bench, REQUEST).await, Ok(Answer::Now(Err(_)))));
    assert_eq!(told(&post(&bench, REQUEST).await.unwrap()), (AGENT.to_owned(), false));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_waited_for_one_that_failed_does_the_work_itself() {
    let bench = Bench::new([Step::unavailable().after(5)]);
    let first = tokio::spawn({
        let bench = bench.clone();
        async move { post(&bench, REQUEST).await }
    });
    sleep(Duration::from_secs(1)).await;
    assert_eq!(told(&post(&bench, REQUEST).await.unwrap()), (AGENT.to_owned(), false));
    assert!(matches!(first.await.unwrap(), Ok(Answer::Now(Err(_)))));
}

#[tokio::test(start_paused = true)]
async fn a_repeat_does_the_work_of_a_request_that_was_killed() {
    let bench = Bench::new([Step::agent().after(3600)]);
    let killed = tokio::spawn({
        let bench = bench.clone();
        async move { post(&bench, REQUEST).await }
    });
    sleep(Duration::from_secs(5)).await;
    killed.abort();
    // As long as the first could live, a repeat only waits.
    assert!(matches!(post_within(&bench, REQUEST, 10).await, Ok(Answer::Now(Err(_)))));
    assert_eq!(bench.job.asked().len(), 1);
    advance(Duration::from_secs(20)).await;
    assert_eq!(told(&post(&bench, REQUEST).await.unwrap()), (AGENT.to_owned(), false));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_died_before_it_began_does_not_block_its_key_for_ever() {
    let bench = Bench::new([]);
    bench.store.create(&bench.operation(REQUEST, &[("idempotency-key", "k")])).await.unwrap();
    assert!(matches!(post(&bench, REQUEST).await, Ok(Answer::Now(Err(_)))));
    advance(bench.settings.lease).await;
    assert_eq!(told(&post(&bench, REQUEST).await.unwrap()), (AGENT.to_owned(), false));
}

#[tokio::test(start_paused = true)]
async fn who_waits_is_answered_before_the_gateway_gives_up() {
    let bench = Bench::new([Step::agent().after(20)]);
    let first = tokio::spawn({
        let bench = bench.clone();
        async move { post(&bench, REQUEST).await }
    });
    sleep(Duration::from_secs(1)).await;
    let begin = Instant::now();
    let (waited, _) = told(&post_within(&bench, REQUEST, 6).await.unwrap());
    assert!(waited.contains("Timeout") && begin.elapsed() <= Duration::from_secs(6), "{waited}");
    assert_eq!(told(&first.await.unwrap().unwrap()).0, AGENT);
}

#[tokio::test(start_paused = true)]
async fn without_time_left_nothing_begins_that_nobody_could_end() {
    let bench = Bench::new([]);
    let (answer, _) = told(&post_within(&bench, REQUEST, 0).await.unwrap());
    assert!(answer.contains("Timeout"), "{answer}");
    assert_eq!((bench.job.asked().len(), bench.store.ids().len()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn work_that_somebody_waits_for_is_handed_over_to_nobody() {
    let bench = Bench::new([Step::agent(), Step::HandsOver]);
    assert_eq!(told(&post(&bench, REQUEST).await.unwrap()).0, AGENT);
    assert!(!bench.job.may_hand_over());
    // A job that does so all the same is at fault.
    let other = bench.operation(r#"{"description":"y"}"#, &[("idempotency-key", "other")]);
    let answer = bench.remembering().run(&bench.job, &other, bench.invocation(28), &mut RequestLog::default()).await;
    assert!(matches!(answer, Ok(Answer::Now(Err(_)))), "{answer:?}");
}

#[tokio::test(start_paused = true)]
async fn a_repeat_of_a_job_that_the_generator_took_over_is_told_where_to_ask() {
    let bench = Bench::new([Step::HandsOver]);
    bench.start().await;
    assert_eq!(bench.work().await, Handled::Again);
    assert!(bench.job.may_hand_over());
    let request = r#"{"description":"a newsletter","operation_id":"op","task_id":"task"}"#;
    assert_eq!(told(&post(&bench, request).await.unwrap()), ("op".to_owned(), true));
    assert_eq!(bench.job.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_repeat_of_an_accepted_request_waits_for_its_worker() {
    let bench = Bench::new([Step::unavailable()]);
    let request = r#"{"description":"a newsletter","operation_id":"op","task_id":"task"}"#;
    bench.start().await;
    let waiting = tokio::spawn({
        let bench = bench.clone();
        async move { post(&bench, request).await }
    });
    sleep(Duration::from_secs(1)).await;
    assert_eq!(bench.jobs.enqueued(), ["op"]);
    // The worker fails and gives it back; who waits may take it, and must not take it away.
    assert_eq!(bench.work().await, Handled::Again);
    assert_eq!(told(&waiting.await.unwrap().unwrap()).0, AGENT);
    assert_eq!((bench.work().await, bench.record().status), (Handled::Done, Status::Completed));
    assert_eq!(bench.job.asked().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_repeat_that_fails_does_not_take_an_accepted_request_from_its_worker() {
    let bench = Bench::new([Step::unavailable(), Step::unavailable()]);
    let request = r#"{"description":"a newsletter","operation_id":"op","task_id":"task"}"#;
    bench.start().await;
    assert_eq!(bench.work().await, Handled::Again);
    assert!(matches!(post(&bench, request).await, Ok(Answer::Now(Err(_)))));
    assert_eq!((bench.work().await, bench.record().status), (Handled::Done, Status::Completed));
}

#[tokio::test(start_paused = true)]
async fn a_table_that_is_down_at_the_end_does_not_cost_the_caller_its_result() {
    let bench = Bench::new([]);
    bench.store.refuse(Call::Finish, 1_000);
    assert_eq!(told(&post(&bench, REQUEST).await.unwrap()), (AGENT.to_owned(), false));
}

#[tokio::test(start_paused = true)]
async fn an_end_that_could_not_be_told_is_left_to_a_worker() {
    let bench = Bench::new([]);
    bench.events.refuse(1);
    assert_eq!(told(&post(&bench, REQUEST).await.unwrap()).0, AGENT);
    assert_eq!((bench.jobs.enqueued().len(), bench.events.published().len()), (1, 0));
}
