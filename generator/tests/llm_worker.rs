//! A worker asks the model once per job: its queue repeats the job.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "in a test a panic is the report")]

mod scripted;

use std::time::Duration;

use http_client::Limits;
use scripted::{Scripted, fails, plan, says, soon};
use serde_json::{json, value::to_raw_value};
use shared::{
    error_type::ErrorType,
    failure::Failure,
    port::{AgentGenerator, DecomposeCall, GenerateCall, PatchCall},
};
use test_support::Recorded;

const GOAL: DecomposeCall<'static> =
    DecomposeCall { description: "Sort my mail", context: None, library_agents: None, operation: None };

#[tokio::test]
async fn a_worker_leaves_a_busy_model_to_its_queue_and_a_request_repeats_the_call() {
    let busy = || fails(Failure { retry_after: Some(1), ..Failure::new(ErrorType::LlmRateLimit, "busy") });
    let model = Scripted::of([busy(), busy(), busy(), busy()]);
    let (planner, deadline) = (model.planner(), soon());
    let instructions = to_raw_value(&json!({"type": "instructions", "steps": ["Read the mail", "Sort it"]})).unwrap();
    let agent = to_raw_value(&json!({"nodes": [], "links": []})).unwrap();
    let log = Recorded::default();
    let operation = log.background();
    let patch = PatchCall { update_request: "Rename it", current_agent_json: &agent, library_agents: None, operation };
    let generate = GenerateCall { instructions: &instructions, library_agents: None, operation };
    assert!(planner.decompose(DecomposeCall { operation, ..GOAL }, deadline).await.result.is_err());
    assert!(planner.generate(generate, deadline).await.result.is_err());
    assert!(planner.patch(patch, deadline).await.result.is_err());
    assert!(planner.decompose(GOAL, deadline).await.result.is_err());
    let limits: Vec<_> = model.asked().iter().map(|request| request.limits).collect();
    let once = Limits::once_by(deadline);
    assert_eq!(limits, [once, once, once, Limits::by(deadline)]);
}

#[tokio::test]
async fn a_malformed_answer_gets_a_second_round_in_a_worker_too() {
    let model = Scripted::of([says("no JSON"), says(plan())]);
    let log = Recorded::default();
    let called = model.planner().decompose(DecomposeCall { operation: log.background(), ..GOAL }, soon()).await;
    assert!(called.result.is_ok(), "{called:?}");
    assert_eq!((called.attempts, model.asked().len()), (2, 2));
}

#[tokio::test]
async fn a_watcher_sees_the_rounds_the_mended_rules_and_the_nodes_but_not_the_persons_words() {
    let mut broken = plan();
    broken["steps"][0]["inputs"] = json!([{"name": "hunter2", "value": "x", "source": null}]);
    let model = Scripted::of([says(broken), says(plan())]);
    let instructions = to_raw_value(&json!({"type": "instructions", "steps": ["Read hunter2", "Sort it"]})).unwrap();
    let log = Recorded::default();
    let call = GenerateCall { instructions: &instructions, library_agents: None, operation: log.background() };
    assert!(model.planner().generate(call, soon()).await.result.is_ok());
    let told = log.told();
    let rounds = ["asking_model", "validating", "fixing", "asking_model", "validating"];
    assert_eq!(told[..rounds.len()], rounds);
    let rest = &told[rounds.len()..];
    assert!(rest[0].starts_with("fixed "), "{rest:?}");
    let nodes: Vec<_> = rest.iter().filter(|told| told.starts_with("block_added ")).collect();
    assert!(nodes.iter().any(|node| node.contains("ReadRSSFeedBlock")), "{nodes:?}");
    assert!(!told.concat().contains("hunter2"), "{told:?}");
}

#[tokio::test]
async fn a_watcher_reads_the_models_words_at_the_end_and_no_failure_of_theirs_costs_the_agent() {
    let words = || says(json!({"words": format!("It reads\nthe feed. {}", "and on ".repeat(200))}));
    let busy = || fails(Failure::new(ErrorType::LlmRateLimit, "busy"));
    let instructions = to_raw_value(&json!({"type": "instructions", "steps": ["Read the feed"]})).unwrap();
    for (closing, told) in [(words(), true), (busy(), false), (says("{}"), false)] {
        let model = Scripted::of([says(plan()), closing]);
        let planner = model.planner().with_closing_words(true);
        let log = Recorded::default();
        let call = GenerateCall { instructions: &instructions, library_agents: None, operation: log.background() };
        let called = planner.generate(call, soon()).await;
        assert!(called.result.is_ok(), "{called:?}");
        assert_eq!(called.attempts, 2);
        let last = log.told().pop().unwrap();
        assert_eq!(last.starts_with("text It reads the feed. and on"), told, "{last}");
        assert!(last.split(' ').count() <= 121, "{last}");
        let asked = model.asked().pop().unwrap().body();
        assert!(asked["explanation"].as_str().unwrap().contains("reads the feed"), "{asked}");
    }
}

#[tokio::test(start_paused = true)]
async fn words_are_not_asked_for_if_nobody_watches_or_no_time_is_left_for_them() {
    let instructions = to_raw_value(&json!({"type": "instructions", "steps": ["Read the feed"]})).unwrap();
    let log = Recorded::default();
    for (operation, takes) in [(None, 0), (log.background(), 16)] {
        let model = Scripted::of([says(plan()).after(Duration::from_secs(takes))]);
        let call = GenerateCall { instructions: &instructions, library_agents: None, operation };
        assert!(model.planner().with_closing_words(true).generate(call, soon()).await.result.is_ok());
        assert_eq!(model.asked().len(), 1);
    }
}
