//! How a text is to be, what holds it back, and what is no part of it.

use serde_json::{Value, json};

use crate::{
    fixture::{MAIL, SLACK, agent, changed, leads, names, node},
    kinds::{count, left, source},
    meant::refused,
};

const TWEET: &str = "Read a blog post from a web page, write a tweet about it and post the tweet";
const MEETING: &str = "Summarise meeting notes, post the summary to Slack and mail it";
const POEM: &str = "Write a poem about a topic with an AI model";
const BOT: &str = "When a Telegram message arrives, answer it with AI";
const WATCHED: &str = "Every day at 8:00, read an RSS feed, summarise it and post the summary to Slack";
const CLIP: &str = "Transcribe a YouTube video, summarise the transcript and add the summary to a Google Doc";

/// Everything that stands in the steps, without what the agent asks for.
fn inputs(agent: &Value) -> Vec<Value> {
    let nodes = agent["nodes"].as_array().unwrap().iter();
    nodes.map(|node| node["input_default"]["value"].clone()).filter(|value| !value.is_null()).collect()
}

#[test]
fn how_a_text_is_to_be_is_said_to_what_writes_it() {
    for (goal, wish, block, said) in [
        (MEETING, "could the summary be in a table", "AITextSummarizerBlock", "in a table"),
        (MEETING, "the message should be in two languages", "AITextSummarizerBlock", "in two languages"),
        (MEETING, "the email should be in plain words", "AITextSummarizerBlock", "in plain words"),
        (TWEET, "could the tweet be a haiku", "AITextGeneratorBlock", "haiku"),
        (TWEET, "the tweet must be a question", "AITextGeneratorBlock", "question"),
        (BOT, "could the answer be a limerick", "AITextGeneratorBlock", "limerick"),
        (BOT, "the message should be as short as possible", "AITextGeneratorBlock", "as short as possible"),
    ] {
        let before = agent(goal);
        let after = changed(&before, wish);
        assert_eq!(names(&after), names(&before), "{wish}");
        assert_eq!(inputs(&after), inputs(&before), "{wish}");
        assert!(node(&after, block)["input_default"].to_string().contains(said), "{wish}");
    }
    // What is asked for is a value, where it is one.
    let after = changed(&agent(MEETING), "could the subject be \"Minutes\"");
    assert_eq!(node(&after, "SendEmailBlock")["input_default"]["subject"], "Minutes");
}

#[test]
fn what_is_left_out_is_told_in_the_words_of_the_person() {
    let wish = "could the thumbnail be in a frame";
    assert_eq!(left(&agent(TWEET), &format!("{wish}, and rename it to News")), [wish]);
}

#[test]
fn a_gate_looks_at_what_goes_out_and_at_nothing_else() {
    for (goal, wish) in [
        (TWEET, "make sure the page is public before tweeting"),
        (MAIL, "check that the page is in English before mailing"),
        (MAIL, "verify that the server is up before mailing"),
        (SLACK, "make sure there are enough readers before posting"),
    ] {
        let why = refused(&agent(goal), wish);
        assert!(why.contains("I understood that"), "{wish}: {why}");
    }
    for (wish, before) in [
        ("make sure the page is read before posting", "Read a web page"),
        ("check that the summary is summarised before posting", "Summarise"),
    ] {
        let why = refused(&agent("Read a web page, summarise it and post the summary to Slack"), wish);
        assert!(why.contains("already"), "{wish}: {why} {before}");
    }
    for wish in
        ["make sure there are no spelling mistakes before posting", "make sure there are no links before posting"]
    {
        let before = agent(TWEET);
        let after = changed(&before, wish);
        assert_eq!(names(&after), names(&before), "{wish}");
        let prompt = node(&after, "AITextGeneratorBlock")["input_default"]["prompt"].to_string();
        assert!(prompt.contains("there are no"), "{wish}: {prompt}");
    }
    for wish in [
        "check that it is not rude before posting",
        "check that the tweet mentions the author before posting",
        "check that there is a link in it before posting",
        "check that there are no typos before posting",
    ] {
        let after = changed(&agent(TWEET), wish);
        assert!(leads(&after, "AIConditionBlock", "TwitterPostTweetBlock"), "{wish}");
    }
}

#[test]
fn a_text_behind_a_colon_ends_where_a_schedule_or_a_place_follows() {
    let poem = agent(POEM);
    for (wish, cron, block) in [
        ("the prompt should say: be kind and never lie, and run it every day at 9", json!("0 9 * * *"), None),
        ("the prompt should say: be kind and never lie, then schedule it for Mondays at 7", json!("0 7 * * 1"), None),
        (
            "the prompt should say: be kind and never lie and post it to #poems on Slack",
            Value::Null,
            Some("SendSlackMessageBlock"),
        ),
        (
            "the prompt should say: be kind and never lie, and mail it to ana@example.com",
            Value::Null,
            Some("SendEmailBlock"),
        ),
        ("the prompt should say: be kind and never lie", Value::Null, None),
    ] {
        let after = changed(&poem, wish);
        let prompt = node(&after, "AITextGeneratorBlock")["input_default"]["prompt"].as_str().unwrap().to_owned();
        assert!(prompt.starts_with("be kind and never lie\n"), "{wish}: {prompt}");
        assert_eq!(after["recommended_schedule_cron"], cron, "{wish}");
        assert!(block.is_none_or(|block| count(&after, block) == 1), "{wish}");
    }
}

#[test]
fn what_is_made_of_a_text_stays_with_it() {
    for wish in ["write a haiku and make it rhyme", "write a limerick and make it sparkle"] {
        let after = changed(&agent(POEM), wish);
        assert!(left(&agent(POEM), wish).is_empty(), "{wish}");
        let prompt = node(&after, "AITextGeneratorBlock")["input_default"]["prompt"].to_string();
        assert!(prompt.contains("make it"), "{wish}: {prompt}");
    }
    let after = changed(&agent(POEM), "write a haiku and make it hourly");
    assert_eq!(after["recommended_schedule_cron"], "0 * * * *");
}

#[test]
fn a_copy_is_what_was_asked_for() {
    for wish in ["duplicate the Slack step", "duplicate the Slack message", "copy the Slack step"] {
        assert_eq!(count(&changed(&agent(SLACK), wish), "SendSlackMessageBlock"), 2, "{wish}");
    }
    let after = changed(&agent(SLACK), "copy the Slack message to Discord");
    assert_eq!((count(&after, "SendSlackMessageBlock"), count(&after, "SendDiscordMessageBlock")), (1, 1));
    assert_eq!(source(&after, "SendDiscordMessageBlock", "message_content"), "AITextSummarizerBlock");
}

#[test]
fn no_condition_asks_whether_something_is_what_it_never_is() {
    for (goal, wish, why) in [
        (WATCHED, "skip holidays", "holidays"),
        (BOT, "ignore stickers", "stickers"),
        (BOT, "ignore images", "images"),
        (BOT, "ignore errors", "fails"),
        (BOT, "ignore duplicates", "once for each"),
        (BOT, "don't answer anything to companies", "companies"),
    ] {
        let told = refused(&agent(goal), wish);
        assert!(told.contains(why), "{wish}: {told}");
    }
    for wish in ["ignore links", "ignore images"] {
        let after = changed(&agent(WATCHED), wish);
        assert_eq!(names(&after), names(&agent(WATCHED)), "{wish}");
    }
    for wish in ["ignore duplicates", "skip repeats"] {
        assert_eq!(count(&changed(&agent(WATCHED), wish), "ListDifferenceBlock"), 1, "{wish}");
    }
    let each = agent("Watch an RSS feed and post each new entry to Slack");
    let after = changed(&each, "skip adverts");
    let condition = node(&after, "AIConditionBlock")["input_default"]["condition"].clone();
    assert_eq!(condition, "the entry is an advert");
}

#[test]
fn what_came_is_looked_at_and_not_what_is_made_of_it() {
    for wish in ["don't save transcripts without a speaker", "don't save transcripts about sports"] {
        let after = changed(&agent(CLIP), wish);
        assert_eq!(source(&after, "AIConditionBlock", "input_value"), "TranscribeYoutubeVideoBlock", "{wish}");
        assert_eq!(source(&after, "AIConditionBlock", "no_value"), "AITextSummarizerBlock", "{wish}");
        assert_eq!(source(&after, "GoogleDocsAppendMarkdownBlock", "markdown"), "AIConditionBlock", "{wish}");
    }
}

/// Two templates that feed each other, in front of what a step takes.
fn circle(goal: &str, block: &str, input: &str) -> Value {
    let mut agent = agent(goal);
    let sink = node(&agent, block)["id"].clone();
    let links = agent["links"].as_array_mut().unwrap();
    let at = links.iter().position(|link| link["sink_id"] == sink && link["sink_name"] == input).unwrap();
    let old = links.remove(at);
    let (source, output) = (old["source_id"].clone(), old["source_name"].clone());
    for (id, from, from_output, to, to_input) in [
        ("c-1", &json!("b"), &json!("output"), &json!("a"), "values_#_x"),
        ("c-2", &json!("a"), &json!("output"), &json!("b"), "values_#_x"),
        ("c-3", &source, &output, &json!("b"), "values_#_y"),
        ("c-4", &json!("a"), &json!("output"), &sink, input),
    ] {
        links.push(json!({
            "id": id, "source_id": from, "source_name": from_output, "sink_id": to, "sink_name": to_input,
            "is_static": false,
        }));
    }
    for id in ["a", "b"] {
        agent["nodes"].as_array_mut().unwrap().push(json!({
            "id": id, "block_id": "db7d8f02-2f44-4c55-ab7a-eae0941f0c30",
            "input_default": {"format": "{{x}}", "values": {}}, "metadata": {"position": {"x": 0, "y": 0}},
        }));
    }
    agent
}

#[test]
fn a_circle_is_gone_round_once() {
    for (goal, block, input) in
        [(WATCHED, "SendSlackMessageBlock", "text"), (TWEET, "TwitterPostTweetBlock", "tweet_text")]
    {
        let before = circle(goal, block, input);
        for wish in [
            "don't post entries from noreply@example.com",
            "don't post adverts",
            "if it is too long, shorten it",
            "check that it is polite before posting",
            "make sure it is polite before posting",
            "the message should be in German",
            "ask me for approval before it is posted",
            "skip newsletters",
        ] {
            // Whatever the answer is: there is one.
            let _ = crate::fixture::patched(&before, wish);
        }
    }
}
