//! Several things in one wish, things of one kind, and texts that go out in one case only.

use generator::Builtin;
use serde_json::{Value, json, value::to_raw_value};
use shared::port::Draft;

use crate::{
    fixture::{MAIL, SLACK, agent, changed, leads, names, node},
    meant::{refused, valued, with},
};

const WATCHED: &str = "Every day at 8:00, read an RSS feed, summarise it and post the summary to Slack";
const CLIP: &str = "Download a video, cut a clip from second 0 to second 60 and send it to Discord #clips";
const TASKS: &str = "Extract the action items from meeting notes and create a Todoist task for them";
const INBOX: &str = "Read my Gmail inbox and add a row for each mail to a Google Sheet";

pub(crate) fn left(before: &Value, wish: &str) -> Vec<String> {
    match Builtin::new().patch_now(wish, &to_raw_value(before).unwrap()) {
        Ok(Draft::Agent(_, account)) => account.left_out.into_iter().map(|part| part.text).collect(),
        other => panic!("{wish}: {other:?}"),
    }
}

pub(crate) fn count(after: &Value, block: &str) -> usize {
    names(after).iter().filter(|name| *name == block).count()
}

/// Where an input of a block takes what it works on.
pub(crate) fn source(after: &Value, block: &str, input: &str) -> String {
    let id = &node(after, block)["id"];
    let mut links = after["links"].as_array().unwrap().iter();
    let link = links.rfind(|link| link["sink_id"] == *id && link["sink_name"] == input);
    let from = link.map(|link| link["source_id"].clone()).unwrap_or_default();
    let at = after["nodes"].as_array().unwrap().iter().position(|node| node["id"] == from);
    at.map_or_else(String::new, |at| names(after)[at].clone())
}

#[test]
fn a_second_thing_in_one_wish_is_a_change_of_its_own() {
    for (wish, cron) in [
        ("also send it to #design and make it Tuesdays and Thursdays at 9:15", "15 9 * * 2,4"),
        ("post it to #design too, and make it hourly", "0 * * * *"),
    ] {
        let after = changed(&agent(WATCHED), wish);
        assert_eq!(after["recommended_schedule_cron"], cron, "{wish}");
        assert!(after.to_string().contains("#design"), "{wish}");
    }
    let after = changed(&agent(TASKS), "make the due date next Friday and the priority 4");
    assert_eq!(node(&after, "TodoistCreateTaskBlock")["input_default"]["priority"], 4);
    assert!(!after.to_string().contains("next Friday and"));
}

#[test]
fn what_stands_behind_a_colon_is_one_text() {
    let poem = agent("Write a poem about a topic with an AI model");
    for wish in ["the prompt should say: be kind and never lie", "change the prompt to say: be kind and never lie"] {
        let prompt = valued(&poem, wish, "AITextGeneratorBlock", "prompt");
        assert!(prompt.as_str().unwrap().starts_with("be kind and never lie\n"), "{wish}: {prompt}");
    }
}

#[test]
fn a_clip_is_cut_by_minutes_and_seconds_and_no_schedule_comes() {
    let clip = with(CLIP, "VideoClipBlock", &json!({"start_time": 0, "end_time": 60}));
    for (wish, end) in [("cut from 0:30 to 1:10", 70), ("cut the clip from 0:30 to 2:00", 120)] {
        let after = changed(&clip, wish);
        let clip = &node(&after, "VideoClipBlock")["input_default"];
        assert_eq!((&clip["start_time"], &clip["end_time"]), (&json!(30), &json!(end)), "{wish}");
        assert!(after["recommended_schedule_cron"].is_null(), "{wish}");
    }
}

#[test]
fn what_goes_out_anew_waits_for_the_approval_too() {
    let before = changed(&agent(SLACK), "ask me for approval before the summary is posted");
    assert!(names(&before).contains(&"HumanInTheLoopBlock".to_owned()));
    for (wish, block) in [
        ("also send the summary to Discord", "SendDiscordMessageBlock"),
        ("tweet the summary as well", "TwitterPostTweetBlock"),
        ("also mail me the summary", "SendEmailBlock"),
    ] {
        let after = changed(&before, wish);
        assert!(leads(&after, "HumanInTheLoopBlock", block), "{wish}");
    }
}

#[test]
fn a_check_in_front_decides_and_hands_the_same_text_on() {
    for wish in [
        "check that the summary mentions Rust before you post it",
        "make sure that the summary is not empty before posting",
        "verify that the summary is polite before it is posted",
    ] {
        let after = changed(&agent(SLACK), wish);
        assert!(!names(&after).contains(&"AITextGeneratorBlock".to_owned()), "{wish}");
        assert!(leads(&after, "AIConditionBlock", "SendSlackMessageBlock"), "{wish}");
    }
}

#[test]
fn a_text_is_made_another_in_one_case_only() {
    for wish in [
        "if the summary is longer than 500 characters, shorten it",
        "if it is not in English, translate it to English",
        "when the summary is rude rewrite it politely",
        "if the summary is long, shorten it to 5 sentences",
    ] {
        let after = changed(&agent(SLACK), wish);
        let prompt = node(&after, "AITextGeneratorBlock")["input_default"]["prompt"].as_str().unwrap().to_owned();
        assert!(prompt.starts_with("If ") && prompt.contains("Otherwise"), "{wish}: {prompt}");
        assert_eq!(source(&after, "SendSlackMessageBlock", "text"), "AITextGeneratorBlock", "{wish}");
        assert!(!names(&after).contains(&"AIConditionBlock".to_owned()), "{wish}");
    }
}

#[test]
fn what_would_be_done_again_or_never_read_is_told() {
    let tweet = agent("Read a blog post from a web page, write a tweet about it and post the tweet");
    let why = refused(&tweet, "post it as a thread of 3 tweets");
    assert!(why.contains("already"), "{why}");
    let bot = agent("When a Telegram message arrives, answer it with AI");
    for wish in ["it should remember what was said before", "remember the last answer"] {
        assert!(!refused(&bot, wish).is_empty(), "{wish}");
    }
}

#[test]
fn a_tool_that_is_named_is_not_replaced_by_a_model() {
    for wish in
        ["check with hunter that the address is valid before the mail is sent", "verify the address via hunter first"]
    {
        let why = refused(&agent(MAIL), wish);
        assert!(why.contains("No available block works with"), "{wish}: {why}");
    }
}

#[test]
fn a_language_is_asked_for_in_its_place() {
    let french = agent("Translate a text to French");
    for wish in ["let me choose the language", "I want to pick the target language", "add an input for the language"] {
        let after = changed(&french, wish);
        let prompt = node(&after, "AITextGeneratorBlock")["input_default"]["prompt"].as_str().unwrap().to_owned();
        assert!(prompt.contains("language}}") && !prompt.contains("French"), "{wish}: {prompt}");
    }
    let wiki = agent("Get the Wikipedia summary of a topic and translate it to German");
    for (wish, new) in [
        ("translate it to German and French", 1),
        ("translate it to Finnish and Greek", 2),
        ("translate it into Dutch and Czech, two outputs", 2),
    ] {
        let before = count(&wiki, "AITextGeneratorBlock");
        let after = changed(&wiki, wish);
        assert_eq!(count(&after, "AITextGeneratorBlock"), before + new, "{wish}");
        assert!(!after.to_string().contains("two outputs"), "{wish}");
    }
}

#[test]
fn what_goes_out_is_in_another_language_or_form() {
    for (wish, said) in [("post in Finnish", "Finnish"), ("post it in Czech from now on", "Czech")] {
        let after = changed(&agent("Read an RSS feed and post every entry to Slack"), wish);
        let prompt = &node(&after, "AITextGeneratorBlock")["input_default"]["prompt"];
        assert!(prompt.as_str().unwrap().contains(said), "{wish}: {prompt}");
        assert_eq!(source(&after, "SendSlackMessageBlock", "text"), "AITextGeneratorBlock", "{wish}");
    }
}

#[test]
fn things_of_one_kind_go_no_further() {
    let review = agent("When a GitHub pull request is opened, review it with AI and comment on the pull request");
    for wish in ["skip drafts", "ignore draft PRs", "skip bot updates"] {
        let after = changed(&review, wish);
        assert!(names(&after).contains(&"AIConditionBlock".to_owned()), "{wish}");
        assert!(leads(&after, "AIConditionBlock", "GithubCommentBlock"), "{wish}");
        assert_eq!(count(&after, "AITextGeneratorBlock"), count(&review, "AITextGeneratorBlock"), "{wish}");
    }
    // A digest stays one text.
    let digest = agent("Read my Gmail inbox, summarise the messages and post the summary to Slack");
    for wish in ["skip newsletters", "ignore adverts"] {
        let after = changed(&digest, wish);
        assert_eq!(names(&after), names(&digest), "{wish}");
        let focus = node(&after, "AITextSummarizerBlock")["input_default"]["focus"].to_string();
        assert!(focus.contains("Leave out"), "{wish}: {focus}");
    }
}

#[test]
fn rows_of_some_senders_are_not_stored() {
    let after = changed(&agent(INBOX), "don't save mails from noreply@example.com");
    assert!(after.to_string().contains("noreply@example.com"));
    assert!(leads(&after, "GmailReadBlock", "AIConditionBlock"));
    assert!(leads(&after, "AIConditionBlock", "GoogleSheetsAppendRowBlock"));
}

#[test]
fn an_order_after_a_step_waits_for_it() {
    for wish in ["mark the mails as read after the row is added", "after adding the row, archive the mail"] {
        let after = changed(&agent(INBOX), wish);
        let block = names(&after).into_iter().find(|name| name.contains("Label")).unwrap();
        assert!(leads(&after, "GoogleSheetsAppendRowBlock", &block), "{wish}");
    }
}

#[test]
fn an_input_that_goes_has_its_value_said_beside() {
    let after = changed(&agent(MAIL), "remove the e-mail address input, use ana@example.com");
    assert_eq!(node(&after, "SendEmailBlock")["input_default"]["to_email"], "ana@example.com");
    let weather = agent("Get the weather for a city and post it to Slack");
    let fixed = |after: &Value| {
        let mut nodes = after["nodes"].as_array().unwrap().iter();
        nodes.any(|node| node["input_default"]["value"] == "Hamburg")
    };
    assert!(!fixed(&weather));
    for wish in ["the city should be Hamburg, not asked", "the city should be Hamburg not an input"] {
        let after = changed(&weather, wish);
        assert!(after.to_string().contains("Hamburg"), "{wish}");
        assert!(!after.to_string().contains("Hamburg not"), "{wish}");
        // What starts the agent stays, and need not be given.
        assert!(fixed(&after), "{wish}");
    }
}

#[test]
fn what_a_page_for_each_means_is_no_value() {
    let report = agent("Search the web for a topic, write a report about it and save it as a Notion page");
    let wish = "split the report into 3 parts and make a Notion page for each";
    assert_eq!(left(&report, wish), ["make a Notion page for each"]);
    let prompt = node(&changed(&report, wish), "AITextGeneratorBlock")["input_default"]["prompt"].to_string();
    assert!(prompt.contains("3 parts"), "{prompt}");
}

#[test]
fn what_a_person_edits_goes_on_when_it_is_approved() {
    for wish in ["let me edit the summary before it is posted", "let me edit the summary first"] {
        let after = changed(&agent(SLACK), wish);
        assert!(leads(&after, "HumanInTheLoopBlock", "SendSlackMessageBlock"), "{wish}");
        assert!(!after.to_string().contains("rejected_data"), "{wish}");
    }
}

#[test]
fn a_service_that_is_not_needed_goes_with_what_says_where() {
    let doc = agent("Summarise a web page and add the summary to a Google Doc");
    for wish in [
        "I no longer need the Google Doc",
        "no longer need the google doc, just output the summary",
        "no longer need the google doc, mail me instead",
    ] {
        let after = changed(&doc, wish);
        assert!(!names(&after).iter().any(|name| name.contains("GoogleDocs")), "{wish}: {:?}", names(&after));
        assert!(!names(&after).contains(&"AgentGoogleDriveFileInputBlock".to_owned()), "{wish}");
        assert_eq!(count(&after, "SendEmailBlock"), usize::from(wish.contains("mail me")), "{wish}");
    }
}

#[test]
fn a_question_that_comes_from_elsewhere_stays_linked() {
    let ask = agent("Ask Perplexity a question and post the answer to Slack");
    let before = source(&ask, "PerplexityBlock", "prompt");
    for (wish, model) in [
        ("use model sonar-pro and answer in Spanish", "perplexity/sonar-pro"),
        ("use sonar-deep-research and reply in Dutch", "perplexity/sonar-deep-research"),
    ] {
        let after = changed(&ask, wish);
        assert_eq!(node(&after, "PerplexityBlock")["input_default"]["model"], model, "{wish}");
        assert_eq!(source(&after, "PerplexityBlock", "prompt"), before, "{wish}");
    }
}

#[test]
fn a_verdict_is_checked_where_it_goes_in() {
    let triage = agent(
        "When a GitHub issue is opened, classify it with AI as bug or feature and add the result as a label to the issue",
    );
    let after = changed(&triage, "before adding the label check that it is one of bug or feature");
    assert!(leads(&after, "AIStructuredResponseGeneratorBlock", "AIConditionBlock"), "{:?}", names(&after));
    assert_eq!(source(&after, "GithubAddLabelBlock", "label"), "AIConditionBlock");
}

#[test]
fn what_rests_on_a_check_that_is_not_done_is_not_done_either() {
    let crm = agent("When a webhook arrives, create a HubSpot contact from it");
    for wish in [
        "check the address with hunter first, if it's invalid tell #sales on Slack",
        "verify the address via hunter first, if it is wrong post it to #sales on Slack",
    ] {
        let why = refused(&crm, wish);
        assert!(why.contains("rests on"), "{wish}: {why}");
    }
}

#[test]
fn no_input_is_emptied_where_one_of_several_things_is_not_known() {
    let pages = with(
        "Scrape a web page with Firecrawl and post it to Slack",
        "FirecrawlScrapeBlock",
        &json!({"url": "https://example.com"}),
    );
    for wish in ["remove the page url & the second scrape", "delete the url and the teapot"] {
        assert!(!refused(&pages, wish).is_empty(), "{wish}");
    }
}

#[test]
fn how_often_is_a_schedule_though_it_comes_also() {
    let feed = agent(WATCHED);
    for wish in ["only items not posted before, also twice a day at 9 and 17", "also twice a day at 9 and 17"] {
        assert_eq!(changed(&feed, wish)["recommended_schedule_cron"], "0 9,17 * * *", "{wish}");
    }
}
