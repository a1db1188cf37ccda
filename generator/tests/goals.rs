//! What a person gets for a goal: steps, an agent, a question or a refusal.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use generator::{Builtin, catalogue::Catalogue, validator};
use serde_json::{
    Value, json,
    value::{RawValue, to_raw_value},
};
use shared::port::{Decomposition, Draft};

fn decomposed(goal: &str, context: Option<&str>) -> Decomposition {
    Builtin::new().decompose_now(goal, context).unwrap_or_else(|failure| panic!("{goal}: {failure:?}"))
}

fn steps(goal: &str, context: Option<&str>) -> Vec<Value> {
    match decomposed(goal, context) {
        Decomposition::Instructions { steps, .. } => serde_json::from_str(steps.get()).unwrap(),
        other => panic!("{goal}: {other:?}"),
    }
}

fn raw(value: &Value) -> Box<RawValue> {
    to_raw_value(value).unwrap()
}

fn agent(goal: &str, context: Option<&str>) -> Value {
    let instructions = raw(&json!({"type": "instructions", "steps": steps(goal, context)}));
    match Builtin::new().generate_now(&instructions) {
        Ok(Draft::Agent(agent, _)) => serde_json::from_str(agent.get()).unwrap(),
        other => panic!("{goal}: {other:?}"),
    }
}

/// The blocks in order, without inputs, outputs and blocks that only connect others.
fn working(agent: &Value, catalogue: &Catalogue) -> Vec<String> {
    let between = [
        "FillTextTemplateBlock",
        "UniversalTypeConverterBlock",
        "StepThroughItemsBlock",
        "AddToListBlock",
        "TextSplitBlock",
        "CreateDictionaryBlock",
        "FindInDictionaryBlock",
    ];
    let nodes = agent["nodes"].as_array().unwrap();
    let blocks = nodes.iter().map(|node| catalogue.by_id(node["block_id"].as_str().unwrap()).unwrap());
    blocks
        .filter(|block| !block.is_agent_input() && !block.is_agent_output())
        .map(|block| block.name.trim_end_matches("Block").to_owned())
        .filter(|name| !between.contains(&format!("{name}Block").as_str()))
        // A summary that a language model writes is as good as one of the summariser, one picture as good as another.
        .map(|name| match name.as_str() {
            "AITextSummarizer" | "AIListGenerator" => "AITextGenerator".to_owned(),
            "IdeogramModel" => "AIImageGenerator".to_owned(),
            _ => name,
        })
        .collect()
}

#[rustfmt::skip]
const GOALS: &[(&str, &[&str])] = &[
    ("Find the five newest posts of an RSS feed, summarise each with an AI and post the summaries to Discord", &["ReadRSSFeed", "AITextGenerator", "SendDiscordMessage"]),
    ("every morning, summarise these feeds and mail me the result", &["ReadRSSFeed", "AITextGenerator", "SendEmail"]),
    ("Summarise a web page and e-mail the summary", &["ExtractWebsiteContent", "AITextGenerator", "SendEmail"]),
    ("Read the RSS feed at https://example.com/feed.xml and post new entries to #news on Slack", &["ReadRSSFeed", "SendSlackMessage"]),
    ("Translate a text into French and send it to Telegram", &["AITextGenerator", "SendTelegramMessage"]),
    ("When a pull request is opened, review it and comment on it", &["GithubPullRequestTrigger", "GithubReadPullRequest", "AITextGenerator", "GithubComment"]),
    ("Every day at 9, search the web for news about electric cars, summarise the results and e-mail them to bob@example.com", &["SearchTheWeb", "AITextGenerator", "SendEmail"]),
    ("Transcribe a YouTube video, summarise it in bullet points and save it in a Google Doc", &["TranscribeYoutubeVideo", "AITextGenerator", "GoogleDocsCreate"]),
    ("Read my unread Gmail messages and if a message is urgent, post it to Slack, otherwise create a Todoist task", &["GmailRead", "AICondition", "SendSlackMessage", "AITextGenerator", "TodoistCreateTask"]),
    ("Write a tweet about a topic and post it on Twitter", &["AITextGenerator", "TwitterPostTweet"]),
    ("Get the top 10 posts from r/rust, summarise them and send me the summary on Telegram", &["GetRedditPosts", "AITextGenerator", "SendTelegramMessage"]),
    ("Make an image of a cat riding a bike", &["AIImageGenerator"]),
    ("Read a CSV file and add each row to Airtable", &["ReadSpreadsheet", "AirtableCreateRecords"]),
    ("Post \"hello\" to #general on Slack", &["SendSlackMessage"]),
    ("Extract the name, e-mail address and company from a text and create a HubSpot contact", &["AIStructuredResponseGenerator", "HubSpotContact"]),
    ("When I get a Telegram message, answer it with AI and reply on Telegram", &["TelegramMessageTrigger", "AITextGenerator", "SendTelegramMessage"]),
    ("Brainstorm ten blog post ideas about gardening and add them to a Notion page", &["AITextGenerator", "NotionCreatePage"]),
    ("Call the API at https://api.example.com/data and append the result to a Google Sheet", &["SendWebRequest", "GoogleSheetsAppendRow"]),
    ("Summarise and translate the web page, then post it to Slack", &["ExtractWebsiteContent", "AITextGenerator", "SendSlackMessage"]),
    ("Please build me an agent that watches an RSS feed and tweets every new post", &["ReadRSSFeed", "TwitterPostTweet"]),
    ("Plan a lesson about volcanoes and save it as a Google Doc", &["AITextGenerator", "GoogleDocsCreate"]),
    ("Look up a topic on Wikipedia, translate the summary to German and send it by email", &["GetWikipediaSummary", "AITextGenerator", "SendEmail"]),
    // Looked at every few minutes, told once.
    (
        "If a web page mentions layoffs, alert me on Slack",
        &[
            "ExtractWebsiteContent",
            "AICondition",
            "RetrieveInformation",
            "Condition",
            "PersistInformation",
            "PersistInformation",
            "SendSlackMessage",
        ],
    ),
    ("1. Read the RSS feed\n2. Summarise each entry\n3. Post it to Slack", &["ReadRSSFeed", "AITextGenerator", "SendSlackMessage"]),
    ("Serch the web for a topic, sumarise the results and emial the summary", &["SearchTheWeb", "AITextGenerator", "SendEmail"]),
    ("When a webhook arrives, save the payload to Airtable", &["GenericWebhookTrigger", "AirtableCreateRecords"]),
    ("For each event in my calendar, create a task", &["GoogleCalendarReadEvents", "AITextGenerator", "TodoistCreateTask"]),
    ("Write a blog post about tea and publish it on WordPress", &["AITextGenerator", "WordPressCreatePost"]),
    ("Search the web for a topic with Exa", &["ExaSearch"]),
    ("Post a summary of the page to Snapchat", &["ExtractWebsiteContent", "AITextGenerator", "PostToSnapchat"]),
    ("Wait 10 minutes and then post the message to Slack", &["CountdownTimer", "SendSlackMessage"]),
    ("Compare two web pages", &["ExtractWebsiteContent", "ExtractWebsiteContent", "AITextGenerator"]),
];

#[test]
fn a_goal_gets_the_blocks_a_person_would_choose_in_a_valid_agent() {
    let catalogue = Catalogue::embedded().unwrap();
    let mut wrong = Vec::new();
    for (goal, expected) in GOALS {
        let agent = agent(goal, None);
        let faults = validator::faults(&catalogue, &agent);
        let blocks = working(&agent, &catalogue);
        if !faults.is_empty() || blocks != *expected {
            wrong.push(format!("{goal}\n  got {blocks:?}\n  not {expected:?}\n  {faults:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_nothing_could_start_is_vague_and_no_broken_agent() {
    let answer = Builtin::new().decompose_now("when Discord", None).unwrap();
    assert!(matches!(answer, Decomposition::VagueGoal { .. }), "{answer:?}");
}

#[test]
fn an_answer_that_is_long_with_its_goal_is_read_by_itself() {
    // Each alone is a goal that may be asked; together they ask for more things at once than a goal may.
    let (goal, added) = ("Do it! ".repeat(60), "Make that? ".repeat(60));
    assert!(Builtin::new().decompose_now(&goal, None).is_ok());
    assert!(Builtin::new().decompose_now(&goal, Some(&added)).is_ok());
}

#[test]
fn a_vague_goal_gets_a_suggestion_that_can_be_built() {
    for goal in [
        "do something useful",
        "help me",
        "automate my work",
        "hello",
        "marketing",
        "Make my life easier",
        "?",
        "…",
        "42",
        "be productive",
    ] {
        match decomposed(goal, None) {
            Decomposition::VagueGoal { suggested_goal: Some(suggestion) } => drop(agent(&suggestion, None)),
            other => panic!("{goal}: {other:?}"),
        }
    }
}

#[test]
fn an_unachievable_goal_gets_the_part_at_fault_and_a_suggestion_that_can_be_built() {
    for (goal, part) in [
        ("book me a flight", "book me a flight"),
        ("make coffee", "make coffee"),
        ("drive my car", "drive my car"),
        ("call my mother by phone", "call my mother by phone"),
        ("Bake me a cake", "Bake me a cake"),
        ("Send a WhatsApp message with the weather", "WhatsApp"),
        ("Summarise a web page and book me a flight", "book me a flight"),
        ("Read my Slack messages", "Slack"),
        ("Turn on the lights when I come home", "Turn on the lights"),
        ("Water my plants every morning", "Water my plants"),
    ] {
        match decomposed(goal, None) {
            Decomposition::UnachievableGoal { reason: Some(reason), suggested_goal } => {
                assert!(reason.contains(part), "{goal}: {reason}");
                if let Some(suggestion) = suggested_goal {
                    drop(agent(&suggestion, None));
                }
            }
            other => panic!("{goal}: {other:?}"),
        }
    }
}

#[test]
fn the_suggestion_is_the_achievable_part_of_the_goal() {
    let Decomposition::UnachievableGoal { suggested_goal, .. } =
        decomposed("Summarise a web page and book me a flight", None)
    else {
        panic!()
    };
    assert_eq!(suggested_goal.as_deref(), Some("Summarise a web page."));
}

#[test]
fn every_suggestion_can_be_built() {
    for goal in ["help me with my business", "be useful", "Summarise a web page and book me a flight", "Bake a cake"] {
        if let Decomposition::VagueGoal { suggested_goal: Some(suggestion) }
        | Decomposition::UnachievableGoal { suggested_goal: Some(suggestion), .. } = decomposed(goal, None)
        {
            drop(agent(&suggestion, None));
        }
    }
}

#[test]
fn a_person_is_asked_where_a_message_should_go_and_the_answer_settles_it() {
    for (goal, answer, block) in [
        ("Send a summary of a web page to the team", "Slack", "SendSlackMessage"),
        ("Send a summary of a web page to the team", "keyword: Discord", "SendDiscordMessage"),
        ("notify me when the page changes", "channel: telegram", "SendTelegramMessage"),
        ("Send a summary of a web page to the team", "by e-mail please", "SendEmail"),
        ("Send a summary of a web page to the team", "Gmail", "GmailSend"),
        ("Create an issue with the summary of a web page", "Linear", "LinearCreateIssue"),
        ("Summarise a web page and post it to #news", "on Slack", "SendSlackMessage"),
    ] {
        match decomposed(goal, None) {
            Decomposition::ClarifyingQuestions(questions) => {
                assert_eq!(questions.len(), 1, "{goal}");
                assert!(!questions[0].keyword.is_empty() && questions[0].example.is_some(), "{goal}");
            }
            other => panic!("{goal}: {other:?}"),
        }
        let catalogue = Catalogue::embedded().unwrap();
        assert_eq!(
            working(&agent(goal, Some(answer)), &catalogue).last().map(String::as_str),
            Some(block),
            "{goal} {answer}"
        );
    }
}

#[test]
fn credentials_are_never_asked_for_nor_set() {
    for (goal, _) in GOALS {
        let agent = agent(goal, None);
        for node in agent["nodes"].as_array().unwrap() {
            assert!(node["input_default"].get("credentials").is_none(), "{goal}");
            let name = node["input_default"]["name"].as_str().unwrap_or_default().to_lowercase();
            assert!(
                !["password", "token", "key", "credential"].iter().any(|word| name.contains(word)),
                "{goal}: {name}"
            );
        }
    }
}

#[test]
fn a_step_says_what_it_does_with_which_block_and_which_inputs() {
    let steps = steps("Summarise a web page and e-mail the summary", None);
    let names: Vec<&str> = steps.iter().map(|step| step["block_name"].as_str().unwrap()).collect();
    assert!(names[0].starts_with("Agent") && names[0].ends_with("InputBlock"));
    assert_eq!(*names.last().unwrap(), "AgentOutputBlock");
    for (index, step) in steps.iter().enumerate() {
        assert_eq!(step["step_number"], json!(index + 1));
        assert!(
            ["description", "action", "block_id"]
                .iter()
                .all(|key| step[key].as_str().is_some_and(|text| !text.is_empty())),
            "{step}"
        );
        assert!(
            step["inputs"]
                .as_array()
                .unwrap()
                .iter()
                .all(|input| input["name"].is_string() && input.get("value").is_some())
        );
        assert!(
            step["outputs"]
                .as_array()
                .unwrap()
                .iter()
                .all(|output| output["name"].is_string() && output["description"].is_string())
        );
    }
}

#[test]
fn values_and_the_schedule_of_a_goal_are_kept() {
    let agent =
        agent("Every Monday at 9:30, search the web for \"rust news\" and e-mail the results to bob@example.com", None);
    assert_eq!(agent["recommended_schedule_cron"], "30 9 * * 1");
    let text = agent.to_string();
    assert!(text.contains("rust news") && text.contains("bob@example.com"));
}

#[test]
fn nodes_are_placed_left_to_right_without_overlap() {
    for (goal, _) in GOALS {
        let agent = agent(goal, None);
        let nodes = agent["nodes"].as_array().unwrap();
        let place = |id: &Value| {
            nodes
                .iter()
                .find(|node| node["id"] == *id)
                .map(|node| node["metadata"]["position"]["x"].as_i64().unwrap())
                .unwrap()
        };
        for link in agent["links"].as_array().unwrap() {
            assert!(place(&link["sink_id"]) - place(&link["source_id"]) >= 800, "{goal}");
        }
        let mut places: Vec<String> = nodes.iter().map(|node| node["metadata"]["position"].to_string()).collect();
        places.sort();
        places.dedup();
        assert_eq!(places.len(), nodes.len(), "{goal}");
    }
}

#[test]
fn the_same_goal_gives_the_same_agent() {
    for (goal, _) in GOALS.iter().take(10) {
        assert_eq!(agent(goal, None).to_string(), agent(goal, None).to_string());
    }
}
