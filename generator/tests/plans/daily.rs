//! What people want to be told each day: several sources in one message, or an answer to a question about one.

use crate::links::check;

#[test]
fn a_briefing_reads_each_of_its_parts_and_is_one_text() {
    let parts: &[&str] = &[
        "GetWeatherInformation.location = Berlin",
        "GoogleCalendarReadEvents.time_range_days = 1",
        "one SendEmail",
        "SendEmail.body <- AITextGenerator.response",
        "one AITextGenerator",
    ];
    check(&[
        ("Every morning mail me a briefing with the weather in Berlin, my meetings today and the top news", parts),
        ("Every morning mail me a briefing: the weather in Berlin, the meetings I have today, and the top news", parts),
        (
            "Every morning mail me a briefing: what the weather in Berlin is, which meetings I have today, and the top news",
            parts,
        ),
        (
            "Write me a morning briefing at 7 with the weather for Vienna, my unread emails, today's calendar and a motivating quote, and send it by Telegram",
            &[
                "GetWeatherInformation.location = Vienna",
                "GmailRead.query = is:unread",
                "SendTelegramMessage.text <- AITextGenerator.response",
                "one SendTelegramMessage",
                "no SendEmail",
            ],
        ),
        (
            "Send me a daily email with the weather in Paris, my Todoist tasks and my calendar events",
            &[
                "GetWeatherInformation.location = Paris",
                "one TodoistGetTasks",
                "one GoogleCalendarReadEvents",
                "one SendEmail",
            ],
        ),
        (
            "Every morning send me a digest with the latest posts of r/rust and the entries of https://example.com/feed.xml on Slack",
            &[
                "GetRedditPosts.subreddit = rust",
                "ReadRSSFeed.rss_url = https://example.com/feed.xml",
                "one SendSlackMessage",
            ],
        ),
        (
            "Mail a summary of my calendar and my tasks in Todoist to bob@example.com",
            &["SendEmail.to_email = bob@example.com", "one GoogleCalendarReadEvents", "one TodoistGetTasks"],
        ),
        (
            "Mail me each morning how many unread mails I have and which meetings I have today",
            &[
                "CountItems.collection <- GmailRead.emails",
                "GoogleCalendarReadEvents.time_range_days = 1",
                "one SendEmail",
            ],
        ),
    ]);
}

#[test]
fn what_is_asked_of_a_calendar_or_of_what_was_read_is_answered_on_the_channel() {
    check(&[
        (
            "Every evening tell me on Telegram what I have on my calendar tomorrow",
            &["GoogleCalendarReadEvents.time_range_days = 2", "SendTelegramMessage.text <- AITextGenerator.response"],
        ),
        (
            "Every morning tell me what the weather is like in Oslo by Telegram",
            &["GetWeatherInformation.location = Oslo", "SendTelegramMessage.text <- FillTextTemplate.output"],
        ),
        (
            "Read my unread mails and tell me on Slack which ones are urgent",
            &["SendSlackMessage.text <- AITextGenerator.response", "AITextGenerator.prompt ~ which ones are urgent"],
        ),
        // Nothing is asked that the comparison does not say.
        (
            "Compare two web pages and tell me on Slack what differs",
            &["one AITextGenerator", "SendSlackMessage.text <- AITextGenerator.response"],
        ),
    ]);
}

#[test]
fn what_is_handed_over_and_what_it_is_compared_with_are_two_inputs() {
    check(&[(
        "Compare the job ad I paste with my CV, and tell me how to improve it",
        &[
            "AgentShortTextInput.name = Job ad",
            "AgentLongTextInput.name = CV",
            "AITextGenerator.prompt ~ improve",
            "AITextGenerator.prompt_values <- AgentShortTextInput.result",
            "AITextGenerator.prompt_values <- AgentLongTextInput.result",
        ],
    )]);
}
