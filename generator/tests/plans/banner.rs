//! What stands above a description, and the short forms of galleries: a name with a colon, a route that is told behind
//! it, "if negative post it", "choose a language".

use crate::links::check;

#[test]
fn a_name_that_reads_like_an_act_asks_for_nothing() {
    check(&[
        (
            "Customer feedback loop: when a Typeform response comes in, post it to Slack.",
            &["one GenericWebhookTrigger", "one SendSlackMessage", "no AITextGenerator"],
        ),
        (
            "Daily news watch: search the web for news about batteries every day and post them to Slack.",
            &["one SearchTheWeb", "one SendSlackMessage"],
        ),
    ]);
}

#[test]
fn what_is_found_may_be_said_in_one_word() {
    for goal in [
        "When a Typeform response comes in, classify it as positive or negative; if negative, create a Linear issue, if positive, post it to #wins on Slack",
        "When a Typeform response comes in, classify it as positive or negative; if negative create a Linear issue, if positive post it to #wins on Slack",
    ] {
        check(&[(
            goal,
            &[
                "AICondition.condition = negative",
                "AICondition.condition = positive",
                "SendSlackMessage.text <- AICondition.yes_output",
                "LinearCreateIssue.description <- AIStructuredResponseGenerator.response",
            ],
        )]);
    }
    check(&[(
        "When an email arrives, classify it. If urgent post it to Slack.",
        &["AICondition.condition = urgent", "SendSlackMessage.text <- AICondition.yes_output"],
    )]);
}

#[test]
fn what_is_chosen_beside_an_upload_is_asked_for() {
    check(&[
        (
            "Upload a PDF, choose a target language and translate the document",
            &["AITextGenerator.prompt_values <- AgentShortTextInput.result", "one AITextGenerator"],
        ),
        ("Paste a text, select a tone and rewrite the text", &["one AITextGenerator", "no SearchTheWeb"]),
        (
            "Paste a text, choose a title and post it on LinkedIn",
            &[
                "AITextGenerator.prompt_values <- AgentLongTextInput.result",
                "PostToLinkedIn.post <- AITextGenerator.response",
            ],
        ),
        ("Enter an idea, choose a name and mail it to me", &["SendEmail.body <- AITextGenerator.response"]),
    ]);
}

#[test]
fn a_text_for_each_entry_of_a_table_is_not_written_into_it() {
    check(&[
        (
            "Google Sheets → OpenAI → WordPress: write an SEO article for each keyword in the sheet and publish it as a draft",
            &[
                "one GoogleSheetsRead",
                "no GoogleSheetsAppendRow",
                "WordPressCreatePost.content <- AITextGenerator.response",
                "AITextGenerator.prompt_values <- StepThroughItems.item",
            ],
        ),
        (
            "Write a LinkedIn post for each row in the sheet and publish it on LinkedIn",
            &["no GoogleSheetsAppendRow", "PostToLinkedIn.post <- AITextGenerator.response"],
        ),
        // What only the route says is read there.
        ("Google Sheets → OpenAI → Gmail: write a message for each row and send it", &["one GoogleSheetsRead"]),
        (
            "Airtable → Claude → Telegram: write a message for every record and send it to me",
            &["one AirtableWebhookTrigger"],
        ),
        (
            "Google Sheets → Gmail: send a mail to each person and log it",
            &["one GoogleSheetsRead", "SendEmail.to_email <- StepThroughItems.item"],
        ),
    ]);
}
