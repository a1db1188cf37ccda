//! A worker brings an operation to its end, once.

use std::time::Duration;

use lambda::queue::{Consumer, Handled};
use lifecycle::{
    complete::Completion,
    memory::Call,
    ports::{Claim, OperationStore},
    record::{Announcement, Status},
};
use serde_json::json;
use shared::request_log::RequestLog;
use tokio::time::{Instant, advance, sleep};

use crate::fixture::{AGENT, Fixture, REQUEST, Step, message};

#[tokio::test(start_paused = true)]
async fn a_job_is_done_and_the_world_is_told() {
    let fixture = Fixture::new([]);
    let request =
        r#"{"description":"x","operation_id":"op","task_id":"task","callback_url":"https://example.com/hook"}"#;
    fixture.starter().start(&fixture.operation(request, &[]), fixture.clock).await.unwrap();
    assert_eq!(fixture.work().await, Handled::Done);
    assert_eq!(fixture.outcome(), Some(serde_json::from_str(AGENT).unwrap()));
    assert_eq!(fixture.job.last().0, request);
    let event = &fixture.events.published()[0];
    assert_eq!(event.detail_type(), "Operation Completed");
    assert_eq!(
        serde_json::to_value(event).unwrap(),
        json!({"operation_id": "op", "task_id": "task", "tool_name": "generate_agent", "success": true, "error_type": null})
    );
    assert_eq!(fixture.callbacks.enqueued(), ["op"]);
    assert_eq!(fixture.record().announcement, Announcement::Made);
}

#[tokio::test(start_paused = true)]
async fn a_job_delivered_twice_is_done_and_told_once() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    assert_eq!((fixture.work().await, fixture.work().await), (Handled::Done, Handled::Done));
    assert_eq!((fixture.job.asked().len(), fixture.events.published().len()), (1, 1));
    assert_eq!(fixture.callbacks.enqueued(), Vec::<String>::new(), "nobody wished for a webhook");
}

#[tokio::test(start_paused = true)]
async fn a_job_delivered_to_two_workers_at_once_is_done_by_one_and_waits_for_it() {
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
        assert!((90..=120).contains(&wait), "until the lease has run out, and a little more: {wait}");
    }
    assert_eq!(first.await.unwrap(), Handled::Done);
    assert_eq!(fixture.job.asked().len(), 1);
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
    // The queue shows the message again once it is hidden no longer; by then the lease has run out.
    assert_eq!(fixture.hidden_last(), Duration::from_secs(120));
    advance(Duration::from_secs(105)).await;
    assert_eq!(fixture.work().await, Handled::Done);
    assert_eq!((fixture.record().status, fixture.record().claims), (Status::Completed, 2));
}

#[tokio::test(start_paused = true)]
async fn a_zombies_late_answer_changes_nothing() {
    let zombies = r#"{"type":"agent_preview","agent_json":{"zombie":true}}"#;
    // The zombie answers while its successor works, or after that has ended.
    for successor in [300, 10] {
        let fixture = Fixture::new([Step::Gives(zombies.to_owned()).after(200), Step::agent().after(successor)]);
        fixture.start().await;
        // None of its renewals arrives: it is believed dead, and works on.
        fixture.store.refuse(Call::Extend, 100);
        let zombie = tokio::spawn({
            let fixture = fixture.clone();
            async move { fixture.work().await }
        });
        sleep(Duration::from_secs(100)).await;
        assert_eq!(fixture.work().await, Handled::Done);
        zombie.await.unwrap();
        assert_eq!(fixture.outcome(), Some(serde_json::from_str(AGENT).unwrap()), "{successor}");
        assert_eq!((fixture.job.asked().len(), fixture.events.published().len()), (2, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_worker_whose_job_another_has_claimed_leaves_the_message_to_that_one() {
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
    assert!(fixture.messages.hidden().len() <= hidden + 2, "renewals, and no hiding at the end");
    assert!(fixture.hidden_last() == fixture.settings.hidden() && fixture.record().status == Status::Running);
}

#[tokio::test(start_paused = true)]
async fn a_worker_stops_where_a_completion_was_faster() {
    let fixture = Fixture::new([Step::agent().after(600)]);
    fixture.start().await;
    let begin = Instant::now();
    let worker = tokio::spawn({
        let fixture = fixture.clone();
        async move { fixture.work().await }
    });
    sleep(Duration::from_secs(10)).await;
    let completion = Completion::parse(r#"{"success":true,"result":{"first":1}}"#).unwrap();
    fixture.completions().complete("op", completion, fixture.invocation(10)).await.unwrap();
    assert_eq!(worker.await.unwrap(), Handled::Done);
    assert!(begin.elapsed() < Duration::from_secs(60), "{:?}", begin.elapsed());
    assert_eq!((fixture.outcome(), fixture.events.published().len()), (Some(json!({"first": 1})), 1));
}

#[tokio::test(start_paused = true)]
async fn a_worker_ends_before_lambda_ends_it_and_before_the_deadline() {
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
async fn work_that_comes_too_late_is_not_begun() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    advance(Duration::from_secs(1800)).await;
    assert_eq!(fixture.work().await, Handled::Done);
    assert_eq!((fixture.job.asked().len(), fixture.error_type().as_deref()), (0, Some("timeout")));
    assert_eq!(fixture.events.published()[0].error_type.as_deref(), Some("timeout"));
}

#[tokio::test(start_paused = true)]
async fn work_starts_without_the_api_by_a_message_that_is_the_whole_request() {
    let fixture = Fixture::new([]);
    let request = r#"{"description":"x","operation_id":"op","task_id":"task","owner":"caller","session_id":"s"}"#;
    for _ in 0..2 {
        assert_eq!(fixture.receive(&message(request), 900).await, Handled::Done);
    }
    let record = fixture.record();
    assert_eq!((record.status, record.owner.unwrap().0.as_str()), (Status::Completed, "caller"));
    assert_eq!((fixture.job.asked().len(), fixture.job.last().0.as_str()), (1, request));
    // The same id for something else: nobody's operation is touched, and the message is laid aside.
    let other = message(r#"{"description":"other","operation_id":"op","task_id":"task","owner":"caller"}"#);
    assert_eq!(fixture.receive(&other, 900).await, Handled::Again);
    assert_eq!(fixture.job.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn who_sent_a_message_that_is_wrong_reads_why() {
    let fixture = Fixture::new([]);
    let request = r#"{"session_id":"s","operation_id":"op","task_id":"task","callback_url":"https://10.0.0.1/hook"}"#;
    assert_eq!(fixture.receive(&message(request), 900).await, Handled::Done);
    let error = fixture.outcome().unwrap();
    assert_eq!((fixture.job.asked().len(), &error["error_type"]), (0, &json!("invalid_request")));
    assert_eq!(error["session_id"], "s");
    assert!(error["message"].as_str().unwrap().contains("callback_url"));
    assert_eq!(fixture.callbacks.enqueued(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_job_on_the_queue_of_another_function_is_not_done_there() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    let mut worker = fixture.worker();
    worker.tool = lifecycle::record::Tool::PatchAgent;
    let handled =
        worker.consume(&message(r#"{"operation_id":"op"}"#), fixture.invocation(900), &mut RequestLog::default()).await;
    assert_eq!((handled, fixture.job.asked().len()), (Handled::Again, 0));
    assert_eq!(fixture.work().await, Handled::Done, "{REQUEST}");
}
