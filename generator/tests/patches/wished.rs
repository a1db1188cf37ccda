//! What holds for any wish: the wishes of the evaluation, each over its agent and over the same agent listed otherwise.

use std::collections::{BTreeMap, BTreeSet};

use generator::Builtin;
use serde_json::{Value, json, value::to_raw_value};
use shared::{account::Account, port::Draft};

const WISHES: &str = include_str!("../../eval/wishes.jsonl");
const AGENTS: &str = include_str!("../../eval/agents.jsonl");

fn lines(text: &str) -> Vec<Value> {
    text.lines().filter(|line| !line.is_empty()).map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Agent and wish. Large ones are made by the evaluation alone.
fn wishes() -> Vec<(Value, String)> {
    let agents: BTreeMap<String, Value> = lines(AGENTS)
        .into_iter()
        .map(|line| (line["name"].as_str().unwrap().to_owned(), line["agent"].clone()))
        .collect();
    let of = |wish: &Value| {
        let agent = agents[wish["agent"].as_str().unwrap()].clone();
        (agent, wish["wish"].as_str().unwrap().to_owned())
    };
    lines(WISHES).iter().map(of).collect()
}

fn answered(agent: &Value, wish: &str) -> Result<(Value, Box<Account>), String> {
    match Builtin::new().patch_now(wish, &to_raw_value(agent).unwrap()) {
        Ok(Draft::Agent(agent, account)) => Ok((serde_json::from_str(agent.get()).unwrap(), account)),
        Ok(Draft::ClarifyingQuestions(questions)) => Err(json!(questions).to_string()),
        Err(failure) => Err(failure.service_error),
    }
}

/// Its parts by what they are, wherever they stand in their lists: value by path, link by its ends.
fn parts(agent: &Value) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for (key, value) in agent.as_object().unwrap() {
        match key.as_str() {
            "nodes" => {
                for node in value.as_array().unwrap() {
                    let id = node["id"].as_str().unwrap();
                    let mut rest = node.clone();
                    let values = rest.as_object_mut().unwrap().remove("input_default");
                    if let Some(metadata) = rest.get_mut("metadata").and_then(Value::as_object_mut) {
                        metadata.remove("position");
                    }
                    all.insert(format!("node {id}"), rest);
                    for (name, value) in values.iter().filter_map(Value::as_object).flatten() {
                        all.insert(format!("value {id} {name}"), value.clone());
                    }
                }
            }
            "links" => {
                for link in value.as_array().unwrap() {
                    let end = |key: &str| link[key].as_str().unwrap();
                    let ends = [end("source_id"), end("source_name"), end("sink_id"), end("sink_name")];
                    all.insert(format!("link {}", ends.join(" ")), Value::Null);
                }
            }
            key => drop(all.insert(format!("agent {key}"), value.clone())),
        }
    }
    all
}

#[test]
fn a_wish_means_the_same_however_the_nodes_are_listed() {
    for (agent, wish) in wishes() {
        let mut listed = agent.clone();
        for key in ["nodes", "links"] {
            listed[key].as_array_mut().unwrap().reverse();
        }
        match (answered(&agent, &wish), answered(&listed, &wish)) {
            (Ok((one, _)), Ok((other, _))) => {
                let (one, other) = (parts(&one), parts(&other));
                let differ = |left: &BTreeMap<String, Value>, right: &BTreeMap<String, Value>| -> Vec<String> {
                    left.iter()
                        .filter(|(key, value)| right.get(*key) != Some(value))
                        .map(|(key, _)| key.clone())
                        .collect()
                };
                assert!(one == other, "{wish}: {:?} / {:?}", differ(&one, &other), differ(&other, &one));
            }
            (one, other) => assert_eq!(one.is_ok(), other.is_ok(), "{wish}: {one:?} / {other:?}"),
        }
    }
}

#[test]
fn the_changes_name_all_that_differs_and_lead_back() {
    let mut seen = 0;
    for (agent, wish) in wishes() {
        let Ok((after, account)) = answered(&agent, &wish) else { continue };
        let (old, new) = (parts(&agent), parts(&after));
        let differs = |key: &&String| old.get(*key) != new.get(*key);
        let mut differing: BTreeSet<String> = old.keys().chain(new.keys()).filter(differs).cloned().collect();
        for change in &json!(account.edit.unwrap().changes).as_array().unwrap().clone() {
            let text = |key: &str| change[key].as_str().unwrap_or_default().to_owned();
            let (id, path) = (text("id"), text("path"));
            let key = match text("what").as_str() {
                "value" => format!("value {id} {path}"),
                "node" => format!("node {id}"),
                "agent" => format!("agent {path}"),
                _ => {
                    let link = if change["after"].is_null() { &change["before"] } else { &change["after"] };
                    let end = |key: &str| link[key].as_str().unwrap();
                    format!("link {} {} {} {}", end("source_id"), end("source_name"), end("sink_id"), end("sink_name"))
                }
            };
            assert!(differing.remove(&key), "{wish}: {key} is named, but does not differ");
            // A value that is told whole leads back to what it was.
            let whole = |value: &Value| value.to_string().len() < 150;
            if text("what") == "value" && whole(&change["before"]) {
                assert_eq!(change["before"], *old.get(&key).unwrap_or(&Value::Null), "{wish}: {key}");
            }
            // A node comes or goes with its values.
            if text("what") == "node" && text("op") != "changed" {
                differing.retain(|part| !part.starts_with(&format!("value {id} ")));
            }
            seen += 1;
        }
        assert_eq!(differing, BTreeSet::new(), "{wish}");
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn one_title_of_three_hundred_changes_alone_text_for_text() {
    let step = |at: usize| {
        format!(
            r#"{{"metadata":{{"customized_name":"Write part {at}","color":"blue","position":{{"y":1e2,"x":{at}.50}}}},"id":"n{at}","graph_id":"g","input_default":{{"prompt":"Part {at}","retry":3}},"block_id":"1f292d4a-41a4-4977-9684-7c8d560b9f91","webhook":null}}"#
        )
    };
    let nodes: Vec<String> = (1..=300).rev().map(step).collect();
    let text = format!(r#"{{"version":7,"nodes":[{}],"name":"Parts","links":[],"x":[1.0,2E-7]}}"#, nodes.join(","));
    let agent = serde_json::value::RawValue::from_string(text.clone()).unwrap();
    for (wish, old, new) in [
        ("rename 'Write part 150' to \"Intro\"", "Write part 150", "Intro"),
        ("change the prompt of Write part 7 to Hello", "\"Part 7\"", "\"Hello\""),
        (
            "set the retries of step 'Write part 299' to 5",
            "{\"prompt\":\"Part 299\",\"retry\":3}",
            "{\"prompt\":\"Part 299\",\"retry\":5}",
        ),
        ("rename it to Chapters", "\"name\":\"Parts\"", "\"name\":\"Chapters\""),
    ] {
        let after = match Builtin::new().patch_now(wish, &agent) {
            Ok(Draft::Agent(after, _)) => after,
            other => panic!("{wish}: {other:?}"),
        };
        let expected = text.replace(old, new);
        let differs = after.get().bytes().zip(expected.bytes()).position(|(is, should)| is != should);
        let near = |text: &str| differs.and_then(|at| text.get(at.saturating_sub(80)..at + 80)).map(str::to_owned);
        assert!(after.get() == expected, "{wish}: {:?} / {:?}", near(after.get()), near(&expected));
    }
}
