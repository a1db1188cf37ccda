//! A generator that is down is left alone, and no job comes to harm by that.

use std::time::Duration;

use lambda::queue::{Consumer, Handled, Message};
use lifecycle::record::Status;
use shared::{error_type::ErrorType, request_log::RequestLog};
use tokio::time::{advance, sleep};

use crate::fixture::{Fixture, Step, message};

/// The message of this operation, as it comes for the time that `receives` says.
fn job(operation_id: &str, receives: u32) -> Message {
    Message { receives, ..message(&format!(r#"{{"operation_id":"{operation_id}"}}"#)) }
}

/// A platform with so many operations, `op0` and so on, whose generator is down for as many jobs as `down` says.
async fn fixture(operations: usize, down: usize) -> Fixture {
    let fixture = Fixture::new((0..down).map(|_| Step::Fails(ErrorType::ConnectionError, None)));
    for at in 0..operations {
        let request = format!(r#"{{"description":"{at}","operation_id":"op{at}","task_id":"task"}}"#);
        fixture.starter().start(&fixture.operation(&request, &[]), fixture.clock).await.unwrap();
    }
    fixture
}

async fn work(fixture: &Fixture, operation_id: &str) -> Handled {
    fixture.receive(&job(operation_id, 1), 900).await
}

#[tokio::test(start_paused = true)]
async fn a_queue_is_not_drained_into_a_generator_that_is_down() {
    let fixture = fixture(20, 3).await;
    for at in 0..20 {
        assert_eq!(work(&fixture, &format!("op{at}")).await, Handled::Again);
        assert!(at < 3 || fixture.hidden_last() >= Duration::from_secs(15), "back before anybody may look");
    }
    assert_eq!(fixture.job.asked(), ["op0", "op1", "op2"]);
    for at in 3..20 {
        let record = fixture.store.record(&format!("op{at}")).unwrap();
        assert_eq!((record.status, record.claims, record.failures), (Status::Accepted, 0, 0), "no attempt is spent");
    }
}

#[tokio::test(start_paused = true)]
async fn one_job_looks_and_what_it_finds_holds_for_all() {
    let fixture = fixture(8, 4).await;
    for at in 0..3 {
        work(&fixture, &format!("op{at}")).await;
    }
    advance(Duration::from_secs(15)).await;
    // The fourth looks, and it is still down: for longer now.
    for at in 3..6 {
        work(&fixture, &format!("op{at}")).await;
    }
    assert_eq!(fixture.job.asked().len(), 4);
    assert!(fixture.hidden_last() >= Duration::from_secs(30), "{:?}", fixture.hidden_last());
    advance(Duration::from_secs(30)).await;
    for at in 4..8 {
        assert_eq!(work(&fixture, &format!("op{at}")).await, Handled::Done, "it is up again");
    }
}

#[tokio::test(start_paused = true)]
async fn while_one_job_looks_the_others_wait() {
    let mut fixture = fixture(6, 3).await;
    for at in 0..3 {
        work(&fixture, &format!("op{at}")).await;
    }
    advance(Duration::from_secs(15)).await;
    fixture.job = Fixture::new([Step::agent().after(10)]).job;
    let looks = tokio::spawn({
        let fixture = fixture.clone();
        async move { work(&fixture, "op3").await }
    });
    sleep(Duration::from_secs(5)).await;
    assert_eq!((work(&fixture, "op4").await, fixture.job.asked().len()), (Handled::Again, 1));
    assert_eq!(looks.await.unwrap(), Handled::Done);
    assert_eq!(work(&fixture, "op4").await, Handled::Done);
}

#[tokio::test(start_paused = true)]
async fn no_job_is_left_alone_until_its_queue_lets_go_of_it() {
    let fixture = fixture(4, 3).await;
    for at in 0..3 {
        work(&fixture, &format!("op{at}")).await;
    }
    assert_eq!(fixture.receive(&job("op3", 8), 900).await, Handled::Again);
    assert_eq!(fixture.receive(&job("op3", 9), 900).await, Handled::Done, "eight of twenty receives are enough");
}

#[tokio::test(start_paused = true)]
async fn no_job_is_left_alone_until_its_time_is_up() {
    let fixture = fixture(6, 5).await;
    for at in 0..3 {
        work(&fixture, &format!("op{at}")).await;
    }
    advance(Duration::from_secs(13 * 60)).await;
    // The fourth looks in vain, and so does the fifth.
    work(&fixture, "op3").await;
    assert_eq!((work(&fixture, "op5").await, fixture.job.asked().len()), (Handled::Again, 4));
    advance(Duration::from_secs(2 * 60)).await;
    work(&fixture, "op4").await;
    assert_eq!(work(&fixture, "op5").await, Handled::Done, "the second half of its thirty minutes is for the work");
}

#[tokio::test(start_paused = true)]
async fn an_operation_that_fails_was_asked_for_as_often_as_ever() {
    // One worker, nine jobs, and a generator that never comes back.
    let fixture = fixture(9, 500).await;
    let mut messages: Vec<_> = (0..9).map(|at| (format!("op{at}"), 0, Duration::ZERO)).collect();
    let mut now = Duration::ZERO;
    while !messages.is_empty() {
        messages.sort_by_key(|(_, _, due)| *due);
        let (operation_id, receives, due) = messages.remove(0);
        sleep(due.saturating_sub(now)).await;
        now = now.max(due);
        assert!(receives < 20, "the queue lets go of {operation_id}");
        if fixture.receive(&job(&operation_id, receives + 1), 900).await == Handled::Again {
            messages.push((operation_id, receives + 1, now + fixture.hidden_last()));
        }
    }
    for at in 0..9 {
        let operation_id = format!("op{at}");
        let times = fixture.job.asked().iter().filter(|asked| **asked == operation_id).count();
        let record = fixture.store.record(&operation_id).unwrap();
        assert_eq!((record.status, record.error_type.as_deref()), (Status::Failed, Some("connection_error")));
        assert_eq!(times, 4, "{operation_id} of {:?}", fixture.job.asked());
    }
}

#[tokio::test(start_paused = true)]
async fn what_needs_no_generator_is_done_while_it_is_down() {
    let fixture = fixture(3, 3).await;
    fixture.start().await;
    assert_eq!(fixture.work().await, Handled::Again);
    for at in 1..3 {
        work(&fixture, &format!("op{at}")).await;
    }
    // A wrong request is told at once, and what has ended leaves the queue.
    let wrong = r#"{"description":"x","operation_id":"wrong","task_id":"t","callback_url":"https://10.0.0.1/hook"}"#;
    assert_eq!(fixture.receive(&message(wrong), 900).await, Handled::Done);
    assert_eq!(fixture.receive(&message(r#"{"operation_id":"wrong"}"#), 900).await, Handled::Done);
    assert_eq!(fixture.job.asked().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn whoever_reads_the_log_finds_a_job_that_went_back_unasked() {
    let fixture = fixture(4, 3).await;
    let bodies: Vec<_> = (0..4).map(|at| format!(r#"{{"operation_id":"op{at}"}}"#)).collect();
    let bodies: Vec<_> = bodies.iter().map(String::as_str).collect();
    let lines = fixture.lines(&bodies).await;
    assert_eq!(lines.last().unwrap(), "op3 given_back service_unavailable 0 s");
    let mut record = RequestLog::default();
    fixture.worker().consume(&job("op3", 2), fixture.invocation(900), &mut record).await;
    assert_eq!((record.attempts, record.upstream_time), (0, None));
}
