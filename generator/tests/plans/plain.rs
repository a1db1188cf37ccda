//! What is said in a roundabout way does what the plain words would.

use shared::port::Decomposition;

use crate::{links::check, planned};

#[test]
fn what_a_person_wants_to_see_before_it_goes_out_waits_for_them() {
    let tweet: &[&str] = &[
        "HumanInTheLoop.data <- AITextGenerator.response",
        "TwitterPostTweet.tweet_text <- HumanInTheLoop.approved_data",
    ];
    let reply: &[&str] = &[
        "HumanInTheLoop.data <- AITextGenerator.response",
        "GmailReply.body <- HumanInTheLoop.approved_data",
        "no GmailDraftReply",
    ];
    check(&[
        ("write a tweet about https://example.com/post and let me approve it before you tweet it", tweet),
        ("write a tweet about https://example.com/post and ask me before it's tweeted", tweet),
        ("Draft a reply to each unread mail and ask me before it's sent", reply),
        ("Draft a reply to each unread mail and let me approve it before it is sent", reply),
        ("Answer each unread mail, but let me approve the answer before it is sent", reply),
        (
            "Write a LinkedIn post about my topic and ask me before it's published",
            &["PostToLinkedIn.post <- HumanInTheLoop.approved_data"],
        ),
        (
            "Summarise the new entries of https://example.com/feed.xml and ask me before you post them to #news on Slack",
            &["HumanInTheLoop.name = Ask me", "SendSlackMessage.text <- HumanInTheLoop.approved_data"],
        ),
    ]);
}

#[test]
fn the_fields_that_are_kept_come_from_what_was_read_and_go_where_the_goal_says() {
    let sheet: &[&str] =
        &["no GoogleMapsSearch", "no GetCurrentDate", "GoogleSheetsAppendRow.row <- AIListGenerator.generated_list"];
    let table: &[&str] = &[
        "AirtableCreateRecords.records <- AIStructuredResponseGenerator.response",
        "AIStructuredResponseGenerator.prompt_values <- StepThroughItems.item",
    ];
    check(&[
        ("read the invoices in my Gmail and put the shop, amount and date into my Google sheet", sheet),
        ("For each new invoice in Gmail, save the vendor, the date and the total to my Google sheet", sheet),
        ("When a new mail from orders@example.com arrives, add the order number, product and price to Airtable", table),
        ("When a new mail arrives in Gmail, save the sender, topic and price to Airtable", table),
        (
            "Read my unread mails and save the sender, product and price to Airtable",
            &["AIStructuredResponseGenerator.prompt_values <- GmailRead.email"],
        ),
        ("Read the mails from orders@example.com and add the product and price to Notion", &["one NotionCreatePage"]),
    ]);
}

#[test]
fn a_product_that_is_looked_up_on_the_web_is_no_service_that_is_used() {
    check(&[
        (
            "Search the web for reviews of Basecamp and post a summary to Slack",
            &["SearchTheWeb.query = reviews of Basecamp"],
        ),
        (
            "Search the web for alternatives to Notion and mail me a comparison",
            &["SearchTheWeb.query = alternatives to Notion", "no NotionReadDatabase"],
        ),
        (
            "Look on the web for the pricing of HubSpot and post it to Slack",
            &["SearchTheWeb.query = the pricing of HubSpot"],
        ),
        ("Find reviews of Notion on the web and mail me a summary", &["SearchTheWeb.query = reviews of Notion"]),
        (
            "Find cheap flights to Rome on the internet and mail them to me",
            &["SearchTheWeb.query = cheap flights to Rome"],
        ),
        (
            "tell me on Telegram when there is a Nintendo Switch under 200 dollars on https://example.com/shop",
            &[
                "AICondition.input_value <- ExtractWebsiteContent.content",
                "AICondition.condition ~ Nintendo Switch under 200 dollars",
                "one SendTelegramMessage",
            ],
        ),
    ]);
}

#[test]
fn roundabout_words_do_what_plain_ones_do() {
    check(&[
        (
            "Label the urgent ones of my unread mails as Urgent",
            &["AICondition.condition ~ urgent", "GmailAddLabel.label_name = Urgent"],
        ),
        (
            "Translate each new mail from Japan into English and forward them to team@example.com",
            &["SendEmail.body <- AITextGenerator.response", "no GmailForward"],
        ),
        (
            "Let me ask questions about my Notion workspace",
            &[
                "AITextGenerator.prompt_values <- AgentShortTextInput.result",
                "AITextGenerator.prompt_values <- NotionReadDatabase.entries",
            ],
        ),
        (
            "Add up the invoices in my Gmail and mail me the total",
            &[
                "AITextGenerator.prompt_values <- GmailRead.emails",
                "SendEmail.body <- AITextGenerator.response",
                "no AddToList",
            ],
        ),
        (
            "Remind the team in #general on Slack to fill in time sheets every Friday at 3pm",
            &["SendSlackMessage.text = Fill in time sheets"],
        ),
        (
            "Every Friday at 15:00 post a reminder to fill in time sheets to #general on Slack",
            &["SendSlackMessage.text = Fill in time sheets", "no GoogleSheetsRead"],
        ),
        ("On Mondays send the team a reminder to update Jira on Slack", &["SendSlackMessage.text = Update Jira"]),
    ]);
}

#[test]
fn what_is_to_be_written_is_written_from_what_it_is_about() {
    let welcome: &[&str] =
        &["SendEmail.body <- AITextGenerator.response", "AITextGenerator.prompt_values <- StepThroughItems.item"];
    check(&[
        ("Send each new row of my sheet \"Leads\" to HubSpot as a contact, then send a welcome mail", welcome),
        ("When a new row is added to my sheet, create a HubSpot contact and send a thank-you mail", welcome),
        (
            "Pull the action items out of the transcript, put each into Todoist and post the summary on Slack",
            &[
                "one TodoistCreateTask",
                "AITextSummarizer.text <- AgentLongTextInput.result",
                "SendSlackMessage.text <- AITextSummarizer.summary",
            ],
        ),
        (
            "Write three variants of a headline for the product I name and let me pick one before it's tweeted",
            &["TwitterPostTweet.tweet_text <- HumanInTheLoop.approved_data"],
        ),
    ]);
}

#[test]
fn documents_at_an_address_are_read_there() {
    for goal in [
        "Summarise our docs at https://example.com/docs and post the summary to Slack",
        "I want a bot for our Discord server that answers questions about our docs at https://docs.example.com",
    ] {
        let Decomposition::Instructions { account, .. } = planned(goal, None) else { panic!("{goal}") };
        assert!(account.left_out.is_empty(), "{goal}: {:?}", account.left_out);
    }
}

#[test]
fn what_arrives_is_the_event_also_behind_for_each() {
    let chat: &[&str] = &[
        "one ReadDiscordMessages",
        "AIStructuredResponseGenerator.prompt_values <- ReadDiscordMessages.message_content",
        "one LinearCreateIssue",
    ];
    check(&[
        ("Create a Linear issue for each bug report that arrives in our Discord channel", chat),
        ("Create a Linear issue for each message posted in our Discord channel", chat),
        (
            "Make a Todoist task out of every email I star in Gmail",
            &[
                "GmailRead.query = is:starred",
                "AITextGenerator.prompt_values <- StepThroughItems.item",
                "one TodoistCreateTask",
            ],
        ),
        (
            "Add a row to my sheet for every form that is submitted on our website",
            &["one GenericWebhookTrigger", "one GoogleSheetsAppendRow"],
        ),
        (
            "Write an invoice for each order that comes in by webhook and mail it to billing@example.com",
            &["SendEmail.body <- AITextGenerator.response", "SendEmail.to_email = billing@example.com"],
        ),
        (
            "Write a thank-you note and mail it to the donor",
            &["SendEmail.to_email <- AgentShortTextInput.result", "AgentShortTextInput.name = Donor's e-mail address"],
        ),
        (
            "When a customer emails us, write a friendly answer and send it to them",
            &["GmailReply.body <- AITextGenerator.response", "AITextGenerator.prompt_values <- StepThroughItems.item"],
        ),
    ]);
}

#[test]
fn a_report_of_something_reads_it_and_a_warning_keeps_its_own_case() {
    check(&[
        (
            "Give me a weather report for Munich every day at 7am on Telegram, and warn me if it will rain",
            &[
                "GetWeatherInformation.location = Munich",
                "SendTelegramMessage.text <- FillTextTemplate.output",
                "SendTelegramMessage.text <- AICondition.yes_output",
            ],
        ),
        ("Send me a weather update for Munich every morning on Telegram", &["GetWeatherInformation.location = Munich"]),
        ("Mail me a calendar summary every morning", &["AITextSummarizer.text <- GoogleCalendarReadEvents.events"]),
        (
            "Summarise my unread mails, and alert me on Slack if one is urgent",
            &["AITextSummarizer.text <- GmailRead.emails", "SendSlackMessage.text <- AICondition.yes_output"],
        ),
    ]);
}

#[test]
fn a_film_is_asked_for_by_its_address_and_a_summary_becomes_what_it_is_turned_into() {
    check(&[
        (
            "Summarize the YouTube video I give",
            &[
                "TranscribeYoutubeVideo.youtube_url <- AgentShortTextInput.result",
                "AITextSummarizer.text <- TranscribeYoutubeVideo.transcript",
            ],
        ),
        (
            "Summarize the YouTube video at the URL I enter",
            &["one AgentShortTextInput", "AITextSummarizer.text <- TranscribeYoutubeVideo.transcript"],
        ),
        (
            "Summarize the article https://example.com/a and turn the summary into a LinkedIn post",
            &[
                "one AITextSummarizer",
                "AITextGenerator.prompt ~ LinkedIn post",
                "AITextGenerator.prompt_values <- AITextSummarizer.summary",
            ],
        ),
        (
            "Answer customer questions on our website using the FAQ at https://example.com/faq",
            &[
                "ExtractWebsiteContent.url = https://example.com/faq",
                "AITextGenerator.prompt_values <- AgentShortTextInput.result",
            ],
        ),
    ]);
}

#[test]
fn what_is_said_behind_a_reason_is_done_as_well() {
    check(&[
        (
            "Rewrite the text I paste so that a child understands it, then read it aloud",
            &[
                "AITextGenerator.prompt ~ so that a child understands it",
                "UnrealTextToSpeech.text <- AITextGenerator.response",
            ],
        ),
        (
            "Rewrite the text I paste so that a child understands it and mail it to me",
            &["AITextGenerator.prompt ~ so that a child understands it", "SendEmail.body <- AITextGenerator.response"],
        ),
        (
            "Read my gmail and tell me on slack if something urgent came in",
            &["AICondition.condition ~ something urgent came in", "SendSlackMessage.text <- AICondition.yes_output"],
        ),
        (
            "Find out when my competitor https://example.com/pricing changes its prices and tell me on Discord",
            &["no AITextGenerator", "SendDiscordMessage.message_content <- Condition.yes_output"],
        ),
        ("When somebody fills in the form, send them a confirmation by mail", &["no HumanInTheLoop", "one SendEmail"]),
    ]);
}

#[test]
fn what_is_written_into_a_row_that_was_read_is_told_to_be_added() {
    let goal = "When I add a row to my Google sheet with a company name, find its website and write it into the row";
    let Decomposition::Instructions { account, .. } = planned(goal, None) else { panic!("{goal}") };
    assert!(account.left_out.iter().any(|left| left.text == "the row"), "{:?}", account.left_out);
}
