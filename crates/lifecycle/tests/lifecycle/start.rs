//! Accepting operations.

use lifecycle::{memory::Call, ports::OperationStore, start::NotStarted};
use serde_json::{Value, json};
use shared::{caller::Owner, port_error::PortError};

use crate::fixture::{BEGIN, Fixture, REQUEST};

#[tokio::test]
async fn a_caller_gets_the_ids_and_the_next_step() {
    let fixture = Fixture::new([]);
    let request = r#"{"description":"x","operation_id":"op","task_id":"task","session_id":"s"}"#;
    let started = fixture.starter().start(&fixture.operation(request, &[]), fixture.clock).await.unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&started.body().unwrap()).unwrap(),
        json!({
            "type": "operation_started", "status": "accepted", "operation_id": "op", "task_id": "task",
            "tool_name": "generate_agent", "session_id": "s",
            "message": "Agent generation started. You'll be notified when it's complete."
        })
    );
    assert_eq!(fixture.jobs.enqueued(), ["op"]);
    let record = fixture.record();
    assert_eq!((record.deadline.0 - BEGIN).round(), 1800.0);
    assert_eq!((record.expires_at.0 - BEGIN).round(), 604_800.0);
}

#[tokio::test]
async fn missing_ids_are_generated() {
    let fixture = Fixture::new([]);
    let new = fixture.operation(r#"{"description":"x"}"#, &[("prefer", "respond-async")]);
    let started = fixture.starter().start(&new, fixture.clock).await.unwrap();
    assert_eq!(started.operation_id.len(), 36);
    assert_ne!(started.operation_id, started.task_id);
    assert_eq!(fixture.jobs.enqueued(), [started.operation_id]);
}

#[tokio::test]
async fn twenty_concurrent_posts_of_one_request_start_one_operation_and_get_equal_answers() {
    for (request, headers) in
        [(REQUEST, &[][..]), (r#"{"description":"x"}"#, &[("prefer", "respond-async"), ("idempotency-key", "\"k\"")])]
    {
        let fixture = Fixture::new([]);
        let posts = (0..20).map(|_| {
            let (starter, new, clock) = (fixture.starter(), fixture.operation(request, headers), fixture.clock);
            tokio::spawn(async move { starter.start(&new, clock).await.unwrap() })
        });
        let mut answers = Vec::new();
        for post in posts.collect::<Vec<_>>() {
            answers.push(post.await.unwrap());
        }
        assert_eq!(answers.iter().filter(|started| !started.is_replayed).count(), 1);
        assert!(answers.iter().all(|started| started.body().unwrap() == answers[0].body().unwrap()));
        assert_eq!((fixture.store.ids().len(), fixture.jobs.enqueued().len()), (1, 1));
    }
}

#[tokio::test]
async fn an_id_or_key_of_another_request_is_refused() {
    let fixture = Fixture::new([]);
    let keyed = |request| fixture.operation(request, &[("idempotency-key", "k")]);
    fixture.starter().start(&keyed(REQUEST), fixture.clock).await.unwrap();
    let other_key = keyed(r#"{"description":"another"}"#);
    let other_id = fixture.operation(r#"{"description":"another","operation_id":"op","task_id":"task"}"#, &[]);
    let mut other_owner = fixture.operation(REQUEST, &[]);
    other_owner.owner = Some(Owner("another".into()));
    for other in [other_key, other_id, other_owner] {
        let refused = fixture.starter().start(&other, fixture.clock).await.unwrap_err();
        assert!(matches!(&refused, NotStarted::Refused(bad) if bad.error_type().name() == "idempotency_mismatch"));
    }
    assert_eq!(fixture.jobs.enqueued(), ["op"]);
}

#[tokio::test]
async fn the_same_key_of_two_callers_is_two_keys() {
    let fixture = Fixture::new([]);
    for owner in ["a", "b"] {
        let mut new = fixture.operation(r#"{"description":"x"}"#, &[("idempotency-key", "k")]);
        new.owner = Some(Owner(owner.into()));
        assert!(!fixture.starter().start(&new, fixture.clock).await.unwrap().is_replayed);
    }
    assert_eq!(fixture.store.ids().len(), 2);
}

#[tokio::test]
async fn a_job_that_cannot_be_enqueued_leaves_no_operation_behind() {
    let fixture = Fixture::new([]);
    let new = fixture.operation(REQUEST, &[("idempotency-key", "k")]);
    fixture.jobs.refuse(Call::Enqueue, 1);
    let refused = fixture.starter().start(&new, fixture.clock).await.unwrap_err();
    assert!(matches!(refused, NotStarted::Unavailable(PortError { service: "queue", .. })), "{refused:?}");
    assert_eq!(fixture.store.ids(), Vec::<String>::new());
    assert!(!fixture.starter().start(&new, fixture.clock).await.unwrap().is_replayed);
}

#[tokio::test]
async fn a_lost_answer_of_the_queue_does_not_refuse_a_job_that_a_worker_has_claimed() {
    let fixture = Fixture::new([]);
    fixture.jobs.lose_answer(Call::Enqueue, 1);
    let worker = tokio::spawn({
        let fixture = fixture.clone();
        async move {
            while fixture.store.record("op").is_none() {
                tokio::task::yield_now().await;
            }
            let now = fixture.clock.now();
            fixture.store.claim("op", now, now.after(fixture.settings.lease)).await
        }
    });
    let started = fixture.starter().start(&fixture.operation(REQUEST, &[]), fixture.clock).await;
    worker.await.unwrap().unwrap();
    assert!(started.is_ok(), "{started:?}");
    assert_eq!(fixture.record().claims, 1);
}

#[tokio::test(start_paused = true)]
async fn a_repeat_enqueues_a_job_whose_first_request_died_before_it_could() {
    let fixture = Fixture::new([]);
    let new = fixture.operation(REQUEST, &[]);
    fixture.store.create(&new).await.unwrap();
    assert!(fixture.starter().start(&new, fixture.clock).await.unwrap().is_replayed);
    assert_eq!(fixture.jobs.enqueued(), Vec::<String>::new(), "the first request may still enqueue it");
    tokio::time::advance(fixture.settings.lease * 2).await;
    assert!(fixture.starter().start(&new, fixture.clock).await.unwrap().is_replayed);
    assert_eq!(fixture.jobs.enqueued(), ["op"]);
}

#[tokio::test]
async fn nothing_is_enqueued_if_the_table_is_down() {
    let fixture = Fixture::new([]);
    fixture.store.refuse(Call::Create, 1);
    let refused = fixture.starter().start(&fixture.operation(REQUEST, &[]), fixture.clock).await;
    assert!(matches!(refused, Err(NotStarted::Unavailable(_))));
    assert_eq!(fixture.jobs.enqueued(), Vec::<String>::new());
}

#[tokio::test]
async fn a_request_is_stored_byte_for_byte() {
    let fixture = Fixture::new([]);
    let request = r#"{ "description": "x", "n": 1.50, "operation_id": "op", "task_id": "t" }"#;
    let new = fixture.operation(request, &[]);
    assert_eq!(new.request, request);
}
