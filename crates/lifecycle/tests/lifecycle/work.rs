//! A worker runs a job once and ends its operation once.

use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use lambda::queue::{Consumer, Handled};
use lifecycle::{
    complete::CompletionRequest,
    job::{Assignment, Done, Job},
    memory::Call,
    ports::{Claim, OperationStore},
    record::{Announcement, Status, Tool},
    work::Worker,
};
use serde_json::json;
use shared::{refusal::Refusal, request_log::RequestLog};
use tokio::time::{Instant, advance, sleep};

use crate::fixture::{AGENT, Fixture, REQUEST, Step, message};

#[tokio::test(start_paused = true)]
async fn a_job_is_done_and_its_end_announced() {
    let fixture = Fixture::new([]);
    let request =
        r#"{"description":"x","operation_id":"op","task_id":"task","callback_url":"https://example.com/hook"}"#;
    fixture.starter().start(&fixture.operation(request, &[]), fixture.invocation(28)).await.unwrap();
    assert_eq!(fixture.work().await, Handled::Done);
    assert_eq!(fixture.outcome(), Some(serde_json::from_str(AGENT).unwrap()));
    assert_eq!(fixture.job.last().0, request);
    let event = &fixture.events.published()[0];
    assert_eq!(event.detail_type(), "Operation Completed");
    assert_eq!(
        serde_json::to_value(event).unwrap(),
        json!({
            "operation_id": "op", "task_id": "task", "tool_name": "generate_agent", "status": "completed",
            "success": true, "error_type": null
        })
    );
    assert_eq!(fixture.callbacks.enqueued(), ["op"]);
    assert_eq!(fixture.record().announcement, Announcement::Made);
}

#[tokio::test(start_paused = true)]
async fn a_job_delivered_twice_is_done_and_announced_once() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    assert_eq!((fixture.work().await, fixture.work().await), (Handled::Done, Handled::Done));
    assert_eq!((fixture.job.calls().len(), fixture.events.published().len()), (1, 1));
    assert_eq!(fixture.callbacks.enqueued(), Vec::<String>::new(), "the request has no webhook");
}

#[tokio::test(start_paused = true)]
async fn a_job_delivered_to_two_workers_at_once_is_done_by_one() {
    let fixture = Fixture::new([Step::agent().after(300)]);
    fixture.start().await;
    let first = tokio::spawn({
        let fixture = fixture.clone();
        async move { fixture.work().await }
    });
    for _ in 0..2 {
        sleep(Duration::from_secs(100)).await;
        assert_eq!(fixture.work().await, Handled::Again);
        let wait = fixture.hidden_last().as_secs();
        assert!((90..=120).contains(&wait), "hidden for longer than the lease: {wait}");
    }
    assert_eq!(first.await.unwrap(), Handled::Done);
    assert_eq!(fixture.job.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_killed_workers_job_is_done_by_another_within_minutes() {
    let fixture = Fixture::new([Step::agent().after(3600)]);
    fixture.start().await;
    let killed = tokio::spawn({
        let fixture = fixture.clone();
        async move { fixture.work().await }
    });
    sleep(Duration::from_secs(45)).await;
    killed.abort();
    // When the queue shows the message again, the lease has lapsed.
    assert_eq!(fixture.hidden_last(), Duration::from_secs(120));
    advance(Duration::from_secs(105)).await;
    assert_eq!(fixture.work().await, Handled::Done);
    assert_eq!((fixture.record().status, fixture.record().claims), (Status::Completed, 2));
}

#[tokio::test(start_paused = true)]
async fn the_late_answer_of_a_worker_thought_dead_changes_nothing() {
    let late = r#"{"type":"agent_preview","agent_json":{"late":true}}"#;
    // It answers while its successor works, or after the successor has ended.
    for successor in [300, 10] {
        let fixture = Fixture::new([Step::Returns(late.to_owned()).after(200), Step::agent().after(successor)]);
        fixture.start().await;
        // Its renewals fail, so its lease lapses while it works on.
        fixture.store.refuse(Call::Extend, 100);
        let dead = tokio::spawn({
            let fixture = fixture.clone();
            async move { fixture.work().await }
        });
        sleep(Duration::from_secs(100)).await;
        assert_eq!(fixture.work().await, Handled::Done);
        dead.await.unwrap();
        assert_eq!(fixture.outcome(), Some(serde_json::from_str(AGENT).unwrap()), "{successor}");
        assert_eq!((fixture.job.calls().len(), fixture.events.published().len()), (2, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_lost_its_lease_leaves_the_message_alone() {
    let fixture = Fixture::new([Step::agent().after(3600)]);
    fixture.start().await;
    fixture.store.refuse(Call::Extend, 4);
    let first = tokio::spawn({
        let fixture = fixture.clone();
        async move { fixture.work().await }
    });
    sleep(Duration::from_secs(100)).await;
    let now = fixture.clock.now();
    let claim = fixture.store.claim("op", now, now.after(Duration::from_secs(900))).await.unwrap();
    assert!(matches!(claim, Claim::Taken { .. }));
    let hidden = fixture.messages.hidden().len();
    assert_eq!(first.await.unwrap(), Handled::Again);
    assert!(fixture.messages.hidden().len() <= hidden + 2, "renewals only, none at the end");
    assert!(fixture.hidden_last() == fixture.settings.hidden() && fixture.record().status == Status::Running);
}

#[tokio::test(start_paused = true)]
async fn a_worker_stops_after_a_completion() {
    let fixture = Fixture::new([Step::agent().after(600)]);
    fixture.start().await;
    let begin = Instant::now();
    let worker = tokio::spawn({
        let fixture = fixture.clone();
        async move { fixture.work().await }
    });
    sleep(Duration::from_secs(10)).await;
    let completion = CompletionRequest::parse(r#"{"success":true,"result":{"first":1}}"#).unwrap().completion;
    fixture.completions().complete("op", None, completion, fixture.invocation(10)).await.unwrap();
    assert_eq!(worker.await.unwrap(), Handled::Done);
    assert!(begin.elapsed() < Duration::from_secs(60), "{:?}", begin.elapsed());
    assert_eq!((fixture.outcome(), fixture.events.published().len()), (Some(json!({"first": 1})), 1));
}

#[tokio::test(start_paused = true)]
async fn a_job_has_to_end_before_the_invocation_and_before_the_deadline() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    fixture.work().await;
    assert_eq!(fixture.job.last().1, Duration::from_secs(898));
    let fixture = Fixture::new([]);
    fixture.start().await;
    advance(Duration::from_secs(1700)).await;
    fixture.work().await;
    assert_eq!(fixture.job.last().1.as_secs(), 100);
}

#[tokio::test(start_paused = true)]
async fn a_job_past_its_deadline_is_not_started() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    advance(Duration::from_secs(1800)).await;
    assert_eq!(fixture.work().await, Handled::Done);
    assert_eq!((fixture.job.calls().len(), fixture.error_type().as_deref()), (0, Some("timeout")));
    assert_eq!(fixture.events.published()[0].error_type.as_deref(), Some("timeout"));
}

#[tokio::test(start_paused = true)]
async fn a_message_with_a_whole_request_starts_an_operation() {
    let fixture = Fixture::new([]);
    let request = r#"{"description":"x","operation_id":"op","task_id":"task","owner":"caller","session_id":"s"}"#;
    for _ in 0..2 {
        assert_eq!(fixture.receive(&message(request), 900).await, Handled::Done);
    }
    let record = fixture.record();
    assert_eq!((record.status, record.owner.unwrap().0.as_str()), (Status::Completed, "caller"));
    assert_eq!((fixture.job.calls().len(), fixture.job.last().0.as_str()), (1, request));
    // The same id with another request: the operation stays as it is, and the message fails.
    let other = message(r#"{"description":"other","operation_id":"op","task_id":"task","owner":"caller"}"#);
    assert_eq!(fixture.receive(&other, 900).await, Handled::Again);
    assert_eq!(fixture.job.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_sender_of_an_invalid_message_can_read_why_it_failed() {
    let fixture = Fixture::new([]);
    let request = r#"{"session_id":"s","operation_id":"op","task_id":"task","callback_url":"https://10.0.0.1/hook"}"#;
    assert_eq!(fixture.receive(&message(request), 900).await, Handled::Done);
    let error = fixture.outcome().unwrap();
    assert_eq!((fixture.job.calls().len(), &error["error_type"]), (0, &json!("invalid_request")));
    assert_eq!(error["session_id"], "s");
    assert!(error["message"].as_str().unwrap().contains("callback_url"));
    assert_eq!(fixture.callbacks.enqueued(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_job_on_the_queue_of_another_function_is_not_done() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    let mut worker = fixture.worker();
    worker.tool = Tool::PatchAgent;
    let handled =
        worker.consume(&message(r#"{"operation_id":"op"}"#), fixture.invocation(900), &mut RequestLog::default()).await;
    assert_eq!((handled, fixture.job.calls().len()), (Handled::Again, 0));
    assert_eq!(fixture.work().await, Handled::Done, "{REQUEST}");
}

/// Work that ends only if it is dropped, and ignores the end that it was given.
struct Endless(Arc<AtomicBool>);

struct Stopped(Arc<AtomicBool>);

impl Drop for Stopped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Job for Endless {
    async fn run<'a>(&'a self, _: Assignment<'a>, _: &'a mut RequestLog) -> Result<Done, Refusal> {
        let _stopped = Stopped(Arc::clone(&self.0));
        pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_worker_stops_planning_once_its_lease_is_lost_or_its_operation_has_ended() {
    for event in ["completion", "another worker", "deadline"] {
        let fixture = Fixture::new([]);
        fixture.start().await;
        let stopped = Arc::new(AtomicBool::default());
        let Worker { tool, ending, log, visibility, settings, breaker, .. } = fixture.worker();
        let worker = Worker { job: Endless(Arc::clone(&stopped)), tool, ending, log, visibility, settings, breaker };
        let working = tokio::spawn({
            let invocation = fixture.invocation(7_200);
            async move { worker.consume(&message(r#"{"operation_id":"op"}"#), invocation, &mut RequestLog::default()).await }
        });
        sleep(Duration::from_secs(100)).await;
        let record = fixture.record();
        assert!(record.leased_until.unwrap() > fixture.clock.now(), "{event}: its lease is renewed");
        assert!(!stopped.load(Ordering::Relaxed), "{event}");
        match event {
            "completion" => {
                let completion = CompletionRequest::parse(r#"{"success":true}"#).unwrap().completion;
                fixture.completions().complete("op", None, completion, fixture.invocation(10)).await.unwrap();
            }
            "another worker" => {
                // It was frozen for longer than its lease.
                let now = fixture.clock.now().after(fixture.settings.lease);
                let claim = fixture.store.claim("op", now, now.after(Duration::from_secs(900))).await;
                assert!(matches!(claim, Ok(Claim::Taken { .. })), "{claim:?}");
            }
            _ => sleep(Duration::from_secs(1_700)).await,
        }
        sleep(Duration::from_secs(31)).await;
        assert!(stopped.load(Ordering::Relaxed), "{event}");
        let handled = working.await.unwrap();
        let expected = if event == "another worker" { Handled::Again } else { Handled::Done };
        assert_eq!(handled, expected, "{event}");
    }
}
