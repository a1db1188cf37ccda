//! Goals in the wording of feature requests and of evaluation sets: forms with headings, user stories, steps, "by AI".

use shared::port::Decomposition;

use crate::{links::check, planned, steps, told};

#[test]
fn the_headings_of_a_form_ask_for_nothing() {
    check(&[
        (
            "What problem does this solve? Right now I copy meeting transcripts by hand. Proposed solution: paste the \
             transcript, extract the action items with owners, create a Todoist task for each.",
            &["one AgentLongTextInput", "TodoistCreateTask.content <- FillTextTemplate.output", "no AICondition"],
        ),
        (
            "Is your feature request related to a problem? Please describe.\nWe miss mentions of us on Reddit.\nDescribe \
             the solution you'd like\nSearch Reddit for \"acme\" every hour and send new posts to \
             Discord.\nAdditional context\nWe are a small team.",
            &["one SearchReddit", "one SendDiscordMessage", "no AICondition"],
        ),
        (
            "Summary: Weather alert bot\nDescription: Every day at 7 am get the weather for Berlin. If it's going to \
             rain, text me on Telegram to take an umbrella.",
            &["one GetWeatherInformation", "one AICondition", "one SendTelegramMessage"],
        ),
        (
            "Motivation: expenses take hours. Feature: append new rows of the sheet \"Costs\" to Airtable. Bonus: send \
             me a Telegram message.",
            &["one AirtableCreateRecords", "one SendTelegramMessage", "no AICondition"],
        ),
    ]);
    told(&[
        ("Feature request: an agent which reads a Notion page and translates it into Spanish.", ""),
        ("Problem: our docs are old. Solution: read our page https://acme.com/docs and post a summary to Slack.", ""),
    ]);
}

#[test]
fn a_wish_in_many_words_is_the_act() {
    check(&[
        (
            "It would be great if there was an agent that could watch my Gmail for invoices and log vendor and amount in \
             a Google Sheet.",
            &["one GmailRead", "one GoogleSheetsAppendRow"],
        ),
        (
            "It would be nice if there were a bot that posts new releases of acme/web to Slack.",
            &["one GithubReleaseTrigger", "one SendSlackMessage"],
        ),
        (
            "As a product manager, I want a daily summary of new Linear issues posted in Slack so that I don't have to \
             read every ticket.",
            &["one LinearGetProjectIssues", "SendSlackMessage.text <- AITextSummarizer.summary"],
        ),
        (
            "A weekly digest of merged GitHub pull requests posted in Discord",
            &["one GithubListPullRequests", "one SendDiscordMessage"],
        ),
        (
            "Read a mail that I paste, use AI to judge whether it is spam, and post the result to Slack",
            &["one AITextGenerator", "SendSlackMessage.text <- AITextGenerator.response"],
        ),
    ]);
}

#[test]
fn what_comes_last_is_done_and_not_told_as_left_out() {
    told(&[
        ("Summarise https://acme.com. Finally, the summary is sent to Slack.", ""),
        ("Summarise https://acme.com. Finally, send the summary to Slack.", ""),
        ("Summarise https://acme.com. Afterwards the summary is posted in Discord.", ""),
    ]);
}

#[test]
fn whether_it_is_one_of_several_is_a_sort_of_it() {
    check(&[
        (
            "Read unread mails, decide whether it's a refund request, a bug report or something else and label each mail \
             accordingly. Refund requests should also be forwarded to billing@acme.com.",
            &[
                "GmailAddLabel.label_name <- FindInDictionary.output",
                "one AICondition",
                "GmailForward.messageId <- FindInDictionary.output",
            ],
        ),
        (
            "Every new GitHub issue gets labelled by AI (bug, feature, question)",
            &["GithubAddLabel.label <- FindInDictionary.output", "one AIStructuredResponseGenerator"],
        ),
        (
            "Auto-label new GitHub issues with AI: bug, feature, question",
            &["GithubAddLabel.label <- FindInDictionary.output", "one AIStructuredResponseGenerator"],
        ),
        (
            "Label new mails with AI: invoice, newsletter, personal",
            &["GmailAddLabel.label_name <- FindInDictionary.output"],
        ),
    ]);
}

#[test]
fn who_hands_something_in_asks_about_it() {
    check(&[
        (
            "As a user, I want to upload a PDF contract and ask questions about it, so that I need no lawyer.",
            &[
                "AITextGenerator.prompt_values <- FileRead.content",
                "AITextGenerator.prompt_values <- AgentShortTextInput.result",
            ],
        ),
        (
            "Paste a text and answer questions about it",
            &[
                "AITextGenerator.prompt_values <- AgentLongTextInput.result",
                "AITextGenerator.prompt_values <- AgentShortTextInput.result",
            ],
        ),
    ]);
}

#[test]
fn a_file_by_its_name_is_asked_for() {
    check(&[
        (
            "Read the file data.csv, calculate the average of the column \"revenue\" and print the result.",
            &["one AgentFileInput", "one ReadSpreadsheet"],
        ),
        (
            "Summarise report.pdf and mail me the summary",
            &["one AgentFileInput", "FileRead.file_input <- AgentFileInput.result"],
        ),
    ]);
}

#[test]
fn a_thing_that_was_made_is_worked_on() {
    check(&[
        (
            "Create a GitHub issue from a text and assign it to octocat",
            &["GithubAssignIssue.issue_url <- GithubMakeIssue.url"],
        ),
        (
            "Transcribe a YouTube video, split the transcript into chunks and store them in Pinecone.",
            &[
                "PineconeInsert.index <- PineconeInit.index",
                "PineconeInsert.chunks <- JinaChunking.chunks",
                "PineconeInsert.embeddings <- JinaEmbedding.embeddings",
            ],
        ),
        (
            "Split a text into chunks, embed them and store them in Pinecone",
            &["one JinaEmbedding", "PineconeInsert.chunks <- TextSplit.texts"],
        ),
        ("Compare two branches of a GitHub repository and write release notes.", &["one GithubCompareBranches"]),
        ("Look up who is on call in AllQuiet and send it to Slack", &["one AllQuietGetOnCall", "no SearchTheWeb"]),
    ]);
    told(&[
        ("Send each assignee of my Todoist tasks a reminder via Slack DM", "each assignee"),
        ("Read my Todoist tasks and send a reminder to each assignee via Slack DM", "each assignee"),
    ]);
}

#[test]
fn a_route_above_is_told_below() {
    check(&[
        (
            "GitHub stars to Slack. Posts a message in Slack each time somebody stars your repository, including the \
             user's name.",
            &["one GithubStarTrigger", "one SendSlackMessage", "no AICondition"],
        ),
        (
            "RSS to Telegram. Sends the newest entries of https://acme.com/feed to a Telegram chat every hour.",
            &["one ReadRSSFeed", "one SendTelegramMessage"],
        ),
        (
            "YouTube to blog. Transforms any YouTube video into a blog post. The agent transcribes the video, writes the \
             article and publishes it on Medium.",
            &["one TranscribeYoutubeVideo", "one PublishToMedium"],
        ),
    ]);
}

#[test]
fn only_what_is_meant_goes_on() {
    check(&[
        (
            "Retrieve all overdue tasks from Todoist and send a reminder to each assignee via Slack DM.",
            &["AICondition.input_value <- TodoistGetTasks.complete_data", "one SendSlackMessage"],
        ),
        (
            "Scan my Gmail for receipts each night, extract merchant, date and total and append them to Google Sheets.",
            &["one AICondition", "one GoogleSheetsAppendRow"],
        ),
        (
            "Every weekday read each unpublished idea from Google Sheets, write a LinkedIn post with AI and publish it. \
             Finally, the row is marked as \"Published\".",
            &["one AICondition", "GoogleSheetsUpdateCell.cell <- AICondition.yes_output"],
        ),
    ]);
    told(&[
        (
            "Every weekday read the next unpublished idea from Google Sheets, write a LinkedIn post and publish it. \
             Finally, the row is marked as \"Published\".",
            "next unpublished idea",
        ),
        ("Monitor the SQL table orders and alert me in Slack when there are more than 100 pending orders.", "pending"),
    ]);
}

#[test]
fn what_is_sought_somewhere_is_not_sent_there() {
    check(&[
        (
            "Find the founder of each company in my Airtable table \"Prospects\" on LinkedIn and mail me a list",
            &["no PostToLinkedIn", "no GetLinkedinProfilePicture"],
        ),
        (
            "Given a company name, find its CEO on LinkedIn and draft a mail",
            &["no GetLinkedinProfilePicture", "no PostToLinkedIn"],
        ),
        (
            "Enter a keyword, fetch related keywords from DataForSEO and write a content plan",
            &["one DataForSeoRelatedKeywords", "no RelatedKeywordExtractor"],
        ),
        ("Monitor the SQL table orders and post new ones to Slack", &["one SQLQuery", "no Slant3DGetOrders"]),
    ]);
}

#[test]
fn the_results_are_all_that_was_made() {
    check(&[
        (
            "This workflow monitors a blog via RSS, then it uses GPT-4 to summarise each new article and to assess its \
             relevance. Finally, the results are stored in a Notion database.",
            &["whole NotionCreatePage.content"],
        ),
        (
            "Summarise https://acme.com, list its weak points and save the results in a Google Doc",
            &[
                "GoogleDocsCreate.initial_content <- AITextSummarizer.summary",
                "GoogleDocsCreate.initial_content <- AITextGenerator.response",
            ],
        ),
    ]);
}

#[test]
fn what_happens_to_a_thing_that_is_given_starts_the_agent() {
    check(&[
        (
            "Given a GitHub issue, when it is labelled \"bug\", then create a Todoist task and notify #dev in Slack.",
            &["one GithubIssuesTrigger", "one TodoistCreateTask", "SendSlackMessage.channel = #dev"],
        ),
        (
            "A new Stripe subscription triggers this workflow, which sends a welcome email and posts a message in Slack.",
            &["one StripeSubscriptionTrigger", "one SendEmail", "one SendSlackMessage"],
        ),
        (
            "We receive feedback via a webhook; the agent should translate it into English and post it to Slack.",
            &["one GenericWebhookTrigger", "one SendSlackMessage"],
        ),
        (
            "Describe the use case: we get a lot of leads via a web form. Desired behavior: score each lead from 1 to 10 \
             and post the score to Slack.",
            &["one GenericWebhookTrigger", "one SendSlackMessage"],
        ),
    ]);
}

#[test]
fn what_it_is_called_behind_a_heading_is_not_written() {
    check(&[
        (
            "Feature request: weekly changelog. Every Friday, collect the commits of acme/web of the last 7 days, write a \
             changelog and open a GitHub issue with it.",
            &["one AITextGenerator", "AITextGenerator.prompt_values <- GithubListCommits.commits"],
        ),
        (
            "Can you add support for a workflow which downloads a YouTube video's transcript, extracts the key quotes and \
             turns each quote into an image?",
            &["one TranscribeYoutubeVideo", "no AIImageEditor", "no AgentFileInput"],
        ),
        (
            "Task: collect the 10 newest posts of r/startups and rate each from 1 to 5.",
            &["one GetRedditPosts", "no CreateRedditPost"],
        ),
        ("Collect the newest posts in r/rust and mail them to me", &["one GetRedditPosts", "one SendEmail"]),
    ]);
}

#[test]
fn what_is_done_to_each_that_was_found_is_done_to_it_or_told() {
    check(&[
        (
            "Find recent tweets about AI agents and like them",
            &["TwitterLikeTweet.tweet_id <- TwitterSearchRecentTweets.tweet_ids"],
        ),
        (
            "Search tweets about AI and bookmark them",
            &["TwitterBookmarkTweet.tweet_id <- TwitterSearchRecentTweets.tweet_ids"],
        ),
        (
            "Each morning check a Google Sheet for people whose birthday is today and send each of them an email.",
            &["AICondition.input_value <- GoogleSheetsRead.result", "SendEmail.body <- AITextGenerator.response"],
        ),
        (
            "Take the invoice text that I paste, extract number, date and total, and add them as a record in Airtable",
            &["AirtableCreateRecords.records <- AIStructuredResponseGenerator.response", "one AddToList"],
        ),
    ]);
    told(&[
        ("Find recent tweets about AI agents, pick the three best and retweet them", "retweet them"),
        ("Every 3 hours find recent tweets about AI agents and reply with a thoughtful comment", "reply"),
        ("Extract the key quotes of a text and turn each quote into an image", "each quote"),
    ]);
}

#[test]
fn what_is_written_is_no_kind_of_what_is_read() {
    let whole = ["no AICondition", "GmailDraftReply.body <- AITextGenerator.response"];
    check(&[
        ("Write replies to the mails in my Gmail", &whole),
        ("Draft answers to the mails in my Gmail", &whole),
        ("Write answers to the mails in my Gmail and send them", &["no AICondition", "one GmailReply"]),
    ]);
    let goal = "Write replies to the mails in my Gmail";
    let steps = format!("{:?}", steps(goal, None));
    assert!(!steps.contains("Only mind what fits"), "{goal}: {steps}");
}

#[test]
fn an_order_below_a_problem_stays_an_order() {
    check(&[
        (
            "Problem: we miss new issues. Post each new issue in acme/shop to Slack. Solution: a summary once a day.",
            &["one SendSlackMessage", "one AITextSummarizer"],
        ),
        (
            "Problem: mails get lost. Forward the mails from bob@x.de to a@b.de. Proposal: every hour.",
            &["one GmailForward", "no AITextGenerator"],
        ),
        // What stands right behind the heading is what hurts.
        (
            "Problem: post each issue by hand. Solution: read our page https://acme.com/docs and post a summary to Slack.",
            &["one SendSlackMessage", "no GithubReadIssue"],
        ),
    ]);
}

#[test]
fn only_a_person_is_notified() {
    check(&[
        ("Notify the new issues in acme/shop on Slack", &["one GithubIssuesTrigger", "one SendSlackMessage"]),
        ("Warn the low stock in my Airtable on Slack", &["one AirtableListRecords", "one SendSlackMessage"]),
        ("When a webhook is called, notify the recruiter on Slack", &["one SendSlackMessage", "no AITextGenerator"]),
    ]);
}

#[test]
fn a_file_that_is_written_or_lies_somewhere_is_not_asked_for() {
    check(&[
        ("Create notes.md in acme/shop", &["no AgentFileInput"]),
        ("Create a file data.csv with ten names", &["no AgentFileInput"]),
        ("Read the file README.md in the GitHub repository acme/shop and summarise it", &["no AgentFileInput"]),
    ]);
    told(&[("Read the file README.md in the GitHub repository acme/shop and summarise it", "README.md")]);
}

#[test]
fn a_caption_is_written_about_what_is_there() {
    for goal in
        ["Share updates on X and LinkedIn with a caption", "Share new posts on X and LinkedIn with a short comment"]
    {
        let asks = matches!(planned(goal, None), Decomposition::ClarifyingQuestions { .. });
        assert!(asks, "{goal}");
    }
    check(&[(
        "When a new post is published on my WordPress blog, share it on X and LinkedIn with a caption",
        &["one AITextGenerator", "one TwitterPostTweet", "one PostToLinkedIn"],
    )]);
}
