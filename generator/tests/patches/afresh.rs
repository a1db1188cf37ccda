//! Wishes as they come in chats: complaints with what to do about them, idioms, and what is asked for beside them.

use serde_json::json;
use shared::port::Draft;

use crate::{
    fixture::{MAIL, SLACK, agent, changed, leads, names, node, patched},
    kinds::{count, left, source},
    meant::{refused, valued},
};

const STANDUP: &str = "Every weekday at 9am post \"Daily standup starting soon\" to the Slack channel #standup";
const TWEET: &str = "Read a blog post from a web page, write a tweet about it and post the tweet";
const INBOX: &str = "Every morning read my Gmail inbox, summarise the messages and mail me the summary";
const POEM: &str = "Write a poem about a topic with an AI model";
const FEEDBACK: &str = "Take customer feedback, if it is negative, create a Linear issue";
const GMAIL: &str = "Summarise a web page and send the summary with Gmail to boss@example.com";
const BOTH: &str = "Summarise meeting notes, post the summary to Slack and mail it";
const REPORT: &str = "Search the web for a topic, write a report about it and save it as a Notion page";
const TODO: &str = "Extract the action items from meeting notes and create a Todoist task for each";
const WEATHER: &str = "Every day at 7 get the weather of Berlin and send it to Telegram";
const PAGE: &str = "Summarise a web page and e-mail the summary to ana@example.com";
const REQUEST: &str = "Call the API https://api.example.com/orders and email me the result";

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
            &agent(TODO),
            "put the tasks into the project \"Work\" and give them priority 4",
            "TodoistCreateTaskBlock",
            "priority"
        ),
        4
    );
    assert_eq!(left(&agent(TODO), "put the tasks into the project \"Work\" and give them priority 4").len(), 1);
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

#[test]
fn what_only_waits_is_passed_by() {
    let alert = agent("When a webhook is called, wait ten minutes and post the payload to the Slack channel #alerts");
    let after = changed(&alert, "skip the wait if the message contains \"urgent\"");
    assert_eq!(count(&after, "SendSlackMessageBlock"), 2);
    assert_eq!(source(&after, "CountdownTimerBlock", "input_message"), "AIConditionBlock");
    let links = after["links"].as_array().unwrap();
    assert!(links.iter().any(|link| link["source_name"] == "yes_output"));
}

#[test]
fn what_a_model_gives_is_told_to_the_model() {
    let triage = agent(
        "When a new issue is opened in acme/app on GitHub, classify it as bug, feature or question and add the label to the issue",
    );
    for wish in
        ["the labels should be bug, feature, question or docs", "the label should be one of bug, feature and docs"]
    {
        let after = changed(&triage, wish);
        assert_eq!(
            source(&after, "GithubAddLabelBlock", "label"),
            source(&triage, "GithubAddLabelBlock", "label"),
            "{wish}"
        );
        assert!(node(&after, "GithubAddLabelBlock")["input_default"]["label"].is_null(), "{wish}");
    }
}

#[test]
fn a_sheet_takes_the_place_of_a_mail() {
    for wish in [
        "nobody reads the mail, put the summary in a Google Sheet instead",
        "save it in a Google Sheet instead of mailing it",
    ] {
        let after = changed(&agent(PAGE), wish);
        assert_eq!(count(&after, "SendEmailBlock"), 0, "{wish}");
        assert_eq!(
            source(&after, "GoogleSheetsAppendRowBlock", "spreadsheet"),
            "AgentGoogleDriveFileInputBlock",
            "{wish}"
        );
        assert_eq!(source(&after, "GoogleSheetsAppendRowBlock", "row"), "AddToListBlock", "{wish}");
        assert_eq!(count(&after, "AddToListBlock"), 1, "{wish}");
    }
    let video = agent("Transcribe a YouTube video, summarise the transcript and save it as a Google Doc");
    for wish in
        ["instead of a Google Doc I'd like to have it in Notion", "rather than a Google Doc save it as a Notion page"]
    {
        let after = changed(&video, wish);
        assert!(!names(&after).iter().any(|name| name.starts_with("GoogleDocs")), "{wish}");
        assert_eq!(count(&after, "NotionCreatePageBlock"), 1, "{wish}");
    }
}

#[test]
fn why_is_no_part_of_what() {
    let greeting = agent("Every weekday at 9am post \"Good morning\" to the Slack channel #team");
    for wish in [
        "kindly change the greeting to \"Hello all\", our team likes that better",
        "change the text to \"Hello all\", that is nicer",
    ] {
        assert_eq!(valued(&greeting, wish, "SendSlackMessageBlock", "text"), "Hello all", "{wish}");
    }
    for (wish, cron) in [
        ("it comes way too early, 10 would be fine", "0 10 * * 1-5"),
        ("the message comes far too late, 8:15 is better", "15 8 * * 1-5"),
        ("move the reminder ten minutes earlier", "50 8 * * 1-5"),
    ] {
        assert_eq!(changed(&greeting, wish)["recommended_schedule_cron"], cron, "{wish}");
    }
    // What is not to be asked for is no step.
    let before = agent(REPORT);
    for wish in [
        "the topic is always \"battery recycling\", don't ask me",
        "use \"battery recycling\" as the topic and don't ask me again",
    ] {
        let after = changed(&before, wish);
        assert_eq!(count(&after, "AITextGeneratorBlock"), 1, "{wish}");
        assert!(after.to_string().contains("battery recycling"), "{wish}");
    }
    assert!(format!("{:?}", patched(&before, "don't ask me")).contains("What should be used"));
    // All of it goes out by one way, or together.
    let both = changed(&agent(BOTH), "only Slack please");
    assert_eq!((count(&both, "SendEmailBlock"), count(&both, "SendSlackMessageBlock")), (0, 1));
    let after = changed(&agent(BOTH), "have me confirm before anything goes public");
    assert_eq!(source(&after, "SendEmailBlock", "body"), "HumanInTheLoopBlock");
    let posts = agent("Watch the subreddit r/rust and post each new post to the Discord channel #rust");
    let after = changed(&posts, "do not post anything with \"hiring\" in the title");
    assert!(node(&after, "AIConditionBlock")["input_default"]["condition"].to_string().contains("hiring"));
    let after = changed(&agent(REQUEST), "it would be great if the mail had today's date in the subject");
    assert_eq!(count(&after, "GetCurrentDateBlock"), 1);
}

const ANSWERS: &str =
    "Search Reddit for acme, write an answer to each post, wait for my approval and send it to me on Discord";
const ALERT: &str = "When a webhook is called, wait ten minutes and post the payload to the Slack channel #alerts";
const NEWS: &str = "Search the web for AI news, write a LinkedIn post about it and post it to LinkedIn";

#[test]
fn an_approval_stays_where_another_is_to_be_asked() {
    for wish in [
        "don't ask me again for it, ask Anna",
        "ask Anna, don't ask me again",
        "Don't ask me any more. Anna should approve it.",
        "don't ask me again, let Anna approve it",
    ] {
        assert!(refused(&agent(ANSWERS), wish).contains("another person"), "{wish}");
    }
    assert_eq!(count(&changed(&agent(ANSWERS), "don't ask me again"), "HumanInTheLoopBlock"), 0);
}

#[test]
fn a_draft_takes_out_nothing_that_is_not_forbidden() {
    let mails = agent(GMAIL);
    for wish in ["add a draft", "prepare a draft", "keep a draft of each mail", "save it as a draft and send it"] {
        if let Ok(Draft::Agent(after, _)) = patched(&mails, wish) {
            let after = serde_json::from_str(after.get()).unwrap();
            assert_eq!(count(&after, "GmailSendBlock"), 1, "{wish}");
        }
    }
    let after = changed(&mails, "create drafts, don't send them");
    assert_eq!((count(&after, "GmailSendBlock"), count(&after, "GmailCreateDraftBlock")), (0, 1));
}

#[test]
fn a_picture_that_exists_is_not_made() {
    for wish in [
        "add a photo that I upload",
        "add a photo of our CEO",
        "add a picture of my office",
        "attach an image that we have on file",
        "add a photo of Angela Merkel",
    ] {
        assert!(refused(&agent(NEWS), wish).contains("A picture that exists"), "{wish}");
    }
    let after = changed(&agent(NEWS), "add a picture for our post");
    assert!(!source(&after, "PostToLinkedInBlock", "media_urls").is_empty());
}

#[test]
fn a_model_is_taken_by_what_thinks() {
    let after = changed(&agent(BOTH), "have the summary written by Claude");
    let model = node(&after, "AITextSummarizerBlock")["input_default"]["model"].clone();
    assert!(model.as_str().unwrap().starts_with("claude"), "{model}");
    for wish in ["have the mail sent by Claude", "have the Slack message posted by Gemini"] {
        assert!(!format!("{:?}", patched(&agent(BOTH), wish)).contains("Agent("), "{wish}");
    }
}

#[test]
fn what_comes_anew_is_done_both_ways_or_told() {
    for (goal, wish, block) in [
        (ALERT, "skip the wait if it is urgent, and mail it to a@b.de", "SendEmailBlock"),
        (ANSWERS, "skip the approval if it is urgent and also post it to Slack", "SendSlackMessageBlock"),
    ] {
        let before = agent(goal);
        assert_eq!(count(&changed(&before, wish), block), 0, "{wish}");
        assert_eq!(left(&before, wish).len(), 1, "{wish}");
    }
}

#[test]
fn what_names_no_days_gives_none_back() {
    let wish = "not on Fridays, just at 8";
    assert!(!format!("{:?}", patched(&agent(STANDUP), wish)).contains("Agent("));
    let after = changed(&agent(STANDUP), "not on Fridays, just Mon-Thu");
    assert_eq!(after["recommended_schedule_cron"], "0 9 * * 1-4");
    // A text on some days is not the text with the days in it.
    for wish in ["say \"Hi\" on Mondays", "the bot should say \"Hi\" on Mondays"] {
        assert!(!format!("{:?}", patched(&agent(STANDUP), wish)).contains("Agent("), "{wish}");
    }
}

#[test]
fn only_what_a_person_decides_about_is_rejected() {
    for wish in ["post the answers about rejected applications to Slack", "summarise the declined loan posts"] {
        let after = changed(&agent(ANSWERS), wish);
        assert!(!after.to_string().contains("rejected_data"), "{wish}");
        assert!(!after.to_string().contains("ummarise it posts"), "{wish}");
    }
    let after = changed(&agent(ANSWERS), "post the rejected answers to Slack");
    assert!(after.to_string().contains("rejected_data"));
}

#[test]
fn only_a_form_is_told_to_what_writes() {
    for wish in ["make it private", "make it optional", "make it silent", "make it pop", "make it public"] {
        for goal in [BOTH, POEM] {
            assert!(!format!("{:?}", patched(&agent(goal), wish)).contains("Agent("), "{wish}");
        }
    }
    for wish in ["make it rhyme", "make it poetic", "make it bilingual"] {
        assert!(changed(&agent(POEM), wish).to_string().contains("Make it"), "{wish}");
    }
    let image = agent("Draw an image of a topic and post it to the Discord channel #art");
    for wish in ["run a fact check", "do a fact check"] {
        assert!(refused(&image, wish).contains("no text"), "{wish}");
    }
    let wish = "the topic is always \"Sales\", don't ask me";
    assert!(refused(&agent(BOTH), wish).contains("no input"));
}

#[test]
fn what_is_not_hurried_waits_for_something() {
    for wish in ["never tweet it immediately", "don't tweet it right away", "do not post it at once"] {
        assert!(format!("{:?}", patched(&agent(TWEET), wish)).contains("What should it wait for"), "{wish}");
    }
    for wish in ["never send it right away, create drafts", "do not mail it immediately, create a draft"] {
        assert_eq!(count(&changed(&agent(GMAIL), wish), "GmailSendBlock"), 0, "{wish}");
    }
    for (wish, query) in
        [("only mails from the last 48 hours", "newer_than:2d"), ("only mails of the last month", "newer_than:30d")]
    {
        let asked = valued(&agent(INBOX), wish, "GmailReadBlock", "query").to_string();
        assert!(asked.contains(query), "{wish}: {asked}");
    }
}
