//! A generator that took a job over tells what it does.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use lambda::queue::Handled;
use lifecycle::{
    memory::Call,
    ports::OperationStore,
    progress::{Appended, Entry, ProgressLog, Reported, Told, parse_events, report},
    record::{By, OperationRecord, Outcome},
};
use serde_json::json;
use shared::{
    bad_request::BadRequest,
    port_error::{PortError, PortFuture},
    timestamp::Timestamp,
};

use crate::fixture::{Fixture, Step};

async fn handed_over() -> Fixture {
    let fixture = Fixture::new([Step::HandsOver]);
    fixture.start().await;
    assert_eq!(fixture.work().await, Handled::Again);
    fixture
}

fn text(delta: &str) -> Vec<Told> {
    parse_events(&json!({"events": [{"type": "text", "delta": delta}]}).to_string()).unwrap()
}

fn texts(count: usize) -> Vec<Told> {
    (0..count).flat_map(|number| text(&number.to_string())).collect()
}

async fn tell(fixture: &Fixture, told: &[Told]) -> Result<Option<Reported>, PortError> {
    report((&fixture.ending(), &*fixture.store), "op", told, fixture.invocation(10)).await
}

/// Taken, and dropped.
async fn counts(fixture: &Fixture, told: &[Told]) -> (usize, usize) {
    let reported = tell(fixture, told).await.unwrap().unwrap();
    assert_eq!(reported.task_id, "task");
    (reported.taken, reported.dropped)
}

async fn log(fixture: &Fixture) -> Vec<Entry> {
    fixture.store.entries(&fixture.record(), 0).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_a_generator_tells_goes_on_where_the_worker_stopped() {
    let fixture = handed_over().await;
    let before = log(&fixture).await;
    assert_eq!(before.last().unwrap().told, Told::HandedOver);
    assert_eq!(counts(&fixture, &texts(3)).await, (3, 0));
    assert_eq!(counts(&fixture, &texts(1)).await, (1, 0));
    let entries = log(&fixture).await;
    let expected: Vec<u32> = (2..).take(before.len() + 4).collect();
    assert_eq!(entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), expected);
    assert!(entries.iter().all(|entry| entry.attempt == 1));
}

#[tokio::test(start_paused = true)]
async fn of_requests_that_come_at_once_each_is_in_the_log_whole_and_once() {
    let fixture = handed_over().await;
    let before = log(&fixture).await.len();
    let told: Vec<Vec<Told>> = (0..5).map(|call| (0..3).flat_map(|n| text(&format!("{call}.{n}"))).collect()).collect();
    let reported = join_all(told.iter().map(|told| counts(&fixture, told))).await;
    assert_eq!(reported, [(3, 0); 5]);
    let entries: Vec<Told> = log(&fixture).await.into_iter().skip(before).map(|entry| entry.told).collect();
    let calls: Vec<&[Told]> = entries.chunks(3).collect();
    assert_eq!(calls.len(), 5);
    let written: BTreeSet<String> = calls.iter().map(|call| format!("{call:?}")).collect();
    assert_eq!(written, told.iter().map(|call| format!("{call:?}")).collect());
}

#[tokio::test(start_paused = true)]
async fn what_a_full_log_has_no_room_for_is_told_as_dropped() {
    let fixture = handed_over().await;
    let full = 198 - log(&fixture).await.last().unwrap().seq as usize;
    for _ in 0..full / 20 {
        assert_eq!(counts(&fixture, &texts(20)).await, (20, 0));
    }
    assert_eq!(counts(&fixture, &texts(20)).await, (full % 20, 20 - full % 20));
    assert_eq!(counts(&fixture, &texts(1)).await, (0, 1));
    assert_eq!(fixture.record().logged.last, 198, "the closing words and the end have room");
}

#[tokio::test(start_paused = true)]
async fn before_the_hand_over_and_after_the_end_nothing_is_taken() {
    let fixture = Fixture::new([Step::HandsOver]);
    assert_eq!(tell(&fixture, &texts(1)).await, Ok(None));
    fixture.start().await;
    assert_eq!(counts(&fixture, &texts(2)).await, (0, 2), "no worker has handed it over yet");
    fixture.work().await;
    let by = By::Anyone(fixture.record().creation);
    let now = fixture.invocation(10).clock.now();
    fixture.store.finish("op", by, &Outcome::Cancelled, now).await.unwrap();
    assert_eq!(counts(&fixture, &texts(2)).await, (0, 2));
    let late = handed_over().await;
    tokio::time::advance(std::time::Duration::from_secs(1_800)).await;
    assert_eq!(counts(&late, &texts(1)).await, (0, 1), "it is past its deadline");
}

#[tokio::test(start_paused = true)]
async fn a_log_that_cannot_be_written_is_an_error_that_passes() {
    let fixture = handed_over().await;
    fixture.store.refuse(Call::Append, 1);
    assert!(tell(&fixture, &texts(1)).await.is_err());
    assert_eq!(counts(&fixture, &texts(1)).await, (1, 0));
}

#[test]
fn a_text_from_outside_is_bounded_and_shows_no_secret() {
    let hostile = format!("see\u{7} http://10.0.0.7:8000/x\n{}", "x".repeat(5_000));
    let body = json!({"events": [
        {"type": "step", "name": "planning", "detail": hostile},
        {"type": "block_added", "node": hostile, "block": hostile, "name": hostile},
        {"type": "text", "delta": hostile},
        {"type": "step", "name": "validating", "more": [1]},
    ]});
    let told = parse_events(&body.to_string()).unwrap();
    for (told, most) in told.iter().zip([100, 300, 1_000, 0]) {
        let shown = serde_json::to_string(told).unwrap();
        assert!(!shown.contains("10.0.0.7") && !shown.contains("\\n") && !shown.contains("\\u0007"), "{shown}");
        assert!(shown.chars().count() <= most + 100, "{shown}");
    }
}

#[test]
fn events_of_another_form_are_refused_as_a_whole() {
    let one = json!({"type": "text", "delta": "x"});
    for events in [
        json!(null),
        json!([]),
        json!({}),
        json!("x"),
        json!([one, {"type": "completed"}]),
        json!([{"type": "accepted"}]),
        json!([{"type": "failed", "error_type": "timeout", "message": "x"}]),
        json!([{"type": "step", "name": "dancing"}]),
        json!([{"type": "step"}]),
        json!([{"type": "text", "delta": 1}]),
        json!([{"type": "block_added", "node": "n", "block": "b"}]),
        json!([1]),
        json!(vec![one.clone(); 21]),
    ] {
        let refused = parse_events(&json!({"events": events}).to_string());
        assert!(matches!(refused, Err(BadRequest::WrongForm { what: "field events", .. })), "{events}");
    }
    assert!(matches!(parse_events("["), Err(BadRequest::NotJson(_))));
    assert!(parse_events(&json!({"events": vec![one; 20]}).to_string()).is_ok());
}

/// Of a deployment without a table for the log.
#[derive(Debug)]
struct NotKept;

impl ProgressLog for NotKept {
    fn append<'a>(&'a self, _: &'a OperationRecord, _: &'a [Entry], _: Timestamp) -> PortFuture<'a, Option<Appended>> {
        Box::pin(async { Ok(Some(Appended::NotKept)) })
    }

    fn entries<'a>(&'a self, _: &'a OperationRecord, _: u32) -> PortFuture<'a, Vec<Entry>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}

#[tokio::test(start_paused = true)]
async fn a_generator_is_told_that_nothing_is_kept_if_there_is_no_log() {
    let fixture = handed_over().await;
    let reported = report((&fixture.ending(), &NotKept), "op", &texts(3), fixture.invocation(10)).await;
    let reported = reported.unwrap().unwrap();
    assert_eq!((reported.taken, reported.dropped), (0, 3));
}
