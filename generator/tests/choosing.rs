//! Which blocks an act gets, and where their inputs come from: over many services, over plain operations, and over a
//! catalogue that nobody described.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is the report")]

use generator::{
    Watch,
    knowledge::Knowledge,
    plan::{self, Outcome, model::Binding},
};

const OTHER: &str = include_str!("data/other_platform.json");

/// What stands in the plan of a goal: each step as `Block`, each of its inputs as `Block input=value` or
/// `Block input<-Block.output`; an answer without steps as its kind and reason.
fn lines(knowledge: &Knowledge, goal: &str) -> Vec<String> {
    let plan = match plan::plan(knowledge, goal, None, Watch::NONE).unwrap() {
        Outcome::Plan(plan) => plan,
        Outcome::Unachievable { reason, .. } => return vec![format!("refused: {reason}")],
        other => return vec![format!("{other:?}")],
    };
    let name = |step: usize| {
        let id = plan.steps.get(step).map(|step| step.block.as_str()).unwrap_or_default();
        knowledge.catalogue.by_id(id).unwrap().name.trim_end_matches("Block")
    };
    let mut lines = Vec::new();
    for (at, step) in plan.steps.iter().enumerate() {
        lines.push(name(at).to_owned());
        lines.extend(step.inputs.iter().map(|input| match &input.binding {
            Binding::Value(value) => format!("{} {}={value}", name(at), input.name),
            Binding::From { step, output } => format!("{} {}<-{}.{output}", name(at), input.name, name(*step)),
        }));
    }
    lines.extend(plan.left_out.iter().map(|left| format!("left out: {}", left.text)));
    lines
}

/// Each of the lines that are wanted starts a line of the plan, in this order.
fn check(knowledge: &Knowledge, table: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for (goal, wanted) in table {
        let found = lines(knowledge, goal);
        let mut rest = found.iter();
        let missing = wanted.iter().find(|wanted| !rest.any(|line| line.starts_with(**wanted)));
        if let Some(missing) = missing {
            wrong.push(format!("{goal}\n  lacks {missing}\n    {}", found.join("\n    ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_read_comes_from_the_service_and_the_block_that_was_named() {
    check(
        &Knowledge::embedded().unwrap(),
        &[
            (
                "Read a GitHub pull request and explain it in plain words",
                &[
                    "GithubReadPullRequest include_pr_changes=true",
                    "GithubReadPullRequest pr_url<-AgentShortTextInput.result",
                    "FillTextTemplate values_#_changes<-GithubReadPullRequest.changes",
                    "AITextGenerator prompt_values_#_pull_request<-FillTextTemplate.output",
                ],
            ),
            (
                "List the open issues of acme/shop on GitHub every morning and mail them to dev@example.com",
                &[
                    "GithubListIssues repo_url<-",
                    "FillTextTemplate values_#_open_issue<-GithubListIssues.issues",
                    "SendEmail to_email=\"dev@example.com\"",
                    // Open ones alone are listed: nothing is left to pick.
                    "SendEmail body<-FillTextTemplate.output",
                ],
            ),
            (
                "Every Friday list the commits of acme/shop and post a summary to Discord",
                &[
                    "GithubListCommits repo_url=\"https://github.com/acme/shop\"",
                    "FillTextTemplate values_#_commit<-GithubListCommits.commits",
                    "SendDiscordMessage message_content<-AITextSummarizer.summary",
                ],
            ),
            ("List the branches of acme/shop", &["GithubListBranches repo_url<-"]),
            (
                "Read the rows of a Google Sheet and write a summary of them",
                &[
                    "GoogleSheetsRead spreadsheet<-AgentGoogleDriveFileInput.result",
                    "AITextSummarizer text<-FillTextTemplate.output",
                ],
            ),
            (
                "Read a Google Doc and translate it into French",
                &["GoogleDocsRead document<-", "AITextGenerator prompt_values_#_document_text<-GoogleDocsRead.text"],
            ),
            (
                "Show me my calendar events",
                &["GoogleCalendarReadEvents", "AgentOutput value<-GoogleCalendarReadEvents.events"],
            ),
            (
                "Get my bookmarked tweets and sum them up",
                &[
                    "TwitterGetBookmarkedTweets",
                    "FillTextTemplate values_#_bookmarked_tweet<-TwitterGetBookmarkedTweets.text",
                    "AITextSummarizer text<-FillTextTemplate.output",
                ],
            ),
            (
                "Search tweets about Rust and send me a digest by email",
                &["TwitterSearchRecentTweets query=\"Rust\"", "SendEmail body<-AITextGenerator.response"],
            ),
            (
                "Check if https://shop.example.com is up and if not mail ops@example.com",
                &["SendEmail body<-FillTextTemplate.output"],
            ),
            ("Check if the text I paste is in English and if not translate it", &["AICondition", "AITextGenerator"]),
            (
                "Check my inbox twice a day and label anything from my boss as important",
                &["AICondition", "GmailAddLabel label_name=\"important\""],
            ),
            ("Create a quiz from a PDF", &["FileRead", "AITextGenerator prompt_values_#_pdf<-FileRead.content"]),
            ("Add a task to Todoist called Call Anna", &["TodoistCreateTask content<-AgentShortTextInput.result"]),
            (
                "Write a cold e-mail and save it as a Gmail draft",
                &[
                    "FindInDictionary input<-AIStructuredResponseGenerator.response",
                    "GmailCreateDraft subject<-FindInDictionary.output",
                    "GmailCreateDraft body<-FindInDictionary.output",
                ],
            ),
            (
                "Translate new e-mails from German to English and give me the texts",
                &["AgentShortTextInput value=\"is:unread\""],
            ),
            (
                "List the posts of my WordPress blog and suggest ten new topics",
                &["WordPressGetAllPosts site<-", "FillTextTemplate values_#_post<-WordPressGetAllPosts.posts"],
            ),
            (
                "Transcribe a YouTube video and sum it up",
                &["TranscribeYoutubeVideo youtube_url<-", "AITextSummarizer text<-TranscribeYoutubeVideo.transcript"],
            ),
            (
                "Search the web with Exa for battery startups and write a report",
                &["ExaSearch", "AITextGenerator prompt_values_#_web<-FillTextTemplate.output"],
            ),
            (
                "Scrape a web page with Firecrawl and extract the prices",
                &["FirecrawlScrape url<-", "AITextGenerator prompt_values_#_web_page<-FirecrawlScrape.markdown"],
            ),
            (
                "Crawl docs.example.com, at most 20 pages, and sum up what is there",
                &["FirecrawlCrawl limit=20", "AITextGenerator prompt_values_#_page_contents<-FirecrawlCrawl.markdown"],
            ),
            (
                "Get the records of an Airtable base and sum them up",
                &["AirtableListRecords base_id<-", "FillTextTemplate values_#_record<-AirtableListRecords.records"],
            ),
            (
                "List my Todoist tasks and mail them to me@example.com",
                &[
                    "TodoistGetTasks",
                    "FillTextTemplate values_#_task<-TodoistGetTasks.complete_data",
                    "SendEmail body<-FillTextTemplate.output",
                ],
            ),
            (
                "Get a HubSpot contact and write an introduction",
                &["HubSpotContact", "FillTextTemplate values_#_contact<-HubSpotContact.contact"],
            ),
            (
                "Read the messages of a Discord channel and sum them up",
                &["ReadDiscordMessages", "AITextSummarizer text<-ReadDiscordMessages.message_content"],
            ),
            (
                "Read a Notion page and translate it into German",
                &["NotionReadPage page_id<-", "AITextGenerator prompt_values_#_page<-FillTextTemplate.output"],
            ),
            ("What is on Wikipedia about the Rhine?", &["GetWikipediaSummary topic<-"]),
            ("For each row of a CSV file write a greeting", &["ReadSpreadsheet file_input<-AgentFileInput.result"]),
            (
                "Read a text file and sum it up",
                &["FileRead file_input<-AgentFileInput.result", "AITextSummarizer text<-FileRead.content"],
            ),
            (
                "Run a SQL query on our Postgres database and email the rows to ops@example.com",
                &[
                    "SQLQuery database_type=\"postgres\"",
                    "SendEmail to_email=\"ops@example.com\"",
                    "SendEmail body<-FillTextTemplate.output",
                ],
            ),
        ],
    );
}

#[test]
fn an_operation_gets_the_block_of_its_verb_and_its_thing() {
    check(
        &Knowledge::embedded().unwrap(),
        &[
            (
                "Comment \"Thank you\" on a GitHub issue",
                &["GithubComment issue_url<-", "GithubComment comment=\"Thank you\""],
            ),
            ("Star the repository acme/shop on GitHub", &["GithubStarRepository repo_url<-"]),
            (
                "Append the weather of Berlin to a Google Sheet every day at 7",
                &[
                    "GetWeatherInformation location=\"Berlin\"",
                    "FillTextTemplate values_#_temperature<-GetWeatherInformation.temperature",
                    "GoogleSheetsAppendRow row<-AddToList.updated_list",
                ],
            ),
            ("Create a calendar event called \"Review\"", &["GoogleCalendarCreateEvent event_title<-"]),
            ("Post \"Hello\" on X", &["TwitterPostTweet tweet_text<-"]),
            ("Close a task in Todoist", &["TodoistCloseTask task_id<-"]),
            (
                "Create a Linear issue titled \"Bug\" from a web page",
                &[
                    "ExtractWebsiteContent url<-",
                    "LinearCreateIssue title=\"Bug\"",
                    "LinearCreateIssue description<-ExtractWebsiteContent.content",
                ],
            ),
            ("Draw a picture of a red fox", &["AIImageGenerator prompt<-"]),
            ("Compose a calm piano track", &["AIMusicGenerator prompt<-"]),
            ("Read a text aloud as an mp3", &["UnrealTextToSpeech text<-"]),
            ("Screenshot a web page", &["ScreenshotWebPage url<-"]),
            ("Run a Python script", &["ExecuteCode code<-"]),
            ("Use an MCP server tool", &["MCPTool selected_tool<-", "MCPTool server_url<-"]),
            ("What is 7 times 6?", &["Calculator operation=\"Multiply\"", "Calculator b=6"]),
        ],
    );
}

#[test]
fn a_text_block_is_taken_only_if_exactly_that_is_asked_for() {
    check(
        &Knowledge::embedded().unwrap(),
        &[
            ("Count the words of a text", &["WordCharacterCount text<-AgentLongTextInput.result"]),
            ("Split a text at semicolons", &["TextSplit delimiter=\";\"", "TextSplit text<-"]),
            ("Replace \"foo\" with \"bar\" in a text", &["TextReplace old=\"foo\"", "TextReplace new=\"bar\""]),
            (
                "Extract all numbers from a text with the regular expression \"[0-9]+\"",
                &["ExtractTextInformation pattern=\"[0-9]+\""],
            ),
            ("Join two texts", &["CombineTexts input<-"]),
            ("Translate a text into Spanish", &["AITextGenerator"]),
            ("Change a text into a poem", &["AITextGenerator"]),
        ],
    );
}

#[test]
fn a_service_that_cannot_be_read_or_is_not_there_is_named() {
    check(
        &Knowledge::embedded().unwrap(),
        &[
            ("Read our Slack messages and sum them up", &["refused: No block reads this from Slack"]),
            ("Read the invoices in Xero and sum them up", &["refused: No block works with Xero"]),
        ],
    );
}

#[test]
fn names_and_schemas_alone_are_enough_to_plan_over_another_platform() {
    check(
        &Knowledge::from_json(OTHER).unwrap(),
        &[
            (
                "Read a feed, sum it up and post it on Chirrup",
                &["ReadFeed url<-", "SummarizeText text<-", "chirrup_post_message message<-SummarizeText.summary"],
            ),
            (
                "When a card is created in Kanbo, add a comment to the card with the text \"Thanks\"",
                &[
                    "KanboCardTrigger",
                    "KanboAddCardComment card_id<-FillTemplate.output",
                    "KanboAddCardComment text=\"Thanks\"",
                ],
            ),
            (
                "Every Monday at 9 list the overdue payments in Ledger Lane and create a Kanbo card with them",
                &["LedgerLaneListOverduePayments", "KanboCreateCard text<-FillTemplate.output"],
            ),
            (
                "Search posts about electric cars on Chirrup and append them to a Google Sheet",
                &["chirrup_search_posts query=\"electric cars\"", "GsheetsAppendLine line<-chirrup_search_posts.posts"],
            ),
            ("Cancel an invoice in Ledger Lane", &["LedgerLaneCancelInvoice invoice_id<-"]),
            (
                "Generate an image of a red fox and post it on Chirrup",
                &["GenerateImage", "chirrup_post_message message<-GenerateImage.image"],
            ),
            (
                "Get the report of a Mailwave campaign and sum it up",
                &["GetMailwaveCampaignReport campaign_id<-", "SummarizeText text<-FillTemplate.output"],
            ),
            (
                "Convert a PDF to text and extract the email addresses",
                &["ConvertPdfToText file<-", "ExtractEmailAddresses text<-ConvertPdfToText.text"],
            ),
            ("Check the spelling of a text", &["CheckSpelling text<-"]),
            ("Close a milestone in GitHub", &["GithubCloseMilestone milestone_id<-"]),
            ("Post the news to Slack", &["refused: No block works with Slack"]),
        ],
    );
}
