//! What a caller sees of an operation while it is worked on.

use std::time::Duration;

use lifecycle::{
    memory::Call,
    ports::OperationStore,
    progress::{ProgressLog, Watch, parse_events, report, watch},
    record::{By, Outcome},
};
use serde_json::{Value, json};
use shared::{caller::Owner, error_type::ErrorType};
use tokio::time::{Instant, sleep};

use crate::fixture::{Fixture, Step};

/// The answer to the owner of the operation `op`.
async fn seen(fixture: &Fixture, after: u32, wait: u64) -> Value {
    let asked = Watch { after, wait: Duration::from_secs(wait) };
    let (ending, owner) = (fixture.ending(), Owner("caller".into()));
    let answer = watch((&ending, &*fixture.store), "op", Some(&owner), asked, fixture.invocation(28)).await;
    let answer = answer.unwrap().unwrap();
    let mut body: Value = serde_json::from_str(&answer.body).unwrap();
    body["retry_after"] = json!(answer.retry_after);
    body
}

/// `seq type attempt` of each event, with the name of a step.
async fn story(fixture: &Fixture) -> Vec<String> {
    let body = seen(fixture, 0, 0).await;
    let line = |event: &Value| {
        let name = event["name"].as_str().or(event["error_type"].as_str()).map(|name| format!(" {name}"));
        let kind = event["type"].as_str().unwrap();
        format!("{} {kind}{} {}", event["seq"], name.unwrap_or_default(), event["attempt"])
    };
    body["events"].as_array().unwrap().iter().map(line).collect()
}

#[tokio::test(start_paused = true)]
async fn a_caller_reads_from_acceptance_to_the_end_and_a_quick_job_costs_no_write() {
    let body = r#"{"type":"agent_preview","agent_name":"News","node_count":3,"link_count":2,"agent_json":{}}"#;
    let fixture = Fixture::new([Step::Returns(body.to_owned())]);
    fixture.start().await;
    let waiting = seen(&fixture, 0, 0).await;
    assert_eq!(
        (&waiting["status"], &waiting["next"], &waiting["retry_after"]),
        (&json!("accepted"), &json!(1), &json!(5))
    );
    fixture.work().await;
    let ended = seen(&fixture, waiting["next"].as_u64().unwrap().try_into().unwrap(), 0).await;
    let at = "1970-01-12T13:46:40.000Z";
    assert_eq!(
        ended,
        json!({"operation_id": "op", "status": "completed", "next": 4, "retry_after": null, "events": [
            {"seq": 2, "at": at, "attempt": 1, "type": "started"},
            {"seq": 3, "at": at, "attempt": 1, "type": "step", "name": "saving"},
            {"seq": 4, "at": at, "attempt": 1, "type": "completed", "node_count": 3, "link_count": 2, "agent_name": "News"},
        ]})
    );
    assert_eq!(fixture.store.calls(Call::Append), 0, "the entries come with the end");
    let over = seen(&fixture, 4, 20).await;
    assert_eq!((&over["events"], &over["status"], &over["next"]), (&json!([]), &json!("completed"), &json!(4)));
}

#[tokio::test(start_paused = true)]
async fn a_step_is_seen_while_the_job_runs() {
    let fixture = Fixture::new([Step::agent().after(60)]);
    fixture.start().await;
    let work = fixture.work();
    let look = async {
        sleep(Duration::from_secs(1)).await;
        let body = seen(&fixture, 1, 0).await;
        assert_eq!((&body["status"], &body["events"][0]["type"]), (&json!("running"), &json!("started")));
    };
    tokio::join!(work, look);
    assert_eq!(story(&fixture).await, ["1 accepted 0", "2 started 1", "3 completed 1"]);
    assert_eq!(fixture.store.calls(Call::Append), 1, "the end comes without a write");
}

#[tokio::test(start_paused = true)]
async fn attempts_that_fail_are_told_and_all_of_them_cost_six_writes_at_most() {
    let fixture = Fixture::new([
        Step::unavailable().after(60),
        Step::Fails(ErrorType::Timeout, None).after(60),
        Step::unavailable().after(60),
        Step::unavailable().after(60),
    ]);
    fixture.start().await;
    for _ in 0..4 {
        fixture.work().await;
        sleep(Duration::from_secs(300)).await;
    }
    let told = story(&fixture).await;
    let expected = [
        "1 accepted 0",
        "2 started 1",
        "3 attempt_failed service_unavailable 1",
        "4 started 2",
        "5 attempt_failed timeout 2",
        "6 started 3",
        "7 attempt_failed service_unavailable 3",
        "8 started 4",
        "9 failed service_unavailable 4",
    ];
    assert_eq!(told, expected);
    assert!(fixture.store.calls(Call::Append) <= 6, "{}", fixture.store.calls(Call::Append));
    let body = seen(&fixture, 2, 0).await;
    assert!(body["events"][0]["retry_at"].as_str().unwrap().starts_with("1970-01-12T13:47:"), "{body}");
    let message = "Failed to generate the agent. Please try again.";
    assert_eq!(body["events"].as_array().unwrap().last().unwrap()["message"], message);
}

#[tokio::test(start_paused = true)]
async fn a_hand_over_is_told_and_so_is_the_end_that_the_generator_reports() {
    let fixture = Fixture::new([Step::HandsOver]);
    fixture.start().await;
    fixture.work().await;
    let body = r#"{"success":true,"result":{"a":1}}"#;
    let completion = lifecycle::complete::CompletionRequest::parse(body).unwrap().completion;
    fixture.completions().complete("op", None, completion, fixture.invocation(10)).await.unwrap();
    assert_eq!(story(&fixture).await, ["1 accepted 0", "2 started 1", "3 handed_over 1", "4 completed 1"]);
}

#[tokio::test(start_paused = true)]
async fn an_operation_that_nobody_ends_shows_its_time_out() {
    let fixture = Fixture::new([Step::HandsOver]);
    fixture.start().await;
    fixture.work().await;
    sleep(Duration::from_secs(1_801)).await;
    for refused in [1, 0] {
        fixture.store.refuse(Call::Finish, refused);
        let body = seen(&fixture, 3, 20).await;
        assert_eq!((&body["status"], &body["next"], &body["retry_after"]), (&json!("failed"), &json!(4), &Value::Null));
        let end = &body["events"][0];
        assert_eq!((&end["type"], &end["error_type"], &end["seq"]), (&json!("failed"), &json!("timeout"), &json!(4)));
        assert_eq!(end["at"], "1970-01-12T14:16:40.000Z", "its deadline");
    }
    assert_eq!(fixture.store.calls(Call::Finish), 2, "the end is written down");
}

#[tokio::test(start_paused = true)]
async fn a_log_that_is_down_or_hangs_neither_fails_nor_delays_the_work() {
    let fixture = Fixture::new([Step::agent().after(10)]);
    fixture.store.refuse(Call::Append, 100);
    fixture.start().await;
    let begin = Instant::now();
    fixture.work().await;
    assert_eq!(begin.elapsed(), Duration::from_secs(10));
    let told = ["1 accepted 0", "2 started 1", "3 step saving 1", "4 completed 1"];
    assert_eq!(story(&fixture).await, told, "late, with the end");

    let fixture = Fixture::new([Step::agent().after(10)]);
    fixture.store.hang(Call::Append, 100);
    fixture.start().await;
    let begin = Instant::now();
    fixture.work().await;
    assert_eq!(begin.elapsed(), Duration::from_secs(10));
    assert_eq!(story(&fixture).await, told);
}

#[tokio::test(start_paused = true)]
async fn a_write_whose_answer_is_lost_shows_nothing_twice() {
    let fixture = Fixture::new([Step::agent().after(10)]);
    fixture.store.lose_answer(Call::Append, 1);
    fixture.start().await;
    fixture.work().await;
    assert_eq!(story(&fixture).await, ["1 accepted 0", "2 started 1", "3 step saving 1", "4 completed 1"]);
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_waits_gets_what_is_new_and_waits_no_longer_than_asked() {
    let fixture = Fixture::new([Step::agent().after(10)]);
    fixture.start().await;
    let begin = Instant::now();
    assert_eq!(seen(&fixture, 1, 7).await["events"], json!([]));
    assert_eq!(begin.elapsed(), Duration::from_secs(7));
    let polls = fixture.store.calls(Call::Get);
    assert!(polls <= 8, "{polls} reads in 7 s");
    let work = fixture.work();
    let look = async {
        let body = seen(&fixture, 1, 20).await;
        assert_eq!((&body["next"], &body["retry_after"]), (&json!(2), &json!(1)));
        assert!(begin.elapsed() <= Duration::from_secs(8), "{:?}", begin.elapsed());
        let body = seen(&fixture, 2, 20).await;
        assert_eq!((&body["next"], &body["status"]), (&json!(3), &json!("completed")));
        assert!(begin.elapsed() <= Duration::from_secs(19), "{:?}", begin.elapsed());
    };
    tokio::join!(work, look);
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_waits_is_answered_before_the_invocation_ends() {
    let fixture = Fixture::new([]);
    fixture.start().await;
    let asked = Watch { after: 1, wait: Duration::from_secs(20) };
    let (ending, owner, begin) = (fixture.ending(), Owner("caller".into()), Instant::now());
    let ports = (&ending, &*fixture.store as &dyn ProgressLog);
    watch(ports, "op", Some(&owner), asked, fixture.invocation(10)).await.unwrap().unwrap();
    assert_eq!(begin.elapsed(), Duration::from_secs(8));
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_operation_shows_that_as_its_end_and_nothing_after_it() {
    let fixture = Fixture::new([Step::agent().after(60)]);
    fixture.start().await;
    let stop = async {
        sleep(Duration::from_secs(5)).await;
        let (ending, owner) = (fixture.ending(), Owner("caller".into()));
        lifecycle::cancel::cancel(&ending, "op", Some(&owner), fixture.invocation(10)).await.unwrap().unwrap();
    };
    tokio::join!(fixture.work(), stop);
    assert_eq!(story(&fixture).await, ["1 accepted 0", "2 started 1", "3 cancelled 1"]);
    assert_eq!(seen(&fixture, 2, 20).await["status"], "cancelled");
}

/// An agent that explains itself.
const EXPLAINED: &str = r#"{"type":"agent_preview","agent_name":"News","node_count":3,"link_count":2,
    "explanation":"Reads the feed,\nand posts it to #news."}"#;

#[tokio::test(start_paused = true)]
async fn what_an_agent_does_is_told_before_the_end_with_the_same_numbers_for_every_reader() {
    let fixture = Fixture::new([Step::Returns(EXPLAINED.to_owned())]);
    fixture.start().await;
    fixture.work().await;
    let all = seen(&fixture, 0, 0).await["events"].as_array().unwrap().clone();
    let (words, end) = (&all[all.len() - 2], &all[all.len() - 1]);
    assert_eq!((&words["type"], &words["delta"]), (&json!("text"), &json!("Reads the feed, and posts it to #news.")));
    assert_eq!((&end["type"], &end["at"]), (&json!("completed"), &words["at"]));
    assert_eq!(end["seq"], json!(all.len()));
    for after in 0..=all.len() + 1 {
        let news = seen(&fixture, u32::try_from(after).unwrap(), 20).await;
        assert_eq!(news["events"].as_array().unwrap(), &all[after.min(all.len())..], "after {after}");
        assert_eq!(news["next"], json!(after.max(all.len())));
    }
    assert_eq!(fixture.store.calls(Call::Append), 0, "the words cost no write");
}

#[tokio::test(start_paused = true)]
async fn what_somebody_has_told_of_the_agent_is_not_told_again() {
    let fixture = Fixture::new([Step::HandsOver]);
    fixture.start().await;
    fixture.work().await;
    let told = parse_events(r#"{"events":[{"type":"text","delta":"It reads the news."}]}"#).unwrap();
    let ports = (&fixture.ending(), &*fixture.store as &dyn ProgressLog);
    report(ports, "op", &told, fixture.invocation(10)).await.unwrap().unwrap();
    let by = By::Anyone(fixture.record().creation);
    let now = fixture.invocation(10).clock.now();
    fixture.store.finish("op", by, &Outcome::Completed(EXPLAINED.to_owned()), now).await.unwrap();
    for after in [0, 3, 4] {
        let events = seen(&fixture, after, 0).await["events"].clone();
        let texts: Vec<_> = events.as_array().unwrap().iter().filter(|event| event["type"] == "text").collect();
        assert!(texts.iter().all(|event| event["delta"] == "It reads the news."), "after {after}: {texts:?}");
        assert_eq!(events.as_array().unwrap().last().unwrap()["type"], "completed", "after {after}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_explains_nothing_has_no_closing_words() {
    for body in [r#"{"explanation":""}"#, r#"{"explanation":1}"#, r#"{"type":"clarifying_questions"}"#, "[]", "null"] {
        let fixture = Fixture::new([Step::Returns(body.to_owned())]);
        fixture.start().await;
        fixture.work().await;
        let told = story(&fixture).await;
        assert!(told.iter().all(|line| !line.contains("text")), "{body}: {told:?}");
    }
}
