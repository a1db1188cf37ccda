//! What is only to happen in a case, only to some, or not at all.

use crate::{links::check, planned, steps};
use shared::port::Decomposition;

fn told(goal: &str) -> Vec<String> {
    match planned(goal, None) {
        Decomposition::Instructions { account, .. } => {
            account.left_out.into_iter().map(|left| format!("{}: {}", left.text, left.message)).collect()
        }
        other => panic!("{goal}: {other:?}"),
    }
}

#[test]
fn an_event_behind_what_is_to_be_done_is_a_condition_on_what_is_read() {
    check(&[
        (
            "Watch the price of a product on a page that I give and write me a mail once it falls under 50 euros",
            &[
                "AICondition.condition = the price of a product falls under 50 euros",
                "one SendEmail",
                "no AITextGenerator",
            ],
        ),
        (
            "Check the Bitcoin price every hour and message me on Telegram as soon as it drops below 60000 dollars",
            &[
                "AICondition.condition = the Bitcoin price drops below 60000 dollars",
                "SendTelegramMessage.text <- AICondition.yes_output",
            ],
        ),
        (
            "Watch the stock number on a page and send an email to buyer@acme.io once it falls below 10",
            &["AICondition.condition = the stock number falls below 10", "one SendEmail"],
        ),
        (
            "Track the exchange rate on a web page and ping me on Discord the moment it rises above 1.2",
            &["AICondition.input_value <- Condition.yes_output", "one SendDiscordMessage"],
        ),
        (
            "Watch the page https://shop.example/lamp and mail me@acme.io once the price drops below 30 euros",
            &["one AICondition", "SendEmail.to_email = me@acme.io"],
        ),
    ]);
}

#[test]
fn what_must_not_be_sent_is_no_step() {
    for goal in [
        "AI drafts replies to new Gmail messages in my style and saves them as drafts; nothing is sent without me.",
        "Read new Gmail messages and draft replies. Don't send anything.",
        "Summarise new Gmail messages and draft a reply to each, without sending anything",
    ] {
        check(&[(goal, &["one GmailDraftReply", "no GmailSend", "no SendEmail", "no HumanInTheLoop"])]);
        check(&[(goal, &["GmailDraftReply.body <- AITextGenerator.response"])]);
        assert!(!told(goal).iter().any(|told| told.contains("send") || told.contains("sent")), "{goal}");
    }
    let goal = "Write a blog post about a topic I give and save it to WordPress as a draft; never publish on its own";
    check(&[(goal, &["WordPressCreatePost.publish_as_draft = true"])]);
    assert!(told(goal).is_empty(), "{:?}", told(goal));
    let goal = "Email each new lead from a webhook a welcome; don't send anything on weekends";
    assert!(told(goal).iter().any(|told| told.starts_with("don't send anything on weekends")), "{:?}", told(goal));
}

#[test]
fn what_is_not_sent_without_somebody_waits_for_them() {
    check(&[
        (
            "Answer my new Gmail messages, but never send anything without my approval",
            &["one HumanInTheLoop", "GmailReply.body <- HumanInTheLoop.approved_data"],
        ),
        (
            "Tweet a daily fact about space; nothing is posted without me",
            &["one HumanInTheLoop", "TwitterPostTweet.tweet_text <- HumanInTheLoop.approved_data"],
        ),
        (
            "Write a weekly newsletter about AI and email it to team@acme.io, but nothing goes out before I approve it",
            &["one HumanInTheLoop", "SendEmail.body <- HumanInTheLoop.approved_data"],
        ),
        (
            "Post each new blog post of https://acme.io/feed to X. Nothing may be posted until I have approved it.",
            &["one HumanInTheLoop", "TwitterPostTweet.tweet_text <- HumanInTheLoop.approved_data"],
        ),
        (
            "Reply to support mails in my Gmail, but don't send anything automatically",
            &["GmailReply.body <- HumanInTheLoop.approved_data"],
        ),
    ]);
}

#[test]
fn each_mail_is_answered_by_itself() {
    for goal in [
        "Draft replies to my unread Gmail messages",
        "AI drafts replies to new Gmail messages",
        "Draft a reply to each new Gmail message and save it as a draft",
    ] {
        check(&[(goal, &["AITextGenerator.prompt_values <- GmailRead.email", "one GmailDraftReply"])]);
    }
}

#[test]
fn what_was_sorted_goes_on_by_its_kind() {
    check(&[
        (
            "Build a workflow that watches a GitHub repository for new issues, labels them with AI as bug, feature or \
                question, and posts the bugs to Slack.",
            &[
                "GithubAddLabel.label <- AIStructuredResponseGenerator.response",
                "AICondition.condition = the new issue is bug",
                "SendSlackMessage.text <- AICondition.yes_output",
            ],
        ),
        (
            "Tag new Gmail messages as urgent, normal or spam with AI and forward the urgent ones to boss@acme.io",
            &[
                "GmailAddLabel.label_name <- AIStructuredResponseGenerator.response",
                "GmailForward.messageId <- AICondition.yes_output",
            ],
        ),
        (
            "Classify the tweets that mention our brand as positive, neutral or negative and send the negative ones to \
                support@acme.io",
            &["AICondition.condition = the tweet is negative", "SendEmail.body <- AICondition.yes_output"],
        ),
    ]);
    check(&[(
        "Classify the tweets that mention our brand as positive or negative and send me the negative ones by mail",
        &["AgentShortTextInput.name = Brand to look for", "one AICondition"],
    )]);
}

#[test]
fn only_what_is_judged_so_is_kept_and_nobody_outside_reads_the_judgement() {
    check(&[
        (
            "Whenever somebody fills in the contact form (Typeform), have AI judge whether it is a good lead, write the \
                good ones to Airtable and send a thank-you mail to everybody.",
            &[
                "AICondition.condition = the contact form is a good lead",
                "AirtableCreateRecords.records <- AICondition.yes_output",
                "AITextGenerator.prompt_values <- GenericWebhookTrigger.payload",
                "SendEmail.body <- AITextGenerator.response",
            ],
        ),
        (
            "When a webhook brings an application, judge whether the candidate is suitable, add the suitable ones to a \
                Google Sheet and email everybody a confirmation",
            &["GoogleSheetsAppendRow.row <- AICondition.yes_output", "SendEmail.body <- AITextGenerator.response"],
        ),
    ]);
    let goal = "When a webhook brings an application, judge whether the candidate is suitable and email everybody a \
        confirmation";
    let writers = steps(goal, None).iter().filter(|step| step["block_name"] == "AITextGeneratorBlock").count();
    assert_eq!(writers, 2, "{goal}");
}

#[test]
fn a_place_and_an_owner_are_those_that_the_goal_names() {
    check(&[
        (
            "Weather for Hamburg each morning at 6:30 on Telegram, but only if it will rain",
            &["GetWeatherInformation.location = Hamburg", "one AICondition"],
        ),
        (
            "Send me the weather for Oslo on Slack at 7, but only if it will snow",
            &["GetWeatherInformation.location = Oslo", "SendSlackMessage.text <- AICondition.yes_output"],
        ),
        (
            "Ask for a company name, look for its latest news, and give me a SWOT analysis as a document",
            &[
                "FillTextTemplate.format = {{company_name}} latest news",
                "SearchTheWeb.query <- FillTextTemplate.output",
            ],
        ),
        (
            "Ask for a person's name, search the web for their publications and summarise them",
            &["FillTextTemplate.format = {{person_s_name}} publications"],
        ),
        (
            "Take a product name, search for its reviews and tell me the pros and cons",
            &["FillTextTemplate.format = {{product_name}} reviews"],
        ),
    ]);
}

#[test]
fn a_table_that_is_named_is_read_with_sql() {
    check(&[
        (
            "Every night copy new rows of my Postgres table \"orders\" into a Google Sheet.",
            &["SQLQuery.query = SELECT * FROM orders", "one ListDifference"],
        ),
        (
            "Read the customers table of my MySQL database every Monday and email me a summary",
            &["SQLQuery.query = SELECT * FROM customers", "no AITextGenerator"],
        ),
        (
            "Post the rows of the Postgres table invoices to Slack every morning",
            &["SQLQuery.query = SELECT * FROM invoices"],
        ),
    ]);
}

#[test]
fn what_answers_is_asked_for_and_its_failure_told() {
    for goal in [
        "Check every ten minutes whether https://acme.io is up and if not, alert me on Discord",
        "Every ten minutes check if https://acme.io is up, and alert me on Discord if it isn't",
        "Check every ten minutes whether https://acme.io/health returns 200 and alert me on Discord if it doesn't",
        "Let me know at once on Discord when https://acme.io stops responding",
    ] {
        check(&[(
            goal,
            &["one SendWebRequest", "no AICondition", "SendDiscordMessage.message_content <- SendWebRequest.error"],
        )]);
    }
    for goal in [
        "I want to know at once when my site is down",
        "I need to hear right away when https://acme.io stops responding",
    ] {
        assert!(matches!(planned(goal, None), Decomposition::ClarifyingQuestions(_)), "{goal}");
    }
}

#[test]
fn who_wants_to_know_is_told() {
    check(&[
        (
            "I want to know which of my Todoist tasks are overdue, on Telegram every morning",
            &["one TodoistGetTasks", "SendTelegramMessage.text <- AITextGenerator.response"],
        ),
        (
            "Tell me which of my unread mails are urgent, on Slack every day at 9",
            &["one GmailRead", "SendSlackMessage.text <- AITextGenerator.response"],
        ),
        (
            "Every evening send me the number of GitHub stars of acme/web by mail",
            &["no GithubMakeIssue", "one SendEmail"],
        ),
    ]);
}

#[test]
fn what_was_written_goes_out_and_not_what_it_was_written_from() {
    check(&[
        (
            "When a pull request in acme/web has been merged, write release notes and post them on Discord",
            &["SendDiscordMessage.message_content <- AITextGenerator.response"],
        ),
        (
            "I run a podcast. Take the YouTube link of an episode, write show notes, five tweets and a LinkedIn post, and \
                put everything in a Notion page.",
            &["one NotionCreatePage"],
        ),
        (
            "Read the error log at https://acme.io/log.txt every 15 minutes and send me only the new errors by mail",
            &["one PersistInformation", "one SendEmail"],
        ),
        ("Move newsletters in Gmail to the label Newsletter", &["GmailAddLabel.label_name = Newsletter"]),
    ]);
    let goal = "Take a topic, write show notes, five tweets and a LinkedIn post, and put everything in a Notion page.";
    let writers = steps(goal, None).iter().filter(|step| step["block_name"] == "AITextGeneratorBlock").count();
    assert_eq!(writers, 3, "{goal}");
    assert!(told(goal).is_empty(), "{:?}", told(goal));
}

#[test]
fn what_has_no_block_is_never_done_with_another() {
    for goal in [
        "Send an SMS to my customers the day before their appointment in Google Calendar",
        "Send an SMS reminder to each customer in my sheet",
        "Text my customers an SMS when their order in Shopify ships",
    ] {
        match planned(goal, None) {
            Decomposition::UnachievableGoal { reason, .. } => {
                assert!(reason.as_deref().is_some_and(|reason| reason.contains("SMS")), "{goal}: {reason:?}")
            }
            other => panic!("{goal}: {other:?}"),
        }
    }
}
