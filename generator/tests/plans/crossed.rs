//! Everything that is often read, crossed with everything that is often done with it: it is read where the goal says that it
//! is, what comes of it goes where the goal sends it, and nothing else is written anywhere.

use shared::port::Decomposition;

use crate::{links, planned, texts, told};

const SOURCES: [(&str, &str); 15] = [
    ("the unread mails in my Gmail", "GmailRead"),
    ("the rows in my Google sheet", "GoogleSheetsRead"),
    ("the open issues of acme/ops on GitHub", "GithubListIssues"),
    ("the tasks in Todoist", "TodoistGetTasks"),
    ("the events in my Google calendar", "GoogleCalendarReadEvents"),
    ("the newest posts on r/rust", "GetRedditPosts"),
    ("the records in my Airtable", "AirtableListRecords"),
    ("the entries of my Notion database", "NotionReadDatabase"),
    ("the entries of https://example.com/feed.xml", "ReadRSSFeed"),
    ("the page https://example.com", "ExtractWebsiteContent"),
    ("the YouTube video https://youtu.be/abc12345678", "TranscribeYoutubeVideo"),
    ("the issues in Linear", "LinearGetProjectIssues"),
    ("the weather in Berlin", "GetWeatherInformation"),
    ("the news about AI", "SearchTheWeb"),
    ("the tweets about AI", "TwitterSearchRecentTweets"),
];
const WORKS: [&str; 16] = [
    "Summarise X",
    "Translate X into German",
    "Write a report about X",
    "List the most important points of X",
    "Gather X",
    "Read X",
    "Analyse the sentiment of X",
    "Extract the names from X",
    "Collect X",
    "Go through X, pick the three best",
    "Get X",
    "Review X, suggest improvements",
    "Turn X into a poem",
    "Categorise X",
    "Rank X by importance",
    "Make a table of X",
];
const TARGETS: [(&str, &str); 10] = [
    ("send it to a@example.com", "SendEmail"),
    ("post it to #team on Slack", "SendSlackMessage"),
    ("save it in a Google doc", "GoogleDocsCreate"),
    ("add it to my Notion database", "NotionCreatePage"),
    ("append it to my Google sheet", "GoogleSheetsAppendRow"),
    ("send it to my Telegram", "SendTelegramMessage"),
    ("put it in Airtable", "AirtableCreateRecords"),
    ("mail it to me", "SendEmail"),
    ("post it on LinkedIn", "PostToLinkedIn"),
    ("message me on Discord", "SendDiscordMessage"),
];
const SENT: [(&str, &str); 18] = [
    ("Send me X by mail", "SendEmail"),
    ("Mail X to a@example.com", "SendEmail"),
    ("Post X to #team on Slack", "SendSlackMessage"),
    ("Email me X every morning", "SendEmail"),
    ("Every Monday at 9 send X to my Telegram", "SendTelegramMessage"),
    ("Send a@example.com a summary of X", "SendEmail"),
    ("Mail me a digest of X every day", "SendEmail"),
    ("Translate X to English and save the result in a Google doc", "GoogleDocsCreate"),
    ("Check X and let me know on Slack if something is urgent", "SendSlackMessage"),
    ("Summarize X. Post the summary to #team on Slack.", "SendSlackMessage"),
    ("Please build an agent which reads X, makes a short summary and emails it to a@example.com", "SendEmail"),
    ("Every evening tell me on Telegram what is most important in X", "SendTelegramMessage"),
    ("Find duplicates in X and mail me a list of them", "SendEmail"),
    ("For each of X, write a short note and send it to a@example.com", "SendEmail"),
    ("Use X to write a newsletter and send it to a@example.com", "SendEmail"),
    ("Write a tweet about X and post it", "TwitterPostTweet"),
    ("Draft a LinkedIn post from X and publish it", "PostToLinkedIn"),
    ("When I run it, read X and mail me what has to be done", "SendEmail"),
];
/// How the names of blocks begin, or go on behind their service, that put something somewhere.
const WRITES: [&str; 9] = ["Send", "Post", "Create", "Append", "Make", "Publish", "Reply", "AddLabel", "Update"];

#[test]
fn what_is_read_is_worked_on_and_goes_where_it_is_sent() {
    for (work, act) in WORKS.into_iter().enumerate() {
        for (from, (source, reader)) in SOURCES.into_iter().enumerate() {
            let (target, writer) = TARGETS[(work + from) % TARGETS.len()];
            check(&format!("{}, and {target}.", act.replace('X', source)), reader, writer);
        }
    }
}

#[test]
fn what_is_to_be_sent_is_read_first() {
    for (act, writer) in SENT {
        for (source, reader) in SOURCES {
            check(&act.replace('X', source), reader, writer);
        }
    }
}

#[test]
fn nothing_is_deleted_that_nobody_named() {
    for goal in [
        "Delete duplicates from the tasks in Todoist",
        "Delete the outdated ideas from the issues in Linear",
        "Find duplicates in my Airtable and delete them",
    ] {
        if let Decomposition::Instructions { steps, .. } = planned(goal, None) {
            let steps: Vec<serde_json::Value> = serde_json::from_str(steps.get()).unwrap();
            let deletes = texts(&steps, "block_name").into_iter().any(|name| name.contains("Delete"));
            assert!(!deletes, "{goal}: {steps:?}");
        }
    }
}

#[test]
fn two_things_are_both_read_and_a_comment_goes_where_they_are() {
    links::check(&[
        (
            "Write a report about the posts on r/rust and the issues in acme/shop and mail it to a@example.com",
            &["one GetRedditPosts", "one GithubListIssues", "no GithubMakeIssue", "one SendEmail"],
        ),
        (
            "Send an overview of the tasks in Todoist and the events in my calendar by mail to a@example.com",
            &["one TodoistGetTasks", "one GoogleCalendarReadEvents", "no TodoistCreateTask", "one SendEmail"],
        ),
        ("Write a comment on the open issues in acme/shop", &["one GithubListIssues", "one GithubComment"]),
        ("Write a reply for each mail in my Gmail", &["one GmailDraftReply"]),
        (
            "Make a table of the tasks in Todoist in my sheet",
            &["one TodoistGetTasks", "one GoogleSheetsAppendRow", "no TodoistCreateTask"],
        ),
        ("Send me a list of the tasks in Todoist by mail", &["one TodoistGetTasks", "one SendEmail"]),
        (
            "Go through the rows in my Google Sheet and send me the ones without a reply by mail",
            &["one AITextGenerator", "AITextGenerator.prompt ~ without a reply", "one SendEmail"],
        ),
        (
            "Find mistakes in the text of a PDF I upload and list them",
            &["one FileRead", "no SearchTheWeb", "AITextGenerator.prompt_values <- FileRead.content"],
        ),
    ]);
}

#[test]
fn a_mail_that_is_written_and_sent_goes_out_once() {
    links::check(&[
        (
            "Write a birthday greeting for each contact in my Google Sheet whose birthday is today and mail it to them",
            &[
                "one AICondition",
                "one SendEmail",
                "SendEmail.body <- AITextGenerator.response",
                "SendEmail.to_email <- FindInDictionary.output",
            ],
        ),
        (
            "Write a welcome mail for each row in my Airtable whose status is new and send it to them",
            &[
                "AICondition.condition ~ status is new",
                "one SendEmail",
                "SendEmail.to_email <- FindInDictionary.output",
            ],
        ),
        (
            "Read the tasks in Todoist, filter out anything irrelevant and send the rest to Telegram",
            &["SendTelegramMessage.text <- AITextGenerator.response"],
        ),
        (
            "Given the open issues of acme/ops on GitHub, produce a risk assessment and send it to a@example.com",
            &["one GithubListIssues", "one SendEmail"],
        ),
    ]);
}

#[test]
fn what_is_remembered_of_each_thing_is_its_own() {
    links::check(&[
        (
            "Monitor a list of competitor websites for price changes and email me a summary when something changes",
            &[
                "RetrieveInformation.key <- FillTextTemplate.output",
                "PersistInformation.key <- FillTextTemplate.output",
            ],
        ),
        (
            "Keep an eye on the rows in my Google sheet and tell me on Telegram as soon as there is something new",
            &["ListDifference.list_a <- GoogleSheetsRead.result", "RetrieveInformation.key = seen_row"],
        ),
        (
            "Compare the rows in my Google sheet with those of last week and mail me the differences",
            &["RetrieveInformation.key = last_row", "no GoogleSheetsAppendRow"],
        ),
    ]);
}

#[test]
fn what_is_read_of_a_part_and_of_a_file_is_all_of_it() {
    links::check(&[
        (
            "Turn the text of a PDF I upload into a poem and tweet it",
            &[
                "FileRead.file_input <- AgentFileInput.result",
                "TwitterPostTweet.tweet_text <- AITextGenerator.response",
            ],
        ),
        ("Mail a PDF I upload to a@example.com", &["SendEmail.body <- FileRead.content"]),
        (
            "Summarise the tweets about AI from the last 24 hours, and send it to a@example.com",
            &["TwitterSearchRecentTweets.query = AI"],
        ),
        (
            "Label each unread mail in my Gmail as urgent if it is urgent",
            &["GmailAddLabel.message_id <- FindInDictionary.output", "one AICondition"],
        ),
        (
            "Categorise the unread mails in my Gmail, and send it to a@example.com",
            &["no GmailAddLabel", "AITextGenerator.prompt ~ Categorise"],
        ),
        (
            "Save the rows of my Google sheet in a Google doc",
            &["GoogleDocsCreate.initial_content <- FillTextTemplate.output"],
        ),
    ]);
    // Of each place, and it is seen which is which.
    links::check(&[(
        "Compare the weather in Paris and Rome and mail me the result",
        &["FillTextTemplate.format ~ Place: Paris", "FillTextTemplate.format ~ Place: Rome", "one AITextGenerator"],
    )]);
    told(&[("Summarise the tweets about AI from the last 24 hours, and send it to a@example.com", "last 24 hours")]);
}

fn check(goal: &str, reader: &str, writer: &str) {
    let Decomposition::Instructions { steps, account, .. } = planned(goal, None) else { panic!("{goal}: no agent") };
    let steps: Vec<serde_json::Value> = serde_json::from_str(steps.get()).unwrap();
    let names: Vec<&str> = texts(&steps, "block_name").into_iter().map(|name| name.trim_end_matches("Block")).collect();
    assert!(names.contains(&reader), "{goal}: reads nothing with {reader}: {names:?}");
    let written: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| *name != reader && WRITES.iter().any(|write| name.contains(write)))
        .collect();
    // Gmail sends what was read there.
    let same = |name: &str| name == writer || writer == "SendEmail" && name == "GmailSend";
    assert!(written.len() == 1 && written.iter().all(|name| same(name)), "{goal}: {writer} is asked for: {written:?}");
    let left: Vec<String> = account.left_out.into_iter().map(|left| left.text).collect();
    assert!(left.is_empty(), "{goal}: {left:?}");
}
