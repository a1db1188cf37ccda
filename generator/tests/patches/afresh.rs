//! Wishes as they come in chats: complaints with what to do about them, idioms, and what is asked for beside them.

use serde_json::json;

use crate::{
    fixture::{MAIL, SLACK, agent, changed, leads, names, node, patched},
    kinds::{count, left, source},
    meant::{refused, valued},
};

pub(crate) const STANDUP: &str =
    "Every weekday at 9am post \"Daily standup starting soon\" to the Slack channel #standup";
pub(crate) const TWEET: &str = "Read a blog post from a web page, write a tweet about it and post the tweet";
pub(crate) const INBOX: &str = "Every morning read my Gmail inbox, summarise the messages and mail me the summary";
pub(crate) const POEM: &str = "Write a poem about a topic with an AI model";
const FEEDBACK: &str = "Take customer feedback, if it is negative, create a Linear issue";
pub(crate) const GMAIL: &str = "Summarise a web page and send the summary with Gmail to boss@example.com";
pub(crate) const BOTH: &str = "Summarise meeting notes, post the summary to Slack and mail it";
pub(crate) const REPORT: &str = "Search the web for a topic, write a report about it and save it as a Notion page";
const ACTIONS: &str = "Extract the action items from meeting notes and create a Todoist task for each";
const WEATHER: &str = "Every day at 7 get the weather of Berlin and send it to Telegram";
pub(crate) const PAGE: &str = "Summarise a web page and e-mail the summary to ana@example.com";
pub(crate) const REQUEST: &str = "Call the API https://api.example.com/orders and email me the result";

#[test]
fn a_complaint_is_no_value_and_what_follows_it_is() {
    for wish in [
        "the subject line is awful, it should read \"Orders of today\"",
        "the subject is boring, make it \"Orders of today\"",
        "the subject is misleading, change it to \"Orders of today\"",
    ] {
        assert_eq!(valued(&agent(REQUEST), wish, "SendEmailBlock", "subject"), "Orders of today", "{wish}");
    }
    for (goal, wish) in [
        (REQUEST, "the subject is boring"),
        (REQUEST, "the subject is a bit weird"),
        (STANDUP, "the channel is wrong"),
        (SLACK, "the body is too much"),
    ] {
        assert!(!format!("{:?}", patched(&agent(goal), wish)).contains("Agent("), "{wish}");
    }
    for (wish, prompt) in [
        ("it never rhymes, please fix that", "Make it rhyme."),
        ("it doesn't mention the season, can you fix it", "Mention the season."),
        ("make it rhyme", "Make it rhyme."),
    ] {
        let written = valued(&agent(POEM), wish, "AITextGeneratorBlock", "prompt").to_string();
        assert!(written.contains(prompt), "{wish}: {written}");
    }
    assert!(!format!("{:?}", patched(&agent(POEM), "it does not work, fix it")).contains("Agent("));
}

#[test]
fn measures_are_of_what_is_written() {
    for wish in
        ["this is too chatty, 5 bullet points are plenty", "5 bullet points will do", "three sentences are plenty"]
    {
        let after = changed(&agent(INBOX), wish);
        assert!(node(&after, "GmailReadBlock")["input_default"]["max_results"].is_null(), "{wish}");
        let given = node(&after, "AITextSummarizerBlock")["input_default"].to_string();
        assert!(given.contains("bullet points") || given.contains("hree sentences"), "{wish}: {given}");
    }
    let reddit = agent("Search Reddit for acme, write an answer to each post and send it to me on Discord");
    assert_eq!(valued(&reddit, "limit it to 10 posts", "SearchRedditBlock", "limit"), 10);
}

#[test]
fn an_address_is_never_words() {
    let mails = agent(PAGE);
    for wish in [
        "the mail should go to the customer's address in the sheet, not to ana@example.com",
        "the mail should go to their address from the sheet",
        "send it to the customer's address in the sheet",
    ] {
        let why = refused(&mails, wish);
        assert!(why.contains("address"), "{wish}: {why}");
    }
}

#[test]
fn a_precaution_is_no_condition() {
    for (wish, block) in [
        ("store it in a Google Sheet too, in case Slack loses it", "GoogleSheetsAppendRowBlock"),
        ("also send it to Discord in case I miss it", "SendDiscordMessageBlock"),
        ("save it to a Google Doc as well, just in case someone deletes it", "GoogleDocsCreateBlock"),
    ] {
        let after = changed(&agent(SLACK), wish);
        assert_eq!(count(&after, "AIConditionBlock"), 0, "{wish}");
        assert_eq!(count(&after, block), 1, "{wish}");
    }
    // A case is one.
    let after = changed(&agent(SLACK), "also send it to Discord in case it mentions a refund");
    assert_eq!(count(&after, "AIConditionBlock"), 1);
}

#[test]
fn what_may_be_chosen_is_an_input() {
    for wish in [
        "the user should also be able to choose the style of the poem",
        "users must be able to pick the style of the poem",
        "I should be able to set the style of the poem",
    ] {
        let after = changed(&agent(POEM), wish);
        assert!(
            node(&after, "AITextGeneratorBlock")["input_default"]["prompt"].to_string().contains("{{style"),
            "{wish}"
        );
        assert!(after.to_string().contains("Style of the poem"), "{wish}");
    }
}

#[test]
fn drafts_take_the_place_of_what_sends() {
    for wish in [
        "Don't send right away — create drafts so I can check them first",
        "only create drafts",
        "save them as drafts instead of sending them",
        "make drafts instead",
    ] {
        let after = changed(&agent(GMAIL), wish);
        assert_eq!(count(&after, "GmailSendBlock"), 0, "{wish}: {:?}", names(&after));
        assert_eq!(source(&after, "GmailCreateDraftBlock", "body"), "AITextSummarizerBlock", "{wish}");
    }
    assert!(refused(&agent(MAIL), "create a draft instead of sending it").contains("drafts"));
    // What it should wait for is not said.
    for wish in ["don't tweet it immediately", "do not post it right away"] {
        assert!(format!("{:?}", patched(&agent(TWEET), wish)).contains("What should it wait for"), "{wish}");
    }
}

#[test]
fn a_mail_goes_by_the_account_that_is_named() {
    let page = agent(PAGE);
    for wish in ["send it from my Gmail account", "send the mail with my Gmail account", "mail it via my Gmail address"]
    {
        let after = changed(&page, wish);
        assert_eq!(count(&after, "SendEmailBlock"), 0, "{wish}");
        assert_eq!(node(&after, "GmailSendBlock")["input_default"]["to"], json!(["ana@example.com"]), "{wish}");
    }
}

#[test]
fn facts_are_checked_wherever_it_is_said() {
    for wish in ["do a fact check", "fact-check the tweet", "add a fact check please", "can you run a quick fact check"]
    {
        let after = changed(&agent(TWEET), wish);
        assert_eq!(source(&after, "FactCheckerBlock", "statement"), "AITextGeneratorBlock", "{wish}");
        assert_eq!(source(&after, "TwitterPostTweetBlock", "tweet_text"), "ConditionBlock", "{wish}");
    }
    assert!(refused(&agent(POEM), "do a fact check").contains("facts"));
}

#[test]
fn what_is_picked_for_one_place_leaves_the_rest_whole() {
    let before = agent(INBOX);
    for wish in ["email me only the 3 most important points", "mail me just the 3 most important points"] {
        let after = changed(&before, wish);
        assert_eq!(source(&after, "SendEmailBlock", "body"), "AITextGeneratorBlock", "{wish}");
        assert_eq!(
            node(&after, "AITextSummarizerBlock")["input_default"],
            node(&before, "AITextSummarizerBlock")["input_default"],
            "{wish}"
        );
    }
}

#[test]
fn nobody_sees_it_before_the_person() {
    for wish in
        ["I'd like to read the summary before anybody else gets it", "let me check the summary before anyone sees it"]
    {
        let after = changed(&agent(BOTH), wish);
        assert_eq!(source(&after, "SendSlackMessageBlock", "text"), "HumanInTheLoopBlock", "{wish}");
        assert_eq!(source(&after, "SendEmailBlock", "body"), "HumanInTheLoopBlock", "{wish}");
    }
    // An approval of one thing holds nothing else back.
    for (wish, other) in [
        ("don't mail it without my approval", "SendSlackMessageBlock"),
        ("let me approve the Slack message first", "SendEmailBlock"),
    ] {
        let after = changed(&agent(BOTH), wish);
        let input = if other == "SendEmailBlock" { "body" } else { "text" };
        assert_eq!(source(&after, other, input), "AITextSummarizerBlock", "{wish}");
        assert_eq!(count(&after, "HumanInTheLoopBlock"), 1, "{wish}");
    }
}

#[test]
fn a_mail_about_a_failure_goes_by_the_server_of_the_others() {
    let server =
        |agent: &serde_json::Value| node(agent, "SendEmailBlock")["input_default"]["config"]["smtp_server"].clone();
    let mut before = agent(BOTH);
    let at = names(&before).iter().position(|name| name == "SendEmailBlock").unwrap();
    before["nodes"][at]["input_default"]["config"] = json!({"smtp_server": "mail.acme.com", "smtp_port": 465});
    assert_eq!(server(&before), "mail.acme.com");
    for wish in ["if Slack fails, mail boss@example.com", "when posting to Slack fails, send an email to ops@acme.com"]
    {
        let after = changed(&before, wish);
        let nodes = after["nodes"].as_array().unwrap();
        let mails = nodes.iter().filter(|node| node["input_default"]["config"]["smtp_server"] == "mail.acme.com");
        assert_eq!(mails.count(), 2, "{wish}");
    }
    let why = refused(&agent(BOTH), "if Slack is down, the email should go out anyway");
    assert!(why.contains("does not wait for"), "{why}");
}

#[test]
fn the_person_hears_of_it_in_one_case_only() {
    let page =
        agent("Every hour scrape https://status.acme.com, say whether everything is up and post it to Slack #ops");
    for wish in [
        "I only need to hear from it when something is down",
        "I only want to know if something is down",
        "only bug me when something is down",
    ] {
        let after = changed(&page, wish);
        assert_eq!(source(&after, "SendSlackMessageBlock", "text"), "AIConditionBlock", "{wish}");
        assert!(
            node(&after, "AIConditionBlock")["input_default"]["condition"].to_string().contains("something is down"),
            "{wish}"
        );
    }
    for (wish, negated) in [("only message me about refunds", false), ("stop telling me about refunds", true)] {
        let after = changed(&agent(SLACK), wish);
        assert!(
            node(&after, "AIConditionBlock")["input_default"]["condition"].to_string().contains("it is about refunds"),
            "{wish}"
        );
        assert_eq!(after.to_string().contains("no_output"), negated, "{wish}");
    }
}

#[test]
fn an_inbox_is_searched_for_all_that_is_asked() {
    for (wish, query) in [
        ("only unread mails from the last day", "newer_than:1d is:unread"),
        (
            "why does it send the whole inbox? I only care about unread mails from the last 3 days",
            "newer_than:3d is:unread",
        ),
        ("I only want to see starred mails with attachments", "is:starred has:attachment"),
    ] {
        let asked = valued(&agent(INBOX), wish, "GmailReadBlock", "query").to_string();
        assert!(query.split(' ').all(|part| asked.contains(part)), "{wish}: {asked}");
    }
    let feed = agent(
        "Every weekday at 9:00 read the RSS feed https://news.example.com/feed.xml, summarise each new entry and post it to the Slack channel #news",
    );
    for wish in ["skip entries older than 12 hours", "Feature request: ignore entries older than 12 hours"] {
        assert_eq!(valued(&feed, wish, "ReadRSSFeedBlock", "time_period"), 720, "{wish}");
    }
    let posts = agent("Watch the subreddit r/rust and post each new post to the Discord channel #rust");
    for wish in [
        "It keeps sending me old posts. I only want to see ones I haven't seen yet",
        "I only care about posts I haven't seen yet",
    ] {
        assert_eq!(count(&changed(&posts, wish), "ListDifferenceBlock"), 1, "{wish}");
    }
    // What nothing gives is told.
    assert_eq!(left(&posts, "only post the title and the link"), ["only post the title and the link"]);
    let feed = agent("Read an RSS feed and post each new entry to the Discord channel #rust");
    let format = valued(&feed, "only post the title and the author", "FillTextTemplateBlock", "format").to_string();
    assert!(format.contains("title}}") && format.contains("author}}") && !format.contains("link"), "{format}");
}

#[test]
fn a_list_may_be_entered_where_one_was() {
    let page = agent(PAGE);
    for wish in [
        "I have a list of pages, do it for each of them",
        "let me enter several pages",
        "I want to run this for several pages",
    ] {
        let after = changed(&page, wish);
        assert_eq!(source(&after, "ExtractWebsiteContentBlock", "url"), "StepThroughItemsBlock", "{wish}");
    }
}

#[test]
fn a_picture_goes_out_with_the_post() {
    let news = agent("Search the web for AI news, write a LinkedIn post about it and post it to LinkedIn");
    for wish in [
        "an image would be nice, generate one that fits the post",
        "add an image that fits the post",
        "generate an image for the post and attach it",
    ] {
        let after = changed(&news, wish);
        assert!(
            ["AddToListBlock", "IdeogramModelBlock"]
                .contains(&source(&after, "PostToLinkedInBlock", "media_urls").as_str()),
            "{wish}"
        );
        assert!(left(&news, wish).is_empty(), "{wish}");
    }
}

#[test]
fn what_is_rejected_is_not_what_was_approved() {
    let drafts = agent(
        "Search Reddit for acme, write an answer to each post, wait for my approval and send it to me on Discord",
    );
    for wish in ["log the rejected answers in a Google Sheet", "also save the declined answers to a Google Sheet"] {
        let after = changed(&drafts, wish);
        let links = after["links"].as_array().unwrap();
        assert!(links.iter().any(|link| link["source_name"] == "rejected_data"), "{wish}");
        assert!(leads(&after, "HumanInTheLoopBlock", "GoogleSheetsAppendRowBlock"), "{wish}");
    }
}

#[test]
fn small_wordings_mean_what_they_mean() {
    for wish in [
        "hey, could you make the bot say \"Standup in 10, grab a coffee\" ? thanks!!",
        "it should say \"Standup in 10, grab a coffee\"",
        "have the bot say \"Standup in 10, grab a coffee\"",
    ] {
        assert_eq!(
            valued(&agent(STANDUP), wish, "SendSlackMessageBlock", "text"),
            "Standup in 10, grab a coffee",
            "{wish}"
        );
    }
    let headers = valued(
        &agent(REQUEST),
        "the API needs a token now: send the header X-Key with \"abc123\"",
        "SendWebRequestBlock",
        "headers",
    );
    assert_eq!(headers, json!({"X-Key": "abc123"}));
    for wish in ["I don't want this on weekends, just Mon-Fri", "not on weekends please, only Monday to Friday"] {
        let after = changed(&agent(WEATHER), wish);
        assert_eq!(after["recommended_schedule_cron"], "0 7 * * 1-5", "{wish}");
    }
    assert_eq!(
        valued(
            &agent(ACTIONS),
            "put the tasks into the project \"Work\" and give them priority 4",
            "TodoistCreateTaskBlock",
            "priority"
        ),
        4
    );
    assert_eq!(left(&agent(ACTIONS), "put the tasks into the project \"Work\" and give them priority 4").len(), 1);
    let after = changed(&agent(FEEDBACK), "ignore people who only say thank you");
    assert_eq!(count(&after, "AIConditionBlock"), 2);
    let after = changed(&agent(FEEDBACK), "positive feedback should be posted to #praise on Slack");
    assert_eq!(source(&after, "SendSlackMessageBlock", "text"), "AIConditionBlock");
    let model = changed(&agent(REPORT), "have the report written by Claude");
    assert!(node(&model, "AITextGeneratorBlock")["input_default"]["model"].as_str().unwrap().starts_with("claude"));
    let after = changed(&agent(REPORT), "split the report step into an outline step and a writing step");
    assert_eq!(count(&after, "AITextGeneratorBlock"), 2);
    assert!(
        refused(
            &agent("Transcribe a YouTube video, summarise the transcript and add it to a Google Doc"),
            "let me type in the title of the doc"
        )
        .contains("no input")
    );
}
