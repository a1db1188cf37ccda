//! Flows as tools for automation draw them: boxes, loops over a list, mails on certain days, nothing where nothing is.

use shared::port::Decomposition;

use crate::{links::check, planned};

fn left_out(goal: &str) -> Vec<String> {
    let Decomposition::Instructions { account, .. } = planned(goal, None) else { panic!("{goal}") };
    account.left_out.into_iter().map(|left| left.text).collect()
}

#[test]
fn it_is_waited_between_messages_that_are_days_apart() {
    for goal in [
        "When a form is submitted, send a welcome email, after 3 days send a tips email.",
        "When a form is submitted, send a welcome email. After 3 days send a tips email.",
        "When a form is submitted, send a welcome email, then 3 days later send a tips email.",
        "When a Typeform response comes in, send a welcome email and after three days a tips email.",
        "When a form is submitted, send a welcome email on day 1 and a tips email on day 4.",
    ] {
        check(
            &[(
                goal,
                &[
                    "one CountdownTimer",
                    "CountdownTimer.days = 3",
                    "AITextGenerator.prompt = Write a welcome email.\\n\\n{{form}}",
                    // Both to whoever filled it in.
                    "no AgentShortTextInput",
                ],
            )]
            .map(|(goal, rules)| (goal, if goal.contains("Typeform") { &rules[..2] } else { rules })),
        );
        assert!(left_out(goal).is_empty(), "{goal}: {:?}", left_out(goal));
    }
    check(&[
        (
            "When a form is submitted, send me a reminder mail after 2 days.",
            &["CountdownTimer.days = 2", "SendEmail.body <- CountdownTimer.output_message"],
        ),
        // Counted from something else.
        ("When a form is submitted, post to Slack what came in.", &["no CountdownTimer"]),
    ]);
}

#[test]
fn a_loop_over_a_list_takes_its_entries_one_by_one() {
    check(&[
        (
            "Loop over a list of 10 URLs, scrape each page, extract the product name and price, and email me the results",
            &[
                "one AIStructuredResponseGenerator",
                "no AITextGenerator",
                "ExtractWebsiteContent.url <- StepThroughItems.item",
            ],
        ),
        (
            "Loop through my Todoist tasks and send each one to Telegram",
            &["SendTelegramMessage.text <- StepThroughItems.item"],
        ),
        (
            "Iterate over the rows of a Google Sheet and post each one to Slack",
            &["one StepThroughItems", "SendSlackMessage.text <- StepThroughItems.item"],
        ),
    ]);
}

#[test]
fn boxes_that_are_joined_by_arrows_do_what_they_are_called() {
    check(&[
        (
            "Schedule trigger (every day 6am) → HTTP Request (USGS API) → OpenAI summary → Gmail send",
            &["one SendWebRequest", "one GmailSend", "no GmailForward", "no SearchTheWeb"],
        ),
        (
            "Gmail trigger → OpenAI classify → Airtable create record",
            &["one GmailRead", "no AICondition", "one AirtableCreateRecords"],
        ),
        ("Cron (every Monday 8am) → read an RSS feed → OpenAI summary → Slack post", &["one SendSlackMessage"]),
    ]);
    for goal in [
        "Schedule trigger (every day 6am) → HTTP Request (USGS API) → OpenAI summary → Gmail send",
        "Cron (every Monday 8am) → read an RSS feed → OpenAI summary → Slack post",
    ] {
        assert!(left_out(goal).is_empty(), "{goal}: {:?}", left_out(goal));
    }
}

#[test]
fn nothing_is_done_where_there_is_nothing() {
    for goal in [
        "Every Friday at 5pm read the tasks from Todoist, write a summary and email it to my boss; if there are no tasks it does nothing.",
        "Every Friday at 5pm read the tasks from Todoist, write a summary and email it to my boss. If there are no tasks, do nothing.",
    ] {
        check(&[(
            goal,
            &[
                "one AICondition",
                "AITextSummarizer.text <- AICondition.no_output",
                "SendEmail.body <- AITextSummarizer.summary",
            ],
        )]);
        assert!(left_out(goal).is_empty(), "{goal}: {:?}", left_out(goal));
    }
}

#[test]
fn what_is_done_is_not_told_as_left_out() {
    for goal in [
        "When a form is submitted, check whether the message is spam; if not, send a thank-you email to the sender.",
        "When a form is submitted, check whether the message is urgent, and if not, post it to Slack.",
        "Extract the vendor, total and due date from the invoices in Gmail and log them in a Google Sheet",
    ] {
        assert!(left_out(goal).is_empty(), "{goal}: {:?}", left_out(goal));
    }
}

#[test]
fn a_page_that_was_read_is_not_read_again_by_a_model() {
    check(&[(
        "Enter the company website and the agent reads it, finds a pain point and writes a three-line pitch.",
        &["one ExtractWebsiteContent", "AITextGenerator.prompt_values <- ExtractWebsiteContent.content"],
    )]);
    for goal in [
        "Enter the company website and the agent reads it, finds a pain point and writes a three-line pitch.",
        "Enter a website and the agent opens it, finds a pain point and writes a pitch.",
    ] {
        let Decomposition::Instructions { steps, .. } = planned(goal, None) else { panic!("{goal}") };
        let says = |words: &str| format!("{steps:?}").contains(words);
        assert!(!says("Read it") && !says("Open it"), "{goal}");
    }
}

#[test]
fn what_is_sent_later_starts_nothing() {
    for goal in [
        "When a customer signs up in Stripe, send a welcome email and after 2 days send a feedback form",
        "When a new row is added to my Google Sheet, send an email and 3 days later send a survey",
    ] {
        check(&[(goal, &["no GenericWebhookTrigger", "one SendEmail"])]);
    }
}
