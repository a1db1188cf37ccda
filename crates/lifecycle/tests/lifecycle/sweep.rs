//! What nobody else looks after.

use std::time::Duration;

use lambda::queue::Handled;
use lifecycle::{
    memory::Call,
    ports::OperationStore,
    record::{Announcement, By, Outcome, Status},
    status::status,
    sweep::{Sweeper, Swept},
};
use shared::caller::Owner;
use tokio::time::{Instant, advance};

use crate::fixture::{Fixture, REQUEST, Step};

const TWO_MINUTES: Duration = Duration::from_secs(120);

#[tokio::test(start_paused = true)]
async fn a_job_whose_request_died_before_the_queue_is_queued_once() {
    let fixture = Fixture::new([]);
    fixture.store.create(&fixture.operation(REQUEST, &[])).await.unwrap();
    assert_eq!(fixture.sweep().await, Swept::default(), "its request may still be at work");
    advance(TWO_MINUTES).await;
    for _ in 0..2 {
        fixture.sweep().await;
        assert_eq!(fixture.jobs.enqueued(), ["op"]);
    }
    assert_eq!(fixture.work().await, Handled::Done);
    assert_eq!(fixture.record().status, Status::Completed);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_a_worker_has_is_left_to_it() {
    let fixture = Fixture::new([Step::HandsOver]);
    fixture.start().await;
    fixture.work().await;
    advance(TWO_MINUTES).await;
    assert_eq!(fixture.sweep().await, Swept { done: 1, failed: 0 });
    assert_eq!((fixture.jobs.enqueued().len(), fixture.record().status), (1, Status::Running));
    assert_eq!(fixture.sweep().await, Swept::default(), "it is looked at again at its deadline");
}

#[tokio::test(start_paused = true)]
async fn an_operation_whose_process_died_ends_at_its_deadline_and_is_told() {
    let fixture = Fixture::new([]);
    fixture.store.create(&fixture.operation(REQUEST, &[])).await.unwrap();
    let now = fixture.clock.now();
    fixture.store.claim("op", now, now.after(Duration::from_secs(29))).await.unwrap();
    advance(Duration::from_secs(1_800)).await;
    fixture.sweep().await;
    assert_eq!((fixture.error_type().as_deref(), fixture.events.published().len()), (Some("timeout"), 1));
    assert_eq!(fixture.record().updated_at, fixture.record().deadline);
    assert_eq!(fixture.sweep().await, Swept::default());
}

#[tokio::test(start_paused = true)]
async fn one_operation_that_fails_does_not_stop_the_others() {
    let fixture = Fixture::new([]);
    for id in ["a", "b", "c"] {
        let request = format!(r#"{{"description":"x","operation_id":"{id}","task_id":"t"}}"#);
        fixture.store.create(&fixture.operation(&request, &[])).await.unwrap();
    }
    advance(Duration::from_secs(1_800)).await;
    fixture.store.refuse(Call::Finish, 1);
    fixture.events.hang(1);
    assert_eq!(fixture.sweep().await, Swept { done: 1, failed: 2 });
    assert_eq!(fixture.sweep().await, Swept { done: 2, failed: 0 });
    assert_eq!(fixture.events.published().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn without_the_jobs_queue_of_its_tool_a_job_only_waits_for_its_deadline() {
    let fixture = Fixture::new([]);
    fixture.store.create(&fixture.operation(REQUEST, &[])).await.unwrap();
    advance(TWO_MINUTES).await;
    let sweeper = Sweeper { ending: fixture.ending(), jobs: Vec::new() };
    assert_eq!(sweeper.sweep(fixture.invocation(10)).await, Ok(Swept { done: 1, failed: 0 }));
    assert!(!fixture.record().is_promised);
}

/// Ends the operation `op`, and tells nobody.
async fn end_silently(fixture: &Fixture) {
    let (by, outcome) = (By::Anyone(fixture.record().creation), Outcome::Completed("{}".to_owned()));
    fixture.store.finish("op", by, &outcome, fixture.clock.now()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_read_announces_what_it_finds_and_is_answered_even_if_the_bus_hangs() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    end_silently(&fixture).await;
    fixture.events.hang(1);
    let (owner, begin) = (Owner("caller".into()), Instant::now());
    for _ in 0..2 {
        let answer = status(&fixture.ending(), "op", Some(&owner), fixture.invocation(10)).await.unwrap();
        assert!(answer.unwrap().body.contains("completed"));
    }
    assert!(begin.elapsed() <= Duration::from_secs(3), "{:?}", begin.elapsed());
    assert_eq!((fixture.events.published().len(), fixture.record().announcement), (1, Announcement::Made));
}

#[tokio::test(start_paused = true)]
async fn another_callers_read_announces_nothing() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    end_silently(&fixture).await;
    let other = Owner("another".into());
    assert_eq!(status(&fixture.ending(), "op", Some(&other), fixture.invocation(10)).await, Ok(None));
    assert_eq!(fixture.events.published().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_bus_that_hangs_does_not_keep_the_webhook_from_its_queue() {
    let fixture = Fixture::new([]);
    let request = r#"{"description":"x","operation_id":"op","callback_url":"https://example.com/hook"}"#;
    fixture.events.hang(1);
    let begin = Instant::now();
    let (runner, new) = (fixture.idempotent_runner(), fixture.operation(request, &[]));
    let answer = runner.run(&fixture.job, &new, fixture.invocation(28), &mut Default::default()).await;
    assert!(matches!(answer, Ok(lifecycle::idempotent::Answer::Now(Ok(_)))), "{answer:?}");
    assert!(begin.elapsed() <= Duration::from_secs(3), "{:?}", begin.elapsed());
    assert_eq!((fixture.callbacks.enqueued().len(), fixture.record().announcement), (1, Announcement::Due));
    assert_eq!(fixture.work().await, Handled::Done, "the end was left to a worker");
    assert_eq!((fixture.callbacks.enqueued().len(), fixture.events.published().len()), (2, 1), "both are told again");
}
