//! A change made by a language model: the whole request or nothing.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

mod scripted;

use generator::{Builtin, catalogue::Catalogue, validator};
use scripted::{Scripted, patched, patched_within, says};
use serde_json::{Value, json, value::to_raw_value};
use shared::{
    error_type::ErrorType,
    failure::Called,
    port::{Decomposition, Draft, Drafted},
};

const SUMMARISER: &str = "a0a69be1-4528-491c-a85a-a4ab6873e3f0";

/// Nodes: n1 input, n2 page, n3 summary, n4 output. Links: l1 to l3.
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

fn changed(called: Called<Draft>) -> Value {
    let Ok(Draft::Agent(agent, _)) = called.result else { panic!("{called:?}") };
    serde_json::from_str(agent.get()).unwrap()
}

fn patch(patches: Value) -> Value {
    json!({"type": "patch", "intent": "as wished", "patches": patches})
}

/// Post to Slack as well: adds a node, sets a value, removes a link and a name.
fn to_slack() -> Value {
    patch(json!([
        {"type": "add",
         "new_nodes": [{"id": "new1", "block": "SendSlackMessage", "customized_name": "Tell Slack", "input_default": {"channel": "#news"}},
                       {"id": "new2", "block": "AgentOutputBlock", "input_default": {"name": "Posted"}}],
         "new_links": [{"id": "mine", "source_id": "n3", "source_name": "summary", "sink_id": "new1", "sink_name": "text"},
                       {"source_id": "new1", "source_name": "ts", "sink_id": "new2", "sink_name": "value"}]},
        {"type": "modify", "node_id": "n3", "changes": {"input_default": {"style": "bullet points", "focus": null}, "customized_name": "Sum up"}},
        {"type": "remove", "node_ids": ["n4"], "link_ids": ["l3"]},
    ]))
}

#[tokio::test]
async fn nodes_are_added_changed_and_removed_and_the_rest_stays() {
    let mut before = agent();
    before["nodes"][2]["input_default"] = json!({"focus": "prices"});
    before["nodes"][1]["webhook_id"] = json!("kept");
    let model = Scripted::of([says(to_slack())]);
    let called = patched(&model, "tell Slack instead", &before).await;
    assert_eq!((called.attempts, called.model.as_ref().unwrap().output_tokens), (1, 10));
    let after = changed(called);
    assert_eq!(validator::faults(&Catalogue::embedded().unwrap(), &after), Vec::<String>::new());
    assert_eq!(after["nodes"].as_array().unwrap().len(), 5);
    assert_eq!(after["nodes"].as_array().unwrap()[..2], before["nodes"].as_array().unwrap()[..2]);
    assert_eq!(after["nodes"][2]["input_default"], json!({"style": "bullet points"}));
    assert_eq!(after["nodes"][2]["metadata"]["customized_name"], "Sum up");
    let slack = &after["nodes"][3];
    assert_eq!((&slack["metadata"]["customized_name"], slack.get("block")), (&json!("Tell Slack"), None));
    for id in after["nodes"].as_array().unwrap().iter().chain(after["links"].as_array().unwrap()).map(|one| &one["id"])
    {
        assert!(uuid::Uuid::parse_str(id.as_str().unwrap()).is_ok(), "{id} is not a UUID");
    }
}

#[tokio::test]
async fn an_untouched_number_keeps_its_spelling() {
    let mut text = agent().to_string();
    text = text.replacen("\"input_default\":{", "\"input_default\":{\"value\":1E5,", 1);
    let before = serde_json::value::RawValue::from_string(text).unwrap();
    let model = Scripted::of([says(to_slack())]);
    let call = shared::port::PatchCall {
        update_request: "x",
        current_agent_json: &before,
        library_agents: None,
        operation: None,
    };
    let called = shared::port::AgentGenerator::patch(&model.planner(), call, scripted::soon()).await;
    let Ok(Drafted::Now(Draft::Agent(after, _))) = called.result else { panic!("{called:?}") };
    assert!(after.get().contains("\"value\":1E5"), "{}", after.get());
}

#[tokio::test]
async fn the_model_sees_what_it_needs_of_an_agent_and_no_secret() {
    let mut before = agent();
    before["nodes"][0]["input_default"]["secret"] = json!(true);
    before["nodes"][0]["input_default"]["value"] = json!("hunter2");
    before["nodes"][2]["input_default"] = json!({"focus": "prices", "credentials": {"id": "hunter2"}});
    before["user_id"] = json!("hunter2");
    let foreign = json!({"id": "f", "block_id": "of-another-catalogue", "input_default": {"api_credentials": {"key": "hunter2"}, "x": 1}, "metadata": {}});
    before["nodes"].as_array_mut().unwrap().push(foreign);
    let model = Scripted::of([says(patch(json!([{"type": "agent", "changes": {"name": "Other"}}])))]);
    let after = changed(patched(&model, "rename it", &before).await);
    assert_eq!((&after["name"], &after["nodes"]), (&json!("Other"), &before["nodes"]), "what is not shown is not lost");
    let body = model.asked()[0].body();
    let shown = &body["from_person"]["agent"];
    assert_eq!(
        shown["nodes"][2],
        json!({"id": "n3", "block": "AITextSummarizerBlock", "customized_name": "Summarise a web page", "input_default": {"focus": "prices"}})
    );
    assert_eq!(shown["nodes"][4], json!({"id": "n5", "block_id": "of-another-catalogue", "input_default": {"x": 1}}));
    assert_eq!(
        shown["links"][1],
        json!({"id": "l2", "source_id": "n2", "source_name": "content", "sink_id": "n3", "sink_name": "text"})
    );
    let text = shown.to_string();
    assert!(!text.contains("hunter2") && !text.contains("position"), "{text}");
    let blocks = body["blocks"].as_array().unwrap();
    assert!(blocks.len() < 40 && blocks.iter().any(|block| block["block"] == "ExtractWebsiteContentBlock"));
}

#[tokio::test]
async fn a_patch_that_cannot_be_made_goes_back_once_and_then_changes_nothing() {
    for (bad, class, reason, told) in [
        (
            patch(json!([{"type": "modify", "node_id": "n99", "changes": {}}])),
            ErrorType::PatchError,
            "there is no node with its `node_id`",
            None,
        ),
        (
            patch(json!([{"type": "remove", "node_ids": [], "link_ids": ["l9"]}])),
            ErrorType::PatchError,
            "an id in its `link_ids` is not that of a link",
            None,
        ),
        (
            patch(json!([{"type": "add", "new_nodes": [{"id": "n1", "block": "NoteBlock"}], "new_links": []}])),
            ErrorType::PatchError,
            "in use already",
            None,
        ),
        (
            patch(json!([{"type": "add", "new_nodes": [{"id": "x", "block": "MagicBlock"}]}])),
            ErrorType::ValidationError,
            "patches[0].new_nodes[0].block: not the name",
            None,
        ),
        (
            patch(json!([{"type": "remove", "node_ids": ["n3"]}])),
            ErrorType::ValidationError,
            "linked to nothing",
            Some("connected"),
        ),
        (
            patch(json!([{"type": "modify", "node_id": "n3", "changes": {"input_default": {"colour": 1}}}])),
            ErrorType::ValidationError,
            "no input `colour`",
            Some("values"),
        ),
        (patch(json!([])), ErrorType::LlmParseError, "has no patches", None),
        (patch(json!([{"type": "turn"}])), ErrorType::LlmParseError, "patches[0].type: not one that is known", None),
        (
            patch(json!([{"type": "modify", "node_id": "n3", "changes": {}}])),
            ErrorType::LlmParseError,
            "change nothing",
            None,
        ),
        (json!("Done!"), ErrorType::LlmParseError, "not a JSON object", None),
    ] {
        let model = Scripted::of([says(bad.clone()), says(bad.clone())]);
        let called = patched(&model, "change it", &agent()).await;
        let failure = called.result.unwrap_err();
        assert_eq!(failure.error_type, class, "{bad}: {failure:?}");
        assert!(failure.service_error.contains(told.unwrap_or(reason)), "{bad}: {failure:?}");
        assert_eq!((called.attempts, called.model.unwrap().input_tokens), (2, 200));
        let corrected = Scripted::of([says(bad), says(to_slack())]);
        assert_eq!(changed(patched(&corrected, "change it", &agent()).await)["nodes"].as_array().unwrap().len(), 5);
        assert!(corrected.asked()[1].turns[2].text.contains(reason), "{}", corrected.asked()[1].turns[2].text);
    }
}

#[tokio::test]
async fn an_ambiguous_request_is_asked_about() {
    let model =
        Scripted::of([says(json!({"type": "clarifying_questions", "questions": [{"question": "Which step?"}]}))]);
    let Ok(Draft::ClarifyingQuestions(questions)) = patched(&model, "improve it", &agent()).await.result else {
        panic!()
    };
    assert_eq!((questions[0].question.as_str(), questions[0].keyword.as_str()), ("Which step?", ""));
}

/// A chain of summaries.
fn long(nodes: usize, title: &str) -> Value {
    let node = |at: usize| json!({"id": uuid::Uuid::from_u128(at as u128).to_string(), "block_id": SUMMARISER, "input_default": {"style": "concise"}, "metadata": {"position": {"x": at, "y": 0}, "customized_name": title}});
    let link = |at: usize| json!({"id": uuid::Uuid::from_u128((nodes + at) as u128).to_string(), "source_id": node(at)["id"], "source_name": "summary", "sink_id": node(at + 1)["id"], "sink_name": "text", "is_static": false});
    json!({"name": "long", "description": "", "nodes": (0..nodes).map(node).collect::<Vec<_>>(), "links": (0..nodes - 1).map(link).collect::<Vec<_>>()})
}

#[tokio::test]
async fn an_agent_of_a_thousand_nodes_is_changed_and_one_too_large_for_a_prompt_is_refused() {
    let wish =
        patch(json!([{"type": "modify", "node_id": "n1000", "changes": {"input_default": {"style": "detailed"}}}]));
    let before = long(1_000, "Sum up");
    let model = Scripted::of([says(wish)]);
    let after = changed(patched_within(&model, 128_000, "the last one in detail", &before).await);
    assert_eq!(after["nodes"][999]["input_default"]["style"], "detailed");
    assert_eq!(after["nodes"].as_array().unwrap()[..999], before["nodes"].as_array().unwrap()[..999]);
    assert!(model.asked()[0].turns[0].text.len() < 300_000);

    let called = patched_within(&Scripted::of([]), 128_000, "anything", &long(1_000, &"Sum up ".repeat(20))).await;
    let failure = called.result.unwrap_err();
    assert_eq!((failure.error_type, called.model), (ErrorType::ValidationError, None));
    assert!(failure.service_error.contains("too large for the language model"), "{}", failure.service_error);
}

#[tokio::test]
async fn an_invalid_agent_costs_no_token() {
    for agent in [json!([]), json!({"nodes": 7}), json!({"nodes": [{}], "links": []})] {
        let called = patched(&Scripted::of([]), "change it", &agent).await;
        assert_eq!((called.result.unwrap_err().error_type, called.model), (ErrorType::ValidationError, None));
    }
}
