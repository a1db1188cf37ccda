//! Values that show what an input takes.

use serde_json::{Value, json};

use crate::catalogue::{
    Block,
    schema::{Schema, Types},
};

/// A value that the input takes: its first choice, its default, or one of its type.
pub(super) fn value(name: &str, schema: &Schema) -> Value {
    let default = schema.default.as_ref().filter(|default| !is_blank(default));
    if let Some(value) = schema.choices.first().or(default) {
        return value.clone();
    }
    if let Some(first) = schema.alternatives.iter().find(|one| !one.types.is_any()) {
        return value(name, first);
    }
    let types = schema.kind();
    let of = |one: Types| types.is_any() || one.is_within(types);
    match () {
        () if of(Types::STRING) => text(name).into(),
        () if of(Types::INTEGER) => json!(10),
        () if of(Types::NUMBER) => json!(0.5),
        () if of(Types::BOOLEAN) => json!(true),
        () if of(Types::ARRAY) => {
            schema.items.as_deref().map_or_else(|| json!(["text"]), |items| json!([value("", items)]))
        }
        () => {
            let parts = schema.properties.iter().filter(|(part, _)| !part.starts_with('_')).take(3);
            let parts: serde_json::Map<_, _> =
                parts.map(|(part, schema)| (part.to_owned(), value(part, schema))).collect();
            if parts.is_empty() { json!({"key": "value"}) } else { parts.into() }
        }
    }
}

/// A step of a plan that gives the block all that it requires.
pub(super) fn step(block: &Block) -> Value {
    let inputs: Vec<Value> = block
        .required_inputs()
        .filter_map(|name| {
            let schema = block.input_schema().properties.get(name)?;
            Some(json!({"name": name, "value": value(name, schema)}))
        })
        .collect();
    json!({"number": 1, "block": block.name, "title": block.title(), "inputs": inputs})
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(entries) => entries.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        _ => false,
    }
}

fn text(name: &str) -> &'static str {
    match name {
        _ if name.contains("url") => "https://example.com",
        _ if name.contains("email") => "ada@example.com",
        "name" => "Topic",
        _ => "text",
    }
}
