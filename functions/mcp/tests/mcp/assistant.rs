//! An assistant whose model builds by itself: it finds blocks, makes two mistakes, mends them by what it is told, keeps the agent,
//! edits it and looks at its history. And a hundred of them at once.

use agent_library::memory::Fault;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::world::World;

/// A text comes in, is summarised, and goes out. The model has mistaken a block's name and an output.
fn plan(block: &str, output: &str) -> Value {
    let value = |name: &str, value: &str| json!({"name": name, "value": value, "source": null});
    let source = |name: &str, step: u32, output: &str| json!({"name": name, "value": null, "source": {"step": step, "output": output}});
    let step = |number: u32, block: &str, title: &str, inputs: Vec<Value>| json!({"number": number, "block": block, "title": title, "description": title, "inputs": inputs});
    json!({
        "type": "instructions", "name": "Summary", "description": "Summarises a text.",
        "recommended_schedule_cron": null,
        "steps": [
            step(1, "AgentShortTextInputBlock", "Text", vec![value("name", "Text")]),
            step(2, block, "Summarise", vec![source("text", 1, "result")]),
            step(3, "AgentOutputBlock", "Summary", vec![value("name", "Summary"), source("value", 2, output)]),
        ],
        "left_out": null, "questions": null, "reason": null, "suggested_goal": null,
    })
}

async fn walk(world: &World) -> Value {
    let found = world.give("find_blocks", json!({"query": "summarise a text", "limit": 5})).await;
    let names: Vec<&str> =
        found["blocks"].as_array().unwrap().iter().filter_map(|block| block["name"].as_str()).collect();
    assert!(names.contains(&"AITextSummarizerBlock"), "{names:?}");
    let named = world.give("find_blocks", json!({"query": "summarise a text", "limit": 2, "fields": ["name"]})).await;
    assert_eq!(named["blocks"][0].as_object().map(|block| block.len()), Some(1), "{named}");
    let cards = world.give("describe_blocks", json!({"names": ["AITextSummarizerBlock", "NoSuchBlock"]})).await;
    assert_eq!(
        (cards["blocks"].as_array().map(Vec::len), cards["problems"].as_array().map(Vec::len)),
        (Some(1), Some(1))
    );
    assert!(cards.to_string().len() < 8 * 1024 + 512);

    let told = world.refuse("build_agent", json!({"plan": plan("AITextSummariserBlok", "sumary"), "save": true})).await;
    let problem = |path: &str| {
        let problems = told["problems"].as_array().unwrap();
        problems.iter().find(|problem| problem["path"] == path).unwrap_or_else(|| panic!("{path}: {told}")).clone()
    };
    // What to write instead stands in the answer.
    let block = problem("steps[1].block");
    assert!(block["fix"].as_str().unwrap().contains("AITextSummarizerBlock"), "{block}");
    let told =
        world.refuse("build_agent", json!({"plan": plan("AITextSummarizerBlock", "sumary"), "save": true})).await;
    let output = told["problems"][0].clone();
    assert!(output["path"].as_str().unwrap().starts_with("steps[2].inputs[1].source"), "{told}");
    assert!(output["fix"].as_str().unwrap().contains("summary"), "{output}");
    assert_eq!((&told["error_type"], &told["retryable"]), (&json!("validation_error"), &json!(false)));

    let built =
        world.give("build_agent", json!({"plan": plan("AITextSummarizerBlock", "summary"), "save": true})).await;
    assert_eq!((&built["saved"], &built["version"]), (&json!(true), &json!(1)), "{built}");
    let id = built["agent_id"].clone();

    let edit =
        |title: &str| json!([{"type": "modify", "node_id": "n3", "changes": {"input_default": {"name": title}}}]);
    let edited = world
        .give("patch_agent", json!({"agent_id": id, "version": 1, "patches": edit("Short text"), "save": true}))
        .await;
    assert_eq!((&edited["saved"], &edited["version"]), (&json!(true), &json!(2)), "{edited}");
    assert_eq!(edited["changes"][0]["after"], "Short text");
    let wrong = json!([{"type": "remove", "node_ids": ["n9"], "link_ids": []}]);
    let told = world.refuse("patch_agent", json!({"agent_id": id, "version": 2, "patches": wrong, "save": true})).await;
    assert!(told["problems"].as_array().is_some_and(|problems| !problems.is_empty()), "{told}");

    let checked = world.give("check_agent", json!({"agent_id": id})).await;
    assert_eq!((&checked["valid"], &checked["problems"]), (&json!(true), &json!([])), "{checked}");
    world.give("agent_history", json!({"agent_id": id})).await
}

#[tokio::test]
async fn an_assistant_finds_builds_mends_saves_and_changes_an_agent() {
    let history = walk(&World::new()).await;
    let origins: Vec<&Value> =
        history["versions"].as_array().unwrap().iter().map(|version| &version["version"]).collect();
    assert_eq!(origins, [&json!(2), &json!(1)]);
}

#[tokio::test]
async fn what_a_model_has_built_itself_is_not_lost_if_it_cannot_be_kept() {
    let world = World::new();
    let good = plan("AITextSummarizerBlock", "summary");
    world.library.plan(Fault::Refused, 1);
    let built = world.give("build_agent", json!({"plan": good, "save": true})).await;
    let error = &built["save_error"];
    assert_eq!((&built["saved"], &error["error_type"]), (&json!(false), &json!("service_unavailable")), "{built}");
    assert!(built["agent_json"].is_object() && built.get("agent_id").is_none(), "{built}");
    let id = world.give("build_agent", json!({"plan": good, "save": true})).await["agent_id"].clone();
    let edit = json!([{"type": "modify", "node_id": "n3", "changes": {"input_default": {"name": "Short"}}}]);
    let edited = json!({"agent_id": id, "version": 1, "patches": edit, "save": true});
    // Its head and its text can be read.
    world.library.plan_after(2, Fault::Refused, 1);
    let edited = world.give("patch_agent", edited).await;
    assert_eq!((&edited["saved"], &edited["agent_id"]), (&json!(false), &id), "{edited}");
    assert_eq!(edited["agent_json"]["nodes"][2]["input_default"]["name"], "Short", "{edited}");
}

#[tokio::test]
async fn a_hundred_assistants_at_once_do_not_disturb_each_other() {
    let world = World::new();
    let walks =
        join_all((0..100).map(|_| world.give("find_blocks", json!({"query": "send an e-mail", "limit": 3})))).await;
    assert!(walks.iter().all(|found| *found == walks[0]));
    let made = join_all((0..100).map(|at| {
        let mut plan = plan("AITextSummarizerBlock", "summary");
        plan["name"] = json!(format!("Agent {at}"));
        world.give("build_agent", json!({"plan": plan, "save": true}))
    }))
    .await;
    let mut ids: Vec<&str> = made.iter().filter_map(|made| made["agent_id"].as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 100);
}

#[tokio::test]
async fn an_agent_with_faults_is_mended_as_far_as_it_can_be_and_the_rest_is_told() {
    let world = World::new();
    let agent = json!({"nodes": [{"id": "a", "block_id": "nothing"}], "links": []});
    let checked = world.give("check_agent", json!({"agent_json": agent})).await;
    assert_eq!(checked["valid"], false, "{checked}");
    assert!(checked["problems"][0]["message"].is_string() && checked["problems"][0]["path"].is_string(), "{checked}");
    for arguments in [json!({}), json!({"agent_json": agent, "agent_id": "a"})] {
        let told = world.refuse("check_agent", arguments).await;
        assert!(told["message"].as_str().unwrap().contains("either agent_id"), "{told}");
    }
    assert_eq!(
        world.refuse("find_blocks", json!({"query": "x", "cursor": "y"})).await["error_type"],
        "invalid_request"
    );
}
