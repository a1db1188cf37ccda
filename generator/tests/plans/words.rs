//! Names, titles and subjects that people read.

use serde_json::Value;

use crate::{steps, texts};

/// A goal, the name of its agent, titles of steps in order, and its outputs.
type Case = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const CASES: &[Case] = &[
    (
        "Every morning at 7, read my unread emails in Gmail and send me a digest on Slack",
        "Daily unread e-mail digest to Slack",
        &["Read Gmail", "Write a digest", "Send a Slack message"],
        &["Digest", "Slack message sent"],
    ),
    (
        "Read the RSS feed https://feeds.example.com/a.xml every day and post a summary to #news on Slack",
        "Daily feed summary to Slack",
        &["Read an RSS feed", "Write a summary", "Send a Slack message"],
        &["Summary", "Slack message sent"],
    ),
    (
        "Translate a text into Spanish",
        "Translate a text into Spanish",
        &["Translate a text into Spanish"],
        &["Translation"],
    ),
    (
        "Write a haiku about autumn and tweet it",
        "Haiku to Twitter",
        &["Write a haiku about autumn", "Post a tweet on Twitter"],
        &["Haiku", "Tweet published"],
    ),
    (
        "Take my meeting notes and create a Todoist task for each action item",
        "Meeting notes to Todoist tasks",
        &["Extract each action item", "Create a task in Todoist"],
        &["Extract", "Todoist task added"],
    ),
    (
        "When I receive a Telegram message, translate it to English and reply with the translation",
        "Message translation to Telegram",
        &["Wait for a message in Telegram", "Translate it to English", "Send a Telegram message"],
        &["Translation", "Telegram message sent"],
    ),
    (
        "Summarise a web page and post it to Discord",
        "Web page summary to Discord",
        &["Extract website content", "Summarise a web page", "Send a Discord message"],
        &["Summary", "Discord message sent"],
    ),
    (
        "Read a Google Doc and summarise it",
        "Document text summary",
        &["Read Google Docs", "Summarise it"],
        &["Summary"],
    ),
    (
        "Every Friday at 4pm, list the open issues of my GitHub repository and mail me a summary",
        "Weekly open issue summary by e-mail",
        &["List issues from GitHub", "Write a summary", "Send an e-mail"],
        &["Summary", "E-mail sent"],
    ),
    (
        "Mail me when the page https://shop.example.com/lamp changes",
        "Page change alert by e-mail",
        &[
            "Extract website content",
            "Recall what was there before",
            "Go on only if the page is not the same as before",
            "Remember it for the next run",
            "Send an e-mail",
        ],
        &["E-mail sent"],
    ),
    (
        "Generate 5 names for a coffee shop",
        "Generate 5 names for a coffee shop",
        &["Generate 5 names for a coffee shop"],
        &["Name"],
    ),
    ("Draw a picture of a lighthouse", "Draw a picture of a lighthouse", &["Draw an image"], &["Image"]),
    (
        "Read my calendar every weekday at 6:30 and send me a plan for the day on Telegram",
        "Daily calendar plan to Telegram",
        &["Read events from Google Calendar", "Write a plan for the day", "Send a Telegram message"],
        &["Plan", "Telegram message sent"],
    ),
    (
        "Search the web for news about electric cars every Monday and mail me a summary",
        "Weekly news summary by e-mail",
        &["Search the web", "Write a summary", "Send an e-mail"],
        &["Summary", "E-mail sent"],
    ),
    (
        "Comment \"Thanks!\" on a GitHub issue",
        "Comment \"Thanks!\" on a GitHub issue",
        &["Add an issue comment to GitHub"],
        &["GitHub issue comment added"],
    ),
    (
        "Read a PDF, sum it up in three bullet points and save the summary in Notion",
        "PDF summary to Notion",
        &["Read a text file", "Sum it up in three bullet points", "Create a page in Notion"],
        &["Summary", "Notion page created"],
    ),
    (
        "Send \"Stand up and stretch\" to Telegram every hour",
        "Send \"Stand up and stretch\" to Telegram every hour",
        &["Send a Telegram message"],
        &["Telegram message sent"],
    ),
    (
        "Open a GitHub issue with the text of a web page",
        "Web pages to GitHub issues",
        &["Extract website content", "Make an issue in GitHub"],
        &["Text", "GitHub issue created"],
    ),
    (
        "If the price on https://shop.example.com/lamp is below 50, send me an e-mail",
        "Page text alert by e-mail",
        &["Extract website content", "Check if the price on https://shop.example.com/lamp is below", "Send an e-mail"],
        &["E-mail sent"],
    ),
    (
        "Classify a support message as bug or question",
        "Classify a support message as bug or question",
        &["Classify a support message as bug or question"],
        &["Classification"],
    ),
    (
        "Read the rows of a Google Sheet and write a report about them",
        "Row report",
        &["Read Google Sheets", "Write a report about them"],
        &["Report"],
    ),
    (
        "Every day at 9:30am CST post \"Time for standup!\" to #team on Slack",
        "Post \"Time for standup!\" to #team on Slack",
        &["Send a Slack message"],
        &["Slack message sent"],
    ),
    (
        "Find the newest posts of r/rust and mail me a summary in German",
        "Post summary by e-mail",
        &["Get Reddit posts", "Write a summary in German", "Send an e-mail"],
        &["Summary", "E-mail sent"],
    ),
    (
        "Correct the spelling of a text",
        "Correct the spelling of a text",
        &["Correct the spelling of a text"],
        &["Correction"],
    ),
    (
        "Create a calendar event named \"Team lunch\"",
        "Create a calendar event named \"Team lunch\"",
        &["Create an event in Google Calendar"],
        &["Google Calendar event scheduled"],
    ),
    (
        "Ask Perplexity what happened in the stock market today and mail me the answer",
        "Answer by e-mail",
        &["Ask a question with Perplexity", "Send an e-mail"],
        &["Answer", "E-mail sent"],
    ),
    (
        "Read a pull request and post an explanation of it to Discord",
        "Pull request explanation to Discord",
        &["Read a pull request from GitHub", "Write an explanation of it", "Send a Discord message"],
        &["Explanation", "Discord message sent"],
    ),
    (
        "Explain a legal text in plain words",
        "Explain a legal text in plain words",
        &["Explain a legal text in plain words"],
        &["Explanation"],
    ),
    (
        "Write a LinkedIn post about our launch and publish it",
        "Post to LinkedIn",
        &["Write a LinkedIn post about our launch", "Post to LinkedIn"],
        &["Post", "LinkedIn post published"],
    ),
    (
        "Read my unread mails and draft a reply to each",
        "Unread e-mails to Gmail reply drafts",
        &["Read Gmail", "Draft a reply to each", "Draft a reply in Gmail"],
        &["Text", "Gmail reply draft created"],
    ),
    (
        "Compare two web pages and tell me on Slack what differs",
        "Web page comparison to Slack",
        &["Extract website content", "Compare two web pages", "Send a Slack message"],
        &["Comparison", "Slack message sent"],
    ),
    ("Make a song about rain", "Make a song about rain", &["Compose music"], &["Song"]),
    (
        "Send a weekly digest of r/cooking to cook@example.com",
        "Weekly post digest by e-mail",
        &["Get Reddit posts", "Write a weekly digest of r/cooking", "Send an e-mail"],
        &["Digest", "E-mail sent"],
    ),
    (
        "Every weekday at 8 Berlin time, read my Todoist tasks and send them to me on Telegram",
        "Daily tasks to Telegram",
        &["Get tasks from Todoist", "Send a Telegram message"],
        &["Telegram message sent"],
    ),
    (
        "Read my unread emails and post a summary to Discord",
        "Unread e-mail summary to Discord",
        &["Read Gmail", "Write a summary", "Send a Discord message"],
        &["Summary", "Discord message sent"],
    ),
    (
        "Whenever a form is submitted, post it to #leads on Slack",
        "Forms to Slack",
        &["Wait for a webhook", "Send a Slack message"],
        &["Slack message sent"],
    ),
    (
        "Read a CSV file and create a Todoist task for each row",
        "CSV files to Todoist tasks",
        &["Read a spreadsheet", "Write the text to create a Todoist task for each row", "Create a task in Todoist"],
        &["Text", "Todoist task added"],
    ),
    (
        "Search the web for a topic and write a report about it",
        "Topic report",
        &["Search the web", "Write a report about it"],
        &["Report"],
    ),
    (
        "Translate a text file into French and mail it to anna@example.org",
        "Text file translation by e-mail",
        &["Read a text file", "Translate a text file into French", "Send an e-mail"],
        &["Translation", "E-mail sent"],
    ),
    (
        "Write a poem about the sea and post it to #poems on Slack",
        "Poem to Slack",
        &["Write a poem about the sea", "Send a Slack message"],
        &["Poem", "Slack message sent"],
    ),
    (
        "Read an RSS feed every hour and tweet the new entries",
        "Hourly feeds to Twitter",
        &["Read an RSS feed", "Post a tweet on Twitter"],
        &["Tweet published"],
    ),
];

fn outputs(steps: &[Value]) -> Vec<&str> {
    steps
        .iter()
        .filter(|step| step["block_name"] == "AgentOutputBlock")
        .map(|step| step["action"].as_str().unwrap())
        .collect()
}

#[test]
fn an_agent_and_its_steps_are_called_what_a_person_would_call_them() {
    assert!(CASES.len() >= 40);
    for (goal, name, titles, results) in CASES {
        let steps = steps(goal, None);
        assert_eq!(steps[0]["agent"]["name"], *name, "{goal}");
        let mut every = texts(&steps, "action").into_iter();
        for title in *titles {
            assert!(every.any(|known| known == *title), "{goal}: {title} in {:?}", texts(&steps, "action"));
        }
        assert_eq!(outputs(&steps), *results, "{goal}");
    }
}

#[test]
fn no_name_is_a_shred_and_every_step_says_something() {
    let shreds = ["it", "result", "text 2", "status", "agent", "1st", "output"];
    for (goal, ..) in CASES {
        let steps = steps(goal, None);
        for said in texts(&steps, "action").into_iter().chain([steps[0]["agent"]["name"].as_str().unwrap()]) {
            assert!(!shreds.contains(&said.to_lowercase().as_str()), "{goal}: {said}");
            assert!(!said.contains('_') && !said.contains("{{") && said.chars().count() <= 60, "{goal}: {said}");
        }
        for says in texts(&steps, "description") {
            assert!(
                says.contains(' ') && says.chars().next().is_some_and(|first| !first.is_lowercase()),
                "{goal}: {says}"
            );
            assert!(!says.contains("Jinja") && !says.contains("Block"), "{goal}: {says}");
        }
    }
}

#[test]
fn a_message_has_a_subject_that_says_what_it_is_about() {
    for (goal, subject) in [
        (
            "Every Friday at 4pm, list the open issues of my GitHub repository and mail me a summary",
            "Open issue summary",
        ),
        ("Mail me when the page https://shop.example.com/lamp changes", "Page alert"),
        ("Send a weekly digest of r/cooking to cook@example.com", "Post digest"),
    ] {
        let steps = steps(goal, None);
        let mail = steps.iter().find(|step| step["block_name"] == "SendEmailBlock").unwrap();
        assert!(mail["inputs"].to_string().contains(&format!("\"{subject}\"")), "{goal}: {}", mail["inputs"]);
    }
}
