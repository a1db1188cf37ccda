//! The circuit breaker spares a generator that is down, and costs no job an attempt or its end.

use std::time::Duration;

use lambda::queue::{Consumer, Handled, Message};
use lifecycle::record::Status;
use shared::{error_type::ErrorType, request_log::RequestLog};
use tokio::time::{advance, sleep};

use crate::fixture::{Fixture, Step, message};

fn job(operation_id: &str, receives: u32) -> Message {
    Message { receives, ..message(&format!(r#"{{"operation_id":"{operation_id}"}}"#)) }
}

/// A platform with `operations` operations, `op0` and so on, whose first `down` calls of the generator fail.
async fn fixture(operations: usize, down: usize) -> Fixture {
    let fixture = Fixture::new((0..down).map(|_| Step::Fails(ErrorType::ConnectionError, None)));
    for at in 0..operations {
        let request = format!(r#"{{"description":"{at}","operation_id":"op{at}","task_id":"task"}}"#);
        fixture.starter().start(&fixture.operation(&request, &[]), fixture.invocation(28)).await.unwrap();
    }
    fixture
}

async fn work(fixture: &Fixture, operation_id: &str) -> Handled {
    fixture.receive(&job(operation_id, 1), 900).await
}

#[tokio::test(start_paused = true)]
async fn jobs_are_not_spent_on_a_generator_that_is_down() {
    let fixture = fixture(20, 3).await;
    for at in 0..20 {
        assert_eq!(work(&fixture, &format!("op{at}")).await, Handled::Again);
        assert!(at < 3 || fixture.hidden_last() >= Duration::from_secs(15), "back before the next probe");
    }
    assert_eq!(fixture.job.calls(), ["op0", "op1", "op2"]);
    for at in 3..20 {
        let record = fixture.store.record(&format!("op{at}")).unwrap();
        assert_eq!((record.status, record.claims, record.failures), (Status::Accepted, 0, 0), "no attempt is spent");
    }
}

#[tokio::test(start_paused = true)]
async fn the_result_of_a_probe_holds_for_all_jobs() {
    let fixture = fixture(8, 4).await;
    for at in 0..3 {
        work(&fixture, &format!("op{at}")).await;
    }
    advance(Duration::from_secs(15)).await;
    // The fourth job probes and fails: the breaker stays open, for longer.
    for at in 3..6 {
        work(&fixture, &format!("op{at}")).await;
    }
    assert_eq!(fixture.job.calls().len(), 4);
    assert!(fixture.hidden_last() >= Duration::from_secs(30), "{:?}", fixture.hidden_last());
    advance(Duration::from_secs(30)).await;
    for at in 4..8 {
        assert_eq!(work(&fixture, &format!("op{at}")).await, Handled::Done, "the generator is up again");
    }
}

#[tokio::test(start_paused = true)]
async fn during_a_probe_the_other_jobs_wait() {
    let mut fixture = fixture(6, 3).await;
    for at in 0..3 {
        work(&fixture, &format!("op{at}")).await;
    }
    advance(Duration::from_secs(15)).await;
    fixture.job = Fixture::new([Step::agent().after(10)]).job;
    let probe = tokio::spawn({
        let fixture = fixture.clone();
        async move { work(&fixture, "op3").await }
    });
    sleep(Duration::from_secs(5)).await;
    assert_eq!((work(&fixture, "op4").await, fixture.job.calls().len()), (Handled::Again, 1));
    assert_eq!(probe.await.unwrap(), Handled::Done);
    assert_eq!(work(&fixture, "op4").await, Handled::Done);
}

#[tokio::test(start_paused = true)]
async fn a_job_with_many_receives_ignores_the_breaker() {
    let fixture = fixture(4, 3).await;
    for at in 0..3 {
        work(&fixture, &format!("op{at}")).await;
    }
    assert_eq!(fixture.receive(&job("op3", 8), 900).await, Handled::Again);
    assert_eq!(fixture.receive(&job("op3", 9), 900).await, Handled::Done, "eight of twenty receives are enough");
}

#[tokio::test(start_paused = true)]
async fn a_job_past_half_of_its_time_ignores_the_breaker() {
    let fixture = fixture(6, 5).await;
    for at in 0..3 {
        work(&fixture, &format!("op{at}")).await;
    }
    advance(Duration::from_secs(13 * 60)).await;
    // The fourth job probes and fails, and so does the fifth.
    work(&fixture, "op3").await;
    assert_eq!((work(&fixture, "op5").await, fixture.job.calls().len()), (Handled::Again, 4));
    advance(Duration::from_secs(2 * 60)).await;
    work(&fixture, "op4").await;
    assert_eq!(
        work(&fixture, "op5").await,
        Handled::Done,
        "the second half of its 30 minutes is reserved for the work"
    );
}

#[tokio::test(start_paused = true)]
async fn an_operation_fails_only_after_all_of_its_attempts() {
    // One worker, nine jobs, and a generator that never comes back.
    let fixture = fixture(9, 500).await;
    let mut messages: Vec<_> = (0..9).map(|at| (format!("op{at}"), 0, Duration::ZERO)).collect();
    let mut now = Duration::ZERO;
    while !messages.is_empty() {
        messages.sort_by_key(|(_, _, due)| *due);
        let (operation_id, receives, due) = messages.remove(0);
        sleep(due.saturating_sub(now)).await;
        now = now.max(due);
        assert!(receives < 20, "the queue drops {operation_id}");
        if fixture.receive(&job(&operation_id, receives + 1), 900).await == Handled::Again {
            messages.push((operation_id, receives + 1, now + fixture.hidden_last()));
        }
    }
    for at in 0..9 {
        let operation_id = format!("op{at}");
        let times = fixture.job.calls().iter().filter(|called| **called == operation_id).count();
        let record = fixture.store.record(&operation_id).unwrap();
        assert_eq!((record.status, record.error_type.as_deref()), (Status::Failed, Some("connection_error")));
        assert_eq!(times, 4, "{operation_id} of {:?}", fixture.job.calls());
    }
}

#[tokio::test(start_paused = true)]
async fn steps_that_need_no_generator_are_done_while_it_is_down() {
    let fixture = fixture(3, 3).await;
    fixture.start().await;
    assert_eq!(fixture.work().await, Handled::Again);
    for at in 1..3 {
        work(&fixture, &format!("op{at}")).await;
    }
    // An invalid request ends at once, and the message of an ended operation leaves the queue.
    let invalid =
        r#"{"description":"x","operation_id":"invalid","task_id":"t","callback_url":"https://10.0.0.1/hook"}"#;
    assert_eq!(fixture.receive(&message(invalid), 900).await, Handled::Done);
    assert_eq!(fixture.receive(&message(r#"{"operation_id":"invalid"}"#), 900).await, Handled::Done);
    assert_eq!(fixture.job.calls().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_log_has_a_line_for_a_job_that_went_back_without_a_call() {
    let fixture = fixture(4, 3).await;
    let bodies: Vec<_> = (0..4).map(|at| format!(r#"{{"operation_id":"op{at}"}}"#)).collect();
    let bodies: Vec<_> = bodies.iter().map(String::as_str).collect();
    let lines = fixture.lines(&bodies).await;
    assert_eq!(lines.last().unwrap(), "op3 given_back service_unavailable 0 s");
    let mut record = RequestLog::default();
    fixture.worker().consume(&job("op3", 2), fixture.invocation(900), &mut record).await;
    assert_eq!((record.attempts, record.upstream_time), (0, None));
}
