//! Reading a catalogue: entry by entry, so that a refusal names the one that is broken.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::{Value, value::RawValue};
use thiserror::Error;

use super::{Block, key, schema::Schema, special};

/// Why a catalogue was refused. Entries count from 1.
#[derive(Debug, Error)]
pub enum CatalogueError {
    /// It is not a JSON array.
    #[error("the block catalogue cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// An entry is no block.
    #[error("entry {number} of the block catalogue ({named}) is no block: {reason}")]
    Entry {
        /// Its place in the array.
        number: usize,
        /// What it calls itself: its name, else its id.
        named: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Two blocks have the same id.
    #[error("entry {number} of the block catalogue ({name}) has the id {id}, which entry {first} has already")]
    DuplicateId {
        /// The place of the second block.
        number: usize,
        /// The place of the first.
        first: usize,
        /// The id.
        id: String,
        /// The name of the second block.
        name: String,
    },
    /// Two blocks have the same name, letter case and punctuation aside.
    #[error("entry {number} of the block catalogue ({id}) has the name {name}, which entry {first} has already")]
    DuplicateName {
        /// The place of the second block.
        number: usize,
        /// The place of the first.
        first: usize,
        /// The id of the second block.
        id: String,
        /// The name.
        name: String,
    },
    /// A block that every agent needs is missing.
    #[error("the block catalogue lacks the block {0}, which every agent needs")]
    Missing(&'static str),
}

/// The blocks of a catalogue, each of them checked.
pub(super) fn blocks(text: &str) -> Result<Vec<Block>, CatalogueError> {
    let entries: Vec<&RawValue> = serde_json::from_str(text)?;
    let mut blocks = Vec::with_capacity(entries.len());
    let mut ids: HashMap<String, usize> = HashMap::with_capacity(entries.len());
    let mut names: HashMap<String, usize> = HashMap::with_capacity(entries.len());
    for (index, entry) in entries.into_iter().enumerate() {
        let number = index + 1;
        let block = block(number, entry)?;
        if let Some(first) = ids.insert(block.id.clone(), number) {
            return Err(CatalogueError::DuplicateId { number, first, id: block.id, name: block.name });
        }
        if let Some(first) = names.insert(key(&block.name), number) {
            return Err(CatalogueError::DuplicateName { number, first, id: block.id, name: block.name });
        }
        blocks.push(block);
    }
    let needed = [special::AGENT_INPUT, special::AGENT_OUTPUT, special::TEMPLATE];
    match needed.into_iter().find(|id| !ids.contains_key(*id)) {
        Some(id) => Err(CatalogueError::Missing(id)),
        None => Ok(blocks),
    }
}

fn block(number: usize, entry: &RawValue) -> Result<Block, CatalogueError> {
    let broken = |reason: String| {
        let value: Value = serde_json::from_str(entry.get()).unwrap_or_default();
        let said = ["name", "id"].iter().find_map(|key| value.get(*key)?.as_str()).unwrap_or("without a name");
        CatalogueError::Entry { number, named: said.chars().take(80).collect(), reason }
    };
    // `serde_json` would read an array as the fields in their order.
    if !entry.get().starts_with('{') {
        return Err(broken("it is no object".to_owned()));
    }
    let block: Block = serde_json::from_str(entry.get()).map_err(|error| broken(plain(&error)))?;
    for (what, text) in [("id", &block.id), ("name", &block.name)] {
        if text.trim().is_empty() {
            return Err(broken(format!("its `{what}` is empty")));
        }
    }
    let schema = &block.input_schema;
    let known: HashSet<&str> = schema.properties.iter().map(|(name, _)| name).collect();
    if let Some(input) = schema.required.iter().find(|name| !known.contains(name.as_str())) {
        return Err(broken(format!("it requires the input `{input}`, which it does not have")));
    }
    Ok(block)
}

/// What `serde_json` found, without the place in a text that the reader does not see.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

/// A value; null stands for none.
pub(super) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A schema. `serde_json` would take an array for one too, field by field.
pub(super) fn schema<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Schema, D::Error> {
    let text = <&RawValue>::deserialize(deserializer)?.get();
    if !text.starts_with('{') {
        return Err(D::Error::custom(format!("the schema {} is no object", text.chars().take(40).collect::<String>())));
    }
    serde_json::from_str(text).map_err(|error| D::Error::custom(plain(&error)))
}

/// A switch, or the platform's word for the kind of a block.
pub(super) fn trigger<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Bool(on) => on,
        Value::String(kind) => kind.starts_with("Webhook"),
        _ => false,
    })
}

/// Names, or objects with a `category`; whatever else stands there says nothing.
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
