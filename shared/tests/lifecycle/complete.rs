//! A generator that has taken a job over tells of its end; or it does not.

use std::time::Duration;

use serde_json::json;
use shared::{
    operations::{
        complete::Completion,
        memory::Call,
        record::{Announcement, Status},
    },
    queue::{Consumer, Handled},
    request_log::RequestLog,
};
use tokio::time::{advance, sleep};

use crate::bench::{Bench, Step, message};

/// An operation that the generator has taken over.
async fn handed_over() -> Bench {
    let bench = Bench::new([Step::HandsOver]);
    bench.start().await;
    assert_eq!(bench.work().await, Handled::Again, "the message stays, to see that it ends");
    assert_eq!((bench.record().status, bench.record().handed_over), (Status::Running, true));
    bench
}

async fn complete(bench: &Bench, body: &str) -> Option<String> {
    let completion = Completion::read(body).unwrap();
    bench.completions().complete("op", completion, bench.invocation(10)).await.unwrap()
}

async fn consume(bench: &Bench, body: &str) -> Handled {
    bench.completions().consume(&message(body), bench.invocation(10), &mut RequestLog::default()).await
}

#[tokio::test(start_paused = true)]
async fn a_completion_ends_what_the_generator_has_taken_over() {
    let bench = handed_over().await;
    let body = r#"{"success":true,"result":{"agent_json":{"n":1.50}},"error":null,"error_type":null}"#;
    assert_eq!(complete(&bench, body).await.as_deref(), Some("task"));
    assert_eq!(bench.store.outcome("op").unwrap().body(), r#"{"agent_json":{"n":1.50}}"#, "as it came");
    assert_eq!(bench.events.published().len(), 1);
    // The worker's message, when it comes again, finds nothing left to do.
    sleep(bench.hidden_last()).await;
    assert_eq!(bench.work().await, Handled::Done);
    assert_eq!((bench.job.asked().len(), bench.events.published().len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn of_two_completions_the_first_stays_and_the_second_is_no_error() {
    let bench = handed_over().await;
    let first = r#"{"success":true,"result":"done"}"#;
    for body in [first, first, r#"{"success":false,"error":"no","error_type":"timeout"}"#] {
        assert_eq!(complete(&bench, body).await.as_deref(), Some("task"));
    }
    assert_eq!((bench.outcome(), bench.events.published().len()), (Some(json!("done")), 1));
}

#[tokio::test(start_paused = true)]
async fn only_a_result_that_is_null_is_none() {
    let none = json!({"status": "completed"});
    for (result, kept) in [
        (r#""result":null"#, none.clone()),
        (r#""x":1"#, none),
        (r#""result":{}"#, json!({})),
        (r#""result":[]"#, json!([])),
        (r#""result":"""#, json!("")),
    ] {
        let bench = handed_over().await;
        complete(&bench, &format!(r#"{{"success":true,{result}}}"#)).await;
        assert_eq!(bench.outcome(), Some(kept), "{result}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_reads_as_one_of_ours_and_does_not_quote_the_generators_insides() {
    let bench = Bench::new([Step::HandsOver]);
    let request = r#"{"description":"x","operation_id":"op","task_id":"task","session_id":"s"}"#;
    bench.starter().start(&bench.operation(request, &[]), bench.clock).await.unwrap();
    bench.work().await;
    complete(&bench, r#"{"success":false,"error":"http://10.0.0.7:8000/x is busy","error_type":"rate_limit"}"#).await;
    let error = bench.outcome().unwrap();
    assert_eq!(error["message"], "The service is currently busy. Please try again in a moment.");
    assert_eq!((&error["error"], &error["retryable"]), (&json!("generation_failed:rate_limit"), &json!(true)));
    assert_eq!((&error["type"], &error["session_id"]), (&json!("error"), &json!("s")));
    assert!(!error.to_string().contains("10.0.0.7"), "{error}");
    assert_eq!(bench.events.published()[0].error_type.as_deref(), Some("rate_limit"));
}

#[tokio::test(start_paused = true)]
async fn a_failure_without_a_class_or_with_one_of_ours_is_unknown() {
    for body in [
        r#"{"success":false}"#,
        r#"{"success":false,"error_type":""}"#,
        r#"{"success":false,"error_type":"not_found"}"#,
        r#"{"success":false,"error_type":"Not A Name"}"#,
    ] {
        let bench = handed_over().await;
        complete(&bench, body).await;
        assert_eq!(bench.error_type().as_deref(), Some("unknown"), "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_generator_that_is_silent_has_failed_at_the_deadline_and_the_world_is_told() {
    let bench = handed_over().await;
    assert_eq!(bench.hidden_last().as_secs(), 1801);
    // Sooner than it was asked to come: it waits on.
    advance(Duration::from_secs(600)).await;
    assert_eq!(bench.work().await, Handled::Again);
    sleep(bench.hidden_last()).await;
    assert_eq!(bench.work().await, Handled::Done);
    assert_eq!((bench.error_type().as_deref(), bench.events.published().len()), (Some("timeout"), 1));
    assert_eq!(bench.job.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_completion_after_the_deadline_does_not_change_what_was_read() {
    let bench = handed_over().await;
    advance(Duration::from_secs(1800)).await;
    assert_eq!(complete(&bench, r#"{"success":true,"result":{}}"#).await.as_deref(), Some("task"));
    assert_eq!(bench.error_type().as_deref(), Some("timeout"));
}

#[tokio::test(start_paused = true)]
async fn a_hand_over_that_could_not_be_written_at_once_is_written_later() {
    let bench = Bench::new([Step::HandsOver]);
    bench.start().await;
    bench.store.refuse(Call::HandOver, 5);
    bench.work().await;
    assert!(bench.record().handed_over);
    assert_eq!(bench.job.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_completion_by_queue_finds_its_operation_by_either_id() {
    for ids in [
        r#""operation_id":"op","task_id":"task""#,
        r#""operation_id":"op""#,
        r#""task_id":"task""#,
        r#""operation_id":"of-the-generators-own","task_id":"task""#,
    ] {
        let bench = handed_over().await;
        let body = format!(r#"{{{ids},"success":true,"result":{{}}}}"#);
        assert_eq!(consume(&bench, &body).await, Handled::Done, "{ids}");
        assert_eq!(consume(&bench, &body).await, Handled::Done, "delivered twice: {ids}");
        assert_eq!((bench.outcome(), bench.events.published().len()), (Some(json!({})), 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_completion_that_says_nothing_is_laid_aside_and_one_of_nobody_is_waited_for() {
    let bench = handed_over().await;
    for body in ["", "{", "[]", r#"{"operation_id":"op"}"#, r#"{"operation_id":"op","success":"true"}"#] {
        assert_eq!(consume(&bench, body).await, Handled::Again, "{body}");
        assert_eq!(bench.hidden_last(), Duration::from_secs(1), "{body}");
    }
    assert_eq!(consume(&bench, r#"{"task_id":"other","success":true}"#).await, Handled::Again);
    assert!(bench.hidden_last() > Duration::from_secs(7));
    assert_eq!(bench.outcome(), None);
}

#[tokio::test(start_paused = true)]
async fn a_completion_that_could_not_be_told_or_applied_comes_again() {
    let bench = handed_over().await;
    let body = r#"{"operation_id":"op","success":true,"result":{}}"#;
    bench.store.refuse(Call::Finish, 1);
    assert_eq!(consume(&bench, body).await, Handled::Again);
    bench.events.refuse(1);
    assert_eq!(consume(&bench, body).await, Handled::Again);
    assert_eq!((bench.record().status, bench.record().announcement), (Status::Completed, Announcement::Due));
    assert_eq!(consume(&bench, body).await, Handled::Done);
    assert_eq!((bench.events.published().len(), bench.record().announcement), (1, Announcement::Made));
}

#[tokio::test(start_paused = true)]
async fn a_completion_of_no_operation_is_known_as_such() {
    let bench = Bench::new([]);
    assert_eq!(complete(&bench, r#"{"success":true}"#).await, None);
}

#[test]
fn an_engineer_learns_what_is_wrong_with_a_completion() {
    for (body, message) in [
        ("", "The request has no body. Send a JSON object."),
        ("[]", "The request body must be a JSON object, not an array."),
        ("{}", "The field success must be a boolean, not null."),
        (r#"{"success":1}"#, "The field success must be a boolean, not a number."),
        (r#"{"success":false,"error":{}}"#, "The field error must be a string, not an object."),
        (r#"{"success":true,"error_type":7}"#, "The field error_type must be a string, not a number."),
    ] {
        assert_eq!(Completion::read(body).unwrap_err().to_string(), message, "{body}");
    }
    let completion = Completion::read(r#"{"success":true,"result":"hunter2"}"#).unwrap();
    assert!(!format!("{completion:?}").contains("hunter2"));
}
