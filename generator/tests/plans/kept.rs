//! What is written is kept where the goal says, what is taken out of a text comes from that text, and drafts stay drafts.

use shared::port::Decomposition;

use crate::{links::check, planned};

#[test]
fn what_is_saved_as_a_draft_is_not_sent_as_well() {
    let drafts: &[&str] = &[
        "no SendEmail",
        "no GmailSend",
        "GmailCreateDraft.body <- AIStructuredResponseGenerator.response",
        "one GmailCreateDraft",
    ];
    check(&[
        ("Search Apollo for 5 fintech CTOs in Berlin, write a personal mail for each and save as Gmail drafts", drafts),
        ("Write a cold email to each contact in my Google Sheet and save them as drafts in Gmail", drafts),
        ("Write a mail to my landlord about the broken heating and put it in my drafts", drafts),
        ("Every Friday prepare the newsletter from our RSS feed as a Gmail draft", drafts),
        (
            "Look up 5 leads in Apollo that match \"CTO fintech Berlin\", write a first mail for each and save as Gmail drafts",
            &[
                "no SendEmail",
                "SearchPeople.q_keywords = CTO fintech Berlin",
                "SearchPeople.max_results = 5",
                "StepThroughItems.items <- SearchPeople.people",
                "GmailCreateDraft.to <- SearchPeople.people",
            ],
        ),
        (
            "Read my unread mails, write an answer to each and leave it in my drafts",
            &["no SendEmail", "no GmailReply", "GmailDraftReply.body <- AITextGenerator.response"],
        ),
        (
            "Draft an answer to each unread mail and leave it in my drafts",
            &["no SendEmail", "no GmailReply", "one GmailDraftReply"],
        ),
        ("Write a follow-up mail for each lead in my sheet but don't send it", &["no SendEmail", "no GmailSend"]),
    ]);
}

#[test]
fn an_agent_that_waits_for_something_is_told_of_in_the_third_person() {
    let goals = [
        (
            "An agent which, each time a new issue is opened in acme/web, summarises it and posts the summary to Slack #dev",
            "SendSlackMessage.text <- AITextSummarizer.summary",
        ),
        (
            "I need something that, whenever I star a mail in Gmail, saves it to Notion and creates a Todoist task",
            "NotionCreatePage.content <- StepThroughItems.item",
        ),
        (
            "A bot that, if someone submits the contact form, writes a friendly reply and mails it to them",
            "SendEmail.body <- AITextGenerator.response",
        ),
        (
            "Build me an automation that, once a new video is on my YouTube channel, writes a LinkedIn post about it and publishes it",
            "PostToLinkedIn.post <- AITextGenerator.response",
        ),
        (
            "An automation which, when a pull request is opened in acme/api, reviews the changes and comments with the result",
            "GithubComment.comment <- AITextGenerator.response",
        ),
        (
            "A workflow that, when a new row is added in my Google Sheet, generates an image for the product in that row",
            "IdeogramModel.prompt <- StepThroughItems.item",
        ),
    ];
    for (goal, rule) in goals {
        check(&[(goal, &[rule])]);
        assert!(crate::links::planned(goal).left_out.is_empty(), "{goal}");
    }
}

#[test]
fn a_text_that_is_made_in_a_place_goes_there_and_nothing_is_read_there() {
    check(&[
        (
            "Take the last 20 tickets from Linear, group them by theme and write a report in Notion",
            &["no NotionReadDatabase", "NotionCreatePage.content <- AITextGenerator.response"],
        ),
        (
            "Read my RSS feed every morning and make a summary in a Google Doc",
            &["GoogleDocsCreate.initial_content <- AITextSummarizer.summary", "no GoogleDocsRead"],
        ),
        (
            "Research a company that I name and create a brief in Airtable",
            &["no AirtableListRecords", "AirtableCreateRecords.records <- AITextGenerator.response"],
        ),
        (
            "Get this week's calendar events and write a weekly plan in Notion",
            &["no NotionReadDatabase", "NotionCreatePage.content <- AITextGenerator.response"],
        ),
        (
            "Sum up the tasks in Notion and write a report about them in a new Google Doc",
            &["NotionReadDatabase.database_id <- AgentShortTextInput.result", "one GoogleDocsCreate"],
        ),
    ]);
}

#[test]
fn parts_of_the_entry_and_what_was_made_of_it_go_side_by_side() {
    check(&[
        (
            "Summarise every new YouTube video of a channel and save the title, link and summary to Airtable",
            &[
                "CreateDictionary.values_#_title <- ReadRSSFeed.entry",
                "CreateDictionary.values_#_link <- ReadRSSFeed.entry",
                "CreateDictionary.values_#_summary <- AITextSummarizer.summary",
                "AirtableCreateRecords.records <- AITextSummarizer.summary",
                "no ExtractWebsiteContent",
            ],
        ),
        (
            "Summarise every new entry of a feed and add the title, the link and the summary to a Google Sheet",
            &["one TextSplit", "TextSplit.text <- AITextSummarizer.summary", "no ExtractWebsiteContent"],
        ),
        (
            "Summarise each new article of my RSS feed and save the title, link and summary to Notion",
            &["NotionCreatePage.content <- AITextSummarizer.summary", "no ExtractWebsiteContent"],
        ),
        (
            "For each unread mail write a one-line summary and add sender, subject and summary to my Google Sheet",
            &["TextSplit.text <- GmailRead.email", "TextSplit.text <- AITextGenerator.response"],
        ),
    ]);
}

#[test]
fn what_a_page_holds_is_taken_out_of_it_and_kept_once() {
    check(&[
        (
            "Scrape https://news.example.com/tech each hour and store new headlines in Notion, no duplicates",
            &[
                "no SearchTheWeb",
                "no NotionReadDatabase",
                "ListDifference.list_a <- AIStructuredResponseGenerator.response",
                "AIStructuredResponseGenerator.prompt_values <- ExtractWebsiteContent.content",
                "NotionCreatePage.content <- StepThroughItems.item",
            ],
        ),
        (
            "Every morning check https://jobs.example.com and add new job postings to my Google Sheet, never the same twice",
            &["ListDifference.list_a <- AIStructuredResponseGenerator.response", "one GoogleSheetsAppendRow"],
        ),
        (
            "Check the page https://shop.example.com/deals every hour and post new deals to Slack, without duplicates",
            &[
                "ListDifference.list_a <- AIStructuredResponseGenerator.response",
                "SendSlackMessage.text <- Condition.yes_output",
            ],
        ),
        (
            "Every hour read https://blog.example.com and save new post titles in Airtable without duplicates",
            &[
                "no AirtableListRecords",
                "ListDifference.list_a <- AIStructuredResponseGenerator.response",
                "AirtableCreateRecords.records <- Condition.yes_output",
            ],
        ),
    ]);
}

#[test]
fn what_is_found_in_a_text_that_was_read_is_taken_out_of_it() {
    check(&[
        (
            "Pull the transcript of a YouTube video, find the 3 best quotes and make a tweet out of each",
            &[
                "no TwitterGetQuoteTweets",
                "AIStructuredResponseGenerator.prompt_values <- TranscribeYoutubeVideo.transcript",
                "AITextGenerator.prompt_values <- StepThroughItems.item",
            ],
        ),
        (
            "Read the article at https://example.com/a, find the key claims and post them to Slack",
            &["AITextGenerator.prompt_values <- ExtractWebsiteContent.content", "one AITextGenerator"],
        ),
        (
            "Get my meeting transcript, identify the decisions and add each to Notion",
            &["NotionCreatePage.title <- StepThroughItems.item", "no SearchTheWeb"],
        ),
        (
            "Read the page https://example.com/faq, collect the questions and create a Google Sheet row for each",
            &["AIStructuredResponseGenerator.list_result = true", "no SearchTheWeb"],
        ),
    ]);
}

#[test]
fn what_is_taken_out_has_every_part_that_was_asked_for() {
    check(&[
        (
            "Scrape the titles and prices from https://books.example.com and put them in Airtable, one record each",
            &["AIStructuredResponseGenerator.expected_format = {\"title\":\"title\",\"price\":\"price\"}"],
        ),
        (
            "From the transcript of this meeting, pull action items with owner and deadline and create a Linear issue for each",
            &[
                "no GoogleCalendarReadEvents",
                "AIStructuredResponseGenerator.prompt_values <- AgentLongTextInput.result",
            ],
        ),
        (
            "Collect all questions from the last 50 mails to support@acme.com and post them to Slack",
            &["no SendEmail", "one GmailRead"],
        ),
        (
            "Save every tweet I bookmark into Notion",
            &["one TwitterGetBookmarkedTweets", "ListDifference.list_a <- TwitterGetBookmarkedTweets.text"],
        ),
    ]);
}

#[test]
fn a_filter_ends_where_the_next_act_begins() {
    for goal in [
        "Monitor the Hacker News RSS feed for anything about Rust or WebAssembly and post the matching entries to our Discord",
        "Watch our RSS feed for posts about Kubernetes or Terraform and send them to Slack",
        "Monitor https://example.com/feed.xml for anything about Calendly or Grammarly and mail me the matching entries",
    ] {
        assert!(crate::links::planned(goal).left_out.is_empty(), "{goal}");
        check(&[(goal, &["AITextGenerator.prompt_values <- ReadRSSFeed.entries", "one AITextGenerator"])]);
    }
}

#[test]
fn mails_are_labelled_by_what_they_are_and_told_of_one_by_one() {
    check(&[
        (
            "Read my unread mails, label the invoices as \"Finance\", and forward their amount and due date to anna@books.example",
            &[
                "GmailAddLabel.label_name = Finance",
                "GmailAddLabel.message_id <- AICondition.yes_output",
                "AITextGenerator.prompt_values <- AICondition.yes_output",
                "SendEmail.to_email = anna@books.example",
                "no GmailForward",
            ],
        ),
        (
            "Go through my unread mails, label the applications as \"Hiring\" and send me their name and position on Telegram",
            &[
                "GmailAddLabel.message_id <- AICondition.yes_output",
                "SendTelegramMessage.text <- AITextGenerator.response",
            ],
        ),
        (
            "Each hour read new mails, tag the complaints as \"Urgent\" and post a summary of each to Slack #support",
            &[
                "GmailAddLabel.message_id <- AICondition.yes_output",
                "SendSlackMessage.text <- AITextSummarizer.summary",
            ],
        ),
    ]);
}

#[test]
fn what_the_goal_begins_with_is_read_and_what_is_given_is_looked_for() {
    check(&[
        (
            "For each unread mail write a one-line summary and post it to Slack",
            &["AITextGenerator.prompt_values <- GmailRead.email"],
        ),
        (
            "Given a keyword, search the web for the top 5 articles and write a brief",
            &["SearchTheWeb.query <- AgentShortTextInput.result"],
        ),
        (
            "Pull my open Linear issues, order them by priority and send me the top three on Telegram",
            &["no SearchTheWeb"],
        ),
    ]);
    assert!(matches!(
        planned("Watch our RSS feed for posts about Docker and send them to Slack", None),
        Decomposition::Instructions { .. }
    ));
}

#[test]
fn what_is_left_where_it_lies_is_not_touched_and_what_is_left_in_a_place_goes_there() {
    let untouched: &[&str] = &["no GmailForward", "no SendEmail", "no AITextGenerator"];
    check(&[
        ("Go through my unread mails, star the ones from customers and leave the others in the inbox", untouched),
        (
            "Go through my unread mails, star the ones from customers and leave the others in the inbox",
            &["one GmailAddLabel"],
        ),
        ("Read my unread mails, star the ones from customers and leave all others on unread", untouched),
        (
            "Every morning summarise the news and leave the summary in Notion",
            &["NotionCreatePage.content <- AITextSummarizer.summary", "no NotionReadDatabase"],
        ),
        (
            "Every morning summarise my unread mails and leave it on Slack",
            &["SendSlackMessage.text <- AITextSummarizer.summary"],
        ),
        (
            "When an issue is opened in acme/web, write an answer and leave it as a comment",
            &["GithubComment.comment <- AITextGenerator.response"],
        ),
    ]);
}

#[test]
fn a_draft_is_kept_where_the_goal_says() {
    check(&[
        (
            "Prepare the weekly report as a draft in Notion",
            &["NotionCreatePage.content <- AITextGenerator.response", "no NotionReadDatabase", "no GmailCreateDraft"],
        ),
        (
            "Every Monday prepare the report from my Linear issues as a draft in Notion",
            &[
                "AITextGenerator.prompt_values <- LinearGetProjectIssues.issues",
                "NotionCreatePage.content <- AITextGenerator.response",
                "no NotionReadDatabase",
            ],
        ),
        (
            "Prepare the announcement mail as a draft in Google Docs",
            &["GoogleDocsCreate.initial_content <- AITextGenerator.response", "no GoogleDocsRead"],
        ),
        (
            "Get my open Linear issues and create the status report as a draft in Airtable",
            &["AirtableCreateRecords.records <- AITextGenerator.response", "no AirtableListRecords"],
        ),
    ]);
}

#[test]
fn an_answer_to_what_is_no_mail_is_no_draft_in_a_mailbox() {
    let stays: &[&str] = &["no GmailCreateDraft", "no GmailDraftReply", "no AgentInput", "one AITextGenerator"];
    check(&[
        ("When a GitHub issue is opened, write a reply in our tone and leave it as a draft for me", stays),
        ("When a tweet mentions us, write a reply and keep it as a draft", stays),
        (
            "When a Linear issue is created, write a response and save it as a Gmail draft",
            &["GmailCreateDraft.body <- AIStructuredResponseGenerator.response"],
        ),
        (
            "When a new mail arrives, write a reply and leave it as a draft",
            &["GmailDraftReply.body <- AITextGenerator.response"],
        ),
    ]);
    // Nor does it ask whom to mail.
    let goal = "When a tweet mentions us, write a reply and keep it as a draft";
    assert!(!serde_json::to_string(&crate::steps(goal, None)).unwrap().contains("address"));
}

#[test]
fn what_came_with_a_mail_is_forwarded_with_it_and_no_model_writes_it() {
    for (goal, told) in [
        ("When a supplier mails me, forward their invoice to books@example.com", "their invoice"),
        ("Read my unread mails and forward their receipts to books@example.com", "their receipts"),
        (
            "Read my unread mails, label the applications as \"Hiring\" and forward their resume to hr@example.com",
            "their resume",
        ),
    ] {
        check(&[(goal, &["one GmailForward", "no SendEmail", "no AITextGenerator"])]);
        assert!(crate::links::planned(goal).left_out.iter().any(|left| left.text == told), "{goal}");
    }
}

#[test]
fn what_is_stored_one_by_one_goes_out_as_a_whole() {
    check(&[
        (
            "Read the minutes at https://example.com/m and add the decisions to Notion and mail them to the team",
            &["NotionCreatePage.content <- StepThroughItems.item", "whole SendEmail.body"],
        ),
        (
            "Read the page https://example.com/blog, add the headlines to my Google Sheet and send them to me on Telegram",
            &["one GoogleSheetsAppendRow", "whole SendTelegramMessage.text"],
        ),
        (
            "Find 5 leads in Apollo, save them to Notion and post them to Slack",
            &["NotionCreatePage.content <- StepThroughItems.item", "whole SendSlackMessage.text"],
        ),
        (
            "Get my Todoist tasks, add each to Notion and mail them to the team",
            &["SendEmail.to_email <- AgentShortTextInput.result", "whole SendEmail.body"],
        ),
    ]);
}
