//! Deserialisers for fields that lists of blocks write differently.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The message of a JSON error without its line and column: the reader does not see that text.
pub(super) fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

/// Null counts as absent.
pub(super) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Names, or objects with a `category`; anything else is ignored.
pub(super) fn categories<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let entries = match Value::deserialize(deserializer)? {
        Value::Array(entries) => entries,
        _ => Vec::new(),
    };
    let name = |entry: Value| match entry {
        Value::String(name) => Some(name),
        other => other.get("category").and_then(Value::as_str).map(str::to_owned),
    };
    Ok(entries.into_iter().filter_map(name).collect())
}
