//! Accepting operations.

use lambda::queue::Handled;
use lifecycle::{
    complete::CompletionRequest,
    memory::Call,
    ports::{Created, OperationStore, Withdrawn},
    record::{Fence, Status},
    start::NotStarted,
};
use serde_json::{Value, json};
use shared::{caller::Owner, port_error::PortError};

use crate::fixture::{BEGIN, Fixture, REQUEST};

#[tokio::test]
async fn a_caller_gets_the_ids_and_the_next_step() {
    let fixture = Fixture::new([]);
    let request = r#"{"description":"x","operation_id":"op","task_id":"task","session_id":"s"}"#;
    let started = fixture.starter().start(&fixture.operation(request, &[]), fixture.invocation(28)).await.unwrap();
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
    let started = fixture.starter().start(&new, fixture.invocation(28)).await.unwrap();
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
            let (starter, new, invocation) =
                (fixture.starter(), fixture.operation(request, headers), fixture.invocation(28));
            tokio::spawn(async move { starter.start(&new, invocation).await.unwrap() })
        });
        let mut answers = Vec::new();
        for post in posts.collect::<Vec<_>>() {
            answers.push(post.await.unwrap());
        }
        assert_eq!(answers.iter().filter(|started| !started.is_replayed).count(), 1);
        assert!(answers.iter().all(|started| started.body().unwrap() == answers[0].body().unwrap()));
        let id = answers.swap_remove(0).operation_id;
        assert_eq!(fixture.store.ids(), std::slice::from_ref(&id));
        assert!(fixture.jobs.enqueued().iter().all(|enqueued| *enqueued == id));
    }
}

#[tokio::test]
async fn an_id_or_key_of_another_request_is_refused() {
    let fixture = Fixture::new([]);
    let keyed = |request| fixture.operation(request, &[("idempotency-key", "k")]);
    fixture.starter().start(&keyed(REQUEST), fixture.invocation(28)).await.unwrap();
    let other_key = keyed(r#"{"description":"another"}"#);
    let other_id = fixture.operation(r#"{"description":"another","operation_id":"op","task_id":"task"}"#, &[]);
    let mut other_owner = fixture.operation(REQUEST, &[]);
    other_owner.owner = Some(Owner("another".into()));
    for other in [other_key, other_id, other_owner] {
        let refused = fixture.starter().start(&other, fixture.invocation(28)).await.unwrap_err();
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
        assert!(!fixture.starter().start(&new, fixture.invocation(28)).await.unwrap().is_replayed);
    }
    assert_eq!(fixture.store.ids().len(), 2);
}

#[tokio::test]
async fn a_job_that_cannot_be_enqueued_leaves_no_operation_behind() {
    let fixture = Fixture::new([]);
    let new = fixture.operation(REQUEST, &[("idempotency-key", "k")]);
    fixture.jobs.refuse(Call::Enqueue, 1);
    let refused = fixture.starter().start(&new, fixture.invocation(28)).await.unwrap_err();
    assert!(matches!(refused, NotStarted::Unavailable(PortError { service: "queue", .. })), "{refused:?}");
    assert_eq!(fixture.store.ids(), Vec::<String>::new());
    assert!(!fixture.starter().start(&new, fixture.invocation(28)).await.unwrap().is_replayed);
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
    let started = fixture.starter().start(&fixture.operation(REQUEST, &[]), fixture.invocation(28)).await;
    worker.await.unwrap().unwrap();
    assert!(started.is_ok(), "{started:?}");
    assert_eq!(fixture.record().claims, 1);
}

#[tokio::test]
async fn a_repeat_enqueues_a_job_whose_first_request_died_before_it_could() {
    let fixture = Fixture::new([]);
    let new = fixture.operation(REQUEST, &[]);
    fixture.store.create(&new).await.unwrap();
    for _ in 0..2 {
        assert!(fixture.starter().start(&new, fixture.invocation(28)).await.unwrap().is_replayed);
        assert_eq!(fixture.jobs.enqueued(), ["op"], "once is enough");
    }
}

#[tokio::test]
async fn a_repeat_that_cannot_enqueue_the_job_is_not_told_that_it_is_accepted() {
    for call in [Call::Enqueue, Call::Promise] {
        let fixture = Fixture::new([]);
        let new = fixture.operation(REQUEST, &[]);
        fixture.store.create(&new).await.unwrap();
        fixture.jobs.refuse(call, 1);
        fixture.store.refuse(call, 1);
        let refused = fixture.starter().start(&new, fixture.invocation(28)).await;
        assert!(matches!(refused, Err(NotStarted::Unavailable(_))), "{refused:?}");
        assert!(fixture.starter().start(&new, fixture.invocation(28)).await.unwrap().is_replayed);
    }
}

#[tokio::test]
async fn what_a_repeat_was_told_is_accepted_is_not_taken_back_by_the_first_request() {
    let fixture = Fixture::new([]);
    let new = fixture.operation(REQUEST, &[]);
    let Created::New(creation) = fixture.store.create(&new).await.unwrap() else { panic!("not new") };
    assert!(fixture.starter().start(&new, fixture.invocation(28)).await.unwrap().is_replayed);
    // The first request's call of the queue has failed only now.
    let withdrawn = fixture.store.withdraw("op", Fence { creation, claim: 0 }).await;
    assert_eq!(withdrawn, Ok(Withdrawn::Kept));
    assert_eq!(fixture.work().await, Handled::Done);
    assert_eq!(fixture.record().status, Status::Completed);
}

#[tokio::test]
async fn a_repeat_announces_an_end_that_nobody_has_announced() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    fixture.events.refuse(1_000);
    let completion = CompletionRequest::parse(r#"{"success":true}"#).unwrap().completion;
    fixture.completions().complete("op", None, completion, fixture.invocation(10)).await.unwrap_err();
    let new = fixture.operation(REQUEST, &[]);
    let repeat = async || fixture.starter().start(&new, fixture.invocation(28)).await;
    assert!(repeat().await.unwrap().is_replayed, "a bus that is down does not fail the answer");
    fixture.events.recover();
    assert!(repeat().await.unwrap().is_replayed);
    assert_eq!(fixture.events.published().len(), 1);
}

#[tokio::test]
async fn nothing_is_enqueued_if_the_table_is_down() {
    let fixture = Fixture::new([]);
    fixture.store.refuse(Call::Create, 1);
    let refused = fixture.starter().start(&fixture.operation(REQUEST, &[]), fixture.invocation(28)).await;
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
