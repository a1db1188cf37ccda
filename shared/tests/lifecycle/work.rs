//! A worker brings an operation to its end, once.

use std::time::Duration;

use serde_json::json;
use shared::{
    operations::{
        complete::Completion,
        memory::Call,
        ports::{Claim, OperationStore},
        record::{Announcement, Status},
    },
    queue::{Consumer, Handled},
    request_log::RequestLog,
};
use tokio::time::{Instant, advance, sleep};

use crate::bench::{AGENT, Bench, REQUEST, Step, message};

#[tokio::test(start_paused = true)]
async fn a_job_is_done_and_the_world_is_told() {
    let bench = Bench::new([]);
    let request =
        r#"{"description":"x","operation_id":"op","task_id":"task","callback_url":"https://example.com/hook"}"#;
    bench.starter().start(&bench.operation(request, &[]), bench.clock).await.unwrap();
    assert_eq!(bench.work().await, Handled::Done);
    assert_eq!(bench.outcome(), Some(serde_json::from_str(AGENT).unwrap()));
    assert_eq!(bench.job.last().0, request);
    let event = &bench.events.published()[0];
    assert_eq!(event.detail_type(), "Operation Completed");
    assert_eq!(
        serde_json::to_value(event).unwrap(),
        json!({"operation_id": "op", "task_id": "task", "tool_name": "generate_agent", "success": true, "error_type": null})
    );
    assert_eq!(bench.callbacks.enqueued(), ["op"]);
    assert_eq!(bench.record().announcement, Announcement::Made);
}

#[tokio::test(start_paused = true)]
async fn a_job_delivered_twice_is_done_and_told_once() {
    let bench = Bench::new([]);
    bench.start().await;
    assert_eq!((bench.work().await, bench.work().await), (Handled::Done, Handled::Done));
    assert_eq!((bench.job.asked().len(), bench.events.published().len()), (1, 1));
    assert_eq!(bench.callbacks.enqueued(), Vec::<String>::new(), "nobody wished for a webhook");
}

#[tokio::test(start_paused = true)]
async fn a_job_delivered_to_two_workers_at_once_is_done_by_one_and_waits_for_it() {
    let bench = Bench::new([Step::agent().after(300)]);
    bench.start().await;
    let first = tokio::spawn({
        let bench = bench.clone();
        async move { bench.work().await }
    });
    for _ in 0..2 {
        sleep(Duration::from_secs(100)).await;
        assert_eq!(bench.work().await, Handled::Again);
        let wait = bench.hidden_last().as_secs();
        assert!((90..=120).contains(&wait), "until the lease has run out, and a little more: {wait}");
    }
    assert_eq!(first.await.unwrap(), Handled::Done);
    assert_eq!(bench.job.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_killed_workers_job_is_done_by_another_within_minutes() {
    let bench = Bench::new([Step::agent().after(3600)]);
    bench.start().await;
    let killed = tokio::spawn({
        let bench = bench.clone();
        async move { bench.work().await }
    });
    sleep(Duration::from_secs(45)).await;
    killed.abort();
    // The queue shows the message again once it is hidden no longer; by then the lease has run out.
    assert_eq!(bench.hidden_last(), Duration::from_secs(120));
    advance(Duration::from_secs(105)).await;
    assert_eq!(bench.work().await, Handled::Done);
    assert_eq!((bench.record().status, bench.record().claims), (Status::Completed, 2));
}

#[tokio::test(start_paused = true)]
async fn a_zombies_late_answer_changes_nothing() {
    let zombies = r#"{"type":"agent_preview","agent_json":{"zombie":true}}"#;
    // The zombie answers while its successor works, or after that has ended.
    for successor in [300, 10] {
        let bench = Bench::new([Step::Gives(zombies.to_owned()).after(200), Step::agent().after(successor)]);
        bench.start().await;
        // None of its renewals arrives: it is believed dead, and works on.
        bench.store.refuse(Call::Extend, 100);
        let zombie = tokio::spawn({
            let bench = bench.clone();
            async move { bench.work().await }
        });
        sleep(Duration::from_secs(100)).await;
        assert_eq!(bench.work().await, Handled::Done);
        zombie.await.unwrap();
        assert_eq!(bench.outcome(), Some(serde_json::from_str(AGENT).unwrap()), "{successor}");
        assert_eq!((bench.job.asked().len(), bench.events.published().len()), (2, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_worker_whose_job_another_has_claimed_leaves_the_message_to_that_one() {
    let bench = Bench::new([Step::agent().after(3600)]);
    bench.start().await;
    bench.store.refuse(Call::Extend, 4);
    let first = tokio::spawn({
        let bench = bench.clone();
        async move { bench.work().await }
    });
    sleep(Duration::from_secs(100)).await;
    let now = bench.clock.now();
    let claim = bench.store.claim("op", now, now.after(Duration::from_secs(900))).await.unwrap();
    assert!(matches!(claim, Claim::Taken { .. }));
    let hidden = bench.messages.hidden().len();
    assert_eq!(first.await.unwrap(), Handled::Again);
    assert!(bench.messages.hidden().len() <= hidden + 2, "renewals, and no hiding at the end");
    assert!(bench.hidden_last() == bench.settings.hidden() && bench.record().status == Status::Running);
}

#[tokio::test(start_paused = true)]
async fn a_worker_stops_where_a_completion_was_faster() {
    let bench = Bench::new([Step::agent().after(600)]);
    bench.start().await;
    let begin = Instant::now();
    let worker = tokio::spawn({
        let bench = bench.clone();
        async move { bench.work().await }
    });
    sleep(Duration::from_secs(10)).await;
    let completion = Completion::read(r#"{"success":true,"result":{"first":1}}"#).unwrap();
    bench.completions().complete("op", completion, bench.invocation(10)).await.unwrap();
    assert_eq!(worker.await.unwrap(), Handled::Done);
    assert!(begin.elapsed() < Duration::from_secs(60), "{:?}", begin.elapsed());
    assert_eq!((bench.outcome(), bench.events.published().len()), (Some(json!({"first": 1})), 1));
}

#[tokio::test(start_paused = true)]
async fn a_worker_ends_before_lambda_ends_it_and_before_the_deadline() {
    let bench = Bench::new([]);
    bench.start().await;
    bench.work().await;
    assert_eq!(bench.job.last().1, Duration::from_secs(898));
    let bench = Bench::new([]);
    bench.start().await;
    advance(Duration::from_secs(1700)).await;
    bench.work().await;
    assert_eq!(bench.job.last().1.as_secs(), 100);
}

#[tokio::test(start_paused = true)]
async fn work_that_comes_too_late_is_not_begun() {
    let bench = Bench::new([]);
    bench.start().await;
    advance(Duration::from_secs(1800)).await;
    assert_eq!(bench.work().await, Handled::Done);
    assert_eq!((bench.job.asked().len(), bench.error_type().as_deref()), (0, Some("timeout")));
    assert_eq!(bench.events.published()[0].error_type.as_deref(), Some("timeout"));
}

#[tokio::test(start_paused = true)]
async fn work_starts_without_the_api_by_a_message_that_is_the_whole_request() {
    let bench = Bench::new([]);
    let request = r#"{"description":"x","operation_id":"op","task_id":"task","owner":"caller","session_id":"s"}"#;
    for _ in 0..2 {
        assert_eq!(bench.receive(&message(request), 900).await, Handled::Done);
    }
    let record = bench.record();
    assert_eq!((record.status, record.owner.unwrap().0.as_str()), (Status::Completed, "caller"));
    assert_eq!((bench.job.asked().len(), bench.job.last().0.as_str()), (1, request));
    // The same id for something else: nobody's operation is touched, and the message is laid aside.
    let other = message(r#"{"description":"other","operation_id":"op","task_id":"task","owner":"caller"}"#);
    assert_eq!(bench.receive(&other, 900).await, Handled::Again);
    assert_eq!(bench.job.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn who_sent_a_message_that_is_wrong_reads_why() {
    let bench = Bench::new([]);
    let request = r#"{"session_id":"s","operation_id":"op","task_id":"task","callback_url":"https://10.0.0.1/hook"}"#;
    assert_eq!(bench.receive(&message(request), 900).await, Handled::Done);
    let error = bench.outcome().unwrap();
    assert_eq!((bench.job.asked().len(), &error["error_type"]), (0, &json!("invalid_request")));
    assert_eq!(error["session_id"], "s");
    assert!(error["message"].as_str().unwrap().contains("callback_url"));
    assert_eq!(bench.callbacks.enqueued(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_job_on_the_queue_of_another_function_is_not_done_there() {
    let bench = Bench::new([]);
    bench.start().await;
    let mut worker = bench.worker();
    worker.tool = shared::operations::record::Tool::PatchAgent;
    let handled =
        worker.consume(&message(r#"{"operation_id":"op"}"#), bench.invocation(900), &mut RequestLog::default()).await;
    assert_eq!((handled, bench.job.asked().len()), (Handled::Again, 0));
    assert_eq!(bench.work().await, Handled::Done, "{REQUEST}");
}
