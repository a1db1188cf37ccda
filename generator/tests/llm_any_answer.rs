//! Any answer of a language model gives a result or a known error type, never a crash.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

mod scripted;

use std::{collections::HashSet, sync::LazyLock};

use generator::{Builtin, catalogue::Catalogue, validator};
use proptest::prelude::*;
use scripted::{Scripted, decomposed, examples, generated, patched, says};
use serde_json::{Value, json, value::to_raw_value};
use shared::{
    error_type::ErrorType,
    failure::Failure,
    port::{Decomposition, Draft},
};

/// An example answer with one value replaced.
fn mangled(prompt: &'static str) -> impl Strategy<Value = String> {
    let other = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[{"type": "instructions"}]])),
        prop::sample::select(vec!["AgentOutputBlock", "values_#_x", "n1", "a_#_b_#_c", "{{x", "1e400"])
            .prop_map(Value::from),
    ];
    (any::<prop::sample::Index>(), other).prop_map(move |(at, other)| {
        let mut answer = examples(prompt).remove(1);
        let mut places = Vec::new();
        pointers(&answer, String::new(), &mut places);
        *answer.pointer_mut(at.get::<String>(&places)).unwrap() = other;
        answer.to_string()
    })
}

fn pointers(value: &Value, here: String, all: &mut Vec<String>) {
    match value {
        Value::Object(entries) => entries.iter().for_each(|(key, inner)| pointers(inner, format!("{here}/{key}"), all)),
        Value::Array(entries) => {
            entries.iter().enumerate().for_each(|(at, inner)| pointers(inner, format!("{here}/{at}"), all));
        }
        _ => {}
    }
    all.push(here);
}

/// Any text, and texts that start like an answer.
fn answer() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,200}",
        "(```json)?[{}\\[\\]\":,a-z0-9 \n]{0,120}(```)?",
        mangled(include_str!("../prompts/decompose.md")),
        mangled(include_str!("../prompts/patch.md")),
    ]
}

const MARK: &str = "Kestrel4711x";

/// Marks the texts of a value that are words of a person: what is not a name or a value that the form or a block has.
fn mark(value: &mut Value) {
    match value {
        Value::String(text) if text.contains(char::is_alphabetic) && text.contains(' ') && !text.contains("{{") => {
            *text = format!("{MARK} {MARK}")
        }
        Value::Array(entries) => entries.iter_mut().for_each(mark),
        Value::Object(entries) => entries.values_mut().for_each(mark),
        _ => {}
    }
}

/// The example answer of a prompt with marked words, made wrong at each of its places.
fn marked_answers(prompt: &str) -> Vec<String> {
    let mut answer = examples(prompt).remove(1);
    mark(&mut answer);
    let mut places = Vec::new();
    pointers(&answer, String::new(), &mut places);
    let wrong = |(nth, place): (usize, &String)| {
        let old = answer.pointer(place).unwrap().to_string();
        let values =
            [json!(old), json!(MARK), json!([MARK]), json!({MARK: MARK}), json!(null), json!(47_110_815), json!(true)];
        // As a text, and two of the other kinds in turn.
        [0, 1 + nth % 6, 1 + (nth + 3) % 6].map(|chosen| {
            let mut answer = answer.clone();
            *answer.pointer_mut(place).unwrap() = values[chosen].clone();
            answer.to_string()
        })
    };
    let wrong = places.iter().enumerate().flat_map(wrong);
    wrong.chain([format!("{MARK} {{\"type\": \"{MARK}\"")]).collect()
}

/// What a person or the model said, and the names of types of this program.
fn is_silent(failure: &Failure) -> bool {
    let said = ["Kestrel", "4711", "struct ", "enum ", "expected", "variant", "Planned", "Form"];
    !said.iter().any(|word| failure.service_error.contains(word))
}

fn known(class: &ErrorType) -> bool {
    matches!(class, ErrorType::LlmParseError | ErrorType::ValidationError | ErrorType::PatchError)
}

fn now<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::embedded().unwrap());

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_goal_gets_a_buildable_plan_or_a_failure_of_a_known_type(answer in answer()) {
        let lines = || Scripted::of([says(answer.clone()), says(answer.clone())]);
        let called = now(decomposed(&lines(), "anything", None));
        prop_assert!((1..=2).contains(&called.attempts));
        match called.result {
            Ok(Decomposition::Instructions { steps, .. }) => {
                let steps = to_raw_value(&json!({"steps": steps})).unwrap();
                let built = Builtin::new().generate_now(&steps);
                prop_assert!(matches!(built, Ok(Draft::Agent(..))), "{built:?}");
            }
            Ok(Decomposition::ClarifyingQuestions(questions)) => prop_assert!((1..=5).contains(&questions.len())),
            Ok(_) => {}
            Err(failure) => prop_assert!(known(&failure.error_type), "{failure:?}"),
        }
        match now(generated(&lines(), &json!({"steps": ["anything"]}))).result {
            Ok(Draft::Agent(agent, _)) => {
                let agent: Value = serde_json::from_str(agent.get()).unwrap();
                prop_assert_eq!(validator::faults(&CATALOGUE, &agent), Vec::<String>::new());
            }
            Ok(Draft::ClarifyingQuestions(_)) => {}
            Err(failure) => prop_assert!(known(&failure.error_type), "{failure:?}"),
        }
    }

    #[test]
    fn a_request_gets_a_valid_agent_or_a_failure_of_a_known_type(answer in answer()) {
            let id = |name: &str| CATALOGUE.by_name(name).unwrap().id.clone();
        let node = |at: usize, block: &str, values: Value| json!({"id": format!("{at}"), "block_id": id(block), "input_default": values, "metadata": {}});
        let link = |at: usize, output: &str, input: &str, is_static: bool| json!({"id": format!("l{at}"), "source_id": format!("{at}"), "source_name": output, "sink_id": format!("{}", at + 1), "sink_name": input, "is_static": is_static});
        let agent = json!({"name": "x", "nodes": [
            node(1, "AgentInput", json!({"name": "Page"})), node(2, "ExtractWebsiteContent", json!({})),
            node(3, "AITextSummarizer", json!({})), node(4, "AgentOutput", json!({"name": "Summary"})),
        ], "links": [link(1, "result", "url", true), link(2, "content", "text", false), link(3, "summary", "value", false)]});
        prop_assert_eq!(validator::faults(&CATALOGUE, &agent), Vec::<String>::new());
        let model = Scripted::of([says(answer.clone()), says(answer)]);
        match now(patched(&model, "anything", &agent)).result {
            Ok(Draft::Agent(agent, _)) => {
                let agent: Value = serde_json::from_str(agent.get()).unwrap();
                prop_assert_eq!(validator::faults(&CATALOGUE, &agent), Vec::<String>::new());
            }
            Ok(Draft::ClarifyingQuestions(_)) => {}
            Err(failure) => prop_assert!(known(&failure.error_type), "{failure:?}"),
        }
    }
}

/// The log line has `service_error`, and so has the caller's answer.
#[test]
fn no_word_of_a_person_or_a_model_reaches_the_log() {
    let goal = format!("Tell {MARK} about {MARK}");
    let twice = |answer: &str| Scripted::of([says(answer.to_owned()), says(answer.to_owned())]);
    let mut classes = HashSet::new();
    for answer in marked_answers(include_str!("../prompts/decompose.md")) {
        if let Err(failure) = now(decomposed(&twice(&answer), &goal, None)).result {
            assert!(is_silent(&failure), "{answer}: {failure:?}");
            classes.insert(failure.error_type.name().to_owned());
        }
    }
    let mut agent = examples(include_str!("../prompts/patch.md"))[0]["from_person"]["agent"].take();
    for node in agent["nodes"].as_array_mut().unwrap() {
        mark(&mut node["input_default"]);
        node["block_id"] = json!(CATALOGUE.by_name(node["block"].as_str().unwrap()).unwrap().id);
        node["metadata"] = json!({"customized_name": MARK});
    }
    for answer in marked_answers(include_str!("../prompts/patch.md")) {
        if let Err(failure) = now(patched(&twice(&answer), &goal, &agent)).result {
            assert!(is_silent(&failure), "{answer}: {failure:?}");
            classes.insert(failure.error_type.name().to_owned());
        }
    }
    let refusal = json!({"type": "unachievable_goal", "reason": goal, "suggested_goal": goal}).to_string();
    let failure = now(generated(&twice(&refusal), &json!({"steps": [goal]}))).result.unwrap_err();
    assert!(is_silent(&failure), "{failure:?}");
    assert_eq!(classes.len(), 3, "llm_parse_error, validation_error, patch_error: {classes:?}");
}
