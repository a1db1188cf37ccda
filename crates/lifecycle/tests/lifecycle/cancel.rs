//! A caller stops its operation: before it starts, at work, handed over, and too late.

use std::time::Duration;

use lambda::queue::Handled;
use lifecycle::{
    cancel::{Cancellation, cancel},
    complete::CompletionRequest,
    idempotent::Answer,
    memory::Call,
    ports::OperationStore,
    record::{Announcement, Outcome, Status},
    status::status,
};
use serde_json::{Value, json};
use shared::{caller::Owner, error_type::ErrorType, port_error::PortError, request_log::RequestLog};
use tokio::time::{Instant, advance, sleep};

use crate::fixture::{Fixture, Step};

const MESSAGE: &str = r#"{"operation_id":"op"}"#;

async fn cancel_as(fixture: &Fixture, caller: Option<&str>) -> Result<Option<Cancellation>, PortError> {
    let caller = caller.map(|caller| Owner(caller.into()));
    cancel(&fixture.ending(), "op", caller.as_ref(), fixture.invocation(10)).await
}

/// Cancels as the owner. Panics if it is too late.
async fn cancelled(fixture: &Fixture) -> Value {
    match cancel_as(fixture, Some("caller")).await {
        Ok(Some(Cancellation::Cancelled(operation))) => serde_json::from_str(&operation).unwrap(),
        other => panic!("not cancelled: {other:?}"),
    }
}

/// Cancels as the owner. Panics if it is not too late.
async fn too_late(fixture: &Fixture) -> (Status, Value) {
    match cancel_as(fixture, Some("caller")).await {
        Ok(Some(Cancellation::TooLate { status, operation })) => (status, serde_json::from_str(&operation).unwrap()),
        other => panic!("not too late: {other:?}"),
    }
}

/// The types of the events on the bus.
fn told(fixture: &Fixture) -> Vec<&'static str> {
    fixture.events.published().iter().map(lifecycle::ports::CompletionEvent::detail_type).collect()
}

#[tokio::test(start_paused = true)]
async fn a_job_that_is_cancelled_on_its_queue_never_starts_and_leaves_the_queue() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    advance(Duration::from_secs(2)).await;
    let operation = cancelled(&fixture).await;
    let expected = json!({
        "operation_id": "op", "task_id": "task", "tool_name": "generate_agent", "status": "cancelled",
        "created_at": "1970-01-12T13:46:40.000Z", "updated_at": "1970-01-12T13:46:42.000Z"
    });
    assert_eq!(operation, expected);
    assert_eq!(fixture.work().await, Handled::Done);
    assert_eq!((fixture.job.calls().len(), told(&fixture)), (0, vec!["Operation Cancelled"]));
    let reader = Owner("caller".into());
    let read = status(&fixture.ending(), "op", Some(&reader), fixture.invocation(10)).await.unwrap().unwrap();
    assert_eq!((serde_json::from_str(&read.body).ok(), read.retry_after), (Some(expected), None));
}

#[tokio::test(start_paused = true)]
async fn a_worker_stops_within_one_renewal_and_its_job_does_not_come_again() {
    let fixture = Fixture::new([Step::agent().after(800)]);
    fixture.start().await;
    let (working, start) = (fixture.clone(), Instant::now());
    let work = tokio::spawn(async move { working.lines(&[MESSAGE]).await });
    sleep(Duration::from_secs(40)).await;
    cancelled(&fixture).await;
    assert_eq!(work.await.unwrap(), ["op cancelled - 60 s"]);
    assert_eq!((start.elapsed(), fixture.work().await), (Duration::from_secs(60), Handled::Done));
    assert_eq!((fixture.job.calls().len(), told(&fixture)), (1, vec!["Operation Cancelled"]));
}

#[tokio::test(start_paused = true)]
async fn a_result_that_comes_before_the_worker_has_learned_of_it_changes_nothing() {
    for step in [Step::agent(), Step::unavailable(), Step::HandsOver, Step::Fails(ErrorType::ValidationError, None)] {
        let what = format!("{step:?}");
        let fixture = Fixture::new([step.after(10)]);
        fixture.start().await;
        let working = fixture.clone();
        let work = tokio::spawn(async move { working.lines(&[MESSAGE]).await });
        sleep(Duration::from_secs(5)).await;
        cancelled(&fixture).await;
        assert_eq!(work.await.unwrap(), ["op cancelled - 10 s"], "{what}");
        assert_eq!((fixture.record().status, fixture.work().await), (Status::Cancelled, Handled::Done), "{what}");
        assert_eq!((fixture.job.calls().len(), told(&fixture)), (1, vec!["Operation Cancelled"]), "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_that_waits_for_its_next_attempt_is_not_tried_again() {
    let fixture = Fixture::new([Step::unavailable()]);
    fixture.start().await;
    assert_eq!(fixture.work().await, Handled::Again);
    cancelled(&fixture).await;
    sleep(fixture.hidden_last()).await;
    assert_eq!((fixture.work().await, fixture.job.calls().len()), (Handled::Done, 1));
}

#[tokio::test(start_paused = true)]
async fn the_completion_of_a_cancelled_operation_is_taken_and_changes_nothing() {
    let fixture = Fixture::new([Step::HandsOver]);
    fixture.start().await;
    fixture.work().await;
    cancelled(&fixture).await;
    let completion = CompletionRequest::parse(r#"{"success":true,"result":{}}"#).unwrap().completion;
    let taken = fixture.completions().complete("op", None, completion, fixture.invocation(10)).await;
    assert_eq!(taken, Ok(Some("task".to_owned())));
    assert_eq!((fixture.store.outcome("op"), told(&fixture)), (Some(Outcome::Cancelled), vec!["Operation Cancelled"]));
    sleep(fixture.hidden_last()).await;
    assert_eq!(fixture.work().await, Handled::Done, "nothing is left to wait for");
}

#[tokio::test(start_paused = true)]
async fn to_cancel_twice_is_no_error_and_is_told_once() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    let first = cancelled(&fixture).await;
    advance(Duration::from_secs(1_900)).await;
    assert_eq!(cancelled(&fixture).await, first, "also after the deadline");
    assert_eq!(told(&fixture), ["Operation Cancelled"]);
}

#[tokio::test(start_paused = true)]
async fn who_cancels_too_late_gets_the_operation_as_it_ended() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    fixture.work().await;
    let (status, operation) = too_late(&fixture).await;
    assert_eq!((status, &operation["result"]["type"]), (Status::Completed, &json!("agent_preview")));

    let fixture = Fixture::new([Step::Fails(ErrorType::ValidationError, None)]);
    fixture.start().await;
    fixture.work().await;
    let (status, operation) = too_late(&fixture).await;
    assert_eq!((status, &operation["error"]["error_type"]), (Status::Failed, &json!("validation_error")));

    let fixture = Fixture::new([]);
    fixture.start().await;
    advance(Duration::from_secs(1_800)).await;
    let (status, operation) = too_late(&fixture).await;
    assert_eq!((status, &operation["error"]["error_type"]), (Status::Failed, &json!("timeout")));
    assert_eq!((fixture.record().status, told(&fixture)), (Status::Failed, vec!["Operation Failed"]));
}

#[tokio::test(start_paused = true)]
async fn nobody_cancels_the_operation_of_another() {
    let fixture = Fixture::new([]);
    assert_eq!(cancel_as(&fixture, Some("caller")).await, Ok(None), "there is none yet");
    fixture.start().await;
    for caller in [Some("another"), None] {
        assert_eq!(cancel_as(&fixture, caller).await, Ok(None), "{caller:?}");
    }
    assert_eq!((fixture.record().status, fixture.store.calls(Call::Finish)), (Status::Accepted, 0));
}

#[tokio::test(start_paused = true)]
async fn a_cancellation_whose_answer_was_lost_can_be_repeated() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    fixture.store.lose_answer(Call::Finish, 1);
    assert!(cancel_as(&fixture, Some("caller")).await.is_err());
    cancelled(&fixture).await;
    assert_eq!(told(&fixture), ["Operation Cancelled"]);
}

#[tokio::test(start_paused = true)]
async fn a_cancellation_that_the_bus_does_not_take_is_told_by_the_next_sweep() {
    let fixture = Fixture::new([]);
    let request = r#"{"operation_id":"op","task_id":"t","description":"x","callback_url":"https://example.com/hook"}"#;
    fixture.starter().start(&fixture.operation(request, &[]), fixture.invocation(28)).await.unwrap();
    fixture.events.hang(1);
    let start = Instant::now();
    cancelled(&fixture).await;
    assert_eq!(start.elapsed(), Duration::from_secs(2), "the caller does not wait for it");
    assert_eq!(fixture.record().announcement, Announcement::Due);
    advance(Duration::from_secs(120)).await;
    assert_eq!(fixture.sweep().await.done, 1);
    assert_eq!((told(&fixture), fixture.record().announcement), (vec!["Operation Cancelled"], Announcement::Made));
    assert!(fixture.callbacks.enqueued().contains(&"op".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_repeat_of_a_cancelled_request_gets_the_cancelled_operation_and_does_no_work() {
    let fixture = Fixture::new([Step::agent().after(10)]);
    let new = fixture.operation(r#"{"description":"x","operation_id":"op"}"#, &[("idempotency-key", "k")]);
    let post = || async {
        let runner = fixture.idempotent_runner();
        runner.run(&fixture.job, &new, fixture.invocation(28), &mut RequestLog::default()).await.unwrap()
    };
    let stop = async {
        sleep(Duration::from_secs(5)).await;
        cancelled(&fixture).await
    };
    let (first, _) = tokio::join!(post(), stop);
    for answer in [first, post().await] {
        let Answer::Replayed(operation, Outcome::Cancelled) = answer else { panic!("{answer:?}") };
        assert_eq!((operation.operation_id.as_str(), operation.status), ("op", Status::Cancelled));
    }
    let started = fixture.starter().start(&new, fixture.invocation(28)).await.unwrap();
    assert_eq!((started.is_replayed, fixture.jobs.enqueued().len(), fixture.job.calls().len()), (true, 0, 1));
}

#[tokio::test(start_paused = true)]
async fn an_operation_that_nobody_can_read_any_more_cannot_be_cancelled() {
    let fixture = Fixture::new([]);
    let new = fixture.operation(r#"{"description":"x","operation_id":"op","task_id":"t"}"#, &[]);
    fixture.store.create(&new).await.unwrap();
    advance(Duration::from_secs(8 * 24 * 3_600)).await;
    assert_eq!(cancel_as(&fixture, Some("caller")).await, Ok(None));
}
