//! Wishes as they are typed: several in one sentence, parts without a verb, what is asked for in passing.

use serde_json::{Value, json};
use shared::port::Draft;

use crate::{
    fixture::{SLACK, agent, changed, leads, names, node, patched},
    meant::{refused, valued, with},
};

const STANDUP: &str = "Every weekday at 9am post \"Daily standup starting soon\" to the Slack channel #standup";
const DIGEST: &str = "Every morning at 8 read my Gmail inbox, summarise the messages and send me the summary by email";
const BOTH: &str = "Summarise meeting notes and post them to Slack and send them by e-mail";
const MAILED: &str = "Summarise a web page and mail the summary to ana@example.com";
const REVIEW: &str = "When a GitHub pull request is opened, read it, write a review and post the review as a comment";
const PERPLEXITY: &str = "Ask Perplexity a question and post the answer to Slack";
const POEM: &str = "Write a poem about a topic with an AI model";
const CLIP: &str = "Download a video, cut a clip of it and send the clip to Discord #clips";
const REFUNDS: &str = "Take customer feedback, if it is negative create a Linear issue";

fn has(agent: &Value, block: &str) -> bool {
    names(agent).iter().any(|name| name == block)
}

pub(crate) fn told(before: &Value, wish: &str) -> (Value, Vec<String>) {
    match patched(before, wish) {
        Ok(Draft::Agent(agent, account)) => (
            serde_json::from_str(agent.get()).unwrap(),
            account.left_out.iter().map(|left| left.message.clone()).collect(),
        ),
        other => panic!("{wish}: {other:?}"),
    }
}

#[test]
fn what_stands_without_a_verb_is_a_wish_of_its_own() {
    let digest = agent(DIGEST);
    for (wish, cron) in [
        ("send it to Slack instead of email, weekdays at 7", "0 7 * * 1-5"),
        ("post it to slack instead of email, and every monday at 10", "0 10 * * 1"),
        ("send it to slack instead, no longer every day but every monday", "0 8 * * 1"),
    ] {
        let after = changed(&digest, wish);
        assert_eq!(after["recommended_schedule_cron"], cron, "{wish}");
        assert!(has(&after, "SendSlackMessageBlock") && !has(&after, "SendEmailBlock"), "{wish}");
    }
    let both = agent(BOTH);
    for wish in ["drop the email part, and the channel is #general", "no email, and the channel is now #general"] {
        let after = changed(&both, wish);
        assert!(!has(&after, "SendEmailBlock") && after.to_string().contains("#general"), "{wish}");
    }
    let page = agent(MAILED);
    for wish in ["summarise it in bullet points, and subject \"Page\"", "bullet points please, the subject is \"Page\""]
    {
        assert_eq!(valued(&page, wish, "SendEmailBlock", "subject"), "Page", "{wish}");
    }
    let feed = changed(&agent(SLACK), "only new posts pls, and the summary in bullet points");
    assert!(has(&feed, "ListDifferenceBlock"));
    assert_eq!(node(&feed, "AITextSummarizerBlock")["input_default"]["style"], "bullet points");
}

#[test]
fn nothing_that_is_said_is_dropped_without_a_word() {
    let poem = agent(POEM);
    for wish in ["make it a haiku and use gpt-4o", "make it a limerick, and use gpt-4o"] {
        let after = changed(&poem, wish);
        let values = &node(&after, "AITextGeneratorBlock")["input_default"];
        assert!(values["prompt"].as_str().unwrap().contains("Make it a "), "{wish}: {values}");
        assert_eq!(values["model"], "gpt-4o", "{wish}");
    }
    let (_, left) = told(&poem, "use gpt-4o. A banana for everyone.");
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn what_is_not_wanted_any_more_ends_an_order() {
    let before = agent(SLACK);
    for wish in [
        "dont summarise anymore just post the titles with links",
        "don't summarise it any more, post the title and link",
    ] {
        let after = changed(&before, wish);
        assert!(!has(&after, "AITextSummarizerBlock"), "{wish}");
        let format = node(&after, "FillTextTemplateBlock")["input_default"]["format"].as_str().unwrap();
        assert!(
            format.contains("title") && format.contains("link") && !format.contains("description"),
            "{wish}: {format}"
        );
    }
}

#[test]
fn a_case_holds_for_the_order_that_it_stands_behind() {
    let watch = agent(
        "Every hour scrape https://status.acme.com, have an AI say whether everything is up and post the verdict to Slack #ops \
         and to Discord #status",
    );
    for wish in
        ["only tell slack if the page is down, no discord anymore", "tell Slack only if it's down, and drop Discord"]
    {
        let after = changed(&watch, wish);
        assert!(!has(&after, "SendDiscordMessageBlock"), "{wish}");
        assert!(leads(&after, "AIConditionBlock", "SendSlackMessageBlock"), "{wish}");
    }
    let review =
        changed(&agent(REVIEW), "only if the PR is not a draft, and dont comment but send me the review on telegram");
    assert!(!has(&review, "GithubCommentBlock") && has(&review, "SendTelegramMessageBlock"), "{:?}", names(&review));
    assert!(leads(&review, "AIConditionBlock", "SendTelegramMessageBlock"));
}

#[test]
fn another_case_looks_at_what_the_first_looks_at() {
    let before = agent(REFUNDS);
    for wish in [
        "if it is positive post it to slack #wins, otherwise keep doing what it does now",
        "if it's positive send it to the Slack channel #wins",
    ] {
        let after = changed(&before, wish);
        assert!(
            has(&after, "LinearCreateIssueBlock") && leads(&after, "AIConditionBlock", "SendSlackMessageBlock"),
            "{wish}"
        );
        let conditions = names(&after).iter().filter(|name| *name == "AIConditionBlock").count();
        assert_eq!(conditions, 2, "{wish}");
    }
}

#[test]
fn what_has_changed_is_told_from_what_was_there_before() {
    let one = agent("Every day at 18:00 scrape https://shop.example.com/prices and send the page to Telegram");
    let after = changed(&one, "send it only if the prices have changed, otherwise nothing");
    assert!(leads(&after, "RetrieveInformationBlock", "SendTelegramMessageBlock"), "{:?}", names(&after));
}

#[test]
fn a_fixed_text_goes_where_it_is_wanted_too() {
    let before = agent(STANDUP);
    for (wish, block) in [
        ("pls post it to discord #team too, but keep slack", "SendDiscordMessageBlock"),
        ("also send it to telegram", "SendTelegramMessageBlock"),
    ] {
        let after = changed(&before, wish);
        assert!(has(&after, "SendSlackMessageBlock") && has(&after, block), "{wish}");
        let said = after.to_string().matches("Daily standup starting soon").count();
        assert!(said >= 2, "{wish}: the text would be the name of the channel");
    }
    for (wish, more) in [
        ("make it 8:45 and also tell people to bring their blockers", "Bring your blockers."),
        ("remind everyone to be on time", "Be on time."),
    ] {
        let text = valued(&before, wish, "SendSlackMessageBlock", "text");
        assert!(text.as_str().unwrap().ends_with(more), "{wish}: {text}");
    }
}

#[test]
fn one_way_out_alone_takes_the_place_of_the_others() {
    for (goal, wish, kept, gone) in [
        (SLACK, "only mail me", "SendEmailBlock", "SendSlackMessageBlock"),
        (BOTH, "only on telegram please", "SendTelegramMessageBlock", "SendEmailBlock"),
        (BOTH, "only send it to Discord", "SendDiscordMessageBlock", "SendSlackMessageBlock"),
    ] {
        let after = changed(&agent(goal), wish);
        assert!(has(&after, kept) && !has(&after, gone), "{wish}: {:?}", names(&after));
    }
}

#[test]
fn a_family_of_models_is_its_newest_and_that_is_told() {
    for (goal, wish) in
        [(POEM, "use Claude"), (POEM, "use claude for the poem"), (PERPLEXITY, "ask claude not perplexity")]
    {
        let (after, left) = told(&agent(goal), wish);
        let model = node(&after, "AITextGeneratorBlock")["input_default"]["model"].as_str().unwrap().to_owned();
        assert!(model.contains("claude"), "{wish}: {model}");
        assert!(left.iter().any(|why| why.contains(&model)) && !has(&after, "PerplexityBlock"), "{wish}: {left:?}");
    }
}

#[test]
fn anything_that_goes_out_waits_for_the_person() {
    let before = agent(BOTH);
    for wish in [
        "ask me before anything gets sent",
        "let me aprove everything before it goes out",
        "ask me before anything is posted",
    ] {
        let after = changed(&before, wish);
        for block in ["SendSlackMessageBlock", "SendEmailBlock"] {
            assert!(leads(&after, "HumanInTheLoopBlock", block), "{wish}: {block}");
        }
    }
    let gone = changed(&changed(&before, "let me approve it first"), "skip the aproval");
    assert!(!has(&gone, "HumanInTheLoopBlock"));
}

#[test]
fn a_text_is_written_in_the_language_that_is_asked_for() {
    let page = agent(MAILED);
    for wish in
        ["could the page be summarised in german", "summarise it in German", "summary should be in german; also short"]
    {
        let after = changed(&page, wish);
        assert!(leads(&after, "AITextSummarizerBlock", "AITextGeneratorBlock"), "{wish}");
        assert!(leads(&after, "AITextGeneratorBlock", "SendEmailBlock"), "{wish}: the mail would stay as it is");
    }
}

#[test]
fn what_comes_before_stands_before_without_a_comma() {
    let rows = agent("Read my unread Gmail messages and add a row for each to a Google Sheet");
    let after = changed(&rows, "before adding the row translate the mail to english");
    assert!(leads(&after, "AITextGeneratorBlock", "GoogleSheetsAppendRowBlock"));
    let answers = agent("Search Reddit for \"acme app\", write an answer to each post and send it to Discord #answers");
    for wish in
        ["before writing each answer search the web for the product", "do a web search before the answer is written"]
    {
        let after = changed(&answers, wish);
        assert!(
            leads(&after, "SearchRedditBlock", "SearchTheWebBlock"),
            "{wish}: it would look for the same each time"
        );
        assert!(leads(&after, "SearchTheWebBlock", "SendDiscordMessageBlock"), "{wish}");
    }
}

#[test]
fn how_often_says_nothing_of_the_days() {
    let standup = agent(STANDUP);
    for (wish, cron) in [("run it twice a day", "0 9,18 * * 1-5"), ("every day at 7", "0 7 * * *")] {
        assert_eq!(changed(&standup, wish)["recommended_schedule_cron"], cron, "{wish}");
    }
}

#[test]
fn a_text_is_what_is_said_and_no_bare_word() {
    let clip = agent(CLIP);
    let after = changed(&clip, "tweet that a new clip is out");
    assert!(after.to_string().contains("A new clip is out") && !after.to_string().contains("\"post\":\"Video\""));
    let after = changed(&clip, "upload it to youtube as well");
    let values = &node(&after, "PostToYouTubeBlock")["input_default"];
    assert_ne!(values["post"], "Video", "{values}");
    let (_, left) =
        told(&agent("Read a web page, write a tweet about it and post it on Twitter"), "attach a generated picture");
    assert!(left.iter().any(|why| why.contains("takes nothing of this kind")), "{left:?}");
}

#[test]
fn a_part_of_what_is_read_is_a_condition_and_no_number_of_it() {
    let reddit = agent("Watch the subreddit r/rust and post each new post to the Discord channel #rust");
    let why = refused(&reddit, "only posts with more than 100 upvotes");
    assert!(why.contains("upvotes"), "{why}");
    let inbox = agent(DIGEST);
    let query = valued(&inbox, "only mails from my boss (boss@acme.com)", "GmailReadBlock", "query");
    assert!(query.as_str().unwrap().ends_with("from:boss@acme.com"), "{query}");
    let records = agent("Read records from Airtable, summarise them and mail the summary to boss@example.com");
    let formula =
        valued(&records, "only take the records with status open", "AirtableListRecordsBlock", "filter_formula");
    assert_eq!(formula, "{status}=\"open\"");
}

#[test]
fn what_an_agent_begins_with_comes_from_elsewhere() {
    let notes = agent("Extract the action items from meeting notes and create a Todoist task from them");
    for wish in ["the meeting notes come from a pdf file now", "the notes come from a file"] {
        let after = changed(&notes, wish);
        assert!(leads(&after, "FileReadBlock", "TodoistCreateTaskBlock"), "{wish}: {:?}", names(&after));
    }
    let due = changed(&with_todoist(), "due tomorrow");
    assert!(leads(&due, "GetCurrentDateBlock", "TodoistCreateTaskBlock"));
}

fn with_todoist() -> Value {
    with(
        "Extract the action items from meeting notes and create a Todoist task from them",
        "TodoistCreateTaskBlock",
        &json!({}),
    )
}
