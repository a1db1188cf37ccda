//! Lists that came as objects.

use serde_json::{Map, Value, json};

use super::{super::references::label, keys::properties, names::property};
use crate::catalogue::letters;

/// The entries of a list that came as an object.
pub(super) fn entries(of: &str, items: &Value, object: Map<String, Value>) -> Vec<Value> {
    let properties = properties(items);
    let given = |name: &str| {
        object.keys().any(|key| property(of, &properties, key).is_some_and(|(_, property)| property == name))
    };
    if let [(_, Value::Array(_))] = object.iter().collect::<Vec<_>>().as_slice()
        && of != "inputs"
    {
        // Wrapped once more.
        return object.into_iter().filter_map(|(_, value)| value.as_array().cloned()).flatten().collect();
    }
    match of {
        // A block may have inputs called `name` and `value`, so only an entry in full is one.
        "inputs" if object.contains_key("name") && object.contains_key("source") => vec![object.into()],
        "inputs" => object.into_iter().map(|(name, value)| input(name, value)).collect(),
        "steps" if given("block") => vec![object.into()],
        "questions" if given("question") => vec![object.into()],
        "new_nodes" | "new_links" if object.contains_key("id") || given("source_id") => vec![object.into()],
        _ if object.values().all(Value::is_object) || is_numbered(&object) => {
            numbered(object, properties.contains(&"number") || properties.contains(&"id"))
        }
        _ => vec![object.into()],
    }
}

pub(super) fn is_numbered(object: &Map<String, Value>) -> bool {
    !object.is_empty() && object.keys().all(|key| label(key).parse::<i64>().is_ok())
}

/// Entries by their numbers or names. `labelled`: an entry without a name of its own gets the key as `id`.
pub(super) fn numbered(object: Map<String, Value>, labelled: bool) -> Vec<Value> {
    let in_order = is_numbered(&object);
    let mut entries: Vec<(String, Value)> = object.into_iter().collect();
    if in_order {
        entries.sort_by_key(|(key, _)| label(key).parse::<i64>().unwrap_or_default());
    }
    let entry = |(key, mut value): (String, Value)| {
        if let Some(entry) = value.as_object_mut().filter(|entry| labelled && !entry.contains_key("id")) {
            entry.insert("id".to_owned(), key.into());
        }
        value
    };
    entries.into_iter().map(entry).collect()
}

/// An input of a map from names to values, to sources or to both.
fn input(name: String, value: Value) -> Value {
    let only = |object: &Map<String, Value>, keys: &[&str]| {
        !object.is_empty() && object.keys().all(|key| keys.contains(&letters(key).as_str()))
    };
    match &value {
        Value::Object(object)
            if only(object, &["value", "source", "name", "from", "type", "description"])
                && (object.contains_key("value") || object.contains_key("source") || object.contains_key("from")) =>
        {
            let mut given = object.clone();
            given.insert("name".to_owned(), name.into());
            given.into()
        }
        _ => json!({"name": name, "value": value}),
    }
}
