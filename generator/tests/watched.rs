//! What the rules tell a watcher of their work.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is the report")]

use std::time::Duration;

use generator::Builtin;
use serde_json::{Value, value::to_raw_value};
use shared::port::{AgentGenerator as _, Decomposition, Draft, Drafted, GenerateCall, PatchCall};
use test_support::Recorded;
use tokio::time::Instant;

const GOAL: &str =
    "Every morning at 8, read the feed https://example.com/feed and mail me a summary at jane@example.com";

fn nodes(log: &Recorded) -> Vec<String> {
    log.told().into_iter().filter(|told| told.starts_with("block_added ")).collect()
}

#[tokio::test]
async fn a_watcher_sees_every_node_of_a_new_agent_and_of_a_change_the_new_ones_alone() {
    let generator = Builtin::new();
    let end = Instant::now() + Duration::from_secs(20);
    let Ok(Decomposition::Instructions { steps, .. }) = generator.decompose_now(GOAL, None) else {
        panic!("the goal can be built")
    };
    let instructions = to_raw_value(&serde_json::json!({"type": "instructions", "steps": steps})).unwrap();
    let log = Recorded::default();
    let call = GenerateCall { instructions: &instructions, library_agents: None, operation: log.background() };
    let Drafted::Now(Draft::Agent(agent, _)) = generator.generate(call, end).await.result.unwrap() else {
        panic!("an agent")
    };
    assert_eq!(log.told().first().unwrap(), "assembling");
    let graph: Value = serde_json::from_str(agent.get()).unwrap();
    let ids = graph["nodes"].as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap().to_owned());
    let told = nodes(&log);
    assert!(told.iter().any(|node| node.contains("ReadRSSFeedBlock")), "{told:?}");
    let told_ids: Vec<_> = told.iter().filter_map(|node| node.split(' ').nth(1)).map(str::to_owned).collect();
    assert_eq!(told_ids, ids.collect::<Vec<_>>());

    let log = Recorded::default();
    let update_request = "also post the summary to the Slack channel #news";
    let operation = log.background();
    let call = PatchCall { update_request, current_agent_json: &agent, library_agents: None, operation };
    assert!(matches!(generator.patch(call, end).await.result, Ok(Drafted::Now(Draft::Agent(..)))));
    let new = nodes(&log);
    assert!((1..told.len()).contains(&new.len()), "{new:?}");
    assert!(new.iter().all(|node| !told_ids.iter().any(|old| node.contains(old.as_str()))), "{new:?}");
}
