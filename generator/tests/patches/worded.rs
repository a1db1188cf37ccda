//! The same wish in other words: a value told, a thing not wanted, a part of what comes, what was there before.

use serde_json::{Value, json};
use shared::port::Draft;

use crate::{
    fixture::{SLACK, agent, changed, leads, names, node, patched},
    meant::{refused, valued, with},
};

const BOT: &str = "When a Telegram message arrives, answer it with AI and send the answer back on Telegram";
const TWEET: &str = "Read a web page, write a tweet about it and post it on Twitter";
const WAIT: &str = "When a webhook is called, wait 10 minutes and send a Slack message to #alerts with the payload";
const DAILY: &str = "Every day at 8:00 read my Gmail inbox, summarise the messages and post the summary to Slack #mail";

fn has(agent: &Value, block: &str) -> bool {
    names(agent).iter().any(|name| name == block)
}

fn prompt(agent: &Value) -> String {
    node(agent, "AITextGeneratorBlock")["input_default"]["prompt"].as_str().unwrap().to_owned()
}

#[test]
fn a_rhythm_that_is_enough_is_the_schedule() {
    for (wish, cron) in [
        ("every other hour is plenty", "0 */2 * * *"),
        ("twice a day is enough, at 7 and 19", "0 7,19 * * *"),
        ("run this automatically every weekday at 17:30", "30 17 * * 1-5"),
        ("start this by itself every Friday at 16:00", "0 16 * * 5"),
        ("once a day at 8 is fine", "0 8 * * *"),
    ] {
        assert_eq!(changed(&agent(SLACK), wish)["recommended_schedule_cron"], cron, "{wish}");
    }
}

#[test]
fn what_is_always_the_same_is_a_value_without_the_word() {
    let before = agent(SLACK);
    for wish in [
        "the Slack channel is always #feeds",
        "I don't want to type the Slack channel every time, it's #feeds",
        "don't make me pick the Slack channel, it's #feeds",
        "I no longer want to enter the Slack channel, use #feeds",
    ] {
        let after = changed(&before, wish);
        assert!(after.to_string().contains("\"#feeds\""), "{wish}");
    }
    assert!(patched(&before, "the summary is always too long").is_err(), "it only tells why");
}

#[test]
fn a_better_value_takes_the_place_of_the_other() {
    let before = agent(WAIT);
    for (wish, minutes) in
        [("don't wait ten minutes, half an hour is better", 30), ("20 minutes would be better than 10 minutes", 20)]
    {
        assert_eq!(valued(&before, wish, "CountdownTimerBlock", "minutes"), minutes, "{wish}");
    }
    let posts = with(SLACK, "SendSlackMessageBlock", &json!({"channel": "#news"}));
    let wish = "don't post it in #news, #feeds would be better";
    assert_eq!(valued(&posts, wish, "SendSlackMessageBlock", "channel"), "#feeds");
}

#[test]
fn what_is_not_needed_goes() {
    let before = agent("Summarise a web page, e-mail the summary and post it to Slack");
    for wish in ["the Slack message isn't needed, the mail is enough", "the Slack message is unnecessary"] {
        let after = changed(&before, wish);
        assert!(!has(&after, "SendSlackMessageBlock") && has(&after, "SendEmailBlock"), "{wish}");
    }
    for wish in ["send it right away, without waiting", "post to Slack immediately without the wait"] {
        assert!(!has(&changed(&agent(WAIT), wish), "CountdownTimerBlock"), "{wish}");
    }
}

#[test]
fn what_is_done_to_some_of_what_comes_only_is_a_condition_and_no_remark() {
    let before = agent(BOT);
    for wish in [
        "only answer messages that end with a question mark, ignore the rest",
        "only answer messages that are about bikes",
        "don't answer greetings",
    ] {
        let after = changed(&before, wish);
        assert!(leads(&after, "AIConditionBlock", "AITextGeneratorBlock"), "{wish}");
        assert_eq!(prompt(&after), prompt(&before), "{wish}: the others would be answered too");
    }
    let review =
        "When a pull request is opened in the repository acme/app, write a review of it and post it as a comment";
    let after = changed(&agent(review), "don't review drafts");
    assert!(has(&after, "AITextGeneratorBlock"), "no pull request would be reviewed");
    let tweet = agent(TWEET);
    let after = changed(&tweet, "only mention facts that are in the text");
    assert!(prompt(&after).contains("Only mention facts that are in the text."), "{}", prompt(&after));
    assert!(!has(&changed(&tweet, "don't post the tweet"), "TwitterPostTweetBlock"));
}

#[test]
fn what_an_earlier_run_had_is_remembered() {
    let feed =
        "Every day at 9:00 read the RSS feed https://a.example/feed.xml, summarise it and post the summary to Slack #a";
    for goal in [feed, DAILY] {
        let mut before = agent(goal);
        // A goal may be planned with a memory already.
        if has(&before, "PersistInformationBlock") {
            before = agent(SLACK);
        }
        for wish in [
            "never post the same article twice",
            "skip what you have already posted",
            "don't send me things I've already had",
            "only the new ones please",
        ] {
            let after = changed(&before, wish);
            assert!(leads(&after, "RetrieveInformationBlock", "SendSlackMessageBlock"), "{wish}");
            assert!(has(&after, "PersistInformationBlock"), "{wish}: the next run would know nothing");
        }
    }
    assert!(refused(&agent(BOT), "never answer the same message twice").contains("once for each"));
}

#[test]
fn a_person_who_has_to_see_it_first_approves_it() {
    let before = agent(TWEET);
    for wish in [
        "nothing should be published before I have read it",
        "don't tweet it before I have approved it",
        "nobody should get a tweet before I've seen it",
    ] {
        assert!(leads(&changed(&before, wish), "HumanInTheLoopBlock", "TwitterPostTweetBlock"), "{wish}");
    }
}

#[test]
fn a_copy_is_the_same_text_and_no_new_one() {
    let before = agent(SLACK);
    for (wish, block) in [
        ("post a copy to the Discord channel #archive", "SendDiscordMessageBlock"),
        ("keep a copy in a Google Doc", "GoogleDocsCreateBlock"),
        ("send me a copy by email", "SendEmailBlock"),
    ] {
        let after = changed(&before, wish);
        assert!(leads(&after, "AITextSummarizerBlock", block), "{wish}");
        assert!(!has(&after, "AITextGeneratorBlock"), "{wish}: a model would write something else");
    }
}

#[test]
fn what_is_told_to_the_model_is_said_to_it() {
    let before = agent(BOT);
    for (wish, said) in [
        ("tell it that it is the support bot of Acme, a bike shop", "You are the support bot of Acme, a bike shop."),
        ("tell the AI to be strict about spelling", "Be strict about spelling."),
        ("let the AI know that Acme is a bike shop", "Acme is a bike shop."),
        ("finish with a question: Did that help?", "Finish with a question: Did that help"),
    ] {
        assert!(prompt(&changed(&before, wish)).contains(said), "{wish}");
    }
}

#[test]
fn what_was_looked_up_comes_beside_the_question() {
    let before = agent(BOT);
    let after = changed(&before, "look the question up with Perplexity before answering");
    assert!(leads(&after, "PerplexityBlock", "AITextGeneratorBlock"));
    assert_eq!(node(&after, "PerplexityBlock")["input_default"].get("prompt"), None, "it would look up the wish");
    let (trigger, model) = (node(&after, "TelegramMessageTriggerBlock"), node(&after, "AITextGeneratorBlock"));
    let links = after["links"].as_array().unwrap();
    let direct = |link: &&Value| link["source_id"] == trigger["id"] && link["sink_id"] == model["id"];
    assert!(links.iter().any(|link| direct(&link)), "the model would not see the question");
}

#[test]
fn a_prompt_does_not_speak_of_an_input_that_is_gone() {
    let before = agent("I give you a topic and a tone, and you write a blog post about the topic in that tone");
    let after = changed(&before, "drop the tone input");
    assert!(!prompt(&after).contains("tone}}") && prompt(&after).contains("{{topic}}"), "{}", prompt(&after));
}

#[test]
fn how_long_or_in_what_shape_is_a_value_of_the_step() {
    let clip = with(
        "Download a video, cut a clip of it and send the clip to Discord #clips",
        "VideoClipBlock",
        &json!({"start_time": 0, "end_time": 60}),
    );
    for (wish, end) in [
        ("cut the clip to 90 seconds", 90),
        ("the clip should last 45 seconds", 45),
        ("make the clip two minutes long", 120),
    ] {
        assert_eq!(valued(&clip, wish, "VideoClipBlock", "end_time"), end, "{wish}");
    }
    let shot = agent("Every hour take a screenshot of https://status.acme.com and send it to Discord #status");
    for (wish, format) in [("save the screenshot as webp", "webp"), ("take the screenshot as jpeg", "jpeg")] {
        assert_eq!(valued(&shot, wish, "ScreenshotWebPageBlock", "format"), format, "{wish}");
    }
    let crm = with(
        "When a webhook is called, create a HubSpot contact from it",
        "HubSpotContactBlock",
        &json!({"operation": "create"}),
    );
    let wish = "update the contact instead of creating a new one";
    assert_eq!(valued(&crm, wish, "HubSpotContactBlock", "operation"), "update");
}

#[test]
fn the_link_of_a_thing_comes_from_what_has_it() {
    let before =
        agent("When an issue is opened in the GitHub repository acme/app, classify it and post the class to Slack #a");
    for wish in ["put the issue link in Slack #bugs", "send the issue link to the Slack channel #bugs"] {
        let after = changed(&before, wish);
        assert_eq!(names(&after).len(), names(&before).len() + 1, "{wish}: a model would invent a link");
        assert!(leads(&after, "GithubIssuesTriggerBlock", "SendSlackMessageBlock"), "{wish}");
    }
}

#[test]
fn nothing_is_read_that_nobody_asked_for_and_no_words_become_a_file() {
    let video = agent("Transcribe a YouTube video, summarise the transcript and append the summary to a Google Doc");
    for wish in ["I'd like a short tweet about the video as well", "also write a short post about the summary"] {
        let after = changed(&video, wish);
        assert!(prompt(&after).starts_with("Write a short "), "{wish}: {}", prompt(&after));
        assert!(
            !has(&after, "TwitterPostTweetBlock") && !has(&after, "PostToXBlock"),
            "{wish}: nobody asked to post it"
        );
        assert!(leads(&after, "TranscribeYoutubeVideoBlock", "AITextGeneratorBlock"), "{wish}");
    }
}

#[test]
fn something_new_under_a_condition_is_made_and_not_looked_for() {
    let tweet = agent("Read a blog post from a web page and write a tweet about it and post it to Twitter");
    for (wish, block) in [
        ("If the tweet mentions Rust, create a Todoist task", "TodoistCreateTaskBlock"),
        ("also create a Linear issue if the tweet mentions Rust", "LinearCreateIssueBlock"),
        ("If the tweet mentions Rust, also send a message to Slack #rust", "SendSlackMessageBlock"),
    ] {
        let after = changed(&tweet, wish);
        assert!(names(&after).iter().any(|name| name == block), "{wish}: {:?}", names(&after));
        assert!(leads(&after, "AIConditionBlock", block), "{wish}");
    }
    let after = changed(&tweet, "Also open a Todoist task");
    assert!(names(&after).contains(&"TodoistCreateTaskBlock".to_owned()));
}

#[test]
fn a_fixed_text_goes_out_when_the_rest_is_done() {
    let doc = agent("Transcribe a YouTube video, summarise the transcript and append the summary to a Google Doc");
    for wish in [
        "At the end, send a Slack message to #docs that says 'Done'",
        "send a Slack message to #docs that says 'Done'",
        "In addition, send a Slack message to #docs that says 'Done'",
    ] {
        let after = changed(&doc, wish);
        assert!(leads(&after, "AITextSummarizerBlock", "SendSlackMessageBlock"), "{wish}");
    }
}

#[test]
fn where_a_clip_starts_and_ends_is_told_by_seconds() {
    let clip = with(
        "Take a video, cut a clip from second 0 to second 60 out of it and send the clip to the Discord channel #clips",
        "VideoClipBlock",
        &json!({"start_time": 0, "end_time": 60}),
    );
    for (wish, input, value) in [
        ("start the clip at second 10", "start_time", 10),
        ("the clip should start at 10 seconds", "start_time", 10),
        ("stop the clip at 40 seconds", "end_time", 40),
        ("cut from 10 to 40 seconds", "end_time", 40),
    ] {
        assert_eq!(valued(&clip, wish, "VideoClipBlock", input), value, "{wish}");
    }
}

#[test]
fn what_counts_as_what_and_what_is_down_are_told_to_what_decides() {
    let feedback = agent("Take customer feedback, if it is negative, create a Linear issue");
    for wish in ["Treat angry messages as negative too", "angry messages should count as negative"] {
        let after = changed(&feedback, wish);
        assert!(after.to_string().contains("angry messages count as negative"), "{wish}");
    }
    let page = agent("Read the page https://status.acme.com, write whether everything is up and post it to Slack #ops");
    for wish in ["only post it to Slack if something is down", "only post it when something is unavailable"] {
        assert!(names(&changed(&page, wish)).contains(&"AIConditionBlock".to_owned()), "{wish}");
    }
}

#[test]
fn what_a_schedule_cannot_say_is_told_and_what_is_so_already_is_not_left_out() {
    let before = agent(DAILY);
    for wish in [
        "Only run it on the first Monday of the month",
        "run it every two weeks on Tuesday",
        "make it every 90 minutes",
        "run it biweekly",
    ] {
        let Ok(Draft::Agent(_, what)) = patched(&before, wish) else { panic!("{wish}") };
        assert_eq!(what.left_out.len(), 1, "{wish}");
    }
    for wish in ["run it every Monday at 9", "Remove the Slack step and just return the summary"] {
        let Ok(Draft::Agent(_, what)) = patched(&before, wish) else { panic!("{wish}") };
        assert!(what.left_out.is_empty(), "{wish}: {:?}", what.left_out);
    }
}

#[test]
fn in_one_case_it_goes_elsewhere_and_else_where_it_went() {
    let before = with(SLACK, "SendSlackMessageBlock", &json!({"channel": "#news"}));
    for wish in [
        "if an entry mentions security, post it to #security instead",
        "if the summary mentions security, post it to #security instead",
    ] {
        let after = changed(&before, wish);
        let text = after.to_string();
        assert!(text.contains("\"#news\"") && text.contains("\"#security\""), "{wish}");
        assert!(leads(&after, "AIConditionBlock", "SendSlackMessageBlock"), "{wish}");
    }
}

#[test]
fn words_that_go_from_a_text_are_no_condition() {
    let doc = agent("Transcribe a YouTube video, summarise the transcript and append the summary to a Google Doc");
    let why = refused(&doc, "Remove filler words from the transcript first");
    assert!(why.contains("filler words"), "no model is asked whether there are some: {why}");
}
