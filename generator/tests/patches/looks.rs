//! Who sees to what is asked for: a person, what writes, or a condition; and what of it is looked at.

use serde_json::Value;

use crate::{
    fixture::{MAIL, SLACK, agent, changed, leads, names, node},
    kinds::{count, left, source},
    meant::refused,
    passing::told,
};

const TWEET: &str = "Read a blog post from a web page, write a tweet about it and post the tweet";
const REVIEW: &str = "When a GitHub pull request is opened, review it with AI and comment on the pull request";
const BOT: &str = "When a Telegram message arrives, answer it with AI";

fn prompt(after: &Value) -> String {
    node(after, "AITextGeneratorBlock")["input_default"]["prompt"].to_string()
}

#[test]
fn words_for_a_text_are_no_address() {
    for (goal, wish, block, field, format) in [
        (MAIL, "add a title \"Weekly\" to the mail", "SendEmailBlock", "body", "Weekly\n\n{{"),
        (MAIL, "add a greeting \"Hi all\" to the email", "SendEmailBlock", "body", "Hi all\n\n{{"),
        (SLACK, "add a footer \"By a bot\" to the message", "SendSlackMessageBlock", "text", "}}\n\nBy a bot"),
    ] {
        let after = changed(&agent(goal), wish);
        assert_eq!(source(&after, block, field), "FillTextTemplateBlock", "{wish}");
        let formats =
            after["nodes"].as_array().unwrap().iter().filter_map(|node| node["input_default"]["format"].as_str());
        assert!(formats.into_iter().any(|text| text.contains(format)), "{wish}");
        assert!(!after["nodes"].to_string().contains("\"value\":\"Weekly\""), "{wish}");
    }
}

#[test]
fn a_look_by_a_person_is_an_approval() {
    for (goal, wish, block) in [
        (TWEET, "make sure the tweet is checked by me before posting", "TwitterPostTweetBlock"),
        (TWEET, "ensure the tweet is approved by my boss before it is posted", "TwitterPostTweetBlock"),
        (SLACK, "check that the summary is read by me before posting", "SendSlackMessageBlock"),
        (SLACK, "the summary must be approved by me before it is posted", "SendSlackMessageBlock"),
        (SLACK, "the summary should be checked by a human first", "SendSlackMessageBlock"),
    ] {
        let after = changed(&agent(goal), wish);
        assert!(leads(&after, "HumanInTheLoopBlock", block), "{wish}");
        assert!(!names(&after).contains(&"AIConditionBlock".to_owned()), "{wish}");
    }
}

#[test]
fn what_writes_sees_to_how_a_text_is() {
    for (wish, said) in [
        ("make sure the tweet is in German before posting", "German"),
        ("make sure that the tweet is funny before it is posted", "funny"),
        ("ensure the tweet is short before you post it", "short"),
    ] {
        let before = agent(TWEET);
        let after = changed(&before, wish);
        assert_eq!(names(&after), names(&before), "{wish}");
        assert!(prompt(&after).contains(said), "{wish}: {}", prompt(&after));
    }
    let after = changed(&agent(TWEET), "check that the tweet is in German before posting");
    assert!(leads(&after, "AIConditionBlock", "TwitterPostTweetBlock"));
}

#[test]
fn what_a_text_has_is_no_kind_of_what_comes() {
    for wish in ["ignore typos", "skip greetings", "ignore emojis"] {
        let after = changed(&agent(REVIEW), wish);
        assert!(!names(&after).contains(&"AIConditionBlock".to_owned()), "{wish}");
        assert!(prompt(&after).to_lowercase().contains(wish), "{wish}: {}", prompt(&after));
    }
    let triage = agent(
        "When a GitHub issue is opened, classify it with AI as bug or feature and add the result as a label to the issue",
    );
    let condition = |after: &Value| names(after).contains(&"AIConditionBlock".to_owned());
    let after = changed(&triage, "ignore labels");
    let told = node(&after, "AIStructuredResponseGeneratorBlock")["input_default"]["prompt"].to_string();
    assert!(!condition(&after) && told.contains("Ignore labels"), "{told}");
    assert!(condition(&changed(&triage, "skip questions")));
}

#[test]
fn one_kind_of_what_comes_is_sent_as_it_came() {
    for (wish, block, field) in [
        ("complaints should be sent to #support on Slack", "SendSlackMessageBlock", "text"),
        ("complaints should go to #support on Slack", "SendSlackMessageBlock", "text"),
        ("questions about prices should be forwarded to sales@example.com", "SendEmailBlock", "body"),
    ] {
        let after = changed(&agent(BOT), wish);
        assert_eq!(source(&after, "AIConditionBlock", "input_value"), "TelegramMessageTriggerBlock", "{wish}");
        assert_eq!(source(&after, block, field), "AIConditionBlock", "{wish}");
    }
}

#[test]
fn the_one_that_mails_takes_another_form() {
    let both = agent("Summarise meeting notes, post the summary to Slack and mail it to boss@example.com");
    for (wish, block, field, other) in [
        ("mail the summary as a table", "SendEmailBlock", "body", ("SendSlackMessageBlock", "text")),
        ("post the summary as a table", "SendSlackMessageBlock", "text", ("SendEmailBlock", "body")),
    ] {
        let after = changed(&both, wish);
        assert_eq!(count(&after, block), 1, "{wish}");
        assert_eq!(source(&after, block, field), "AITextGeneratorBlock", "{wish}");
        assert_eq!(source(&after, other.0, other.1), "AITextSummarizerBlock", "{wish}");
        assert!(prompt(&after).contains("as a table"), "{wish}");
    }
}

#[test]
fn what_is_to_come_first_comes_though_no_step_does_it() {
    let tasks = agent("Extract the action items from meeting notes and create a Todoist task for them");
    let after = changed(&tasks, "first extract the decisions, then the action items");
    assert!(prompt(&after).contains("decisions"));
    // Nothing is taken away from what is looked for next.
    assert!(!leads(&after, "AITextGeneratorBlock", "TodoistCreateTaskBlock"));
    let after = changed(&tasks, "first translate the notes to English, then the action items");
    assert!(leads(&after, "AITextGeneratorBlock", "TodoistCreateTaskBlock"));
    assert!(!refused(&tasks, "first the teapot, then the action items").is_empty());
}

#[test]
fn what_is_asked_beside_what_is_new_is_told() {
    let feed = agent("Every day at 8:00, read an RSS feed, summarise it and post the summary to Slack");
    for wish in ["only items not from yesterday, and not shown before", "only items about Rust not posted before"] {
        assert_eq!(left(&feed, wish), [wish], "{wish}");
        assert!(names(&changed(&feed, wish)).contains(&"ListDifferenceBlock".to_owned()), "{wish}");
    }
    for wish in [
        "only items not posted before",
        "only show me the items I have not seen before",
        "only recent entries I have not seen before",
        "only different posts that I haven't had yet",
    ] {
        assert!(left(&feed, wish).is_empty(), "{wish}");
    }
    for (wish, more) in [
        ("only items not from yesterday, and not shown before", "\"not from yesterday\""),
        ("only recent items about Rust not posted before", "\"about Rust\""),
    ] {
        let (_, why) = told(&feed, wish);
        assert!(why[0].starts_with(more), "{wish}: {why:?}");
    }
}

#[test]
fn a_mail_is_no_other_way_out() {
    let tweet = agent(TWEET);
    for (wish, from) in [
        ("if the tweet is too long, shorten it, and mail it to me", "AITextGeneratorBlock"),
        ("if the tweet is rude, mail it to me", "AITextGeneratorBlock"),
    ] {
        let after = changed(&tweet, wish);
        assert_eq!(source(&after, "TwitterPostTweetBlock", "tweet_text"), from, "{wish}");
        assert!(leads(&after, "AIConditionBlock", "SendEmailBlock"), "{wish}");
    }
    // The one that mails is held back.
    let after = changed(&agent(MAIL), "if the summary is short, mail it to me");
    assert_eq!(count(&after, "SendEmailBlock"), 1);
    assert_eq!(source(&after, "SendEmailBlock", "body"), "AIConditionBlock");
}
