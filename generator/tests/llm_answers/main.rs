//! What a language model says is used at the first call if a person could use it, and nothing is made up if not.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

mod any_text;
mod changes;
mod cut_off;
mod found;
mod hostile;
mod nearly_form;
mod nearly_json;
#[path = "../scripted/mod.rs"]
mod scripted;
mod told;

use std::{collections::HashMap, sync::LazyLock};

use generator::catalogue::Catalogue;
use scripted::{Scripted, decomposed, examples, generated, patched, plan, says};
use serde_json::{Value, json};
use shared::{
    failure::Failure,
    port::{Decomposition, Draft},
};

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::embedded().unwrap());

fn now<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

/// What decompose makes of the only answer.
fn steps(answer: &str) -> Result<Value, Failure> {
    match decomposition(answer)? {
        Decomposition::Instructions { steps, .. } => Ok(serde_json::from_str(steps.get()).unwrap()),
        other => panic!("{other:?} of {answer}"),
    }
}

/// What decompose makes of an answer that is given twice; fails unless the first is used.
fn decomposition(answer: &str) -> Result<Decomposition, Failure> {
    let called = now(decomposed(&Scripted::of([says(answer), says(answer)]), "Sum up a feed", None));
    assert!(called.attempts == 1 || called.result.is_err(), "asked again after {answer}");
    called.result
}

/// What generate makes of an answer to steps that are not ours.
fn agent(answer: &str) -> Result<Value, Failure> {
    let called = now(generated(&Scripted::of([says(answer), says(answer)]), &json!({"steps": ["Sum up a feed"]})));
    match called.result? {
        Draft::Agent(agent, _) => Ok(serde_json::from_str(agent.get()).unwrap()),
        other => panic!("{other:?} of {answer}"),
    }
}

/// The answer is the example plan, for decompose and for generate.
fn is_the_plan(what: &str, answer: &str) {
    static PLANNED: LazyLock<(Value, Value)> =
        LazyLock::new(|| (steps(&plan().to_string()).unwrap(), agent(&plan().to_string()).unwrap()));
    assert_eq!(steps(answer).unwrap_or_else(|failure| panic!("{what}: {failure:?}")), PLANNED.0, "{what}");
    assert_eq!(agent(answer).unwrap_or_else(|failure| panic!("{what}: {failure:?}")), PLANNED.1, "{what}");
}

/// The agent and the answer of the example of the patch prompt.
fn patch() -> (Value, Value) {
    let mut examples = examples(include_str!("../../prompts/patch.md"));
    let mut agent = examples[0]["from_person"]["agent"].take();
    for node in agent["nodes"].as_array_mut().unwrap() {
        node["block_id"] = json!(CATALOGUE.by_name(node["block"].as_str().unwrap()).unwrap().id);
        node["metadata"] = json!({});
    }
    (agent, examples.remove(1))
}

/// What patch makes of an answer, with ids in the order in which they come.
fn changed(answer: &str) -> Result<Value, Failure> {
    let called = now(patched(&Scripted::of([says(answer), says(answer)]), "Translate it", &patch().0));
    assert!(called.attempts == 1 || called.result.is_err(), "asked again after {answer}");
    match called.result? {
        Draft::Agent(agent, _) => {
            let mut agent = serde_json::from_str(agent.get()).unwrap();
            number(&mut agent, &mut HashMap::new());
            Ok(agent)
        }
        other => panic!("{other:?} of {answer}"),
    }
}

fn number(value: &mut Value, ids: &mut HashMap<String, usize>) {
    match value {
        Value::String(text) if uuid::Uuid::parse_str(text).is_ok() => {
            let next = ids.len();
            *value = json!(*ids.entry(text.clone()).or_insert(next));
        }
        Value::Array(entries) => entries.iter_mut().for_each(|entry| number(entry, ids)),
        Value::Object(entries) => entries.values_mut().for_each(|entry| number(entry, ids)),
        _ => {}
    }
}

/// The answer makes the changes of the example.
fn is_the_patch(what: &str, answer: &str) {
    static CHANGED: LazyLock<Value> = LazyLock::new(|| changed(&patch().1.to_string()).unwrap());
    assert_eq!(changed(answer).unwrap_or_else(|failure| panic!("{what}: {failure:?}")), *CHANGED, "{what}");
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap()
}
