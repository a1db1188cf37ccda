//! An agent as the platform exports it goes through a change and through the checks, and nothing of it is lost.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use std::sync::LazyLock;

use generator::{Builtin, catalogue::Catalogue, validator};
use proptest::{collection::vec, prelude::*, sample::select, test_runner::Config};
use serde_json::{Value, value::RawValue};
use shared::port::Draft;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::embedded().unwrap());
static BUILTIN: LazyLock<Builtin> = LazyLock::new(Builtin::new);

/// Keys that the platform writes beside those that an agent needs, and keys that nobody knows.
const KEYS: [&str; 14] = [
    "user_id",
    "created_at",
    "webhook_id",
    "webhook",
    "sub_graphs",
    "credentials_input_schema",
    "trigger_setup_info",
    "has_external_trigger",
    "forked_from_id",
    "Ünknown key",
    "x-\\\"quoted\\\"",
    "graph_version",
    "",
    "input_schema",
];

/// JSON texts whose every byte counts; texts are escaped no more than they have to be.
const VALUES: [&str; 12] = [
    "null",
    "true",
    "1.50",
    "1e5",
    "-0.0",
    "12345678901234567890123",
    "\"ü\u{2028}\"",
    "\"a\\\\b/c\\n\\\"\"",
    "[]",
    "{}",
    "[{\"z\":1,\"a\":[1.0,{\"b\":null}]}]",
    "{\"b\":{\"id\":\"node\"},\"a\":\"{{x}}\"}",
];

/// More entries of an object, each with its comma.
fn extras(own: &'static [&'static str]) -> impl Strategy<Value = String> {
    let entry = (select(&KEYS[..]), select(&VALUES[..]));
    vec(entry, 0..5).prop_map(move |entries| {
        let mut seen: Vec<&str> = own.to_vec();
        let mut text = String::new();
        for (key, value) in entries {
            if !seen.contains(&key) {
                seen.push(key);
                text.push_str(&format!(",\"{key}\":{value}"));
            }
        }
        text
    })
}

fn block(name: &str) -> &'static str {
    &CATALOGUE.by_name(name).unwrap().id
}

/// An agent with extras at every level: `[agent, node, metadata, position, link]`.
fn exported(name: &str, extras: &[String; 5]) -> String {
    let [agent, node, metadata, position, link] = extras;
    let links = format!(
        r#"{{"id":"l","source_id":"in","source_name":"result","sink_id":"out","sink_name":"value","is_static":true{link}}}"#
    );
    let nodes = [
        ("in", "AgentInput", "Text", "[]", &*format!("[{links}]")),
        ("out", "AgentOutput", "Copy", &*format!("[{links}]"), "[]"),
    ];
    let nodes = nodes.map(|(id, kind, title, before, after)| {
        format!(
            r#"{{"id":"{id}","block_id":"{}","input_default":{{"name":"{title}"}},"metadata":{{"position":{{"x":0.50,"y":1{position}}}{metadata}}},"input_links":{before},"output_links":{after},"graph_id":"g"{node}}}"#,
            block(kind)
        )
    });
    format!(
        r#"{{"id":"g","version":7,"is_active":true,"name":"{name}","description":"d","nodes":[{}],"links":[{links}]{agent}}}"#,
        nodes.join(",")
    )
}

fn changed(agent: &str, wish: &str) -> String {
    let agent = RawValue::from_string(agent.to_owned()).unwrap();
    match BUILTIN.patch_now(wish, &agent).unwrap() {
        Draft::Agent(agent, _) => agent.get().to_owned(),
        Draft::ClarifyingQuestions(questions) => panic!("{questions:?}"),
    }
}

proptest! {
    #![proptest_config(Config { cases: 64, failure_persistence: None, ..Config::default() })]

    #[test]
    fn what_nobody_here_knows_survives_a_change_byte_for_byte(
        agent in extras(&["id", "name", "nodes", "links"]),
        node in extras(&["id", "graph_id"]),
        metadata in extras(&["position"]),
        position in extras(&["x", "y"]),
        link in extras(&["id"]),
    ) {
        let extras = [agent, node, metadata, position, link];
        let before = exported("x", &extras);
        prop_assert_eq!(changed(&before, "Rename it to y"), exported("y", &extras));
        let agent: Value = serde_json::from_str(&before).unwrap();
        prop_assert_eq!(validator::faults(&CATALOGUE, &agent), Vec::<String>::new());
    }
}

#[test]
fn a_step_that_is_added_leaves_the_rest_of_an_export_as_it_was() {
    let extras = [
        ",\"user_id\":\"u\",\"sub_graphs\":[{\"id\":\"s\",\"nodes\":[]}]",
        ",\"webhook_id\":null",
        "",
        ",\"z\":1e5",
        ",\"extra\":1.50",
    ];
    let extras = extras.map(str::to_owned);
    let before = exported("x", &extras);
    let after = changed(&before, "Also post the text to the Slack channel #news");
    let (before, after): (Value, Value) =
        (serde_json::from_str(&before).unwrap(), serde_json::from_str(&after).unwrap());
    for list in ["nodes", "links"] {
        for one in before[list].as_array().unwrap() {
            assert!(after[list].as_array().unwrap().contains(one), "{one}\n{after}");
        }
    }
    for (key, value) in
        before.as_object().unwrap().iter().filter(|(key, _)| !["nodes", "links"].contains(&key.as_str()))
    {
        assert_eq!(&after[key], value, "{key}");
    }
    assert!(after["nodes"].as_array().unwrap().len() > 2);
}
