//! However much there is to tell, no tool fills a model's context: the world holds every answer against the bound.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shared::port::{Decomposition, Draft, Question};
use test_support::{Script, Scripted, raw};

use crate::{
    schema,
    world::{World, large_agent},
};

const STEPS: usize = 60;

/// A text that is summarised again and again, under long titles, in this many steps.
fn wordy_plan(steps: usize, block: &str) -> Value {
    let title = |at: usize| format!("{at} {}", "\"long\" ".repeat(20));
    let summarise = |at: usize| {
        let output = if at == 2 { "result" } else { "summary" };
        let source = json!({"step": at - 1, "output": output});
        let inputs = json!([{"name": "text", "value": null, "source": source}]);
        json!({"number": at, "block": block, "title": title(at), "description": title(at), "inputs": inputs})
    };
    let name = json!([{"name": "name", "value": "Text", "source": null}]);
    let first = json!({"number": 1, "block": "AgentShortTextInputBlock", "title": "Text", "inputs": name});
    let inputs = json!([
        {"name": "name", "value": "Summary", "source": null},
        {"name": "value", "value": null, "source": {"step": steps - 1, "output": "summary"}},
    ]);
    let last = json!({"number": steps, "block": "AgentOutputBlock", "title": "Summary", "inputs": inputs});
    let all: Vec<Value> = [first].into_iter().chain((2..steps).map(summarise)).chain([last]).collect();
    json!({"type": "instructions", "name": title(0), "description": "\"long\" ".repeat(100), "steps": all})
}

#[tokio::test]
async fn what_a_model_builds_and_keeps_is_told_in_a_bounded_size() {
    let world = World::new();
    let mut tried = BTreeSet::new();
    let mut give = async |tool: &str, arguments: Value| {
        tried.insert(tool.to_owned());
        world.give(tool, arguments).await
    };
    let fields = ["name", "description", "id", "service", "starts_agent", "inputs", "outputs", "credentials"];
    let found = give("find_blocks", json!({"query": "text", "limit": 20, "fields": fields})).await;
    let names: Vec<&Value> = found["blocks"].as_array().unwrap().iter().map(|block| &block["name"]).collect();
    give("describe_blocks", json!({"names": names})).await;

    let plan = wordy_plan(STEPS, "AITextSummarizerBlock");
    let made = give("build_agent", json!({"plan": plan})).await;
    assert!(made.get("agent_json").is_none() && made["note"].is_string(), "{made}");
    let large = give("build_agent", json!({"plan": plan, "save": true})).await["agent_id"].clone();
    let edits = |version: u32, nodes: usize| {
        let changes = json!({"input_default": {"focus": format!("{version} {}", "\"long\" ".repeat(100))}});
        let patch = |at: usize| json!({"type": "modify", "node_id": format!("n{at}"), "changes": changes});
        (2..nodes).map(patch).collect::<Vec<_>>()
    };
    give("patch_agent", json!({"agent_id": large, "version": 1, "patches": edits(1, STEPS), "save": true})).await;
    for format in ["outline", "mermaid"] {
        give("get_agent", json!({"agent_id": large, "format": format})).await;
    }
    give("check_agent", json!({"agent_id": large})).await;

    let small = wordy_plan(4, "AITextSummarizerBlock");
    let id = give("build_agent", json!({"plan": small, "save": true})).await["agent_id"].clone();
    for version in 1..20 {
        let edit = json!({"agent_id": id, "version": version, "patches": edits(version, 4), "save": true});
        assert_eq!(give("patch_agent", edit).await["saved"], true);
    }
    give("agent_history", json!({"agent_id": id, "limit": 20})).await;
    give("restore_agent", json!({"agent_id": id, "version": 1, "current_version": 20})).await;
    let whole = give("get_agent", json!({"agent_id": id, "format": "json"})).await["agent_json"].clone();
    for _ in 0..20 {
        give("save_agent", json!({"agent_json": whole})).await;
    }
    assert_eq!(give("list_agents", json!({"limit": 20})).await["agents"].as_array().map(Vec::len), Some(20));
    let wish = json!({"agent_id": id, "changes": format!("Rename it to {}", "News ".repeat(50)), "background": true});
    let begun = give("change_agent", wish).await;
    give("operation_status", json!({"operation_id": begun["operation_id"]})).await;
    give("cancel_operation", json!({"operation_id": begun["operation_id"]})).await;

    let asked = ["plan_agent", "generate_agent"].map(str::to_owned);
    let all: BTreeSet<String> = schema::tools().iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(&tried | &asked.into(), all, "a tool is not tried here");
}

#[tokio::test]
async fn what_a_generator_asks_or_plans_is_told_in_a_bounded_size() {
    let step = json!({"number": 1, "title": "\"long\" ".repeat(50), "block": "AITextSummarizerBlock"});
    let steps = raw(&json!(vec![step; 500]).to_string());
    let question = || Question { question: "\"long\" ".repeat(60), keyword: String::new(), example: None };
    let questions = || (0..100).map(|_| question()).collect::<Vec<_>>();
    for decomposition in [
        Decomposition::Instructions { steps, account: Box::default() },
        Decomposition::ClarifyingQuestions(questions()),
        Decomposition::UnachievableGoal { reason: Some("\"long\" ".repeat(5_000)), suggested_goal: None },
    ] {
        let decomposition = Some(Script::Gives(decomposition));
        let world = World::scripted(Scripted { decomposition, ..Scripted::default() });
        world.give("plan_agent", json!({"goal": "x"})).await;
    }
    let draft = Some(Script::Gives(Draft::ClarifyingQuestions(questions())));
    let world = World::scripted(Scripted { draft, ..Scripted::default() });
    world.give("generate_agent", json!({"steps": []})).await;
}

#[tokio::test]
async fn mistakes_by_the_hundred_are_told_in_a_bounded_size() {
    let world = World::new();
    let unknown: serde_json::Map<String, Value> =
        (0..200).map(|at| (format!("{at}{}", "\"long\"".repeat(20)), json!(1))).collect();
    for tool in schema::tools() {
        let told = world.refuse(tool["name"].as_str().unwrap(), Value::Object(unknown.clone())).await;
        assert_eq!(told["error_type"], "invalid_request", "{told}");
    }
    let told = world.refuse("build_agent", json!({"plan": wordy_plan(STEPS, &"NoSuchBlock".repeat(20))})).await;
    let listed = told["problems"].as_array().map(Vec::len).unwrap();
    assert_eq!(told["more_problems"].as_u64(), Some((STEPS - 2 - listed) as u64), "{told}");
    let broken = large_agent();
    let patches: Vec<Value> = (0..100)
        .map(|at| json!({"type": "modify", "node_id": format!("{at}{}", "long".repeat(100)), "changes": {"name": "x"}}))
        .collect();
    world.refuse("patch_agent", json!({"agent_json": broken, "patches": patches})).await;
    world.refuse("save_agent", json!({"agent_json": broken})).await;
    let checked = world.give("check_agent", json!({"agent_json": broken})).await;
    assert_eq!(checked["valid"], false);
}
