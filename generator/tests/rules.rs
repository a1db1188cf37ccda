//! Every rule of the validator catches its fault: otherwise the agent would fail when it runs.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use generator::{Builtin, catalogue::Catalogue, validator};
use serde_json::{Value, json, value::to_raw_value};
use shared::port::{Decomposition, Draft};

fn agent() -> Value {
    let Ok(Decomposition::Instructions { steps, .. }) = Builtin::new().decompose_now("Summarise a web page", None)
    else {
        panic!()
    };
    let steps: Value = serde_json::from_str(steps.get()).unwrap();
    let Ok(Draft::Agent(agent, _)) = Builtin::new().generate_now(&to_raw_value(&json!({"steps": steps})).unwrap())
    else {
        panic!()
    };
    serde_json::from_str(agent.get()).unwrap()
}

/// Nodes: 0 input, 1 page, 2 summary, 3 output. Links: 0 -> 1, 1 -> 2, 2 -> 3.
type Spoil = fn(&mut Value);

#[rustfmt::skip]
const SPOILT: &[(&str, &str, Spoil)] = &[
    ("unique_ids", "two nodes have the id", |agent| agent["nodes"][1]["id"] = agent["nodes"][0]["id"].clone()),
    ("unique_ids", "two links have the id", |agent| agent["links"][1]["id"] = agent["links"][0]["id"].clone()),
    ("link_ends", "does not exist", |agent| agent["links"][0]["source_id"] = json!("gone")),
    ("link_ends", "does not exist", |agent| agent["links"][0]["sink_id"] = json!("gone")),
    ("known_blocks", "does not exist", |agent| agent["nodes"][1]["block_id"] = json!("gone")),
    ("link_fields", "no output `nothing`", |agent| agent["links"][1]["source_name"] = json!("nothing")),
    ("link_fields", "no input `nothing`", |agent| agent["links"][1]["sink_name"] = json!("nothing")),
    ("link_fields", "no input `text_#_part`", |agent| agent["links"][1]["sink_name"] = json!("text_#_part")),
    ("link_types", "takes integer", |agent| agent["links"][1]["sink_name"] = json!("max_tokens")),
    ("static_links", "`is_static` true", |agent| agent["links"][0]["is_static"] = json!(false)),
    ("static_links", "`is_static` false", |agent| agent["links"][1]["is_static"] = json!(true)),
    ("required_inputs", "required input `text`", |agent| drop(agent["links"].as_array_mut().unwrap().remove(1))),
    ("required_inputs", "required input `name`", |agent| agent["nodes"][0]["input_default"] = json!({})),
    ("credentials", "the connection `credentials` of", |agent| agent["nodes"][2]["input_default"]["credentials"] = json!({"api_key": "x"})),
    ("credentials", "is linked", |agent| agent["links"][1]["sink_name"] = json!("credentials")),
    ("sub_agents", "`graph_id` of", |agent| {
        agent["nodes"][2]["block_id"] = json!("e189baac-8c20-45a1-94a7-55177ea42565");
        agent["nodes"][2]["input_default"] = json!({"graph_id": " ", "input_schema": {"a": {}}, "output_schema": {"b": {}}});
    }),
    ("sub_agents", "`output_schema` of", |agent| {
        agent["nodes"][2]["block_id"] = json!("e189baac-8c20-45a1-94a7-55177ea42565");
        agent["nodes"][2]["input_default"] = json!({"graph_id": "a", "input_schema": {"a": {}}, "output_schema": {}});
    }),
    ("tools", "which tool", |agent| agent["nodes"][2]["block_id"] = json!("a0a4b1c2-d3e4-4f56-a7b8-c9d0e1f2a3b4")),
    ("link_fields", "no output `summary_#_part`", |agent| agent["links"][2]["source_name"] = json!("summary_#_part")),
    ("values", "takes integer", |agent| agent["nodes"][2]["input_default"]["max_tokens"] = json!("many")),
    ("values", "no choice", |agent| agent["nodes"][2]["input_default"]["style"] = json!("baroque")),
    ("values", "no input `colour`", |agent| agent["nodes"][2]["input_default"]["colour"] = json!("blue")),
    ("templates", "has spaces", |agent| {
        agent["nodes"][2]["block_id"] = json!("1f292d4a-41a4-4977-9684-7c8d560b9f91");
        agent["nodes"][2]["input_default"] = json!({"prompt": "Do {{ this }}"});
    }),
    ("no_cycles", "circle", |agent| {
        let link = json!({"id": "back", "source_id": agent["nodes"][2]["id"], "source_name": "summary", "sink_id": agent["nodes"][1]["id"], "sink_name": "url", "is_static": false});
        agent["links"].as_array_mut().unwrap().push(link);
    }),
    ("starts_and_ends", "neither an input nor a trigger", |agent| {
        agent["nodes"].as_array_mut().unwrap().remove(0);
        agent["links"].as_array_mut().unwrap().remove(0);
    }),
    ("starts_and_ends", "no output", |agent| {
        agent["nodes"].as_array_mut().unwrap().pop();
        agent["links"].as_array_mut().unwrap().pop();
    }),
    ("required_inputs", "required input `values`", |agent| {
        agent["nodes"][2]["block_id"] = json!("db7d8f02-2f44-4c55-ab7a-eae0941f0c30");
        agent["nodes"][2]["input_default"] = json!({"format": "{{page}}"});
        agent["links"][1]["sink_name"] = json!("values_#_page");
    }),
    ("values", "no choice [\"sms\"]", |agent| {
        agent["nodes"][2]["block_id"] = json!("choosy");
        agent["nodes"][2]["input_default"] = json!({"ways": ["sms"], "size": "small"});
    }),
    ("values", "no choice \"tiny\"", |agent| {
        agent["nodes"][2]["block_id"] = json!("choosy");
        agent["nodes"][2]["input_default"] = json!({"ways": ["mail"], "size": "tiny"});
    }),
    ("own_names", "called `Web page URL`", |agent| {
        let mut twin = agent["nodes"][0].clone();
        twin["id"] = json!("twin");
        agent["nodes"].as_array_mut().unwrap().push(twin);
    }),
    ("own_names", "is blank", |agent| agent["nodes"][3]["input_default"]["name"] = json!(" ")),
    ("own_names", "is linked", |agent| {
        let link = json!({"id": "named", "source_id": agent["nodes"][2]["id"], "source_name": "summary", "sink_id": agent["nodes"][3]["id"], "sink_name": "name", "is_static": false});
        agent["links"].as_array_mut().unwrap().push(link);
    }),
    ("connected", "linked to nothing", |agent| drop(agent["links"].as_array_mut().unwrap().pop())),
];

/// The embedded blocks, and one with choices in a list and in alternatives.
fn catalogue() -> Catalogue {
    let mut blocks: Vec<Value> = serde_json::from_str(Catalogue::embedded_text().unwrap()).unwrap();
    blocks.push(json!({"id": "choosy", "name": "ChoosyBlock", "inputSchema": {"properties": {
        "text": {"type": "string"},
        "ways": {"type": "array", "items": {"type": "string", "enum": ["mail", "call"]}},
        "size": {"anyOf": [{"type": "string", "enum": ["small", "large"]}, {"type": "integer"}]},
    }}, "outputSchema": {"properties": {"summary": {"type": "string"}}}}));
    Catalogue::from_json(&json!(blocks).to_string()).unwrap()
}

#[test]
fn choices_in_lists_and_alternatives_are_accepted() {
    let mut agent = agent();
    agent["nodes"][2]["block_id"] = json!("choosy");
    for values in [json!({"ways": ["mail", "call"], "size": "small"}), json!({"ways": [], "size": 3})] {
        agent["nodes"][2]["input_default"] = values;
        assert_eq!(validator::faults(&catalogue(), &agent), Vec::<String>::new());
    }
}

#[test]
fn each_rule_catches_its_fault() {
    let catalogue = catalogue();
    assert_eq!(validator::faults(&catalogue, &agent()), Vec::<String>::new());
    for (name, words, spoil) in SPOILT {
        let mut agent = agent();
        spoil(&mut agent);
        let graph = validator::Graph::of(&catalogue, &agent).unwrap();
        let rule = validator::RULES.iter().find(|rule| rule.name == *name).unwrap();
        let faults = (rule.check)(&graph);
        assert!(faults.iter().any(|fault| fault.text.contains(words)), "{name}: {faults:?}");
    }
}

#[test]
fn every_rule_is_tested() {
    for rule in validator::RULES {
        assert!(SPOILT.iter().any(|(name, ..)| *name == rule.name), "{}", rule.name);
    }
}

#[test]
fn a_cycle_is_allowed_only_through_inputs_made_for_it() {
    let catalogue = Catalogue::embedded().unwrap();
    let list = "aeb08fc1-2fc1-4141-bc8e-f758f183a822";
    let dictionary = "31d1064e-7446-4693-a7d4-65e5ca1180d1";
    let model = "3b191d9f-356f-482d-8238-ba04b6d18381";
    let circle = |a: &str, b: &str, output: &str, input: &str| {
        let (from, to) = if a == b { ("a", "a") } else { ("b", "a") };
        let agent = json!({
            "nodes": [{"id": "a", "block_id": a}, {"id": "b", "block_id": b}],
            "links": [
                {"id": "l", "source_id": from, "source_name": output, "sink_id": to, "sink_name": input},
                {"id": "m", "source_id": "a", "source_name": "tools_^_add_~_entry", "sink_id": "b", "sink_name": "entry"},
            ],
        });
        let faults = validator::faults(&catalogue, &agent);
        faults.iter().any(|fault| fault.contains("circle"))
    };
    assert!(!circle(list, list, "updated_list", "list"));
    assert!(!circle(dictionary, dictionary, "updated_dictionary", "dictionary"));
    assert!(!circle(model, list, "updated_list", "last_tool_output"), "a tool answers the model that called it");
    assert!(circle(list, list, "updated_list", "entry"));
    assert!(circle(model, list, "updated_list", "prompt"));
}

#[test]
fn a_part_of_a_part_is_found_if_the_block_declares_it() {
    let text = Catalogue::embedded_text().unwrap().replacen(r#""id""#, r#""unknown":{"deep":[1]},"id""#, 1);
    let mut blocks: Vec<Value> = serde_json::from_str(&text).unwrap();
    blocks.push(json!({"id": "deep", "name": "DeepBlock", "inputSchema": {"properties": {
        "a": {"type": "object", "properties": {"b": {"type": "object", "properties": {"c": {"type": "integer"}}}}},
        "open": {"type": "object", "additionalProperties": true},
        "list": {"type": "array", "items": {"type": "string"}},
    }}, "outputSchema": {}}));
    let catalogue = Catalogue::from_json(&json!(blocks).to_string()).unwrap();
    let kind = |name: &str| catalogue.by_id("deep").unwrap().input_type(name).map(|types| types.to_string());
    assert_eq!(kind("a_#_b_#_c").as_deref(), Some("integer"));
    assert_eq!(kind("a_#_b_#_d"), None);
    assert_eq!(kind("a_#_x"), None);
    assert_eq!(kind("open_#_x_#_y").as_deref(), Some("any type"));
    assert_eq!(kind("list_#_0"), None);
    assert_eq!(kind("list_$_0").as_deref(), Some("string"));
    assert_eq!(kind("list_$_x"), None);
    assert_eq!(kind("a_$_0"), None);
}

#[test]
fn a_long_report_of_faults_is_cut() {
    let faults: Vec<String> = (0..1000).map(|number| format!("fault {number}")).collect();
    let report = validator::report(&faults);
    assert!(
        report.starts_with("Agent validation failed:\n1. fault 0\n2. fault 1") && report.ends_with("… and 950 more")
    );
}

#[test]
fn a_long_chain_of_nodes_is_validated() {
    let catalogue = Catalogue::embedded().unwrap();
    let summariser = "a0a69be1-4528-491c-a85a-a4ab6873e3f0";
    let nodes: Vec<Value> = (0..20_000).map(|at| json!({"id": at.to_string(), "block_id": summariser})).collect();
    let links: Vec<Value> = (1..20_000)
        .map(|at| json!({"id": format!("l{at}"), "source_id": (at - 1).to_string(), "source_name": "summary", "sink_id": at.to_string(), "sink_name": "text"}))
        .collect();
    let faults = validator::faults(&catalogue, &json!({"nodes": nodes, "links": links}));
    assert!(!faults.iter().any(|fault| fault.contains("circle")));
}
