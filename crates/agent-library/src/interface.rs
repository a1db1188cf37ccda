//! How an agent looks to another that runs it as a step, and which agents it runs itself.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json, value::RawValue};
use shared::{
    account::{AGENT_OUTPUT, Requirements},
    json::{Object, each_element, string, to_raw},
};

/// Of both schemas, in bytes of JSON: a list of a hundred agents is read for a request that may use them.
const LONGEST: usize = 8 * 1024;
/// More are not remembered.
const MOST_RUNS: usize = 100;
/// Ids of platforms are UUIDs.
const LONGEST_ID: usize = 128;
/// How deep the graphs that come with an agent may nest.
const DEEPEST: usize = 4;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Interface {
    pub input_schema: Box<RawValue>,
    pub output_schema: Box<RawValue>,
}

impl Interface {
    /// `None` for an agent that cannot be a step: an event of its own starts it, or there is no room for its schemas.
    #[must_use]
    pub fn new(agent: &RawValue, requirements: &Requirements) -> Option<Self> {
        if requirements.trigger.is_some() {
            return None;
        }
        let interface = Self {
            input_schema: to_raw(&input_schema(requirements)).ok()?,
            output_schema: to_raw(&output_schema(agent)).ok()?,
        };
        let length = interface.input_schema.get().len() + interface.output_schema.get().len();
        (length <= LONGEST).then_some(interface)
    }
}

fn input_schema(requirements: &Requirements) -> Value {
    let mut properties = Map::new();
    for input in &requirements.inputs {
        let mut property = json!({"title": input.name, "description": input.description});
        let (kind, format) = match input.r#type {
            "any" => (None, None),
            format @ ("date" | "file") => (Some("string"), Some(format)),
            kind => (Some(kind), None),
        };
        if let Value::Object(property) = &mut property {
            property.extend(kind.map(|kind| ("type".to_owned(), json!(kind))));
            property.extend(format.map(|format| ("format".to_owned(), json!(format))));
        }
        properties.insert(input.name.clone(), property);
    }
    // What the person connects for the agent is still to be connected when another runs it.
    for credential in &requirements.credentials {
        let property = json!({"type": "object", "credentials_provider": [credential.provider]});
        properties.insert(format!("{}_credentials", credential.provider), property);
    }
    let required: Vec<&str> =
        requirements.inputs.iter().filter(|input| input.required).map(|input| input.name.as_str()).collect();
    json!({"type": "object", "properties": properties, "required": required})
}

fn output_schema(agent: &RawValue) -> Value {
    let mut properties = Map::new();
    let nodes = Object::of_keys(agent, &["nodes"]).and_then(|agent| agent.get("nodes"));
    each(nodes, |node| {
        let node = Object::of_keys(node, &["block_id", "input_default"]).unwrap_or_default();
        if node.string("block_id").as_deref() != Some(AGENT_OUTPUT) {
            return;
        }
        let given = node.get("input_default").and_then(|given| Object::of_keys(given, &["name", "description"]));
        let given = given.unwrap_or_default();
        if let Some(name) = given.string("name").filter(|name| !name.is_empty()) {
            let description = given.string("description").unwrap_or_default();
            properties.insert(name.to_string(), json!({"title": name, "description": description}));
        }
    });
    json!({"type": "object", "properties": properties})
}

/// The ids of the agents that an agent runs as steps, of those in the graphs that come with it too. `None` if they are too many
/// to be remembered: then it must be taken for one that runs any agent.
#[must_use]
pub fn runs(agent: &RawValue) -> Option<Vec<String>> {
    let mut ids = Vec::new();
    // Most agents run none.
    let may_run = agent.get().contains("graph_id");
    (!may_run || collect(agent, DEEPEST, &mut ids)).then_some(ids)
}

/// False if there are too many, or they lie too deep.
fn collect(graph: &RawValue, depth: usize, ids: &mut Vec<String>) -> bool {
    let Some(graph) = Object::of_keys(graph, &["nodes", "sub_graphs"]) else { return true };
    each(graph.get("nodes"), |node| {
        let given = Object::of_keys(node, &["input_default"]).and_then(|node| node.get("input_default"));
        let id = given.and_then(|given| Object::of_keys(given, &["graph_id"])?.get("graph_id"));
        let id = id.and_then(string).map(Cow::into_owned);
        ids.extend(id.filter(|id| !id.is_empty() && ids.len() <= MOST_RUNS && !ids.contains(id)));
    });
    let mut is_known = ids.len() <= MOST_RUNS && ids.iter().all(|id| id.len() <= LONGEST_ID);
    each(graph.get("sub_graphs"), |graph| {
        is_known = is_known && depth > 0 && collect(graph, depth - 1, ids);
    });
    is_known
}

fn each<'a>(list: Option<&'a RawValue>, mut f: impl FnMut(&'a RawValue)) {
    // What is not a list has no elements.
    let _ = list.map(|list| {
        each_element(list.get(), |element| {
            f(element);
            Ok(())
        })
    });
}

#[cfg(test)]
mod tests {
    use shared::account::{AgentInput, Credential, Trigger};

    use super::*;

    fn raw(value: &Value) -> Box<RawValue> {
        to_raw(value).unwrap()
    }

    fn input(name: &str, kind: &'static str, required: bool) -> AgentInput {
        AgentInput { name: name.to_owned(), description: "d".to_owned(), r#type: kind, required }
    }

    #[test]
    fn another_agent_learns_what_to_hand_over_and_what_comes_back() {
        let requirements = Requirements {
            inputs: vec![input("Page", "string", true), input("Day", "date", false), input("More", "any", false)],
            credentials: vec![Credential { provider: "slack".to_owned(), blocks: Vec::new() }],
            ..Requirements::default()
        };
        let agent = raw(&json!({"nodes": [
            {"block_id": AGENT_OUTPUT, "input_default": {"name": "Score"}}, {"block_id": "x", "input_default": {"name": "No"}}, 7,
        ]}));
        let interface = Interface::new(&agent, &requirements).unwrap();
        let input: Value = serde_json::from_str(interface.input_schema.get()).unwrap();
        assert_eq!(input["properties"]["Page"], json!({"title": "Page", "description": "d", "type": "string"}));
        assert_eq!(input["properties"]["Day"]["format"], "date");
        assert_eq!(input["properties"]["More"]["type"], Value::Null);
        assert_eq!(input["properties"]["slack_credentials"]["credentials_provider"], json!(["slack"]));
        assert_eq!(input["required"], json!(["Page"]));
        let output: Value = serde_json::from_str(interface.output_schema.get()).unwrap();
        assert_eq!(output["properties"], json!({"Score": {"title": "Score", "description": ""}}));
    }

    #[test]
    fn an_agent_that_an_event_starts_or_that_takes_too_much_is_not_a_step() {
        let agent = raw(&json!({}));
        let trigger = Trigger { block: "b".to_owned(), description: String::new() };
        let started = Requirements { trigger: Some(trigger), ..Requirements::default() };
        let inputs = (0..200).map(|at| input(&format!("input {at}"), "string", true)).collect();
        let long = Requirements { inputs, ..Requirements::default() };
        assert!(Interface::new(&agent, &started).is_none() && Interface::new(&agent, &long).is_none());
        assert!(Interface::new(&agent, &Requirements::default()).is_some());
    }

    #[test]
    fn the_agents_that_an_agent_runs_are_known_those_within_included() {
        let node = |id: &str| json!({"input_default": {"graph_id": id}});
        let within = json!({"nodes": [node("2"), node("1")], "sub_graphs": [{"nodes": [node("3")]}]});
        let agent = json!({"nodes": [node("1"), {"input_default": []}, 7], "sub_graphs": [within, "x"]});
        assert_eq!(runs(&raw(&agent)).unwrap(), ["1", "2", "3"]);
        assert_eq!(runs(&raw(&json!({"nodes": "graph_id"}))).unwrap(), [""; 0]);
        let many: Vec<Value> = (0..101).map(|at| node(&at.to_string())).collect();
        assert_eq!(runs(&raw(&json!({"nodes": many}))), None);
        let mut deep = json!({"nodes": [node("x")]});
        for _ in 0..6 {
            deep = json!({"sub_graphs": [deep]});
        }
        assert_eq!(runs(&raw(&deep)), None);
    }
}
