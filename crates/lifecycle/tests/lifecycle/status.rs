//! Polling an operation.

use std::time::Duration;

use lifecycle::{memory::Call, status::status};
use serde_json::{Value, json};
use shared::caller::Owner;

use crate::fixture::{Fixture, Step};

async fn read(fixture: &Fixture, reader: Option<&str>) -> Option<(Value, Option<u32>)> {
    let reader = reader.map(|reader| Owner(reader.into()));
    let answer = status(&fixture.ending(), "op", reader.as_ref(), fixture.invocation(10)).await.unwrap();
    answer.map(|answer| (serde_json::from_str(&answer.body).unwrap(), answer.retry_after))
}

#[tokio::test(start_paused = true)]
async fn a_caller_sees_the_progress_and_the_result_of_its_operation() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    let accepted = json!({
        "operation_id": "op", "task_id": "task", "tool_name": "generate_agent", "status": "accepted",
        "created_at": "1970-01-12T13:46:40.000Z", "updated_at": "1970-01-12T13:46:40.000Z"
    });
    assert_eq!(read(&fixture, Some("caller")).await, Some((accepted, Some(5))));
    tokio::time::advance(Duration::from_millis(1_234)).await;
    fixture.work().await;
    let completed = json!({
        "operation_id": "op", "task_id": "task", "tool_name": "generate_agent", "status": "completed",
        "created_at": "1970-01-12T13:46:40.000Z", "updated_at": "1970-01-12T13:46:41.234Z", "result": {"type": "agent_preview", "agent_json": {}}
    });
    assert_eq!(read(&fixture, Some("caller")).await, Some((completed, None)));
}

#[tokio::test(start_paused = true)]
async fn a_caller_cannot_see_the_operation_of_another() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    assert_eq!(read(&fixture, Some("another")).await, None);
    assert_eq!(read(&fixture, None).await, None);
}

#[tokio::test(start_paused = true)]
async fn a_status_costs_one_read() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    fixture.work().await;
    read(&fixture, Some("caller")).await;
    assert_eq!((fixture.store.calls(Call::GetWithOutcome), fixture.store.calls(Call::Get)), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn an_operation_past_its_deadline_reads_as_failed() {
    let fixture = Fixture::new([Step::HandsOver]);
    fixture.start().await;
    fixture.work().await;
    tokio::time::advance(Duration::from_secs(1799)).await;
    assert_eq!(read(&fixture, Some("caller")).await.unwrap().0["status"], "running");
    tokio::time::advance(Duration::from_secs(1)).await;
    let (body, retry_after) = read(&fixture, Some("caller")).await.unwrap();
    assert_eq!((&body["status"], &body["error"]["error_type"]), (&json!("failed"), &json!("timeout")));
    assert_eq!(body["error"]["message"], "The request took too long. Please try again.");
    assert_eq!((&body["updated_at"], retry_after), (&json!("1970-01-12T14:16:40.000Z"), None));
}
