//! What a person's wish does to an agent: what was asked, nothing else, or nothing at all.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use generator::{Builtin, catalogue::Catalogue, validator};
use serde_json::{Value, json, value::to_raw_value};
use shared::{
    error_type::ErrorType,
    failure::Failure,
    port::{Decomposition, Draft},
};

const BLOCKS: &str = include_str!("../data/blocks.json");

fn agent(goal: &str) -> Value {
    let Ok(Decomposition::Instructions { steps }) = Builtin::new().decompose_now(goal, None) else { panic!("{goal}") };
    let steps: Value = serde_json::from_str(steps.get()).unwrap();
    let Ok(Draft::Agent(agent)) = Builtin::new().generate_now(&to_raw_value(&json!({"steps": steps})).unwrap()) else {
        panic!("{goal}")
    };
    serde_json::from_str(agent.get()).unwrap()
}

fn patched(agent: &Value, wish: &str) -> Result<Draft, Failure> {
    Builtin::new().patch_now(wish, &to_raw_value(agent).unwrap())
}

fn changed(agent: &Value, wish: &str) -> Value {
    match patched(agent, wish) {
        Ok(Draft::Agent(agent)) => {
            let agent: Value = serde_json::from_str(agent.get()).unwrap();
            assert_eq!(
                validator::faults(&Catalogue::from_json(BLOCKS).unwrap(), &agent),
                Vec::<String>::new(),
                "{wish}"
            );
            agent
        }
        other => panic!("{wish}: {other:?}"),
    }
}

fn names(agent: &Value) -> Vec<String> {
    let catalogue = Catalogue::from_json(BLOCKS).unwrap();
    let nodes = agent["nodes"].as_array().unwrap().iter();
    nodes
        .map(|node| {
            catalogue.by_id(node["block_id"].as_str().unwrap()).map_or("?".to_owned(), |block| block.name.clone())
        })
        .collect()
}

fn node<'a>(agent: &'a Value, block: &str) -> &'a Value {
    let at =
        names(agent).iter().position(|name| name == block).unwrap_or_else(|| panic!("{block} in {:?}", names(agent)));
    &agent["nodes"][at]
}

const MAIL: &str = "Summarise a web page and e-mail the summary";
const SLACK: &str = "Read an RSS feed, summarise it and post the summary to Slack";

#[test]
fn a_new_name_or_description_changes_nothing_else() {
    let before = agent(MAIL);
    for (wish, key, value) in [
        ("rename it to Daily Page", "name", "Daily Page"),
        ("Please call it \"News, and more\"", "name", "News, and more"),
        ("change the name to X", "name", "X"),
        ("change its description to Reads a page and mails it", "description", "Reads a page and mails it"),
    ] {
        let mut expected = before.clone();
        expected[key] = json!(value);
        assert_eq!(changed(&before, wish).to_string(), expected.to_string(), "{wish}");
    }
}

#[test]
fn an_added_step_takes_what_is_there() {
    let before = agent(MAIL);
    for (wish, block) in [
        ("add a step that posts the summary to Slack", "SendSlackMessageBlock"),
        ("also send it to Discord", "SendDiscordMessageBlock"),
        ("Post the summary on Telegram too", "SendTelegramMessageBlock"),
        ("add a step which translates the summary into French", "AITextGeneratorBlock"),
        ("save the summary to a Google Doc", "GoogleDocsAppendMarkdownBlock"),
    ] {
        let after = changed(&before, wish);
        let fresh = node(&after, block)["id"].clone();
        let summary = node(&after, "AITextSummarizerBlock")["id"].clone();
        let links = after["links"].as_array().unwrap();
        assert!(links.iter().any(|link| link["source_id"] == summary && link["sink_id"] == fresh), "{wish}");
        assert_eq!(
            &after["nodes"].as_array().unwrap()[..before["nodes"].as_array().unwrap().len()],
            before["nodes"].as_array().unwrap().as_slice(),
            "{wish}"
        );
    }
}

#[test]
fn a_removed_step_leaves_an_agent_that_still_runs() {
    let before = agent(SLACK);
    let after = changed(&before, "delete the summariser");
    assert!(!names(&after).contains(&"AITextSummarizerBlock".to_owned()));
    assert!(names(&after).contains(&"SendSlackMessageBlock".to_owned()));
    let slack = node(&after, "SendSlackMessageBlock")["id"].clone();
    assert!(
        after["links"].as_array().unwrap().iter().any(|link| link["sink_id"] == slack && link["sink_name"] == "text"),
        "the message would be empty"
    );

    let after = changed(&before, "remove the Slack step");
    assert!(!names(&after).contains(&"SendSlackMessageBlock".to_owned()));
    assert!(!after.to_string().contains("Slack channel"), "nobody should be asked for a channel that nothing uses");
}

#[test]
fn a_replaced_step_does_the_same_elsewhere() {
    for wish in [
        "replace Slack with Discord",
        "use Discord instead of Slack",
        "Post it to Discord instead of Slack",
        "swap Slack for Discord",
    ] {
        let after = changed(&agent(SLACK), wish);
        assert!(
            names(&after).contains(&"SendDiscordMessageBlock".to_owned())
                && !names(&after).contains(&"SendSlackMessageBlock".to_owned()),
            "{wish}"
        );
    }
}

#[test]
fn what_comes_in_place_of_a_step_works_on_the_same_and_feeds_the_same() {
    let after = changed(&agent(SLACK), "replace the summariser with a translation into French");
    let (feed, translate, slack) = ("ReadRSSFeedBlock", "AITextGeneratorBlock", "SendSlackMessageBlock");
    assert!(!names(&after).contains(&"AITextSummarizerBlock".to_owned()));
    assert!(leads(&after, feed, translate) && leads(&after, translate, slack), "{:?}", names(&after));
    let text = |agent: &Value| {
        let slack = node(agent, slack)["id"].clone();
        let links = agent["links"].as_array().unwrap();
        links.iter().filter(|link| link["sink_id"] == slack && link["sink_name"] == "text").count()
    };
    assert_eq!(text(&after), 1, "the message has one text");
}

#[test]
fn a_value_is_set_in_the_type_that_its_input_takes() {
    let before = agent(MAIL);
    assert_eq!(
        node(&changed(&before, "set the subject to Hello"), "SendEmailBlock")["input_default"]["subject"],
        "Hello"
    );
    assert_eq!(
        node(&changed(&before, "use model gpt-4o"), "AITextSummarizerBlock")["input_default"]["model"],
        "gpt-4o"
    );
    assert_eq!(
        node(&changed(&before, "change the style to Bullet Points"), "AITextSummarizerBlock")["input_default"]["style"],
        "bullet points"
    );
    let feed = agent(SLACK);
    assert_eq!(
        node(&changed(&feed, "change the polling rate to 60"), "ReadRSSFeedBlock")["input_default"]["polling_rate"],
        60
    );
    assert_eq!(
        node(&changed(&feed, "set run continuously to yes"), "ReadRSSFeedBlock")["input_default"]["run_continuously"],
        true
    );
    let channel = changed(&feed, "set the Slack channel to #general");
    assert!(channel["nodes"].as_array().unwrap().iter().any(|node| node["input_default"]["value"] == "#general"));
}

#[test]
fn several_wishes_in_one_request_are_all_granted() {
    let after = changed(
        &agent(MAIL),
        "Rename it to Digest and add a step that posts the summary to Slack, then set the subject to \"Your digest\"",
    );
    assert_eq!(after["name"], "Digest");
    assert!(names(&after).contains(&"SendSlackMessageBlock".to_owned()));
    assert_eq!(node(&after, "SendEmailBlock")["input_default"]["subject"], "Your digest");
}

#[test]
fn a_wish_that_nobody_understands_is_asked_about_with_an_example() {
    for wish in ["hmm", "make it better", "blue", "please", "????"] {
        match patched(&agent(MAIL), wish) {
            Ok(Draft::ClarifyingQuestions(questions)) => {
                assert!(questions.len() == 1 && questions[0].example.is_some(), "{wish}")
            }
            other => panic!("{wish}: {other:?}"),
        }
    }
}

#[test]
fn an_open_choice_is_asked_about_and_the_context_settles_it() {
    let before = agent("Summarise a web page");
    assert!(matches!(patched(&before, "notify me when it is done"), Ok(Draft::ClarifyingQuestions(_))));
    let after = changed(&before, "notify me when it is done\n\nAdditional context:\nSlack");
    assert!(names(&after).contains(&"SendSlackMessageBlock".to_owned()));
}

#[test]
fn a_change_that_cannot_be_made_says_what_there_is() {
    for (wish, words) in [
        ("remove the Discord step", "Summarise"),
        ("set the colour to blue", "subject"),
        ("change the max tokens to many", "integer"),
        ("set the style to baroque", "bullet points"),
        ("use model gpt-99", "gpt-4o"),
        ("add a step that books a flight", "books a flight"),
        ("rename it to X and remove the Discord step", "Summarise"),
    ] {
        match patched(&agent(MAIL), wish) {
            Err(failure) => {
                assert_eq!(failure.error_type, ErrorType::PatchError, "{wish}");
                assert!(failure.service_error.contains(words), "{wish}: {}", failure.service_error);
            }
            other => panic!("{wish}: {other:?}"),
        }
    }
}

#[test]
fn the_last_working_step_is_not_taken_away() {
    let failure = patched(&agent("Find the best restaurants in Rome"), "remove the search step").unwrap_err();
    assert_eq!(failure.error_type, ErrorType::PatchError);
}

#[test]
fn an_agent_from_elsewhere_keeps_what_we_do_not_know() {
    let text = r#"{"zeta":1.50,"id":"a-1","version":3,"name":"Old","nodes":[{"id":"n1","block_id":"11111111-2222-4333-8444-555555555555","input_default":{"x":1e400},"metadata":{"position":{"x":0,"y":0}},"webhook_id":null},{"id":"n2","block_id":"unknown"}],"links":[{"id":"l1","source_id":"n1","source_name":"a","sink_id":"n2","sink_name":"b"}],"alpha":[1.0,2e5,2E-7,"2e5",-0.0,2e+5]}"#;
    let raw = serde_json::value::RawValue::from_string(text.to_owned()).unwrap();
    let Ok(Draft::Agent(agent)) = Builtin::new().patch_now("rename it to New", &raw) else { panic!() };
    assert_eq!(agent.get(), text.replace("\"Old\"", "\"New\""));
}

#[test]
fn an_agent_that_is_none_is_refused_and_nothing_breaks() {
    for agent in [
        json!({}),
        json!({"nodes": []}),
        json!({"nodes": {}, "links": []}),
        json!({"nodes": [1], "links": []}),
        json!({"nodes": [{"id": 1, "block_id": null}], "links": []}),
        json!({"nodes": [{"id": "a", "block_id": "b", "input_default": 7}], "links": []}),
        json!({"nodes": [], "links": [null]}),
        json!({"nodes": [{"id": "a", "block_id": "b"}, {"id": "a", "block_id": "b"}], "links": []}),
        json!({"nodes": [], "links": [{"source_id": "x", "source_name": "y", "sink_id": "z", "sink_name": "w"}]}),
    ] {
        match patched(&agent, "rename it to X") {
            Err(failure) => assert_eq!(failure.error_type, ErrorType::ValidationError, "{agent}"),
            other => panic!("{agent}: {other:?}"),
        }
    }
}

#[test]
fn an_empty_agent_can_be_renamed_and_built_on() {
    let empty = json!({"name": "Empty", "nodes": [], "links": []});
    assert!(matches!(patched(&empty, "rename it to X"), Ok(Draft::Agent(_))));
    let after = changed(&empty, "add a step that reads an RSS feed and a step that posts the entries to Slack");
    assert!(names(&after).contains(&"ReadRSSFeedBlock".to_owned()));
}

/// The names of the blocks along the links, from the one to the other: whether what one gives reaches the other.
fn leads(agent: &Value, from: &str, to: &str) -> bool {
    let (from, to) = (node(agent, from)["id"].clone(), node(agent, to)["id"].clone());
    let mut open = vec![from];
    let mut seen: Vec<Value> = Vec::new();
    while let Some(at) = open.pop() {
        for link in agent["links"].as_array().unwrap().iter().filter(|link| link["source_id"] == at) {
            if !seen.contains(&link["sink_id"]) {
                seen.push(link["sink_id"].clone());
                open.push(link["sink_id"].clone());
            }
        }
    }
    seen.contains(&to)
}

const TRANSLATED: &str = "Read a web page, translate it into French, summarise it and post the summary to Slack";

#[test]
fn steps_change_their_order_and_the_result_still_arrives() {
    let before = agent(TRANSLATED);
    let (translate, summarise) = ("AITextGeneratorBlock", "AITextSummarizerBlock");
    assert!(leads(&before, translate, summarise));
    for wish in [
        "summarise before translating",
        "Please summarise it before you translate it",
        "move the summary before the translation",
        "move the translation after the summary",
        "translate after summarising",
    ] {
        let after = changed(&before, wish);
        assert!(leads(&after, summarise, translate) && !leads(&after, translate, summarise), "{wish}");
        assert!(leads(&after, translate, "SendSlackMessageBlock"), "{wish}: nothing would be posted");
        assert!(leads(&after, "ExtractWebsiteContentBlock", summarise), "{wish}: there would be nothing to summarise");
        let x = |block: &str| node(&after, block)["metadata"]["position"]["x"].as_i64().unwrap();
        assert!(x(summarise) < x(translate), "{wish}: the drawing would read from right to left");
        assert_eq!(names(&after).len(), names(&before).len(), "{wish}");
    }
}

#[test]
fn an_order_that_is_so_already_or_that_cannot_be_is_said_and_not_pretended() {
    for (goal, wish, words) in [
        (TRANSLATED, "translate before summarising", "already"),
        (TRANSLATED, "move the summary before the summary", "itself"),
        (TRANSLATED, "move the summary before the web page", "begins the work"),
        (TRANSLATED, "move the weather before the summary", "There is no step"),
        ("Summarise a web page, post it to Slack and post it to Discord", "move Slack before Discord", "do not wait"),
    ] {
        match patched(&agent(goal), wish) {
            Err(failure) => assert!(failure.service_error.contains(words), "{wish}: {}", failure.service_error),
            other => panic!("{wish}: {other:?}"),
        }
    }
}

#[test]
fn a_new_step_comes_where_it_was_wished() {
    let before = agent(SLACK);
    for wish in [
        "translate the summary into French before posting it to Slack",
        "add a step that translates the summary into French before the Slack step",
    ] {
        let after = changed(&before, wish);
        let (translate, summarise) = ("AITextGeneratorBlock", "AITextSummarizerBlock");
        assert!(leads(&after, summarise, translate) && leads(&after, translate, "SendSlackMessageBlock"), "{wish}");
        let slack = node(&after, "SendSlackMessageBlock")["id"].clone();
        let translated = node(&after, translate)["id"].clone();
        let links = after["links"].as_array().unwrap().iter().filter(|link| link["sink_id"] == slack);
        assert!(links.into_iter().any(|link| link["source_id"] == translated), "{wish}");
    }
}

#[test]
fn what_a_step_gives_is_shown_when_that_is_wished() {
    let before = agent(SLACK);
    for (wish, output) in [
        ("also output the entries", "entries"),
        ("add an output for the feed", "entries"),
        ("output the channel of the Slack message", "channel"),
    ] {
        let after = changed(&before, wish);
        let fresh = after["nodes"].as_array().unwrap().last().unwrap()["id"].clone();
        let link = after["links"].as_array().unwrap().iter().find(|link| link["sink_id"] == fresh).unwrap();
        assert_eq!(link["source_name"], output, "{wish}");
        assert_eq!(names(&after).len(), names(&before).len() + 1, "{wish}");
    }
    let failure = patched(&before, "also output the summary").unwrap_err();
    assert!(failure.service_error.contains("already"), "{}", failure.service_error);
}

#[test]
fn a_value_that_is_cleared_is_gone_and_the_step_still_runs() {
    let before = changed(&agent(MAIL), "set the focus to prices and set the subject to News");
    assert_eq!(node(&before, "AITextSummarizerBlock")["input_default"]["focus"], "prices");
    let after = changed(&before, "clear the focus and clear the subject");
    assert!(node(&after, "AITextSummarizerBlock")["input_default"].get("focus").is_none());
    assert_eq!(node(&after, "SendEmailBlock")["input_default"]["subject"], "", "it is required: it becomes empty");
}
