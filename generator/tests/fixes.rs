//! Small faults are fixed and nothing else is touched: a person should not get an error for a spelling.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use generator::{
    Builtin,
    catalogue::Catalogue,
    fixer::{self, FIXES, Reach},
    validator,
};
use serde_json::{Value, json, value::to_raw_value};
use shared::port::{Decomposition, Draft};

const INPUT: &str = "c0a8e994-ebf1-4a9c-a4d8-89d09c86741b";
const OUTPUT: &str = "363ae599-353e-4804-937e-b2ee3cef3da4";
const SUMMARISER: &str = "a0a69be1-4528-491c-a85a-a4ab6873e3f0";
const TEMPLATE: &str = "db7d8f02-2f44-4c55-ab7a-eae0941f0c30";
const GENERATOR: &str = "1f292d4a-41a4-4977-9684-7c8d560b9f91";
const CODE: &str = "0b02b072-abe7-11ef-8372-fb5d162dd712";
const FEED: &str = "5ebe6768-8e5d-41e3-9134-1c7bd89a8d52";
const CONVERTER: &str = "95d1b990-ce13-4d88-9737-ba5c2070c97b";

fn catalogue() -> Catalogue {
    Catalogue::embedded().unwrap()
}

fn node(id: &str, block: &str, values: Value, x: i64) -> Value {
    json!({"id": id, "block_id": block, "input_default": values, "metadata": {"position": {"x": x, "y": 0}}})
}

fn link(id: &str, from: (&str, &str), to: (&str, &str)) -> Value {
    json!({"id": id, "source_id": from.0, "source_name": from.1, "sink_id": to.0, "sink_name": to.1, "is_static": false})
}

/// An input, one block and an output; `into` and `out` are the fields of the block.
fn around(block: &str, values: Value, into: &str, out: &str) -> Value {
    let mut first = link("in", ("a", "result"), ("b", into));
    first["is_static"] = json!(true);
    json!({
        "name": "Test", "extra": {"kept": [null]},
        "nodes": [
            node("a", INPUT, json!({"name": "In"}), 0),
            node("b", block, values, 800),
            node("c", OUTPUT, json!({"name": "Out"}), 1600),
        ],
        "links": [first, link("out", ("b", out), ("c", "value"))],
    })
}

type Case = (&'static str, fn() -> Value, &'static [(&'static str, &'static str)]);

/// The name of a fix, an agent, and what it has afterwards: a JSON pointer and the value.
#[rustfmt::skip]
const CASES: &[Case] = &[
    ("ids", || { let mut agent = summary(json!({})); agent["links"][1]["id"] = json!("in"); agent }, &[("/links/0/id", r#""in""#)]),
    ("ids", || { let mut agent = summary(json!({})); agent["links"][1].as_object_mut().unwrap().remove("id"); agent }, &[("/links/0/id", r#""in""#)]),
    ("credentials", || summary(json!({"credentials": {"api_key": "sk-1"}, "focus": "x"})), &[("/nodes/1/input_default", r#"{"focus":"x"}"#)]),
    ("choices", || summary(json!({"style": "Bullet-Points"})), &[("/nodes/1/input_default/style", r#""bullet points""#)]),
    ("choices", || summary(json!({"model": "GPT_4o"})), &[("/nodes/1/input_default/model", r#""gpt-4o""#)]),
    ("choices", || summary(json!({"model": "gpt-99"})), &[("/nodes/1/input_default/model", r#""gpt-5.6-terra""#)]),
    ("value_types", || summary(json!({"max_tokens": " 60 ", "focus": 7})), &[("/nodes/1/input_default", r#"{"max_tokens":60,"focus":"7"}"#)]),
    ("value_types", || around(FEED, json!({"run_continuously": "True", "polling_rate": 5}), "rss_url", "entries"), &[("/nodes/1/input_default/run_continuously", "true")]),
    ("names", || { let mut agent = summary(json!({})); agent["nodes"][2] = titled("c", OUTPUT, json!({})); agent }, &[("/nodes/2/input_default", r#"{"name":"Summary"}"#)]),
    ("names", || { let mut agent = summary(json!({})); agent["nodes"][2] = titled("c", OUTPUT, json!({"name": " "})); agent["nodes"][2].as_object_mut().unwrap().remove("input_default"); agent }, &[("/nodes/2/input_default", r#"{"name":"Summary"}"#)]),
    ("names", two_inputs, &[("/nodes/0/input_default/name", r#""In""#), ("/nodes/3/input_default/name", r#""In 2""#)]),
    ("containers", || around(TEMPLATE, json!({"format": "{{text}}"}), "values_#_text", "output"), &[("/nodes/1/input_default", r#"{"format":"{{text}}","values":{}}"#)]),
    ("containers", || around(TEMPLATE, json!({"format": "{{text}}", "values_#_text": "x"}), "values_#_more", "output"), &[("/nodes/1/input_default/values", "{}")]),
    ("template_braces", || around(GENERATOR, json!({"prompt": "Answer {text} as {\"a\": 1}"}), "prompt_values_#_text", "response"), &[("/nodes/1/input_default/prompt", r#""Answer {{text}} as {\"a\": 1}""#)]),
    ("template_braces", || around(GENERATOR, json!({"prompt": "Answer {{ text }}"}), "prompt_values_#_text", "response"), &[("/nodes/1/input_default/prompt", r#""Answer {{text}}""#)]),
    ("printed_output", || around(CODE, json!({"code": "x = 1\nprint(x)\n"}), "variables_#_x", "response"), &[("/links/1/source_name", r#""stdout_logs""#)]),
    ("link_types", || around(FEED, json!({"polling_rate": 5}), "rss_url", "entries"), &[]),
    ("link_types", mismatched, &[("/links/1/source_name", r#""value""#), ("/nodes/4/input_default", r#"{"type":"string"}"#)]),
    ("static_links", || { let mut agent = summary(json!({})); agent["links"][0]["is_static"] = json!(false); agent }, &[("/links/0/is_static", "true")]),
    ("static_links", || { let mut agent = summary(json!({})); agent["links"][1]["is_static"] = json!(true); agent }, &[("/links/1/is_static", "false")]),
    ("places", || { let mut agent = summary(json!({})); agent["nodes"][1]["metadata"] = json!({"kept": 1}); agent }, &[("/nodes/1/metadata", r#"{"kept":1,"position":{"x":800,"y":0}}"#)]),
    ("places", || { let mut agent = summary(json!({})); agent["nodes"][1]["metadata"]["position"]["x"] = json!(400); agent }, &[("/nodes/1/metadata/position/x", "800"), ("/nodes/2/metadata/position/x", "1600")]),
];

fn summary(values: Value) -> Value {
    around(SUMMARISER, values, "text", "summary")
}

fn titled(id: &str, block: &str, values: Value) -> Value {
    let mut node = node(id, block, values, 1600);
    node["metadata"]["customized_name"] = json!("Summary");
    node
}

/// Two inputs of the same name.
fn two_inputs() -> Value {
    let mut agent = summary(json!({}));
    agent["nodes"].as_array_mut().unwrap().push(node("d", INPUT, json!({"name": "In"}), 0));
    agent["nodes"][3]["metadata"]["position"]["y"] = json!(600);
    let mut second = link("second", ("d", "result"), ("b", "focus"));
    second["is_static"] = json!(true);
    agent["links"].as_array_mut().unwrap().push(second);
    agent
}

/// Links a list to a text input.
fn mismatched() -> Value {
    let mut agent = around(FEED, json!({"polling_rate": 5}), "rss_url", "entries");
    agent["nodes"][2] = node("c", SUMMARISER, json!({}), 1600);
    agent["links"][1]["sink_name"] = json!("text");
    agent["nodes"].as_array_mut().unwrap().push(node("d", OUTPUT, json!({"name": "Out"}), 2400));
    agent["links"].as_array_mut().unwrap().push(link("end", ("c", "summary"), ("d", "value")));
    agent
}

#[test]
fn each_fix_corrects_its_fault() {
    let catalogue = catalogue();
    for (name, before, places) in CASES {
        let before = before();
        let after = fixer::fix_one(&catalogue, before.clone(), &Reach::All, name).unwrap();
        for (place, text) in *places {
            assert_eq!(
                after.pointer(place).map(Value::to_string).as_deref(),
                Some(*text),
                "{name}: {place} in {after}"
            );
        }
        assert_eq!(after["extra"].to_string(), r#"{"kept":[null]}"#, "{name}: what we do not know survives");
        assert!(places.is_empty() == (before == after), "{name}: {after}");
    }
}

#[test]
fn every_fix_is_tested() {
    for fix in FIXES {
        assert!(CASES.iter().any(|(name, ..)| *name == fix.name), "{}", fix.name);
    }
    assert!(fixer::fix_one(&catalogue(), json!({}), &Reach::All, "nothing").is_none());
}

#[test]
fn a_fixed_agent_is_valid() {
    let catalogue = catalogue();
    for (name, before, _) in CASES {
        let after = fixer::fix(&catalogue, before(), &Reach::All);
        assert_eq!(validator::faults(&catalogue, &after), Vec::<String>::new(), "{name}");
        assert_eq!(fixer::fix(&catalogue, after.clone(), &Reach::All), after, "{name}: fixing twice is fixing once");
    }
}

#[test]
fn a_list_that_only_gets_entries_is_given_as_an_empty_one() {
    let mut blocks: Vec<Value> = serde_json::from_str(Catalogue::embedded_text().unwrap()).unwrap();
    blocks.push(json!({"id": "joiner", "name": "JoinerBlock", "inputSchema": {"required": ["parts"], "properties": {
        "parts": {"type": "array", "items": {"type": "string"}},
    }}, "outputSchema": {"properties": {"joined": {"type": "string"}}}}));
    let catalogue = Catalogue::from_json(&json!(blocks).to_string()).unwrap();
    let after = fixer::fix(&catalogue, around("joiner", json!({}), "parts_$_0", "joined"), &Reach::All);
    assert_eq!(after["nodes"][1]["input_default"], json!({"parts": []}));
    assert_eq!(validator::faults(&catalogue, &after), Vec::<String>::new());
    let whole = around("joiner", json!({}), "parts", "joined");
    assert_eq!(fixer::fix(&catalogue, whole.clone(), &Reach::All), whole, "a link brings the list itself");
}

#[test]
fn names_that_a_change_did_not_touch_stay() {
    let mut before = two_inputs();
    let mut after = before.clone();
    after["nodes"].as_array_mut().unwrap().push(node("e", INPUT, json!({"name": "In"}), 0));
    let fixed = fixer::fix_one(&catalogue(), after, &Reach::All, "names").unwrap();
    assert_eq!([&fixed["nodes"][3], &fixed["nodes"][4]].map(|node| &node["input_default"]["name"]), ["In 2", "In 3"]);
    before["nodes"][2].as_object_mut().unwrap().remove("input_default");
    let mut after = before.clone();
    after["nodes"].as_array_mut().unwrap().insert(0, node("e", INPUT, json!({"name": "In"}), 0));
    let fixed = fixer::fix(&catalogue(), after.clone(), &Reach::of_change(&before, &after));
    assert_eq!(fixed["nodes"].as_array().unwrap()[1..], before["nodes"].as_array().unwrap()[..]);
    let names: Vec<&Value> = [0, 1, 4].iter().map(|at| &fixed["nodes"][*at]["input_default"]["name"]).collect();
    assert_eq!(names, ["In 2", "In", "In"], "only the new one");
}

#[test]
fn a_converter_is_placed_between_the_nodes_it_connects() {
    let after = fixer::fix(&catalogue(), mismatched(), &Reach::All);
    let places: Vec<i64> = after["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["metadata"]["position"]["x"].as_i64().unwrap())
        .collect();
    assert_eq!(after["nodes"][4]["block_id"], CONVERTER);
    assert_eq!(places, [0, 800, 2400, 3200, 1600]);
    assert!(after["links"][3]["source_id"] == "b" && after["links"][3]["sink_id"] == after["nodes"][4]["id"]);
}

#[test]
fn the_validator_reports_what_cannot_be_fixed() {
    let catalogue = catalogue();
    for broken in [
        json!({"nodes": [node("a", "unknown", json!({}), 0), node("a", INPUT, json!({}), 0)], "links": []}),
        json!({"nodes": [node("a", INPUT, json!({"name": "A", "colour": "blue"}), 0)], "links": [link("l", ("gone", "x"), ("a", "value"))]}),
        json!({"nodes": {}, "links": []}),
        json!([]),
        json!(null),
    ] {
        let after = fixer::fix(&catalogue, broken.clone(), &Reach::All);
        assert_eq!(after, broken);
        assert!(!validator::faults(&catalogue, &after).is_empty());
    }
}

#[test]
fn a_foreign_agent_is_fixed_only_where_a_change_touched_it() {
    let catalogue = catalogue();
    let mut before = summary(json!({"style": "Bullet Points", "credentials": {"id": "made in the platform"}}));
    before["links"][1]["is_static"] = json!(true);
    before["nodes"][2]["metadata"]["position"]["x"] = json!(10);
    let same = fixer::fix(&catalogue, before.clone(), &Reach::of_change(&before, &before));
    assert_eq!(same.to_string(), before.to_string());

    let mut after = before.clone();
    after["nodes"][1]["input_default"]["focus"] = json!("prices");
    let fixed = fixer::fix(&catalogue, after.clone(), &Reach::of_change(&before, &after));
    assert_eq!(fixed["nodes"][1]["input_default"]["style"], "bullet points", "the touched node is fixed");
    assert_eq!(fixed["links"][1]["is_static"], false, "so are its links");
    assert!(fixed["nodes"][1]["input_default"]["credentials"].is_object(), "credentials that were connected stay");
    assert_eq!(fixed["nodes"][2], before["nodes"][2], "the others are not");
}

#[test]
fn generated_agents_need_no_fix() {
    let catalogue = catalogue();
    for goal in [
        "Summarise a web page",
        "Find the five newest posts of an RSS feed, summarise each and post the summaries to Discord and e-mail them",
        "Every morning read a spreadsheet and, if a row is urgent, create a Linear issue for it",
    ] {
        let Ok(Decomposition::Instructions { steps, .. }) = Builtin::new().decompose_now(goal, None) else {
            panic!("{goal}")
        };
        let steps: Value = serde_json::from_str(steps.get()).unwrap();
        let Ok(Draft::Agent(agent, _)) = Builtin::new().generate_now(&to_raw_value(&json!({"steps": steps})).unwrap())
        else {
            panic!("{goal}")
        };
        let agent: Value = serde_json::from_str(agent.get()).unwrap();
        let untouched = fixer::fix(&catalogue, agent.clone(), &Reach::All);
        assert_eq!(untouched.to_string(), agent.to_string(), "{goal}");
    }
}
