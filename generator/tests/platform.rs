//! The platform that runs the agents checks them by rules of its own, over the block list as plain JSON. What it refuses,
//! nobody can run: so these rules are written here a second time, without the catalogue's types and the validator.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use std::collections::{HashMap, HashSet};

use generator::Builtin;
use serde_json::{Value, json, value::to_raw_value};
use shared::port::{AgentGenerator, Decomposition, Draft};

const GOALS: &str = include_str!("../eval/goals.jsonl");

const OUTPUT: &str = "363ae599-353e-4804-937e-b2ee3cef3da4";

/// The list that `GET /blocks` gives, by id.
async fn blocks() -> HashMap<String, Value> {
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
    let listed = Builtin::new().blocks(deadline).await.result.unwrap();
    let listed: Vec<Value> = serde_json::from_str(listed.get()).unwrap();
    listed.into_iter().map(|block| (text(&block, "id").to_owned(), block)).collect()
}

fn built(goal: &str) -> Option<Value> {
    let Decomposition::Instructions { steps, .. } = Builtin::new().decompose_now(goal, None).unwrap() else {
        return None;
    };
    let instructions = to_raw_value(&json!({"type": "instructions", "steps": steps})).unwrap();
    match Builtin::new().generate_now(&instructions) {
        Ok(Draft::Agent(agent, _)) => Some(serde_json::from_str(agent.get()).unwrap()),
        other => panic!("{goal}: {other:?}"),
    }
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// Part of a dictionary: declared, or open.
fn has_part(schema: &Value, part: &str) -> bool {
    let open = |one: &Value| !matches!(one["additionalProperties"], Value::Null | Value::Bool(false));
    open(schema) || list(schema, "anyOf").iter().any(open) || schema["properties"].get(part).is_some()
}

fn field<'v>(fields: &'v Value, name: &str) -> Option<&'v Value> {
    match name.split_once("_#_") {
        None => fields.get(name),
        Some((parent, part)) => fields.get(parent).filter(|schema| has_part(schema, part)),
    }
}

/// The type of a field that has exactly one.
fn kind<'v>(fields: &'v Value, name: &str) -> Option<&'v str> {
    match name.split_once("_#_") {
        None => fields.get(name)?["type"].as_str(),
        Some((parent, part)) => fields.get(parent)?["properties"].get(part)?["type"].as_str(),
    }
}

/// A value is among the choices of its field.
fn is_choice(schema: &Value, value: &Value) -> bool {
    let alternatives = list(schema, "anyOf");
    let (choices, items) = (list(schema, "enum"), &schema["items"]);
    (choices.is_empty() || choices.contains(value))
        && (alternatives.is_empty() || alternatives.iter().any(|one| is_choice(one, value)))
        && value.as_array().is_none_or(|all| all.iter().all(|one| is_choice(items, one)))
}

fn is_input(block: &Value) -> bool {
    text(block, "name").starts_with("Agent") && text(block, "name").ends_with("InputBlock")
}

fn is_output(block: &Value) -> bool {
    text(block, "id") == OUTPUT
}

fn refusals(blocks: &HashMap<String, Value>, agent: &Value) -> Vec<String> {
    let mut out = Vec::new();
    let nodes: HashMap<&str, &Value> = list(agent, "nodes").iter().map(|node| (text(node, "id"), node)).collect();
    let block = |node: &Value| blocks.get(text(node, "block_id"));
    let mut names = HashSet::new();
    for node in list(agent, "nodes") {
        let Some(block) = block(node) else {
            out.push(format!("no such block: {node}"));
            continue;
        };
        let (fields, values) = (&block["inputSchema"]["properties"], &node["input_default"]);
        let into = list(agent, "links").iter().filter(|link| link["sink_id"] == node["id"]);
        let linked: HashSet<&str> = into.map(|link| text(link, "sink_name")).collect();
        for name in list(&block["inputSchema"], "required").iter().filter_map(Value::as_str) {
            if values.get(name).is_none() && !linked.contains(name) && !name.ends_with("credentials") {
                out.push(format!("`{name}` is required: {node}"));
            }
        }
        for (name, value) in values.as_object().into_iter().flatten() {
            if field(fields, name).is_none_or(|schema| !is_choice(schema, value)) {
                out.push(format!("`{name}` cannot be this: {node}"));
            }
        }
        let prompt = text(values, "prompt");
        if prompt.split("{{").skip(1).any(|rest| rest.split("}}").next().is_some_and(|name| name.contains(' '))) {
            out.push(format!("blanks in braces: {node}"));
        }
        if is_input(block) || is_output(block) {
            let own = text(values, "name");
            if own.trim().is_empty() || linked.contains("name") || !names.insert((is_output(block), own)) {
                out.push(format!("no name of its own: {node}"));
            }
        }
    }
    for link in list(agent, "links") {
        let (Some(source), Some(sink)) = (nodes.get(text(link, "source_id")), nodes.get(text(link, "sink_id"))) else {
            out.push(format!("an end is missing: {link}"));
            continue;
        };
        let (Some(source), Some(sink)) = (block(source), block(sink)) else { continue };
        let (gives, takes) = (&source["outputSchema"]["properties"], &sink["inputSchema"]["properties"]);
        let (output, input) = (text(link, "source_name"), text(link, "sink_name"));
        if field(gives, output).is_none() || field(takes, input).is_none() {
            out.push(format!("no such field: {link}"));
        }
        let numbers = ["integer", "number"];
        if let Some((from, to)) = kind(gives, output).zip(kind(takes, input))
            && from != to
            && !(numbers.contains(&from) && numbers.contains(&to))
        {
            out.push(format!("{from} into {to}: {link}"));
        }
    }
    let used = || list(agent, "nodes").iter().filter_map(block);
    let starts = |block: &Value| {
        block["trigger"] == true
            || text(block, "name").starts_with("Agent") && text(block, "name").ends_with("InputBlock")
    };
    if !used().any(starts) {
        out.push("neither an input nor a trigger".to_owned());
    }
    if !used().any(|block| text(block, "id") == OUTPUT) {
        out.push("no output".to_owned());
    }
    out
}

#[tokio::test]
async fn every_agent_of_the_evaluation_is_accepted_by_the_platform() {
    let blocks = blocks().await;
    let goals: Vec<Value> = GOALS.lines().map(|goal| serde_json::from_str(goal).unwrap()).collect();
    let goals = goals.iter().map(|goal| text(goal, "goal"));
    let agents: Vec<(&str, Value)> = goals.filter_map(|goal| Some((goal, built(goal)?))).collect();
    assert!(agents.len() >= 60, "{}", agents.len());
    let refused = agents.iter().map(|(goal, agent)| (goal, refusals(&blocks, agent)));
    let refused: Vec<_> = refused.filter(|(_, refusals)| !refusals.is_empty()).collect();
    assert!(refused.is_empty(), "{} of {}: {refused:#?}", refused.len(), agents.len());
}

#[tokio::test]
async fn an_agent_that_the_platform_would_refuse_is_noticed_here() {
    let blocks = blocks().await;
    let sound = built("Get the newest posts of a subreddit and e-mail their titles to me@example.com").unwrap();
    assert_eq!(refusals(&blocks, &sound), Vec::<String>::new());
    type Spoil = fn(&mut Value);
    let spoilt: [(&str, Spoil); 4] = [
        ("`values` is required", |agent| {
            for node in agent["nodes"].as_array_mut().unwrap() {
                node["input_default"].as_object_mut().unwrap().remove("values");
            }
        }),
        ("neither an input nor a trigger", |agent| {
            agent["nodes"].as_array_mut().unwrap().retain(|node| node["input_default"]["name"].is_null())
        }),
        ("no name of its own", |agent| agent["nodes"][0]["input_default"]["name"] = json!(" ")),
        ("no such field", |agent| agent["links"][0]["source_name"] = json!("nothing")),
    ];
    for (words, spoil) in spoilt {
        let mut agent = sound.clone();
        spoil(&mut agent);
        let found = refusals(&blocks, &agent);
        assert!(found.iter().any(|refusal| refusal.contains(words)), "{words}: {found:?}");
    }
}
