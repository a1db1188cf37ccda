//! What a wish means by its grammar: an order in time, a day off, a person's look, a change of order, a limit of a text.

use serde_json::{Value, json};
use shared::port::Draft;

use super::{
    fixture::{MAIL, SLACK, agent, changed, leads, names, node, patched},
    meant::{refused, with},
};

const DAILY: &str = "Every day at 8:00 read my Gmail inbox, summarise the messages and e-mail the summary";
const TWEET: &str = "Read a web page, write a tweet about it and post it on Twitter";
const NOTION: &str = "Search the web for a topic, write a report about it and save the report to Notion";
const WIKI: &str = "Get the Wikipedia summary of a topic, summarise it and translate the summary to German";
const DOC: &str = "Transcribe a YouTube video, summarise the transcript and append the summary to a Google Doc";

fn cron(agent: &Value) -> &str {
    agent["recommended_schedule_cron"].as_str().unwrap_or_default()
}

fn has(agent: &Value, block: &str) -> bool {
    names(agent).iter().any(|name| name == block)
}

/// The blocks whose output goes into an input.
fn sources(agent: &Value, block: &str, input: &str) -> Vec<(String, String)> {
    let sink = node(agent, block)["id"].clone();
    let title = |id: &Value| {
        let at = agent["nodes"].as_array().unwrap().iter().position(|node| &node["id"] == id).unwrap();
        names(agent)[at].clone()
    };
    let links = agent["links"].as_array().unwrap().iter();
    links
        .filter(|link| link["sink_id"] == sink && link["sink_name"] == input)
        .map(|link| (title(&link["source_id"]), link["source_name"].as_str().unwrap().to_owned()))
        .collect()
}

#[test]
fn days_on_which_nothing_is_wanted_leave_the_schedule_and_become_no_condition() {
    let before = agent(DAILY);
    for (wish, days) in [
        ("Don't bother me with this on weekends", "1-5"),
        ("leave me alone on Sundays", "1-6"),
        ("I don't want it on Fridays", "0-4,6"),
        ("don't run it on Saturdays and Sundays", "1-5"),
        ("On weekends please don't send me anything", "1-5"),
        ("don't send the digest on Saturdays", "0-5"),
    ] {
        let after = changed(&before, wish);
        let expected: Vec<String> = match days {
            "0-4,6" => vec!["0 8 * * 0,1,2,3,4,6".to_owned()],
            days => vec![format!("0 8 * * {days}")],
        };
        assert!(expected.contains(&cron(&after).to_owned()), "{wish}: {}", cron(&after));
        assert_eq!(after["nodes"], before["nodes"], "{wish}: a step was added that would look for the day in a mail");
    }
    let unscheduled = agent(MAIL);
    assert!(patched(&unscheduled, "don't mail it on Sundays").is_err(), "it would be said to rest, and would not");
}

#[test]
fn what_comes_when_all_is_done_comes_last_and_asks_no_model_whether_it_is_done() {
    for (goal, last) in [(NOTION, "NotionCreatePageBlock"), (TWEET, "TwitterPostTweetBlock")] {
        let before = agent(goal);
        for wish in [
            "send a Slack message to #dev when you're done",
            "once that's done, send a Slack message to #dev",
            "as soon as everything has finished send a Slack message to #dev",
            "when it's finished, tell #dev in Slack",
        ] {
            let after = changed(&before, wish);
            assert!(!has(&after, "AIConditionBlock"), "{wish}: a model would be asked whether a text is done");
            assert!(leads(&after, last, "SendSlackMessageBlock"), "{wish}: the message would not wait");
            assert!(after.to_string().contains("#dev"), "{wish}");
        }
    }
}

#[test]
fn the_link_of_something_is_what_the_step_gives_that_makes_it() {
    for (goal, wish, block, output) in [
        (NOTION, "post the link of the Notion page to Slack #research", "NotionCreatePageBlock", "page_url"),
        (NOTION, "post the address of the Notion page in Slack #research", "NotionCreatePageBlock", "page_url"),
        (TWEET, "send the tweet's URL to Slack #tweets", "TwitterPostTweetBlock", "tweet_url"),
        (
            DOC,
            "send a Slack message to #docs with the link of the doc",
            "GoogleDocsAppendMarkdownBlock",
            "document_#_url",
        ),
    ] {
        let after = changed(&agent(goal), wish);
        let from = sources(&after, "SendSlackMessageBlock", "text");
        assert_eq!(from, [(block.to_owned(), output.to_owned())], "{wish}: a model would invent a link");
    }
}

#[test]
fn a_limit_of_a_text_is_told_to_the_step_that_writes_it() {
    let before = agent(TWEET);
    for wish in [
        "never use more than two hashtags",
        "It should never use more than 50 words",
        "the tweet must always be friendly and never with more than three sentences",
        "never more than four lines",
        "never mention competitors",
        "keep the tweet polite and at most 30 words",
    ] {
        let after = changed(&before, wish);
        assert_eq!(names(&after), names(&before), "{wish}: long texts would be held back, not shortened");
        let prompt = |agent: &Value| node(agent, "AITextGeneratorBlock")["input_default"]["prompt"].clone();
        assert_ne!(prompt(&after), prompt(&before), "{wish}");
    }
}

#[test]
fn a_condition_may_come_before_what_it_forbids_without_a_comma() {
    for (goal, wish, block) in [
        (TWEET, "if the tweet is longer than 280 characters don't post it", "TwitterPostTweetBlock"),
        (TWEET, "when it mentions politics do not post it", "TwitterPostTweetBlock"),
        (MAIL, "if the summary is short never mail it", "SendEmailBlock"),
        (SLACK, "if nothing has changed don't send me anything", "SendSlackMessageBlock"),
        (WIKI, "if the summary is empty don't translate it", "AITextGeneratorBlock"),
    ] {
        let after = changed(&agent(goal), wish);
        assert!(leads(&after, "AIConditionBlock", block), "{wish}: it would go out all the same");
        let condition = node(&after, "AIConditionBlock")["input_default"]["condition"].clone();
        assert!(
            !condition.as_str().unwrap().contains("don't") && !condition.as_str().unwrap().contains("not "),
            "{wish}"
        );
    }
}

#[test]
fn that_nothing_new_came_is_seen_where_it_would_come_from() {
    let after = changed(&agent(DAILY), "Skip the email when there are no new messages");
    let looked = sources(&after, "AIConditionBlock", "input_value");
    assert_eq!(looked, [("GmailReadBlock".to_owned(), "emails".to_owned())], "a summary of nothing tells nothing");
    assert!(leads(&after, "AITextSummarizerBlock", "SendEmailBlock"), "the mail would have the list, not the summary");
}

#[test]
fn the_person_who_wants_to_look_looks() {
    let before = agent(TWEET);
    for wish in [
        "I want to approve the tweet before it goes out",
        "I want to review the tweet before it is posted",
        "I'd like to see the tweet before you post it",
        "wait for my approval before posting",
        "let me confirm first",
        "I need to okay the tweet before it goes to Twitter",
    ] {
        let after = changed(&before, wish);
        assert!(leads(&after, "HumanInTheLoopBlock", "TwitterPostTweetBlock"), "{wish}: it would go out unseen");
        assert_eq!(names(&after).len(), names(&before).len() + 1, "{wish}: a model would look in the person's place");
    }
}

#[test]
fn steps_that_are_there_are_put_in_order_and_none_is_added() {
    let before = agent(WIKI);
    for wish in [
        "Translate first, then summarise the German text",
        "first translate it and then summarise",
        "translate before you summarise",
        "Swap the summary and the translation",
        "Do the translation first and the summary afterwards",
        "switch the order of the summary and the translation",
    ] {
        let after = changed(&before, wish);
        assert_eq!(names(&after), names(&before), "{wish}: the work would be done twice");
        assert!(leads(&after, "AITextGeneratorBlock", "AITextSummarizerBlock"), "{wish}: nothing would change");
    }
    let two = agent("Get the weather and post it on Bluesky and to Telegram");
    assert!(patched(&two, "swap Bluesky and Telegram").is_err(), "neither waits for the other");
}

#[test]
fn what_is_no_longer_to_be_done_goes_and_is_told_to_no_model() {
    let before = agent(NOTION);
    for wish in [
        "no need to save it to Notion any longer",
        "no need to save it to Notion any longer, I just want the report as output",
        "stop saving it to Notion",
        "it doesn't have to be saved in Notion",
    ] {
        let after = changed(&before, wish);
        assert!(!has(&after, "NotionCreatePageBlock"), "{wish}");
        assert_eq!(
            node(&after, "AITextGeneratorBlock")["input_default"],
            node(&before, "AITextGeneratorBlock")["input_default"],
            "{wish}: the report would speak of Notion"
        );
    }
}

#[test]
fn a_clause_about_a_channel_is_never_poured_into_a_prompt() {
    let before = agent(TWEET);
    for wish in
        ["I'd really fancy the text somewhere in Slack, channel #kim", "swap the blue one and the red one of #kim"]
    {
        if let Ok(Draft::Agent(after, account)) = patched(&before, wish) {
            let after: Value = serde_json::from_str(after.get()).unwrap();
            let prompt = node(&after, "AITextGeneratorBlock")["input_default"]["prompt"].clone();
            assert!(!prompt.as_str().unwrap().contains("#kim"), "{wish}");
            let told = after.to_string().contains("kim") || json!(account.left_out).to_string().contains("#kim");
            assert!(told, "{wish}: nobody would know that the channel was passed over");
        }
    }
}

#[test]
fn a_label_brings_along_no_output_that_nobody_asked_for() {
    let goal =
        "When a pull request is opened in a GitHub repository, read it, write a review and comment the review on it";
    let before = agent(goal);
    let after = changed(&before, "and label the PR 'reviewed' when you're done");
    let outputs = |agent: &Value| names(agent).iter().filter(|name| *name == "AgentOutputBlock").count();
    assert_eq!(outputs(&after), outputs(&before), "{:?}", names(&after));
    assert_eq!(names(&after)[names(&before).len()..], ["GithubAddLabelBlock", "StoreValueBlock"]);
    assert!(leads(&after, "GithubCommentBlock", "GithubAddLabelBlock"));
}

#[test]
fn a_description_may_end_with_a_full_stop() {
    let before = agent(DAILY);
    let after = changed(&before, "Change its description to \"Reads my mail and shortens it.\"");
    assert_eq!(
        after["description"].as_str().map(|text| text.trim_end_matches('.')),
        Some("Reads my mail and shortens it")
    );
}

#[test]
fn each_of_two_things_in_one_sentence_is_done() {
    let before = agent(DAILY);
    let after = changed(
        &before,
        "Once it has mailed me, I want a Slack message sent to #news and the result written to a Google Sheet",
    );
    let blocks = names(&after);
    for block in ["SendSlackMessageBlock", "GoogleSheetsAppendRowBlock"] {
        assert!(blocks.iter().any(|name| name == block), "{blocks:?}");
    }
}

#[test]
fn what_goes_and_what_comes_may_be_said_in_either_order() {
    let feed = with(SLACK, "SendSlackMessageBlock", &json!({"channel": "#news"}));
    for wish in [
        "Instead of Slack, use Discord",
        "Rather than Slack I'd like to get a Discord message",
        "switch the target from Slack to Discord",
        "Don't post it to Slack, send it to Discord #news instead",
    ] {
        let after = changed(&feed, wish);
        assert!(has(&after, "SendDiscordMessageBlock") && !has(&after, "SendSlackMessageBlock"), "{wish}");
    }
    let clip = agent("Download a video, cut the first minute out of it and send the clip to Discord #clips");
    let why = refused(&clip, "mail the clip to me instead of sending it to Discord");
    assert!(why.contains("does not take"), "the clip would be lost: {why}");
}

#[test]
fn the_like_of_it_is_the_one_that_is_named() {
    let todo = agent("Extract the action items from meeting notes and create a Todoist task for each");
    let after = changed(&todo, "Replace Todoist with Linear issues");
    assert!(has(&after, "LinearCreateIssueBlock"), "an issue is no comment");
    let news = with(
        "Search the web with Tavily and post the result to Slack",
        "TavilySearchBlock",
        &json!({"query": "AI agents", "topic": "news"}),
    );
    let after = changed(&news, "use Exa instead of Tavily");
    assert_eq!(node(&after, "ExaSearchBlock")["input_default"]["query"], "AI agents");
}

#[test]
fn a_message_for_each_is_what_goes_out_for_each_and_one_with_a_thing_is_the_thing() {
    let reddit = agent("Watch the subreddit r/rust and post each new post to the Discord channel #rust");
    for (wish, block) in [
        ("I'd like an email as well for each post", "SendEmailBlock"),
        ("I want a Telegram message too for each post", "SendTelegramMessageBlock"),
    ] {
        let after = changed(&reddit, wish);
        assert!(has(&after, block) && !has(&after, "AITextGeneratorBlock"), "{wish}");
    }
    let tweet = agent("Read a blog post from a web page and write a tweet about it and post it to Twitter");
    let after = changed(&tweet, "add a Slack message with the tweet");
    assert_eq!(names(&after).iter().filter(|name| *name == "AITextGeneratorBlock").count(), 1, "it is written already");
}

#[test]
fn what_follows_tells_what_has_happened_and_stands_where_it_was_said() {
    let contact = agent("When a webhook arrives, create a HubSpot contact from it");
    for wish in [
        "when the contact has been created, send an email to cs@acme.com",
        "once the contact has been created, tell #crm in Slack",
    ] {
        let after = changed(&contact, wish);
        let text = after["nodes"].as_array().unwrap().iter().find_map(|node| node["input_default"]["data"].as_str());
        assert_eq!(text, Some("The contact has been created."), "{wish}");
    }
    let why = refused(&contact, "After creating the contact, post its link to the Slack channel #crm");
    assert!(why.contains("gives no link"), "no model makes one up: {why}");
    let standup = agent("Every weekday at 9am post \"Daily standup starting soon\" to the Slack channel #standup");
    for wish in [
        "Two hours later post a second message to Slack that says \"Standup is over\"",
        "an hour later send another Slack message which says \"Standup is over\"",
        "At the end send a Slack message to #todo that says \"Standup is over\"",
    ] {
        let after = changed(&standup, wish);
        let messages = names(&after).iter().filter(|name| *name == "SendSlackMessageBlock").count();
        assert!(messages == 2 && after.to_string().contains("\"Standup is over\""), "{wish}");
    }
}

#[test]
fn an_approval_stands_in_front_of_what_goes_out_and_not_of_the_loop() {
    let tweets = agent("Read an RSS feed, write a tweet about each entry and post it on Twitter");
    for wish in [
        "I want to approve each tweet before it goes out",
        "let me approve the tweets before they go out",
        "I want to check each tweet before it is posted",
    ] {
        let after = changed(&tweets, wish);
        let (from, _) = sources(&after, "HumanInTheLoopBlock", "data").remove(0);
        assert_eq!(from, "AITextGeneratorBlock", "{wish}");
    }
}

#[test]
fn a_condition_looks_at_one_of_them_and_at_what_they_have() {
    let reddit = agent("Watch the subreddit r/rust and post each new post to the Discord channel #rust");
    for wish in ["Skip posts with fewer than 10 upvotes", "skip posts with more than 100 comments"] {
        let why = refused(&reddit, wish);
        assert!(why.contains("Nothing says how many"), "{wish}: {why}");
    }
    let todo = agent("Extract the action items from meeting notes and create a Todoist task for each");
    for wish in ["only extract tasks that are assigned to me", "only extract items that have a deadline"] {
        let after = changed(&todo, wish);
        assert!(!has(&after, "AIConditionBlock"), "the notes are of all: {wish}");
    }
}

#[test]
fn what_is_no_longer_used_goes_with_all_that_is_its_own() {
    let meeting = agent("Summarise meeting notes and post them to Slack and send them by email");
    for wish in [
        "Slack is no longer used, remove everything that has to do with it",
        "Slack is not used any more, take out everything about it",
        "the Slack message is obsolete",
        "the Slack message isn't required",
    ] {
        let after = changed(&meeting, wish);
        assert!(!after.to_string().contains("Slack channel") && has(&after, "SendEmailBlock"), "{wish}");
    }
}
