//! How people word what they want: one sentence about each entry, an event with a condition, a service as a label, an act
//! that no table has.

use crate::{links::check, planned, steps, texts};
use shared::port::Decomposition;

#[test]
fn what_is_said_of_each_that_fits_is_done_with_those_alone() {
    check(&[
        (
            "Check the API https://api.example.com/orders every hour, and for each order whose total is above 200 send a \
                Telegram message to chat 987654",
            &[
                "AICondition.input_value <- StepThroughItems.item",
                "SendTelegramMessage.text <- AICondition.yes_output",
                "SendTelegramMessage.chat_id = 987654",
            ],
        ),
        (
            "For every row in my Google Sheet that has the status \"late\" send me a Slack message",
            &["AICondition.input_value <- StepThroughItems.item", "SendSlackMessage.text <- AICondition.yes_output"],
        ),
        (
            "Take the tasks from my Todoist and for each task that is overdue write a reminder and post it to Slack",
            &[
                "AITextGenerator.prompt_values <- AICondition.yes_output",
                "SendSlackMessage.text <- AITextGenerator.response",
            ],
        ),
        (
            "Read https://api.example.com/users.json and for each user who is older than 30 write a greeting and mail it \
                to his address",
            &["SendEmail.body <- AITextGenerator.response", "SendEmail.to_email <- AICondition.yes_output"],
        ),
    ]);
}

#[test]
fn an_event_with_a_condition_starts_the_agent_and_is_looked_at() {
    check(&[
        (
            "When a PR is opened in acme/web and the description is empty, leave a comment that asks the author for one",
            &[
                "AICondition.condition = the description is empty",
                "GithubComment.comment <- AITextGenerator.response",
                "GithubComment.issue_url <- AICondition.yes_output",
            ],
        ),
        (
            "When a lead comes in through our website form (name, email, budget), save it in HubSpot, send the lead a \
                welcome mail, and if the budget is over 5000 alert me on Slack in #hot",
            &[
                "HubSpotContact.contact_data <- GenericWebhookTrigger.payload",
                "AICondition.input_value <- GenericWebhookTrigger.payload",
                "SendSlackMessage.channel = #hot",
                "one AICondition",
            ],
        ),
        ("Tell me on Telegram, chat 4711, when somebody stars my repo", &["one GithubStarTrigger"]),
    ]);
}

#[test]
fn a_comment_that_is_described_is_written() {
    for wish in ["add a comment saying thanks for the report", "leave a comment that asks for a test"] {
        let goal = format!("When an issue is opened in acme/web, {wish}");
        check(&[(&goal, &["GithubComment.comment <- AITextGenerator.response"])]);
    }
}

#[test]
fn an_issue_is_assigned_to_whom_the_goal_names() {
    check(&[("When an issue is opened in acme/web, assign it to octocat", &["GithubAssignIssue.assignee = octocat"])]);
}

#[test]
fn a_service_before_a_colon_is_that_of_what_comes_next() {
    check(&[
        (
            "Gmail: forward mails from anna@example.com to bob@example.com",
            &["GmailForward.messageId <- GmailRead.email", "no RetrieveInformation", "no AITextGenerator"],
        ),
        (
            "Stripe: new subscription -> Slack message in #sales",
            &["SendSlackMessage.text <- StripeSubscriptionTrigger.payload", "no RetrieveInformation"],
        ),
        (
            "GitHub: new release of acme/web -> Discord message",
            &["SendDiscordMessage.message_content <- GithubReleaseTrigger.release", "no ReadDiscordMessages"],
        ),
    ]);
}

#[test]
fn nothing_but_the_mails_of_the_sender_who_is_named_goes_on() {
    check(&[(
        "Forward mails with attachments from my accountant (anna@example.com) to books@example.com",
        &["GmailRead.query = has:attachment from:anna@example.com", "one AgentShortTextInput"],
    )]);
}

#[test]
fn whatever_is_to_be_done_to_a_text_is_done_by_a_language_model() {
    for (goal, asked) in [
        ("Refactor my code", "Code"),
        ("Give me feedback on my resume", "Resume"),
        ("Explain a contract", "Contract"),
        ("Annotate my essay", "Essay"),
        ("When I paste a contract, tell me the risky clauses", "Contract"),
    ] {
        let steps = steps(goal, None);
        assert!(texts(&steps, "block_name").contains(&"AITextGeneratorBlock"), "{goal}");
        let names = steps.iter().map(|step| step["inputs"][0]["value"].as_str().unwrap_or_default());
        assert!(names.clone().any(|name| name == asked), "{goal}: {:?}", names.collect::<Vec<_>>());
        assert!(
            !steps.iter().any(|step| step["description"].as_str().unwrap().ends_with(" 2")),
            "{goal}: a name twice"
        );
    }
    assert!(matches!(
        planned("Bake my cake", None),
        Decomposition::VagueGoal { .. } | Decomposition::UnachievableGoal { .. }
    ));
}

#[test]
fn both_things_that_are_compared_are_asked_for() {
    let steps = steps("Compare my resume with a job description", None);
    assert_eq!(texts(&steps, "block_name").iter().filter(|name| name.starts_with("AgentLong")).count(), 2);
}

#[test]
fn what_a_sheet_holds_is_read_there_and_not_waited_for() {
    for goal in [
        "Summarise the answers of the survey in my Google Sheet",
        "Turn all the answers of a survey in a Google Sheet into a list of the five most frequent complaints",
    ] {
        check(&[(goal, &["no GenericWebhookTrigger", "no GoogleSheetsAppendRow", "one GoogleSheetsRead"])]);
    }
}

#[test]
fn no_text_is_uploaded_where_a_film_belongs() {
    check(&[
        (
            "Generate a short video from a news headline, add a voice over, and upload it to YouTube",
            &[
                "PostToYouTube.media_urls <- VideoNarration.video_out",
                "VideoNarration.video_in <- AIShortformVideoCreator.video_url",
            ],
        ),
        (
            "Write a short story about a dragon and illustrate it",
            &["AIImageGenerator.prompt <- AITextGenerator.response"],
        ),
    ]);
    let steps = steps("Turn my YouTube channel's newest video into a blog post on WordPress each week", None);
    let post = steps.iter().find(|step| step["block_name"] == "WordPressCreatePostBlock").unwrap();
    assert!(!post["inputs"].to_string().contains("media_urls"), "{post}");
}

#[test]
fn a_time_alone_is_every_day_and_a_reminder_has_its_words() {
    let Decomposition::Instructions { account, .. } = planned("At 22:30 send me tomorrow's events on Telegram", None)
    else {
        panic!("no steps")
    };
    assert_eq!(account.requirements.schedule.as_deref(), Some("30 22 * * *"));
    check(&[(
        "Every first Monday of the month remind the team in Slack #general that the expense reports are due",
        &["SendSlackMessage.text = The expense reports are due"],
    )]);
}

#[test]
fn a_link_of_a_chain_needs_no_verb_and_what_is_listed_is_no_condition() {
    check(&[
        (
            "every 6h: https://example.com/news -> top 10 -> Telegram, chat 4711",
            &["SendTelegramMessage.text <- AITextGenerator.response"],
        ),
        ("Compare two leases (PDF) and list every clause that differs", &["no AICondition"]),
    ]);
}

#[test]
fn a_mail_goes_by_mail_whatever_else_is_spoken_of() {
    check(&[(
        "Send a weekly mail to my team with the summary of https://example.com/news that I post in our Discord #links channel",
        &["one SendEmail"],
    )]);
}

#[test]
fn a_post_that_no_step_sends_is_told() {
    let goal = "new youtube video on a channel -> post the title and link to our subreddit";
    let Decomposition::Instructions { account, .. } = planned(goal, None) else { panic!("no steps") };
    assert!(account.left_out.iter().any(|left| left.text.contains("subreddit")), "{:?}", account.left_out);
}

#[test]
fn what_is_said_of_the_time_and_of_a_file_is_understood() {
    let goal = "Add my Google Calendar events to a Notion database. Once an hour is enough.";
    let Decomposition::Instructions { account, .. } = planned(goal, None) else { panic!("no steps") };
    assert_eq!(account.requirements.schedule.as_deref(), Some("0 * * * *"));
    assert!(!account.left_out.iter().any(|left| left.text.contains("enough")), "{:?}", account.left_out);
    let goal = "When a pull request is opened in acme/web, leave a comment with a link to CONTRIBUTING.md";
    check(&[(goal, &["GithubComment.comment <- AITextGenerator.response"])]);
}
