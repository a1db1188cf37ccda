//! A generator that took a job over reports its end, or never does.

use std::time::Duration;

use lambda::queue::{Consumer, Handled};
use lifecycle::{
    complete::CompletionRequest,
    memory::Call,
    record::{Announcement, Status},
};
use serde_json::json;
use shared::request_log::RequestLog;
use tokio::time::{advance, sleep};

use crate::fixture::{Fixture, Step, message};

async fn handed_over() -> Fixture {
    let fixture = Fixture::new([Step::HandsOver]);
    fixture.start().await;
    assert_eq!(fixture.work().await, Handled::Again, "the message stays until the operation has ended");
    assert_eq!((fixture.record().status, fixture.record().handed_over), (Status::Running, true));
    fixture
}

async fn complete(fixture: &Fixture, body: &str) -> Option<String> {
    let CompletionRequest { task_id, completion, .. } = CompletionRequest::parse(body).unwrap();
    fixture.completions().complete("op", task_id.as_deref(), completion, fixture.invocation(10)).await.unwrap()
}

async fn consume(fixture: &Fixture, body: &str) -> Handled {
    fixture.completions().consume(&message(body), fixture.invocation(10), &mut RequestLog::default()).await
}

#[tokio::test(start_paused = true)]
async fn a_completion_ends_an_operation_that_was_handed_over() {
    let fixture = handed_over().await;
    let body = r#"{"success":true,"result":{"agent_json":{"n":1.50}},"error":null,"error_type":null}"#;
    assert_eq!(complete(&fixture, body).await.as_deref(), Some("task"));
    assert_eq!(fixture.store.outcome("op").unwrap().body(), Some(r#"{"agent_json":{"n":1.50}}"#), "byte for byte");
    assert_eq!(fixture.events.published().len(), 1);
    // When the worker's message comes again, nothing is left to do.
    sleep(fixture.hidden_last()).await;
    assert_eq!(fixture.work().await, Handled::Done);
    assert_eq!((fixture.job.calls().len(), fixture.events.published().len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_second_completion_is_accepted_and_changes_nothing() {
    let fixture = handed_over().await;
    let first = r#"{"success":true,"result":"done"}"#;
    for body in [first, first, r#"{"success":false,"error":"no","error_type":"timeout"}"#] {
        assert_eq!(complete(&fixture, body).await.as_deref(), Some("task"));
    }
    assert_eq!((fixture.outcome(), fixture.events.published().len()), (Some(json!("done")), 1));
}

#[tokio::test(start_paused = true)]
async fn only_a_null_or_missing_result_is_replaced() {
    let default = json!({"status": "completed"});
    for (result, kept) in [
        (r#""result":null"#, default.clone()),
        (r#""x":1"#, default),
        (r#""result":{}"#, json!({})),
        (r#""result":[]"#, json!([])),
        (r#""result":"""#, json!("")),
    ] {
        let fixture = handed_over().await;
        complete(&fixture, &format!(r#"{{"success":true,{result}}}"#)).await;
        assert_eq!(fixture.outcome(), Some(kept), "{result}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_has_our_error_body_without_internal_addresses() {
    let fixture = Fixture::new([Step::HandsOver]);
    let request = r#"{"description":"x","operation_id":"op","task_id":"task","session_id":"s"}"#;
    fixture.starter().start(&fixture.operation(request, &[]), fixture.invocation(28)).await.unwrap();
    fixture.work().await;
    complete(&fixture, r#"{"success":false,"error":"http://10.0.0.7:8000/x is busy","error_type":"rate_limit"}"#).await;
    let error = fixture.outcome().unwrap();
    assert_eq!(error["message"], "The service is currently busy. Please try again in a moment.");
    assert_eq!((&error["error"], &error["retryable"]), (&json!("generation_failed:rate_limit"), &json!(true)));
    assert_eq!((&error["type"], &error["session_id"]), (&json!("error"), &json!("s")));
    assert!(!error.to_string().contains("10.0.0.7"), "{error}");
    assert_eq!(fixture.events.published()[0].error_type.as_deref(), Some("rate_limit"));
}

#[tokio::test(start_paused = true)]
async fn a_failure_without_a_valid_error_type_is_unknown() {
    for body in [
        r#"{"success":false}"#,
        r#"{"success":false,"error_type":""}"#,
        r#"{"success":false,"error_type":"not_found"}"#,
        r#"{"success":false,"error_type":"Not A Name"}"#,
    ] {
        let fixture = handed_over().await;
        complete(&fixture, body).await;
        assert_eq!(fixture.error_type().as_deref(), Some("unknown"), "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_completion_the_operation_fails_at_the_deadline_and_is_announced() {
    let fixture = handed_over().await;
    assert_eq!(fixture.hidden_last().as_secs(), 1801);
    // The message comes before its time: it keeps waiting.
    advance(Duration::from_secs(600)).await;
    assert_eq!(fixture.work().await, Handled::Again);
    sleep(fixture.hidden_last()).await;
    assert_eq!(fixture.work().await, Handled::Done);
    assert_eq!((fixture.error_type().as_deref(), fixture.events.published().len()), (Some("timeout"), 1));
    assert_eq!(fixture.job.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_completion_after_the_deadline_does_not_undo_the_timeout() {
    let fixture = handed_over().await;
    advance(Duration::from_secs(1800)).await;
    assert_eq!(complete(&fixture, r#"{"success":true,"result":{}}"#).await.as_deref(), Some("task"));
    assert_eq!(fixture.error_type().as_deref(), Some("timeout"));
}

#[tokio::test(start_paused = true)]
async fn a_hand_over_is_written_again_until_it_succeeds() {
    let fixture = Fixture::new([Step::HandsOver]);
    fixture.start().await;
    fixture.store.refuse(Call::HandOver, 5);
    fixture.work().await;
    assert!(fixture.record().handed_over);
    assert_eq!(fixture.job.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_queued_completion_finds_its_operation_by_either_id() {
    for ids in [r#""operation_id":"op","task_id":"task""#, r#""operation_id":"op""#, r#""task_id":"task""#] {
        let fixture = handed_over().await;
        let body = format!(r#"{{{ids},"success":true,"result":{{}}}}"#);
        assert_eq!(consume(&fixture, &body).await, Handled::Done, "{ids}");
        assert_eq!(consume(&fixture, &body).await, Handled::Done, "delivered twice: {ids}");
        assert_eq!((fixture.outcome(), fixture.events.published().len()), (Some(json!({})), 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_malformed_completion_fails_fast_and_one_without_an_operation_is_retried_later() {
    let fixture = handed_over().await;
    for body in ["", "{", "[]", r#"{"operation_id":"op"}"#, r#"{"operation_id":"op","success":"true"}"#] {
        assert_eq!(consume(&fixture, body).await, Handled::Again, "{body}");
        assert_eq!(fixture.hidden_last(), Duration::from_secs(1), "{body}");
    }
    assert_eq!(consume(&fixture, r#"{"task_id":"other","success":true}"#).await, Handled::Again);
    assert!(fixture.hidden_last() > Duration::from_secs(7));
    assert_eq!(fixture.outcome(), None);
}

#[tokio::test(start_paused = true)]
async fn a_completion_that_could_not_be_applied_or_announced_comes_again() {
    let fixture = handed_over().await;
    let body = r#"{"operation_id":"op","success":true,"result":{}}"#;
    fixture.store.refuse(Call::Finish, 1);
    assert_eq!(consume(&fixture, body).await, Handled::Again);
    fixture.events.refuse(1);
    assert_eq!(consume(&fixture, body).await, Handled::Again);
    assert_eq!((fixture.record().status, fixture.record().announcement), (Status::Completed, Announcement::Due));
    assert_eq!(consume(&fixture, body).await, Handled::Done);
    assert_eq!((fixture.events.published().len(), fixture.record().announcement), (1, Announcement::Made));
}

#[tokio::test(start_paused = true)]
async fn a_completion_of_an_unknown_operation_is_not_found() {
    let fixture = Fixture::new([]);
    assert_eq!(complete(&fixture, r#"{"success":true}"#).await, None);
}

#[test]
fn a_malformed_completion_is_refused_with_the_reason() {
    for (body, message) in [
        ("", "The request has no body. Send a JSON object."),
        ("[]", "The request body must be a JSON object, not an array."),
        ("{}", "The field success must be a boolean, not null."),
        (r#"{"success":1}"#, "The field success must be a boolean, not a number."),
        (r#"{"success":false,"error":{}}"#, "The field error must be a string, not an object."),
        (r#"{"success":true,"error_type":7}"#, "The field error_type must be a string, not a number."),
    ] {
        assert_eq!(CompletionRequest::parse(body).unwrap_err().to_string(), message, "{body}");
    }
    let completion = CompletionRequest::parse(r#"{"success":true,"result":"hunter2"}"#).unwrap();
    assert!(!format!("{completion:?}").contains("hunter2"));
}

#[tokio::test(start_paused = true)]
async fn a_completion_whose_ids_do_not_both_match_changes_nothing() {
    for ids in [
        r#""operation_id":"op","task_id":"another""#,
        r#""operation_id":"another","task_id":"task""#,
        r#""operation_id":"another""#,
    ] {
        let fixture = handed_over().await;
        let body = format!(r#"{{{ids},"success":true,"result":{{}}}}"#);
        assert_eq!(consume(&fixture, &body).await, Handled::Again, "{ids}");
        assert_eq!((fixture.outcome(), fixture.events.published().len()), (None, 0), "{ids}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_task_of_two_callers_is_completed_by_the_operations_id_and_never_by_chance() {
    let fixture = handed_over().await;
    let mut other = fixture.operation(r#"{"description":"x","operation_id":"other","task_id":"task"}"#, &[]);
    other.owner = Some(shared::caller::Owner("another".into()));
    lifecycle::ports::OperationStore::create(&*fixture.store, &other).await.unwrap();
    assert_eq!(consume(&fixture, r#"{"task_id":"task","success":true}"#).await, Handled::Again);
    assert_eq!(fixture.outcome(), None);
    let by_both = r#"{"operation_id":"op","task_id":"task","success":true}"#;
    assert_eq!(consume(&fixture, by_both).await, Handled::Done);
    // Its owner's completion is repeated by task: it does not end the other caller's operation.
    assert_eq!(consume(&fixture, r#"{"task_id":"task","success":true}"#).await, Handled::Again);
    assert_eq!(fixture.store.outcome("other"), None);
}
