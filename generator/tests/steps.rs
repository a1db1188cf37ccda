//! Foreign steps become an agent, or the faulty step is named.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use generator::{Builtin, catalogue::Catalogue, validator};
use serde_json::{Value, json, value::to_raw_value};
use shared::{
    error_type::ErrorType,
    failure::Failure,
    port::{Decomposition, Draft},
};

fn generated(instructions: Value) -> Result<Draft, Failure> {
    Builtin::new().generate_now(&to_raw_value(&instructions).unwrap())
}

fn blocks(steps: Value) -> Vec<String> {
    let catalogue = Catalogue::embedded().unwrap();
    match generated(json!({"type": "instructions", "steps": steps})) {
        Ok(Draft::Agent(agent, _)) => {
            let agent: Value = serde_json::from_str(agent.get()).unwrap();
            assert_eq!(validator::faults(&catalogue, &agent), Vec::<String>::new());
            let nodes = agent["nodes"].as_array().unwrap();
            nodes.iter().map(|node| catalogue.by_id(node["block_id"].as_str().unwrap()).unwrap().name.clone()).collect()
        }
        other => panic!("{steps}: {other:?}"),
    }
}

#[test]
fn steps_in_plain_words_are_planned() {
    let blocks = blocks(json!(["Read the RSS feed", "Summarise it", "Post the summary to Slack"]));
    let order: Vec<usize> = [
        "AgentShortTextInputBlock",
        "ReadRSSFeedBlock",
        "AITextSummarizerBlock",
        "SendSlackMessageBlock",
        "AgentOutputBlock",
    ]
    .iter()
    .map(|name| blocks.iter().position(|block| block == name).unwrap_or_else(|| panic!("{name} in {blocks:?}")))
    .collect();
    assert!(order.is_sorted(), "{blocks:?}");
}

#[test]
fn steps_that_name_blocks_in_any_way_are_assembled() {
    for steps in [
        json!([{"block_name": "ExtractWebsiteContentBlock"}, {"block_name": "AITextSummarizerBlock"}]),
        json!([{"tool": "Extract Website Content"}, {"name": "ai_text_summarizer"}]),
        json!([{"description": "Get it", "block_id": "436c3984-57fd-4b85-8e9a-459b356883bd"}, {"action": "AITextSummarizer"}]),
        json!([{"description": "Read the web page"}, {"action": "Summarise it"}]),
    ] {
        let blocks = blocks(steps.clone());
        assert!(
            blocks.contains(&"ExtractWebsiteContentBlock".to_owned())
                && blocks.contains(&"AITextSummarizerBlock".to_owned()),
            "{steps}: {blocks:?}"
        );
    }
}

#[test]
fn declared_inputs_and_outputs_are_not_duplicated() {
    let blocks = blocks(json!([
        {"step_number": 1, "block_name": "AgentInputBlock", "description": "The page", "inputs": [{"name": "name", "value": "Address"}]},
        {"step_number": 2, "block_name": "ExtractWebsiteContentBlock", "inputs": [{"name": "url", "value": "{{step_1.result}}"}]},
        {"step_number": 3, "block_name": "AITextSummarizerBlock", "inputs": [{"name": "text", "value": "content of step 2"}, {"name": "style", "value": "bullet points"}]},
        {"step_number": 4, "block_name": "AgentOutputBlock", "description": "The summary"},
    ]));
    assert_eq!(blocks, ["AgentInputBlock", "ExtractWebsiteContentBlock", "AITextSummarizerBlock", "AgentOutputBlock"]);
}

#[test]
fn any_block_of_the_catalogue_can_be_named_in_a_step() {
    let catalogue = Catalogue::embedded().unwrap();
    // The outputs of another agent are unknown here: a step that runs one cannot be wired.
    for block in catalogue.blocks().iter().filter(|block| block.name != "AgentExecutorBlock") {
        let result = generated(json!({"steps": [{"block_name": block.name, "description": "Use it"}]}));
        match result {
            Ok(Draft::Agent(agent, _)) => {
                let agent: Value = serde_json::from_str(agent.get()).unwrap();
                assert_eq!(validator::faults(&catalogue, &agent), Vec::<String>::new(), "{}", block.name);
            }
            // It takes nothing: something before it or after it has to start the agent.
            Err(failure) if failure.service_error.contains("neither an input nor a trigger") => {
                assert!(
                    block.input_schema().properties.iter().all(|(name, _)| block.is_credential(name)),
                    "{}",
                    block.name
                );
            }
            other => panic!("{}: {other:?}", block.name),
        }
    }
}

#[test]
fn steps_without_content_are_refused_by_number() {
    for (instructions, words) in [
        (json!({}), "steps"),
        (json!({"steps": null}), "steps"),
        (json!({"steps": []}), "no steps"),
        (json!({"steps": "x"}), "array"),
        (json!({"steps": [{}]}), "step 1"),
        (json!({"steps": ["Read the RSS feed", 7]}), "step 2"),
        (json!({"steps": ["Read the RSS feed", "Fly to the moon"]}), "step 2"),
        (json!({"steps": [{"block_name": "NoSuchThing"}]}), "step 1"),
        (json!({"steps": [null, [], true]}), "step 3"),
    ] {
        match generated(instructions.clone()) {
            Err(failure) => {
                assert_eq!(failure.error_type, ErrorType::ValidationError);
                assert!(
                    failure.service_error.contains(words) && failure.service_error.contains("\n1. "),
                    "{instructions}: {}",
                    failure.service_error
                );
            }
            other => panic!("{instructions}: {other:?}"),
        }
    }
}

#[test]
fn an_agent_keeps_its_name_and_schedule_when_a_person_rewords_a_step() {
    let goal = "Every weekday at 8:00, read an RSS feed, summarise it and post it to Slack";
    let Decomposition::Instructions { steps, .. } = Builtin::new().decompose_now(goal, None).unwrap() else {
        panic!("{goal} is not planned")
    };
    let mut steps: Value = serde_json::from_str(steps.get()).unwrap();
    let agent = steps[0]["agent"].clone();
    assert_eq!(agent["recommended_schedule_cron"], "0 8 * * 1-5", "{agent}");
    let step = steps.as_array().unwrap().iter().position(|step| step["block_name"] == "AITextSummarizerBlock").unwrap();
    steps[step] = json!({"step_number": step + 1, "description": "Translate it into French"});
    let Ok(Draft::Agent(made, _)) = generated(json!({"steps": steps})) else { panic!("{steps}") };
    let made: Value = serde_json::from_str(made.get()).unwrap();
    assert_eq!(
        [&made["name"], &made["recommended_schedule_cron"]],
        [&agent["name"], &agent["recommended_schedule_cron"]]
    );
}
