//! A change in plain words: exactly what was requested, or nothing.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

mod afresh;
mod chats;
mod fixture;
mod fresh;
mod guarded;
mod kinds;
mod looks;
mod meant;
mod order;
mod passing;
mod reading;
mod sound;
mod texts;
mod wished;
mod worded;

use fixture::{MAIL, SLACK, agent, changed, leads, names, node, patched};
use generator::Builtin;
use serde_json::{Value, json};
use shared::{account::What, error_type::ErrorType, port::Draft};

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
fn an_added_step_uses_the_results_of_earlier_steps() {
    let before = agent(MAIL);
    for (wish, block) in [
        ("add a step that posts the summary to Slack", "SendSlackMessageBlock"),
        ("also send it to Discord", "SendDiscordMessageBlock"),
        ("Post the summary on Telegram too", "SendTelegramMessageBlock"),
        ("add a step which translates the summary into French", "AITextGeneratorBlock"),
        ("save the summary to a Google Doc", "GoogleDocsCreateBlock"),
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
fn a_removed_step_leaves_a_valid_agent() {
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
    assert!(!after.to_string().contains("Slack channel"), "the agent asks for a channel that nothing uses");
}

#[test]
fn a_name_in_quotes_is_removed_whole() {
    let mut before = agent(SLACK);
    for (block, title) in [("AITextSummarizerBlock", "Sum up, just the facts"), ("SendSlackMessageBlock", "Sum up")] {
        let at = names(&before).iter().position(|name| name == block).unwrap();
        before["nodes"][at]["metadata"]["customized_name"] = json!(title);
    }
    let after = changed(&before, "remove the step \"Sum up, just the facts\"");
    assert!(!names(&after).contains(&"AITextSummarizerBlock".to_owned()));
    assert!(names(&after).contains(&"SendSlackMessageBlock".to_owned()));
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
fn a_replacement_has_the_links_of_the_step_it_replaces() {
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
fn a_value_gets_the_type_of_its_input() {
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
fn several_changes_in_one_request_are_all_made() {
    let after = changed(
        &agent(MAIL),
        "Rename it to Digest and add a step that posts the summary to Slack, then set the subject to \"Your digest\"",
    );
    assert_eq!(after["name"], "Digest");
    assert!(names(&after).contains(&"SendSlackMessageBlock".to_owned()));
    assert_eq!(node(&after, "SendEmailBlock")["input_default"]["subject"], "Your digest");
}

#[test]
fn an_unclear_request_is_asked_about_with_an_example() {
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
fn a_prompt_that_is_told_to_send_something_would_send_nothing() {
    let before = agent(MAIL);
    for wish in ["send it to my boss boss@example.org in copy", "add a cover image to the e-mail"] {
        if let Ok(Draft::Agent(after, account)) = patched(&before, wish) {
            let after: Value = serde_json::from_str(after.get()).unwrap();
            let prompt = &node(&after, "AITextSummarizerBlock")["input_default"];
            assert_eq!(prompt, &node(&before, "AITextSummarizerBlock")["input_default"], "{wish}");
            assert!(!account.left_out.is_empty() || names(&after).len() > names(&before).len(), "{wish}");
        }
    }
}

#[test]
fn how_long_a_text_is_to_be_is_no_remark() {
    let before = agent("Read an RSS feed, write a report about it and post the report to Slack");
    let after = changed(&before, "make it half as long and post it to Discord too");
    assert!(after.to_string().to_lowercase().contains("half as long"), "{after}");
}

#[test]
fn an_approval_that_stands_before_everything_that_goes_out_stays_there() {
    let before = agent("Write a haiku, let me approve it, and tweet it");
    let refused = patched(&before, "let me approve it before it goes out").unwrap_err();
    assert_eq!(refused.error_type, ErrorType::PatchError);
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
fn the_last_working_step_is_not_removed() {
    let failure = patched(&agent("Find the best restaurants in Rome"), "remove the search step").unwrap_err();
    assert_eq!(failure.error_type, ErrorType::PatchError);
}

#[test]
fn a_foreign_agent_keeps_unknown_blocks_and_keys() {
    let text = r#"{"zeta":1.50,"id":"a-1","version":3,"name":"Old","nodes":[{"id":"n1","block_id":"11111111-2222-4333-8444-555555555555","input_default":{"x":1e400},"metadata":{"position":{"x":0,"y":0}},"webhook_id":null},{"id":"n2","block_id":"unknown"}],"links":[{"id":"l1","source_id":"n1","source_name":"a","sink_id":"n2","sink_name":"b"}],"alpha":[1.0,2e5,2E-7,"2e5",-0.0,2e+5]}"#;
    let raw = serde_json::value::RawValue::from_string(text.to_owned()).unwrap();
    let Ok(Draft::Agent(agent, _)) = Builtin::new().patch_now("rename it to New", &raw) else { panic!() };
    assert_eq!(agent.get(), text.replace("\"Old\"", "\"New\""));
}

#[test]
fn a_malformed_agent_is_refused_without_a_crash() {
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
fn an_empty_agent_can_be_renamed_and_extended() {
    let empty = json!({"name": "Empty", "nodes": [], "links": []});
    assert!(matches!(patched(&empty, "rename it to X"), Ok(Draft::Agent(..))));
    let after = changed(&empty, "add a step that reads an RSS feed and a step that posts the entries to Slack");
    assert!(names(&after).contains(&"ReadRSSFeedBlock".to_owned()));
}

#[test]
fn the_result_of_a_step_becomes_an_output_on_request() {
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
fn a_cleared_value_is_gone_and_the_agent_is_valid() {
    let before = changed(&agent(MAIL), "set the focus to prices and set the subject to News");
    assert_eq!(node(&before, "AITextSummarizerBlock")["input_default"]["focus"], "prices");
    let after = changed(&before, "clear the focus and clear the subject");
    assert!(node(&after, "AITextSummarizerBlock")["input_default"].get("focus").is_none());
    assert_eq!(node(&after, "SendEmailBlock")["input_default"]["subject"], "", "it is required: it becomes empty");
}

#[test]
fn a_step_stays_if_only_an_empty_dictionary_would_be_left_of_what_it_gives() {
    let before = agent("When a webhook is received, e-mail its body to me@example.com");
    assert_eq!(node(&before, "FillTextTemplateBlock")["input_default"]["values"], json!({}));
    let refused = patched(&before, "remove the webhook trigger").unwrap_err();
    assert!(refused.service_error.contains("(`values`)"), "{refused:?}");
}

#[test]
fn an_input_that_nothing_uses_is_not_added_under_a_name_that_nobody_gave() {
    // No step has an input for a language: which one should use it, only the person knows.
    let asked = patched(&agent("Summarise a text"), "Add an input for the language");
    assert!(matches!(asked, Ok(Draft::ClarifyingQuestions(_))), "{asked:?}");
    let refused = patched(&agent("Summarise a text"), "Add an output for the language").unwrap_err();
    assert_eq!(refused.error_type, ErrorType::PatchError, "{refused:?}");
}

#[test]
fn a_person_reads_what_a_wish_changed_and_what_it_did_not() {
    let told = |agent: &Value, wish: &str| match patched(agent, wish) {
        Ok(Draft::Agent(_, account)) => account.edit.unwrap(),
        other => panic!("{wish}: {other:?}"),
    };
    let before = agent(MAIL);
    let edit = told(&before, "Rename it to Page digest");
    assert_eq!(edit.summary, "Renamed the agent to \"Page digest\".");
    let edit = told(&agent(SLACK), "Set the channel to \"#dev\"");
    let what: Vec<_> = edit.changes.iter().map(|change| (change.what, change.path.as_deref())).collect();
    assert!(what.contains(&(What::Value, Some("value"))), "{what:?}");
    assert!(edit.summary.contains("the value of \"Slack channel\" to \"#dev\""), "{}", edit.summary);
    let name = before["name"].as_str().unwrap();
    let edit = told(&before, &format!("Rename it to \"{name}\""));
    assert_eq!((edit.changes.len(), edit.summary.as_str()), (0, "Nothing had to be changed in the agent."));
}

#[test]
fn a_wish_to_change_what_is_there_does_not_become_a_step_of_a_language_model() {
    let before = agent(SLACK);
    for wish in
        ["make the message shorter", "use Fahrenheit", "also allow the label 'security'", "run it at 7 instead of 8"]
    {
        let answer = patched(&before, wish);
        let added = match &answer {
            Ok(Draft::Agent(after, _)) => {
                names(&serde_json::from_str(after.get()).unwrap()).len() > names(&before).len()
            }
            _ => false,
        };
        assert!(!added, "{wish}: {answer:?}");
    }
}

#[test]
fn a_wish_that_is_done_in_part_says_what_is_left_out() {
    let after = patched(&agent(MAIL), "rename it to X and remove the Discord step");
    let Ok(Draft::Agent(_, account)) = after else { panic!("{after:?}") };
    assert_eq!(account.left_out[0].text, "remove the Discord step");
    // A reason asks for nothing; a value that nothing takes was given for something.
    for (wish, left) in [("rename it to X. I read it on the train.", 0), ("rename it to X. Its chat id is 90210.", 1)] {
        let Ok(Draft::Agent(_, account)) = patched(&agent(MAIL), wish) else { panic!("{wish}") };
        assert_eq!(account.left_out.len(), left, "{wish}: {:?}", account.left_out);
    }
    let wish = "post the summary to Telegram, and if possible fax it to my office";
    match patched(&agent(SLACK), wish) {
        Ok(Draft::Agent(after, account)) => {
            assert!(after.get().contains("Telegram"));
            assert!(account.left_out.iter().any(|left| left.text.contains("fax")), "{:?}", account.left_out);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_question_is_answered_by_what_the_agent_does_and_changes_nothing() {
    let refused = patched(&agent(MAIL), "What does the last step do?").unwrap_err();
    assert!(refused.service_error.contains("sends"), "{}", refused.service_error);
}

#[test]
fn no_step_is_added_for_an_order_that_names_nothing_to_make() {
    let before = agent(MAIL);
    for wish in ["it does not work, please fix it", "take the develop branch"] {
        assert!(!matches!(patched(&before, wish), Ok(Draft::Agent(..))), "{wish}");
    }
}

#[test]
fn what_is_said_of_one_step_changes_that_step_alone() {
    let before = agent(MAIL);
    let after = changed(&before, "In the summary step, write three sentences");
    let differs = |key: &str| {
        let old = before["nodes"].as_array().unwrap().iter();
        old.zip(after["nodes"].as_array().unwrap()).filter(|(old, new)| old[key] != new[key]).count()
    };
    assert_eq!(differs("input_default"), 1);
    assert!(node(&after, "AITextSummarizerBlock")["input_default"].to_string().contains("hree sentences"));
}
