//! What is left out, refused, suggested and asked.

use shared::{account::Reason, port::Decomposition};

use crate::{planned, steps, texts};

#[test]
fn what_no_step_does_is_told_in_the_persons_words_with_what_to_do() {
    for (goal, text) in [
        ("Multiply two numbers", "two numbers"),
        ("Compose a 30 second calm piano track and put it under a video I upload", "under a video I upload"),
        ("Make a short video from a script about healthy eating", "about healthy eating"),
    ] {
        let Decomposition::Instructions { account, .. } = planned(goal, None) else { panic!("{goal}") };
        let left = account.left_out.iter().find(|left| left.text == text);
        let left = left.unwrap_or_else(|| panic!("{goal}: {:?}", account.left_out));
        assert_eq!(left.reason, Reason::NotUnderstood, "{goal}");
        assert!(left.message.contains("say "), "{goal}: {}", left.message);
    }
}

#[test]
fn a_schedule_has_its_time_zone_and_a_second_rhythm_is_told() {
    let goal = "Every weekday at 8 Berlin time, read my Todoist tasks and send them to me on Telegram";
    let Decomposition::Instructions { account, .. } = planned(goal, None) else { panic!("{goal}") };
    assert_eq!(account.requirements.timezone.as_deref(), Some("Europe/Berlin"));
    let goal = "Every day at 9:30am Narnia time post \"Time for standup!\" to #team on Slack";
    let Decomposition::Instructions { account, .. } = planned(goal, None) else { panic!("{goal}") };
    assert!(account.left_out.iter().any(|left| left.text == "Narnia time" && left.reason == Reason::NotSupported));
}

/// The reason, and the goal that is suggested.
fn refused(goal: &str) -> (String, Option<String>) {
    match planned(goal, None) {
        Decomposition::UnachievableGoal { reason, suggested_goal } => (reason.unwrap_or_default(), suggested_goal),
        Decomposition::VagueGoal { suggested_goal } => (String::new(), suggested_goal),
        other => panic!("{goal}: {other:?}"),
    }
}

#[test]
fn a_refusal_names_what_is_missing_and_suggests_what_can_be_done() {
    for (goal, missing, suggestion) in [
        (
            "Summarise a web page and send it to me on WhatsApp",
            "No block works with WhatsApp",
            "Summarise a web page and send it to me on Telegram.",
        ),
        ("Create a Jira ticket from an email", "No block works with Jira", "Create a Linear ticket from an email."),
        (
            "Read my Outlook calendar and mail me a plan",
            "Outlook Calendar",
            "Read my Google Calendar and mail me a plan.",
        ),
        ("Get a Zendesk ticket and sum it up", "Zendesk", "Take the ticket that I give you and sum it up."),
        (
            "Pay my electricity bill every month",
            "No software does this",
            "Remind me by e-mail to pay my electricity bill every month.",
        ),
        (
            "Help me with my emails",
            "",
            "Every morning, read my new e-mails, sum them up and send me the summary by e-mail.",
        ),
        (
            "Something with invoices",
            "",
            "Take the invoices that I paste, extract the most important data of each and add them to a Google Sheet.",
        ),
    ] {
        let (reason, suggested) = refused(goal);
        assert!(reason.contains(missing), "{goal}: {reason}");
        assert_eq!(suggested.as_deref(), Some(suggestion), "{goal}");
        assert!(matches!(planned(suggestion, None), Decomposition::Instructions { .. }), "{suggestion}");
    }
}

#[test]
fn an_answer_leads_to_the_agent_that_it_asks_for() {
    for (goal, keyword, answer, block, value) in [
        (
            "Send me a message when a new post appears in an RSS feed",
            "channel",
            "Slack, #news",
            "SendSlackMessageBlock",
            "#news",
        ),
        (
            "Send me a message when a new post appears in an RSS feed",
            "channel",
            "by mail to x@y.org",
            "SendEmailBlock",
            "x@y.org",
        ),
        (
            "Send me a message when a new post appears in an RSS feed",
            "channel",
            "Telegram",
            "SendTelegramMessageBlock",
            "",
        ),
        (
            "remind me to drink water every hour",
            "channel",
            "By e-mail to me@example.com",
            "SendEmailBlock",
            "Drink water",
        ),
        ("Create an issue from an uploaded file", "issue", "GitHub", "GithubMakeIssueBlock", ""),
        ("Create an issue from an uploaded file", "issue", "Linear", "LinearCreateIssueBlock", ""),
        ("Translate a text and save it in a document", "document", "Google Docs", "GoogleDocsCreateBlock", ""),
        (
            "A mail every Monday",
            "content",
            "the news about electric cars, from the web",
            "SearchTheWebBlock",
            "electric cars",
        ),
    ] {
        let Decomposition::ClarifyingQuestions(questions) = planned(goal, None) else { panic!("{goal}") };
        assert_eq!(questions[0].keyword, keyword, "{goal}");
        assert!(questions[0].question.ends_with('?') && questions[0].example.is_some(), "{goal}");
        let steps = steps(goal, Some(answer));
        let step = steps.iter().find(|step| step["block_name"] == block);
        let step = step.unwrap_or_else(|| panic!("{goal} + {answer}: {:?}", texts(&steps, "block_name")));
        assert!(step["inputs"].to_string().contains(value), "{goal} + {answer}: {}", step["inputs"]);
    }
}
