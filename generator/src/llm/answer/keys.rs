//! Objects by the keys of a form.

use serde_json::{Map, Value, json};

use super::{
    names::{self, property},
    tree::tree,
};

/// What an answer consists of, and the `type` that it tells, in this order.
pub(super) const CONTENT: [(&str, &str); 5] = [
    ("steps", "instructions"),
    ("patches", "patch"),
    ("questions", "clarifying_questions"),
    ("reason", "unachievable_goal"),
    ("suggested_goal", "vague_goal"),
];

pub(super) fn holds(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !names::is_nothing(text),
        Some(Value::Array(entries)) => !entries.is_empty(),
        Some(Value::Object(entries)) => !entries.is_empty(),
        Some(_) => true,
    }
}

/// JSON in a text, if it is a list or an object.
pub(super) fn decoded(value: Value) -> Value {
    match value {
        Value::String(text) if text.trim_start().starts_with(['{', '[']) => match tree(text.trim()) {
            Some(tree) => tree,
            None => Value::String(text),
        },
        other => other,
    }
}

pub(super) fn properties(schema: &Value) -> Vec<&str> {
    schema.get("properties").and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.as_str()).collect()
}

pub(super) fn choices(schema: Option<&Value>) -> Vec<&str> {
    let choices = schema.and_then(|schema| schema.get("enum")).and_then(Value::as_array);
    choices.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Splits an object into what it has under the keys of the form, and the rest. Of several keys for a property the
/// likeliest counts; of steps, which may have a number and an id, all.
pub(super) fn keyed(
    of: &str,
    properties: &[&str],
    object: Map<String, Value>,
) -> (Map<String, Value>, Map<String, Value>) {
    let mut ranked: Vec<(usize, Option<&str>, String, Value)> = object
        .into_iter()
        .map(|(key, value)| match property(of, properties, &key) {
            Some((rank, property)) => (rank, Some(property), key, value),
            None => (usize::MAX, None, key, value),
        })
        .collect();
    // What is null yields to any other name.
    ranked.sort_by_key(|(rank, _, _, value)| (value.is_null(), *rank));
    let (mut known, mut others) = (Map::new(), Map::new());
    for (_, property, key, value) in ranked {
        match property {
            Some("number") if of == "steps" && !value.is_null() => match known.get_mut("number") {
                Some(Value::Array(labels)) => labels.push(value),
                _ => drop(known.insert("number".to_owned(), json!([value]))),
            },
            Some(property) if !known.contains_key(property) => drop(known.insert(property.to_owned(), value)),
            _ => drop(others.insert(key, value)),
        }
    }
    if let Some(Value::Array(labels)) =
        known.get_mut("number").filter(|labels| labels.as_array().is_some_and(|labels| labels.len() == 1))
    {
        let label = labels.pop().unwrap_or_default();
        known.insert("number".to_owned(), label);
    }
    (known, others)
}
