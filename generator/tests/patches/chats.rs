//! Wishes as they stand in chats: cases that are asked, texts in front of texts, a time said of what goes out.

use serde_json::json;

use crate::{
    fixture::{MAIL, SLACK, agent, changed, leads, node},
    kinds::{count, left, source},
    meant::{refused, valued, with},
};

const WATCHED: &str = "Every day at 8:00, read an RSS feed, summarise it and post the summary to Slack";
const TWEET: &str = "Read a blog post from a web page, write a tweet about it and post the tweet";
const STANDUP: &str = "Every weekday at 9am post \"Daily standup starting soon\" to the Slack channel #standup";
const BOTH: &str = "Summarise meeting notes, post the summary to Slack and mail it";
const BOT: &str = "When a Telegram message arrives, answer it with AI and send the answer";
const SHEET: &str = "Read leads from a Google Sheet and for each lead write a personal email and send it with Gmail";

#[test]
fn a_case_may_be_asked() {
    for wish in ["too long? then shorten it", "In English? translate it to German", "Rude? Rewrite it politely."] {
        let after = changed(&agent(TWEET), wish);
        assert!(after.to_string().contains("Otherwise leave it"), "{wish}");
    }
    let after = changed(&agent(WATCHED), "nothing new? then don't post it");
    assert_eq!(count(&after, "ListDifferenceBlock"), 1);
    let search = agent("Search the web for AI news and mail the results");
    let why = refused(&search, "nothing new? then don't mail me");
    assert!(why.contains("earlier run"), "it would be mailed never again: {why}");
    // A question stays one.
    assert!(!refused(&agent(MAIL), "What does it do? Explain it").is_empty());
}

#[test]
fn words_come_in_front_of_a_text_or_behind_it() {
    for (wish, text) in [
        ("put \"Hi team,\" at the top of the message", "Hi team,\nDaily standup starting soon"),
        ("add \"Hi team,\" in front of the text", "Hi team,\nDaily standup starting soon"),
    ] {
        assert_eq!(valued(&agent(STANDUP), wish, "SendSlackMessageBlock", "text"), text, "{wish}");
    }
    for (goal, wish, block, input, format) in [
        (SLACK, "put \"News:\" in front of the message", "SendSlackMessageBlock", "text", "News:\n\n{{"),
        (TWEET, "put \"Sponsored:\" in front of the tweet", "TwitterPostTweetBlock", "tweet_text", "Sponsored:\n\n{{"),
        (BOTH, "add \"Bye\" to the end of the Slack message", "SendSlackMessageBlock", "text", "}}\n\nBye"),
    ] {
        let after = changed(&agent(goal), wish);
        assert_eq!(source(&after, block, input), "FillTextTemplateBlock", "{wish}");
        let nodes = after["nodes"].as_array().unwrap();
        let mut formats = nodes.iter().filter_map(|node| node["input_default"]["format"].as_str());
        assert!(formats.any(|text| text.contains(format)), "{wish}");
    }
}

#[test]
fn a_time_said_of_what_goes_out_is_the_schedule() {
    for (goal, wish, cron) in [
        (WATCHED, "send the Slack message at 9", "0 9 * * *"),
        (WATCHED, "could the Slack message be sent at 7:30?", "30 7 * * *"),
        (SLACK, "post to Slack every day at 18:00", "0 18 * * *"),
        (BOTH, "send the mail every morning at 7", "0 7 * * *"),
    ] {
        let before = agent(goal);
        let after = changed(&before, wish);
        assert_eq!(after["recommended_schedule_cron"], cron, "{wish}");
        assert_eq!(after["nodes"], before["nodes"], "{wish}: it would be sent twice");
        assert_eq!(left(&before, wish).len(), usize::from(goal == BOTH), "{wish}");
    }
}

#[test]
fn a_fixed_text_goes_out_in_its_case_and_is_not_what_is_looked_at() {
    for (goal, wish, looked, block) in [
        (
            SLACK,
            "if the summary mentions Rust, send \"Rust is in the news\" to #rust on Slack",
            "AITextSummarizerBlock",
            "SendSlackMessageBlock",
        ),
        (
            TWEET,
            "if the tweet is rude, mail \"A rude tweet\" to boss@example.com",
            "AITextGeneratorBlock",
            "SendEmailBlock",
        ),
    ] {
        let after = changed(&agent(goal), wish);
        assert_eq!(source(&after, "AIConditionBlock", "input_value"), looked, "{wish}");
        let judge = &node(&after, "AIConditionBlock")["id"];
        let mut links = after["links"].as_array().unwrap().iter();
        assert!(links.any(|link| link["source_id"] == *judge && link["source_name"] == "yes_output"), "{wish}");
        assert_eq!(count(&after, block), 1 + usize::from(goal == SLACK), "{wish}");
    }
}

#[test]
fn the_like_of_a_task_is_an_issue() {
    let tasks = agent("Extract the action items from meeting notes and create a Todoist task for them");
    for wish in [
        "replace Todoist with Linear",
        "use Linear instead of Todoist",
        "we moved from Todoist to Linear, create the tasks there instead",
    ] {
        let after = changed(&tasks, wish);
        assert_eq!(count(&after, "LinearCreateIssueBlock"), 1, "{wish}");
        assert_eq!(count(&after, "TodoistCreateTaskBlock"), 0, "{wish}");
        assert!(left(&tasks, wish).is_empty(), "{wish}");
    }
}

#[test]
fn what_is_asked_each_time_may_be_asked_for_by_which() {
    let french = agent("Translate a text to French");
    for wish in ["ask me which language to use", "ask me which language it should be translated to"] {
        let prompt = node(&changed(&french, wish), "AITextGeneratorBlock")["input_default"]["prompt"].to_string();
        assert!(prompt.contains("{{language}}"), "{wish}: {prompt}");
    }
    let page = agent(MAIL);
    for wish in ["ask me which language the summary should be in", "ask me what the colour should be"] {
        if let Ok(shared::port::Draft::Agent(after, _)) = crate::fixture::patched(&page, wish) {
            assert!(!after.get().contains("Ask me"), "{wish}: a model asks nobody");
        }
    }
}

#[test]
fn one_for_each_or_one_for_all() {
    let inbox = agent("Read my Gmail inbox, summarise the messages and post the summary to Slack");
    for wish in
        ["one summary per mail instead of one for all of them", "a summary for each mail instead of one for all"]
    {
        assert!(leads(&changed(&inbox, wish), "StepThroughItemsBlock", "AITextSummarizerBlock"), "{wish}");
    }
}

#[test]
fn what_stands_there_is_said_without_its_value() {
    let wait = agent("Read an RSS feed, wait 10 minutes and post it to Slack");
    for wish in ["make it 2 hours instead of what it is now", "make it 2 hours instead of the current one"] {
        let after = changed(&wait, wish);
        assert_eq!(node(&after, "CountdownTimerBlock")["input_default"]["hours"], 2, "{wish}");
    }
    for (wish, key, value) in [
        ("title of the agent should be Mail log", "name", "Mail log"),
        ("name of the agent should be Mail log", "name", "Mail log"),
    ] {
        assert_eq!(changed(&agent(MAIL), wish)[key], value, "{wish}");
    }
    assert_eq!(valued(&agent(MAIL), "subject of the mail should be \"Hi\"", "SendEmailBlock", "subject"), "Hi");
    let search = agent("Search the web for a topic, write a report about it and save it as a Notion page");
    for wish in ["make the topic fixed: \"EU AI Act\"", "make the query fixed: \"EU AI Act\""] {
        let after = changed(&search, wish).to_string();
        assert!(after.contains("\"EU AI Act\"") && !after.contains("fixed"), "{wish}");
    }
}

#[test]
fn a_request_has_one_more_header() {
    let call = with(
        "Call the API https://api.example.com/orders and mail the result",
        "SendWebRequestBlock",
        &json!({"headers": {"Accept": "text/plain"}}),
    );
    for (wish, headers) in [
        (
            "add an Authorization header with Bearer abc123",
            json!({"Accept": "text/plain", "Authorization": "Bearer abc123"}),
        ),
        ("add a header X-Api-Key with the value 123", json!({"Accept": "text/plain", "X-Api-Key": "123"})),
        ("add the header Accept: application/json", json!({"Accept": "application/json"})),
    ] {
        assert_eq!(valued(&call, wish, "SendWebRequestBlock", "headers"), headers, "{wish}");
    }
    // Where the headers come from another step, one more would put them aside.
    let goal = "Call the API https://api.example.com/orders and mail the result";
    let mut linked = agent(goal);
    let id = |block| node(&linked, block)["id"].clone();
    let (sink, source) = (id("SendWebRequestBlock"), id("AgentShortTextInputBlock"));
    let mut link = linked["links"][0].clone();
    for (key, value) in
        [("id", json!("headers-link")), ("sink_name", json!("headers")), ("source_name", json!("result"))]
    {
        link[key] = value;
    }
    (link["sink_id"], link["source_id"]) = (sink, source);
    linked["links"].as_array_mut().unwrap().push(link);
    let why = refused(&linked, "add an Authorization header with Bearer abc123");
    assert!(why.contains("all its headers at once"), "{why}");
}

#[test]
fn what_would_be_the_same_for_each_or_sent_twice_is_told() {
    let why = refused(&agent(SHEET), "read the company website before writing the mail");
    assert!(why.contains("the same for each"), "{why}");
    let why = refused(&agent(BOT), "detect the language of the message first and answer in the same one");
    assert!(why.contains("already"), "{why}");
}

#[test]
fn a_text_says_more_and_no_second_one_is_written() {
    for (goal, wish, said) in [
        (TWEET, "it should also say by how many percent it changed", "by how many percent"),
        (BOT, "also say where it was found", "where it was found"),
    ] {
        let before = agent(goal);
        let after = changed(&before, wish);
        assert_eq!(count(&after, "AITextGeneratorBlock"), 1, "{wish}");
        assert!(node(&after, "AITextGeneratorBlock")["input_default"]["prompt"].to_string().contains(said), "{wish}");
    }
    // What leads to the matter stays next to it.
    let answer = with(BOT, "AITextGeneratorBlock", &json!({"prompt": "Write an answer to this:\n\n{{text}}"}));
    let prompt = valued(&answer, "never mention prices", "AITextGeneratorBlock", "prompt");
    assert!(prompt.as_str().unwrap().ends_with("Write an answer to this:\n\n{{text}}"), "{prompt}");
}

#[test]
fn what_is_found_out_first_is_for_what_writes() {
    for wish in ["search the web for the author before posting", "search the web for the author first"] {
        let after = changed(&agent(TWEET), wish);
        assert_eq!(source(&after, "TwitterPostTweetBlock", "tweet_text"), "AITextGeneratorBlock", "{wish}");
        assert!(after.to_string().contains("found_out"), "{wish}");
    }
}

#[test]
fn the_link_of_a_thing_is_sent_afterwards_too() {
    let doc = agent("Transcribe a YouTube video, summarise the transcript and add the summary to a Google Doc");
    for wish in [
        "email me the link of the doc afterwards to me@example.com",
        "send the link of the doc to me@example.com afterwards",
    ] {
        let after = changed(&doc, wish);
        assert_eq!(source(&after, "SendEmailBlock", "body"), "GoogleDocsAppendMarkdownBlock", "{wish}");
    }
}
