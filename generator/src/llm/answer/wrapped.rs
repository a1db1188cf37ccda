//! Finds the object that is the answer in what is wrapped around it.

use serde_json::{Map, Value, json};

use super::{
    keys::{CONTENT, choices, decoded, holds, keyed, properties},
    names::{self, property},
};
use crate::catalogue::letters;

/// How often a value may be wrapped.
const WRAPPED: usize = 4;

/// The object in a value that is the answer, with the keys of the form; `None` if there is none or more than one.
pub(super) fn unwrapped(schema: &Value, value: Value) -> Option<Map<String, Value>> {
    within(schema, value, WRAPPED)
}

fn within(schema: &Value, value: Value, left: usize) -> Option<Map<String, Value>> {
    match decoded(value) {
        Value::Object(object) => {
            if is_patch(schema, &object) {
                return Some(Map::from_iter([("patches".to_owned(), json!([object]))]));
            }
            unwrapped_object(schema, object, left)
        }
        Value::Array(mut entries) => {
            if let Some(list) = list_of(schema, &entries) {
                return Some(Map::from_iter([(list.to_owned(), Value::Array(entries))]));
            }
            let left = left.checked_sub(1)?;
            // The last of several.
            (0..8).find_map(|_| within(schema, entries.pop()?, left))
        }
        _ => None,
    }
}

fn unwrapped_object(schema: &Value, object: Map<String, Value>, left: usize) -> Option<Map<String, Value>> {
    let properties = properties(schema);
    let (mut known, others) = keyed("", &properties, object);
    let kinds = choices(schema.pointer("/properties/type"));
    let is_typed = known.get("type").and_then(Value::as_str).is_some_and(|text| names::named(kinds, text).is_some());
    // {"plan": {"steps": […]}}: "plan" is another name of the steps.
    if let Some(left) = left.checked_sub(1) {
        for (list, _) in CONTENT {
            let inner = match known.get(list).map(|value| decoded(value.clone())) {
                Some(Value::Object(inner)) if has_content(&properties, &inner) && !is_patch(schema, &inner) => {
                    unwrapped_object(schema, inner, left)
                }
                _ => None,
            };
            if let Some(inner) = inner {
                known.shift_remove(list);
                return Some(merged(inner, known, is_typed));
            }
        }
    }
    if is_typed || CONTENT.iter().any(|(key, _)| holds(known.get(*key))) {
        known.extend(others);
        return Some(known);
    }
    let is_open = |value: &Value| match value {
        Value::Object(_) | Value::Array(_) => left > 0,
        Value::String(text) => left > 0 && text.trim_start().starts_with(['{', '[']),
        _ => false,
    };
    let inner = others.iter().chain(&known).filter(|(key, value)| is_open(value) && !names::is_comment(key));
    let mut inner = inner.filter_map(|(_, value)| within(schema, value.clone(), left.saturating_sub(1)));
    match (inner.next(), inner.next()) {
        (Some(first), None) => Some(merged(first, known, false)),
        // It is told what is wrong with it.
        (None, None) if known.contains_key("type") => Some(known),
        _ => None,
    }
}

/// What stands beside a wrapped answer counts where the answer is silent.
fn merged(mut inner: Map<String, Value>, outer: Map<String, Value>, is_typed: bool) -> Map<String, Value> {
    for (key, value) in outer {
        if (key != "type" || is_typed) && !inner.contains_key(&key) && !(value.is_object() || value.is_array()) {
            inner.insert(key, value);
        }
    }
    inner
}

fn has_content(properties: &[&str], object: &Map<String, Value>) -> bool {
    object.keys().any(|key| {
        property("", properties, key).is_some_and(|(_, name)| ["steps", "patches", "questions"].contains(&name))
    })
}

/// The list of the form that bare entries belong to.
fn list_of(schema: &Value, entries: &[Value]) -> Option<&'static str> {
    let has = |keys: &[&str], entry: &Value| {
        entry.as_object().is_some_and(|entry| entry.keys().any(|key| keys.contains(&letters(key).as_str())))
    };
    let all = |fits: &dyn Fn(&Value) -> bool| !entries.is_empty() && entries.iter().all(fits);
    let is_ours = |list: &str| schema.get("properties").is_some_and(|properties| properties.get(list).is_some());
    if is_ours("steps") && all(&|entry| has(&["block", "blockname", "blockid"], entry)) {
        Some("steps")
    } else if is_ours("patches") && all(&|entry| entry.as_object().is_some_and(|entry| is_patch(schema, entry))) {
        Some("patches")
    } else {
        all(&|entry| has(&["question"], entry)).then_some("questions")
    }
}

fn patches(schema: &Value) -> &[Value] {
    schema.pointer("/properties/patches/items/anyOf").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Whether the object is a single patch: it says so, and has no list of patches.
fn is_patch(schema: &Value, object: &Map<String, Value>) -> bool {
    let kinds = patches(schema).iter().flat_map(|one| choices(one.pointer("/properties/type")));
    let kind = object.get("type").or(object.get("op")).or(object.get("action")).and_then(Value::as_str);
    let lists = ["patches", "changes", "operations", "edits"];
    kind.and_then(|kind| names::named(kinds, kind)).is_some()
        && !lists.iter().any(|list| object.get(*list).is_some_and(Value::is_array))
}
