//! Any input gets an answer of a known kind, never a crash.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use std::sync::LazyLock;

use generator::{Builtin, catalogue::Catalogue, knowledge::Knowledge, validator};
use proptest::prelude::*;
use serde_json::{Value, json, value::to_raw_value};
use shared::{
    error_type::ErrorType,
    port::{Decomposition, Draft},
};

/// Words that the planner knows, in any order, mixed with others.
fn goal() -> impl Strategy<Value = String> {
    let words = [
        "read",
        "summarise",
        "post",
        "send",
        "email",
        "when",
        "if",
        "otherwise",
        "for each",
        "every day at",
        "and",
        ",",
        ".",
        "then",
        "the",
        "an",
        "to",
        "RSS feed",
        "web page",
        "Slack",
        "Discord",
        "Telegram",
        "GitHub issue",
        "pull request",
        "Google Doc",
        "Notion",
        "spreadsheet",
        "five",
        "https://example.com/feed",
        "\"quoted\"",
        "#news",
        "bob@example.com",
        "r/rust",
        "about",
        "topic",
        "image",
        "list",
        "translate",
        "write",
        "book",
        "flight",
        "me",
        "it",
        "them",
        "from",
        "WhatsApp",
        "approval",
        "wait",
        "calculate",
        "3.5",
        "two",
        "video",
        "json",
        "extract",
        "call",
        "API",
        "webhook",
        "remember",
        "unless",
        "with",
        "Exa",
        "\n",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 0..30).prop_map(|words| words.join(" "))
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![goal(), any::<String>(), "\\PC{0,400}", "[\"'“‘`#@/.,:;0-9 -]{0,300}"]
}

/// Decomposes and, if there are steps, generates.
fn built(text: &str, context: Option<&str>) -> Option<Value> {
    match Builtin::new().decompose_now(text, context).unwrap() {
        Decomposition::Instructions { steps, .. } => {
            let steps: Value = serde_json::from_str(steps.get()).unwrap();
            match Builtin::new().generate_now(&to_raw_value(&json!({"steps": steps})).unwrap()).unwrap() {
                Draft::Agent(agent, _) => Some(serde_json::from_str(agent.get()).unwrap()),
                Draft::ClarifyingQuestions(questions) => panic!("{questions:?}"),
            }
        }
        Decomposition::ClarifyingQuestions(questions) => {
            assert!((1..=5).contains(&questions.len()));
            None
        }
        Decomposition::UnachievableGoal { reason, .. } => {
            assert!(reason.is_some());
            None
        }
        Decomposition::VagueGoal { suggested_goal } => {
            assert!(suggested_goal.is_some());
            None
        }
    }
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::embedded().unwrap());

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_goal_gets_an_answer_and_every_agent_is_valid(text in any_text(), context in prop::option::of(any_text())) {
        if let Some(agent) = built(&text, context.as_deref()) {
            prop_assert_eq!(validator::faults(&CATALOGUE, &agent), Vec::<String>::new());
        }
    }

    #[test]
    fn every_suggestion_can_be_built(text in goal()) {
        let suggested = match Builtin::new().decompose_now(&text, None).unwrap() {
            Decomposition::UnachievableGoal { suggested_goal, .. } | Decomposition::VagueGoal { suggested_goal } => suggested_goal,
            _ => None,
        };
        if let Some(goal) = suggested {
            prop_assert!(built(&goal, None).is_some(), "{}", goal);
        }
    }

    #[test]
    fn a_patched_agent_is_valid(wish in any_text(), start in 0..4_usize) {
        let verbs = ["remove the", "add a step that", "set the subject to", ""];
        let wish = format!("{} {wish}", verbs[start]);
        let agent = built("Find the five newest posts of an RSS feed, summarise each and post the summaries to Discord and e-mail them", None).unwrap();
        match Builtin::new().patch_now(&wish, &to_raw_value(&agent).unwrap()) {
            Ok(Draft::Agent(agent, _)) => {
                let agent: Value = serde_json::from_str(agent.get()).unwrap();
                prop_assert_eq!(validator::faults(&CATALOGUE, &agent), Vec::<String>::new(), "{}", wish);
            }
            Ok(Draft::ClarifyingQuestions(questions)) => prop_assert!(!questions.is_empty()),
            // Too large: more changes than a request may ask for.
            Err(failure) => {
                let is_told = matches!(failure.error_type, ErrorType::PatchError | ErrorType::ValidationError | ErrorType::RequestTooLarge);
                prop_assert!(is_told, "{failure:?}");
            }
        }
    }

    #[test]
    fn any_json_gets_an_answer(value in json_value()) {
        let raw = to_raw_value(&value).unwrap();
        drop(Builtin::new().generate_now(&raw));
        drop(Builtin::new().patch_now("remove the first step and rename it to X", &raw));
        let steps = to_raw_value(&json!({"steps": value})).unwrap();
        drop(Builtin::new().generate_now(&steps));
        let graph = json!({"name": "x", "nodes": [value.clone(), value.clone()], "links": [value]});
        drop(Builtin::new().patch_now("set the subject to x", &to_raw_value(&graph).unwrap()));
    }
}

/// JSON, mostly with the keys of steps and agents.
fn json_value() -> impl Strategy<Value = Value> {
    let keys = [
        "id",
        "block_id",
        "block_name",
        "inputs",
        "name",
        "value",
        "source",
        "step",
        "output",
        "agent",
        "description",
        "input_default",
        "metadata",
        "nodes",
        "links",
        "source_id",
        "sink_id",
        "source_name",
        "sink_name",
        "steps",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        goal().prop_map(Value::from),
        Just(json!("363ae599-353e-4804-937e-b2ee3cef3da4")),
        Just(json!("AITextSummarizerBlock")),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((prop::sample::select(keys.to_vec()), inner), 0..8).prop_map(|pairs| Value::Object(
                pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            )),
        ]
    })
}

#[test]
fn a_hostile_text_of_20_000_characters_is_answered() {
    for pattern in [
        "a",
        "\"",
        "'a ",
        "and ",
        "if ",
        "read ",
        "\u{0}",
        "\u{202e}",
        "漢字",
        "summarise each of ",
        "https://a.b ",
        "every day at ",
        "{{",
        "step 1 ",
        "Slack, ",
        "1. ",
    ] {
        let text: String = pattern.chars().cycle().take(20_000).collect();
        // "1. 1. 1. …" is a list of more things than a goal may ask for: the limit is told.
        match Builtin::new().decompose_now(&text, Some(&text)) {
            Err(failure) => assert_eq!(failure.error_type, ErrorType::RequestTooLarge, "{pattern:?}"),
            Ok(_) => drop(built(&text, Some(&text))),
        }
        let agent = built("Summarise a web page", None).unwrap();
        drop(Builtin::new().patch_now(&text, &to_raw_value(&agent).unwrap()));
    }
}

#[test]
fn a_broken_catalogue_is_refused_with_the_reason() {
    for (text, words) in [
        ("{", "is not JSON"),
        ("{}", "cannot be read"),
        ("[]", "lacks the block"),
        (
            r#"[{"id":"a","name":"A","inputSchema":{},"outputSchema":{}},{"id":"a","name":"B","inputSchema":{},"outputSchema":{}}]"#,
            "B",
        ),
        (r#"[{"id":"a","name":"A","inputSchema":{"required":["x"]},"outputSchema":{}}]"#, "`?x"),
    ] {
        let error = Knowledge::from_json(text).unwrap_err().to_string();
        assert!(error.contains(words.trim_start_matches("`?")), "{text}: {error}");
    }
}
