//! Mends of the values that nodes have.

use serde_json::{Map, Value};

use super::graph::{Work, text};
use crate::catalogue::{NESTED, schema::Types};

/// A connection is made by the person in the platform: neither a value nor a link in the graph stands for it, and a
/// secret that was written there must not travel on. In an agent that is being changed the person has made it already:
/// only new nodes lose theirs.
pub(super) fn credentials(work: &mut Work<'_>) {
    work.each_values(|block, fresh, values| values.retain(|name, _| !(fresh && block.is_credential(parent(name)))));
    let index = work.index();
    let links = std::mem::take(&mut work.links);
    let into_connection = |link: &Value| {
        let sink = text(link, "sink_id").and_then(|id| index.get(id)).and_then(|at| work.block(*at));
        sink.is_some_and(|block| text(link, "sink_name").is_some_and(|name| block.is_credential(parent(name))))
    };
    let kept = links.into_iter().filter(|link| !(work.reaches_link(link) && into_connection(link))).collect();
    work.links = kept;
}

/// A choice is written as the block writes it; a language model that the block does not have becomes the block's own.
pub(super) fn choices(work: &mut Work<'_>) {
    work.each_values(|block, _, values| {
        for (name, schema) in block.input_schema.properties.iter().filter(|(_, schema)| !schema.choices.is_empty()) {
            let Some(value) = values.get_mut(name).filter(|value| !schema.choices.contains(value)) else { continue };
            let plain = |value: &Value| value.as_str().map(letters).filter(|letters| !letters.is_empty());
            let same = schema.choices.iter().find(|choice| plain(choice).is_some() && plain(choice) == plain(value));
            let default = schema.default.as_ref().filter(|default| name == "model" && schema.choices.contains(default));
            if let Some(right) = same.or(default) {
                *value = right.clone();
            }
        }
    });
}

/// A value that is of the right type but for its spelling is spelt right: "60" where a number is taken.
pub(super) fn value_types(work: &mut Work<'_>) {
    work.each_values(|block, _, values| {
        let wrong: Vec<(String, Types)> = values
            .iter()
            .filter_map(|(name, value)| {
                Some((name.clone(), block.input_type(name).filter(|types| !types.admits(value))?))
            })
            .collect();
        for (name, types) in wrong {
            mend(values, &name, types);
        }
    });
}

fn mend(values: &mut Map<String, Value>, name: &str, types: Types) {
    let Some(value) = values.get_mut(name) else { return };
    let right = match value {
        Value::String(said) => spelt(said.trim(), types),
        Value::Number(_) | Value::Bool(_) if types.admits(&Value::from("")) => Some(Value::from(value.to_string())),
        _ => None,
    };
    if let Some(right) = right {
        *value = right;
    }
}

/// The number, the switch, the list or the dictionary that a text spells.
fn spelt(said: &str, types: Types) -> Option<Value> {
    let value = match said.to_lowercase().as_str() {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => serde_json::from_str(said).ok()?,
    };
    types.admits(&value).then_some(value)
}

fn parent(name: &str) -> &str {
    name.split(NESTED).next().unwrap_or_default()
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
