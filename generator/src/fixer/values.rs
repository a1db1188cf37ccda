//! Fixes for the values of nodes.

use serde_json::Value;
use shared::json;

use super::graph::{Work, text};
use crate::catalogue::{letters, outer_field, schema::Types};

/// Removes values and links of credentials: the person connects accounts in the platform, and a secret must not travel on.
/// In a changed agent only new nodes lose them; the others are connected already.
pub(super) fn credentials(work: &mut Work<'_>) {
    work.each_values(|block, fresh, values| {
        values.retain(|name, _| !(fresh && block.is_credential(outer_field(name))))
    });
    let index = work.index();
    let links = std::mem::take(&mut work.links);
    let into_connection = |link: &Value| {
        let sink = text(link, "sink_id").and_then(|id| index.get(id)).and_then(|at| work.block(*at));
        sink.is_some_and(|block| text(link, "sink_name").is_some_and(|name| block.is_credential(outer_field(name))))
    };
    let kept = links.into_iter().filter(|link| !(work.reaches_link(link) && into_connection(link))).collect();
    work.links = kept;
}

/// Spells a choice as the block does. An unknown language model becomes the block's default.
pub(super) fn choices(work: &mut Work<'_>) {
    work.each_values(|block, _, values| {
        for (name, schema) in block.input_schema().properties.iter().filter(|(_, schema)| !schema.choices.is_empty()) {
            let Some(value) = values.get_mut(name).filter(|value| !schema.choices.contains(value)) else { continue };
            let plain = |value: &Value| value.as_str().map(letters).filter(|letters| !letters.is_empty());
            let said = plain(value);
            let same = schema.choices.iter().find(|choice| said.is_some() && plain(choice) == said);
            let default = schema.default.as_ref().filter(|default| name == "model" && schema.choices.contains(default));
            if let Some(right) = same.or(default) {
                *value = right.clone();
            }
        }
    });
}

/// Converts a value to the type of its input if only the spelling differs: "60" to 60.
pub(super) fn value_types(work: &mut Work<'_>) {
    work.each_values(|block, _, values| {
        for (name, value) in values.iter_mut() {
            if let Some(right) = block.input_type(name).and_then(|types| converted(value, types)) {
                *value = right;
            }
        }
    });
}

/// The value in one of `types` if only its spelling differs.
pub(crate) fn converted(value: &Value, types: Types) -> Option<Value> {
    match value {
        _ if types.admits(value) => None,
        Value::String(said) => spelt(said.trim(), types),
        Value::Number(_) | Value::Bool(_) if types.admits(&Value::from("")) => Some(Value::from(value.to_string())),
        _ => None,
    }
}

/// The number, boolean, list or dictionary that a text spells.
fn spelt(said: &str, types: Types) -> Option<Value> {
    let value = match said.to_lowercase().as_str() {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => json::spelt(said)?,
    };
    types.admits(&value).then_some(value)
}
