//! Conditions, waits and numbers of a goal end up in the agent as the person meant them, if possible without a language
//! model.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use generator::{Builtin, catalogue::Catalogue, validator};
use serde_json::{Value, json, value::to_raw_value};
use shared::port::{Decomposition, Draft};

/// A link into a node: input, source block, output.
type Link = (String, String);
/// A node: block, values, links into it.
type Node = (String, Value, Vec<Link>);

fn agent(goal: &str) -> Vec<Node> {
    let catalogue = Catalogue::embedded().unwrap();
    let steps = match Builtin::new().decompose_now(goal, None).unwrap() {
        Decomposition::Instructions { steps, .. } => steps,
        other => panic!("{goal}: {other:?}"),
    };
    let instructions = to_raw_value(&json!({"type": "instructions", "steps": steps})).unwrap();
    let Ok(Draft::Agent(agent, _)) = Builtin::new().generate_now(&instructions) else { panic!("{goal}") };
    let agent: Value = serde_json::from_str(agent.get()).unwrap();
    assert_eq!(validator::faults(&catalogue, &agent), Vec::<String>::new(), "{goal}");
    let nodes = agent["nodes"].as_array().unwrap();
    let name = |node: &Value| catalogue.by_id(node["block_id"].as_str().unwrap()).unwrap().name.clone();
    let named = |id: &Value| name(nodes.iter().find(|node| node["id"] == *id).unwrap());
    nodes
        .iter()
        .map(|node| {
            let links = agent["links"].as_array().unwrap().iter().filter(|link| link["sink_id"] == node["id"]);
            let from = links.map(|link| {
                let output = format!("{}.{}", named(&link["source_id"]), link["source_name"].as_str().unwrap());
                (link["sink_name"].as_str().unwrap().to_owned(), output)
            });
            (name(node), node["input_default"].clone(), from.collect())
        })
        .collect()
}

fn block<'a>(agent: &'a [Node], name: &str) -> (&'a Value, &'a [Link]) {
    let found = agent.iter().find(|(block, ..)| block == name);
    let (_, set, from) = found.unwrap_or_else(|| panic!("no {name} in {agent:?}"));
    (set, from)
}

fn comes_from(links: &[Link], input: &str) -> String {
    links.iter().find(|(name, _)| name == input).map(|(_, output)| output.clone()).unwrap_or_default()
}

#[test]
fn a_number_is_compared_and_the_rest_depends_on_it() {
    let agent = agent("If a number is greater than 10, post it to Slack, otherwise send it to Telegram");
    let (set, from) = block(&agent, "ConditionBlock");
    assert_eq!((&set["operator"], set["value2"].as_f64()), (&json!(">"), Some(10.0)));
    assert_eq!(comes_from(from, "value1"), "AgentNumberInputBlock.result");
    let texts: Vec<String> = agent
        .iter()
        .filter(|(block, ..)| block == "UniversalTypeConverterBlock")
        .map(|(.., from)| comes_from(from, "value"))
        .collect();
    assert_eq!(texts, ["ConditionBlock.yes_output", "ConditionBlock.no_output"], "{agent:?}");
    for sends in ["SendSlackMessageBlock", "SendTelegramMessageBlock"] {
        assert_eq!(comes_from(block(&agent, sends).1, "text"), "UniversalTypeConverterBlock.value", "{agent:?}");
    }
}

#[test]
fn a_word_that_a_text_must_contain_is_looked_for_without_a_language_model() {
    let agent = agent("Read a web page and if the text contains \"sold out (today)\", alert me on Slack");
    let (set, from) = block(&agent, "MatchTextPatternBlock");
    assert_eq!(set["match"], "sold out \\(today\\)");
    assert_eq!(comes_from(from, "text"), "ExtractWebsiteContentBlock.content");
    let (_, slack) = block(&agent, "SendSlackMessageBlock");
    assert_eq!(comes_from(slack, "text"), "MatchTextPatternBlock.positive");
}

#[test]
fn a_comment_goes_to_the_pull_request_that_started_the_agent() {
    let agent = agent("When a pull request is opened on GitHub, review it with AI and comment on it");
    let (_, comment) = block(&agent, "GithubCommentBlock");
    assert_eq!(comes_from(comment, "issue_url"), "FindInDictionaryBlock.output");
    assert_eq!(comes_from(comment, "comment"), "AITextGeneratorBlock.response");
    assert!(!agent.iter().any(|(block, ..)| block == "GithubMakeIssueBlock"), "{agent:?}");
}

#[test]
fn a_quoted_message_is_sent_verbatim_and_only_after_the_steps_before_it() {
    for (goal, before) in [
        ("When my webhook is called, post \"deployed\" to #ops on Slack", "GenericWebhookTriggerBlock.payload"),
        ("Wait an hour, then post \"deployed\" to #ops on Slack", "CountdownTimerBlock.output_message"),
    ] {
        let agent = agent(goal);
        let (template, from) = block(&agent, "FillTextTemplateBlock");
        assert_eq!(template["format"], "deployed", "{goal}");
        assert_eq!(from[0].1, before, "{goal}");
        let (_, slack) = block(&agent, "SendSlackMessageBlock");
        assert_eq!(comes_from(slack, "text"), "FillTextTemplateBlock.output", "{goal}");
    }
}

#[test]
fn calculations_keep_the_order_that_is_meant() {
    for (goal, operation, a, b) in [
        ("add 5 and 7", "Add", json!(5), json!(7)),
        ("subtract 3 from 10", "Subtract", json!(10), json!(3)),
        ("divide the total by 4", "Divide", Value::Null, json!(4)),
        ("subtract the discount from 80", "Subtract", json!(80), Value::Null),
        ("What is 12 times 34?", "Multiply", json!(12), json!(34)),
    ] {
        let agent = agent(goal);
        let (set, from) = block(&agent, "CalculatorBlock");
        assert_eq!(set["operation"], operation, "{goal}");
        // A number that could vary becomes the default of an input.
        let value = |input: &str| match comes_from(from, input).as_str() {
            "" => set[input].clone(),
            _ => block(&agent, "AgentNumberInputBlock").0["value"].clone(),
        };
        assert_eq!((value("a"), value("b")), (a, b), "{goal}");
    }
}

#[test]
fn two_addresses_are_both_read() {
    let agent = agent("Get posts from r/rust and r/programming and summarise them in a Slack message");
    let read: Vec<&Value> =
        agent.iter().filter(|(block, ..)| block == "GetRedditPostsBlock").map(|(_, set, _)| set).collect();
    assert_eq!(read.len(), 2, "{agent:?}");
    let text = format!("{agent:?}");
    assert!(text.contains("String(\"rust\")") && text.contains("String(\"programming\")"), "{text}");
}

#[test]
fn a_sound_recording_that_a_person_gives_is_transcribed() {
    let agent = agent("Transcribe a podcast");
    let (_, from) = block(&agent, "ReplicateModelBlock");
    assert_eq!(comes_from(from, "model_inputs_#_audio"), "AgentShortTextInputBlock.result", "{agent:?}");
}
