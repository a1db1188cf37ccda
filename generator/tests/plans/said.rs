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
fn a_post_to_a_subreddit_without_a_name_is_posted_there() {
    for goal in [
        "new youtube video on a channel -> post the title and link to our subreddit",
        "When a new video appears on a YouTube channel, post its title and link to our subreddit",
    ] {
        check(&[(
            goal,
            &[
                "CreateRedditPost.subreddit <- AgentShortTextInput.result",
                "CreateRedditPost.title <- FindInDictionary.output",
                "no AITextGenerator",
            ],
        )]);
    }
    check(&[("Post new releases of acme/web to our subreddit", &["one CreateRedditPost", "no GithubMakeIssue"])]);
}

#[test]
fn whoever_gets_a_digest_by_a_channel_is_sent_it() {
    for (goal, sent) in [
        (
            "Get a daily reminder email of my calendar events for the next day with subject \"Tomorrow\"",
            "one SendEmail",
        ),
        ("Receive a weekly email summary of my Todoist tasks", "one SendEmail"),
        ("Get a daily Telegram digest of the news about electric cars", "one SendTelegramMessage"),
        ("Get a weekly Slack summary of my Todoist tasks", "one SendSlackMessage"),
        ("Receive a weekly Slack message with the open issues of acme/web", "one SendSlackMessage"),
    ] {
        check(&[(goal, &[sent])]);
    }
}

#[test]
fn what_is_made_before_it_is_sent_is_sent() {
    check(&[
        (
            "The blog posts of https://blog.acme.example/rss should be summarised before they are posted to Slack #news",
            &["SendSlackMessage.text <- AITextSummarizer.summary", "SendSlackMessage.channel = #news"],
        ),
        (
            "Issues of acme/web should be translated into German before they are mailed to team@acme.example",
            &["SendEmail.body <- AITextGenerator.response", "SendEmail.to_email = team@acme.example"],
        ),
        (
            "Summarise new posts of r/rust before posting them to Slack #news",
            &["one SendSlackMessage", "SendSlackMessage.channel = #news"],
        ),
    ]);
}

#[test]
fn what_only_points_back_to_a_check_is_no_condition_of_its_own() {
    for goal in [
        "When a form is submitted on our website, check if the email is valid, if it is add the contact to HubSpot, \
            otherwise do nothing",
        "When an issue is opened in acme/web, check if it is a bug report. If it is, create a Linear issue, otherwise do \
            nothing.",
        "Every morning check whether it will rain in Berlin; if so send me a Telegram message, otherwise nothing",
        "When a mail comes in, check if it is an invoice. If yes, add a row to my Google Sheet.",
        "Check if https://shop.acme.example/item shows \"sold out\"; if that is the case mail me at me@acme.example",
        "When a PR is opened in acme/web check if the description is empty, if so leave a comment",
        "Whenever a customer writes to support@example.com, work out whether they are angry, and if so alert me on Slack",
    ] {
        check(&[(goal, &["one AICondition"])]);
        let Decomposition::Instructions { account, .. } = planned(goal, None) else { panic!("no steps") };
        assert!(!account.left_out.iter().any(|left| left.text == "check"), "{goal}: {:?}", account.left_out);
    }
}

#[test]
fn everything_is_sorted_and_only_one_kind_goes_on() {
    check(&[
        (
            "When an issue is opened in acme/web, label it bug, feature or question, and create a Linear issue if it is a \
                bug",
            &[
                "GithubAddLabel.label <- FindInDictionary.output",
                "GithubAddLabel.issue_url <- FindInDictionary.output",
                "LinearCreateIssue.title <- FindInDictionary.output",
                "one AICondition",
            ],
        ),
        (
            "When a mail arrives, label it urgent, normal or spam, and send me a Telegram message if it is urgent",
            &["GmailAddLabel.label_name <- FindInDictionary.output", "one AICondition"],
        ),
        (
            "Classify new issues of acme/web as bug, feature or question, label them accordingly and post the bugs to Slack \
                #bugs",
            &["AICondition.condition = the new issue is bug", "SendSlackMessage.channel = #bugs"],
        ),
    ]);
}

#[test]
fn all_that_was_written_is_kept_and_each_part_in_its_place() {
    check(&[
        (
            "Transforms a blog post URL into a LinkedIn carousel text, an X thread and an Instagram caption, and stores all \
                three in Airtable",
            &["CreateDictionary.values <- AITextGenerator.response", "AddToList.entry <- CreateDictionary.dictionary"],
        ),
        (
            "Write a tweet, a LinkedIn post and a newsletter intro about a topic and save all three to a Google Sheet",
            &["FillTextTemplate.values <- CreateDictionary.dictionary", "GoogleSheetsAppendRow.row <- TextSplit.texts"],
        ),
        (
            "Creates Todoist tasks from starred Gmail messages using AI to write a short task title and set the priority",
            &[
                "TodoistCreateTask.content <- FindInDictionary.output",
                "TodoistCreateTask.priority <- FindInDictionary.output",
                "no AICondition",
            ],
        ),
        (
            "Create a Linear issue from each new mail with the label bug, with a short title and a summary written by AI",
            &["LinearCreateIssue.title <- FindInDictionary.output"],
        ),
    ]);
}

#[test]
fn what_a_person_hands_over_is_asked_for_and_what_is_in_it_taken_out() {
    for goal in [
        "When I forward you a receipt text, get the shop, the date and the total and add it to my expenses sheet.",
        "When I give you a receipt text, get the shop, the date and the total and add a row to my Google Sheet",
    ] {
        check(&[(goal, &["GoogleSheetsAppendRow.row <- TextSplit.texts", "no GoogleMapsSearch", "no AgentDateInput"])]);
    }
    check(&[
        (
            "If I paste a meeting transcript, write the action items and create a Linear issue for each",
            &["LinearCreateIssue.title <- FindInDictionary.output", "no AICondition"],
        ),
        (
            "I give you a company name and you tell me what they do",
            &[
                "SearchTheWeb.query <- AgentShortTextInput.result",
                "AITextGenerator.prompt_values <- SearchTheWeb.results",
            ],
        ),
    ]);
}

#[test]
fn a_bot_answers_where_it_was_asked_whatever_else_it_does() {
    check(&[
        (
            "A Telegram bot that answers questions from https://docs.acme.example, and if it can't answer, mails the \
                question to help@acme.example",
            &[
                "SendTelegramMessage.text <- AITextGenerator.response",
                "AICondition.input_value <- AITextGenerator.response",
                "one SendEmail",
            ],
        ),
        (
            "Create a chatbot on Telegram that answers questions about our products from a Google Sheet, and when it does \
                not know the answer it passes the question to support@acme.example",
            &["one SendTelegramMessage", "no AgentLongTextInput"],
        ),
    ]);
}

#[test]
fn what_the_goal_answers_is_not_asked() {
    check(&[
        ("Let me know when a new post is on https://blog.acme.example/rss and mail it to me", &["one SendEmail"]),
        (
            "An agent that finds people on LinkedIn with a given job title and writes each a short intro message",
            &["no PostToLinkedIn", "one AITextGenerator"],
        ),
        (
            "When an order comes in by webhook, mail the customer a thank you if the total is over 100, and log every order \
                in a Google Sheet",
            &["AddToList.entry <- GenericWebhookTrigger.payload"],
        ),
    ]);
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
