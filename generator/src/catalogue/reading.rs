//! Parses a catalogue entry by entry, so that a refusal names the broken one.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, value::RawValue};
use shared::json;
use thiserror::Error;

use super::{block::Block, names::key, special};

/// Why a catalogue was refused. Entries count from 1.
#[derive(Debug, Error)]
pub enum CatalogueError {
    #[error("the block catalogue cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error("the embedded blocks cannot be inflated: {0}")]
    Damaged(#[from] std::io::Error),
    #[error("the block catalogue is not JSON: {0}")]
    NotJson(#[from] json::NotJson),
    #[error("entry {number} of the block catalogue ({named}) is not a block: {reason}")]
    Entry {
        number: usize,
        /// Its name, else its id.
        named: String,
        reason: String,
    },
    #[error("entry {number} of the block catalogue ({name}) has the id {id}, which entry {first} has already")]
    DuplicateId { number: usize, first: usize, id: String, name: String },
    /// Names are compared without letter case and punctuation.
    #[error("entry {number} of the block catalogue ({id}) has the name {name}, which entry {first} has already")]
    DuplicateName { number: usize, first: usize, id: String, name: String },
    #[error("the block catalogue lacks the block {0}, which every agent needs")]
    Missing(&'static str),
}

pub(super) fn parse(text: &str) -> Result<Vec<Block>, CatalogueError> {
    // Blocks leave as they came, one level down in an answer.
    let text = json::parse(text)?;
    let entries: Vec<&RawValue> = serde_json::from_str(text.get())?;
    let mut blocks = Vec::with_capacity(entries.len());
    let mut ids: HashMap<String, usize> = HashMap::with_capacity(entries.len());
    let mut names: HashMap<String, usize> = HashMap::with_capacity(entries.len());
    for (index, entry) in entries.into_iter().enumerate() {
        let number = index + 1;
        let block = parse_block(number, entry)?;
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

fn parse_block(number: usize, entry: &RawValue) -> Result<Block, CatalogueError> {
    let broken = |reason: String| {
        let value: Value = serde_json::from_str(entry.get()).unwrap_or_default();
        let said = ["name", "id"].iter().find_map(|key| value.get(*key)?.as_str()).unwrap_or("without a name");
        CatalogueError::Entry { number, named: said.chars().take(80).collect(), reason }
    };
    // serde would also accept an array, field by field.
    if !entry.get().starts_with('{') {
        return Err(broken("it is not an object".to_owned()));
    }
    let block = Block::from_json(entry.get()).map_err(broken)?;
    for (what, text) in [("id", &block.id), ("name", &block.name)] {
        if text.trim().is_empty() {
            return Err(broken(format!("its `{what}` is empty")));
        }
    }
    let schema = block.input_schema();
    let known: HashSet<&str> = schema.properties.iter().map(|(name, _)| name).collect();
    if let Some(input) = schema.required.iter().find(|name| !known.contains(name.as_str())) {
        return Err(broken(format!("it requires the input `{input}`, which it does not have")));
    }
    Ok(block)
}
