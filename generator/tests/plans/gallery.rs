//! Goals in the wording of template galleries: headings, arrows, points, praise, "with AI", "for approval".

use shared::port::Decomposition;

use crate::{links::check, planned, told};

#[test]
fn a_heading_that_names_the_agent_asks_for_nothing() {
    for goal in [
        "Competitor research agent. Give it a company name; it searches the web for the company and stores a summary in Notion.",
        "Cold email generator for agencies. Enter the company website and write a three-line pitch.",
        "This agent helps recruiters: it takes a resume and lists the missing skills.",
        "Support reply bot. Paste a question and write a friendly reply.",
    ] {
        told(&[(goal, "")]);
    }
}

#[test]
fn what_a_heading_says_in_short_is_done_once() {
    check(&[
        (
            "Automatically turn YouTube videos into LinkedIn posts. This agent takes a video link, uses the transcript to \
             find the key ideas, then writes a post in your voice.",
            &["one TranscribeYoutubeVideo", "no ExtractWebsiteContent"],
        ),
        (
            "Turn a Notion database into tweets. The agent reads the next idea, writes a tweet and posts it.",
            &[
                "one NotionReadDatabase",
                "one AITextGenerator",
                "AITextGenerator.prompt_values <- NotionReadDatabase.entries",
                "TwitterPostTweet.tweet_text <- AITextGenerator.response",
            ],
        ),
    ]);
}

#[test]
fn points_with_names_are_what_they_are_called() {
    check(&[
        (
            "Trigger: new GitHub pull request. Action: AI code review. Output: comment on the pull request.",
            &["one GithubPullRequestTrigger", "no AICondition", "GithubComment.comment <- AITextGenerator.response"],
        ),
        (
            "Trigger: a new issue is opened in GitHub. Action: post it to Slack.",
            &["one GithubIssuesTrigger", "one SendSlackMessage"],
        ),
    ]);
}

#[test]
fn what_a_webhook_brings_is_not_made_up() {
    check(&[
        (
            "Receive bug reports by webhook and post them to Slack",
            &[
                "one GenericWebhookTrigger",
                "no AITextGenerator",
                "SendSlackMessage.text <- GenericWebhookTrigger.payload",
            ],
        ),
        (
            "This workflow gets orders from a webhook, sums them up with AI and sends the summary to Telegram",
            &["one GenericWebhookTrigger", "one SendTelegramMessage"],
        ),
    ]);
    told(&[("Receive bug reports by webhook and post them to Slack", "")]);
    check(&[(
        "Get the data from the webhook https://acme.com/hook and post it to Slack",
        &["no GenericWebhookTrigger", "one ExtractWebsiteContent"],
    )]);
}

#[test]
fn a_model_that_stands_behind_the_place_works_first() {
    check(&[
        (
            "RSS feed to Discord with AI summaries",
            &[
                "AITextSummarizer.text <- ReadRSSFeed.entries",
                "SendDiscordMessage.message_content <- AITextSummarizer.summary",
            ],
        ),
        ("RSS feed to Slack with GPT summaries", &["SendSlackMessage.text <- AITextSummarizer.summary"]),
    ]);
    told(&[
        ("RSS feed https://a.com/feed to Slack with AI summaries for my approval", "for my approval"),
        ("New YouTube videos to Slack with AI summaries in German", "in German"),
    ]);
}

#[test]
fn whoever_gets_it_for_approval_decides() {
    check(&[
        (
            "Write a blog post about a topic, email it to me for approval, then publish it on WordPress",
            &["one HumanInTheLoop", "no SendEmail", "WordPressCreatePost.content <- HumanInTheLoop.approved_data"],
        ),
        (
            "AI drafts a post about a topic, you approve or edit it in Slack, then it goes to WordPress",
            &[
                "one HumanInTheLoop",
                "no SendSlackMessage",
                "WordPressCreatePost.content <- HumanInTheLoop.approved_data",
            ],
        ),
        (
            "Draft a reply to new emails and wait for your approval before sending it",
            &["one HumanInTheLoop", "GmailReply.body <- HumanInTheLoop.approved_data", "no GmailDraftReply"],
        ),
    ]);
    told(&[
        ("Write a blog post about a topic, email it to me for approval, then publish it on WordPress", "email"),
        ("AI drafts a post about a topic, you approve it in Slack, then it goes to WordPress", "Slack"),
    ]);
}

#[test]
fn a_report_is_made_of_all_that_was_read() {
    for (goal, other) in [
        (
            "Every Monday, pull open GitHub issues and my calendar events, and send a combined report by email.",
            "AITextGenerator.prompt_values <- GoogleCalendarReadEvents.events",
        ),
        (
            "Every Friday, get the open GitHub issues and my unread emails and post a combined report to Slack.",
            "AITextGenerator.prompt_values <- GmailRead.emails",
        ),
    ] {
        check(&[(goal, &["AITextGenerator.prompt_values <- GithubListIssues.issues", other])]);
    }
}

#[test]
fn what_is_said_of_it_beside_each_other_is_told_of_the_same() {
    let goal =
        "Take a resume and a job description, score the match, list the missing skills and suggest three questions";
    let plan = crate::links::planned(goal);
    let thinkers = plan
        .steps
        .iter()
        .filter(|step| step.inputs.iter().filter(|input| input.name.starts_with("prompt_values")).count() > 1);
    assert_eq!(thinkers.count(), 3, "{plan:#?}");
    let given = plan.steps.iter().filter(|step| step.inputs.iter().any(|input| input.name == "value")).count();
    assert_eq!(given, 3, "{plan:#?}");
}

#[test]
fn a_mail_for_each_goes_to_each() {
    for goal in [
        "Write a personalized email for each lead in my Google Sheet and send it with Gmail",
        "When a new row is added to my Google Sheet, write a personalized email and send it with Gmail",
        "For each new row in my Google Sheet write a personalized email and send it via Gmail",
    ] {
        check(&[(
            goal,
            &["one GmailSend", "no SendEmail", "GmailSend.to <- StepThroughItems.item", "no AgentShortTextInput"],
        )]);
    }
    // An article and a film have no address.
    for goal in [
        "Every day, for each new article in the RSS feed https://a.com/feed, write a personal email and send it",
        "When a new video is uploaded on YouTube channel @acme, write an outreach email and send it",
    ] {
        check(&[(goal, &["no FindInDictionary", "SendEmail.to_email <- AgentShortTextInput.result"])]);
    }
}

#[test]
fn two_messages_of_one_verb_are_two() {
    check(&[(
        "When a form is submitted, send a thank-you email to the sender and a Slack notification to #sales",
        &["SendEmail.body <- AITextGenerator.response", "SendSlackMessage.text <- GenericWebhookTrigger.payload"],
    )]);
}

#[test]
fn each_kind_goes_its_own_way_behind_an_arrow() {
    for goal in [
        "Gmail -> classify (invoice / complaint / other) -> invoices to Notion, complaints to Linear, everything else ignored",
        "Gmail -> classify as invoice or complaint -> invoices to Notion, complaints to Linear",
    ] {
        check(&[(goal, &["one NotionCreatePage", "one LinearCreateIssue"])]);
    }
}

#[test]
fn a_digest_of_a_topic_is_looked_up() {
    check(&[
        ("Daily crypto digest to Telegram", &["AITextGenerator.prompt_values <- SearchTheWeb.results"]),
        ("Weekly startup funding roundup by email", &["AITextGenerator.prompt_values <- SearchTheWeb.results"]),
        (
            "Get the latest news on Tesla, Nvidia and Apple every day and email me a summary",
            &["one SearchTheWeb", "no NvidiaDeepfakeDetect"],
        ),
        ("Every day mail me a vocabulary overview", &["no SearchTheWeb", "SendEmail.body <- AITextGenerator.response"]),
    ]);
}

#[test]
fn what_is_the_persons_own_is_asked_for_where_it_is_searched() {
    for (goal, block) in [
        (
            "Search Reddit for mentions of our brand and post the sentiment to Slack",
            "SearchReddit.query <- AgentShortTextInput.result",
        ),
        (
            "Search the web for my company's name every Monday and email me the results",
            "SearchTheWeb.query <- AgentShortTextInput.result",
        ),
    ] {
        check(&[(goal, &[block])]);
    }
}

#[test]
fn a_label_is_chosen_and_is_not_the_text_itself() {
    for goal in
        ["Label my open GitHub issues with AI", "Auto-label GitHub issues with AI", "Label new GitHub issues by topic"]
    {
        check(&[(goal, &["GithubAddLabel.label <- AITextGenerator.response"])]);
    }
}

#[test]
fn each_that_is_new_is_kept_where_it_is_said() {
    for goal in [
        "Log every new Stripe subscription in Google Sheets and thank the customer by email",
        "Add every new Stripe subscription to Google Sheets and send the customer a thank-you email",
    ] {
        check(&[(
            goal,
            &[
                "one StripeSubscriptionTrigger",
                "GoogleSheetsAppendRow.row <- StripeSubscriptionTrigger.payload",
                "AITextGenerator.prompt_values <- StripeSubscriptionTrigger.payload",
            ],
        )]);
    }
}

#[test]
fn what_is_scraped_is_kept_row_by_row() {
    for goal in [
        "Scrape job listings from a careers page, filter them for remote positions, and append them to Google Sheets",
        "Scrape job listings from a page and append them to Google Sheets",
    ] {
        check(&[(goal, &["one StepThroughItems", "one GoogleSheetsAppendRow"])]);
    }
    check(&[(
        "Read customer reviews from a CSV file, tag each with sentiment and topic, and save them to Google Sheets",
        &["one AIStructuredResponseGenerator", "AIStructuredResponseGenerator.prompt_values <- ReadSpreadsheet.row"],
    )]);
}

#[test]
fn what_no_step_sees_or_sends_is_told() {
    told(&[
        (
            "Get the weather in Berlin every day and send it to me on Telegram. If the request fails, notify me on Slack.",
            "fails",
        ),
        ("Every day summarize my unread emails and post it to Slack. Email me if the workflow fails.", "fails"),
    ]);
    for goal in ["Send connection requests on LinkedIn", "Send invitations to new prospects on LinkedIn"] {
        assert!(matches!(planned(goal, None), Decomposition::UnachievableGoal { .. }), "{goal}");
    }
    let alone = "If the workflow fails, tell me on Slack";
    assert!(!matches!(planned(alone, None), Decomposition::VagueGoal { .. }), "{alone}");
    check(&[
        ("Send the invitation to our event on LinkedIn", &["one PostToLinkedIn"]),
        ("Send an invite on X for our webinar on Friday", &["one TwitterPostTweet"]),
        ("When the workflow fails in GitHub, tell me on Slack", &["one SendSlackMessage"]),
    ]);
}

#[test]
fn a_page_that_does_not_answer_well_is_an_outage() {
    for goal in [
        "Check a website every 5 minutes and send a Discord message if it does not answer with status 200",
        "Check a website every 5 minutes and tell me on Discord if it does not respond with 200",
    ] {
        check(&[(goal, &["one SendWebRequest", "SendDiscordMessage.message_content <- SendWebRequest.error"])]);
    }
}

#[test]
fn a_heading_in_the_form_of_a_request_is_told_behind_it() {
    check(&[
        (
            "Analyze a website's SEO. Input a URL and get a report with title, headings and suggestions.",
            &["one AgentShortTextInput", "one AITextGenerator", "one ExtractWebsiteContent"],
        ),
        (
            "Email newsletter digest: collects all newsletters received in Gmail this week and sends one digest to Slack",
            &["one GmailRead", "no SearchTheWeb"],
        ),
        (
            "Analyze feedback. Enter the text and post the result to Slack",
            &["SendSlackMessage.text <- AITextGenerator.response"],
        ),
        (
            "Translate text. Enter the text and mail the result to bob@acme.com",
            &["SendEmail.body <- AITextGenerator.response"],
        ),
        (
            "Review a contract. Upload it and get the risks by mail",
            &["SendEmail.body <- AITextGenerator.response", "AITextGenerator.prompt ~ Review a contract"],
        ),
        (
            "Summarize articles. Paste the URL and post the result to Slack",
            &["SendSlackMessage.text <- AITextSummarizer.summary"],
        ),
    ]);
}

#[test]
fn what_a_condition_looks_at_is_read_first() {
    for goal in [
        "Collect reviews from a Google Sheet and alert the team on Slack if a review is negative",
        "Get the orders from a Google Sheet and message us on Slack when an order is overdue",
    ] {
        check(&[(goal, &["no AgentLongTextInput", "no AgentInput", "one GoogleSheetsRead"])]);
    }
}

#[test]
fn each_text_goes_where_it_was_written_for() {
    check(&[
        (
            "Take an article URL, write a tweet and a LinkedIn post, and publish the tweet and the LinkedIn post",
            &["one TwitterPostTweet", "one PostToLinkedIn"],
        ),
        (
            "Write an article about a topic, create a cover image and publish to WordPress",
            &["WordPressCreatePost.content <- AITextGenerator.response"],
        ),
        ("Take a topic and get a description plus a matching image", &["one IdeogramModel", "one AITextGenerator"]),
        (
            "Whenever a row is added to my Airtable base, write a description plus a photo",
            &["one IdeogramModel", "AITextGenerator.prompt = Write a description.\\n\\n{{row}}"],
        ),
        (
            "Take the questions in column A of a sheet, answer each with AI, and put the answers into column B.",
            &["AITextGenerator.prompt = Answer each with AI.\\nOnly mind what fits this: column A.\\n\\n{{item}}"],
        ),
    ]);
}

#[test]
fn only_what_has_the_label_starts_it() {
    for goal in [
        "When a GitHub issue is labeled \"bug\", create a Linear ticket",
        "When a GitHub issue is labelled bug, post it to Slack",
    ] {
        check(&[(goal, &["AICondition.input_value <- GithubIssuesTrigger.labels"])]);
    }
    check(&[("Research electric cars with Perplexity and email me a report", &["one Perplexity", "no SearchTheWeb"])]);
}
