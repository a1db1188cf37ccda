//! Wishes as they are worded in chats and issues: consents, complaints, contrary cases, what is kept when something fails.

use serde_json::json;

use crate::{
    fixture::{MAIL, SLACK, agent, changed, leads, node},
    kinds::{count, left, source},
    meant::{refused, valued},
};

const TWEET: &str = "Read a blog post from a web page, write a tweet about it and post the tweet";
const NEWS: &str = "Search the web for AI news and mail the results";
const STANDUP: &str = "Every weekday at 9am post \"Daily standup starting soon\" to the Slack channel #standup";
const REPORT: &str = "Search the web for a topic, write a report about it and save it as a Notion page";
const MODELS: &str = "Write a poem about a topic with an AI model";
const FEEDBACK: &str = "Take customer feedback, if it is negative, create a Linear issue";
const SUMMED: &str = "Search the web for AI news, summarise the results and post the summary to Slack";
const INBOX: &str = "Every morning read my Gmail inbox, summarise the messages and mail me the summary";
const LEADS: &str = "Read leads from a Google Sheet, write a personal email for each and send it with Gmail";
const BOTH: &str = "Summarise meeting notes, post the summary to Slack and mail it";

#[test]
fn days_may_be_said_beside_a_time() {
    for (wish, cron) in [
        ("on the weekend only, at noon", "0 12 * * 0,6"),
        ("at noon, but only on Fridays", "0 12 * * 5"),
        ("weekends at 10:30 please", "30 10 * * 0,6"),
        ("every day at noon", "0 12 * * *"),
        ("every 3 hours during the day is fine", "0 8-18/3 * * 1-5"),
        ("9 is too early for me, 10 is better", "0 10 * * 1-5"),
        ("9 is too late, 7 would be better", "0 7 * * 1-5"),
    ] {
        let after = changed(&agent(STANDUP), wish);
        assert_eq!(after["recommended_schedule_cron"], cron, "{wish}");
    }
}

#[test]
fn nothing_goes_out_without_consent() {
    for wish in [
        "don't post without my ok",
        "never post anything without my approval",
        "nothing goes out without asking me",
        "don't tweet without my permission",
    ] {
        let after = changed(&agent(TWEET), wish);
        assert_eq!(source(&after, "HumanInTheLoopBlock", "data"), "AITextGeneratorBlock", "{wish}");
        assert_eq!(source(&after, "TwitterPostTweetBlock", "tweet_text"), "HumanInTheLoopBlock", "{wish}");
    }
    // A consent is the person's own.
    let after = crate::fixture::patched(&agent(TWEET), "don't post without a title");
    assert!(!format!("{after:?}").contains("approval"));
}

#[test]
fn what_is_approved_goes_in_by_its_name() {
    let triage = agent(
        "When a new issue is opened in acme/app on GitHub, classify it as bug, feature or question and add the label to the issue",
    );
    for wish in ["let me approve the label first", "don't add a label without asking me"] {
        let after = changed(&triage, wish);
        assert_eq!(source(&after, "GithubAddLabelBlock", "label"), "HumanInTheLoopBlock", "{wish}");
        assert_ne!(source(&after, "GithubAddLabelBlock", "issue_url"), "HumanInTheLoopBlock", "{wish}");
    }
}

#[test]
fn a_family_of_models_takes_the_place_of_another() {
    for goal in [TWEET, MODELS] {
        for wish in ["use Claude instead of GPT", "swap the model for Claude", "replace GPT with Claude"] {
            let model = valued(&agent(goal), wish, "AITextGeneratorBlock", "model");
            assert!(model.as_str().is_some_and(|model| model.starts_with("claude")), "{wish}: {model}");
            assert!(left(&agent(goal), wish).len() == 1, "{wish}: which one it is, is told");
        }
    }
}

#[test]
fn facts_are_checked_of_what_goes_out() {
    for wish in ["insert a fact check before it goes out", "check the facts before you post the tweet"] {
        let after = changed(&agent(TWEET), wish);
        assert_eq!(source(&after, "FactCheckerBlock", "statement"), "AITextGeneratorBlock", "{wish}");
        assert_eq!(source(&after, "TwitterPostTweetBlock", "tweet_text"), "ConditionBlock", "{wish}");
        assert_eq!(node(&after, "ConditionBlock")["input_default"]["value2"], true, "{wish}");
    }
    // Of any other check only the finding would go out.
    for check in ["spelling", "tone", "grammar", "security"] {
        refused(&agent(TWEET), &format!("add a {check} check before posting"));
    }
}

#[test]
fn a_text_that_is_too_long_is_measured_by_what_writes_it() {
    for wish in ["the poem is too long, 50 words is enough", "the poem is too long, 4 lines is enough"] {
        let prompt = valued(&agent(MODELS), wish, "AITextGeneratorBlock", "prompt").to_string();
        assert!(prompt.starts_with("\"Write a poem about a topic"), "{wish}: {prompt}");
        assert!(prompt.contains(wish.split(", ").nth(1).unwrap()), "{wish}: {prompt}");
    }
}

#[test]
fn some_of_many_are_picked_by_a_judgement() {
    for wish in [
        "mail me only the 3 most important ones",
        "just the top 3 most relevant results",
        "only send me the 3 best results",
    ] {
        let after = changed(&agent(NEWS), wish);
        assert_eq!(source(&after, "SendEmailBlock", "body"), "AITextGeneratorBlock", "{wish}");
        let prompt = node(&after, "AITextGeneratorBlock")["input_default"]["prompt"].to_string();
        assert!(prompt.contains("ick the 3 "), "{wish}: {prompt}");
        assert!(left(&agent(NEWS), wish).is_empty(), "{wish}");
    }
    // What goes another way than any step has is sent there as well.
    for (goal, wish, block) in [
        (SUMMED, "mail me only the 2 best results", "SendEmailBlock"),
        (SUMMED, "send me only the 5 most relevant results by email", "SendEmailBlock"),
        (INBOX, "post only the 3 best mails to Slack", "SendSlackMessageBlock"),
    ] {
        assert_eq!(count(&agent(goal), block), 0, "{wish}");
        assert_eq!(count(&changed(&agent(goal), wish), block), 1, "{wish}");
    }
    // What sees one thing at a time cannot pick.
    let posts = agent("Watch the subreddit r/rust and post each new post to the Discord channel #rust");
    assert_eq!(valued(&posts, "only the 3 best posts", "GetRedditPostsBlock", "post_limit"), 3);
    refused(&agent(LEADS), "only the 10 best leads");
    // What writes the text is told, where there is such a step.
    let after = changed(&agent(REPORT), "only the 5 most important results");
    assert_eq!(count(&after, "AITextGeneratorBlock"), 1);
    assert!(node(&after, "AITextGeneratorBlock")["input_default"]["prompt"].to_string().contains("5 most important"));
}

#[test]
fn a_bare_number_of_things_is_a_limit() {
    let posts = agent("Watch the subreddit r/rust and post each new post to the Discord channel #rust");
    for wish in ["just the 5 newest posts", "the 5 latest posts please"] {
        assert_eq!(valued(&posts, wish, "GetRedditPostsBlock", "post_limit"), 5, "{wish}");
    }
}

#[test]
fn what_cannot_go_out_is_kept() {
    for (wish, block) in [
        ("if the tweet can't be posted, save it in a Google Sheet", "GoogleSheetsAppendRowBlock"),
        ("when posting the tweet fails, store it in a Google Sheet", "GoogleSheetsAppendRowBlock"),
    ] {
        let after = changed(&agent(TWEET), wish);
        assert!(leads(&after, "TwitterPostTweetBlock", block), "{wish}");
        assert!(leads(&after, "AITextGeneratorBlock", block), "{wish}");
        assert_eq!(source(&after, "StoreValueBlock", "input"), "TwitterPostTweetBlock", "{wish}");
        assert_eq!(source(&after, "StoreValueBlock", "data"), "AITextGeneratorBlock", "{wish}");
    }
}

#[test]
fn what_was_to_go_out_is_sent_elsewhere_once_it_has_failed() {
    for (wish, held) in [
        ("if the tweet can't be posted, mail the tweet to me@example.com", true),
        ("if posting the tweet fails, send it to me@example.com", true),
        ("if posting the tweet fails, mail me@example.com", false),
    ] {
        let after = changed(&agent(TWEET), wish);
        assert_eq!(count(&after, "StoreValueBlock"), usize::from(held), "{wish}");
        assert!(leads(&after, "TwitterPostTweetBlock", "SendEmailBlock"), "{wish}");
        assert_eq!(source(&after, "SendEmailBlock", "body") == "StoreValueBlock", held, "{wish}");
    }
}

#[test]
fn what_a_condition_lets_through_goes_to_another_place_too() {
    let router = agent(
        "When a new GitHub issue is opened in acme/app, if it asks for a refund, post it to the Slack channel #billing",
    );
    for wish in
        ["refund issues should also land in #refunds on Discord", "also post refund issues to #refunds on Discord"]
    {
        let after = changed(&router, wish);
        assert!(leads(&after, "AIConditionBlock", "SendDiscordMessageBlock"), "{wish}");
        assert_eq!(count(&after, "AIConditionBlock"), 1, "{wish}");
        assert!(!after.to_string().contains("Get refund"), "{wish}");
    }
}

#[test]
fn only_bothering_somebody_is_sending() {
    for wish in ["only bother me if a price is mentioned", "only disturb me when it mentions a price"] {
        let after = changed(&agent(NEWS), wish);
        assert!(leads(&after, "AIConditionBlock", "SendEmailBlock"), "{wish}");
    }
}

#[test]
fn hashtags_and_headlines_come_from_what_writes_the_text() {
    for (wish, says) in [
        ("put 3 hashtags at the end of the tweet", "should end with 3 hashtags"),
        ("put a catchy headline at the top of the tweet", "should begin with a catchy headline"),
    ] {
        let prompt = valued(&agent(TWEET), wish, "AITextGeneratorBlock", "prompt").to_string();
        assert!(prompt.contains(says), "{wish}: {prompt}");
    }
}

#[test]
fn the_model_that_is_praised_is_used() {
    for wish in ["Gemini writes better poems, use that one", "Claude is better at this, use that instead"] {
        let model = valued(&agent(MODELS), wish, "AITextGeneratorBlock", "model").to_string();
        assert!(model.contains("gemini") || model.contains("claude"), "{wish}: {model}");
    }
}

#[test]
fn the_subject_of_a_failure_says_so() {
    let video = agent("Transcribe a YouTube video, summarise the transcript and save it as a Google Doc");
    for wish in [
        "when the video can't be transcribed, mail ops@example.com",
        "if the transcription fails, send an email to ops@example.com",
    ] {
        let subject = node(&changed(&video, wish), "SendEmailBlock")["input_default"]["subject"].to_string();
        assert!(subject.starts_with("\"Failed: "), "{wish}: {subject}");
    }
}

#[test]
fn a_title_is_typed_in() {
    for wish in ["let me type in the title of the doc", "let me put in the title of the document"] {
        let after = changed(&agent(REPORT), wish);
        assert_eq!(source(&after, "NotionCreatePageBlock", "title"), "AgentInputBlock", "{wish}");
    }
}

#[test]
fn a_condition_goes_whatever_is_told_beside_it() {
    let feedback = agent(FEEDBACK);
    for wish in [
        "drop the condition, every feedback should become a ticket",
        "remove the condition, all feedback should be filed",
    ] {
        let after = changed(&feedback, wish);
        assert_eq!(count(&after, "AIConditionBlock"), 0, "{wish}");
        assert_eq!(count(&after, "LinearCreateIssueBlock"), 1, "{wish}");
        assert!(left(&feedback, wish).is_empty(), "{wish}");
    }
}

#[test]
fn the_contrary_of_a_case_is_looked_at_beside_it() {
    for wish in [
        "if it's positive post it to #kudos on Slack instead",
        "if the feedback is positive, send it to #kudos on Slack instead",
    ] {
        let after = changed(&agent(FEEDBACK), wish);
        let nodes = after["nodes"].as_array().unwrap();
        let says = |word: &str| {
            let judge = |node: &&serde_json::Value| {
                node["input_default"]["condition"].as_str().is_some_and(|text| text.contains(word))
            };
            nodes.iter().find(judge).map(|node| node["id"].clone()).unwrap()
        };
        let (negative, positive) = (says("negative"), says("positive"));
        let links = after["links"].as_array().unwrap();
        let between = |from: &serde_json::Value, to: &serde_json::Value| {
            links.iter().any(|link| link["source_id"] == *from && link["sink_id"] == *to)
        };
        assert!(!between(&negative, &positive) && !between(&positive, &negative), "{wish}");
        assert!(between(&positive, &node(&after, "SendSlackMessageBlock")["id"]), "{wish}");
        assert!(!leads(&after, "LinearCreateIssueBlock", "SendSlackMessageBlock"), "{wish}");
    }
}

#[test]
fn a_complaint_says_what_the_text_should_be() {
    for (wish, says) in [
        ("the tweet is too long", "The tweet should be shorter"),
        ("the tweet is too dry", "The tweet should be livelier"),
        ("the tweet sounds too formal", "should be less formal"),
        ("the tweet is too long and too formal", "shorter and less formal"),
        ("the tweet is too long. Bullet points only, max 3", "Only bullet points, at most 3"),
    ] {
        let prompt = valued(&agent(TWEET), wish, "AITextGeneratorBlock", "prompt").to_string();
        assert!(prompt.to_lowercase().contains(&says.to_lowercase()) && !prompt.contains("too"), "{wish}: {prompt}");
    }
}

#[test]
fn people_who_say_something_are_what_they_wrote() {
    let bot = agent("When a Telegram message arrives, answer it with AI and send the answer");
    for (wish, says) in [
        ("ignore anyone who just says thanks", "message just says thanks"),
        ("skip everybody who writes in French", "message writes in French"),
        ("ignore people who only say hello", "message only says hello"),
    ] {
        let condition = node(&changed(&bot, wish), "AIConditionBlock")["input_default"]["condition"].to_string();
        assert!(condition.contains(says), "{wish}: {condition}");
    }
}

#[test]
fn the_same_goes_to_another_place() {
    let after = changed(&agent(STANDUP), "do the same for #dev");
    assert_eq!(count(&after, "SendSlackMessageBlock"), 2);
    assert!(after.to_string().contains("#dev") && after.to_string().contains("#standup"));
    let after = changed(&agent(MAIL), "do the same for bob@example.com");
    assert_eq!(count(&after, "SendEmailBlock"), 2);
    assert!(after.to_string().contains("bob@example.com"));
}

#[test]
fn two_names_stand_in_one_sentence() {
    for wish in [
        "name the report step \"Draft\" and the Notion one \"Archive\"",
        "call the report step 'Draft' and the Notion step 'Archive'",
    ] {
        let after = changed(&agent(REPORT), wish);
        assert_eq!(node(&after, "AITextGeneratorBlock")["metadata"]["customized_name"], "Draft", "{wish}");
        assert_eq!(node(&after, "NotionCreatePageBlock")["metadata"]["customized_name"], "Archive", "{wish}");
        assert_eq!(after["name"], agent(REPORT)["name"], "{wish}");
    }
}

#[test]
fn a_text_is_proposed() {
    for wish in [
        "give the mail a better subject, like \"Your page of the day\"",
        "change the subject to something nicer, like \"Your page of the day\"",
    ] {
        assert_eq!(valued(&agent(MAIL), wish, "SendEmailBlock", "subject"), "Your page of the day", "{wish}");
    }
}

#[test]
fn what_is_left_and_what_comes_are_told_in_one_sentence() {
    let after = changed(&agent(SLACK), "we left Slack, it's Discord now");
    assert_eq!((count(&after, "SendSlackMessageBlock"), count(&after, "SendDiscordMessageBlock")), (0, 1));
    let after = changed(&agent(SLACK), "we left Slack for Discord");
    assert_eq!((count(&after, "SendSlackMessageBlock"), count(&after, "SendDiscordMessageBlock")), (0, 1));
    // What it was used for is no other service.
    for wish in ["we stopped using Slack for notifications", "we quit using Slack for this"] {
        assert_eq!(count(&changed(&agent(BOTH), wish), "SendSlackMessageBlock"), 0, "{wish}");
    }
    let why = refused(&agent(SLACK), "we left Slack, it's Microsoft Teams now");
    assert!(why.contains("Microsoft Teams"), "{why}");
    let tasks = agent("Extract the action items from meeting notes and create a Todoist task for them");
    let after = changed(&tasks, "our team works with Linear, so make those Linear issues");
    assert_eq!((count(&after, "TodoistCreateTaskBlock"), count(&after, "LinearCreateIssueBlock")), (0, 1));
    let after = changed(&agent(BOTH), "the email part can go, Slack is enough");
    assert_eq!((count(&after, "SendEmailBlock"), count(&after, "SendSlackMessageBlock")), (0, 1));
}

#[test]
fn the_later_step_may_be_said_with_afterwards() {
    let wiki = agent("Get the Wikipedia article about a topic, summarise it and translate it to German");
    for wish in ["translate first and sum up afterwards", "translate it first and summarise it afterwards"] {
        let after = changed(&wiki, wish);
        assert_eq!(after["nodes"].as_array().unwrap().len(), wiki["nodes"].as_array().unwrap().len(), "{wish}");
        assert!(leads(&after, "AITextGeneratorBlock", "AITextSummarizerBlock"), "{wish}");
    }
}

#[test]
fn the_one_thing_that_is_asked_for_is_given() {
    for wish in ["it's always about autumn, no need to ask", "it is always autumn, you don't need to ask"] {
        let after = changed(&agent(MODELS), wish);
        assert_eq!(node(&after, "AgentShortTextInputBlock")["input_default"]["value"], "autumn", "{wish}");
        assert!(!after.to_string().contains("no need") && !after.to_string().contains("always"), "{wish}");
    }
}

#[test]
fn what_comes_with_a_text_does_not_take_its_place() {
    for wish in [
        "have an AI pick a fitting headline for each summary before it's posted",
        "write a catchy headline for the summary before posting",
    ] {
        let after = changed(&agent(SLACK), wish);
        let prompt = node(&after, "AITextGeneratorBlock")["input_default"]["prompt"].to_string();
        assert!(prompt.contains("whole text"), "{wish}: {prompt}");
        assert!(leads(&after, "AITextGeneratorBlock", "SendSlackMessageBlock"), "{wish}");
    }
}

#[test]
fn a_list_is_given() {
    for wish in ["run it for every topic in a list I give it", "do it for each topic in a list that I enter"] {
        let after = changed(&agent(MODELS), wish);
        assert_eq!(source(&after, "StepThroughItemsBlock", "items"), "AgentInputBlock", "{wish}");
        assert!(leads(&after, "StepThroughItemsBlock", "AITextGeneratorBlock"), "{wish}");
        assert_ne!(after["nodes"], json!([]), "{wish}");
    }
}
