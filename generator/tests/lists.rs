//! A list of patches is applied completely or not at all: a half-changed agent is worse than the old one.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use generator::{
    Builtin,
    catalogue::Catalogue,
    patcher::list::{self, Patch},
    validator,
};
use serde_json::{Value, json, value::to_raw_value};
use shared::{
    error_type::ErrorType,
    failure::Failure,
    port::{Decomposition, Draft},
};

const OUTPUT: &str = "363ae599-353e-4804-937e-b2ee3cef3da4";

fn catalogue() -> Catalogue {
    Catalogue::embedded().unwrap()
}

/// Nodes: 0 input, 1 page, 2 summary, 3 output. Links: 0 -> 1, 1 -> 2, 2 -> 3.
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

fn patched(agent: &Value, patches: Value) -> Result<Value, Failure> {
    list::apply(&catalogue(), agent, &list::read(&patches)?)
}

fn held(agent: &Value, patches: Value) -> Value {
    let after = patched(agent, patches).unwrap();
    assert_eq!(validator::faults(&catalogue(), &after), Vec::<String>::new());
    after
}

#[test]
fn a_modified_node_keeps_what_the_patch_does_not_name() {
    let mut before = agent();
    before["nodes"][2]["input_default"] = json!({"focus": "prices", "style": "concise"});
    before["nodes"][2]["webhook_id"] = json!("w");
    let id = before["nodes"][2]["id"].clone();
    let changes =
        json!({"input_default": {"style": "bullet points", "focus": null}, "metadata": {"customized_name": "Sum up"}});
    let after = held(
        &before,
        json!({"type": "patch", "intent": "shorter", "patches": [{"type": "modify", "node_id": id, "changes": changes}]}),
    );
    let mut expected = before.clone();
    expected["nodes"][2]["input_default"] = json!({"style": "bullet points"});
    expected["nodes"][2]["metadata"]["customized_name"] = json!("Sum up");
    assert_eq!(after.to_string(), expected.to_string());
}

#[test]
fn an_added_node_gets_links_a_position_and_ids() {
    let before = agent();
    let summary = before["nodes"][2]["id"].clone();
    let after = held(
        &before,
        json!([{"type": "add", "new_nodes": [{"id": "new", "block_id": OUTPUT, "input_default": {"name": "Again"}}],
                "new_links": [{"source_id": summary, "source_name": "summary", "sink_id": "new", "sink_name": "value", "is_static": true}]}]),
    );
    assert_eq!(after["nodes"][4]["metadata"]["position"]["x"], 2400, "it is to the right of its source");
    assert!(after["links"][3]["id"].as_str().is_some_and(|id| !id.is_empty()));
    assert_eq!(after["links"][3]["is_static"], false, "the fixer corrects the link");
    assert_eq!(after["nodes"].as_array().unwrap()[..4], before["nodes"].as_array().unwrap()[..]);
}

#[test]
fn a_removed_node_takes_its_links_with_it() {
    let mut before = agent();
    let output = json!({"id": "second", "block_id": OUTPUT, "input_default": {"name": "Page"}});
    let link = json!({"id": "l", "source_id": before["nodes"][1]["id"], "source_name": "content", "sink_id": "second", "sink_name": "value", "is_static": false});
    before["nodes"].as_array_mut().unwrap().push(output);
    before["links"].as_array_mut().unwrap().push(link);
    let (first, end) = (before["nodes"][3]["id"].clone(), before["links"][2]["id"].clone());
    // The summary would be left without a link: it is removed too.
    let summary = before["nodes"][2]["id"].clone();
    let after = held(&before, json!([{"type": "remove", "node_ids": [first, summary], "link_ids": [end]}]));
    assert_eq!((after["nodes"].as_array().unwrap().len(), after["links"].as_array().unwrap().len()), (3, 2));
}

#[test]
fn a_patch_that_cannot_be_made_changes_nothing() {
    let before = agent();
    let (id, kept) = (before["nodes"][2]["id"].clone(), before.to_string());
    let good = json!({"type": "modify", "node_id": id, "changes": {"input_default": {"focus": "x"}}});
    for (bad, error_type, words) in [
        (
            json!({"type": "modify", "node_id": "gone", "changes": {}}),
            ErrorType::PatchError,
            "patch 2: there is no node with its `node_id`",
        ),
        (json!({"type": "modify", "node_id": id, "changes": {"id": "x"}}), ErrorType::PatchError, "cannot be changed"),
        (
            json!({"type": "remove", "node_ids": ["gone"]}),
            ErrorType::PatchError,
            "an id in its `node_ids` is not that of a node",
        ),
        (
            json!({"type": "remove", "link_ids": ["gone"]}),
            ErrorType::PatchError,
            "an id in its `link_ids` is not that of a link",
        ),
        (
            json!({"type": "add", "new_nodes": [{"id": id, "block_id": OUTPUT}]}),
            ErrorType::PatchError,
            "in use already",
        ),
        (json!({"type": "add", "new_nodes": [{"block_id": "invented"}]}), ErrorType::ValidationError, "1. node"),
        (json!({"type": "add", "new_links": [{"source_id": "a"}]}), ErrorType::ValidationError, "1. link 4 lacks"),
        (json!({"type": "remove", "node_ids": [id]}), ErrorType::ValidationError, "linked to nothing"),
        (
            json!({"type": "remove", "link_ids": [before["links"][1]["id"]]}),
            ErrorType::ValidationError,
            "required input `text`",
        ),
        (
            json!({"type": "modify", "node_id": id, "changes": {"input_default": {"colour": "blue"}}}),
            ErrorType::ValidationError,
            "no input `colour`",
        ),
        (
            json!({"type": "agent", "changes": {"nodes": []}}),
            ErrorType::PatchError,
            "only name, description, recommended_schedule_cron of the agent",
        ),
        (
            json!({"type": "agent", "changes": {"name": 7}}),
            ErrorType::PatchError,
            "the new `name` of the agent is no text",
        ),
        (json!({"type": "agent", "changes": {"name": null}}), ErrorType::PatchError, "is no text"),
        (json!({"type": "turn", "node_id": id}), ErrorType::LlmParseError, "patch 2 cannot be read"),
        (json!(7), ErrorType::LlmParseError, "patch 2 cannot be read"),
    ] {
        let failure = patched(&before, json!([good, bad])).unwrap_err();
        assert_eq!(failure.error_type, error_type, "{bad}: {}", failure.service_error);
        assert!(failure.service_error.contains(words), "{bad}: {}", failure.service_error);
        assert_eq!(before.to_string(), kept);
    }
    assert!(list::read(&json!({"patches": {}})).is_err() && list::read(&json!("no")).is_err());
}

#[test]
fn an_agent_gets_another_name_and_schedule_and_loses_the_schedule_again() {
    let before = agent();
    let changes = json!({"name": "Digest", "recommended_schedule_cron": "0 7 * * *"});
    let after = held(&before, json!([{"type": "agent", "changes": changes}]));
    assert_eq!((&after["name"], &after["recommended_schedule_cron"]), (&json!("Digest"), &json!("0 7 * * *")));
    assert_eq!((&after["description"], &after["nodes"]), (&before["description"], &before["nodes"]));
    let again = held(&after, json!([{"type": "agent", "changes": {"recommended_schedule_cron": null}}]));
    assert_eq!((&again["name"], again.get("recommended_schedule_cron")), (&json!("Digest"), None));
}

#[test]
fn an_empty_list_changes_nothing() {
    let before = agent();
    assert_eq!(patched(&before, json!([])).unwrap().to_string(), before.to_string());
    assert_eq!(
        list::read(&json!([{"type": "remove"}])).unwrap(),
        [Patch::Remove { node_ids: vec![], link_ids: vec![] }]
    );
}
