//! A step that is there already is what a wish speaks of, in whatever words.

use generator::Builtin;
use serde_json::{Value, json, value::to_raw_value};
use shared::port::Draft;

use crate::fixture::{MAIL, SLACK, agent, changed, names, node, patched};

/// The value that an input has after a wish, and all blocks as before.
pub(crate) fn valued(before: &Value, wish: &str, block: &str, input: &str) -> Value {
    let after = changed(before, wish);
    assert_eq!(names(&after), names(before), "{wish}");
    node(&after, block)["input_default"][input].clone()
}

/// An agent with a value in an input of one of its blocks.
pub(crate) fn with(goal: &str, block: &str, values: &Value) -> Value {
    let mut agent = agent(goal);
    let at = names(&agent).iter().position(|name| name == block).unwrap();
    let id = agent["nodes"][at]["id"].clone();
    for (input, value) in values.as_object().unwrap() {
        agent["nodes"][at]["input_default"][input] = value.clone();
        agent["links"].as_array_mut().unwrap().retain(|link| link["sink_id"] != id || link["sink_name"] != *input);
    }
    let links = agent["links"].as_array().unwrap().clone();
    let linked = |node: &Value| links.iter().any(|link| [&link["source_id"], &link["sink_id"]].contains(&&node["id"]));
    agent["nodes"].as_array_mut().unwrap().retain(linked);
    agent
}

pub(crate) fn refused(before: &Value, wish: &str) -> String {
    match patched(before, wish) {
        Err(failure) => failure.service_error,
        other => panic!("{wish}: {other:?}"),
    }
}

fn video() -> Value {
    with("Download a video and send it to Discord #clips", "VideoDownloadBlock", &json!({"quality": "720p"}))
}

fn search() -> Value {
    agent(
        "Every Monday at 10:00, search the web for news on solar energy, summarise it and send me the summary on Telegram",
    )
}

fn mail() -> Value {
    with(MAIL, "SendEmailBlock", &json!({"to_email": "ana@example.com", "subject": "Summary"}))
}

#[test]
fn a_choice_by_its_everyday_name_is_set_where_a_step_has_it() {
    for (wish, quality) in [
        ("download it in full HD", "1080p"),
        ("download the video in 480p instead", "480p"),
        ("I want the best quality", "best"),
        ("download only the sound", "audio_only"),
        ("fetch the video in low quality", "480p"),
    ] {
        assert_eq!(valued(&video(), wish, "VideoDownloadBlock", "quality"), quality, "{wish}");
    }
    let summary = agent(SLACK);
    assert_eq!(valued(&summary, "summarise it in bullet points", "AITextSummarizerBlock", "style"), "bullet points");
}

#[test]
fn a_step_of_that_very_verb_is_never_denied() {
    let why = refused(&video(), "download it in 4K");
    assert!(why.contains("Download") && why.contains("1080p") && !why.contains("No available block"), "{why}");
}

#[test]
fn what_is_searched_for_changes_and_no_second_search_comes() {
    for (wish, query) in [
        ("Search for wind power instead", "news on wind power"),
        ("look for wind power and not for news on solar energy", "wind power"),
        ("search the web for robotics news", "robotics news"),
        ("search not for solar energy but for wind power", "news on wind power"),
    ] {
        assert_eq!(valued(&search(), wish, "SearchTheWebBlock", "query"), query, "{wish}");
    }
}

#[test]
fn a_value_goes_to_the_input_that_the_rest_of_the_wish_names() {
    let standup = with(SLACK, "SendSlackMessageBlock", &json!({"channel": "#news"}));
    assert_eq!(valued(&mail(), "send it with the subject 'News'", "SendEmailBlock", "subject"), "News");
    assert_eq!(valued(&standup, "post it to #feeds and not to #news", "SendSlackMessageBlock", "channel"), "#feeds");
    assert_eq!(valued(&standup, "don't post it in #news but in #feeds", "SendSlackMessageBlock", "channel"), "#feeds");
    let meeting = with(
        "Send a Meeting BaaS bot into a meeting and post the result to Slack",
        "BaasBotJoinMeetingBlock",
        &json!({"bot_name": "Notetaker"}),
    );
    for wish in [
        "the bot should join under the name 'Scribe'",
        "name the bot 'Scribe'",
        "the bot should be called Scribe",
        "let the bot join as 'Scribe'",
    ] {
        assert_eq!(valued(&meeting, wish, "BaasBotJoinMeetingBlock", "bot_name"), "Scribe", "{wish}");
    }
}

#[test]
fn how_many_are_enough_is_a_limit() {
    let inbox = agent("Read my Gmail inbox, summarise the messages and post the summary to Slack");
    for wish in ["5 mails are enough", "it's enough to read 5 mails", "reading five messages is enough"] {
        assert_eq!(valued(&inbox, wish, "GmailReadBlock", "max_results"), 5, "{wish}");
    }
}

#[test]
fn an_address_takes_the_place_of_an_address_alone() {
    for wish in ["the recipient should be my boss", "send it to bob@example.com, not to ana@example.com"] {
        match Builtin::new().patch_now(wish, &to_raw_value(&mail()).unwrap()) {
            Ok(Draft::Agent(after, _)) => assert!(after.get().contains("\"bob@example.com\""), "{wish}"),
            other => assert!(!format!("{other:?}").contains("my boss@"), "{wish}"),
        }
    }
    assert!(refused(&mail(), "set the recipient to the boss").contains("takes an e-mail address"));
}

#[test]
fn what_the_person_enters_is_an_input_and_never_the_words() {
    for wish in [
        "the recipient should be something I enter, not fixed to ana@example.com",
        "ask me for the recipient instead of ana@example.com",
        "I want to enter the recipient myself",
        "instead of a fixed recipient let me enter one",
        "the recipient should not be fixed, ask me for it",
        "let me choose the recipient instead of a fixed one",
    ] {
        let after = changed(&mail(), wish);
        assert_eq!(node(&after, "SendEmailBlock")["input_default"].get("to_email"), None, "{wish}");
        let (mail, before) = (node(&after, "SendEmailBlock")["id"].clone(), names(&mail()).len());
        assert_eq!(names(&after).len(), before + 1, "{wish}");
        let links = after["links"].as_array().unwrap();
        assert!(links.iter().any(|link| link["sink_id"] == mail && link["sink_name"] == "to_email"), "{wish}");
    }
}

#[test]
fn a_collective_name_takes_all_that_it_means() {
    let before =
        agent("Take a screenshot of a web page and send it to Discord, then summarise the page and post it to Slack");
    for wish in ["get rid of the Slack stuff", "drop everything about Slack", "all the Slack things can go"] {
        let after = changed(&before, wish);
        assert!(!names(&after).contains(&"SendSlackMessageBlock".to_owned()), "{wish}");
        assert!(names(&after).contains(&"ScreenshotWebPageBlock".to_owned()), "{wish}");
    }
}

#[test]
fn what_is_no_longer_needed_goes_and_the_reason_is_written_nowhere() {
    let before = agent(SLACK);
    for wish in [
        "no need to post it to Slack any longer, I just want the summary as output",
        "stop sending it to Slack",
        "I only want the summary as output",
        "no need to send the Slack message, the summary is enough",
    ] {
        let after = changed(&before, wish);
        assert!(!names(&after).contains(&"SendSlackMessageBlock".to_owned()), "{wish}");
        assert!(!after.to_string().contains("as output") && !after.to_string().contains("enough"), "{wish}");
    }
}

#[test]
fn a_scheduled_agent_without_its_mail_still_has_a_start() {
    let before = agent("Every day at 8, read my Gmail inbox, summarise the messages and e-mail me the summary");
    let after = changed(&before, "remove the e-mail");
    assert!(!names(&after).contains(&"SendEmailBlock".to_owned()));
    assert!(names(&after).contains(&"GmailReadBlock".to_owned()));
}

#[test]
fn to_undo_is_no_new_goal() {
    for wish in ["undo my last change", "revert it", "go back to the previous version"] {
        let why = refused(&mail(), wish);
        assert!(why.contains("history") && !why.contains("another agent"), "{wish}: {why}");
    }
}

#[test]
fn one_more_place_gets_what_is_made_already() {
    for wish in [
        "I'd also want the summary in my Slack, channel #kim",
        "put the summary in Slack #kim too",
        "it would be nice to get the summary in Slack #kim as well",
        "we'd also like it in Slack, channel #kim",
    ] {
        let after = changed(&mail(), wish);
        let (summary, slack) = (node(&after, "AITextSummarizerBlock"), node(&after, "SendSlackMessageBlock"));
        assert_eq!(slack["input_default"]["channel"], "#kim", "{wish}");
        let links = after["links"].as_array().unwrap();
        let fed = |link: &Value| link["source_id"] == summary["id"] && link["sink_id"] == slack["id"];
        assert!(links.iter().any(fed), "{wish}");
        assert_eq!(names(&after).len(), names(&mail()).len() + 1, "{wish}");
    }
}

const STANDUP: &str = "Every weekday at 9am post \"Daily standup starting soon\" to the Slack channel #standup";
const DIGEST: &str = "Every morning at 8 read my Gmail inbox, summarise the messages and send me the summary by email";
const REVIEW: &str = "When a GitHub pull request is opened, read it, write a review and post the review as a comment";
const POEM: &str = "Write a poem about a topic with an AI model";
const REDDIT: &str = "Watch the subreddit r/rust and post each new post to the Discord channel #rust";
const ROWS: &str = "Read my unread Gmail messages and add a row for each to a Google Sheet";

#[test]
fn a_trigger_or_an_expression_is_the_schedule_and_an_end_of_it_too() {
    let standup = agent(STANDUP);
    for (wish, cron) in [
        ("Change the trigger so that it fires at 9:15 AM on weekdays", json!("15 9 * * 1-5")),
        ("update the schedule so that it runs at 6am every Monday", json!("0 6 * * 1")),
        ("set the cron expression to 30 7 * * 1-5", json!("30 7 * * 1-5")),
        ("change the cron to 0 8 * * 1", json!("0 8 * * 1")),
        ("Once a day is too rarely, run it every 3 hours", json!("0 */3 * * *")),
        ("no schedule please, I'll start it by hand", json!(null)),
        ("I don't want a schedule any more, I will start it manually", json!(null)),
    ] {
        assert_eq!(changed(&standup, wish)["recommended_schedule_cron"], cron, "{wish}");
    }
}

#[test]
fn what_the_agent_is_to_be_called_is_its_name_in_whatever_words() {
    for wish in [
        "The agent should be named Rust Watcher",
        "it should be called Rust Watcher",
        "I'd like the workflow to be called Rust Watcher",
        "the automation must be titled \"Rust Watcher\"",
    ] {
        assert_eq!(changed(&agent(REDDIT), wish)["name"], "Rust Watcher", "{wish}");
    }
    let before = agent(REDDIT);
    let title = node(&before, "GetRedditPostsBlock")["metadata"]["customized_name"].as_str().unwrap().to_owned();
    let after = changed(&before, &format!("The step '{title}' is badly named, call it 'Look'"));
    assert_eq!(node(&after, "GetRedditPostsBlock")["metadata"]["customized_name"], "Look");
    assert_eq!(after["name"], before["name"], "the step was meant");
}

#[test]
fn several_values_after_one_verb_are_all_set() {
    let after = changed(
        &agent(STANDUP),
        "Change the time to 8:55, the text to 'Standup in 5 minutes' and the channel to #team",
    );
    assert_eq!(after["recommended_schedule_cron"], "55 8 * * 1-5");
    assert_eq!(node(&after, "SendSlackMessageBlock")["input_default"]["text"], "Standup in 5 minutes");
    assert!(after.to_string().contains("\"#team\""));
    let after = changed(&agent(DIGEST), "Change the time to 7:30 and the subject to 'Digest'");
    assert_eq!(after["recommended_schedule_cron"], "30 7 * * *");
    assert_eq!(node(&after, "SendEmailBlock")["input_default"]["subject"], "Digest");
}

#[test]
fn another_input_is_one_in_whatever_words() {
    for wish in [
        "Add a second input for the language of the poem",
        "Add another input for the language of the poem",
        "add the option to choose the language of the poem",
        "add an extra input for the language of the poem",
    ] {
        let after = changed(&agent(POEM), wish);
        let prompt = node(&after, "AITextGeneratorBlock")["input_default"]["prompt"].as_str().unwrap().to_owned();
        assert!(prompt.contains("{{language_of_the_poem}}"), "{wish}: {prompt}");
    }
    let standup = with(SLACK, "SendSlackMessageBlock", &json!({"channel": "#news"}));
    let after = changed(&standup, "the channel should be an input instead of #news");
    assert!(node(&after, "SendSlackMessageBlock")["input_default"].get("channel").is_none());
}

#[test]
fn an_event_of_the_trigger_and_a_flag_of_a_step_are_turned_on_and_off() {
    let review = agent(REVIEW);
    for (wish, events) in [
        ("Also react when a pull request is reopened", json!({"opened": true, "reopened": true})),
        ("run it when a pull request is edited too", json!({"opened": true, "edited": true})),
        ("Start it when a pull request is closed instead of opened", json!({"closed": true})),
    ] {
        assert_eq!(valued(&review, wish, "GithubPullRequestTriggerBlock", "events"), events, "{wish}");
    }
    let shot = with(
        "Take a screenshot of https://status.acme.com and send it to the Discord channel #status",
        "ScreenshotWebPageBlock",
        &json!({"full_page": true}),
    );
    for wish in ["Only capture the visible part of the page, not the full page", "don't take the full page"] {
        let value = valued(&shot, wish, "ScreenshotWebPageBlock", "full_page");
        assert_ne!(value, json!(true), "{wish}");
    }
}

#[test]
fn which_mails_are_read_is_said_to_the_inbox() {
    for (wish, query) in [
        ("Only unread mails", "is:unread"),
        ("only summarise mails with an attachment", "has:attachment"),
        ("only mails from bob@example.com", "from:bob@example.com"),
        ("skip messages from bob@example.com", "-from:bob@example.com"),
    ] {
        let inbox = with(DIGEST, "GmailReadBlock", &json!({"query": "label:inbox"}));
        assert_eq!(valued(&inbox, wish, "GmailReadBlock", "query"), format!("label:inbox {query}"), "{wish}");
    }
}

#[test]
fn a_part_of_what_comes_is_no_other_thing_of_that_name() {
    for (goal, wish, place) in [
        (ROWS, "add the date of the mail to the row as well", "{{email.date}}"),
        (REDDIT, "include the subreddit of the post in the message", "{{post.subreddit}}"),
    ] {
        let after = changed(&agent(goal), wish);
        let format = node(&after, "FillTextTemplateBlock")["input_default"]["format"].as_str().unwrap().to_owned();
        assert!(format.contains(place), "{wish}: {format}");
        assert!(!names(&after).contains(&"GetCurrentDateBlock".to_owned()), "today is not the date of the mail");
    }
}
