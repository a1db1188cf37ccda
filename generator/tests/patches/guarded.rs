//! What an agent has stays unless it is given up: approvals, sending steps, pictures and days.

use shared::port::Draft;

use crate::{
    afresh::{BOTH, GMAIL, INBOX, PAGE, POEM, REPORT, REQUEST, STANDUP, TWEET},
    fixture::{agent, changed, names, node, patched},
    kinds::{count, left, source},
    meant::{refused, valued},
};

#[test]
fn what_only_waits_is_passed_by() {
    let alert = agent("When a webhook is called, wait ten minutes and post the payload to the Slack channel #alerts");
    let after = changed(&alert, "skip the wait if the message contains \"urgent\"");
    assert_eq!(count(&after, "SendSlackMessageBlock"), 2);
    assert_eq!(source(&after, "CountdownTimerBlock", "input_message"), "AIConditionBlock");
    let links = after["links"].as_array().unwrap();
    assert!(links.iter().any(|link| link["source_name"] == "yes_output"));
}

#[test]
fn what_a_model_gives_is_told_to_the_model() {
    let triage = agent(
        "When a new issue is opened in acme/app on GitHub, classify it as bug, feature or question and add the label to the issue",
    );
    for wish in
        ["the labels should be bug, feature, question or docs", "the label should be one of bug, feature and docs"]
    {
        let after = changed(&triage, wish);
        assert_eq!(
            source(&after, "GithubAddLabelBlock", "label"),
            source(&triage, "GithubAddLabelBlock", "label"),
            "{wish}"
        );
        assert!(node(&after, "GithubAddLabelBlock")["input_default"]["label"].is_null(), "{wish}");
    }
}

#[test]
fn a_sheet_takes_the_place_of_a_mail() {
    for wish in [
        "nobody reads the mail, put the summary in a Google Sheet instead",
        "save it in a Google Sheet instead of mailing it",
    ] {
        let after = changed(&agent(PAGE), wish);
        assert_eq!(count(&after, "SendEmailBlock"), 0, "{wish}");
        assert_eq!(
            source(&after, "GoogleSheetsAppendRowBlock", "spreadsheet"),
            "AgentGoogleDriveFileInputBlock",
            "{wish}"
        );
        assert_eq!(source(&after, "GoogleSheetsAppendRowBlock", "row"), "AddToListBlock", "{wish}");
        assert_eq!(count(&after, "AddToListBlock"), 1, "{wish}");
    }
    let video = agent("Transcribe a YouTube video, summarise the transcript and save it as a Google Doc");
    for wish in
        ["instead of a Google Doc I'd like to have it in Notion", "rather than a Google Doc save it as a Notion page"]
    {
        let after = changed(&video, wish);
        assert!(!names(&after).iter().any(|name| name.starts_with("GoogleDocs")), "{wish}");
        assert_eq!(count(&after, "NotionCreatePageBlock"), 1, "{wish}");
    }
}

#[test]
fn why_is_no_part_of_what() {
    let greeting = agent("Every weekday at 9am post \"Good morning\" to the Slack channel #team");
    for wish in [
        "kindly change the greeting to \"Hello all\", our team likes that better",
        "change the text to \"Hello all\", that is nicer",
    ] {
        assert_eq!(valued(&greeting, wish, "SendSlackMessageBlock", "text"), "Hello all", "{wish}");
    }
    for (wish, cron) in [
        ("it comes way too early, 10 would be fine", "0 10 * * 1-5"),
        ("the message comes far too late, 8:15 is better", "15 8 * * 1-5"),
        ("move the reminder ten minutes earlier", "50 8 * * 1-5"),
    ] {
        assert_eq!(changed(&greeting, wish)["recommended_schedule_cron"], cron, "{wish}");
    }
    // What is not to be asked for is no step.
    let before = agent(REPORT);
    for wish in [
        "the topic is always \"battery recycling\", don't ask me",
        "use \"battery recycling\" as the topic and don't ask me again",
    ] {
        let after = changed(&before, wish);
        assert_eq!(count(&after, "AITextGeneratorBlock"), 1, "{wish}");
        assert!(after.to_string().contains("battery recycling"), "{wish}");
    }
    assert!(format!("{:?}", patched(&before, "don't ask me")).contains("What should be used"));
    // All of it goes out by one way, or together.
    let both = changed(&agent(BOTH), "only Slack please");
    assert_eq!((count(&both, "SendEmailBlock"), count(&both, "SendSlackMessageBlock")), (0, 1));
    let after = changed(&agent(BOTH), "have me confirm before anything goes public");
    assert_eq!(source(&after, "SendEmailBlock", "body"), "HumanInTheLoopBlock");
    let posts = agent("Watch the subreddit r/rust and post each new post to the Discord channel #rust");
    let after = changed(&posts, "do not post anything with \"hiring\" in the title");
    assert!(node(&after, "AIConditionBlock")["input_default"]["condition"].to_string().contains("hiring"));
    let after = changed(&agent(REQUEST), "it would be great if the mail had today's date in the subject");
    assert_eq!(count(&after, "GetCurrentDateBlock"), 1);
}

const ANSWERS: &str =
    "Search Reddit for acme, write an answer to each post, wait for my approval and send it to me on Discord";
const ALERT: &str = "When a webhook is called, wait ten minutes and post the payload to the Slack channel #alerts";
const NEWS: &str = "Search the web for AI news, write a LinkedIn post about it and post it to LinkedIn";

#[test]
fn an_approval_stays_where_another_is_to_be_asked() {
    for wish in [
        "don't ask me again for it, ask Anna",
        "ask Anna, don't ask me again",
        "Don't ask me any more. Anna should approve it.",
        "don't ask me again, let Anna approve it",
    ] {
        assert!(refused(&agent(ANSWERS), wish).contains("another person"), "{wish}");
    }
    assert_eq!(count(&changed(&agent(ANSWERS), "don't ask me again"), "HumanInTheLoopBlock"), 0);
}

#[test]
fn a_draft_takes_out_nothing_that_is_not_forbidden() {
    let mails = agent(GMAIL);
    for wish in ["add a draft", "prepare a draft", "keep a draft of each mail", "save it as a draft and send it"] {
        if let Ok(Draft::Agent(after, _)) = patched(&mails, wish) {
            let after = serde_json::from_str(after.get()).unwrap();
            assert_eq!(count(&after, "GmailSendBlock"), 1, "{wish}");
        }
    }
    let after = changed(&mails, "create drafts, don't send them");
    assert_eq!((count(&after, "GmailSendBlock"), count(&after, "GmailCreateDraftBlock")), (0, 1));
}

#[test]
fn a_picture_that_exists_is_not_made() {
    for wish in [
        "add a photo that I upload",
        "add a photo of our CEO",
        "add a picture of my office",
        "attach an image that we have on file",
        "add a photo of Angela Merkel",
    ] {
        assert!(refused(&agent(NEWS), wish).contains("A picture that exists"), "{wish}");
    }
    let after = changed(&agent(NEWS), "add a picture for our post");
    assert!(!source(&after, "PostToLinkedInBlock", "media_urls").is_empty());
}

#[test]
fn a_model_is_taken_by_what_thinks() {
    let after = changed(&agent(BOTH), "have the summary written by Claude");
    let model = node(&after, "AITextSummarizerBlock")["input_default"]["model"].clone();
    assert!(model.as_str().unwrap().starts_with("claude"), "{model}");
    for wish in ["have the mail sent by Claude", "have the Slack message posted by Gemini"] {
        assert!(!format!("{:?}", patched(&agent(BOTH), wish)).contains("Agent("), "{wish}");
    }
}

#[test]
fn what_comes_anew_is_done_both_ways_or_told() {
    for (goal, wish, block) in [
        (ALERT, "skip the wait if it is urgent, and mail it to a@b.de", "SendEmailBlock"),
        (ANSWERS, "skip the approval if it is urgent and also post it to Slack", "SendSlackMessageBlock"),
    ] {
        let before = agent(goal);
        assert_eq!(count(&changed(&before, wish), block), 0, "{wish}");
        assert_eq!(left(&before, wish).len(), 1, "{wish}");
    }
}

#[test]
fn what_names_no_days_gives_none_back() {
    let wish = "not on Fridays, just at 8";
    assert!(!format!("{:?}", patched(&agent(STANDUP), wish)).contains("Agent("));
    let after = changed(&agent(STANDUP), "not on Fridays, just Mon-Thu");
    assert_eq!(after["recommended_schedule_cron"], "0 9 * * 1-4");
    // A text on some days is not the text with the days in it.
    for wish in ["say \"Hi\" on Mondays", "the bot should say \"Hi\" on Mondays"] {
        assert!(!format!("{:?}", patched(&agent(STANDUP), wish)).contains("Agent("), "{wish}");
    }
}

#[test]
fn only_what_a_person_decides_about_is_rejected() {
    for wish in ["post the answers about rejected applications to Slack", "summarise the declined loan posts"] {
        let after = changed(&agent(ANSWERS), wish);
        assert!(!after.to_string().contains("rejected_data"), "{wish}");
        assert!(!after.to_string().contains("ummarise it posts"), "{wish}");
    }
    let after = changed(&agent(ANSWERS), "post the rejected answers to Slack");
    assert!(after.to_string().contains("rejected_data"));
}

#[test]
fn only_a_form_is_told_to_what_writes() {
    for wish in ["make it private", "make it optional", "make it silent", "make it pop", "make it public"] {
        for goal in [BOTH, POEM] {
            assert!(!format!("{:?}", patched(&agent(goal), wish)).contains("Agent("), "{wish}");
        }
    }
    for wish in ["make it rhyme", "make it poetic", "make it bilingual"] {
        assert!(changed(&agent(POEM), wish).to_string().contains("Make it"), "{wish}");
    }
    let image = agent("Draw an image of a topic and post it to the Discord channel #art");
    for wish in ["run a fact check", "do a fact check"] {
        assert!(refused(&image, wish).contains("no text"), "{wish}");
    }
    let wish = "the topic is always \"Sales\", don't ask me";
    assert!(refused(&agent(BOTH), wish).contains("no input"));
}

#[test]
fn what_is_not_hurried_waits_for_something() {
    for wish in ["never tweet it immediately", "don't tweet it right away", "do not post it at once"] {
        assert!(format!("{:?}", patched(&agent(TWEET), wish)).contains("What should it wait for"), "{wish}");
    }
    for wish in ["never send it right away, create drafts", "do not mail it immediately, create a draft"] {
        assert_eq!(count(&changed(&agent(GMAIL), wish), "GmailSendBlock"), 0, "{wish}");
    }
    for (wish, query) in
        [("only mails from the last 48 hours", "newer_than:2d"), ("only mails of the last month", "newer_than:30d")]
    {
        let asked = valued(&agent(INBOX), wish, "GmailReadBlock", "query").to_string();
        assert!(asked.contains(query), "{wish}: {asked}");
    }
}
